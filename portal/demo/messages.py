"""What the demo agency has told its people: a letter, and spots that just got free for those in line."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.messages.models import Letter
from portal.outbox.notices import LETTER
from portal.people.identity_models import Identity
from portal.people.models import Membership, Person
from portal.people.notify import notify
from portal.permissions import Viewer
from portal.programs.models import Placement, PlacementState
from portal.shifts import signups
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.waiting_models import Waiting, WaitingState

READERS, FREED = 12, 4


def tell_some(db: Session, at: datetime) -> None:
    """Write the letter, and let some people give back shifts that others wait for."""
    coordinator = db.scalars(
        select(Identity.person_id).where(Identity.address == "coordinator@demo.example")
    ).one()
    programs = db.scalars(
        select(Membership.program_id).where(Membership.person_id == coordinator)
    ).all()
    _letter(Act(db, Viewer(person_id=coordinator), at), programs[0] or 0)
    waiting = db.scalars(
        select(Waiting)
        .join(Shift, Shift.id == Waiting.shift_id)
        .join(Person, Person.id == Waiting.person_id)
        .where(Shift.program_id.in_(programs), Waiting.state == WaitingState.WAITING)
        .order_by(Person.email, Waiting.id)  # those without an address first
        .limit(FREED)
    ).all()
    for row in waiting:
        person = db.scalar(
            select(Signup.person_id).where(
                Signup.slot_id == row.slot_id, Signup.state == SignupState.SIGNED_UP
            )
        )
        if person and at < row.shift.withdraw_until:
            signups.withdraw(Act(db, Viewer(person_id=person), at), person, row.shift_id)


def _letter(act: Act, program_id: int) -> None:
    letter = Letter(
        by_id=act.by.person_id,
        program_id=program_id,
        subject="The north parking lot is closed on Friday",
        body="Hello {name},\n\nOn Friday the north lot is being paved. Please park at the library; "
        "it is three minutes on foot.\n\nThank you for all you do!",
        written_at=act.at,
    )
    act.db.add(letter)
    act.db.flush()
    readers = act.db.scalars(
        select(Placement.person_id)
        .join(Person, Person.id == Placement.person_id)
        .where(Placement.program_id == program_id, Placement.state == PlacementState.ACTIVE)
        .group_by(Placement.person_id, Person.email)
        .order_by(Person.email)
        .limit(READERS)
    ).all()
    notify(act, LETTER, letter, readers)
