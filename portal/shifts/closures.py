"""Closures: days on which the agency or a site is closed, and what that does to shifts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.permissions import Permission, Viewer
from portal.programs.models import Closure, Site
from portal.programs.scopes import managed_sites, usable_sites
from portal.shifts import shifts
from portal.shifts.models import Shift, Slot
from portal.shifts.roster import names_on
from portal.shifts.signups import lock_shifts
from portal.shifts.undoable import CLOSED_SHIFTS, CLOSURES
from portal.web.errors import Refused, unless_seen
from portal.words import text

CANCEL, MOVE, KEEP = "cancel", "move", "keep"
LONGEST_DAYS = 366
MOST_SHIFTS = 2000


@dataclass(frozen=True)
class Touched:
    """A coming shift that a closure falls on, and who is on it."""

    shift_id: int
    program: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    names: tuple[str, ...]


def touched(db: Session, found: Sequence[Shift]) -> list[Touched]:
    """Some shifts with the people on them, as a page lists them."""
    names = names_on(db, [shift.id for shift in found])
    return [
        Touched(
            shift.id,
            shift.program.name,
            shift.heading,
            shift.starts_at,
            shift.ends_at,
            shift.zone,
            names.get(shift.id, ()),
        )
        for shift in found
    ]


def close(
    act: Act, values: Mapping[str, Any], what: str, move_days: int, zone: str, seen: str
) -> Closure:
    """Close the agency (or the site in `values`) for some days, and say what becomes of its shifts.

    `what` is one of CANCEL, MOVE (by `move_days`) and KEEP. All of it happens, or nothing:
    a person who is busy at the new time refuses the whole closure, by name. Raises Preview unless
    the shifts it touches were `seen`.
    """
    _check_may_close(act.db, act.by, values["site_id"])
    first, last = values["first_day"], values["last_day"]
    if not first <= last <= first + timedelta(days=LONGEST_DAYS):
        raise Refused(
            fields={"last_day": text("Enter a last day on or after the first, within one year.")}
        )
    found = _coming(act.db, values["site_id"], first, last, zone, act.at)
    lock_shifts(act.db, [shift.id for shift in found])
    unless_seen([what, move_days, *touched(act.db, found)], seen)
    closure = Closure(**values)
    act.db.add(closure)
    act.db.flush()
    watch(act, CLOSURES, [closure.id], new=True)
    watch(act, CLOSED_SHIFTS, [shift.id for shift in found])
    for shift in found:
        if what == MOVE:
            _move(act, shift, move_days)
        elif what == CANCEL:
            shifts.cancel(act, shift, values["reason"])
    record(act, "closure.added", closure)
    return closure


def lift(act: Act, closure: Closure) -> None:
    """Take a closure back. Shifts that were canceled stay so; patterns write new ones again."""
    if closure.lifted_at is None:
        watch(act, CLOSURES, [closure.id])
        closure.lifted_at = act.at
        record(act, "closure.lifted", closure)


def _check_may_close(db: Session, by: Viewer, site_id: int | None) -> None:
    """The agency, and places all programs use, take an administrator."""
    if site_id is None:
        allowed = by.everywhere(Permission.SITES_MANAGE)
    else:
        allowed = db.scalar(managed_sites(by).where(Site.id == site_id)) is not None
    if not allowed:
        raise Refused(fields={"site_id": text("You can close the locations of your programs.")})


def _coming(
    db: Session, site_id: int | None, first: date, last: date, zone: str, at: datetime
) -> Sequence[Shift]:
    statement = (
        select(Shift)
        .where(
            Shift.starts_at < clock.start_of_day(last + clock.ONE_DAY, zone),
            Shift.ends_at > clock.start_of_day(first, zone),
            Shift.starts_at > at,
            Shift.canceled_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id)
        .options(joinedload(Shift.program), selectinload(Shift.slots).joinedload(Slot.position))
        .limit(MOST_SHIFTS)
    )
    if site_id is not None:
        statement = statement.where(Shift.site_id == site_id)
    return db.scalars(statement).all()


def _move(act: Act, shift: Shift, days: int) -> None:
    day = clock.local_day(shift.starts_at, shift.zone) + timedelta(days=days)
    shifts.move_shift(act, shift, day, None)


def open_closures(by: Viewer, today: date) -> Any:
    """The closures that are on or ahead, of the agency and of places one may use."""
    usable = usable_sites(by).with_only_columns(Site.id)
    return (
        select(Closure)
        .where(
            Closure.last_day >= today,
            Closure.lifted_at.is_(None),
            or_(Closure.site_id.is_(None), Closure.site_id.in_(usable)),
        )
        .order_by(Closure.first_day, Closure.id)
        .limit(500)
    )
