"""What a clerk's desk lists: requests to answer, talks that need something, letters and calls to make, the
calendar of all talks, and one request's history."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.messages.models import Channel, Message, State
from portal.outreach.intake_models import RequestKind
from portal.outreach.models import (
    DateKind,
    RequestDate,
    RequestEvent,
    RequestSource,
    RequestState,
    TalkRequest,
)
from portal.outreach.organization_models import Organization
from portal.outreach.request_events import REQUEST
from portal.outreach.scopes import MANAGE, visible_requests
from portal.outreach.talk_lists import NAME
from portal.people.models import Person
from portal.permissions import Viewer
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.web.paging import Listing, PageOf

SIZE = 50
TO_DO = (RequestState.UNPROVED, RequestState.OPEN, RequestState.COUNTERED)
WHICH = ("open", "mine", "booked", "ended")

_owner = aliased(Person)
_first_date = (
    select(func.min(RequestDate.starts_at))
    .where(RequestDate.request_id == TalkRequest.id, RequestDate.kind == DateKind.WANTED)
    .scalar_subquery()
)
_LINE = (
    TalkRequest.id, TalkRequest.reference, TalkRequest.kind, TalkRequest.state, TalkRequest.source,
    TalkRequest.received_on, TalkRequest.received_at, TalkRequest.due_on, TalkRequest.zone,
    TalkRequest.contact_name, NAME.label("organization"), _owner.name.label("owner"),
    Program.name.label("program"), _first_date.label("first_date"),
)  # fmt: skip


class RequestLine(NamedTuple):
    """A talk request as lists print it."""

    id: int
    reference: str
    kind: RequestKind
    state: RequestState
    source: RequestSource
    received_on: date
    received_at: datetime
    due_on: date
    zone: str
    contact_name: str
    organization: str | None
    owner: str | None
    program: str | None
    first_date: datetime | None


OPEN = Listing(RequestLine, (TalkRequest.due_on, TalkRequest.id), size=SIZE)
ALL = Listing(RequestLine, (TalkRequest.received_on, TalkRequest.id), newest_first=True, size=SIZE)


def requests(
    db: Session, viewer: Viewer, which: str, query: str, after: str
) -> PageOf[RequestLine]:
    """A page of requests. The open ones come by when they should be answered, the others newest first."""
    found = (
        visible_requests(viewer)
        .with_only_columns(*_LINE)
        .outerjoin(Organization, Organization.id == TalkRequest.organization_id)
        .outerjoin(_owner, _owner.id == TalkRequest.owner_id)
        .outerjoin(Program, Program.id == TalkRequest.program_id)
        .where(*_which(viewer, which), *_named(query))
    )
    listing = OPEN if which in ("open", "mine") else ALL
    return listing.page(db, found, after)


def _which(viewer: Viewer, which: str) -> list[ColumnElement[bool]]:
    if which == "mine":
        return [TalkRequest.state.in_(TO_DO), TalkRequest.owner_id == viewer.person_id]
    if which == "booked":
        return [TalkRequest.state == RequestState.BOOKED]
    if which == "ended":
        return [TalkRequest.state.not_in((*TO_DO, RequestState.BOOKED))]
    return [TalkRequest.state.in_(TO_DO)]


def _named(query: str) -> list[ColumnElement[bool]]:
    if not query:
        return []
    like = (TalkRequest.reference, TalkRequest.organization_name, TalkRequest.contact_name)
    return [
        or_(
            *(one.icontains(query, autoescape=True) for one in like),
            Organization.name.icontains(query, autoescape=True),
        )
    ]


def to_tell(viewer: Viewer) -> Select[Message]:
    """What requesters without email are told by a call or a letter."""
    return select(Message).where(
        Message.state == State.QUEUED,
        Message.channel.in_((Channel.CALL, Channel.POST)),
        Message.person_id.is_(None),
        Message.subject_kind == REQUEST,
        in_viewers_programs(Message.program_id, viewer, MANAGE),
    )


class ToTell(NamedTuple):
    """A requester whom no email reaches, and what to tell them."""

    id: int
    kind: str
    channel: Channel
    created_at: datetime
    reference: str
    contact_name: str
    organization_name: str


def list_to_tell(db: Session, viewer: Viewer) -> Sequence[ToTell]:
    """Those, the oldest first."""
    return read(
        db,
        ToTell,
        to_tell(viewer)
        .join(TalkRequest, TalkRequest.id == Message.subject_id)
        .with_only_columns(
            Message.id,
            Message.kind,
            Message.channel,
            Message.created_at,
            TalkRequest.reference,
            TalkRequest.contact_name,
            TalkRequest.organization_name,
        )
        .order_by(Message.created_at, Message.id)
        .limit(100),
    )


class RequestHistory(NamedTuple):
    """Something that happened to a request, or a note."""

    id: int
    at: datetime
    done: str
    words: str
    name: str | None


def history(db: Session, request_id: int) -> Sequence[RequestHistory]:
    """What happened to a request, and the notes about it, the newest first."""
    return read(
        db,
        RequestHistory,
        select(RequestEvent.id, RequestEvent.at, RequestEvent.done, RequestEvent.words, Person.name)
        .outerjoin(Person, Person.id == RequestEvent.by_id)
        .where(RequestEvent.request_id == request_id)
        .order_by(RequestEvent.id.desc())
        .limit(200),
    )


class SameOrganization(NamedTuple):
    """Another request of the same organization."""

    id: int
    reference: str
    first_date: datetime | None


def same_organization(
    db: Session, viewer: Viewer, request: TalkRequest
) -> Sequence[SameOrganization]:
    """Other requests of the same kind that wait, of the same organization or from the same address."""
    same = (
        [TalkRequest.organization_id == request.organization_id] if request.organization_id else []
    )
    if request.contact_email:
        same.append(func.lower(TalkRequest.contact_email) == request.contact_email.lower())
    if not same:
        return []
    return read(
        db,
        SameOrganization,
        visible_requests(viewer)
        .with_only_columns(TalkRequest.id, TalkRequest.reference, _first_date.label("first_date"))
        .where(
            or_(*same),
            TalkRequest.id != request.id,
            TalkRequest.kind == request.kind,
            TalkRequest.state.in_(TO_DO),
        )
        .order_by(TalkRequest.id.desc())
        .limit(5),
    )
