"""What domains add to lists of people: ways to narrow one, and columns of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement

from portal.web.request import Request
from portal.words import Words


@dataclass(frozen=True)
class Control:
    """A field of a filter: its name in the address, its label, and what is asked for. With `options` one of
    them is selected; else it is an input of a `type`. One that is `usual` is always in sight."""

    name: str
    words: Words
    value: str
    options: Sequence[tuple[str, str | Words]] = ()
    type: str = "text"
    usual: bool = False


@dataclass(frozen=True)
class PeopleFilter:
    """How a list of people is narrowed by what a domain knows of them. `names` are its parts of an address,
    `conditions` what a person must meet for what that asks; nonsense asks for nothing."""

    names: tuple[str, ...]
    controls: Callable[[Request], Sequence[Control]]
    conditions: Callable[[Request], list[ColumnElement[bool]]]


class Shown(StrEnum):
    """How a column of a list of people is written: as text, as a day, or as an amount of minutes."""

    TEXT = "text"
    DAY = "day"
    MINUTES = "minutes"


@dataclass(frozen=True)
class PeopleColumn:
    """What a list of people can show of each. `cells` gives it for people by their ids, as far as the viewer
    may read it; whoever has nothing is left out. One that is `usual` is shown until others are chosen."""

    name: str
    words: Words
    cells: Callable[[Request, Sequence[int]], Mapping[int, Any]]
    shown: Shown = Shown.TEXT
    usual: bool = False


def people_filters(request: Request) -> list[PeopleFilter]:
    """What every domain narrows a list of people by."""
    return [one.people_filter for one in request.portal.domains if one.people_filter]


def people_conditions(request: Request) -> list[ColumnElement[bool]]:
    """What a person must meet for what the address asks of those filters."""
    return [condition for one in people_filters(request) for condition in one.conditions(request)]
