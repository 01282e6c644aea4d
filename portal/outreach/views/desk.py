"""The clerk's desk: what needs an answer, and everything about one request."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from portal import clock
from portal.outreach import (
    desk,
    events,
    intake_policy,
    organization_history,
    replies,
    request_reads,
    speaker_candidates,
    speaker_offers,
    talk_lists,
    triage,
)
from portal.outreach.action_forms import (
    AnswerRequestForm,
    CounterForm,
    EndReasonForm,
    NoteForm,
    OwnerForm,
    ReasonForm,
    RouteForm,
)
from portal.outreach.events import KIND_WORDS
from portal.outreach.forms import BookForm
from portal.outreach.intake_models import BOOKED_KINDS, Topic
from portal.outreach.models import RequestSource, RequestState, TalkRequest
from portal.outreach.organizations import similar
from portal.outreach.outcome_models import FollowUp
from portal.outreach.request_words import NEED_WORDS, SOURCE_WORDS
from portal.outreach.scopes import (
    MANAGE,
    possible_clerks,
    routable_programs,
    speakers_seen,
    topics_seen,
    visible_requests,
    visible_talks,
)
from portal.outreach.speaker_problems import hindered
from portal.outreach.suggest import Engagement, ranked
from portal.outreach.talk_models import Presentation
from portal.outreach.views.words import (
    EVENT_WORDS,
    STATE_WORDS,
    TALK_WORDS,
    names_of,
    shown,
)
from portal.people.models import Person
from portal.people.saved_views import views_of
from portal.programs.scopes import one
from portal.web.answers import Screen, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

SUGGESTED = 12


def show_desk(request: Request) -> Screen:
    """What needs me: yesterday's talks first, then what waits for an answer."""
    db, viewer, at = request.db, request.viewer, request.at
    zone = request.settings.timezone
    today = clock.local_day(at, zone)
    which = request.asked("which") if request.asked("which") in desk.WHICH else "open"
    query = request.asked("q")
    page = desk.requests(db, viewer, which, query, request.asked("after"))
    return screen(
        "outreach/desk.html",
        saved=views_of(request.db, request.viewer, "outreach", request.url.query),
        page=page,
        which=which,
        query=query,
        how=db.execute(
            talk_lists.talk_lines(talk_lists.unanswered(viewer, zone, at)).limit(20)
        ).all(),
        bare=db.execute(
            talk_lists.talk_lines(talk_lists.without_speaker(viewer, at)).limit(20)
        ).all(),
        hindered=hindered(db, viewer, at),
        moves=db.execute(talk_lists.talk_lines(talk_lists.moves_asked(viewer, at)).limit(20)).all(),
        promises=db.scalars(
            talk_lists.follow_ups(viewer, today).order_by(FollowUp.due_on).limit(20)
        ).all(),
        letters=db.scalar(desk.to_tell(viewer).with_only_columns(func.count())) or 0,
        replies=db.scalar(replies.to_look_at(talks_seen(request)).with_only_columns(func.count()))
        or 0,
        ages={row.id: clock.business_days_between(row.received_on, today) for row in page.rows},
        today=today,
        kinds=KIND_WORDS,
        states=STATE_WORDS,
    )


def talks_seen(request: Request) -> Any:
    """The ids of the talks in one's sight; None for all."""
    if request.viewer.everywhere(MANAGE):
        return None
    return visible_talks(request.viewer).with_only_columns(Presentation.id)


def managed_request(request: Request, request_id: int) -> TalkRequest:
    """A request in one's sight, or NotFound."""
    return one(request.db, visible_requests(request.viewer), TalkRequest.id == request_id)


def only_seen(request: Request, numbers: Collection[int]) -> None:
    """Refuse topics that a viewer does not see: of programs that are not theirs (SECURITY Z3)."""
    seen = {topic.id for topic in request.db.scalars(topics_seen(request.viewer))}
    if set(numbers) - seen:
        raise Refused(fields={"topics": text("Select an option from the list.")})


def visible(request: Request, row: TalkRequest) -> bool:
    """Whether the viewer goes on seeing a request that may have gone to another program."""
    found = visible_requests(request.viewer).where(TalkRequest.id == row.id)
    return request.db.scalar(found) is not None


def path_of(row: TalkRequest) -> str:
    """The address of a request, for staff."""
    return f"/outreach/requests/{row.id}"


TALKS_SHOWN = 60


def show_request(request: Request, request_id: int, form: Any = None) -> Screen:
    """One request: what they ask for, who could go, and what we can answer."""
    db, viewer = request.db, request.viewer
    row = managed_request(request, request_id)
    today = clock.local_day(request.at, request.settings.timezone)
    dates = speaker_candidates.coming_dates(db, row, request.at)
    chosen = _chosen(request, dates)
    wants = row.state in (RequestState.OPEN, RequestState.COUNTERED, RequestState.BOOKED)
    engagement = (
        speaker_candidates.engagement_of_date(db, row, chosen) if chosen and wants else None
    )
    topics = request_reads.topic_ids(db, row.id)
    languages = request_reads.language_ids(db, row.id)
    counter = triage.open_counter(db, row.id)
    agreed = triage.agreed_speaker(db, row.id)
    suggested = suggestions(request, engagement, first=agreed) if engagement else []
    return screen(
        "outreach/show.html",
        row=row,
        age=clock.business_days_between(row.received_on, today),
        arrived_today=row.received_on == today,
        due_in=(row.due_on - today).days,
        dates=request_reads.dates_of(db, row.id),
        coming=dates,
        chosen=chosen,
        suggested=suggested,
        closed=engagement.closed if engagement else (),
        topics=list(db.scalars(select(Topic).where(Topic.id.in_(topics)))),
        languages=[request.written(n.name, n.translations) for n in names_of(db, languages)],
        past=_past(request, row),
        counter=counter,
        proposed=speaker_name(request, counter.speaker_id if counter else None),
        agreed=speaker_name(request, agreed),
        speakers=[(one["id"], one["name"]) for one in suggested if one["clear"]],
        clerks=[(p.id, p.name) for p in db.scalars(possible_clerks(row.program_id))],
        programs=[(p.id, p.name) for p in db.scalars(routable_programs(viewer))],
        may_route=viewer.everywhere(MANAGE),
        form=form,
        **_said(request, row),
        **_around(request, row),
        **_forms(form, row, chosen),
    )


def _said(request: Request, row: TalkRequest) -> dict[str, Any]:
    """What a request is and asks for, in words."""
    booked, public = row.kind in BOOKED_KINDS, row.source == RequestSource.PUBLIC
    return {
        "kind": KIND_WORDS[row.kind],
        "state": STATE_WORDS[row.state],
        "booked_kind": booked,
        "needs": [word for word in row.needs.split(",") if word],
        "need_words": NEED_WORDS,
        "source_words": SOURCE_WORDS,
        "pledge": intake_policy.acknowledged(request.db, row.pledge_id)
        if booked and public
        else "",
    }


def _around(request: Request, row: TalkRequest) -> dict[str, Any]:
    """What came of a request, and what is like it: talks, history, similar organizations, the same day."""
    db, viewer = request.db, request.viewer
    own = visible_talks(viewer).where(Presentation.request_id == row.id)
    return {
        "talks": db.execute(talk_lists.talk_lines(own).limit(TALKS_SHOWN)).all(),
        "talk_states": TALK_WORDS,
        "similar": similar(db, row) if row.organization_id is None else [],
        "others": desk.same_organization(db, viewer, row),
        "same_day": talk_lists.same_day(db, viewer, row),
        "history": desk.history(db, row.id),
        "event_words": EVENT_WORDS,
    }


def _forms(form: Any, row: TalkRequest, chosen: Any) -> dict[str, Any]:
    """Everything that can be done with a request; the `form` that was refused comes back as it was sent."""
    return {
        "booking": form if isinstance(form, BookForm) else _book_form(row, chosen),
        "declining": form_of(form, ReasonForm),
        "proposing": form_of(form, CounterForm),
        "noting": form_of(form, NoteForm),
        "answering": form_of(form, AnswerRequestForm),
        "ending": form_of(form, EndReasonForm).apart("end"),
        "owning": OwnerForm(data={"owner": row.owner_id}),
        "routing": RouteForm(data={"program": row.program_id}),
    }


def _past(request: Request, row: TalkRequest) -> list[Any]:
    if row.organization_id is None:
        return []
    return list(organization_history.past_talks(request.db, request.viewer, row.organization_id))


def _chosen(request: Request, dates: list[Any]) -> Any:
    """The date that is looked at: the one in the address, else the first."""
    wanted = request.asked_id("date")
    return next((one for one in dates if one.id == wanted), dates[0] if dates else None)


def speaker_name(request: Request, person_id: int | None) -> str:
    """Someone who was proposed: the whole name if they are in one's sight, else what the requester reads."""
    if not person_id:
        return ""
    seen = speakers_seen(request.viewer).where(Person.id == person_id)
    name = request.db.scalar(seen.with_only_columns(Person.name))
    return name or events.proposed_name(request.db, person_id)


def _book_form(row: TalkRequest, chosen: Any) -> BookForm:
    data: dict[str, Any] = {"mode": "ask", "hours": speaker_offers.ANSWER_HOURS}
    if chosen:
        local = clock.to_local(chosen.starts_at, row.zone)
        data |= {"day": local.date(), "starts": local.time()}
    return BookForm(data=data)


def suggestions(
    request: Request,
    engagement: Engagement,
    without: Collection[int] = (),
    refused: Collection[int] = (),
    first: int | None = None,
) -> Any:
    """Who could give a talk, best first, with the reasons in words; who said no, or was taken off, last.
    `first` is someone whom the requester said yes to."""
    seen = set(request.db.scalars(speakers_seen(request.viewer).with_only_columns(Person.id)))
    facts = [
        one
        for one in speaker_candidates.speakers_for(request.db, [engagement])
        if one.id in seen and one.id not in without
    ]
    found = ranked(engagement, facts, None if first else SUGGESTED)
    found.sort(key=lambda one: (one.person_id in refused, one.person_id != first))
    found = found[:SUGGESTED]
    numbers = sorted({number for one in found for reason in one.reasons for number in reason.ids})
    names = {n.id: request.written(n.name, n.translations) for n in names_of(request.db, numbers)}
    return shown(request, found, names)


def managed_talk(request: Request, talk_id: int) -> Presentation:
    """A talk in one's sight, or NotFound."""
    found = request.db.scalar(visible_talks(request.viewer).where(Presentation.id == talk_id))
    if found is None:
        raise NotFound
    return found
