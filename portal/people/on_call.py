"""Who is on call for a program: planning it, asking someone to cover, and who it is now.

Whoever is on call has the rights of that role from the start of the day to its end, and only while they hold a
staff role that may be on call (SECURITY A9: a schedule lets no one in).
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.departures import Engagement, Leaver
from portal.people.models import Leaving, Person, Status
from portal.people.notify import To, notify, tell_all
from portal.people.on_call_models import OnCallDay
from portal.people.on_call_notices import ASKED, COVERED, PLANNED
from portal.people.on_call_reading import able
from portal.permissions import COMMAND_LINE, Permission
from portal.web.errors import NotFound, Refused
from portal.words import count_text, text

WEEK = timedelta(days=7)
NOT_YOURS = text("Select one of your programs.")
MAY_NOT = text("This person can't be on call for this program.")


def _unless_able(db: Session, person_id: int, program_id: int, field: str) -> None:
    found = select(Person.id).where(
        Person.id == person_id,
        Person.status.not_in((Status.ENDED, Status.ON_LEAVE)),
        able(person_id, program_id),
    )
    if db.scalar(found) is None:
        raise Refused(fields={field: MAY_NOT})


def plan(
    act: Act,
    program_id: int,
    person_id: int,
    weeks: Sequence[date],
    zone: str,
    *,
    replace: bool = False,
) -> list[OnCallDay]:
    """Put a person on call for whole weeks, each from its first day. Days that are over are left alone.

    Raises Refused when someone else is on call on one of the days, unless they are to be replaced.
    """
    if not act.by.may_in(Permission.PEOPLE_MANAGE, program_id):
        raise Refused(fields={"program": NOT_YOURS})
    _unless_able(act.db, person_id, program_id, "person")
    days = [first + timedelta(days=number) for first in weeks for number in range(7)]
    there = _there(act.db, program_id, days)
    if not replace:
        _unless_taken(act.db, there, person_id)
    today = clock.local_day(act.at, zone)
    replaced = {row.person_id for row in there.values() if row.day >= today and row.person_id}
    rows = [
        _put(act, program_id, person_id, day, zone, there.get(day)) for day in days if day >= today
    ]
    if not rows:
        raise Refused(fields={"first_day": text("This week is over.")})
    act.db.flush()
    _tell(act, rows[0], {person_id} | replaced)
    return rows


def _unless_taken(db: Session, there: Mapping[date, OnCallDay], person_id: int) -> None:
    """Raise Refused, with who it is, where someone else is on call."""
    taken = sorted(day for day, row in there.items() if row.person_id not in (None, person_id))
    if not taken:
        return
    whose = select(Person.name).where(Person.id == there[taken[0]].person_id)
    said = count_text(
        "%(name)s is on call on %(day)s. Check this box to replace them.",
        "Someone is on call on %(n)s of these days, first %(name)s on %(day)s. "
        "Check this box to replace them.",
        len(taken),
        name=db.scalar(whose) or "",
        day=lambda language: clock.day_text(taken[0], language, taken[0].year),
    )
    raise Refused(fields={"replace": said})


def _there(db: Session, program_id: int, days: Sequence[date]) -> dict[date, OnCallDay]:
    found = select(OnCallDay).where(OnCallDay.program_id == program_id, OnCallDay.day.in_(days))
    return {row.day: row for row in db.scalars(found.order_by(OnCallDay.id).with_for_update())}


def _put(
    act: Act, program_id: int, person_id: int | None, day: date, zone: str, row: OnCallDay | None
) -> OnCallDay:
    if row is None:
        row = OnCallDay(program_id=program_id, day=day)
        act.db.add(row)
    row.starts_at = clock.start_of_day(day, zone)
    row.ends_at = clock.start_of_day(day + clock.ONE_DAY, zone)
    if row.person_id != person_id:
        row.person_id, row.asked_id = person_id, None
    row.set_by_id, row.set_at = act.by.person_id, act.at
    record(act, "on_call.set", row)
    return row


def _tell(act: Act, row: OnCallDay, people: Collection[int]) -> None:
    to = [To(one, row.id, row.program_id, starts_at=row.starts_at) for one in sorted(people)]
    tell_all(act, PLANNED, row.noun, to)


def clear(act: Act, program_id: int, first: date, last: date) -> int:
    """Take days out of the schedule; gives how many those were. Whoever is on call today no longer is, and the
    day stays without a person."""
    if not act.by.may_in(Permission.PEOPLE_MANAGE, program_id):
        raise NotFound
    rows = act.db.scalars(
        select(OnCallDay)
        .where(
            OnCallDay.program_id == program_id,
            OnCallDay.day.between(first, last),
            OnCallDay.ends_at > act.at,
        )
        .order_by(OnCallDay.id)
        .with_for_update()
    ).all()
    return _take_out(act, rows)


def end_all(act: Act, program_id: int) -> None:
    """Take a program that closes off the schedule, from now on."""
    found = select(OnCallDay).where(OnCallDay.program_id == program_id, OnCallDay.ends_at > act.at)
    _take_out(act, act.db.scalars(found.order_by(OnCallDay.id).with_for_update()).all())


def _take_out(act: Act, rows: Sequence[OnCallDay]) -> int:
    """Delete days that haven't begun, and end the one of today."""
    people = {row.person_id for row in rows if row.person_id}
    for row in rows:
        record(act, "on_call.cleared", row)
        if row.starts_at > act.at:
            act.db.delete(row)
        else:
            row.person_id = row.asked_id = None
    if rows:
        _tell(act, rows[0], people)
    return len(rows)


def _own(act: Act, program_id: int, column: Any) -> Select[OnCallDay]:
    return (
        select(OnCallDay)
        .where(
            OnCallDay.program_id == program_id,
            column == act.by.person_id,
            OnCallDay.ends_at > act.at,
        )
        .order_by(OnCallDay.day)
        .with_for_update()
    )


def ask_cover(act: Act, program_id: int, first: date, last: date, asked_id: int) -> None:
    """Ask someone to cover one's own days from a first to a last one. One stays on call until they agree."""
    if last < first:
        raise Refused(fields={"last_day": text("This is before the first day.")})
    rows = act.db.scalars(
        _own(act, program_id, OnCallDay.person_id).where(OnCallDay.day.between(first, last))
    ).all()
    if not rows:
        raise Refused(fields={"first_day": text("You aren't on call on these days.")})
    if len(rows) <= (last - first).days:
        raise Refused(fields={"last_day": text("You aren't on call on all of these days.")})
    if asked_id == act.by.person_id:
        raise Refused(fields={"cover": text("Select someone else.")})
    _unless_able(act.db, asked_id, program_id, "cover")
    for row in rows:
        row.asked_id = asked_id
        record(act, "on_call.cover_asked", row)
    notify(act, ASKED, rows[0], [asked_id], starts_at=rows[0].starts_at)


def answer_cover(
    act: Act, program_id: int, asker_id: int, first: date, last: date, *, agrees: bool
) -> None:
    """Take over the days from a first to a last one that someone asked one to cover, or not. They are told."""
    theirs = _own(act, program_id, OnCallDay.asked_id).where(
        OnCallDay.person_id == asker_id, OnCallDay.day.between(first, last)
    )
    rows = act.db.scalars(theirs).all()
    if len(rows) <= (last - first).days:
        raise Refused(text("These days changed since you opened the page. Check them again."))
    if agrees:
        assert act.by.person_id
        _unless_able(act.db, act.by.person_id, program_id, "cover")
    for row in rows:
        row.asked_id = None
        if agrees:
            row.person_id, row.set_by_id, row.set_at = act.by.person_id, act.by.person_id, act.at
        record(act, "on_call.covered" if agrees else "on_call.cover_declined", row)
    notify(act, COVERED, rows[0], [asker_id])


def _held(leaver: Leaver) -> Select[OnCallDay]:
    """The days on which a leaver would be on call, or was asked to be."""
    found = select(OnCallDay).where(
        or_(OnCallDay.person_id == leaver.person_id, OnCallDay.asked_id == leaver.person_id),
        OnCallDay.ends_at > leaver.starts,
    )
    if leaver.cause == Leaving.STAFF_ROLE:
        return found.where(~able(leaver.person_id, OnCallDay.program_id))
    if leaver.cause == Leaving.ROLE:
        return found.where(OnCallDay.id.is_(None))
    return found


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Take a leaver off the schedule; the days stay in it without a person. Gives their programs."""
    rows = db.scalars(_held(leaver).order_by(OnCallDay.id).with_for_update()).all()
    freed: list[int | None] = []
    for row in rows:
        if row.person_id == leaver.person_id:
            row.person_id = None
            freed.append(row.program_id)
        row.asked_id = None
        record(Act(db, COMMAND_LINE, at), "on_call.set", row)
    return freed


def engaged(db: Session, leaver: Leaver, at: datetime) -> list[Engagement]:
    """The days on which a leaver would be on call."""
    rows = db.scalars(
        _held(leaver).where(OnCallDay.person_id == leaver.person_id).order_by(OnCallDay.day)
    )
    return [Engagement(text("On call"), "", row.program_id, row.starts_at) for row in rows]
