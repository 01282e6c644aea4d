"""Pages for those who learn: courses, sessions, one's own enrolments and learning hours."""

from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from portal import clock
from portal.act import Ref
from portal.permissions import Permission
from portal.programs.confidential import is_told, note_reading, told_from
from portal.programs.scopes import one
from portal.training import enrolments, learning, own_training, quizzes, reading, session_people
from portal.training.events import ABOUT, happening_of
from portal.training.facts import Facts, facts_of, missing_for, places_of
from portal.training.models import (
    Course,
    CourseMaterial,
    CourseSession,
    Enrolment,
    EnrolmentState,
    SessionTrainer,
)
from portal.training.obstacles import enrolment_obstacles
from portal.training.scopes import managed_courses, visible_courses, visible_sessions
from portal.web.answers import Screen, See, screen
from portal.web.calendar_files import download
from portal.web.errors import NotFound
from portal.web.request import Request
from portal.words import text

NEUTRAL = text("See the location in the portal")


def show_training(request: Request) -> Screen:
    """What one takes, how long one learned this year, and what one may take."""
    db, viewer, at = request.db, request.viewer, request.at
    assert viewer.person_id
    year = clock.local_day(at, request.settings.timezone).year
    rows = own_training.own_enrolments(db, viewer.person_id)
    return screen(
        "training/own.html",
        coming=sorted(
            (row for row in rows if row.ends_at and row.ends_at > at),
            key=lambda row: row.starts_at or at,
        ),
        past=[row for row in rows if _is_past(row, at)],
        teaching=own_training.teaching(db, viewer.person_id, at),
        learned=learning.learned_by(db, viewer.person_id, year),
        year=year,
        courses=reading.courses_for(db, viewer, at),
        page=reading.coming_for(db, viewer, at, request.asked("after")),
        places=places_of,
        staff=viewer.may(Permission.TRAINING_MANAGE),
        at=at,
    )


def _is_past(row: Any, at: Any) -> bool:
    """Whether an enrolment is history: no session, or one that is over, in which one took part."""
    over = row.starts_at is None or row.ends_at <= at
    return bool(over and row.state == EnrolmentState.ENROLLED)


def show_course(request: Request, course_id: int) -> Screen:
    """One course: what it is, what to read, its sessions and its quiz."""
    db, viewer, at = request.db, request.viewer, request.at
    course = one(db, visible_courses(viewer), Course.id == course_id)
    assert viewer.person_id
    today = clock.local_day(at, request.settings.timezone)
    materials = select(CourseMaterial).where(CourseMaterial.course_id == course_id)
    return screen(
        "training/course.html",
        course=course,
        materials=db.scalars(materials.order_by(CourseMaterial.id)).all(),
        missing=missing_for(db, course_id, viewer.person_id, today),
        page=reading.coming(db, Course.closed_at.is_(None), at, request.asked("after"), course_id),
        places=places_of,
        quiz=bool(course.pass_percent and quizzes.questions_of(db, course_id)),
        staff=db.scalar(managed_courses(viewer).where(Course.id == course_id)) is not None,
        at=at,
    )


def show_session(request: Request, course_session_id: int, form: Any = None) -> Screen:
    """One session: when, where, and what stands between the viewer and a place."""
    db, viewer, at = request.db, request.viewer, request.at
    session = one(db, visible_sessions(viewer), CourseSession.id == course_session_id)
    facts = facts_of(db, session, viewer.person_id, at)
    staff = db.scalar(managed_courses(viewer).where(Course.id == session.course_id)) is not None
    gives = db.scalar(
        select(SessionTrainer.id).where(
            SessionTrainer.session_id == session.id,
            SessionTrainer.person_id == viewer.person_id,
            SessionTrainer.ended_at.is_(None),
        )
    )
    goes = bool(gives) or _takes_part(facts)
    site_hidden = session.site is not None and session.site.confidential
    # a confidential place is told its program's staff, and from the day before who goes there (P10)
    finds = staff or (
        goes and session.ends_at > at and is_told(session.starts_at, session.zone, at)
    )
    if site_hidden and finds and not staff:
        note_reading(request, Ref("course_session", session.id, None, session.program_id))
    running = session.starts_at <= at
    site = session.site
    return screen(
        "training/session.html",
        session=session,
        course=session.course,
        facts=facts,
        obstacles=enrolment_obstacles(facts, at),
        mine=_takes_part(facts),
        gives=bool(gives),
        staff=staff,
        running=running,
        site=site if site and (finds or not site.confidential) else None,
        hidden_place=NEUTRAL if site_hidden else None,
        told_from=told_from(session.starts_at, session.zone) if goes else None,
        link=session.online_link if (staff or goes) and session.ends_at > at else "",
        trainers=session_people.trainers(db, session.id) if staff else [],
        form=form,
        at=at,
    )


def _takes_part(facts: Facts) -> bool:
    return bool(facts.own and facts.own.state == EnrolmentState.ENROLLED)


def _visible(request: Request, course_session_id: int) -> CourseSession:
    mine = visible_sessions(request.viewer)
    return one(request.db, mine, CourseSession.id == course_session_id)


def enrol(request: Request, form: Any, course_session_id: int) -> See:
    """Take part in a session, or take the place one was offered."""
    assert request.viewer.person_id
    session = _visible(request, course_session_id)
    enrolments.enrol(request.act, request.viewer.person_id, session.id)
    return See(_path(course_session_id), text("You're registered for this session."))


def join_line(request: Request, form: Any, course_session_id: int) -> See:
    """Get in line for a full session."""
    assert request.viewer.person_id
    session = _visible(request, course_session_id)
    enrolments.join_line(request.act, request.viewer.person_id, session.id)
    said = text("You're on the waitlist. We'll tell you when a spot opens up.")
    return See(_path(course_session_id), said)


def withdraw(request: Request, form: Any, course_session_id: int) -> See:
    """Take oneself off a session, or out of its line."""
    assert request.viewer.person_id
    session = _visible(request, course_session_id)
    enrolments.withdraw(request.act, request.viewer.person_id, session.id)
    return See(_path(course_session_id), text("You canceled your spot in this session."))


def _path(course_session_id: int) -> str:
    return f"/training/sessions/{course_session_id}"


def download_session(request: Request, course_session_id: int) -> Response:
    """One's own session as a calendar file."""
    row = request.db.execute(
        ABOUT.where(
            Enrolment.session_id == course_session_id,
            Enrolment.person_id == request.viewer.person_id,
            Enrolment.state == EnrolmentState.ENROLLED,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    happening = happening_of(row, request.settings, request.language)
    return download(request, happening, f"session-{course_session_id}.ics")
