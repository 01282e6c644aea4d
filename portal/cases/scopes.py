"""Who sees what of a case: one table, and the queries that keep to it (SECURITY Z1 to Z6).

| who | cases | of a case |
|---|---|---|
| caseworker | of the programs where they are caseworkers | everything |
| coordinator | of the programs they coordinate | reference, state, and what is asked for |
| supervisor | those their volunteers help, from the hand-off to the end | everything |
| volunteer | of requests they were asked for, until that ends | what is asked for; from the hand-off on all |
| coordinator, supervisor, on call, administrator | in an `emergency` one, for an hour at most | everything |
| privacy officer | none | who had emergency access and why, and the audit |
| auditor | none | the audit, and totals |
| everyone else, administrators among them | none | nothing |

Whoever has a conflict of interest with a case sees nothing of it, whatever their role.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select

from portal.cases.conflict_models import Conflict
from portal.cases.models import KNOWN, Case, HelpFunction, HelpRequest, Match, MatchState
from portal.people.models import Membership, Person, Status
from portal.people.supervision import held_ever
from portal.people.traits import Supervision, SupervisionCover
from portal.permissions import Permission, Role, Viewer
from portal.programs.models import Program, Visibility
from portal.programs.scopes import in_viewers_programs

READ, ASK, FOLLOW = Permission.CASES_READ, Permission.CASES_REQUEST, Permission.CASES_FOLLOW
OVERSEE = Permission.CASES_OVERSEE


def no_conflict(case_id: Any, person_id: Any) -> ColumnElement[bool]:
    """The condition that nothing keeps a person from a case."""
    return ~exists().where(
        Conflict.case_id == case_id,
        Conflict.person_id == person_id,
        Conflict.lifted_at.is_(None),
    )


def without_conflict(case_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """The condition that nothing keeps a viewer from a case."""
    return no_conflict(case_id, viewer.person_id)


def _open_to(row: Any, viewer: Viewer, permission: Permission) -> ColumnElement[bool]:
    """The condition that a viewer holds a permission for the program of a row, and has no conflict."""
    case_id = Case.id if row is Case else row.case_id
    return and_(
        in_viewers_programs(row.program_id, viewer, permission), without_conflict(case_id, viewer)
    )


def readable_cases(viewer: Viewer) -> Select[Case]:
    """The cases a viewer reads whole."""
    return select(Case).where(_open_to(Case, viewer, READ))


def known_cases(viewer: Viewer) -> Select[Case]:
    """The cases of which a viewer sees at least reference and state."""
    return select(Case).where(_open_to(Case, viewer, ASK))


def known_requests(viewer: Viewer) -> Select[HelpRequest]:
    """The requests of those cases."""
    return select(HelpRequest).where(_open_to(HelpRequest, viewer, ASK))


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


def reading_caseworkers(program_id: int, case_id: int, person_id: int) -> Select[int]:
    """A person's id, if they are a caseworker of a program and may read one of its cases."""
    theirs = caseworkers_of([program_id]).where(
        Person.id == person_id, no_conflict(case_id, Person.id)
    )
    return theirs.with_only_columns(Person.id)


def readable_matches(viewer: Viewer) -> Select[Match]:
    """The matches of cases that a viewer reads whole."""
    return select(Match).where(_open_to(Match, viewer, READ))


def known_matches(viewer: Viewer) -> Select[Match]:
    """The matches of requests that a viewer knows of."""
    return select(Match).where(_open_to(Match, viewer, ASK))


def _supervises(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a viewer looks after the volunteer of a match today, or stands in for who does."""
    day = viewer.today
    if day is None or viewer.person_id is None:
        return false()
    covers = exists().where(
        SupervisionCover.supervisor_id == Supervision.supervisor_id,
        SupervisionCover.cover_id == viewer.person_id,
        SupervisionCover.first_day <= day,
        SupervisionCover.last_day >= day,
        SupervisionCover.ended_at.is_(None),
    )
    return exists().where(
        Supervision.person_id == Match.person_id,
        Supervision.program_id == Match.program_id,
        Supervision.first_day <= day,
        or_(Supervision.last_day.is_(None), Supervision.last_day >= day),
        held_ever(),
        or_(Supervision.supervisor_id == viewer.person_id, covers),
    )


def followed_matches(viewer: Viewer) -> Select[Match]:
    """The matches whose visits, follow-ups and messages a viewer reads: a caseworker those of their programs, a
    supervisor those of their own volunteers from the handoff to the end, never one's own."""
    supervised = and_(
        in_viewers_programs(Match.program_id, viewer, FOLLOW),
        Match.state.in_(KNOWN),
        _supervises(viewer),
    )
    return select(Match).where(
        or_(in_viewers_programs(Match.program_id, viewer, READ), supervised),
        Match.handed_off_at.is_not(None),
        Match.person_id.is_distinct_from(viewer.person_id),
        without_conflict(Match.case_id, viewer),
    )


def supervisors_in(program_id: int) -> Select[int]:
    """The ids of those who may follow their volunteers' matches in a program."""
    return select(Membership.person_id).where(
        Membership.role == Role.SUPERVISOR,
        Membership.until.is_(None),
        or_(Membership.program_id.is_(None), Membership.program_id == program_id),
    )


def own_matches(viewer: Viewer) -> Select[Match]:
    """A volunteer's own matches; with the end of one its page is gone."""
    return select(Match).where(
        Match.person_id == viewer.person_id,
        Match.state != MatchState.ENDED,
        without_conflict(Match.case_id, viewer),
    )
