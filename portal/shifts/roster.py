"""Who is on a shift, who could be asked, and what happened to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.audit.models import AuditEntry
from portal.people.models import Person
from portal.people.people import BEST_PHONE, short_name
from portal.programs.models import Position, Program, Site
from portal.reads import by_key, read
from portal.shifts.cant_reasons import said
from portal.shifts.group_models import Group, GroupSpots
from portal.shifts.models import LONGEST, Attendance, Shift, Signup, SignupState, Slot
from portal.shifts.viewer_scope import EVERYWHERE, STAFF_OF, Insight
from portal.words import Words

_ROSTER = (
    select(
        Signup.id,
        Signup.person_id,
        Signup.state,
        Signup.since,
        Signup.ended_at,
        Signup.reason,
        Signup.cant_at,
        Signup.cant_reason,
        Signup.coming_asked_at,
        Signup.coming_at,
        Signup.attendance,
        Signup.marked_at,
        Signup.trainee,
        Signup.over_limit,
        Signup.lead,
        Signup.in_at,
        Signup.out_at,
        Signup.out_assumed,
        Person.name,
        Person.goes_by,
        BEST_PHONE.label("phone"),
        Slot.id.label("slot_id"),
        Slot.position_id,
        Position.name.label("position"),
        Position.translations.label("position_translations"),
    )
    .join(Person, Person.id == Signup.person_id)
    .join(Slot, Slot.id == Signup.slot_id)
    .join(Position, Position.id == Slot.position_id)
    .where(Signup.shift_id == bindparam("shift_id"))
    .order_by(Position.name, Person.name, Signup.id)
    .limit(bindparam("size"))
)
MOST = 2000


class RosterLine(NamedTuple):
    """Someone who is or was on a shift."""

    id: int
    person_id: int
    state: SignupState
    since: datetime
    ended_at: datetime | None
    reason: str
    cant_at: datetime | None
    cant_reason: str
    coming_asked_at: datetime | None
    coming_at: datetime | None
    attendance: Attendance | None
    marked_at: datetime | None
    trainee: bool
    over_limit: str
    lead: bool
    in_at: datetime | None
    out_at: datetime | None
    out_assumed: bool
    name: str
    goes_by: str
    phone: str | None
    slot_id: int
    position_id: int
    position: str
    position_translations: Mapping[str, Any]

    @property
    def cant_why(self) -> Words | str:
        return said(self.cant_reason)


def roster(db: Session, shift_id: int) -> tuple[Sequence[RosterLine], Sequence[RosterLine]]:
    """The people on a shift, and those who were: each by role and name."""
    rows = read(db, RosterLine, _ROSTER, {"shift_id": shift_id, "size": MOST})
    current = [row for row in rows if row.state == SignupState.SIGNED_UP]
    return current, [row for row in rows if row.state != SignupState.SIGNED_UP]


_FELLOWS = (
    select(Person.name, Person.goes_by)
    .join(Signup, Signup.person_id == Person.id)
    .where(
        Signup.shift_id == bindparam("shift_id"),
        Signup.state == SignupState.SIGNED_UP,
        Signup.person_id != bindparam("person_id"),
    )
    .order_by(Signup.since, Signup.id)
    .limit(40)
)


def fellows(db: Session, shift_id: int, person_id: int) -> list[str]:
    """First name and initial of the others on a shift, as a volunteer on it sees them."""
    rows = db.execute(_FELLOWS, {"shift_id": shift_id, "person_id": person_id})
    return [short_name(row.name, row.goes_by) for row in rows]


_actor = aliased(Person)
_HISTORY = (
    select(
        AuditEntry.at,
        AuditEntry.action,
        AuditEntry.asked,
        AuditEntry.detail,
        AuditEntry.actor_id,
        AuditEntry.person_id,
        Person.name.label("person"),
        _actor.name.label("actor"),
    )
    .outerjoin(Person, Person.id == AuditEntry.person_id)
    .outerjoin(_actor, _actor.id == AuditEntry.actor_id)
    .where(
        or_(
            and_(
                AuditEntry.subject_kind == "shift", AuditEntry.subject_id == bindparam("shift_id")
            ),
            and_(
                AuditEntry.subject_kind == "signup",
                AuditEntry.subject_id.in_(
                    select(Signup.id).where(Signup.shift_id == bindparam("shift_id"))
                ),
            ),
        )
    )
    .order_by(AuditEntry.id.desc())
    .limit(100)
)


class Happened(NamedTuple):
    """One line of a shift's history."""

    at: datetime
    action: str
    asked: str | None
    detail: str | None
    actor_id: int | None
    person_id: int | None
    person: str | None
    actor: str | None


def history(db: Session, shift_id: int) -> Sequence[Happened]:
    """What happened to a shift and its signups, the latest first."""
    return read(db, Happened, _HISTORY, {"shift_id": shift_id})


_ON_NOW = (
    select(
        Shift.id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Person.id.label("person_id"),
        Person.name,
        BEST_PHONE.label("phone"),
        Position.name.label("position"),
        Position.translations,
        Program.name.label("program"),
        Site.name.label("site"),
    )
    .join(Slot, Slot.shift_id == Shift.id)
    .join(Position, Position.id == Slot.position_id)
    .join(Program, Program.id == Shift.program_id)
    .outerjoin(Site, Site.id == Shift.site_id)
    .outerjoin(Signup, and_(Signup.slot_id == Slot.id, Signup.state == SignupState.SIGNED_UP))
    .outerjoin(Person, Person.id == Signup.person_id)
    .where(
        Shift.ends_at > bindparam("at"),
        Shift.starts_at < bindparam("last"),
        Shift.starts_at > bindparam("earliest"),
        Shift.canceled_at.is_(None),
        Slot.maximum > 0,
        or_(EVERYWHERE, STAFF_OF),
    )
    .order_by(Shift.starts_at, Shift.id, Position.name, Person.name)
    .limit(MOST)
)


class OnNow(NamedTuple):
    """Someone on a shift that runs now or today."""

    id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    person_id: int | None
    name: str | None
    phone: str | None
    position: str
    translations: Mapping[str, Any]
    program: str
    site: str | None


def on_now(
    db: Session, insight: Insight, at: datetime, zone: str
) -> list[tuple[OnNow, bool, list[OnNow]]]:
    """The shifts running now and those that still start today, in one's programs: a row of each,
    whether it runs, and the people on it."""
    found = read(
        db,
        OnNow,
        _ON_NOW,
        {
            "at": at,
            "last": clock.start_of_day(clock.local_day(at, zone) + clock.ONE_DAY, zone),
            "earliest": at - LONGEST,
            "everywhere": insight.everywhere,
            "staff_of": sorted(insight.staff_of),
        },
    )
    return [
        (people[0], people[0].starts_at <= at, [row for row in people if row.person_id])
        for _, group in groupby(found, key=attrgetter("id"))
        if (people := list(group))
    ]


def names_on(db: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Who is on each of some shifts, by name in the order they signed up, and then its groups."""
    people = (
        select(Signup.shift_id, Person.name, Signup.id.label("number"), literal(0).label("group"))
        .join(Person, Person.id == Signup.person_id)
        .where(Signup.shift_id.in_(ids), Signup.state == SignupState.SIGNED_UP)
    )
    groups = (
        select(GroupSpots.shift_id, Group.name, GroupSpots.id, literal(1))
        .join(Group, Group.id == GroupSpots.group_id)
        .where(GroupSpots.shift_id.in_(ids), GroupSpots.ended_at.is_(None))
    )
    found = union_all(people, groups).subquery()
    rows = select(found.c.shift_id, found.c.name).order_by(found.c.group, found.c.number)
    return by_key(db.execute(rows))


def people_on(shift_id: int) -> Select[int]:
    """The ids of those who are signed up for a shift."""
    return select(Signup.person_id).where(
        Signup.shift_id == shift_id, Signup.state == SignupState.SIGNED_UP
    )
