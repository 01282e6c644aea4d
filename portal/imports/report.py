"""What an import did, line by line; and the loop that every import shares.

A bad line never stops the others or half-writes itself: each is written behind a savepoint,
some tens of lines in one short transaction. With `strict` all lines are one transaction,
and one bad line leaves everything as it was.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import Database
from portal.savepoints import savepoint
from portal.web.errors import Refused
from portal.words import Words, text, together

LINES_AT_ONCE = 50
Row = TypeVar("Row")


class Outcome(StrEnum):
    MADE = "made"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left out"


class BadLine(Exception):
    """A line that cannot become anything; `words` say why."""

    def __init__(self, words: Words | str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Result:
    line: int
    outcome: Outcome
    words: Words | str


@dataclass
class Report:
    """What became of each line, and what was made beside."""

    results: list[Result] = field(default_factory=list)
    made: list[Words] = field(default_factory=list)
    alike: set[int] = field(default_factory=set)
    """Lines about someone who looks like somebody else's record."""
    dry: bool = False

    def add(self, line: int, outcome: Outcome, words: Words | str) -> None:
        """Note what became of a line. What is written in several pieces stands there once."""
        before = self.results[-1] if self.results else None
        if before and (before.line, before.words) == (line, words):
            self.results[-1] = Result(line, _stronger(before.outcome, outcome), words)
        else:
            self.results.append(Result(line, outcome, words))

    def count(self, outcome: Outcome) -> int:
        return sum(result.outcome is outcome for result in self.results)

    def lines(self) -> Iterator[str]:
        """The report in words: a line for each row, then what was made beside, then the sums."""
        for result in sorted(self.results, key=lambda result: result.line):
            yield f"line {result.line}: {result.outcome}: {result.words}"
        yield from (f"new {words}" for words in self.made)
        sums = ", ".join(f"{self.count(outcome)} {outcome}" for outcome in Outcome)
        yield f"{sums}." + (" Nothing was written: this was a trial." if self.dry else "")


def _stronger(one: Outcome, other: Outcome) -> Outcome:
    order = (Outcome.MADE, Outcome.CHANGED, Outcome.LEFT_OUT, Outcome.UNCHANGED)
    return min(one, other, key=order.index)


class _Undo(Exception):
    """Roll everything back: a trial, or a bad line of a strict import."""


def run(
    database: Database,
    rows: Sequence[Row],
    number: Callable[[Row], int],
    write: Callable[[Session, Row, Report], tuple[Outcome, Words | str]],
    report: Report,
    *,
    strict: bool,
    at_once: int = LINES_AT_ONCE,
    progress: Callable[[], object] = lambda: None,
) -> Report:
    """Write every row and report on each, so many in one transaction. `progress` is called after each.

    A trial is written into a copy, so that it keeps no one waiting. `write` raises BadLine or Refused for a
    row that cannot be, and its savepoint is undone.
    """
    if report.dry:
        with database.scratch() as copy:
            return _run(copy, rows, number, write, report, len(rows), strict, progress)
    size = len(rows) if strict else at_once
    return _run(database, rows, number, write, report, size, strict, progress)


def _run(
    database: Database,
    rows: Sequence[Row],
    number: Callable[[Row], int],
    write: Callable[[Session, Row, Report], tuple[Outcome, Words | str]],
    report: Report,
    size: int,
    strict: bool,
    progress: Callable[[], object],
) -> Report:
    for start in range(0, len(rows), max(1, size)):
        try:
            with database.writing() as db:
                for row in rows[start : start + size]:
                    _write_one(db, row, number(row), write, report)
                    progress()
                if report.dry or (strict and report.count(Outcome.LEFT_OUT)):
                    raise _Undo
        except _Undo:
            break
    return report


def _write_one(
    db: Session,
    row: Row,
    line: int,
    write: Callable[[Session, Row, Report], tuple[Outcome, Words | str]],
    report: Report,
) -> None:
    made = len(report.made)
    try:
        with savepoint(db):
            outcome, words = write(db, row, report)
    except (BadLine, Refused, IntegrityError) as error:
        del report.made[made:]
        report.add(line, Outcome.LEFT_OUT, _why(error))
    else:
        report.add(line, outcome, words)


def _why(error: BadLine | Refused | IntegrityError) -> Words | str:
    if isinstance(error, Refused):
        return together(
            *error.fields.values(), *(getattr(one, "words", one) for one in error.reasons)
        )
    if isinstance(error, IntegrityError):
        return text("It conflicts with something that already exists.")
    return error.words


def key_of(*parts: object) -> str:
    """A short, stable key for what identifies a line."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
