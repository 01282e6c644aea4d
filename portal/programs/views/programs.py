"""Pages of programs and their positions, for the people who run them."""

from typing import Any

from sqlalchemy import select

from portal.people.models import Membership, Person
from portal.permissions import Permission, Role
from portal.programs import programs
from portal.programs.forms import MONTHS, PositionForm, ProgramForm
from portal.programs.models import Position, Program, Site
from portal.programs.scopes import managed_positions, managed_programs, one
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text


def list_programs(request: Request) -> Screen:
    """The programs one runs."""
    rows = request.db.scalars(managed_programs(request.viewer).order_by(Program.name).limit(200))
    may_add = request.viewer.may(Permission.AGENCY_MANAGE)
    return screen("programs/list.html", programs=rows.all(), may_add=may_add)


def new_program(request: Request, form: ProgramForm | None = None) -> Screen:
    """Write a new program."""
    return screen("programs/edit.html", form=form or ProgramForm(), program=None)


def create_program(request: Request, form: ProgramForm) -> See:
    """Add a program."""
    program = programs.add_program(request.act, form.values)
    return See(f"/programs/{program.id}", text("The program was added."))


def program_of(request: Request, program_id: int) -> Program:
    """A program one runs, or NotFound."""
    return one(request.db, managed_programs(request.viewer), Program.id == program_id)


def show_program(request: Request, program_id: int, form: Any = None) -> Screen:
    """A program with its positions, places and coordinators."""
    program = program_of(request, program_id)
    db = request.db
    positions = db.scalars(
        select(Position).where(Position.program_id == program_id).order_by(Position.name)
    )
    sites = db.scalars(select(Site).where(Site.program_id == program_id).order_by(Site.name))
    coordinators = db.execute(
        select(Person.id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.program_id == program_id,
            Membership.role == Role.COORDINATOR,
            Membership.until.is_(None),
        )
        .order_by(Person.name)
    )
    return screen(
        "programs/show.html",
        program=program,
        positions=positions.all(),
        sites=sites.all(),
        coordinators=coordinators.all(),
        form=form,
        may_open_people=request.viewer.everywhere(Permission.AGENCY_MANAGE),
    )


def edit_program(request: Request, program_id: int, form: ProgramForm | None = None) -> Screen:
    """Change a program."""
    program = program_of(request, program_id)
    form = form or ProgramForm.showing(programs.values_of(program))
    return screen("programs/edit.html", form=form, program=program)


def update_program(request: Request, form: ProgramForm, program_id: int) -> See:
    """Save a program."""
    program = program_of(request, program_id)
    programs.edit_program(request.act, program, form.values, form.version.data)
    return See(f"/programs/{program_id}", text("The program was saved."))


def close_program(request: Request, form: Any, program_id: int) -> See:
    """Close a program."""
    programs.close(request.act, program_of(request, program_id))
    return See(f"/programs/{program_id}", text("The program was closed."))


def reopen_program(request: Request, form: Any, program_id: int) -> See:
    """Open a program again."""
    programs.reopen(request.act, program_of(request, program_id))
    return See(f"/programs/{program_id}", text("The program was reopened."))


def new_position(request: Request, program_id: int, form: PositionForm | None = None) -> Screen:
    """Write a new position."""
    program = program_of(request, program_id)
    return screen(
        "programs/position.html",
        form=form or PositionForm(),
        program=program,
        position=None,
        months=MONTHS,
    )


def create_position(request: Request, form: PositionForm, program_id: int) -> See:
    """Add a position to a program."""
    program = program_of(request, program_id)
    programs.add_position(request.act, program, form.values)
    return See(f"/programs/{program_id}", text("The role was added."))


def position_of(request: Request, position_id: int) -> Position:
    """A position of a program one runs, or NotFound."""
    return one(request.db, managed_positions(request.viewer), Position.id == position_id)


def edit_position(request: Request, position_id: int, form: PositionForm | None = None) -> Screen:
    """Change a position."""
    position = position_of(request, position_id)
    form = form or PositionForm.showing(programs.values_of(position))
    return screen(
        "programs/position.html",
        form=form,
        program=position.program,
        position=position,
        months=MONTHS,
    )


def update_position(request: Request, form: PositionForm, position_id: int) -> See:
    """Save a position."""
    position = position_of(request, position_id)
    programs.edit_position(request.act, position, form.values, form.version.data)
    return See(f"/programs/{position.program_id}", text("The role was saved."))


def close_position(request: Request, form: Any, position_id: int) -> See:
    """Close a position."""
    position = position_of(request, position_id)
    programs.close(request.act, position)
    return See(f"/programs/{position.program_id}", text("The role was closed."))


def reopen_position(request: Request, form: Any, position_id: int) -> See:
    """Open a position again."""
    position = position_of(request, position_id)
    programs.reopen(request.act, position)
    return See(f"/programs/{position.program_id}", text("The role was reopened."))
