"""Changing a talk that is booked: another time, place or topic."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.commitments.commitments import commit_time, free_time
from portal.occasions.blocks import Blocks
from portal.outreach import message_kinds, tables
from portal.outreach.booking import (
    LEAST_NOTICE,
    OFFER,
    accepted,
    blocks_on,
    hold,
    note,
    offers_of,
    tell_clerk,
    when_of,
)
from portal.outreach.clashing import (
    ENGAGED,
    Clash,
    clash_of,
    closures_on,
    excuse,
    why_not,
)
from portal.outreach.eligibility import ineligible_reason
from portal.outreach.intake_models import Topic
from portal.outreach.outcome_models import TalkOutcome
from portal.outreach.request_events import note_event, tell_requester
from portal.outreach.talk_models import PENDING, OfferState, Presentation, SpeakerOffer, TalkState
from portal.people.notify import tell_each
from portal.programs.models import Site
from portal.requirements.change_models import Cause
from portal.requirements.credentials import note_change
from portal.web.errors import Refused, unless_stale
from portal.words import Words, text

LONGEST = timedelta(hours=16)
COLUMNS = (
    "topic_id", "starts_at", "ends_at", "zone", "site_id", "place", "address", "town",
    "district_id", "online_link", "host_name", "host_phone", "parking", "door", "bring", "public",
)  # fmt: skip
TOLD = ("starts_at", "ends_at", "site_id", "place", "address", "online_link")
"""What people are told about when it changes."""


def edit_talk(
    act: Act,
    talk: Presentation,
    values: Mapping[str, Any],
    version: int | None,
    clash_reason: str,
    blocks: Blocks,
    *,
    why: str = "",
) -> None:
    """Change a talk. A new time moves everyone's; who is busy or away then is named, and a `clash_reason` goes
    past that. Everyone is told of another time or place, and `why`. The blocks of a table follow it."""
    hold(act.db, [talk.id], blocks)
    offers = offers_of(act.db, talk.id)
    unless_stale(talk_values(talk), version)
    moved = (values["starts_at"], values["ends_at"]) != (talk.starts_at, talk.ends_at)
    _check_state(act.db, talk)
    _check(act.db, talk, values, act.at)
    if moved:
        _check_move(act.db, talk, values, offers, act.at, blocks)
    told = {name: getattr(talk, name) for name in TOLD}
    before = (talk.starts_at, tables.place_words(talk))
    if values["topic_id"] != talk.topic_id:
        _change_topic(act.db, talk, offers, values["topic_id"])
    for name in COLUMNS:
        setattr(talk, name, values[name])
    talk.revised_at = act.at
    act.db.flush()
    act.db.refresh(talk, ["site"])
    if moved:
        talk.wants_at = None
        free_time(act.db, ENGAGED, [one.id for one in offers])
    tables.move_blocks(act, talk, before, blocks)
    if moved:
        _move(act.db, talk, offers, clash_reason, act.at)
    else:
        _check_site(act.db, talk, told["site_id"], clash_reason)
    if any(told[name] != getattr(talk, name) for name in TOLD):
        talk.sequence += 1
        talk.told_sequence = talk.sequence
        _tell_of_change(act, talk, offers, told, why)
    act.db.flush()
    note(act, talk, "moved" if moved else "edited")
    if moved:
        note_event(act, talk.request, "moved", ". ".join(filter(None, (why, clash_reason))))


def _check_state(db: Session, talk: Presentation) -> None:
    if talk.state == TalkState.CANCELED:
        raise Refused(text("This presentation was canceled. Book a new one."))
    if db.get(TalkOutcome, talk.id):
        raise Refused(text("This presentation already has a report. It can't be changed."))


def _check_move(
    db: Session,
    talk: Presentation,
    values: Mapping[str, Any],
    offers: Sequence[SpeakerOffer],
    at: datetime,
    blocks: Blocks,
) -> None:
    """A table for whose blocks people sign up stays as long as it is; whoever is asked needs time to answer."""
    longer = values["ends_at"] - values["starts_at"] != talk.ends_at - talk.starts_at
    if longer and blocks_on(db, talk, blocks):
        words = text(
            "People sign up for blocks of this table, so its length can't change. Change "
            "the blocks on the schedule, or cancel the table."
        )
        raise Refused(fields={"minutes": words})
    asked = any(one.state in PENDING for one in offers)
    if asked and values["starts_at"] - LEAST_NOTICE <= at:
        raise Refused(
            text(
                "Someone was asked and wouldn't have time to reply. Call them, or remove them "
                "first."
            )
        )


def _check(db: Session, talk: Presentation, values: Mapping[str, Any], at: datetime) -> None:
    if not timedelta() < values["ends_at"] - values["starts_at"] <= LONGEST:
        raise Refused(
            fields={"minutes": text("Enter an end time after the start, at most 16 hours later.")}
        )
    if values["starts_at"] != talk.starts_at and values["starts_at"] <= at:
        raise Refused(fields={"day": text("This time is in the past.")})
    if values["topic_id"] and db.get(Topic, values["topic_id"]) is None:
        raise Refused(fields={"topic_id": text("Select an option from the list.")})
    if values["site_id"]:
        site = db.get(Site, values["site_id"])
        if site is None or site.program_id not in (None, talk.program_id):
            raise Refused(fields={"site_id": text("Select a location this presentation can use.")})
        if site.confidential:
            hidden = text("A confidential location isn't for visitors. Select another.")
            raise Refused(fields={"site_id": hidden})


def _change_topic(
    db: Session, talk: Presentation, offers: Sequence[SpeakerOffer], topic_id: int | None
) -> None:
    """Another topic may ask for another role: whoever takes part must be fit for it, too."""
    talk.topic_id = topic_id
    db.flush()
    db.refresh(talk, ["topic"])
    for one in offers:
        if one.state == OfferState.ACCEPTED and (
            problem := ineligible_reason(db, talk, one.person, one.role)
        ):
            raise Refused(fields={"topic_id": problem})
        one.position_id = talk.topic.position_id if talk.topic else None


def _move(
    db: Session,
    talk: Presentation,
    offers: Sequence[SpeakerOffer],
    clash_reason: str,
    at: datetime,
) -> None:
    """Engage everyone at the talk's new time. What was said of a clash at the old one is over."""
    found = {one.id: clash_of(db, one.person_id, when_of(talk)) for one in offers}
    engaged = [one for one in offers if one.state != OfferState.WAITS]
    if taken := [one.person.name for one in engaged if Clash.TALK in found[one.id]]:
        raise Refused(
            text(
                "These people have another presentation at that time: %(names)s. Remove them "
                "first.",
                names=", ".join(sorted(taken)),
            )
        )
    busy, away = (
        [one.person.name for one in offers if clash in found[one.id]]
        for clash in (Clash.BUSY, Clash.AWAY)
    )
    closed = closures_on(db, when_of(talk), talk.site_id, talk.program_id)
    _want_reason(why_not(busy, away, closed), clash_reason)
    for one in offers:
        excuse(one, clash_reason if found[one.id] or closed else "", at, found[one.id])
    for one in engaged:
        if pending := one.state in PENDING:
            one.answer_by = min(one.answer_by or talk.starts_at, talk.starts_at - LEAST_NOTICE)
        commit_time(
            db,
            one.person_id,
            ENGAGED,
            one.id,
            talk.starts_at,
            talk.ends_at,
            one.answer_by if pending else None,
        )
    note_change(db, {one.person_id for one in accepted(offers)}, Cause.LAPSE, at)


def _check_site(db: Session, talk: Presentation, before: int | None, clash_reason: str) -> None:
    """Another place of ours may be closed on a day on which the one `before` was not."""
    if talk.site_id != before:
        known = closures_on(db, when_of(talk), before, talk.program_id)
        now = closures_on(db, when_of(talk), talk.site_id, talk.program_id)
        closed = [one for one in now if one not in known]
        _want_reason(why_not((), (), closed), clash_reason)


def _want_reason(words: Words | None, clash_reason: str) -> None:
    if words and not clash_reason:
        raise Refused(fields={"clash_reason": words})


def _tell_of_change(
    act: Act,
    talk: Presentation,
    offers: Sequence[SpeakerOffer],
    before: Mapping[str, Any],
    why: str,
) -> None:
    """Everyone who takes part learns of another time or place, and so does the host: of another time also while
    no one speaks yet."""
    told = {name: before[name].isoformat() for name in ("starts_at", "ends_at")} | {"why": why}
    asked = {one.id: one.person_id for one in offers if one.state == OfferState.ASKED}
    tell_each(act, message_kinds.OFFERED, OFFER, asked, program_id=talk.program_id)
    whom = {one.id: one.person_id for one in accepted(offers)}
    tell_each(
        act, message_kinds.SPEAKING_CHANGED, OFFER, whom, program_id=talk.program_id, told=told
    )
    if talk.state == TalkState.CONFIRMED:
        tell_requester(act, message_kinds.CHANGED, talk.request, talk=talk.id, **told)
        tell_clerk(act, talk, message_kinds.CLERK_CONFIRMED)
    elif before["starts_at"] != talk.starts_at:
        tell_requester(act, message_kinds.DATE_MOVED, talk.request, talk=talk.id, **told)


def talk_values(talk: Presentation) -> dict[str, Any]:
    """A talk as its form holds it."""
    return {name: getattr(talk, name) for name in (*COLUMNS, "version")}


def span_of(talk: Presentation, at: datetime) -> Callable[[str], str]:
    """When a talk is, before it moves, to be said in a reader's language."""
    starts_at, ends_at, zone = talk.starts_at, talk.ends_at, talk.zone
    return lambda language: clock.span_text(starts_at, ends_at, zone, language, at.year)
