"""Pages of sessions for staff: writing them, who is in, how it went."""

from typing import Any

from sqlalchemy import select

from portal.people.models import Person
from portal.programs.models import Site
from portal.programs.scopes import one, openable
from portal.training import enrolments, results, session_people, sessions
from portal.training.facts import facts_of
from portal.training.forms import (
    OUTCOMES,
    CancelSessionForm,
    LearnerForm,
    LearnerRemovalForm,
    ResultsForm,
    SessionForm,
)
from portal.training.models import CURRENT, Course, CourseSession, Enrolment, SessionTrainer
from portal.training.scopes import managed_sessions, possible_trainers, teachable_people
from portal.training.views.courses import managed_course
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import count_text, text


def managed_session(request: Request, course_session_id: int) -> CourseSession:
    """A session of a course one manages, or NotFound."""
    mine = managed_sessions(request.viewer)
    return one(request.db, mine, CourseSession.id == course_session_id)


def new_session(request: Request, course_id: int, form: SessionForm | None = None) -> Screen:
    """Write a session of a course."""
    course = managed_course(request, course_id)
    form = form or SessionForm(data={"zone": request.settings.timezone})
    return _form_screen(request, form, course, None)


def _form_screen(
    request: Request, form: SessionForm, course: Course, session: CourseSession | None
) -> Screen:
    usable = Site.program_id.is_(None) | (Site.program_id == course.program_id)
    sites = request.db.execute(
        select(Site.id, Site.name)
        .where(usable, Site.closed_at.is_(None))
        .order_by(Site.name)
        .limit(1000)
    )
    return screen(
        "training/session_edit.html",
        form=form,
        course=course,
        session=session,
        sites=[(row.id, row.name) for row in sites],
    )


def create_session(request: Request, form: SessionForm, course_id: int) -> See:
    """Publish a session."""
    course = managed_course(request, course_id)
    made = sessions.add_session(request.act, course, form.columns)
    said = text("The session was published. Who is the trainer?")
    return See(f"/training/sessions/{made.id}/learners", said)


def edit_session(
    request: Request, course_session_id: int, form: SessionForm | None = None
) -> Screen:
    """Change a session."""
    session = managed_session(request, course_session_id)
    return _form_screen(request, form or SessionForm.showing(session), session.course, session)


def update_session(request: Request, form: SessionForm, course_session_id: int) -> See:
    """Save a session."""
    session = managed_session(request, course_session_id)
    sessions.edit_session(request.act, session, form.columns, form.version.data)
    return See(f"/training/sessions/{course_session_id}", text("The session was saved."))


def ask_to_cancel(
    request: Request, course_session_id: int, form: CancelSessionForm | None = None
) -> Screen:
    """Ask for the reason, and say whom it touches."""
    session = managed_session(request, course_session_id)
    return screen(
        "training/cancel.html",
        session=session,
        people=session_people.learners(request.db, session.id),
        form=form or CancelSessionForm(),
    )


def cancel(request: Request, form: CancelSessionForm, course_session_id: int) -> See:
    """Call a session off."""
    session = managed_session(request, course_session_id)
    sessions.cancel(request.act, session, form.reason.data)
    return See(f"/training/sessions/{course_session_id}", text("The session was canceled."))


def show_learners(
    request: Request, course_session_id: int, form: Any = None, enrolment_id: int | None = None
) -> Screen:
    """Who is in a session, who waits, who gives it; and adding people."""
    session = managed_session(request, course_session_id)
    query = request.asked("q")
    learners = session_people.learners(request.db, session.id)
    return screen(
        "training/learners.html",
        session=session,
        facts=facts_of(request.db, session, None, request.at),
        learners=learners,
        trainers=session_people.trainers(request.db, session.id),
        found=session_people.candidates(request.db, request.viewer, query, trainers=True),
        query=query,
        begun=session.starts_at <= request.at,
        form=form,
        adding=form_of(form, LearnerForm),
        removing=form_of(form, LearnerRemovalForm),
        enrolment_id=enrolment_id,
        openable=openable(request.db, request.viewer, {row.person_id for row in learners}),
    )


def _person(request: Request, person_id: int | None) -> Person:
    return one(request.db, teachable_people(request.viewer), Person.id == person_id)


def add_learner(request: Request, form: LearnerForm, course_session_id: int) -> See:
    """Enrol someone, or give them the place they were offered."""
    session = managed_session(request, course_session_id)
    person = _in_line_or_teachable(request, session.id, form.person.data)
    enrolments.enrol(request.act.but(asked=form.asked.data), person.id, session.id, staff=True)
    return See(_learners(session.id), text("%(name)s was registered.", name=person.name))


def _in_line_or_teachable(request: Request, session_id: int, person_id: int | None) -> Person:
    there = select(Person).join(Enrolment, Enrolment.person_id == Person.id)
    person = request.db.scalars(
        there.where(
            Enrolment.session_id == session_id,
            Enrolment.state.in_(CURRENT),
            Person.id == person_id,
        ).limit(1)
    ).first()
    return person or _person(request, person_id)


def add_to_line(request: Request, form: LearnerForm, course_session_id: int) -> See:
    """Put someone in line for a full session."""
    session = managed_session(request, course_session_id)
    person = _person(request, form.person.data)
    enrolments.join_line(request.act.but(asked=form.asked.data), person.id, session.id, staff=True)
    return See(_learners(session.id), text("%(name)s is on the waitlist.", name=person.name))


def remove_learner(
    request: Request, form: LearnerRemovalForm, course_session_id: int, enrolment_id: int
) -> See:
    """Take someone off, or out of line."""
    session = managed_session(request, course_session_id)
    own = select(Enrolment).where(Enrolment.session_id == session.id)
    row = one(request.db, own, Enrolment.id == enrolment_id)
    enrolments.remove(request.act.but(asked=form.asked.data), row, form.reason.data)
    return See(
        _learners(session.id), text("%(name)s was removed from the session.", name=row.person.name)
    )


def add_trainer(request: Request, form: LearnerForm, course_session_id: int) -> See:
    """Have someone give the session."""
    session = managed_session(request, course_session_id)
    person = one(request.db, possible_trainers(request.viewer), Person.id == form.person.data)
    sessions.add_trainer(request.act, session, person)
    return See(_learners(session.id), text("%(name)s is now the trainer.", name=person.name))


def remove_trainer(request: Request, form: Any, course_session_id: int, trainer_id: int) -> See:
    """Take a trainer off."""
    session = managed_session(request, course_session_id)
    own = select(SessionTrainer).where(
        SessionTrainer.session_id == session.id, SessionTrainer.ended_at.is_(None)
    )
    trainer = one(request.db, own, SessionTrainer.id == trainer_id)
    name = trainer.person.name
    sessions.drop_trainer(request.act, trainer)
    return See(_learners(session.id), text("%(name)s was removed from the session.", name=name))


def show_results(
    request: Request, course_session_id: int, form: ResultsForm | None = None
) -> Screen:
    """Who came, and how it went."""
    session = managed_session(request, course_session_id)
    learners = results.learners_of(request.db, session.id)
    return screen(
        "training/results.html",
        session=session,
        learners=learners,
        chosen={row.id: _outcome(row) for row in learners} | (form.row_values("o") if form else {}),
        notes={row.id: row.note for row in learners} | (form.row_values("n") if form else {}),
        seen=results.seen,
        open=sum(
            row.attendance is None and row.person_id != request.viewer.person_id for row in learners
        ),
        options={value: words for value, (words, _, _) in OUTCOMES.items()},
        begun=session.starts_at <= request.at,
        form=form,
    )


def _outcome(row: Enrolment) -> str:
    """Which of the outcomes someone has; "" for none yet."""
    for value, (_, presence, result) in OUTCOMES.items():
        if (row.attendance, row.result) == (presence, result):
            return value
    return ""


def save_results(request: Request, form: ResultsForm, course_session_id: int) -> See:
    """Write that down."""
    session = managed_session(request, course_session_id)
    rows = results.learners_of(request.db, session.id)
    unmarked = {
        row.id
        for row in rows
        if row.attendance is None and row.person_id != request.viewer.person_id
    }
    number = results.mark(request.act, session, form.marks(unmarked), shown=form.row_values("v"))
    said = count_text(
        "Results recorded for %(n)s person.", "Results recorded for %(n)s people.", number
    )
    return See(f"/training/sessions/{course_session_id}/results", said)


def _learners(session_id: int) -> str:
    return f"/training/sessions/{session_id}/learners"
