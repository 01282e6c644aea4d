"""The steps from an application to a first shift, as the applicant and the public read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.clock import ONE_DAY
from portal.programs.application_models import Application, ApplicationState, Hold
from portal.programs.applications import open_application
from portal.programs.placements import has_role
from portal.recruitment import waits
from portal.requirements.clearance import Clearance, Item, State, clearance
from portal.requirements.explain import mending
from portal.requirements.models import Kind
from portal.requirements.records import asking_of, records_of
from portal.requirements.terms import NOTHING, RequirementRef
from portal.words import Words, text


class Turn(StrEnum):
    """Whose turn a step is: no one's any longer, the applicant's now, the agency's now, or it comes later."""

    DONE = "done"
    YOURS = "yours"
    OURS = "ours"
    LATER = "later"


@dataclass(frozen=True)
class Step:
    """One step, with what it is about in words or, for a requirement, in its `proof`."""

    turn: Turn
    words: Words | None = None
    proof: RequirementRef | None = None
    help: Words | None = None
    path: str = ""
    days: int | None = None


APPLY = text("Apply")
APPLY_HELP = text("About 10 minutes. No account needed, and you can come back later.")
REVIEW = text("We read your application and get in touch")
TO_CALL = text("Call us: we have a question for you")
ACCEPT = text("We offer you the role, and you accept it")
FIRST_SHIFT = text("Sign up for your first shift")
KIND_HELP: Mapping[Kind, Words] = {
    Kind.BACKGROUND_CHECK: text("You sign a form. We order the check and pay for it."),
    Kind.REFERENCE: text("We ask people who know you."),
    Kind.INTERVIEW: text("A short conversation with us."),
    Kind.AGREEMENT: text("Read it and sign it online."),
    Kind.COURSE: text("A training with us."),
    Kind.TRIAL: text("Your first shifts are with someone experienced."),
    Kind.GUARDIAN: text("Under 18? A parent or guardian signs online."),
    Kind.AGE: text("You can start when you're old enough."),
    Kind.SAME_WORK: text("You work for us, so we ask HR first."),
}
SEND_HELP = text("Send us a photo or a copy.")


def _items(found: Clearance) -> list[Item]:
    """What a role asks, each requirement once and in the order in which it is asked."""
    order = {"apply": 0, "first": 1, "always": 2}
    return sorted(
        (
            item
            for item in found.items
            if item.options and item.options[0].kind != Kind.LISTS  # a part of the review
        ),
        key=lambda item: (order.get(item.stage, 2), item.options[0].name),
    )


def public_steps(
    db: Session, position_id: int, program_id: int, waited: waits.Waits, at: datetime, zone: str
) -> list[Step]:
    """What comes before a first shift, and how long each step has been taking here."""
    today = clock.local_day(at, zone)
    asking = asking_of(db, {position_id: program_id})[position_id]
    items = _items(clearance(NOTHING, asking, today))
    wanted = [item.options[0].id for item in items]
    taken = waits.of_requirements(db, position_id, wanted, at)
    return [
        Step(Turn.LATER, APPLY, help=APPLY_HELP),
        Step(Turn.LATER, REVIEW, days=waits.median(waited.answer)),
        *(
            Step(
                Turn.LATER,
                proof=item.options[0],
                help=_help(item.options[0]),
                days=waits.median(taken[item.options[0].id]),
            )
            for item in items
        ),
        Step(Turn.LATER, FIRST_SHIFT),
    ]


def _help(proof: RequirementRef) -> Words:
    return KIND_HELP.get(Kind(proof.kind), SEND_HELP)


REVIEW_LASTS = ONE_DAY
"""The step of the review is not shown as done within a day, unless it is decided. What else happens in it (a
look at lists, a likeness) will have this day to itself."""


def own_steps(
    db: Session, application: Application, at: datetime, zone: str, *, signed_in: bool
) -> list[Step]:
    """The same steps for an applicant, each with whose turn it is. What they have shows only to them, signed
    in: a link alone says nothing of it (SECURITY A6)."""
    state = application.state
    reviewed = state != ApplicationState.SUBMITTED and at >= application.received_at + REVIEW_LASTS
    placed = state == ApplicationState.PLACED
    decided = placed or state == ApplicationState.ACCEPTED
    asked = _requirements(db, application, clock.local_day(at, zone), signed_in=signed_in)
    accepting = Turn.YOURS if state == ApplicationState.ACCEPTED else Turn.LATER
    return [
        Step(Turn.DONE, APPLY),
        Step(Turn.DONE if reviewed or decided else Turn.OURS, REVIEW),
        *([Step(Turn.YOURS, TO_CALL)] if application.hold == Hold.APPLICANT else ()),
        *asked,
        Step(Turn.DONE if placed else accepting, ACCEPT),
        _first_shift(asked, placed=placed, signed_in=signed_in),
    ]


def _first_shift(asked: Sequence[Step], *, placed: bool, signed_in: bool) -> Step:
    """The last step: theirs once they have the role and nothing is missing, as far as may be shown."""
    ready = placed and signed_in and all(step.turn == Turn.DONE for step in asked)
    return Step(Turn.YOURS, FIRST_SHIFT, path="/shifts") if ready else Step(Turn.LATER, FIRST_SHIFT)


def _requirements(
    db: Session, application: Application, today: date, *, signed_in: bool
) -> Sequence[Step]:
    if application.position.program.sensitive and not signed_in:
        return []  # their names would tell of it (SECURITY P2)
    position_id, person_id = application.position_id, application.person_id
    asking = asking_of(db, {position_id: application.program_id})[position_id]
    record = replace(NOTHING, adult_on=application.adult_on)  # a minor reads of the consent at once
    if signed_in and person_id is not None:
        record = records_of(db, [person_id], [asking])[person_id]
    begun = signed_in and application.state != ApplicationState.SUBMITTED
    return [_requirement(item, begun=begun) for item in _items(clearance(record, asking, today))]


OURS = (Kind.REFERENCE, Kind.INTERVIEW, Kind.TRIAL, Kind.AGE, Kind.SAME_WORK)
"""Kinds about which an applicant has nothing to do."""


def _requirement(item: Item, *, begun: bool) -> Step:
    proof = item.proof or item.options[0]
    if item.clear:
        return Step(Turn.DONE, proof=proof)
    if not begun:
        return Step(Turn.LATER, proof=proof, help=_help(proof))
    if item.state == State.WAITING or proof.kind in OURS:
        return Step(Turn.OURS, proof=proof)
    return Step(Turn.YOURS, proof=proof, help=_help(proof), path=mending(proof))


HOLD_SAYS: Mapping[Hold, Words] = {
    Hold.REFERENCES: text("We're waiting for references."),
    Hold.CHECK: text("We're waiting for a background check."),
    Hold.INTERVIEW: text("We're waiting for an interview."),
    Hold.GUARDIAN: text("We're waiting for a parent or guardian to agree."),
    Hold.TRAINING: text("We're waiting for a training."),
    Hold.APPLICANT: text("We're waiting to hear from you."),
    Hold.NO_OPENING: text("There's no opening right now. We're keeping your application."),
}


def says(application: Application) -> Words:
    """Where an application stands, in one sentence for the applicant."""
    if application.state == ApplicationState.ON_HOLD and application.hold:
        return HOLD_SAYS[application.hold]
    return _SAYS[application.state]


_SAYS: Mapping[ApplicationState, Words] = {
    ApplicationState.SUBMITTED: text("We're reviewing your application."),
    ApplicationState.IN_REVIEW: text("We're reviewing your application."),
    ApplicationState.ON_HOLD: text("Your application is on hold."),
    ApplicationState.ACCEPTED: text("We'd like to have you! Accept the role to get started."),
    ApplicationState.PLACED: text("You have this role. Welcome!"),
    ApplicationState.DECLINED: text("We can't offer you this role."),
    ApplicationState.WITHDRAWN: text("You withdrew this application."),
}


def expected(
    db: Session, application: Application, at: datetime, zone: str
) -> waits.Estimate | None:
    """When most people start who have waited as long; None when nothing can be said, or it is over."""
    if application.state not in (
        ApplicationState.SUBMITTED,
        ApplicationState.IN_REVIEW,
        ApplicationState.ON_HOLD,
    ):
        return None
    began, today = clock.local_day(application.received_at, zone), clock.local_day(at, zone)
    return waits.estimate(waits.of_position(db, application.position_id, at).whole, began, today)


def missing_for_staff(db: Session, rows: Sequence[Any], today: date) -> dict[int, int]:
    """How many requirements are missing for each of a page of applications with a person, by application."""
    known = [row for row in rows if row.person_id is not None]
    asking = asking_of(db, {row.position_id: row.program_id for row in known})
    records = records_of(db, {row.person_id for row in known}, asking.values())
    return {
        row.id: len(clearance(records[row.person_id], asking[row.position_id], today).missing)
        for row in known
    }


def standing_of(db: Session, person_id: int | None, position_id: int, today: date) -> str:
    """How someone signed in stands to a position: "has" it, "applied" for it, or ""."""
    if person_id is None:
        return ""
    if has_role(db, person_id, position_id, today):
        return "has"
    return "applied" if open_application(db, person_id, position_id) else ""
