"""A pattern as a recurring event, agreeing to the minute with the shifts it wrote."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock, ical
from portal.ical import Happening, Series
from portal.programs.closures import closures_between
from portal.settings import Settings
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern
from portal.shifts.recurrence import days_of, occurrence
from portal.web.errors import NotFound


def pattern_calendar(db: Session, pattern: Pattern, settings: Settings) -> str:
    """A pattern's calendar text. Days that are closed, canceled or changed by themselves are left out
    of the rule; a changed one, and one that a clock change makes longer or shorter, is an event of its
    own (CALENDARS 14). Raises NotFound when it has no day."""
    last = pattern.last_day or pattern.written_until
    days = days_of(pattern.rule, pattern.first_day, pattern.first_day, last)
    if not days:
        raise NotFound
    shifts = {shift.pattern_day: shift for shift in _shifts(db, pattern)}
    closed = [] if pattern.on_closures else closures_between(db, days[0], last)
    there, hours = (pattern.site_id, pattern.program_id), (pattern.starts, pattern.ends)
    left_out, apart = [], []
    for day in days:
        shift = shifts.get(day)
        if shift is None and any(one.covers(day, *there, hours) for one in closed):
            left_out.append(day)
        elif shift and (shift.canceled_at or shift.apart):
            left_out.append(day)
            if not shift.canceled_at:
                apart.append(_event(pattern, day, shift.starts_at, shift.ends_at, settings))
        elif _is_odd(pattern, day):
            at = occurrence(day, pattern.starts, pattern.ends, pattern.zone)
            left_out.append(day)
            apart.append(_event(pattern, day, at.starts_at, at.ends_at, settings))
    return ical.series(_series(pattern, days[0], left_out, settings), apart)


def _shifts(db: Session, pattern: Pattern) -> Sequence[Shift]:
    return db.scalars(select(Shift).where(Shift.pattern_id == pattern.id)).all()


def _is_odd(pattern: Pattern, day: date) -> bool:
    """Whether a clock change makes this day's shift longer or shorter than its clock times say."""
    at = occurrence(day, pattern.starts, pattern.ends, pattern.zone)
    last = day if pattern.ends > pattern.starts else day + clock.ONE_DAY
    nominal = datetime.combine(last, pattern.ends) - datetime.combine(day, pattern.starts)
    return at.ends_at - at.starts_at != nominal


def _series(pattern: Pattern, first: date, left_out: Sequence[date], settings: Settings) -> Series:
    return Series(
        uid=f"pattern-{pattern.id}@{settings.host}",
        sequence=pattern.version,
        revised_at=clock.start_of_day(pattern.first_day, pattern.zone),
        first_day=first,
        starts=pattern.starts,
        ends=pattern.ends,
        zone=pattern.zone,
        rule=pattern.rule,
        until=pattern.last_day,
        left_out=left_out,
        summary=_summary(pattern),
        location=_location(pattern),
    )


def _event(
    pattern: Pattern, day: date, starts_at: datetime, ends_at: datetime, settings: Settings
) -> Happening:
    return Happening(
        uid=f"pattern-{pattern.id}-{day:%Y%m%d}@{settings.host}",
        sequence=pattern.version,
        revised_at=clock.start_of_day(pattern.first_day, pattern.zone),
        starts_at=starts_at,
        ends_at=ends_at,
        summary=_summary(pattern),
        location=_location(pattern),
    )


def _summary(pattern: Pattern) -> str:
    program = pattern.program
    return program.public_label if program.sensitive else pattern.title or program.name


def _location(pattern: Pattern) -> str:
    site = pattern.site
    return "" if site is None or site.confidential or pattern.program.sensitive else site.name
