"""Pages of who pays for a program."""

from typing import Any

from sqlalchemy import select

from portal.programs import funding
from portal.programs.forms import FundingForm
from portal.programs.models import Funding, Position
from portal.programs.scopes import one
from portal.programs.views.programs import program_of
from portal.web.answers import Screen, See, screen
from portal.web.request import Request
from portal.words import text


def show(
    request: Request,
    program_id: int,
    form: FundingForm | None = None,
    funding_id: int | None = None,
) -> Screen:
    """A program's labels, and adding one."""
    program = program_of(request, program_id)
    positions = request.db.execute(
        select(Position.id, Position.name, Position.translations)
        .where(Position.program_id == program_id)
        .order_by(Position.name)
    )
    return screen(
        "programs/funding.html",
        program=program,
        labels=funding.labels_of(request.db, program_id),
        roles=[(row.id, request.written(row.name, row.translations)) for row in positions],
        form=form,
        funding_id=funding_id,
        adding=form if form and funding_id is None else FundingForm(),
    )


def create(request: Request, form: FundingForm, program_id: int) -> See:
    """Add a label."""
    program_of(request, program_id)
    funding.save_label(request.act, program_id, None, form.values)
    return See(f"/programs/{program_id}/funding", text("The funding source was added."))


def _label(request: Request, program_id: int, funding_id: int) -> Funding:
    program_of(request, program_id)
    mine = select(Funding).where(Funding.program_id == program_id)
    return one(request.db, mine, Funding.id == funding_id)


def remove(request: Request, form: Any, program_id: int, funding_id: int) -> See:
    """Take a label away."""
    label = _label(request, program_id, funding_id)
    funding.remove_label(request.act, label)
    return See(f"/programs/{program_id}/funding", text("The funding source was removed."))


def update(request: Request, form: FundingForm, program_id: int, funding_id: int) -> See:
    """Change a label."""
    label = _label(request, program_id, funding_id)
    funding.save_label(request.act, program_id, label, form.values)
    return See(f"/programs/{program_id}/funding", text("The funding source was saved."))
