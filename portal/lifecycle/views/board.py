"""The notice board and the handbook: reading them, and writing their pages."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from portal import clock
from portal.domain import Panel
from portal.lifecycle import board
from portal.lifecycle.board_models import BoardKind, BoardPage
from portal.lifecycle.views.writing import choosing
from portal.permissions import Permission
from portal.programs.models import Position
from portal.programs.scopes import managed_positions, one
from portal.programs.views.choices import program_options, role_options
from portal.web.answers import Screen, See, screen
from portal.web.choices import choice_field, chosen_field
from portal.web.fields import day_field, hidden_number, long_text_field, text_field
from portal.web.request import Request
from portal.web.translated import TranslatedForm
from portal.words import text

MANAGE = Permission.PROGRAMS_MANAGE
ON_HOME = 3
KIND_WORDS = {
    BoardKind.NEWS.value: text("News"),
    BoardKind.HANDBOOK.value: text("Handbook page"),
}


class BoardForm(TranslatedForm):
    """A page of the notice board or the handbook."""

    translated = ("title", "body")

    kind = choice_field(text("Kind"), KIND_WORDS)
    program = chosen_field(text("Program"), required=False)
    position = chosen_field(
        text("Role"), required=False, help=text("Leave blank for everyone in the program.")
    )
    title = text_field(text("Title"), most=150, required=True)
    body = long_text_field(text("Text"), most=10_000, required=True, rows=10)
    first_day = day_field(text("First day"))
    last_day = day_field(
        text("Last day"), required=False, help=text("Leave blank if it stays until you change it.")
    )
    version = hidden_number()


def _today(request: Request) -> date:
    return clock.local_day(request.at, request.settings.timezone)


def home(request: Request, queues: Collection[str]) -> Iterator[Panel]:
    """The newest news, and the way to all of it."""
    rows = board.news(request.db, request.viewer, _today(request), ON_HOME)
    if rows:
        yield Panel(70, "lifecycle/home/_board.html", {"rows": rows})


def show(request: Request) -> Screen:
    """What one reads today: news and handbook."""
    rows = board.lines(request.db, board.readable_pages(request.viewer, _today(request)))
    return screen("lifecycle/board.html", rows=rows, kinds=BoardKind)


def show_page(request: Request, board_id: int) -> Screen:
    """One page."""
    readable = board.readable_pages(request.viewer, _today(request))
    row = one(request.db, readable, BoardPage.id == board_id)
    return screen("lifecycle/board_page.html", row=row)


def list_pages(request: Request) -> Screen:
    """The pages one may write, with those that are over or to come."""
    rows = board.lines(request.db, board.managed_pages(request.viewer))
    return screen("lifecycle/board_pages.html", rows=rows, kinds=KIND_WORDS, today=_today(request))


def edit(request: Request, board_id: int | None = None, form: BoardForm | None = None) -> Screen:
    """Write a page, or change one."""
    page = None
    if board_id is not None:
        page = one(request.db, board.managed_pages(request.viewer), BoardPage.id == board_id)
    values: dict[str, Any] = {"first_day": _today(request), "translations": {}}
    return screen(
        "lifecycle/board_edit.html",
        page=page,
        form=choosing(
            request, form or BoardForm.showing(board.page_values(page) if page else values)
        ),
        programs=program_options(request, MANAGE),
        roles=role_options(request, MANAGE),
        whole=request.viewer.everywhere(MANAGE),
    )


def _values(request: Request, form: BoardForm) -> dict[str, Any]:
    """What the form says, with the program of its role."""
    program_id, position_id = form.program.data, form.position.data
    if position_id:
        mine = managed_positions(request.viewer)
        program_id = one(request.db, mine, Position.id == position_id).program_id
    names = ("title", "body", "first_day", "last_day")
    return {
        "kind": BoardKind(form.kind.data),
        "program_id": program_id,
        "position_id": position_id,
        "translations": form.translations,
        **{name: form[name].data for name in names},
    }


def create(request: Request, form: BoardForm) -> See:
    """Write a page."""
    board.write_page(request.act, _values(request, form))
    return See("/board/pages", text("The page was saved."))


def update(request: Request, form: BoardForm, board_id: int) -> See:
    """Change a page."""
    page = one(request.db, board.managed_pages(request.viewer), BoardPage.id == board_id)
    board.edit_page(request.act, page, _values(request, form), form.version.data)
    return See("/board/pages", text("The page was saved."))
