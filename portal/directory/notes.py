"""Notes about a person: the part of their page, writing one, and marking one as wrong."""

from typing import Any

from portal import clock
from portal.directory.history import ACTION_WORDS, history_of
from portal.people.models import Person
from portal.permissions import Permission
from portal.programs import notes
from portal.programs.person_models import PersonNote
from portal.programs.scopes import one, visible_people
from portal.programs.views.choices import program_options
from portal.web.answers import See
from portal.web.choices import chosen_field
from portal.web.fields import day_field, long_text_field
from portal.web.forms import Form, form_of
from portal.web.request import Request
from portal.words import text


class NoteForm(Form):
    """A dated note about someone."""

    day = day_field(text("Date"))
    program = chosen_field(text("Program"), required=False)
    words = long_text_field(
        text("Note"),
        most=1000,
        required=True,
        help=text(
            "Facts only. This may be released under public records law. Leave out health, "
            "family, and anything about clients."
        ),
    )


def card(request: Request, person_id: int, form: Any) -> dict[str, Any]:
    """The notes about a person and the history of their record, as far as the viewer reads them."""
    today = clock.local_day(request.at, request.settings.timezone)
    programs = program_options(request, Permission.PEOPLE_MANAGE)
    only = programs[0][0] if len(programs) == 1 else None
    noting = form_of(form, NoteForm, {"day": today, "program": only}).apart("note")
    agency = request.viewer.everywhere(Permission.PEOPLE_MANAGE)
    flags: Any = noting.program.flags
    flags.required = not agency
    return {
        "notes": notes.notes_on(request.db, notes.visible_notes(request.viewer), person_id),
        "noting": noting,
        "note_programs": programs,
        "agency_notes": agency,
        "history": history_of(request.db, request.viewer, person_id),
        "action_words": ACTION_WORDS,
    }


def _visible(request: Request, person_id: int) -> Person:
    return one(request.db, visible_people(request.viewer), Person.id == person_id)


def add(request: Request, form: NoteForm, person_id: int) -> See:
    """Write a note about someone."""
    person = _visible(request, person_id)
    notes.add_note(request.act, person.id, form.program.data, form.day.data, form.words.data)
    return See(f"/people/{person_id}", text("The note was added."))


def strike(request: Request, form: Any, person_id: int, note_id: int) -> See:
    """Mark a note as wrong."""
    person = _visible(request, person_id)
    theirs = notes.visible_notes(request.viewer).where(PersonNote.person_id == person.id)
    notes.strike_note(request.act, one(request.db, theirs, PersonNote.id == note_id))
    return See(f"/people/{person_id}", text("The note was marked as wrong."))
