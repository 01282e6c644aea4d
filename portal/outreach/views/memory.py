"""What we know of organizations: past talks, people, what went well; and the talks that we offered them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal import clock
from portal.outreach import (
    intake,
    organization_history,
    organizations,
    request_reads,
    speaker_candidates,
)
from portal.outreach.forms import SAID_WORDS, ApproachForm, OrganizationForm, SaidForm
from portal.outreach.intake_models import Topic
from portal.outreach.models import RequestSource
from portal.outreach.organization_models import Approach, Organization
from portal.outreach.outcome_forms import HELD_WORDS
from portal.outreach.request_words import ORGANIZATION_WORDS
from portal.outreach.scopes import organizations as all_organizations
from portal.outreach.scopes import topics_seen
from portal.outreach.views.desk import managed_talk, visible
from portal.outreach.views.words import skill_names
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text


def list_organizations(request: Request) -> Screen:
    """Every organization, by name."""
    query = request.asked("q")
    return screen(
        "outreach/organizations.html",
        page=organization_history.organizations(
            request.db, request.viewer, query, request.asked("after")
        ),
        query=query,
        kinds=ORGANIZATION_WORDS,
    )


def _organization(request: Request, organization_id: int) -> Organization:
    return one(request.db, all_organizations(), Organization.id == organization_id)


def new_organization(request: Request, form: OrganizationForm | None = None) -> Screen:
    """Write an organization down."""
    return _edit(request, form or OrganizationForm(data={"kind": "other"}), None)


def _edit(request: Request, form: OrganizationForm, row: Organization | None) -> Screen:
    return screen(
        "outreach/organization_edit.html",
        form=form,
        row=row,
        districts=skill_names(request)["district"],
    )


def create_organization(request: Request, form: OrganizationForm) -> See:
    """Save it."""
    made = organizations.add_organization(request.act, form.values)
    return See(f"/outreach/organizations/{made.id}", text("The organization was added."))


def edit_organization(
    request: Request, organization_id: int, form: OrganizationForm | None = None
) -> Screen:
    """Change what we know."""
    row = _organization(request, organization_id)
    form = form or OrganizationForm(data=organizations.organization_values(row))
    return _edit(request, form, row)


def update_organization(request: Request, form: OrganizationForm, organization_id: int) -> See:
    """Save it."""
    row = _organization(request, organization_id)
    organizations.edit_organization(request.act, row, form.values, form.version.data)
    return See(f"/outreach/organizations/{organization_id}", text("The organization was saved."))


def close_organization(request: Request, form: Any, organization_id: int) -> See:
    """It no longer exists."""
    return _closed(request, organization_id, closed=True)


def reopen_organization(request: Request, form: Any, organization_id: int) -> See:
    """It is there again."""
    return _closed(request, organization_id, closed=False)


def _closed(request: Request, organization_id: int, *, closed: bool) -> See:
    row = _organization(request, organization_id)
    organizations.close_organization(request.act, row, closed=closed)
    return See(f"/outreach/organizations/{row.id}", text("The organization was saved."))


def show_organization(request: Request, organization_id: int, form: Any = None) -> Screen:
    """What we know: who speaks for them, past talks, what went well, what we offered."""
    row = _organization(request, organization_id)
    db = request.db
    today = clock.local_day(request.at, request.settings.timezone)
    topics = db.scalars(topics_seen(request.viewer))
    return screen(
        "outreach/organization.html",
        row=row,
        kind=ORGANIZATION_WORDS[row.kind],
        contacts=organization_history.contacts(db, row.id),
        past=organization_history.past_talks(db, request.viewer, row.id),
        held_words=HELD_WORDS,
        now=request.at,
        approaches=organization_history.approaches(db, row.id),
        said_words=SAID_WORDS,
        form=form,
        offering=form_of(form, ApproachForm, {"asked_on": today}),
        saying=form_of(form, SaidForm),
        topics=[(one.id, request.written(one.name, one.translations)) for one in topics],
    )


def end_contact(request: Request, form: Any, organization_id: int, contact_id: int) -> See:
    """Someone no longer speaks for them."""
    row = _organization(request, organization_id)
    organizations.end_contact(request.act, row.id, contact_id)
    return See(f"/outreach/organizations/{row.id}", text("The contact was saved."))


def offer_talk(request: Request, form: ApproachForm, organization_id: int) -> See:
    """Log a talk that we offered."""
    row = _organization(request, organization_id)
    if form.topic_id.data:
        one(request.db, topics_seen(request.viewer), Topic.id == form.topic_id.data)
    organizations.offer_talk(request.act, row.id, form.values)
    return See(f"/outreach/organizations/{row.id}", text("The offer was recorded."))


def note_answer(request: Request, form: SaidForm, organization_id: int, approach_id: int) -> See:
    """What they said to it."""
    row = _organization(request, organization_id)
    mine = select(Approach).where(Approach.organization_id == row.id)
    found = one(request.db, mine, Approach.id == approach_id)
    today = clock.local_day(request.at, request.settings.timezone)
    organizations.note_answer(request.act, found, form.said.data, form.note.data or "", today)
    return See(f"/outreach/organizations/{row.id}", text("Their reply was recorded."))


def again(request: Request, form: Any, talk_id: int) -> See:
    """The same as last year: a new request like that of a talk, on the same weekday a year later."""
    talk = managed_talk(request, talk_id)
    before = talk.request
    values = request_reads.request_values(request.db, before)
    values |= {
        "organization_name": talk.organization.name if talk.organization else before.from_name,
        "place": talk.place,
        "address": talk.address,
        "town": talk.town,
        "parking": talk.parking,
        "door": talk.door,
        "series": False,
        "alternates": [],
        "fields": {},
        "dates": [_next_year(talk, request)],
        "needed_by": None,
    }
    if (topic := speaker_candidates.main_topic(request.db, before.id)) and topic.closed_at:
        values["topics"] = [one for one in values["topics"] if one != topic.id]
    made = intake.submit_request(
        request.act, before.kind, RequestSource.OURS, values, request.settings
    )
    said = text(
        "Request %(number)s was added, like last time. Check the date.", number=made.reference
    )
    return See(f"/outreach/requests/{made.id}" if visible(request, made) else "/outreach", said)


def _next_year(talk: Any, request: Request) -> Any:
    """The same time of the clock, 52 weeks later; more of them until it is to come."""
    local = clock.to_local(talk.starts_at, talk.zone)
    day = local.date() + timedelta(weeks=52)
    while clock.as_calendars_do(day, local.time(), talk.zone) <= request.at:
        day += timedelta(weeks=52)
    return clock.as_calendars_do(day, local.time(), talk.zone)
