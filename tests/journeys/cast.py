"""Whom the journeys of a shift's day are about: a program of the demo's coordinator, and its volunteer."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people.identity_models import Identity
from portal.people.models import Membership, Person
from portal.programs.models import Program


def coordinators_program(db: Session) -> Program:
    """Return a program that the demo's coordinator, Cy Ortega, is a member of."""
    cy = db.scalars(select(Person.id).where(Person.name == "Cy Ortega")).one()
    mine = select(Membership.program_id).where(Membership.person_id == cy)
    return db.get_one(Program, db.scalars(mine).first())


def volunteer_id(db: Session) -> int:
    """Return the id of the person whom the demo signs in as its volunteer."""
    return db.scalars(select(Identity.person_id).where(Identity.address.like("volunteer@%"))).one()
