"""Drafts: what a coordinator proposes for a week, told to no one until it is published as a whole.

A draft holds no shift and no signup of its own. Publishing runs the verbs of the schedule, with their rules.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from sqlalchemy import Select, Table, delete, func, insert, null, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.images import Undoable, hold_rows, watch
from portal.permissions import Viewer
from portal.programs.models import Program
from portal.shifts.draft_models import Draft, DraftAct, Proposal
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.shift_slots import SlotWish, check_slots
from portal.shifts.shifts import moved_to
from portal.web.errors import NotFound, Refused
from portal.words import text

MOST_ACTS = 500
"""What one draft may propose."""
KEPT = timedelta(days=30)
"""How long after its first day a draft is kept that no one published."""

_act = cast(Table, DraftAct.__table__)


_hold = hold_rows(Draft)

DRAFTS = Undoable(
    "draft",
    Draft.noun,
    {Draft: Draft.id.in_, DraftAct: DraftAct.draft_id.in_},
    lambda viewer: select(Draft.id, null()).where(Draft.by_id == viewer.person_id),
    _hold,
)
"""A draft with what it proposes: undoing a publication gives it back."""


def begin(act: Act, first_day: date) -> Draft:
    """The viewer's draft for the week from a day on; a new one if there is none."""
    found = act.db.scalar(own(act.by).where(Draft.first_day == first_day))
    if found is not None:
        return found
    draft = Draft(by_id=act.by.person_id, first_day=first_day, since=act.at)
    act.db.add(draft)
    act.db.flush()
    record(act, "draft.begun", draft)
    return draft


def own(viewer: Viewer) -> Select[Draft]:
    """The drafts of a viewer: no one else sees them."""
    return select(Draft).where(Draft.by_id == viewer.person_id)


def own_draft(db: Session, viewer: Viewer, draft_id: int) -> Draft:
    """A draft of the viewer's, or NotFound."""
    draft = db.scalar(own(viewer).where(Draft.id == draft_id))
    if draft is None:
        raise NotFound
    return draft


def acts_of(db: Session, draft_id: int) -> Sequence[DraftAct]:
    """What a draft proposes, in the order in which it is published."""
    found = db.scalars(select(DraftAct).where(DraftAct.draft_id == draft_id).order_by(DraftAct.id))
    order = [*Proposal]
    return sorted(found, key=lambda one: (order.index(one.kind), one.id))


def values_of(one: DraftAct) -> dict[str, Any]:
    """The values of a proposal as its verb takes them."""
    found: dict[str, Any] = json.loads(one.values)
    for name in ("starts_at", "ends_at", "opens_at", "closes_at", "withdraw_until"):
        if found.get(name):
            found[name] = datetime.fromisoformat(found[name])
    if found.get("day"):
        found["day"] = date.fromisoformat(found["day"])
    if found.get("starts"):
        found["starts"] = time.fromisoformat(found["starts"])
    return found


def slots_of(one: DraftAct) -> list[SlotWish]:
    """The slots of a shift that a draft adds."""
    return [SlotWish(**wish) for wish in json.loads(one.values)["slots"]]


def add_person(act: Act, draft: Draft, slot: Slot, person_id: int, asked: str = "") -> None:
    """Propose a person for a spot; twice is once."""
    on_it = select(Signup.id).where(
        Signup.shift_id == slot.shift_id,
        Signup.person_id == person_id,
        Signup.state == SignupState.SIGNED_UP,
    )
    if act.db.scalar(on_it):
        raise Refused(text("This person is on the shift already."))
    same = (DraftAct.shift_id == slot.shift_id) & (DraftAct.person_id == person_id)
    _propose(
        act,
        draft,
        Proposal.ADD,
        same,
        program_id=slot.shift.program_id,
        shift_id=slot.shift_id,
        slot_id=slot.id,
        person_id=person_id,
        values={"asked": asked},
    )


def add_person_onto(act: Act, one: DraftAct, position_id: int, person_id: int) -> None:
    """Propose a person for a shift that the draft adds."""
    if one.kind != Proposal.SHIFT or all(wish.position_id != position_id for wish in slots_of(one)):
        raise NotFound
    _propose(
        act,
        one.draft,
        Proposal.ADD,
        (DraftAct.onto_id == one.id) & (DraftAct.person_id == person_id),
        program_id=one.program_id,
        onto_id=one.id,
        position_id=position_id,
        person_id=person_id,
        values={"asked": ""},
    )


def remove_person(act: Act, draft: Draft, signup: Signup, reason: str, asked: str = "") -> None:
    """Propose to take someone off a shift."""
    if signup.state != SignupState.SIGNED_UP:
        raise Refused(text("This person is no longer on the shift."))
    _propose(
        act,
        draft,
        Proposal.REMOVE,
        DraftAct.signup_id == signup.id,
        program_id=signup.shift.program_id,
        shift_id=signup.shift_id,
        signup_id=signup.id,
        person_id=signup.person_id,
        values={"reason": reason, "asked": asked},
    )


def move(act: Act, draft: Draft, shift: Shift, day: date, starts: time | None) -> None:
    """Propose another day or time for a shift; the last one counts."""
    _refuse_past(act, shift)
    if moved_to(shift, day, starts)[0] <= act.at:
        raise Refused(fields={"day": text("Enter a time in the future.")})
    _propose(
        act,
        draft,
        Proposal.MOVE,
        (DraftAct.shift_id == shift.id) & (DraftAct.kind == Proposal.MOVE),
        program_id=shift.program_id,
        shift_id=shift.id,
        values={"day": day, "starts": starts},
    )


def cancel(act: Act, draft: Draft, shift: Shift, reason: str) -> None:
    """Propose to cancel a shift."""
    _refuse_past(act, shift)
    _propose(
        act,
        draft,
        Proposal.CANCEL,
        (DraftAct.shift_id == shift.id) & (DraftAct.kind == Proposal.CANCEL),
        program_id=shift.program_id,
        shift_id=shift.id,
        values={"reason": reason},
    )


def add_shift(
    act: Act, draft: Draft, program: Program, values: Mapping[str, Any], slots: Sequence[SlotWish]
) -> None:
    """Propose a new shift."""
    check_slots(act.db, program.id, slots, set())
    if values["starts_at"] <= act.at:
        raise Refused(fields={"day": text("Enter a time in the future.")})
    kept = {**values, "slots": [asdict(wish) for wish in slots]}
    _propose(act, draft, Proposal.SHIFT, None, program_id=program.id, values=kept)


def _refuse_past(act: Act, shift: Shift) -> None:
    if shift.canceled_at or shift.starts_at <= act.at:
        raise Refused(text("Only an upcoming shift can be changed in a draft."))


def _propose(
    act: Act, draft: Draft, kind: Proposal, instead_of: Any, *, values: Any, **what: Any
) -> None:
    """Write a proposal, in the place of the same one made before."""
    _hold(act.db, [draft.id])
    if instead_of is not None:
        mine = (DraftAct.draft_id == draft.id) & (DraftAct.kind == kind) & instead_of
        act.db.execute(delete(DraftAct).where(mine))
    number = act.db.scalar(
        select(func.count()).select_from(DraftAct).where(DraftAct.draft_id == draft.id)
    )
    if (number or 0) >= MOST_ACTS:
        raise Refused(text("This draft is full. Publish it, then begin another."))
    kept = json.dumps(values, default=lambda value: value.isoformat())
    row = {"draft_id": draft.id, "kind": kind, "values": kept, "at": act.at, **what}
    act.db.execute(insert(_act).values(row))
    record(act, "draft.changed", draft)


def own_act(db: Session, draft: Draft, number: int) -> DraftAct:
    """One proposal of a draft, or NotFound."""
    one = db.scalar(select(DraftAct).where(DraftAct.draft_id == draft.id, DraftAct.id == number))
    if one is None:
        raise NotFound
    return one


def hold(db: Session, draft_id: int) -> None:
    """Keep a draft as it is until the transaction ends."""
    _hold(db, [draft_id])


def drop(act: Act, draft: Draft, number: int) -> None:
    """Take one proposal out of a draft, with the people proposed for a shift that it would add."""
    one = own_act(act.db, draft, number)
    watch(act, DRAFTS, [draft.id])
    act.db.execute(delete(DraftAct).where(DraftAct.onto_id == one.id))
    act.db.execute(delete(DraftAct).where(DraftAct.id == one.id))
    record(act, "draft.changed", draft)


def discard(act: Act, draft: Draft) -> None:
    """Throw a draft away."""
    watch(act, DRAFTS, [draft.id])
    remove(act.db, draft.id)
    record(act, "draft.discarded", draft)


def remove(db: Session, draft_id: int) -> None:
    """Remove a draft with all that it proposes."""
    db.execute(delete(DraftAct).where(DraftAct.draft_id == draft_id))
    db.execute(delete(Draft).where(Draft.id == draft_id))


def over(today: date) -> Select[int]:
    """The drafts whose week began long ago."""
    return select(Draft.id).where(Draft.first_day < today - KEPT)


def forget(act: Act, draft_id: int) -> None:
    """Remove a draft that no one published."""
    remove(act.db, draft_id)
