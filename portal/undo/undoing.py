"""Undoing: the inverse of what a request of staff did, under the same rules as the act itself."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.audit.models import AuditEntry
from portal.images import RowChange, Rows, Undoable, conflicts, noun_of, put_back
from portal.messages.models import Message
from portal.people.models import Person
from portal.people.people import lock_people
from portal.undo import messages
from portal.undo.keeping import TOLD_OF
from portal.undo.models import Undo
from portal.web.errors import NotFound, Refused
from portal.words import Words, text

Things = Sequence[tuple[Undoable, Sequence[int]]]
"""What was changed: of each sort, which."""


def take_back(act: Act, undo_id: int, undoables: Mapping[str, Undoable]) -> str:
    """Undo what the viewer did, and tell no one; gives the sentence that it was answered with. A second press
    changes nothing.

    Raises NotFound for what someone else did or the viewer may not change any more, Refused when its time is
    over, when someone was told, when someone changed it since (by name), and when what was cannot be again.
    """
    told = act.db.scalars(  # the worker takes them in the same order: messages first
        select(TOLD_OF).where(Message.undo_id == undo_id).order_by(Message.id).with_for_update()
    ).all()
    undo = act.db.scalar(
        select(Undo)
        .where(Undo.id == undo_id, Undo.by_id == act.by.person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if undo is None:
        raise NotFound
    if undo.undone_at:
        return undo.said
    if any(told):
        raise Refused(messages.TOLD_ALREADY)
    if act.at >= undo.until:
        raise Refused(text("This can't be undone. 10 minutes have passed."))
    things = [(undoables[name], ids) for name, ids in json.loads(undo.what).items()]
    programs = _put_back(act, undo, things)
    undo.undone_at = act.at
    for (noun, number), program_id in programs.items():
        record(act, f"{noun}.undone", Ref(noun, number, None, program_id))
    return undo.said


def _put_back(act: Act, undo: Undo, things: Things) -> dict[tuple[str, int], int | None]:
    """Put the rows back; gives the program of each thing."""
    changes = [RowChange(*one) for one in json.loads(undo.changes)]
    lock_people(act.db, _people_of(changes))
    for what, ids in things:
        what.hold(act.db, ids)
    programs = _allowed(act, things)
    now: Rows = {}
    for what, ids in things:
        now |= what.images(act.db, ids)
    counters = frozenset().union(*(what.counters for what, _ in things))
    if others := conflicts(changes, now, counters):
        raise Refused(_changed_since(act, undo.at, things, others))
    for what, _ in things:
        what.check(act, changes, undo.at)
    try:
        put_back(act.db, changes, now, counters, act.at)
    except IntegrityError:
        raise Refused(CHANGED) from None
    programs |= _allowed(act, things)
    if any((what.noun, number) not in programs for what, ids in things for number in ids):
        raise NotFound
    for what, _ in things:
        what.recheck(act, changes, undo.at)
    messages.refuse_told_since(act.db, undo, changes)
    messages.settle(act, undo, changes)
    return programs


def _people_of(changes: Sequence[RowChange]) -> list[int]:
    """Whom rows are about: their locks come before those of slots, as everywhere."""
    rows = [row for one in changes for row in (one.before, one.after) if row is not None]
    return sorted({row["person_id"] for row in rows if row.get("person_id")})


def _allowed(act: Act, things: Things) -> dict[tuple[str, int], int | None]:
    """The program of each thing that is there and that the viewer may change."""
    found = {}
    for what, ids in things:
        allowed = what.may(act.by)
        for number, program_id in act.db.execute(
            allowed.where(allowed.selected_columns[0].in_(ids))
        ):
            found[what.noun, number] = program_id
    return found


CHANGED = text("This was changed since, so it can't be undone. Nothing was changed now.")


def _changed_since(act: Act, since: datetime, things: Things, others: Sequence[RowChange]) -> Words:
    """Who changed, since a moment, what cannot be undone now."""
    names = _who(act.db, since, things, others)
    if not names:
        return CHANGED
    return text(
        "%(names)s changed this since, so it can't be undone. Nothing was changed now.",
        names=", ".join(names),
    )


def _who(db: Session, since: datetime, things: Things, others: Sequence[RowChange]) -> list[str]:
    about = [(what.noun, list(ids)) for what, ids in things]
    about += [(noun_of(one.table), [one.id]) for one in others]
    found = (
        select(Person.name)
        .join(AuditEntry, AuditEntry.actor_id == Person.id)
        .where(
            AuditEntry.at > since,
            or_(
                *(
                    and_(AuditEntry.subject_kind == noun, AuditEntry.subject_id.in_(ids))
                    for noun, ids in about
                )
            ),
        )
        .distinct()
        .order_by(Person.name)
    )
    return list(db.scalars(found.limit(5)))
