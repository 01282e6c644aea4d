"""What is told because time has come: reminders before shifts, and coordinators' gaps each morning."""

from datetime import datetime, timedelta

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from portal import clock
from portal.messages.models import Mark
from portal.people.models import Membership, Person
from portal.people.telling import To, tell_all
from portal.permissions import COMMAND_LINE, Role
from portal.shifts import notices
from portal.shifts.models import Shift, Signup, SignupState

HOURS = (168, 72, 48, 24, 12, 3, 1)
"""How many hours before a shift people may choose to be reminded."""

AT_ONCE = timedelta(hours=6)
DIGEST_HOUR = 7


EVERY = timedelta(minutes=1)


def due(db: Session, zone: str, at: datetime) -> bool:
    """Whether there may be something to do, without writing."""
    marks = {row.name: row.at for row in db.execute(select(Mark.name, Mark.at))}
    reminded, told = marks.get("reminders"), marks.get("digest")
    return reminded is None or told is None or at - reminded >= EVERY or _is_morning(zone, told, at)


def _is_morning(zone: str, last: datetime, at: datetime) -> bool:
    """Whether it is late enough for the first time on this day."""
    local = clock.to_local(at, zone)
    return local.hour >= DIGEST_HOUR and clock.local_day(last, zone) < local.date()


def remind(db: Session, at: datetime) -> int:
    """Write the reminders that became due since the last time; gives how many.

    Each choice of hours is a small window of starts, so the cost follows the shifts in it, not the
    people or the years. In real time: a clock change moves no reminder and repeats none.
    """
    mark = _mark(db, "reminders", at)
    since, until = mark.at, min(at, mark.at + AT_ONCE)
    if until <= since:
        return 0
    number = 0
    for hours in HOURS:
        before = timedelta(hours=hours)
        due = (
            select(Signup.id, Signup.person_id, Shift.program_id, Shift.starts_at)
            .join(Shift, Shift.id == Signup.shift_id)
            .join(Person, Person.id == Signup.person_id)
            .where(
                Signup.state == SignupState.SIGNED_UP,
                Shift.starts_at > since + before,
                Shift.starts_at <= until + before,
                Shift.called_off_at.is_(None),
                (literal(",") + Person.remind_hours + ",").contains(f",{hours},"),
            )
        )
        to = [
            To(
                row.person_id, row.id, row.program_id, {"starts_at": row.starts_at.isoformat()},
                f"reminder:{row.id}:{hours}:{row.starts_at:%Y%m%d%H%M}",
            )
            for row in db.execute(due)
        ]  # fmt: skip
        tell_all(db, COMMAND_LINE, notices.REMINDER, "signup", to, at)
        number += len(to)
    mark.at = until
    return number


def digest(db: Session, zone: str, at: datetime) -> int:
    """Each morning, tell every coordinator what is short of people; gives how many. A morning without
    gaps sends nothing: the message is dropped when it is looked at again."""
    mark = _mark(db, "digest", at - clock.ONE_DAY)
    if not _is_morning(zone, mark.at, at):
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
    tell_all(db, COMMAND_LINE, notices.DIGEST, "person", to, at)
    return len(people)


def _mark(db: Session, name: str, first: datetime) -> Mark:
    """How far this work has come; other workers wait here."""
    mark = db.scalar(select(Mark).where(Mark.name == name).with_for_update())
    if mark is None:
        mark = Mark(name=name, at=first)
        db.add(mark)
        db.flush()
    return mark
