"""Lists of cases and requests: references and states, nothing else (SECURITY Z6)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.cases.models import LOOKING, Case, HelpFunction, HelpRequest, RequestState
from portal.cases.scopes import known_cases, known_requests
from portal.permissions import Viewer
from portal.programs.models import Program
from portal.reads import read
from portal.web.paging import Listing, PageOf

MOST = 1000


class CaseLine(NamedTuple):
    """A case in a list, with how many of its requests look for someone or have someone."""

    id: int
    reference: str
    program_id: int
    program: str
    translations: Mapping[str, Any]
    closed: bool
    looking: int


_CASES = Listing(CaseLine, (Case.id,), newest_first=True)


def cases(db: Session, viewer: Viewer, which: str, after: str) -> PageOf[CaseLine]:
    """The cases a viewer knows of, the newest first: open ones, or those that are `closed`."""
    looking = (
        select(func.count())
        .where(HelpRequest.case_id == Case.id, HelpRequest.state.in_(LOOKING))
        .scalar_subquery()
    )
    closed = Case.closed_at.is_not(None)
    found = (
        known_cases(viewer)
        .with_only_columns(
            Case.id, Case.reference, Case.program_id, Program.name.label("program"),
            Program.translations, closed.label("closed"), looking.label("looking"),
        )
        .join(Program, Program.id == Case.program_id)
        .where(closed if which == "closed" else ~closed)
    )  # fmt: skip
    return _CASES.page(db, found, after)


class RequestLine(NamedTuple):
    """A request in a list."""

    id: int
    case_id: int
    reference: str
    program_id: int
    function: str
    translations: Mapping[str, Any]
    state: RequestState
    people: int
    lasting: bool
    day: date | None
    due_on: date | None


_COLUMNS = (
    HelpRequest.id, HelpRequest.case_id, Case.reference, HelpRequest.program_id,
    HelpFunction.name.label("function"), HelpFunction.translations, HelpRequest.state,
    HelpRequest.people, HelpRequest.lasting, HelpRequest.day, HelpRequest.due_on,
)  # fmt: skip


def open_requests(db: Session, viewer: Viewer) -> Sequence[RequestLine]:
    """The requests a viewer knows of that look for someone, first due first."""
    found = (
        known_requests(viewer)
        .with_only_columns(*_COLUMNS)
        .join(Case, Case.id == HelpRequest.case_id)
        .join(HelpFunction, HelpFunction.id == HelpRequest.function_id)
        .where(HelpRequest.state == RequestState.OPEN)
        .order_by(
            func.coalesce(HelpRequest.due_on, HelpRequest.day, date(2100, 1, 1)), HelpRequest.id
        )
        .limit(MOST)
    )
    return read(db, RequestLine, found)


def requests_of(db: Session, viewer: Viewer, case_id: int) -> Sequence[RequestLine]:
    """The requests of a case, the newest first."""
    found = (
        known_requests(viewer)
        .with_only_columns(*_COLUMNS)
        .join(Case, Case.id == HelpRequest.case_id)
        .join(HelpFunction, HelpFunction.id == HelpRequest.function_id)
        .where(HelpRequest.case_id == case_id)
        .order_by(HelpRequest.id.desc())
        .limit(MOST)
    )
    return read(db, RequestLine, found)
