"""How first shifts were: answering, reading, and which programs ask."""

from typing import Any

import wtforms

from portal import clock
from portal.agency.settings import change
from portal.lifecycle import first_shifts
from portal.lifecycle.first_shift_models import FirstShift
from portal.lifecycle.first_shifts import AGAIN_WORDS
from portal.lifecycle.switched import switched_on
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import managed_programs, one
from portal.programs.views.choices import program_options
from portal.web.answers import Screen, See, screen
from portal.web.choices import Radio, select_choices
from portal.web.fields import Required, long_text_field
from portal.web.forms import Checked, Form, form_of
from portal.web.request import Request
from portal.words import text

WRONG = text("Select one of these.")


class HowForm(Form):
    """How a first shift was."""

    again = Radio(
        text("Would you come again?"),
        [Required(WRONG), Checked(lambda value: value in set(AGAIN_WORDS), WRONG)],
        choices=select_choices({one.value: words for one, words in AGAIN_WORDS.items()}),
        validate_choice=False,
    )
    words = long_text_field(
        text("How was it?"),
        help=text("Your supervisor and the office read this. Write nothing about clients."),
    )


class AskingForm(Form):
    """Whether a program asks."""

    on = wtforms.HiddenField()


def show_own(request: Request, first_shift_id: int, form: Any = None) -> Screen:
    """The question about one's first shift in a program."""
    row = one(
        request.db, first_shifts.own_questions(request.viewer), FirstShift.id == first_shift_id
    )
    return screen("lifecycle/first_shift.html", row=row, form=form_of(form, HowForm), problem=form)


def list_own(request: Request) -> Screen:
    """One's first shifts that wait for an answer."""
    rows = request.db.scalars(
        first_shifts.own_questions(request.viewer).order_by(FirstShift.asked_at).limit(50)
    ).all()
    return screen("lifecycle/first_shifts_own.html", rows=rows)


def answer_own(request: Request, form: HowForm, first_shift_id: int) -> See:
    """Say how it was."""
    first_shifts.answer_own(request.act, first_shift_id, form.again.data, form.words.data)
    return See("/me", text("Thank you for telling us!"))


def _today(request: Request) -> Any:
    return clock.local_day(request.at, request.settings.timezone)


def show(request: Request, form: Any = None) -> Screen:
    """What new volunteers answered, and which programs ask."""
    viewer = request.viewer
    return screen(
        "lifecycle/first_shifts.html",
        form=form,
        rows=first_shifts.lines(request.db, first_shifts.unseen(viewer, _today(request))),
        again=AGAIN_WORDS,
        programs=program_options(request, Permission.PEOPLE_MANAGE),
        on=set(switched_on(request.db, first_shifts.ASKING)),
    )


def mark_seen(request: Request, form: Any, first_shift_id: int) -> See:
    """Take note of an answer."""
    scope = first_shifts.visible_answers(request.viewer, _today(request))
    first_shifts.mark_seen(request.act, one(request.db, scope, FirstShift.id == first_shift_id))
    return See("/first-shifts", text("The answer was marked as read."))


def switch(request: Request, form: AskingForm, program_id: int) -> See:
    """Let a program ask, or stop."""
    program = one(request.db, managed_programs(request.viewer), Program.id == program_id)
    on = form.on.data == "yes"
    change(request.act, first_shifts.ASKING, on, request.settings, program.id)
    said = (
        text("New volunteers are asked after their first shift from today on.")
        if on
        else text("New volunteers aren't asked.")
    )
    return See("/first-shifts", said)
