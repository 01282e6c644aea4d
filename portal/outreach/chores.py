"""What the worker does for outreach: reminders before talks, "How did it go?" after them, and requests whose
address no one proved."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.outreach import message_kinds
from portal.outreach.booking import OFFER
from portal.outreach.intake import expire
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.talk_models import OfferState, Presentation, SpeakerOffer, Speaks, TalkState
from portal.people import reminding
from portal.people.models import Person
from portal.people.notify import To, tell_all
from portal.people.reminding import Reminder
from portal.permissions import COMMAND_LINE

MARK = "talks"
ASKED_FOR = timedelta(days=3)
"""How long after a talk its speaker may still be asked how it went."""


def _take_part() -> Any:
    return (
        select(
            SpeakerOffer.id,
            SpeakerOffer.person_id,
            Presentation.program_id,
            Presentation.starts_at,
        )
        .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
        .join(Person, Person.id == SpeakerOffer.person_id)
        .where(SpeakerOffer.state == OfferState.ACCEPTED, Presentation.state != TalkState.CANCELED)
    )


REMINDERS = (Reminder(message_kinds.REMINDER, OFFER, Presentation.starts_at, _take_part),)


def due(db: Session, at: datetime) -> bool:
    """Whether there may be something to do, without writing."""
    return reminding.due(db, MARK, at)


def work(db: Session, at: datetime) -> int:
    """Remind, ask how it went, and let requests expire; gives how many were told."""
    number = reminding.remind(db, MARK, REMINDERS, at)
    expire(db, at)
    return number + _ask_how(db, at)


def _ask_how(db: Session, at: datetime) -> int:
    """Ask the speaker of every talk that is over, once."""
    written = select(TalkOutcome.presentation_id)
    found = db.execute(
        select(SpeakerOffer.id, SpeakerOffer.person_id, Presentation.program_id)
        .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
        .where(
            SpeakerOffer.state == OfferState.ACCEPTED,
            SpeakerOffer.role == Speaks.SPEAKER,
            Presentation.state == TalkState.CONFIRMED,
            Presentation.starts_at > at - ASKED_FOR,
            Presentation.ends_at <= at,
            Presentation.id.not_in(written),
        )
    ).all()
    to = [To(row.person_id, row.id, row.program_id, key=f"how:{row.id}") for row in found]
    tell_all(Act(db, COMMAND_LINE, at), message_kinds.HOW, OFFER, to)
    return len(to)
