"""The request wrapper: what happens around every view, written once.

GET: one read-only session, in which the view runs and the page is rendered.
POST: prepare (no transaction), one write transaction for the verb, then the page.
A view returns a Screen, a See (redirect after success), or a plain Response.
"""

import inspect
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any
from urllib.parse import quote

import anyio
from anyio import CapacityLimiter
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from wtforms.fields import PasswordField

from portal.permissions import Permission
from portal.weather import is_conflict, is_weather, not_had_in_time
from portal.web import csrf, flash
from portal.web.errors import Again, NotFound, Refused
from portal.web.forms import Form, NoForm
from portal.web.htmx import WHOLE_PAGE
from portal.web.models import KeptForm, OnceValue
from portal.web.request import Request
from portal.web.uploads import forget_files, keep_files
from portal.web.words import Words, count_text, text

log = logging.getLogger(__name__)
View = Callable[..., Any]
HASHING = CapacityLimiter(1)
"""Preparing runs one at a time in a process, so that password hashing cannot take every core."""

READING = CapacityLimiter(1)
"""The turn of files that the reader looks at: beside hashing, so that a photo keeps nobody from signing in."""

KEEP_AT_MOST = 64 * 1024
CONFLICT = text("Someone else was changing this at the same moment. Please look and try again.")
"""Said when a second try met a conflict too."""

BUSY = text(
    "The portal is busy right now. Nothing was saved yet. Press the button again in a moment."
)
RETRY_SECONDS = 5

OLD_PAGE = text("This page was open for a long time. Nothing was sent yet. Please press again.")


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
    """Go and see a page, after success. `flash` is said there, once."""

    path: str
    flash: Words | None = None


@dataclass(frozen=True)
class Page:
    """One route and method: a view, the permission it takes, and how its requests run."""

    path: str
    view: View
    may: Permission
    fragments: tuple[str, ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["portal.route"] = self.path
        request = Request(scope, receive, send)
        response = await run_in_threadpool(self.answer, request)
        await response(scope, receive, send)

    @cached_property
    def route(self) -> Route:
        """Starlette's route for this page."""
        method = "POST" if isinstance(self, Post) else "GET"
        # Starlette cuts a body off with a bare line of text; between what a page takes and this, the page
        # itself says that it is too much.
        most = 3 * self.largest if isinstance(self, Post) and self.largest else None
        return Route(self.path, self, methods=[method], name=self.path, max_body_size=most)

    def answer(self, request: Request) -> Response:
        try:
            with request.portal.database.reading() as db:
                request.enter(db)
                response = self.closed(request) or self.shown(request)
            request.write_trails()
        except Exception as error:
            response = in_bad_weather(request, error)
        return request.finish(response)

    def closed(self, request: Request) -> Response | None:
        """The first gate: the way out for someone without the permission, or None to go on."""
        if request.viewer.may(self.may):
            return None
        if not request.viewer.signed_in:
            return sign_in_first(request)
        viewer, at = request.viewer, request.at
        request.trail(lambda db: request.portal.on_denied(db, viewer, self.may, at))
        return error_page(request, 404)

    def shown(self, request: Request, status: int = 0, **more: Any) -> Response:
        """Run the view and render what it returns."""
        try:
            result = self.view(request, **accepted(self.view, request.ids | more))
        except NotFound:
            return error_page(request, 404)
        if isinstance(result, See):
            return redirect(request, result)
        if isinstance(result, Screen):
            return render(request, result, self.fragments, status)
        return result  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Post(Page):
    """A POST: the form it reads, and the page that shows the form again when it is refused. `largest` is
    how many bytes it takes, where that is more than a form's (SECURITY I2), `fields` how many fields."""

    form: type[Form] = NoForm
    again: Page = field(kw_only=True)
    prepare: Callable[..., Any] | None = None
    turn: CapacityLimiter = HASHING
    largest: int | None = None
    fields: int = 1000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["portal.route"] = self.path
        request = Request(scope, receive, send)
        if self.largest and int(request.headers.get("content-length") or 0) > self.largest:
            await error_page(request, 413)(scope, receive, send)
            return
        data = await request.form(max_fields=self.fields)
        try:
            if self.prepare is None:
                response = await run_in_threadpool(self.handle, request, data)
            else:
                response = await self.handle_slowly(request, data)
            if request.trails:
                await run_in_threadpool(request.write_trails)
        except Exception as error:
            response = await run_in_threadpool(self.weathered, request, error)
        finally:
            await request.close()  # what was uploaded lies in temporary files
        await anyio.sleep(max(0.0, request.not_before - time.monotonic()))
        await request.finish(response)(scope, receive, send)

    def weathered(self, request: Request, error: Exception) -> Response:
        """The form as it was typed, to be sent again in a moment, when the database is busy or away."""
        if not is_weather(error):
            raise error
        log.warning("busy", extra={"kind": type(error).__name__})
        try:
            if not hasattr(request, "bound"):
                return in_bad_weather(request, error)
            response = self.refused(request, Refused(BUSY), status=503)
        except Exception as another:
            return in_bad_weather(request, another)
        response.headers["retry-after"] = str(RETRY_SECONDS)
        return response

    def handle(self, request: Request, data: FormData) -> Response:
        response = self.opened(request, data)
        return self.written(request) if response is None else response

    async def handle_slowly(self, request: Request, data: FormData) -> Response:
        """The same with a `prepare`, which waits its turn without holding a thread."""
        refusal: Response | None = await run_in_threadpool(self.opened, request, data)
        if refusal is None:
            refusal = await anyio.to_thread.run_sync(self.prepared, request, limiter=self.turn)
        if refusal is not None:
            return refusal
        return await run_in_threadpool(self.written, request)

    def opened(self, request: Request, data: FormData) -> Response | None:
        """Who is it, may they, is it really their press, and has it the right shape?"""
        with request.portal.database.reading() as db:
            request.enter(db)
            request.form_data = data
            if (
                request.lapsed
                and not request.viewer.signed_in
                and self.may is not Permission.PUBLIC  # signing in again is itself a form
                and self.sent_from_here(request)
            ):
                self.keep(request, request.lapsed)
            if response := self.closed(request):
                return response
            if csrf.comes_from_elsewhere(request.headers, request.settings.origin):
                return error_page(request, 403)
            request.bound = self.form(data)
        sent = str(data.get(csrf.FIELD, ""))
        if not csrf.token_is_good(request.settings.secret_key, request.binding, sent):
            return self.refused(request, Refused(OLD_PAGE), status=403)
        if not request.bound.validate():
            return self.refused(request, None)
        return None

    def sent_from_here(self, request: Request) -> bool:
        """Whether a form of the session that is over carries its token: nobody else leaves one behind."""
        session = request.cookies.get(request.cookie_name("session"), "")
        sent = str(request.form_data.get(csrf.FIELD, ""))
        return csrf.token_is_good(request.settings.secret_key, session, sent)

    def prepared(self, request: Request) -> Response | None:
        """The slow part, outside every transaction: hashing, parsing, looking into files."""
        assert self.prepare
        try:
            request.prepared = self.prepare(request, request.bound, **request.ids)
        except Refused as refusal:
            return self.refused(request, refusal)
        except NotFound:
            return self.missing(request)
        return None

    def written(self, request: Request) -> Response:
        """The verb, in one write transaction; once more if another transaction got in the way."""
        waited: Exception | None = None
        for first in (True, False):
            try:
                with request.portal.database.writing() as db:
                    request.db = db
                    result = self.verb(request, db)
                return self.after(request, told(request, result, db.info.get("to_call")))
            except Refused as refusal:
                return self.refused(request, refusal)
            except NotFound:
                return self.missing(request)
            except (Again, StaleDataError, DBAPIError) as error:
                if isinstance(error, DBAPIError) and not gets_in_the_way(error):
                    raise  # the weather is dealt with outside
                waited = error if is_weather(error) else None
                log.info("conflict", extra={"kind": type(error).__name__, "again": first})
        if waited and not_had_in_time(waited):
            raise waited
        return self.refused(request, Refused(CONFLICT), status=409)

    def verb(self, request: Request, db: Session) -> Any:
        """Run the view, unless this very form was already handled (its `once` value says so)."""
        once = str(request.form_data.get("once", ""))[:64]
        if not once or request.viewer.session_id is None:
            return self.view(request, request.bound, **request.ids)
        key = {"session_id": request.viewer.session_id, "value": once}
        done = db.execute(select(OnceValue.location).filter_by(**key)).scalar()
        if done:
            return See(done)
        result = self.view(request, request.bound, **request.ids)
        if isinstance(result, See):
            db.execute(insert(OnceValue).values(**key, location=result.path))
        return result

    def after(self, request: Request, result: Any) -> Response:
        """Answer a success. A page is rendered in a new read session, after the commit."""
        if token := request.used_files:
            request.trail(lambda db: forget_files(db, token))
        if isinstance(result, See):
            return redirect(request, result)
        if isinstance(result, Screen):
            with request.portal.database.reading() as db:
                request.db = db
                return render(request, result, self.fragments)
        return result  # type: ignore[no-any-return]

    def refused(self, request: Request, refusal: Refused | None, status: int = 0) -> Response:
        """The form again, from a fresh read session, with the reasons and everything typed."""
        if refusal:
            request.bound.refuse(refusal)
        keep_files(request)
        with request.portal.database.reading() as db:
            request.db = db
            status = status or (refusal.status if refusal else 422)
            return self.again.shown(request, status, form=request.bound)

    def missing(self, request: Request) -> Response:
        with request.portal.database.reading() as db:
            request.db = db
            return error_page(request, 404)

    def keep(self, request: Request, person_id: int) -> None:
        """Keep what was typed into a form that the end of the session caught (SECURITY S4)."""
        if any(isinstance(item, PasswordField) for item in self.form()):
            return
        fields = [
            (name, value)
            for name, value in request.form_data.multi_items()
            if isinstance(value, str) and name != csrf.FIELD
        ]
        kept = json.dumps(fields)
        if not fields or len(kept) > KEEP_AT_MOST:
            return
        row = {"person_id": person_id, "path": request.kept_path, "data": kept, "at": request.at}

        def keep(db: Session) -> None:
            db.execute(delete(KeptForm).filter_by(person_id=person_id))
            db.execute(insert(KeptForm).values(**row))

        request.trail(keep)


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
            "%(said)s Call %(names)s, and %(n)s more on the call list.",
            "%(said)s Call %(names)s, and %(n)s more on the call list.",
            more,
            said=said,
            names=shown,
        )
    else:
        call = text("%(said)s No email reaches them, so call %(names)s.", said=said, names=shown)
    return replace(result, flash=call)


NAMED = 3
"""How many people a success names who must be called."""


@cache
def parameters(view: View) -> frozenset[str]:
    """The names of a view's arguments."""
    return frozenset(inspect.signature(view).parameters)


def accepted(view: View, values: Mapping[str, Any]) -> dict[str, Any]:
    """What of an address and a form a page's view cares to know."""
    return {name: value for name, value in values.items() if name in parameters(view)}


def render(
    request: Request, result: Screen, fragments: tuple[str, ...] = (), status: int = 0
) -> Response:
    """A page, or the one block of it that htmx asked for."""
    portal = request.portal
    target = request.htmx.target
    block = target if target in fragments else ""
    context = {"request": request, "viewer": request.viewer, **result.context}
    html = portal.renderer.render(result.template, context, request.language, block)
    if block and (said := request.flashed):
        html += portal.renderer.render("flash.html", {"said": said}, request.language)
    headers = dict(WHOLE_PAGE) if request.htmx.asked and not block else {}
    if headers and request.method == "GET" and request.here != request.htmx.page:
        headers["HX-Replace-Url"] = request.here
    return HTMLResponse(html, status or result.status, headers)


def redirect(request: Request, result: See) -> Response:
    """A 303 to the page to see. htmx follows it and changes the page in place; to another page it sends the
    browser instead, which begins there at the top."""
    if result.flash:
        value = flash.pack(result.flash, request.settings.secret_key)
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
    return render(request, Screen("error.html", {"status": status}, status))


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
    """Whether a database error means that somebody else was faster, not that we are wrong."""
    return isinstance(error, IntegrityError) or is_conflict(error)


def get(path: str, view: View, may: Permission, *, fragments: tuple[str, ...] = ()) -> Page:
    """A page at a path; `fragments` names the blocks that htmx may ask for alone."""
    return Page(path, view, may, fragments)
