"""What undoing does to messages: those of the act are dropped, others about the same rows looked at."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from portal.act import Act
from portal.images import RowChange, noun_of
from portal.messages.models import Message, State
from portal.messages.sending import UNTRUE
from portal.undo.keeping import TOLD_OF
from portal.undo.models import Undo
from portal.web.errors import Refused
from portal.words import text

TOLD_ALREADY = text("People were told already, so this can't be undone.")
LONGEST_HOLD = timedelta(minutes=15)
"""Messages written so long before an act may have been dropped because of it."""


def _about(changes: Sequence[RowChange]) -> ColumnElement[bool]:
    """The condition of a message about one of some rows."""
    ids: dict[str, list[int]] = {}
    for one in changes:
        ids.setdefault(noun_of(one.table), []).append(one.id)
    each = (
        and_(Message.subject_kind == noun, Message.subject_id.in_(some))
        for noun, some in ids.items()
    )
    return or_(*each)


def refuse_told_since(db: Session, undo: Undo, changes: Sequence[RowChange]) -> None:
    """Raise Refused when someone was told since the act what would not be so, such as by a reminder."""
    if not changes:
        return
    since = select(Message.id).where(
        _about(changes), Message.created_at > undo.at, Message.undo_id.is_(None), TOLD_OF
    )
    if db.scalar(since.limit(1)) is not None:
        raise Refused(TOLD_ALREADY)


def settle(act: Act, undo: Undo, changes: Sequence[RowChange]) -> None:
    """Drop what the act would have told, and what is about rows that are gone again. What was dropped as
    untrue while the act stood is looked at once more."""
    if not changes:
        return
    db = act.db
    own: ColumnElement[bool] = Message.undo_id == undo.id
    if gone := [one for one in changes if one.before is None]:
        own |= _about(gone)
    db.execute(
        update(Message)
        .where(own, Message.state == State.QUEUED)
        .values(state=State.DROPPED, why="undone", key=None)
    )
    db.execute(
        update(Message)
        .where(
            _about(changes),
            Message.state == State.DROPPED,
            Message.why == UNTRUE,
            Message.created_at.between(undo.at - LONGEST_HOLD, undo.at),
        )
        .values(state=State.QUEUED, why="", tries=0, next_at=act.at, claimed_until=None)
    )
