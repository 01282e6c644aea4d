"""Making two records of one person one, and undoing it within 30 days."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.audit.log import record
from portal.commitments.models import Commitment
from portal.meetings.models import Answer, Invitee, Meeting
from portal.merging import rows
from portal.merging.models import MergedRow, PersonMerge
from portal.merging.notices import MERGED, tell_old
from portal.people import search
from portal.people.departures import note_departure
from portal.people.models import Leaving, Membership, Person, Status
from portal.people.notify import notify
from portal.people.on_call_models import OnCallDay
from portal.people.people import lock_people
from portal.people.traits import Supervision, SupervisionCover
from portal.permissions import Permission
from portal.programs.authority import GONE, set_status
from portal.programs.models import Placement, PlacementState
from portal.requirements.change_models import Cause
from portal.requirements.credentials import note_change
from portal.web.errors import NotFound, Refused, refuse_for, unless_seen
from portal.words import Words, text

FILLED = (
    ("goes_by",),
    ("emergency_name", "emergency_relation", "emergency_phone"),
    ("mailing_address",),
    ("drives", "vehicle_seats", "vehicle_note"),
    ("agency_job", "job_asked_on"),
)
"""What the kept record takes from the other where it has nothing: fields that belong together as one. An email
address is not among them: it would let someone in (SECURITY A9)."""


SAID = tuple(group[0] for group in FILLED)
"""The fields by which the preview names what is filled."""
ENDED_WITH = ("state", "ends_on", "reason", "decided_at", "decided_by_id")
"""What changes in a role that ends."""


@dataclass(frozen=True)
class Moving:
    """How many rows of a kind move, and how many stay since both records have them."""

    words: Words
    moves: int
    stays: int


@dataclass(frozen=True)
class Plan:
    """What merging two records would do, and what has to be done first."""

    moving: list[Moving]
    fills: list[str]
    obstacles: list[Words]


def plan(db: Session, kept: Person, gone: Person, at: datetime) -> Plan:
    """What merging would do now."""
    found: dict[Words, list[int]] = {}
    obstacles = list(_obstacles(db, kept, gone, at))
    for part in rows.parts():
        number = rows.count(db, part, gone.id)
        if not number:
            continue
        stays = _staying(db, part, kept.id, gone.id)
        if stays and not part.moves.doubled and not part.moves.if_none:
            obstacles.append(
                text(
                    "Both records have the same under “%(what)s”. End it on one of them first.",
                    what=part.moves.words or text("Other"),
                )
            )
        stays |= rows.naming_both(db, part, kept.id, gone.id)
        if part.moves.words:
            sums = found.setdefault(part.moves.words, [0, 0])
            sums[0] += number - len(stays)
            sums[1] += len(stays)
    moving = [Moving(words, *sums) for words, sums in found.items()]
    fills = [name for name, _, _ in _fills(kept, gone) if name in SAID]
    return Plan(moving, fills, list(dict.fromkeys(obstacles)))


def _staying(db: Session, part: rows.Part, kept_id: int, gone_id: int) -> set[str]:
    """The keys of the rows that don't move."""
    if part.moves.if_none and rows.count(db, part, kept_id):
        return set(rows.keys_of(db, part, gone_id))
    return rows.doubled(db, part, kept_id, gone_id)


def _fills(kept: Person, gone: Person) -> Iterator[tuple[str, Any, Any]]:
    """The fields that are filled: name, what stood there, and what is put there."""
    for group in FILLED:
        if not any(getattr(kept, name) for name in group):
            for name in group:
                if getattr(gone, name):
                    yield name, getattr(kept, name), getattr(gone, name)
    if gone.adult_on and (kept.adult_on is None or gone.adult_on > kept.adult_on):
        yield "adult_on", kept.adult_on, gone.adult_on  # whoever is a minor on either stays one
    if gone.placed_at and (kept.placed_at is None or gone.placed_at < kept.placed_at):
        yield "placed_at", kept.placed_at, gone.placed_at


def _obstacles(db: Session, kept: Person, gone: Person, at: datetime) -> Iterator[Words]:
    if kept.status == Status.ENDED and gone.status != Status.ENDED:
        yield text("Keep the record that is not inactive.")
    held = exists().where(Membership.person_id == gone.id, Membership.until.is_(None))
    if db.scalar(select(held)):
        yield text(
            "%(name)s holds a staff role. Keep this record, or end the role first.", name=gone.name
        )
    if db.scalar(select(or_(*_each_other(kept.id, gone.id, at)))):
        yield text("One of them supervises or covers for the other. End that first.")
    mine, theirs = aliased(Commitment), aliased(Commitment)
    at_once = select(mine.id).where(
        mine.person_id == kept.id,
        theirs.person_id == gone.id,
        mine.ends_at > at,
        mine.starts_at < theirs.ends_at,
        theirs.starts_at < mine.ends_at,
    )
    if db.scalar(at_once.limit(1)) is not None:
        yield text("Both are signed up for something at the same time. Remove one of them first.")
    here, there = aliased(Invitee), aliased(Invitee)
    both = select(here.id).where(
        here.meeting_id == there.meeting_id,
        here.person_id == kept.id,
        there.person_id == gone.id,
        there.answer == Answer.YES,
        Meeting.id == here.meeting_id,
        Meeting.ends_at > at,
        Meeting.canceled_at.is_(None),
    )
    if db.scalar(both.limit(1)) is not None:
        yield text("Both are invited to the same meeting. Remove the second one from it first.")
    merged = exists().where(
        PersonMerge.gone_id.in_((kept.id, gone.id)), PersonMerge.undone_at.is_(None)
    )
    if db.scalar(select(merged)):
        yield text("One of these records was merged into another one before. Undo that first.")


def _each_other(one: int, other: int, at: datetime) -> list[Any]:
    """Inside a query: whether one supervises, or covers for, the other now or later."""
    today = at.date()
    pairs = (
        (
            Supervision.person_id,
            Supervision.supervisor_id,
            or_(Supervision.last_day.is_(None), Supervision.last_day >= today),
        ),
        (
            SupervisionCover.supervisor_id,
            SupervisionCover.cover_id,
            and_(SupervisionCover.ended_at.is_(None), SupervisionCover.last_day >= today),
        ),
        (OnCallDay.person_id, OnCallDay.asked_id, OnCallDay.ends_at > at),
    )
    return [
        exists().where(
            coming,
            or_(
                and_(first == one, second == other),
                and_(first == other, second == one),
            ),
        )
        for first, second, coming in pairs
    ]


def merge(act: Act, kept_id: int, gone_id: int, seen: str | None) -> PersonMerge:
    """Make two records one: what is about the person moves to the kept one, and the other becomes inactive.

    Raises Preview unless this very plan was looked at, and Refused with what has to be done first.
    """
    if not act.by.everywhere(Permission.AGENCY_MANAGE) or kept_id == gone_id:
        raise NotFound
    if act.by.person_id in (kept_id, gone_id):
        raise Refused(text("Someone else has to merge your own record."))
    db = act.db
    lock_people(db, [kept_id, gone_id])
    kept, gone = (db.get_one(Person, one, populate_existing=True) for one in (kept_id, gone_id))
    found = plan(db, kept, gone, act.at)
    refuse_for(*found.obstacles)
    unless_seen([found], seen)
    row = PersonMerge(kept_id=kept.id, gone_id=gone.id, gone_status=gone.status)
    row.merged_by_id, row.merged_at = act.by.person_id, act.at
    db.add(row)
    db.flush()
    fills = list(_fills(kept, gone))
    row.kept_before = json.dumps({name: [was, put] for name, was, put in fills}, default=_iso)
    for name, _, put in fills:
        setattr(kept, name, put)
    _move(db, row)
    old_address = gone.email
    if gone.status != Status.ENDED:
        set_status(act, gone, Status.ENDED)
    if kept.status in GONE:
        cause = Leaving.ENDED if kept.status == Status.ENDED else Leaving.ON_LEAVE
        note_departure(db, kept.id, cause, act.by.today or act.at.date(), act.at)
    settle(act, kept, gone)
    record(act, "people.merged", row)
    notify(act, MERGED, kept, [kept.id])
    if old_address and old_address.lower() != kept.email.lower():
        tell_old(act, row, old_address, gone.language)
    return row


def _move(db: Session, row: PersonMerge) -> None:
    """Move every row that can, and note each. Roles that both hold end with the other record."""
    for part in rows.parts():
        stays = _staying(db, part, row.kept_id, row.gone_id)
        stays |= rows.naming_both(db, part, row.kept_id, row.gone_id)
        db.add_all(
            MergedRow(merge_id=row.id, table=part.table.name, column=part.column.name, key=key)
            for key in rows.move(db, part, stays, row.gone_id, row.kept_id)
        )
    db.flush()
    db.expire_all()
    doubled = select(Placement).where(
        Placement.person_id == row.gone_id, Placement.state == PlacementState.ACTIVE
    )
    for one in db.scalars(doubled.order_by(Placement.id)):
        before = {name: getattr(one, name) for name in ENDED_WITH}
        db.add(
            MergedRow(
                merge_id=row.id,
                table="placement",
                column="person_id",
                key=json.dumps({"id": one.id}),
                before=json.dumps(before, default=_iso),
            )
        )
    db.flush()


def settle(act: Act, kept: Person, gone: Person) -> None:
    """Write anew what is made from a record: how it is found, and whether it is cleared."""
    act.db.flush()
    for one in (kept, gone):
        act.db.expire(one, ["phones"])
        search.reindex(act.db, one)
    note_change(act.db, [kept.id, gone.id], Cause.RULE, act.at)


def _iso(value: Any) -> str:
    return str(value.isoformat())
