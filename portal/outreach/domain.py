"""What outreach offers the rest of the portal."""

from sqlalchemy import Select, exists, func, select

from portal.domain import (
    NEVER_LISTED,
    Answerable,
    Chore,
    Domain,
    LongChore,
    Now,
    Queue,
    Texts,
    ids,
    once,
)
from portal.messages.models import Message
from portal.outreach import (
    chores,
    desk,
    external_calendars,
    leaving,
    offer_line,
    routes,
    speaker_offers,
    talk_lists,
)
from portal.outreach.answers import Answers
from portal.outreach.closing import TALKS_CLOSED
from portal.outreach.events import feed_of
from portal.outreach.forms import TopicForm
from portal.outreach.intake_models import Topic
from portal.outreach.models import RequestState, TalkRequest
from portal.outreach.notices import NOTICES
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.scopes import visible_requests, writable_topics
from portal.outreach.searches import SEARCHES
from portal.outreach.talk_models import OfferState, Presentation, SpeakerOffer, Speaks, TalkState
from portal.outreach.views import home
from portal.permissions import Permission, Viewer
from portal.web.shared import Entry
from portal.words import text

MANAGE = Permission.OUTREACH_MANAGE
CALENDARS_AT_ONCE = 5


def _own(viewer: Viewer) -> Select[SpeakerOffer]:
    return (
        select(SpeakerOffer)
        .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
        .where(SpeakerOffer.person_id == viewer.person_id)
    )


def _asked(viewer: Viewer, now: Now) -> Select[SpeakerOffer]:
    return _own(viewer).where(
        SpeakerOffer.state == OfferState.ASKED, SpeakerOffer.answer_by > now.at
    )


def _given(viewer: Viewer, now: Now) -> Select[SpeakerOffer]:
    return _own(viewer).where(
        SpeakerOffer.state == OfferState.ACCEPTED,
        Presentation.state != TalkState.CANCELED,
        Presentation.starts_at > now.at,
    )


def _untold(viewer: Viewer, now: Now) -> Select[SpeakerOffer]:
    """The talks of which a speaker has not told yet how it went."""
    told = exists().where(TalkOutcome.presentation_id == Presentation.id)
    return _own(viewer).where(
        SpeakerOffer.state == OfferState.ACCEPTED,
        SpeakerOffer.role == Speaks.SPEAKER,
        Presentation.state != TalkState.CANCELED,
        Presentation.ends_at <= now.at,
        Presentation.starts_at > now.at - talk_lists.LOOKS_BACK,
        ~told,
    )


def _to_answer(viewer: Viewer, now: Now) -> Select[TalkRequest]:
    return visible_requests(viewer).where(TalkRequest.state == RequestState.OPEN)


DOMAIN = Domain(
    "outreach",
    closables=(TALKS_CLOSED,),
    searches=SEARCHES,
    pages=routes.pages,
    texts=(
        Texts(
            text("Topics"),
            lambda viewer: writable_topics(viewer).where(Topic.closed_at.is_(None)),
            TopicForm.translated,
            lambda row: f"/outreach/topics/{row.id}",
        ),
    ),
    navigation=(Entry(text("Outreach"), "/outreach", "megaphone", MANAGE, rank=50),),
    notices=NOTICES,
    queues=(
        Queue(
            "howtalk",
            text("Presentation reports to complete"),
            "/outreach",
            "check2-square",
            10,
            lambda viewer, now: talk_lists.unanswered(viewer, now.zone, now.at),
            oldest=func.min(Presentation.ends_at),
            may=MANAGE,
        ),
        Queue(
            "speak",
            text("Can you give a presentation?"),
            "/me/talks",
            "megaphone",
            20,
            _asked,
            due=func.min(SpeakerOffer.answer_by),
            over=NEVER_LISTED,
        ),
        Queue(
            "mytalks",
            text("Presentations you give"),
            "/me/talks",
            "megaphone",
            30,
            _given,
            due=func.min(Presentation.starts_at),
            over=1,
        ),
        Queue(
            "told",
            text("Tell us about your presentation"),
            "/me/talks",
            "check2-square",
            40,
            _untold,
            oldest=func.min(Presentation.ends_at),
        ),
        Queue(
            "talks",
            text("Presentation requests to answer"),
            "/outreach",
            "megaphone",
            140,
            _to_answer,
            oldest=func.min(TalkRequest.received_at),
            may=MANAGE,
        ),
        Queue(
            "bare",
            text("Presentations without a speaker"),
            "/outreach",
            "exclamation-triangle",
            150,
            lambda viewer, now: talk_lists.without_speaker(viewer, now.at),
            due=func.min(Presentation.starts_at),
            may=MANAGE,
        ),
        Queue(
            "letters",
            text("Requesters to call or write to"),
            "/outreach/letters",
            "telephone",
            160,
            lambda viewer, now: desk.to_tell(viewer),
            oldest=func.min(Message.created_at),
            may=MANAGE,
        ),
    ),
    chores=(
        Chore(
            "talks",
            60,
            once(lambda db, now: chores.due(db, now.at)),
            lambda act, _, now: chores.work(act.db, act.at),
            counts=False,
        ),
        LongChore(
            "calendars",
            70,
            ids(lambda now: external_calendars.due(now.at), CALENDARS_AT_ONCE),
            lambda database, person, now: external_calendars.refresh(
                database, person, now.zone, now.at
            ),
            counts=False,
        ),
        Chore(
            "lapses",
            150,
            ids(lambda now: offer_line.due(now.at)),
            lambda act, offer, now: offer_line.lapse(act.db, offer, act.at),
        ),
    ),
    readers=(Answers,),
    feed=feed_of,
    answerable={
        "speaker_offer": Answerable(
            speaker_offers.give_answer, text("Thank you! You're confirmed for this presentation.")
        )
    },
    release=leaving.release,
    engaged=leaving.engaged,
    home=home.panels,
)
