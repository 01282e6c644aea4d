"""Letters that coordinators write to many, and every kind of message of all domains."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from portal.domain import Answerable, Domain
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying, Topic, Urgency
from portal.messages.models import Letter
from portal.messages.several import notices_of_several
from portal.settings import Settings
from portal.words import text

LETTER = Kind("letter", Urgency.CAN_WAIT, Topic.NEWS, calls=True)


def _letter(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    letter = db.get_one(Letter, to.subject_id)
    return Saying(subject=letter.subject, body=letter.body)


NOTICES: Notices = {
    LETTER.name: Notice(
        LETTER, text("Group message"), text("News"), text("Hello {name},"), _letter
    ),
}


def notices_of(domains: Sequence[Domain]) -> Notices:
    """Every kind of message there is, by its name."""
    found = {name: notice for domain in domains for name, notice in domain.notices.items()}
    return found | {one.kind.name: one for one in notices_of_several(found)}


def answerable_of(domains: Sequence[Domain], noun: str) -> Answerable | None:
    """How people answer what a message is about; None for what asks nothing."""
    return next((one.answerable[noun] for one in domains if noun in one.answerable), None)
