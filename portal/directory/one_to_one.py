"""Notes of the talks between a supervisor and the people they look after."""

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.people import supervisors
from portal.programs import notes
from portal.programs.models import Program
from portal.web.answers import Screen, See, screen
from portal.web.choices import chosen_field
from portal.web.errors import NotFound
from portal.web.fields import day_field, long_text_field
from portal.web.forms import Form, form_of
from portal.web.request import Request
from portal.words import text


class TalkForm(Form):
    """A note of a talk."""

    day = day_field(text("Date"))
    program = chosen_field(text("Program"))
    words = long_text_field(
        text("What was agreed"),
        most=1000,
        required=True,
        help=text(
            "Facts only. This may be released under public records law. Leave out health, "
            "family, and anything about clients."
        ),
    )


def _programs(request: Request, person_id: int) -> set[int]:
    """The programs in which the viewer looks after a person today; NotFound if there are none."""
    found = notes.looked_after(request.db, request.viewer, person_id)
    if not found:
        raise NotFound
    return found


def show(request: Request, person_id: int, form: Any = None) -> Screen:
    """The notes of the talks with someone one looks after."""
    programs = _programs(request, person_id)
    named = request.db.execute(
        select(Program.id, Program.name, Program.translations)
        .where(Program.id.in_(sorted(programs)))
        .order_by(Program.name)
    )
    options = [(row.id, request.written(row.name, row.translations)) for row in named]
    scope = notes.one_to_one_notes(person_id, programs)
    first: dict[str, Any] = {"day": clock.local_day(request.at, request.settings.timezone)}
    if len(options) == 1:
        first["program"] = options[0][0]
    return screen(
        "directory/one_to_one.html",
        person=supervisors.people_named(request.db, [person_id])[person_id],
        notes=notes.notes_on(request.db, scope, person_id),
        options=options,
        form=form_of(form, TalkForm, first),
    )


def add(request: Request, form: TalkForm, person_id: int) -> See:
    """Keep a note of a talk."""
    _programs(request, person_id)
    notes.add_one_to_one(request.act, person_id, form.program.data, form.day.data, form.words.data)
    return See(f"/supervision/{person_id}", text("The note was added."))
