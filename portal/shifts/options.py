"""What a list of shifts can be narrowed by, cut to what the viewer may know of."""

from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from portal.programs.models import Position, Program, Site, Visibility
from portal.reads import among, rows
from portal.shifts.viewer_scope import EVERYWHERE, Insight, reach
from portal.words import in_language

_OPTIONS = (
    select(
        Position.id,
        Position.name,
        Position.translations,
        Position.program_id,
        Program.name.label("program"),
        Program.public_label,
        Program.visibility,
        Program.translations.label("program_translations"),
    )
    .join(Program, Program.id == Position.program_id)
    .where(
        Program.closed_at.is_(None),
        Position.closed_at.is_(None),
        or_(
            Program.visibility != Visibility.HIDDEN,
            among(Program.id, "inside"),
            EVERYWHERE,
        ),
    )
    .order_by(Program.name, Position.name)
    .limit(500)
)
_SITES = (
    select(Site.id, Site.name)
    .outerjoin(Program, Program.id == Site.program_id)
    .where(
        Site.closed_at.is_(None),
        or_(
            Site.program_id.is_(None),
            and_(Site.confidential.is_(False), Program.visibility == Visibility.PUBLIC),
            among(Site.program_id, "staff_of"),
            EVERYWHERE,
        ),
    )
    .order_by(Site.name)
    .limit(500)
)


@dataclass(frozen=True)
class Options:
    """What a list can be narrowed by: id and name of each, in the viewer's language."""

    programs: list[tuple[int, str]]
    positions: list[tuple[int, str]]
    sites: list[tuple[int, str]]


def options(db: Session, insight: Insight, *, managed: bool = False) -> Options:
    """The programs, roles and places a viewer may narrow a list by; `managed`: only one's own."""
    parameters = reach(insight)
    sites = rows(db, _SITES, {name: parameters[name] for name in ("staff_of", "everywhere")})
    found = rows(db, _OPTIONS, {name: parameters[name] for name in ("inside", "everywhere")})
    programs: dict[int, str] = {}
    positions: list[tuple[int, str]] = []
    language = insight.language
    for row in found:
        if managed and not insight.runs(row.program_id):
            continue
        own = row.program_translations
        if row.visibility == Visibility.PUBLIC or insight.knows(row.program_id):
            programs[row.program_id] = in_language(language, row.program, own, "name")
            positions.append((row.id, in_language(language, row.name, row.translations, "name")))
        else:
            label = in_language(language, row.public_label, own, "public_label")
            programs[row.program_id] = label
    return Options(list(programs.items()), positions, list(sites))
