"""Who cannot give their talk as it stands: not cleared for its day any more, or away on it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.outreach.eligibility import presents
from portal.outreach.scopes import visible_talks
from portal.outreach.speaker_candidates import placed_days
from portal.outreach.talk_models import (
    CURRENT_TALKS,
    OfferState,
    Presentation,
    SpeakerOffer,
    Speaks,
)
from portal.people.availability import DayAway, days_away
from portal.people.models import Person, Status
from portal.permissions import Viewer
from portal.reads import read
from portal.requirements.records import Question, clearances


class Hindered(NamedTuple):
    """A speaker of a coming talk."""

    id: int
    person_id: int
    position_id: int | None
    role: Speaks
    clash_reason_at: datetime | None
    presents: bool
    name: str
    status: Status
    talk_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str


def hindered(db: Session, viewer: Viewer, at: datetime) -> list[tuple[Hindered, str]]:
    """Who takes part in a coming talk and, by now, is "away" on its day or not "cleared" for it. Nothing is
    done by itself: a clerk asks them, or looks for someone else. Staff who present need no role; a reason
    covers the days away that we knew of when it was given."""
    mine = visible_talks(viewer).with_only_columns(Presentation.id)
    rows = read(
        db,
        Hindered,
        select(
            SpeakerOffer.id,
            SpeakerOffer.person_id,
            SpeakerOffer.position_id,
            SpeakerOffer.role,
            SpeakerOffer.clash_reason_at,
            presents(SpeakerOffer.person_id).label("presents"),
            Person.name,
            Person.status,
            Presentation.id.label("talk_id"),
            Presentation.starts_at,
            Presentation.ends_at,
            Presentation.zone,
        )
        .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
        .join(Person, Person.id == SpeakerOffer.person_id)
        .where(
            SpeakerOffer.state == OfferState.ACCEPTED,
            Presentation.id.in_(mine),
            Presentation.state.in_(CURRENT_TALKS),
            Presentation.starts_at > at,
        )
        .order_by(Presentation.starts_at, SpeakerOffer.id),
    )
    uncleared, away = _uncleared(db, rows), away_offers(db, rows)
    return [
        (row, "away" if row.id in away else "cleared")
        for row in rows
        if row.id in away or row.id in uncleared
    ]


def _uncleared(db: Session, rows: Sequence[Hindered]) -> set[int]:
    asked = {
        row.id: Question(row.person_id, row.position_id, _day(row), row.role == Speaks.SHADOW)
        for row in rows
        if row.position_id and not row.presents
    }
    judged = clearances(db, set(asked.values()))
    people = {one.person_id for one in asked.values()}
    placed = placed_days(db, people, {one.position_id for one in asked.values()})
    return {
        number
        for number, one in asked.items()
        if not judged[one].clear
        or not any(
            first <= one.day <= last
            for first, last in placed.get(one.person_id, {}).get(one.position_id, ())
        )
    } | {row.id for row in rows if row.status != Status.ACTIVE}


def away_offers(db: Session, rows: Sequence[Hindered]) -> set[int]:
    """Which of some offers are to people who are away on the day of the talk, with no reason that covers it."""
    if not rows:
        return set()
    days = [_day(row) for row in rows]
    found: dict[int, list[DayAway]] = {}
    for one in days_away(db, {row.person_id for row in rows}, min(days), max(days)):
        found.setdefault(one.person_id, []).append(one)
    return {
        row.id
        for row, day in zip(rows, days, strict=True)
        for one in found.get(row.person_id, ())
        if one.first_day <= day <= one.last_day
        and (row.clash_reason_at is None or one.since > row.clash_reason_at)
    }


def _day(row: Hindered) -> date:
    return clock.local_day(row.starts_at, row.zone)
