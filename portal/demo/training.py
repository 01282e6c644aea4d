"""Courses of the demo agency: sessions to come and over, full, without a trainer, and passes that wait."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.demo.skills import staff_person
from portal.demo.spanish import in_spanish
from portal.people.models import Membership, Person, Status
from portal.permissions import COMMAND_LINE, Role
from portal.programs.models import Placement, Program, Site
from portal.requirements.models import Requirement
from portal.training import courses, enrolments, learning, results, sessions
from portal.training.models import Course, CourseSession, Presence, Result
from portal.web.errors import Refused


def give_training(db: Session, zone: str, password: str, at: datetime) -> None:
    """Write courses and fill them as free people allow."""
    tess = staff_person(db, "Tess Okafor", "trainer@demo.example", password, at)
    db.add(Membership(person_id=tess.id, role=Role.TRAINER, since=at))
    db.flush()
    today = clock.local_day(at, zone)
    office = db.scalars(select(Site.id).where(Site.name == "Main office")).one()
    orientation = _course(
        db,
        at,
        name="Orientation",
        name_es="Orientación",
        topic="Welcome",
        minutes=120,
        proof="Orientation",
        confirm="rule",
        words="Who we are, who we help, and how a shift goes.",
    )
    reporting = _course(
        db,
        at,
        name="Mandated reporter training",
        name_es="Capacitación para informantes obligatorios",
        topic="Safety",
        minutes=120,
        proof="Mandated reporter training",
        program="Family Services",
        words="When and how to report that a child may be in danger.",
    )
    talking = _course(
        db,
        at,
        name="Talking about a hard day",
        name_es="Hablar de un día difícil",
        topic="Care",
        minutes=90,
        words="For everyone who sits with people in distress.",
    )
    quiz = _course(
        db,
        at,
        name="Keeping things private",
        name_es="Guardar lo privado",
        topic="Safety",
        minutes=30,
        pass_percent=75,
        words="Read the page, then answer four questions.",
    )
    _quiz(db, quiz, at)
    courses.require_course(Act(db, COMMAND_LINE, at), talking, orientation)
    learning.add_target(Act(db, COMMAND_LINE, at), "Safety", 120, None, None)
    people = db.scalars(
        select(Person)
        .where(Person.status == Status.ACTIVE, Person.id.in_(select(Placement.person_id)))
        .order_by(Person.id)
        .limit(60)
    ).all()
    over = _session(db, orientation, today - timedelta(days=8), 18, 12, at, zone, site_id=office)
    sessions.add_trainer(Act(db, COMMAND_LINE, at), over, tess)
    _fill(db, over, people[20:40], at)
    _results(db, over, at)
    past = _session(db, reporting, today - timedelta(days=4), 17, 10, at, zone, online=True)
    sessions.add_trainer(Act(db, COMMAND_LINE, at), past, tess)
    _fill(db, past, people[30:50], at)
    _results(db, past, at)
    full = _session(db, orientation, today + timedelta(days=9), 18, 4, at, zone, site_id=office)
    sessions.add_trainer(Act(db, COMMAND_LINE, at), full, tess)
    _fill(db, full, people[40:60], at)
    _line(db, full, people[:20], at)
    alone = _session(db, reporting, today + timedelta(days=12), 10, 8, at, zone, online=True)
    _fill(db, alone, people[:12], at, most=3)
    _session(db, talking, today + timedelta(days=16), 18, 12, at, zone, site_id=office)


def _course(db: Session, at: datetime, **given: Any) -> Course:
    program_id = db.scalar(select(Program.id).where(Program.name == given.get("program", "")))
    proof = select(Requirement.id).where(Requirement.name == given.get("proof", ""))
    values = {
        "program_id": program_id,
        "name": given["name"],
        "description": given["words"],
        "topic": given["topic"],
        "minutes": given["minutes"],
        "requirement_id": db.scalar(proof),
        "position_id": None,
        "confirm": given.get("confirm", "person"),
        "pass_percent": given.get("pass_percent"),
        "translations": {
            "es": {"name": given["name_es"]}
            | in_spanish(description=given["words"], topic=given["topic"])
        },
    }
    return courses.add_course(Act(db, COMMAND_LINE, at), values)


def _quiz(db: Session, course: Course, at: datetime) -> None:
    courses.add_material(
        Act(db, COMMAND_LINE, at),
        course,
        "What stays here",
        "What you hear about a person stays here. Ask your coordinator when you aren't sure.",
        "",
    )
    for words, choices, right in (
        ("A neighbor asks who you drove. What do you say?", ("The name", "That I can't say"), 1),
        ("Can you take a picture of a client?", ("No", "Yes, if they smile"), 0),
        ("You aren't sure. Who do you ask?", ("Your coordinator", "Your family"), 0),
        ("You no longer volunteer. Can you tell people now?", ("Yes", "No"), 1),
    ):
        spanish = in_spanish(words=words, choices="\n".join(choices))
        courses.add_question(
            Act(db, COMMAND_LINE, at), course, words, choices, right, {"es": spanish}
        )


def _session(
    db: Session,
    course: Course,
    day: date,
    hour: int,
    capacity: int,
    at: datetime,
    zone: str,
    *,
    site_id: int | None = None,
    online: bool = False,
) -> CourseSession:
    starts = clock.as_calendars_do(day, time(hour), zone)
    values = {
        "site_id": site_id,
        "online_link": "https://meet.example.org/cedar" if online else "",
        "note": "",
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=course.minutes),
        "zone": zone,
        "capacity": capacity,
        "per_trainer": None,
    }
    return sessions.add_session(
        Act(db, COMMAND_LINE, min(at, starts - timedelta(days=20))), course, values
    )


def _fill(
    db: Session, session: CourseSession, people: Sequence[Person], at: datetime, most: int = 99
) -> None:
    """Enrol whoever can, until it is full."""
    taken = 0
    for person in people:
        if taken >= most:
            return
        try:
            enrolments.enrol(Act(db, COMMAND_LINE, at, "phone"), person.id, session.id, staff=True)
            taken += 1
        except Refused:
            continue


def _line(db: Session, session: CourseSession, people: Sequence[Person], at: datetime) -> None:
    joined = 0
    for person in people:
        try:
            enrolments.join_line(Act(db, COMMAND_LINE, at, "phone"), person.id, session.id)
            joined += 1
        except Refused:
            continue
        if joined == 2:
            return


def _results(db: Session, session: CourseSession, at: datetime) -> None:
    """Most passed, one did not, one was not there."""
    marks: dict[int, results.Mark] = {}
    for index, row in enumerate(results.learners_of(db, session.id)):
        if index == 1:
            marks[row.id] = results.Mark(Presence.NO_SHOW)
        elif index == 2:
            marks[row.id] = results.Mark(
                Presence.CAME, Result.FAILED, "Please take the session again."
            )
        else:
            marks[row.id] = results.Mark(Presence.CAME, Result.PASSED)
    results.mark(Act(db, COMMAND_LINE, at), session, marks)
