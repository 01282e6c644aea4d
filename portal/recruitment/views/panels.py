"""What other domains draw on the page of an application."""

from typing import Any

from portal.domain import Panel, in_order
from portal.programs.application_models import Application
from portal.web.request import Request


def drawn(
    request: Request, application: Application, form: Any, base: str, *, staff: bool
) -> list[Panel]:
    """The panels of an application for its applicant or for `staff`, who act under the address `base`."""
    draw = [one.application if staff else one.applicant for one in request.portal.domains]
    return in_order(panel for one in draw if one for panel in one(request, application, form, base))
