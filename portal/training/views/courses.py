"""Pages of courses for staff: the list, one course, writing it and what belongs to it."""

from typing import Any

from sqlalchemy import select

from portal.permissions import Permission
from portal.programs.models import Position, Program
from portal.programs.scopes import in_viewers_programs, one
from portal.requirements.models import Kind, Requirement, Validity
from portal.training import courses, proposal_list, quizzes, reading
from portal.training.facts import places_of
from portal.training.forms import (
    CourseForm,
    MaterialForm,
    PrerequisiteForm,
    QuizQuestionForm,
)
from portal.training.models import Course, CourseMaterial, QuizQuestion
from portal.training.scopes import MANAGE, managed_courses, managed_programs, manages, written_by
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text


def list_courses(request: Request) -> Screen:
    """The courses one manages, their coming sessions, and what needs someone."""
    db, viewer, at = request.db, request.viewer, request.at
    return screen(
        "training/courses.html",
        alerts=reading.without_trainer(db, viewer, at),
        to_mark=reading.to_mark(db, viewer, at),
        proposals=proposal_list.number_of_proposals(db, viewer),
        page=reading.coming_managed(db, viewer, at, request.asked("after")),
        courses=reading.courses_managed(db, viewer, at),
        places=places_of,
    )


def managed_course(request: Request, course_id: int) -> Course:
    """A course one manages, or NotFound."""
    return one(request.db, managed_courses(request.viewer), Course.id == course_id)


def written_course(request: Request, course_id: int) -> Course:
    """A course one may write itself, or NotFound."""
    mine = select(Course).where(written_by(request.viewer))
    return one(request.db, mine, Course.id == course_id)


def new_course(request: Request, form: CourseForm | None = None) -> Screen:
    """Write a course."""
    return _form_screen(request, form or CourseForm(data={"confirm": "person"}), None)


def _form_screen(request: Request, form: CourseForm, course: Course | None) -> Screen:
    db, viewer = request.db, request.viewer
    programs = db.execute(
        managed_programs(viewer)
        .with_only_columns(Program.id, Program.name)
        .where(Program.closed_at.is_(None))
        .order_by(Program.name)
        .limit(300)
    ).all()
    return screen(
        "training/edit.html",
        form=form,
        course=course,
        programs=[(row.id, row.name) for row in programs],
        everywhere=viewer.everywhere(MANAGE),
        requirements=_requirements(request),
        positions=_positions(request, course),
        topics=topics_of(request),
    )


def _requirements(request: Request) -> list[tuple[int, str]]:
    """What a pass can meet: the agency's requirements, and those of one's programs."""
    mine = in_viewers_programs(Requirement.program_id, request.viewer, MANAGE)
    rows = request.db.execute(
        select(Requirement.id, Requirement.name)
        .where(
            Requirement.kind == Kind.COURSE,
            Requirement.validity != Validity.DATED,
            Requirement.closed_at.is_(None),
            Requirement.program_id.is_(None) | mine,
        )
        .order_by(Requirement.name)
        .limit(300)
    )
    return [(row.id, row.name) for row in rows]


def _positions(request: Request, course: Course | None) -> list[tuple[int, str]]:
    """The roles that one may give, and the one that the course gives now."""
    mine = in_viewers_programs(Position.program_id, request.viewer, Permission.PLACEMENTS_DECIDE)
    own = Position.id == (course.position_id if course else None)
    rows = request.db.execute(
        select(Position.id, Position.name, Program.name.label("program"))
        .join(Program, Program.id == Position.program_id)
        .where(Position.closed_at.is_(None) & mine | own)
        .order_by(Program.name, Position.name)
        .limit(500)
    )
    return [(row.id, f"{row.name} · {row.program}") for row in rows]


def topics_of(request: Request) -> list[str]:
    """The topics in use, to choose the same one again."""
    rows = request.db.scalars(
        select(Course.topic)
        .where(manages(request.viewer), Course.topic != "")
        .distinct()
        .order_by(Course.topic)
        .limit(100)
    )
    return list(rows)


def create_course(request: Request, form: CourseForm) -> See:
    """Save a new course."""
    course = courses.add_course(request.act, form.values)
    return See(f"/courses/{course.id}", text("The training was added. Now add sessions or a quiz."))


def edit_course(request: Request, course_id: int, form: CourseForm | None = None) -> Screen:
    """Change a course."""
    course = written_course(request, course_id)
    return _form_screen(request, form or CourseForm.showing(courses.course_values(course)), course)


def update_course(request: Request, form: CourseForm, course_id: int) -> See:
    """Save a course."""
    course = written_course(request, course_id)
    values = form.values | {"program_id": course.program_id}
    courses.edit_course(request.act, course, values, form.version.data)
    return See(_path(course_id), text("The training was saved."))


def show_course(request: Request, course_id: int, form: Any = None) -> Screen:
    """One course for its staff: sessions, what to read, the quiz, what comes first."""
    db, at = request.db, request.at
    course = managed_course(request, course_id)
    materials = select(CourseMaterial).where(CourseMaterial.course_id == course_id)
    others = db.execute(
        managed_courses(request.viewer)
        .with_only_columns(Course.id, Course.name)
        .where(Course.id != course_id, Course.closed_at.is_(None))
        .order_by(Course.name)
        .limit(300)
    ).all()
    return screen(
        "training/show.html",
        course=course,
        writes=request.viewer.may_in(MANAGE, course.program_id),
        page=reading.coming(db, manages(request.viewer), at, request.asked("after"), course_id),
        past=reading.past_of(db, course_id, at),
        materials=db.scalars(materials.order_by(CourseMaterial.id)).all(),
        questions=quizzes.questions_of(db, course_id),
        lines_of=courses.lines_of,
        before=reading.prerequisites_of(db, course_id),
        others=[(row.id, row.name) for row in others],
        places=places_of,
        form=form,
        reading=form_of(form, MaterialForm),
        asking=form_of(form, QuizQuestionForm),
        needing=form_of(form, PrerequisiteForm),
    )


def close(request: Request, form: Any, course_id: int) -> See:
    """Close a course."""
    courses.close(request.act, written_course(request, course_id))
    return See(_path(course_id), text("The training was closed."))


def reopen(request: Request, form: Any, course_id: int) -> See:
    """Open a course again."""
    courses.reopen(request.act, written_course(request, course_id))
    return See(_path(course_id), text("The training was reopened."))


def add_material(request: Request, form: MaterialForm, course_id: int) -> See:
    """Add something to read."""
    course = written_course(request, course_id)
    courses.add_material(request.act, course, form.title.data, form.body.data, form.link.data)
    return See(_path(course_id), text("The reading was added."))


def remove_material(request: Request, form: Any, course_id: int, material_id: int) -> See:
    """Take something to read out."""
    course = written_course(request, course_id)
    own = select(CourseMaterial).where(CourseMaterial.course_id == course.id)
    part = one(request.db, own, CourseMaterial.id == material_id)
    courses.take_out(request.act, course, part)
    return See(_path(course_id), text("The reading was removed."))


def add_question(request: Request, form: QuizQuestionForm, course_id: int) -> See:
    """Add a question to the quiz."""
    course = written_course(request, course_id)
    choices = courses.lines_of(form.choices.data)
    courses.add_question(
        request.act, course, form.words.data, choices, form.right.data - 1, form.translations
    )
    return See(_path(course_id), text("The question was added."))


def remove_question(request: Request, form: Any, course_id: int, quiz_question_id: int) -> See:
    """Take a question out of the quiz."""
    course = written_course(request, course_id)
    own = select(QuizQuestion).where(QuizQuestion.course_id == course.id)
    part = one(request.db, own, QuizQuestion.id == quiz_question_id)
    courses.take_out(request.act, course, part)
    return See(_path(course_id), text("The question was removed."))


def add_prerequisite(request: Request, form: PrerequisiteForm, course_id: int) -> See:
    """Ask for another course first."""
    course = written_course(request, course_id)
    needs = managed_course(request, form.needs.data)
    courses.require_course(request.act, course, needs)
    return See(_path(course_id), text("The prerequisite was added."))


def remove_prerequisite(request: Request, form: Any, course_id: int, needed_id: int) -> See:
    """Remove a prerequisite."""
    course = written_course(request, course_id)
    courses.drop_prerequisite(request.act, course, needed_id)
    return See(_path(course_id), text("The prerequisite was removed."))


def _path(course_id: int) -> str:
    return f"/courses/{course_id}"
