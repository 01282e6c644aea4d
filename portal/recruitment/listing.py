"""What the public finds: opportunities that are listed now, by what one looks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.postal import place_of
from portal.programs.models import Position, Program, Site, Visibility
from portal.reads import AnySelect, read
from portal.recruitment.distance import MILES, within
from portal.recruitment.models import Cause, Daytime, Opportunity, Recurrence
from portal.web.ids import as_id
from portal.web.paging import Listing, PageOf
from portal.web.request import Request

_its_position, _its_program = aliased(Position), aliased(Program)


def listed(today: date) -> ColumnElement[bool]:
    """The condition that an opportunity is before the public on a day: of a public program alone (SECURITY
    Z5), for a position that takes people."""
    open_position = exists().where(
        _its_position.id == Opportunity.position_id,
        _its_position.closed_at.is_(None),
        _its_program.id == _its_position.program_id,
        _its_program.closed_at.is_(None),
        _its_program.visibility == Visibility.PUBLIC,
    )
    return and_(
        Opportunity.published_at.is_not(None),
        Opportunity.closed_at.is_(None),
        or_(Opportunity.listed_until.is_(None), Opportunity.listed_until >= today),
        open_position,
    )


@dataclass(frozen=True)
class Wanted:
    """What someone looks for, as the address says it."""

    program: int | None = None
    position: int | None = None
    cause: str = ""
    area: str = ""
    where: str = ""
    weekday: int | None = None
    daytime: str = ""
    postal_code: str = ""
    miles: int = MILES[1]

    @property
    def any(self) -> bool:
        """Whether anything is filtered by."""
        return self != Wanted(miles=self.miles)

    @property
    def unknown_code(self) -> bool:
        """Whether a ZIP code was typed that is none."""
        return bool(self.postal_code) and place_of(self.postal_code) is None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same inside a query."""
        found: list[ColumnElement[bool]] = []
        if self.program is not None:
            found.append(Opportunity.program_id == self.program)
        if self.position is not None:
            found.append(Opportunity.position_id == self.position)
        if self.cause:
            found.append(Opportunity.cause == Cause(self.cause))
        if self.area:
            found.append(Opportunity.area == self.area)
        if self.where:
            found.append(Opportunity.online.is_(self.where == ONLINE))
        if self.weekday is not None:
            found.append(Opportunity.weekdays.op("&")(1 << self.weekday) > 0)
        if self.daytime:
            bit = 1 << list(Daytime).index(Daytime(self.daytime))
            found.append(Opportunity.daytimes.op("&")(bit) > 0)
        if (place := place_of(self.postal_code)) is not None:
            found.append(within(self.miles, *place))
        return found


ONLINE, IN_PERSON = "online", "in_person"


def wanted_of(request: Request) -> Wanted:
    """What the address asks for; nonsense asks for nothing."""
    cause, where, daytime = (request.asked(name) for name in ("cause", "where", "time"))
    weekday = as_id(request.asked("day"))
    return Wanted(
        program=request.asked_id("program"),
        position=request.asked_id("position"),
        cause=cause if cause in set(Cause) else "",
        area=request.asked("area")[:80],
        where=where if where in (ONLINE, IN_PERSON) else "",
        weekday=weekday if weekday is not None and weekday < 7 else None,
        daytime=daytime if daytime in set(Daytime) else "",
        postal_code=request.asked("zip")[:10],
        miles=miles if (miles := as_id(request.asked("miles"))) in MILES else MILES[1],
    )


class Line(NamedTuple):
    """An opportunity as the list prints it."""

    id: int
    title: str
    summary: str
    host: str
    schedule: str
    commitment: str
    translations: Mapping[str, Any]
    cause: Cause | None
    area: str
    online: bool
    needed: int | None
    color: str
    icon: str
    program: str
    program_translations: Mapping[str, Any]
    site: str | None
    site_translations: Mapping[str, Any] | None


LISTING = Listing(Line, (Opportunity.title, Opportunity.id), size=30)


def _lines() -> AnySelect:
    return (
        select(
            Opportunity.id,
            Opportunity.title,
            Opportunity.summary,
            Opportunity.host,
            Opportunity.schedule,
            Opportunity.commitment,
            Opportunity.translations,
            Opportunity.cause,
            Opportunity.area,
            Opportunity.online,
            Opportunity.needed,
            Position.color,
            Position.icon,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
            Site.name.label("site"),
            Site.translations.label("site_translations"),
        )
        .join(Position, Position.id == Opportunity.position_id)
        .join(Program, Program.id == Opportunity.program_id)
        .outerjoin(Site, and_(Site.id == Opportunity.site_id, Site.confidential.is_(False)))
    )


def find(db: Session, wanted: Wanted, today: date, after: str) -> PageOf[Line]:
    """A page of what is listed on a day and fits."""
    return LISTING.page(db, _lines().where(listed(today), *wanted.conditions()), after)


class Dated(NamedTuple):
    """A one-time opportunity as a calendar prints it."""

    id: int
    title: str
    translations: Mapping[str, Any]
    area: str
    starts_on: date
    published_at: datetime
    version: int


def dated(db: Session, wanted: Wanted, today: date) -> Sequence[Dated]:
    """What is listed, happens once, and has its day still before it; the next 200."""
    return read(
        db,
        Dated,
        select(
            Opportunity.id,
            Opportunity.title,
            Opportunity.translations,
            Opportunity.area,
            Opportunity.starts_on,
            Opportunity.published_at,
            Opportunity.version,
        )
        .where(
            listed(today),
            Opportunity.recurrence == Recurrence.ONCE,
            Opportunity.starts_on >= today,
            *wanted.conditions(),
        )
        .order_by(Opportunity.starts_on, Opportunity.id)
        .limit(200),
    )


def public_opportunity(today: date) -> Select[Opportunity]:
    """The opportunities that anyone may read and apply to."""
    return select(Opportunity).where(listed(today))


class Offering(NamedTuple):
    """A program that has something listed, for the filter."""

    id: int
    name: str
    translations: Mapping[str, Any]


def choices_of(db: Session, today: date) -> tuple[list[Offering], list[str]]:
    """The programs and the areas of what is listed, at most 200 each."""
    mine = exists().where(Opportunity.program_id == Program.id, listed(today))
    programs = db.execute(
        select(Program.id, Program.name, Program.translations)
        .where(mine)
        .order_by(Program.name)
        .limit(200)
    )
    return [Offering(*row) for row in programs], _areas(db, today)


MOST_AREAS = 200


def _areas(db: Session, today: date) -> list[str]:
    """The areas of what is listed, in order: each is found from the one before by the index of areas, so that
    ten thousand opportunities in thirty towns cost thirty steps."""

    def next_after(area: Any) -> Any:
        found = select(Opportunity.area).where(listed(today), Opportunity.area > area)
        return found.order_by(Opportunity.area).limit(1).correlate_except(Opportunity)

    walk = select(next_after("").scalar_subquery().label("area")).cte("areas", recursive=True)
    after = select(next_after(walk.c.area).scalar_subquery()).where(walk.c.area.is_not(None))
    walk = walk.union_all(after)
    areas = select(walk.c.area).where(walk.c.area.is_not(None)).limit(MOST_AREAS)
    return list(db.scalars(areas))
