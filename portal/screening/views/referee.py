"""The form that someone answers for an applicant, by a link of their own."""

from typing import Any

from portal.permissions import NOBODY
from portal.recruitment.notices import what_of
from portal.screening import references
from portal.screening.forms import AnswerForm
from portal.screening.models import Reference
from portal.screening.reference_links import by_token
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text


def _asked(request: Request, token: str) -> Reference:
    row = by_token(request.db, token, request.at)
    request.read_by(row.language)
    return row


def show(request: Request, token: str, form: Any = None) -> Screen:
    """Who wants to volunteer, and what we'd like to know; or thanks."""
    row = _asked(request, token)
    return screen(
        "screening/referee.html",
        row=row,
        what=what_of(request.db, row.application, request.language),
        form=form if isinstance(form, AnswerForm) else AnswerForm(),
        problem=form,
        path=f"/reference/{token}",
    )


def answer(request: Request, form: AnswerForm, token: str) -> See:
    """Give a reference."""
    row = _asked(request, token)
    references.answer(request.act.but(by=NOBODY), row, form.values, "online")
    return See(f"/reference/{token}", text("Thank you! We got your answer."))


def cannot(request: Request, form: Any, token: str) -> See:
    """Say that one can't."""
    references.cannot(request.act.but(by=NOBODY), _asked(request, token), request.settings)
    return See(f"/reference/{token}", text("Thank you for telling us."))
