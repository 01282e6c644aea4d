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
from portal.words import text

ENROLLED = Kind("training.enrolled", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True)
WITHDRAWN = Kind("training.withdrawn", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True)
REMOVED = Kind("training.removed", Urgency.SOON, calls=True)
OFFERED = Kind("training.offered", Urgency.SOON, calls=True)
LAPSED = Kind("training.lapsed", Urgency.SOON)
CHANGED = Kind("training.changed", Urgency.SOON, calls=True)
CANCELED = Kind("training.called_off", Urgency.SOON, calls=True)
REMINDER = Kind("training.reminder", Urgency.SOON, Topic.REMINDERS)
RESULT = Kind("training.result", Urgency.CAN_WAIT)
TEACHING = Kind("training.teaching", Urgency.SOON, calls=True)
NOT_TEACHING = Kind("training.not_teaching", Urgency.SOON, calls=True)
TEACHING_ENDED = Kind("training.teaching_ended", Urgency.SOON, calls=True)
TEACHING_REMINDER = Kind("training.teaching_reminder", Urgency.SOON, Topic.REMINDERS)

SEE = text("See the session")
YES = ("yes", text("Yes, I'll take it"))
NO = ("no", text("No, leave the waitlist"))


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
    lambda row: str(row.canceled_reason if row.canceled_at else row.reason),
)
_saying, _while = TELLER.say, TELLER.while_


def _is_in(row: Any, at: datetime) -> bool:
    return bool(row.state == EnrolmentState.ENROLLED and row.ends_at > at)


def _was(state: EnrolmentState, row: Any, at: datetime) -> bool:
    return bool(row.state == state and row.ends_at > at)


def _gives(row: Any, at: datetime) -> bool:
    return bool(row.canceled_at is None and row.ended_at is None and row.ends_at > at)


def _gave(row: Any, at: datetime) -> bool:
    return bool(row.canceled_at is not None and row.ended_at is None and row.ends_at > at)


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
    return Saying(link=(text("See your training"), "/training"))


_NOTICES = (
    Notice(
        ENROLLED,
        text("Training registration confirmation"),
        text("You're registered: {what}, {when}"),
        text(
            "Hello {name},\n\nYou're registered for {what} on {when}. If you can't make it, "
            "open the session to cancel your spot."
        ),
        _while("REQUEST", _is_in),
        NAMES,
    ),
    Notice(
        WITHDRAWN,
        text("Participant canceled their own spot"),
        text("You're no longer signed up: {what}, {when}"),
        text(
            "Hello {name},\n\nYou canceled your spot in {what}, {when}. Thank you for telling us."
        ),
        _while("CANCEL", partial(_was, EnrolmentState.WITHDRAWN)),
        NAMES,
    ),
    Notice(
        REMOVED,
        text("Removed from a session by the office"),
        text("We removed you: {what}, {when}"),
        text(
            "Hello {name},\n\nWe removed you from {what}, {when}. Call us if you have "
            "questions: {phone}."
        ),
        _while("CANCEL", partial(_was, EnrolmentState.REMOVED)),
        NAMES,
    ),
    Notice(
        OFFERED,
        text("Training waitlist spot offered"),
        text("A spot opened up: {what}, {when}"),
        text(
            "Hello {name},\n\nA spot opened up in {what} on {when}, and you're next on the "
            "waitlist. We'll hold it for you until {until}."
        ),
        _offered,
        (*NAMES, "until"),
    ),
    Notice(
        LAPSED,
        text("Offered training spot went to the next person"),
        text("Your held spot is gone: {what}, {when}"),
        text(
            "Hello {name},\n\nWe didn't hear from you in time, so your spot in {what}, "
            "{when} went to the next person on the waitlist."
        ),
        _lapsed,
        NAMES,
    ),
    Notice(
        CHANGED,
        text("Session time or location changed"),
        text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\nYour session changed. It is now {what}, {when}. If you can't "
            "make it, open the session to cancel your spot."
        ),
        TELLER.changed(_is_in),
        (*NAMES, "before"),
    ),
    Notice(
        CANCELED,
        text("Session canceled"),
        text("Canceled: {what}, {when}"),
        text(
            "Hello {name},\n\n{what} on {when} was canceled. You don't need to come. Open "
            "the training to find another session."
        ),
        _while("CANCEL", partial(_was, EnrolmentState.CANCELED)),
        NAMES,
    ),
    Notice(
        REMINDER,
        text("Training reminder"),
        text("Reminder: {what}, {when}"),
        text(
            "Hello {name},\n\nYou're registered for {what} on {when}. If you can't make it, "
            "open the session to cancel your spot. We look forward to seeing you."
        ),
        TELLER.reminder(_is_in),
        NAMES,
    ),
    Notice(
        RESULT,
        text("Training result"),
        text("Your training result"),
        text(
            "Hello {name},\n\nThere's a result for a training you took. Open your training "
            "page to see it."
        ),
        _result,
    ),
    Notice(
        TEACHING,
        text("Trainer assignment (trainers)"),
        text("You're the trainer: {what}, {when}"),
        text(
            "Hello {name},\n\nYou're the trainer for {what} on {when}. Open the session to "
            "see who is registered."
        ),
        _while("REQUEST", _gives, _given),
        NAMES,
    ),
    Notice(
        NOT_TEACHING,
        text("Session canceled (trainers)"),
        text("Canceled: {what}, {when}"),
        text("Hello {name},\n\n{what} on {when}, which you were going to lead, was canceled."),
        _while("CANCEL", _gave, _given),
        NAMES,
    ),
    Notice(
        TEACHING_ENDED,
        text("Trainer removed"),
        text("You're no longer the trainer: {what}, {when}"),
        text("Hello {name},\n\nYou're no longer the trainer for {what} on {when}."),
        _while("CANCEL", _gives_no_more, _given),
        NAMES,
    ),
    Notice(
        TEACHING_REMINDER,
        text("Training reminder (trainers)"),
        text("Reminder: you lead {what}, {when}"),
        text(
            "Hello {name},\n\nYou're the trainer for {what} on {when}. Open the session to "
            "see who is registered."
        ),
        TELLER.reminder(_gives, _given),
        NAMES,
    ),
)
NOTICES: Notices = {notice.kind.name: notice for notice in _NOTICES}
