"""Entries of the do-not-place list, for screeners alone."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.act import Ref
from portal.audit.log import record
from portal.people.models import Person
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs, one
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.requirements.checks import handled_checks
from portal.screening import lists, room_scopes
from portal.screening.list_models import ListEntry
from portal.screening.room_forms import REASON_WORDS, EntryForm
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import text

CHECKS_SHOWN = 200


def show(request: Request) -> Screen:
    """The list; or only what waits for this screener."""
    todo = request.asked("todo") == "yes"
    scope = room_scopes.visible_entries(request.viewer)
    if todo:
        scope = room_scopes.entries_to_do(request.viewer, today_of(request))
    rows = request.db.scalars(scope.order_by(ListEntry.ended_at, ListEntry.name).limit(500)).all()
    return screen(
        "screening/entries.html",
        rows=rows,
        todo=todo,
        reasons=REASON_WORDS,
        today=today_of(request),
    )


def new(request: Request, form: Any = None) -> Screen:
    """The form of a new entry."""
    db, viewer = request.db, request.viewer
    programs = db.execute(
        select(Program.id, Program.name, Program.translations)
        .where(
            in_viewers_programs(Program.id, viewer, room_scopes.SCREEN),
            Program.closed_at.is_(None),
        )
        .order_by(Program.name)
    ).all()
    return screen(
        "screening/entry_new.html",
        form=form_of(form, EntryForm),
        problem=form,
        programs=[(row.id, request.written(row.name, row.translations)) for row in programs],
        checks=[(row.id, row.name) for row in db.execute(_declined_checks(request)).all()],
        everywhere=viewer.everywhere(room_scopes.SCREEN),
    )


def _declined_checks(request: Request) -> Any:
    """The checks after which someone was declined, that an entry may rest on."""
    return (
        handled_checks(request.viewer)
        .join(Person, Person.id == BackgroundCheck.person_id)
        .where(BackgroundCheck.state == CheckState.TURNED_DOWN)
        .with_only_columns(BackgroundCheck.id, Person.name)
        .order_by(BackgroundCheck.id.desc())
        .limit(CHECKS_SHOWN)
    )


def create(request: Request, form: EntryForm) -> See:
    """Make an entry."""
    check_id = form.check_id.data
    if check_id is not None:
        seen = request.db.execute(_declined_checks(request).where(BackgroundCheck.id == check_id))
        if seen.first() is None:
            raise Refused(fields={"check_id": text("Select one of these.")})
    row = lists.add_entry(request.act, form.values, form.program.data, today_of(request))
    return See(
        f"/do-not-place/{row.id}", text("The entry was added. Another screener has to confirm it.")
    )


def _entry(request: Request, entry_no: int) -> ListEntry:
    scope = room_scopes.visible_entries(request.viewer).options(joinedload(ListEntry.program))
    return one(request.db, scope, ListEntry.id == entry_no)


def show_one(request: Request, entry_no: int, form: Any = None) -> Screen:
    """One entry. Looking at it is noted (SECURITY U1)."""
    row = _entry(request, entry_no)
    about = Ref("list_entry", row.id)
    request.trail(lambda db: record(request.act.but(db=db), "list_entry.opened", about), must=True)
    names = {
        found.id: found.name
        for found in request.db.execute(
            select(Person.id, Person.name).where(
                Person.id.in_({row.made_by_id, row.confirmed_by_id} - {None})
            )
        )
    }
    return screen(
        "screening/entry.html",
        row=row,
        names=names,
        reasons=REASON_WORDS,
        own=row.made_by_id == request.viewer.person_id,
        today=today_of(request),
        problem=form,
    )


def confirm(request: Request, form: Any, entry_no: int) -> See:
    """Confirm what another screener entered."""
    lists.confirm(request.act, _entry(request, entry_no), today_of(request))
    return See(f"/do-not-place/{entry_no}", text("You confirmed the entry."))


def keep(request: Request, form: Any, entry_no: int) -> See:
    """Keep an entry for another year."""
    lists.keep(request.act, _entry(request, entry_no), today_of(request))
    return See(f"/do-not-place/{entry_no}", text("The entry stays for another year."))


def end(request: Request, form: Any, entry_no: int) -> See:
    """End an entry."""
    lists.end(request.act, _entry(request, entry_no))
    return See(f"/do-not-place/{entry_no}", text("The entry ended."))
