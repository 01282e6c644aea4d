"""What messages about shifts say, while it is still true."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import Envelope, Saying
from portal.occasions.outside import is_private, site_of
from portal.occasions.settings import time_to_answer
from portal.occasions.telling import Teller, moved, when
from portal.people.models import Person
from portal.settings import Settings
from portal.shifts.adults import missing
from portal.shifts.events import ABOUT, OF_SLOT, happening_of, what_of
from portal.shifts.message_kinds import (
    REGULAR_CHANGED,
)
from portal.shifts.models import CANT_COME, Shift, Signup, SignupState, Slot
from portal.shifts.pattern_models import Regular
from portal.shifts.recurrence import rule_words
from portal.shifts.waiting_models import Ask, Waiting, WaitingState
from portal.words import CATALOGS, text

SEE = text("See the shift")
SEE_ALL = text("See these shifts")
YES = ("yes", text("Yes, I'll take it"))
NO_THANKS = ("no", text("Sorry, not this time"))
STILL_COMING = ("yes", text("Yes, I'm coming"))
NOT_COMING = ("no", text("No, I can't make it"))
PASS = ("pass", text("Not this time, keep my place"))
LEAVE = ("leave", text("No, leave the waitlist"))


def _about(db: Session, signup_id: int) -> Any:
    return db.execute(ABOUT.where(Signup.id == signup_id)).one_or_none()


TELLER = Teller(
    _about,
    what_of,
    lambda row, language: site_of(row),
    happening_of,
    lambda row: (SEE, f"/shifts/{row.shift_id}"),
    lambda row: str(row.reason),
)


_saying, current = TELLER.say, TELLER.while_


def is_on(row: Any, at: datetime) -> bool:
    return bool(row.state == SignupState.SIGNED_UP and row.ends_at > at)


def to_remind(row: Any, at: datetime) -> bool:
    """Whether someone on a shift is reminded of it: they weren't just asked whether they come."""
    asked: datetime | None = row.coming_asked_at
    return is_on(row, at) and (asked is None or at - asked > timedelta(hours=6))


def was_on(state: SignupState, row: Any, at: datetime) -> bool:
    return bool(row.state == state and row.ends_at > at)


def swapped(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """Someone has another shift than before; their calendar gets the new one and loses the old one. Not said
    once they are back on that."""
    row, gave = _about(db, to.subject_id), _about(db, to.told["gave"])
    if row is None or _is_on_again(db, gave):
        return None
    if not is_on(row, at):  # it was swapped or left since; the calendar still has the first one
        return _no_longer(gave, to, settings, at)
    invites = [
        TELLER.invite(row, to, settings, "REQUEST"),
        TELLER.invite(gave, to, settings, "CANCEL"),
    ]
    values = {
        "before_what": what_of(gave, to.language),
        "before_when": when(gave, to.language, at),
    }
    return _saying(row, to, at, values=values, invites=tuple(invites))


def _no_longer(gave: Any, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """What takes a shift out of someone's calendar who has neither it nor what they swapped it for."""
    if gave.ends_at <= at:
        return None
    say = CATALOGS[to.language].say
    what, moment = what_of(gave, to.language), when(gave, to.language, at)
    subject = say(text("No longer yours: %(what)s, %(when)s", what=what, when=moment))
    body = say(
        text("You swapped shifts. You no longer have %(what)s, %(when)s.", what=what, when=moment)
    )
    invites = (TELLER.invite(gave, to, settings, "CANCEL"),)
    return _saying(gave, to, at, invites=invites, subject=subject, body=body)


def _is_on_again(db: Session, row: Any) -> bool:
    """Whether the person of an ended signup is on its shift again."""
    back = select(Signup.id).where(
        Signup.shift_id == row.shift_id,
        Signup.person_id == row.person_id,
        Signup.state == SignupState.SIGNED_UP,
    )
    return db.scalar(back.limit(1)) is not None


def cant_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _about(db, to.subject_id)
    if row is None or not is_on(row, at) or row.cant_at is None:
        return None
    who = db.get_one(Person, row.person_id).name
    link = (text("Find a sub"), f"/shifts/{row.shift_id}/asks")
    return _saying(row, to, at, link=link, values={"who": who_in(row, who, to.language)})


def released_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """Someone can't make it and is off the shift; not said once the shift is over or they are back."""
    row = _about(db, to.subject_id)
    if row is None or row.state != SignupState.WITHDRAWN or row.ends_at <= at:
        return None
    if not _is_open(db, to.subject_id):
        return None
    who = db.get_one(Person, row.person_id).name
    link = (text("Find a sub"), f"/shifts/{row.shift_id}/asks")
    return _saying(row, to, at, link=link, values={"who": who_in(row, who, to.language)})


def _is_open(db: Session, signup_id: int) -> bool:
    """Whether the spot of someone who is off a shift is free, and they are not back on it."""
    gone = db.get_one(Signup, signup_id)
    slot = gone.slot
    return slot.filled + slot.held < slot.maximum and not _is_on_again(db, gone)


def adults_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """A shift has too few adults; not said once there are enough, or it is over."""
    row = _about(db, to.subject_id)
    if row is None or row.canceled_at or row.ends_at <= at:
        return None
    lacking = missing(db, row.shift_id)
    if not lacking:
        return None
    return _saying(row, to, at, values={"number": str(lacking)})


def coming_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """Asks whether someone still comes; not said once they answered, or the shift moved."""
    row = _about(db, to.subject_id)
    if row is None or not is_on(row, at) or row.starts_at <= at or moved(row, to):
        return None
    if row.coming_at or row.cant_at:
        return None
    return _saying(row, to, at, answers=(STILL_COMING, NOT_COMING))


def who_in(row: Any, name: str, language: str) -> str:
    """How a message names someone: not at all about a sensitive program."""
    return CATALOGS[language].say(text("Someone")) if is_private(row) else name


def _of_slot(db: Session, slot_id: int) -> Any:
    return db.execute(OF_SLOT.where(Slot.id == slot_id)).one()


def asked_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    ask = db.get_one(Ask, to.subject_id)
    row = _of_slot(db, ask.slot_id)
    if ask.answer or not _is_wanted(db, ask, row, at):
        return None
    return _saying(
        row,
        to,
        at,
        link=(SEE, f"/asks/{ask.id}"),
        answers=(YES, NO_THANKS),
    )


def asked_several(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """The shifts about which someone was asked at one moment, as far as they still wait for an answer."""
    first = db.get_one(Ask, to.subject_id)
    asks = db.scalars(
        select(Ask)
        .where(Ask.person_id == first.person_id, Ask.asked_at == first.asked_at, Ask.answer == "")
        .order_by(Ask.id)
    )
    found = [(ask, _of_slot(db, ask.slot_id)) for ask in asks]
    rows = sorted(
        (row for ask, row in found if _is_wanted(db, ask, row, at)),
        key=lambda row: row.starts_at,
    )
    if not rows:
        return None
    lines = [f"{when(row, to.language, at)}: {what_of(row, to.language)}" for row in rows]
    return Saying({"number": str(len(rows))}, link=(SEE_ALL, "/me"), lines=tuple(lines))


def _is_wanted(db: Session, ask: Ask, row: Any, at: datetime) -> bool:
    """Whether a question still helps: its shift is ahead, and a yes would find room."""
    return not row.canceled_at and row.starts_at > at and _has_room(db, ask, row)


def _has_room(db: Session, ask: Ask, row: Any) -> bool:
    """Whether a yes would still help: a spot is free, or someone on it can't make it."""
    cant = select(Signup.id).where(
        Signup.slot_id == ask.slot_id,
        CANT_COME,
    )
    return row.filled + row.held < row.maximum or db.scalar(cant.limit(1)) is not None


def taken(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    ask = db.get_one(Ask, to.subject_id)
    row = _of_slot(db, ask.slot_id)
    if ask.answer or row.canceled_at or row.starts_at <= at or _has_room(db, ask, row):
        return None
    return _saying(row, to, at)


def helped(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _about(db, to.subject_id)
    if row is None or not is_on(row, at):
        return None
    who = db.get_one(Person, row.person_id).name
    link = (text("See the roster"), f"/shifts/{row.shift_id}/roster")
    return _saying(row, to, at, link=link, values={"who": who_in(row, who, to.language)})


def offered_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    wait = db.get_one(Waiting, to.subject_id)
    if wait.state != WaitingState.OFFERED or wait.answer_by is None or wait.answer_by <= at:
        return None
    row = _of_slot(db, wait.slot_id)
    answer_by = wait.answer_by
    if not wait.person.mailable:  # the time starts when they are reached
        longest = time_to_answer(db, settings)
        answer_by = min(answer_by, wait.shift.answer_by(longest, at))
    until = clock.moment_text(answer_by, row.zone, to.language, at.year)
    return _saying(
        row,
        to,
        at,
        values={"until": until},
        answers=(YES, PASS, LEAVE),
    )


def lapsed(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    wait = db.get_one(Waiting, to.subject_id)
    row = _of_slot(db, wait.slot_id)
    if wait.state != WaitingState.LAPSED or row.starts_at <= at:
        return None
    return _saying(row, to, at)


def regular_saying(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    regular = db.get_one(Regular, to.subject_id)
    if regular.ended_at:
        return None
    rows = db.execute(
        ABOUT.where(
            Signup.regular_id == regular.id,
            Signup.state == SignupState.SIGNED_UP,
            Shift.starts_at > at,
        )
        .order_by(Shift.starts_at)
        .limit(60)
    ).all()
    if not rows:
        return _no_dates_left(regular, to)
    rhythm = CATALOGS[to.language].say(rule_words(regular.pattern.rule))
    return Saying(
        {
            "what": what_of(rows[0], to.language),
            "rhythm": rhythm,
            "number": str(len(rows)),
            "where": site_of(rows[0]),
        },
        link=(text("See your dates"), f"/regulars/{regular.id}"),
        lines=tuple(when(row, to.language, at) for row in rows),
    )


def _no_dates_left(regular: Regular, to: Envelope) -> Saying | None:
    if to.kind != REGULAR_CHANGED.name:
        return None
    program = regular.pattern.program
    what = program.public_label if program.sensitive else regular.pattern.title or program.name
    none = CATALOGS[to.language].say(text("You have no upcoming dates."))
    return Saying({"what": what, "rhythm": "", "number": "0", "where": ""}, lines=(none,))
