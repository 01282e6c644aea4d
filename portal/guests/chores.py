"""What the worker does for guests: telling them what changed, reminding them, and forgetting them."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select, update

from portal.act import Act
from portal.guests import guests, message_kinds
from portal.guests.models import Guest, GuestState, OpenEvent
from portal.messages.models import Message
from portal.shifts.models import Shift
from portal.undo.settings import HOLD_MINUTES

BEFORE = timedelta(hours=30)
"""How long before it begins guests are reminded."""
KEPT = timedelta(days=365)
"""How long after an event it is kept who came without an account."""


def to_follow() -> Select[int]:
    """The open events whose shift is at another time now."""
    return (
        select(OpenEvent.id)
        .join(Shift, Shift.id == OpenEvent.shift_id)
        .where(OpenEvent.closed_at.is_(None), OpenEvent.starts_at != Shift.starts_at)
        .order_by(OpenEvent.id)
    )


def follow(act: Act, event_id: int) -> None:
    """Order an event by the time of its shift. Doing it twice is once."""
    row = act.db.get_one(OpenEvent, event_id)
    guests.lock_event(act.db, row)
    row.starts_at = row.shift.starts_at


def _of_coming(at: datetime) -> Select[Guest]:
    return (
        select(Guest)
        .join(OpenEvent, OpenEvent.id == Guest.event_id)
        .join(Shift, Shift.id == OpenEvent.shift_id)
        .where(Guest.state == GuestState.COMING, Guest.name != "", Shift.ends_at > at)
    )


def to_tell(at: datetime) -> Select[int]:
    """Guests whose event was canceled, is on again, or is at another time than they were told; not while what
    was done a moment ago may be undone."""
    news = or_(
        Shift.canceled_at.is_not(None) & ~Guest.told_off,
        Shift.canceled_at.is_(None) & Guest.told_off,
        Shift.canceled_at.is_(None) & (Guest.told_start != Shift.starts_at),
    )
    settled = Shift.revised_at <= at - timedelta(minutes=HOLD_MINUTES.default)
    return (
        _of_coming(at)
        .where(news, settled)
        .with_only_columns(Guest.id)
        .order_by(Shift.starts_at, Guest.id)
    )


def _held(act: Act, found: Select[int], guest_id: int) -> Guest | None:
    query = found.with_only_columns(Guest).order_by(None).where(Guest.id == guest_id)
    return act.db.scalar(query.with_for_update(of=Guest))


def tell_change(act: Act, guest_id: int) -> None:
    """Tell a guest how it stands. Doing it twice is once."""
    row = _held(act, to_tell(act.at), guest_id)
    if row is None:
        return
    shift = row.event.shift
    row.told_start, row.told_off = shift.starts_at, shift.canceled_at is not None
    guests.tell(act, row, message_kinds.OFF if row.told_off else message_kinds.MOVED)


def to_remind(at: datetime) -> Select[int]:
    """Guests whose event is tomorrow, and who did not sign up only now."""
    return (
        _of_coming(at)
        .where(
            Guest.reminded_at.is_(None),
            Shift.canceled_at.is_(None),
            Shift.starts_at > at,
            Shift.starts_at <= at + BEFORE,
            Guest.agreed_at <= at - timedelta(hours=6),
        )
        .with_only_columns(Guest.id)
        .order_by(Shift.starts_at, Guest.id)
    )


def remind(act: Act, guest_id: int) -> None:
    """Remind a guest once."""
    row = _held(act, to_remind(act.at), guest_id)
    if row is not None:
        row.reminded_at = act.at
        guests.tell(act, row, message_kinds.REMINDER)


def to_erase(at: datetime) -> Select[int]:
    """Guests of events a year ago."""
    return (
        select(Guest.id)
        .join(OpenEvent, OpenEvent.id == Guest.event_id)
        .join(Shift, Shift.id == OpenEvent.shift_id)
        .where(Guest.name != "", Shift.ends_at <= at - KEPT)
        .order_by(Guest.id)
    )


def erase(act: Act, guest_id: int) -> None:
    """Erase who a guest was; that someone came stays in the count. Doing it twice is once."""
    if act.db.scalar(to_erase(act.at).where(Guest.id == guest_id)) is None:
        return
    blank = dict.fromkeys(("name", "email", "phone", "digits", "source"), "")
    link = {"link_id": secrets.token_hex(16), "link_hash": secrets.token_hex(32)}
    act.db.execute(update(Guest).where(Guest.id == guest_id).values(**blank, **link, again=False))
    about = (Message.subject_kind == "guest", Message.subject_id == guest_id)
    act.db.execute(update(Message).where(*about).values(address="", told="", shown=""))
