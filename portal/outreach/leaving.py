"""Taking somebody who leaves off coming presentations, as a speaker and as the clerk who looks after them."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.outreach import speakers, speaking
from portal.outreach.models import TalkRequest
from portal.outreach.talk_models import CURRENT_TALKS, OPEN_OFFERS, Presentation, SpeakerOffer
from portal.people.departures import Leaver
from portal.people.models import Leaving
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE
from portal.programs.placements import holds_role


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Take a leaver off every coming presentation; gives the program of each that they were confirmed for."""
    lock_people(db, [leaver.person_id])
    if holds_role(db, leaver):
        return []
    found = (
        select(SpeakerOffer)
        .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
        .where(
            SpeakerOffer.person_id == leaver.person_id,
            SpeakerOffer.state.in_(OPEN_OFFERS),
            Presentation.state.in_(CURRENT_TALKS),
            Presentation.starts_at >= leaver.starts,
        )
        .order_by(SpeakerOffer.presentation_id)
    )
    if leaver.cause == Leaving.ROLE:
        found = found.where(SpeakerOffer.position_id == leaver.position_id)
    if leaver.cause == Leaving.STAFF_ROLE:
        found = found.where(SpeakerOffer.position_id.is_(None))
    offers = db.scalars(found).all()
    for offer in offers:
        speaking.drop(db, COMMAND_LINE, offer, at)
    if leaver.cause == Leaving.ENDED:
        speakers.end_speaker(db, COMMAND_LINE, leaver.person_id, at)
    if leaver.cause in (Leaving.ENDED, Leaving.STAFF_ROLE):
        _pass_on(db, leaver)
    return [offer.presentation.program_id for offer in offers]


def _pass_on(db: Session, leaver: Leaver) -> None:
    """What a clerk looked after is nobody's, so that the desk shows it to everyone."""
    talks = update(Presentation).where(
        Presentation.clerk_id == leaver.person_id, Presentation.starts_at >= leaver.starts
    )
    requests = update(TalkRequest).where(TalkRequest.owner_id == leaver.person_id)
    if leaver.program_id is not None:
        talks = talks.where(Presentation.program_id == leaver.program_id)
        requests = requests.where(TalkRequest.program_id == leaver.program_id)
    db.execute(talks.values(clerk_id=None))
    db.execute(requests.values(owner_id=None))
