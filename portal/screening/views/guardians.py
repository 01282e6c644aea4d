"""Parents and guardians: naming them, by minors and staff; the page on which they sign; whom to call."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from portal.act import Act
from portal.domain import Panel
from portal.people.models import Person
from portal.permissions import NOBODY, Permission
from portal.programs.application_models import Application
from portal.programs.models import Program
from portal.programs.scopes import one, visible_people
from portal.recruitment.views.applying import GUARD, applied_of, as_applicant
from portal.screening import guardian_needs as needs
from portal.screening import guardians
from portal.screening.guardian_forms import GuardianForm, PaperForm, SignForm
from portal.screening.guardian_links import by_token
from portal.screening.guardian_models import GuardianRequest, GuardianState
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.paging import Listing
from portal.web.request import Request, today_of
from portal.words import text

STATE_WORDS = {
    GuardianState.ASKED: text("asked"),
    GuardianState.SIGNED: text("signed"),
    GuardianState.REFUSED: text("doesn't agree"),
}
DECIDES = Permission.PLACEMENTS_DECIDE
NAMED = text("Thank you! We'll ask them.")
REMOVED = text("The name was removed.")


def panel(request: Request, application: Application, form: Any, base: str) -> Iterator[Panel]:
    """Whom a minor named for the program they apply to, and the form to name someone."""
    path = f"{base}/guardian"
    if base.startswith("/me/"):
        path = f"/me/guardian/{application.program_id}"
    yield from _panel(request, application, form, path, staff=False)


def staff_panel(
    request: Request, application: Application, form: Any, base: str
) -> Iterator[Panel]:
    """The same for staff, who work on it on the person's own page."""
    path = f"/people/{application.person_id}/guardian"
    yield from _panel(request, application, None, f"{path}/{application.program_id}", staff=True)


def _panel(
    request: Request, application: Application, form: Any, path: str, *, staff: bool
) -> Iterator[Panel]:
    if application.person is None or not needs.is_minor(application.person, today_of(request)):
        return
    found = needs.wanted_in(
        request.db, application.person, application.program_id, today_of(request)
    )
    if found is not None:
        yield Panel(18, "screening/_guardian.html", _facts(request, found, form, path, staff=staff))


def _facts(
    request: Request, found: needs.Wanted, form: Any, path: str, *, staff: bool = False
) -> dict[str, Any]:
    return {
        "staff": staff,
        "wanted": found,
        "words": STATE_WORDS,
        "naming": form_of(form if request.url.path == path else None, GuardianForm).apart(
            f"guardian{found.program.id}"
        ),
        "path": path,
        "today": today_of(request),
    }


def person_panel(request: Request, person_id: int) -> Iterator[Panel]:
    """That someone is a minor, for staff who decide on the roles of their programs."""
    person = request.db.get_one(Person, person_id)
    today = today_of(request)
    if not needs.is_minor(person, today) or not request.viewer.may(DECIDES):
        return
    found = needs.wanted_of(request.db, person, today)
    facts = {
        "person": person,
        "found": [one_ for one_ in found if request.viewer.may_in(DECIDES, one_.program.id)],
    }
    yield Panel(35, "screening/_minor.html", facts)


def guard(request: Request, form: GuardianForm, **ids: Any) -> None:
    """Hold floods off: each name is a mail."""
    GUARD.spend(request, form.email.data)


def _name(request: Request, act: Act, person: Person | None, program_id: int, form: Any) -> None:
    if person is None:
        raise NotFound
    guardians.name_guardian(act, person, program_id, form.values, request.settings)


def _end(
    request: Request, act: Act, person_id: int | None, program_id: int, consent_id: int
) -> None:
    row = request.db.get(GuardianRequest, consent_id)
    if row is None or (row.person_id, row.program_id) != (person_id, program_id):
        raise NotFound
    guardians.take_back(act, row)


def add(request: Request, form: GuardianForm, token: str) -> See:
    """Name someone, by the link of one's application."""
    found = applied_of(request, token)
    _name(request, as_applicant(request, found), found.person, found.program_id, form)
    return See(f"/applied/{token}", NAMED)


def end(request: Request, form: Any, token: str, consent_id: int) -> See:
    """Take a name back."""
    found = applied_of(request, token)
    _end(request, as_applicant(request, found), found.person_id, found.program_id, consent_id)
    return See(f"/applied/{token}", REMOVED)


def _me(request: Request) -> Person:
    return request.db.get_one(Person, request.viewer.person_id)


def show_own(request: Request, form: Any = None) -> Screen:
    """Whom one named, program by program."""
    person = _me(request)
    found = needs.wanted_of(request.db, person, today_of(request))
    facts = [_facts(request, one_, form, f"/me/guardian/{one_.program.id}") for one_ in found]
    return screen("screening/own_guardian.html", person=person, found=facts, problem=form)


def add_own(request: Request, form: GuardianForm, program_id: int) -> See:
    """Name someone, signed in."""
    _name(request, request.act, _me(request), program_id, form)
    return See("/me/guardian", NAMED)


def end_own(request: Request, form: Any, program_id: int, consent_id: int) -> See:
    """Take a name back, signed in."""
    _end(request, request.act, request.viewer.person_id, program_id, consent_id)
    return See("/me/guardian", REMOVED)


def _theirs(request: Request, person_id: int) -> Person:
    return one(request.db, visible_people(request.viewer), Person.id == person_id)


def show_person(request: Request, person_id: int, form: Any = None) -> Screen:
    """The same for staff, of the programs whose roles they decide on; a signed paper is entered here."""
    person, today = _theirs(request, person_id), today_of(request)
    found = [
        _facts(request, one_, form, f"/people/{person.id}/guardian/{one_.program.id}", staff=True)
        for one_ in needs.wanted_of(request.db, person, today)
        if request.viewer.may_in(DECIDES, one_.program.id)
    ]
    return screen(
        "screening/person_guardian.html",
        person=person,
        found=found,
        minor=needs.is_minor(person, today),
        writing={
            row.id: form_of(
                form
                if request.url.path == f"/people/{person.id}/guardian/{row.id}/paper"
                else None,
                PaperForm,
                {"signed_on": today},
            ).apart(f"paper{row.id}")
            for facts in found
            for row in facts["wanted"].rows
        },
        problem=form,
    )


def _decides(request: Request, program_id: int) -> None:
    if not request.viewer.may_in(DECIDES, program_id):
        raise NotFound


def add_for_them(request: Request, form: GuardianForm, person_id: int, program_id: int) -> See:
    """Name someone as the minor said on the phone."""
    person = _theirs(request, person_id)
    _decides(request, program_id)
    _name(request, request.act.but(asked="phone"), person, program_id, form)
    return See(f"/people/{person_id}/guardian", text("The name was added. We'll ask them."))


def _asked(request: Request, person_id: int, consent_id: int) -> GuardianRequest:
    scope = guardians.visible_requests(request.viewer)
    found = one(request.db, scope, GuardianRequest.id == consent_id)
    _theirs(request, person_id)
    if found.person_id != person_id:
        raise NotFound
    return found


def write(request: Request, form: PaperForm, person_id: int, consent_id: int) -> See:
    """Enter what someone signed on paper."""
    row = _asked(request, person_id, consent_id)
    guardians.sign(request.act, row, form.values, request.settings, signed_on=form.signed_on.data)
    return See(f"/people/{person_id}/guardian", text("The consent was saved."))


def refuse_for_them(request: Request, form: Any, person_id: int, consent_id: int) -> See:
    """They told staff that they don't agree, or not any more."""
    row = _asked(request, person_id, consent_id)
    guardians.refuse(request.act.but(asked="phone"), row, request.settings)
    return See(f"/people/{person_id}/guardian", text("Saved: they don't agree."))


def _by_link(request: Request, token: str) -> GuardianRequest:
    row = by_token(request.db, token, request.at)
    request.read_by(row.language)
    return row


def show(request: Request, token: str, form: Any = None) -> Screen:
    """Who would like to volunteer, in what, and what a parent or guardian signs."""
    row = _by_link(request, token)
    today, program = today_of(request), row.program
    person = row.person
    minor = needs.is_minor(person, today)
    return screen(
        "screening/sign.html",
        row=row,
        program=None if program.sensitive else program,
        roles=[] if program.sensitive else guardians.roles_of(request.db, row),
        minor=minor,
        until=guardians.last_day(person, today) if minor else None,
        form=form if isinstance(form, SignForm) else SignForm(),
        problem=form,
        path=f"/guardian/{token}",
    )


def sign(request: Request, form: SignForm, token: str) -> See:
    """Sign for a minor."""
    row = _by_link(request, token)
    guardians.sign(request.act.but(by=NOBODY), row, form.values, request.settings)
    return See(f"/guardian/{token}", text("Thank you! You signed."))


def refuse(request: Request, form: Any, token: str) -> See:
    """Not agree, or not any more."""
    guardians.refuse(request.act.but(by=NOBODY), _by_link(request, token), request.settings)
    return See(f"/guardian/{token}", text("Thank you for telling us."))


class Line(NamedTuple):
    """Someone to call, as the list prints them."""

    id: int
    name: str
    phone: str
    asked_at: datetime
    person_id: int
    about: str
    program: str
    translations: Any


LISTING = Listing(Line, (GuardianRequest.asked_at, GuardianRequest.id))


def list_to_call(request: Request) -> Screen:
    """Whom to call about a consent."""
    query: Any = (
        guardians.to_call(request.viewer, request.at)
        .join(Person, Person.id == GuardianRequest.person_id)
        .join(Program, Program.id == GuardianRequest.program_id)
        .with_only_columns(
            GuardianRequest.id,
            GuardianRequest.name,
            GuardianRequest.phone,
            GuardianRequest.asked_at,
            GuardianRequest.person_id,
            Person.name.label("about"),
            Program.name.label("program"),
            Program.translations,
        )
    )
    page = LISTING.page(request.db, query, request.asked("after"))
    return screen("screening/guardians.html", page=page)
