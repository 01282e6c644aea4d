"""Composing the questions of an application: the list of one's programs, and one of them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.permissions import Permission
from portal.programs.models import Position, Program
from portal.programs.scopes import managed_programs, one
from portal.programs.views.choices import program_options, role_options
from portal.recruitment import questions
from portal.recruitment.question_forms import KIND_WORDS, ApproveForm, NewQuestionForm, QuestionForm
from portal.recruitment.question_models import ApplicationQuestion
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.request import Request
from portal.words import text

MANAGE = Permission.PROGRAMS_MANAGE
SHOWN = 200


def list_questions(request: Request) -> Screen:
    """What one's programs ask whoever applies; or what an administrator has to approve."""
    approving = request.asked("approve") == "yes"
    listed = questions.to_approve if approving else questions.managed_questions
    rows = request.db.scalars(
        listed(request.viewer)
        .join(Program, Program.id == ApplicationQuestion.program_id)
        .options(joinedload(ApplicationQuestion.program), joinedload(ApplicationQuestion.position))
        .order_by(
            ApplicationQuestion.closed_at.is_not(None),
            Program.name,
            ApplicationQuestion.rank,
            ApplicationQuestion.id,
        )
        .limit(SHOWN)
    ).all()
    return screen("recruitment/questions.html", rows=rows, approving=approving, kinds=KIND_WORDS)


def new(request: Request, form: NewQuestionForm | None = None) -> Screen:
    """Compose a question."""
    first: dict[str, Any] = {"rank": 50}
    programs = program_options(request, MANAGE)
    if len(programs) == 1:
        first["program"] = programs[0][0]
    return screen(
        "recruitment/question.html",
        form=form or NewQuestionForm(data=first),
        problem=form,
        row=None,
        programs=programs,
        roles=role_options(request, MANAGE),
    )


def create(request: Request, form: NewQuestionForm) -> See:
    """Add a question."""
    program = request.db.scalar(
        managed_programs(request.viewer).where(Program.id == form.program.data)
    )
    if program is None:
        raise Refused(fields={"program": text("Select one of your programs.")})
    values = form.values
    values.pop("program")
    questions.add_question(request.act, program.id, values)
    return See(
        "/applications/questions",
        text("The question was saved. Applicants see it now. An administrator approves it, too."),
    )


def _mine(request: Request, asking_id: int) -> ApplicationQuestion:
    scope = questions.managed_questions(request.viewer)
    return one(request.db, scope, ApplicationQuestion.id == asking_id)


def edit(request: Request, asking_id: int, form: Any = None) -> Screen:
    """Change a question."""
    row = _mine(request, asking_id)
    values = questions.values_of(row)
    filled = form if isinstance(form, QuestionForm) else QuestionForm.showing(values)
    roles = role_options(request, MANAGE)
    theirs = set(
        request.db.scalars(select(Position.id).where(Position.program_id == row.program_id))
    )
    return screen(
        "recruitment/question.html",
        form=filled,
        problem=form,
        row=row,
        kinds=KIND_WORDS,
        roles=[pair for pair in roles if pair[0] in theirs],
        may_approve=request.viewer.may_in(Permission.AGENCY_MANAGE, row.program_id),
    )


def update(request: Request, form: QuestionForm, asking_id: int) -> See:
    """Save a question."""
    row = _mine(request, asking_id)
    questions.edit_question(request.act, row, form.values, form.version.data)
    return See("/applications/questions", text("The question was saved."))


def close(request: Request, form: Any, asking_id: int) -> See:
    """Stop asking a question."""
    questions.close(request.act, _mine(request, asking_id))
    return See("/applications/questions", text("The question is no longer asked."))


def reopen(request: Request, form: Any, asking_id: int) -> See:
    """Ask it again."""
    questions.reopen(request.act, _mine(request, asking_id))
    return See("/applications/questions", text("Applicants see this question again."))


def approve(request: Request, form: ApproveForm, asking_id: int) -> See:
    """Find that a question may be asked."""
    scope = questions.to_approve(request.viewer)
    row = one(request.db, scope, ApplicationQuestion.id == asking_id)
    questions.approve(request.act, row, form.version.data)
    return See("/applications/questions?approve=yes", text("You approved the question."))
