"""Whether a recurrence rule can come true: looked at before it is expanded, since the libraries search for
the next time of an impossible rule until the year 9999 (RFC 5545, 3.3.10)."""

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

YEARS = 28
"""After so many years the days of the week fall on the same dates again."""

LONGEST_INTERVAL = 1000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def can_come_true(rule: Mapping[str, Any], first: date) -> bool:
    """Whether a rule of days has any time within 28 years of its first day."""
    interval = int((rule.get("INTERVAL") or [1])[0])
    if not 1 <= interval <= LONGEST_INTERVAL:
        return False
    frequency = str(rule["FREQ"][0]).upper()
    return any(_picked(days, rule) for days in _periods(frequency, interval, first, rule))


def _periods(
    frequency: str, interval: int, first: date, rule: Mapping[str, Any]
) -> Iterator[list[date]]:
    """The days of each period of a rule that its parts let through, for 28 years."""
    last = date(min(first.year + YEARS, 9990), 12, 31)
    start = first
    while start <= last:
        days, after = _period(frequency, start, interval)
        yield [day for day in days if _fits(day, rule, frequency, first)]
        start = after


def _period(frequency: str, start: date, interval: int) -> tuple[Iterator[date], date]:
    if frequency == "DAILY":
        return iter([start]), start + timedelta(days=interval)
    if frequency == "WEEKLY":
        monday = start - timedelta(days=start.weekday())
        return _days(monday, 7), monday + timedelta(weeks=interval)
    if frequency == "MONTHLY":
        month = start.replace(day=1)
        number = month.month - 1 + interval
        after = date(month.year + number // 12, number % 12 + 1, 1)
        return _days(month, calendar.monthrange(month.year, month.month)[1]), after
    year = date(start.year, 1, 1)
    return _days(year, 366 if calendar.isleap(year.year) else 365), date(year.year + interval, 1, 1)


def _days(first: date, number: int) -> Iterator[date]:
    return (first + timedelta(days=one) for one in range(number))


def _fits(day: date, rule: Mapping[str, Any], frequency: str, first: date) -> bool:
    months = _numbers(rule, "BYMONTH")
    if months and day.month not in months:
        return False
    length = calendar.monthrange(day.year, day.month)[1]
    days = _numbers(rule, "BYMONTHDAY")
    if days and not {day.day, day.day - length - 1} & days:
        return False
    weeks = _numbers(rule, "BYWEEKNO")
    if weeks and day.isocalendar().week not in weeks and -1 not in weeks:
        return False
    weekdays = [str(one).upper() for one in rule.get("BYDAY") or []]
    if weekdays:
        return any(_is_weekday(day, one, length, frequency, bool(months)) for one in weekdays)
    if days or weeks:
        return True
    if frequency == "WEEKLY":
        return day.weekday() == first.weekday()
    if frequency == "MONTHLY":
        return day.day == first.day
    if frequency == "YEARLY":
        return day.day == first.day and (bool(months) or day.month == first.month)
    return True


def _is_weekday(day: date, wanted: str, length: int, frequency: str, in_months: bool) -> bool:
    found = re.fullmatch(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", wanted)
    if found is None or WEEKDAYS[day.weekday()] != found[2]:
        return False
    if not found[1] or frequency not in ("MONTHLY", "YEARLY"):
        return True
    if frequency == "YEARLY" and not in_months:
        number = day.timetuple().tm_yday
        length = 366 if calendar.isleap(day.year) else 365
    else:
        number = day.day
    nth = int(found[1])
    return nth in ((number - 1) // 7 + 1, -((length - number) // 7 + 1))


def _picked(days: list[date], rule: Mapping[str, Any]) -> bool:
    """Whether something is left of a period's days after BYSETPOS."""
    positions = _numbers(rule, "BYSETPOS")
    return bool(days) and (not positions or any(0 < abs(one) <= len(days) for one in positions))


def _numbers(rule: Mapping[str, Any], name: str) -> set[int]:
    return {int(one) for one in rule.get(name) or []}
