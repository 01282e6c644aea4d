"""Pages of what cases need beforehand: what volunteers do in a program, and the agency's districts."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.cases import functions
from portal.cases.forms import DistrictForm, FunctionForm
from portal.cases.models import DistrictSize, FunctionPosition, HelpFunction
from portal.people.traits import Skill, SkillKind
from portal.programs.models import Position, Program
from portal.programs.scopes import managed_programs, one
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

MOST = 300


def _program(request: Request, program_id: int) -> Program:
    return one(request.db, managed_programs(request.viewer), Program.id == program_id)


def show_functions(request: Request, program_id: int, form: Any = None) -> Screen:
    """What volunteers of a program do for clients, and which roles may."""
    program = _program(request, program_id)
    found = request.db.scalars(
        select(HelpFunction)
        .where(HelpFunction.program_id == program.id, HelpFunction.closed_at.is_(None))
        .options(selectinload(HelpFunction.positions).joinedload(FunctionPosition.position))
        .order_by(HelpFunction.name)
        .limit(MOST)
    ).all()
    roles = request.db.scalars(
        select(Position)
        .where(Position.program_id == program.id, Position.closed_at.is_(None))
        .order_by(Position.name)
        .limit(MOST)
    )
    return screen(
        "cases/functions.html",
        program=program,
        functions=found,
        usual=list(functions.USUAL.values()),
        roles=[(row.id, request.written(row.name, row.translations)) for row in roles],
        form=form,
        adding=form_of(form, FunctionForm),
    )


def add_function(request: Request, form: FunctionForm, program_id: int) -> See:
    """Add one."""
    program = _program(request, program_id)
    functions.add_function(
        request.act, program, form.name.data, form.due_days.data, form.roles.data
    )
    return See(
        f"/programs/{program.id}/help-functions", text("%(name)s was added.", name=form.name.data)
    )


def close_function(request: Request, form: Any, program_id: int, function_id: int) -> See:
    """Offer one no more."""
    program = _program(request, program_id)
    own = select(HelpFunction).where(HelpFunction.program_id == program.id)
    row = one(request.db, own, HelpFunction.id == function_id)
    functions.close_function(request.act, row)
    return See(f"/programs/{program.id}/help-functions", text("It is off the list."))


def show_districts(request: Request, form: Any = None) -> Screen:
    """The districts of the agency's list, and how many people live in each."""
    found = request.db.execute(
        select(Skill.id, Skill.name, Skill.translations, DistrictSize.residents)
        .outerjoin(DistrictSize, DistrictSize.skill_id == Skill.id)
        .where(Skill.kind == SkillKind.DISTRICT, Skill.closed_at.is_(None))
        .order_by(Skill.name)
        .limit(MOST)
    ).all()
    return screen(
        "cases/districts.html",
        districts=found,
        options=[(row.id, request.written(row.name, row.translations)) for row in found],
        form=form,
        setting=form_of(form, DistrictForm),
    )


def set_residents(request: Request, form: DistrictForm) -> See:
    """Say how many people live in one."""
    functions.set_residents(request.act, form.district.data, form.residents.data)
    return See("/districts", text("The number of residents was saved."))
