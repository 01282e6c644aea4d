"""Signing in and out, and the browsers one is signed in on."""

from typing import Any

from portal.people import identities, limits, sessions
from portal.people.forms import SignInForm
from portal.web.addresses import own_path
from portal.web.errors import NotFound, Refused
from portal.web.kept import has_kept_form
from portal.web.page import Screen, See, screen
from portal.web.request import Request
from portal.web.words import text

WRONG = text("This e-mail and password do not belong together. Please check both and try again.")
TOO_OFTEN = text("That was tried too often. Please wait 15 minutes, then try again.")


def new_session(request: Request, form: SignInForm | None = None) -> Screen | See:
    """The sign-in page."""
    if request.viewer.signed_in and form is None:
        return See("/me")
    form = form or SignInForm(data={"next": request.query_params.get("next", "")})
    return screen("people/sign_in.html", form=form)


def check_password(request: Request, form: SignInForm) -> identities.Proved:
    """Count the try, then prove the password; the same work for every address (SECURITY A3)."""
    request.not_before = identities.floor()
    database, at = request.portal.database, request.at
    client = request.client.host if request.client else ""
    buckets = limits.sign_in_buckets(identities.normal_address(form.address.data), client)
    with database.writing() as db:
        allowed = limits.spend(db, buckets, at)
    with database.reading() as db:
        found = identities.candidates(db, form.address.data)
    proved = identities.prove(found, form.password.data)
    if not allowed:
        raise Refused(TOO_OFTEN)
    if proved is None:
        raise Refused(WRONG)
    request.trail(lambda db: limits.give_back(db, buckets, at))
    return proved


def create_session(request: Request, form: SignInForm) -> See:
    """Sign in: a new session, and on to where one wanted to go."""
    proved: identities.Proved = request.prepared
    identities.keep_stronger_hash(request.db, proved)
    own = bool(form.own_phone.data)
    return signed_in(request, proved.person_id, own_path(form.next.data or ""), own_phone=own)


def signed_in(request: Request, person_id: int, path: str, *, own_phone: bool = False) -> See:
    """Start a session on this browser; a form that the last one's end caught comes first."""
    browser = sessions.browser_name(request.headers.get("user-agent", ""))
    if request.viewer.session_id:
        sessions.end_session(request.db, request.viewer, request.viewer.session_id, request.at)
    token, lasts = sessions.start_session(
        request.db, person_id, browser, request.at,
        request.settings.own_phone_days if own_phone else 0,
    )  # fmt: skip
    request.set_cookie("session", token, int(lasts.absolute.total_seconds()))
    request.set_cookie("visit", "", 0)
    return See("/session/kept" if has_kept_form(request.db, person_id, request.at) else path)


def end_session(request: Request, form: Any) -> See:
    """Sign out on this browser."""
    assert request.viewer.session_id
    sessions.end_session(request.db, request.viewer, request.viewer.session_id, request.at)
    request.set_cookie("session", "", 0)
    return See("/", text("You are signed out."))


def list_sessions(request: Request, form: Any = None) -> Screen:
    """Where one is signed in."""
    assert request.viewer.person_id
    rows = sessions.sessions_of(request.db, request.viewer.person_id, request.at)
    return screen("people/sessions.html", sessions=rows, form=form)


def end_one_session(request: Request, form: Any, session_id: int) -> See:
    """Sign out one of one's own browsers."""
    if not sessions.end_session(request.db, request.viewer, session_id, request.at):
        raise NotFound
    return See("/me/sessions", text("That browser is signed out."))


def end_other_sessions(request: Request, form: Any) -> See:
    """Sign out everywhere else."""
    viewer = request.viewer
    assert viewer.person_id
    sessions.end_sessions(request.db, viewer, viewer.person_id, request.at, keep=viewer.session_id)
    return See("/me/sessions", text("All your other browsers are signed out."))
