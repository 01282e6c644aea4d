"""Conflicts of interest: a person and a case that must not meet, said by either side."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.audit.log import record
from portal.cases import matches
from portal.cases.cases import refuse_ended, refuse_identifiers
from portal.cases.conflict_models import Conflict, ConflictKind
from portal.cases.models import Case, HelpRequest, Match, MatchEnd, MatchState
from portal.people.models import Person, Status
from portal.people.people import lock_people
from portal.web.errors import Refused
from portal.words import text

MOST = 100


def declare(
    act: Act,
    case: Case,
    person_id: int,
    kind: ConflictKind,
    how: MatchEnd = MatchEnd.WITHDRAWN,
) -> Conflict:
    """Say that a person must not be matched with a case. What they were asked for it ends, without a reason,
    and they see nothing of it any more. Twice is once."""
    lock_people(act.db, [person_id])
    act.db.refresh(case, with_for_update=True)  # it may be given to them at this moment
    person = act.db.get(Person, person_id)
    if person is None or person.status == Status.ENDED:
        raise Refused(fields={"person": text("Select a person.")})
    if person_id == case.caseworker_id:
        first = text("They are this case's caseworker. Give the case to another caseworker first.")
        raise Refused(fields={"person": first})
    for row in standing(act.db, case.id):
        if row.person_id == person_id:
            return row
    row = Conflict(
        case_id=case.id, program_id=case.program_id, person_id=person_id, kind=kind, since=act.at
    )
    act.db.add(row)
    act.db.flush()
    record(act, "conflict.declared", row)
    act.db.execute(  # what they asked for is the case's caseworker's now
        update(HelpRequest)
        .where(HelpRequest.case_id == case.id, HelpRequest.caseworker_id == person_id)
        .values(caseworker_id=case.caseworker_id, version=HelpRequest.version + 1)
    )
    current = select(Match).where(
        Match.case_id == case.id,
        Match.person_id == person_id,
        Match.state != MatchState.ENDED,
    )
    for match in act.db.scalars(current.order_by(Match.id)).all():
        matches.end(act, match, how)
    return row


def ask_to_lift(act: Act, row: Conflict, reason: str) -> None:
    """Ask that a conflict ends, with a reason that another caseworker reads."""
    act.db.refresh(row, with_for_update=True)
    _unless_standing(row)
    refuse_ended(row.case)
    refuse_identifiers(act.db, row.program_id, {"reason": reason}, sure=False)
    row.reason, row.asked_by_id = reason, act.by.person_id
    act.db.flush()
    record(act, "conflict.lift_asked", row)


def lift(act: Act, row: Conflict) -> None:
    """End a conflict, for a caseworker other than the one who asked for it (SECURITY Z8)."""
    act.db.refresh(row, with_for_update=True)
    _unless_standing(row)
    if row.asked_by_id is None:
        raise Refused(text("No one asked for this yet."))
    if act.by.person_id in (row.asked_by_id, row.person_id):
        raise Refused(text("Someone else has to decide this."))
    row.lifted_at, row.lifted_by_id = act.at, act.by.person_id
    act.db.flush()
    record(act, "conflict.lifted", row)


def _unless_standing(row: Conflict) -> None:
    if row.lifted_at:
        raise Refused(text("Someone else changed this. Check the page, then try again."))


def standing(db: Session, case_id: int) -> Sequence[Conflict]:
    """The conflicts of a case that stand, the oldest first."""
    return db.scalars(
        select(Conflict)
        .where(Conflict.case_id == case_id, Conflict.lifted_at.is_(None))
        .options(joinedload(Conflict.person))
        .order_by(Conflict.id)
        .limit(MOST)
    ).all()
