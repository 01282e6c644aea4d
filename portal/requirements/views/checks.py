"""Background checks for screeners: the queue, and one check's next step."""

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.people.models import Person
from portal.programs.scopes import one
from portal.requirements import checks
from portal.requirements.check_models import (
    OPEN_CHECKS,
    BackgroundCheck,
    CheckState,
    RequirementText,
    TextKind,
)
from portal.requirements.credentials import Paper
from portal.requirements.forms import PATH_WORDS, TEXT_WORDS, DayForm, PaperForm, PaperSignForm
from portal.requirements.models import Requirement
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import text

MOST = 200
BEFORE_ORDERING = (TextKind.DISCLOSURE, TextKind.AUTHORIZATION, TextKind.RIGHTS)
STEP_WORDS = {
    "asked": text("waiting for their signature"),
    "authorized": text("signed, ready to order"),
    "ordered": text("ordered, waiting for the result"),
    "returned": text("result received, decision needed"),
    "notice_sent": text("first notice sent, waiting period"),
    "cleared": text("cleared"),
    "turned_down": text("denied"),
    "stopped": text("stopped"),
}


def index(request: Request, form: Any = None) -> Screen:
    """The checks that are not decided, by step."""
    done = request.asked("show") == "done"
    state = BackgroundCheck.state
    rows = request.db.execute(
        checks.handled_checks(request.viewer)
        .join(Person, Person.id == BackgroundCheck.person_id)
        .join(Requirement, Requirement.id == BackgroundCheck.requirement_id)
        .with_only_columns(
            BackgroundCheck.id,
            state,
            BackgroundCheck.asked_at,
            BackgroundCheck.decide_from,
            BackgroundCheck.decided_at,
            Person.name,
            Requirement.name.label("requirement"),
            Requirement.translations,
        )
        .where(state.not_in(OPEN_CHECKS) if done else state.in_(OPEN_CHECKS))
        .order_by(BackgroundCheck.id.desc() if done else BackgroundCheck.id)
        .limit(MOST)
    ).all()
    return screen(
        "requirements/checks.html", rows=rows, steps=STEP_WORDS, done=done, today=today_of(request)
    )


def handled(request: Request, check_id: int) -> BackgroundCheck:
    """A check one handles, or NotFound."""
    return one(request.db, checks.handled_checks(request.viewer), BackgroundCheck.id == check_id)


def show(request: Request, check_id: int, form: Any = None) -> Screen:
    """One check: what was done, and what comes next."""
    check = handled(request, check_id)
    today = today_of(request)
    return screen(
        "requirements/check.html",
        check=check,
        steps=STEP_WORDS,
        words=TEXT_WORDS,
        path=PATH_WORDS[check.requirement.check_path or ""],
        texts=_texts(request, check),
        today=today,
        form=form,
        when=form_of(form, DayForm, {"day": today}).day,
        dates=form_of(form, PaperForm, {"issued_on": today}),
        signing=form_of(form, PaperSignForm),
        dated=check.requirement.validity == "dated",
    )


def _texts(request: Request, check: BackgroundCheck) -> Any:
    """The wordings the person saw and signed; before that, those to print for signing on paper."""
    if check.state == CheckState.ASKED:
        found = checks.wordings_of(request.db, check)
        return [one for kind, one in found.items() if kind in BEFORE_ORDERING]
    ids = [check.disclosure_id, check.authorization_id, check.rights_id]
    return request.db.scalars(
        select(RequirementText).where(RequirementText.id.in_([one for one in ids if one]))
    ).all()


def _back(check_id: int, words: Any) -> See:
    return See(f"/checks/{check_id}", words)


def authorize_on_paper(request: Request, form: PaperSignForm, check_id: int) -> See:
    """The signed paper is there."""
    check = handled(request, check_id)
    checks.authorize_on_paper(request.act, check, form.name.data)
    return _back(check_id, text("The signature was recorded."))


def order(request: Request, form: DayForm, check_id: int) -> See:
    """It was ordered."""
    check = handled(request, check_id)
    zone = request.settings.timezone
    checks.order(request.act, check, form.day.data, zone)
    return _back(check_id, text("The order was recorded."))


def came_back(request: Request, form: DayForm, check_id: int) -> See:
    """The answer is there."""
    check = handled(request, check_id)
    checks.came_back(request.act, check, form.day.data, today_of(request))
    return _back(check_id, text("The result was recorded."))


def clear(request: Request, form: PaperForm, check_id: int) -> See:
    """The person may serve."""
    check = handled(request, check_id)
    paper = Paper(form.issued_on.data, form.expires_on.data)
    checks.clear(request.act, check, paper)
    return _back(check_id, text("The person is cleared for service."))


def send_first_notice(request: Request, form: Any, check_id: int) -> See:
    """Send the first notice."""
    check = handled(request, check_id)
    zone = request.settings.timezone
    checks.send_first_notice(request.act, check, zone)
    return _back(check_id, text("The first notice was sent. The waiting period started."))


def turn_down(request: Request, form: Any, check_id: int) -> See:
    """Decide against the person, with the second notice."""
    check = handled(request, check_id)
    checks.turn_down(request.act, check, today_of(request))
    return _back(check_id, text("The second notice was sent."))


def stop(request: Request, form: Any, check_id: int) -> See:
    """Stop it."""
    check = handled(request, check_id)
    checks.stop(request.act, check)
    return _back(check_id, text("The check was stopped."))


def print_text(request: Request, check_id: int, text_id: int) -> Screen:
    """A wording of a check, to print for someone who signs on paper or gets letters by post."""
    check = handled(request, check_id)
    wording = request.db.get(RequirementText, text_id)
    if wording is None or wording.requirement_id != check.requirement_id:
        raise NotFound
    return screen(
        "requirements/letter.html",
        check=check,
        wording=wording,
        name=check.person.name,
        sent_on=clock.local_day(request.at, request.settings.timezone),
        answer_by=check.decide_from if wording.id == check.first_notice_id else None,
        back=f"/checks/{check_id}",
    )
