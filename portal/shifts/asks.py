"""Asking people to help on short shifts: one message each, however many shifts it is about."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.images import watch
from portal.people.models import Person
from portal.people.notify import tell_each
from portal.permissions import Viewer
from portal.reads import among, read, rows
from portal.shifts import gaps, message_kinds, suggestions
from portal.shifts.gaps import Which
from portal.shifts.models import CANT_COME, Shift, Signup, Slot
from portal.shifts.undoable import SHIFTS
from portal.shifts.waiting_models import Ask
from portal.web.errors import Refused, unless_seen
from portal.words import text

_ask = cast(Table, Ask.__table__)
NO_ONE_LEFT = text("No one is left to ask. Everyone with the role is busy or was already asked.")


class Wanted(NamedTuple):
    """Who is to be asked about one slot, by their ids."""

    slot_id: int
    shift_id: int
    program_id: int
    people: tuple[int, ...]


def ask_others(act: Act, shift: Shift, slot_id: int, people: Sequence[int], seen: str) -> int:
    """Ask people to help on one shift; gives how many. Raises Preview unless exactly they were `seen`. A full
    slot may be asked about while someone on it can't make it: who says yes takes their spot over."""
    if shift.canceled_at or shift.starts_at <= act.at:
        raise Refused(text("This shift is closed for sign-up."))
    wanted = _new(act.db, [Wanted(slot_id, shift.id, shift.program_id, tuple(people))])
    if not wanted:
        raise Refused(NO_ONE_LEFT)
    unless_seen([slot_id, *wanted[0].people], seen)
    return ask_all(act, wanted)


def ask_for_gaps(act: Act, which: Which, slots: Collection[int], seen: str) -> int:
    """Ask the people suggested for some gaps; each gets one message that names all that fit them. Gives how
    many people. Raises Preview unless exactly they were `seen`."""
    if not slots:
        raise Refused(fields={"slots": text("Select at least one shift.")})
    wanted = wanted_for(act.db, act.by, which, slots)
    if not wanted:
        raise Refused(NO_ONE_LEFT)
    unless_seen(wanted, seen)
    return ask_all(act, wanted)


def wanted_for(db: Session, viewer: Viewer, which: Which, slots: Collection[int]) -> list[Wanted]:
    """Who would be asked about some gaps: no one whom no email reaches, no one who was asked before."""
    found = [gap for gap in gaps.some(db, viewer, which, slots) if gap.open]
    people = suggestions.to_ask(db, viewer, found, which.at, which.zone)
    wanted = [
        Wanted(gap.id, gap.shift_id, gap.program_id, tuple(one.person.id for one in people[gap.id]))
        for gap in found
    ]
    return [one for one in wanted if one.people]


def ask_one(act: Act, which: Which, slot_id: int, person_id: int) -> None:
    """Ask one of the people suggested for a gap."""
    found = [gap for gap in gaps.some(act.db, act.by, which, [slot_id]) if gap.open]
    line = suggestions.suggest(act.db, act.by, found, which.at, which.zone).get(slot_id)
    people = [*line.best, *line.tried] if line else []
    if not any(one.person.id == person_id and not one.call_only for one in people):
        raise Refused(text("This person can't be asked about this shift by email. Call them."))
    gap = found[0]
    wanted = _new(act.db, [Wanted(gap.id, gap.shift_id, gap.program_id, (person_id,))])
    if wanted:  # a second press asks no one twice
        ask_all(act, wanted)


def _new(db: Session, wanted: Sequence[Wanted]) -> list[Wanted]:
    """The same without those who were asked before: no one is asked twice about a slot."""
    slots = {"slots": [one.slot_id for one in wanted]}
    asked = select(Ask.slot_id, Ask.person_id).where(among(Ask.slot_id, "slots"))
    before = {(row.slot_id, row.person_id) for row in rows(db, asked, slots)}
    left = [
        one._replace(people=tuple(who for who in one.people if (one.slot_id, who) not in before))
        for one in wanted
    ]
    return [one for one in left if one.people]


def ask_all(act: Act, wanted: Sequence[Wanted]) -> int:
    """Ask people, each by one message that names all that fits them; gives how many people."""
    values = [
        {
            "shift_id": one.shift_id,
            "slot_id": one.slot_id,
            "person_id": person,
            "asked_at": act.at,
            "asked_by_id": act.by.person_id,
            "answer": "",
        }
        for one in wanted
        for person in one.people
    ]
    watch(act, SHIFTS, sorted({one.shift_id for one in wanted}))
    act.db.execute(insert(_ask), values)
    for one in wanted:
        for person in one.people:
            record(act, "shift.asked", Ref("shift", one.shift_id, person, one.program_id))
    program_of = {one.slot_id: one.program_id for one in wanted}
    made = select(Ask.id, Ask.slot_id, Ask.person_id).where(
        among(Ask.slot_id, "slots"), Ask.asked_at == act.at
    )
    theirs: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in rows(act.db, made.order_by(Ask.id), {"slots": sorted(program_of)}):
        theirs[row.person_id].append((row.id, program_of[row.slot_id]))
    _tell(act, theirs)
    return len(theirs)


def _tell(act: Act, theirs: Mapping[int, Sequence[tuple[int, int]]]) -> None:
    """One message to each person. The one about several shifts is about the first ask; those of the same
    moment belong to it."""
    whom: dict[tuple[bool, int], dict[int, int]] = defaultdict(dict)
    for person, asks in theirs.items():
        ask_id, program_id = asks[0]
        whom[len(asks) > 1, program_id][ask_id] = person
    for (several, program_id), people in whom.items():
        kind = message_kinds.ASKED_SEVERAL if several else message_kinds.ASKED
        tell_each(act, kind, "ask", people, program_id=program_id)


def short_slots(db: Session, shift: Shift) -> list[Slot]:
    """The slots one may ask others for: those with a free spot, or someone who can't make it."""
    wanting = set(
        db.scalars(
            select(Signup.slot_id).where(
                Signup.shift_id == shift.id,
                CANT_COME,
            )
        )
    )
    return [
        slot
        for slot in shift.wanted_slots
        if slot.filled + slot.held < slot.maximum or slot.id in wanting
    ]


class Asked(NamedTuple):
    """Someone who was asked about a shift, and what they said."""

    id: int
    person_id: int
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    name: str


def asked_about(db: Session, shift_id: int) -> Sequence[Asked]:
    """Who was asked about a shift, and what they said."""
    return read(
        db,
        Asked,
        select(Ask.id, Ask.person_id, Ask.asked_at, Ask.answer, Ask.answered_at, Person.name)
        .join(Person, Person.id == Ask.person_id)
        .where(Ask.shift_id == shift_id)
        .order_by(Ask.id)
        .limit(500),
    )
