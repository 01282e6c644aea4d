"""Screening of the demo agency: references that applicants to one role named, in every state."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE, NOBODY, Role, Viewer
from portal.programs.application_models import Application, ApplicationState
from portal.programs.models import Position
from portal.requirements import kinds
from portal.requirements.models import (
    Kind,
    Rule,
    RuleOption,
    RuleVersion,
    Stage,
    Validity,
    Verifier,
)
from portal.screening import references
from portal.screening.models import Recommends, Reference
from portal.settings import Settings

ROLE = "Homework helper"
SAYS = {
    "known_since": "Eight years. She worked in my store.",
    "strengths": "Patient, on time, and good with teenagers.",
    "concerns": "",
    "recommends": Recommends.YES,
}
DOUBTS = {
    "known_since": "About a year, from the choir.",
    "strengths": "Friendly and cheerful.",
    "concerns": "Sometimes forgets what was agreed.",
    "recommends": Recommends.SOME,
}
NAMED = (
    ("Imani Rhodes", "imani@demo.example", "", SAYS, True),
    ("Walt Becker", "", "(555) 555-3141", None, None),
    ("Sofia Brandt", "sofia@demo.example", "", DOUBTS, None),
    ("Ray Dominguez", "ray@demo.example", "", None, None),
)
"""Who was named: name, email, phone, what they said, and whether it was accepted."""


def give_screening(db: Session, zone: str, at: datetime) -> None:
    """New homework helpers need two references; those of two applicants in review are under way."""
    settings = Settings(timezone=zone, secret_key="x" * 40)
    position = db.scalars(select(Position).where(Position.name == ROLE)).one()
    values = {
        "kind": Kind.REFERENCE,
        "name": "Two references",
        "description": "Two people who know you, but aren't family.",
        "validity": Validity.NONE,
        "months": None,
        "yearly": "",
        "strict": True,
        "verifier": Verifier.SCREENER,
        "check_path": None,
        "translations": {
            "es": {
                "name": "Dos referencias",
                "description": "Dos personas que le conozcan y no sean de su familia.",
            }
        },
    }
    office = Act(db, COMMAND_LINE, at)
    found = select(Application).where(
        Application.position_id == position.id, Application.state == ApplicationState.IN_REVIEW
    )
    rows = db.scalars(found.order_by(Application.id.desc()).limit(2)).all()
    days = [clock.local_day(one.received_at, zone) for one in rows]
    since = min([clock.local_day(at, zone), *days])
    proof = kinds.add_requirement(office, values, position.program_id)
    version = RuleVersion(
        effective_on=since,
        stage=Stage.FIRST,
        made_at=at,
        trainees=False,
        options=[RuleOption(requirement_id=proof.id)],
    )
    db.add(Rule(program_id=position.program_id, position_id=position.id, versions=[version]))
    db.flush()
    screener = _screener(db)
    for application, named in zip(rows, (NAMED[:2], NAMED[2:]), strict=False):
        for number, (name, email, phone, says, accepted) in enumerate(named):
            asked = Act(
                db, Viewer(person_id=application.person_id), at - timedelta(days=6 - number)
            )
            typed = {"name": name, "email": email, "phone": phone, "knows": "We worked together"}
            row = references.name_reference(asked, application, typed, settings)
            if says:
                _answer(db, row, says, at)
            if accepted is not None:
                references.read(Act(db, screener, at), row, accepted, settings)


def _answer(db: Session, row: Reference, says: Mapping[str, object], at: datetime) -> None:
    references.answer(Act(db, NOBODY, at - timedelta(days=1)), row, says, "online")


def _screener(db: Session) -> Viewer:
    found = select(Membership.person_id).where(Membership.role == Role.SCREENER)
    person_id = db.scalars(found.order_by(Membership.id)).first()
    return Viewer(person_id=person_id, memberships=frozenset({(Role.SCREENER, None)}))
