"""Busy times from a speaker's own calendar: fetched from its .ics address, and only spans are kept.

The address comes from a person and is not trusted: https alone, no private address whatever the name
resolves to, the connection goes to the very address that was looked at, no redirect is followed, and size,
time and number of events are bounded (CALENDARS 20).
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.ical_reading import busy_spans
from portal.outreach.talk_models import BusyTime, Speaker

MOST_BYTES = 2 * 1024 * 1024
SECONDS = 10
AGAIN = timedelta(hours=3)
AHEAD = timedelta(days=366)
MOST_SPANS = 3000
TRANSLATED = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48")))
"""Addresses behind which a router puts any IPv4 address (RFC 6052, RFC 8215)."""

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
    """Fetch somebody's calendar, outside every transaction, and keep the spans in which they are busy. What
    cannot be read leaves the last ones standing and says so."""
    with database.reading() as db:
        url = db.scalar(select(Speaker.calendar_url).where(Speaker.person_id == person_id))
    if not url:
        return
    problem, spans = "", []
    try:
        raw = (fetch or fetched)(url)
        spans = list(busy_spans(raw, zone, at, at + AHEAD, MOST_SPANS))
    except NoCalendar as error:
        problem = str(error)
    except ValueError:
        problem = "unreadable"
    with database.writing() as db:
        _keep(db, person_id, url, problem, spans, at)


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
    row.fetch_at, row.fetch_problem = at + AGAIN, problem
    if problem:
        return
    row.fetched_at = at
    db.execute(delete(BusyTime).where(BusyTime.person_id == person_id))
    values = [{"person_id": person_id, "starts_at": a, "ends_at": b} for a, b in spans]
    if values:
        db.execute(insert(BusyTime), values)


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

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), SECONDS)
        self.sock = self._safe.wrap_socket(plain, server_hostname=self.host)


def _read(host: str, port: int, path: str, address: str) -> bytes:
    connection = _Pinned(host, port, address)
    until = time.monotonic() + 3 * SECONDS
    try:
        connection.request("GET", path, headers={"Accept": "text/calendar", "User-Agent": "portal"})
        answer = connection.getresponse()
        if answer.status != 200:
            raise NoCalendar("answer")
        raw = b""
        while part := answer.read(64 * 1024):
            raw += part
            if len(raw) > MOST_BYTES or time.monotonic() > until:
                raise NoCalendar("size")
        return raw
    except (OSError, http.client.HTTPException, ValueError):
        raise NoCalendar("answer") from None
    finally:
        connection.close()
