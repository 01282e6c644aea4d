"""Pages of matches: whom to ask, the client's yes, and what a volunteer may read."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.cases import candidates, matches, reading, scopes
from portal.cases.forms import AGE_WORDS, SAFETY_WORDS
from portal.cases.match_forms import (
    THEIR_ANSWERS,
    AnswerForm,
    ClientForm,
    EndForm,
    HandOffForm,
    MeetForm,
    ProposeForm,
)
from portal.cases.models import (
    FILLS,
    KNOWN,
    LOOKING,
    HelpRequest,
    Match,
    MatchEnd,
    MatchState,
    Said,
)
from portal.domain import Panel
from portal.people.models import Person
from portal.people.people import BEST_PHONE
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
        candidates=candidates.candidates(request.db, row, today) if looking else (),
        form=form,
        refused=case_match_id,
        client=form_of(form, ClientForm, {"on": today}),
        handing=form_of(form, HandOffForm),
        meeting=form_of(form, MeetForm, {"on": today}),
        ending=form_of(form, EndForm),
    )


def waiting(request: Request) -> Screen:
    """What a caseworker does next: ask a client, or tell a volunteer whom, where and how."""
    found = request.db.scalars(
        scopes.readable_matches(request.viewer)
        .where(Match.state.in_((MatchState.ACCEPTED, MatchState.AGREED)))
        .options(
            joinedload(Match.person),
            joinedload(Match.case),
            joinedload(Match.request).joinedload(HelpRequest.function),
        )
        .order_by(Match.accepted_at, Match.id)
        .limit(MOST)
    ).all()
    reading.note_listed(request)
    return screen("cases/waiting.html", matches=found, states=STATE_WORDS)


def propose(request: Request, form: ProposeForm, help_request_id: int) -> See:
    """Ask someone."""
    row = _request(request, help_request_id)
    made = matches.propose(request.act, row, form.person.data or 0, today_of(request))
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
    if match.state in FILLS:
        match = _readable(request, help_request_id, case_match_id)
    matches.end(request.act, match, MatchEnd.WITHDRAWN)
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
    matches.hand_off(request.act, match, knows=form.knows.data == "yes")
    return See(_path(help_request_id), text("The handoff was saved."))


def meet(request: Request, form: MeetForm, help_request_id: int, case_match_id: int) -> See:
    """They met."""
    match = _readable(request, help_request_id, case_match_id)
    matches.meet(request.act, match, form.on.data, today_of(request))
    return See(_path(help_request_id), text("The first meeting was saved."))


def end(request: Request, form: EndForm, help_request_id: int, case_match_id: int) -> See:
    """It ended."""
    match = _readable(request, help_request_id, case_match_id)
    matches.end(request.act, match, MatchEnd(form.end.data))
    return See(
        _path(help_request_id), text("It was ended. The volunteer reads nothing of it any longer.")
    )


def own(request: Request) -> Screen:
    """What a volunteer was asked, and whom they help."""
    return screen("cases/own.html", matches=_own(request), states=OWN_WORDS)


OWN_WORDS: dict[str, Words] = {
    MatchState.PROPOSED: text("Can you help?"),
    MatchState.ACCEPTED: text("You said yes. We ask the client next."),
    MatchState.AGREED: text("The client said yes. The caseworker will call you."),
    MatchState.HANDED_OFF: text("You know who it is, where and how."),
    MatchState.ACTIVE: text("You help here."),
}


def _own(request: Request) -> list[Match]:
    return list(
        request.db.scalars(
            scopes.own_matches(request.viewer)
            .options(joinedload(Match.request).joinedload(HelpRequest.function))
            .order_by(Match.id.desc())
            .limit(MOST)
        )
    )


def show_own(request: Request, case_match_id: int, form: Any = None) -> Screen:
    """One of one's own: what is asked for; what to know beforehand only once it was handed off."""
    match = one(request.db, scopes.own_matches(request.viewer), Match.id == case_match_id)
    knows = match.state in KNOWN
    if knows:
        reading.note_opened(request, match.case)
    phone = select(BEST_PHONE).where(Person.id == match.request.caseworker_id)
    return screen(
        "cases/own_match.html",
        row=match.request,
        match=match,
        case=match.case if knows else None,
        language=match.case.language,
        district=match.case.district,
        phone=request.db.scalar(phone) if match.state in FILLS else None,
        states=OWN_WORDS,
        ages=AGE_WORDS,
        safety=SAFETY_WORDS,
        form=form,
    )


def answer(request: Request, form: AnswerForm, case_match_id: int) -> See:
    """Say yes or no."""
    match = one(request.db, scopes.own_matches(request.viewer), Match.id == case_match_id)
    if form.said.data == "yes":
        matches.accept(request.act, match)
        return See(f"/me/matches/{case_match_id}", THANKS)
    matches.decline(request.act, match)
    return See("/me/matches", text("OK. Thank you for telling us."))


def stop(request: Request, form: Any, case_match_id: int) -> See:
    """A volunteer can't go on."""
    match = one(request.db, scopes.own_matches(request.viewer), Match.id == case_match_id)
    matches.end(request.act, match, MatchEnd.VOLUNTEER)
    return See("/me/matches", text("The caseworker was told. Thank you for your help."))


def panels(request: Request, queues: Collection[str]) -> Iterator[Panel]:
    """On Home: what one was asked, without who it is for, and how many one helps."""
    found = _own(request)
    for match in found:
        if match.state == MatchState.PROPOSED:
            yield Panel(27, "cases/_asked.html", {"match": match})
    if others := [match for match in found if match.state != MatchState.PROPOSED]:
        yield Panel(60, "cases/_helping.html", {"matches": others, "states": OWN_WORDS})
