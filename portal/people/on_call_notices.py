"""What people are told about being on call."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying, Urgency
from portal.people.on_call_models import OnCallDay
from portal.settings import Settings
from portal.words import text

PLANNED = Kind("on_call.planned", Urgency.CAN_WAIT, calls=True)
ASKED = Kind("on_call.asked", Urgency.SOON, calls=True)
COVERED = Kind("on_call.covered", Urgency.SOON, calls=True)
_LINK = (text("See the schedule"), "/on-call")


def _planned(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    return Saying(link=_LINK)


def _asked(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(OnCallDay, to.subject_id)
    if row is None or row.asked_id != to.person_id or row.ends_at <= at:
        return None
    return Saying(link=(text("Answer"), "/on-call"))


NOTICES: Notices = {
    PLANNED.name: Notice(
        PLANNED,
        text("The on-call schedule changed"),
        text("Your days on call changed"),
        text("Hello {name},\n\nThe days on which you're on call changed. See when it's your turn."),
        _planned,
    ),
    ASKED.name: Notice(
        ASKED,
        text("Someone asks you to cover days on call"),
        text("Can you cover days on call?"),
        text(
            "Hello {name},\n\nSomeone asks you to be on call for them. See which days, and answer."
        ),
        _asked,
    ),
    COVERED.name: Notice(
        COVERED,
        text("An answer about covering days on call"),
        text("An answer about your days on call"),
        text("Hello {name},\n\nYou asked someone to cover days on call. They answered."),
        _planned,
    ),
}
