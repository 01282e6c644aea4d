"""Writing to everyone whose application for a role is in review."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from portal.permissions import Permission
from portal.programs.application_models import Application, ApplicationState
from portal.programs.models import Position
from portal.programs.scopes import in_viewers_programs, one
from portal.web.request import Request


@dataclass(frozen=True)
class Applied:
    """A role whose applicants are written to."""

    id: int
    program_id: int
    starts_at: datetime | None = None


def role_of(request: Request, position_id: int) -> Applied:
    """A role on whose applications the viewer decides, or NotFound."""
    mine = select(Position).where(
        in_viewers_programs(Position.program_id, request.viewer, Permission.PLACEMENTS_DECIDE)
    )
    found = one(request.db, mine, Position.id == position_id)
    return Applied(found.id, found.program_id)


def people_of(position_id: int) -> Select[int]:
    """The ids of the people whose application for a role is in review or on hold."""
    return select(Application.person_id).where(  # type: ignore[return-value]
        Application.position_id == position_id,
        Application.state.in_((ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD)),
        Application.person_id.is_not(None),
    )
