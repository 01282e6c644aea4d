"""What hosts do by their link: take a request back, cancel a talk, ask for another date."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.audit.log import record
from portal.outreach import notices, terms
from portal.outreach.asking import lock_request, note_event, tell_owner, tell_requester
from portal.outreach.booking import cancel, coming_talks, hold, lock_talk, note
from portal.outreach.models import (
    WAITING_STATES,
    DateKind,
    RequestState,
    TalkRequest,
)
from portal.outreach.pool import coming_dates
from portal.outreach.talk_models import (
    CURRENT_TALKS,
    Presentation,
)
from portal.outreach.triage import take_counter_back
from portal.permissions import Viewer
from portal.web.errors import Refused
from portal.web.request import Blocks
from portal.web.words import text


def withdraw(
    db: Session, by: Viewer, request: TalkRequest, reason: str, at: datetime, blocks: Blocks
) -> None:
    """Whoever asked takes the request back, with every talk of it that is to come."""
    hold(db, [talk.id for talk in coming_talks(db, request.id, at)], blocks)
    lock_request(db, request)
    if request.state not in (RequestState.UNPROVED, *WAITING_STATES, RequestState.BOOKED):
        raise Refused(text("This request has ended already."))
    talks = coming_talks(db, request.id, at)
    if by.person_id is None and (
        any(not may_change_by_link(db, talk, at) for talk in talks) or _began(db, request, at)
    ):
        raise Refused(_TOO_LATE)
    take_counter_back(db, request, at)
    for talk in talks:
        cancel(db, by, talk, reason, at, blocks, host=True)
    _end(db, by, request, reason, at)
    tell_owner(db, by, request, "withdrawn", at)


def _end(db: Session, by: Viewer, request: TalkRequest, reason: str, at: datetime) -> None:
    request.state, request.reason, request.decided_at = RequestState.WITHDRAWN, reason, at
    note_event(db, by, request, "withdrawn", at, reason)
    record(
        db, by, "request.withdrawn", ("talk_request", request.id), at=at,
        program_id=request.program_id,
    )  # fmt: skip


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
    return timedelta(hours=terms.terms_of(db, request.kind).cutoff_hours)


def cancel_by_host(
    db: Session, by: Viewer, talk: Presentation, reason: str, at: datetime, blocks: Blocks
) -> None:
    """The host cancels by link, up to the cut-off; the request stays withdrawn unless other talks are left."""
    if not may_change_by_link(db, talk, at):
        raise Refused(_TOO_LATE)
    cancel(db, by, talk, reason, at, blocks, host=True)
    request = talk.request
    waits = any(row.kind == DateKind.WANTED for row in coming_dates(db, request, at))
    if not waits and not coming_talks(db, request.id, at) and request.state in WAITING_STATES:
        take_counter_back(db, request, at)
        _end(db, by, request, reason, at)


def ask_to_move(
    db: Session, by: Viewer, talk: Presentation, starts_at: datetime, at: datetime
) -> None:
    """The host asks for another date by link, up to the cut-off; a clerk looks who can come then."""
    lock_talk(db, talk.id)
    if not may_change_by_link(db, talk, at):
        raise Refused(_TOO_LATE)
    its, day = terms.terms_of(db, talk.request.kind), clock.local_day(starts_at, talk.zone)
    near = terms.Terms(min(its.least_days, 2), its.most_days)
    if problem := terms.date_problem(near, day, clock.local_day(at, talk.zone), staff=False):
        raise Refused(fields={"day": problem})
    talk.wants_at = starts_at
    note_event(db, by, talk.request, "wants_move", at)
    note(db, by, talk, "move_asked", at)
    tell_owner(db, by, talk.request, "wants_move", at)


_TOO_LATE = text("It is too close to the talk to change it here. Please call us.")


def keep_date(db: Session, by: Viewer, talk: Presentation, at: datetime) -> None:
    """The date that the host asked for is not possible: the talk stays, and they are told. Twice is once."""
    lock_talk(db, talk.id)
    if talk.wants_at is None:
        return
    talk.wants_at = None
    note_event(db, by, talk.request, "kept", at)
    note(db, by, talk, "kept", at)
    tell_requester(db, by, notices.KEPT, talk.request, at, talk=talk.id)
