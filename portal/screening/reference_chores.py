"""What the worker does about references: reminding, and counting anew where fewer are wanted."""

from datetime import date, datetime, timedelta

from sqlalchemy import Select, exists, select

from portal import clock
from portal.act import Act
from portal.messages.marks import held, is_new_day
from portal.messages.models import Mark
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationState,
)
from portal.recruitment.applications import lock_application
from portal.screening import message_kinds, references
from portal.screening.models import Reference
from portal.settings import Settings

MARK = "references"
LAST_REMINDER = timedelta(days=14)
"""After how long without an answer someone is reminded for the last time."""


def to_remind(at: datetime) -> Select[int]:
    """Who did not answer for a week, or for another one."""
    return (
        select(Reference.id)
        .join(Application, Application.id == Reference.application_id)
        .where(Reference.remind_at <= at, Application.state.in_(OPEN_APPLICATIONS))
        .order_by(Reference.remind_at)
    )


def remind(act: Act, reference_id: int) -> None:
    """Remind someone who did not answer. Doing it twice is once."""
    found = to_remind(act.at).with_only_columns(Reference).where(Reference.id == reference_id)
    row = act.db.scalar(found.order_by(None).with_for_update(of=Reference))
    if row is None:
        return
    last = row.asked_at + LAST_REMINDER
    row.remind_at = last if act.at < last else None
    references.tell(act, row, message_kinds.REMINDER)


def recount(act: Act, settings: Settings) -> int:
    """Once on each local day: meet the requirement of whoever has enough accepted references, since a program
    asks for fewer; gives how many."""
    mark = held(act.db, MARK)
    if mark is None:
        mark = Mark(name=MARK, at=act.at)
        act.db.add(mark)
    elif not is_new_day(act.db, MARK, settings.timezone, act.at):
        return 0
    mark.at = act.at
    today = clock.local_day(act.at, settings.timezone)
    accepted = exists().where(
        Reference.application_id == Application.id, Reference.accepted.is_(True)
    )
    under_review = (ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD)
    rows = select(Application).where(Application.state.in_(under_review), accepted)
    found = act.db.scalars(rows.order_by(Application.id)).all()
    return sum(_is_met(act, one, settings, today) for one in found)


def _is_met(act: Act, application: Application, settings: Settings, today: date) -> bool:
    there = references.of_application(act.db, application.id)
    good = sum(one.accepted is True for one in there)
    wanted = references.wanted(act.db, application, today)
    if wanted is None or good < references.needed(act.db, application, settings):
        return False
    lock_application(act.db, application)
    references.prove(act, application, today)
    return True
