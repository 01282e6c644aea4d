"""A coordinator's calls about unfilled shifts: noting how one went, and what someone is not to be asked for."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act, Ref
from portal.audit.log import record
from portal.people.models import Person
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.programs.scopes import in_viewers_programs, one, visible_people
from portal.reads import read
from portal.shifts.cover import NO, answer
from portal.shifts.gap_models import AskPause, CallOutcome, OpenCall, ShiftCall
from portal.shifts.helper_facts import CALLS_SHOWN
from portal.shifts.models import Shift, Slot
from portal.shifts.waiting_models import Ask
from portal.web.errors import Refused
from portal.words import text

TWICE = timedelta(seconds=30)
"""The same outcome by the same coordinator within so long is one press that came twice."""

LONGEST_PAUSE = timedelta(days=366)


def note_call(act: Act, slot: Slot, person: Person, outcome: CallOutcome) -> ShiftCall:
    """Keep how a call about a slot went. A no answers what they were asked about it, too."""
    if slot.shift.starts_at <= act.at:
        raise Refused(text("This shift already started."))
    before = act.db.scalar(
        select(ShiftCall).where(
            ShiftCall.slot_id == slot.id,
            ShiftCall.person_id == person.id,
            ShiftCall.outcome == outcome,
            ShiftCall.by_id == act.by.person_id,
            ShiftCall.at > act.at - TWICE,
        )
    )
    if before is not None:
        return before
    _forget_old(act)
    call = ShiftCall(
        slot_id=slot.id,
        person_id=person.id,
        program_id=slot.shift.program_id,
        outcome=outcome,
        at=act.at,
        by_id=act.by.person_id,
    )
    act.db.add(call)
    if outcome == CallOutcome.SAID_NO:
        answer(act.db, person.id, slot.id, NO, act.at)
    close_call(act)
    record(act, f"shift_call.{outcome.value}", call)
    return call


def _forget_old(act: Act) -> None:
    """Erase what is no longer shown, and pauses that are over. A no is kept until its shift begins."""
    today = clock.local_day(act.at, "UTC") - clock.ONE_DAY
    begun = exists().where(
        Slot.id == ShiftCall.slot_id, Shift.id == Slot.shift_id, Shift.starts_at <= act.at
    )
    no_use = or_(ShiftCall.outcome != CallOutcome.SAID_NO, begun)
    old = ShiftCall.at < act.at - CALLS_SHOWN
    act.db.execute(
        delete(ShiftCall).where(old, no_use).execution_options(synchronize_session=False)
    )
    act.db.execute(delete(AskPause).where(or_(AskPause.day < today, AskPause.until < today)))


def managed_call(db: Session, viewer: Viewer, call_id: int) -> ShiftCall:
    """A call about a shift in a viewer's programs, or NotFound."""
    mine = in_viewers_programs(ShiftCall.program_id, viewer, Permission.SHIFTS_MANAGE)
    return one(db, select(ShiftCall).where(mine), ShiftCall.id == call_id)


def undo_call(act: Act, call: ShiftCall) -> None:
    """Take a noted call back, with what was noted from it: the answer to what they were asked, and pauses."""
    made = (AskPause.call_id == call.id, AskPause.ended_at.is_(None))
    for pause in act.db.scalars(select(AskPause).where(*made)):
        end_pause(act, pause)
    if call.outcome == CallOutcome.SAID_NO:
        theirs = (Ask.slot_id == call.slot_id, Ask.person_id == call.person_id)
        with_it = (Ask.answer == NO, Ask.answered_at == call.at)
        act.db.execute(update(Ask).where(*theirs, *with_it).values(answer="", answered_at=None))
    record(act, "shift_call.undone", Ref("shift_call", call.id, call.person_id, call.program_id))
    act.db.delete(call)


def pause_day(act: Act, call: ShiftCall) -> AskPause:
    """Don't ask who was called about any shift on that shift's day."""
    shift = call.slot.shift
    return _pause(act, call, day=clock.local_day(shift.starts_at, shift.zone))


def pause_role(act: Act, call: ShiftCall) -> AskPause:
    """Don't ask who was called about any shift in that role."""
    return _pause(act, call, position_id=call.slot.position_id)


def pause_until(act: Act, call: ShiftCall, until: date | None, today: date) -> AskPause:
    """Don't ask who was called about any shift before a day, which is at most a year ahead."""
    if until is None or not today < until <= today + LONGEST_PAUSE:
        raise Refused(fields={"until": text("Enter a date within the next year.")})
    return _pause(act, call, until=until)


def _pause(
    act: Act,
    call: ShiftCall,
    *,
    day: date | None = None,
    position_id: int | None = None,
    until: date | None = None,
) -> AskPause:
    same = act.db.scalar(
        select(AskPause).where(
            AskPause.person_id == call.person_id,
            AskPause.program_id == call.program_id,
            AskPause.day.is_not_distinct_from(day),
            AskPause.position_id.is_not_distinct_from(position_id),
            AskPause.until.is_not_distinct_from(until),
            AskPause.ended_at.is_(None),
        )
    )
    if same is not None:
        return same
    pause = AskPause(
        person_id=call.person_id,
        program_id=call.program_id,
        day=day,
        position_id=position_id,
        until=until,
        call_id=call.id,
        since=act.at,
        by_id=act.by.person_id,
    )
    act.db.add(pause)
    record(act, "ask_pause.added", pause)
    return pause


class PauseLine(NamedTuple):
    """What someone is not asked for, as their page lists it."""

    id: int
    day: date | None
    until: date | None
    position: str | None
    position_translations: Mapping[str, Any] | None


def pauses_of(db: Session, viewer: Viewer, person_id: int, today: date) -> list[PauseLine]:
    """What a person is not asked for, as far as it was noted in the viewer's programs and still holds."""
    mine = in_viewers_programs(AskPause.program_id, viewer, Permission.SHIFTS_MANAGE)
    found = (
        select(
            AskPause.id,
            AskPause.day,
            AskPause.until,
            Position.name.label("position"),
            Position.translations.label("position_translations"),
        )
        .outerjoin(Position, Position.id == AskPause.position_id)
        .where(
            AskPause.person_id == person_id,
            mine,
            AskPause.ended_at.is_(None),
            or_(AskPause.day.is_(None), AskPause.day >= today),
            or_(AskPause.until.is_(None), AskPause.until > today),
        )
        .order_by(AskPause.id)
    )
    return read(db, PauseLine, found)


def managed_pause(db: Session, viewer: Viewer, pause_id: int) -> AskPause:
    """A pause that was noted in a viewer's programs and still holds, or NotFound."""
    mine = in_viewers_programs(AskPause.program_id, viewer, Permission.SHIFTS_MANAGE)
    holds = select(AskPause).where(mine, AskPause.ended_at.is_(None))
    return one(db, holds, AskPause.id == pause_id)


def end_pause(act: Act, pause: AskPause) -> None:
    """Someone may be asked again."""
    pause.ended_at = act.at
    record(act, "ask_pause.ended", pause)


def open_call(act: Act, slot: Slot, person_id: int) -> None:
    """Show other coordinators that the viewer has a person open; whom they had open before, they have no
    longer."""
    one(act.db, visible_people(act.by), Person.id == person_id)
    close_call(act)
    assert act.by.person_id
    act.db.add(
        OpenCall(
            by_id=act.by.person_id,
            person_id=person_id,
            program_id=slot.shift.program_id,
            since=act.at,
        )
    )
    act.db.flush()


def close_call(act: Act) -> None:
    """The viewer has no one open now."""
    act.db.execute(delete(OpenCall).where(OpenCall.by_id == act.by.person_id))
