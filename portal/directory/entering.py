"""Pages of getting in without a password: a code by mail, registering, a forgotten password."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from portal.db import AnyRow
from portal.people import identities, limits, proofs
from portal.people.forms import CodeForm, MailSignInForm, RegisterForm, WhoForm
from portal.people.models import Membership, Person, Proof, Status
from portal.people.people import add_person
from portal.people.proofs import Purpose
from portal.people.tokens import hashed
from portal.people.views.sessions import TOO_OFTEN, signed_in
from portal.permissions import NOBODY
from portal.programs.models import Placement, PlacementState, Program, Visibility
from portal.web.errors import Refused
from portal.web.page import Screen, See, screen
from portal.web.request import Request
from portal.web.words import text

SENT = text("If we know this address, a mail with a code is on its way.")


def ask_for_mail(request: Request, form: MailSignInForm | None = None) -> Screen:
    """Sign in by mail, or set a new password with its help."""
    reset = request.asked("for") == "password" or bool(form and form.reset.data)
    form = form or MailSignInForm(data={"reset": "yes" if reset else ""})
    return screen("directory/enter_mail.html", form=form, reset=reset)


def register(request: Request, form: RegisterForm | None = None) -> Screen:
    """Somebody new tells who they are; their address is proved before anything is kept of them."""
    return screen("directory/register.html", form=form or RegisterForm())


def may_ask(request: Request, form: MailSignInForm | RegisterForm) -> None:
    """Count the try, and answer no sooner than the floor, whether or not the address is known."""
    request.not_before = identities.floor()
    client = request.client.host if request.client else ""
    address = hashed(identities.normal_address(form.address.data))[:32]
    buckets = {f"mail:{address}": 5, f"mail-from:{client}"[:80]: 30, "mails": 1000}
    with request.portal.database.writing() as db:
        if not limits.spend(db, buckets, request.at):
            raise Refused(TOO_OFTEN)


def send_code(request: Request, form: MailSignInForm) -> See:
    """Mail a code and a link, good for this browser."""
    purpose = Purpose.RESET if form.reset.data else Purpose.SIGN_IN
    _ask(request, purpose, form.address.data, {"own_phone": bool(form.own_phone.data)})
    return See("/session/code", SENT)


def send_registration_code(request: Request, form: RegisterForm) -> See:
    """Mail a code to somebody new."""
    data = {"name": form.name.data, "phone": form.phone.data}
    _ask(request, Purpose.REGISTER, form.address.data, data)
    return See("/session/code", SENT)


def _ask(request: Request, purpose: Purpose, address: str, data: dict[str, Any]) -> None:
    proofs.ask_proof(
        request.db, purpose, address, request.binding, data, request.language, request.at
    )


def type_code(request: Request, form: CodeForm | None = None) -> Screen:
    """Where the code is typed."""
    return screen("directory/enter_code.html", form=form or CodeForm())


def spend_try(request: Request, form: CodeForm) -> None:
    """A guess counts before it is looked at, whatever becomes of it."""
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


def _go_on(request: Request, proof: Proof) -> See:
    """In, if it is clear who it is; else ask which of them."""
    found = _who(request, proof)
    if proof.purpose == Purpose.REGISTER and not proofs.known(request.db, proof.address):
        data = json.loads(proof.data)
        values = {
            "name": data["name"], "email": proof.address, "language": request.language,
            "status": Status.PROSPECT, "phones": [{"number": data["phone"]}],
        }  # fmt: skip
        person = add_person(request.db, NOBODY, values, request.at)
        return _enter(request, proof, person.id, "/positions")
    if not found:
        raise Refused(text("Please sign in with your password, or call the office."))
    return _enter(request, proof, found[0].id) if len(found) == 1 else See("/session/who")


def _who(request: Request, proof: Proof) -> Sequence[AnyRow]:
    """Whose address it is. Where several share it, those of sensitive programs are not named."""
    found = proofs.known(request.db, proof.address)
    if len(found) < 2:
        return found
    inside = set(request.db.scalars(_in_sensitive_programs([row.id for row in found])))
    return [row for row in found if row.id not in inside]


def _in_sensitive_programs(people: Sequence[int]) -> Any:
    sensitive = select(Program.id).where(Program.visibility != Visibility.PUBLIC)
    placed = select(Placement.person_id).where(
        Placement.program_id.in_(sensitive), Placement.state != PlacementState.DECLINED
    )
    staff = select(Membership.person_id).where(
        Membership.program_id.in_(sensitive), Membership.until.is_(None)
    )
    return select(Person.id).where(
        Person.id.in_(people), or_(Person.id.in_(placed), Person.id.in_(staff))
    )


def ask_who(request: Request, form: WhoForm | None = None) -> Screen | See:
    """Which of those who share the address is it?"""
    proof = proofs.proved(request.db, request.binding, request.at)
    if proof is None:
        return See("/session/new")
    return screen("directory/enter_who.html", people=_who(request, proof), form=form or WhoForm())


def enter_as(request: Request, form: WhoForm) -> See:
    """Go in as the one who was chosen."""
    proof = proofs.proved(request.db, request.binding, request.at)
    if proof is None:
        raise Refused(proofs.OVER)
    if form.person.data not in [row.id for row in _who(request, proof)]:
        raise Refused(fields={"person": text("Please choose one.")})
    return _enter(request, proof, form.person.data)


def _enter(request: Request, proof: Proof, person_id: int, path: str = "/me") -> See:
    proofs.use_up(proof, request.at)
    if proof.purpose == Purpose.RESET:
        token = proofs.reset_token(request.db, person_id, request.at)
        return See(f"/invitations/{token}")
    own_phone = bool(json.loads(proof.data).get("own_phone"))
    return signed_in(request, person_id, path, own_phone=own_phone)
