"""What hosts do by their link: take a request back, cancel a talk, ask for another date."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.occasions.blocks import Blocks
from portal.outreach import intake_policy, message_kinds
from portal.outreach.booking import cancel, coming_talks, hold, lock_talk, note
from portal.outreach.models import (
    WAITING_STATES,
    DateKind,
    RequestState,
    TalkRequest,
)
from portal.outreach.request_events import lock_request, note_event, tell_owner, tell_requester
from portal.outreach.speaker_candidates import coming_dates
from portal.outreach.talk_models import (
    CURRENT_TALKS,
    Presentation,
)
from portal.outreach.triage import take_counter_back
from portal.web.errors import Refused
from portal.words import text


def withdraw(act: Act, request: TalkRequest, reason: str, blocks: Blocks) -> None:
    """Whoever asked takes the request back, with every talk of it that is to come."""
    hold(act.db, [talk.id for talk in coming_talks(act.db, request.id, act.at)], blocks)
    lock_request(act.db, request)
    if request.state not in (RequestState.UNPROVED, *WAITING_STATES, RequestState.BOOKED):
        raise Refused(text("This request already ended."))
    talks = coming_talks(act.db, request.id, act.at)
    if act.by.person_id is None and (
        any(not may_change_by_link(act.db, talk, act.at) for talk in talks)
        or _began(act.db, request, act.at)
    ):
        raise Refused(_TOO_LATE)
    take_counter_back(act.db, request, act.at)
    for talk in talks:
        cancel(act, talk, reason, blocks, host=True)
    _end(act, request, reason)
    tell_owner(act, request, "withdrawn")


def _end(act: Act, request: TalkRequest, reason: str) -> None:
    request.state, request.reason, request.decided_at = RequestState.WITHDRAWN, reason, act.at
    note_event(act, request, "withdrawn", reason)
    record(act, "request.withdrawn", request)


def _began(db: Session, request: TalkRequest, at: datetime) -> bool:
    """Whether a talk of a request has begun or is over."""
    found = select(Presentation.id).where(
        Presentation.request_id == request.id,
        Presentation.state.in_(CURRENT_TALKS),
        Presentation.starts_at <= at,
    )
    return db.scalar(found.limit(1)) is not None


def may_change_by_link(db: Session, talk: Presentation, at: datetime) -> bool:
    """Whether the host may still move or cancel a talk by link."""
    return talk.state in CURRENT_TALKS and at <= talk.starts_at - changes_until(db, talk.request)


def changes_until(db: Session, request: TalkRequest) -> timedelta:
    """How long before its talks a request's host may still change them by link."""
    return timedelta(hours=intake_policy.terms_of(db, request.kind).cutoff_hours)


def cancel_by_host(act: Act, talk: Presentation, reason: str, blocks: Blocks) -> None:
    """The host cancels by link, up to the cut-off; the request stays withdrawn unless other talks are left."""
    if not may_change_by_link(act.db, talk, act.at):
        raise Refused(_TOO_LATE)
    cancel(act, talk, reason, blocks, host=True)
    request = talk.request
    waits = any(row.kind == DateKind.WANTED for row in coming_dates(act.db, request, act.at))
    if (
        not waits
        and not coming_talks(act.db, request.id, act.at)
        and request.state in WAITING_STATES
    ):
        take_counter_back(act.db, request, act.at)
        _end(act, request, reason)


def ask_to_move(act: Act, talk: Presentation, starts_at: datetime) -> None:
    """The host asks for another date by link, up to the cut-off; a clerk looks who can come then."""
    lock_talk(act.db, talk.id)
    if not may_change_by_link(act.db, talk, act.at):
        raise Refused(_TOO_LATE)
    its, day = (
        intake_policy.terms_of(act.db, talk.request.kind),
        clock.local_day(starts_at, talk.zone),
    )
    near = intake_policy.Terms(min(its.least_days, 2), its.most_days)
    if problem := intake_policy.date_problem(
        near, day, clock.local_day(act.at, talk.zone), staff=False
    ):
        raise Refused(fields={"day": problem})
    talk.wants_at = starts_at
    note_event(act, talk.request, "wants_move")
    note(act, talk, "move_asked")
    tell_owner(act, talk.request, "wants_move")


_TOO_LATE = text("It's too close to the presentation to change it here. Call us.")


def keep_date(act: Act, talk: Presentation) -> None:
    """The date that the host asked for is not possible: the talk stays, and they are told. Twice is once."""
    lock_talk(act.db, talk.id)
    if talk.wants_at is None:
        return
    talk.wants_at = None
    note_event(act, talk.request, "kept")
    note(act, talk, "kept")
    tell_requester(act, message_kinds.KEPT, talk.request, talk=talk.id)
