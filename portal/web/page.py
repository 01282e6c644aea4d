"""The request wrapper: what happens around every view, written once.

GET: one read-only session, in which the view runs and the page is rendered.
POST: prepare (no transaction), one write transaction for the verb, then the page.
A view returns a Screen, a See (redirect after success), or a plain Response.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import anyio
from anyio import CapacityLimiter
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from portal.permissions import Permission
from portal.weather import is_weather, not_had_in_time
from portal.web import csrf
from portal.web.answers import (
    BUSY,
    CONFLICT,
    RETRY_SECONDS,
    Screen,
    See,
    error_page,
    gets_in_the_way,
    in_bad_weather,
    log,
    redirect,
    render,
    sign_in_first,
    told,
)
from portal.web.arguments import accepted
from portal.web.errors import Again, NotFound, Refused
from portal.web.forms import Form, NoForm
from portal.web.models import OnceValue
from portal.web.request import Request
from portal.web.saving_forms import save_form
from portal.web.turns import HASHING
from portal.web.undos import with_undo
from portal.web.uploads import forget_files, keep_files
from portal.words import text

View = Callable[..., Any]
OLD_PAGE = text("This page was open for a long time. Nothing was sent yet. Press the button again.")


@dataclass(frozen=True)
class Page:
    """One route and method: a view, the permission it takes, and how its requests run. One that is `idle` is
    asked for by an open page alone, and does not count as use of a session."""

    path: str
    view: View
    may: Permission
    fragments: tuple[str, ...] = ()
    idle: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["portal.route"] = self.path
        request = Request(scope, receive, send)
        response = await run_in_threadpool(self.answer, request)
        await response(scope, receive, send)

    @cached_property
    def route(self) -> Route:
        """Starlette's route for this page."""
        method = "POST" if isinstance(self, Post) else "GET"
        # Starlette cuts a body off with a bare line of text; up to this, the page says that it is too much.
        most = 3 * self.largest if isinstance(self, Post) and self.largest else None
        return Route(self.path, self, methods=[method], name=self.path, max_body_size=most)

    def answer(self, request: Request) -> Response:
        try:
            with request.portal.database.reading() as db:
                request.enter(db)
                if self.idle:
                    request.trails.clear()
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
    how many bytes it takes, where that is more than a form's (SECURITY I2), `fields` how many fields. `shape`
    gives the form's class where what it asks depends on what it is about. What whoever holds `staff_undo` does
    can be undone."""

    form: type[Form] = NoForm
    again: Page = field(kw_only=True)
    shape: Callable[..., type[Form]] = lambda _request, form, **_ids: form
    prepare: Callable[..., Any] | None = None
    turn: CapacityLimiter = HASHING
    largest: int | None = None
    fields: int = 1000
    staff_undo: Permission | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["portal.route"], scope["portal.again"] = self.path, self.again.path
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
            request.write_trails()  # what must be noted is noted, or there is no page
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
                save_form(request, self.form(), request.lapsed)
            if response := self.closed(request):
                return response
            if csrf.comes_from_elsewhere(request.headers, request.settings.origin):
                return error_page(request, 403)
            try:
                request.bound = self.shape(request, self.form, **request.ids)(data)
            except NotFound:
                return error_page(request, 404)
        sent = str(data.get(csrf.FIELD, ""))
        if not csrf.token_is_good(request.settings.secret_key, request.binding, sent):
            return self.refused(request, Refused(OLD_PAGE), status=403)
        if not request.bound.validate():
            return self.refused(request, None)
        return None

    def sent_from_here(self, request: Request) -> bool:
        """Whether a form of the session that is over carries its token: no one else leaves one behind."""
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
                    result = with_undo(request, self.staff_undo or self.may, self.verb)
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


def get(
    path: str, view: View, may: Permission, *, fragments: tuple[str, ...] = (), idle: bool = False
) -> Page:
    """A page at a path; `fragments` names the blocks that htmx may ask for alone."""
    return Page(path, view, may, fragments, idle)
