"""Minors of the demo agency, from 16 on in one role, and employees of the county who volunteer."""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people.models import Membership, Person
from portal.permissions import COMMAND_LINE, NOBODY, Role, Viewer
from portal.programs.application_models import Application, Hold
from portal.programs.models import Placement, PlacementState, Position
from portal.programs.programs import edit_position, values_of
from portal.recruitment import applications, buddies, review
from portal.recruitment.models import Opportunity
from portal.screening import employees, guardians
from portal.screening.guardian_models import GuardianRequest
from portal.settings import Settings

ROLE = "Lunch server"
SIGNED, TO_CALL, ASKED = "signed", "to_call", "asked"
MINORS = (
    ("Priya Nair", "priya.nair@demo.example", ("Meena Nair", "Mother", "meena@demo.example", ""), SIGNED),
    ("Jonah Weiss", "jonah.weiss@demo.example", ("Ruth Weiss", "Aunt", "", "(555) 555-3307"), TO_CALL),
    ("Lia Marchetti", "lia@demo.example", ("Paolo Marchetti", "Father", "paolo@demo.example", ""), ASKED),
)  # fmt: skip
"""Who applied, whom they named, and what came of it."""
JOBS = ("Office assistant", "Bus driver", "Nurse")


def give_minors(db: Session, zone: str, at: datetime) -> None:
    """One role is for people of 16 or older; three minors apply, and one of them serves already."""
    settings = Settings(timezone=zone, secret_key="x" * 40)
    position = db.scalars(select(Position).where(Position.name == ROLE)).one()
    values = values_of(position)
    version = values.pop("version")
    office = Act(db, COMMAND_LINE, at)
    edit_position(office, position, values | {"youngest": 16}, version)
    posting = db.scalars(select(Opportunity).where(Opportunity.position_id == position.id)).first()
    coordinator = db.scalars(
        select(Membership.person_id).where(
            Membership.role == Role.COORDINATOR, Membership.program_id == position.program_id
        )
    ).first()
    memberships = frozenset({(Role.COORDINATOR, position.program_id)})
    staff = Viewer(person_id=coordinator, memberships=memberships)
    for number, (name, email, guardian, came) in enumerate(MINORS):
        day = clock.local_day(at, zone)
        typed = {
            "name": name, "email": email, "phone": f"(555) 555-33{number:02}", "language": "en",
            "why": "I need service hours, and I like to cook.", "times": "Saturdays",
            "adult_on": day + relativedelta(months=8 + 5 * number),
        }  # fmt: skip
        began = at - timedelta(days=9 - number)
        row = applications.submit(
            Act(db, NOBODY, began), position, typed, settings, opportunity=posting
        )
        applications.prove_email(Act(db, NOBODY, began), row)
        review.start_review(Act(db, staff, began), row, None, settings)
        asked = _name(db, row, guardian, settings, began)
        if came == SIGNED:
            _sign(db, row, asked, staff, settings, at)
        else:
            review.hold(Act(db, staff, began), row, Hold.GUARDIAN, None)
    _employees(db, zone, at)


def _name(
    db: Session, row: Application, guardian: tuple[str, ...], settings: Settings, at: datetime
) -> GuardianRequest:
    assert row.person is not None
    typed = dict(zip(("name", "relation", "email", "phone"), guardian, strict=True))
    act = Act(db, Viewer(person_id=row.person_id), at)
    return guardians.name_guardian(act, row.person, row.program_id, typed, settings)


def _sign(
    db: Session,
    row: Application,
    asked: GuardianRequest,
    staff: Viewer,
    settings: Settings,
    at: datetime,
) -> None:
    typed = {"signed_name": asked.name, "relation": "Mother", "phone": "(555) 555-3308"}
    guardians.sign(Act(db, NOBODY, at - timedelta(days=2)), asked, typed, settings)
    review.accept(
        Act(db, staff, at - timedelta(days=1)), row, clock.local_day(at, settings.timezone)
    )
    applications.accept_role(Act(db, NOBODY, at), row, settings.timezone)
    experienced, _ = buddies.candidates(db, row)[0]
    buddies.set_buddy(Act(db, staff, at), row, experienced)


def _employees(db: Session, zone: str, at: datetime) -> None:
    """Three volunteers work for the county; HR said of one role that it is other work."""
    people = db.scalars(
        select(Person)
        .join(Placement, Placement.person_id == Person.id)
        .where(
            Placement.state == PlacementState.ACTIVE,
            Person.id.not_in(select(Membership.person_id)),
            Person.email.like("volunteer1%"),
        )
        .order_by(Person.id)
        .distinct()
        .limit(len(JOBS))
    ).all()
    today = clock.local_day(at, zone)
    for person, job in zip(people, JOBS, strict=False):
        employees.say_job(Act(db, Viewer(person_id=person.id), at), person, job, today)
    screener = db.scalars(
        select(Membership.person_id).where(Membership.role == Role.SCREENER).order_by(Membership.id)
    ).first()
    by = Viewer(person_id=screener, memberships=frozenset({(Role.SCREENER, None)}))
    db.flush()
    for line in employees.lines(db, employees.to_decide(by), 1):
        act = Act(db, by, at)
        employees.decide(act, line.person_id, line.position_id, line.job, other=True, on=today)
