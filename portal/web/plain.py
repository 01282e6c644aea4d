"""Routes outside the wrapper: no viewer, no form. Health, the brand's colors, and files."""

import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text as sql
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from portal import schema
from portal.db import Database
from portal.permissions import Permission
from portal.settings import Settings
from portal.web.colors import brand_css
from portal.web.render import STATIC

LOOK_EVERY = 5.0
WRITES_WITHIN = 2.0
"""Seconds between two looks at whether something can be written, and for one of them."""

FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Plain:
    """A route that answers by itself; public, and named so like every other."""

    path: str
    answer: Callable[[Request], Awaitable[Response]]
    may: Permission = Permission.PUBLIC

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["portal.route"] = self.path
        response = await self.answer(Request(scope, receive, send))
        await response(scope, receive, send)


class _Files(StaticFiles):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A server that takes a path instead of the bytes would pass by the compression.
        await super().__call__({**scope, "extensions": {}}, receive, send)

    def file_response(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        """A file of ours; asked for by its content's mark, it may be kept for good."""
        response = super().file_response(*args, **kwargs)
        scope = args[2] if len(args) > 2 else kwargs["scope"]
        marked = scope["query_string"].startswith(b"v=")
        response.headers["cache-control"] = FOR_GOOD if marked else "public, max-age=3600"
        return response


def files() -> Mount:
    """Our own style sheets, scripts, pictures and fonts, compressed."""
    return Mount("/static", GZipMiddleware(_Files(directory=STATIC), minimum_size=500))


async def healthz(request: Request) -> Response:
    """Whether this process answers."""
    return JSONResponse({"status": "ok"})


def readyz(database: Database, write_something: Callable[[Session], None]) -> Plain:
    """Whether this process can work: the database answers, is at our version, and can be written to."""

    looked: list[tuple[float, str]] = []

    def writes() -> str:
        """Whether something can be written, found out by writing at most every few seconds."""
        if looked and time.monotonic() - looked[-1][0] < LOOK_EVERY:
            return looked[-1][1]
        try:
            with database.writing(WRITES_WITHIN) as db:
                write_something(db)
            found = "up"
        except Exception:
            found = "read-only"
        looked[:] = [(time.monotonic(), found)]
        return found

    def state() -> dict[str, str]:
        try:
            with database.reading() as db:
                version = schema.version_of(db.connection())
                db.execute(sql("SELECT 1"))
        except Exception:  # whatever it is, we are not ready, and the log of the work says more
            return {"status": "unavailable", "database": "down", "migrations": "unknown"}
        right = version == schema.newest()
        if right and (found := writes()) != "up":
            return {"status": "unavailable", "database": found, "migrations": "current"}
        return {
            "status": "ok" if right else "unavailable",
            "database": "up",
            "migrations": "current" if right else f"at {version}, need {schema.newest()}",
        }

    async def answer(request: Request) -> Response:
        found = await run_in_threadpool(state)
        return JSONResponse(found, 200 if found["status"] == "ok" else 503)

    return Plain("/readyz", answer)


def brand(settings: Settings) -> Plain:
    """The agency's color as a style sheet, since pages carry no style of their own."""
    css = brand_css(settings.brand_color)
    etag = f'"{hashlib.sha256(css.encode()).hexdigest()[:16]}"'

    async def answer(request: Request) -> Response:
        headers = {"etag": etag, "cache-control": "public, max-age=300"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return PlainTextResponse(css, media_type="text/css", headers=headers)

    return Plain("/brand.css", answer)


def logo(settings: Settings) -> Plain:
    """The agency's logo, a file named in the settings."""

    async def answer(request: Request) -> Response:
        if not settings.logo or not Path(settings.logo).is_file():
            return PlainTextResponse("Not Found", 404)
        return FileResponse(settings.logo, headers={"cache-control": "public, max-age=3600"})

    return Plain("/logo", answer)
