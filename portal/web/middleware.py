"""The outermost frame: security headers on every answer, one log line a request, a limit on load.

It wraps the whole application, so that a 500 carries the headers too (SECURITY O3).
"""

import json
import logging
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import anyio
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.web.htmx import VARY

log = logging.getLogger("portal.requests")

CONTENT_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    ]
)
HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
BODY_SECONDS = 20.0
SLOWEST = 16 * 1024
"""A body arrives within 20 seconds, and a second more for each 16 KiB of it."""

AT_MOST = 128
"""Requests a process works on at once; above it the answer is 503 (SECURITY V2)."""


class Frame:
    """Wraps an application; see the module."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        secure: bool,
        at_most: int = AT_MOST,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self.app = app
        self.at_most = at_most
        self.body_seconds = body_seconds
        self.running = 0
        self.headers: Mapping[str, str] = HEADERS | (
            {"strict-transport-security": STRICT_TRANSPORT} if secure else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started, status = time.monotonic(), 0
        scope["portal.id"] = secrets.token_hex(8)

        async def framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self.add_headers(message, scope["portal.id"])
            await send(message)

        self.running += 1
        try:
            app = self.app if self.running <= self.at_most else too_busy
            await app(scope, within(receive, self.body_seconds), framed)
        except Exception:
            log.exception("failed", extra={"id": scope["portal.id"]})
            if not status:
                await PlainTextResponse("Internal Server Error", 500)(scope, receive, framed)
        finally:
            self.running -= 1
            spent = round((time.monotonic() - started) * 1000, 1)
            log.info("request", extra=facts(scope) | {"status": status, "ms": spent})

    def add_headers(self, message: Message, request_id: str) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        headers.setdefault("cache-control", "no-store")
        headers.add_vary_header(VARY)
        headers["x-request-id"] = request_id
        headers["server"] = "portal"  # else the server names itself


def within(receive: Receive, seconds: float) -> Receive:
    """The same, for a body that arrives in time: `seconds`, and more for what has come at a slow phone's
    speed. Raises a 408 for a client that is slower (SECURITY V6)."""
    until, done = time.monotonic() + seconds, False

    async def timed() -> Message:
        nonlocal until, done
        if done:  # the body is here; what comes now is that the client went away
            return await receive()
        with anyio.move_on_after(max(0.0, until - time.monotonic())) as scope:
            message = await receive()
        if scope.cancelled_caught:
            raise HTTPException(408)
        until += len(message.get("body", b"")) / SLOWEST
        done = not message.get("more_body", False)
        return message

    return timed


async def too_busy(scope: Scope, receive: Receive, send: Send) -> None:
    """Say that this process has enough to do, and when to come back."""
    response = PlainTextResponse(
        "The portal is very busy. Please try again in a few seconds.",
        503,
        {"retry-after": "2"},
    )
    await response(scope, receive, send)


def facts(scope: Scope) -> dict[str, Any]:
    """What a log line says of a request: the route's pattern and ids, never an address with a token."""
    ids = {
        name: value for name, value in scope.get("path_params", {}).items() if type(value) is int
    }
    return {
        "id": scope["portal.id"],
        "method": scope["method"] if scope["method"].isalpha() else "?",
        "route": scope.get("portal.route", "-"),
        **ids,
    }


class JsonLines(logging.Formatter):
    """One line of JSON for each record; nothing a visitor sends can start a new line (X4)."""

    plain = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in record.__dict__.items() if key not in self.plain}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def log_to_stderr(level: int = logging.INFO) -> None:
    """Send every log record to standard error, as JSON lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
