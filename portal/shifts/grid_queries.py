"""The statements that read a coordinator's grid, and the mark by which a change of it is known."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.kinds import SHIFT
from portal.people.models import Person
from portal.permissions import Permission, Viewer
from portal.programs.models import Position, Program, Site, Visibility
from portal.programs.scopes import in_viewers_programs
from portal.reads import AnySelect, among
from portal.requirements.change_models import Affected
from portal.shifts.group_models import Group, GroupSpots
from portal.shifts.models import Attendance, Shift, Signup, SignupState, Slot
from portal.shifts.schedule import schedule_filters
from portal.shifts.still_coming import SILENT
from portal.shifts.viewer_scope import EVERYWHERE, STAFF_OF
from portal.shifts.waiting_models import Ask

MOST = 500
"""Shifts on one grid."""


class GridSlot(NamedTuple):
    """A slot of the week with its shift."""

    id: int
    shift_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    canceled_at: datetime | None
    program_id: int
    program: str
    program_translations: Mapping[str, Any]
    visibility: Visibility
    site_id: int | None
    site: str | None
    position_id: int
    position: str
    position_translations: Mapping[str, Any]
    minimum: int
    maximum: int
    filled: int
    held: int


class GridPerson(NamedTuple):
    """Someone on a slot."""

    slot_id: int
    signup_id: int
    person_id: int
    name: str
    cant_at: datetime | None
    silent: bool
    trainee: bool
    attendance: Attendance | None


class GridAsk(NamedTuple):
    """Someone who was asked about a slot and has not answered."""

    slot_id: int
    person_id: int
    name: str


class GridGroup(NamedTuple):
    """A group that has spots of a slot."""

    slot_id: int
    shift_id: int
    name: str
    spots: int


_COLUMNS = (
    Slot.id,
    Slot.shift_id,
    Shift.starts_at,
    Shift.ends_at,
    Shift.zone,
    Shift.title,
    Shift.canceled_at,
    Shift.program_id,
    Program.name.label("program"),
    Program.translations.label("program_translations"),
    Program.visibility,
    Shift.site_id,
    Site.name.label("site"),
    Slot.position_id,
    Position.name.label("position"),
    Position.translations.label("position_translations"),
    Slot.minimum,
    Slot.maximum,
    Slot.filled,
    Slot.held,
)


SLOTS: AnySelect = (
    select(*_COLUMNS)
    .join(Shift, Shift.id == Slot.shift_id)
    .join(Position, Position.id == Slot.position_id)
    .join(Program, Program.id == Shift.program_id)
    .outerjoin(Site, Site.id == Shift.site_id)
)
"""Slots as the grid reads them."""


@cache
def slots_of_days(flags: frozenset[str]) -> AnySelect:
    """The slots of shifts that start between two moments, narrowed by some filters."""
    page = (
        select(Shift.id)
        .join(Program, Program.id == Shift.program_id)
        .where(
            Shift.starts_at >= bindparam("first_at"),
            Shift.starts_at < bindparam("last_at"),
            or_(EVERYWHERE, STAFF_OF),
            *schedule_filters(flags),
        )
        .order_by(Shift.starts_at, Shift.id)
        .limit(MOST)
    )
    if "site" in flags:
        page = page.join(Site, Site.id == Shift.site_id)
    return SLOTS.where(Slot.maximum > 0, Shift.id.in_(page)).order_by(
        Shift.starts_at, Shift.id, Slot.id
    )


PEOPLE = (
    select(
        Signup.slot_id,
        Signup.id.label("signup_id"),
        Signup.person_id,
        Person.name,
        Signup.cant_at,
        and_(SILENT, Signup.trainee.is_(False)).label("silent"),
        Signup.trainee,
        Signup.attendance,
    )
    .join(Person, Person.id == Signup.person_id)
    .where(among(Signup.slot_id, "slots"), Signup.state == SignupState.SIGNED_UP)
    .order_by(Signup.since, Signup.id)
)
ASKED = (
    select(Ask.slot_id, Ask.person_id, Person.name)
    .join(Person, Person.id == Ask.person_id)
    .where(among(Ask.slot_id, "slots"), Ask.answer == "")
    .order_by(Ask.id)
)
UNCLEAR = select(Affected.source_id).where(
    Affected.kind == SHIFT, among(Affected.source_id, "signups"), Affected.decision.is_(None)
)


GROUPS = (
    select(GroupSpots.slot_id, GroupSpots.shift_id, Group.name, GroupSpots.spots)
    .join(Group, Group.id == GroupSpots.group_id)
    .where(among(GroupSpots.slot_id, "slots"), GroupSpots.ended_at.is_(None))
    .order_by(Group.name, GroupSpots.id)
)


def mark_of(db: Session, viewer: Viewer, first: date, zone: str) -> str:
    """A mark of what the viewer's week shows from its first day on; it differs when someone changed it."""
    of_week = (
        in_viewers_programs(Shift.program_id, viewer, Permission.SHIFTS_MANAGE),
        Shift.starts_at >= clock.start_of_day(first, zone),
        Shift.starts_at < clock.start_of_day(first + 7 * clock.ONE_DAY, zone),
    )
    slots = select(Slot.id).join(Shift, Shift.id == Slot.shift_id).where(*of_week)
    parts: list[AnySelect] = [
        select(func.count(), func.sum(Shift.version), func.max(Shift.canceled_at)).where(*of_week),
        select(
            func.sum(Slot.filled),
            func.sum(Slot.held),
            func.sum(Slot.maximum),
            func.sum(Slot.minimum),
        ).where(Slot.id.in_(slots)),
        select(
            func.max(Signup.id),
            func.max(Signup.ended_at),
            func.max(Signup.cant_at),
            func.sum(case((Signup.cant_at.is_not(None), Signup.id))),
            func.max(Signup.marked_at),
            func.max(Signup.coming_asked_at),
            func.max(Signup.coming_at),
        ).where(Signup.slot_id.in_(slots)),
        select(func.max(Ask.id), func.max(Ask.answered_at)).where(Ask.slot_id.in_(slots)),
    ]
    seen = repr([tuple(db.execute(part).one()) for part in parts])
    return hashlib.sha256(seen.encode()).hexdigest()[:20]
