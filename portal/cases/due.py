"""A clock on the first visit that a program owes a client: its caseworker is warned 3 days and 1 day before,
and once it is late."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.cases.models import LOOKING, HelpRequest, Match
from portal.messages.kinds import Envelope, Kind, Notice, Saying, Urgency
from portal.messages.models import Mark
from portal.people.notify import To, tell_all
from portal.people.reminding import is_morning, mark_of
from portal.permissions import COMMAND_LINE
from portal.settings import Settings
from portal.words import text

MARK = "help due"
LATE, TOMORROW, SOON = -1, 1, 3
DUE = Kind("help_request.due", Urgency.SOON)


def owed() -> ColumnElement[bool]:
    """Inside a query over requests: whether a first visit is still owed by a day."""
    met = exists().where(Match.request_id == HelpRequest.id, Match.first_met_on.is_not(None))
    return HelpRequest.due_on.is_not(None) & HelpRequest.state.in_(LOOKING) & ~met


def is_time(db: Session, zone: str, at: datetime) -> bool:
    """Whether this morning's warnings are still to be written."""
    told = db.scalar(select(Mark.at).where(Mark.name == MARK))
    return told is None or is_morning(zone, told, at)


def _step(days: int) -> int:
    """Which warning it is time for, so many days before a visit is due."""
    return LATE if days < 0 else TOMORROW if days <= TOMORROW else SOON


def warn(db: Session, zone: str, at: datetime) -> int:
    """Write each morning's warnings, each once, also those of mornings on which no worker ran."""
    mark = mark_of(db, MARK, at - clock.ONE_DAY)
    if not is_morning(zone, mark.at, at):
        return 0
    mark.at = at
    today = clock.local_day(at, zone)
    rows = db.execute(
        select(
            HelpRequest.id, HelpRequest.caseworker_id, HelpRequest.program_id, HelpRequest.due_on
        )
        .where(owed(), HelpRequest.due_on <= today + timedelta(days=SOON))
        .order_by(HelpRequest.due_on, HelpRequest.id)
        .limit(1000)
    ).all()
    to = [
        To(
            row.caseworker_id,
            row.id,
            row.program_id,
            key=f"{DUE.name}:{row.id}:{row.due_on:%Y%m%d}:{_step((row.due_on - today).days)}",
        )
        for row in rows
        if row.due_on is not None
    ]
    tell_all(Act(db, COMMAND_LINE, at), DUE, "help_request", to)
    return len(to)


def _say(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    due_on: date | None = db.scalar(
        select(HelpRequest.due_on).where(HelpRequest.id == to.subject_id, owed())
    )
    if due_on is None:
        return None
    link = (text("See what is due"), "/help-requests?which=due")
    return Saying({"day": clock.day_text(due_on, to.language, due_on.year)}, link=link)


NOTICE = Notice(
    DUE,
    text("A first visit is due soon (caseworkers)"),
    text("A first visit is due by {day}"),
    text("Hello {name},\n\nA first visit is due by {day}, and no one has met yet."),
    _say,
    ("day",),
)
