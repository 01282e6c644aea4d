"""Pages of matches: whom to ask, the client's yes, and what a volunteer may read."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import joinedload

from portal.cases import candidates, conflicts, matches, reading, scopes
from portal.cases.conflict_models import ConflictKind
from portal.cases.match_forms import (
    CONFLICT_WORDS,
    THEIR_ANSWERS,
    AnswerForm,
    ClientForm,
    ConflictForm,
    EndForm,
    HandOffForm,
    MeetForm,
    ProposeForm,
)
from portal.cases.models import (
    LOOKING,
    HelpRequest,
    Match,
    MatchEnd,
    MatchState,
    Said,
)
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import Words, text

STATE_WORDS: dict[str, Words] = {
    MatchState.PROPOSED: text("asked, no answer yet"),
    MatchState.ACCEPTED: text("said yes: ask the client"),
    MatchState.AGREED: text("the client said yes: hand off"),
    MatchState.HANDED_OFF: text("handed off"),
    MatchState.ACTIVE: text("active"),
    MatchState.ENDED: text("ended"),
}
THANKS = text("Thank you! We'll ask the client and get back to you.")
CONFLICT_SAVED = text("It was saved. They are not asked, and see nothing of this case.")
MOST = 100


def _request(request: Request, help_request_id: int) -> HelpRequest:
    found = scopes.known_requests(request.viewer)
    return one(request.db, found, HelpRequest.id == help_request_id)


def show(
    request: Request, help_request_id: int, form: Any = None, case_match_id: int | None = None
) -> Screen:
    """Who was asked for a request and how far it is; whom to ask next."""
    row, today = _request(request, help_request_id), today_of(request)
    reading.note_seen(request, row.case_id, row.program_id)
    looking = row.state in LOOKING
    found = request.db.scalars(
        scopes.known_matches(request.viewer)
        .where(Match.request_id == row.id)
        .options(joinedload(Match.person))
        .order_by(Match.id.desc())
        .limit(MOST)
    ).all()
    return screen(
        "cases/matches.html",
        row=row,
        matches=found,
        states=STATE_WORDS,
        their_answers=THEIR_ANSWERS,
        reads=request.viewer.may_in(scopes.READ, row.program_id),
        candidates=_candidates(request, row, today) if looking else (),
        form=form,
        refused=case_match_id,
        client=form_of(form, ClientForm, {"on": today}),
        handing=form_of(form, HandOffForm),
        meeting=form_of(form, MeetForm, {"on": today}),
        ending=form_of(form, EndForm),
        kinds=CONFLICT_WORDS,
    )


def _candidates(request: Request, row: HelpRequest, today: date) -> Sequence[candidates.Candidate]:
    return candidates.candidates(request.db, row, today, request.settings)


def declare(request: Request, form: ConflictForm, help_request_id: int) -> See:
    """Say that someone must not be matched with the case."""
    row = _request(request, help_request_id)
    kind = ConflictKind(form.conflict.data)
    conflicts.declare(request.act, row.case, form.person.data or 0, kind)
    return See(_path(row.id), CONFLICT_SAVED)


def waiting(request: Request) -> Screen:
    """What a caseworker does next: ask a client, or tell a volunteer whom, where and how."""
    which = "asked" if request.asked("which") == "asked" else ""
    states = (MatchState.PROPOSED,) if which else (MatchState.ACCEPTED, MatchState.AGREED)
    found = request.db.scalars(
        scopes.readable_matches(request.viewer)
        .where(Match.state.in_(states))
        .options(
            joinedload(Match.person),
            joinedload(Match.case),
            joinedload(Match.request).joinedload(HelpRequest.function),
        )
        .order_by(Match.accepted_at, Match.id)
        .limit(MOST)
    ).all()
    reading.note_listed(request)
    return screen("cases/waiting.html", matches=found, states=STATE_WORDS, which=which)


def propose(request: Request, form: ProposeForm, help_request_id: int) -> See:
    """Ask someone."""
    row = _request(request, help_request_id)
    made = matches.propose(
        request.act, row, form.person.data or 0, today_of(request), request.settings
    )
    said = text("We asked %(name)s.", name=made.person.name)
    return See(_path(row.id), said)


def _path(help_request_id: int) -> str:
    return f"/help-requests/{help_request_id}/volunteers"


def _known(request: Request, help_request_id: int, case_match_id: int) -> Match:
    found = scopes.known_matches(request.viewer).where(Match.request_id == help_request_id)
    return one(request.db, found, Match.id == case_match_id)


def _readable(request: Request, help_request_id: int, case_match_id: int) -> Match:
    found = scopes.readable_matches(request.viewer).where(Match.request_id == help_request_id)
    return one(request.db, found, Match.id == case_match_id)


def answer_for(request: Request, form: AnswerForm, help_request_id: int, case_match_id: int) -> See:
    """Write down what a volunteer said by phone."""
    act = request.act.but(asked=form.asked.data)
    match = _known(request, help_request_id, case_match_id)
    if form.said.data == "yes":
        matches.accept(act, match)
    else:
        matches.decline(act, match)
    return See(_path(help_request_id), text("The answer was saved."))


def withdraw(request: Request, form: Any, help_request_id: int, case_match_id: int) -> See:
    """Take back what someone was asked, before the client said yes."""
    match = _known(request, help_request_id, case_match_id)
    reads = request.viewer.may_in(scopes.READ, match.program_id)
    matches.withdraw(request.act, match, also_filled=reads)
    return See(_path(help_request_id), text("They were told that they're not needed this time."))


def client_said(
    request: Request, form: ClientForm, help_request_id: int, case_match_id: int
) -> See:
    """What the client said."""
    matches.client_said(
        request.act,
        _readable(request, help_request_id, case_match_id),
        yes=form.client.data == "yes",
        on=form.on.data,
        how=Said(form.how.data),
        today=today_of(request),
    )
    return See(_path(help_request_id), text("Saved what the client said."))


def hand_off(request: Request, form: HandOffForm, help_request_id: int, case_match_id: int) -> See:
    """The volunteer was told."""
    match = _readable(request, help_request_id, case_match_id)
    matches.hand_off(request.act, match, knows=form.knows.data == "yes", settings=request.settings)
    if form.knows.data == "yes":
        return See(_path(help_request_id), text("They know each other, so the match was ended."))
    return See(_path(help_request_id), text("The handoff was saved."))


def meet(request: Request, form: MeetForm, help_request_id: int, case_match_id: int) -> See:
    """They met."""
    match = _readable(request, help_request_id, case_match_id)
    matches.meet(request.act, match, form.on.data, today_of(request), request.settings)
    return See(_path(help_request_id), text("The first meeting was saved."))


def end(request: Request, form: EndForm, help_request_id: int, case_match_id: int) -> See:
    """It ended."""
    match = _readable(request, help_request_id, case_match_id)
    matches.end(request.act, match, MatchEnd(form.end.data))
    return See(
        _path(help_request_id), text("It was ended. The volunteer reads nothing of it any longer.")
    )
