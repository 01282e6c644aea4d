"""What the forms of cases offer to choose from."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select

from portal.cases import scopes
from portal.cases.models import DistrictSize, HelpFunction
from portal.people.traits import Skill, SkillKind
from portal.programs.models import Program
from portal.web.request import Request

MOST = 300
Options = Sequence[tuple[int, str]]


def choices(request: Request, program_id: int | None = None) -> Mapping[str, Options]:
    """Programs, what can be asked for, caseworkers, languages and districts, as a form shows them: of one
    program, or of all for which the viewer asks."""
    db, written = request.db, request.written
    programs = db.scalars(scopes.case_programs(request.viewer).order_by(Program.name).limit(MOST))
    rows = [row for row in programs if program_id in (None, row.id)]
    several = len(rows) > 1
    names = {row.id: written(row.name, row.translations) for row in rows}
    functions = db.scalars(
        scopes.functions_of(request.viewer)
        .where(HelpFunction.program_id.in_(names))
        .order_by(HelpFunction.name)
        .limit(MOST)
    )

    def named(row: HelpFunction) -> str:
        name = written(row.name, row.translations)
        return f"{names[row.program_id]}: {name}" if several else name

    return {
        "programs": list(names.items()),
        "functions": [(row.id, named(row)) for row in functions],
        "caseworkers": [
            (person.id, person.name)
            for number in names
            for person in db.scalars(scopes.caseworkers_of(number).limit(MOST))
        ],
        "languages": _words(request, select(Skill).where(Skill.kind == SkillKind.LANGUAGE)),
        "districts": _words(
            request, select(Skill).join(DistrictSize, DistrictSize.skill_id == Skill.id)
        ),
    }


def _words(request: Request, found: Select[Skill]) -> Options:
    """Words of the agency's list that are offered."""
    rows = request.db.scalars(
        found.where(Skill.closed_at.is_(None)).order_by(Skill.name).limit(MOST)
    )
    return [(row.id, request.written(row.name, row.translations)) for row in rows]
