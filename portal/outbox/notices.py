"""Every kind of message there is, from every domain; and letters that coordinators write."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.hours.notices import NOTICES as HOURS_NOTICES
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying, Topic, Urgency
from portal.messages.models import Letter
from portal.outreach.notices import NOTICES as TALK_NOTICES
from portal.people.notices import NOTICES as PEOPLE_NOTICES
from portal.requirements.notices import NOTICES as PAPER_NOTICES
from portal.settings import Settings
from portal.shifts.notices import NOTICES as SHIFT_NOTICES
from portal.training.notices import NOTICES as TRAINING_NOTICES
from portal.web.words import text

LETTER = Kind("letter", Urgency.CAN_WAIT, Topic.NEWS, calls=True)


def _letter(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    letter = db.get_one(Letter, to.subject_id)
    return Saying(subject=letter.subject, body=letter.body)


NOTICES: Notices = {
    **PEOPLE_NOTICES,
    **SHIFT_NOTICES,
    **HOURS_NOTICES,
    **PAPER_NOTICES,
    **TRAINING_NOTICES,
    **TALK_NOTICES,
    LETTER.name: Notice(
        LETTER, text("A letter to many"), text("News"), text("Hello {name},"), _letter
    ),
}
