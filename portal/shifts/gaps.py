"""Unfilled shifts: every slot that is short of people, from now to a day, in a coordinator's programs."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.people.models import Person
from portal.permissions import Permission, Viewer
from portal.programs.models import Position, Program, Site
from portal.programs.scopes import in_viewers_programs
from portal.reads import among, read
from portal.shifts.adults import ADULTS_MISSING
from portal.shifts.models import CANT_COME, CANT_SINCE, Shift, Signup, Slot
from portal.shifts.still_coming import not_confirmed
from portal.web.paging import PageOf, cut, mark, read_mark

AHEAD = 14
"""How many local days the list goes, today included, unless another last day is asked for."""

MOST_AHEAD = 366
AT_ONCE = 40
"""Gaps on one page."""

_said = aliased(Signup)


@dataclass(frozen=True)
class Which:
    """Which gaps a list is about: those that start after `at` and before the end of the day `last` in a zone,
    of all one's programs or of one."""

    at: datetime
    last: date
    zone: str
    program_id: int | None = None

    @property
    def ends(self) -> datetime:
        """The moment at which its last day is over."""
        return clock.start_of_day(self.last + clock.ONE_DAY, self.zone)


def coming(at: datetime, zone: str) -> Which:
    """The next two weeks of all one's programs, as Home counts them."""
    return Which(at, clock.local_day(at, zone) + (AHEAD - 1) * clock.ONE_DAY, zone)


def short_slots(viewer: Viewer, which: Which) -> Select[Slot]:
    """The slots with fewer people than they need, with someone on them who can't make it, or, one for each
    shift that needs more adults, where those would go."""
    found = (
        select(Slot)
        .join(Shift, Shift.id == Slot.shift_id)
        .where(
            in_viewers_programs(Shift.program_id, viewer, Permission.SHIFTS_MANAGE),
            Shift.starts_at > which.at,
            Shift.starts_at < which.ends,
            Shift.canceled_at.is_(None),
            or_(
                Slot.filled < Slot.minimum,
                _someone_cant_come(which.at),
                Slot.id.in_(select(Signup.slot_id).where(not_confirmed(which.at))),
                and_(Shift.adults > 0, _FOR_ADULTS, ADULTS_MISSING > 0),
            ),
        )
    )
    if which.program_id is not None:
        found = found.where(Shift.program_id == which.program_id)
    return found


def _someone_cant_come(at: datetime) -> ColumnElement[bool]:
    """Starts from the few who said so, by their index."""
    lately = select(_said.id).where(_said.cant_at > at - CANT_SINCE)
    said = select(Signup.slot_id).where(CANT_COME, Signup.trainee.is_(False), Signup.id.in_(lately))
    return Slot.id.in_(said)


_slot = aliased(Slot)
_FOR_ADULTS = (
    Slot.id
    == select(_slot.id)
    .where(_slot.shift_id == Shift.id, _slot.maximum > 0)
    .order_by((_slot.filled + _slot.held < _slot.maximum).desc(), _slot.id)
    .limit(1)
    .correlate(Shift)
    .scalar_subquery()
)
"""The condition of the slot to which adults that a shift lacks are added: its first with room, or its first."""


class Gap(NamedTuple):
    """A slot that needs people; `cant` counts those on it who can't make it, `adults_missing` the adults that
    its shift lacks, if this is where they go (nothing or less where there are enough), `unconfirmed` those who
    were asked whether they come and have not said so."""

    id: int
    shift_id: int
    position_id: int
    program_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    minimum: int
    maximum: int
    filled: int
    held: int
    cant: int
    adults_missing: int
    program: str
    program_translations: Mapping[str, Any]
    position: str
    position_translations: Mapping[str, Any]
    site: str | None
    address: str | None
    unconfirmed: int

    @property
    def coming(self) -> int:
        """How many are on it and can make it."""
        return self.filled - self.cant

    @property
    def needed(self) -> int:
        """How many people are still needed; 0 where enough come without whoever can't."""
        return max(0, self.minimum - self.coming, min(self.adults_missing, self.left))

    @property
    def left(self) -> int:
        """How many could be added: free spots, and those of people who can't come."""
        return self.maximum - self.filled - self.held + self.cant

    @property
    def for_adults(self) -> bool:
        """Whether only adults would help: as many of them are missing as are needed, or as could be added."""
        return self.adults_missing > 0 and self.adults_missing >= min(self.needed, self.left)

    @property
    def day(self) -> date:
        """The local day on which it starts."""
        return clock.local_day(self.starts_at, self.zone)

    @property
    def room(self) -> bool:
        """Whether someone can be added: a spot is free, or one who can't come is on it."""
        return self.left > 0

    @property
    def open(self) -> bool:
        """Whether someone is needed and could be added."""
        return self.needed > 0 and self.room


_CANT = (
    select(func.count())
    .where(Signup.slot_id == Slot.id, CANT_COME, Signup.trainee.is_(False))
    .correlate(Slot)
    .scalar_subquery()
)
_COLUMNS: tuple[Any, ...] = (
    Slot.id,
    Slot.shift_id,
    Slot.position_id,
    Shift.program_id,
    Shift.starts_at,
    Shift.ends_at,
    Shift.zone,
    Shift.title,
    Slot.minimum,
    Slot.maximum,
    Slot.filled,
    Slot.held,
    _CANT.label("cant"),
    case((_FOR_ADULTS, ADULTS_MISSING), else_=0).label("adults_missing"),
    Program.name.label("program"),
    Program.translations.label("program_translations"),
    Position.name.label("position"),
    Position.translations.label("position_translations"),
    Site.name.label("site"),
    Site.address.label("address"),
)


def page(
    db: Session, viewer: Viewer, which: Which, after: str = "", size: int = AT_ONCE
) -> PageOf[Gap]:
    """Gaps by day, the worst of each day first: where someone is not confirmed, where no one comes, then where
    most are needed."""
    found = _read(short_slots(viewer, which), which.at)
    if place := read_mark(after, datetime, int):
        found = found.where(tuple_(Shift.starts_at, Slot.id) > tuple_(*place))
    rows = read(db, Gap, found.order_by(Shift.starts_at, Slot.id).limit(size + 1))
    one = cut(rows, lambda gap: mark(gap.starts_at, gap.id), size)
    return PageOf(sorted(one.rows, key=_urgency), one.next)


def some(db: Session, viewer: Viewer, which: Which, ids: Collection[int]) -> list[Gap]:
    """Those of some slots that are gaps, in the order of the page."""
    found = _read(short_slots(viewer, which), which.at).where(among(Slot.id, "ids"))
    return sorted(read(db, Gap, found, {"ids": sorted(ids)}), key=_urgency)


def upcoming(db: Session, viewer: Viewer, slot_id: int, at: datetime) -> Gap | None:
    """One slot that is ahead, whether it is short of people or not."""
    found = (
        select(Slot)
        .join(Shift, Shift.id == Slot.shift_id)
        .where(
            in_viewers_programs(Shift.program_id, viewer, Permission.SHIFTS_MANAGE),
            Shift.starts_at > at,
            Shift.canceled_at.is_(None),
            Slot.id == slot_id,
        )
    )
    return next(iter(read(db, Gap, _read(found, at))), None)


def number(db: Session, viewer: Viewer, which: Which) -> int:
    """How many gaps there are."""
    found = short_slots(viewer, which).with_only_columns(func.count())
    return db.scalar(found) or 0


def _read(found: Select[Any], at: datetime) -> Select[Any]:
    unconfirmed = (
        select(func.count()).where(Signup.slot_id == Slot.id, not_confirmed(at)).correlate(Slot)
    )
    return (
        found.with_only_columns(*_COLUMNS, unconfirmed.scalar_subquery().label("unconfirmed"))
        .join(Program, Program.id == Shift.program_id)
        .join(Position, Position.id == Slot.position_id)
        .outerjoin(Site, Site.id == Shift.site_id)
    )


def _urgency(gap: Gap) -> tuple[Any, ...]:
    return gap.day, not gap.unconfirmed, gap.coming > 0, -gap.needed, gap.starts_at, gap.id


class CantCome(NamedTuple):
    """Someone on a slot who can't make it."""

    slot_id: int
    signup_id: int
    person_id: int
    name: str


def who_cant(db: Session, gaps: Sequence[Gap]) -> Mapping[int, Sequence[CantCome]]:
    """Who can't make it, by slot, in the order in which they said so."""
    ids = [gap.id for gap in gaps if gap.cant]
    if not ids:
        return {}
    found: dict[int, list[CantCome]] = defaultdict(list)
    rows = (
        select(Signup.slot_id, Signup.id.label("signup_id"), Signup.person_id, Person.name)
        .join(Person, Person.id == Signup.person_id)
        .where(among(Signup.slot_id, "ids"), CANT_COME, Signup.trainee.is_(False))
        .order_by(Signup.cant_at, Signup.id)
    )
    for row in read(db, CantCome, rows, {"ids": ids}):
        found[row.slot_id].append(row)
    return found


def last_day(asked: date | None, at: datetime, zone: str) -> date:
    """The last day of a list: the one asked for, never before today nor more than a year ahead."""
    today = clock.local_day(at, zone)
    return min(max(asked or coming(at, zone).last, today), today + timedelta(days=MOST_AHEAD))
