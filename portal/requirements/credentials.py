"""Credentials: submitting, reviewing, writing down, signing, revoking.

Rows are appended, never changed. The database lets each be superseded once, so of two reviewers one
wins. No one decides on their own (SECURITY Z8).
"""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.audit.log import record
from portal.people.people import lock_people
from portal.permissions import Viewer
from portal.requirements.change_models import Cause, Change
from portal.requirements.check_models import RequirementText, TextKind
from portal.requirements.evidence_models import Credential, Outcome
from portal.requirements.models import BUILT_IN, UPLOADED, Kind, Requirement, Validity
from portal.web.errors import Refused
from portal.words import text

OWN = text("You can't decide about your own documents. Ask someone else.")
LATER = text("Someone else already decided about this. Check it again.")
_change = cast(Table, Change.__table__)


@dataclass(frozen=True)
class Paper:
    """What a credential says: issued on a day, good from another, and until which one, if that stands on
    the paper itself."""

    issued_on: date
    expires_on: date | None = None
    effective_on: date | None = None
    evidence_id: int | None = None


@dataclass(frozen=True)
class From:
    """Where a credential comes from, when no paper was submitted: a kind and the id of its row."""

    kind: str
    id: int


def given_by(db: Session, source: From) -> Credential | None:
    """The credential that came from somewhere, whether it still stands or not."""
    return db.scalars(
        select(Credential)
        .where(
            Credential.source_kind == source.kind,
            Credential.source_id == source.id,
            Credential.outcome == Outcome.ACCEPTED,
        )
        .order_by(Credential.id.desc())
        .limit(1)
    ).first()


def what_ended(db: Session, credential: Credential) -> Credential | None:
    """What came after a credential, if anything did."""
    return db.scalar(select(Credential).where(Credential.supersedes_id == credential.id))


def expiry_of(requirement: Requirement, paper: Paper) -> date | None:
    """The last day on which a credential counts, by the requirement's validity rule; None for no end.

    Raises Refused when the rule takes the date on the paper and there is none.
    """
    issued = paper.issued_on
    if requirement.validity == Validity.DATED:
        if paper.expires_on is None:
            raise Refused(fields={"expires_on": text("Enter an expiration date.")})
        return paper.expires_on
    if requirement.validity == Validity.MONTHS:
        return months_after(issued, requirement.months or 0)
    if requirement.validity == Validity.YEARLY:
        month, day = map(int, requirement.yearly.split("-"))
        this_year = _day_of(issued.year, month, day)
        return this_year if this_year > issued else _day_of(issued.year + 1, month, day)
    return None


def months_after(day: date, months: int) -> date:
    """The same day so many months later; in a shorter month its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _day_of(year, month + 1, day.day)


def _day_of(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def hand_in(act: Act, person_id: int, requirement: Requirement, paper: Paper) -> Credential:
    """Hand proof in for review: one's own, or for someone who `asked` staff to."""
    if requirement.kind not in UPLOADED:
        raise Refused(text("This can't be submitted as a file."))
    return append(act, person_id, requirement, Outcome.SUBMITTED, paper)


def write_down(
    act: Act, person_id: int, requirement: Requirement, paper: Paper, *, source: From | None = None
) -> Credential:
    """Write down what someone has, as seen by staff (paper, reference, interview) or as it came out of
    something of ours (a course, a check): it counts at once. What comes from the same source again, after
    the first was revoked, goes on from there."""
    not_own(act.by, person_id)
    if requirement.kind == Kind.BACKGROUND_CHECK and source is None:
        raise Refused(text("A background check follows its own steps."))
    if requirement.kind in BUILT_IN and source is None:
        raise Refused(text("Ask the parent or guardian to sign."))
    before = given_by(act.db, source) if source else None
    return append(
        act,
        person_id,
        requirement,
        Outcome.ACCEPTED,
        paper,
        source=source,
        supersedes=what_ended(act.db, before) if before else None,
    )


def sign(
    act: Act,
    person_id: int,
    requirement: Requirement,
    wording: RequirementText,
    name: str,
    today: date,
) -> Credential:
    """Sign an agreement: the name as typed, with the version of the text that was shown."""
    newest = current_text(act.db, requirement.id, TextKind.AGREEMENT)
    if newest is None or newest.id != wording.id:
        raise Refused(text("The wording changed since you opened this page. Read it again."))
    return append(
        act,
        person_id,
        requirement,
        Outcome.ACCEPTED,
        Paper(today),
        text_id=wording.id,
        signed_name=name,
    )


def current_text(db: Session, requirement_id: int, kind: TextKind) -> RequirementText | None:
    """The newest approved version of a wording."""
    return db.scalars(
        select(RequirementText)
        .where(
            RequirementText.requirement_id == requirement_id,
            RequirementText.kind == kind,
            RequirementText.approved_on.is_not(None),
        )
        .order_by(RequirementText.number.desc())
        .limit(1)
    ).first()


def standing(db: Session, person_id: int, requirement_id: int, day: date) -> list[Credential]:
    """The accepted credentials of a person that count on a day or later."""
    later = aliased(Credential)
    return list(
        db.scalars(
            select(Credential).where(
                Credential.person_id == person_id,
                Credential.requirement_id == requirement_id,
                Credential.outcome == Outcome.ACCEPTED,
                ~select(later.id).where(later.supersedes_id == Credential.id).exists(),
                (Credential.expires_on.is_(None)) | (Credential.expires_on >= day),
            )
        )
    )


def note_change(
    db: Session,
    people: Collection[int],
    cause: Cause,
    at: datetime,
    requirement_id: int | None = None,
) -> None:
    """Have the worker look at people's coming work again."""
    if people:
        db.execute(
            insert(_change),
            [
                {"person_id": one, "cause": cause.value, "requirement_id": requirement_id, "at": at}
                for one in sorted(people)
            ],
        )


def append(
    act: Act,
    person_id: int,
    requirement: Requirement,
    outcome: Outcome,
    paper: Paper,
    *,
    supersedes: Credential | None = None,
    reason: str = "",
    source: From | None = None,
    text_id: int | None = None,
    signed_name: str = "",
) -> Credential:
    """Add a credential to what a person has, and have their clearance looked at again."""
    lock_people(act.db, [person_id])
    if requirement.closed_at and outcome in (Outcome.SUBMITTED, Outcome.ACCEPTED):
        raise Refused(text("This is no longer required."))
    counts = outcome in (Outcome.ACCEPTED, Outcome.SUBMITTED)
    effective = paper.effective_on or paper.issued_on
    expires = expiry_of(requirement, paper) if counts else paper.expires_on
    if expires is not None and expires < effective:
        raise Refused(fields={"expires_on": text("The expiration date is before the issue date.")})
    made = Credential(
        person_id=person_id,
        requirement_id=requirement.id,
        outcome=outcome,
        issued_on=paper.issued_on,
        effective_on=effective,
        expires_on=expires,
        evidence_id=paper.evidence_id or (supersedes.evidence_id if supersedes else None),
        reason=reason,
        asked=act.asked,
        recorded_by_id=act.by.person_id,
        recorded_at=act.at,
        verified_by_id=None if outcome == Outcome.SUBMITTED else act.by.person_id,
        supersedes_id=supersedes.id if supersedes else None,
        text_id=text_id,
        signed_name=signed_name,
        source_kind=source.kind if source else "",
        source_id=source.id if source else None,
    )
    act.db.add(made)
    act.db.flush()
    note_change(act.db, [person_id], Cause.CREDENTIAL, act.at, requirement.id)
    record(
        act,
        f"credential.{outcome.value}",
        made,
    )
    return made


def not_own(by: Viewer, person_id: int) -> None:
    """Raise Refused for whoever decides on their own document."""
    if by.person_id == person_id:
        raise Refused(OWN)
