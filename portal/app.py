"""The application: the one module that knows every domain, and wires what must flow upward."""

import logging
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from granian.utils.proxies import wrap_asgi_with_proxy_headers
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request as PlainRequest
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from portal import __version__, clock, schema
from portal.act import Act, Ref
from portal.audit.log import record
from portal.autofill import domain as autofill
from portal.calendars import domain as calendars
from portal.cases import domain as cases
from portal.closings import domain as closings
from portal.db import Database
from portal.demo import routes as demo_routes
from portal.directory import domain as directory
from portal.domain import Domain
from portal.files import domain as files
from portal.guests import domain as guests
from portal.guide import domain as guide
from portal.home import domain as home
from portal.hours import domain as hours
from portal.incidents import domain as incidents
from portal.kiosks import domain as kiosks
from portal.lifecycle import domain as lifecycle
from portal.meetings import domain as meetings
from portal.merging import domain as merging
from portal.messages.models import Mark
from portal.operating import domain as operating
from portal.outbox import domain as outbox
from portal.outbox import routes as outbox_routes
from portal.outreach import domain as outreach
from portal.oversight import domain as oversight
from portal.people import domain as people
from portal.people.sessions import load_viewer
from portal.permissions import Permission, Viewer
from portal.programs import domain as programs
from portal.recruitment import domain as recruitment
from portal.reports import domain as reports
from portal.requirements import domain as requirements
from portal.screening import domain as screening
from portal.search import domain as search
from portal.settings import Settings
from portal.shifts import domain as shifts
from portal.swaps import domain as swaps
from portal.training import domain as training
from portal.undo import domain as undo
from portal.web import plain
from portal.web.answers import error_page
from portal.web.errors import NotFound
from portal.web.ids import as_id
from portal.web.middleware import Frame, log_to_stderr
from portal.web.page import Page, get
from portal.web.render import Renderer
from portal.web.request import Request
from portal.web.routing import ByFirstPart
from portal.web.shared import Entry, Portal

log = logging.getLogger(__name__)

LARGEST_BODY = 1024 * 1024

DOMAINS: Sequence[Domain] = (
    home.DOMAIN,
    shifts.DOMAIN,
    closings.DOMAIN,
    people.DOMAIN,
    directory.DOMAIN,
    programs.DOMAIN,
    hours.DOMAIN,
    requirements.DOMAIN,
    training.DOMAIN,
    recruitment.DOMAIN,
    screening.DOMAIN,
    incidents.DOMAIN,
    outreach.DOMAIN,
    guests.DOMAIN,
    kiosks.DOMAIN,
    autofill.DOMAIN,
    swaps.DOMAIN,
    meetings.DOMAIN,
    cases.DOMAIN,
    lifecycle.DOMAIN,
    oversight.DOMAIN,
    merging.DOMAIN,
    reports.DOMAIN,
    calendars.DOMAIN,
    files.DOMAIN,
    guide.DOMAIN,
    outbox.DOMAIN,
    undo.DOMAIN,
    search.DOMAIN,
    operating.DOMAIN,
)
"""Every domain; the one with the busiest pages first, since routes are tried in order."""

NAVIGATION: Sequence[Entry] = sorted(
    (entry for domain in DOMAINS for entry in domain.navigation), key=lambda one: one.rank
)


class _Id(IntegerConvertor):
    """An id in an address: digits that fit every database's integer."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        """The id; 0, which nothing has, for a number beyond them."""
        return as_id(value) or 0


register_url_convertor("id", _Id())


def pages(settings: Settings) -> list[Page]:
    """Every page of the portal."""
    found = [page for domain in DOMAINS for page in domain.pages]
    found.append(outbox_routes.outbox(demo=settings.demo))
    return [*found, *demo_routes.pages] if settings.demo else found


def create_app(
    settings: Settings, database: Database | None = None, renderer: Renderer | None = None
) -> ASGIApp:
    """The application for one agency's settings; its parts can be shared with another one."""
    database = database or Database(settings.database_url, settings.threads)
    app = Starlette(
        routes=_routes(settings, database),
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=_hosts(settings))],
        exception_handlers={HTTPException: _refuse, Exception: _fail},
        lifespan=_lifespan,
        max_body_size=LARGEST_BODY,
    )
    app.state.portal = Portal(
        settings=settings,
        database=database,
        renderer=renderer or Renderer(settings),
        load_viewer=load_viewer,
        on_denied=_note_denial,
        navigation=NAVIGATION,
        domains=DOMAINS,
        gives={kind: it for domain in DOMAINS for kind, it in domain.gives.items()},
    )
    framed: ASGIApp = Frame(app, secure=settings.secure)
    if settings.trusted_proxy:
        framed = _behind_proxy(framed, settings.trusted_proxy)
    return demo_routes.only_on_loopback(framed) if settings.demo else framed


def _behind_proxy(app: ASGIApp, proxy: str) -> ASGIApp:
    """Believe this proxy, and no one else, who the visitor is (SECURITY I4)."""
    told = wrap_asgi_with_proxy_headers(app, proxy)

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        await told(scope, receive, send)

    return behind


def from_environment() -> ASGIApp:
    """The application of a worker process."""
    log_to_stderr()
    return create_app(Settings.read(os.environ))


def _routes(settings: Settings, database: Database) -> list[BaseRoute]:
    by_themselves = [
        plain.Plain("/healthz", plain.healthz),
        plain.readyz(database, _write_something),
        plain.brand(settings),
        plain.logo(settings),
    ]
    everything_else = get("/{path:path}", _nothing_here, Permission.PUBLIC)
    routes: list[Route | Mount] = [
        *(Route(one.path, one, methods=["GET"]) for one in by_themselves),
        plain.files(),
        *(page.route for page in [*pages(settings), everything_else]),
    ]
    return [ByFirstPart(routes)]


def _write_something(db: Session) -> None:
    """The smallest change, for finding out whether the database takes any."""
    mark = db.get(Mark, "readyz")
    if mark is None:
        db.add(Mark(name="readyz", at=clock.now()))
    else:
        mark.at = clock.now()


def _hosts(settings: Settings) -> list[str]:
    return [settings.host, "127.0.0.1", "localhost"] if settings.demo else [settings.host]


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    shared: Portal = app.state.portal
    shared.database.check()
    schema.check(shared.database)
    anyio.to_thread.current_default_thread_limiter().total_tokens = shared.settings.threads
    log.info("ready", extra={"process_id": os.getpid(), "version": __version__})
    yield
    shared.database.dispose()


def _nothing_here(request: Request) -> Any:
    raise NotFound


def _note_denial(db: Session, viewer: Viewer, permission: Permission, at: Any) -> None:
    record(Act(db, viewer, at), "denied", Ref("permission", None), permission.value)


def _refuse(plain_request: PlainRequest, error: Exception) -> Response:
    """A request that could not be read, or asks in a way nothing here answers to."""
    assert isinstance(error, HTTPException)
    response = error_page(_ours(plain_request), error.status_code)
    response.headers.update(error.headers or {})
    return response


def _fail(plain_request: PlainRequest, error: Exception) -> Response:
    """Something of ours broke; the log has it under this request's id."""
    return error_page(_ours(plain_request), 500)


def _ours(request: PlainRequest) -> Request:
    return Request(request.scope, request.receive)
