"""Courses: writing them, what belongs to them, closing them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.permissions import Permission, Viewer
from portal.programs.models import Position, Program
from portal.requirements.models import Kind, Requirement, Validity
from portal.training.models import Confirm, Course, CourseMaterial, Prerequisite, QuizQuestion
from portal.training.scopes import MANAGE
from portal.web.errors import Refused, unless_stale
from portal.words import text

TAKEN = text("This name is already in use. Choose another.")
COLUMNS = (
    "program_id", "name", "description", "topic", "minutes", "requirement_id", "position_id",
    "confirm", "pass_percent", "translations",
)  # fmt: skip


def add_course(act: Act, values: Mapping[str, Any]) -> Course:
    """Write a course."""
    _check(act.db, act.by, None, values)
    course = Course(**{name: values[name] for name in COLUMNS})
    act.db.add(course)
    act.db.flush()
    record(act, "course.added", course)
    return course


def edit_course(act: Act, course: Course, values: Mapping[str, Any], version: int | None) -> None:
    """Change a course. Passes that were written down before keep what they proposed."""
    unless_stale(course_values(course), version)
    _check(act.db, act.by, course, values)
    for name in COLUMNS:
        setattr(course, name, values[name])
    record(act, "course.edited", course)


def course_values(course: Course) -> dict[str, Any]:
    """A course as its form holds it."""
    return {name: getattr(course, name) for name in (*COLUMNS, "version")}


def close(act: Act, course: Course) -> None:
    """Close a course: no one new may take it; what was learned stays."""
    if course.closed_at is None:
        course.closed_at = act.at
        record(act, "course.closed", course)


def reopen(act: Act, course: Course) -> None:
    """Open a closed course again."""
    if course.closed_at is not None:
        course.closed_at = None
        record(act, "course.reopened", course)


def add_material(act: Act, course: Course, title: str, body: str, link: str) -> CourseMaterial:
    """Add something to read: a text, or a link."""
    if not body and not link:
        raise Refused(fields={"link": text("Enter the reading or a link.")})
    material = CourseMaterial(course_id=course.id, title=title, body=body, link=link)
    act.db.add(material)
    record(act, "course.edited", course, "material")
    return material


def add_question(
    act: Act,
    course: Course,
    words: str,
    choices: Sequence[str],
    right: int,
    translations: Mapping[str, Any],
) -> QuizQuestion:
    """Add a question to a course's quiz; `right` is the place of the right answer, from 0."""
    if len(choices) < 2:
        raise Refused(fields={"choices": text("Enter at least two answers.")})
    if not 0 <= right < len(choices):
        raise Refused(fields={"right": text("There is no answer with this number.")})
    for language, words_there in translations.items():
        lines = lines_of(words_there.get("choices", ""))
        if lines and len(lines) != len(choices):
            different = text("Enter as many answers as in English.")
            raise Refused(fields={f"choices_{language}": different})
    question = QuizQuestion(
        course_id=course.id,
        words=words,
        choices="\n".join(choices),
        right=right,
        translations=translations,
    )
    act.db.add(question)
    record(act, "course.edited", course, "question")
    return question


def lines_of(value: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in value.splitlines() if line.strip()]


def take_out(act: Act, course: Course, part: CourseMaterial | QuizQuestion) -> None:
    """Take a material or a question out of a course."""
    act.db.delete(part)
    record(act, "course.edited", course, "taken out")


def require_course(act: Act, course: Course, needs: Course) -> None:
    """Ask that another course is passed before this one. Twice is once; a circle is refused."""
    if needs.id == course.id or course.id in _needed_by(act.db, needs.id):
        raise Refused(
            fields={
                "needs": text("Each of these trainings would require the other. Select another.")
            }
        )
    if needs.program and needs.program_id != course.program_id and needs.program.sensitive:
        words = text("Only its own program can name a training of a sensitive program.")
        raise Refused(fields={"needs": words})
    if act.db.get(Prerequisite, (course.id, needs.id)) is None:
        act.db.add(Prerequisite(course_id=course.id, needs_id=needs.id))
        record(act, "course.edited", course, "prerequisite")


def _needed_by(db: Session, course_id: int) -> set[int]:
    """Everything that has to be passed before a course, however far back."""
    found: set[int] = set()
    ahead = {course_id}
    while ahead:
        rows = db.scalars(select(Prerequisite.needs_id).where(Prerequisite.course_id.in_(ahead)))
        ahead = set(rows) - found
        found |= ahead
    return found


def drop_prerequisite(act: Act, course: Course, needs_id: int) -> None:
    """Remove a prerequisite."""
    row = act.db.get(Prerequisite, (course.id, needs_id))
    if row is not None:
        act.db.delete(row)
        record(act, "course.edited", course, "prerequisite")


def _check(db: Session, by: Viewer, course: Course | None, values: Mapping[str, Any]) -> None:
    program_id = values["program_id"]
    _check_program(db, by, course, program_id)
    _check_name(db, course, values)
    if values["requirement_id"]:
        _check_requirement(db, program_id, values["requirement_id"])
    if values["position_id"]:
        _check_position(db, by, course, values)


def _check_program(db: Session, by: Viewer, course: Course | None, program_id: int | None) -> None:
    if course is not None and course.program_id != program_id:
        raise Refused(fields={"program_id": text("You can't move a training to another program.")})
    if not by.may_in(MANAGE, program_id) or (program_id and db.get(Program, program_id) is None):
        raise Refused(fields={"program_id": text("Select one of your programs.")})


def _check_name(db: Session, course: Course | None, values: Mapping[str, Any]) -> None:
    same = select(Course.id).where(
        Course.name == values["name"],
        func.coalesce(Course.program_id, 0) == (values["program_id"] or 0),
        Course.id != (course.id if course else 0),
    )
    if db.scalar(same):
        raise Refused(fields={"name": TAKEN})


def _check_requirement(db: Session, program_id: int | None, requirement_id: int) -> None:
    found = db.get(Requirement, requirement_id)
    usable = found is not None and found.kind == Kind.COURSE and not found.closed_at
    if not usable or found is None or found.program_id not in (None, program_id):
        raise Refused(fields={"requirement_id": text("Select one of these.")})
    if found.validity == Validity.DATED:
        dated = text(
            "This requirement takes the date on a document. Select one that counts months."
        )
        raise Refused(fields={"requirement_id": dated})


def _check_position(
    db: Session, by: Viewer, course: Course | None, values: Mapping[str, Any]
) -> None:
    """A course that gives a role is written by someone who may give it."""
    kept = course and (course.position_id, course.confirm) == (
        values["position_id"],
        values["confirm"],
    )
    if kept:
        return
    position = db.get(Position, values["position_id"])
    if position is None or values["program_id"] not in (None, position.program_id):
        raise Refused(fields={"position_id": text("Select one of these.")})
    if not by.may_in(Permission.PLACEMENTS_DECIDE, position.program_id):
        words = text("Only people who can assign this role can select it here.")
        raise Refused(fields={"position_id": words})
    if values["program_id"] is None and position.program.sensitive:
        words = text("A training of the whole agency can't assign a role of a sensitive program.")
        raise Refused(fields={"position_id": words})
    if values["confirm"] not in set(Confirm):
        raise Refused(fields={"confirm": text("Select one of these.")})
