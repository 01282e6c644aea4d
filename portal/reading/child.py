"""The reader: a process of its own that reads one file after another, within limits (SECURITY I7).

Started by `reader.py` with `python -m portal.reading.child`. It is given no database, no settings
and no secrets; it gets bytes and gives back JSON. It ends by itself when no one asks for a minute, when it
grew, or when its parent is gone.
"""

import os
import resource
import select
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from portal.ical_blocks import WrongCalendar
from portal.ical_busy import busy_spans
from portal.ical_reading import read_calendar
from portal.reading import shapes
from portal.reading.frames import packed, read_frame
from portal.reading.mail import answers_in
from portal.reading.pictures import judge_all
from portal.tables import WrongFile, header_of, lines_of
from portal.words import kept

IDLE_SECONDS = 60.0
MEMORY = 768 * 1024 * 1024
"""The most address space of the process. Measured: 190 MiB after loading, 420 MiB for a 25-megapixel PNG."""

GROWN = 250 * 1024 * 1024
"""A process that is larger than this says that it was its last answer, and ends, which gives
its memory back."""

Answer = tuple[Any, bytes]


def _calendar(data: bytes, given: Mapping[str, Any]) -> Answer:
    found = read_calendar(data, given["zone"], datetime.fromisoformat(given["last"]))
    return [shapes.series_out(one) for one in found], b""


def _busy(data: bytes, given: Mapping[str, Any]) -> Answer:
    first, last = (datetime.fromisoformat(given[name]) for name in ("first", "last"))
    spans = busy_spans(data, given["zone"], first, last, given["most"])
    return [(a.isoformat(), b.isoformat()) for a, b in spans], b""


def _mail(data: bytes, given: Mapping[str, Any]) -> Answer:
    return [shapes.reply_out(one) for one in answers_in(data)], b""


def _header(data: bytes, given: Mapping[str, Any]) -> Answer:
    return header_of(data), b""


def _lines(data: bytes, given: Mapping[str, Any]) -> Answer:
    found = lines_of(data, given["ours"], given["needed"], given["renamed"], given["only"])
    return [shapes.line_out(one) for one in found], b""


def _picture(data: bytes, given: Mapping[str, Any]) -> Answer:
    files, start = [], 0
    for size in given["sizes"]:
        files.append(data[start : start + size])
        start += size
    return judge_all(files)


KINDS: Mapping[str, Callable[[bytes, Mapping[str, Any]], Answer]] = {
    "calendar": _calendar, "busy": _busy, "mail": _mail, "header": _header, "lines": _lines,
    "picture": _picture,
}  # fmt: skip


def answered(kind: str, data: bytes, given: Mapping[str, Any]) -> bytes:
    """The answer to one question, whatever the file does to its reader."""
    try:
        found, body = KINDS[kind](data, given)
        return packed({"found": found, "last": _grown()}, body)
    except WrongFile as error:
        return packed({"wrong": kept(error.words), "hint": error.hint})
    except WrongCalendar as error:
        return packed({"wrong": kept(error.words)})
    except ValueError as error:
        return packed({"wrong": str(error)})
    except (Exception, RecursionError) as error:
        return packed({"broken": type(error).__name__})


def _grown() -> bool:
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * resource.getpagesize() > GROWN
    except OSError:  # a system without it
        return False


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (most, most))


def _allow_seconds(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _read_exactly(size: int) -> bytes:
    found = b""
    while len(found) < size:
        part = os.read(0, min(size - len(found), 1024 * 1024))
        if not part:
            return b""
        found += part
    return found


def main() -> None:
    """Answer until no one asks for a while."""
    _limit()
    while select.select([0], [], [], IDLE_SECONDS)[0]:
        asked = read_frame(_read_exactly)
        if asked is None:
            return
        head, data = asked
        _allow_seconds(head["seconds"])
        answer = answered(head["kind"], data, head["given"])
        while answer:
            answer = answer[os.write(1, answer) :]
        if _grown():
            return


if __name__ == "__main__":
    sys.setrecursionlimit(2000)
    main()
