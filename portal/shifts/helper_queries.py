"""The statements that read what is known of the people who could fill some gaps."""

from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.commitments.commitments import STANDS
from portal.commitments.kinds import SHIFT
from portal.commitments.models import Commitment
from portal.messages.kinds import Topic
from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE, MAILABLE
from portal.people.traits import Absence, Availability
from portal.programs.models import Placement, Program, Visibility
from portal.programs.placements import from_day
from portal.reads import AnySelect, among
from portal.shifts.gap_models import AskPause, CallOutcome, OpenCall, ShiftCall
from portal.shifts.models import Attendance, Shift, Signup, Slot
from portal.shifts.waiting_models import Ask


class Helper(NamedTuple):
    """Someone with a role, and from when to when they have it."""

    id: int
    name: str
    goes_by: str
    phone: str | None
    mailable: bool
    language: str
    mailing_address: str
    adult_on: date | None
    position_id: int
    starts_on: date
    ends_on: date | None


class Engaged(NamedTuple):
    """Someone's engaged time. Of a shift its program and position, and whether they came."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    program_id: int | None
    position_id: int | None
    attendance: Attendance | None


class Called(NamedTuple):
    """How a call about a shift went. `by` is its caller, where the viewer may know who that is."""

    id: int
    person_id: int
    slot_id: int
    outcome: CallOutcome
    at: datetime
    by: str | None
    by_id: int | None
    program_id: int
    public: bool

    @property
    def ours(self) -> bool:
        """Whether it was noted in the viewer's programs, so that they may take it back."""
        return self.by_id is not None


class Asked(NamedTuple):
    """Someone was asked to fill a slot, and what they said."""

    slot_id: int
    person_id: int
    asked_at: datetime
    answer: str


class Pause(NamedTuple):
    """What someone is not asked for."""

    id: int
    person_id: int
    program_id: int
    day: date | None
    position_id: int | None
    until: date | None


@cache
def ends_of_roles(number: int) -> AnySelect:
    """The first and the last placement of each of so many roles."""
    arms = []
    for index in range(number):
        role: BindParameter[int] = bindparam(f"role{index}")
        own = select(Placement.id).where(Placement.position_id == role)
        ends = (own.order_by(Placement.id), own.order_by(Placement.id.desc()))
        arms.append(select(literal(index), *(one.limit(1).scalar_subquery() for one in ends)))
    return union_all(*arms)  # type: ignore[return-value]


@cache
def with_roles(number: int) -> AnySelect:
    """People with each of so many roles: from the placement whose turn it is on, then those before it."""
    arms = [_with_role(index, after=after) for index in range(number) for after in (True, False)]
    found = union_all(*(select(arm.subquery()) for arm in arms)).subquery()
    return select(found)


def _with_role(index: int, *, after: bool) -> AnySelect:
    turn: BindParameter[int] = bindparam(f"turn{index}")
    return (
        select(
            Person.id,
            Person.name,
            Person.goes_by,
            BEST_PHONE.label("phone"),
            and_(MAILABLE, ~Person.mail_off.contains(Topic.ASKS.value, autoescape=True)).label(
                "mailable"
            ),
            Person.language,
            Person.mailing_address,
            Person.adult_on,
            Placement.position_id,
            Placement.starts_on,
            Placement.ends_on,
        )
        .join(Person, Person.id == Placement.person_id)
        .where(
            Placement.position_id == bindparam(f"role{index}"),
            Placement.id > turn if after else Placement.id <= turn,
            Placement.starts_on.is_not(None),
            from_day(bindparam("today")),
            Person.status == Status.ACTIVE,
        )
        .order_by(Placement.id)
        .limit(bindparam("most"))
    )


TIMES = select(
    Availability.person_id,
    Availability.weekday,
    Availability.day,
    Availability.available,
    Availability.starts,
    Availability.ends,
).where(
    among(Availability.person_id, "people"),
    or_(
        Availability.day.is_(None),
        Availability.day.between(bindparam("first_day"), bindparam("last_day")),
    ),
)
AWAY = select(Absence.person_id, Absence.first_day, Absence.last_day).where(
    among(Absence.person_id, "people"),
    Absence.last_day >= bindparam("first_day"),
    Absence.ended_at.is_(None),
)
ENGAGED = (
    select(
        Commitment.person_id,
        Commitment.starts_at,
        Commitment.ends_at,
        Shift.program_id,
        Slot.position_id,
        Signup.attendance,
    )
    .outerjoin(Signup, and_(Commitment.kind == SHIFT, Signup.id == Commitment.source_id))
    .outerjoin(Shift, Shift.id == Signup.shift_id)
    .outerjoin(Slot, Slot.id == Signup.slot_id)
    .where(
        among(Commitment.person_id, "people"),
        Commitment.ends_at > bindparam("since"),
        Commitment.starts_at < bindparam("last"),
        STANDS,
    )
)
PAUSES = select(
    AskPause.id,
    AskPause.person_id,
    AskPause.program_id,
    AskPause.day,
    AskPause.position_id,
    AskPause.until,
).where(among(AskPause.person_id, "people"), AskPause.ended_at.is_(None))
ASKS = (
    select(Ask.person_id, func.count().label("number"))
    .join(Shift, Shift.id == Ask.shift_id)
    .where(
        among(Ask.person_id, "people"),
        Ask.asked_at > bindparam("since"),
        among(Shift.program_id, "programs"),
    )
    .group_by(Ask.person_id)
)
ASKED = select(Ask.slot_id, Ask.person_id, Ask.asked_at, Ask.answer).where(
    among(Ask.slot_id, "slots")
)
OFF = (
    select(Signup.shift_id, Signup.person_id)
    .join(Slot, Slot.id == Signup.slot_id)
    .where(among(Slot.shift_id, "shifts"))
)
"""Whoever is or was on one of the shifts: who canceled is not called about it again."""

_caller = aliased(Person)
CALLS = (
    select(
        ShiftCall.id,
        ShiftCall.person_id,
        ShiftCall.slot_id,
        ShiftCall.outcome,
        ShiftCall.at,
        _caller.name.label("by"),
        ShiftCall.by_id,
        ShiftCall.program_id,
        (Program.visibility == Visibility.PUBLIC).label("public"),
    )
    .join(Program, Program.id == ShiftCall.program_id)
    .outerjoin(_caller, _caller.id == ShiftCall.by_id)
    .where(
        among(ShiftCall.person_id, "people"),
        or_(ShiftCall.at > bindparam("since"), ShiftCall.outcome == CallOutcome.SAID_NO),
    )
    .order_by(ShiftCall.at.desc(), ShiftCall.id.desc())
)
OPENED = (
    select(
        OpenCall.person_id,
        _caller.name,
        OpenCall.program_id,
        (Program.visibility == Visibility.PUBLIC).label("public"),
    )
    .join(Program, Program.id == OpenCall.program_id)
    .join(_caller, _caller.id == OpenCall.by_id)
    .where(
        among(OpenCall.person_id, "people"),
        OpenCall.since > bindparam("since"),
        OpenCall.by_id != bindparam("me"),
    )
)
