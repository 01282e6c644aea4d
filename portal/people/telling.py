"""Telling people things: who gets a message, by mail or by a call, and who reads it."""

import json
import secrets
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, case, insert, literal_column, or_, select, update
from sqlalchemy.orm import Session

from portal.messages.kinds import Kind, Recipient
from portal.messages.models import Channel, Message
from portal.people.models import Person, Phone, Status
from portal.permissions import Viewer

_message = cast(Table, Message.__table__)
_person = cast(Table, Person.__table__)
_mailable = and_(_person.c.email != "", _person.c.mail_refused_at.is_(None))
_GIVEN = ("kind", "actor_id", "program_id", "subject_kind", "subject_id", "told", "key", "mail_id")
_TELL = insert(_message).from_select(
    [
        "person_id", "channel", *_GIVEN, "created_at", "next_at", "address", "state", "why", "tries",
        "shown",
    ],
    select(
        _person.c.id,
        case((_mailable, Channel.MAIL), else_=Channel.CALL),
        *(bindparam(f"its_{name}", type_=_message.c[name].type) for name in _GIVEN),
        bindparam("at", type_=_message.c.created_at.type),
        bindparam("from_at", type_=_message.c.next_at.type),
        *(literal_column(value) for value in ("''", "'queued'", "''", "0", "''")),
    ).where(
        _person.c.id == bindparam("to_id"),
        _person.c.status != Status.ENDED,
        or_(_mailable, bindparam("calls")),
    ),
)  # fmt: skip


def tell(
    db: Session,
    by: Viewer,
    kind: Kind,
    subject: tuple[str, int],
    people: Collection[int],
    at: datetime,
    *,
    program_id: int | None = None,
    told: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> None:
    """Write one message to each person, in this transaction. Whoever did it themselves is skipped,
    unless it confirms what they did; whom no mail reaches is called, if the kind is worth a call.
    With a `key`, the same thing is told to a person once."""
    to = [person for person in people if kind.to_actor or person != by.person_id]
    if key:
        keys = select(_message.c.key).where(_message.c.key.in_([f"{key}:{one}" for one in to]))
        told_before = set(db.scalars(keys))
        to = [person for person in to if f"{key}:{person}" not in told_before]
    if not to:
        return
    shared = {
        "its_kind": kind.name,
        "its_actor_id": by.person_id,
        "its_program_id": program_id,
        "its_subject_kind": subject[0],
        "its_subject_id": subject[1],
        "its_told": json.dumps(told, default=str) if told else "",
        "at": at,
        "from_at": at,
        "calls": kind.calls,
    }
    db.connection().execute(
        _TELL,
        [
            shared
            | {
                "to_id": person,
                "its_key": key and f"{key}:{person}",
                "its_mail_id": secrets.token_hex(16),
            }
            for person in to
        ],
    )


def tell_each(
    db: Session,
    by: Viewer,
    kind: Kind,
    about: str,
    whom: Mapping[int, int],
    at: datetime,
    **more: Any,
) -> None:
    """The same for several subjects of one sort: a message to the person of each."""
    for subject_id, person_id in whom.items():
        tell(db, by, kind, (about, subject_id), [person_id], at, **more)


_RECIPIENT = select(
    Person.id, Person.name, Person.goes_by, Person.email, Person.language, Person.mail_off,
    Person.mail_refused_at,
    select(Phone.number)
    .where(Phone.person_id == Person.id)
    .order_by(Phone.id)
    .limit(1)
    .scalar_subquery()
    .label("phone"),
).where(Person.id == bindparam("person_id"), Person.status != Status.ENDED)  # fmt: skip


class Recipients:
    """The readers of messages, as sending knows them."""

    def of(self, db: Session, person_id: int) -> Recipient | None:
        """Who a person is to a message; None for somebody who has ended."""
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

    def refused(self, db: Session, person_id: int, at: datetime) -> None:
        """Note that a mail server will not take mail for a person's address."""
        db.execute(update(_person).where(_person.c.id == person_id).values(mail_refused_at=at))
