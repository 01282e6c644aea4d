"""Who came: written down after a shift has begun, and what the hours ledger gets from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.hours import entries
from portal.hours.models import MOST_MINUTES, HoursEntry, HoursState, Source
from portal.images import watch
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.shifts.models import CAME, Attendance, Shift, Signup, SignupState, Slot
from portal.shifts.undoable import SHIFTS
from portal.web.errors import Refused
from portal.words import Words, text

LOOKS_BACK = timedelta(days=60)
"""How long a roster that no one filled in is asked for."""


LONGER = 4 * 60
"""By so many minutes someone can have stayed longer than the shift."""


@dataclass(frozen=True)
class Mark:
    """What is written down of one person: whether they came, how many minutes (None: all of it), how many
    on the way besides, and when they were marked as the page showed it."""

    attendance: Attendance
    minutes: int | None = None
    travel: int = 0
    seen: str = ""


class WrongMarks(Refused):
    """Some lines of a roster cannot be so; nothing is kept. `lines` says why, by signup."""

    def __init__(self, lines: Mapping[int, Words]) -> None:
        super().__init__(text("Fix the marked lines. Nothing was saved yet."))
        self.lines = lines


class Marked(Protocol):
    """Anything that knows when someone was marked."""

    @property
    def marked_at(self) -> datetime | None: ...


def seen_mark(row: Marked) -> str:
    """What a page remembers of when someone was marked."""
    return row.marked_at.isoformat() if row.marked_at else ""


def length_of(shift: Shift) -> int:
    """Real minutes of a shift, also in the nights in which the clocks change (SECURITY C5)."""
    return int(clock.elapsed(shift.starts_at, shift.ends_at).total_seconds()) // 60


def mark(act: Act, shift: Shift, marks: Mapping[int, Mark]) -> int:
    """Write down who came, by signup; gives how many changed. The ledger gets their hours, which wait for
    approval. A no-show is an entry of 0 minutes, so that its person can say if that is wrong; who was
    excused has none."""
    if shift.canceled_at:
        raise Refused(text("This shift was canceled."))
    if act.at < shift.starts_at:
        raise Refused(text("This shift hasn't started yet."))
    watch(act, SHIFTS, [shift.id])
    signups = {
        row.id: row
        for row in act.db.scalars(
            select(Signup)
            .where(
                Signup.id.in_(marks),
                Signup.shift_id == shift.id,
                Signup.state == SignupState.SIGNED_UP,
            )
            .order_by(Signup.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    _check(shift, signups, marks)
    changed: set[int] = set()
    for source, learning in ((Source.SHIFT, False), (Source.LEARNING, True)):
        work = {
            number: _work(shift, signup, marks[number])
            for number, signup in signups.items()
            if signup.trainee == learning
        }
        if work:
            changed |= entries.propose(act, source, work)
    changed |= {
        number
        for number, signup in signups.items()
        if signup.attendance != marks[number].attendance
    }
    for number in sorted(changed):
        signup, given = signups[number], marks[number].attendance
        signup.attendance, signup.marked_at, signup.marked_by_id = given, act.at, act.by.person_id
        if given in CAME:
            signup.cant_at = None  # they made it after all
        record(
            act,
            "attendance.marked",
            signup,
            given.value,
        )
    return len(changed)


def _check(shift: Shift, signups: Mapping[int, Signup], marks: Mapping[int, Mark]) -> None:
    wrong: dict[int, Words] = {}
    length = length_of(shift)
    for number, signup in signups.items():
        given = marks[number]
        part = given.attendance == Attendance.LEFT_EARLY
        there = (0 if part else length) if given.minutes is None else given.minutes
        if given.seen != seen_mark(signup):
            wrong[number] = text(
                "Someone else recorded this since you opened this page. Check it again."
            )
        elif part and there >= length:
            wrong[number] = text(
                "This is as long as the shift or longer. Select “Attended” instead."
            )
        elif given.attendance in CAME and not there > 0:
            wrong[number] = text("Enter how long they were there.")
        elif given.attendance in CAME and there > length + LONGER:
            wrong[number] = text("This is much longer than the shift. Check the time.")
        elif (given.minutes or length) + given.travel > MOST_MINUTES:
            wrong[number] = text("That's too long.")
    if wrong:
        raise WrongMarks(wrong)


def _work(shift: Shift, signup: Signup, given: Mark) -> entries.Work | None:
    if given.attendance == Attendance.EXCUSED:
        return None
    came = given.attendance in CAME
    minutes = (length_of(shift) if given.minutes is None else given.minutes) if came else 0
    travel = given.travel if came and shift.program.counts_travel else 0
    return entries.Work(
        signup.person_id,
        shift.program_id,
        signup.slot.position_id,
        clock.local_day(shift.starts_at, shift.zone),
        minutes + travel,
        travel,
        shift.site_id,
        shift.starts_at if came else None,
        shift.starts_at + timedelta(minutes=minutes) if came else None,
    )


class Recorded(NamedTuple):
    """What the ledger has of a signup."""

    source_id: int
    minutes: int
    travel_minutes: int
    state: HoursState


def hours_of(db: Session, signup_ids: Sequence[int]) -> dict[int, Recorded]:
    """What the ledger has of signups: minutes, travel, state."""
    rows = read(
        db,
        Recorded,
        select(
            HoursEntry.source_id, HoursEntry.minutes, HoursEntry.travel_minutes, HoursEntry.state
        ).where(
            HoursEntry.source.in_((Source.SHIFT, Source.LEARNING)),
            HoursEntry.source_id.in_(signup_ids),
            HoursEntry.state != HoursState.VOID,
        ),
    )
    return {row.source_id: row for row in rows}


def unmarked(viewer: Viewer, at: datetime) -> tuple[object, ...]:
    """The conditions of signups, joined with their shift, whose shift ended and whom no one marked."""
    return (
        in_viewers_programs(Shift.program_id, viewer, Permission.SHIFTS_MANAGE),
        Shift.ends_at <= at,
        Shift.starts_at > at - LOOKS_BACK,
        Shift.canceled_at.is_(None),
        Signup.state == SignupState.SIGNED_UP,
        Signup.attendance.is_(None),
    )


class OpenRoster(NamedTuple):
    """A shift whose roster is not filled in, and for how many people."""

    id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    open: int


class RoleOn(NamedTuple):
    """A role on a shift."""

    shift_id: int
    name: str
    translations: Mapping[str, Any]


@dataclass(frozen=True)
class Roster:
    """A roster that is not filled in: its shift, the roles on it, and how many people are open."""

    shift: OpenRoster
    roles: Sequence[RoleOn]

    @property
    def open(self) -> int:
        return self.shift.open


def unmarked_rosters(db: Session, viewer: Viewer, at: datetime, size: int) -> Sequence[Roster]:
    """The rosters that no one has filled in, the oldest first."""
    shifts = read(
        db,
        OpenRoster,
        select(
            Shift.id,
            Shift.starts_at,
            Shift.ends_at,
            Shift.zone,
            Shift.title,
            func.count(Signup.id).label("open"),
        )
        .join(Signup, Signup.shift_id == Shift.id)
        .where(*unmarked(viewer, at))  # type: ignore[arg-type]
        .group_by(Shift.id)
        .order_by(Shift.starts_at, Shift.id)
        .limit(size),
    )
    roles: dict[int, list[RoleOn]] = {}
    for row in read(
        db,
        RoleOn,
        select(Slot.shift_id, Position.name, Position.translations)
        .join(Position, Position.id == Slot.position_id)
        .where(Slot.shift_id.in_([shift.id for shift in shifts]), Slot.maximum > 0)
        .order_by(Slot.id),
    ):
        roles.setdefault(row.shift_id, []).append(row)
    return [Roster(shift, roles.get(shift.id, ())) for shift in shifts]
