"""What of the schedule staff can undo: a shift as a whole, with its slots and everyone on it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, null, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.columns import Base
from portal.commitments.commitments import clashes
from portal.commitments.kinds import SHIFT
from portal.commitments.models import Commitment
from portal.hours.models import HoursEntry, Source
from portal.images import RowChange, Undoable, hold_rows
from portal.people.availability import days_away
from portal.people.models import Person, Status
from portal.people.traits import Absence
from portal.permissions import Permission, Viewer
from portal.programs.placements import has_role
from portal.programs.scopes import in_viewers_programs, managed_people
from portal.requirements.change_models import Affected, Cause
from portal.requirements.credentials import note_change
from portal.shifts.companions import kept_from
from portal.shifts.cover_models import CoverRequest
from portal.shifts.group_models import Group, GroupName, GroupSpots
from portal.shifts.limits import Own, bounds_of, work_around, worse
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.pattern_models import Pattern, PatternSlot, Regular
from portal.shifts.slots import keep_for_line, lock_slots
from portal.shifts.waiting_models import Ask, Waiting, WaitingState
from portal.web.errors import Refused
from portal.words import text


def _signups_of(ids: Sequence[int]) -> Select[int]:
    return select(Signup.id).where(Signup.shift_id.in_(ids))


def _slots_of(ids: Sequence[int]) -> Select[int]:
    return select(Slot.id).where(Slot.shift_id.in_(ids))


def _hours_of(ids: Sequence[int]) -> ColumnElement[bool]:
    sources = HoursEntry.source.in_((Source.SHIFT, Source.LEARNING))
    return and_(sources, HoursEntry.source_id.in_(_signups_of(ids)))


def _managed(table: type[Shift] | type[Pattern], viewer: Viewer) -> Select[Any, Any]:
    mine = in_viewers_programs(table.program_id, viewer, Permission.SHIFTS_MANAGE)
    return select(table.id, table.program_id).where(mine)


def _hold(db: Session, ids: Sequence[int]) -> None:
    lock_slots(db, Slot.shift_id.in_(ids))


def _check(act: Act, changes: Sequence[RowChange], since: datetime) -> None:
    """Refuse when someone signed up since for a shift at another time or place, or one that was only added."""
    moved = [one.id for one in _of(changes, Shift) if one.before is None or one.changed(*TOLD_BY)]
    own = [one.id for one in _of(changes, Signup) if one.before is None]
    names = act.db.scalars(
        select(Person.name)
        .join(Signup, Signup.person_id == Person.id)
        .where(
            Signup.shift_id.in_(moved),
            Signup.state == SignupState.SIGNED_UP,
            Signup.since > since,
            Signup.id.not_in(own),
        )
        .order_by(Person.name)
    ).all()
    took = act.db.scalars(
        select(Group.name)
        .join(GroupSpots, GroupSpots.group_id == Group.id)
        .where(
            GroupSpots.shift_id.in_(moved),
            GroupSpots.ended_at.is_(None),
            GroupSpots.since > since,
        )
        .order_by(Group.name)
    ).all()
    if names := [*names, *took]:
        said = text("%(names)s signed up since, so it can't be undone.", names=", ".join(names))
        raise Refused(said)


def _of(changes: Sequence[RowChange], model: type[Base]) -> list[RowChange]:
    return [one for one in changes if one.table == model.__tablename__]


def _recheck(act: Act, changes: Sequence[RowChange], since: datetime) -> None:
    """Refuse when someone whose shift comes back has something else then, is away, or lost the role, and when a
    spot that would be taken was offered. Whoever joined the waitlist since gets what is free."""
    slots = [one.id for one in _of(changes, Slot)]
    _settle_line(act.db, slots, since)
    _refuse_ended_groups(act.db, [one.id for one in _of(changes, GroupSpots)])
    back = _back(act.db, changes)
    cannot = [row.name for row in back if not _can_come(act.db, row, since)]
    if cannot:
        raise Refused(
            text(
                "This can't be undone. These people can't come now: %(names)s.",
                names=", ".join(sorted(set(cannot))),
            )
        )
    note_change(act.db, {row.person_id for row in back}, Cause.LAPSE, act.at)


def _refuse_ended_groups(db: Session, ids: Sequence[int]) -> None:
    """Refuse where a group would have spots again that ended since."""
    ended = select(Group.name).join(GroupSpots, GroupSpots.group_id == Group.id)
    ended = ended.where(
        GroupSpots.id.in_(ids), GroupSpots.ended_at.is_(None), Group.ended_at.is_not(None)
    )
    if name := db.scalar(ended.limit(1)):
        raise Refused(text("%(name)s was ended since, so this can't be undone.", name=name))


def _back(db: Session, changes: Sequence[RowChange]) -> Sequence[Any]:
    """Who is on a shift again, or at another time."""
    ids = {one.id for one in _of(changes, Signup) if one.changed("state") and one.before}
    times = _of(changes, Commitment)
    ids |= {one.before["source_id"] for one in times if one.before and "source_id" in one.before}
    moved = [one.id for one in times if one.before and one.after]
    source = select(Commitment.source_id).where(Commitment.id.in_(moved), Commitment.kind == SHIFT)
    return db.execute(
        select(
            Signup.id, Signup.shift_id, Signup.person_id, Signup.over_limit, Person.name, Person.status,
            Person.adult_on, Slot.position_id, Shift.starts_at, Shift.ends_at, Shift.zone, Shift.program_id,
        )
        .join(Person, Person.id == Signup.person_id)
        .join(Slot, Slot.id == Signup.slot_id)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            or_(Signup.id.in_(ids), Signup.id.in_(source)),
            Signup.state == SignupState.SIGNED_UP,
        )
        .order_by(Signup.id)
    ).all()  # fmt: skip


def _can_come(db: Session, row: Any, since: datetime) -> bool:
    """Whether someone has the role, nothing else then, and took on nothing `since` that is too much with it."""
    day = clock.local_day(row.starts_at, row.zone)
    others = clashes(db, row.person_id, row.starts_at, row.ends_at)
    if _kept_since(db, row, since):
        return False
    bounds = bounds_of(db, [row.program_id])
    if bounds:
        own, span = (
            Own(row.id, row.program_id, row.adult_on, row.zone),
            (row.starts_at, row.ends_at),
        )
        work = work_around(db, [row.person_id], *span)[row.person_id]
        had = [one for one in work if one.since is None or one.since <= since]
        if worse(bounds.broken_by(own, work, *span), bounds.broken_by(own, had, *span)):
            return False
    return (
        row.status == Status.ACTIVE
        and has_role(db, row.person_id, row.position_id, day)
        and not days_away(db, [row.person_id], day, day)
        and all((one.kind, one.source_id) == (SHIFT, row.id) for one in others)
    )


def _kept_since(db: Session, row: Any, since: datetime) -> bool:
    """Whether someone they are kept apart from took a shift at that time `since`."""
    others = {one.other_id for one in kept_from(db, [row.shift_id], [row.person_id]) if one.apart}
    took = select(Signup.id).where(
        Signup.person_id.in_(others), Signup.state == SignupState.SIGNED_UP, Signup.since > since
    )
    return bool(others) and not row.over_limit and db.scalar(took.limit(1)) is not None


def _settle_line(db: Session, slots: Sequence[int], since: datetime) -> None:
    """Refuse where more spots are offered than are kept now; keep what is free for those who joined since."""
    offered = select(func.count()).where(
        Waiting.slot_id == Slot.id, Waiting.state == WaitingState.OFFERED
    )
    too_many = select(Slot.id).where(Slot.id.in_(slots), offered.scalar_subquery() > Slot.held)
    if db.scalar(too_many.limit(1)) is not None:
        raise Refused(text("A spot was offered to the waitlist since, so it can't be undone."))
    joined = select(Waiting.slot_id).where(
        Waiting.slot_id.in_(slots), Waiting.state == WaitingState.WAITING, Waiting.since > since
    )
    for slot_id in db.scalars(joined.distinct().order_by(Waiting.slot_id)).all():
        keep_for_line(db, slot_id)


TOLD_BY = ("starts_at", "ends_at", "site_id", "canceled_at")
"""What people know of a shift when they sign up."""

SHIFTS = Undoable(
    "shift",
    Shift.noun,
    {
        Shift: Shift.id.in_,
        Slot: Slot.shift_id.in_,
        Signup: Signup.shift_id.in_,
        Waiting: Waiting.shift_id.in_,
        Ask: Ask.shift_id.in_,
        GroupSpots: GroupSpots.shift_id.in_,
        GroupName: lambda ids: GroupName.group_spots_id.in_(
            select(GroupSpots.id).where(GroupSpots.shift_id.in_(ids))
        ),
        CoverRequest: lambda ids: CoverRequest.slot_id.in_(_slots_of(ids)),
        Commitment: lambda ids: and_(
            Commitment.kind == SHIFT, Commitment.source_id.in_(_signups_of(ids))
        ),
        Affected: lambda ids: and_(
            Affected.kind == SHIFT, Affected.source_id.in_(_signups_of(ids))
        ),
        HoursEntry: _hours_of,
    },
    partial(_managed, Shift),
    _hold,
    _check,
    _recheck,
    frozenset({"filled", "held", "learning", "maximum", "trainees"}),
    {Shift: TOLD_BY},
)
"""A shift: its slots, everyone and every group on it, in line or asked, their time, and their hours."""

CLOSED_SHIFTS = replace(
    SHIFTS, name="closed_shift", may=lambda _viewer: select(Shift.id, Shift.program_id)
)
"""A shift on days closed: whoever may close its place may undo that, whichever program it belongs to."""

PATTERNS = Undoable(
    "pattern",
    Pattern.noun,
    {
        Pattern: Pattern.id.in_,
        PatternSlot: PatternSlot.pattern_id.in_,
    },
    partial(_managed, Pattern),
    hold_rows(Pattern),
)
"""A recurring shift as it was written; its dates are shifts."""

REGULARS = Undoable(
    "regular",
    Regular.noun,
    {Regular: Regular.id.in_},
    lambda viewer: (
        select(Regular.id, Pattern.program_id)
        .join(Pattern, Pattern.id == Regular.pattern_id)
        .where(in_viewers_programs(Pattern.program_id, viewer, Permission.SHIFTS_MANAGE))
    ),
    hold_rows(Regular),
)
"""That someone takes a recurring shift; their dates are signups."""

ABSENCES = Undoable(
    "absence",
    Absence.noun,
    {Absence: Absence.id.in_},
    lambda viewer: select(Absence.id, null()).where(
        Absence.person_id.in_(managed_people(viewer).with_only_columns(Person.id))
    ),
    hold_rows(Absence),
)
"""Days on which someone is away; what they gave back are signups."""

UNDOABLES = (SHIFTS, CLOSED_SHIFTS, PATTERNS, REGULARS, ABSENCES)
