"""What a list of shifts can be narrowed by, cut to what the viewer may know of."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.programs.models import Position, Program, Site, Visibility
from portal.shifts.insight import EVERYWHERE, Insight, reach
from portal.shifts.lines import labels

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
            Program.id.in_(bindparam("inside", expanding=True)),
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
            Site.program_id.in_(bindparam("staff_of", expanding=True)),
            Site.id.in_(bindparam("own_sites", expanding=True)),
            EVERYWHERE,
        ),
    )
    .order_by(Site.name)
    .limit(500)
)


@dataclass(frozen=True)
class Options:
    """What a list can be narrowed by: (id, name, translations) of each."""

    programs: list[tuple[int, str, dict[str, Any] | None]]
    positions: list[tuple[int, str, dict[str, Any] | None]]
    sites: list[tuple[int, str]]


def options(db: Session, insight: Insight, *, managed: bool = False) -> Options:
    """The programs, roles and places a viewer may narrow a list by; `managed`: only one's own."""
    parameters = reach(insight)
    sites = db.execute(
        _SITES, {name: parameters[name] for name in ("staff_of", "own_sites", "everywhere")}
    )
    rows = db.execute(_OPTIONS, {name: parameters[name] for name in ("inside", "everywhere")}).all()
    programs: dict[int, tuple[int, str, dict[str, Any] | None]] = {}
    positions: list[tuple[int, str, dict[str, Any] | None]] = []
    for row in rows:
        if managed and not insight.runs(row.program_id):
            continue
        if row.visibility == Visibility.PUBLIC or insight.knows(row.program_id):
            programs[row.program_id] = (row.program_id, row.program, row.program_translations)
            positions.append((row.id, row.name, row.translations))
        else:
            label = labels(row.program_translations)
            programs[row.program_id] = (row.program_id, row.public_label, label)
    return Options(list(programs.values()), positions, list(sites))
