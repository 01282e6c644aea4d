"""What is told because time has come: reminders before shifts, and coordinators' gaps each morning."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.messages.models import Mark
from portal.people import reminding
from portal.people.models import Membership, Person
from portal.people.notify import To, tell_all
from portal.people.reminding import Reminder
from portal.permissions import COMMAND_LINE, Role
from portal.shifts import message_kinds
from portal.shifts.models import Shift, Signup, SignupState

MARK = "reminders"


def _signed_up() -> Any:
    return (
        select(Signup.id, Signup.person_id, Shift.program_id, Shift.starts_at)
        .join(Shift, Shift.id == Signup.shift_id)
        .join(Person, Person.id == Signup.person_id)
        .where(Signup.state == SignupState.SIGNED_UP, Shift.canceled_at.is_(None))
    )


REMINDERS = (Reminder(message_kinds.REMINDER, "signup", Shift.starts_at, _signed_up),)


def due(db: Session, zone: str, at: datetime) -> bool:
    """Whether there may be something to do, without writing."""
    told = db.scalar(select(Mark.at).where(Mark.name == "digest"))
    return reminding.due(db, MARK, at) or told is None or reminding.is_morning(zone, told, at)


def remind(db: Session, at: datetime) -> int:
    """Write the reminders that became due since the last time; gives how many."""
    return reminding.remind(db, MARK, REMINDERS, at)


def digest(db: Session, zone: str, at: datetime) -> int:
    """Each morning, tell every coordinator what is short of people; gives how many. A morning without
    gaps sends nothing: the message is dropped when it is looked at again."""
    mark = reminding.mark_of(db, "digest", at - clock.ONE_DAY)
    if not reminding.is_morning(zone, mark.at, at):
        return 0
    mark.at = at
    people = db.scalars(
        select(Membership.person_id)
        .where(Membership.role == Role.COORDINATOR, Membership.until.is_(None))
        .distinct()
        .order_by(Membership.person_id)
    ).all()
    key = f"digest:{clock.local_day(at, zone):%Y%m%d}"
    to = [To(person, person, key=f"{key}:{person}") for person in people]
    tell_all(Act(db, COMMAND_LINE, at), message_kinds.DIGEST, "person", to)
    return len(people)
