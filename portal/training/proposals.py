"""What a pass proposes: a credential, a role. The rule carries it out, or a person does.

Each pass proposes each thing once. No one confirms their own (SECURITY Z8).
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.models import Person
from portal.people.people import lock_people
from portal.permissions import COMMAND_LINE, Permission, Viewer
from portal.programs import placements
from portal.programs.models import Placement, PlacementState, Position
from portal.requirements.applying import before_placing
from portal.requirements.credentials import From, Paper, given_by, what_ended, write_down
from portal.requirements.models import Requirement
from portal.training.models import Confirm, Enrolment
from portal.training.proposal_models import OPEN_PROPOSALS, Proposal, ProposalKind, ProposalState
from portal.web.errors import Refused
from portal.words import Words, text

OWN = text("You can't approve your own completion. Ask someone else.")
LATER = text("Someone else already decided about this. Check it again.")
USED = text("This completion already counted for a requirement or a role. Undo that first.")
CHANGED = text("The result changed since then.")


def propose(act: Act, enrolment: Enrolment, *, zone: str) -> list[Proposal]:
    """Propose what a pass gives. Where the course says so, the rule carries it out at once, in this
    transaction; what is refused then has failed, with the reason, and the pass stands."""
    lock_people(act.db, [enrolment.person_id])
    there = {row.kind: row for row in proposals_of(act.db, enrolment.id)}
    made = []
    for kind in _kinds(act.db, enrolment):
        row = there.get(kind) or Proposal(enrolment_id=enrolment.id, kind=kind)
        if row.state == ProposalState.EXECUTED:
            continue
        course = enrolment.course
        row.requirement_id = course.requirement_id if kind == ProposalKind.CREDENTIAL else None
        row.position_id = course.position_id if kind == ProposalKind.PLACEMENT else None
        row.state, row.reason, row.made_at = ProposalState.NEEDS_CONFIRMATION, "", act.at
        row.decided_at = row.decided_by_id = None
        act.db.add(row)
        act.db.flush()
        record(act, "proposal.made", row, row.kind)
        made.append(row)
    if enrolment.course.confirm == Confirm.RULE and not _own_course(act.by, enrolment):
        for row in made:
            if not _for_others(act.by, row, enrolment):
                _execute(act.but(by=COMMAND_LINE), row, enrolment, zone)
    return made


def _own_course(by: Viewer, enrolment: Enrolment) -> bool:
    """Whether someone passed by themselves a course that they manage, and whose answers they know: then
    another person confirms (SECURITY Z8)."""
    program_id, manage = enrolment.course.program_id, Permission.TRAINING_MANAGE
    manages = by.may(manage) if program_id is None else by.may_in(manage, program_id)
    return manages and by.person_id == enrolment.person_id


def _for_others(by: Viewer, row: Proposal, enrolment: Enrolment) -> bool:
    """Whether a trainer wrote a pass down that gives a role of a program they do not train for: then its
    own people confirm. Whoever passed a quiz has shown it to the course itself."""
    if row.position is None or by.person_id == enrolment.person_id:
        return False
    return not by.may_in(Permission.TRAINING_MANAGE, row.position.program_id)


def _kinds(db: Session, enrolment: Enrolment) -> list[ProposalKind]:
    """What this pass gives: no role that the person has already."""
    course = enrolment.course
    found = [ProposalKind.CREDENTIAL] if course.requirement_id else []
    if course.position_id and not _has_role(db, enrolment.person_id, course.position_id):
        found.append(ProposalKind.PLACEMENT)
    return found


def proposals_of(db: Session, enrolment_id: int) -> Sequence[Proposal]:
    """What a pass has proposed."""
    return db.scalars(select(Proposal).where(Proposal.enrolment_id == enrolment_id)).all()


def take_back(act: Act, enrolment: Enrolment) -> None:
    """The pass was written down wrongly: what still waits is denied. Raises Refused when it was used."""
    rows = proposals_of(act.db, enrolment.id)
    if any(row.state == ProposalState.EXECUTED and _stands(act.db, row, enrolment) for row in rows):
        raise Refused(USED)
    for row in rows:
        if row.state != ProposalState.DENIED:
            _decide(act, row, enrolment, ProposalState.DENIED, CHANGED.source)


def _stands(db: Session, proposal: Proposal, enrolment: Enrolment) -> bool:
    """Whether what a pass gave is still there: the paper not revoked, the role not ended."""
    if proposal.kind == ProposalKind.PLACEMENT:
        return _has_role(db, enrolment.person_id, proposal.position_id)
    given = given_by(db, From("enrolment", enrolment.id))
    return given is not None and what_ended(db, given) is None


def _has_role(db: Session, person_id: int, position_id: int | None) -> bool:
    has = select(Placement.id).where(
        Placement.person_id == person_id,
        Placement.position_id == position_id,
        Placement.state == PlacementState.ACTIVE,
    )
    return db.scalar(has) is not None


def confirm(act: Act, proposal: Proposal, *, zone: str) -> bool:
    """Carry out what waits, or failed before; a role begins today at the earliest, on the day in `zone`.
    Gives whether it worked; else the reason stands on it."""
    enrolment = _still_open(act.db, act.by, proposal)
    return _execute(act, proposal, enrolment, zone)


def deny(act: Act, proposal: Proposal, reason: str) -> None:
    """Say no to what a pass proposes, with a reason the person reads."""
    enrolment = _still_open(act.db, act.by, proposal)
    _decide(act, proposal, enrolment, ProposalState.DENIED, reason)


def _still_open(db: Session, by: Viewer, proposal: Proposal) -> Enrolment:
    enrolment = proposal.enrolment
    if by.person_id == enrolment.person_id:
        raise Refused(OWN)
    lock_people(db, [enrolment.person_id])
    db.refresh(proposal, with_for_update=True)
    if proposal.state not in OPEN_PROPOSALS:
        raise Refused(LATER)
    return enrolment


def _execute(act: Act, proposal: Proposal, enrolment: Enrolment, zone: str) -> bool:
    try:
        _carry_out(act, proposal, enrolment, zone)
    except Refused as refusal:  # those verbs check before they change, so nothing is half done
        said = _said(refusal)
        _decide(act, proposal, enrolment, ProposalState.FAILED, said)
        return False
    _decide(act, proposal, enrolment, ProposalState.EXECUTED, "")
    return True


def _said(refusal: Refused) -> str:
    words = [*refusal.reasons, *refusal.fields.values()]
    first = words[0] if words else text("This couldn't be recorded.")
    first = getattr(first, "words", first)
    whole = first.source if isinstance(first, Words) and not first.values else str(first)
    return whole[:300]


def _carry_out(act: Act, proposal: Proposal, enrolment: Enrolment, zone: str) -> None:
    person_id, day = enrolment.person_id, enrolment.day
    if proposal.kind == ProposalKind.CREDENTIAL:
        requirement = act.db.get_one(Requirement, proposal.requirement_id)
        source = From("enrolment", enrolment.id)
        write_down(
            act.but(asked=enrolment.asked), person_id, requirement, Paper(day), source=source
        )
    else:
        person = act.db.get_one(Person, person_id)
        position = act.db.get_one(Position, proposal.position_id)
        starts_on = max(day, clock.local_day(act.at, zone))
        missing = before_placing(act.db, person, position.id, starts_on)
        placements.place(
            act.but(asked=enrolment.asked), person, position, starts_on, missing=missing
        )


def _decide(
    act: Act, row: Proposal, enrolment: Enrolment, state: ProposalState, reason: str
) -> None:
    row.state, row.reason = state, reason
    row.decided_at, row.decided_by_id = act.at, act.by.person_id
    act.db.flush()
    record(act, f"proposal.{state.value}", row, row.kind)
