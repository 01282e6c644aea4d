"""How often one may try to sign in: counted in the database, per account and network, and per network.

Nothing is locked for good: a window ends after fifteen minutes. A stranger's failures count where the
stranger is, so they lock no one out who signed in before from another browser or network (SECURITY A4).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.people.identity_models import Attempts
from portal.people.places import Place

WINDOW_SECONDS = 15 * 60
DAY_SECONDS = 24 * 60 * 60
PER_ACCOUNT = 10
"""Failures of one account from one network, or from one browser that its owner used before."""

PER_KNOWN_NETWORK = 30
"""Failures of one account from a network from which its owner signed in before: others there cannot lock
them out quickly, and no one there can guess without end."""

PER_NETWORK = 60
PER_ACCOUNT_ANYWHERE = 100
"""Failures of one account from all networks; above it a new place also takes an emailed code."""

IN_ALL = 3000


@dataclass(frozen=True)
class Limits:
    """What one try at signing in counts against: `own` alone refuses on a browser that its owner used before,
    `known` on a network from which they signed in, `strangers` everyone else. `many` counts over all networks:
    it asks a new place for an emailed code as well."""

    own: Mapping[str, int]
    known: Mapping[str, int]
    strangers: Mapping[str, int]
    many: Mapping[str, int]

    @property
    def here(self) -> Mapping[str, int]:
        """All that is counted of this place; the rest is counted only where these allow the try."""
        return {**self.own, **self.known, **self.strangers}

    @property
    def every(self) -> Mapping[str, int]:
        return {**self.here, **self.many}


def short(value: str) -> str:
    """A value as part of a bucket's name: nothing that can be read."""
    return hashlib.sha256(value.encode()).hexdigest()[:24]


def sign_in_limits(account: str, place: Place) -> Limits:
    """What a try at an account from a place counts against."""
    name = short(account)
    own = {f"browser:{name}:{place.browser[:24]}": PER_ACCOUNT} if place.browser else {}
    return Limits(
        own,
        {f"known:{name}:{place.network}"[:80]: PER_KNOWN_NETWORK},
        {
            f"account:{name}:{place.network}"[:80]: PER_ACCOUNT,
            f"network:{place.network}"[:80]: PER_NETWORK,
        },
        {f"account:{name}": PER_ACCOUNT_ANYWHERE, "all": IN_ALL},
    )


def spend(
    db: Session, buckets: Mapping[str, int], at: datetime, seconds: int = WINDOW_SECONDS
) -> bool:
    """Count one try in each bucket; whether all of them still allow it."""
    return not over(db, buckets, at, seconds)


def over(
    db: Session, buckets: Mapping[str, int], at: datetime, seconds: int = WINDOW_SECONDS
) -> set[str]:
    """Count one try in each bucket; gives those that no longer allow it."""
    window = int(at.timestamp()) // seconds * seconds
    db.execute(delete(Attempts).where(Attempts.ends_at <= int(at.timestamp())))
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    for bucket in sorted(buckets):
        statement = insert(Attempts).values(
            bucket=bucket, window=window, tries=1, ends_at=window + seconds
        )
        db.execute(
            statement.on_conflict_do_update(
                index_elements=["bucket", "window"], set_={"tries": Attempts.tries + 1}
            )
        )
    found = db.execute(
        select(Attempts.bucket, Attempts.tries).where(
            Attempts.bucket.in_(buckets), Attempts.window == window
        )
    )
    return {bucket for bucket, tries in found if tries > buckets[bucket]}


def give_back(
    db: Session, buckets: Mapping[str, int], at: datetime, seconds: int = WINDOW_SECONDS
) -> None:
    """Take a try back, since it succeeded."""
    window = int(at.timestamp()) // seconds * seconds
    db.execute(
        update(Attempts)
        .where(Attempts.bucket.in_(buckets), Attempts.window == window, Attempts.tries > 0)
        .values(tries=Attempts.tries - 1)
    )
