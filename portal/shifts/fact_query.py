"""The statement that reads a shift with everything its page needs."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, exists, func, or_, select

from portal.commitments.commitments import first_clash
from portal.people.models import Person, Status
from portal.programs.application_models import Application
from portal.programs.applications import is_open
from portal.programs.models import Placement, PlacementState, Position, Program, Site, Visibility
from portal.programs.placements import from_day
from portal.reads import among
from portal.shifts.companions import has_companions, is_contact
from portal.shifts.early import hours_early
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.still_coming import SILENT
from portal.shifts.viewer_scope import EVERYWHERE, STAFF_OF
from portal.shifts.waiting_models import IN_LINE, Ask, Waiting

_ME: BindParameter[int] = bindparam("person_id")


_own = select(Signup.slot_id).where(
    Signup.shift_id == Shift.id, Signup.person_id == _ME, Signup.state == SignupState.SIGNED_UP
)


def _current_signup(condition: Any) -> Any:
    """Whether the person holds a spot on a shift that has not ended, for which `condition` holds."""
    other = Shift.__table__.alias("other")
    return exists().where(
        Signup.person_id == _ME,
        Signup.state == SignupState.SIGNED_UP,
        other.c.id == Signup.shift_id,
        other.c.ends_at > bindparam("at"),
        condition(other),
    )


_placed_in_program = exists().where(
    Placement.person_id == _ME,
    Placement.program_id == Shift.program_id,
    from_day(bindparam("today")),
)


_RUNS = or_(EVERYWHERE, STAFF_OF)


_KNOWS = or_(
    Program.visibility == Visibility.PUBLIC,
    _RUNS,
    _placed_in_program,
    _current_signup(lambda other: other.c.program_id == Shift.program_id),
)


_PLACE_SHOWN = or_(
    Site.confidential.is_(False),
    _RUNS,
    and_(_own.exists(), Shift.ends_at > bindparam("at")),
)
"""For the confidential place of someone's own shift `facts_of` then asks for the day and for clearance."""


_site = Site.__table__.alias("its_site")


_is_confidential = select(_site.c.confidential).where(_site.c.id == Shift.site_id).scalar_subquery()


_held = Placement.__table__.alias("held")


_applied = is_open(
    Application.person_id == _ME,
    Application.program_id == Shift.program_id,
    Application.position_id == Slot.position_id,
)


_open_ask = (
    select(Ask.id)
    .where(Ask.slot_id == Slot.id, Ask.person_id == _ME, Ask.answer == "")
    .scalar_subquery()
)


_cant = Signup.__table__.alias("cant")


_cant_come = (
    select(_cant.c.id)
    .where(
        _cant.c.slot_id == Slot.id,
        _cant.c.state == SignupState.SIGNED_UP,
        _cant.c.cant_at.is_not(None),
        _cant.c.trainee.is_(False),
        Shift.starts_at > bindparam("at"),
    )
    .order_by(_cant.c.cant_at, _cant.c.id)
    .limit(1)
    .scalar_subquery()
)
"""The signup of whoever said first that they can't make it; none once the shift has begun, since who came after
all was there."""


_wait = Waiting.__table__.alias("wait")


_other = Waiting.__table__.alias("other_wait")


_in_line = [state.value for state in IN_LINE]


_line = (
    select(func.count())
    .where(_other.c.slot_id == Slot.id, _other.c.state.in_(_in_line))
    .scalar_subquery()
)


_place_in_line = (
    select(func.count())
    .where(_other.c.slot_id == Slot.id, _other.c.state.in_(_in_line), _other.c.id <= _wait.c.id)
    .scalar_subquery()
)


_FACTS = (
    select(
        Slot.id,
        Slot.position_id,
        Slot.minimum,
        Slot.maximum,
        Slot.filled,
        Slot.held,
        Slot.trainees,
        Slot.learning,
        Position.name.label("position"),
        Position.translations.label("position_translations"),
        Position.description,
        Position.closed_at.label("position_closed_at"),
        Shift.id.label("shift_id"),
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Shift.note,
        Shift.opens_at,
        hours_early(_ME).label("hours_early"),
        Shift.closes_at,
        Shift.withdraw_until,
        Shift.canceled_at,
        Shift.canceled_reason,
        Shift.program_id,
        Shift.pattern_id,
        Shift.pattern_day,
        Shift.apart,
        Program.name.label("program"),
        Program.translations.label("program_translations"),
        Program.public_label,
        Program.visibility,
        Program.closed_at.label("program_closed_at"),
        Program.contact_name,
        Program.contact_phone,
        _KNOWS.label("knows"),
        _RUNS.label("runs"),
        _is_confidential.label("confidential"),
        Site.name.label("site"),
        Site.address,
        Site.directions,
        Site.access_notes,
        Site.translations.label("site_translations"),
        Person.name.label("person"),
        Person.status,
        Person.adult_on,
        _own.scalar_subquery().label("own_slot_id"),
        _own.with_only_columns(Signup.cant_at).scalar_subquery().label("cant_at"),
        _own.where(SILENT).exists().label("asked_whether_coming"),
        _own.with_only_columns(Signup.trainee).scalar_subquery().label("learns"),
        first_clash(_ME, Shift.starts_at, Shift.ends_at).label("clash_id"),
        has_companions(_ME).label("has_companions"),
        is_contact(_ME).label("is_contact"),
        _held.c.state.label("held_state"),
        _applied.label("applied"),
        _held.c.starts_on,
        _held.c.ends_on,
        _wait.c.id.label("waiting_id"),
        _wait.c.answer_by,
        _place_in_line.label("place_in_line"),
        _line.label("line"),
        _open_ask.label("ask_id"),
        _cant_come.label("cant_id"),
    )
    .join(Shift, Shift.id == Slot.shift_id)
    .join(Program, Program.id == Shift.program_id)
    .join(Position, Position.id == Slot.position_id)
    .outerjoin(Site, and_(Site.id == Shift.site_id, _PLACE_SHOWN))
    .outerjoin(Person, Person.id == _ME)
    .outerjoin(
        _held,
        and_(
            _held.c.person_id == _ME,
            _held.c.program_id == Shift.program_id,
            _held.c.position_id == Slot.position_id,
        ),
    )
    .outerjoin(
        _wait,
        and_(_wait.c.slot_id == Slot.id, _wait.c.person_id == _ME, _wait.c.state.in_(_in_line)),
    )
    .where(or_(Program.visibility != Visibility.HIDDEN, _KNOWS))
    .order_by(Slot.id)
)


OF_SHIFT = _FACTS.where(Slot.shift_id == bindparam("shift_id"))


OF_SHIFTS = _FACTS.where(among(Slot.shift_id, "shift_ids"))


class FactRow(NamedTuple):
    """One slot of a shift with everything its page needs; a person's episode in its role is folded in."""

    id: int
    position_id: int
    minimum: int
    maximum: int
    filled: int
    held: int
    trainees: int
    learning: int
    position: str
    position_translations: Mapping[str, Any]
    description: str
    position_closed_at: datetime | None
    shift_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    note: str
    opens_at: datetime | None
    hours_early: int | None
    closes_at: datetime
    withdraw_until: datetime
    canceled_at: datetime | None
    canceled_reason: str
    program_id: int
    pattern_id: int | None
    pattern_day: date | None
    apart: bool
    program: str
    program_translations: Mapping[str, Any]
    public_label: str
    visibility: Visibility
    program_closed_at: datetime | None
    contact_name: str
    contact_phone: str
    knows: bool
    runs: bool
    confidential: bool | None
    site: str | None
    address: str | None
    directions: str | None
    access_notes: str | None
    site_translations: Mapping[str, Any] | None
    person: str | None
    status: Status | None
    adult_on: date | None
    own_slot_id: int | None
    cant_at: datetime | None
    asked_whether_coming: bool
    learns: bool | None
    clash_id: int | None
    has_companions: bool
    is_contact: bool
    held_state: PlacementState | None
    applied: bool
    starts_on: date | None
    ends_on: date | None
    waiting_id: int | None
    answer_by: datetime | None
    place_in_line: int | None
    line: int | None
    ask_id: int | None
    cant_id: int | None
