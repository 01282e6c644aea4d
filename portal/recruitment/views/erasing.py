"""Pages of erasing old applications: turning it on after a look, and keeping one with a reason."""

from typing import Any

import wtforms

from portal.agency.settings import change, value_of
from portal.programs.application_models import Application
from portal.recruitment import erasing
from portal.recruitment.erasing import ERASE, YEARS
from portal.recruitment.forms import KeepForm
from portal.recruitment.pipeline import STATE_WORDS
from portal.recruitment.views.application import application_of
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview, unless_seen
from portal.web.fields import number_field
from portal.web.forms import Form, form_of
from portal.web.request import Request
from portal.words import text


class EraseForm(Form):
    """Whether old applications are erased, and after how many years; `seen` marks whom it touches."""

    years = number_field(
        text("Years after it was declined or withdrawn"), least=YEARS.least, most=YEARS.most
    )
    on = wtforms.HiddenField()
    seen = wtforms.HiddenField()


def show(request: Request, form: Any = None) -> Screen:
    """Whether it is on, and what it would erase now."""
    years = value_of(request.db, YEARS, request.settings)
    typed = form.years.data if isinstance(form, EraseForm) and not form.years.errors else None
    zone = request.settings.timezone
    found = erasing.old(typed or years, request.at, zone)
    return screen(
        "recruitment/erasing.html",
        form=form,
        erasing=form_of(form, EraseForm, {"years": years}),
        on=value_of(request.db, ERASE, request.settings),
        rows=erasing.lines(request.db, found),
        number=erasing.count(request.db, found),
        questions=erasing.count(
            request.db, erasing.old_questions(typed or years, request.at, zone)
        ),
        preview=form.refusal if form and isinstance(form.refusal, Preview) else None,
        states=STATE_WORDS,
    )


def switch(request: Request, form: EraseForm) -> See:
    """Turn it on or off, or change the years. Raises Preview with what it would erase before it begins."""
    on, years = form.on.data == "yes", form.years.data
    if on:
        zone = request.settings.timezone
        found = erasing.old(years, request.at, zone)
        asked = erasing.old_questions(years, request.at, zone)
        numbers = [years, erasing.count(request.db, found), erasing.count(request.db, asked)]
        rows = [row.id for row in erasing.lines(request.db, found)]
        unless_seen([numbers, rows], form.seen.data)
    change(request.act, YEARS, years, request.settings)
    change(request.act, ERASE, on, request.settings)
    said = text("Old applications are erased from now on.") if on else text("Nothing is erased.")
    return See("/applications/erasing", said)


def keep(request: Request, form: KeepForm, application_id: int) -> See:
    """Keep one."""
    row: Application = application_of(request, application_id)
    erasing.keep(request.act, row, form.kept_reason.data)
    return See(f"/applications/{row.id}", text("This application is kept."))


def end_keeping(request: Request, form: Any, application_id: int) -> See:
    """Let it be erased again."""
    row = application_of(request, application_id)
    erasing.end_keeping(request.act, row)
    return See(f"/applications/{row.id}", text("This application is erased when its time comes."))
