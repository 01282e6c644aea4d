"""A speaker's own pages: what one is asked, the talks one gives, how they went, and what one talks about."""

from typing import Any

from portal.outreach import booking, speaker_offers, speakers
from portal.outreach.events import KIND_WORDS
from portal.outreach.forms import CalendarForm, OwnAnswerForm, SpeakerForm
from portal.outreach.mine import own_talks
from portal.outreach.outcome_forms import HELD_WORDS, OutcomeForm
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.request_words import NEED_WORDS
from portal.outreach.scopes import own_offers, own_topics
from portal.outreach.talk_models import OfferState, Presentation, Speaker, SpeakerOffer, TalkState
from portal.outreach.views.outcome import outcome_screen, write_outcome
from portal.outreach.views.words import OFFER_WORDS
from portal.people.models import Person
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

FETCH_WORDS = {
    "address": text("We can't read this address. Enter one that starts with https."),
    "host": text("We can't find this address."),
    "private": text("This address isn't on the public internet."),
    "answer": text("There is no calendar at this address right now. We'll try again later."),
    "size": text("This calendar is too large."),
    "unreadable": text("We can't read this calendar."),
}


def list_own(request: Request, form: Any = None) -> Screen:
    """What one is asked, the talks one gives, and what one told us about speaking."""
    person_id = request.viewer.person_id
    speaker = request.db.get(Speaker, person_id)
    rows = own_talks(request.db, request.viewer)
    at = request.at
    current = [row for row in rows if row.ends_at > at]
    past = [row for row in rows if row.ends_at <= at and row.state == OfferState.ACCEPTED]
    active = bool(speaker and speaker.ended_at is None)
    return screen(
        "outreach/own.html",
        asked=[row for row in reversed(current) if row.state == OfferState.ASKED],
        coming=[row for row in reversed(current) if row.state == OfferState.ACCEPTED],
        untold=[row for row in past if row.outcome is None][:20],
        told=[row for row in past if row.outcome is not None][:20],
        kinds=KIND_WORDS,
        speaker=speaker if active else None,
        problem=FETCH_WORDS.get(speaker.fetch_problem) if speaker and active else None,
        profile=form if isinstance(form, SpeakerForm) else _profile(request, speaker),
        calendar=form_of(form, CalendarForm, {"calendar_url": ""}),
        form=form,
        topics=_topics(request),
    )


def _profile(request: Request, speaker: Speaker | None) -> SpeakerForm:
    if speaker is None:
        return SpeakerForm(data={"topics": [], "per_month": 3, "rest_days": 2, "version": 0})
    names = (*speakers.OWN, "version")
    data = {name: getattr(speaker, name) for name in names}
    return SpeakerForm(data=data | {"topics": speakers.topics_of(request.db, speaker.person_id)})


def _topics(request: Request) -> list[tuple[int, str]]:
    return [
        (row.id, request.written(row.name, row.translations))
        for row in request.db.scalars(own_topics(request.viewer.person_id))
    ]


def save_profile(request: Request, form: SpeakerForm) -> See:
    """What one talks about, and how often. Only who speaks for us already: staff say who does."""
    person = request.db.get_one(Person, request.viewer.person_id)
    there = request.db.get(Speaker, person.id)
    if there is None or there.ended_at:
        raise NotFound
    values = {name: form[name].data for name in speakers.OWN}
    known = {topic.id for topic in request.db.scalars(own_topics(person.id))}
    chosen = [number for number in form.topics.data if number in known]
    speakers.set_speaker(request.act, person, values, chosen, form.version.data)
    return See("/me/talks", text("Your preferences were saved."))


def save_calendar(request: Request, form: CalendarForm) -> See:
    """Take busy times from one's own calendar, or no more."""
    there = request.db.get(Speaker, request.viewer.person_id)
    if there is None or there.ended_at:
        raise NotFound
    url = form.calendar_url.data or ""
    speakers.set_calendar(request.act, there, url)
    said = (
        text("Calendar saved. We'll check it within minutes.")
        if url
        else text("We no longer check your calendar.")
    )
    return See("/me/talks", said)


def _own(request: Request, offer_id: int) -> SpeakerOffer:
    return one(request.db, own_offers(request.viewer), SpeakerOffer.id == offer_id)


def show_own(request: Request, offer_id: int, form: Any = None) -> Screen:
    """One talk, for whoever gives it: the way, the door, the phone on the day."""
    offer = _own(request, offer_id)
    talk = offer.presentation
    with_them = [
        row
        for row in booking.accepted(booking.offers_of(request.db, talk.id))
        if row.person_id != request.viewer.person_id
    ]
    takes_part = offer.state == OfferState.ACCEPTED
    return screen(
        "outreach/own_talk.html",
        offer=offer,
        talk=talk,
        kind=KIND_WORDS[talk.request.kind],
        state=OFFER_WORDS[offer.state],
        takes_part=takes_part and talk.state != TalkState.CANCELED,
        open=offer.state == OfferState.ASKED
        and bool(offer.answer_by and offer.answer_by > request.at),
        coming=talk.starts_at > request.at,
        over=talk.ends_at <= request.at,
        told=request.db.get(TalkOutcome, talk.id),
        held_words=HELD_WORDS,
        need_words=NEED_WORDS,
        needs=[word for word in talk.request.needs.split(",") if word],
        with_them=with_them,
        form=form,
    )


def answer_own(request: Request, form: OwnAnswerForm, offer_id: int) -> See:
    """Yes or no, for oneself."""
    offer = _own(request, offer_id)
    if form.answer.data == "yes":
        speaker_offers.accept(request.act, offer)
        return See(
            f"/me/talks/{offer_id}", text("Thank you! You're confirmed for this presentation.")
        )
    if form.answer.data == "no":
        speaker_offers.decline(request.act, offer)
        return See("/me/talks", text("Thank you for telling us."))
    raise Refused(text("Select one of these."))


def own_outcome(request: Request, offer_id: int, form: OutcomeForm | None = None) -> Screen:
    """How did it go? For whoever gave it."""
    talk = _gave(request, offer_id)
    path = f"/me/talks/{offer_id}"
    return outcome_screen(request, talk, form, f"{path}/outcome", path)


def _gave(request: Request, offer_id: int) -> Presentation:
    offer = _own(request, offer_id)
    if offer.state != OfferState.ACCEPTED:
        raise NotFound
    return offer.presentation


def save_own_outcome(request: Request, form: OutcomeForm, offer_id: int) -> See:
    """Write it down."""
    write_outcome(request, _gave(request, offer_id), form)
    return See("/me/talks", text("Thank you. Your report was saved."))
