"""Finding the speaker: asking, holding, confirming; yes, no, lapsing to the next; replacing.

Lock order: persons by id, then the talk. One speaker is accepted for a talk (a partial unique index stands
behind it), and one talk for a speaker's time: whoever is confirmed first has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.commitments.commitments import commit_time, free_time, hold_time
from portal.outreach import notices, obstacles
from portal.outreach.asking import note_event, tell_news, tell_requester
from portal.outreach.booking import (
    LEAST_NOTICE,
    accepted,
    book,
    lock_talk,
    note,
    offers_of,
    tell_confirmed,
    when_of,
)
from portal.outreach.clashing import ENGAGED, clash_of, excuse
from portal.outreach.fitness import not_fit
from portal.outreach.models import TalkRequest
from portal.outreach.talk_models import (
    CURRENT_TALKS,
    OPEN_OFFERS,
    PENDING,
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
    TalkState,
)
from portal.people.models import Person
from portal.people.people import lock_people, short_name
from portal.people.telling import tell
from portal.permissions import NOBODY
from portal.web.errors import NotFound, Refused, refuse_for
from portal.web.words import text

ANSWER_HOURS = 72


@dataclass(frozen=True)
class Asking:
    """How somebody is asked: as what, with how many hours to answer, and why in spite of a clash. `mode` is
    "ask", "hold" (keep the time, ask nobody) or "yes" (they said yes to us already)."""

    role: str = Speaks.SPEAKER
    mode: str = "ask"
    hours: int = ANSWER_HOURS
    clash_reason: str = ""
    asked: str | None = None


def ask(act: Act, talk: Presentation, person: Person, how: Asking) -> SpeakerOffer:
    """Ask somebody to take part in a talk, hold their time, or confirm them. While another speaker is asked,
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
    waits = how.mode == "ask" and speaks and _somebody_is_asked(offers)
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
        _engage(act.db, talk, offer, None)
        _confirm(act, talk, offer)
    elif not waits:
        _begin(act, talk, offer, hold=how.mode == "hold")
    note(act, talk, {"ask": "asked", "hold": "held", "yes": "confirmed"}[how.mode])
    return offer


def book_with(
    act: Act, request: TalkRequest, starts_at: datetime, person: Person, how: Asking
) -> SpeakerOffer:
    """Book a date and, in the same press, ask, hold or confirm somebody; their time is held first."""
    lock_people(act.db, [person.id])
    talk = book(act, request, starts_at)
    return ask(act, talk, person, how)


def _somebody_is_asked(offers: Sequence[SpeakerOffer]) -> bool:
    return any(one.state in PENDING and one.role == Speaks.SPEAKER for one in offers)


def _engage(
    db: Session, talk: Presentation, offer: SpeakerOffer, held_until: datetime | None
) -> None:
    free_time(db, ENGAGED, [offer.id])
    commit_time(db, offer.person_id, ENGAGED, offer.id, talk.starts_at, talk.ends_at, held_until)


def _begin(act: Act, talk: Presentation, offer: SpeakerOffer, *, hold: bool = False) -> None:
    """Hold the time until the answer is due, and ask."""
    offer.answer_by = min(act.at + timedelta(hours=offer.hours), talk.starts_at - LEAST_NOTICE)
    offer.state = OfferState.HELD if hold else OfferState.ASKED
    offer.asked_at = None if hold else act.at
    _engage(act.db, talk, offer, offer.answer_by)
    act.db.flush()
    if not hold:
        tell(act, notices.OFFERED, offer, [offer.person_id], starts_at=talk.starts_at)


def ask_held(act: Act, offer: SpeakerOffer) -> None:
    """Whose time is held is asked now."""
    talk = _locked(act.db, offer)
    if offer.state != OfferState.HELD:
        raise Refused(text("This hold has ended. Please look again."))
    _, busy, fields = obstacles.of_the_time(act.db, talk, offer.person, "", offer)
    refuse_for(
        *obstacles.of_the_talk(act.db, talk, act.at),
        *obstacles.of_the_notice(talk, act.at),
        *busy,
        fields=fields,
    )
    _begin(act, talk, offer)
    note(act, talk, "asked")


def all_the_same(act: Act, offer: SpeakerOffer, why: str) -> None:
    """Somebody takes part although they are away: why that is all right."""
    talk = _locked(act.db, offer)
    if offer.state not in OPEN_OFFERS:
        raise Refused(text("This question is not open any more."))
    excuse(offer, why, act.at, clash_of(act.db, offer.person_id, when_of(talk)))
    note(act, talk, "all_the_same")


def _locked(db: Session, offer: SpeakerOffer) -> Presentation:
    lock_people(db, [offer.person_id])
    talk = lock_talk(db, offer.presentation_id)
    db.refresh(offer)
    return talk


def accept(act: Act, offer: SpeakerOffer) -> None:
    """Somebody says yes, or a clerk says it for them (who `asked`). Judged anew: still open, cleared on the
    day, and no other talk of theirs at that time. Twice is once."""
    talk = _locked(act.db, offer)
    if offer.state == OfferState.ACCEPTED:
        return
    staff = act.asked is not None
    late = not staff and offer.answer_by is not None and offer.answer_by <= act.at
    if offer.state not in ((*PENDING, OfferState.WAITS) if staff else (OfferState.ASKED,)):
        raise Refused(text("This question is not open any more."))
    refuse_for(
        *([text("The time to answer is over. Please call us.")] if late else []),
        *obstacles.of_the_talk(act.db, talk, act.at),
        *obstacles.of_a_yes(act.db, talk, offer, offers_of(act.db, talk.id)),
    )
    offer.asked = act.asked or None
    if offer.state == OfferState.WAITS:
        _engage(act.db, talk, offer, None)
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
    tell(act, notices.SPEAKING, offer, [offer.person_id])
    if first:
        tell_confirmed(act, talk)
    elif offer.role == Speaks.SPEAKER and again:
        tell_requester(act, notices.OTHER_SPEAKER, talk.request, talk=talk.id)
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
    """Somebody says no, or can't make it after all; the next in the queue is asked. Twice is once."""
    talk = _locked(act.db, offer)
    if offer.state not in OPEN_OFFERS:
        return
    was = offer.state
    offer.asked = act.asked or None
    if was == OfferState.ACCEPTED:
        refuse_for(*obstacles.of_the_talk(act.db, talk, act.at))
        _release(act, talk, offer)
    else:
        _end(act.db, offer, OfferState.DECLINED, act.at)
    tell_news(act, talk.request, talk.clerk_id, "out" if was == OfferState.ACCEPTED else "no")
    note(act, talk, "declined")
    ask_next(act, talk)


def give_answer(act: Act, offer_id: int, answer: str) -> None:
    """A speaker's "yes" or "no" from the mail that asked them. Raises NotFound for somebody else's."""
    offer = act.db.get(SpeakerOffer, offer_id)
    if offer is None or offer.person_id != act.by.person_id:
        raise NotFound
    (accept if answer == "yes" else decline)(act, offer)


def drop(act: Act, offer: SpeakerOffer) -> None:
    """The office takes somebody off: a confirmed one is told; one who was asked need not answer any more. The
    next in the queue is asked."""
    talk = _locked(act.db, offer)
    if offer.state not in OPEN_OFFERS:
        return
    was = offer.state
    if was == OfferState.ACCEPTED:
        refuse_for(*obstacles.of_the_talk(act.db, talk, act.at))
        _release(act, talk, offer)
    else:
        _end(act.db, offer, OfferState.WITHDRAWN, act.at)
    note(act, talk, "dropped")
    ask_next(act, talk)


def _release(act: Act, talk: Presentation, offer: SpeakerOffer) -> None:
    _end(act.db, offer, OfferState.RELEASED, act.at)
    talk.sequence, talk.revised_at = talk.sequence + 1, act.at
    act.db.flush()
    # a confirmation of one's own "I can't make it" carries the withdrawal for one's calendar, too
    tell(
        act.but(by=NOBODY),
        notices.SPEAKING_ENDED,
        offer,
        [offer.person_id],
        starts_at=talk.starts_at,
    )
    if offer.role == Speaks.SPEAKER:
        note_event(act, talk.request, "speaker_out", short_name(offer.person.name))


def _end(db: Session, offer: SpeakerOffer, state: OfferState, at: datetime) -> None:
    offer.state, offer.answered_at = state, at
    free_time(db, ENGAGED, [offer.id])
    db.flush()


def _end_others(db: Session, offers: Sequence[SpeakerOffer], at: datetime) -> None:
    """Somebody gives the talk: whoever else was asked to, or waited, need not any more."""
    for one in offers:
        if one.role == Speaks.SPEAKER and one.state != OfferState.ACCEPTED:
            _end(db, one, OfferState.WITHDRAWN, at)


def ask_next(act: Act, talk: Presentation) -> SpeakerOffer | None:
    """Ask the first who waits and is still free and fit, if nobody is asked and nobody speaks. The caller holds
    the talk, and the order of locks is never turned: what the next one takes on at this very moment is found
    when they accept."""
    if talk.state not in CURRENT_TALKS or talk.starts_at - LEAST_NOTICE <= act.at:
        return None
    offers = offers_of(act.db, talk.id)
    speaks = any(one.role == Speaks.SPEAKER for one in accepted(offers))
    if speaks or _somebody_is_asked(offers):
        return None
    for one in offers:
        if one.state != OfferState.WAITS:
            continue
        found = clash_of(act.db, one.person_id, when_of(talk), one)
        if found or not_fit(act.db, talk, one.person, one.role):
            _end(act.db, one, OfferState.WITHDRAWN, act.at)
            continue
        _begin(act, talk, one)
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
    talk = _locked(db, offer)
    if offer.state not in PENDING or offer.answer_by is None or offer.answer_by > at:
        return
    was = offer.state
    _end(db, offer, OfferState.LAPSED, at)
    note(Act(db, NOBODY, at), talk, "lapsed")
    following = ask_next(Act(db, NOBODY, at), talk)
    if was == OfferState.ASKED:
        tell(
            Act(db, NOBODY, at), notices.LAPSED, offer, [offer.person_id], starts_at=talk.starts_at
        )
        if following is None and offer.role == Speaks.SPEAKER:
            tell_news(Act(db, NOBODY, at), talk.request, talk.clerk_id, "nobody")
