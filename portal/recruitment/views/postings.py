"""Writing opportunities: the list of one's programs, and one of them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.programs.models import Position, Program, Site
from portal.programs.scopes import managed_positions, one, usable_sites
from portal.programs.views.choices import role_name
from portal.recruitment import listing, opportunities
from portal.recruitment.models import Opportunity
from portal.recruitment.opportunity_forms import (
    DAYTIME_BITS,
    WEEKDAY_BITS,
    OpportunityForm,
    checked,
)
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.paging import Listing
from portal.web.request import Request, today_of
from portal.words import text


def list_postings(request: Request) -> Screen:
    """The opportunities of one's programs, with how many applications wait for each."""
    waiting = (
        select(func.count())
        .where(
            Application.opportunity_id == Opportunity.id,
            Application.state.in_(OPEN_APPLICATIONS),
        )
        .correlate(Opportunity)
        .scalar_subquery()
    )
    rows: Any = (
        opportunities.managed_opportunities(request.viewer)
        .join(Position, Position.id == Opportunity.position_id)
        .join(Program, Program.id == Opportunity.program_id)
        .with_only_columns(
            Opportunity.id,
            Opportunity.title,
            Opportunity.translations,
            Opportunity.published_at,
            Position.name.label("position"),
            Position.translations.label("position_translations"),
            Program.name.label("program"),
            Program.translations.label("program_translations"),
            waiting.label("waiting"),
            listing.listed(today_of(request)).label("listed"),
        )
    )
    page = LISTING.page(request.db, rows, request.asked("after"))
    base = request.settings.base_url.rstrip("/")
    embedded = f"{base}/opportunities/embedded" if request.settings.embed_sites else ""
    return screen("recruitment/postings.html", page=page, embedded=embedded)


class PostingLine(NamedTuple):
    """An opportunity as the list of one's programs prints it."""

    id: int
    title: str
    translations: Mapping[str, Any]
    published_at: datetime | None
    position: str
    position_translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]
    waiting: int
    listed: bool


LISTING = Listing(PostingLine, (Opportunity.title, Opportunity.id))


def _choices(request: Request) -> dict[str, Any]:
    """The roles and locations that an opportunity may have."""
    roles = request.db.execute(
        managed_positions(request.viewer)
        .join(Program, Program.id == Position.program_id)
        .where(Position.closed_at.is_(None), Program.closed_at.is_(None))
        .with_only_columns(
            Position.id,
            Position.name,
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
        .order_by(Program.name, Position.name)
        .limit(500)
    )
    sites = request.db.execute(
        usable_sites(request.viewer)
        .where(Site.confidential.is_(False), Site.closed_at.is_(None))
        .with_only_columns(Site.id, Site.name, Site.translations)
        .order_by(Site.name)
        .limit(500)
    )
    return {
        "roles": [(row.id, role_name(request, row)) for row in roles],
        "sites": [(row.id, request.written(row.name, row.translations)) for row in sites],
    }


def new(request: Request, form: OpportunityForm | None = None) -> Screen:
    """Write an opportunity."""
    form = form or OpportunityForm(data={"position": request.asked_id("position")})
    return screen(
        "recruitment/posting.html",
        form=form,
        problem=form,
        row=None,
        listed=False,
        **_choices(request),
    )


def create(request: Request, form: OpportunityForm) -> See:
    """Add an opportunity; the public sees it once it is published."""
    _check_last_day(request, form)
    position = one(request.db, managed_positions(request.viewer), Position.id == form.position.data)
    row = opportunities.add_opportunity(request.act, position, form.columns)
    return See(
        f"/postings/{row.id}", text("The opportunity was saved. Publish it when it's ready.")
    )


def _check_last_day(request: Request, form: OpportunityForm) -> None:
    last = form.listed_until.data
    if last and last < today_of(request):
        raise Refused(fields={"listed_until": text("Enter today or a later date.")})


def _mine(request: Request, posting_id: int) -> Opportunity:
    scope = opportunities.managed_opportunities(request.viewer)
    return one(request.db, scope, Opportunity.id == posting_id)


def edit(request: Request, posting_id: int, form: Any = None) -> Screen:
    """Change an opportunity."""
    row = _mine(request, posting_id)
    values = opportunities.values_of(row) | {
        "position": row.position_id,
        "days": checked(row.weekdays, WEEKDAY_BITS),
        "times": checked(row.daytimes, DAYTIME_BITS),
    }
    filled = form if isinstance(form, OpportunityForm) else OpportunityForm.showing(values)
    shown = opportunities.managed_opportunities(request.viewer).where(
        Opportunity.id == row.id, listing.listed(today_of(request))
    )
    return screen(
        "recruitment/posting.html",
        form=filled,
        problem=form,
        row=row,
        listed=request.db.scalar(shown) is not None,
        **_choices(request),
    )


def update(request: Request, form: OpportunityForm, posting_id: int) -> See:
    """Save an opportunity. Its role stays: another role is another opportunity."""
    row = _mine(request, posting_id)
    if form.listed_until.data != row.listed_until:
        _check_last_day(request, form)
    opportunities.edit_opportunity(request.act, row, form.columns, form.version.data)
    return See(f"/postings/{posting_id}", text("The opportunity was saved."))


def publish(request: Request, form: Any, posting_id: int) -> See:
    """Put an opportunity before the public."""
    opportunities.publish(request.act, _mine(request, posting_id))
    return See(f"/postings/{posting_id}", text("Everyone can see this opportunity now."))


def close(request: Request, form: Any, posting_id: int) -> See:
    """Take an opportunity back."""
    opportunities.close(request.act, _mine(request, posting_id))
    return See(f"/postings/{posting_id}", text("This opportunity is no longer listed."))
