"""A mail on Monday mornings to caseworkers and supervisors: how much waits for them, nothing about anyone."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.cases import scopes
from portal.cases.match_notices import DIGEST
from portal.cases.models import Match, MatchState
from portal.messages.kinds import Envelope, Notice, Saying
from portal.messages.models import Mark
from portal.people.models import Membership
from portal.people.notify import To, tell_all
from portal.people.reminding import MORNING, mark_of
from portal.people.sessions import viewer_of
from portal.permissions import COMMAND_LINE, Role
from portal.settings import Settings
from portal.words import text

MARK = "match digest"


def due(db: Session, zone: str, at: datetime) -> bool:
    """Whether this week's mail is still to be written: from Monday morning on."""
    told = db.scalar(select(Mark.at).where(Mark.name == MARK))
    return told is None or _is_new_week(zone, told, at)


def _is_new_week(zone: str, last: datetime, at: datetime) -> bool:
    local = clock.to_local(at, zone)
    monday = local.date() - local.weekday() * clock.ONE_DAY
    late_enough = local.weekday() > 0 or local.hour >= MORNING
    return late_enough and clock.local_day(last, zone) < monday


def write(db: Session, zone: str, at: datetime) -> int:
    """Tell every caseworker and supervisor once a week; gives how many. A mail with nothing to tell is
    dropped when it is looked at again."""
    mark = mark_of(db, MARK, at - 7 * clock.ONE_DAY)
    if not _is_new_week(zone, mark.at, at):
        return 0
    mark.at = at
    people = db.scalars(
        select(Membership.person_id)
        .where(Membership.role.in_((Role.CASEWORKER, Role.SUPERVISOR)), Membership.until.is_(None))
        .distinct()
        .order_by(Membership.person_id)
    ).all()
    key = f"match.digest:{clock.local_day(at, zone):%Y%m%d}"
    to = [To(one, one, key=f"{key}:{one}") for one in people]
    tell_all(Act(db, COMMAND_LINE, at), DIGEST, "person", to)
    return len(people)


def _say(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    today = clock.local_day(at, settings.timezone)
    viewer = replace(viewer_of(db, to.person_id, at), today=today)
    mine = scopes.followed_matches(viewer).where(Match.state != MatchState.ENDED).subquery()
    late = func.count().filter(mine.c.next_due_on < today)
    number, overdue = db.execute(select(func.count(), late).select_from(mine)).one()
    if not number:
        return None
    values = {"number": str(number), "overdue": str(overdue)}
    return Saying(values, link=(text("See matches"), "/matches"))


NOTICE = Notice(
    DIGEST,
    text("Matches, each week (caseworkers and supervisors)"),
    text("Visits and calls: {overdue} overdue"),
    text(
        "Good morning {name},\n\nClients with a volunteer now: {number}. Visits or calls that are overdue: "
        "{overdue}."
    ),
    _say,
    ("number", "overdue"),
)
