"""Whose identity it is: who may change what identifies or admits a person, and whom an address admits.

The rules for every way stand here: the edit form, imports, invitations and codes ask them; a person's own
pages change an address through `people/addresses` after proof (SECURITY A9, A10). An email address, a way to
sign in, a staff role, and a status that lets someone back in are changed by the person after proof, or by
an administrator.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.people import addresses, identities, memberships
from portal.people.addresses import normal_address
from portal.people.departures import note_departure
from portal.people.identity_models import AddressChange, ProvedAddress
from portal.people.memberships import LAST_ADMINISTRATOR, another_administrator
from portal.people.models import Leaving, Membership, Person, Status
from portal.people.people import edit_person, person_values
from portal.people.sessions import end_sessions
from portal.permissions import Permission, Role, Viewer
from portal.programs import placements
from portal.programs.application_models import Application
from portal.programs.applications import is_open
from portal.programs.models import Placement, Program, Visibility
from portal.programs.placements import counts_on
from portal.programs.scopes import is_staff, visible_people
from portal.settings import Settings
from portal.web.errors import Refused, unless_stale
from portal.words import Words, text

GONE = (Status.ON_LEAVE, Status.ENDED)
OWN_EMAIL = text("Change your own email address under “My profile”.")
TAKEN_OUT = text("They sign in with this address. Only they or an administrator can remove it.")
SAME_HOUSEHOLD = text("Someone here already has this email address. Check whether they share it.")


class Standing(NamedTuple):
    """What decides who may change a person: their account, staff roles and programs."""

    account: bool
    roles: frozenset[Role]
    programs: frozenset[int]
    sensitive: bool


def standing_of(db: Session, person_id: int, viewer: Viewer) -> Standing:
    """How a person stands on the viewer's day."""
    roles = db.scalars(
        select(Membership.role).where(Membership.person_id == person_id, Membership.until.is_(None))
    )
    serves = select(Placement.program_id).where(
        Placement.person_id == person_id, counts_on(viewer.today)
    )
    inside = select(Person.id).where(Person.id == person_id, in_sensitive_program())
    return Standing(
        addresses.has_account(db, person_id),
        frozenset(map(Role, roles)),
        frozenset(db.scalars(serves.distinct())),
        db.scalar(inside) is not None,
    )


def manages(by: Viewer, them: Standing) -> bool:
    """Whether the viewer decides for every program that a person without a staff role serves in."""
    if by.everywhere(Permission.AGENCY_MANAGE):
        return True
    mine = by.programs_with(Permission.PEOPLE_MANAGE)
    return bool(mine) and not them.roles and them.programs <= mine


def save_person(
    act: Act,
    person: Person,
    values: Mapping[str, Any],
    version: int | None,
    same_household: bool = True,
) -> bool:
    """Save what staff changed about a person. Gives whether a new email address was only proposed.

    Raises Refused beside the field for an address or a status that is not theirs to change.
    """
    unless_stale(person_values(person), version)
    email, status = values.get("email", person.email), values.get("status", person.status)
    moved = normal_address(email) != normal_address(person.email)
    them = standing_of(act.db, person.id, act.by)
    wrong: dict[str, Words] = {}
    if moved and (no := _why_not_email(act.db, act.by, person, them, email, same_household)):
        wrong["email"] = no
    if status != person.status and (no := _why_not_status(act.db, act.by, person, them, status)):
        wrong["status"] = no
    if wrong:
        raise Refused(fields=wrong)
    edit_person(act, person, values, version)
    if status != person.status:
        set_status(act, person, status)
    if not moved:
        return False
    return _set_email(act, person, them, email)


def _set_email(act: Act, person: Person, them: Standing, email: str) -> bool:
    if not them.account:
        addresses.set_address(act.db, person, email)
        return False
    if act.by.everywhere(Permission.AGENCY_MANAGE):
        addresses.change_address(act, person, email, None)
        return False
    addresses.propose(act, person, email)
    return True


def _why_not_email(
    db: Session, by: Viewer, person: Person, them: Standing, email: str, same_household: bool
) -> Words | None:
    if by.person_id == person.id:
        return OWN_EMAIL
    if not email and them.account and not by.everywhere(Permission.AGENCY_MANAGE):
        return TAKEN_OUT
    if not same_household and shared_with(db, by, email, person.id):
        return SAME_HOUSEHOLD
    return None


def shared_with(db: Session, by: Viewer, email: str, but: int | None = None) -> bool:
    """Whether someone the viewer may see already has an address. No one else is given away."""
    if not email:
        return False
    return db.scalar(holders_seen(by, email).where(Person.id != (but or 0)).limit(1)) is not None


def holders_seen(by: Viewer, email: str) -> Select[int]:
    """The people with an address whom the viewer may see."""
    seen = visible_people(by).with_only_columns(Person.id)
    return seen.where(holds(email))


def _why_not_status(
    db: Session, by: Viewer, person: Person, them: Standing, status: str
) -> Words | None:
    agency = by.everywhere(Permission.AGENCY_MANAGE)
    administers = Role.ADMINISTRATOR in them.roles
    if status in GONE and administers and not another_administrator(db, person.id):
        return LAST_ADMINISTRATOR
    if agency:
        return None
    if person.status == Status.ENDED:
        return text("Only an administrator can make someone active again.")
    if status not in GONE and person.status not in GONE:
        return None
    if them.roles:
        return text("Only an administrator can change the status of someone on staff.")
    if not manages(by, them):
        return text(
            "They also have a role in another program. End their roles in your own "
            "programs instead."
        )
    return None


def may_not_leave(db: Session, by: Viewer, person: Person) -> Words | None:
    """Why a viewer may not make someone inactive; None if they may."""
    return _why_not_status(db, by, person, standing_of(db, person.id, by), Status.ENDED)


def set_status(act: Act, person: Person, status: str) -> None:
    """Give a person a status, once it is decided that it may be. Ending someone ends every way in and
    every staff role at once (SECURITY A7)."""
    before, person.status = person.status, Status(status)
    if before == Status.ON_LEAVE or (before == Status.ENDED and status != Status.ENDED):
        person.counted_from = act.by.today or act.at.date()
    act.db.flush()
    record(act, "person.status", person, f"{before} to {status}")
    today = act.by.today or act.at.date()
    if status in GONE:
        cause = Leaving.ENDED if status == Status.ENDED else Leaving.ON_LEAVE
        note_departure(act.db, person.id, cause, today, act.at)
    if status == Status.ENDED:
        held = select(Membership.id).where(
            Membership.person_id == person.id, Membership.until.is_(None)
        )
        for membership_id in act.db.scalars(held.order_by(Membership.id)).all():
            memberships.end(act, membership_id)
        placements.end_all_of(act, person.id, today, "")
        end_sessions(act, person.id)
        addresses.end_invitations(act.db, person.id)
        addresses.withdraw_proposal(act.db, person.id)


MOST_SHARING = 50
"""How many people with one address are looked at; those who proved it first."""


def holds(address: str) -> ColumnElement[bool]:
    """Inside a query: whether a person who has not ended has an address on their record."""
    return and_(func.lower(Person.email) == normal_address(address), Person.status != Status.ENDED)


def in_sensitive_program() -> ColumnElement[bool]:
    """Inside a query: whether a person serves, served or applied to serve in a program that outsiders do not
    see, or is staff of one."""
    sensitive = select(Program.id).where(Program.visibility != Visibility.PUBLIC)
    serves = exists().where(
        Placement.person_id == Person.id,
        Placement.program_id.in_(sensitive),
    )
    applies = is_open(Application.person_id == Person.id, Application.program_id.in_(sensitive))
    staff = exists().where(
        Membership.person_id == Person.id,
        Membership.until.is_(None),
        Membership.program_id.in_(sensitive),
    )
    return or_(serves, applies, staff)


class Holder(NamedTuple):
    """Someone whom an address admits."""

    id: int
    name: str


class Admission(NamedTuple):
    """Whom an address admits. `ask` is whether it must be asked which of them it is: more
    than one person whose name may be shown has the address."""

    people: Sequence[Holder]
    ask: bool


def admitted(db: Session, address: str) -> Admission:
    """Whom an emailed code for an address lets in, by name.

    Those who proved it. Where others have it too, proved or not, members of a sensitive program are left out.
    Where no one proved it, the only person with the address, unless they are staff, serve in a sensitive
    program, or an administrator typed it for an account.
    """
    address = normal_address(address)
    was_changed = exists().where(
        AddressChange.person_id == Person.id, AddressChange.effective_at.is_not(None)
    )
    proved = exists().where(ProvedAddress.person_id == Person.id, ProvedAddress.address == address)
    found = db.execute(
        select(
            Person.id,
            Person.name,
            proved.label("proved"),
            or_(in_sensitive_program(), is_staff(), was_changed).label("careful"),
            in_sensitive_program().label("sensitive"),
        )
        .where(holds(address))
        .order_by(proved.desc(), Person.name, Person.id)
        .limit(MOST_SHARING)
    ).all()
    own = [row for row in found if row.proved]
    if own and len(found) > 1:
        own = [row for row in own if not row.sensitive]
    elif not own:
        own = [row for row in found if len(found) == 1 and not row.careful]
    shown = sum(not row.sensitive for row in found)
    return Admission([Holder(row.id, row.name) for row in own], shown > 1)


def invite(act: Act, person: Person, settings: Settings) -> None:
    """Email a person a link with which they set a password.

    Raises Refused where following it would not show that it is them: they can sign in already, they
    share the address, are staff, or serve in a sensitive program. Those get a code from the office.
    """
    them = standing_of(act.db, person.id, act.by)
    _unless_new(act.by, them)
    if not (settings.smtp_url or settings.demo):
        raise Refused(text("No mail server is set up, so no email can be sent. Give them a code."))
    same = select(func.count()).where(holds(person.email))
    if them.roles or them.sensitive or (act.db.scalar(same) or 0) > 1:
        raise Refused(
            text("For this person, an email alone isn't enough. Give them a code instead.")
        )
    identities.send_invitation(act, person, settings)


def give_code(act: Act, person: Person, settings: Settings, how: str) -> str:
    """Make the code that the office reads out to a person, once it is sure who they are: in person, or
    after calling back the number on file. Raises Refused unless the viewer may vouch for them."""
    them = standing_of(act.db, person.id, act.by)
    _unless_new(act.by, them)
    if not manages(act.by, them):
        raise Refused(
            text("They also have a role in another program. An administrator can give them a code.")
        )
    return identities.make_office_code(act, person, settings, how)


def _unless_new(by: Viewer, them: Standing) -> None:
    if them.account and not by.everywhere(Permission.AGENCY_MANAGE):
        raise Refused(text("This person can already sign in. Ask an administrator for help."))
