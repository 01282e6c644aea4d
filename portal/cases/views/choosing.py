"""What the forms of cases offer to choose from."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, or_, select

from portal.agency.settings import value_of
from portal.cases import scopes
from portal.cases.models import Case, DistrictSize, HelpFunction
from portal.cases.settings import DISTRICT
from portal.people.models import Person
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
            (row.id, row.name)
            for row in db.execute(
                scopes.caseworkers_of(names).with_only_columns(Person.id, Person.name).distinct()
            )
        ],
        **words_of(request),
    }


def words_of(request: Request, case: Case | None = None) -> Mapping[str, Options]:
    """Languages, and districts that are large enough somewhere, with those that a case names already."""
    kept = [case.language_id, case.district_id] if case else []
    least = request.db.scalars(
        select(DistrictSize.skill_id).where(
            DistrictSize.residents >= value_of(request.db, DISTRICT, request.settings)
        )
    ).all()
    languages = select(Skill).where(Skill.kind == SkillKind.LANGUAGE)
    districts = select(Skill).where(Skill.kind == SkillKind.DISTRICT, Skill.id.in_([*least, *kept]))
    return {
        "languages": _words(request, languages, kept),
        "districts": _words(request, districts, kept),
    }


def _words(request: Request, found: Select[Skill], kept: Sequence[int | None]) -> Options:
    """Words of the agency's list that are offered, and those that stand there already."""
    offered = found.where(or_(Skill.closed_at.is_(None), Skill.id.in_(kept)))
    rows = request.db.scalars(offered.order_by(Skill.name).limit(MOST))
    return [(row.id, request.written(row.name, row.translations)) for row in rows]
