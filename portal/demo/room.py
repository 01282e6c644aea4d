"""The screening review of the demo agency: a list with three entries, likenesses, and safety checks."""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import change
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE, Role, Viewer
from portal.programs.application_models import Application, ApplicationState
from portal.programs.models import Program
from portal.requirements.review_settings import LIST_REVIEW, SAFETY_CHECK
from portal.screening import lists, room, room_scopes
from portal.screening.list_models import Reason
from portal.settings import Settings

CHECKS = "Domestic Violence Services"
"""The program whose screeners look people up in its own system."""
LISTED = "Housing Support"
"""The program whose applicants are looked up in the list."""
LEFT = 3
"""How many of its people are still to be looked up."""


def give_review(db: Session, zone: str, at: datetime) -> None:
    """Two programs look people up; one applicant is like someone on the list, and one by the name alone."""
    settings = Settings(timezone=zone, secret_key="x" * 40)
    office, today = Act(db, COMMAND_LINE, at), clock.local_day(at, zone)
    program = db.scalars(select(Program).where(Program.name == CHECKS)).one()
    change(office, SAFETY_CHECK, True, settings, program_id=program.id)
    listed = db.scalars(select(Program.id).where(Program.name == LISTED)).one()
    change(office, LIST_REVIEW, True, settings, program_id=listed)
    first = db.scalars(
        select(Membership.person_id).where(Membership.role == Role.SCREENER).order_by(Membership.id)
    ).first()
    screener = Viewer(person_id=first, memberships=frozenset({(Role.SCREENER, None)}))
    _entries(db, screener, listed, settings, at)
    for one in db.scalars(room.to_look()).all():
        room.look(Act(db, COMMAND_LINE, at), one, zone)
    checked = Act(db, screener, at)
    waiting = db.scalars(room_scopes.to_check(screener).order_by(Application.id)).all()
    for row in waiting[:-LEFT]:
        likeness = select(Application.id).where(
            Application.id == row.id,
            room_scopes.holding_match(Application.person_id, Application.program_id, today),
        )
        if db.scalar(likeness) is None:
            safe = row.program_id == program.id
            room.pass_review(checked, row, today, settings, safe=safe)
    for placement in db.scalars(room_scopes.to_repeat(screener, today)).all()[LEFT:]:
        room.note_safe(checked, placement.person_id, placement.program_id, today, settings)
    db.flush()
    for one in db.scalars(room.due(at, zone)).all():
        room.clear(Act(db, COMMAND_LINE, at), one, zone)


def _entries(
    db: Session, screener: Viewer, program_id: int, settings: Settings, at: datetime
) -> None:
    """Two entries that another screener confirmed, which two applicants are like, and one that waits."""
    found = select(Application).where(
        Application.state == ApplicationState.IN_REVIEW, Application.program_id == program_id
    )
    alike = db.scalars(found.order_by(Application.id.desc()).limit(2)).all()
    made_at = at - timedelta(days=60)
    today = clock.local_day(made_at, settings.timezone)
    other = Viewer(person_id=None, memberships=frozenset({(Role.SCREENER, None)}))
    for number, row in enumerate(alike):
        values = {
            "name": row.called, "email": "" if number else row.email, "reason": Reason.CONDUCT,
            "expires_on": today + relativedelta(years=3),
        }  # fmt: skip
        entry = lists.add_entry(Act(db, screener, made_at), values, None, today)
        lists.confirm(Act(db, other, made_at), entry, today)
    values = {
        "name": "Terence Ould", "phone": "(555) 555-4410", "reason": Reason.OTHER_AGENCY,
        "expires_on": today + relativedelta(years=2),
    }  # fmt: skip
    lists.add_entry(Act(db, other, at), values, None, clock.local_day(at, settings.timezone))
