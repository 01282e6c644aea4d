"""A proposal that the demo's coordinator asked for, made without the solver."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.autofill import fills, greedy
from portal.autofill.problem import packed
from portal.autofill.snapshot import snapshot
from portal.people.identity_models import Identity
from portal.people.models import Membership
from portal.permissions import Viewer
from portal.shifts.gaps import Which

DAYS = 9


def give_fill(db: Session, zone: str, at: datetime) -> None:
    """Propose people for the unfilled shifts of the coordinator's next days."""
    cy = db.scalars(
        select(Identity.person_id).where(Identity.address == "coordinator@demo.example")
    ).one()
    held = db.execute(
        select(Membership.role, Membership.program_id).where(
            Membership.person_id == cy, Membership.until.is_(None)
        )
    )
    today = clock.local_day(at, zone)
    viewer = Viewer(
        cy, memberships=frozenset((row.role, row.program_id) for row in held), today=today
    )
    which = Which(at, today + timedelta(days=DAYS), zone)
    problem = snapshot(db, viewer, which, at)
    row = fills.propose(Act(db, viewer, at), which, packed(problem))
    fills.keep_solution(db, row, greedy.fill(problem))
