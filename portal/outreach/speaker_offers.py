"""Finding the speaker: asking, holding, confirming; yes, no, lapsing to the next; replacing.

Lock order: persons by id, then the talk. One speaker is accepted for a talk (a partial unique index stands
behind it), and one talk for a speaker's time: whoever is confirmed first has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.commitments.commitments import hold_time
from portal.outreach import message_kinds, obstacles
from portal.outreach.booking import (
    book,
    lock_talk,
    note,
    offers_of,
    tell_confirmed,
)
from portal.outreach.clashing import ENGAGED, excuse
from portal.outreach.models import TalkRequest
from portal.outreach.offer_line import ask_next
from portal.outreach.offer_steps import begin, end, engage, locked, somebody_is_asked
from portal.outreach.request_events import note_event, tell_news, tell_requester
from portal.outreach.talk_models import (
    OPEN_OFFERS,
    PENDING,
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
    TalkState,
)
from portal.people.models import Person
from portal.people.notify import notify
from portal.people.people import lock_people, short_name
from portal.permissions import NOBODY
from portal.web.errors import NotFound, Refused, refuse_for
from portal.words import text

ANSWER_HOURS = 72


@dataclass(frozen=True)
class OfferTerms:
    """How someone is asked: as what, with how many hours to answer, and why in spite of a clash. `mode` is
    "ask", "hold" (keep the time, ask no one) or "yes" (they said yes to us already)."""

    role: str = Speaks.SPEAKER
    mode: str = "ask"
    hours: int = ANSWER_HOURS
    clash_reason: str = ""
    asked: str | None = None


def ask(act: Act, talk: Presentation, person: Person, how: OfferTerms) -> SpeakerOffer:
    """Ask someone to take part in a talk, hold their time, or confirm them. While another speaker is asked,
    they are next in the queue. Raises Refused for whoever may not; a clash wants a reason."""
    lock_people(act.db, [person.id])
    lock_talk(act.db, talk.id)
    offers = offers_of(act.db, talk.id)
    speaks = how.role == Speaks.SPEAKER
    found, busy, fields = obstacles.of_the_time(act.db, talk, person, how.clash_reason)
    refuse_for(
        *obstacles.of_the_talk(act.db, talk, act.at),
        *(obstacles.of_the_notice(talk, act.at) if how.mode != "yes" else ()),
        *obstacles.of_the_person(act.db, talk, person, how.role, offers),
        *busy,
        fields=fields,
    )
    waits = how.mode == "ask" and speaks and somebody_is_asked(offers)
    offer = SpeakerOffer(
        presentation_id=talk.id,
        person_id=person.id,
        role=how.role,
        state=OfferState.WAITS,
        position_id=talk.topic.position_id if talk.topic else None,
        hours=how.hours,
        made_at=act.at,
        made_by_id=act.by.person_id,
        asked=how.asked,
    )
    excuse(offer, how.clash_reason, act.at, found)
    act.db.add(offer)
    act.db.flush()
    act.db.refresh(offer, ["person"])
    if how.mode == "yes":
        if speaks:
            _end_others(act.db, offers, act.at)
        engage(act.db, talk, offer, None)
        _confirm(act, talk, offer)
    elif not waits:
        begin(act, talk, offer, hold=how.mode == "hold")
    note(act, talk, {"ask": "asked", "hold": "held", "yes": "confirmed"}[how.mode])
    return offer


def book_with(
    act: Act, request: TalkRequest, starts_at: datetime, person: Person, how: OfferTerms
) -> SpeakerOffer:
    """Book a date and, in the same press, ask, hold or confirm someone; their time is held first."""
    lock_people(act.db, [person.id])
    talk = book(act, request, starts_at)
    return ask(act, talk, person, how)


def accept(act: Act, offer: SpeakerOffer) -> None:
    """Someone says yes, or a clerk says it for them (who `asked`). Judged anew: still open, cleared on the
    day, and no other talk of theirs at that time. Twice is once."""
    talk = locked(act.db, offer)
    if offer.state == OfferState.ACCEPTED:
        return
    staff = act.asked is not None
    late = not staff and offer.answer_by is not None and offer.answer_by <= act.at
    if offer.state not in ((*PENDING, OfferState.WAITS) if staff else (OfferState.ASKED,)):
        raise Refused(text("This question is no longer open."))
    refuse_for(
        *([text("The time to reply is over. Call us.")] if late else []),
        *obstacles.of_the_talk(act.db, talk, act.at),
        *obstacles.of_a_yes(act.db, talk, offer, offers_of(act.db, talk.id)),
    )
    offer.asked = act.asked or None
    if offer.state == OfferState.WAITS:
        engage(act.db, talk, offer, None)
    if offer.role == Speaks.SPEAKER:
        _end_others(
            act.db, [one for one in offers_of(act.db, talk.id) if one.id != offer.id], act.at
        )
    _confirm(act, talk, offer)
    note(act, talk, "accepted")


def _confirm(act: Act, talk: Presentation, offer: SpeakerOffer) -> None:
    """They take part: their time is engaged, and everyone is told."""
    offer.state, offer.answered_at = OfferState.ACCEPTED, act.at
    hold_time(act.db, ENGAGED, offer.id, None)
    first = talk.state == TalkState.TENTATIVE and offer.role == Speaks.SPEAKER
    again = _had_a_speaker(act.db, talk.id)
    if offer.role == Speaks.SPEAKER:
        talk.state, talk.sequence, talk.revised_at = TalkState.CONFIRMED, talk.sequence + 1, act.at
    if first:
        talk.told_sequence = talk.sequence
    act.db.flush()
    notify(act, message_kinds.SPEAKING, offer, [offer.person_id])
    if first:
        tell_confirmed(act, talk)
    elif offer.role == Speaks.SPEAKER and again:
        tell_requester(act, message_kinds.OTHER_SPEAKER, talk.request, talk=talk.id)
    tell_news(act, talk.request, talk.clerk_id, "yes")
    note_event(act, talk.request, "speaker", short_name(offer.person.name))


def _had_a_speaker(db: Session, talk_id: int) -> bool:
    found = select(SpeakerOffer.id).where(
        SpeakerOffer.presentation_id == talk_id,
        SpeakerOffer.role == Speaks.SPEAKER,
        SpeakerOffer.state == OfferState.RELEASED,
    )
    return db.scalar(found.limit(1)) is not None


def decline(act: Act, offer: SpeakerOffer) -> None:
    """Someone says no, or can't make it after all; the next in the queue is asked. Twice is once."""
    talk = locked(act.db, offer)
    if offer.state not in OPEN_OFFERS:
        return
    was = offer.state
    offer.asked = act.asked or None
    if was == OfferState.ACCEPTED:
        refuse_for(*obstacles.of_the_talk(act.db, talk, act.at))
        _release(act, talk, offer)
    else:
        end(act.db, offer, OfferState.DECLINED, act.at)
    tell_news(act, talk.request, talk.clerk_id, "out" if was == OfferState.ACCEPTED else "no")
    note(act, talk, "declined")
    ask_next(act, talk)


def give_answer(act: Act, offer_id: int, answer: str) -> None:
    """A speaker's "yes" or "no" from the mail that asked them. Raises NotFound for someone else's."""
    offer = act.db.get(SpeakerOffer, offer_id)
    if offer is None or offer.person_id != act.by.person_id:
        raise NotFound
    (accept if answer == "yes" else decline)(act, offer)


def drop(act: Act, offer: SpeakerOffer) -> None:
    """The office takes someone off: a confirmed one is told; one who was asked need not answer any more. The
    next in the queue is asked."""
    talk = locked(act.db, offer)
    if offer.state not in OPEN_OFFERS:
        return
    was = offer.state
    if was == OfferState.ACCEPTED:
        refuse_for(*obstacles.of_the_talk(act.db, talk, act.at))
        _release(act, talk, offer)
    else:
        end(act.db, offer, OfferState.WITHDRAWN, act.at)
    note(act, talk, "dropped")
    ask_next(act, talk)


def _release(act: Act, talk: Presentation, offer: SpeakerOffer) -> None:
    end(act.db, offer, OfferState.RELEASED, act.at)
    talk.sequence, talk.revised_at = talk.sequence + 1, act.at
    act.db.flush()
    # a confirmation of one's own "I can't make it" carries the withdrawal for one's calendar, too
    notify(
        act.but(by=NOBODY),
        message_kinds.SPEAKING_ENDED,
        offer,
        [offer.person_id],
        starts_at=talk.starts_at,
    )
    if offer.role == Speaks.SPEAKER:
        note_event(act, talk.request, "speaker_out", short_name(offer.person.name))


def _end_others(db: Session, offers: Sequence[SpeakerOffer], at: datetime) -> None:
    """Someone gives the talk: whoever else was asked to, or waited, need not any more."""
    for one in offers:
        if one.role == Speaks.SPEAKER and one.state != OfferState.ACCEPTED:
            end(db, one, OfferState.WITHDRAWN, at)
