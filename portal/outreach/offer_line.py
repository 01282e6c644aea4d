"""Offers that lapse go to the next speaker in line."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.outreach import message_kinds, obstacles
from portal.outreach.booking import (
    LEAST_NOTICE,
    accepted,
    note,
    offers_of,
    when_of,
)
from portal.outreach.clashing import clash_of, excuse
from portal.outreach.eligibility import ineligible_reason
from portal.outreach.offer_steps import begin, end, locked, somebody_is_asked
from portal.outreach.request_events import tell_news
from portal.outreach.talk_models import (
    CURRENT_TALKS,
    OPEN_OFFERS,
    PENDING,
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
)
from portal.people.notify import notify
from portal.permissions import NOBODY
from portal.web.errors import NotFound, Refused, refuse_for
from portal.words import text


def ask_held(act: Act, offer: SpeakerOffer) -> None:
    """Whose time is held is asked now."""
    talk = locked(act.db, offer)
    if offer.state != OfferState.HELD:
        raise Refused(text("This hold ended. Check again."))
    _, busy, fields = obstacles.of_the_time(act.db, talk, offer.person, "", offer)
    refuse_for(
        *obstacles.of_the_talk(act.db, talk, act.at),
        *obstacles.of_the_notice(talk, act.at),
        *busy,
        fields=fields,
    )
    begin(act, talk, offer)
    note(act, talk, "asked")


def all_the_same(act: Act, offer: SpeakerOffer, why: str) -> None:
    """Someone takes part although they are away: why that is all right."""
    talk = locked(act.db, offer)
    if offer.state not in OPEN_OFFERS:
        raise Refused(text("This question is no longer open."))
    excuse(offer, why, act.at, clash_of(act.db, offer.person_id, when_of(talk)))
    note(act, talk, "all_the_same")


def ask_next(act: Act, talk: Presentation) -> SpeakerOffer | None:
    """Offer the talk to the next eligible waiting speaker, if no one is asked and no one speaks. The caller
    holds the talk's lock; conflicts are checked again when they accept."""
    if talk.state not in CURRENT_TALKS or talk.starts_at - LEAST_NOTICE <= act.at:
        return None
    offers = offers_of(act.db, talk.id)
    speaks = any(one.role == Speaks.SPEAKER for one in accepted(offers))
    if speaks or somebody_is_asked(offers):
        return None
    for one in offers:
        if one.state != OfferState.WAITS:
            continue
        found = clash_of(act.db, one.person_id, when_of(talk), one)
        if found or ineligible_reason(act.db, talk, one.person, one.role):
            end(act.db, one, OfferState.WITHDRAWN, act.at)
            continue
        begin(act, talk, one)
        return one
    return None


def due(at: datetime) -> Select[int]:
    """The offers and holds whose time is over, for the worker."""
    return (
        select(SpeakerOffer.id)
        .where(SpeakerOffer.state.in_(PENDING), SpeakerOffer.answer_by <= at)
        .order_by(SpeakerOffer.answer_by, SpeakerOffer.id)
    )


def lapse(db: Session, offer_id: int, at: datetime) -> None:
    """An offer, or a hold, whose time is over ends; the next in the queue is asked."""
    offer = db.get(SpeakerOffer, offer_id)
    if offer is None:
        raise NotFound
    talk = locked(db, offer)
    if offer.state not in PENDING or offer.answer_by is None or offer.answer_by > at:
        return
    was = offer.state
    end(db, offer, OfferState.LAPSED, at)
    note(Act(db, NOBODY, at), talk, "lapsed")
    following = ask_next(Act(db, NOBODY, at), talk)
    if was == OfferState.ASKED:
        notify(
            Act(db, NOBODY, at),
            message_kinds.LAPSED,
            offer,
            [offer.person_id],
            starts_at=talk.starts_at,
        )
        if following is None and offer.role == Speaks.SPEAKER:
            tell_news(Act(db, NOBODY, at), talk.request, talk.clerk_id, "nobody")
