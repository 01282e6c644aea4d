"""Screening of the demo agency: references that applicants to one role named, in every state."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import change
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
from portal.screening import interview_outcomes, interviews, references
from portal.screening.interview_models import How
from portal.screening.models import Recommends, Reference
from portal.screening.settings import GUIDE
from portal.settings import Settings
from portal.web.errors import Refused

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
GUIDE_TEXT = (
    "Why now? What do they hope for? Tell them about a hard day. Do they listen, keep things to themselves, "
    "and come back when they said?"
)
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
                references.decide(Act(db, screener, at), row, accepted, settings)
    _interviews(db, zone, at)


def _interviews(db: Session, zone: str, at: datetime) -> None:
    """Six interviews: times that are offered, two that are booked, and three that took place."""
    settings = Settings(timezone=zone, secret_key="x" * 40)
    rows = db.scalars(
        select(Application)
        .where(
            Application.state == ApplicationState.IN_REVIEW,
            Application.person_id.is_not(None),
            Application.owner_id.is_not(None),
        )
        .order_by(Application.id)
        .limit(6)
    ).all()
    change(Act(db, COMMAND_LINE, at), GUIDE, GUIDE_TEXT, settings)
    today = clock.local_day(at, zone)
    for number, application in enumerate(rows):
        by = Viewer(
            person_id=application.owner_id,
            memberships=frozenset({(Role.COORDINATOR, application.program_id)}),
        )
        coming = number < 3
        day = today + timedelta(days=3 + number if coming else -number)
        asked = at if coming else at - timedelta(days=10)
        times = [clock.as_calendars_do(day, time(16 + one, 0), zone) for one in range(2)]
        place = ("Office, room 4", "We call you", "We email you a link")[number % 3]
        how = (How.IN_PERSON, How.PHONE, How.ONLINE)[number % 3]
        assert application.owner_id is not None
        what = interviews.Offer(application.owner_id, how, place, 30, times)
        try:
            row = interviews.offer(Act(db, by, asked), application, what, settings)
        except Refused:
            continue
        if number == 0:
            continue
        applicant = Act(db, Viewer(person_id=application.person_id), asked)
        interviews.pick(applicant, row, interviews.times_of(db, row.id, asked)[0].id)
        if number == 3:
            interview_outcomes.missed(Act(db, by, at), row)
        elif not coming:
            interview_outcomes.decide(
                Act(db, by, at), row, number == 4, "Calm and curious.", settings
            )


def _answer(db: Session, row: Reference, says: Mapping[str, object], at: datetime) -> None:
    references.answer(Act(db, NOBODY, at - timedelta(days=1)), row, says, "online")


def _screener(db: Session) -> Viewer:
    found = select(Membership.person_id).where(Membership.role == Role.SCREENER)
    person_id = db.scalars(found.order_by(Membership.id)).first()
    return Viewer(person_id=person_id, memberships=frozenset({(Role.SCREENER, None)}))
