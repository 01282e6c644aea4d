"""Telling people things: who gets a message, by mail or by a call, and who reads it."""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, case, insert, literal_column, or_, select, update
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import Subject
from portal.columns import Base
from portal.messages.kinds import TOLD, Kind, Recipient, timing
from portal.messages.models import Channel, Message
from portal.people.identity_models import ProvedAddress
from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE, MAILABLE

_message = cast(Table, Message.__table__)
_person = cast(Table, Person.__table__)
_GIVEN = ("kind", "actor_id", "program_id", "subject_kind", "subject_id", "told", "key", "mail_id")
_TIMING = ("urgency", "send_at", "next_at")
_TELL = insert(_message).from_select(
    [
        "person_id",
        "channel",
        *_GIVEN,
        "created_at",
        *_TIMING,
        "address",
        "state",
        "why",
        "tries",
        "shown",
    ],
    select(
        _person.c.id,
        case((MAILABLE, Channel.MAIL), else_=Channel.CALL),
        *(bindparam(f"its_{name}", type_=_message.c[name].type) for name in _GIVEN),
        bindparam("at", type_=_message.c.created_at.type),
        *(bindparam(f"its_{name}", type_=_message.c[name].type) for name in _TIMING),
        *(literal_column(value) for value in ("''", "'queued'", "''", "0", "''")),
    ).where(
        _person.c.id == bindparam("to_id"),
        _person.c.status != Status.ENDED,
        or_(MAILABLE, bindparam("calls")),
    ),
)


AT_ONCE = 500
TO_CALL = "to_call"
"""Under this name a session's `info` holds who must be called about what it did, by their ids."""


@dataclass(frozen=True)
class To:
    """One message to one person: the row it is about, and what would be gone when it is sent. With a
    `key`, the same thing is told once. `starts_at` is when what it is about begins."""

    person_id: int
    subject_id: int
    program_id: int | None = None
    told: Mapping[str, Any] | None = None
    key: str | None = None
    starts_at: datetime | None = None


def notify(
    act: Act,
    kind: Kind,
    about: Subject,
    people: Collection[int],
    *,
    told: Mapping[str, Any] | None = None,
    key: str | None = None,
    starts_at: datetime | None = None,
) -> None:
    """Write one message about one thing to each person; see `tell_all`. A row that was only just added gets
    its id here."""
    if isinstance(about, Base):
        act.db.flush()
    number: int = about.id  # type: ignore[assignment, union-attr]
    program_id = getattr(about, "program_id", None)
    to = [
        To(person, number, program_id, told, key and f"{key}:{person}", starts_at)
        for person in people
    ]
    tell_all(act, kind, about.noun, to)


def tell_each(
    act: Act,
    kind: Kind,
    about: str,
    whom: Mapping[int, int],
    *,
    program_id: int | None = None,
    told: Mapping[str, Any] | None = None,
) -> None:
    """The same for several subjects of one sort: a message to the person of each."""
    to = [To(person, subject, program_id, told) for subject, person in whom.items()]
    tell_all(act, kind, about, to)


def tell_all(act: Act, kind: Kind, about: str, to: Sequence[To]) -> None:
    """Write messages, in this transaction. Whoever did it themselves is skipped, unless it confirms what
    they did; whom no mail reaches is called, if the kind is worth a call."""
    to = [one for one in to if kind.to_actor or one.person_id != act.by.person_id]
    shared = {
        "its_kind": kind.name,
        "its_actor_id": act.by.person_id,
        "its_subject_kind": about,
        "at": act.at,
        "calls": kind.calls,
    }
    for start in range(0, len(to), AT_ONCE):
        some = to[start : start + AT_ONCE]
        before = _told_before(act.db, [one.key for one in some if one.key])
        rows = [
            shared
            | {f"its_{name}": value for name, value in timing(kind, one.starts_at, act.at).items()}
            | {
                "to_id": one.person_id,
                "its_subject_id": one.subject_id,
                "its_program_id": one.program_id,
                "its_told": json.dumps(one.told, default=str) if one.told else "",
                "its_key": one.key,
                "its_mail_id": secrets.token_hex(16),
            }
            for one in some
            if one.key not in before
        ]
        if rows:
            act.db.connection().execute(_TELL, rows)
            act.db.info.setdefault(TOLD, []).extend(row["its_mail_id"] for row in rows)
        if rows and kind.calls:
            _note_calls(act.db, [row["its_mail_id"] for row in rows])


def _note_calls(db: Session, mail_ids: Sequence[Any]) -> None:
    """Remember who of those just told must be called, for whoever acted to read at once."""
    called = (
        select(_person.c.name, _person.c.id, BEST_PHONE.label("phone"))
        .join(_message, _message.c.person_id == _person.c.id)
        .where(_message.c.mail_id.in_(mail_ids), _message.c.channel == Channel.CALL)
        .order_by(_person.c.name)
    )
    found = db.info.setdefault(TO_CALL, {})
    for row in db.connection().execute(called.correlate(None)):
        found[row.id] = f"{row.name}, {row.phone}" if row.phone else row.name


def _told_before(db: Session, keys: Sequence[str]) -> frozenset[str | None]:
    """Which of these things have been told."""
    if not keys:
        return frozenset()
    return frozenset(db.scalars(select(_message.c.key).where(_message.c.key.in_(keys))))


_RECIPIENT = select(
    Person.id,
    Person.name,
    Person.goes_by,
    Person.email,
    Person.language,
    Person.mail_off,
    Person.mail_refused_at,
    BEST_PHONE.label("phone"),
).where(Person.id == bindparam("person_id"), Person.status != Status.ENDED)


class Recipients:
    """The readers of messages, as sending knows them."""

    def of(self, db: Session, person_id: int) -> Recipient | None:
        """Who a person is to a message; None for someone who has ended."""
        row = db.execute(_RECIPIENT, {"person_id": person_id}).one_or_none()
        if row is None:
            return None
        return Recipient(
            row.id,
            row.goes_by or row.name.split()[0],
            "" if row.mail_refused_at else row.email,
            row.language,
            frozenset(filter(None, row.mail_off.split(","))),
            row.phone or "",
        )

    def proved(self, db: Session, address: str) -> bool:
        """Whether someone with a record proved that they read an address."""
        found = select(ProvedAddress.id).where(ProvedAddress.address == address.strip().lower())
        return db.scalar(found.limit(1)) is not None

    def refused(self, db: Session, person_id: int, at: datetime) -> None:
        """Note that a mail server will not take mail for a person's address."""
        db.execute(update(_person).where(_person.c.id == person_id).values(mail_refused_at=at))
