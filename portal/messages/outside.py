"""Telling people who have no record here: whoever asked for a talk, by mail, by a call or by post."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from portal.act import Act
from portal.messages.kinds import TOLD, Kind, timing
from portal.messages.models import Channel, Message, State


@dataclass(frozen=True)
class Outsider:
    """Someone without a record: how they are called, their language, and how they are reached."""

    name: str
    language: str
    email: str = ""
    phone: str = ""

    @property
    def channel(self) -> Channel:
        """By mail if there is an address, else by phone, else by post."""
        if self.email:
            return Channel.MAIL
        return Channel.CALL if self.phone else Channel.POST


def tell_outsider(
    act: Act,
    kind: Kind,
    subject: tuple[str, int],
    to: Outsider,
    *,
    program_id: int | None = None,
    told: Mapping[str, Any] | None = None,
    starts_at: datetime | None = None,
) -> None:
    """Write one message to them, in this transaction. Where no mail goes, it waits to be told by a person,
    if the kind is worth it."""
    if to.channel is not Channel.MAIL and not kind.calls:
        return
    about, number = subject
    if to.channel is not Channel.MAIL:  # one call or letter says how it stands now
        act.db.execute(
            update(Message)
            .where(
                Message.subject_kind == about,
                Message.subject_id == number,
                Message.person_id.is_(None),
                Message.state == State.QUEUED,
                Message.channel != Channel.MAIL,
            )
            .values(state=State.DROPPED, why="something newer is to be told")
        )
    mail_id = secrets.token_hex(16)
    act.db.info.setdefault(TOLD, []).append(mail_id)
    act.db.execute(
        insert(Message).values(
            kind=kind.name,
            address=to.email,
            actor_id=act.by.person_id,
            program_id=program_id,
            subject_kind=about,
            subject_id=number,
            told=json.dumps(
                {"name": to.name, "language": to.language, **(told or {})}, default=str
            ),
            channel=to.channel,
            state=State.QUEUED,
            created_at=act.at,
            **timing(kind, starts_at, act.at),
            mail_id=mail_id,
        )
    )
