"""Requests for a volunteer: asking, withdrawing, and saying that no one was found."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.act import Act
from portal.audit.log import record
from portal.cases import matches
from portal.cases.cases import check_caseworker, refuse_closed, refuse_ended, refuse_identifiers
from portal.cases.models import (
    LOOKING,
    Case,
    HelpFunction,
    HelpRequest,
    Match,
    RequestState,
    Unmet,
)
from portal.web.errors import Refused
from portal.words import text

COLUMNS = (
    "people", "lasting", "day", "starts", "ends", "zone", "times", "every_days", "review_on", "due_on",
)  # fmt: skip


def ask(
    act: Act,
    case: Case,
    function_id: int,
    caseworker_id: int,
    values: Mapping[str, Any],
    today: date,
) -> HelpRequest:
    """Ask for volunteers for a case. A coordinator does it for the caseworker who `caseworker_id` says."""
    act.db.refresh(case, with_for_update=True)  # it may be closed at this moment
    refuse_ended(case)
    refuse_closed(case.program)
    function = act.db.get(HelpFunction, function_id)
    if function is None or function.program_id != case.program_id or function.closed_at:
        raise Refused(fields={"function": text("Select what is needed.")})
    check_caseworker(act.db, case.program_id, caseworker_id, case_id=case.id)
    _check(act, case.program_id, values, today)
    given = {name: values[name] for name in COLUMNS}
    if given["due_on"] is None and function.due_days:
        given["due_on"] = today + timedelta(days=function.due_days)
    if given["day"] and given["due_on"]:
        given["due_on"] = min(given["day"], given["due_on"])
    request = HelpRequest(
        case_id=case.id,
        program_id=case.program_id,
        function_id=function.id,
        state=RequestState.OPEN,
        caseworker_id=caseworker_id,
        asked=act.asked,
        since=act.at,
        **given,
    )
    act.db.add(request)
    act.db.flush()
    record(act, "help_request.added", request, "sure" if values.get("sure") else None)
    return request


def _check(act: Act, program_id: int, values: Mapping[str, Any], today: date) -> None:
    refuse_identifiers(
        act.db, program_id, {"times": values["times"]}, sure=bool(values.get("sure"))
    )
    if not values["lasting"] and values["day"] is None:
        raise Refused(
            fields={"day": text("Enter the day, or say that it is needed again and again.")}
        )
    if values["starts"] and values["ends"] and values["ends"] <= values["starts"]:
        raise Refused(fields={"ends": text("Enter an end time later than the start.")})
    for name in ("day", "review_on", "due_on"):
        if values[name] is not None and values[name] < today:
            raise Refused(fields={name: text("Enter a day that is still ahead.")})


def withdraw(act: Act, request: HelpRequest) -> None:
    """No one is needed any more. Twice is once."""
    _end(act, request, RequestState.WITHDRAWN)


def give_up(act: Act, request: HelpRequest, reason: Unmet) -> None:
    """Say that no one was found, and why: the report counts it."""
    _end(act, request, RequestState.UNMET, reason)


def _end(act: Act, request: HelpRequest, state: RequestState, unmet: Unmet | None = None) -> None:
    matches.lock_helpers(act.db, Match.request_id == request.id)
    act.db.refresh(request, with_for_update=True)
    if request.state == state:
        return
    if request.state not in LOOKING:
        raise Refused(text("This request is closed."))
    matches.end_all(act, request)
    request.state, request.unmet, request.ended_at = state, unmet, act.at
    act.db.flush()
    record(act, f"help_request.{state}", request, unmet)
