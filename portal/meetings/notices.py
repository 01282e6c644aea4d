"""What people are told about meetings: the kinds of messages, their words, and when each is true."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.meetings.events import ABOUT, happening_of, place_of, what_of
from portal.meetings.models import Answer, Invitee
from portal.messages.kinds import Envelope, Kind, Notice, Saying, Topic, Urgency
from portal.occasions.telling import NAMES, Teller
from portal.settings import Settings
from portal.words import text

INVITED = Kind("meeting.invited", Urgency.SOON, calls=True)
ACCEPTED = Kind("meeting.accepted", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True)
TAKEN_BACK = Kind("meeting.taken_back", Urgency.CAN_WAIT, Topic.CONFIRMATIONS, to_actor=True)
CHANGED = Kind("meeting.changed", Urgency.SOON, calls=True)
CANCELED = Kind("meeting.canceled", Urgency.SOON, calls=True)
REMOVED = Kind("meeting.removed", Urgency.SOON, calls=True)
REMINDER = Kind("meeting.reminder", Urgency.SOON, Topic.REMINDERS)

YES = ("yes", text("Yes, I'll come"))
NO = ("no", text("No, I can't come"))
OPEN = (Answer.ASKED, Answer.YES)


def _about(db: Session, invitee_id: int) -> Any:
    return db.execute(ABOUT.where(Invitee.id == invitee_id)).one_or_none()


TELLER = Teller(
    _about,
    what_of,
    place_of,
    happening_of,
    lambda row: (text("See the meeting"), f"/meetings/{row.meeting_id}"),
    lambda row: str(row.canceled_reason),
)


def _comes(row: Any, at: datetime) -> bool:
    return bool(row.answer == Answer.YES and row.canceled_at is None and row.ends_at > at)


def _invited(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """The question, until it is answered or begins."""
    row = _about(db, to.subject_id)
    if row is None or row.answer != Answer.ASKED or row.canceled_at or row.starts_at <= at:
        return None
    return TELLER.say(row, to, at, answers=(YES, NO))


def _changed(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """Another time or place: whoever comes gets the event anew, whoever didn't answer the question."""
    row = _about(db, to.subject_id)
    if row is not None and row.answer == Answer.YES:
        return TELLER.changed(_comes)(db, to, settings, at)
    return _invited(db, to, settings, at)


def _canceled(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = _about(db, to.subject_id)
    if row is None or row.canceled_at is None or row.answer not in OPEN or row.ends_at <= at:
        return None
    more = (
        {"invite": TELLER.invite(row, to, settings, "CANCEL")} if row.answer == Answer.YES else {}
    )
    return TELLER.say(row, to, at, row.canceled_reason, **more)


def _removed(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """They are off the list. Whoever had said yes is told even if they were asked again since: the event in
    their calendar has to go."""
    row = _about(db, to.subject_id)
    came = bool(to.told.get("came"))
    if row is None or row.ends_at <= at:
        return None
    if row.answer == Answer.YES or (row.answer != Answer.REMOVED and not came):
        return None
    more = {"invite": TELLER.invite(row, to, settings, "CANCEL")} if came else {}
    return TELLER.say(row, to, at, **more)


_NOTICES = (
    Notice(
        INVITED,
        text("Invitation to a meeting"),
        text("Can you come? {what}, {when}"),
        text("Hello {name},\n\nYou're invited: {what}, {when}. Can you come?"),
        _invited,
        NAMES,
    ),
    Notice(
        ACCEPTED,
        text("Meeting confirmation"),
        text("See you there: {what}, {when}"),
        text(
            "Hello {name},\n\nYou said yes to {what}, {when}. If you can't come after all, open the "
            "meeting to tell us."
        ),
        TELLER.while_("REQUEST", _comes),
        NAMES,
    ),
    Notice(
        TAKEN_BACK,
        text("Someone can't come to a meeting after all"),
        text("You won't come: {what}, {when}"),
        text(
            "Hello {name},\n\nYou said you can't come to {what}, {when}. Thank you for telling us."
        ),
        TELLER.while_("CANCEL", lambda row, at: row.answer == Answer.NO and row.ends_at > at),
        NAMES,
    ),
    Notice(
        CHANGED,
        text("Meeting time or location changed"),
        text("Changed: {what}, now {when}"),
        text(
            "Hello {name},\n\n{what} changed. It is now {when}. If you can't come, open the meeting to "
            "tell us."
        ),
        _changed,
        (*NAMES, "before"),
    ),
    Notice(
        CANCELED,
        text("Meeting canceled"),
        text("Canceled: {what}, {when}"),
        text("Hello {name},\n\n{what}, {when}, was canceled. You don't need to come."),
        _canceled,
        NAMES,
    ),
    Notice(
        REMOVED,
        text("No longer invited to a meeting"),
        text("You're no longer expected: {what}, {when}"),
        text(
            "Hello {name},\n\nYou're no longer on the list for {what}, {when}. Call us if you have "
            "questions: {phone}."
        ),
        _removed,
        NAMES,
    ),
    Notice(
        REMINDER,
        text("Meeting reminder"),
        text("Reminder: {what}, {when}"),
        text(
            "Hello {name},\n\nYou said yes to {what}, {when}. If you can't come, open the meeting to tell "
            "us."
        ),
        TELLER.reminder(_comes),
        NAMES,
    ),
)
NOTICES = {notice.kind.name: notice for notice in _NOTICES}
