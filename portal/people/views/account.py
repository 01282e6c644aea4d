"""One's own account: details, password, and the invitation that starts it."""

from typing import Any

from portal import clock
from portal.people import identities, limits, passwords
from portal.people.forms import ChangePasswordForm, DetailsForm, NewPasswordForm
from portal.people.models import Person
from portal.people.people import edit_person, person_values
from portal.people.supervisors import own_supervisors
from portal.people.views.sessions import TOO_OFTEN, signed_in
from portal.web.errors import NotFound, Refused
from portal.web.page import Screen, See, screen
from portal.web.request import Request
from portal.web.words import text


def me(request: Request) -> Person:
    """The signed-in person's own record."""
    person = request.db.get(Person, request.viewer.person_id)
    if person is None:
        raise NotFound
    return person


def edit_details(request: Request, form: DetailsForm | None = None) -> Screen:
    """One's own details."""
    person = me(request)
    form = form or DetailsForm(data=person_values(person))
    today = clock.local_day(request.at, request.settings.timezone)
    return screen(
        "people/details.html",
        form=form,
        supervisors=own_supervisors(request.db, person.id, today),
    )


def update_details(request: Request, form: DetailsForm) -> See:
    """Mend one's own details."""
    edit_person(request.db, request.viewer, me(request), form.values, form.version.data, request.at)
    return See("/me", text("Your details are saved."))


def edit_password(request: Request, form: ChangePasswordForm | None = None) -> Screen:
    """Change one's password."""
    return screen("people/password.html", form=form or ChangePasswordForm())


def prove_old_password(request: Request, form: ChangePasswordForm) -> str:
    """Check the old password and hash the new one, before anything is written."""
    database, bucket = request.portal.database, f"password:{request.viewer.person_id}"
    with database.writing() as db:
        allowed = limits.spend(db, {bucket: limits.PER_ACCOUNT}, request.at)
    with database.reading() as db:
        request.db = db
        person = me(request)
        stored = identities.stored_hash(db, person.id)
    if not allowed:
        raise Refused(TOO_OFTEN)
    if not passwords.verify(form.old_password.data, stored):
        raise Refused(fields={"old_password": text("This is not your password. Please try again.")})
    return strong_hash(request, form.password.data, person)


def update_password(request: Request, form: ChangePasswordForm) -> See:
    """Set the new password; other browsers are signed out."""
    identities.change_password(request.db, request.viewer, request.prepared, request.at)
    return See("/me", text("Your password is changed. Your other browsers are signed out."))


def show_invitation(request: Request, token: str, form: NewPasswordForm | None = None) -> Screen:
    """Where an invited person sets a password. Opening the page uses nothing up (SECURITY A6)."""
    person = identities.invited(request.db, token, request.at)
    context: dict[str, Any] = {"person": person, "token": token}
    return screen("people/invitation.html", form=form or NewPasswordForm(), **context)


def hash_invited(request: Request, form: NewPasswordForm, token: str) -> str:
    """Check and hash the password of an invited person."""
    with request.portal.database.reading() as db:
        person = identities.invited(db, token, request.at)
    return strong_hash(request, form.password.data, person)


def accept_invitation(request: Request, form: NewPasswordForm, token: str) -> See:
    """Set the password and sign in."""
    person = identities.accept_invitation(request.db, token, request.prepared, request.at)
    return signed_in(request, person.id, "/me")


def strong_hash(request: Request, password: str, person: Person) -> str:
    """The hash of a new password. Refuses a weak one beside its field."""
    about = [person.name, person.goes_by, person.email.replace("@", " ").replace(".", " ")]
    about += [request.settings.agency_name, "volunteer portal password"]
    if weak := passwords.weakness(password, about):
        raise Refused(fields={"password": weak})
    return passwords.hash_password(password)
