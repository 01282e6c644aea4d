"""The slots of a shift: how many people in which role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.programs.models import Position
from portal.shifts.models import Shift, Slot
from portal.shifts.pattern_models import PatternSlot
from portal.shifts.slots import keep_for_line
from portal.shifts.waiting import take_offers_back
from portal.web.errors import Refused
from portal.words import text


@dataclass(frozen=True)
class SlotWish:
    """What a coordinator wants of one slot: how many are needed, how many may come, and how many may come
    along to learn."""

    position_id: int
    minimum: int
    maximum: int
    trainees: int = 0


def wishes_of(slots: Iterable[Slot | PatternSlot]) -> list[SlotWish]:
    """What is wanted of the slots of a shift or a pattern."""
    return [
        SlotWish(slot.position_id, slot.minimum, slot.maximum, slot.trainees)
        for slot in slots
        if slot.maximum
    ]


def check_slots(db: Session, program_id: int, slots: Sequence[SlotWish], there: set[int]) -> None:
    """Raise Refused for roles of another program, closed ones, and the same one twice."""
    if not slots:
        raise Refused(fields={"slots": text("A shift needs at least one role.")})
    wanted = [slot.position_id for slot in slots]
    if len(set(wanted)) < len(wanted):
        raise Refused(
            fields={
                "slots": text("Each role can be listed once. Change its number of spots instead.")
            }
        )
    rows = db.execute(
        select(Position.id, Position.closed_at).where(
            Position.program_id == program_id, Position.id.in_(wanted)
        )
    )
    if {row.id for row in rows if not row.closed_at or row.id in there} != set(wanted):
        raise Refused(fields={"slots": text("Select open roles of this program.")})
    if any(slot.minimum > slot.maximum for slot in slots):
        too_few = text("Enter at least as many spots as are needed.")
        raise Refused(fields={"slots": too_few})


def change_slots(db: Session, shift: Shift, wishes: Sequence[SlotWish]) -> None:
    """Make a shift's slots those that are wished. Raises Refused when people would lose their spot."""
    wanted = {wish.position_id: wish for wish in wishes}
    for slot in shift.slots:
        db.refresh(slot)
        wish = wanted.pop(slot.position_id, SlotWish(slot.position_id, 0, 0))
        if wish.maximum < slot.filled:
            raise Refused(fields={"slots": _too_many(slot)})
        if wish.trainees < slot.learning:
            raise Refused(fields={"slots": text("More people than that are shadowing.")})
        more = wish.maximum > slot.maximum
        if slot.filled + slot.held > wish.maximum:
            slot.held = wish.maximum - slot.filled
            take_offers_back(db, slot.id, slot.held)
        slot.minimum, slot.maximum, slot.trainees = wish.minimum, wish.maximum, wish.trainees
        db.flush()
        if more:
            keep_for_line(db, slot.id)
            db.refresh(slot)
    shift.slots += [new_slot(wish) for wish in wanted.values()]


def _too_many(slot: Slot) -> Any:
    return text(
        "%(n)s people are signed up as %(role)s. Remove people first, or keep that many spots.",
        n=slot.filled,
        role=slot.position.name,
    )


def new_slot(wish: SlotWish) -> Slot:
    """A slot as wished, with no one on it."""
    return Slot(
        position_id=wish.position_id,
        minimum=wish.minimum,
        maximum=wish.maximum,
        filled=0,
        trainees=wish.trainees,
    )
