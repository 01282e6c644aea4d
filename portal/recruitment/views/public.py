"""Public pages of what there is to do: the list, one opportunity, and the same for machines."""

from typing import Any

from sqlalchemy.orm import joinedload
from starlette.responses import JSONResponse, Response

from portal import clock, ical, pdf
from portal.domain import Panel, in_order
from portal.languages import LANGUAGES
from portal.programs.scopes import one
from portal.recruitment import listing, steps, waits
from portal.recruitment.distance import MILES
from portal.recruitment.listing import IN_PERSON, ONLINE
from portal.recruitment.models import Opportunity
from portal.recruitment.opportunities import managed_opportunities
from portal.recruitment.opportunity_forms import CAUSE_WORDS, DAYTIME_WORDS, WEEKDAYS
from portal.recruitment.posters import known_source, poster
from portal.training import reading
from portal.training.facts import places_of
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.request import Request, today_of
from portal.words import text

WHERE_WORDS = {IN_PERSON: text("In person"), ONLINE: text("Online")}
IN_JSON = 200


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
        miles=MILES,
        came=_came(request),
        panels=[] if wanted.any or request.asked("after") else _at_the_door(request),
    )


def _at_the_door(request: Request) -> list[Panel]:
    """What other domains offer whoever looks for a way to help."""
    draw = [domain.door for domain in request.portal.domains if domain.door]
    return in_order(panel for one_ in draw for panel in one_(request))


def _came(request: Request) -> str:
    """By which poster or link someone came, as the next address says it."""
    source = known_source(request.asked("from"))
    return f"?from={source}" if source else ""


def opportunity_of(request: Request, opportunity_id: int) -> Opportunity:
    """An opportunity that is before the public now, or NotFound."""
    return one(
        request.db,
        listing.public_opportunity(today_of(request)).options(joinedload(Opportunity.position)),
        Opportunity.id == opportunity_id,
    )


def show_opportunity(request: Request, opportunity_id: int, form: Any = None) -> Screen:
    """One opportunity: what, where, when, what comes before the first shift, and how long that takes."""
    row, today = opportunity_of(request, opportunity_id), today_of(request)
    db, zone = request.db, request.settings.timezone
    waited = waits.of_position(db, row.position_id, request.at)
    way = steps.public_steps(db, row.position_id, row.program_id, waited, request.at, zone)
    courses = [step.proof.id for step in way if step.proof and step.proof.kind == "course"]
    return screen(
        "recruitment/opportunity.html",
        row=row,
        form=form,
        steps=way,
        sessions=reading.next_sessions(db, courses, request.at),
        places=places_of,
        expected=waits.estimate(waited.whole, today, today),
        today=today,
        posted=clock.local_day(row.published_at, zone) if row.published_at else today,
        cause=CAUSE_WORDS[row.cause] if row.cause else None,
        site=row.site if row.site and not row.site.confidential else None,
        came=_came(request),
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


def show_embedded(request: Request) -> Screen:
    """The first of the list, for a frame in another site; every link opens a tab of its own."""
    wanted = listing.wanted_of(request)
    page = listing.find(request.db, wanted, today_of(request), "")
    return screen(
        "recruitment/embedded.html",
        rows=page.rows,
        base=request.settings.base_url.rstrip("/"),
    )


def list_as_calendar(request: Request) -> Response:
    """The one-time opportunities on their day, to subscribe to."""
    base, host = request.settings.base_url.rstrip("/"), request.settings.host
    zone = request.settings.timezone
    found = [
        ical.Happening(
            uid=f"opportunity-{row.id}@{host}",
            sequence=row.version,
            revised_at=row.published_at,
            starts_at=clock.start_of_day(row.starts_on, zone),
            ends_at=clock.start_of_day(row.starts_on + clock.ONE_DAY, zone),
            summary=request.written(row.title, row.translations, "title"),
            location=row.area,
            url=f"{base}/opportunities/{row.id}",
            days=(row.starts_on, row.starts_on + clock.ONE_DAY),
        )
        for row in listing.dated(request.db, listing.wanted_of(request), today_of(request))
    ]
    body = ical.feed(found, request.settings.agency_name, request.language)
    return Response(body, media_type="text/calendar")


def follow_short_link(request: Request, opportunity_id: int, source: str) -> See:
    """The address that a poster says. Nothing is counted until someone applies or asks."""
    opportunity_of(request, opportunity_id)
    return See(
        f"/opportunities/{opportunity_id}" + (f"?from={source}" if known_source(source) else "")
    )


def download_poster(request: Request, posting_id: int, language: str) -> Response:
    """A poster to print, for staff of the program. A closed or unpublished opportunity has none."""
    scope = managed_opportunities(request.viewer).where(listing.listed(today_of(request)))
    row = one(request.db, scope, Opportunity.id == posting_id)
    if language not in LANGUAGES:
        raise NotFound
    found = poster(row, request.settings, language)
    file = pdf.render("recruitment/poster.typ", found, request.at)
    name = f'attachment; filename="poster-{row.id}-{language}.pdf"'
    return Response(file, media_type="application/pdf", headers={"content-disposition": name})
