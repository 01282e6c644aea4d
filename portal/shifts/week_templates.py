"""Week templates: a week of a program that is copied again and again, by its name."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.audit.log import record
from portal.permissions import Permission, Viewer
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.shifts.copying import shifts_of_week
from portal.shifts.template_models import WeekTemplate
from portal.web.errors import Refused
from portal.words import text


def managed_templates(viewer: Viewer) -> Select[WeekTemplate]:
    """The templates of the programs a viewer schedules, also those that ended."""
    mine = in_viewers_programs(WeekTemplate.program_id, viewer, Permission.SHIFTS_MANAGE)
    return select(WeekTemplate).where(mine)


def templates(db: Session, viewer: Viewer) -> Sequence[WeekTemplate]:
    """Those that are offered, by program and name."""
    rows = managed_templates(viewer).join(Program, Program.id == WeekTemplate.program_id)
    current = rows.where(WeekTemplate.ended_at.is_(None), Program.closed_at.is_(None))
    return db.scalars(
        current.order_by(Program.name, WeekTemplate.name, WeekTemplate.id)
        .options(joinedload(WeekTemplate.program))
        .limit(100)
    ).all()


def add_template(act: Act, program: Program, name: str, first_day: date, zone: str) -> WeekTemplate:
    """Keep a week of a program under a name; Refused for one without shifts."""
    if not shifts_of_week(act.db, act.by, first_day, zone, program.id):
        raise Refused(fields={"template_week": text("That week has no shifts to copy.")})
    made = WeekTemplate(program_id=program.id, name=name, first_day=first_day, since=act.at)
    act.db.add(made)
    act.db.flush()
    record(act, "week_template.added", made)
    return made


def end_template(act: Act, row: WeekTemplate) -> None:
    """Offer it no more; a second press is harmless."""
    if row.ended_at is None:
        row.ended_at = act.at
        record(act, "week_template.ended", row)
