"""Running the server: worker processes that share one port, drain on SIGTERM, and say nothing extra."""

import gc
import os
import socket
import sys
from pathlib import Path

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.server import Server

from portal import schema
from portal.db import Database
from portal.folders import world_readable
from portal.settings import Settings, SettingsError

DRAIN_SECONDS = 20
"""How long a stopping worker may finish what it is doing."""

HEADERS_WITHIN_MS = 10_000
"""How long a client may take to send its headers (SECURITY V2)."""


def problems(settings: Settings) -> list[str]:
    """Everything that keeps these settings from being served (SECURITY X1)."""
    found = [] if settings.demo else settings.problems_of_serving()
    path = sqlite_path(settings)
    if path and world_readable(path):
        found.append(f"{path} can be read by everyone on this machine. Run: chmod 600 {path}")
    return found


def sqlite_path(settings: Settings) -> Path | None:
    """The SQLite file of these settings; None for PostgreSQL."""
    prefix = "sqlite:///"
    if not settings.database_url.startswith(prefix):
        return None
    return Path(settings.database_url.removeprefix(prefix))


def port_is_free(host: str, port: int) -> bool:
    """Whether no one listens there yet."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def settle_memory() -> None:
    """Take everything that was loaded by now out of the garbage collector's sight: it stays as long as the
    process, and worker processes go on sharing its memory."""
    gc.collect()
    gc.freeze()


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT. Raises SettingsError or db.Unfit instead of starting wrongly."""
    if wrong := problems(settings):
        raise SettingsError(wrong)
    if not port_is_free(host, port):
        raise SettingsError([f"Port {port} is in use. Choose another one with --port."])
    database = Database(settings.database_url)
    try:
        database.check()
        schema.check(database)
    finally:
        database.dispose()
    os.environ.update(settings.environ())
    sys.stdout.flush()
    settle_memory()
    Server(
        "portal.app:from_environment",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
        loop=Loops.uvloop,
        websockets=False,
        backlog=1024,
        backpressure=256,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=DRAIN_SECONDS,
    ).serve()
