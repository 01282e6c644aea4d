"""One's own applications, signed in."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from portal.permissions import Viewer
from portal.programs.application_models import Application
from portal.programs.models import Position
from portal.programs.scopes import one
from portal.recruitment import applications
from portal.recruitment.notices import what_of
from portal.recruitment.steps import says
from portal.recruitment.views.applying import standing
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text


def own_applications(viewer: Viewer) -> Select[Application]:
    """The applications one sent."""
    return select(Application).where(Application.person_id == viewer.person_id)


def list_own(request: Request) -> Screen:
    """What one applied for, the newest first."""
    found = (
        own_applications(request.viewer)
        .options(joinedload(Application.position).joinedload(Position.program))
        .order_by(Application.id.desc())
        .limit(50)
    )
    rows = request.db.scalars(found).all()
    return screen(
        "recruitment/own.html",
        rows=[(row, what_of(request.db, row, request.language), says(row)) for row in rows],
    )


def own_application(request: Request, application_id: int) -> Application:
    """One of one's own applications, or NotFound."""
    return one(request.db, own_applications(request.viewer), Application.id == application_id)


def show_own(request: Request, application_id: int, form: Any = None) -> Screen:
    """How one's application stands, and what is to be done."""
    return screen(
        "recruitment/applied.html",
        **standing(
            request,
            own_application(request, application_id),
            form,
            f"/me/applications/{application_id}",
            signed_in=True,
        ),
        form=form,
    )


def withdraw_own(request: Request, form: Any, application_id: int) -> See:
    """Take one's application back."""
    applications.withdraw(request.act, own_application(request, application_id))
    return See("/me/applications", text("You withdrew your application."))


def accept_own(request: Request, form: Any, application_id: int) -> See:
    """Say yes to the role that was offered."""
    found = own_application(request, application_id)
    applications.accept_role(request.act, found, request.settings.timezone)
    return See(f"/me/applications/{application_id}", text("Welcome! You have this role now."))
