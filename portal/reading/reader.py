"""Asking the reader: one child process for each of ours, killed by the clock when it takes too long.

A file from outside can loop, recurse, or grow without end in the libraries that read it. It does so in a
process of its own, outside every transaction; what cannot be read is `Unreadable`, with a reason that
stands in a report. The child is started with exec in a session of its own, never forked: the server's
workers carry threads (SECURITY I7).
"""

import atexit
import contextlib
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.ical_blocks import WrongCalendar
from portal.ical_reading import Series
from portal.ical_replies import Reply
from portal.reading import shapes
from portal.reading.frames import BadFrame, packed, read_frame
from portal.tables import Line, WrongFile
from portal.words import said_again, text

log = logging.getLogger(__name__)

SECONDS: Mapping[str, int] = {
    "calendar": 30, "busy": 20, "mail": 10, "header": 5, "lines": 20, "picture": 15,
}  # fmt: skip
"""How long each kind may take, in seconds of processor time and by the clock."""


IDLE_SECONDS = 45.0
"""A child that was idle for longer is replaced: it ends by itself after a minute, perhaps just now."""


NOT_READ = text("We couldn't read this file. Save it again and import it again.")


class Unreadable(Exception):
    """A file that broke its reader, or took more than it may; the message says which."""


class _Reader:
    """One child process, started when it is needed. One question at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._used = 0.0

    def ask(self, kind: str, data: bytes, given: Mapping[str, Any]) -> tuple[Any, bytes]:
        """What the child finds in some bytes. Raises Unreadable for what breaks it."""
        seconds = SECONDS[kind]
        frame = packed({"kind": kind, "given": given, "seconds": seconds}, data)
        with self._lock:
            answer = self._asked(frame, kind, time.monotonic() + seconds)
        head, body = answer
        if "broken" in head:
            raise Unreadable(f"it cannot be read ({head['broken']})")
        if "wrong" in head:
            wrong = WrongFile(said_again(head["wrong"]))
            wrong.hint = head.get("hint", "")
            raise wrong
        return head["found"], body

    def _asked(self, frame: bytes, kind: str, until: float) -> tuple[Any, bytes]:
        for first in (True, False):
            child = self._running()
            pipe = _Pipe(child, until)
            try:
                pipe.write(frame)
                answer = read_frame(pipe.read)
            except _TooLong:
                self.end()
                log.warning("a reader was ended", extra={"file": kind, "why": "time"})
                raise Unreadable("it takes too long to read") from None
            except (OSError, BadFrame):
                answer = None
            if answer is not None:
                self._used = time.monotonic()
                if answer[0].get("last"):
                    self.end()
                return answer
            self.end()
            if not (first and pipe.was_gone):  # it had ended by itself before it was asked
                break
        log.warning("a reader was ended", extra={"file": kind, "why": "limits"})
        raise Unreadable("it is too large or too deep to read")

    def _running(self) -> subprocess.Popen[bytes]:
        idle = time.monotonic() - self._used
        if self._child is None or self._child.poll() is not None or idle > IDLE_SECONDS:
            self.end()
            self._used = time.monotonic()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "portal.reading.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                cwd="/",
                start_new_session=True,
                bufsize=0,
            )
        return self._child

    def end(self) -> None:
        """Kill the child, whatever it does."""
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                stream.close()


class _TooLong(Exception):
    """The clock ran out."""


class _Pipe:
    """The child's two pipes, with one deadline for everything."""

    def __init__(self, child: subprocess.Popen[bytes], until: float) -> None:
        assert child.stdin
        assert child.stdout
        self._to, self._from, self._until = child.stdin.fileno(), child.stdout.fileno(), until
        os.set_blocking(self._to, False)
        self.was_gone = False

    def write(self, data: bytes) -> None:
        """Send all of it."""
        view = memoryview(data)
        while view:
            self._wait([], [self._to])
            try:
                view = view[os.write(self._to, view) :]
            except BrokenPipeError:
                self.was_gone = len(view) == len(data)
                raise
            except BlockingIOError:
                continue

    def read(self, size: int) -> bytes:
        """Exactly so many bytes; b"" when the child is gone."""
        found = bytearray()
        while len(found) < size:
            self._wait([self._from], [])
            part = os.read(self._from, min(size - len(found), 1024 * 1024))
            if not part:
                return b""
            found += part
        return bytes(found)

    def _wait(self, reads: Sequence[int], writes: Sequence[int]) -> None:
        left = self._until - time.monotonic()
        if left <= 0 or not any(select.select(reads, writes, [], left)):
            raise _TooLong


_reader = _Reader()
atexit.register(_reader.end)


def end_reader() -> None:
    """End this process's reader; the next question starts another."""
    _reader.end()


def calendar(data: bytes, zone: str, last: datetime) -> list[Series]:
    """Every event of a calendar file; see `ical_reading.read_calendar`. Raises WrongCalendar."""
    try:
        found, _ = _reader.ask("calendar", data, {"zone": zone, "last": last.isoformat()})
    except WrongFile as error:
        raise WrongCalendar(error.words) from None
    except Unreadable as error:
        raise WrongCalendar(NOT_READ) from error
    return [shapes.series_in(one) for one in found]


def busy(
    data: bytes, zone: str, first: datetime, last: datetime, most: int
) -> list[tuple[datetime, datetime]]:
    """When a calendar's owner is busy; see `ical_reading.busy_spans`. Raises ValueError."""
    given = {"zone": zone, "first": first.isoformat(), "last": last.isoformat(), "most": most}
    try:
        found, _ = _reader.ask("busy", data, given)
    except (WrongFile, Unreadable) as error:
        raise ValueError(str(error)) from None
    return [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in found]


def mail(raw: bytes) -> list[Reply]:
    """The calendar answers in a mail. Raises Unreadable."""
    try:
        found, _ = _reader.ask("mail", raw, {})
    except WrongFile as error:
        raise Unreadable(str(error)) from None
    return [shapes.reply_in(one) for one in found]


def header(data: bytes) -> list[str]:
    """The headings of a table. Raises WrongFile."""
    try:
        found, _ = _reader.ask("header", data, {})
    except Unreadable as error:
        raise WrongFile(NOT_READ) from error
    return list(found)


def lines(
    data: bytes,
    ours: Sequence[str],
    needed: str,
    renamed: Mapping[str, str],
    only: Mapping[str, str],
) -> list[Line]:
    """The lines of a table; see `tables.lines_of`. Raises WrongFile."""
    given = {
        "ours": list(ours),
        "needed": needed,
        "renamed": dict(renamed),
        "only": dict(only),
    }
    try:
        found, _ = _reader.ask("lines", data, given)
    except Unreadable as error:
        raise WrongFile(NOT_READ) from error
    return [shapes.line_in(one) for one in found]


def picture(*files: bytes) -> tuple[str, bytes]:
    """What a paper is by the content of its files, and its bytes cleaned; see `pictures.judge_all`. Raises
    ValueError."""
    try:
        sizes = [len(one) for one in files]
        kind, body = _reader.ask("picture", b"".join(files), {"sizes": sizes})
    except (WrongFile, Unreadable) as error:
        raise ValueError(str(error)) from None
    return str(kind), body
