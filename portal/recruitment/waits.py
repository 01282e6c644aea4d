"""How long things have been taking here: medians of the last year, in which open cases count too.

A median of those who are done alone flatters: the slowest are still waiting. So each case counts for as long
as it has been seen, done or not (the product-limit estimator of Kaplan and Meier, 1958).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.programs.application_models import Application, ApplicationState
from portal.reads import read
from portal.requirements.evidence_models import Credential, Outcome

LOOKS_BACK = timedelta(days=365)
LEAST_CASES = 5
"""Under so many cases that are done nothing is said."""
MOST_CASES = 200
NARROW = 14
"""With a spread under so many days one date is named instead of two."""


class Case(NamedTuple):
    """How many days something took or, if it is not `done`, has been going on."""

    days: float
    done: bool


def quantile(cases: Iterable[Case], share: float, after: float = 0) -> float | None:
    """In how many days a share of all who waited `after` days are done; None if so few ever were."""
    left, still = [one for one in cases if one.days > after], 1.0
    left.sort(key=lambda one: (one.days, not one.done))
    for index, one in enumerate(left):
        if not one.done:
            continue
        still *= 1 - 1 / (len(left) - index)
        if 1 - still >= share - 1e-9:
            return one.days
    return None


def median(cases: Sequence[Case]) -> int | None:
    """The median in whole days, at least one; None under five cases that are done."""
    if sum(one.done for one in cases) < LEAST_CASES:
        return None
    days = quantile(cases, 0.5)
    return None if days is None else max(1, round(days))


@dataclass(frozen=True)
class Estimate:
    """The days between which most people start: a quarter before the first, a quarter after the last. Where no
    more than half have ever started, `last` is None and half start by `half`."""

    first: date
    half: date
    last: date | None

    @property
    def narrow(self) -> bool:
        """Whether they are so near that one date says it."""
        return self.last is not None and (self.last - self.first).days < NARROW

    def weeks(self, end: date, today: date) -> int:
        """In how many weeks from a day another comes, at least one."""
        return max(1, -(-(end - today).days // 7))

    def weeks_from(self, today: date) -> tuple[int, int]:
        """The two dates in weeks from a day; the second is later."""
        low = max(1, (self.first - today).days // 7)
        return low, max(low + 1, self.weeks(self.last or self.half, today))


def estimate(cases: Sequence[Case], began: date, today: date) -> Estimate | None:
    """When someone starts who applied on a day, given how long they have waited. None where fewer than five of
    those who waited as long are done."""
    waited = (today - began).days
    if sum(one.done and one.days > waited for one in cases) < LEAST_CASES:
        return None
    days = [quantile(cases, share, waited) for share in (0.25, 0.5, 0.75)]
    if days[0] is None or days[1] is None:
        return None
    first, half, last = (
        None if one is None else began + timedelta(days=round(one)) for one in days
    )
    assert first is not None
    assert half is not None
    return Estimate(first, half, last)


class _Row(NamedTuple):
    state: ApplicationState
    received_at: datetime
    answered_at: datetime | None
    state_since: datetime


@dataclass(frozen=True)
class Waits:
    """What applications for a position have been taking: until a first answer, and until the role."""

    answer: Sequence[Case]
    whole: Sequence[Case]


def of_position(db: Session, position_id: int, at: datetime) -> Waits:
    """How long the applications of the last year took, the newest 200."""
    rows = read(
        db,
        _Row,
        select(
            Application.state,
            Application.received_at,
            Application.answered_at,
            Application.state_since,
        )
        .where(Application.position_id == position_id, Application.received_at > at - LOOKS_BACK)
        .order_by(Application.received_at.desc())
        .limit(MOST_CASES),
    )
    cases = [cases_of(row, at) for row in rows]
    return Waits([answer for answer, _ in cases], [whole for _, whole in cases])


def cases_of(row: Any, at: datetime) -> tuple[Case, Case]:
    """How long an application took until its first answer, and until the role; of one that was closed before,
    as long as it was open."""
    return _answer(row, at), _whole(row, at)


def _days(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds() / 86400)


def _answer(row: Any, at: datetime) -> Case:
    ended = row.answered_at or (row.state_since if row.state in _OVER else at)
    return Case(_days(row.received_at, ended), row.answered_at is not None)


_OVER = (ApplicationState.DECLINED, ApplicationState.WITHDRAWN)


def _whole(row: Any, at: datetime) -> Case:
    placed = row.state == ApplicationState.PLACED
    ended = row.state_since if placed or row.state in _OVER else at
    return Case(_days(row.received_at, ended), placed)


def of_requirements(
    db: Session, position_id: int, requirement_ids: Sequence[int], at: datetime
) -> dict[int, list[Case]]:
    """How long each of some requirements took, from the first answer to an application for the position until
    its proof was accepted."""
    found: dict[int, list[Case]] = {one: [] for one in requirement_ids}
    if not requirement_ids:
        return found
    asked: Any = db.execute(
        select(
            Application.person_id,
            Application.answered_at,
            Application.state,
            Application.state_since,
        )
        .where(
            Application.position_id == position_id,
            Application.received_at > at - LOOKS_BACK,
            Application.answered_at.is_not(None),
            Application.person_id.is_not(None),
        )
        .order_by(Application.received_at.desc())
        .limit(MOST_CASES)
    ).all()
    done = _done(db, [row.person_id for row in asked], requirement_ids)
    for row in asked:
        ended = row.state_since if row.state in _OVER else at
        for requirement_id in requirement_ids:
            first = done.get((row.person_id, requirement_id))
            case = Case(_days(row.answered_at, first or ended), first is not None)
            if first is None or first >= row.answered_at:  # else they had it when they applied
                found[requirement_id].append(case)
    return found


def _done(
    db: Session, people: Sequence[int], requirement_ids: Sequence[int]
) -> dict[tuple[int, int], datetime]:
    """When each of some people first had each of some requirements accepted."""
    rows: Any = db.execute(
        select(
            Credential.person_id,
            Credential.requirement_id,
            func.min(Credential.recorded_at).label("at"),
        )
        .where(
            Credential.person_id.in_(people),
            Credential.requirement_id.in_(requirement_ids),
            Credential.outcome == Outcome.ACCEPTED,
        )
        .group_by(Credential.person_id, Credential.requirement_id)
    )
    return {(row.person_id, row.requirement_id): row.at for row in rows}
