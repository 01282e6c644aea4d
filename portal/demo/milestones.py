"""Milestones that people of the demo agency reached."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.agency.settings import change
from portal.lifecycle import milestones
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE, Role, Viewer
from portal.settings import Settings

TURNED_ON = timedelta(days=120)


def give_milestones(db: Session, zone: str, at: datetime) -> None:
    """Programs with a coordinator list milestones since a while; one certificate was written."""
    settings = Settings(
        timezone=zone, secret_key="x" * 40, agency_name="Cedar County Human Services"
    )
    found = db.execute(
        select(Membership.person_id, Membership.program_id)
        .where(Membership.role == Role.COORDINATOR, Membership.until.is_(None))
        .order_by(Membership.id)
    ).all()
    viewers = [
        Viewer(row.person_id, memberships=frozenset({(Role.COORDINATOR, row.program_id)}))
        for row in found
    ]
    for row, viewer in zip(found, viewers, strict=True):
        act = Act(db, viewer, at - TURNED_ON)
        change(act, milestones.MILESTONES, True, settings, row.program_id)
    for then in (at - TURNED_ON, at):
        milestones.each_day(Act(db, COMMAND_LINE, then), zone)
    waiting = db.scalars(milestones.due(viewers[0])).first()
    if waiting:
        milestones.celebrate(Act(db, viewers[0], at), waiting, "Cy Ortega", settings)
