"""Who leads a shift. A lead has rights for its day alone: its roster, marks, emergency contacts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.permissions import Viewer
from portal.shifts.limits import is_minor
from portal.shifts.models import LONGEST, Shift, Signup, SignupState, Slot
from portal.shifts.slots import lock_slots
from portal.shifts.undoable import SHIFTS
from portal.shifts.viewer_scope import managed_shifts
from portal.web.errors import NotFound, Refused
from portal.words import text

AFTER = timedelta(hours=12)
"""How long after its end a lead may still mark a shift."""


def leads(viewer: Viewer, at: datetime) -> Select[Shift]:
    """The shifts of about today that someone leads; `is_led_now` says whether it is their day."""
    own = select(Signup.shift_id).where(
        Signup.person_id == viewer.person_id,
        Signup.state == SignupState.SIGNED_UP,
        Signup.lead,
    )
    return select(Shift).where(
        Shift.id.in_(own),
        Shift.starts_at > at - LONGEST - AFTER,
        Shift.starts_at < at + clock.ONE_DAY,
        Shift.canceled_at.is_(None),
    )


def led_shift(db: Session, viewer: Viewer, shift_id: int, at: datetime) -> Shift:
    """A shift that a viewer leads today, or manages, or NotFound."""
    managed = db.scalar(managed_shifts(viewer).where(Shift.id == shift_id))
    if managed is not None:
        return managed
    shift = db.scalar(leads(viewer, at).where(Shift.id == shift_id))
    if shift is None or not is_led_now(shift, at):
        raise NotFound
    return shift


class Timed(Protocol):
    """Anything that has a shift's time."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def zone(self) -> str: ...


def is_led_now(shift: Timed, at: datetime) -> bool:
    """Whether a lead has rights now: on the shift's local day, until some hours after its end."""
    begins = clock.start_of_day(clock.local_day(shift.starts_at, shift.zone), shift.zone)
    return begins <= at < shift.ends_at + AFTER


def led_today(db: Session, viewer: Viewer, at: datetime) -> Sequence[Shift]:
    """The shifts that a viewer leads today."""
    rows = db.scalars(leads(viewer, at).order_by(Shift.starts_at)).all()
    return [shift for shift in rows if is_led_now(shift, at)]


def set_lead(act: Act, signup: Signup, *, lead: bool) -> None:
    """Have someone on a shift lead it, or no longer; a minor or someone shadowing leads none."""
    lock_slots(act.db, Slot.shift_id == signup.shift_id)
    act.db.refresh(signup)
    if signup.state != SignupState.SIGNED_UP:
        raise Refused(text("This person is no longer on the shift."))
    day = clock.local_day(signup.shift.starts_at, signup.shift.zone)
    if lead and (signup.trainee or is_minor(signup.person.adult_on, day)):
        raise Refused(text("Someone under 18 or shadowing can't lead a shift."))
    if signup.lead != lead:
        watch(act, SHIFTS, [signup.shift_id])
        signup.lead = lead
        record(act, "signup.lead" if lead else "signup.no_lead", signup)


def leads_of(db: Session, shift_id: int) -> Sequence[int]:
    """Who leads a shift, by id."""
    return db.scalars(
        select(Signup.person_id)
        .where(
            Signup.shift_id == shift_id,
            Signup.lead,
            Signup.state == SignupState.SIGNED_UP,
        )
        .order_by(Signup.person_id)
    ).all()
