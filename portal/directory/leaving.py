"""Someone leaves: what that touches, the checklist, and who left with something of the agency's."""

from typing import Any, NamedTuple

from sqlalchemy import select

from portal.directory.exit_forms import (
    EQUIPMENT_WORDS,
    REASON_WORDS,
    RETURN_WORDS,
    ExitForm,
)
from portal.people.departures import Engagement, leaver_now
from portal.people.forms import STATUS_WORDS
from portal.people.models import Person
from portal.programs import exits
from portal.programs.authority import may_not_leave
from portal.programs.models import Program, Visibility
from portal.programs.person_models import PersonExit
from portal.programs.scopes import managed_people, one
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview, unless_seen
from portal.web.request import Request
from portal.words import text

SHOWN = 100


class Touched(NamedTuple):
    """Something a leaver is taken off, with its program in the viewer's language."""

    it: Engagement
    program: str


def _managed(request: Request, person_id: int) -> Person:
    return one(request.db, managed_people(request.viewer), Person.id == person_id)


def touched_by(request: Request, person_id: int) -> list[Touched]:
    """Everything a person would be taken off, of every domain, the next first, as far as the viewer knows of
    its program."""
    leaver = leaver_now(person_id, request.at)
    found: list[Engagement] = [
        it
        for domain in request.portal.domains
        if domain.engaged
        for it in domain.engaged(request.db, leaver, request.at)
    ]
    found.sort(key=lambda it: (it.starts_at is not None, it.starts_at or request.at))
    names = _program_names(request, {it.program_id for it in found})
    return [Touched(it, names[it.program_id]) for it in found if it.program_id in names]


def _program_names(request: Request, programs: set[int | None]) -> dict[int | None, str]:
    """The programs that are public, or of which the viewer is staff, by id."""
    mine = {program for _, program in request.viewer.memberships}
    rows = request.db.execute(
        select(Program.id, Program.name, Program.translations, Program.visibility).where(
            Program.id.in_({one for one in programs if one is not None})
        )
    )
    return {None: ""} | {
        row.id: request.written(row.name, row.translations)
        for row in rows
        if row.visibility == Visibility.PUBLIC or None in mine or row.id in mine
    }


def show(request: Request, person_id: int, form: ExitForm | None = None) -> Screen:
    """The checklist: what is touched, and what has to be said."""
    person = _managed(request, person_id)
    touched = touched_by(request, person_id)
    return screen(
        "directory/leaving.html",
        person=person,
        touched=touched[:SHOWN],
        more=max(0, len(touched) - SHOWN),
        access=exits.access_of(request.db, person_id),
        form=form,
        leaving=form or ExitForm(),
        seen=Preview(touched).seen,
        changed=form is not None and isinstance(form.refusal, Preview),
        no=may_not_leave(request.db, request.viewer, person),
    )


def leave(request: Request, form: ExitForm, person_id: int) -> See:
    """Make someone inactive, all at once. Raises Preview if what it touches is not what the page showed."""
    person = _managed(request, person_id)
    unless_seen(touched_by(request, person_id), form.seen.data)
    values = {name: value for name, value in form.values.items() if name != "seen"}
    exits.record_exit(request.act, person, values)
    return See(
        f"/people/{person_id}",
        text(
            "%(name)s is inactive now. In a moment, we'll remove them from everything upcoming "
            "and tell its coordinators.",
            name=person.name,
        ),
    )


def list_exits(request: Request) -> Screen:
    """Who left, or who left with something of ours."""
    owing = request.asked("which") == "owing"
    page = exits.list_exits(request.db, request.viewer, owing=owing, after=request.asked("after"))
    return screen(
        "directory/exits.html",
        page=page,
        owing=owing,
        reasons=REASON_WORDS,
        returns=RETURN_WORDS,
        equipment=EQUIPMENT_WORDS,
        status_words=STATUS_WORDS,
    )


def take_back(request: Request, form: Any, exit_id: int) -> See:
    """Note that keys, a badge or equipment came back."""
    row = one(request.db, exits.visible_exits(request.viewer), PersonExit.id == exit_id)
    exits.take_back(request.act, row)
    return See("/people/exits?which=owing", text("Marked as returned."))
