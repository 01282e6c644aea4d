"""Pages of quizzes and certificates."""

from starlette.responses import Response

from portal.programs.scopes import one
from portal.training import certificates, quizzes
from portal.training.forms import QuizForm
from portal.training.models import Course, Enrolment
from portal.training.scopes import visible_certificates, visible_courses
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.request import Request
from portal.words import text


def _course(request: Request, course_id: int) -> Course:
    course = one(request.db, visible_courses(request.viewer), Course.id == course_id)
    if course.pass_percent is None:
        raise NotFound
    return course


def show_quiz(request: Request, course_id: int, form: QuizForm | None = None) -> Screen:
    """A course's quiz on one page."""
    assert request.viewer.person_id
    course = _course(request, course_id)
    questions = quizzes.questions_of(request.db, course_id)
    if not questions:
        raise NotFound
    refusal = form.refusal if form else None
    zone = request.settings.timezone
    return screen(
        "training/quiz.html",
        course=course,
        questions=quizzes.shown(questions, request.language),
        reasons=quizzes.quiz_reasons(
            request.db, course, request.viewer.person_id, request.at, zone
        ),
        chosen=form.answers if form else {},
        left=refusal.questions if isinstance(refusal, quizzes.Unanswered) else set(),
        form=form,
    )


def take_quiz(request: Request, form: QuizForm, course_id: int) -> See:
    """Hand the answers in. Only how well they were is kept."""
    course = _course(request, course_id)
    outcome = quizzes.take_quiz(request.act, course, form.answers, zone=request.settings.timezone)
    if outcome.passed:
        said = text(
            "You got %(score)s%% right and completed the training. Well done!", score=outcome.score
        )
        return See("/training", said)
    said = text(
        "You got %(score)s%% right, and need %(needed)s%%. Read it again, then try again.",
        score=outcome.score,
        needed=course.pass_percent,
    )
    return See(f"/training/courses/{course_id}", said)


def _certificate(request: Request, enrolment_id: int) -> certificates.Certificate:
    row = one(request.db, visible_certificates(request.viewer), Enrolment.id == enrolment_id)
    return certificates.certificate_of(request.db, row, request.settings, request.language)


def show_certificate(request: Request, enrolment_id: int) -> Screen:
    """A certificate as a page: the same words as the PDF's."""
    return screen(
        "training/certificate.html",
        certificate=_certificate(request, enrolment_id),
        enrolment_id=enrolment_id,
    )


def download_certificate(request: Request, enrolment_id: int) -> Response:
    """A certificate as tagged PDF."""
    body = certificates.as_pdf(_certificate(request, enrolment_id), request.at)
    name = f'inline; filename="certificate-{enrolment_id}.pdf"'
    headers = {"content-type": "application/pdf", "content-disposition": name}
    return Response(body, headers=headers)
