"""What a request says, as forms and pages read it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.outreach.intake_models import BOOKED_KINDS, Topic
from portal.outreach.models import (
    DateKind,
    RequestDate,
    RequestLanguage,
    RequestTopic,
    TalkRequest,
)
from portal.programs.models import Program, Visibility
from portal.reads import read

COLUMNS = (
    "organization_name", "organization_kind", "contact_name", "contact_email", "contact_phone",
    "contact_address", "language", "audience", "ages", "open_to_public", "place", "address", "town",
    "district_id", "online", "online_link", "minutes", "needs", "door", "parking", "words", "series",
)  # fmt: skip


class TopicOffered(NamedTuple):
    """A topic that one can ask for."""

    id: int
    name: str
    translations: Mapping[str, Any]
    minutes: int
    description: str


def topics_offered(db: Session, *, staff: bool) -> Sequence[TopicOffered]:
    """What can be asked for. The public does not learn of topics of sensitive programs (SECURITY Z5)."""
    found = (
        select(Topic.id, Topic.name, Topic.translations, Topic.minutes, Topic.description)
        .outerjoin(Program, Program.id == Topic.program_id)
        .where(Topic.closed_at.is_(None))
        .order_by(Topic.name)
        .limit(200)
    )
    if not staff:
        found = found.where(Topic.program_id.is_(None) | (Program.visibility == Visibility.PUBLIC))
    return read(db, TopicOffered, found)


def hidden_topics(db: Session, request: TalkRequest) -> list[int]:
    """Topics of a request that the public form does not show."""
    shown = {row.id for row in topics_offered(db, staff=False)}
    return [one for one in topic_ids(db, request.id) if one not in shown]


def request_values(db: Session, request: TalkRequest) -> dict[str, Any]:
    """A request as its form holds it."""
    dates = dates_of(db, request.id)
    return {
        **{name: getattr(request, name) for name in (*COLUMNS, "version", "kind", "zone")},
        "topics": topic_ids(db, request.id),
        "languages": language_ids(db, request.id),
        "dates": [one.starts_at for one in dates if one.kind == DateKind.WANTED],
        "alternates": [one.starts_at for one in dates if one.kind == DateKind.ALTERNATE],
        "needed_by": request.due_on if request.kind not in BOOKED_KINDS else None,
    }


def dates_of(db: Session, request_id: int) -> Sequence[RequestDate]:
    """The dates of a request, those that they want first."""
    order = {DateKind.WANTED: 0, DateKind.ALTERNATE: 1, DateKind.OURS: 2}
    found = db.scalars(select(RequestDate).where(RequestDate.request_id == request_id).limit(100))
    return sorted(found, key=lambda row: (order[DateKind(row.kind)], row.starts_at))


def topic_ids(db: Session, request_id: int) -> list[int]:
    """The topics that a request names."""
    found = select(RequestTopic.topic_id).where(RequestTopic.request_id == request_id)
    return list(db.scalars(found.order_by(RequestTopic.topic_id)))


def language_ids(db: Session, request_id: int) -> list[int]:
    """The languages of its audience."""
    found = select(RequestLanguage.skill_id).where(RequestLanguage.request_id == request_id)
    return list(db.scalars(found.order_by(RequestLanguage.skill_id)))
