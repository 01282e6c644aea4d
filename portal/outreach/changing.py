"""Changing a talk that is booked: another time, place or topic."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import hold_time, move_time
from portal.outreach import notices, tables
from portal.outreach.asking import note_event, tell_requester
from portal.outreach.booking import (
    LEAST_NOTICE,
    OFFER,
    accepted,
    block_ids,
    lock_with_people,
    note,
    tell_clerk,
)
from portal.outreach.clashing import ENGAGED, Clash, When, clash_of, closures_on
from portal.outreach.fitness import not_fit
from portal.outreach.models import (
    Topic,
)
from portal.outreach.talk_models import (
    PENDING,
    OfferState,
    Presentation,
    SpeakerOffer,
    TalkOutcome,
    TalkState,
)
from portal.people.telling import tell_each
from portal.permissions import Viewer
from portal.programs.models import Site
from portal.requirements.credentials import note_change
from portal.requirements.models import Cause
from portal.web.errors import Refused, unless_stale
from portal.web.request import Blocks
from portal.web.words import text

LONGEST = timedelta(hours=16)
COLUMNS = (
    "topic_id", "starts_at", "ends_at", "zone", "site_id", "place", "address", "town",
    "district_id", "online_link", "host_name", "host_phone", "parking", "door", "bring", "public",
)  # fmt: skip
TOLD = ("starts_at", "ends_at", "site_id", "place", "address", "online_link")
"""What people are told about when it changes."""


def edit_talk(
    db: Session,
    by: Viewer,
    talk: Presentation,
    values: Mapping[str, Any],
    version: int | None,
    reason: str,
    at: datetime,
    blocks: Blocks,
) -> None:
    """Change a talk. A new time moves everyone's; who is busy then is named, and a `reason` goes past that.
    Everyone is told of another time or place. The blocks of a table follow it."""
    cut = block_ids(db, talk.id)
    offers = lock_with_people(db, talk.id, blocks.people(db, cut) if cut else ())
    unless_stale(talk_values(talk), version)
    moved = (values["starts_at"], values["ends_at"]) != (talk.starts_at, talk.ends_at)
    asked = [one for one in offers if one.state in PENDING]
    _check_state(db, talk)
    _check(db, talk, values, at)
    if moved:
        _check_move(talk, values, bool(cut), bool(asked), at)
    when = When(values["starts_at"], values["ends_at"], values["zone"])
    if moved or values["site_id"] != talk.site_id:
        _check_closed(db, when, values["site_id"], reason)
    told = {name: getattr(talk, name) for name in TOLD}
    before = (talk.starts_at, tables.place_words(talk))
    if values["topic_id"] != talk.topic_id:
        _change_topic(db, talk, offers, values["topic_id"])
    if moved:
        _move(db, offers, when, reason)
    for name in COLUMNS:
        setattr(talk, name, values[name])
    talk.revised_at = at
    if cut:
        tables.move_blocks(db, by, talk, before, at, blocks)
    if moved:
        talk.wants_at = None
        for one in asked:
            one.answer_by = min(one.answer_by or talk.starts_at, talk.starts_at - LEAST_NOTICE)
            hold_time(db, ENGAGED, one.id, one.answer_by)
        note_change(db, {one.person_id for one in accepted(offers)}, Cause.LAPSE, at)
    if any(told[name] != getattr(talk, name) for name in TOLD):
        talk.sequence += 1
        talk.told_sequence = talk.sequence
        _tell_of_change(db, by, talk, offers, told, at)
    db.flush()
    note(db, by, talk, "moved" if moved else "edited", at)
    if moved:
        note_event(db, by, talk.request, "moved", at)


def _check_state(db: Session, talk: Presentation) -> None:
    if talk.state == TalkState.CANCELLED:
        raise Refused(text("This talk was cancelled. Please book a new one."))
    if db.get(TalkOutcome, talk.id):
        raise Refused(text("It is written down how this talk went. It stays as it was."))


def _check_move(
    talk: Presentation, values: Mapping[str, Any], cut: bool, asked: bool, at: datetime
) -> None:
    """A table that is `cut` into blocks stays as long as it is; whoever is `asked` needs time to answer."""
    if cut and values["ends_at"] - values["starts_at"] != talk.ends_at - talk.starts_at:
        words = text("People sign up for blocks of this table. Make those longer on the schedule.")
        raise Refused(fields={"minutes": words})
    if asked and values["starts_at"] - LEAST_NOTICE <= at:
        raise Refused(
            text(
                "Somebody is asked and could not answer in time. Call them, or take them off first."
            )
        )


def _check(db: Session, talk: Presentation, values: Mapping[str, Any], at: datetime) -> None:
    if not timedelta() < values["ends_at"] - values["starts_at"] <= LONGEST:
        raise Refused(
            fields={"minutes": text("A talk lasts more than nothing and at most 16 hours.")}
        )
    if values["starts_at"] != talk.starts_at and values["starts_at"] <= at:
        raise Refused(fields={"day": text("This time is over.")})
    if values["topic_id"] and db.get(Topic, values["topic_id"]) is None:
        raise Refused(fields={"topic_id": text("Please choose from the list.")})
    if values["site_id"]:
        site = db.get(Site, values["site_id"])
        if site is None or site.program_id not in (None, talk.program_id):
            raise Refused(fields={"site_id": text("Please choose a place this talk may use.")})
        if site.confidential:
            hidden = text("A confidential place is not for visitors. Please choose another.")
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
            problem := not_fit(db, talk, one.person, one.role)
        ):
            raise Refused(fields={"topic_id": problem})
        one.position_id = talk.topic.position_id if talk.topic else None


def _check_closed(db: Session, when: When, site_id: int | None, reason: str) -> None:
    """On a day on which we are closed, a talk wants a reason."""
    closed = closures_on(db, when, site_id)
    if closed and not reason:
        words = text(
            "We are closed on that day: %(reason)s. If it is all right, say why.",
            reason=closed[0].reason,
        )
        raise Refused(fields={"reason": words})


def _move(db: Session, offers: Sequence[SpeakerOffer], when: When, reason: str) -> None:
    engaged = [one for one in offers if one.state != OfferState.WAITS]
    found = {one.id: clash_of(db, one.person_id, when, one.id) for one in engaged}
    taken = [one.person.name for one in engaged if found[one.id] == Clash.TALK]
    busy = [one.person.name for one in engaged if found[one.id] in (Clash.BUSY, Clash.AWAY)]
    if taken:
        raise Refused(
            text(
                "At that time these people give another talk: %(names)s. Take them off first.",
                names=", ".join(sorted(taken)),
            )
        )
    if busy and not reason:
        raise Refused(
            fields={
                "reason": text(
                    "These people are busy or away then: %(names)s. Say why it is all right, or replace them.",
                    names=", ".join(sorted(busy)),
                )
            }
        )
    for one in engaged:
        if found[one.id]:
            one.clash_reason = reason
    move_time(db, ENGAGED, [one.id for one in engaged], when.starts_at, when.ends_at)


def _tell_of_change(
    db: Session,
    by: Viewer,
    talk: Presentation,
    offers: Sequence[SpeakerOffer],
    before: Mapping[str, Any],
    at: datetime,
) -> None:
    """Everyone who takes part learns of another time or place, and so does the host, once it is on."""
    told = {name: before[name].isoformat() for name in ("starts_at", "ends_at")}
    asked = {one.id: one.person_id for one in offers if one.state == OfferState.ASKED}
    tell_each(db, by, notices.OFFERED, OFFER, asked, at, program_id=talk.program_id)
    whom = {one.id: one.person_id for one in accepted(offers)}
    tell_each(
        db, by, notices.SPEAKING_CHANGED, OFFER, whom, at, program_id=talk.program_id, told=told
    )
    if talk.state == TalkState.CONFIRMED:
        tell_requester(db, by, notices.CHANGED, talk.request, at, talk=talk.id, **told)
        tell_clerk(db, by, talk, notices.CLERK_CONFIRMED, at)


def talk_values(talk: Presentation) -> dict[str, Any]:
    """A talk as its form holds it."""
    return {name: getattr(talk, name) for name in (*COLUMNS, "version")}


def move_by(
    db: Session,
    by: Viewer,
    talk: Presentation,
    days: int,
    reason: str,
    at: datetime,
    blocks: Blocks,
) -> None:
    """Move a talk by whole days, to the same time of the clock there."""
    starts = clock.to_local(talk.starts_at, talk.zone)
    starts_at = clock.as_calendars_do(
        starts.date() + days * clock.ONE_DAY, starts.time(), talk.zone
    )
    values = talk_values(talk) | {
        "starts_at": starts_at, "ends_at": starts_at + (talk.ends_at - talk.starts_at),
    }  # fmt: skip
    edit_talk(db, by, talk, values, talk.version, reason, at, blocks)
