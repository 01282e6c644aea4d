"""What people are told about their hours."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import clock
from portal.hours.models import HoursQuestion
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying, Urgency
from portal.settings import Settings
from portal.words import text

ANSWERED = Kind("hours.answered", Urgency.CAN_WAIT, calls=True)


def _answered(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    question = db.get_one(HoursQuestion, to.subject_id)
    day = clock.day_text(question.entry.day, to.language, at.year)
    return Saying(
        {"day": day}, link=(text("See the answer"), f"/me/hours?month={question.entry.day:%Y-%m}")
    )


NOTICES: Notices = {
    ANSWERED.name: Notice(
        ANSWERED,
        text("Question about hours answered"),
        text("We answered your question about your hours"),
        text(
            "Hello {name},\n\nYou asked about your hours on {day}. We answered your "
            "question. Open your hours to read it."
        ),
        _answered,
        ("day",),
    ),
}
