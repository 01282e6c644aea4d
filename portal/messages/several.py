"""One message per person: what one act tells someone in several is told together.

The messages of the parts stay, as what the one message is made of; they are not sent themselves.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import column, insert, select, table, update
from sqlalchemy.orm import Session

from portal.messages.compose import filled
from portal.messages.envelopes import envelope_of, wording_of
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying, Topic, Urgency
from portal.messages.models import Channel, Message, State
from portal.settings import Settings
from portal.words import CATALOGS, Words, best_language, text

SEVERAL = Kind("several", Urgency.SOON, calls=True)
CONFIRMED = Kind("several.confirmed", Urgency.CAN_WAIT, Topic.CONFIRMATIONS)
"""The same where all parts are confirmations, which one may switch off and which are worth no call."""
URGENT_FIRST = [*Urgency]
_PERSON = table("person", column("id"), column("mail_off"))


def tell_together(db: Session, mail_ids: Sequence[str], notices: Notices) -> list[str]:
    """Make one message of those that an act just wrote to one person, where their kinds `join`. Gives the mail
    ids of all that are to be sent."""
    rows = db.execute(
        select(Message, _PERSON.c.mail_off)
        .outerjoin(_PERSON, _PERSON.c.id == Message.person_id)
        .where(Message.mail_id.in_(mail_ids))
        .order_by(Message.id)
    ).all()
    theirs: dict[tuple[Any, ...], list[Message]] = defaultdict(list)
    for row, off in rows:
        kind = notices[row.kind].kind if row.kind in notices else None
        if row.person_id and kind and kind.joins and kind.topic not in (off or "").split(","):
            # A program's callers read nothing of another one.
            one_program = row.program_id if row.channel == Channel.CALL else None
            theirs[row.person_id, row.channel, one_program].append(row)
    left = {row.mail_id for row, _ in rows}
    for parts in theirs.values():
        if len(parts) > 1:
            confirmed = all(notices[part.kind].kind.topic for part in parts)
            left -= {part.mail_id for part in parts}
            left.add(_join(db, CONFIRMED if confirmed else SEVERAL, parts))
    return sorted(left)


def _join(db: Session, kind: Kind, parts: Sequence[Message]) -> str:
    first = min(parts, key=lambda part: URGENT_FIRST.index(part.urgency))
    mail_id = secrets.token_hex(16)
    db.execute(
        insert(Message).values(
            kind=kind.name,
            person_id=first.person_id,
            actor_id=first.actor_id,
            program_id=first.program_id,
            subject_kind=Message.noun,
            subject_id=parts[0].id,
            told=json.dumps({"parts": [part.id for part in parts]}),
            channel=first.channel,
            created_at=first.created_at,
            urgency=first.urgency,
            send_at=first.send_at,
            next_at=first.next_at,
            mail_id=mail_id,
        )
    )
    db.execute(
        update(Message)
        .where(Message.id.in_([part.id for part in parts]))
        .values(state=State.DROPPED, why="in one message with others")
    )
    return mail_id


def notices_of_several(notices: Notices) -> list[Notice]:
    """The notices of several parts, which say each as its own notice does."""
    title = text("Several changes to shifts at once")
    return [
        _notice(SEVERAL, title, notices),
        _notice(CONFIRMED, text("Several shift sign-ups at once"), notices),
    ]


def _notice(kind: Kind, title: Words, notices: Notices) -> Notice:
    return Notice(
        kind,
        title,
        text("{number} changes to your shifts"),
        text(
            "Hello {name},\n\nSeveral of your shifts changed. Questions? Call {contact}, {contact_phone}."
        ),
        partial(_say, notices),
        ("number", "contact", "contact_phone"),
    )


def _say(
    notices: Notices, db: Session, to: Envelope, settings: Settings, at: datetime
) -> Saying | None:
    """The subject of each part that is still true, and their invitations; None when none is."""
    rows = db.execute(
        select(*Message.__table__.c)
        .where(Message.id.in_(to.told.get("parts", ())), Message.person_id == to.person_id)
        .order_by(Message.id)
    ).all()
    lines, invites = [], []
    contact: dict[str, str] = {}
    for row in rows:
        notice = notices.get(row.kind)
        said = notice and notice.say(db, envelope_of(row, to.language), settings, at)
        if notice is None or not said:
            continue
        lines.append(_line(db, notice, said, to.language, settings))
        invites += [said.invite] if said.invite else []
        contact = _contact(contact, said.values)
    if not lines:
        return None
    values = {"number": str(len(lines)), **contact}
    return Saying(
        values,
        link=(text("See your shifts"), "/me"),
        lines=tuple(lines),
        invites=tuple(invites),
        subject=lines[0] if len(lines) == 1 else "",
    )


MORE = ("Why", "Where", "Previously")
"""Facts of a part that its line adds to its subject."""


def _line(db: Session, notice: Notice, said: Saying, language: str, settings: Settings) -> str:
    """What the subject of a message of its own would be, with what else one has to know."""
    catalog = CATALOGS[best_language([language])]
    wording: Any = wording_of(db, notice.kind.name, language)
    own = wording[0] if wording else said.subject or catalog.gettext(notice.subject.source)
    values = {"agency": settings.agency_name, "phone": settings.agency_phone, "name": ""}
    facts = [
        f"{catalog.say(label)}: {value}"
        for label, value in said.facts
        if value and isinstance(label, Words) and label.source in MORE
    ]
    return "; ".join([filled(own, values | dict(said.values)), *facts])


def _contact(before: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Whom to call: the contact of the parts if they agree, else no one's, which is the office."""
    found = {name: values.get(name, "") for name in ("contact", "contact_phone")}
    return found if not before or before == found else dict.fromkeys(found, "")
