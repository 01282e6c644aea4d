"""Asking for a talk: from the public page, or as a clerk writes it down; proving, amending."""

import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.outreach import intake_policy, message_kinds
from portal.outreach.intake_models import BOOKED_KINDS
from portal.outreach.links import new_links
from portal.outreach.models import (
    LIVE_STATES,
    DateKind,
    RequestDate,
    RequestLanguage,
    RequestSource,
    RequestState,
    RequestTopic,
    TalkRequest,
)
from portal.outreach.organizations import known
from portal.outreach.request_events import lock_request, note_event, tell_owner, tell_requester
from portal.outreach.request_reads import (
    COLUMNS,
    dates_of,
    hidden_topics,
    topic_ids,
    topics_offered,
)
from portal.people.traits import Skill, SkillKind
from portal.permissions import NOBODY, Viewer
from portal.settings import Settings
from portal.web.errors import Refused, unless_stale
from portal.words import text

ANSWER_DAYS = 3
"""In how many business days a request is answered."""

UNPROVED_LASTS = timedelta(days=14)


def submit_request(
    act: Act, kind: str, source: str, values: Mapping[str, Any], settings: Settings
) -> TalkRequest:
    """Take a request in. One from the public waits until its address is proved.

    `values` holds COLUMNS and beside them topics and languages (ids), dates and alternates (moments), the
    form's `fields` by moment, and needed_by (a day)."""
    public = source == RequestSource.PUBLIC
    today = clock.local_day(act.at, settings.timezone)
    _check(act.db, kind, values, today, settings.timezone, staff=not public)
    if public and (same := _sent_before(act.db, kind, values, act.at)):
        return same
    organization = known(act.db, values["organization_name"])
    request = TalkRequest(
        kind=kind,
        source=source,
        reference=secrets.token_hex(7),
        state=RequestState.UNPROVED if public else RequestState.OPEN,
        proved_at=None if public else act.at,
        organization_id=organization and organization.id,
        zone=settings.timezone,
        received_at=act.at,
        received_on=today,
        due_on=_due(kind, values.get("needed_by"), today),
        pledge_id=values.get("pledge_id", 0),
        owner_id=None if public else act.by.person_id,
        program_id=intake_policy.route_of(act.db, list(values["topics"]), values["district_id"]),
        **{name: values[name] for name in COLUMNS},
        **new_links(settings),
    )
    act.db.add(request)
    act.db.flush()
    request.reference = f"R-{today.year}-{request.id:04}"
    _write_lists(act.db, request, values)
    note_event(act, request, "received")
    record(act, "request.received", request)
    if source != RequestSource.OURS:  # what we offered ourselves is told when it is booked
        tell_requester(act, message_kinds.PROVE if public else message_kinds.RECEIVED, request)
    return request


def _sent_before(
    db: Session, kind: str, values: Mapping[str, Any], at: datetime
) -> TalkRequest | None:
    """The same request, sent a moment ago: a form that was sent twice does one thing (SECURITY D4)."""
    found = db.scalars(
        select(TalkRequest)
        .where(
            func.lower(TalkRequest.contact_email) == values["contact_email"].lower(),
            TalkRequest.state == RequestState.UNPROVED,
            TalkRequest.received_at > at - timedelta(minutes=30),
            TalkRequest.kind == kind,
        )
        .limit(20)
    )
    dates = {*values["dates"], *values["alternates"]}
    for one in found:
        same = all(getattr(one, name) == values[name] for name in COLUMNS)
        if (
            same
            and {row.starts_at for row in dates_of(db, one.id)} == dates
            and set(topic_ids(db, one.id)) == set(values["topics"])
        ):
            return one
    return None


def _due(kind: str, needed_by: date | None, today: date) -> date:
    """When it should be answered: in some business days; what is only answered, by the day they need it."""
    usual = clock.business_day_after(today, ANSWER_DAYS)
    if needed_by is None:
        return usual
    return needed_by if kind not in BOOKED_KINDS else min(usual, needed_by)


def _check(
    db: Session,
    kind: str,
    values: Mapping[str, Any],
    today: date,
    zone: str,
    *,
    staff: bool,
    before: Collection[datetime] = (),
) -> None:
    """Refuse what the terms do not allow. A date that stood there `before` may stay."""
    its = intake_policy.terms_of(db, kind)
    if not staff and not its.open and not before:
        raise Refused(text("We don't take this kind of request here. Call us."))
    if intake_policy.acknowledged(db, values.get("pledge_id", 0)) is None:
        raise Refused(text("Check your answers, then press the button again."))
    days: list[tuple[str, date | None]] = [
        (values["fields"].get(one, "day"), clock.local_day(one, zone))
        for one in (*values["dates"], *values["alternates"])
        if one not in before
    ]
    days.append(("needed_by", values.get("needed_by")))
    wrong = intake_policy.day_problems(its, days, today, staff=staff)
    if kind in BOOKED_KINDS and not values["dates"]:
        wrong["day"] = text("Select a date.")
    if wrong:
        raise Refused(fields=wrong)
    _check_chosen(db, values, staff=staff)


def _check_chosen(db: Session, values: Mapping[str, Any], *, staff: bool) -> None:
    """What was chosen must be there: topics that are offered, languages and districts of the list."""
    offered = {row.id for row in topics_offered(db, staff=staff)}
    if not set(values["topics"]) <= offered:
        raise Refused(fields={"topics": text("Select an option from the list.")})
    for name, kind in (("languages", SkillKind.LANGUAGE), ("district_id", SkillKind.DISTRICT)):
        chosen = values[name] if name == "languages" else [values[name]] if values[name] else []
        there = db.scalars(select(Skill.id).where(Skill.kind == kind, Skill.id.in_(chosen))).all()
        if set(chosen) - set(there):
            raise Refused(fields={name: text("Select an option from the list.")})


def _write_lists(db: Session, request: TalkRequest, values: Mapping[str, Any]) -> None:
    db.add_all(
        RequestTopic(request_id=request.id, topic_id=one) for one in dict.fromkeys(values["topics"])
    )
    db.add_all(
        RequestLanguage(request_id=request.id, skill_id=one)
        for one in dict.fromkeys(values["languages"])
    )
    for kind, name in ((DateKind.WANTED, "dates"), (DateKind.ALTERNATE, "alternates")):
        db.add_all(
            RequestDate(request_id=request.id, kind=kind, starts_at=one)
            for one in dict.fromkeys(values[name])
        )
    db.flush()


def prove(
    db: Session, request: TalkRequest, by: Viewer, at: datetime, *, spoke: bool = False
) -> None:
    """The address is proved, or (`spoke`) a clerk spoke with them: now it waits for us. Twice is once."""
    lock_request(db, request)
    if request.state != RequestState.UNPROVED:
        return
    request.state, request.proved_at = RequestState.OPEN, at
    note_event(Act(db, by, at), request, "spoke" if spoke else "proved")
    record(Act(db, by, at), "request.proved", request, "spoke" if spoke else "mail")
    tell_requester(Act(db, by, at), message_kinds.RECEIVED, request)


def amend(
    act: Act,
    request: TalkRequest,
    values: Mapping[str, Any],
    version: int | None,
    settings: Settings,
    *,
    staff: bool = False,
) -> None:
    """Change a request that is not booked yet. Raises Stale if someone saved meanwhile."""
    lock_request(act.db, request)
    unless_stale({"version": request.version}, version)
    if request.state not in LIVE_STATES:
        raise Refused(text("This request ended. Send a new one."))
    if request.state == RequestState.BOOKED:
        raise Refused(
            text("The presentation is booked. To change it, ask for another date or call us.")
        )
    before = {row.starts_at for row in dates_of(act.db, request.id)}
    fresh, hidden = dict(values), []
    if not staff:
        fresh["contact_email"] = request.contact_email  # another address takes another request
        hidden = hidden_topics(act.db, request)
    checked = fresh if fresh["needed_by"] != request.due_on else fresh | {"needed_by": None}
    today = clock.local_day(act.at, request.zone)
    _check(act.db, request.kind, checked, today, request.zone, staff=staff, before=before)
    fresh["topics"] = [*fresh["topics"], *hidden]  # what their form does not show stays
    for name in COLUMNS:
        setattr(request, name, fresh[name])
    if request.organization_id is None:
        organization = known(act.db, request.organization_name)
        request.organization_id = organization.id if organization else None
    if fresh["needed_by"]:
        request.due_on = fresh["needed_by"]
    _rewrite_lists(act.db, request, fresh)
    note_event(act, request, "amended")
    record(act, "request.amended", request)
    if not staff:
        tell_owner(act, request, "amended")


def _rewrite_lists(db: Session, request: TalkRequest, values: Mapping[str, Any]) -> None:
    """Topics, languages and dates as they are now; dates that are booked, and ours, stay."""
    for table in (RequestTopic, RequestLanguage):
        db.execute(delete(table).where(table.request_id == request.id))
    db.execute(
        delete(RequestDate).where(
            RequestDate.request_id == request.id,
            RequestDate.kind != DateKind.OURS,
            RequestDate.presentation_id.is_(None),
        )
    )
    booked = {row.starts_at for row in dates_of(db, request.id) if row.presentation_id}
    dates = {
        name: [one for one in values[name] if one not in booked] for name in ("dates", "alternates")
    }
    _write_lists(db, request, {**values, **dates})


def expire(db: Session, at: datetime) -> int:
    """End the requests whose address no one proved; gives how many."""
    found = db.scalars(
        select(TalkRequest).where(
            TalkRequest.state == RequestState.UNPROVED,
            TalkRequest.received_at < at - UNPROVED_LASTS,
        )
    ).all()
    for request in found:
        request.state, request.decided_at = RequestState.EXPIRED, at
        note_event(Act(db, NOBODY, at), request, "expired")
        record(Act(db, NOBODY, at), "request.expired", request)
    return len(found)
