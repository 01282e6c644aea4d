"""What stands between a person and an occasion: reasons, each with what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from portal.words import Words


@dataclass(frozen=True)
class Remedy:
    """Something that mends an obstacle: a page to see, or (`press`) a button that acts."""

    words: Words
    path: str
    press: bool = False


@dataclass(frozen=True)
class Obstacle:
    """One reason why not, with what to do about it. Its `kind` is a word of its domain."""

    kind: StrEnum
    words: Words
    remedies: tuple[Remedy, ...] = ()
