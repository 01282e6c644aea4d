"""What is to be done for a client by a day."""

from datetime import date, timedelta

from sqlalchemy import select

from portal.act import Act
from portal.audit.log import record
from portal.cases.cases import refuse_identifiers
from portal.cases.contact_models import FollowUp
from portal.cases.models import KNOWN, Match
from portal.web.errors import Refused
from portal.words import text

SATURDAY = 5


def add(
    act: Act,
    match: Match,
    words: str,
    due_on: date,
    today: date,
    *,
    contact_id: int | None = None,
    sure: bool = True,
) -> FollowUp:
    """Keep something to be done by a day that is still ahead."""
    act.db.refresh(match, with_for_update=True)  # it may end at this moment
    if match.state not in KNOWN:
        raise Refused(text("This help is over."))
    if due_on < today:
        raise Refused(fields={"due_on": text("Enter a day that is still ahead.")})
    refuse_identifiers(act.db, match.program_id, {"follow_up": words}, sure=sure)
    row = FollowUp(match_id=match.id, contact_id=contact_id, words=words, due_on=due_on)
    act.db.add(row)
    act.db.flush()
    record(act, "match_follow_up.added", row)
    return row


def after_nobody(act: Act, match: Match, contact_id: int, today: date) -> None:
    """No one was there: someone asks why, on the next working day."""
    day = today + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    add(act, match, "", day, today, contact_id=contact_id)


def finish(act: Act, row: FollowUp) -> None:
    """It is done. Twice is once."""
    act.db.refresh(row, with_for_update=True)
    if row.done_at is None:
        row.done_at = act.at
        act.db.flush()
        record(act, "match_follow_up.done", row)


def close_those_of(act: Act, contact_id: int) -> None:
    """What came with a contact that was taken back needs no doing any more."""
    for row in act.db.scalars(select(FollowUp).where(FollowUp.contact_id == contact_id)).all():
        finish(act, row)
