"""What an hour is worth: the rates that reports use, with their sources."""

from typing import Any

from sqlalchemy import select

from portal.hours import rates
from portal.hours.forms import RateForm
from portal.hours.models import HourRate
from portal.permissions import Permission
from portal.programs.models import Position, Program
from portal.programs.scopes import one
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import text


def show(request: Request, form: Any = None) -> Screen:
    """Every rate; administrators set them."""
    sets = request.viewer.may(Permission.AGENCY_MANAGE)
    roles = (
        select(Position.id, Position.name, Program.name.label("program"))
        .join(Program, Program.id == Position.program_id)
        .order_by(Program.name, Position.name)
        .limit(1000)
    )
    return screen(
        "hours/rates.html",
        rates=rates.rates(request.db, request.viewer),
        sets=sets,
        roles=[(row.id, f"{row.program}: {row.name}") for row in request.db.execute(roles)]
        if sets
        else [],
        form=form_of(form, RateForm, {"year": today_of(request).year}),
        refused=form,
    )


def show_one(request: Request, rate_id: int, form: Any = None) -> Screen:
    """A rate is shown among all."""
    one(request.db, select(HourRate), HourRate.id == rate_id)
    return show(request, form)


def set_rate(request: Request, form: RateForm) -> See:
    """Set one."""
    position = form.position.data or None
    rates.set_rate(request.act, form.year.data, position, form.cents, form.source.data)
    return See("/hours/rates", text("The rate was saved."))


def remove(request: Request, form: Any, rate_id: int) -> See:
    """Take one away."""
    row = one(request.db, select(HourRate), HourRate.id == rate_id)
    rates.remove_rate(request.act, row)
    return See("/hours/rates", text("The rate was removed."))
