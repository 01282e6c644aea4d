"""Who is asked whether they stay: switching it on, after a look at whom it touches, and answers by phone."""

from typing import Any

import wtforms

from portal.agency.settings import change
from portal.lifecycle import activity, retention
from portal.lifecycle.retention_models import Retention, RetentionState
from portal.lifecycle.switched import switched_on
from portal.people.forms import asked_field
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import managed_programs, one
from portal.programs.views.choices import program_options
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview, unless_seen
from portal.web.forms import Form
from portal.web.request import Request
from portal.words import Words, text

SHOWN = 100
STATE_WORDS: dict[str, Words] = {
    RetentionState.ASKED: text("Asked"),
    RetentionState.KEPT: text("Stays"),
    RetentionState.CLOSED: text("No longer asked"),
    RetentionState.LEFT: text("Wants to leave"),
    RetentionState.ARCHIVED: text("Made inactive"),
}


class SwitchForm(Form):
    """Whether a program asks; `seen` marks whom it would touch."""

    on = wtforms.HiddenField()
    seen = wtforms.HiddenField()


class StayForm(Form):
    """What someone said by phone, on paper or in person."""

    said = wtforms.HiddenField()
    asked = asked_field(required=True)


def show(request: Request, program_id: int | None = None, form: Any = None) -> Screen:
    """The programs that ask or don't, who was asked, and how it ended."""
    db = request.db
    on = set(switched_on(db, retention.RETENTION))
    preview = form.refusal if form and isinstance(form.refusal, Preview) else None
    return screen(
        "lifecycle/staying.html",
        programs=program_options(request, Permission.PEOPLE_MANAGE),
        on=on,
        form=form,
        preview=preview,
        program_id=program_id,
        asked=retention.list_asked(db, retention.visible_questions(request.viewer)),
        wishes=retention.list_asked(db, retention.wishes_to_leave(request.viewer)),
        past=retention.list_asked(db, retention.past_questions(request.viewer)),
        states=STATE_WORDS,
        answering=StayForm(),
        most=retention.MOST_A_DAY,
        days=retention.DAYS_TO_ANSWER,
    )


def switch(request: Request, form: SwitchForm, program_id: int) -> See:
    """Let a program ask, or stop. Raises Preview with whom it touches before it begins."""
    program = one(request.db, managed_programs(request.viewer), Program.id == program_id)
    turn_on = form.on.data == "yes"
    if turn_on:
        zone = request.settings.timezone
        found = retention.touched_by(request.db, program.id, request.at, zone)
        people = activity.names(request.db, found, SHOWN)
        number = retention.count_of(request.db, found)
        unless_seen([number, *((row.id, row.name) for row in people)], form.seen.data)
    change(request.act, retention.RETENTION, turn_on, request.settings, program.id)
    said = (
        text("Asking is on for this program. We ask up to 50 people a day.")
        if turn_on
        else text("Asking is off for this program. No one it asked becomes inactive.")
    )
    return See("/people/staying", said)


def answer(request: Request, form: StayForm, retention_id: int) -> See:
    """Keep what someone told the office."""
    row = one(request.db, retention.visible_questions(request.viewer), Retention.id == retention_id)
    said = "yes" if form.said.data == "yes" else "no"
    retention.answer(request.act.but(asked=form.asked.data), row.id, said)
    return See("/people/staying", text("Their answer was saved."))
