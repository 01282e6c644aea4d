"""A real server for tests and measurements: `portal serve` in processes of its own, on loopback."""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from portal.settings import Settings

STARTS_WITHIN = 40


@dataclass
class Server:
    """A running server: its address and its process group."""

    address: str
    process: "subprocess.Popen[bytes]"
    log: Path | None = None
    host: str = ""
    settings: Settings | None = None

    @property
    def group(self) -> int:
        return os.getpgid(self.process.pid)

    def kill(self) -> None:
        """SIGKILL for all its processes at once."""
        os.killpg(self.group, signal.SIGKILL)
        self.process.wait(10)


_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_PORTS = itertools.count(20_000 + 500 * _WORKER + 100 * (os.getpid() % 5))
"""Below those that the system gives to connections, and some of its own for each worker of a run: between asking
for a port and serving on it, no one else takes it."""


def free_port() -> int:
    """A port no one listens on."""
    for port in _PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("ports never end")


@contextlib.contextmanager
def running_server(
    settings: Settings, port: int, workers: int = 2, log: Path | None = None
) -> Iterator[Server]:
    """Serve for the length of the block."""
    address = f"http://127.0.0.1:{port}"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    environ |= replace(settings, base_url=address).environ()
    command = [
        sys.executable,
        "-m",
        "portal",
        "serve",
        "--port",
        str(port),
        "--workers",
        str(workers),
    ]
    with (log or Path(os.devnull)).open("wb") as out:
        process = subprocess.Popen(
            command, env=environ, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    server = Server(address, process, log, settings=settings)
    try:
        wait_until_ready(server, workers)
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def wait_until_ready(server: Server, workers: int) -> None:
    """Wait for the server to answer and, where there is a log, for each process to have said so."""
    ends = time.monotonic() + STARTS_WITHIN
    host = {"host": server.host} if server.host else {}
    asking = urllib.request.Request(f"{server.address}/readyz", headers=host)
    while time.monotonic() < ends:
        if server.process.poll() is not None:
            said = server.log.read_text() if server.log else ""
            raise RuntimeError(f"the server ended with {server.process.returncode}: {said[-2000:]}")
        try:
            with urllib.request.urlopen(asking, timeout=5) as answer:
                if answer.status == 200 and _started(server) >= workers:
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.05)
    raise RuntimeError("the server did not get ready")


def _started(server: Server) -> int:
    return server.log.read_text().count('"message": "ready"') if server.log else 2**31
