"""Quizzes: a person answers alone, on one page. What they answered is not kept, only how well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act, Ref
from portal.audit.log import record
from portal.people.models import Person
from portal.people.people import lock_people
from portal.training.courses import lines_of
from portal.training.facts import missing_for
from portal.training.models import Course, Enrolment, QuizQuestion, QuizTry, Result
from portal.training.obstacles import AWAY
from portal.training.results import passed
from portal.web.errors import Refused
from portal.words import Words, in_language, text

MOST_TRIES = 5
TRIES_IN = timedelta(days=1)
PASSED_FOR = timedelta(days=30)
"""How long a pass is fresh: until then, no one needs to take the quiz again."""

UNANSWERED = text("Answer this question.")


@dataclass(frozen=True)
class Asked:
    """A question as someone reads it."""

    id: int
    words: str
    choices: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """How a try went, in percent, and whether that is enough."""

    score: int
    passed: bool


class Unanswered(Refused):
    """Some questions have no answer; `questions` names them."""

    def __init__(self, questions: set[int]) -> None:
        super().__init__(text("Answer every question. The ones left are marked."))
        self.questions = questions


def questions_of(db: Session, course_id: int) -> Sequence[QuizQuestion]:
    """The questions of a course's quiz, in order."""
    return db.scalars(
        select(QuizQuestion)
        .where(QuizQuestion.course_id == course_id)
        .order_by(QuizQuestion.id)
        .limit(200)
    ).all()


def shown(questions: Sequence[QuizQuestion], language: str) -> list[Asked]:
    """Questions in a language."""
    return [
        Asked(
            row.id,
            in_language(language, row.words, row.translations, "words"),
            lines_of(in_language(language, row.choices, row.translations, "choices")),
        )
        for row in questions
    ]


def quiz_reasons(
    db: Session, course: Course, person_id: int, at: datetime, zone: str
) -> list[Words]:
    """Every reason why a person cannot take a course's quiz now."""
    person = db.get_one(Person, person_id)
    found = []
    if course.closed_at:
        found.append(text("This training is closed."))
    if person.status in AWAY:
        away = text("You aren't active right now. Call us when you'd like to start.")
        found.append(away)
    if missing_for(db, course.id, person_id, clock.local_day(at, zone)):
        found.append(text("Complete the earlier trainings first."))
    if _tries_since(db, course.id, person_id, at - TRIES_IN) >= MOST_TRIES:
        found.append(text("You tried five times today. Come back tomorrow."))
    since = clock.local_day(at - PASSED_FOR, zone)
    fresh = select(Enrolment.id).where(
        Enrolment.course_id == course.id,
        Enrolment.person_id == person_id,
        Enrolment.result == Result.PASSED,
        Enrolment.day > since,
    )
    if db.scalar(fresh.limit(1)):
        found.append(text("You already completed this. There is nothing more to do."))
    return found


def _tries_since(db: Session, course_id: int, person_id: int, since: datetime) -> int:
    tries = select(func.count()).where(
        QuizTry.person_id == person_id, QuizTry.course_id == course_id, QuizTry.at > since
    )
    return db.scalar(tries) or 0


def take_quiz(act: Act, course: Course, answers: Mapping[int, int], *, zone: str) -> Outcome:
    """Take a quiz: `answers` says which choice, from 0, by question. Raises Unanswered with those that
    are left. A pass proposes just as one from a session does."""
    assert act.by.person_id
    lock_people(act.db, [act.by.person_id])
    questions = questions_of(act.db, course.id)
    if course.pass_percent is None or not questions:
        raise Refused(text("This training has no quiz."))
    if reasons := quiz_reasons(act.db, course, act.by.person_id, act.at, zone):
        raise Refused(*reasons)
    if left := {row.id for row in questions if row.id not in answers}:
        raise Unanswered(left)
    right = sum(answers[row.id] == row.right for row in questions)
    outcome = Outcome(
        100 * right // len(questions), 100 * right >= course.pass_percent * len(questions)
    )
    row = QuizTry(course_id=course.id, person_id=act.by.person_id, score=outcome.score, at=act.at)
    act.db.add(row)
    act.db.flush()
    record(
        act,
        "quiz.taken",
        Ref("quiz_try", row.id, act.by.person_id, course.program_id),
        "passed" if outcome.passed else "failed",
    )
    if outcome.passed:
        passed(act, course, act.by.person_id, clock.local_day(act.at, zone), zone=zone)
    return outcome
