"""Who sees what of a case: one table, and the queries that keep to it (SECURITY Z1 to Z6).

| who | cases | of a case |
|---|---|---|
| caseworker | of the programs where they are caseworkers | everything |
| coordinator | of the programs they coordinate | reference, state, and what is asked for |
| volunteer | of requests they were asked for, until that ends | what is asked for; from the hand-off on all |
| everyone else, administrators among them | none | nothing |
"""

from collections.abc import Collection

from sqlalchemy import Select, select

from portal.cases.models import Case, HelpFunction, HelpRequest, Match, MatchState
from portal.people.models import Membership, Person, Status
from portal.permissions import Permission, Role, Viewer
from portal.programs.models import Program, Visibility
from portal.programs.scopes import in_viewers_programs

READ, ASK = Permission.CASES_READ, Permission.CASES_REQUEST


def readable_cases(viewer: Viewer) -> Select[Case]:
    """The cases a viewer reads whole."""
    return select(Case).where(in_viewers_programs(Case.program_id, viewer, READ))


def known_cases(viewer: Viewer) -> Select[Case]:
    """The cases of which a viewer sees at least reference and state."""
    return select(Case).where(in_viewers_programs(Case.program_id, viewer, ASK))


def known_requests(viewer: Viewer) -> Select[HelpRequest]:
    """The requests of those cases."""
    return select(HelpRequest).where(in_viewers_programs(HelpRequest.program_id, viewer, ASK))


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


def caseworkers_of(programs: Collection[int]) -> Select[Person]:
    """The caseworkers of some programs, by name."""
    return (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == Role.CASEWORKER,
            Membership.program_id.in_(programs),
            Membership.until.is_(None),
            Person.status == Status.ACTIVE,
        )
        .order_by(Person.name, Person.id)
    )


def readable_matches(viewer: Viewer) -> Select[Match]:
    """The matches of cases that a viewer reads whole."""
    return select(Match).where(in_viewers_programs(Match.program_id, viewer, READ))


def known_matches(viewer: Viewer) -> Select[Match]:
    """The matches of requests that a viewer knows of."""
    return select(Match).where(in_viewers_programs(Match.program_id, viewer, ASK))


def own_matches(viewer: Viewer) -> Select[Match]:
    """A volunteer's own matches; with the end of one its page is gone."""
    return select(Match).where(Match.person_id == viewer.person_id, Match.state != MatchState.ENDED)
