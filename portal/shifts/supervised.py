"""How many shifts people on trial did beside a supervisor of theirs."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.people.supervisors import Care, supervised_by, supervisors_of_all
from portal.permissions import Viewer
from portal.reads import AnySelect
from portal.requirements.trials import OnTrial, trials_of
from portal.shifts.models import CAME, Shift, Signup, SignupState, Slot

_other = aliased(Signup)


def trials_seen(db: Session, viewer: Viewer, today: date) -> AnySelect:
    """Who is on trial: for coordinators in their programs, for supervisors those they look after today."""
    mine = supervised_by(db, viewer.person_id, today) if viewer.person_id else []
    return trials_of(viewer, {one.person_id for one in mine})


def _shared_shifts(
    db: Session, people: Collection[int], positions: Collection[int], first: date
) -> Sequence[Any]:
    """The shifts that some people came to in some positions, once for each other person on them."""
    return db.execute(
        select(
            Signup.person_id,
            Slot.position_id,
            Signup.shift_id,
            Shift.program_id,
            Shift.starts_at,
            Shift.zone,
            _other.person_id.label("other_id"),
        )
        .join(Slot, Slot.id == Signup.slot_id)
        .join(Shift, Shift.id == Signup.shift_id)
        .join(
            _other,
            and_(
                _other.shift_id == Signup.shift_id,
                _other.person_id != Signup.person_id,
                _other.state == SignupState.SIGNED_UP,
            ),
        )
        .where(
            Signup.person_id.in_(people),
            Signup.state == SignupState.SIGNED_UP,
            Signup.attendance.in_(CAME),
            Slot.position_id.in_(positions),
            Shift.starts_at >= datetime.combine(first, time(), UTC) - clock.ONE_DAY,
        )
    ).all()


def counts_of(db: Session, trials: Sequence[OnTrial], today: date) -> dict[int, int]:
    """Count the supervised shifts of each placement on trial. Two statements, whatever the headcount."""
    if not trials:
        return {}
    first = min(one.row.starts_on for one in trials)
    people = {one.row.person_id for one in trials}
    cares = supervisors_of_all(db, people, first, today)
    positions = {one.row.position_id for one in trials}
    shared = _shared_shifts(db, people, positions, first)
    beside: dict[tuple[int, int], set[tuple[int, date]]] = {}
    for row in shared:
        day = clock.local_day(row.starts_at, row.zone)
        if _looked_after(cares.get(row.person_id, ()), row.other_id, row.program_id, day):
            beside.setdefault((row.person_id, row.position_id), set()).add((row.shift_id, day))
    return {
        one.row.id: sum(
            day >= one.row.starts_on
            for _, day in beside.get((one.row.person_id, one.row.position_id), ())
        )
        for one in trials
    }


def _looked_after(cares: Sequence[Care], other_id: int, program_id: int, day: date) -> bool:
    return any(
        care.acting_id == other_id
        and care.program_id == program_id
        and care.first_day <= day <= care.last_day
        for care in cares
    )
