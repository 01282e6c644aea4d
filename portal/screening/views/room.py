"""The screening review, for screeners alone: safety checks, and comparing with the do-not-place list."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.act import Ref
from portal.audit.log import record
from portal.people.models import Person
from portal.permissions import NOBODY
from portal.programs.application_models import Application, DeclineReason
from portal.programs.models import Placement, Position, Program
from portal.programs.scopes import in_viewers_programs, one
from portal.reads import read
from portal.recruitment import review
from portal.requirements.review_settings import SAFETY_CHECK
from portal.screening import lists, room, room_scopes
from portal.screening.list_models import ListMatch
from portal.screening.room_forms import CompareForm
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import text

SHOWN = 200


class Line(NamedTuple):
    """Someone whom a screener looks up: an applicant, or a volunteer anew."""

    id: int
    person_id: int
    name: str
    program_id: int
    program: str
    program_translations: Mapping[str, Any]
    position: str
    translations: Mapping[str, Any]
    since: datetime | date | None


def _lines(request: Request, scope: Any, model: Any, since: Any) -> list[Line]:
    query = (
        scope.join(Position, Position.id == model.position_id)
        .join(Program, Program.id == model.program_id)
        .with_only_columns(
            model.id,
            Person.id.label("person_id"),
            Person.name,
            Program.id.label("program_id"),
            Program.name.label("program"),
            Program.translations.label("program_translations"),
            Position.name.label("position"),
            Position.translations,
            since.label("since"),
        )
        .order_by(since, Person.name, Person.id)
        .limit(SHOWN)
    )
    return list(read(request.db, Line, query))


def show(request: Request, form: Any = None) -> Screen:
    """Everyone who waits for a screener: to be looked up, or to be compared with someone on the list."""
    viewer, today = request.viewer, today_of(request)
    waiting = room_scopes.to_check(viewer).join(Person, Person.id == Application.person_id)
    again = room_scopes.to_repeat(viewer, today)
    matches = request.db.scalars(
        room_scopes.to_compare(viewer, today)
        .options(joinedload(ListMatch.person))
        .order_by(ListMatch.firm.desc(), ListMatch.found_at)
        .limit(SHOWN)
    ).all()
    return screen(
        "screening/room.html",
        waiting=_lines(request, waiting, Application, Application.received_at),
        again=_lines(request, again, Placement, Placement.starts_on),
        matches=matches,
        form=form,
    )


def pass_review(request: Request, form: Any, application_id: int) -> See:
    """Nothing was found of an applicant."""
    scope = room_scopes.to_check(request.viewer)
    row = one(request.db, scope, Application.id == application_id)
    safe = select(Application.id).where(
        Application.id == row.id, room_scopes.is_on(SAFETY_CHECK, Application.program_id)
    )
    room.pass_review(
        request.act,
        row,
        today_of(request),
        request.settings,
        safe=request.db.scalar(safe) is not None,
    )
    return See("/screening", text("The check was saved."))


def note_safe(request: Request, form: Any, placement_id: int) -> See:
    """A volunteer was looked up again."""
    scope = room_scopes.to_repeat(request.viewer, today_of(request))
    row = one(request.db, scope, Placement.id == placement_id)
    room.note_safe(request.act, row.person_id, row.program_id, today_of(request), request.settings)
    return See("/screening", text("The check was saved."))


def _match(request: Request, match_id: int) -> ListMatch:
    return one(request.db, room_scopes.visible_matches(request.viewer), ListMatch.id == match_id)


def show_match(request: Request, match_id: int, form: Any = None) -> Screen:
    """Someone beside an entry they may be. Looking at it is noted (SECURITY U1)."""
    row = _match(request, match_id)
    about = Ref("list_match", row.id, row.person_id)
    request.trail(lambda db: record(request.act.but(db=db), "list_match.opened", about), must=True)
    return screen(
        "screening/match.html",
        row=row,
        applications=request.db.scalars(_open_of(request, row.person_id)).all(),
        comparing=form_of(form, CompareForm),
        problem=form,
    )


def _open_of(request: Request, person_id: int) -> Any:
    """The open applications of someone to the programs a screener screens for."""
    viewer = request.viewer
    return (
        select(Application)
        .options(joinedload(Application.position))
        .where(
            Application.person_id == person_id,
            Application.state.in_(room_scopes.UNDER_REVIEW),
            in_viewers_programs(Application.program_id, viewer, room_scopes.SCREEN),
        )
        .order_by(Application.id)
    )


def compare(request: Request, form: CompareForm, match_id: int) -> See:
    """Say whether it is the same person."""
    row = _match(request, match_id)
    if form.same.data not in ("yes", "no"):
        raise Refused(text("Press one of the buttons."))
    same = form.same.data == "yes"
    lists.compare(request.act, row, same=same, compared=form.compared.data, today=today_of(request))
    if same:
        return See(f"/screening/matches/{match_id}", text("Saved: it's the same person."))
    return See("/screening", text("Saved: it's someone else."))


def decline(request: Request, form: Any, match_id: int, application_id: int) -> See:
    """Decline what someone on the list applied for, with the letter that everyone gets."""
    row = _match(request, match_id)
    if row.same is not True:
        raise NotFound
    found = one(request.db, _open_of(request, row.person_id), Application.id == application_id)
    review.decline(request.act.but(by=NOBODY), found, DeclineReason.NOT_A_MATCH, "")
    record(request.act, "list_match.declined", row)  # who did so stands in the audit alone
    return See(f"/screening/matches/{match_id}", text("The application was declined."))
