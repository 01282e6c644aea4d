"""Presentations, tours and tables that fall into a closing."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.closing import MOST_ITEMS, Closable, Decision, Do, Item, Span
from portal.occasions.blocks import Blocks
from portal.outreach import booking, moving_talks
from portal.outreach.rescheduling import edit_talk, talk_values
from portal.outreach.scopes import visible_talks
from portal.outreach.talk_models import (
    OPEN_OFFERS,
    OfferState,
    Presentation,
    SpeakerOffer,
    TalkBlock,
)
from portal.people.models import Person
from portal.permissions import Viewer
from portal.reads import by_key
from portal.words import text


def _found(db: Session, viewer: Viewer, span: Span, at: datetime) -> Sequence[Item]:
    statement = (
        booking.affected_by(visible_talks(viewer), span.starts_at, span.ends_at)
        .where(Presentation.starts_at > at)
        .options(joinedload(Presentation.request), joinedload(Presentation.program))
        .limit(MOST_ITEMS)
    )
    if span.site_id is not None:
        statement = statement.where(Presentation.site_id == span.site_id)
    if span.programs is not None:
        statement = statement.where(Presentation.program_id.in_(span.programs))
    rows = db.scalars(statement).all()
    ids = [row.id for row in rows]
    names, blocks = _names(db, ids), _blocks(db, ids)
    return [
        Item(
            "p",
            row.id,
            row.request.from_name,
            row.program.name if row.program else "",
            row.starts_at,
            row.ends_at,
            row.zone,
            names.get(row.id, ()),
            f"/outreach/talks/{row.id}",
            (Do.CANCEL, Do.MOVE, Do.KEEP)
            if row.id in blocks
            else (Do.CANCEL, Do.MOVE, Do.ONLINE, Do.KEEP),
            frozenset(("s", shift_id) for shift_id in blocks.get(row.id, ())),
        )
        for row in rows
    ]


def _names(db: Session, ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    return by_key(
        db.execute(
            select(SpeakerOffer.presentation_id, Person.name)
            .join(Person, Person.id == SpeakerOffer.person_id)
            .where(SpeakerOffer.presentation_id.in_(ids), SpeakerOffer.state == OfferState.ACCEPTED)
            .order_by(SpeakerOffer.id)
        )
    )


def _blocks(db: Session, ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The shifts that are blocks of tables, by table."""
    rows = select(TalkBlock.presentation_id, TalkBlock.shift_id)
    return by_key(db.execute(rows.where(TalkBlock.presentation_id.in_(ids))))


def _people(db: Session, ids: Collection[int]) -> Collection[int]:
    asked = select(SpeakerOffer.person_id).where(
        SpeakerOffer.presentation_id.in_(ids), SpeakerOffer.state.in_(OPEN_OFFERS)
    )
    return set(db.scalars(asked))


def _settle(
    act: Act, talk_id: int, decision: Decision, reason: str, gives: Mapping[type, Any]
) -> None:
    talk, blocks = act.db.get_one(Presentation, talk_id), gives[Blocks]
    if decision.do == Do.CANCEL:
        booking.cancel(act, talk, reason, blocks)
    elif decision.do == Do.MOVE:
        moving_talks.move_by(act, talk, decision.days, "", blocks, why=reason)
    else:
        values = talk_values(talk)
        version = values.pop("version")
        values |= {"site_id": None, "place": "", "address": "", "online_link": decision.link}
        edit_talk(act, talk, values, version, "", blocks, why=reason)


TALKS_CLOSED = Closable("p", text("Presentations and tables"), _found, _people, _settle)
