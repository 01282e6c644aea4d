"""What of the schedule staff can undo: a shift as a whole, with its slots and everyone on it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, null, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.commitments.commitments import clashes
from portal.commitments.models import Commitment
from portal.hours.models import HoursEntry, Source
from portal.images import RowChange, Undoable
from portal.people.models import Person, Status
from portal.people.people import lock_people
from portal.people.traits import Absence
from portal.permissions import Permission, Viewer
from portal.programs.closures import liftable
from portal.programs.models import Closure
from portal.programs.scopes import in_viewers_programs, managed_people
from portal.requirements.change_models import Affected, Cause
from portal.requirements.credentials import note_change
from portal.shifts.models import Shift, Signup, Slot
from portal.shifts.obstacles import SHIFT
from portal.shifts.pattern_models import Pattern, PatternSlot, Regular
from portal.shifts.slots import lock_slots
from portal.shifts.waiting_models import Ask, Waiting
from portal.web.errors import Refused
from portal.words import text


def _signups_of(ids: Sequence[int]) -> Select[int]:
    return select(Signup.id).where(Signup.shift_id.in_(ids))


def _hours_of(ids: Sequence[int]) -> ColumnElement[bool]:
    sources = HoursEntry.source.in_((Source.SHIFT, Source.LEARNING))
    return and_(sources, HoursEntry.source_id.in_(_signups_of(ids)))


def _managed(table: type[Shift] | type[Pattern], viewer: Viewer) -> Select[Any, Any]:
    mine = in_viewers_programs(table.program_id, viewer, Permission.SHIFTS_MANAGE)
    return select(table.id, table.program_id).where(mine)


def _hold(db: Session, ids: Sequence[int]) -> None:
    lock_slots(db, Slot.shift_id.in_(ids))


def _hold_rows(table: Any) -> Callable[[Session, Sequence[int]], None]:
    """Lock the rows of a table themselves, in order of id."""

    def hold(db: Session, ids: Sequence[int]) -> None:
        db.execute(
            select(table.id).where(table.id.in_(ids)).order_by(table.id).with_for_update()
        ).all()

    return hold


def _recheck(act: Act, changes: Sequence[RowChange]) -> None:
    """Refuse when someone whose shift comes back has something else then, or is no longer active. Their
    clearance is looked at again."""
    changed = [one.id for one in changes if one.table == Commitment.__tablename__]
    back = act.db.execute(
        select(Commitment, Person.name, Person.status)
        .join(Person, Person.id == Commitment.person_id)
        .where(Commitment.id.in_(changed), Commitment.kind == SHIFT)
        .order_by(Commitment.person_id)
    ).all()
    lock_people(act.db, sorted({row.Commitment.person_id for row in back}))
    cannot = [
        row.name for row in back if row.status != Status.ACTIVE or _busy(act.db, row.Commitment)
    ]
    if cannot:
        raise Refused(
            text(
                "This can't be undone. These people can't come now: %(names)s.",
                names=", ".join(sorted(set(cannot))),
            )
        )
    note_change(act.db, {row.Commitment.person_id for row in back}, Cause.LAPSE, act.at)


def _busy(db: Session, own: Commitment) -> bool:
    found = clashes(db, own.person_id, own.starts_at, own.ends_at)
    return any((one.kind, one.source_id) != (own.kind, own.source_id) for one in found)


SHIFTS = Undoable(
    "shift",
    Shift.noun,
    {
        Shift: Shift.id.in_,
        Slot: Slot.shift_id.in_,
        Signup: Signup.shift_id.in_,
        Waiting: Waiting.shift_id.in_,
        Ask: Ask.shift_id.in_,
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
    _recheck,
    frozenset({"filled", "held", "learning", "maximum", "trainees"}),
)
"""A shift: its slots, everyone on it, in line or asked, their time, and their hours."""

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
    _hold_rows(Pattern),
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
    _hold_rows(Regular),
)
"""That someone takes a recurring shift; their dates are signups."""

ABSENCES = Undoable(
    "absence",
    Absence.noun,
    {Absence: Absence.id.in_},
    lambda viewer: select(Absence.id, null()).where(
        Absence.person_id.in_(managed_people(viewer).with_only_columns(Person.id))
    ),
    _hold_rows(Absence),
)
"""Days on which someone is away; what they gave back are signups."""

CLOSURES = Undoable(
    "closure",
    Closure.noun,
    {Closure: Closure.id.in_},
    lambda viewer: liftable(viewer).with_only_columns(Closure.id, null()),
    _hold_rows(Closure),
)
"""Days on which the agency or a location is closed; what that did to shifts is theirs."""

UNDOABLES = (SHIFTS, CLOSED_SHIFTS, PATTERNS, REGULARS, ABSENCES, CLOSURES)
