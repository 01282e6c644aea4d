"""Keeping what a request of staff changed, and holding what people are told about it."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from portal.agency.settings import value_of
from portal.images import ALBUM, Album
from portal.messages.kinds import TOLD, Notices, Urgency
from portal.messages.models import Channel, Message, State
from portal.messages.several import tell_together
from portal.undo.models import Undo
from portal.undo.settings import HOLD_MINUTES
from portal.web.request import Request
from portal.web.shared import CanUndo

LASTS = timedelta(minutes=10)
"""How long something can be undone, if no one was told of it before."""


def begin(db: Session) -> None:
    """Keep images of what is changed in this transaction."""
    db.info[ALBUM] = Album()


def keep(request: Request, said: str) -> int | None:
    """Keep what was changed since `begin`; None if nothing was. Each person gets one message about it, which is
    held for the agency's minutes if it can wait."""
    db: Session = request.db
    album: Album = db.info.pop(ALBUM)
    told = db.info.get(TOLD, ())
    if len(told) > 1:
        told = tell_together(db, told, _notices(request))
    if not album.of:
        return None
    db.flush()
    changes = album.changes(db)
    if not changes:
        return None
    undo = Undo(
        by_id=request.viewer.person_id,
        at=request.at,
        until=request.at + LASTS,
        said=said,
        what=json.dumps({what.name: sorted(ids) for what, ids in album.of.values()}),
        changes=json.dumps(changes),
    )
    db.add(undo)
    db.flush()
    if told:
        hold = timedelta(minutes=value_of(db, HOLD_MINUTES, request.settings))
        _hold(db, undo.id, told, request.at + hold)
    return undo.id


def _notices(request: Request) -> Notices:
    """What may be told together, whichever domain it is of."""
    return {name: one for domain in request.portal.domains for name, one in domain.notices.items()}


def _hold(db: Session, undo_id: int, mail_ids: Sequence[str], until: datetime) -> None:
    """Link messages to what can be undone, and send none before `until` that can wait so long."""
    these = Message.mail_id.in_(mail_ids)
    db.execute(update(Message).where(these).values(undo_id=undo_id))
    waits = these & (Message.urgency != Urgency.NOW) & (Message.next_at < until)
    db.execute(update(Message).where(waits).values(send_at=until, next_at=until))


TOLD_OF = or_(
    and_(Message.channel == Channel.MAIL, Message.tries > 0, Message.state != State.DROPPED),
    Message.state.in_((State.SENT, State.FAILED)),
)
"""The condition of a message that a worker took up, or that a caller passed on."""


def undoable(by_id: int | None, at: datetime) -> Select[Undo]:
    """What someone can still undo, the latest first."""
    told = select(Message.id).where(Message.undo_id == Undo.id, TOLD_OF)
    return (
        select(Undo)
        .where(Undo.by_id == by_id, Undo.until > at, Undo.undone_at.is_(None), ~told.exists())
        .order_by(Undo.id.desc())
    )


def can_undo(db: Session, found: Select[Undo]) -> list[CanUndo]:
    """Some things that can be undone, as pages show them: at most 50."""
    rows = db.scalars(found.limit(50)).all()
    waiting = db.execute(
        select(Message.undo_id, Message.channel, func.min(Message.next_at), func.count())
        .where(Message.undo_id.in_([row.id for row in rows]), Message.state == State.QUEUED)
        .group_by(Message.undo_id, Message.channel)
    ).all()
    by_mail = {row[0]: row for row in waiting if row[1] == Channel.MAIL}
    calls = {row[0]: row[3] for row in waiting if row[1] == Channel.CALL}
    return [
        CanUndo(
            row.id,
            row.said,
            min(row.until, by_mail[row.id][2]) if row.id in by_mail else row.until,
            by_mail[row.id][3] if row.id in by_mail else 0,
            calls.get(row.id, 0),
        )
        for row in rows
    ]


def shown(request: Request, undo_id: int) -> CanUndo | None:
    """Something the viewer did, while they can undo it."""
    one = undoable(request.viewer.person_id, request.at).where(Undo.id == undo_id)
    return next(iter(can_undo(request.db, one)), None)


def over(at: datetime) -> Select[int]:
    """What ended more than an hour ago, with all that it holds."""
    return select(Undo.id).where(Undo.until < at - timedelta(hours=1))
