"""One's own account: details, password, and the invitation that starts it."""

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.people import addresses, identities, limits, passwords, proofs
from portal.people.forms import (
    ChangePasswordForm,
    ConfirmEmailForm,
    DetailsForm,
    EmailForm,
    NewPasswordForm,
)
from portal.people.models import Person
from portal.people.people import edit_person, person_values
from portal.people.proofs import Purpose
from portal.people.sessions import is_fresh
from portal.people.supervisors import own_supervisors
from portal.people.views.sessions import (
    TOO_OFTEN,
    ask_second_step,
    asks_second_step,
    place_of,
    signed_in,
)
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text


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
        email=person.email,
        supervisors=own_supervisors(request.db, person.id, today),
    )


def update_details(request: Request, form: DetailsForm) -> See:
    """Mend one's own details."""
    edit_person(request.act, me(request), form.values, form.version.data)
    return See("/me", text("Your profile was saved."))


def edit_email(request: Request, form: Any = None) -> Screen:
    """One's own email address: changing it, confirming it, and what the office noted."""
    person, db = me(request), request.db
    confirming = form if type(form) is ConfirmEmailForm else ConfirmEmailForm()
    confirming.password.id = "password-confirming"  # the page may show two
    return screen(
        "people/email.html",
        person=person,
        form=form_of(form, EmailForm),
        confirming=confirming,
        proposal=addresses.proposed(db, person.id),
        proved=addresses.is_proved(db, person.id, person.email),
        fresh=is_fresh(db, request.viewer, request.at),
        has_password=identities.stored_hash(db, person.id) is not None,
    )


def may_mail_code(request: Request, form: Any) -> None:
    """Count a code to an address that someone signed in names; a few in a while, and so many a day."""
    own, network = f"codes:{request.viewer.person_id}", f"codes:{place_of(request).network}"[:80]
    with request.portal.database.writing() as db:
        allowed = limits.spend(db, {own: 5, network: 30}, request.at)
        allowed &= limits.spend(db, {f"{own}:day": 20}, request.at, limits.DAY_SECONDS)
    if not allowed:
        raise Refused(TOO_OFTEN)


def prove_it_is_them(request: Request, form: ConfirmEmailForm) -> None:
    """Let go on who signed in just now, or types the right password (SECURITY A9)."""
    may_mail_code(request, form)
    with request.portal.database.reading() as db:
        if is_fresh(db, request.viewer, request.at):
            return
    if not form.password.data:
        raise Refused(fields={"password": text("Enter your password, or sign in again first.")})
    check_own_password(request, form.password.data, "password")


def change_email(request: Request, form: EmailForm) -> See:
    """Email a code to the new address; it takes effect when the code is typed."""
    return _mail_code(request, form.email.data)


def confirm_proposal(request: Request, form: ConfirmEmailForm) -> See:
    """Email a code to the address that the office noted, to put it into effect."""
    found = addresses.proposed(request.db, me(request).id)
    if found is None:
        raise NotFound
    return _mail_code(request, found.address)


def confirm_email(request: Request, form: Any) -> See:
    """Email a code to the address one has, to show that one reads it."""
    person = me(request)
    if not person.email:
        raise NotFound
    return _mail_code(request, person.email)


def _mail_code(request: Request, address: str) -> See:
    person = me(request)
    digits = 8 if request.viewer.staff else 6
    proofs.ask_proof(
        request.db,
        Purpose.CHANGE,
        address,
        request.binding,
        {"person": person.id},
        request.language,
        request.at,
        digits=digits,
    )
    return See("/session/code", text("We emailed a code to %(address)s.", address=address))


def decline_proposal(request: Request, form: Any) -> See:
    """Say that the address which the office noted is not one's own."""
    addresses.decline_proposal(request.act, me(request))
    return See("/me/email", text("The address was removed. We still use your current one."))


def show_stop(request: Request, token: str, form: Any = None) -> Screen:
    """What the link in the email to the old address opens. Opening it changes nothing (SECURITY A6)."""
    change = addresses.stoppable(request.db, token, request.at)
    theirs = select(Person.language).where(Person.id == change.person_id)
    request.read_by(request.db.scalars(theirs).one())
    return screen("people/email_stop.html", token=token, form=form)


def stop_change(request: Request, form: Any, token: str) -> See:
    """Bring the old address back."""
    addresses.stop_change(request.db, token, request.at)
    return See(
        "/session/new",
        text(
            "The change was stopped, and everyone was signed out. Your password may have "
            "been changed: press “Forgot your password?” to set a new one."
        ),
    )


def edit_password(request: Request, form: ChangePasswordForm | None = None) -> Screen:
    """Change one's password."""
    return screen("people/password.html", form=form or ChangePasswordForm())


def check_own_password(request: Request, typed: str, field: str) -> Person:
    """The signed-in person, once their password is right. Counts the try; refuses beside `field`."""
    database, bucket = request.portal.database, f"password:{request.viewer.person_id}"
    with database.writing() as db:
        allowed = limits.spend(db, {bucket: limits.PER_ACCOUNT}, request.at)
    with database.reading() as db:
        request.db = db
        person = me(request)
        stored = identities.stored_hash(db, person.id)
    if not allowed:
        raise Refused(TOO_OFTEN)
    if stored is None or not passwords.verify(typed, stored):
        raise Refused(fields={field: text("This isn't your password. Try again.")})
    return person


def prove_old_password(request: Request, form: ChangePasswordForm) -> str:
    """Check the old password and hash the new one, before anything is written."""
    person = check_own_password(request, form.old_password.data, "old_password")
    return strong_hash(request, form.password.data, person)


def update_password(request: Request, form: ChangePasswordForm) -> See:
    """Set the new password; other browsers are signed out."""
    identities.change_password(request.act, request.prepared)
    return See("/me", text("Your password was changed. Your other browsers were signed out."))


def show_invitation(request: Request, token: str, form: NewPasswordForm | None = None) -> Screen:
    """Where an invited person sets a password. Opening the page uses nothing up (SECURITY A6)."""
    person = identities.invited(request.db, token, request.at)
    request.read_by(person.language)
    context: dict[str, Any] = {"person": person, "token": token}
    return screen("people/invitation.html", form=form or NewPasswordForm(), **context)


def hash_invited(request: Request, form: NewPasswordForm, token: str) -> str:
    """Check and hash the password of an invited person."""
    with request.portal.database.reading() as db:
        person = identities.invited(db, token, request.at)
    return strong_hash(request, form.password.data, person)


def accept_invitation(request: Request, form: NewPasswordForm, token: str) -> See:
    """Set the password and sign in; whoever reads what is most private also enters an emailed code."""
    person = identities.accept_invitation(request.db, token, request.prepared, request.at)
    if asks_second_step(request, person.id):
        return ask_second_step(request, person.id, {"next": "/me", "own_phone": False})
    return signed_in(request, person.id, "/me")


def strong_hash(request: Request, password: str, person: Person) -> str:
    """The hash of a new password. Refuses a weak one beside its field."""
    about = [person.name, person.goes_by, person.email.replace("@", " ").replace(".", " ")]
    about += [request.settings.agency_name, "volunteer portal password"]
    if weak := passwords.weakness(password, about):
        raise Refused(fields={"password": weak})
    return passwords.hash_password(password)
