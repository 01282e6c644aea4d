"""Matches of a volunteer and a request: proposed, accepted, the client's yes, handed off, active, ended.

The volunteer learns nothing of the client before the client's yes, and the portal never does: the caseworker
tells the volunteer whom, where and how, and writes down only that it was done.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.cases import match_notices as notices
from portal.cases import rhythm
from portal.cases.candidates import able
from portal.cases.contact_models import ContactDraft
from portal.cases.models import (
    FILLS,
    LOOKING,
    Case,
    HelpRequest,
    Match,
    MatchEnd,
    MatchState,
    RequestState,
    Said,
)
from portal.cases.scopes import reading_caseworkers
from portal.commitments.commitments import clashes, commit_time, free_time
from portal.commitments.kinds import MATCH
from portal.messages.kinds import Kind
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from portal.words import text


def propose(
    act: Act, request: HelpRequest, person_id: int, today: date, settings: Settings
) -> Match:
    """Ask a volunteer whether they would help. They read what is asked for, nothing of who it is."""
    lock_people(act.db, [person_id])
    lock_case(act.db, request.case_id)
    request = lock_request(act.db, request.id)
    if request.state not in LOOKING:
        raise Refused(text("This request is closed."))
    if request.program.closed_at or request.program.sensitive:
        raise Refused(text("This program takes no cases."))
    if person_id not in able(act.db, request, today, settings, person_id):
        raise Refused(text("This person can't be asked for this request."))
    match = Match(
        request_id=request.id,
        case_id=request.case_id,
        program_id=request.program_id,
        person_id=person_id,
        state=MatchState.PROPOSED,
        proposed_at=act.at,
    )
    act.db.add(match)
    act.db.flush()
    record(act, "match.proposed", match)
    notify(act, notices.PROPOSED, match, [person_id])
    return match


def accept(act: Act, match: Match) -> None:
    """The volunteer says yes. It takes their time if the request has one. Twice is once."""
    match = lock(act, match)
    if match.state not in (MatchState.PROPOSED, MatchState.ENDED):
        return
    _refuse_unless(match, MatchState.PROPOSED)
    if span := _span(match.request):
        if clashes(act.db, match.person_id, *span):
            raise Refused(text("You have something else at that time."))
        commit_time(act.db, match.person_id, MATCH, match.id, *span)
    match.state, match.accepted_at, match.asked = MatchState.ACCEPTED, act.at, act.asked
    if match.handed_off_at:  # they know each other: it is the same request on a new date
        match.state = MatchState.ACTIVE if match.first_met_on else MatchState.HANDED_OFF
        match.next_due_on = match.request.day
    elif match.agreed_on:
        match.state = MatchState.AGREED
    act.db.flush()
    record(act, "match.accepted", match)
    _count(act, match)
    _tell_caseworker(act, notices.ACCEPTED, match)


def decline(act: Act, match: Match) -> None:
    """The volunteer says no, without a reason. Twice is once."""
    match = lock(act, match)
    if match.state == MatchState.ENDED:
        return
    _refuse_unless(match, MatchState.PROPOSED, MatchState.ACCEPTED)
    _end(act, match, MatchEnd.DECLINED)
    _tell_caseworker(act, notices.DECLINED, match)


def client_said(act: Act, match: Match, *, yes: bool, on: date, how: Said, today: date) -> None:
    """The client was told the volunteer's name and said yes or no; of a no nothing is kept."""
    match = lock(act, match)
    _refuse_own(act, match)
    _refuse_unless(match, MatchState.ACCEPTED)
    if not match.accepted_at or on > today:
        raise Refused(fields={"on": text("Enter the day on which the client said it.")})
    if not yes:
        _end(act, match, MatchEnd.NOT_NEEDED)
        notify(act, notices.NOT_NEEDED, match, [match.person_id])
        return
    match.state, match.agreed_on, match.agreed_how = MatchState.AGREED, on, how
    act.db.flush()
    record(act, "match.agreed", match, how)
    _count(act, match)
    notify(act, notices.AGREED, match, [match.person_id])


def hand_off(act: Act, match: Match, *, knows: bool, settings: Settings) -> None:
    """The caseworker told the volunteer whom, where and how, and asked whether they know the client. If they
    do, it ends, and that is all that is kept."""
    match = lock(act, match)
    _refuse_own(act, match)
    _refuse_unless(match, MatchState.AGREED)
    if knows:
        _end(act, match, MatchEnd.NOT_NEEDED)
        notify(act, notices.NOT_NEEDED, match, [match.person_id])
        return
    match.state, match.handed_off_at = MatchState.HANDED_OFF, act.at
    match.next_due_on = rhythm.first_due(act.db, match, act.at, settings)
    act.db.flush()
    record(act, "match.handed_off", match)


def meet(act: Act, match: Match, on: date, today: date, settings: Settings) -> None:
    """They met for the first time. Without the client's yes and a hand-off no match becomes active."""
    match = lock(act, match)
    _refuse_unless(match, MatchState.HANDED_OFF)
    if on > today or (match.agreed_on and on < match.agreed_on):
        raise Refused(
            fields={"on": text("Enter the day on which they met, after the client's yes.")}
        )
    begin(act, match, on, settings)


def begin(act: Act, match: Match, on: date, settings: Settings) -> None:
    """A handed-off match becomes active with the first meeting, on a day."""
    match.state, match.first_met_on = MatchState.ACTIVE, on
    match.next_due_on = rhythm.due_after(act.db, match.request, on, settings)
    act.db.flush()
    record(act, "match.active", match)


def end(act: Act, match: Match, how: MatchEnd) -> None:
    """End a match: from that moment the volunteer reads nothing of it. Twice is once."""
    match = lock(act, match)
    if match.state == MatchState.ENDED:
        return
    _end(act, match, how)
    if how == MatchEnd.VOLUNTEER:
        _tell_caseworker(act, notices.DECLINED, match)
    else:
        kind = notices.NOT_NEEDED if how == MatchEnd.WITHDRAWN else notices.ENDED
        notify(act, kind, match, [match.person_id])


def withdraw(act: Act, match: Match, *, also_filled: bool) -> None:
    """Take back what someone was asked. Once the client said yes only a caseworker may: else NotFound."""
    match = lock(act, match)
    if match.state in FILLS and not also_filled:
        raise NotFound
    end(act, match, MatchEnd.WITHDRAWN)


def end_all(act: Act, request: HelpRequest) -> None:
    """End every match of a request that is over: what was only asked is taken back, what began is done."""
    current = select(Match).where(Match.request_id == request.id, Match.state != MatchState.ENDED)
    for match in act.db.scalars(current.order_by(Match.person_id)).all():
        began = match.state in FILLS
        end(act, match, MatchEnd.DONE if began else MatchEnd.WITHDRAWN)


def lock_case(db: Session, case_id: int | None) -> None:
    """Hold a case still. People are held before it, its requests and their matches after it."""
    db.execute(select(Case.id).where(Case.id == case_id).with_for_update()).all()


def lock_helpers(db: Session, *which: ColumnElement[bool]) -> None:
    """Hold everyone still who helps or was asked, before what they help with is held."""
    found = select(Match.person_id).where(*which, Match.state != MatchState.ENDED)
    lock_people(db, sorted(set(db.scalars(found))))


def lock_request(db: Session, request_id: int) -> HelpRequest:
    """Hold a request still and read it anew."""
    db.execute(select(HelpRequest.id).where(HelpRequest.id == request_id).with_for_update()).all()
    request = db.get(HelpRequest, request_id, populate_existing=True)
    if request is None:
        raise NotFound
    return request


def lock(act: Act, match: Match) -> Match:
    """Hold the person, the request and the match still, in this order, and read them anew."""
    lock_people(act.db, [match.person_id])
    lock_request(act.db, match.request_id)
    act.db.execute(select(Match.id).where(Match.id == match.id).with_for_update()).all()
    act.db.refresh(match)
    return match


def _refuse_own(act: Act, match: Match) -> None:
    """No one writes the client's yes, or a handoff, to themselves (SECURITY Z8)."""
    if act.by.person_id == match.person_id:
        raise Refused(text("Another caseworker has to do this."))


def _tell_caseworker(act: Act, kind: Kind, match: Match) -> None:
    """Tell the request's caseworker, while they are one and may read the case; else the case's."""
    case = match.request.case
    for one in (match.request.caseworker_id, case.caseworker_id):
        if act.db.scalars(reading_caseworkers(match.program_id, case.id, one)).first():
            notify(act, kind, match, [one])
            return


def _refuse_unless(match: Match, *states: MatchState) -> None:
    if match.state not in states:
        raise Refused(text("Someone else changed this. Check the page, then try again."))


def _end(act: Act, match: Match, how: MatchEnd) -> None:
    free_time(act.db, MATCH, [match.id])
    act.db.execute(delete(ContactDraft).where(ContactDraft.match_id == match.id))
    match.state, match.end, match.ended_at = MatchState.ENDED, how, act.at
    match.next_due_on = None
    act.db.flush()
    record(act, "match.ended", match)
    _count(act, match)


def _count(act: Act, match: Match) -> None:
    """Whether a request has everyone it asks for follows from its matches."""
    request = match.request
    if request.state not in LOOKING:
        return
    filled = act.db.scalar(
        select(func.count()).where(Match.request_id == request.id, Match.state.in_(FILLS))
    )
    enough = (filled or 0) >= request.people
    request.state = RequestState.FILLED if enough else RequestState.OPEN
    act.db.flush()


def _span(request: HelpRequest) -> tuple[datetime, datetime] | None:
    """From when to when a request is for, if it says a day and both times."""
    if request.day is None or request.starts is None or request.ends is None:
        return None
    last = request.day if request.ends > request.starts else request.day + clock.ONE_DAY
    return (
        clock.as_calendars_do(request.day, request.starts, request.zone),
        clock.as_calendars_do(last, request.ends, request.zone),
    )
