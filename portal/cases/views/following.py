"""Pages of matches for those who follow them: caseworkers, and supervisors of the volunteers."""

from typing import Any

from starlette.responses import Response

from portal.act import Act
from portal.cases import contacts, follow_ups, letters, reading, reviews, scopes, story
from portal.cases.contact_forms import ContactForm, DraftForm, FollowUpForm, LetterForm, ReviewForm
from portal.cases.contact_models import MatchReview, Side, Went
from portal.cases.forms import AGE_WORDS, SAFETY_WORDS, WAY_WORDS
from portal.cases.models import KNOWN, Match, MatchState
from portal.cases.views import inside
from portal.cases.views.matching import STATE_WORDS
from portal.permissions import Permission
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import Words, text

WHICH_WORDS: dict[str, Words] = {
    "": text("All"),
    "overdue": text("Overdue"),
    "to-do": text("To do today"),
    "messages": text("Messages"),
    "visits": text("Visits to read"),
}


def index(request: Request) -> Screen:
    """Whom volunteers help now, overdue ones first."""
    reading.note_listed(request)
    which = request.asked("which")
    today = today_of(request)
    return screen(
        "cases/following.html",
        matches=story.matches(request.db, request.viewer, which, today),
        which=which if which in WHICH_WORDS else "",
        whiches=WHICH_WORDS,
        emergency=request.viewer.may(Permission.CASES_EMERGENCY),
        states=STATE_WORDS,
        today=today,
    )


def _followed(request: Request, case_match_id: int) -> Match:
    return one(request.db, scopes.followed_matches(request.viewer), Match.id == case_match_id)


def show(request: Request, case_match_id: int, form: Any = None) -> Screen:
    """One of them whole. Opening it is noted before it is shown."""
    match = _followed(request, case_match_id)
    inside.note_read(request, match)
    ended = match.state == MatchState.ENDED
    told = request.db.get(MatchReview, (match.id, Side.CLIENT)) if ended else None
    return screen(
        "cases/followed.html",
        match=match,
        row=match.request,
        case=match.case,
        reads=request.viewer.may_in(scopes.READ, match.program_id),
        going_on=match.state in KNOWN,
        states=STATE_WORDS,
        ages=AGE_WORDS,
        safety=SAFETY_WORDS,
        ways=WAY_WORDS,
        form=form,
        adding=form_of(form, FollowUpForm),
        reviewing=form_of(form, ReviewForm) if ended and told is None else None,
        **inside.inside(request, match, form),
    )


def _page(case_match_id: int) -> str:
    return f"/matches/{case_match_id}"


def new_contact(request: Request, case_match_id: int, form: Any = None) -> Screen:
    """Enter a visit or call for a volunteer who phones."""
    match = _followed(request, case_match_id)
    return inside.contact_screen(request, match, form, _page(match.id))


def enter_contact(request: Request, form: ContactForm, case_match_id: int) -> See:
    """Save it."""
    match = _followed(request, case_match_id)
    act: Act = request.act.but(asked=form.asked.data)
    contacts.enter(act, match, form.told, today_of(request), request.settings)
    return See(_page(case_match_id), text("The visit was saved."))


def keep_draft(request: Request, form: DraftForm, case_match_id: int) -> Response:
    """Keep what is typed, while it is typed."""
    contacts.keep_draft(request.act, _followed(request, case_match_id), form.typed)
    return Response(status_code=204)


def note_contact_seen(request: Request, form: Any, case_match_id: int, visit_id: int) -> See:
    """Note that one was read."""
    match = _followed(request, case_match_id)
    contacts.note_seen(request.act, inside.contact_of(request, match, visit_id))
    return See(_page(case_match_id), text("Marked as read."))


def strike_contact(request: Request, form: Any, case_match_id: int, visit_id: int) -> See:
    """Take one back that was entered by mistake."""
    row = inside.contact_of(request, _followed(request, case_match_id), visit_id)
    contacts.strike(request.act, row, request.settings)
    return See(_page(case_match_id), text("It was removed, and its hours too."))


def add_follow_up(request: Request, form: FollowUpForm, case_match_id: int) -> See:
    """Something to do by a day."""
    match = _followed(request, case_match_id)
    follow_ups.add(
        request.act,
        match,
        form.follow_up.data,
        form.due_on.data,
        today_of(request),
        sure=form.sure.data,
    )
    return See(_page(case_match_id), text("It was added."))


def finish_follow_up(request: Request, form: Any, case_match_id: int, to_do_id: int) -> See:
    """It is done."""
    match = _followed(request, case_match_id)
    follow_ups.finish(request.act, inside.follow_up_of(request, match, to_do_id))
    return See(_page(case_match_id), text("Marked as done."))


def write_letter(request: Request, form: LetterForm, case_match_id: int) -> See:
    """Write to the volunteer and the others."""
    match = _followed(request, case_match_id)
    letters.write(request.act, match, form.words.data, today_of(request), sure=form.sure.data)
    return See(_page(case_match_id), text("Your message was sent."))


def review(request: Request, form: ReviewForm, case_match_id: int) -> See:
    """What the client says of it, once it is over."""
    match = _followed(request, case_match_id)
    again = form.again.data == "yes"
    reviews.answer(request.act, match, Side.CLIENT, Went(form.went.data), again=again)
    return See(_page(case_match_id), text("The answer was saved."))
