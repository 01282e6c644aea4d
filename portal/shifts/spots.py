"""A slot as one person stands towards it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.requirements.clearance import Clearance


@dataclass(slots=True)
class Spot:
    """A slot, and how the person stands towards it: whether they have its role on the day of the
    shift or asked for it, and where in its line they are. `answer_by` is set while a spot is offered
    to them.

    `judge` says how the person is cleared on the day of the shift; of one shift on which they are already it
    is left out.

    `ask_id` is set while a coordinator's question whether they can help waits for an answer. Whoever is asked
    or added by staff takes over the spot of someone who can't make it: `replaces` names that signup. A spot
    that is `handed_over` by whom it belongs to is not bound to the times of sign-up, and one that someone takes
    `regularly` not to when it opens.
    """

    id: int
    position_id: int
    position: str
    position_translations: Mapping[str, Any]
    description: str
    closed: bool
    minimum: int
    maximum: int
    filled: int
    held: int = 0
    waiting_id: int | None = None
    answer_by: datetime | None = None
    place_in_line: int = 0
    line: int = 0
    ask_id: int | None = None
    replaces: int | None = None
    handed_over: bool = False
    regularly: bool = False
    placed: bool = False
    asked: bool = False
    trainees: int = 0
    learning: int = 0
    judge: Callable[..., Clearance] | None = None

    def offered(self, at: datetime) -> bool:
        """Whether a spot is kept for the person now."""
        return self.answer_by is not None and at < self.answer_by

    def promised(self, at: datetime) -> bool:
        """Whether it is the person's before sign-up opens: they were asked, offered it, or have it already."""
        return bool(self.ask_id or self.handed_over or self.regularly or self.offered(at))

    def full(self, at: datetime) -> bool:
        """Whether no spot is free for the person: all are taken, or kept for others in line, and there is no
        one whose place they could take."""
        return not self.offered(at) and not self.replaces and self.taken >= self.maximum

    def judged(self, *, trainee: bool) -> Clearance:
        """How the person is cleared on the day of the shift, or for coming along to learn."""
        assert self.judge
        return self.judge(trainee=trainee)

    def cleared(self, *, trainee: bool) -> bool:
        """Whether nothing of what the role asks is in the person's way on that day."""
        return self.judged(trainee=trainee).clear

    @property
    def taken(self) -> int:
        """Spots that are filled, or kept for people in line."""
        return self.filled + self.held
