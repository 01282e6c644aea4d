"""What contacts of groups are told about their spots, and when it is still true."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import Envelope, Notice, Saying
from portal.occasions.telling import NAMES, before
from portal.settings import Settings
from portal.shifts.events import OF_SLOT
from portal.shifts.group_models import GroupSpots
from portal.shifts.message_kinds import (
    FELLOW_LEFT,
    GROUP_CHANGED,
    GROUP_ENDED,
    GROUP_KEPT,
    GROUP_NAMES,
)
from portal.shifts.models import Signup, SignupState, Slot
from portal.shifts.sayings import TELLER, who_in
from portal.words import text


def _group_row(db: Session, to: Envelope, at: datetime) -> Any:
    """The spots of a group and their shift; nothing once it is over."""
    spots = db.get(GroupSpots, to.subject_id)
    if spots is None:
        return None, None
    row = db.execute(OF_SLOT.where(Slot.id == spots.slot_id)).one()
    return (spots, row) if row.ends_at > at else (None, None)


def _group_saying(spots: GroupSpots, row: Any, to: Envelope, at: datetime, **more: Any) -> Saying:
    link = (text("See your group's spots"), f"/shifts/{spots.shift_id}/groups")
    values = {"group": spots.group.name, "number": str(spots.spots)} | more
    return TELLER.say(row, to, at, link=link, values=values)


def group_kept(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """A group has spots on a shift."""
    spots, row = _group_row(db, to, at)
    return None if spots is None or spots.ended_at else _group_saying(spots, row, to, at)


def group_ended(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """A group has no spots on a shift any more."""
    spots, row = _group_row(db, to, at)
    return None if spots is None or not spots.ended_at else _group_saying(spots, row, to, at)


def group_changed(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """The shift of a group is at another time or place."""
    spots, row = _group_row(db, to, at)
    if spots is None or spots.ended_at:
        return None
    return _group_saying(spots, row, to, at, before=before(row, to, at))


def group_names(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """Spots of a group have to be taken by someone before the cut-off."""
    spots, row = _group_row(db, to, at)
    if spots is None or spots.ended_at or spots.shift.withdraw_until <= at:
        return None
    until = clock.moment_text(spots.shift.withdraw_until, row.zone, to.language, at.year)
    return _group_saying(spots, row, to, at, until=until)


def fellow_left(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    """Someone who comes together with the reader is off a shift that the reader is on."""
    gone = db.get_one(Signup, to.subject_id)
    still = select(Signup.id).where(
        Signup.shift_id == gone.shift_id,
        Signup.person_id.in_((to.person_id, gone.person_id)),
        Signup.state == SignupState.SIGNED_UP,
    )
    row = db.execute(OF_SLOT.where(Slot.id == gone.slot_id)).one()
    if len(db.scalars(still).all()) != 1 or row.ends_at <= at:
        return None
    values = {"who": who_in(row, gone.person.name, to.language)}
    link = (text("See the shift"), f"/shifts/{gone.shift_id}")
    return TELLER.say(row, to, at, link=link, values=values)


_NOTICES = (
    Notice(
        FELLOW_LEFT,
        text("Someone one comes together with left the shift"),
        text("You're on this shift alone now: {what}, {when}"),
        text(
            "Hello {name},\n\n{who} no longer comes to {what}, {when}. You're still signed up. If you can't "
            "come alone, open the shift to tell us, or call {contact}, {contact_phone}."
        ),
        fellow_left,
        (*NAMES, "who"),
    ),
    Notice(
        GROUP_KEPT,
        text("A group has spots on a shift (its contact)"),
        text("Spots for {group}: {what}, {when}"),
        text(
            "Hello {name},\n\n{group} has spots on {what}, {when}: {number}. Open the shift to say who comes, "
            "or to give spots back. Questions? Call {contact}, {contact_phone}."
        ),
        group_kept,
        (*NAMES, "group", "number"),
    ),
    Notice(
        GROUP_ENDED,
        text("A group's spots ended (its contact)"),
        text("No spots for {group} now: {what}, {when}"),
        text(
            "Hello {name},\n\n{group} has no spots kept on {what}, {when}, now. Questions? Call {contact}, "
            "{contact_phone}."
        ),
        group_ended,
        (*NAMES, "group"),
    ),
    Notice(
        GROUP_CHANGED,
        text("A group's shift changed (its contact)"),
        text("Changed for {group}: {what}, now {when}"),
        text(
            "Hello {name},\n\nThe shift of {group} changed. It is now {what}, {when}. Please tell the others. "
            "Questions? Call {contact}, {contact_phone}."
        ),
        group_changed,
        (*NAMES, "group", "before"),
    ),
    Notice(
        GROUP_NAMES,
        text("A group's spots still need people (its contact)"),
        text("Who comes from {group}? {what}, {when}"),
        text(
            "Hello {name},\n\n{group} has spots on {what}, {when}, that no one has taken yet: {number}. Each "
            "person needs a record of their own. Sign them up by {until}. After that the spots open for others."
        ),
        group_names,
        (*NAMES, "group", "number", "until"),
    ),
)
GROUP_NOTICES = {notice.kind.name: notice for notice in _NOTICES}
