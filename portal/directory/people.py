"""The working list of people: what it is narrowed by, and what it shows of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from portal.languages import LANGUAGES
from portal.people.finding import ANYONE, Wish, wish_of
from portal.people.forms import STATUS_WORDS
from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE
from portal.people_lists import (
    Control,
    PeopleColumn,
    Shown,
    people_conditions,
    people_filters,
)
from portal.permissions import Viewer
from portal.programs.scopes import listed_people
from portal.web.paging import PAGE_SIZE, Listing, PageOf
from portal.web.request import Request
from portal.words import Words, text

PAGE = "people"
MOST_IN_FILE = 10_000
AT_ONCE = 500
"""How many people's cells of a file are read with one statement."""


class PersonLine(NamedTuple):
    """A person as the list prints them."""

    id: int
    name: str
    goes_by: str
    email: str
    status: Status
    language: str
    mailing_address: str
    phone: str | None


PEOPLE = Listing(PersonLine, (Person.name, Person.id))


def list_people(
    db: Session,
    viewer: Viewer,
    query: str,
    which: str,
    after: str,
    wish: Wish = ANYONE,
    size: int = PAGE_SIZE,
    more: Sequence[ColumnElement[bool]] = (),
) -> PageOf[PersonLine]:
    """A page of the people a viewer may see, by name; see `listed_people`. `more` is what else they meet."""
    scope = listed_people(viewer, query, which).where(*wish.conditions(), *more)
    people = scope.with_only_columns(
        Person.id,
        Person.name,
        Person.goes_by,
        Person.email,
        Person.status,
        Person.language,
        Person.mailing_address,
        BEST_PHONE.label("phone"),
    )
    return replace(PEOPLE, size=size).page(db, people, after)


def controls(request: Request) -> list[Control]:
    """The fields of those filters, as they are filled."""
    return [control for one in people_filters(request) for control in one.controls(request)]


def page_of(request: Request, after: str, size: int = PAGE_SIZE) -> PageOf[PersonLine]:
    """The page of the list that the address asks for."""
    return list_people(
        request.db,
        request.viewer,
        request.asked("q"),
        request.asked("which"),
        after,
        wish_of(request),
        size,
        people_conditions(request),
    )


@dataclass(frozen=True)
class Column:
    """A column of the list: its head, how it is written, and what it shows of some people, by their ids."""

    name: str
    words: Words
    cells: Callable[[Request, Sequence[PersonLine]], Mapping[int, Any]]
    shown: Shown = Shown.TEXT
    usual: bool = False


def _own(
    name: str, words: Words, of: Callable[[PersonLine], Any], *, usual: bool = False
) -> Column:
    """A column of what stands in the row itself."""
    return Column(name, words, lambda _, rows: {row.id: of(row) for row in rows}, usual=usual)


def _from_domain(one: PeopleColumn) -> Column:
    def cells(request: Request, rows: Sequence[PersonLine]) -> Mapping[int, Any]:
        return one.cells(request, [row.id for row in rows])

    return Column(one.name, one.words, cells, one.shown, one.usual)


def all_columns(request: Request) -> list[Column]:
    """What the list can show of a person besides the name."""
    theirs = [
        _from_domain(one) for domain in request.portal.domains for one in domain.people_columns
    ]
    return [
        *(one for one in theirs if one.usual),
        _own("phone", text("Phone"), lambda row: row.phone, usual=True),
        _own("email", text("Email"), lambda row: row.email, usual=True),
        _own("status", text("Status"), lambda row: STATUS_WORDS[row.status], usual=True),
        _own("language", text("Language"), lambda row: LANGUAGES.get(row.language, "")),
        _own("address", text("Mailing address"), lambda row: row.mailing_address),
        *(one for one in theirs if not one.usual),
    ]


def columns_of(request: Request) -> list[Column]:
    """The columns that the address asks for; the usual ones, unless it asks for any."""
    asked = request.query_params.getlist("col")
    found = [one for one in all_columns(request) if one.name in asked]
    return found or [one for one in all_columns(request) if one.usual]


Cells = Mapping[str, Mapping[int, Any]]


def cells_of(request: Request, columns: Sequence[Column], rows: Sequence[PersonLine]) -> Cells:
    """What columns show of some people: by a column's name, then by the person's id."""
    return {one.name: one.cells(request, rows) for one in columns} if rows else {}


def everyone(
    request: Request, columns: Sequence[Column]
) -> Iterator[tuple[PersonLine, Cells]] | None:
    """The whole list with its cells, or None if it is too long for a file."""
    found = page_of(request, "", MOST_IN_FILE)
    if found.next:
        return None
    parts = [found.rows[start : start + AT_ONCE] for start in range(0, len(found.rows), AT_ONCE)]
    return (
        (row, cells)
        for part in parts
        for cells in [cells_of(request, columns, part)]
        for row in part
    )
