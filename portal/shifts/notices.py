"""What people are told about shifts: the kinds of messages, their words, and when each is still true."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import Envelope, Kind, Notice, Saying, Topic, Urgency
from portal.occasions.outside import is_private, site_of
from portal.occasions.telling import NAMES, Teller, when
from portal.people.models import Membership, Person
from portal.permissions import Role
from portal.programs.models import Program
from portal.settings import Settings
from portal.shifts.events import ABOUT, OF_SLOT, happening_of, what_of
from portal.shifts.models import (
    CANT_COME,
    Ask,
    Regular,
    Shift,
    Signup,
    SignupState,
    Slot,
    Waiting,
    WaitingState,
)
from portal.shifts.recurrence import rule_words
from portal.web.words import CATALOGS, text

MADE = Kind("signup.made", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True)
WITHDRAWN = Kind("signup.withdrawn", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True)
REMOVED = Kind("signup.removed", Urgency.SOON, calls=True)
CANT = Kind("signup.cant", Urgency.SOON)
CALLED_OFF = Kind("shift.called_off", Urgency.SOON, calls=True)
CHANGED = Kind("shift.changed", Urgency.SOON, calls=True)
REMINDER = Kind("shift.reminder", Urgency.SOON, Topic.REMINDERS)
ASKED = Kind("shift.asked", Urgency.SOON, Topic.ASKS, calls=True)
TAKEN = Kind("shift.taken", Urgency.SOON, Topic.ASKS)
HELPED = Kind("shift.helped", Urgency.SOON)
OFFERED = Kind("waiting.offered", Urgency.SOON, calls=True)
LAPSED = Kind("waiting.lapsed", Urgency.SOON)
REGULAR_CHANGED = Kind("regular.changed", Urgency.SOON, calls=True)
REGULAR = Kind("regular.started", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True)
DIGEST = Kind("digest", Urgency.CAN_WAIT, Topic.DIGEST)

SEE = text("See the shift")
MOST_GAPS = 30


def coordinators_of(db: Session, program_id: int) -> Sequence[int]:
    """Who coordinates a program."""
    return db.scalars(
        select(Membership.person_id).where(
            Membership.program_id == program_id,
            Membership.role == Role.COORDINATOR,
            Membership.until.is_(None),
        )
    ).all()


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
_saying, _current = TELLER.say, TELLER.while_


def _is_on(row: Any, at: datetime) -> bool:
    return bool(row.state == SignupState.SIGNED_UP and row.ends_at > at)


def _was(state: SignupState, row: Any, at: datetime) -> bool:
    return bool(row.state == state and row.ends_at > at)


def _cant(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _about(db, to.subject_id)
    if row is None or not _is_on(row, at) or row.cant_at is None:
        return None
    who = db.get_one(Person, row.person_id).name
    link = (text("Ask others"), f"/shifts/{row.shift_id}/asks")
    return _saying(
        row, to, at, row.cant_reason, link=link, values={"who": _who(row, who, to.language)}
    )


def _who(row: Any, name: str, language: str) -> str:
    return CATALOGS[language].say(text("Somebody")) if is_private(row) else name


def _of_slot(db: Session, slot_id: int) -> Any:
    return db.execute(OF_SLOT.where(Slot.id == slot_id)).one()


def _asked(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    ask = db.get_one(Ask, to.subject_id)
    row = _of_slot(db, ask.slot_id)
    if ask.answer or row.called_off_at or row.starts_at <= at or not _has_room(db, ask, row):
        return None
    return _saying(
        row,
        to,
        at,
        link=(SEE, f"/asks/{ask.id}"),
        answers=(YES, NO_THANKS),
    )


def _has_room(db: Session, ask: Ask, row: Any) -> bool:
    """Whether a yes would still help: a spot is free, or somebody on it can't make it."""
    cant = select(Signup.id).where(
        Signup.slot_id == ask.slot_id,
        CANT_COME,
    )
    return row.filled + row.held < row.maximum or db.scalar(cant.limit(1)) is not None


def _taken(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    ask = db.get_one(Ask, to.subject_id)
    row = _of_slot(db, ask.slot_id)
    if ask.answer or row.called_off_at or row.starts_at <= at or _has_room(db, ask, row):
        return None
    return _saying(row, to, at)


def _helped(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _about(db, to.subject_id)
    if row is None or not _is_on(row, at):
        return None
    who = db.get_one(Person, row.person_id).name
    link = (text("See the roster"), f"/shifts/{row.shift_id}/roster")
    return _saying(row, to, at, link=link, values={"who": _who(row, who, to.language)})


def _offered(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    wait = db.get_one(Waiting, to.subject_id)
    if wait.state != WaitingState.OFFERED or wait.answer_by is None or wait.answer_by <= at:
        return None
    row = _of_slot(db, wait.slot_id)
    answer_by = wait.answer_by
    if not wait.person.mailable:  # the time starts when they are reached
        longest = timedelta(hours=settings.offer_hours)
        answer_by = min(answer_by, wait.shift.answer_by(longest, at))
    until = clock.moment_text(answer_by, row.zone, to.language, at.year)
    return _saying(
        row,
        to,
        at,
        values={"until": until},
        answers=(YES, PASS, LEAVE),
    )


def _lapsed(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    wait = db.get_one(Waiting, to.subject_id)
    row = _of_slot(db, wait.slot_id)
    if wait.state != WaitingState.LAPSED or row.starts_at <= at:
        return None
    return _saying(row, to, at)


def _regular(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
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
    none = CATALOGS[to.language].say(text("None any more."))
    return Saying({"what": what, "rhythm": "", "number": "0", "where": ""}, lines=(none,))


_GAPS = (
    select(
        Shift.id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Program.name.label("program"),
        Program.public_label,
        Program.visibility,
        Slot.minimum,
        Slot.filled,
    )
    .join(Slot, Slot.shift_id == Shift.id)
    .join(Program, Program.id == Shift.program_id)
    .join(Membership, Membership.program_id == Shift.program_id)
    .where(
        Membership.role == Role.COORDINATOR,
        Membership.until.is_(None),
        Shift.called_off_at.is_(None),
        Slot.filled < Slot.minimum,
    )
    .order_by(Shift.starts_at, Slot.id)
    .limit(MOST_GAPS)
)


def _digest(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """The gaps of the coming seven days in one's programs; nothing when there is none."""
    rows = db.execute(
        _GAPS.where(
            Membership.person_id == to.person_id,
            Shift.starts_at > at,
            Shift.starts_at < at + 7 * clock.ONE_DAY,
        )
    ).all()
    if not rows:
        return None
    catalog = CATALOGS[to.language]
    lines = []
    for row in rows:
        needed = catalog.ngettext(
            "%(n)s more needed", "%(n)s more needed", row.minimum - row.filled
        ) % {"n": row.minimum - row.filled}
        what = row.public_label if is_private(row) else row.title or row.program
        lines.append(f"{when(row, to.language, at)}: {what}, {needed}")
    link = (text("Open the schedule"), "/schedule?view=list")
    return Saying({"number": str(len(rows))}, link=link, lines=tuple(lines))


YES = ("yes", text("Yes, I take it"))
NO_THANKS = ("no", text("Sorry, not this time"))
PASS = ("pass", text("Not this time, keep my place in line"))
LEAVE = ("leave", text("No, and leave the line"))

_NOTICES = (
    Notice(
        MADE, text("Confirmation of a shift"), text("You're signed up: {what}, {when}"),
        text("Hello {name},\n\nthank you! You're signed up for this shift."),
        _current("REQUEST", _is_on), NAMES,
    ),
    Notice(
        WITHDRAWN, text("Off a shift, at one's own wish"), text("You're off: {what}, {when}"),
        text("Hello {name},\n\nyou're off this shift. Thank you for telling us."),
        _current("CANCEL", partial(_was, SignupState.WITHDRAWN)), NAMES,
    ),
    Notice(
        REMOVED, text("Taken off a shift by the office"), text("We took you off: {what}, {when}"),
        text("Hello {name},\n\nwe took you off this shift. Questions? Call {contact}, {contact_phone}."),
        _current("CANCEL", partial(_was, SignupState.REMOVED)), NAMES,
    ),
    Notice(
        CALLED_OFF, text("A shift is called off"), text("Called off: {what}, {when}"),
        text("Hello {name},\n\nthis shift is called off. You don't need to come."),
        _current("CANCEL", partial(_was, SignupState.CALLED_OFF)), NAMES,
    ),
    Notice(
        CHANGED, text("A shift changed its time or place"), text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\nyour shift changed. It was {before}. If you can't come, please take "
            "yourself off or call {contact}, {contact_phone}."
        ),
        TELLER.changed(_is_on), (*NAMES, "before"),
    ),
    Notice(
        REMINDER, text("Reminder before a shift"), text("Reminder: {what}, {when}"),
        text("Hello {name},\n\nwe look forward to seeing you."),
        TELLER.reminder(_is_on), NAMES,
    ),
    Notice(
        CANT, text("Somebody can't make it (to coordinators)"), text("Can't make it: {what}, {when}"),
        text("Hello {name},\n\n{who} can't make it to this shift."), _cant, (*NAMES, "who"),
    ),
    Notice(
        ASKED, text("Asking somebody to help"), text("Could you help? {what}, {when}"),
        text("Hello {name},\n\nthis shift needs someone. Could you help out? The first to say yes gets it."),
        _asked, NAMES,
    ),
    Notice(
        TAKEN, text("Somebody else helps already"), text("Taken, thank you: {what}, {when}"),
        text("Hello {name},\n\nsomebody else took this shift. Thank you for thinking about it!"),
        _taken, NAMES,
    ),
    Notice(
        HELPED, text("Somebody said yes (to the one who asked)"), text("Covered: {what}, {when}"),
        text("Hello {name},\n\n{who} said yes and is on this shift now."), _helped,
        (*NAMES, "who"),
    ),
    Notice(
        OFFERED, text("A spot is free for somebody in line"), text("A spot is free for you: {what}, {when}"),
        text("Hello {name},\n\na spot got free, and you are next in line. It is kept for you until {until}."),
        _offered, (*NAMES, "until"),
    ),
    Notice(
        LAPSED, text("An offered spot went to the next"), text("The spot went to the next: {what}, {when}"),
        text("Hello {name},\n\nwe did not hear from you in time, so the spot went to the next in line."),
        _lapsed, NAMES,
    ),
    Notice(
        REGULAR, text("Confirmation of regular shifts"), text("Your regular shifts: {what}"),
        text("Hello {name},\n\nthank you! You come regularly now: {rhythm}. These are your dates."),
        _regular, ("what", "rhythm", "number", "where"),
    ),
    Notice(
        REGULAR_CHANGED, text("Regular shifts change"), text("Changed: your regular shifts, {what}"),
        text("Hello {name},\n\nyour regular shifts changed. These are your dates now."),
        _regular, ("what", "rhythm", "number", "where"),
    ),
    Notice(
        DIGEST, text("Each morning: shifts short of people (to coordinators)"),
        text("Shifts of the next 7 days that need people: {number}"),
        text("Good morning {name},\n\nthese shifts of the next 7 days are short of people."),
        _digest, ("number",),
    ),
)  # fmt: skip
NOTICES = {notice.kind.name: notice for notice in _NOTICES}
