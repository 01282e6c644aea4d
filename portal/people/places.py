"""Browsers and networks from which a person signed in before: others' failures elsewhere do not lock them out.

A browser is known by a random cookie, a network by its address (IPv6: by its /64). Both are kept as keyed
hashes, so the database names no address (SECURITY A4).
"""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.people.identity_models import KnownPlace
from portal.settings import Settings

KEPT = timedelta(days=180)
"""How long a browser or a network stays known after the last sign-in from there."""

COOKIE = "known"


@dataclass(frozen=True)
class Place:
    """Where a request comes from: the hash of its browser's cookie ("" for a new browser), the network in
    plain for counting, and the network's hash."""

    browser: str
    network: str
    network_hash: str


def network_of(host: str) -> str:
    """The network that an address counts as: itself, or an IPv6 address's /64; "" for no address."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host[:45]
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ip_network((address, 64), strict=False))
    return str(address)


def place_of(settings: Settings, cookie: str, host: str) -> Place:
    """The place behind a browser's cookie and a client's address."""
    network = network_of(host)
    return Place(
        _hash(settings, f"browser:{cookie}") if cookie else "",
        network,
        _hash(settings, f"network:{network}"),
    )


def _hash(settings: Settings, value: str) -> str:
    key = settings.secret_key.encode()
    return hmac.new(key, f"place {value}".encode(), hashlib.sha256).hexdigest()


def known(db: Session, people: Collection[int], place: Place) -> tuple[bool, bool]:
    """Whether one of some people signed in before from this browser, and from this network."""
    found = set(
        db.scalars(
            select(KnownPlace.place_hash).where(
                KnownPlace.person_id.in_([*people, 0]),
                KnownPlace.place_hash.in_([place.browser, place.network_hash]),
            )
        )
    )
    return place.browser in found, place.network_hash in found


def passed_second_step(db: Session, person_id: int, place: Place, at: datetime, days: int) -> bool:
    """Whether a person entered an emailed code on this browser within so many days."""
    passed = select(KnownPlace.second_at).where(
        KnownPlace.person_id == person_id,
        KnownPlace.place_hash == place.browser,
        KnownPlace.second_at > at - timedelta(days=days),
    )
    return bool(place.browser) and db.scalar(passed) is not None


def remember(
    db: Session, person_id: int, place: Place, at: datetime, *, second: bool = False
) -> None:
    """Note that a person signed in from here; `second` if the second step was passed, too."""
    db.execute(delete(KnownPlace).where(KnownPlace.seen_at < at - KEPT))
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    for one in filter(None, (place.browser, place.network_hash)):
        row = insert(KnownPlace).values(person_id=person_id, place_hash=one, seen_at=at)
        db.execute(
            row.on_conflict_do_update(
                index_elements=["person_id", "place_hash"], set_={"seen_at": at}
            )
        )
    if second and place.browser:
        here = (KnownPlace.person_id == person_id, KnownPlace.place_hash == place.browser)
        db.execute(update(KnownPlace).where(*here).values(second_at=at))
