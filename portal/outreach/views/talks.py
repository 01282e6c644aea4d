"""Booked talks: one talk, who gives it, the calendar of all, and days on which nothing goes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from portal import clock, pdf
from portal.occasions.blocks import blocks_of
from portal.outreach import booking, outcomes, rescheduling, speaker_candidates, tables, triage
from portal.outreach.action_forms import EndReasonForm
from portal.outreach.came_of import came_of
from portal.outreach.forms import (
    SPEAKS_WORDS,
    AllTheSameForm,
    AskSpeakerForm,
    BlocksForm,
    OfferAnswerForm,
    TalkForm,
)
from portal.outreach.intake_models import RequestKind, Topic
from portal.outreach.outcome_forms import HELD_WORDS
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.request_reads import language_ids
from portal.outreach.request_words import NEED_WORDS
from portal.outreach.scopes import topics_seen
from portal.outreach.speaker_problems import away_offers
from portal.outreach.talk_models import (
    OPEN_OFFERS,
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
    TalkState,
)
from portal.outreach.views.desk import managed_talk, speaker_name, suggestions
from portal.outreach.views.words import (
    OFFER_WORDS,
    REPLY_WORDS,
    TALK_WORDS,
    names_of,
    skill_names,
)
from portal.people.models import Person
from portal.people.people import BEST_PHONE
from portal.programs.models import Site
from portal.programs.scopes import one, openable
from portal.recruitment.posters import talk_poster, talk_source
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text


def show_talk(
    request: Request, talk_id: int, form: Any = None, offer_id: int | None = None
) -> Screen:
    """One talk: the sheet of the venue, who takes part, who could, and what happens to it."""
    talk = managed_talk(request, talk_id)
    db = request.db
    offers = _offers(request, talk.id)
    coming = talk.state != TalkState.CANCELED and talk.starts_at > request.at
    table = _table(request, talk, form)
    return screen(
        "outreach/talk.html",
        talk=talk,
        state=TALK_WORDS[talk.state],
        offers=offers,
        offer_words=OFFER_WORDS,
        need_words=NEED_WORDS,
        speaks_words=SPEAKS_WORDS,
        reply_words=REPLY_WORDS,
        outcome=db.get(TalkOutcome, talk.id),
        held_words=HELD_WORDS,
        promises=outcomes.follow_ups_of(db, talk.id),
        over=talk.ends_at <= request.at,
        begun=talk.starts_at <= request.at,
        languages=[
            request.written(row.name, row.translations)
            for row in names_of(db, language_ids(db, talk.request_id))
        ],
        coming=coming,
        came=came_of(db, talk.id),
        reading_languages=request.languages,
        form=form,
        openable=openable(db, request.viewer, {row.person_id for row in offers}),
        **table,
        **_taking_part(offers, form, offer_id),
        **(
            _could_go(request, talk, offers, needed=not table["staffed"]) if coming else NOBODY_GOES
        ),
    )


def download_poster(request: Request, talk_id: int, language: str) -> Response:
    """A poster to show at the end of a talk: who applies by its code is counted there."""
    talk = managed_talk(request, talk_id)
    if language not in request.languages:
        raise NotFound
    link = f"{request.settings.base_url.rstrip('/')}/o/talk/{talk.id}"
    found = talk_poster(link, request.settings, language)
    file = pdf.render("recruitment/poster.typ", found, request.at)
    name = f'attachment; filename="poster-presentation-{talk.id}-{language}.pdf"'
    return Response(file, media_type="application/pdf", headers={"content-disposition": name})


def follow_talk_link(request: Request, talk_id: int) -> See:
    """The address that the poster of a talk says. Nothing is counted until someone applies or asks."""
    return See(f"/opportunities?from={talk_source(talk_id)}")


def _table(request: Request, talk: Presentation, form: Any) -> dict[str, Any]:
    """The blocks of a table; it is `staffed` once people can sign up for some."""
    table = talk.request.kind == RequestKind.TABLE
    blocks = blocks_of(request)
    rows = blocks.rows(request.db, booking.block_ids(request.db, talk.id)) if table else []
    return {
        "table": table,
        "blocks": rows,
        "staffed": any(not row.canceled_at for row in rows),
        "on_blocks": tables.names_on(request.db, request.viewer, rows, blocks),
        "cutting": form_of(form, BlocksForm),
    }


def _taking_part(offers: Sequence[Any], form: Any, offer_id: int | None) -> dict[str, Any]:
    """How far it is with those who were asked, and the forms beside them."""
    accepted = [row for row in offers if row.state == OfferState.ACCEPTED]
    excuses = isinstance(form, AllTheSameForm)
    return {
        "speaks": any(row.role == Speaks.SPEAKER for row in accepted),
        "asked": any(row.state == OfferState.ASKED for row in offers),
        "asking": form_of(form, AskSpeakerForm),
        "answering": OfferAnswerForm(),
        "blank": AllTheSameForm(),
        "excused": offer_id if excuses else None,
        "excusing": form.apart(offer_id) if excuses else None,
    }


NOBODY_GOES: Mapping[str, Any] = {"suggested": (), "agreed": "", "closed": (), "away": ()}
"""For a talk that is over, or canceled."""


def _could_go(
    request: Request, talk: Presentation, offers: Sequence[Any], *, needed: bool
) -> dict[str, Any]:
    """Who could still give a coming talk, if someone is needed, and what is in the way of its day."""
    db, open_ = request.db, [row for row in offers if row.state in OPEN_OFFERS]
    engagement = speaker_candidates.engagement_of_talk(db, talk)
    agreed = triage.agreed_speaker(db, talk.request_id)
    taken = frozenset(row.person_id for row in open_)
    refused = frozenset(row.person_id for row in offers) - taken
    found = suggestions(request, engagement, taken, refused, agreed) if needed else []
    return {
        "suggested": found,
        "agreed": speaker_name(request, agreed),
        "closed": engagement.closed,
        "away": away_offers(db, open_),
    }


def _offers(request: Request, talk_id: int) -> Any:
    """Everyone who was asked, those who come first."""
    order = {OfferState.ACCEPTED: 0, OfferState.ASKED: 1, OfferState.HELD: 2, OfferState.WAITS: 3}
    rows = request.db.execute(
        select(
            SpeakerOffer.id,
            SpeakerOffer.person_id,
            SpeakerOffer.role,
            SpeakerOffer.state,
            SpeakerOffer.answer_by,
            SpeakerOffer.asked_at,
            SpeakerOffer.answered_at,
            SpeakerOffer.reply,
            SpeakerOffer.clash_reason,
            SpeakerOffer.clash_reason_at,
            Person.name,
            BEST_PHONE.label("phone"),
            Presentation.starts_at,
            Presentation.zone,
        )
        .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
        .join(Person, Person.id == SpeakerOffer.person_id)
        .where(SpeakerOffer.presentation_id == talk_id)
        .order_by(SpeakerOffer.id)
        .limit(100)
    ).all()
    return sorted(rows, key=lambda row: (order.get(OfferState(row.state), 9), row.id))


def back(talk_id: int) -> str:
    """The address of a talk's page."""
    return f"/outreach/talks/{talk_id}"


def edit_talk(request: Request, talk_id: int, form: TalkForm | None = None) -> Screen:
    """Change a talk."""
    talk = managed_talk(request, talk_id)
    if form is None:
        local = clock.to_local(talk.starts_at, talk.zone)
        wanted = clock.to_local(talk.wants_at, talk.zone) if talk.wants_at else local
        data = rescheduling.talk_values(talk) | {
            "day": wanted.date(),
            "starts": wanted.time(),
            "minutes": outcomes.default_minutes(talk),
        }
        form = TalkForm(data=data)
    sites = request.db.execute(
        select(Site.id, Site.name)
        .where(
            Site.program_id.is_(None) | (Site.program_id == talk.program_id),
            Site.closed_at.is_(None),
            Site.confidential.is_(False),
        )
        .order_by(Site.name)
        .limit(500)
    )
    topics = request.db.scalars(topics_seen(request.viewer))
    return screen(
        "outreach/talk_edit.html",
        talk=talk,
        form=form,
        sites=[(row.id, row.name) for row in sites],
        topics=[(row.id, request.written(row.name, row.translations)) for row in topics],
        districts=skill_names(request)["district"],
    )


def update_talk(request: Request, form: TalkForm, talk_id: int) -> See:
    """Save a talk."""
    talk = managed_talk(request, talk_id)
    starts_at = form.moments(talk.zone)["day"]
    values = {name: form[name].data for name in rescheduling.COLUMNS if name in form} | {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=form.minutes.data),
        "zone": talk.zone,
    }
    values["host_phone"] = values["host_phone"] or ""
    if values["topic_id"] not in (None, talk.topic_id):
        one(
            request.db,
            topics_seen(request.viewer),
            Topic.id == values["topic_id"],
        )
    rescheduling.edit_talk(
        request.act,
        talk,
        values,
        form.version.data,
        form.clash_reason.data or "",
        blocks_of(request),
    )
    return See(back(talk_id), text("The presentation was saved. The host and speakers were told."))


def ask_to_cancel(request: Request, talk_id: int, form: EndReasonForm | None = None) -> Screen:
    """Ask for the reason, and say whom it touches."""
    talk = managed_talk(request, talk_id)
    return screen(
        "outreach/talk_cancel.html",
        talk=talk,
        form=form or EndReasonForm(),
        people=booking.accepted(booking.offers_of(request.db, talk.id)),
    )


def cancel_talk(request: Request, form: EndReasonForm, talk_id: int) -> See:
    """Cancel it."""
    talk = managed_talk(request, talk_id)
    booking.cancel(request.act, talk, form.reason.data, blocks_of(request))
    return See(back(talk_id), text("The presentation was canceled. Everyone was told."))
