"""Public pages of what there is to do: the list, one opportunity, and the same for machines."""

from typing import Any

from starlette.responses import JSONResponse, Response

from portal import clock
from portal.programs.scopes import one
from portal.recruitment import listing, steps
from portal.recruitment.forms import CAUSE_WORDS, DAYTIME_WORDS, WEEKDAYS
from portal.recruitment.listing import IN_PERSON, ONLINE
from portal.recruitment.models import Opportunity
from portal.training import reading
from portal.training.facts import places_of
from portal.web.answers import Screen, screen
from portal.web.request import Request
from portal.words import text

WHERE_WORDS = {IN_PERSON: text("In person"), ONLINE: text("Online")}
IN_JSON = 200


def today_of(request: Request) -> Any:
    """The agency's local day."""
    return clock.local_day(request.at, request.settings.timezone)


def list_opportunities(request: Request) -> Screen:
    """What one may apply for, narrowed by what one looks for."""
    wanted, today = listing.wanted_of(request), today_of(request)
    programs, areas = listing.choices_of(request.db, today)
    return screen(
        "recruitment/opportunities.html",
        page=listing.find(request.db, wanted, today, request.asked("after")),
        wanted=wanted,
        programs=[(row.id, request.written(row.name, row.translations)) for row in programs],
        areas=areas,
        causes=CAUSE_WORDS,
        weekdays=WEEKDAYS,
        daytimes=DAYTIME_WORDS,
        where=WHERE_WORDS,
    )


def opportunity_of(request: Request, opportunity_id: int) -> Opportunity:
    """An opportunity that is before the public now, or NotFound."""
    return one(
        request.db,
        listing.public_opportunity(today_of(request)),
        Opportunity.id == opportunity_id,
    )


def show_opportunity(request: Request, opportunity_id: int, form: Any = None) -> Screen:
    """One opportunity: what, where, when, what comes before the first shift, and how long that takes."""
    row, today = opportunity_of(request, opportunity_id), today_of(request)
    db, zone = request.db, request.settings.timezone
    way = steps.public_steps(db, row.position_id, row.program_id, request.at, zone)
    courses = [step.proof.id for step in way if step.proof and step.proof.kind == "course"]
    return screen(
        "recruitment/opportunity.html",
        row=row,
        form=form,
        steps=way,
        sessions=reading.next_sessions(db, courses, request.at),
        places=places_of,
        expected=steps.usually(db, row.position_id, request.at, zone),
        today=today,
        cause=CAUSE_WORDS[row.cause] if row.cause else None,
        site=row.site if row.site and not row.site.confidential else None,
        mine=steps.standing_of(db, request.viewer.person_id, row.position_id, today),
    )


def list_as_json(request: Request) -> Response:
    """The same list for machines, at most 200."""
    wanted, today = listing.wanted_of(request), today_of(request)
    base, after = request.settings.base_url.rstrip("/"), ""
    found: list[dict[str, Any]] = []
    while len(found) < IN_JSON:
        page = listing.find(request.db, wanted, today, after)
        found += [
            {
                "title": request.written(row.title, row.translations, "title"),
                "summary": request.written(row.summary, row.translations, "summary"),
                "program": request.written(row.program, row.program_translations),
                "url": f"{base}/opportunities/{row.id}",
                "area": row.area,
                "online": row.online,
                "cause": row.cause,
                "needed": row.needed,
            }
            for row in page.rows
        ]
        after = page.next
        if not after:
            break
    return JSONResponse({"opportunities": found[:IN_JSON]})
