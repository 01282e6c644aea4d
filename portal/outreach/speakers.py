"""Speakers: what they talk about, how often, and the address of their own calendar. And topics."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.outreach.intake_models import Topic
from portal.outreach.talk_models import BusyTime, OfferState, Speaker, SpeakerOffer, SpeakerTopic
from portal.people.models import Person, Status
from portal.people.people import lock_people
from portal.programs.models import Position
from portal.reads import read
from portal.web.errors import Refused, unless_stale
from portal.words import text

SPEAKER, TOPIC = "speaker", "topic"
OWN = ("per_month", "rest_days", "shows_name")
TOPIC_COLUMNS = ("name", "description", "minutes", "program_id", "position_id", "translations")


def set_speaker(
    act: Act,
    person: Person,
    values: Mapping[str, Any],
    topics: Collection[int],
    version: int | None,
) -> Speaker:
    """Write down that someone speaks for us, about what, and how often. Who ended begins again."""
    lock_people(act.db, [person.id])
    row = act.db.get(Speaker, person.id, populate_existing=True)
    unless_stale({"version": row.version if row else 0}, version or 0)
    if row is None:
        if person.status != Status.ACTIVE:
            raise Refused(text("Only active people can be speakers."))
        row = Speaker(person_id=person.id, since=act.at)
        act.db.add(row)
    for name in OWN:
        setattr(row, name, values[name])
    row.ended_at = None
    known = set(act.db.scalars(select(Topic.id).where(Topic.id.in_(topics))))
    if set(topics) - known:
        raise Refused(fields={"topics": text("Select an option from the list.")})
    act.db.flush()
    act.db.execute(delete(SpeakerTopic).where(SpeakerTopic.person_id == person.id))
    act.db.add_all(SpeakerTopic(person_id=person.id, topic_id=one) for one in sorted(known))
    record(act, "speaker.set", Ref(SPEAKER, person.id, person.id))
    return row


def end_speaker(act: Act, person_id: int) -> None:
    """Someone speaks for us no more; talks they are confirmed for stay theirs. Twice is once."""
    row = act.db.get(Speaker, person_id)
    if row and row.ended_at is None:
        row.ended_at, row.calendar_url, row.fetch_at = act.at, "", None
        act.db.execute(delete(BusyTime).where(BusyTime.person_id == person_id))
        record(act, "speaker.ended", Ref(SPEAKER, person_id, person_id))


def set_calendar(act: Act, row: Speaker, url: str) -> None:
    """Take busy times from one's own calendar, or (empty) no more; what was taken from it before goes."""
    if url and url == row.calendar_url:
        return
    row.calendar_url, row.fetch_problem = url, ""
    row.fetch_at, row.fetched_at = act.at if url else None, None
    act.db.execute(delete(BusyTime).where(BusyTime.person_id == row.person_id))
    record(
        act,
        "speaker.calendar",
        Ref(SPEAKER, row.person_id, row.person_id),
        "set" if url else "ended",
    )


def topics_of(db: Session, person_id: int) -> list[int]:
    """What someone talks about."""
    found = select(SpeakerTopic.topic_id).where(SpeakerTopic.person_id == person_id)
    return list(db.scalars(found.order_by(SpeakerTopic.topic_id)))


class SpeakerLine(NamedTuple):
    """A speaker as the list prints them."""

    person_id: int
    name: str
    per_month: int
    fetch_problem: str
    talks: int
    topics: int
    calendar: bool


def list_speakers(db: Session) -> Sequence[SpeakerLine]:
    """Everyone who speaks for us, with how many topics, and talks ahead or behind them."""
    talks = (
        select(func.count())
        .where(
            SpeakerOffer.person_id == Speaker.person_id,
            SpeakerOffer.state == OfferState.ACCEPTED,
        )
        .scalar_subquery()
    )
    about = (
        select(func.count()).where(SpeakerTopic.person_id == Speaker.person_id).scalar_subquery()
    )
    return read(
        db,
        SpeakerLine,
        select(
            Speaker.person_id,
            Person.name,
            Speaker.per_month,
            Speaker.fetch_problem,
            talks.label("talks"),
            about.label("topics"),
            (Speaker.calendar_url != "").label("calendar"),
        )
        .join(Person, Person.id == Speaker.person_id)
        .where(Speaker.ended_at.is_(None))
        .order_by(Person.name, Person.id)
        .limit(1000),
    )


def topics(*, closed: bool = False) -> Select[Topic]:
    """What we talk about."""
    found = select(Topic).order_by(Topic.name).limit(300)
    return found if closed else found.where(Topic.closed_at.is_(None))


def save_topic(
    act: Act, row: Topic | None, values: Mapping[str, Any], version: int | None
) -> Topic:
    """Write a topic, or change one. Raises Stale if someone saved meanwhile."""
    if row:
        unless_stale(topic_values(row), version)
    same = act.db.scalar(select(Topic).where(func.lower(Topic.name) == values["name"].lower()))
    if same and same is not row:
        raise Refused(fields={"name": text("A topic with this name already exists.")})
    position = act.db.get(Position, values["position_id"]) if values["position_id"] else None
    if position and values["program_id"] and position.program_id != values["program_id"]:
        raise Refused(fields={"position_id": text("This role belongs to another program.")})
    row = row or Topic()
    for name in TOPIC_COLUMNS:
        setattr(row, name, values[name])
    act.db.add(row)
    act.db.flush()
    record(act, "topic.saved", row)
    return row


def topic_values(row: Topic) -> dict[str, Any]:
    """A topic as its form holds it."""
    return {name: getattr(row, name) for name in (*TOPIC_COLUMNS, "version")}


def close_topic(act: Act, row: Topic, *, closed: bool) -> None:
    """Offer a topic no more, or again."""
    row.closed_at = act.at if closed else None
    record(act, "topic.closed" if closed else "topic.reopened", row)
