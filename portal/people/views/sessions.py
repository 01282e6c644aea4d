"""Signing in and out, and the browsers one is signed in on."""

import secrets
from dataclasses import dataclass
from typing import Any

from portal.agency.settings import value_of
from portal.people import identities, limits, places, proofs, sessions
from portal.people.addresses import normal_address
from portal.people.forms import SignInForm
from portal.people.models import Person
from portal.people.proofs import Purpose
from portal.people.settings import OWN_PHONE_DAYS, SECOND_STEP_DAYS
from portal.permissions import needs_second_step
from portal.web import way_back
from portal.web.addresses import own_path
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.request import Request
from portal.web.saved_forms import has_kept_form
from portal.words import text

WRONG = text("This email and password don't match. Check both, then try again.")
TOO_OFTEN = text("Too many tries. Wait 15 minutes, then try again.")


def new_session(request: Request, form: SignInForm | None = None) -> Screen | See:
    """The sign-in page."""
    if request.viewer.signed_in and form is None:
        return See("/me")
    form = form or SignInForm(data={"next": request.query_params.get("next", "")})
    return screen("people/sign_in.html", form=form)


def place_of(request: Request) -> places.Place:
    """The browser and the network that a request comes from."""
    cookie = request.cookies.get(request.cookie_name(places.COOKIE), "")
    host = request.client.host if request.client else ""
    return places.place_of(request.settings, cookie, host)


@dataclass(frozen=True)
class Checked:
    """A right password, and whether this many failures ask for an emailed code besides."""

    proved: identities.Proved
    code_too: bool


def check_password(request: Request, form: SignInForm) -> Checked:
    """Count the try, then prove the password; the same work for every address (SECURITY A3)."""
    request.not_before = identities.floor()
    database, at, place = request.portal.database, request.at, place_of(request)
    counted = limits.sign_in_limits(normal_address(form.address.data), place)
    with database.writing() as db:
        beyond = limits.over(db, counted.here, at)
        here_only = bool(beyond & {*counted.strangers})
        if not here_only:  # a refused try uses up no one else's
            beyond |= limits.over(db, counted.many, at)
    with database.reading() as db:
        found = identities.candidates(db, form.address.data)
        browser, network = places.known(db, [person for _, person, _ in found], place)
    proved = identities.prove(found, form.password.data)
    binding = counted.own if browser else counted.known if network else counted.strangers
    strange = bool(beyond & {*counted.strangers})  # said alike, known here or not (SECURITY A3)
    if proved is None or beyond & {*binding}:
        raise Refused(TOO_OFTEN if beyond & {*binding} or (strange and not browser) else WRONG)
    spent = counted.here if here_only else counted.every
    request.trail(lambda db: limits.give_back(db, spent, at))
    return Checked(proved, bool(beyond & {*counted.many}) and not (browser or network))


def create_session(request: Request, form: SignInForm) -> See:
    """Sign in: a new session, and on to where one wanted to go; or first a code by email."""
    checked: Checked = request.prepared
    identities.keep_stronger_hash(request.db, checked.proved)
    person_id, own = checked.proved.person_id, bool(form.own_phone.data)
    path = own_path(form.next.data or "")
    code_too = checked.code_too and can_mail(request, person_id)
    if code_too or asks_second_step(request, person_id):
        return ask_second_step(request, person_id, {"next": path, "own_phone": own})
    return signed_in(request, person_id, path, own_phone=own)


def asks_second_step(request: Request, person_id: int) -> bool:
    """Whether a person must enter an emailed code on this browser besides the password: staff who read
    what is most private, unless they did so lately. Off without a mail server, which could send none."""
    days = value_of(request.db, SECOND_STEP_DAYS, request.settings)
    return takes_second_step(request, person_id) and not places.passed_second_step(
        request.db, person_id, place_of(request), request.at, days
    )


def takes_second_step(request: Request, person_id: int) -> bool:
    """Whether a person's sign-in takes a password and an emailed code, never the code alone (SECURITY A4)."""
    if not value_of(request.db, SECOND_STEP_DAYS, request.settings) or not sends_mail(request):
        return False
    return needs_second_step(sessions.roles_of(request.db, person_id))


def sends_mail(request: Request) -> bool:
    """Whether a code could be emailed at all."""
    return bool(request.settings.smtp_url) or request.settings.demo


def can_mail(request: Request, person_id: int) -> bool:
    """Whether a code can reach a person by email."""
    return sends_mail(request) and request.db.get_one(Person, person_id).mailable


def ask_second_step(request: Request, person_id: int, data: dict[str, Any]) -> See:
    """Email a code to someone whose password was right; they are in once they enter it."""
    person = request.db.get_one(Person, person_id)
    if not person.mailable:
        raise Refused(text("We can't email you a code. Ask an administrator for help."))
    hourly, daily = {f"second:{person_id}": 5}, {f"second-day:{person_id}": 20}
    if not limits.spend(request.db, hourly, request.at) or not limits.spend(
        request.db, daily, request.at, limits.DAY_SECONDS
    ):
        raise Refused(TOO_OFTEN)
    proofs.ask_proof(
        request.db,
        Purpose.SECOND,
        person.email,
        request.binding,
        {**data, "person": person_id},
        request.language,
        request.at,
        digits=8,
    )
    return See("/session/code", text("Your password is right. We emailed you a code."))


def signed_in(
    request: Request, person_id: int, path: str, *, own_phone: bool = False, second: bool = False
) -> See:
    """Start a session on this browser; a form that the last one's end caught comes first. `second` if the
    person entered an emailed code as well."""
    browser = sessions.browser_name(request.headers.get("user-agent", ""))
    if request.viewer.session_id:
        sessions.end_session(request.act, request.viewer.session_id)
    token, lasts = sessions.start_session(
        request.db,
        person_id,
        browser,
        request.at,
        value_of(request.db, OWN_PHONE_DAYS, request.settings) if own_phone else 0,
    )
    request.set_cookie("session", token, int(lasts.absolute.total_seconds()))
    request.set_cookie("visit", "", 0)
    request.set_cookie(way_back.COOKIE, "", 0)
    _remember_place(request, person_id, second=second)
    return See("/session/kept" if has_kept_form(request.db, person_id, request.at) else path)


def _remember_place(request: Request, person_id: int, *, second: bool) -> None:
    place = place_of(request)
    if not place.browser:
        cookie = secrets.token_urlsafe(24)
        request.set_cookie(places.COOKIE, cookie, int(places.KEPT.total_seconds()))
        host = request.client.host if request.client else ""
        place = places.place_of(request.settings, cookie, host)
    places.remember(request.db, person_id, place, request.at, second=second)


def end_session(request: Request, form: Any) -> See:
    """Sign out on this browser."""
    assert request.viewer.session_id
    sessions.end_session(request.act, request.viewer.session_id)
    request.set_cookie("session", "", 0)
    request.set_cookie(way_back.COOKIE, "", 0)
    return See("/", text("You're signed out."))


def list_sessions(request: Request, form: Any = None) -> Screen:
    """Where one is signed in."""
    assert request.viewer.person_id
    rows = sessions.sessions_of(request.db, request.viewer.person_id, request.at)
    return screen("people/sessions.html", sessions=rows, form=form)


def end_one_session(request: Request, form: Any, session_id: int) -> See:
    """Sign out one of one's own browsers."""
    if not sessions.end_session(request.act, session_id):
        raise NotFound
    return See("/me/sessions", text("That browser was signed out."))


def end_other_sessions(request: Request, form: Any) -> See:
    """Sign out everywhere else."""
    viewer = request.viewer
    assert viewer.person_id
    sessions.end_sessions(request.act, viewer.person_id, keep=viewer.session_id, gently=True)
    return See("/me/sessions", text("All your other browsers were signed out."))
