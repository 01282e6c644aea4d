"""Who served a program in a past year, who came back since, and who is to be asked by whom."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal import clock
from portal.hours.models import HoursEntry, HoursState
from portal.lifecycle.reengagement_models import Reengagement
from portal.people.models import Person, Status
from portal.permissions import Permission, Viewer
from portal.programs.person_models import MayReturn, PersonExit
from portal.programs.scopes import in_viewers_programs, visible_people
from portal.shifts.models import Shift, Signup, SignupState

OLDEST = 10
"""How many years back one can look."""
NOT_SERVED = (HoursState.VOID, HoursState.DRAFT)
_newer = aliased(PersonExit)


class Year(NamedTuple):
    """A program's people of a year, as a viewer sees them: no one, where they don't manage its people. Its days
    begin in `zone`."""

    viewer: Viewer
    program_id: int
    year: int
    zone: str

    @property
    def served(self) -> ColumnElement[bool]:
        """Inside a query on HoursEntry: whether it is of the program and the year, and not taken back."""
        return and_(
            HoursEntry.program_id == self.program_id,
            HoursEntry.state.not_in(NOT_SERVED),
            HoursEntry.day.between(date(self.year, 1, 1), date(self.year, 12, 31)),
        )

    @property
    def came_back(self) -> ColumnElement[bool]:
        """Inside a query on Person: whether they served after that year, or signed up to."""
        return _came_back(self.program_id, date(self.year, 12, 31), _ends(self.year, self.zone))

    def people(self) -> Select[Person]:
        """The people who served then and may be asked by the viewer."""
        theirs = self.viewer.may_in(Permission.PEOPLE_MANAGE, self.program_id)
        return select(Person).where(
            true() if theirs else false(),
            Person.id.in_(
                select(HoursEntry.person_id).where(
                    self.served, _seen(self.viewer, HoursEntry.person_id)
                )
            ),
            _may_be_asked(self.viewer),
        )


def past_years(today: date) -> list[int]:
    """The years one can look back to, the latest first."""
    return list(range(today.year - 1, today.year - 1 - OLDEST, -1))


def _ends(year: int, zone: str) -> datetime:
    return clock.start_of_day(date(year + 1, 1, 1), zone)


def _seen(viewer: Viewer, person_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Inside a query on another table: whether a viewer sees the person of a row, looked up by id."""
    found = visible_people(viewer).where(Person.id == person_id)
    return found.correlate(person_id.class_).exists()


def _may_be_asked(viewer: Viewer) -> ColumnElement[bool]:
    """Inside a query on Person: whether they are someone else than the viewer and did not leave for good. A
    record that was merged into another has ended without an exit."""
    newer = exists().where(_newer.person_id == PersonExit.person_id, _newer.id > PersonExit.id)
    welcome = exists().where(
        PersonExit.person_id == Person.id, PersonExit.may_return != MayReturn.NO, ~newer
    )
    return and_(
        Person.id.is_distinct_from(viewer.person_id),
        or_(Person.status != Status.ENDED, welcome),
    )


def _came_back(program_id: Any, last_day: Any, ends_at: Any) -> ColumnElement[bool]:
    """Inside a query on Person: whether they served a program after a day, or signed up to a shift that begins
    at a moment or later."""
    later = aliased(HoursEntry)
    return or_(
        exists().where(
            later.person_id == Person.id,
            later.program_id == program_id,
            later.state.not_in(NOT_SERVED),
            later.day > last_day,
        ),
        exists()
        .where(Signup.person_id == Person.id, Signup.state == SignupState.SIGNED_UP)
        .where(Shift.id == Signup.shift_id, Shift.program_id == program_id)
        .where(Shift.canceled_at.is_(None), Shift.starts_at >= ends_at),
    )


def is_open(today: date) -> ColumnElement[bool]:
    """Inside a query: whether someone is still to be asked, or again by now."""
    again = and_(Reengagement.ask_on.is_not(None), Reengagement.ask_on <= today)
    return or_(Reengagement.outcome.is_(None), again)


def own_to_ask(viewer: Viewer, today: date, zone: str) -> Select[Reengagement]:
    """Whom a viewer took on and has to ask, or to ask again by now, as long as they still may; whoever came
    back by themselves is not asked."""
    years = past_years(today)
    last_day = case({one: date(one, 12, 31) for one in years}, value=Reengagement.year)
    ends_at = case({one: _ends(one, zone) for one in years}, value=Reengagement.year)
    return (
        select(Reengagement)
        .join(Person, Person.id == Reengagement.person_id)
        .where(
            Reengagement.owner_id == viewer.person_id,
            Reengagement.year.in_(years),
            in_viewers_programs(Reengagement.program_id, viewer, Permission.PEOPLE_MANAGE),
            _seen(viewer, Reengagement.person_id),
            _may_be_asked(viewer),
            is_open(today),
            ~_came_back(Reengagement.program_id, last_day, ends_at),
        )
    )
