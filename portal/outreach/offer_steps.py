"""One step of an offer: it is made, or it ends; the caller holds the talk."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.act import Act
from portal.commitments.commitments import commit_time, free_time
from portal.outreach import message_kinds
from portal.outreach.booking import (
    LEAST_NOTICE,
    lock_talk,
)
from portal.outreach.clashing import ENGAGED
from portal.outreach.talk_models import (
    PENDING,
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
)
from portal.people.notify import notify
from portal.people.people import lock_people


def somebody_is_asked(offers: Sequence[SpeakerOffer]) -> bool:
    """Whether an offer waits for its speaker's answer."""
    return any(one.state in PENDING and one.role == Speaks.SPEAKER for one in offers)


def begin(act: Act, talk: Presentation, offer: SpeakerOffer, *, hold: bool = False) -> None:
    """Hold the time until the answer is due, and ask."""
    offer.answer_by = min(act.at + timedelta(hours=offer.hours), talk.starts_at - LEAST_NOTICE)
    offer.state = OfferState.HELD if hold else OfferState.ASKED
    offer.asked_at = None if hold else act.at
    engage(act.db, talk, offer, offer.answer_by)
    act.db.flush()
    if not hold:
        notify(act, message_kinds.OFFERED, offer, [offer.person_id], starts_at=talk.starts_at)


def locked(db: Session, offer: SpeakerOffer) -> Presentation:
    """A talk and its offers, locked until the transaction ends."""
    lock_people(db, [offer.person_id])
    talk = lock_talk(db, offer.presentation_id)
    db.refresh(offer)
    return talk


def end(db: Session, offer: SpeakerOffer, state: OfferState, at: datetime) -> None:
    """End an offer and free the time it held."""
    offer.state, offer.answered_at = state, at
    free_time(db, ENGAGED, [offer.id])
    db.flush()


def engage(
    db: Session, talk: Presentation, offer: SpeakerOffer, held_until: datetime | None
) -> None:
    """Hold a speaker's time for an offer."""
    free_time(db, ENGAGED, [offer.id])
    commit_time(db, offer.person_id, ENGAGED, offer.id, talk.starts_at, talk.ends_at, held_until)
