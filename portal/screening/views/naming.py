"""Naming people who say a word about an applicant: by themselves, or as staff heard it."""

from collections.abc import Iterator
from typing import Any

from portal.domain import Panel
from portal.programs.application_models import Application
from portal.recruitment.views.application import application_of
from portal.recruitment.views.applying import GUARD, applied_of, as_applicant
from portal.recruitment.views.own import own_application
from portal.screening import references
from portal.screening.forms import NameForm
from portal.screening.models import Reference, ReferenceState
from portal.web.answers import See
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import text

STATE_WORDS = {
    ReferenceState.ASKED: text("asked"),
    ReferenceState.ANSWERED: text("received"),
    ReferenceState.CANNOT: text("can't give one"),
}
NAMED = text("Thank you! We'll ask them.")


def panel(request: Request, application: Application, form: Any, base: str) -> Iterator[Panel]:
    """Whom an applicant named, and the form to name someone, while their role asks for it."""
    rows = references.of_application(request.db, application.id)
    asked = references.may_name(request.db, application, today_of(request))
    if not rows and not asked:
        return
    facts = {
        "rows": rows,
        "counting": len(references.counting(rows)),
        "asked": asked,
        "needed": references.needed(request.db, application, request.settings),
        "words": STATE_WORDS,
        "naming": form_of(form, NameForm).apart("reference"),
        "base": base,
    }
    yield Panel(20, "screening/_naming.html", facts)


def staff_panel(
    request: Request, application: Application, form: Any, base: str
) -> Iterator[Panel]:
    """The same for staff, who may name someone for an applicant on the phone."""
    for one in panel(request, application, form, base):
        yield Panel(one.rank, "screening/_named.html", one.facts)


def guard(request: Request, form: NameForm, **ids: Any) -> None:
    """Hold floods off: each name is a mail."""
    GUARD.spend(request, form.email.data)


def _end(request: Request, application: Application, reference_id: int, act: Any) -> None:
    row = request.db.get(Reference, reference_id)
    if row is None or row.application_id != application.id:
        raise NotFound
    references.take_back(act, row)


def add(request: Request, form: NameForm, token: str) -> See:
    """Name someone, by the link of one's application."""
    found = applied_of(request, token)
    act = as_applicant(request, found)
    references.name_reference(act, found, form.values, request.settings)
    return See(f"/applied/{token}", NAMED)


def end(request: Request, form: Any, token: str, reference_id: int) -> See:
    """Take a name back."""
    found = applied_of(request, token)
    _end(request, found, reference_id, as_applicant(request, found))
    return See(f"/applied/{token}", text("The name was removed."))


def add_own(request: Request, form: NameForm, application_id: int) -> See:
    """Name someone, signed in."""
    found = own_application(request, application_id)
    references.name_reference(request.act, found, form.values, request.settings)
    return See(f"/me/applications/{application_id}", NAMED)


def end_own(request: Request, form: Any, application_id: int, reference_id: int) -> See:
    """Take a name back, signed in."""
    _end(request, own_application(request, application_id), reference_id, request.act)
    return See(f"/me/applications/{application_id}", text("The name was removed."))


def add_for_them(request: Request, form: NameForm, application_id: int) -> See:
    """Name someone as the applicant said on the phone."""
    found = application_of(request, application_id)
    act = request.act.but(asked="phone")
    references.name_reference(act, found, form.values, request.settings)
    return See(f"/applications/{application_id}", text("The name was added. We'll ask them."))
