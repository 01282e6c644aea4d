"""Busy times from a speaker's own calendar: fetched from its .ics address, and only spans are kept.

The address comes from a person and is not trusted: https alone, no private address whatever the name
resolves to, the connection goes to the very address that was looked at, no redirect is followed, and size,
time and number of events are bounded (CALENDARS 20).
"""

import contextlib
import hashlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from sqlalchemy import Select, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.imports import tries
from portal.outreach.talk_models import BusyTime, Speaker
from portal.reading import reader

MOST_BYTES = 2 * 1024 * 1024
SECONDS = 10
AGAIN = timedelta(hours=3)
LATER = timedelta(days=7)
"""When a calendar is tried again that failed three times: it is put aside, and the operator knows of it."""

ASIDE = "unreadable"
AHEAD = timedelta(days=366)
MOST_SPANS = 3000
TRANSLATED = tuple(
    map(
        ipaddress.ip_network,
        (
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "::/96",
            "fec0::/10",
            "192.88.99.0/24",
            "3fff::/20",
            "5f00::/16",
            "2001:20::/28",
            "100::/64",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.175.48.0/24",
        ),
    )
)
"""Addresses behind which a router puts any IPv4 address (RFC 6052, RFC 8215), retired kinds, and what IANA
keeps for special use (RFC 6890, RFC 9637, RFC 9602), some of which Python counts as global."""

_speaker = cast(Table, Speaker.__table__)
Fetch = Callable[[str], bytes]


class NoCalendar(Exception):
    """The address gives no calendar; the message is a code that the page words."""


def due(at: datetime) -> Select[int]:
    """Whose calendar is to be looked at again."""
    return (
        select(Speaker.person_id)
        .where(Speaker.calendar_url != "", Speaker.fetch_at <= at, Speaker.ended_at.is_(None))
        .order_by(Speaker.fetch_at)
    )


def refresh(
    database: Database, person_id: int, zone: str, at: datetime, fetch: Fetch | None = None
) -> None:
    """Fetch someone's calendar, outside every transaction, and keep the spans in which they are busy. What
    cannot be read leaves the last ones standing and says so."""
    with database.reading() as db:
        url = db.scalar(select(Speaker.calendar_url).where(Speaker.person_id == person_id))
    if not url:
        return
    key = _key(person_id, url)
    if not tries.begin(database, key, at):
        with database.writing() as db:
            _keep(db, person_id, url, ASIDE, [], at + LATER - AGAIN)
        return
    problem, spans = "", []
    try:
        raw = (fetch or fetched)(url)
        spans = reader.busy(raw, zone, at, at + AHEAD, MOST_SPANS)
    except NoCalendar as error:
        problem = str(error)
    except ValueError:
        problem = "unreadable"
    aside = bool(problem) and tries.fail(database, key, problem, at)
    with database.writing() as db:
        _keep(db, person_id, url, problem, spans, at + LATER - AGAIN if aside else at)
        if not problem:
            tries.succeed(db, key)


def _key(person_id: int, url: str) -> str:
    return f"calendar {person_id} {hashlib.sha256(url.encode()).hexdigest()[:32]}"


def _keep(
    db: Session,
    person_id: int,
    url: str,
    problem: str,
    spans: Iterable[tuple[datetime, datetime]],
    at: datetime,
) -> None:
    row = db.get(Speaker, person_id, with_for_update=True)
    if row is None or row.calendar_url != url:
        return  # they gave another address meanwhile
    values: dict[str, object] = {"fetch_at": at + AGAIN, "fetch_problem": problem}
    if not problem:
        values["fetched_at"] = at
    # past the row's version: what its owner types meanwhile is not stale because of us
    db.connection().execute(
        update(_speaker).where(_speaker.c.person_id == person_id).values(values)
    )
    if problem:
        return
    db.execute(delete(BusyTime).where(BusyTime.person_id == person_id))
    found = [{"person_id": person_id, "starts_at": a, "ends_at": b} for a, b in spans]
    if found:
        db.execute(insert(BusyTime), found)


def fetched(url: str) -> bytes:
    """What stands at an https address. Raises NoCalendar for everything that is not a plain answer."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    if parts.scheme != "https" or not host or parts.username or port not in (443, 8443):
        raise NoCalendar("address")
    path = parts.path or "/"
    return _read(host, port, path + (f"?{parts.query}" if parts.query else ""), _public(host, port))


def _public(host: str, port: int) -> str:
    """One address of a host; every one of them must be public."""
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise NoCalendar("host") from None
    if not found or not all(is_public(one) for one in found):
        raise NoCalendar("private")
    return min(found)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet; what is mapped into IPv6 counts as what it is."""
    one = ipaddress.ip_address(address.partition("%")[0])
    if any(one in network for network in TRANSLATED):
        return False
    mapped = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None)
    teredo = getattr(one, "teredo", None)
    inner = [mapped] if mapped else list(teredo) if teredo else []
    return one.is_global and not one.is_multicast and all(each.is_global for each in inner)


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was looked at, with the certificate of the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._safe = ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self._safe)
        self._address = address
        self.kept: socket.socket | None = None  # the library lets go of its own before the body

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), SECONDS)
        self.kept = self.sock = self._safe.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock.do_handshake()


def _read(host: str, port: int, path: str, address: str) -> bytes:
    """The answer's body. A server that drips is cut off: the timer shuts the connection, whatever it sends."""
    connection = _Pinned(host, port, address)
    timer = threading.Timer(3 * SECONDS, _shut, (connection,))
    timer.daemon = True
    timer.start()
    try:
        connection.request("GET", path, headers={"Accept": "text/calendar", "User-Agent": "portal"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise NoCalendar("answer")
        raw = b""
        while part := answer.read1(64 * 1024):
            raw += part
            if len(raw) > MOST_BYTES:
                raise NoCalendar("size")
        return raw
    except (OSError, http.client.HTTPException, ValueError, AttributeError):
        raise NoCalendar("answer") from None
    finally:
        timer.cancel()
        connection.close()


def _shut(connection: _Pinned) -> None:
    if connection.kept:
        with contextlib.suppress(OSError):
            connection.kept.shutdown(socket.SHUT_RDWR)
