"""The notice board and the handbook: who reads a page, who writes one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.lifecycle.board_models import BoardKind, BoardPage
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, PlacementState
from portal.programs.placements import on_day
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.web.errors import Refused, unless_stale
from portal.words import text

MOST = 200


def managed_pages(viewer: Viewer) -> Select[BoardPage]:
    """The pages a viewer may write: those of their programs; the agency's take the agency."""
    return select(BoardPage).where(
        in_viewers_programs(BoardPage.program_id, viewer, Permission.PROGRAMS_MANAGE)
    )


def readable_pages(viewer: Viewer, today: date) -> Select[BoardPage]:
    """The current pages of the agency, of the programs and roles someone has today, and of the programs whose
    staff they are."""
    mine = and_(
        Placement.person_id == viewer.person_id,
        Placement.state == PlacementState.ACTIVE,
        on_day(today),
    )
    staff = sorted({program for _, program in viewer.memberships if program is not None})
    everywhere = viewer.everywhere(Permission.PROGRAMS_MANAGE)
    theirs = or_(
        true() if everywhere else BoardPage.program_id.in_(staff),
        and_(
            BoardPage.position_id.is_(None),
            exists().where(mine, Placement.program_id == BoardPage.program_id),
        ),
        exists().where(mine, Placement.position_id == BoardPage.position_id),
    )
    return select(BoardPage).where(
        BoardPage.first_day <= today,
        or_(BoardPage.last_day.is_(None), BoardPage.last_day >= today),
        or_(BoardPage.program_id.is_(None), theirs),
    )


class BoardLine(NamedTuple):
    """A page as lists print it."""

    id: int
    kind: BoardKind
    title: str
    translations: Mapping[str, Any]
    first_day: date
    last_day: date | None


def lines(db: Session, found: Select[BoardPage], most: int = MOST) -> Sequence[BoardLine]:
    """The newest pages of a scope."""
    return read(
        db,
        BoardLine,
        found.with_only_columns(
            BoardPage.id,
            BoardPage.kind,
            BoardPage.title,
            BoardPage.translations,
            BoardPage.first_day,
            BoardPage.last_day,
        )
        .order_by(BoardPage.first_day.desc(), BoardPage.id.desc())
        .limit(most),
    )


def news(db: Session, viewer: Viewer, today: date, most: int) -> Sequence[BoardLine]:
    """The newest news for a viewer."""
    found = readable_pages(viewer, today).where(BoardPage.kind == BoardKind.NEWS)
    return lines(db, found, most)


def _check(act: Act, values: Mapping[str, Any]) -> None:
    if not act.by.may_in(Permission.PROGRAMS_MANAGE, values["program_id"]):
        raise Refused(fields={"program": text("Select one of your programs.")})
    if values["last_day"] and values["last_day"] < values["first_day"]:
        raise Refused(fields={"last_day": text("This is before the first day.")})


def write_page(act: Act, values: Mapping[str, Any]) -> BoardPage:
    """Write a page; it is read from its first day on."""
    _check(act, values)
    page = BoardPage(**values, written_by_id=act.by.person_id, written_at=act.at)
    act.db.add(page)
    act.db.flush()
    record(act, "board.written", page)
    return page


def edit_page(act: Act, page: BoardPage, values: Mapping[str, Any], version: int | None) -> None:
    """Change a page. Raises Stale if someone else saved it since `version`."""
    unless_stale(page_values(page), version)
    _check(act, values)
    for name, value in values.items():
        setattr(page, name, value)
    record(act, "board.edited", page)


def page_values(page: BoardPage) -> dict[str, Any]:
    """A page as its form holds it."""
    return {
        "kind": page.kind,
        "program": page.program_id,
        "position": page.position_id,
        "title": page.title,
        "body": page.body,
        "first_day": page.first_day,
        "last_day": page.last_day,
        "translations": page.translations,
        "version": page.version,
    }
