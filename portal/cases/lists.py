"""Lists of cases and requests: references and states, nothing else (SECURITY Z6)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal.cases.due import owed
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


def requests_in(viewer: Viewer, which: str, today: date) -> Select[HelpRequest]:
    """The requests a viewer knows of that look for someone; that owe a first visit within a week; or that
    someone has to look at again, since their day is here or over."""
    found = known_requests(viewer)
    if which == "due":
        return found.where(owed(), HelpRequest.due_on <= today + timedelta(days=7))
    if which == "review":
        return found.where(
            HelpRequest.state.in_(LOOKING),
            or_(HelpRequest.review_on <= today, HelpRequest.day < today),
        )
    return found.where(HelpRequest.state == RequestState.OPEN)


def open_requests(db: Session, viewer: Viewer, which: str, today: date) -> Sequence[RequestLine]:
    """The requests of `requests_in`, first due first."""
    found = (
        requests_in(viewer, which, today)
        .with_only_columns(*_COLUMNS)
        .join(Case, Case.id == HelpRequest.case_id)
        .join(HelpFunction, HelpFunction.id == HelpRequest.function_id)
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
