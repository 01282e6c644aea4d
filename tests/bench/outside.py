"""The portal over HTTP: worker processes, and clients that keep their connection like browsers do."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from portal.settings import Settings
from tests.bench import world
from tests.bench.inside import token
from tests.server import free_port, running_server

SECONDS = 6


class Client:
    """One kept-alive connection. Requests are ready bytes, so that the client costs little."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> int:
        """Send a request and read its whole answer; gives the status."""
        self.socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        missing = length - len(body)
        while missing > 0:
            missing -= len(self._more())
        return int(head[9:12])

    def _more(self) -> bytes:
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def get(path: str, cookie: str) -> bytes:
    """A GET as bytes."""
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n\r\n".encode()


def post(path: str, cookie: str, form: dict[str, Any]) -> bytes:
    """A form as bytes."""
    body = urlencode(form)
    return (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n"
        f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    ).encode()


def load(
    port: int, clients: int, seconds: float, requests: Callable[[int], Iterator[bytes]]
) -> dict[str, Any]:
    """Let so many clients send one request after the other; gives rate, latencies and statuses."""
    spent: list[float] = []
    statuses: dict[int, int] = {}
    errors: list[str] = []
    ends = time.perf_counter() + seconds

    def run(number: int) -> None:
        try:
            client = Client(port)
            for request in requests(number):
                started = time.perf_counter()
                if started > ends:
                    break
                status = client.send(request)
                spent.append(time.perf_counter() - started)
                statuses[status] = statuses.get(status, 0) + 1
        except (OSError, IndexError) as error:
            errors.append(repr(error))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ordered = sorted(spent) or [0.0]
    return {
        "per second": round(len(spent) / seconds, 1),
        "p50 ms": round(ordered[len(ordered) // 2] * 1000, 1),
        "p99 ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "errors": errors,
    }


def memory(group: int) -> float:
    """MiB of a process group, shared pages counted once (PSS)."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(folder.name)) == group:
                lines = (folder / "smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except (OSError, ProcessLookupError):
            continue
    return round(total / 1024, 1)


def measure(url: str, settings: Settings, say: Callable[..., None]) -> dict[str, Any]:
    """List and sign-ups at 1 and 16 clients on a database, with 2 workers."""
    database, made = world.fresh(url, 2000)
    database.dispose()
    settings = replace(settings, database_url=url)
    port, found = free_port(), {}
    with running_server(settings, port, workers=2) as server:
        pages = {"list": lambda number: iter(lambda: get("/shifts", "visit=abcdefghijklm"), None)}
        taken: dict[int, int] = {}

        def sign_ups(number: int) -> Iterator[bytes]:
            """Each client acts for its own people, who take one shift after the other."""
            own = range(number, len(made.cookies), 16)
            for shift, slot in made.shifts[taken.get(number, 0) :]:
                taken[number] = taken.get(number, 0) + 1
                for person in own:
                    cookie = made.cookies[person]
                    form = {"csrf": token(settings.secret_key, cookie), "slot": slot}
                    yield post(f"/shifts/{shift}/signup", f"session={cookie}", form)

        pages["sign-up"] = sign_ups
        load(port, 8, 2, pages["list"])
        for name, requests in pages.items():
            for clients in (1, 16):
                one = found[f"{name}, {clients} clients"] = load(port, clients, SECONDS, requests)
                say(f"  {url.split(':')[0]:10} {name:8} {clients:>2} clients: {one}")
        found["MiB"] = memory(server.group)
        say(f"  {url.split(':')[0]:10} memory: {found['MiB']} MiB (PSS of all processes)")
    return found
