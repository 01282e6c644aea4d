"""Whom to ask or call about a gap: who has the role, is free and cleared, in an order that can be explained.

No number about a person is computed or kept: people are compared by one reason after another.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.permissions import Viewer
from portal.requirements.clearance import clearance
from portal.requirements.records import asking_of, records_of
from portal.shifts import helper_order
from portal.shifts.gap_models import CallOutcome
from portal.shifts.gaps import Gap
from portal.shifts.helper_facts import HelperFacts, load
from portal.shifts.helper_queries import Called, Helper, Pause
from portal.words import Words

SHOWN, SHOWN_TRIED = 3, 5
"""How many people a gap suggests, and how many it still lists who were called or asked."""

BATCHES = (8, 40)
"""How many people of a gap are judged first, and how many more where too few of them are cleared."""


@dataclass(slots=True)
class Suggestion:
    """Someone who could fill a gap: `reasons` speak for them, `cautions` are good to know before calling.
    `calls` are how calls went, the newest first; `called_by` is another coordinator who has them open
    ("" for one whose name is not told); `asked_at` is since when a question waits for their answer. `pauses`
    are what they are not asked for in the viewer's programs."""

    person: Helper
    reasons: list[Words] = field(default_factory=list)
    cautions: list[Words] = field(default_factory=list)
    calls: Sequence[Called] = ()
    called_by: str | None = None
    asked_at: datetime | None = None
    pauses: Sequence[Pause] = ()
    slot_id: int = 0

    @property
    def no_call(self) -> Called | None:
        """The call about this gap in which they said no; None where they said it to a message."""
        said = (one for one in self.calls if one.slot_id == self.slot_id)
        return next((one for one in said if one.outcome == CallOutcome.SAID_NO), None)

    @property
    def call_only(self) -> bool:
        """Whether no email reaches them."""
        return not self.person.mailable


@dataclass(slots=True)
class Suggestions:
    """The people of one gap: whom to try next, who was called or asked already, and who said no."""

    best: list[Suggestion] = field(default_factory=list)
    tried: list[Suggestion] = field(default_factory=list)
    said_no: list[Suggestion] = field(default_factory=list)

    @property
    def askable(self) -> list[Suggestion]:
        """Whom a message about this gap would go to."""
        return [one for one in self.best if not one.call_only]


def suggest(
    db: Session, viewer: Viewer, gaps: Sequence[Gap], at: datetime, zone: str
) -> dict[int, Suggestions]:
    """The people to suggest for each of some gaps, by slot."""
    return {line.gap.id: line.found for line in _Search(db, viewer, gaps, at, zone).lines}


def to_ask(
    db: Session, viewer: Viewer, gaps: Sequence[Gap], at: datetime, zone: str
) -> dict[int, list[Suggestion]]:
    """Whom a message about some gaps goes to, by slot: who is suggested for one, for every gap that fits
    them."""
    search = _Search(db, viewer, gaps, at, zone, opened=False)
    chosen = {one.person.id for line in search.lines for one in line.found.askable}
    return {line.gap.id: search.fitting(line, chosen) for line in search.lines}


class _Search:
    """Looking for the people of some gaps together."""

    def __init__(
        self,
        db: Session,
        viewer: Viewer,
        gaps: Sequence[Gap],
        at: datetime,
        zone: str,
        *,
        opened: bool = True,
    ) -> None:
        self.db = db
        facts = load(db, viewer, gaps, at, zone)
        if not opened:  # a message may go to whom another coordinator only has open
            facts.opened = {}
        self.lines = [_Line(facts, gap, at) for gap in gaps]
        self.asking = asking_of(db, {gap.position_id: gap.program_id for gap in gaps})
        self.records: dict[int, Any] = {}
        for number in BATCHES:
            self.look_up({one.id for line in self.lines for one in line.next_to_judge(number)})
            for line in self.lines:
                line.judge(self.cleared)

    def look_up(self, people: Iterable[int]) -> None:
        """Load what clearance asks of some people."""
        if new := sorted(set(people) - self.records.keys()):
            self.records |= records_of(self.db, new, self.asking.values())

    def cleared(self, gap: Gap, person: Helper) -> bool:
        """Whether a person is cleared for a gap on its day."""
        asking = self.asking[gap.position_id]
        return clearance(self.records[person.id], asking, gap.day).clear

    def fitting(self, line: "_Line", chosen: Collection[int]) -> list[Suggestion]:
        """Who of some people is free, cleared and willing for a gap, as `line` suggests them."""
        people = [one for one in line.untried if one.id in chosen]
        self.look_up(one.id for one in people)
        return [line.suggestion(one) for one in people if self.cleared(line.gap, one)]


class _Line:
    """One gap while its people are looked for."""

    def __init__(self, facts: HelperFacts, gap: Gap, at: datetime) -> None:
        self.facts, self.gap, self.at = facts, gap, at
        self.found = Suggestions()
        people = sorted(
            helper_order.fitting(facts, gap),
            key=lambda one: helper_order.order(facts, gap, one, at),
        )
        self.untried = [one for one in people if not self.was_tried(one)]
        self.left = self.untried
        tried = [one for one in people if self.was_tried(one)]
        self.judging = sorted(tried, key=self._lately)[: 2 * SHOWN_TRIED]

    def _lately(self, person: Helper) -> tuple[Any, ...]:
        """Who is being called comes first, then who was called or asked last."""
        asked = self.facts.asked.get((self.gap.id, person.id))
        times = [one.at for one in self.facts.calls.get(person.id, ())]
        if asked:
            times.append(asked.asked_at)
        return person.id not in self.facts.opened, self.at - max(times, default=self.at)

    def was_tried(self, person: Helper) -> bool:
        """Whether someone was asked, called or heard already, or is being called."""
        return helper_order.said_no_to(self.facts, self.gap, person.id) or helper_order.was_tried(
            self.facts, self.gap, person.id, self.at
        )

    def next_to_judge(self, number: int) -> list[Helper]:
        """So many people more, unless enough are found; at first those who were tried, too."""
        if len(self.found.best) < SHOWN:
            self.judging, self.left = [*self.judging, *self.left[:number]], self.left[number:]
        return self.judging

    def judge(self, cleared: Callable[[Gap, Helper], bool]) -> None:
        """Take those who are cleared."""
        for person in self.judging:
            found = self.place_of(person)
            most = SHOWN if found is self.found.best else SHOWN_TRIED
            if len(found) < most and cleared(self.gap, person):
                found.append(self.suggestion(person))
        self.judging = []

    def place_of(self, person: Helper) -> list[Suggestion]:
        """The list on which someone stands."""
        if helper_order.said_no_to(self.facts, self.gap, person.id):
            return self.found.said_no
        return self.found.tried if self.was_tried(person) else self.found.best

    def suggestion(self, person: Helper) -> Suggestion:
        """Someone with what speaks for them."""
        asked = self.facts.asked.get((self.gap.id, person.id))
        return Suggestion(
            person,
            list(helper_order.reasons(self.facts, self.gap, person)),
            list(helper_order.cautions(self.facts, self.gap, person)),
            self.facts.calls.get(person.id, ()),
            self.facts.opened.get(person.id),
            asked.asked_at if asked and not asked.answer else None,
            [
                one
                for one in self.facts.pauses.get(person.id, ())
                if self.facts.counts(one.program_id)
            ],
            self.gap.id,
        )
