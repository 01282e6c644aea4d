"""Lists of talks, and what of them needs someone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.outreach.intake_models import RequestKind, Topic
from portal.outreach.models import RequestDate, TalkRequest
from portal.outreach.organization_models import Organization
from portal.outreach.outcome_models import FollowUp, TalkOutcome
from portal.outreach.scopes import visible_talks
from portal.outreach.talk_models import (
    CURRENT_TALKS,
    PENDING,
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
    TalkBlock,
    TalkState,
)
from portal.people.models import Person
from portal.permissions import Viewer
from portal.reads import read

SOON = timedelta(days=45)


LOOKS_BACK = timedelta(days=400)


NAME = func.coalesce(Organization.name, func.nullif(TalkRequest.organization_name, ""))


_speaks = aliased(SpeakerOffer)


HAS_SPEAKER = or_(
    exists().where(
        _speaks.presentation_id == Presentation.id,
        _speaks.state == OfferState.ACCEPTED,
        _speaks.role == Speaks.SPEAKER,
    ),
    exists().where(TalkBlock.presentation_id == Presentation.id),
)
"""The condition that someone gives a talk, or people sign up for the blocks of a table."""


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
    Presentation.request_id, TalkRequest.kind, TalkRequest.reference, NAME.label("organization"),
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
    """The talks of days before of which no one wrote down how they went: they head the list next morning."""
    today = clock.start_of_day(clock.local_day(at, zone), zone)
    return visible_talks(viewer).where(
        Presentation.state.in_(CURRENT_TALKS),
        Presentation.ends_at <= today,
        Presentation.starts_at > at - LOOKS_BACK,
        ~exists().where(TalkOutcome.presentation_id == Presentation.id),
    )


def without_speaker(viewer: Viewer, at: datetime) -> Select[Presentation]:
    """Coming talks that no one gives yet."""
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
    organization: str | None
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
