"""Sealing the audit: a chain of hashes over its entries, and finding out whether it was tampered with.

Requests only append entries; the worker seals them, alone under a lock. Entries of PostgreSQL can
commit later than their numbers say, so the chain follows the order in which they were found.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from portal.audit.models import AuditEntry, AuditSeal
from portal.reads import read

AT_ONCE = 1000
LATE = 10_000
"""How many entries may commit after one with a higher number, before the search for it stops."""

LOCK = 5_072_027
"""The number of the advisory lock that keeps PostgreSQL's sealers apart."""

START = "0" * 64
_ENTRY = AuditEntry.__table__
_SEAL = AuditSeal.__table__
_SAID = tuple(
    _ENTRY.c[name]
    for name in (
        "id",
        "at",
        "actor_id",
        "action",
        "subject_kind",
        "subject_id",
        "person_id",
        "program_id",
        "asked",
        "detail",
    )
)
"""What a seal covers, in this order for good: another one would break every chain."""


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole chain found: how many entries are sealed, how many not yet, the last seal
    to compare with one noted elsewhere, and what is wrong ("" for nothing)."""

    sealed: int
    unsealed: int
    head: str
    wrong: str = ""


class Unsealed(NamedTuple):
    """An audit entry that no seal covers yet."""

    id: int
    at: datetime
    actor_id: int | None
    action: str
    subject_kind: str
    subject_id: int | None
    person_id: int | None
    program_id: int | None
    asked: str | None
    detail: str | None


def unsealed(db: Session, size: int = AT_ONCE) -> list[Unsealed]:
    """The entries that no seal covers yet, of those numbered not long before the last sealed one."""
    last = db.scalar(select(func.max(_SEAL.c.entry_id))) or 0
    return list(
        read(
            db,
            Unsealed,
            select(*_SAID)
            .outerjoin(_SEAL, _SEAL.c.entry_id == _ENTRY.c.id)
            .where(_ENTRY.c.id > last - LATE, _SEAL.c.id.is_(None))
            .order_by(_ENTRY.c.id)
            .limit(size),
        )
    )


def seal(db: Session) -> int:
    """Seal entries that are not yet; gives how many."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(select(func.pg_advisory_xact_lock(LOCK)))
    last = db.execute(select(_SEAL).order_by(_SEAL.c.id.desc()).limit(1)).one_or_none()
    number, head = (last.id, last.hash) if last else (0, START)
    rows = []
    for entry in unsealed(db):
        number, head = number + 1, hash_of(entry, head)
        rows.append({"id": number, "entry_id": entry.id, "hash": head})
    if rows:
        db.execute(insert(AuditSeal), rows)
    return len(rows)


def hash_of(entry: Sequence[Any], before: str) -> str:
    """The hash of an entry and of the seal before it."""
    said = [one.isoformat() if isinstance(one, datetime) else one for one in entry]
    return hashlib.sha256(json.dumps([before, *said]).encode()).hexdigest()


def verify(db: Session, expected: str = "") -> Verdict:
    """Compute the whole chain anew. `expected` is a last seal noted before, which must be part of it:
    without one, an end that was cut off together with its entries cannot be noticed."""
    head, number, met = START, 0, not expected
    with db.execute(_CHAIN) as chain:
        for row in chain:
            if row.seal_id != number + 1:
                return _wrong(db, number, head, f"seal {number + 1} is missing")
            if row.id is None:
                return _wrong(db, number, head, f"entry {row.entry_id} was removed")
            head, before = hash_of(row[3:], head), head
            if head != row.hash:
                return _wrong(db, number, before, f"entry {row.entry_id} or its seal was changed")
            number += 1
            met = met or head == expected
    wrong = "" if met else "the seal that was noted is not in the chain: its end was cut off"
    return Verdict(number, _count(db) - number, head, wrong)


_CHAIN = (
    select(_SEAL.c.id.label("seal_id"), _SEAL.c.entry_id, _SEAL.c.hash, *_SAID)
    .outerjoin(_ENTRY, _ENTRY.c.id == _SEAL.c.entry_id)
    .order_by(_SEAL.c.id)
    .execution_options(yield_per=AT_ONCE)
)


def _wrong(db: Session, sealed: int, head: str, wrong: str) -> Verdict:
    return Verdict(sealed, _count(db) - sealed, head, wrong)


def _count(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(_ENTRY)) or 0
