"""What a viewer has to do with programs and shifts, which decides how much they may read.

Three conditions are made from it, for use inside queries: whether a viewer may know of a
shift at all, whether they know its program by its real name, and whether they may read
where it is (SECURITY P2, P10, Z5). `reach` gives the parameters these take.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.languages import SOURCE
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, Program, Site, Visibility
from portal.programs.placements import covers, from_day
from portal.programs.scopes import in_viewers_programs, one
from portal.reads import among, read_past
from portal.shifts.early import hours_early_in
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.web.request import Request


@dataclass(frozen=True, slots=True)
class Insight:
    """What a viewer has to do with which programs, and the language they read in."""

    language: str = SOURCE
    this_year: int = 0
    everywhere: bool = False
    staff_of: frozenset[int] = frozenset()
    placed_in: frozenset[int] = frozenset()
    placements: Sequence["Placed"] = ()
    own_shifts: Mapping[int, int] = field(default_factory=dict)

    @property
    def inside(self) -> frozenset[int]:
        return self.staff_of | self.placed_in

    def knows(self, program_id: int) -> bool:
        """Whether the viewer is no outsider to a program."""
        return self.everywhere or program_id in self.staff_of or program_id in self.placed_in

    def runs(self, program_id: int) -> bool:
        """Whether the viewer is staff of a program."""
        return self.everywhere or program_id in self.staff_of

    def opens_at(self, program_id: int, opens_at: datetime) -> datetime:
        """When sign-up for a shift of a program opens for the viewer."""
        early = (row.hours_early or 0 for row in self.placements if row.program_id == program_id)
        return opens_at - timedelta(hours=max(early, default=0))

    def placed(self, position_id: int, day: date) -> bool:
        """Whether the viewer may serve in a position on a day."""
        return any(row.position_id == position_id and covers(row, day) for row in self.placements)


_PLACEMENTS = select(
    Placement.position_id,
    Placement.program_id,
    Placement.starts_on,
    Placement.ends_on,
    hours_early_in(Placement.program_id, bindparam("person_id")).label("hours_early"),
).where(Placement.person_id == bindparam("person_id"), from_day(bindparam("today")))
_OWN = (
    select(Signup.id, Signup.shift_id, Shift.program_id)
    .join(Shift, Shift.id == Signup.shift_id)
    .where(
        Signup.person_id == bindparam("person_id"),
        Signup.state == SignupState.SIGNED_UP,
        Shift.ends_at > bindparam("at"),
    )
)


class Placed(NamedTuple):
    """A placement, its days, and by how many hours it lets one sign up before everyone else."""

    position_id: int
    program_id: int
    starts_on: date
    ends_on: date | None
    hours_early: int | None = None


class OwnShift(NamedTuple):
    """A signup of the viewer for a shift that is not over."""

    id: int
    shift_id: int
    program_id: int


def insight_of(
    db: Session, viewer: Viewer, at: datetime, zone: str, language: str = SOURCE
) -> Insight:
    """What a viewer has to do with programs and shifts now: two statements, none for the public."""
    today = clock.local_day(at, zone)
    if viewer.person_id is None:
        return Insight(language, today.year)
    placements = read_past(db, Placed, _PLACEMENTS, {"person_id": viewer.person_id, "today": today})
    own = read_past(db, OwnShift, _OWN, {"person_id": viewer.person_id, "at": at})
    return Insight(
        language,
        today.year,
        everywhere=viewer.everywhere(Permission.SHIFTS_MANAGE),
        staff_of=viewer.programs_with(Permission.SHIFTS_MANAGE),
        placed_in=frozenset(
            {row.program_id for row in placements} | {row.program_id for row in own}
        ),
        placements=placements,
        own_shifts={row.shift_id: row.id for row in own},
    )


def insight_for(request: Request) -> Insight:
    """The insight of a request's viewer."""
    return insight_of(
        request.db, request.viewer, request.at, request.settings.timezone, request.language
    )


STAFF_OF = among(Shift.program_id, "staff_of")
INSIDE = among(Shift.program_id, "inside")
EVERYWHERE = bindparam("everywhere", type_=Boolean())

VISIBLE = or_(Program.visibility != Visibility.HIDDEN, INSIDE, EVERYWHERE)
"""The viewer may know of a shift."""

KNOWN = or_(Program.visibility == Visibility.PUBLIC, INSIDE, EVERYWHERE)
"""The viewer may know a shift's program by its real name."""

PLACE_SHOWN = or_(Site.confidential.is_(False), STAFF_OF, EVERYWHERE)
"""Lists say where a shift is. A confidential place is told on the page of one's own shift only."""


def reach(insight: Insight) -> dict[str, Any]:
    """The parameters that say how far a viewer's insight goes."""
    return {
        "inside": sorted(insight.inside),
        "staff_of": sorted(insight.staff_of),
        "everywhere": insight.everywhere,
    }


def managed_shifts(viewer: Viewer) -> Select[Shift]:
    """The shifts of a viewer's programs."""
    return select(Shift).where(_is_managed(viewer))


def managed_slot(db: Session, viewer: Viewer, slot_id: int) -> Slot:
    """A slot of a shift in a viewer's programs, or NotFound."""
    slots: Select[Slot] = select(Slot).join(Shift, Shift.id == Slot.shift_id)
    return one(db, slots.where(_is_managed(viewer)), Slot.id == slot_id)


def managed_signup(db: Session, viewer: Viewer, signup_id: int) -> Signup:
    """A signup for a shift in a viewer's programs, or NotFound."""
    signups: Select[Signup] = select(Signup).join(Shift, Shift.id == Signup.shift_id)
    return one(db, signups.where(_is_managed(viewer)), Signup.id == signup_id)


def _is_managed(viewer: Viewer) -> ColumnElement[bool]:
    return in_viewers_programs(Shift.program_id, viewer, Permission.SHIFTS_MANAGE)
