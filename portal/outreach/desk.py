"""What a clerk's desk lists: requests to answer, talks that need something, letters and calls to make, the
calendar of all talks, and one request's history."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.messages.models import Channel, Message, State
from portal.outreach.asking import REQUEST
from portal.outreach.models import (
    DateKind,
    Organization,
    RequestDate,
    RequestEvent,
    RequestKind,
    RequestSource,
    RequestState,
    TalkRequest,
    Topic,
)
from portal.outreach.scopes import MANAGE, visible_requests, visible_talks
from portal.outreach.talk_models import (
    CURRENT_TALKS,
    PENDING,
    FollowUp,
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
    TalkBlock,
    TalkOutcome,
    TalkState,
)
from portal.people.models import Person
from portal.permissions import Viewer
from portal.programs.models import Program
from portal.programs.scopes import held
from portal.reads import read
from portal.web.paging import Listing, PageOf

SIZE = 50
SOON = timedelta(days=45)
LOOKS_BACK = timedelta(days=400)
TO_DO = (RequestState.UNPROVED, RequestState.OPEN, RequestState.COUNTERED)
WHICH = ("open", "mine", "booked", "ended")

_owner = aliased(Person)
_first_date = (
    select(func.min(RequestDate.starts_at))
    .where(RequestDate.request_id == TalkRequest.id, RequestDate.kind == DateKind.WANTED)
    .scalar_subquery()
)
_NAME = func.coalesce(Organization.name, func.nullif(TalkRequest.organization_name, ""))
_LINE = (
    TalkRequest.id, TalkRequest.reference, TalkRequest.kind, TalkRequest.state, TalkRequest.source,
    TalkRequest.received_on, TalkRequest.received_at, TalkRequest.due_on, TalkRequest.zone,
    TalkRequest.contact_name, _NAME.label("organization"), _owner.name.label("owner"),
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
    organization: str
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


_speaks = aliased(SpeakerOffer)
HAS_SPEAKER = or_(
    exists().where(
        _speaks.presentation_id == Presentation.id,
        _speaks.state == OfferState.ACCEPTED,
        _speaks.role == Speaks.SPEAKER,
    ),
    exists().where(TalkBlock.presentation_id == Presentation.id),
)
"""The condition that somebody gives a talk, or people sign up for the blocks of a table."""

_asked = aliased(SpeakerOffer)
IS_ASKED = exists().where(_asked.presentation_id == Presentation.id, _asked.state.in_(PENDING))
_speaker_name = (
    select(func.min(Person.name))
    .join(SpeakerOffer, SpeakerOffer.person_id == Person.id)
    .where(
        SpeakerOffer.presentation_id == Presentation.id,
        SpeakerOffer.state == OfferState.ACCEPTED,
        SpeakerOffer.role == Speaks.SPEAKER,
    )
    .scalar_subquery()
)
TALK_LINE = (
    Presentation.id, Presentation.state, Presentation.starts_at, Presentation.ends_at,
    Presentation.zone, Presentation.town, Presentation.place, Presentation.wants_at,
    Presentation.request_id, TalkRequest.kind, TalkRequest.reference, _NAME.label("organization"),
    TalkRequest.contact_name, Topic.name.label("topic"), Topic.translations,
    _speaker_name.label("speaker"), HAS_SPEAKER.label("has_speaker"), IS_ASKED.label("is_asked"),
)  # fmt: skip


def talk_lines(scope: Select[Any]) -> Select[Any]:
    """The talks of a scope as lists print them."""
    return (
        scope.with_only_columns(*TALK_LINE)
        .join(TalkRequest, TalkRequest.id == Presentation.request_id)
        .outerjoin(Organization, Organization.id == Presentation.organization_id)
        .outerjoin(Topic, Topic.id == Presentation.topic_id)
        .order_by(Presentation.starts_at, Presentation.id)
    )


def unanswered(viewer: Viewer, zone: str, at: datetime) -> Select[Presentation]:
    """The talks of days before of which nobody wrote down how they went: they head the list next morning."""
    today = clock.start_of_day(clock.local_day(at, zone), zone)
    return visible_talks(viewer).where(
        Presentation.state.in_(CURRENT_TALKS),
        Presentation.ends_at <= today,
        Presentation.starts_at > at - LOOKS_BACK,
        ~exists().where(TalkOutcome.presentation_id == Presentation.id),
    )


def without_speaker(viewer: Viewer, at: datetime) -> Select[Presentation]:
    """Coming talks that nobody gives yet."""
    return visible_talks(viewer).where(
        Presentation.state.in_(CURRENT_TALKS),
        Presentation.starts_at > at,
        Presentation.starts_at < at + SOON,
        ~HAS_SPEAKER,
    )


def moves_asked(viewer: Viewer, at: datetime) -> Select[Presentation]:
    """Talks that their host would like to have on another day."""
    return visible_talks(viewer).where(
        Presentation.state.in_(CURRENT_TALKS),
        Presentation.starts_at > at,
        Presentation.wants_at.is_not(None),
    )


def follow_ups(viewer: Viewer, today: date) -> Select[FollowUp]:
    """What was promised and is due within a week."""
    mine = visible_talks(viewer).with_only_columns(Presentation.id)
    return select(FollowUp).where(
        FollowUp.done_at.is_(None),
        FollowUp.due_on <= today + 7 * clock.ONE_DAY,
        FollowUp.presentation_id.in_(mine),
    )


def to_tell(viewer: Viewer) -> Select[Message]:
    """What requesters without e-mail are told by a call or a letter."""
    return select(Message).where(
        Message.state == State.QUEUED,
        Message.channel.in_((Channel.CALL, Channel.POST)),
        Message.person_id.is_(None),
        Message.subject_kind == REQUEST,
        held(Message.program_id, viewer, MANAGE),
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


class TalkLine(NamedTuple):
    """A talk as lists print it."""

    id: int
    state: TalkState
    starts_at: datetime
    ends_at: datetime
    zone: str
    town: str
    place: str
    wants_at: datetime | None
    request_id: int
    kind: RequestKind
    reference: str
    organization: str
    contact_name: str
    topic: str | None
    translations: Mapping[str, Any]
    speaker: str | None
    has_speaker: bool
    is_asked: bool


def talks_between(
    db: Session, viewer: Viewer, first: datetime, last: datetime
) -> Sequence[TalkLine]:
    """The talks that begin between two moments and are on."""
    found = visible_talks(viewer).where(
        Presentation.starts_at >= first,
        Presentation.starts_at < last,
        Presentation.state.in_(CURRENT_TALKS),
    )
    return read(db, TalkLine, talk_lines(found).limit(1000))


def same_day(db: Session, viewer: Viewer, request: TalkRequest) -> Sequence[TalkLine]:
    """Other talks on the days that a request names."""
    dates = db.scalars(
        select(RequestDate.starts_at).where(RequestDate.request_id == request.id).limit(20)
    ).all()
    days = {clock.local_day(one, request.zone) for one in dates}
    if not days:
        return []
    spans = [
        and_(
            Presentation.starts_at >= clock.start_of_day(day, request.zone),
            Presentation.starts_at < clock.start_of_day(day + clock.ONE_DAY, request.zone),
        )
        for day in days
    ]
    found = visible_talks(viewer).where(
        Presentation.state.in_(CURRENT_TALKS), Presentation.request_id != request.id, or_(*spans)
    )
    return read(db, TalkLine, talk_lines(found).limit(20))


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
