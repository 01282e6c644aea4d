"""Pages of who looks after whom: the card on a person's page, and a supervisor's own people."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal import clock
from portal.people import supervision, supervisors
from portal.people.models import Person
from portal.people.skill_forms import CoverForm, SupervisionEndForm, SupervisionForm
from portal.people.traits import Supervision
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import (
    in_viewers_programs,
    managed_people,
    one,
    openable,
    visible_people,
)
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

SHOWN = 200
PAST = 20

_supervisor = aliased(Person)


def card(request: Request, person: Person, form: Any, supervision_id: int | None) -> dict[str, Any]:
    """Who looks after a person in the viewer's programs, and what giving them someone needs."""
    today = clock.local_day(request.at, request.settings.timezone)
    named = _own_programs(request)
    able = supervision.possible_supervisors(request.db, named)
    only = next(iter(named), None) if len(named) == 1 else None
    return {
        "supervisions": _relations(request, person.id),
        "supervision_id": supervision_id,
        "ending": form_of(form, SupervisionEndForm, {"last_day": today}),
        "giving_supervision": form_of(
            form, SupervisionForm, {"first_day": today, "program": only}
        ).apart("supervision"),
        "supervisor_options": _labels(able, named, person.id),
        "supervision_programs": list(named.items()),
        "today": today,
    }


def _relations(request: Request, person_id: int) -> Any:
    """Who looks after a person, and who did, in the viewer's programs."""
    mine = in_viewers_programs(Supervision.program_id, request.viewer, Permission.PEOPLE_MANAGE)
    return request.db.execute(
        select(
            Supervision.id,
            Supervision.first_day,
            Supervision.last_day,
            _supervisor.name,
            Program.name.label("program"),
            Program.translations,
        )
        .join(_supervisor, _supervisor.id == Supervision.supervisor_id)
        .join(Program, Program.id == Supervision.program_id)
        .where(Supervision.person_id == person_id, mine, supervision.held_ever())
        .order_by(Supervision.last_day.is_not(None), Supervision.last_day.desc(), Supervision.id)
        .limit(PAST)
    ).all()


def _own_programs(request: Request) -> dict[int, str]:
    """The open programs in which the viewer manages people, by id, in their language."""
    mine = in_viewers_programs(Program.id, request.viewer, Permission.PEOPLE_MANAGE)
    found = request.db.execute(
        select(Program.id, Program.name, Program.translations)
        .where(mine, Program.closed_at.is_(None))
        .order_by(Program.name)
        .limit(200)
    )
    return {row.id: request.written(row.name, row.translations) for row in found}


def _labels(able: Any, named: dict[int, str], person_id: int) -> list[tuple[int, Any]]:
    """Each possible supervisor once, with the programs they may look after people in."""
    found: dict[int, tuple[str, list[str]]] = {}
    for row in able:
        if row.id != person_id:
            within = found.setdefault(row.id, (row.name, []))[1]
            within += [named[row.program_id]] if row.program_id else []
    return [
        (number, f"{name} ({', '.join(within)})" if within else name)
        for number, (name, within) in found.items()
    ]


def give(request: Request, form: SupervisionForm, person_id: int) -> See:
    """Give a person a supervisor."""
    person = one(request.db, managed_people(request.viewer), Person.id == person_id)
    supervision.give(
        request.act,
        person.id,
        form.supervisor.data,
        form.program.data,
        form.first_day.data,
        form.last_day.data,
    )
    return See(f"/people/{person_id}", text("The supervisor was assigned."))


def _person(request: Request, person_id: int) -> Person:
    return one(request.db, visible_people(request.viewer), Person.id == person_id)


def end(request: Request, form: SupervisionEndForm, person_id: int, supervision_id: int) -> See:
    """Say on which day it ends."""
    theirs = select(Supervision).where(
        Supervision.person_id == _person(request, person_id).id,
        in_viewers_programs(Supervision.program_id, request.viewer, Permission.PEOPLE_MANAGE),
    )
    row = one(request.db, theirs, Supervision.id == supervision_id)
    supervision.end(request.act, row, form.last_day.data)
    return See(f"/people/{person_id}", text("The last day was saved."))


def show(request: Request, form: Any = None) -> Screen:
    """The people one looks after today, and who stands in while one is away."""
    viewer, db = request.viewer, request.db
    assert viewer.person_id
    today = clock.local_day(request.at, request.settings.timezone)
    cares = [
        care
        for care in supervisors.supervised_by(db, viewer.person_id, today, viewer.on_call_for)
        if viewer.may_in(Permission.SUPERVISION_SEE, care.program_id)
    ]
    shown = cares[:SHOWN]
    ids = {one for care in shown for one in (care.person_id, care.acting_id, care.supervisor_id)}
    programs = db.execute(
        select(Program.id, Program.name, Program.translations).where(
            Program.id.in_({care.program_id for care in shown})
        )
    )
    return screen(
        "directory/supervision.html",
        cares=shown,
        more=len(cares) > SHOWN,
        people=supervisors.people_named(db, ids),
        programs={row.id: request.written(row.name, row.translations) for row in programs},
        open_to=openable(request.db, request.viewer, {care.person_id for care in shown}),
        covers=supervision.covers_of(db, viewer.person_id, today),
        options=[
            (row.id, row.name) for row in supervision.possible_covers(db, viewer.person_id, today)
        ],
        me=viewer.person_id,
        form=form,
        away=form_of(form, CoverForm),
    )


def set_cover(request: Request, form: CoverForm) -> See:
    """Say who stands in."""
    assert request.viewer.person_id
    supervision.set_cover(
        request.act,
        request.viewer.person_id,
        form.cover.data,
        form.first_day.data,
        form.last_day.data,
    )
    return See("/supervision", text("The coverage was saved."))


def end_cover(request: Request, form: Any, cover_id: int) -> See:
    """Remove a cover."""
    assert request.viewer.person_id
    supervision.end_cover(request.act, request.viewer.person_id, cover_id)
    return See("/supervision", text("The coverage was removed."))
