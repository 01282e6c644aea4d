"""Calls and messages about the demo's unfilled shifts, made as a coordinator makes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.people.models import Membership, Person
from portal.permissions import COMMAND_LINE, Role, Viewer
from portal.settings import Settings
from portal.shifts import asks, cover_requests, gaps, releases, shift_calls
from portal.shifts.cant_reasons import CantReason
from portal.shifts.gap_models import CallOutcome
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.suggestions import suggest
from portal.web.errors import Preview


def give_gaps(db: Session, zone: str, at: datetime) -> None:
    """Someone calls in sick; coordinators have called four people about their first gaps, and asked those
    who fit two others."""
    rows = db.execute(
        select(Membership.person_id, Membership.program_id)
        .where(Membership.role == Role.COORDINATOR, Membership.until.is_(None))
        .order_by(Membership.id)
    ).all()
    said = at - timedelta(minutes=10)
    call_in_sick(db, [row.program_id for row in rows], said)
    ask_for_cover(db, zone, said + releases.FIRST)
    for row in rows[:2]:
        today = at.date()
        viewer = Viewer(
            row.person_id,
            memberships=frozenset({(Role.COORDINATOR, row.program_id)}),
            today=today,
        )
        _call_some(db, viewer, zone, at)


def call_in_sick(db: Session, programs: Sequence[int], at: datetime) -> None:
    """The next person on a shift of some programs whose time to cancel is over can't make it."""
    signup = db.scalars(
        select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            Signup.state == SignupState.SIGNED_UP,
            Signup.trainee.is_(False),
            Signup.cant_at.is_(None),
            Shift.program_id.in_(programs),
            Shift.canceled_at.is_(None),
            Shift.starts_at > at + timedelta(hours=3),
            Shift.withdraw_until < at,
        )
        .order_by(Shift.starts_at, Signup.id)
    ).first()
    if signup is not None:
        act = Act(db, Viewer(signup.person_id), at)
        releases.cant_make_it(act, signup.person_id, signup.shift_id, CantReason.FAMILY)


def ask_for_cover(db: Session, zone: str, at: datetime) -> None:
    """Ask the first few people in place of whoever can't make it, as the worker does."""
    for request_id in db.scalars(cover_requests.due(at)).all():
        cover_requests.ask_next(Act(db, COMMAND_LINE, at), request_id, zone, Settings())


CALLS = (
    CallOutcome.LEFT_MESSAGE,
    CallOutcome.NO_ANSWER,
    CallOutcome.SAID_NO,
    CallOutcome.NO_ANSWER,
)


def _call_some(db: Session, viewer: Viewer, zone: str, at: datetime) -> None:
    which = gaps.coming(at, zone)
    found = gaps.page(db, viewer, which).rows
    people = suggest(db, viewer, found, at, zone)
    earlier = at - timedelta(minutes=50)
    for number, (gap, outcome) in enumerate(zip(found, CALLS, strict=False)):
        for one in people[gap.id].best[:1]:
            act = Act(db, viewer, earlier + timedelta(minutes=10 * number))
            slot = db.get_one(Slot, gap.id)
            call = shift_calls.note_call(act, slot, db.get_one(Person, one.person.id), outcome)
            if outcome == CallOutcome.SAID_NO:
                shift_calls.pause_day(act, call)
    act = Act(db, viewer, earlier)
    slots = [gap.id for gap in found if people[gap.id].askable][-2:]
    if wanted := asks.wanted_for(db, viewer, which, slots):
        asks.ask_for_gaps(act, which, slots, Preview(wanted).seen)
