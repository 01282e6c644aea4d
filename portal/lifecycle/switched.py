"""Which programs turned something on."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.agency.models import AgencySetting
from portal.agency.settings import Setting
from portal.programs.models import Program


def switched_on(db: Session, setting: Setting[bool]) -> list[int]:
    """The open programs in which a setting is on."""
    stored = select(AgencySetting.program_id).where(
        AgencySetting.name == setting.name,
        AgencySetting.value == setting.written(True),
        AgencySetting.program_id.is_not(None),
    )
    found = select(Program.id).where(Program.id.in_(stored), Program.closed_at.is_(None))
    return list(db.scalars(found.order_by(Program.id)))
