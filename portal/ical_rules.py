"""Rules of repetition that would take too long to follow."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.reading.rules import can_come_true
from portal.words import text

MOST_OCCURRENCES = 20_000


class Never(Exception):
    pass


SLOW = ("SECONDLY", "MINUTELY", "HOURLY")


TOO_OFTEN = text(
    "It happens too often: a file can have %(most)s dates in all.", most=MOST_OCCURRENCES
)


FIRST_YEAR_OF_RULES = 1900


class TooFast(Exception):
    pass


def refuse_fast_rules(events: Sequence[Any]) -> None:
    """Raise TooFast for a rule that repeats more often than we follow."""
    for event in events:
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            frequency = str((rule.get("FREQ") or [""])[0]).upper()
            if frequency in SLOW:
                raise TooFast(frequency.lower())
            if any(name in rule for name in ("BYHOUR", "BYMINUTE", "BYSECOND", "BYYEARDAY")):
                raise TooFast("many times a day")
            starts = event["DTSTART"].dt
            first = starts.date() if isinstance(starts, datetime) else starts
            if not can_come_true(rule, first):
                raise Never
            if first.year < FIRST_YEAR_OF_RULES:
                raise TooFast("since before 1900")
