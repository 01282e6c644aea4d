"""A draft of the demo's coordinator: next week but one, as they mean to change it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people.models import Membership
from portal.permissions import Role, Viewer
from portal.programs.settings import WEEK_STARTS
from portal.shifts import drafts
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.viewer_scope import managed_shifts


def give_draft(db: Session, zone: str, at: datetime) -> None:
    """The first coordinator moves a shift, cancels another, and takes someone off a third."""
    row = db.execute(
        select(Membership.person_id, Membership.program_id)
        .where(Membership.role == Role.COORDINATOR, Membership.until.is_(None))
        .order_by(Membership.id)
    ).first()
    assert row
    today = clock.local_day(at, zone)
    memberships = frozenset({(Role.COORDINATOR, row.program_id)})
    viewer = Viewer(row.person_id, memberships=memberships, today=today)
    act = Act(db, viewer, at - timedelta(minutes=25))
    first_day = clock.week_start(today + 14 * clock.ONE_DAY, WEEK_STARTS.default)
    begins = clock.start_of_day(first_day, zone)
    found = db.scalars(
        managed_shifts(viewer)
        .where(
            Shift.starts_at >= begins,
            Shift.starts_at < begins + timedelta(days=7),
            Shift.canceled_at.is_(None),
        )
        .order_by(Shift.starts_at, Shift.id)
    ).all()
    if len(found) < 3:
        return
    draft = drafts.begin(act, first_day)
    day = clock.local_day(found[0].starts_at, found[0].zone)
    drafts.move(act, draft, found[0], day + clock.ONE_DAY, None)
    drafts.cancel(act, draft, found[1], "The courthouse closes early")
    signup = db.scalars(
        select(Signup)
        .where(
            Signup.shift_id.in_([shift.id for shift in found[2:]]),
            Signup.state == SignupState.SIGNED_UP,
        )
        .order_by(Signup.id)
    ).first()
    if signup is not None:
        drafts.remove_person(act, draft, signup, "Moves to another program")
