"""Pages of demo mode: one-press sign-in and the design page. Never served to other machines."""

import ipaddress
from typing import Any

from sqlalchemy import select
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.demo.design import show_design
from portal.people.identity_models import Identity
from portal.people.routes import sign_in
from portal.people.views.sessions import signed_in
from portal.permissions import Permission
from portal.web.answers import See
from portal.web.choices import choice_field
from portal.web.errors import NotFound
from portal.web.forms import Form
from portal.web.page import Post, get
from portal.web.request import Request
from portal.words import text

PEOPLE = {
    "coordinator": text("Coordinator"),
    "volunteer": text("Volunteer"),
    "outreach": text("Outreach staff"),
    "screener": text("Screener"),
    "supervisor": text("Supervisor"),
    "caseworker": text("Caseworker"),
    "privacy": text("Privacy officer"),
    "admin": text("Administrator"),
}


class AsForm(Form):
    role = choice_field(text("Role"), PEOPLE)


def sign_in_as(request: Request, form: AsForm) -> See:
    """Sign in as one of the demo people, by one press."""
    address = f"{form.role.data}@demo.example"
    person_id = request.db.scalar(select(Identity.person_id).where(Identity.address == address))
    if person_id is None:
        raise NotFound
    return signed_in(request, person_id, "/me")


pages: list[Any] = [
    get("/design", show_design, Permission.PUBLIC),
    Post("/demo/session", sign_in_as, Permission.PUBLIC, form=AsForm, again=sign_in),
]


def only_on_loopback(app: ASGIApp) -> ASGIApp:
    """Answer this machine alone: the demo's passwords are known to everyone."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _is_loopback((scope.get("client") or ("", 0))[0]):
            response = PlainTextResponse("The demo answers this machine only.", 403)
            return await response(scope, receive, send)
        return await app(scope, receive, send)

    return guarded


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
