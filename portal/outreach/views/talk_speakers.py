"""Asking speakers for a talk, and what they say."""

from typing import Any

from sqlalchemy import select

from portal.occasions.blocks import blocks_of
from portal.outreach import (
    hosting,
    offer_line,
    speaker_offers,
    tables,
)
from portal.outreach.forms import (
    AllTheSameForm,
    AskSpeakerForm,
    BlocksForm,
    OfferAnswerForm,
)
from portal.outreach.scopes import speakers_seen
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.talk_models import (
    OfferState,
    SpeakerOffer,
)
from portal.outreach.views.desk import managed_talk
from portal.outreach.views.talks import back
from portal.people.models import Person
from portal.programs.scopes import one
from portal.web.answers import See
from portal.web.errors import Refused
from portal.web.request import Request
from portal.words import count_text, text


def ask_speaker(request: Request, form: AskSpeakerForm, talk_id: int) -> See:
    """Ask, hold or confirm someone."""
    talk = managed_talk(request, talk_id)
    person = one(request.db, speakers_seen(request.viewer), Person.id == form.person.data)
    how = OfferTerms(
        form.role.data,
        form.mode.data,
        form.hours.data,
        form.clash_reason.data or "",
        form.asked.data,
    )
    made = speaker_offers.ask(request.act, talk, person, how)
    words = {
        OfferState.ASKED: text("We asked %(name)s.", name=person.name),
        OfferState.WAITS: text("%(name)s is next.", name=person.name),
        OfferState.HELD: text("We're holding the time of %(name)s.", name=person.name),
        OfferState.ACCEPTED: text("%(name)s is confirmed.", name=person.name),
    }
    return See(back(talk_id), words[OfferState(made.state)])


def _offer(request: Request, talk_id: int, offer_id: int) -> SpeakerOffer:
    talk = managed_talk(request, talk_id)
    found = select(SpeakerOffer).where(SpeakerOffer.presentation_id == talk.id)
    return one(request.db, found, SpeakerOffer.id == offer_id)


def answer_offer(request: Request, form: OfferAnswerForm, talk_id: int, offer_id: int) -> See:
    """They called and said yes or no."""
    offer = _offer(request, talk_id, offer_id)
    verb = {"yes": speaker_offers.accept, "no": speaker_offers.decline}.get(form.answer.data or "")
    if verb is None:
        raise Refused(text("Select one of these."))
    verb(request.act.but(asked=form.asked.data), offer)
    return See(back(talk_id), text("Their reply was recorded."))


def ask_held(request: Request, form: Any, talk_id: int, offer_id: int) -> See:
    """Ask whose time is kept free."""
    offer = _offer(request, talk_id, offer_id)
    offer_line.ask_held(request.act, offer)
    return See(back(talk_id), text("We asked %(name)s.", name=offer.person.name))


def all_the_same(request: Request, form: AllTheSameForm, talk_id: int, offer_id: int) -> See:
    """Someone takes part although they are away."""
    offer = _offer(request, talk_id, offer_id)
    offer_line.all_the_same(request.act, offer, form.clash_reason.data)
    return See(back(talk_id), text("They are confirmed."))


def drop_offer(request: Request, form: Any, talk_id: int, offer_id: int) -> See:
    """Take someone off."""
    offer = _offer(request, talk_id, offer_id)
    speaker_offers.drop(request.act, offer)
    return See(
        back(talk_id), text("%(name)s is no longer on this presentation.", name=offer.person.name)
    )


def keep_date(request: Request, form: Any, talk_id: int) -> See:
    """The date that the host asked for is not possible."""
    talk = managed_talk(request, talk_id)
    hosting.keep_date(request.act, talk)
    return See(back(talk_id), text("The date stays. We told them."))


def add_blocks(request: Request, form: BlocksForm, talk_id: int) -> See:
    """Cut a table's time into blocks."""
    talk = managed_talk(request, talk_id)
    number = tables.add_blocks(
        request.act, talk, form.minutes.data, form.people.data, blocks_of(request)
    )
    said = count_text(
        "%(n)s block is open for sign-up.", "%(n)s blocks are open for sign-up.", number
    )
    return See(back(talk_id), said)
