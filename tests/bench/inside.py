"""The cost of one request inside a process: our application called like a server calls it."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import anyio.to_thread

from portal.web import csrf

ROUNDS = 9


async def call(
    app: Any, method: str, path: str, *, cookie: str = "", form: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes]:  # fmt: skip
    """One request to an ASGI application; gives status and body."""
    path, _, query = path.partition("?")
    body = urlencode(form).encode() if form else b""
    raw = [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())]
    raw += [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    if form:
        raw += [
            (b"content-type", b"application/x-www-form-urlencoded"),
            (b"content-length", str(len(body)).encode()),
        ]
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "headers": raw, "scheme": "http",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 5000),
    }  # fmt: skip
    status, sent = 0, []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            sent.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, b"".join(sent)


def cpu(works: dict[str, Callable[[], Awaitable[None]]], times: int) -> dict[str, float]:
    """Milliseconds of CPU of each work, the median of rounds that take turns."""

    async def run() -> dict[str, list[float]]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 3
        spent: dict[str, list[float]] = {name: [] for name in works}
        for work in works.values():
            for _ in range(5):
                await work()
        for _ in range(ROUNDS):
            for name, work in works.items():
                started = time.process_time()
                for _ in range(times):
                    await work()
                spent[name].append((time.process_time() - started) / times * 1000)
        return spent

    return {name: round(statistics.median(found), 3) for name, found in asyncio.run(run()).items()}


def token(secret: str, cookie: str) -> str:
    """The form token that belongs to a session cookie."""
    return csrf.token(secret, cookie)
