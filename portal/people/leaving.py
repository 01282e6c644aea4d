"""Ending the supervision of, and by, someone who leaves, and taking them off the on-call schedule."""

from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people import on_call
from portal.people.departures import Engagement, Leaver
from portal.people.models import Leaving, Person
from portal.people.people import lock_people
from portal.people.traits import Supervision, SupervisionCover
from portal.permissions import COMMAND_LINE
from portal.words import text


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """End the supervision of, and by, someone who ended, and their days on call; gives the programs."""
    on_call_in = on_call.release(db, leaver, at)
    if leaver.cause != Leaving.ENDED:
        return on_call_in
    lock_people(db, [leaver.person_id])
    last = _last_day(leaver)
    found = db.scalars(_running(leaver)).all()
    for row in found:
        row.last_day, row.ended_at, row.ended_by_id = last, at, None
        record(Act(db, COMMAND_LINE, at), "supervision.ended", row)
    for cover in db.scalars(_covers(leaver)):
        cover.ended_at = at
    return on_call_in + [row.program_id for row in found]


def engaged(db: Session, leaver: Leaver, at: datetime) -> list[Engagement]:
    """Whom a leaver supervises, who supervises them, for whom they cover, and when they are on call."""
    ids = {
        one for row in db.scalars(_running(leaver)) for one in (row.person_id, row.supervisor_id)
    }
    names = {
        row.id: row.name
        for row in db.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    }
    found = [
        Engagement(text("Their supervisor"), names[row.supervisor_id], row.program_id)
        if row.person_id == leaver.person_id
        else Engagement(text("They supervise"), names[row.person_id], row.program_id)
        for row in db.scalars(_running(leaver))
    ]
    covers = [
        Engagement(text("Coverage for a supervisor"), "", None) for _ in db.scalars(_covers(leaver))
    ]
    return found + covers + on_call.engaged(db, leaver, at)


def _last_day(leaver: Leaver) -> date:
    return leaver.starts.date() - clock.ONE_DAY


def _running(leaver: Leaver) -> Select[Supervision]:
    """The supervision of and by a leaver that would go on."""
    theirs = or_(
        Supervision.person_id == leaver.person_id, Supervision.supervisor_id == leaver.person_id
    )
    goes_on = or_(Supervision.last_day.is_(None), Supervision.last_day > _last_day(leaver))
    return select(Supervision).where(theirs, goes_on).order_by(Supervision.id)


def _covers(leaver: Leaver) -> Select[SupervisionCover]:
    return select(SupervisionCover).where(
        or_(
            SupervisionCover.cover_id == leaver.person_id,
            SupervisionCover.supervisor_id == leaver.person_id,
        ),
        SupervisionCover.ended_at.is_(None),
        SupervisionCover.last_day > _last_day(leaver),
    )
