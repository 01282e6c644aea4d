"""Accounts made on the command line: the first administrator, and links for those who lost theirs."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.db import Database
from portal.people import identities, memberships
from portal.people.addresses import normal_address
from portal.people.identity_models import Identity
from portal.people.models import Person, Status
from portal.people.people import add_person
from portal.permissions import COMMAND_LINE, Role
from portal.programs.models import Program
from portal.settings import SettingsError


def add(
    database: Database,
    base_url: str,
    name: str,
    email: str,
    role: str | None,
    program: str | None,
    at: datetime,
) -> str:
    """Add a person with an optional staff role; gives the text to print, with a one-time link."""
    with database.writing() as db:
        program_id = _program_id(db, role, program)
        values = {"name": name, "email": email, "status": Status.ACTIVE}
        person = add_person(Act(db, COMMAND_LINE, at), values)
        if role:
            memberships.grant(Act(db, COMMAND_LINE, at), person.id, Role(role), program_id)
        token = identities.invite(Act(db, COMMAND_LINE, at), person)
    return _text(name, base_url, token)


def invite_again(database: Database, base_url: str, email: str, at: datetime) -> str:
    """A new one-time link for each person who signs in with, or gave, this address."""
    address = normal_address(email)
    with database.writing() as db:
        signing_in = select(Identity.person_id).where(Identity.address == address)
        people = db.scalars(
            select(Person).where(Person.id.in_(signing_in) | (Person.email == email))
        ).all()
        if not people:
            raise SettingsError([f"Nobody here has the address {email}."])
        return "\n".join(
            _text(person.name, base_url, identities.invite(Act(db, COMMAND_LINE, at), person))
            for person in people
        )


def _program_id(db: Session, role: str | None, program: str | None) -> int | None:
    if role != Role.COORDINATOR:
        return None
    found = db.scalar(select(Program.id).where(Program.name == program)) if program else None
    if found is None:
        names = ", ".join(db.scalars(select(Program.name).order_by(Program.name))) or "none yet"
        raise SettingsError([f"A coordinator needs --program with one of these: {names}."])
    return found


def _text(name: str, base_url: str, token: str) -> str:
    return (
        f"{name} sets a password here, within 7 days:\n  {base_url.rstrip('/')}/invitations/{token}"
    )
