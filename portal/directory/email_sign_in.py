"""Pages of getting in without a password: a code by mail, registering, a forgotten password."""

import json
from typing import Any

from portal.people import addresses, identities, limits, places, proofs
from portal.people.addresses import normal_address
from portal.people.forms import CodeForm, MailSignInForm, OfficeCodeForm, RegisterForm, WhoForm
from portal.people.identity_models import EmailVerification, ProvedHow
from portal.people.models import Person, Status
from portal.people.people import add_person
from portal.people.proofs import Purpose
from portal.people.sessions import roles_of
from portal.people.views.sessions import TOO_OFTEN, place_of, signed_in, takes_second_step
from portal.permissions import NOBODY, Viewer
from portal.programs.authority import admitted
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.request import Request
from portal.words import text

SENT = text("If we know this address, we emailed it a code.")
NOBODY_THERE = text("We can't sign you in by email alone. Sign in with your password, or call us.")
PASSWORD_TOO = text(
    "Your role needs a password and a code. Sign in with your password, or ask an administrator."
)
A_DAY, A_DAY_KNOWN = 20, 60
"""Codes to one address in a day from places where its owner has not signed in; others do not use it up."""


def ask_for_mail(request: Request, form: MailSignInForm | None = None) -> Screen:
    """Sign in by mail, or set a new password with its help."""
    reset = request.asked("for") == "password" or bool(form and form.reset.data)
    form = form or MailSignInForm(data={"reset": "yes" if reset else ""})
    return screen("directory/enter_mail.html", form=form, reset=reset)


def register(request: Request, form: RegisterForm | None = None) -> Screen:
    """Someone new tells who they are; their address is proved before anything is kept of them."""
    return screen("directory/register.html", form=form or RegisterForm())


def may_ask(request: Request, form: MailSignInForm | RegisterForm) -> None:
    """Count the try, and answer no sooner than the floor, whether or not the address is known."""
    request.not_before = identities.floor()
    address, place, at = normal_address(form.address.data), place_of(request), request.at
    name = limits.short(address)
    with request.portal.database.reading() as db:
        browser, network = places.known(db, [one.id for one in admitted(db, address).people], place)
    here = {f"mail:{name}:{place.network}"[:80]: 5, f"mail-from:{place.network}"[:80]: 30}
    if browser:
        here = {f"mail:{name}:{place.browser[:24]}": 5}
    strange = {f"mails-to:{name}": A_DAY, f"mails-from:{place.network}"[:80]: 300}
    with request.portal.database.writing() as db:
        allowed = limits.spend(db, here, at)  # a refused try uses up no one else's
        if allowed and not browser:
            allowed = limits.spend(db, {"mails": 1000}, at)
        if allowed:
            known = {f"mails-known:{name}": A_DAY_KNOWN}
            a_day = known if browser or network else strange
            allowed = limits.spend(db, a_day, at, limits.DAY_SECONDS)
    if not allowed:
        raise Refused(TOO_OFTEN)


def send_code(request: Request, form: MailSignInForm) -> See:
    """Mail a code and a link, good for this browser."""
    purpose = Purpose.RESET if form.reset.data else Purpose.SIGN_IN
    _ask(request, purpose, form.address.data, {"own_phone": bool(form.own_phone.data)})
    return See("/session/code", SENT)


def send_registration_code(request: Request, form: RegisterForm) -> See:
    """Mail a code to someone new."""
    data = {"name": form.name.data, "phone": form.phone.data}
    _ask(request, Purpose.REGISTER, form.address.data, data)
    return See("/session/code", SENT)


def _ask(request: Request, purpose: Purpose, address: str, data: dict[str, Any]) -> None:
    lets_in = admitted(request.db, address).people
    staff = any(roles_of(request.db, one.id) for one in lets_in)
    proofs.ask_proof(
        request.db,
        purpose,
        address,
        request.binding,
        data,
        request.language,
        request.at,
        send=bool(lets_in) or purpose is Purpose.REGISTER,
        digits=8 if staff else 6,
    )


def type_code(request: Request, form: CodeForm | None = None) -> Screen:
    """Where the code is typed."""
    return screen("directory/enter_code.html", form=form or CodeForm())


def spend_try(request: Request, form: CodeForm) -> None:
    """A guess counts before it is looked at, whatever becomes of it."""
    request.not_before = identities.floor()
    with request.portal.database.writing() as db:
        proofs.spend_try(db, request.binding, request.at)


def check_code(request: Request, form: CodeForm) -> See:
    """Prove the address by the code."""
    digits = "".join(character for character in form.code.data if character.isdigit())
    proof = proofs.prove_by_code(request.db, request.settings, request.binding, digits, request.at)
    return _go_on(request, proof)


def show_link(request: Request, token: str, form: Any = None) -> Screen:
    """What a mail's link opens. Opening it uses nothing up: mail scanners open links, too."""
    proofs.proof_of_link(request.db, token, request.at)
    return screen("directory/enter_link.html", token=token, form=form)


def use_link(request: Request, form: Any, token: str) -> See:
    """Prove the address by a press behind the link."""
    return _go_on(request, proofs.prove_by_link(request.db, request.binding, token, request.at))


def _go_on(request: Request, proof: EmailVerification) -> See:
    """In, if it is clear who it is; else ask which of them. What was typed is never taken for someone
    else's, and no one is told who is left out (SECURITY A10)."""
    if proof.purpose == Purpose.CHANGE:
        return _change(request, proof)
    if proof.purpose == Purpose.SECOND:
        return _second(request, proof)
    found = admitted(request.db, proof.address)
    if proof.purpose == Purpose.REGISTER:
        return See("/session/who") if found.people else _enter_new(request, proof)
    if not found.people:
        raise Refused(NOBODY_THERE)
    return See("/session/who") if found.ask else _enter(request, proof, found.people[0].id)


def _change(request: Request, proof: EmailVerification) -> See:
    """Put the signed-in person's new address into effect, or note that theirs is proved."""
    person = request.db.get(Person, request.viewer.person_id)
    if person is None or json.loads(proof.data).get("person") != person.id:
        raise NotFound
    proofs.use_up(proof, request.at)
    same = normal_address(person.email) == proof.address
    if same:
        addresses.prove_address(request.act, person.id, proof.address, ProvedHow.CODE)
    else:
        addresses.change_address(request.act, person, proof.address, ProvedHow.CODE)
    said = (
        text("Your email address was confirmed.")
        if same
        else text("Your email address was changed.")
    )
    return See("/me/email", said)


def _second(request: Request, proof: EmailVerification) -> See:
    """In, with the password that was right and the code."""
    data = json.loads(proof.data)
    person = request.db.get(Person, data["person"])
    if person is None or person.status == Status.ENDED:
        raise NotFound
    proofs.use_up(proof, request.at)
    by = Viewer(person_id=person.id)
    addresses.prove_address(request.act.but(by=by), person.id, proof.address, ProvedHow.CODE)
    return signed_in(request, person.id, data["next"], own_phone=data["own_phone"], second=True)


def _who(request: Request) -> tuple[EmailVerification, list[tuple[str, str]]] | None:
    """What this browser proved, and who it may be: a value and a name each."""
    proof = proofs.proved(request.db, request.binding, request.at)
    if proof is None:
        return None
    choices = [(str(one.id), one.name) for one in admitted(request.db, proof.address).people]
    if proof.purpose == Purpose.REGISTER:
        choices.append((NEW, json.loads(proof.data)["name"]))
    return proof, choices


NEW = "new"


def ask_who(request: Request, form: WhoForm | None = None) -> Screen | See:
    """Which of those who share the address is it?"""
    found = _who(request)
    if found is None:
        return See("/session/new")
    registers = found[0].purpose == Purpose.REGISTER
    form = form or WhoForm()
    return screen("directory/enter_who.html", choices=found[1], registers=registers, form=form)


def enter_as(request: Request, form: WhoForm) -> See:
    """Go in as the one who was chosen."""
    found = _who(request)
    if found is None:
        raise Refused(proofs.OVER)
    proof, choices = found
    if form.person.data not in [value for value, _ in choices]:
        raise Refused(fields={"person": text("Select who you are.")})
    if form.person.data == NEW:
        return _enter_new(request, proof)
    return _enter(request, proof, int(form.person.data))


def _enter_new(request: Request, proof: EmailVerification) -> See:
    """Add someone new with what they typed, and let them in."""
    data = json.loads(proof.data)
    values = {
        "name": data["name"],
        "email": proof.address,
        "language": request.language,
        "status": Status.PROSPECT,
        "phones": [{"number": data["phone"]}],
    }
    person = add_person(request.act.but(by=NOBODY), values)
    return _enter(request, proof, person.id, "/opportunities")


def _enter(request: Request, proof: EmailVerification, person_id: int, path: str = "/me") -> See:
    if takes_second_step(request, person_id):  # also on a browser known to take the password alone
        raise Refused(PASSWORD_TOO)
    proofs.use_up(proof, request.at)
    by = Viewer(person_id=person_id)
    addresses.prove_address(request.act.but(by=by), person_id, proof.address, ProvedHow.CODE)
    if proof.purpose == Purpose.RESET:
        token = proofs.reset_token(request.db, person_id, request.at)
        return See(f"/invitations/{token}")
    own_phone = bool(json.loads(proof.data).get("own_phone"))
    return signed_in(request, person_id, path, own_phone=own_phone)


def type_office_code(request: Request, form: OfficeCodeForm | None = None) -> Screen:
    """Where someone types the code that the office read out to them."""
    return screen("directory/enter_office.html", form=form or OfficeCodeForm())


def spend_office_try(request: Request, form: OfficeCodeForm) -> Any:
    """Count the guess, whatever becomes of it; gives the codes that it may be."""
    request.not_before = identities.floor()
    place, at = place_of(request), request.at
    name = limits.short(normal_address(form.address.data))
    buckets = {f"office:{name}:{place.network}"[:80]: 5, f"network:{place.network}"[:80]: 60}
    with request.portal.database.writing() as db:
        allowed = limits.spend(db, buckets, at)
        found = identities.spend_office_try(db, form.address.data, at) if allowed else ()
    if not allowed:
        raise Refused(TOO_OFTEN)
    return found


def check_office_code(request: Request, form: OfficeCodeForm) -> See:
    """Prove the address by the office's code, and go on to set a password."""
    digits = "".join(one for one in form.code.data if one.isdigit())
    token = identities.use_office_code(
        request.db, request.settings, request.prepared, digits, request.at
    )
    return See(f"/invitations/{token}")
