"""What a reader finds, as JSON and back: events, answers and lines of a table."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from portal.ical_reading import Occurrence, Rule, Series
from portal.ical_replies import Reply
from portal.tables import Line
from portal.words import kept, said_again


def _text(value: date | time | datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def series_out(one: Series) -> list[Any]:
    """An event with its times, as JSON has it."""
    rule = one.rule and [
        one.rule.rrule,
        _text(one.rule.first_day),
        _text(one.rule.last_day),
        _text(one.rule.starts),
        _text(one.rule.ends),
        one.rule.zone,
        sorted(day.isoformat() for day in one.rule.left_out),
    ]
    times = [
        [
            each.original,
            _text(each.starts_at),
            _text(each.ends_at),
            _text(each.day),
            each.zone,
            each.summary,
            each.location,
            each.canceled,
            each.free,
            _text(each.after),
        ]
        for each in one.occurrences
    ]
    return [one.line, one.uid, one.summary, times, rule, kept(one.wrong)]


def series_in(value: Sequence[Any]) -> Series:
    """The same back."""
    line, uid, summary, times, rule, wrong = value
    return Series(
        line,
        uid,
        summary,
        [_occurrence(one) for one in times],
        rule and _rule(rule),
        said_again(wrong),
    )


def _occurrence(value: Sequence[Any]) -> Occurrence:
    original, starts, ends, day, zone, summary, location, canceled, free, after = value
    return Occurrence(
        original,
        _moment(starts),
        _moment(ends),
        _day(day),
        zone,
        summary,
        location,
        canceled,
        free,
        _day(after),
    )


def _rule(value: Sequence[Any]) -> Rule:
    rrule, first, last, starts, ends, zone, left_out = value
    return Rule(
        rrule,
        date.fromisoformat(first),
        _day(last),
        time.fromisoformat(starts),
        time.fromisoformat(ends),
        zone,
        frozenset(map(date.fromisoformat, left_out)),
    )


def reply_out(one: Reply) -> list[Any]:
    """An answer to an invitation, as JSON has it."""
    return [one.uid, one.attendee, one.said, one.sequence, one.stamp]


def reply_in(value: Sequence[Any]) -> Reply:
    """The same back."""
    return Reply(*value)


def line_out(one: Line) -> list[Any]:
    """A row of a table, as JSON has it."""
    return [one.number, dict(one.cells), one.whole, kept(one.wrong)]


def line_in(value: Sequence[Any]) -> Line:
    """The same back."""
    number, cells, whole, wrong = value
    return Line(number, cells, tuple(whole), said_again(wrong))
