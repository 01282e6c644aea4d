"""What new volunteers and their buddies are told; who it is stands behind the link."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.messages.kinds import Envelope, Notice, Notices, Saying
from portal.programs.application_models import Application
from portal.programs.models import Placement
from portal.recruitment.message_kinds import BUDDY, BUDDY_OF
from portal.settings import Settings
from portal.words import text


def _has_buddy(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    application = db.get(Application, to.subject_id)
    if application is None or application.placement is None:
        return None
    if application.placement.buddy_id is None:
        return None
    return Saying(link=(text("See who it is"), f"/me/applications/{application.id}"))


def _buddy_of(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    placement = db.get(Placement, to.subject_id)
    if placement is None or placement.buddy_id != to.person_id:
        return None
    return Saying(link=(text("See who it is"), "/me/buddies"))


NOTICES: Notices = {
    BUDDY.name: Notice(
        BUDDY,
        text("You have a buddy (new volunteers)"),
        text("You have a buddy"),
        text(
            "Hello {name},\n\nSomeone experienced will help you with your first questions. Open the "
            "link to see who it is."
        ),
        _has_buddy,
    ),
    BUDDY_OF.name: Notice(
        BUDDY_OF,
        text("You're a buddy (volunteers)"),
        text("Someone new is looking forward to meeting you"),
        text(
            "Hello {name},\n\nWould you help someone new with their first questions? You're their "
            "buddy. Open the link to see who it is. If you'd rather not, call {phone}."
        ),
        _buddy_of,
    ),
}
