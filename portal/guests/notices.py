"""What guests are told: the words, and when each is true."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import clock
from portal.guests.events import title_of
from portal.guests.guests import guest_path
from portal.guests.message_kinds import COMING, MOVED, OFF, REMINDER
from portal.guests.models import Guest, GuestState
from portal.messages.kinds import Envelope, Notice, Notices, Saying
from portal.settings import Settings
from portal.words import text

LINK = text("See or change your plan")


def _still(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """While they come, and it is on."""
    row = db.get(Guest, to.subject_id)
    if row is None or row.state != GuestState.COMING or not row.name:
        return None
    shift = row.event.shift
    if shift.canceled_at is not None or shift.ends_at <= at or shift.program.sensitive:
        return None
    return _saying(db, row, to, settings, at)


def _off(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(Guest, to.subject_id)
    if row is None or not row.name or row.event.shift.canceled_at is None:
        return None
    return _saying(db, row, to, settings, at)


def _saying(db: Session, row: Guest, to: Envelope, settings: Settings, at: datetime) -> Saying:
    shift = row.event.shift
    when = clock.span_text(shift.starts_at, shift.ends_at, shift.zone, to.language, at.year)
    link = (LINK, guest_path(settings, row.link_id))
    return Saying({"what": title_of(db, row.event, to.language), "when": when}, link=link)


_NAMES = ("what", "when")
NOTICES: Notices = {
    COMING.name: Notice(
        COMING,
        text("You're coming (guests of open events)"),
        text("You're coming: {what}"),
        text(
            "Hello {name},\n\nThank you! We look forward to seeing you: {what}, {when}. Open the link "
            "to see where it is, or if you can't come."
        ),
        _still,
        _NAMES,
    ),
    MOVED.name: Notice(
        MOVED,
        text("New time (guests of open events)"),
        text("New time: {what}"),
        text(
            "Hello {name},\n\nThe time changed: {what} is now {when}. Open the link if you can't come."
        ),
        _still,
        _NAMES,
    ),
    OFF.name: Notice(
        OFF,
        text("Canceled (guests of open events)"),
        text("Canceled: {what}"),
        text(
            "Hello {name},\n\nWe're sorry. This was canceled: {what}, {when}. Questions? Call {phone}."
        ),
        _off,
        _NAMES,
    ),
    REMINDER.name: Notice(
        REMINDER,
        text("Reminder (guests of open events)"),
        text("Tomorrow: {what}"),
        text(
            "Hello {name},\n\nSee you soon: {what}, {when}. Open the link to see where it is, or if you "
            "can't come."
        ),
        _still,
        _NAMES,
    ),
}
