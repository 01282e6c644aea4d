"""A person's roles in the viewer's programs: the card on their page, and giving them one."""

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.people.models import Person
from portal.permissions import Permission
from portal.programs import placements
from portal.programs.forms import PlacementForm
from portal.programs.models import Placement, Position, Program
from portal.programs.scopes import in_viewers_programs, managed_positions, one, placeable_people
from portal.requirements.applying import before_placing
from portal.requirements.paperwork import standings_of
from portal.web.answers import See
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

PAST = 100
MOST_POSITIONS = 500


def card(request: Request, person: Person, form: Any) -> dict[str, Any]:
    """The roles a person has, had or asked for, whether they are cleared for them, and those one can give."""
    today = clock.local_day(request.at, request.settings.timezone)
    standings = standings_of(request.db, person.id, today, request.viewer)
    positions = _positions(request)
    return {
        "placements": _placements(request, person.id),
        "standings": {one.position_id: one for one in standings if not one.asked},
        "positions": positions,
        "placing": form_of(form, PlacementForm, {"starts_on": today}),
        "roles": [(row.id, f"{row.name} · {row.program}") for row in positions],
    }


def _placements(request: Request, person_id: int) -> Any:
    return request.db.execute(
        select(
            Placement.id,
            Placement.position_id,
            Placement.state,
            Placement.starts_on,
            Placement.ends_on,
            Placement.reason,
            Position.name.label("position"),
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
        )
        .join(Position, Position.id == Placement.position_id)
        .join(Program, Program.id == Placement.program_id)
        .where(
            Placement.person_id == person_id,
            in_viewers_programs(Placement.program_id, request.viewer, Permission.PEOPLE_MANAGE),
        )
        .order_by(Placement.id.desc())
        .limit(PAST)
    ).all()


def _positions(request: Request) -> Any:
    return request.db.execute(
        managed_positions(request.viewer)
        .join(Program, Program.id == Position.program_id)
        .with_only_columns(Position.id, Position.name, Program.name.label("program"))
        .where(Position.closed_at.is_(None), Program.closed_at.is_(None))
        .order_by(Program.name, Position.name)
        .limit(MOST_POSITIONS)
    ).all()


def place(request: Request, form: PlacementForm, person_id: int) -> See:
    """Give a person a position."""
    person = one(request.db, placeable_people(request.viewer), Person.id == person_id)
    position = one(request.db, managed_positions(request.viewer), Position.id == form.position.data)
    starts_on, today = form.starts_on.data, clock.local_day(request.at, request.settings.timezone)
    placements.place(
        request.act.but(asked=form.asked.data),
        person,
        position,
        starts_on,
        missing=before_placing(request.db, person, position.id, max(starts_on, today)),
    )
    return See(f"/people/{person_id}", text("%(name)s now has this role.", name=person.name))
