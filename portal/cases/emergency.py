"""Emergency access: one case, a reason, an hour at most, an alert at once, and a review (SECURITY U5)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.audit.log import record
from portal.cases.cases import refuse_identifiers
from portal.cases.emergency_models import EmergencyAccess
from portal.cases.match_notices import EMERGENCY
from portal.cases.models import Case
from portal.cases.scopes import OVERSEE, READ, without_conflict
from portal.people.models import Membership, Person, Status
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.permissions import Permission, Role, Viewer
from portal.programs.models import Program, Visibility
from portal.programs.scopes import in_viewers_programs
from portal.web.errors import Refused
from portal.words import text

MAY = Permission.CASES_EMERGENCY
LONGEST = 60
LEAST_REASON = 10


def programs(viewer: Viewer) -> Select[Program]:
    """The open programs in which a viewer may open a case in an emergency."""
    return select(Program).where(_may_in(Program.id, viewer), Program.closed_at.is_(None))


def _may_in(program_id: Any, viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a viewer may open a case of a program; if it isn't public, only with a role in it."""
    other = aliased(Program)
    public = exists().where(other.id == program_id, other.visibility == Visibility.PUBLIC)
    return and_(
        in_viewers_programs(program_id, viewer, MAY),
        or_(
            program_id.in_(sorted(viewer.programs_with(MAY))),
            public,
        ),
    )


def find(db: Session, viewer: Viewer, program_id: int, reference: str) -> Case | None:
    """The open case of a program with a reference, whole and exactly as its agency writes it."""
    return db.scalars(
        select(Case).where(
            _may_in(Case.program_id, viewer),
            Case.program_id == program_id,
            func.lower(Case.reference) == reference.lower(),
            Case.closed_at.is_(None),
            without_conflict(Case.id, viewer),
        )
    ).first()


def officers(db: Session, but: int | None) -> list[int]:
    """The ids of the privacy officers who can be alerted."""
    found = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.role == Role.PRIVACY_OFFICER,
            Membership.until.is_(None),
            Person.status.not_in((Status.ENDED, Status.ON_LEAVE)),
            Person.id != but,
        )
        .order_by(Membership.person_id)
    )
    return list(db.scalars(found))


def open_access(act: Act, case: Case, reason: str, minutes: int) -> EmergencyAccess:
    """Open a case in an emergency. The privacy officers and its caseworker are told at once."""
    me = act.by.person_id
    assert me
    lock_people(act.db, [me])
    if act.by.may_in(READ, case.program_id):
        raise Refused(text("You can read this case without an emergency."))
    if len(reason) < LEAST_REASON:
        raise Refused(fields={"reason": text("Say in a sentence what the emergency is.")})
    refuse_identifiers(act.db, case.program_id, {"reason": reason}, sure=False)
    if not 1 <= minutes <= LONGEST:
        raise Refused(fields={"minutes": text("An hour at most.")})
    told = officers(act.db, me)
    if not told:
        raise Refused(
            text("No privacy officer is named who could review this. Call the case's caseworker.")
        )
    row = EmergencyAccess(
        case_id=case.id,
        program_id=case.program_id,
        person_id=me,
        reason=reason,
        at=act.at,
        until=act.at + timedelta(minutes=minutes),
    )
    act.db.add(row)
    act.db.flush()
    record(act, "emergency_access.opened", row)
    record(act, "case.emergency", case)
    notify(act, EMERGENCY, row, sorted({*told, case.caseworker_id} - {me}))
    return row


def current(viewer: Viewer, at: datetime) -> Select[EmergencyAccess]:
    """A viewer's own emergency access while it lasts, in programs where they may have it still."""
    return select(EmergencyAccess).where(
        EmergencyAccess.person_id == viewer.person_id,
        EmergencyAccess.until > at,
        EmergencyAccess.ended_at.is_(None),
        _may_in(EmergencyAccess.program_id, viewer),
        without_conflict(EmergencyAccess.case_id, viewer),
    )


def end(act: Act, row: EmergencyAccess) -> None:
    """Give it back before its time. Twice is once."""
    act.db.refresh(row, with_for_update=True)
    if row.ended_at is None:
        row.ended_at = act.at
        act.db.flush()
        record(act, "emergency_access.ended", row)


def reviewable(viewer: Viewer) -> Select[EmergencyAccess]:
    """What a privacy officer reviews: everyone's but their own."""
    found = select(EmergencyAccess).where(
        EmergencyAccess.person_id.is_distinct_from(viewer.person_id),
        without_conflict(EmergencyAccess.case_id, viewer),
    )
    return found if viewer.everywhere(OVERSEE) else found.where(false())


def unreviewed(viewer: Viewer) -> Select[EmergencyAccess]:
    """What still waits for a review."""
    return reviewable(viewer).where(EmergencyAccess.reviewed_at.is_(None))


def review(act: Act, row: EmergencyAccess, *, justified: bool) -> None:
    """Say whether it was justified, for someone other than who had it (SECURITY Z8). Once said, it stays."""
    act.db.refresh(row, with_for_update=True)
    if act.by.person_id == row.person_id:
        raise Refused(text("Someone else has to decide this."))
    if row.reviewed_at is not None:
        raise Refused(text("Someone else changed this. Check the page, then try again."))
    row.reviewed_at, row.reviewed_by_id, row.justified = act.at, act.by.person_id, justified
    act.db.flush()
    record(act, "emergency_access.reviewed", row, "justified" if justified else "not_justified")
