"""Taking someone who leaves off coming presentations, as a speaker and as the clerk who looks after them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.outreach import speaker_offers, speakers
from portal.outreach.eligibility import ineligible_reason
from portal.outreach.models import RequestState, TalkRequest
from portal.outreach.talk_models import CURRENT_TALKS, OPEN_OFFERS, Presentation, SpeakerOffer
from portal.people.departures import Engagement, Leaver
from portal.people.models import Leaving
from portal.people.people import lock_people
from portal.people.sessions import viewer_of
from portal.permissions import COMMAND_LINE, Permission, Viewer
from portal.programs.placements import holds_role
from portal.words import Words, text


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Take a leaver off every coming presentation; gives the program of each that they were confirmed for."""
    lock_people(db, [leaver.person_id])
    if holds_role(db, leaver):
        return []
    found = _offers(leaver)
    if leaver.cause == Leaving.ROLE:
        found = found.where(SpeakerOffer.position_id == leaver.position_id)
    offers = db.scalars(found).all()
    if leaver.cause == Leaving.STAFF_ROLE:  # only what they may not do any more
        offers = [
            one
            for one in offers
            if ineligible_reason(db, one.presentation, one.person, one.role) is not None
        ]
    for offer in offers:
        speaker_offers.drop(Act(db, COMMAND_LINE, at), offer)
    if leaver.cause == Leaving.ENDED:
        speakers.end_speaker(Act(db, COMMAND_LINE, at), leaver.person_id)
    if leaver.cause in (Leaving.ENDED, Leaving.STAFF_ROLE):
        _pass_on(db, leaver, viewer_of(db, leaver.person_id, at))
    return [offer.presentation.program_id for offer in offers]


def engaged(db: Session, leaver: Leaver, at: datetime) -> list[Engagement]:
    """The coming presentations of a leaver, and what they look after at the desk."""
    own = _offers(leaver).options(
        joinedload(SpeakerOffer.presentation).joinedload(Presentation.topic)
    )
    talks = _looked_after(leaver).options(joinedload(Presentation.topic))
    requests = select(TalkRequest).where(
        TalkRequest.owner_id == leaver.person_id, TalkRequest.state == RequestState.OPEN
    )
    return [
        *(_talk(text("Presentation"), one.presentation) for one in db.scalars(own)),
        *(
            _talk(text("Presentation assigned to them"), one)
            for one in db.scalars(talks.order_by(Presentation.starts_at))
        ),
        *(
            Engagement(text("Presentation request assigned to them"), one.reference, one.program_id)
            for one in db.scalars(requests.order_by(TalkRequest.id))
        ),
    ]


def _talk(kind: Words, talk: Presentation) -> Engagement:
    topic = talk.topic.name if talk.topic else ""
    return Engagement(kind, topic, talk.program_id, talk.starts_at, talk.zone)


def _offers(leaver: Leaver) -> Select[SpeakerOffer]:
    """The coming presentations that a leaver gives or is asked to give."""
    return (
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


def _looked_after(leaver: Leaver) -> Select[Presentation]:
    return select(Presentation).where(
        Presentation.clerk_id == leaver.person_id,
        Presentation.starts_at >= leaver.starts,
        Presentation.state.in_(CURRENT_TALKS),
    )


def _pass_on(db: Session, leaver: Leaver, still: Viewer) -> None:
    """What a clerk looked after is no one's, so that the desk shows it to everyone; what another role of
    theirs still opens stays with them."""
    if still.everywhere(Permission.OUTREACH_MANAGE):
        return
    keeps = sorted(still.programs_with(Permission.OUTREACH_MANAGE))
    talks = update(Presentation).where(
        Presentation.clerk_id == leaver.person_id, Presentation.starts_at >= leaver.starts
    )
    requests = update(TalkRequest).where(TalkRequest.owner_id == leaver.person_id)
    if keeps:
        talks = talks.where(_of_none_of(Presentation.program_id, keeps))
        requests = requests.where(_of_none_of(TalkRequest.program_id, keeps))
    if leaver.program_id is not None:
        talks = talks.where(Presentation.program_id == leaver.program_id)
        requests = requests.where(TalkRequest.program_id == leaver.program_id)
    db.execute(talks.values(clerk_id=None))
    db.execute(requests.values(owner_id=None))


def _of_none_of(column: Any, programs: Sequence[int]) -> ColumnElement[bool]:
    return or_(column.is_(None), column.not_in(programs))
