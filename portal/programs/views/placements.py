"""Joining a position: the ways to help, asking, and the coordinator's answer."""

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.people.models import Person
from portal.permissions import Permission
from portal.programs import placements
from portal.programs.forms import DeclineForm, EndPlacementForm
from portal.programs.models import Placement, PlacementState, Position, Program, Visibility
from portal.programs.scopes import decidable_placements, in_viewers_programs, one
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.request import Request
from portal.words import text


def list_positions(request: Request, form: Any = None) -> Screen:
    """The ways to help that are open to anyone, and where one stands with each.

    A program that outsiders know by its neutral name, or not at all, recruits in person.
    """
    own = select(Placement.position_id, Placement.state).where(
        Placement.person_id == request.viewer.person_id,
        Placement.state.in_((PlacementState.ASKED, PlacementState.ACTIVE)),
    )
    states = {row.position_id: row.state for row in request.db.execute(own)}
    rows = request.db.execute(
        select(
            Position.id,
            Position.name,
            Position.description,
            Position.translations,
            Position.color,
            Position.icon,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
        .join(Program, Program.id == Position.program_id)
        .where(_open_to_all())
        .order_by(Program.name, Position.name)
        .limit(300)
    )
    return screen("programs/positions.html", positions=rows.all(), states=states, form=form)


def _open_to_all() -> Any:
    return (
        (Program.visibility == Visibility.PUBLIC)
        & Program.closed_at.is_(None)
        & Position.closed_at.is_(None)
    )


def ask_to_join(request: Request, form: Any, position_id: int) -> See:
    """Ask to serve in a position."""
    assert request.viewer.person_id
    position = request.db.scalar(
        select(Position).join(Program).where(Position.id == position_id, _open_to_all())
    )
    if position is None:
        raise NotFound
    placements.ask_to_join(request.act, request.viewer.person_id, position)
    return See("/positions", text("We got your application. The coordinator will get back to you."))


def list_requests(
    request: Request, form: DeclineForm | None = None, placement_id: int | None = None
) -> Screen:
    """Who asks to join a program one runs, the longest wait first."""
    rows = request.db.execute(
        select(
            Placement.id,
            Placement.asked_at,
            Person.id.label("person_id"),
            Person.name,
            Position.name.label("position"),
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
        .join(Person, Person.id == Placement.person_id)
        .join(Position, Position.id == Placement.position_id)
        .join(Program, Program.id == Placement.program_id)
        .where(
            in_viewers_programs(Placement.program_id, request.viewer, Permission.PLACEMENTS_DECIDE),
            Placement.state == PlacementState.ASKED,
        )
        .order_by(Placement.asked_at, Placement.id)
        .limit(200)
    )
    return screen(
        "programs/requests.html", requests=rows.all(), form=form, placement_id=placement_id
    )


def placement_of(request: Request, placement_id: int) -> Placement:
    """A placement one decides on, or NotFound."""
    return one(request.db, decidable_placements(request.viewer), Placement.id == placement_id)


def approve(request: Request, form: Any, placement_id: int) -> See:
    """Say yes to a request to join."""
    placement = placement_of(request, placement_id)
    today = clock.local_day(request.at, request.settings.timezone)
    person, position = placement.person, placement.position
    missing = request.portal.gives[placements.BeforePlacing](request.db, person, position.id, today)
    placements.place(request.act, person, position, today, missing=missing)
    return See("/placements", text("%(name)s now has this role.", name=placement.person.name))


def decline(request: Request, form: DeclineForm, placement_id: int) -> See:
    """Say no to a request to join."""
    placement = placement_of(request, placement_id)
    placements.decline(request.act, placement, form.reason.data)
    return See("/placements", text("The application was declined."))


def edit_end(request: Request, placement_id: int, form: EndPlacementForm | None = None) -> Screen:
    """Ask for the last day of a placement."""
    placement = placement_of(request, placement_id)
    today = clock.local_day(request.at, request.settings.timezone)
    form = form or EndPlacementForm(data={"ends_on": today})
    return screen("programs/end_placement.html", form=form, placement=placement)


def end(request: Request, form: EndPlacementForm, placement_id: int) -> See:
    """End a placement."""
    placement = placement_of(request, placement_id)
    placements.end_placement(
        request.act.but(asked=form.asked.data), placement, form.ends_on.data, form.reason.data
    )
    return See(f"/people/{placement.person_id}", text("The role ends that day."))
