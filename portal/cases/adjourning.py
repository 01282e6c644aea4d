"""What happens to a request after it was filled: a new date, another look, or its end."""

from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.cases import match_notices as notices
from portal.cases import matches
from portal.cases.models import KNOWN, LOOKING, HelpRequest, Match, MatchState, RequestState
from portal.commitments.commitments import free_time
from portal.commitments.kinds import MATCH
from portal.people.notify import notify
from portal.web.errors import Refused
from portal.words import text


def adjourn(
    act: Act,
    request: HelpRequest,
    day: date,
    starts: time | None,
    ends: time | None,
    today: date,
) -> list[Match]:
    """Move what was asked for once to a new date, and ask only those who had said yes.

    What the client said and the handoff stay true; who says yes need not be told again. Those who were asked
    and don't know the client yet keep the question, with its new date.
    """
    matches.lock_helpers(act.db, Match.request_id == request.id)
    request = matches.lock_request(act.db, request.id)
    _check(request, day, starts, ends, today)
    request.day, request.starts, request.ends = day, starts, ends
    if request.due_on is not None:
        request.due_on = max(request.due_on, day)
    known = _ask_again(act, request)
    if request.state == RequestState.FILLED:
        request.state = RequestState.OPEN
    act.db.flush()
    record(act, "help_request.adjourned", request)
    return known


def _ask_again(act: Act, request: HelpRequest) -> list[Match]:
    """Ask everyone who said yes whether the new date suits them; gives their matches."""
    asked = act.db.scalars(
        select(Match)
        .where(Match.request_id == request.id, Match.state != MatchState.ENDED)
        .order_by(Match.id)
        .with_for_update()
    ).all()
    again = []
    for match in asked:
        free_time(act.db, MATCH, [match.id])
        if match.state == MatchState.PROPOSED:
            continue
        match.state, match.next_due_on = MatchState.PROPOSED, None
        again.append(match)
        record(act, "match.adjourned", match)
        notify(act, notices.MOVED, match, [match.person_id])
    act.db.flush()
    return again


def _check(
    request: HelpRequest, day: date, starts: time | None, ends: time | None, today: date
) -> None:
    if request.state not in LOOKING:
        raise Refused(text("This request is closed."))
    if request.lasting:
        raise Refused(text("Only what is needed once has a date to change."))
    if day < today:
        raise Refused(fields={"day": text("Enter a day that is still ahead.")})
    if starts and ends and ends <= starts:
        raise Refused(fields={"ends": text("Enter an end time later than the start.")})
    if (day, starts, ends) == (request.day, request.starts, request.ends):
        raise Refused(fields={"day": text("This is the date it has now.")})


def look_again(act: Act, request: HelpRequest, on: date, today: date) -> None:
    """It is still needed: someone looks again on a day."""
    request = matches.lock_request(act.db, request.id)
    if request.state not in LOOKING:
        raise Refused(text("This request is closed."))
    if on <= today:
        raise Refused(fields={"on": text("Enter a day that is still ahead.")})
    request.review_on = on
    act.db.flush()
    record(act, "help_request.reviewed", request)


def finish(act: Act, request: HelpRequest) -> None:
    """What was asked for is done: someone knew the client. Twice is once."""
    matches.lock_helpers(act.db, Match.request_id == request.id)
    request = matches.lock_request(act.db, request.id)
    if request.state == RequestState.DONE:
        return
    if request.state not in LOOKING or not any_known(act.db, request.id):
        raise Refused(text("No one has helped here yet. Cancel the request, or close it as unmet."))
    matches.end_all(act, request)
    request.state, request.ended_at = RequestState.DONE, act.at
    act.db.flush()
    record(act, "help_request.done", request)


def any_known(db: Session, request_id: int) -> bool:
    """Whether someone who is matched with a request knows the client."""
    found = select(Match.id).where(Match.request_id == request_id, Match.state.in_(KNOWN))
    return db.scalar(found.limit(1)) is not None
