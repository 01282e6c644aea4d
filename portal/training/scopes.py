"""Which courses, sessions and people a viewer may see or manage. Checks live in the query."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true

from portal.people.models import Membership, Person
from portal.permissions import GRANTS, Permission, Viewer
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.programs.applications import engagements
from portal.programs.models import Placement, Position, Program, Visibility
from portal.programs.scopes import in_viewers_programs, pool
from portal.training.models import CURRENT, Course, CourseSession, Enrolment, SessionTrainer
from portal.training.proposal_models import OPEN_PROPOSALS, Proposal, ProposalKind

MANAGE = Permission.TRAINING_MANAGE


def manages(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a viewer manages a course: one of their programs', or one of the agency's."""
    if not viewer.may(MANAGE):
        return false()
    return or_(Course.program_id.is_(None), in_viewers_programs(Course.program_id, viewer, MANAGE))


def managed_courses(viewer: Viewer) -> Select[Course]:
    """The courses a trainer or coordinator manages: their sessions, learners and results."""
    return select(Course).where(manages(viewer))


def written_by(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a viewer may write a course itself: what the agency's give is not up to the
    trainers of one program."""
    return in_viewers_programs(Course.program_id, viewer, MANAGE)


def _ids(viewer: Viewer) -> Any:
    return select(Course.id).where(manages(viewer)).correlate(None)


def managed_sessions(viewer: Viewer) -> Select[CourseSession]:
    """The sessions of those courses."""
    return select(CourseSession).where(_course_of_session(manages(viewer)))


def managed_programs(viewer: Viewer) -> Select[Program]:
    """The programs a viewer may write courses for."""
    return select(Program).where(in_viewers_programs(Program.id, viewer, MANAGE))


def _course_of_session(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Course.id == CourseSession.course_id, condition)


def may_see(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a viewer may know of a course. Those of a sensitive program are for its own
    people alone: their names would tell (SECURITY Z5)."""
    if viewer.everywhere(MANAGE):
        return true()
    staff_of = sorted(program for _, program in viewer.memberships if program is not None)
    public = select(Program.id).where(Program.visibility == Visibility.PUBLIC).correlate(None)
    engaged = engagements()
    own = select(engaged.c.program_id).where(engaged.c.person_id == viewer.person_id)
    return or_(
        Course.program_id.is_(None),
        Course.program_id.in_(public),
        Course.program_id.in_(own),
        Course.program_id.in_(staff_of),
    )


def visible_courses(viewer: Viewer) -> Select[Course]:
    """The courses a viewer may know of."""
    return select(Course).where(may_see(viewer))


def visible_sessions(viewer: Viewer) -> Select[CourseSession]:
    """The sessions of those courses, and those one takes part in or gives."""
    takes = exists().where(
        Enrolment.session_id == CourseSession.id,
        Enrolment.person_id == viewer.person_id,
        Enrolment.state.in_(CURRENT),
    )
    gives = exists().where(
        SessionTrainer.session_id == CourseSession.id,
        SessionTrainer.person_id == viewer.person_id,
        SessionTrainer.ended_at.is_(None),
    )
    return select(CourseSession).where(or_(_course_of_session(may_see(viewer)), takes, gives))


def teachable_people(viewer: Viewer) -> Select[Person]:
    """People whom a viewer may enrol: those who serve in the programs they train or applied to them, and the
    pool no one placed yet."""
    if viewer.everywhere(MANAGE):
        return select(Person)
    placed = select(Placement.person_id).where(
        in_viewers_programs(Placement.program_id, viewer, MANAGE)
    )
    applied = select(Application.person_id).where(
        in_viewers_programs(Application.program_id, viewer, MANAGE),
        Application.state.in_(OPEN_APPLICATIONS),
        Application.person_id.is_not(None),
    )
    return select(Person).where(
        or_(
            Person.id.in_(placed),
            Person.id.in_(applied),
            pool(),
            Person.id == viewer.person_id,
        )
    )


def possible_trainers(viewer: Viewer) -> Select[Person]:
    """People who may give a session: those one may enrol, and those who train for the same programs or
    for the agency."""
    roles = [role for role, grants in GRANTS.items() if MANAGE in grants]
    colleagues = select(Membership.person_id).where(
        Membership.role.in_(roles),
        Membership.until.is_(None),
        or_(
            Membership.program_id.is_(None),
            in_viewers_programs(Membership.program_id, viewer, MANAGE),
        ),
    )
    mine = teachable_people(viewer).with_only_columns(Person.id)
    return select(Person).where(or_(Person.id.in_(mine), Person.id.in_(colleagues)))


def visible_certificates(viewer: Viewer) -> Select[Enrolment]:
    """One's own passes, and those in the courses one manages."""
    managed = Enrolment.course_id.in_(_ids(viewer))
    return select(Enrolment).where(
        Enrolment.result == "passed", or_(Enrolment.person_id == viewer.person_id, managed)
    )


def decidable_proposals(viewer: Viewer) -> Select[Proposal]:
    """The proposals that wait for a viewer: credentials of the courses they manage, and placements where
    they decide on those."""
    managed = Enrolment.course_id.in_(_ids(viewer))
    placing = (
        select(Position.id)
        .where(in_viewers_programs(Position.program_id, viewer, Permission.PLACEMENTS_DECIDE))
        .correlate(None)
    )
    return (
        select(Proposal)
        .join(Enrolment, Enrolment.id == Proposal.enrolment_id)
        .where(
            Proposal.state.in_(OPEN_PROPOSALS),
            or_(
                and_(Proposal.kind == ProposalKind.CREDENTIAL, managed),
                and_(Proposal.kind == ProposalKind.PLACEMENT, Proposal.position_id.in_(placing)),
            ),
        )
    )
