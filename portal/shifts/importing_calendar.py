"""Shifts from someone's calendar: every time of an event is a shift, what repeats for ever a pattern.

Days before today are kept as history. Which shift an occurrence means is decided by the event's UID
and the time its rule put it at, so the same file twice changes nothing, and a changed one changes
what it says.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.ical_reading import Occurrence, Rule, Series
from portal.imports.models import ImportedRow
from portal.imports.report import BadLine, Outcome, Report, key_of
from portal.programs import programs
from portal.programs.models import Position, Program, Site
from portal.shifts import shifts
from portal.shifts.import_rows import ANY_POSITION, Reading, no_time
from portal.shifts.importing import place_named
from portal.shifts.models import LONGEST, Shift
from portal.shifts.pattern_models import Pattern, PatternSlot
from portal.shifts.shift_slots import SlotWish, wishes_of
from portal.web.forms import clean
from portal.words import On, Words, count_text, text, together

LEFT_OUT = "Left out in the calendar it came from."


@dataclass(frozen=True)
class _Place:
    """Where the shifts of a calendar go."""

    program: Program
    position: Position
    site: Site | None


AT_ONCE = 25
"""How many times of one event are written in one transaction, which keeps other writers waiting so long."""


@dataclass(frozen=True)
class Piece:
    """Some of an event's times, to be written in a transaction of their own. `of` is the whole event."""

    of: Series
    occurrences: Sequence[Occurrence]
    left_out: frozenset[date]

    @property
    def line(self) -> int:
        return self.of.line


def pieces(found: Sequence[Series], reading: Reading) -> list[Piece]:
    """Events in pieces that are written fast. An event with a time that cannot be a shift is left out whole,
    so that none is half written."""
    return [piece for one in found for piece in _pieces(_checked(one, reading))]


def _checked(series: Series, reading: Reading) -> Series:
    try:
        for one in series.occurrences:
            _span(one, reading)
    except BadLine as error:
        return replace(series, wrong=error.words, occurrences=())
    return series


def _pieces(series: Series) -> Iterator[Piece]:
    days = sorted(series.rule.left_out) if series.rule else []
    number = max(1, -(-len(series.occurrences) // AT_ONCE), -(-len(days) // AT_ONCE))
    for start in range(0, number * AT_ONCE, AT_ONCE):
        end = start + AT_ONCE
        yield Piece(series, series.occurrences[start:end], frozenset(days[start:end]))


def write_piece(
    reading: Reading, horizon: date, at: datetime, db: Session, piece: Piece, report: Report
) -> tuple[Outcome, Words | str]:
    """Make or change some shifts of one event, and its pattern; see `report.run`."""
    series = piece.of
    if series.wrong:
        raise BadLine(text("%(event)s: %(why)s", event=series.summary, why=series.wrong))
    if not series.occurrences:
        raise BadLine(
            text(
                "“%(event)s” has no date up to %(day)s.",
                event=series.summary,
                day=On(horizon.isoformat()),
            )
        )
    program = db.scalar(select(Program).where(Program.name == reading.program))
    if program is None:
        raise BadLine(text("There is no program “%(name)s”.", name=reading.program))
    site = place_named(
        db, program, clean(series.occurrences[0].location)[:200], reading, at, report
    )
    made = report.made if reading.create else None
    position = programs.position_named(db, program, ANY_POSITION, at, made)
    place = _Place(program, position, site)
    pattern = _pattern(db, reading, place, series, horizon, at)
    changed = [_write(db, reading, place, pattern, series, one, at) for one in piece.occurrences]
    if pattern:
        changed += _left_out(db, reading, place, pattern, piece.left_out, at)
    db.flush()
    said = _said(series, pattern, horizon)
    if not any(changed):
        return Outcome.UNCHANGED, said
    return (Outcome.MADE if "made" in changed else Outcome.CHANGED), said


def _said(series: Series, pattern: Pattern | None, horizon: date) -> Words | str:
    """What became of an event, in words."""
    said: Words | str = count_text(
        "%(event)s: %(n)s date",
        "%(event)s: %(n)s dates",
        len(series.occurrences),
        event=clean(series.summary) or ANY_POSITION,
    )
    if pattern:
        said = together(said, text("(recurring shift)"))
    elif (
        series.rule is None
        and series.occurrences[-1].starts_at
        and _ends_at_the_horizon(series, horizon)
    ):
        said = together(
            said,
            text(
                "(published through %(day)s: a recurring shift can't repeat like this)",
                day=On(horizon.isoformat()),
            ),
        )
    return said


def _ends_at_the_horizon(series: Series, horizon: date) -> bool:
    last = series.occurrences[-1].starts_at
    return last is not None and last.date() > horizon - timedelta(days=32)


def _goes_on(rule: Rule | None, at: datetime) -> bool:
    return rule is not None and (
        rule.last_day is None or rule.last_day > clock.local_day(at, rule.zone)
    )


def _pattern(
    db: Session, reading: Reading, place: _Place, series: Series, horizon: date, at: datetime
) -> Pattern | None:
    """The pattern that carries an open-ended event on, made once."""
    rule = series.rule
    if rule is None or not _goes_on(rule, at):
        return None
    key = key_of("ics pattern", place.program.id, series.uid)
    known = db.get(ImportedRow, key)
    if known:
        return db.get(Pattern, known.result_id)
    program = place.program
    pattern = Pattern(
        program_id=program.id,
        site_id=place.site.id if place.site else None,
        title=clean(series.summary)[:200],
        rule=rule.rrule,
        first_day=rule.first_day,
        last_day=rule.last_day,
        starts=rule.starts,
        ends=rule.ends,
        zone=rule.zone,
        withdrawal_hours=program.withdrawal_hours,
        closes_hours=0,
        written_until=horizon,
    )
    pattern.slots = [PatternSlot(position_id=place.position.id, minimum=1, maximum=1)]
    db.add(pattern)
    db.flush()
    db.add(ImportedRow(key=key, digest="", result_id=pattern.id))
    record(Act(db, reading.by, at), "pattern.added", pattern)
    return pattern


def _write(
    db: Session,
    reading: Reading,
    place: _Place,
    pattern: Pattern | None,
    series: Series,
    one: Occurrence,
    at: datetime,
) -> str:
    """Make, change or cancel the shift of one occurrence; says which, or "" for nothing."""
    starts_at, ends_at = _span(one, reading)
    title = clean(one.summary)[:200]
    key = key_of("ics", place.program.id, series.uid, one.original)
    digest = key_of(starts_at, ends_at, title, one.location, one.canceled)
    known = db.get(ImportedRow, key)
    if known and known.digest == digest:
        return ""
    if known is None and one.canceled:
        return ""
    values: dict[str, Any] = {
        "title": title,
        "site_id": place.site.id if place.site else None,
        "note": "",
        "starts_at": starts_at,
        "ends_at": ends_at,
        "zone": one.zone,
        "opens_at": None,
        "closes_at": starts_at,
        "withdraw_until": starts_at - timedelta(hours=place.program.withdrawal_hours),
    }
    if known is None:
        wish = SlotWish(place.position.id, 1, 1)
        shift = shifts.add_shift(Act(db, reading.by, at), place.program, values, [wish])
        if pattern:
            _belongs(shift, pattern, one)
        db.add(ImportedRow(key=key, digest=digest, result_id=shift.id))
        return "made"
    shift = db.get_one(Shift, known.result_id)
    known.digest = digest
    if one.canceled:
        shifts.cancel(Act(db, reading.by, at), shift, LEFT_OUT)
    elif not shift.canceled_at:
        wishes = wishes_of(shift.slots)
        shifts.edit_shift(Act(db, reading.by, at), shift, values, wishes, shift.version)
    return "changed"


def _belongs(shift: Shift, pattern: Pattern, one: Occurrence) -> None:
    """Count a shift among its pattern's; one that differs from it stands apart."""
    day = clock.local_day(datetime.fromisoformat(one.original), pattern.zone)
    local = [clock.to_local(moment, pattern.zone) for moment in (shift.starts_at, shift.ends_at)]
    shift.pattern_id, shift.pattern_day = pattern.id, day
    shift.apart = (
        local[0].date() != day
        or (local[0].time(), local[1].time()) != (pattern.starts, pattern.ends)
        or shift.title != pattern.title
    )


def _left_out(
    db: Session,
    reading: Reading,
    place: _Place,
    pattern: Pattern,
    days: Collection[date],
    at: datetime,
) -> list[str]:
    """Coming days that the calendar leaves out are called-off shifts, so that no change of the pattern
    writes them again."""
    done = []
    today = clock.local_day(at, pattern.zone)
    for day in sorted(days):
        there = select(Shift.id).where(Shift.pattern_id == pattern.id, Shift.pattern_day == day)
        if day < today or day > pattern.written_until or db.scalar(there) is not None:
            continue
        starts_at = clock.as_calendars_do(day, pattern.starts, pattern.zone)
        last = day if pattern.ends > pattern.starts else day + clock.ONE_DAY
        values = {
            "title": pattern.title,
            "site_id": pattern.site_id,
            "note": "",
            "starts_at": starts_at,
            "ends_at": clock.as_calendars_do(last, pattern.ends, pattern.zone),
            "zone": pattern.zone,
            "opens_at": None,
            "closes_at": starts_at,
            "withdraw_until": starts_at,
        }
        wish = SlotWish(place.position.id, 1, 1)
        shift = shifts.add_shift(Act(db, reading.by, at), place.program, values, [wish])
        shift.pattern_id, shift.pattern_day = pattern.id, day
        shifts.cancel(Act(db, reading.by, at), shift, LEFT_OUT)
        done.append("made")
    return done


def _span(one: Occurrence, reading: Reading) -> tuple[datetime, datetime]:
    if one.starts_at and one.ends_at:
        if not one.starts_at < one.ends_at <= one.starts_at + LONGEST:
            raise BadLine(text("It has no length, or it is longer than 36 hours."))
        return one.starts_at, one.ends_at
    assert one.day
    if reading.hours is None:
        raise BadLine(no_time(one.summary))
    first, last = reading.hours
    last_day = one.day if last > first else one.day + clock.ONE_DAY
    return (
        clock.as_calendars_do(one.day, first, one.zone),
        clock.as_calendars_do(last_day, last, one.zone),
    )
