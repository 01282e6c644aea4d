"""Loading what suggestions judge: a constant number of statements, for one talk or for hundreds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import STANDS
from portal.commitments.models import Commitment
from portal.outreach.clashing import When, closures_on
from portal.outreach.eligibility import presents
from portal.outreach.intake_models import Topic
from portal.outreach.models import RequestDate, TalkRequest
from portal.outreach.request_reads import dates_of, language_ids, topic_ids
from portal.outreach.suggest import Days, Engagement, Facts, minutes_after_midnight
from portal.outreach.talk_models import (
    CURRENT_TALKS,
    BusyTime,
    OfferState,
    Presentation,
    Speaker,
    SpeakerOffer,
    SpeakerTopic,
)
from portal.people.availability import Span, days_away
from portal.people.models import Person, Status
from portal.people.traits import Availability, PersonSkill, Skill, SkillKind
from portal.programs.models import Placement
from portal.reads import AnyRow, among, rows
from portal.requirements.clearance import cleared_days
from portal.requirements.records import asking_of, programs_of, records_of

HISTORY = timedelta(days=366)
MOST_SPEAKERS = 1000

_SPEAKERS = (
    select(
        Speaker.person_id,
        Person.name,
        Speaker.per_month,
        Speaker.rest_days,
        presents(Person.id).label("staff"),
    )
    .join(Person, Person.id == Speaker.person_id)
    .where(Speaker.ended_at.is_(None), Person.status == Status.ACTIVE)
    .order_by(Person.name, Person.id)
    .limit(MOST_SPEAKERS)
)
_TOPICS = select(SpeakerTopic.person_id, SpeakerTopic.topic_id).where(
    among(SpeakerTopic.person_id, "people")
)
_SKILLS = (
    select(PersonSkill.person_id, PersonSkill.skill_id, PersonSkill.level, Skill.kind)
    .join(Skill, Skill.id == PersonSkill.skill_id)
    .where(
        among(PersonSkill.person_id, "people"),
        Skill.kind.in_((SkillKind.LANGUAGE, SkillKind.DISTRICT)),
    )
)
_PLACED = select(
    Placement.person_id, Placement.position_id, Placement.starts_on, Placement.ends_on
).where(
    among(Placement.person_id, "people"),
    among(Placement.position_id, "positions"),
)
_BUSY: Any = union_all(
    select(Commitment.person_id, Commitment.starts_at, Commitment.ends_at).where(
        among(Commitment.person_id, "people"),
        Commitment.ends_at > bindparam("first"),
        Commitment.starts_at < bindparam("last"),
        STANDS,
    ),
    select(BusyTime.person_id, BusyTime.starts_at, BusyTime.ends_at).where(
        among(BusyTime.person_id, "people"),
        BusyTime.ends_at > bindparam("first"),
        BusyTime.starts_at < bindparam("last"),
    ),
)
_TIMES = select(
    Availability.person_id,
    Availability.weekday,
    Availability.day,
    Availability.starts,
    Availability.ends,
).where(among(Availability.person_id, "people"))
_TALKS = (
    select(
        SpeakerOffer.person_id,
        Presentation.starts_at,
        Presentation.zone,
        Presentation.organization_id,
    )
    .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
    .where(
        among(SpeakerOffer.person_id, "people"),
        SpeakerOffer.state == OfferState.ACCEPTED,
        Presentation.state.in_(CURRENT_TALKS),
        Presentation.starts_at > bindparam("first"),
    )
    .order_by(Presentation.starts_at)
)


def engagement_of(number: int, when: When, **wants: Any) -> Engagement:
    """A time with what is wanted for it, to suggest people for."""
    first, last = clock.to_local(when.starts_at, when.zone), clock.to_local(when.ends_at, when.zone)
    day = first.date()
    return Engagement(
        number,
        when.starts_at,
        when.ends_at,
        day,
        minutes_after_midnight(first, day),
        minutes_after_midnight(last, day),
        **wants,
    )


def wants_of(
    db: Session, request: TalkRequest, topic: Topic | None, district_id: int | None
) -> dict[str, Any]:
    """What a request wants of a speaker."""
    return {
        "topic_id": topic and topic.id,
        "position_id": topic and topic.position_id,
        "languages": frozenset(language_ids(db, request.id)),
        "district_id": district_id,
        "organization_id": request.organization_id,
    }


def engagement_of_talk(db: Session, talk: Presentation) -> Engagement:
    """A booked talk, to suggest people for."""
    wants = wants_of(db, talk.request, talk.topic, talk.district_id)
    when = When(talk.starts_at, talk.ends_at, talk.zone)
    closed = closures_on(db, when, talk.site_id, talk.program_id)
    return engagement_of(talk.id, when, closed=tuple(one.reason for one in closed), **wants)


def engagement_of_date(db: Session, request: TalkRequest, wanted: RequestDate) -> Engagement:
    """A date of a request, to suggest people for before it is booked."""
    topic = main_topic(db, request.id)
    ends_at = wanted.starts_at + timedelta(minutes=request.minutes)
    when = When(wanted.starts_at, ends_at, request.zone)
    wants = wants_of(db, request, topic, request.district_id)
    closed = closures_on(db, when, None, request.program_id)
    return engagement_of(wanted.id, when, closed=tuple(one.reason for one in closed), **wants)


def main_topic(db: Session, request_id: int) -> Topic | None:
    """The first topic that a request names."""
    ids = topic_ids(db, request_id)
    return db.get(Topic, ids[0]) if ids else None


def coming_dates(db: Session, request: TalkRequest, at: datetime) -> list[RequestDate]:
    """The dates of a request that are still to come and have no talk, those that they want first."""
    return [
        one for one in dates_of(db, request.id) if one.starts_at > at and not one.presentation_id
    ]


def speakers_for(db: Session, engagements: Sequence[Engagement]) -> list[Facts]:
    """Every speaker with what matters for some talks."""
    found = rows(db, _SPEAKERS, {})
    if not found or not engagements:
        return []
    first = min(one.starts_at for one in engagements)
    last = max(one.ends_at for one in engagements)
    days = min(one.day for one in engagements), max(one.day for one in engagements)
    people = {"people": [row.person_id for row in found]}
    positions = {one.position_id for one in engagements if one.position_id}
    topics = _grouped(rows(db, _TOPICS, people))
    skills = _grouped(rows(db, _SKILLS, people))
    busy = _grouped(rows(db, _BUSY, people | {"first": first, "last": last}))
    times = _grouped(rows(db, _TIMES, people))
    talks = _grouped(rows(db, _TALKS, people | {"first": first - HISTORY}))
    away = _grouped(days_away(db, people["people"], *days))
    placed, cleared = _clearance(db, people["people"], positions, days)
    return [
        Facts(
            row.person_id,
            row.name,
            frozenset(one.topic_id for one in topics[row.person_id]),
            {
                one.skill_id: one.level or ""
                for one in skills[row.person_id]
                if one.kind == SkillKind.LANGUAGE
            },
            frozenset(
                one.skill_id for one in skills[row.person_id] if one.kind == SkillKind.DISTRICT
            ),
            row.per_month,
            row.rest_days,
            bool(row.staff),
            placed.get(row.person_id, {}),
            cleared.get(row.person_id, {}),
            merged((one.starts_at, one.ends_at) for one in busy[row.person_id]),
            [(one.first_day, one.last_day) for one in away[row.person_id]],
            *_said(times[row.person_id]),
            [
                (clock.local_day(one.starts_at, one.zone), one.organization_id)
                for one in talks[row.person_id]
            ],
        )
        for row in found
    ]


Row = TypeVar("Row", bound=Any)


def _grouped(found: Iterable[Row]) -> Mapping[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in found:
        groups[row.person_id].append(row)
    return groups


def merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Spans in order, those that overlap or touch made one."""
    found: list[tuple[datetime, datetime]] = []
    for starts, ends in sorted(spans):
        if found and starts <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((starts, ends))
    return found


def _said(
    times: Sequence[AnyRow],
) -> tuple[dict[int, list[Span]], dict[date, list[Span]]]:
    """When someone says that they could come: every week, and on single days instead."""
    week: dict[int, list[Span]] = {}
    days: dict[date, list[Span]] = {}
    for row in times:
        spans = (
            week.setdefault(row.weekday, []) if row.day is None else days.setdefault(row.day, [])
        )
        if row.starts is not None:
            spans.append(Span(row.starts, row.ends))
    return week, days


_Spans = dict[int, dict[int, list[Days]]]


def placed_days(db: Session, people: Collection[int], positions: Collection[int]) -> _Spans:
    """When some people are placed in some positions, by person and position."""
    placed: _Spans = {}
    parameters = {"people": sorted(people), "positions": sorted(positions)}
    for row in rows(db, _PLACED, parameters):
        spans = placed.setdefault(row.person_id, {}).setdefault(row.position_id, [])
        spans.append((row.starts_on, row.ends_on or date.max))
    return placed


def _clearance(
    db: Session, people: Collection[int], positions: Collection[int], days: Days
) -> tuple[_Spans, _Spans]:
    """Of some people: when they are placed in some positions and, of that, when they are cleared."""
    placed = placed_days(db, people, positions)
    asking = asking_of(db, programs_of(db, positions))
    records = records_of(db, [*placed], asking.values())
    cleared: _Spans = {
        person: {
            position: _both(spans, cleared_days(records[person], asking[position], *days))
            for position, spans in own.items()
            if position in asking
        }
        for person, own in placed.items()
    }
    return placed, cleared


def _both(some: Iterable[Days], others: Sequence[Days]) -> list[Days]:
    """The days that are in both."""
    return [
        (max(first, other_first), min(last, other_last))
        for first, last in some
        for other_first, other_last in others
        if max(first, other_first) <= min(last, other_last)
    ]
