"""A person's own background check: the disclosure alone on a page, then the authorization, then letters."""

from typing import Any

from portal import clock
from portal.programs.scopes import one
from portal.requirements import checks
from portal.requirements.check_models import BackgroundCheck, CheckState, RequirementText, TextKind
from portal.requirements.forms import ShownForm, SignForm
from portal.requirements.scopes import own_checks
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text


def _own(request: Request, check_id: int) -> BackgroundCheck:
    return one(request.db, own_checks(request.viewer), BackgroundCheck.id == check_id)


def show_disclosure(request: Request, check_id: int, form: Any = None) -> Screen | See:
    """The disclosure, with nothing else on the page (15 U.S.C. 1681b(b)(2))."""
    check = _own(request, check_id)
    if check.state != CheckState.ASKED:
        return See(f"/me/paperwork/{check.requirement_id}")
    wording = checks.wordings_of(request.db, check)[TextKind.DISCLOSURE]
    return screen("requirements/disclosure.html", check=check, wording=wording, form=form)


def see_disclosure(request: Request, form: ShownForm, check_id: int) -> See:
    """Note that it was read; on to the authorization."""
    check = _own(request, check_id)
    checks.see_disclosure(request.act, check, form.shown.data or 0)
    return See(f"/me/checks/{check_id}/authorization")


def show_authorization(request: Request, check_id: int, form: Any = None) -> Screen | See:
    """The authorization to sign, with the summary of rights beside it."""
    check = _own(request, check_id)
    if check.state != CheckState.ASKED or check.disclosed_at is None:
        return See(f"/me/checks/{check_id}")
    return screen(
        "requirements/authorization.html",
        check=check,
        wordings=checks.wordings_of(request.db, check),
        form=form,
        signing=form_of(form, SignForm),
    )


def authorize(request: Request, form: SignForm, check_id: int) -> See:
    """Sign it."""
    check = _own(request, check_id)
    shown = checks.Wordings(form.disclosure.data or 0, form.shown.data or 0, form.rights.data)
    checks.authorize(request.act, check, shown, form.name.data)
    return See("/me/paperwork", text("You signed it. Thank you! We'll order the check now."))


def show_letter(request: Request, check_id: int, letter: str) -> Screen:
    """A notice that was sent about one's own check."""
    check = _own(request, check_id)
    ids = {"first": check.first_notice_id, "second": check.second_notice_id}
    wording = request.db.get(RequirementText, ids.get(letter) or 0)
    if wording is None:
        raise NotFound
    sent_at = check.first_notice_at if letter == "first" else check.second_notice_at
    assert sent_at
    return screen(
        "requirements/letter.html",
        check=check,
        wording=wording,
        name=check.person.name,
        sent_on=clock.local_day(sent_at, request.settings.timezone),
        answer_by=check.decide_from if letter == "first" else None,
        back=f"/me/paperwork/{check.requirement_id}",
    )
