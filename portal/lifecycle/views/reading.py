"""Letters that were written: lists, one of them, its PDF, one's own, and checking a code."""

from datetime import date
from typing import Any, NamedTuple

from starlette.responses import Response

from portal.act import Ref
from portal.audit.exports import note_export
from portal.lifecycle import letters
from portal.lifecycle.forms import CheckForm
from portal.lifecycle.letter_words import KIND_WORDS
from portal.lifecycle.models import IssuedLetter
from portal.people import limits
from portal.people.views.sessions import TOO_OFTEN, place_of
from portal.programs.scopes import (
    one,
)
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.request import Request
from portal.words import text

CHECKS_PER_NETWORK = 60


def show(request: Request, letter_id: int) -> Screen:
    """A letter as it was written."""
    scope = letters.with_people(letters.visible_letters(request.viewer))
    row = one(request.db, scope, IssuedLetter.id == letter_id)
    code = letters.printed_code(row, request.settings)
    return screen("lifecycle/written.html", row=row, kinds=KIND_WORDS, code=code)


def withdraw(request: Request, form: Any, letter_id: int) -> See:
    """Withdraw a letter."""
    row = one(request.db, letters.visible_letters(request.viewer), IssuedLetter.id == letter_id)
    letters.withdraw(request.act, row)
    return See(
        f"/people/letters/{letter_id}", text("The letter was withdrawn. Its code no longer works.")
    )


def download(request: Request, letter_id: int) -> Response:
    """A letter as PDF."""
    scope = letters.with_people(letters.visible_letters(request.viewer))
    row = one(request.db, scope, IssuedLetter.id == letter_id)
    note_export(request, "people.exported", Ref("people", None), "letters")
    return _pdf(request, [row])


def _pdf(request: Request, rows: list[IssuedLetter]) -> Response:
    body = letters.render(rows, request.settings, request.at)
    name = f"letter-{rows[0].id}.pdf" if len(rows) == 1 else "letters.pdf"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="application/pdf", headers=headers)


def list_letters(request: Request) -> Screen:
    """What was written lately in one's programs, or at once with others."""
    batch = request.asked("batch")
    scope = letters.visible_letters(request.viewer)
    if batch:
        scope = scope.where(IssuedLetter.batch == batch)
    rows = letters.lines(request.db, scope)
    return screen("lifecycle/letters.html", rows=rows, batch=batch, kinds=KIND_WORDS)


def print_batch(request: Request) -> Response:
    """All letters that were written at once, to print: each on a page of its own."""
    batch = request.asked("batch")
    scope = letters.visible_letters(request.viewer).where(
        IssuedLetter.batch == batch, IssuedLetter.withdrawn_at.is_(None)
    )
    rows = list(request.db.scalars(letters.with_people(scope).order_by(IssuedLetter.id)))
    if not batch or not rows:
        raise NotFound
    note_export(request, "people.exported", Ref("people", None), "letters")
    return _pdf(request, rows)


def list_own(request: Request) -> Screen:
    """The letters one was written."""
    rows = letters.lines(request.db, letters.own_letters(request.viewer))
    return screen("lifecycle/own.html", rows=rows, kinds=KIND_WORDS)


def show_own(request: Request, letter_id: int) -> Screen:
    """One's own letter."""
    row = one(request.db, letters.own_letters(request.viewer), IssuedLetter.id == letter_id)
    return screen("lifecycle/own_letter.html", row=row, kinds=KIND_WORDS)


def download_own(request: Request, letter_id: int) -> Response:
    """One's own letter as PDF."""
    scope = letters.with_people(letters.own_letters(request.viewer))
    return _pdf(request, [one(request.db, scope, IssuedLetter.id == letter_id)])


def check(request: Request, form: CheckForm | None = None, found: Any = None) -> Screen:
    """Where a third party checks the code of a letter."""
    return screen("lifecycle/check.html", form=form or CheckForm(), found=found)


def may_check(request: Request, form: CheckForm) -> None:
    """Count a try against the network it comes from."""
    network = place_of(request).network
    with request.portal.database.writing() as db:
        allowed = limits.spend(
            db,
            {f"letter-check:{network}"[:80]: CHECKS_PER_NETWORK, "letter-checks": 2000},
            request.at,
        )
    if not allowed:
        raise Refused(TOO_OFTEN)


class Checked(NamedTuple):
    """What the page says of a code: the day of its letter, or that there is none."""

    day: date | None


def check_code(request: Request, form: CheckForm) -> Screen:
    """Say whether a letter of ours has this code."""
    return check(request, form, Checked(letters.letter_with(request.db, form.code.data or "")))
