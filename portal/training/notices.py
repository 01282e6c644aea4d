"""What people are told about training: the kinds of messages, their words, and when each is true."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import (
    Envelope,
    Kind,
    Notice,
    Notices,
    Saying,
    Topic,
    Urgency,
)
from portal.occasions.telling import NAMES, Teller
from portal.settings import Settings
from portal.training.events import ABOUT, OF_TRAINER, happening_of, place_of, what_of
from portal.training.models import Enrolment, EnrolmentState, SessionTrainer
from portal.web.words import text

ENROLLED = Kind("training.enrolled", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True)
WITHDRAWN = Kind("training.withdrawn", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True)
REMOVED = Kind("training.removed", Urgency.SOON, calls=True)
OFFERED = Kind("training.offered", Urgency.SOON, calls=True)
LAPSED = Kind("training.lapsed", Urgency.SOON)
CHANGED = Kind("training.changed", Urgency.SOON, calls=True)
CALLED_OFF = Kind("training.called_off", Urgency.SOON, calls=True)
REMINDER = Kind("training.reminder", Urgency.SOON, Topic.REMINDERS)
RESULT = Kind("training.result", Urgency.CAN_WAIT)
TEACHING = Kind("training.teaching", Urgency.SOON, calls=True)
NOT_TEACHING = Kind("training.not_teaching", Urgency.SOON, calls=True)
TEACHING_ENDED = Kind("training.teaching_ended", Urgency.SOON, calls=True)
TEACHING_REMINDER = Kind("training.teaching_reminder", Urgency.SOON, Topic.REMINDERS)

SEE = text("See the session")
YES = ("yes", text("Yes, I take it"))
NO = ("no", text("No, and leave the line"))


def _about(db: Session, enrolment_id: int) -> Any:
    return db.execute(ABOUT.where(Enrolment.id == enrolment_id)).one_or_none()


def _given(db: Session, trainer_id: int) -> Any:
    return db.execute(OF_TRAINER.where(SessionTrainer.id == trainer_id)).one_or_none()


TELLER = Teller(
    _about,
    what_of,
    place_of,
    happening_of,
    lambda row: (SEE, f"/training/sessions/{row.session_id}"),
    lambda row: str(row.called_off_reason if row.called_off_at else row.reason),
)
_saying, _while = TELLER.say, TELLER.while_


def _is_in(row: Any, at: datetime) -> bool:
    return bool(row.state == EnrolmentState.ENROLLED and row.ends_at > at)


def _was(state: EnrolmentState, row: Any, at: datetime) -> bool:
    return bool(row.state == state and row.ends_at > at)


def _gives(row: Any, at: datetime) -> bool:
    return bool(row.called_off_at is None and row.ended_at is None and row.ends_at > at)


def _gave(row: Any, at: datetime) -> bool:
    return bool(row.called_off_at is not None and row.ended_at is None and row.ends_at > at)


def _gives_no_more(row: Any, at: datetime) -> bool:
    return bool(row.ended_at is not None and row.ends_at > at)


def _offered(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _about(db, to.subject_id)
    if row is None or row.state != EnrolmentState.OFFERED or row.answer_by <= at:
        return None
    until = clock.moment_text(row.answer_by, row.zone, to.language, at.year)
    return _saying(row, to, at, values={"until": until}, answers=(YES, NO))


def _lapsed(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _about(db, to.subject_id)
    if row is None or row.state != EnrolmentState.LAPSED or row.starts_at <= at:
        return None
    return _saying(row, to, at)


def _result(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """Only that there is a result: which one stands in the portal."""
    row = db.get(Enrolment, to.subject_id)
    if row is None or row.result is None:
        return None
    return Saying(link=(text("See your courses"), "/training"))


_NOTICES = (
    Notice(
        ENROLLED, text("Confirmation of a session"), text("You're in: {what}, {when}"),
        text("Hello {name},\n\nyou have a place in this session."),
        _while("REQUEST", _is_in), NAMES,
    ),
    Notice(
        WITHDRAWN, text("Off a session, at one's own wish"), text("You're off: {what}, {when}"),
        text("Hello {name},\n\nyou're off this session. Thank you for telling us."),
        _while("CANCEL", partial(_was, EnrolmentState.WITHDRAWN)), NAMES,
    ),
    Notice(
        REMOVED, text("Taken off a session by the office"), text("We took you off: {what}, {when}"),
        text("Hello {name},\n\nwe took you off this session. Please call us if you have questions."),
        _while("CANCEL", partial(_was, EnrolmentState.REMOVED)), NAMES,
    ),
    Notice(
        OFFERED, text("A place is free for somebody in line"),
        text("A place is free for you: {what}, {when}"),
        text("Hello {name},\n\na place got free, and you are next in line. It is kept for you until {until}."),
        _offered, (*NAMES, "until"),
    ),
    Notice(
        LAPSED, text("An offered place went to the next"),
        text("The place went to the next: {what}, {when}"),
        text("Hello {name},\n\nwe did not hear from you in time, so the place went to the next in line."),
        _lapsed, NAMES,
    ),
    Notice(
        CHANGED, text("A session changed its time or place"), text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\nyour session changed. It was {before}. If you can't come, please take "
            "yourself off."
        ),
        TELLER.changed(_is_in), (*NAMES, "before"),
    ),
    Notice(
        CALLED_OFF, text("A session is called off"), text("Called off: {what}, {when}"),
        text("Hello {name},\n\nthis session is called off. You don't need to come."),
        _while("CANCEL", partial(_was, EnrolmentState.CALLED_OFF)), NAMES,
    ),
    Notice(
        REMINDER, text("Reminder before a session"), text("Reminder: {what}, {when}"),
        text("Hello {name},\n\nyour session is coming up. We look forward to seeing you."),
        TELLER.reminder(_is_in), NAMES,
    ),
    Notice(
        RESULT, text("There is a result of a course"), text("News about your course"),
        text("Hello {name},\n\nthere is news about a course you took. You find it in the portal."),
        _result,
    ),
    Notice(
        TEACHING, text("Giving a session (to trainers)"), text("You give: {what}, {when}"),
        text("Hello {name},\n\nyou are down as a trainer of this session. This is how it stands now."),
        _while("REQUEST", _gives, _given), NAMES,
    ),
    Notice(
        NOT_TEACHING, text("A session is called off (to trainers)"),
        text("Called off: {what}, {when}"),
        text("Hello {name},\n\nthe session that you were to give is called off."),
        _while("CANCEL", _gave, _given), NAMES,
    ),
    Notice(
        TEACHING_ENDED, text("Taken off as a trainer"), text("You no longer give: {what}, {when}"),
        text("Hello {name},\n\nsomebody else gives this session, or nobody yet. You are off it."),
        _while("CANCEL", _gives_no_more, _given), NAMES,
    ),
    Notice(
        TEACHING_REMINDER, text("Reminder before a session (to trainers)"),
        text("Reminder: you give {what}, {when}"),
        text("Hello {name},\n\nthe session you give is coming up."),
        TELLER.reminder(_gives, _given), NAMES,
    ),
)  # fmt: skip
NOTICES: Notices = {notice.kind.name: notice for notice in _NOTICES}
