"""How often one may try to sign in: counted in the database, per account, per address and in all.

Nothing is locked for good: a window ends after fifteen minutes (SECURITY A4).
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.people.models import Attempts

WINDOW_SECONDS = 15 * 60
PER_ACCOUNT, PER_ADDRESS, IN_ALL = 10, 60, 3000


def sign_in_buckets(account: str, address: str) -> Mapping[str, int]:
    """What a try at signing in counts against, and how many tries each allows in a window."""
    name = hashlib.sha256(account.encode()).hexdigest()[:32]
    return {f"account:{name}": PER_ACCOUNT, f"address:{address}"[:80]: PER_ADDRESS, "all": IN_ALL}


def spend(db: Session, buckets: Mapping[str, int], at: datetime) -> bool:
    """Count one try in each bucket; whether all of them still allow it."""
    window = int(at.timestamp()) // WINDOW_SECONDS
    db.execute(delete(Attempts).where(Attempts.window < window))
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    for bucket in sorted(buckets):
        statement = insert(Attempts).values(bucket=bucket, window=window, tries=1)
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
    return all(tries <= buckets[bucket] for bucket, tries in found)


def give_back(db: Session, buckets: Mapping[str, int], at: datetime) -> None:
    """Take a try back, since it succeeded."""
    window = int(at.timestamp()) // WINDOW_SECONDS
    db.execute(
        update(Attempts)
        .where(Attempts.bucket.in_(buckets), Attempts.window == window, Attempts.tries > 0)
        .values(tries=Attempts.tries - 1)
    )
