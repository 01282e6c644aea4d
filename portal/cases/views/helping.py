"""Pages of a volunteer's own matches: what is asked, what to know, and what they tell about their visits."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload
from starlette.responses import Response

from portal.agency.settings import stored
from portal.cases import (
    conflicts,
    contacts,
    follow_ups,
    letters,
    matches,
    reading,
    reviews,
    scopes,
    story,
)
from portal.cases.conflict_models import ConflictKind
from portal.cases.contact_forms import (
    KIND_WORDS,
    MEDIUM_WORDS,
    TOPIC_WORDS,
    ContactForm,
    DraftForm,
    LetterForm,
    ReviewForm,
)
from portal.cases.contact_models import Side, Went
from portal.cases.forms import AGE_WORDS, SAFETY_WORDS, WAY_WORDS
from portal.cases.match_forms import AnswerForm
from portal.cases.models import FILLS, KNOWN, HelpRequest, Match, MatchEnd, MatchState
from portal.cases.settings import OWN_NOTES
from portal.cases.views import inside
from portal.domain import Panel
from portal.people.models import Person
from portal.people.people import BEST_PHONE
from portal.programs.scopes import one
from portal.reads import read
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.request import Request, today_of
from portal.words import Words, text

THANKS = text("Thank you! We'll ask the client and get back to you.")
CONTACT_SAVED = text("The visit was saved. Thank you!")
MOST = 100


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


def _with_function(found: Select[Match]) -> Select[Match]:
    """With what each is about, the latest first."""
    wanted = joinedload(Match.request).joinedload(HelpRequest.function)
    return found.options(wanted).order_by(Match.id.desc())


def _own(request: Request) -> list[Match]:
    found = _with_function(scopes.own_matches(request.viewer)).limit(MOST)
    return list(request.db.scalars(found))


def _mine(request: Request, case_match_id: int) -> Match:
    return one(request.db, scopes.own_matches(request.viewer), Match.id == case_match_id)


def _known(request: Request, case_match_id: int) -> Match:
    """One of one's own of which one knows who it is about."""
    match = _mine(request, case_match_id)
    if match.state not in KNOWN:
        raise NotFound
    return match


def show_own(request: Request, case_match_id: int, form: Any = None) -> Screen:
    """One of one's own: what is asked for; what to know beforehand only once it was handed off."""
    match = _mine(request, case_match_id)
    knows = match.state in KNOWN
    if knows:
        inside.note_read(request, match)
    else:
        reading.note_seen(request, match.case_id, match.program_id)
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
        ways=WAY_WORDS,
        form=form,
        **(inside.inside(request, match, form) if knows else {}),
    )


def answer(request: Request, form: AnswerForm, case_match_id: int) -> See:
    """Say yes or no."""
    match = _mine(request, case_match_id)
    if form.said.data == "yes":
        matches.accept(request.act, match)
        return See(f"/me/matches/{case_match_id}", THANKS)
    matches.decline(request.act, match)
    return See("/me/matches", text("OK. Thank you for telling us."))


def stop(request: Request, form: Any, case_match_id: int) -> See:
    """A volunteer can't go on."""
    match = _mine(request, case_match_id)
    matches.end(request.act, match, MatchEnd.VOLUNTEER)
    return See("/me/matches", text("The caseworker was told. Thank you for your help."))


def own_conflict(request: Request, form: Any, case_match_id: int) -> See:
    """A volunteer finds, once they know who it is, that they shouldn't help here."""
    match = _known(request, case_match_id)
    conflicts.declare(
        request.act, match.case, match.person_id, ConflictKind.OTHER, MatchEnd.VOLUNTEER
    )
    return See("/me/matches", text("OK. Someone else is looked for. No reason is kept."))


def new_contact(request: Request, case_match_id: int, form: Any = None) -> Screen:
    """Tell about a visit or call; what was typed before is there again."""
    match = _known(request, case_match_id)
    return inside.contact_screen(request, match, form, f"/me/matches/{match.id}")


def enter_contact(request: Request, form: ContactForm, case_match_id: int) -> See:
    """Save it."""
    match = _known(request, case_match_id)
    contacts.enter(request.act, match, form.told, today_of(request), request.settings)
    return See(f"/me/matches/{case_match_id}", CONTACT_SAVED)


def keep_draft(request: Request, form: DraftForm, case_match_id: int) -> Response:
    """Keep what is typed, while it is typed."""
    contacts.keep_draft(request.act, _known(request, case_match_id), form.typed)
    return Response(status_code=204)


def strike_contact(request: Request, form: Any, case_match_id: int, visit_id: int) -> See:
    """Take one back that was entered by mistake."""
    row = inside.contact_of(request, _known(request, case_match_id), visit_id)
    contacts.strike(request.act, row, request.settings)
    return See(f"/me/matches/{case_match_id}", text("It was removed, and its hours too."))


def finish_follow_up(request: Request, form: Any, case_match_id: int, to_do_id: int) -> See:
    """It is done."""
    match = _known(request, case_match_id)
    follow_ups.finish(request.act, inside.follow_up_of(request, match, to_do_id))
    return See(f"/me/matches/{case_match_id}", text("Done. Thank you!"))


def write_letter(request: Request, form: LetterForm, case_match_id: int) -> See:
    """Write to the caseworker and the supervisor."""
    match = _known(request, case_match_id)
    letters.write(request.act, match, form.words.data, today_of(request), sure=form.sure.data)
    return See(f"/me/matches/{case_match_id}", text("Your message was sent."))


def own_contacts(request: Request) -> Screen:
    """One's own visits and calls."""
    reading.note_listed(request)
    programs = select(Match.program_id).where(Match.person_id == request.viewer.person_id)
    ids = request.db.scalars(programs.distinct()).all()
    kept = stored(request.db, [OWN_NOTES], ids)
    stay = [number for number in ids if kept[number][OWN_NOTES.name]]
    return screen(
        "cases/own_contacts.html",
        contacts=read(request.db, story.ContactLine, story.own_contacts(request.viewer, stay)),
        contact_kinds=KIND_WORDS,
        media=MEDIUM_WORDS,
        topics=TOPIC_WORDS,
    )


def review(request: Request, form: ReviewForm, case_match_id: int) -> See:
    """How it went, once it is over."""
    found = reviews.own_unanswered(request.viewer)
    match = one(request.db, found, Match.id == case_match_id)
    again = form.again.data == "yes"
    reviews.answer(request.act, match, Side.VOLUNTEER, Went(form.went.data), again=again)
    return See("/me/matches", text("Thank you for telling us."))


def show_review(request: Request, case_match_id: int, form: Any = None) -> Screen:
    """The two questions of one's own match that is over; nothing else of it can be read any more."""
    found = reviews.own_unanswered(request.viewer)
    match = one(request.db, found, Match.id == case_match_id)
    return screen("cases/review.html", match=match, form=form or ReviewForm())


def panels(request: Request, queues: Collection[str]) -> Iterator[Panel]:
    """On Home: what one was asked, without who it is for, how many one helps, and how it went."""
    found = request.db.scalars(
        _with_function(reviews.current_or_unanswered(request.viewer)).limit(MOST)
    ).all()
    others = []
    for match in found:
        if match.state == MatchState.PROPOSED:
            yield Panel(27, "cases/_asked.html", {"match": match})
        elif match.state == MatchState.ENDED:
            yield Panel(62, "cases/_review.html", {"match": match})
        else:
            others.append(match)
    if others:
        yield Panel(60, "cases/_helping.html", {"matches": others, "states": OWN_WORDS})
