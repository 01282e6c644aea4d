"""What a report is asked for: a span of days, cut into periods, summed by something."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal import clock

MOST_MONTHS = 120


class By(StrEnum):
    """What lines are about. WORK: the agency's employees, and everyone else."""

    PROGRAM = "program"
    POSITION = "position"
    SITE = "site"
    FUNDING = "funding"
    PERSON = "person"
    WORK = "work"


class Per(StrEnum):
    """How long a period is; WHOLE is the span itself."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    WHOLE = "whole"


MONTHS = {Per.MONTH: 1, Per.QUARTER: 3, Per.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """Some days, the first and the last included."""

    first: date
    last: date

    @property
    def month(self) -> bool:
        """Whether it is one whole month."""
        after = self.last + clock.ONE_DAY
        return self.first.day == after.day == 1 and self.first.month == self.last.month


@dataclass(frozen=True)
class Asked:
    """What a report is about: from a day to another, cut into periods, by something."""

    first: date
    last: date
    per: Per = Per.MONTH
    by: By = By.PROGRAM
    fiscal_start: int = 1
    language: str = "en"

    @property
    def periods(self) -> list[Period]:
        """The periods of the span; the first and last one may be cut short. Quarters and years are those
        of the fiscal year, which begins in month `fiscal_start`."""
        if self.per is Per.WHOLE:
            return [Period(self.first, self.last)]
        months = MONTHS[self.per]
        found = []
        start = self.first
        while start <= self.last:
            since = (start.year * 12 + start.month - self.fiscal_start) // months * months
            after = since + months + self.fiscal_start - 1
            following = date(after // 12, after % 12 + 1, 1)
            found.append(Period(start, min(self.last, following - clock.ONE_DAY)))
            start = following
        return found
