"""The list of applications as a table to download, with what was answered to each question."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, func, select
from sqlalchemy.orm import Session, aliased

from portal.people.models import Person, Phone
from portal.permissions import Viewer
from portal.programs.application_models import Application, ApplicationState
from portal.programs.models import Position, Program
from portal.programs.scopes import visible_applications
from portal.reads import read
from portal.recruitment.pipeline import Filter
from portal.recruitment.questions import Answer, answers_of

MOST = 2000


class Line(NamedTuple):
    """An application as a table prints it: what the applicant wrote, and where it stands."""

    id: int
    name: str
    email: str
    phone: str
    position: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]
    state: ApplicationState
    received_at: datetime
    times: str
    why: str
    owner: str | None


_applicant, _owner = aliased(Person), aliased(Person)
PHONE = (
    select(func.min(Phone.number))
    .where(Phone.person_id == _applicant.id)
    .correlate(_applicant)
    .scalar_subquery()
)


def reached(
    typed: SQLColumnExpression[str], known: SQLColumnExpression[str] | ScalarSelect[str]
) -> ColumnElement[str]:
    """What an applicant typed or, where they typed none, what their record has."""
    return func.coalesce(func.nullif(typed, ""), known, "")


def lines(db: Session, viewer: Viewer, asked: Filter) -> Sequence[Line] | None:
    """All that a list shows, the longest wait first; None if that is too much for one file."""
    rows = read(
        db,
        Line,
        visible_applications(viewer)
        .where(*asked.conditions(viewer))
        .outerjoin(_applicant, _applicant.id == Application.person_id)
        .outerjoin(_owner, _owner.id == Application.owner_id)
        .join(Position, Position.id == Application.position_id)
        .join(Program, Program.id == Application.program_id)
        .with_only_columns(
            Application.id,
            func.coalesce(_applicant.name, Application.name).label("name"),
            reached(Application.email, _applicant.email).label("email"),
            reached(Application.phone, PHONE).label("phone"),
            Position.name.label("position"),
            Position.translations,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
            Application.state,
            Application.received_at,
            Application.times,
            Application.why,
            _owner.name.label("owner"),
        )
        .order_by(Application.received_at, Application.id)
        .limit(MOST + 1),
    )
    return rows if len(rows) <= MOST else None


def answers(
    db: Session, found: Sequence[Line]
) -> tuple[dict[int, str], dict[int, dict[int, list[Answer]]]]:
    """The questions that were answered in some applications, by id, each in the words of its newest answer; and
    the answers by application and question."""
    asked: dict[int, str] = {}
    given: dict[int, dict[int, list[Answer]]] = {}
    for application_id, rows in sorted(answers_of(db, [one.id for one in found]).items()):
        for row in rows:
            asked[row.question_id] = row.asked
            given.setdefault(application_id, {}).setdefault(row.question_id, []).append(row)
    return asked, given
