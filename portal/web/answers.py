"""How a request is answered: pages, redirects, errors."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote

from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from portal.permissions import Permission
from portal.weather import is_conflict, is_weather
from portal.web import flash
from portal.web.htmx import WHOLE_PAGE
from portal.web.request import Request
from portal.web.way_back import remember, way_back
from portal.words import Words, count_text, text

log = logging.getLogger(__name__)


CONFLICT = text("Someone else changed this at the same moment. Check the page, then try again.")
"""Said when a second try met a conflict too."""


BUSY = text(
    "The portal is busy right now. Nothing was saved yet. Wait a moment, then "
    "press the button again."
)


RETRY_SECONDS = 5


@dataclass(frozen=True)
class Screen:
    """A page to show: its template and the facts it is given."""

    template: str
    context: Mapping[str, Any]
    status: int = 200


def screen(template: str, **context: Any) -> Screen:
    """Show a template with these facts."""
    return Screen(template, context)


@dataclass(frozen=True)
class See:
    """Go and see a page, after success. `flash` is said there, once, with a button if it can be undone."""

    path: str
    flash: Words | None = None
    undo_id: int | None = None


def told(request: Request, result: Any, to_call: Mapping[int, str] | None) -> Any:
    """A success that says who must be called, since no email reaches them, where the viewer makes calls."""
    if not to_call or not isinstance(result, See) or not request.viewer.may(Permission.CALLS_MAKE):
        return result
    others = {
        number: name for number, name in to_call.items() if number != request.viewer.person_id
    }
    names = list(others.values())
    if not names:
        return result
    shown = "; ".join(names[:NAMED])
    said = request.said(result.flash) if result.flash else ""
    more = len(names) - NAMED
    if more > 0:
        call = count_text(
            "%(said)s Call %(names)s, and %(n)s more person on the call list.",
            "%(said)s Call %(names)s, and %(n)s more people on the call list.",
            more,
            said=said,
            names=shown,
        )
    else:
        call = text(
            "%(said)s Email doesn't reach everyone. Call %(names)s.", said=said, names=shown
        )
    return replace(result, flash=call)


NAMED = 3
"""How many people a success names who must be called."""


def render(
    request: Request, result: Screen, fragments: tuple[str, ...] = (), status: int = 0
) -> Response:
    """A page, or the one block of it that htmx asked for."""
    portal = request.portal
    target = request.htmx.target
    block = target if target in fragments else ""
    if request.method == "GET":
        remember(request, found=(status or result.status) == 200)
    back = partial(way_back, request)
    context = {"request": request, "viewer": request.viewer, "way_back": back, **result.context}
    html = portal.renderer.render(result.template, context, request.language, block)
    if block and (said := request.flashed):
        context = {"request": request, "said": said}
        html += portal.renderer.render("flash.html", context, request.language)
    headers = dict(WHOLE_PAGE) if request.htmx.asked and not block else {}
    if headers and request.method == "GET" and request.here != request.htmx.page:
        headers["HX-Replace-Url"] = request.here
    return HTMLResponse(html, status or result.status, headers)


def redirect(request: Request, result: See) -> Response:
    """A 303 to the page to see. htmx follows it and changes the page in place; to another page it sends the
    browser instead, which begins there at the top."""
    if result.flash:
        value = flash.pack(result.flash, request.settings.secret_key, result.undo_id)
        request.set_cookie(flash.COOKIE, value, flash.SECONDS)
    page = request.htmx.page.partition("?")[0]
    if page and page != result.path.partition("?")[0]:
        return Response(headers={"HX-Redirect": result.path})
    return RedirectResponse(result.path, 303)


def sign_in_first(request: Request) -> Response:
    """To the sign-in page and, for a page that can be asked for again, back to it."""
    back = request.here if request.method in ("GET", "HEAD") else ""
    if request.htmx.asked:
        return Response(status_code=401, headers={"HX-Redirect": "/session/new"})
    return RedirectResponse(f"/session/new?next={quote(back)}" if back else "/session/new", 303)


def error_page(request: Request, status: int) -> Response:
    """A page that says what went wrong and where to go from here."""
    response = render(request, Screen("error.html", {"status": status}, status))
    response.headers["portal-error"] = (
        "yes"  # portal.js leaves it to the browser, so that Back leads back
    )
    return response


def in_bad_weather(request: Request, error: Exception) -> Response:
    """A page that says so and tries again by itself, for a database that is busy or away; what is no weather
    is raised."""
    if not is_weather(error):
        raise error
    log.warning("busy", extra={"kind": type(error).__name__})
    response = error_page(request, 503)
    response.headers["retry-after"] = str(RETRY_SECONDS)
    if request.method in ("GET", "HEAD"):
        response.headers["refresh"] = str(RETRY_SECONDS)
    return response


def gets_in_the_way(error: DBAPIError) -> bool:
    """Whether a database error means that someone else was faster, not that we are wrong."""
    return isinstance(error, IntegrityError) or is_conflict(error)
