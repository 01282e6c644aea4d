"""Who is there from when to when, and whether a shift may begin.

From the times in and out attendance is written. Whoever forgets to check out is taken out at the end, with a
mark.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import stored
from portal.audit.log import record
from portal.hours.entries import propose
from portal.hours.models import MOST_MINUTES, Source
from portal.images import watch
from portal.people.models import Person
from portal.permissions import COMMAND_LINE
from portal.requirements.records import clearance_of
from portal.shifts import attendance
from portal.shifts.attendance import Mark
from portal.shifts.check_in_settings import ROUND, WINDOW, by_oneself
from portal.shifts.leads import AFTER, is_led_now
from portal.shifts.limits import is_minor
from portal.shifts.models import Attendance, Shift, Signup, SignupState, Slot
from portal.shifts.slots import lock_slots
from portal.shifts.undoable import SHIFTS
from portal.web.errors import NotFound, Refused
from portal.words import text

GRACE = timedelta(minutes=30)
"""How long after the end of a shift whoever is still in is taken out."""


SLIP = timedelta(minutes=10)
"""How long what a lead wrote down can be undone by them."""

TWICE = timedelta(minutes=1)
"""So soon after a check-in, a check-out is a second press of the same finger."""


class How(StrEnum):
    """Who checked someone in."""

    LEAD = "lead"
    SELF = "self"
    CODE = "code"
    KIOSK = "kiosk"

    @property
    def by_oneself(self) -> bool:
        """Whether the person did it themselves."""
        return self is not How.LEAD


class Checked(Protocol):
    """Anything that knows how someone was checked in and marked."""

    @property
    def in_at(self) -> datetime | None: ...
    @property
    def out_at(self) -> datetime | None: ...
    @property
    def attendance(self) -> Attendance | None: ...
    @property
    def marked_at(self) -> datetime | None: ...


def check_in(
    act: Act, shift: Shift, signup_id: int, how: How, pressed: datetime | None = None
) -> None:
    """Write down that someone is there from now on, or since it was `pressed` without a connection; a second
    press changes nothing. Refuses with the reason where it is too early or too late, or where something is
    missing that the role asks for."""
    signup = _hold(act, shift, signup_id)
    _check_how(act.db, shift, how)
    if signup.in_at is not None and signup.out_at is None:
        return
    at = pressed or act.at
    _check_time(act.db, shift, how, at)
    _check_cleared(act.db, shift, signup, how)
    if signup.attendance is not None:
        raise Refused(text("This is recorded already. Ask the coordinator."))
    signup.in_at, signup.out_at, signup.checked_how = at, None, how
    signup.out_assumed, signup.cant_at = False, None
    record(act, "signup.in", signup, how)


def check_out(
    act: Act, shift: Shift, signup_id: int, how: How, pressed: datetime | None = None
) -> int:
    """Write down that someone leaves now, or when it was `pressed`, and how long they were there; gives the
    minutes."""
    signup = _hold(act, shift, signup_id)
    _check_how(act.db, shift, how)
    if signup.in_at is None:
        raise Refused(text("They aren't checked in."))
    if signup.out_at is None:
        at = max(pressed or act.at, signup.in_at)
        if at < signup.in_at + TWICE:
            raise Refused(text("They were just checked in. Undo that if it was a slip."))
        _leave(act, shift, signup, at)
        record(act, "signup.out", signup, how)
    return minutes_of(act.db, shift, signup)


def not_there(act: Act, shift: Shift, signup_id: int) -> None:
    """Write down that someone didn't come; once the shift has begun."""
    signup = _hold(act, shift, signup_id)
    if act.at < shift.starts_at:
        raise Refused(text("This shift hasn't started yet."))
    if signup.in_at is not None:
        raise Refused(text("They're checked in. Undo that first."))
    _mark(act, shift, signup, Attendance.NO_SHOW, 0)


def can_take_back(signup: Checked, at: datetime) -> bool:
    """Whether a check-in, or within a few minutes a check-out or no-show, can still be undone by a lead."""
    if signup.attendance is None:
        return signup.in_at is not None
    made_here = signup.out_at is not None or signup.attendance == Attendance.NO_SHOW
    return made_here and signup.marked_at is not None and at <= signup.marked_at + SLIP


def take_back(act: Act, shift: Shift, signup_id: int) -> None:
    """Undo the last thing written down of someone; later it is the coordinator's to change."""
    signup = _hold(act, shift, signup_id)
    elses = signup.attendance is not None and signup.marked_by_id != act.by.person_id
    if elses or not can_take_back(signup, act.at):
        raise Refused(text("This is recorded already. Ask the coordinator."))
    if signup.attendance is None:
        signup.in_at = None
    else:
        propose(act, Source.LEARNING if signup.trainee else Source.SHIFT, {signup.id: None})
        signup.attendance = signup.marked_at = signup.marked_by_id = None
        signup.out_at = None
    record(act, "signup.in_undone", signup)


def start(act: Act, shift: Shift) -> None:
    """Begin a shift that needs adults. Refuses while too few of them are there: it waits, or is canceled."""
    lock_slots(act.db, Slot.shift_id == shift.id)
    act.db.refresh(shift)
    if shift.started_at is not None:
        return
    if shift.canceled_at is not None or not is_led_now(shift, act.at):
        raise Refused(text("This shift can't begin now."))
    there = adults_there(act.db, shift)
    if there < shift.adults:
        raise Refused(
            text(
                "%(there)s of %(wanted)s adults are checked in. Cancel it or wait for the others.",
                there=there,
                wanted=shift.adults,
            )
        )
    watch(act, SHIFTS, [shift.id])
    shift.started_at = act.at
    record(act, "shift.started", shift)


def adults_there(db: Session, shift: Shift) -> int:
    """How many adults are checked in now: those with one address count once, whoever is shadowing doesn't."""
    day = clock.local_day(shift.starts_at, shift.zone)
    rows = db.execute(
        select(Person.id, Person.adult_on, Person.mailing_address)
        .join(Signup, Signup.person_id == Person.id)
        .where(
            Signup.shift_id == shift.id,
            Signup.state == SignupState.SIGNED_UP,
            Signup.trainee.is_(False),
            Signup.in_at.is_not(None),
            Signup.out_at.is_(None),
        )
    )
    homes = {
        " ".join(row.mailing_address.lower().split()) or row.id
        for row in rows
        if not is_minor(row.adult_on, day)
    }
    return len(homes)


def minutes_of(db: Session, shift: Shift, signup: Signup) -> int:
    """How long someone was there, in minutes: from the start at the earliest, with both times rounded as the
    program has it."""
    if signup.in_at is None or signup.out_at is None:
        return 0
    step = stored(db, [ROUND], [shift.program_id])[shift.program_id][ROUND.name]
    first = max(_minute(signup.in_at, step), _minute(shift.starts_at, 0))
    return max(0, _minute(signup.out_at, step) - first)


def _minute(at: datetime, step: int) -> int:
    """The minute of a moment, to the nearest of some minutes; half of them goes up."""
    minute = at.timestamp() / 60
    return int((minute + step / 2) // step * step) if step else int(minute + 0.5)


def forgotten(at: datetime) -> Select[int]:
    """The signups of whoever is still in some time after the end."""
    return (
        select(Signup.id)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            Signup.in_at.is_not(None),
            Signup.out_at.is_(None),
            Signup.state == SignupState.SIGNED_UP,
            Shift.ends_at <= at - GRACE,
        )
        .order_by(Signup.id)
    )


def close_forgotten(db: Session, signup_id: int, at: datetime) -> None:
    """Take out whoever forgot to, at the end of their shift; the roster says that it is assumed."""
    shift = db.get_one(Signup, signup_id).shift
    act = Act(db, COMMAND_LINE, at)
    signup = _hold(act, shift, signup_id)
    if signup.in_at is not None and signup.out_at is None and shift.ends_at <= at - GRACE:
        signup.out_assumed = True
        _leave(act, shift, signup, max(shift.ends_at, signup.in_at))
        record(act, "signup.out", signup, "assumed")


def _hold(act: Act, shift: Shift, signup_id: int) -> Signup:
    """A signup of a shift, read under its lock; NotFound for another's, Refused for who is off it."""
    lock_slots(act.db, Slot.shift_id == shift.id)
    signup = act.db.scalar(
        select(Signup)
        .where(Signup.id == signup_id, Signup.shift_id == shift.id)
        .execution_options(populate_existing=True)
    )
    if signup is None:
        raise NotFound
    if signup.state != SignupState.SIGNED_UP or shift.canceled_at is not None:
        raise Refused(text("This person is no longer on the shift."))
    watch(act, SHIFTS, [shift.id])
    return signup


def _check_how(db: Session, shift: Shift, how: How) -> None:
    if how == How.SELF and not by_oneself(db, shift.program_id):
        raise Refused(text("The lead of the shift checks you in."))


def _check_time(db: Session, shift: Shift, how: How, at: datetime) -> None:
    found = stored(db, [WINDOW], [shift.program_id])
    opens = shift.starts_at - timedelta(minutes=found[shift.program_id][WINDOW.name])
    if at < opens:
        when = partial(clock.moment_text, opens, shift.zone, this_year=at.year)
        raise Refused(text("Check-in opens %(when)s.", when=when))
    if at >= (shift.ends_at if how.by_oneself else shift.ends_at + AFTER):
        raise Refused(text("This shift is over."))


def _check_cleared(db: Session, shift: Shift, signup: Signup, how: How) -> None:
    day = clock.local_day(shift.starts_at, shift.zone)
    position_id = signup.slot.position_id
    if clearance_of(db, signup.person_id, position_id, day, trainee=signup.trainee).clear:
        return
    if how.by_oneself:
        raise Refused(text("Something is missing for this role. Call the coordinator."))
    name = signup.person.name
    raise Refused(text("%(name)s isn't cleared for this role. Call the coordinator.", name=name))


def _leave(act: Act, shift: Shift, signup: Signup, at: datetime) -> None:
    """Take someone out at a moment, and record what that makes of their attendance."""
    signup.out_at = at
    act.db.flush()
    if signup.attendance is not None:
        return
    minutes = max(1, minutes_of(act.db, shift, signup))
    part = minutes < attendance.length_of(shift)
    given = Attendance.LEFT_EARLY if part else Attendance.ATTENDED
    most = min(attendance.length_of(shift) + attendance.LONGER, MOST_MINUTES)
    _mark(act, shift, signup, given, min(minutes, most))


def _mark(act: Act, shift: Shift, signup: Signup, given: Attendance, minutes: int) -> None:
    marks = {signup.id: Mark(given, minutes, 0, attendance.seen_mark(signup))}
    attendance.mark(act, shift, marks)
