"""Undoing a merge: within 30 days, everything that moved moves back."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, delete, exists, select, update
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.commitments.kinds import MEETING
from portal.commitments.models import Commitment
from portal.meetings.models import Invitee
from portal.merging import rows
from portal.merging.merging import settle
from portal.merging.models import MergedRow, PersonMerge
from portal.outreach.talk_models import SpeakerOffer
from portal.people.models import Person, Status
from portal.people.people import lock_people
from portal.permissions import Permission
from portal.programs.application_models import Application
from portal.programs.authority import set_status
from portal.programs.models import Placement
from portal.shifts.models import Signup
from portal.web.errors import NotFound, Refused
from portal.words import text

UNDO = timedelta(days=30)


def undoable(at: datetime) -> ColumnElement[bool]:
    """Inside a query: the merges that can still be undone."""
    return and_(PersonMerge.undone_at.is_(None), PersonMerge.merged_at > at - UNDO)


def _held(act: Act, merge_id: int) -> PersonMerge:
    """A merge that can be undone, held with both people. Raises Refused for what has to be done first."""
    db = act.db
    row = db.scalar(
        select(PersonMerge).where(PersonMerge.id == merge_id, undoable(act.at)).with_for_update()
    )
    if row is None or not act.by.everywhere(Permission.AGENCY_MANAGE):
        raise NotFound
    lock_people(db, [row.kept_id, row.gone_id])
    merged_on = exists().where(PersonMerge.gone_id == row.kept_id, PersonMerge.undone_at.is_(None))
    if db.scalar(select(merged_on)):
        raise Refused(text("This record was merged into another one since. Undo that first."))
    gone = db.get_one(Person, row.gone_id, populate_existing=True)
    if gone.status != Status.ENDED:
        raise Refused(
            text("%(name)s is active again. Make this record inactive first.", name=gone.name)
        )
    return row


def undo(act: Act, merge_id: int) -> PersonMerge:
    """Make two records of one again, as they were: what moved moves back, wherever it is still there. What came
    since stays with the kept record.

    Raises NotFound for a merge that was undone, or is older than 30 days.
    """
    db, row = act.db, _held(act, merge_id)
    kept, gone = (
        db.get_one(Person, one, populate_existing=True) for one in (row.kept_id, row.gone_id)
    )
    known = {(part.table.name, part.column.name): part for part in rows.parts()}
    moved = db.scalars(select(MergedRow).where(MergedRow.merge_id == row.id).order_by(MergedRow.id))
    for one in moved.all():
        part = known[one.table, one.column]
        if one.before:
            rows.restore(db, part, one.key, json.loads(one.before))
        else:
            rows.put_back(db, part, one.key, kept.id, gone.id)
    for part in known.values():
        rows.follow(db, part, kept.id, gone.id)
    _follow_time(db, kept.id, gone.id)
    db.flush()
    _empty_again(db, kept, json.loads(row.kept_before))
    counted_from = gone.counted_from
    if row.gone_status != Status.ENDED:
        set_status(act, gone, row.gone_status)
    gone.counted_from = counted_from  # they were not away
    row.undone_at, row.undone_by_id = act.at, act.by.person_id
    forget(db, row.id)
    settle(act, kept, gone)
    record(act, "people.unmerged", row)
    return row


def _empty_again(db: Session, kept: Person, filled: Mapping[str, Sequence[Any]]) -> None:
    """Empty the fields that a merge filled, as far as they still hold that. Whoever has to do with a program by
    themselves meanwhile does not go back to the pool, where every coordinator may change them (SECURITY A9)."""
    known = (
        select(Placement.id).where(Placement.person_id == kept.id),
        select(Application.id).where(Application.person_id == kept.id),
    )
    table = cast(Table, Person.__table__)
    in_a_program = any(db.scalar(one.limit(1)) is not None for one in known)
    for name, (was, put) in filled.items():
        column = table.c[name]
        stays = name == "placed_at" and was is None and in_a_program
        if getattr(kept, name) == rows.typed(column, put) and not stays:
            setattr(kept, name, rows.typed(column, was))
    db.flush()
    db.expire_all()


def _follow_time(db: Session, kept_id: int, gone_id: int) -> None:
    """Give back the time of what went back, also where it was engaged anew since, such as by moving a talk."""
    for kind, table in (("shift", Signup), ("talk", SpeakerOffer), (MEETING, Invitee)):
        theirs = select(table.id).where(table.person_id == gone_id)
        db.execute(
            update(Commitment)
            .where(
                Commitment.person_id == kept_id,
                Commitment.kind == kind,
                Commitment.source_id.in_(theirs),
            )
            .values(person_id=gone_id)
        )


def over(at: datetime) -> Select[int]:
    """The merges that can no longer be undone and still keep what undoing needs."""
    return (
        select(PersonMerge.id)
        .where(PersonMerge.merged_at <= at - UNDO, PersonMerge.forgotten.is_(False))
        .order_by(PersonMerge.id)
    )


def forget(db: Session, merge_id: int) -> None:
    """Delete what undoing a merge needed: where the rows were, and what was filled in."""
    db.execute(delete(MergedRow).where(MergedRow.merge_id == merge_id))
    row = db.get_one(PersonMerge, merge_id)
    row.kept_before, row.forgotten = "{}", True
