"""Changing a recurring shift from a day on: from there it is one of its own, with its dates and its people."""

from datetime import date

from sqlalchemy import or_, select, update

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.shifts.models import Shift
from portal.shifts.pattern_changes import pattern_slot
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.recurrence import rhythm_of
from portal.shifts.shift_slots import wishes_of
from portal.shifts.undoable import PATTERNS, REGULARS, SHIFTS
from portal.web.errors import Refused
from portal.words import text


def counted_from(pattern: Pattern, from_day: date) -> date:
    """The first day of the later part: every other week stays the same week."""
    rhythm = rhythm_of(pattern.rule)[0]
    if not rhythm.isdigit():
        return from_day
    first, week = clock.week_start(pattern.first_day, 1), clock.week_start(from_day, 1)
    past = (week - first).days // 7 % int(rhythm)
    return from_day if not past else week + (int(rhythm) - past) * 7 * clock.ONE_DAY


def split(act: Act, pattern: Pattern, from_day: date) -> Pattern:
    """Let a pattern end before a day, and give what is later to one of its own; gives that. Dates keep their
    people, and whoever takes it regularly goes on. The caller holds the people and slots of the coming dates.
    """
    if pattern.last_day and from_day > pattern.last_day:
        raise Refused(fields={"from_day": text("This is after the last day.")})
    watch(act, PATTERNS, [pattern.id])
    later = Pattern(
        **{name: getattr(pattern, name) for name in COPIED},
        first_day=counted_from(pattern, from_day),
    )
    later.slots = [pattern_slot(wish) for wish in wishes_of(pattern.slots)]
    act.db.add(later)
    pattern.last_day = from_day - clock.ONE_DAY
    pattern.written_until = min(pattern.written_until, pattern.last_day)
    act.db.flush()
    watch(act, PATTERNS, [later.id], new=True)
    moved = Shift.pattern_id == pattern.id, Shift.pattern_day >= from_day
    ids = act.db.scalars(select(Shift.id).where(*moved).order_by(Shift.id)).all()
    watch(act, SHIFTS, ids)
    act.db.execute(update(Shift).where(*moved).values(pattern_id=later.id))
    _move_regulars(act, pattern, later, from_day)
    act.db.expire_all()
    record(act, "pattern.split", pattern)
    record(act, "pattern.added", later)
    return later


COPIED = (
    "program_id", "site_id", "title", "note", "rule", "last_day", "starts", "ends", "zone", "on_closures",
    "withdrawal_hours", "closes_hours", "opens_days", "opens_time", "adults", "written_until", "paused_at",
)  # fmt: skip


def _move_regulars(act: Act, pattern: Pattern, later: Pattern, from_day: date) -> None:
    """Whoever takes the pattern regularly, or did and may go on, takes its later part; their earlier dates stay
    theirs."""
    current = select(Regular).where(
        Regular.pattern_id == pattern.id,
        or_(Regular.last_day.is_(None), Regular.last_day >= from_day),
    )
    regulars = act.db.scalars(current.order_by(Regular.id)).all()
    watch(act, REGULARS, [regular.id for regular in regulars])
    for regular in regulars:
        regular.pattern_id = later.id
        record(act, "regular.moved", regular)
    act.db.flush()
