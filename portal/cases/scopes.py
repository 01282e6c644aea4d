"""Who sees what of a case: one table, and the queries that keep to it (SECURITY Z1 to Z6).

| who | cases | of a case |
|---|---|---|
| caseworker | of the programs where they are caseworkers | everything |
| coordinator | of the programs they coordinate | reference, state, and what is asked for |
| everyone else, administrators among them | none | nothing |
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select

from portal.cases.models import Case, HelpFunction, HelpRequest
from portal.people.models import Membership, Person, Status
from portal.permissions import Permission, Role, Viewer
from portal.programs.models import Program, Visibility
from portal.programs.scopes import in_viewers_programs

READ, ASK = Permission.CASES_READ, Permission.CASES_REQUEST


class Sees(StrEnum):
    """How much of a case someone sees: all of it, or only its reference and state."""

    ALL = "all"
    REFERENCE = "reference"


def readable_cases(viewer: Viewer) -> Select[Case]:
    """The cases a viewer reads whole."""
    return select(Case).where(in_viewers_programs(Case.program_id, viewer, READ))


def known_cases(viewer: Viewer) -> Select[Case]:
    """The cases of which a viewer sees at least reference and state."""
    return select(Case).where(in_viewers_programs(Case.program_id, viewer, ASK))


def known_requests(viewer: Viewer) -> Select[HelpRequest]:
    """The requests of those cases."""
    return select(HelpRequest).where(in_viewers_programs(HelpRequest.program_id, viewer, ASK))


def readable_requests(viewer: Viewer) -> Select[HelpRequest]:
    """The requests of cases that a viewer reads whole."""
    return select(HelpRequest).where(in_viewers_programs(HelpRequest.program_id, viewer, READ))


def sees(viewer: Viewer, program_id: int) -> Sees | None:
    """How much a viewer sees of the cases of a program."""
    if viewer.may_in(READ, program_id):
        return Sees.ALL
    return Sees.REFERENCE if viewer.may_in(ASK, program_id) else None


def case_programs(viewer: Viewer) -> Select[Program]:
    """The open programs for which a viewer asks for volunteers. A sensitive one takes no cases yet."""
    return select(Program).where(
        in_viewers_programs(Program.id, viewer, ASK),
        Program.closed_at.is_(None),
        Program.visibility == Visibility.PUBLIC,
    )


def functions_of(viewer: Viewer) -> Select[HelpFunction]:
    """What can be asked for in those programs."""
    ids = case_programs(viewer).with_only_columns(Program.id).correlate(None)
    return select(HelpFunction).where(
        HelpFunction.program_id.in_(ids), HelpFunction.closed_at.is_(None)
    )


def caseworkers_of(program_id: Any) -> Select[Person]:
    """The caseworkers of a program."""
    return (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == Role.CASEWORKER,
            Membership.program_id == program_id,
            Membership.until.is_(None),
            Person.status == Status.ACTIVE,
        )
        .order_by(Person.name, Person.id)
    )
