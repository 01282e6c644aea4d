"""The agency's terms: how far ahead each kind of request may be, and the sentence that it is no guarantee."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.clock import ONE_DAY
from portal.outreach.intake_models import DistrictRoute, KindTerms, RequestKind, Topic
from portal.outreach.organization_models import Pledge
from portal.words import Words, text

OWN_PLEDGE = text("This is a request. It isn't booked until we confirm it.")
"""What is acknowledged where the agency wrote nothing itself; version 0."""


@dataclass(frozen=True)
class Terms:
    """Days ahead at least and at most, until how many hours before the host may change it by link, and whether
    the public form takes it."""

    least_days: int
    most_days: int
    cutoff_hours: int = 48
    open: bool = True


DEFAULTS: Mapping[str, Terms] = {
    RequestKind.PRESENTATION: Terms(14, 365),
    RequestKind.TABLE: Terms(30, 365),
    RequestKind.TOUR: Terms(14, 365),
    RequestKind.MEDIA: Terms(0, 365),
    RequestKind.LITERATURE: Terms(5, 365),
    RequestKind.QUESTION: Terms(0, 365),
}


def all_terms(db: Session) -> dict[str, Terms]:
    """The terms of every kind."""
    own = {
        row.kind: Terms(row.least_days, row.most_days, row.cutoff_hours, row.open)
        for row in db.scalars(select(KindTerms))
    }
    return {kind: own.get(RequestKind(kind), default) for kind, default in DEFAULTS.items()}


def terms_of(db: Session, kind: str) -> Terms:
    """The terms of one kind."""
    row = db.get(KindTerms, kind)
    if row is None:
        return DEFAULTS[kind]
    return Terms(row.least_days, row.most_days, row.cutoff_hours, row.open)


def set_terms(act: Act, terms: Mapping[str, Terms]) -> None:
    """Set the terms of some kinds."""
    for kind, one in terms.items():
        row = act.db.get(KindTerms, kind) or KindTerms(kind=kind)
        row.least_days, row.most_days = one.least_days, one.most_days
        row.cutoff_hours, row.open = one.cutoff_hours, one.open
        act.db.add(row)
    record(act, "outreach.terms", Ref("kind_terms", None))


def date_problem(terms: Terms, day: date, today: date, *, staff: bool) -> Words | None:
    """Why a day cannot be asked for; staff are bound by the calendar alone."""
    if day < today:
        return text("This date is in the past.")
    if staff:
        return None
    if day < today + terms.least_days * ONE_DAY:
        return text(
            "We need at least %(n)s days. Choose a later date, or call us.",
            n=terms.least_days,
        )
    if day > today + terms.most_days * ONE_DAY:
        return text("That's too far ahead. We plan up to %(n)s days ahead.", n=terms.most_days)
    return None


def day_problems(
    terms: Terms, days: Iterable[tuple[str, date | None]], today: date, *, staff: bool
) -> dict[str, Words]:
    """What is wrong with some days, by the names of their fields."""
    found = {}
    for name, day in days:
        if day and (problem := date_problem(terms, day, today, staff=staff)):
            found[name] = problem
    return found


def pledge_of(db: Session) -> tuple[int, str | Words, Mapping[str, Any]]:
    """The sentence to acknowledge now: its version, its words, and its translations."""
    row = db.scalars(select(Pledge).order_by(Pledge.id.desc()).limit(1)).first()
    return (row.id, row.words, row.translations) if row else (0, OWN_PLEDGE, {})


def acknowledged(db: Session, version: int) -> str | Words | None:
    """The words of a version, as they were acknowledged; None if there is no such version."""
    if version == 0:
        return OWN_PLEDGE
    return db.scalar(select(Pledge.words).where(Pledge.id == version))


def write_pledge(act: Act, words: str, translations: Mapping[str, Any]) -> None:
    """A new version of it; who acknowledged an earlier one keeps that."""
    row = Pledge(
        words=words, translations=translations, since=act.at, written_by_id=act.by.person_id
    )
    act.db.add(row)
    record(act, "outreach.pledge", row)


def routes(db: Session) -> dict[int, int]:
    """Which program gets the requests of which district."""
    return {row.district_id: row.program_id for row in db.scalars(select(DistrictRoute))}


def set_routes(act: Act, wanted: Mapping[int, int | None]) -> None:
    """Send the requests of districts to programs, or (None) to no one in particular."""
    for district_id, program_id in wanted.items():
        row = act.db.get(DistrictRoute, district_id)
        if program_id is None:
            if row:
                act.db.delete(row)
        elif row:
            row.program_id = program_id
        else:
            act.db.add(DistrictRoute(district_id=district_id, program_id=program_id))
    record(act, "outreach.routes", Ref("district_route", None))


def route_of(db: Session, topic_ids: list[int], district_id: int | None) -> int | None:
    """The program that a request goes to: that of its first topic which has one, else its district's."""
    topics = db.execute(
        select(Topic.id, Topic.program_id).where(
            Topic.id.in_(topic_ids), Topic.program_id.is_not(None)
        )
    ).all()
    programs = {row.id: row.program_id for row in topics}
    found = next((programs[one] for one in topic_ids if one in programs), None)
    if found is None and district_id:
        return db.scalar(
            select(DistrictRoute.program_id).where(DistrictRoute.district_id == district_id)
        )
    return found
