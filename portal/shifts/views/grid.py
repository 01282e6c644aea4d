"""What a coordinator does in the grid: adding whom they type, removing, and seeing what others changed."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse, Response

from portal import clock
from portal.people.models import Person
from portal.permissions import Permission
from portal.programs.scopes import one, visible_people
from portal.shifts import drafts, gaps, signups, suggestions
from portal.shifts.candidates import people_named
from portal.shifts.draft_models import Draft
from portal.shifts.facts import facts_of
from portal.shifts.gap_forms import AddForm
from portal.shifts.grid_queries import mark_of
from portal.shifts.models import Slot
from portal.shifts.obstacle_words import Kind
from portal.shifts.obstacles import clash_of, signup_obstacles
from portal.shifts.roster_forms import RemovalForm
from portal.shifts.viewer_scope import managed_signup, managed_slot
from portal.shifts.views.gap_actions import add_to, chosen_for
from portal.shifts.views.in_draft import IN_DRAFT, asked_draft
from portal.shifts.views.lists import first_of_week
from portal.web.answers import See
from portal.web.errors import NotFound, refuse_for
from portal.web.request import Request
from portal.words import Words, text

MANAGE = Permission.SHIFTS_MANAGE
MOST_SUGGESTED = 6
MAY_PASS = (Kind.FULL, Kind.OVERLAP)
"""What a draft may make room for with its other lines; publishing asks again."""


@dataclass(frozen=True)
class Choice:
    """Someone whom the cell suggests: what speaks for them, or what stands in the way of adding them."""

    id: int
    name: str
    phone: str | None
    reasons: tuple[Words, ...] = ()
    obstacles: tuple[Any, ...] = ()


def suggest_people(request: Request) -> Response:
    """Whom one could add to a slot: the best, or those with the name that is being typed, cleared first."""
    slot = managed_slot(request.db, request.viewer, request.asked_id("slot") or 0)
    name = request.asked("q")
    found = _named(request, slot, name) if name else _best(request, slot)
    html = request.portal.renderer.render(
        "shifts/schedule/_people.html", {"found": found, "slot": slot}, request.language
    )
    return HTMLResponse(html)


def _best(request: Request, slot: Slot) -> list[Choice]:
    zone = request.settings.timezone
    gap = gaps.upcoming(request.db, request.viewer, slot.id, request.at)
    if gap is None:
        return []
    people = suggestions.suggest(request.db, request.viewer, [gap], request.at, zone)[slot.id]
    return [
        Choice(it.person.id, it.person.name, it.person.phone, (*it.reasons, *it.cautions))
        for it in people.best
    ]


def _named(request: Request, slot: Slot, name: str) -> list[Choice]:
    rows = people_named(request.db, request.viewer, slot, name)[:MOST_SUGGESTED]
    found = [
        Choice(row.id, row.name, row.phone, obstacles=_obstacles(request, slot, row.id))
        for row in rows
    ]
    return sorted(found, key=lambda choice: bool(choice.obstacles))


def _obstacles(request: Request, slot: Slot, person_id: int) -> tuple[Any, ...]:
    facts = facts_of(request.db, request.viewer, slot.shift_id, person_id, request.at)
    spot = facts.spot(slot.id) if facts else None
    if facts is None or spot is None:
        raise NotFound
    clash = clash_of(request.db, facts)
    return tuple(signup_obstacles(facts, spot, request.at, clash, staff=True))


def _back(request: Request) -> str:
    query = request.query_without("after").rstrip("&")
    return f"/schedule?{query}" if query else "/schedule"


def add(request: Request, form: AddForm, slot_id: int) -> See:
    """Give a spot to whom one typed, or propose that in a draft."""
    if draft := asked_draft(request):
        return _propose(request, form, draft, slot_id)
    return See(_back(request), add_to(request, form, slot_id))


def _propose(request: Request, form: AddForm, draft: Draft, slot_id: int) -> See:
    """Propose a person in a draft, unless something stands in their way that its other lines can't remove."""
    slot = managed_slot(request.db, request.viewer, slot_id)
    chosen = chosen_for(request, slot, form)
    person = one(request.db, visible_people(request.viewer), Person.id == chosen)
    found = _obstacles(request, slot, person.id)
    refuse_for(*(obstacle for obstacle in found if obstacle.kind not in MAY_PASS))
    drafts.add_person(request.act, draft, slot, person.id, form.asked.data or "")
    return See(_back(request), IN_DRAFT)


def remove(request: Request, form: RemovalForm, signup_id: int) -> See:
    """Take someone off a shift, with a reason."""
    signup = managed_signup(request.db, request.viewer, signup_id)
    name = signup.person.name
    if draft := asked_draft(request):
        reason, asked = form.reason.data, form.asked.data or ""
        drafts.remove_person(request.act, draft, signup, reason, asked)
        return See(_back(request), IN_DRAFT)
    signups.remove(request.act.but(asked=form.asked.data), signup, form.reason.data)
    when = clock.span_text(
        signup.shift.starts_at,
        signup.shift.ends_at,
        signup.shift.zone,
        request.language,
        request.at.year,
    )
    role = request.written(signup.slot.position.name, signup.slot.position.translations)
    said = text(
        "%(name)s was removed from the shift: %(role)s, %(when)s.", name=name, role=role, when=when
    )
    return See(_back(request), said)


def revision(request: Request) -> Response:
    """The mark of what a week shows, or nothing where it is still the one that is known."""
    zone = request.settings.timezone
    day = request.asked_day("week") or clock.local_day(request.at, zone)
    mark = mark_of(request.db, request.viewer, first_of_week(request, day), zone)
    headers = {"etag": f'"{mark}"', "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == f'"{mark}"':
        return Response(status_code=304, headers=headers)
    return Response(mark, headers=headers, media_type="text/plain")
