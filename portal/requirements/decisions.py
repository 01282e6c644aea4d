"""Deciding on documents that people submitted."""

from datetime import date

from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.permissions import Viewer
from portal.programs.placements import a_program_of
from portal.requirements import notices
from portal.requirements.credentials import (
    LATER,
    From,
    Paper,
    append,
    not_own,
    standing,
    what_ended,
)
from portal.requirements.evidence_models import Credential, Outcome
from portal.requirements.models import Kind, Requirement
from portal.web.errors import Refused
from portal.words import text


def accept(act: Act, handed_in: Credential, paper: Paper) -> Credential:
    """Accept what was submitted, with the dates as the reviewer reads them."""
    _reviewable(act.db, act.by, handed_in)
    return append(
        act,
        handed_in.person_id,
        handed_in.requirement,
        Outcome.ACCEPTED,
        paper,
        supersedes=handed_in,
    )


def send_back(act: Act, handed_in: Credential, reason: str) -> Credential:
    """Send back what was submitted, with a reason the person reads."""
    _reviewable(act.db, act.by, handed_in)
    paper = Paper(handed_in.issued_on, handed_in.expires_on, handed_in.effective_on)
    person_id = handed_in.person_id
    made = append(
        act,
        person_id,
        handed_in.requirement,
        Outcome.RETURNED,
        paper,
        supersedes=handed_in,
        reason=reason,
    )
    about = Ref("credential", made.id, person_id, a_program_of(act.db, person_id))
    notify(act, notices.RETURNED, about, [person_id])
    return made


def revoke(act: Act, credential: Credential, on: date, reason: str) -> Credential:
    """End an accepted credential: from the day `on` it does not count any more. What a background check
    gave is ended by another check alone, with its notices and the waiting time."""
    if credential.requirement.kind == Kind.BACKGROUND_CHECK:
        raise Refused(text("A background check follows its own steps."))
    return _revoke(act, credential, on, reason)


def _revoke(act: Act, credential: Credential, on: date, reason: str) -> Credential:
    not_own(act.by, credential.person_id)
    _still_current(act.db, credential, Outcome.ACCEPTED)
    if on < credential.effective_on:
        raise Refused(fields={"on": text("It didn't count yet on that day.")})
    paper = Paper(credential.issued_on, effective_on=on)
    return append(
        act,
        credential.person_id,
        credential.requirement,
        Outcome.REVOKED,
        paper,
        supersedes=credential,
        reason=reason,
    )


def decide_against(
    act: Act,
    person_id: int,
    requirement: Requirement,
    day: date,
    *,
    source: From | None = None,
    reason: str = "",
) -> Credential:
    """Write down that something turned out against a person; what counted before does not from that day."""
    not_own(act.by, person_id)
    for earlier in standing(act.db, person_id, requirement.id, day):
        _revoke(act, earlier, max(day, earlier.effective_on), "")
    return append(
        act, person_id, requirement, Outcome.NOT_MET, Paper(day), source=source, reason=reason
    )


def extend_until(
    act: Act, person_id: int, requirement: Requirement, paper: Paper, reason: str
) -> Credential:
    """Write down that a trial period goes on until a day, and why."""
    not_own(act.by, person_id)
    return append(act, person_id, requirement, Outcome.EXTENDED, paper, reason=reason)


def _reviewable(db: Session, by: Viewer, credential: Credential) -> None:
    not_own(by, credential.person_id)
    _still_current(db, credential, Outcome.SUBMITTED)


def _still_current(db: Session, credential: Credential, outcome: Outcome) -> None:
    lock_people(db, [credential.person_id])
    if credential.outcome != outcome or what_ended(db, credential):
        raise Refused(LATER)
