"""Reopening a canceled shift: it is on again, with those who were on it and still can."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.occasions.obstacles import Obstacle
from portal.people.models import Person
from portal.people.notify import tell_each
from portal.shifts import endings, message_kinds, signups
from portal.shifts.companions import lock_with_companions
from portal.shifts.facts import facts_of
from portal.shifts.group_spots import bring_groups_back
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.obstacle_words import Kind
from portal.shifts.obstacles import clash_of, signup_obstacles
from portal.shifts.undoable import SHIFTS
from portal.web.errors import NotFound, Refused, unless_seen
from portal.words import text


class Former(NamedTuple):
    """Someone who was on a shift when it was canceled, and what stands in the way of their coming."""

    signup_id: int
    person_id: int
    slot_id: int
    trainee: bool
    over_limit: str
    name: str
    obstacles: tuple[Obstacle, ...] = ()


def former(act: Act, shift: Shift) -> list[Former]:
    """Who was on a canceled shift, by name, and whether they could come back."""
    rows = act.db.execute(
        select(
            Signup.id,
            Signup.person_id,
            Signup.slot_id,
            Signup.trainee,
            Signup.over_limit,
            Person.name,
        )
        .join(Person, Person.id == Signup.person_id)
        .where(
            Signup.shift_id == shift.id,
            Signup.state == SignupState.CANCELED,
            Signup.ended_at == shift.canceled_at,
            Signup.cant_at.is_(None),
        )
        .order_by(Person.name, Signup.id)
    ).all()
    beside = {row.person_id for row in rows}
    return [Former(*row, _obstacles(act, shift.id, row, beside)) for row in rows]


def _obstacles(act: Act, shift_id: int, row: Any, beside: set[int]) -> tuple[Obstacle, ...]:
    facts = facts_of(act.db, act.by, shift_id, row.person_id, act.at)
    spot = facts.spot(row.slot_id) if facts else None
    if facts is None or spot is None:
        raise NotFound
    facts.kept = [one for one in facts.kept if one.apart or one.other_id not in beside]
    found = signup_obstacles(
        facts,
        spot,
        act.at,
        clash_of(act.db, facts),
        staff=True,
        trainee=row.trainee,
        override=bool(row.over_limit),
    )
    return tuple(one for one in found if one.kind is not Kind.CANCELED)


def reopen(act: Act, shift: Shift, seen: str) -> int:
    """Have a canceled shift take place after all; gives how many come back, who are told. Raises Preview unless
    exactly they were `seen`."""
    if not shift.canceled_at:
        raise Refused(text("This shift isn't canceled."))
    if shift.starts_at <= act.at or shift.program.closed_at:
        raise Refused(text("This shift is over, or its program is closed."))
    _lock_former(act.db, shift)
    endings.lock_shifts(act.db, [shift.id])
    watch(act, SHIFTS, [shift.id])
    people = former(act, shift)
    unless_seen(mark_of(people), seen)
    canceled_at = shift.canceled_at
    shift.canceled_at, shift.canceled_reason = None, ""
    shift.sequence, shift.revised_at = shift.sequence + 1, act.at
    act.db.flush()
    record(act, "shift.reopened", shift)
    back = [one for one in people if not one.obstacles]
    for one in back:
        signups.sign_up(
            act, one.person_id, shift.id, slot_id=one.slot_id, staff=True, quiet=True, trainee=one.trainee,
            over_limit=one.over_limit, beside=[other.person_id for other in back],
        )  # fmt: skip
    whom = {one.id: one.person_id for one in endings.current_signups(act.db, shift.id)}
    tell_each(act, message_kinds.REOPENED, "signup", whom, program_id=shift.program_id)
    bring_groups_back(act, shift, canceled_at)
    return len(back)


def _lock_former(db: Session, shift: Shift) -> None:
    """Hold everyone who may come back, before the slots."""
    were = select(Signup.person_id).where(
        Signup.shift_id == shift.id, Signup.state == SignupState.CANCELED
    )
    lock_with_companions(db, *db.scalars(were.distinct()))


def mark_of(people: Sequence[Former]) -> list[tuple[int, bool]]:
    """What a page shows of who comes back, by which it is known that nothing changed since."""
    return [(one.person_id, not one.obstacles) for one in people]
