"""Still coming? Two days before a shift people are asked, where the program wants that or it is their first.

Who has not answered the day before is shown to coordinators as not confirmed. Nothing is counted about anyone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Table, and_, bindparam, exists, select, update
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.act import Act
from portal.agency.settings import Setting, stored
from portal.audit.log import record
from portal.images import watch
from portal.people import reminding
from portal.people.models import Person
from portal.people.notify import To, tell_all
from portal.people.people import BEST_PHONE
from portal.permissions import COMMAND_LINE, Permission
from portal.programs.models import Position
from portal.reads import among, read, read_past
from portal.shifts import message_kinds
from portal.shifts.companions import lock_with_companions
from portal.shifts.cover import current_of, refuse_apart
from portal.shifts.models import CAME, Shift, Signup, SignupState, Slot
from portal.shifts.undoable import SHIFTS
from portal.web.errors import Refused
from portal.words import text

ASK_ALL = Setting(
    "still_coming",
    text("Two days before a shift, ask everyone on it whether they're coming"),
    False,
    may=Permission.SHIFTS_MANAGE,
    per_program=True,
)
BEFORE = timedelta(days=2)
"""How long before a shift people are asked; whoever signed up later is not."""

UNANSWERED = clock.ONE_DAY
"""How long before a shift someone who was asked and has not answered counts as not confirmed."""

MARK = "still_coming"
_signup = cast(Table, Signup.__table__)
_ASKED = (
    update(_signup)
    .where(_signup.c.id == bindparam("signup_id"))
    .values(coming_asked_at=bindparam("at"))
)


SILENT = and_(
    Signup.state == SignupState.SIGNED_UP,
    Signup.coming_asked_at.is_not(None),
    Signup.coming_at.is_(None),
    Signup.cant_at.is_(None),
    Signup.in_at.is_(None),
)
"""The condition that someone was asked whether they come, and has not answered."""


def not_confirmed(at: datetime) -> ColumnElement[bool]:
    """The condition that someone on a shift of the coming day was asked and has not answered."""
    return and_(
        SILENT,
        Signup.trainee.is_(False),
        Signup.shift_id.in_(
            select(Shift.id).where(Shift.starts_at > at, Shift.starts_at <= at + UNANSWERED)
        ),
    )


_before = aliased(Signup)
_FIRST = ~exists().where(
    _before.person_id == Signup.person_id, _before.attendance.in_([one.value for one in CAME])
)
"""The condition that someone has not been on a shift yet."""


def due(db: Session, at: datetime) -> bool:
    """Whether it is time to look for shifts two days ahead."""
    return reminding.due(db, MARK, at)


def ask(db: Session, at: datetime) -> int:
    """Ask those whose shift came within two days since the last time; gives how many.

    The cost follows what begins in that time. Whoever signed up less than two days before knows that they come.
    """
    mark = reminding.mark_of(db, MARK, at)
    since, until = mark.at, min(at, mark.at + reminding.AT_ONCE)
    mark.at = max(since, until)
    rows = db.execute(
        select(
            Signup.id, Signup.person_id, Shift.program_id, Shift.starts_at, _FIRST.label("first")
        )
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            Shift.starts_at > since + BEFORE,
            Shift.starts_at <= until + BEFORE,
            Shift.canceled_at.is_(None),
            Signup.state == SignupState.SIGNED_UP,
            Signup.cant_at.is_(None),
            Signup.coming_asked_at.is_(None),
            Signup.coming_at.is_(None),
            Signup.since <= since,
        )
        .order_by(Signup.id)
    ).all()
    all_of = stored(db, [ASK_ALL], {row.program_id for row in rows})
    found = [row for row in rows if row.first or all_of[row.program_id][ASK_ALL.name]]
    if found:
        db.connection().execute(_ASKED, [{"signup_id": row.id, "at": at} for row in found])
        kind, to = message_kinds.COMING, [_question(row) for row in found]
        tell_all(Act(db, COMMAND_LINE, at), kind, Signup.noun, to)
    return len(found)


def _question(row: Any) -> To:
    told = {"starts_at": row.starts_at.isoformat()}
    key = f"{message_kinds.COMING.name}:{row.id}:{row.starts_at:%Y%m%d%H%M}"
    return To(row.person_id, row.id, row.program_id, told, key, row.starts_at)


def confirm(act: Act, person_id: int, shift_id: int) -> None:
    """Note that someone on a shift is coming, as they said, or (`asked`) as staff heard it. Twice is once."""
    lock_with_companions(act.db, person_id)
    signup = current_of(act.db, person_id, shift_id)
    if act.at >= signup.shift.ends_at:
        raise Refused(text("This shift is over."))
    watch(act, SHIFTS, [shift_id])
    if signup.cant_at is not None:
        refuse_apart(act.db, signup)
    if signup.coming_at is None or signup.cant_at is not None:
        signup.coming_at, signup.cant_at, signup.cant_reason = act.at, None, ""
        record(act, "signup.coming", signup)


class Unconfirmed(NamedTuple):
    """Someone on a slot who has not answered whether they come."""

    slot_id: int
    person_id: int
    name: str
    phone: str | None


class AskedOneself(NamedTuple):
    """A shift about which one is asked whether one comes."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    position: str
    translations: Mapping[str, Any]


_OWN = (
    select(
        Signup.shift_id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Position.name.label("position"),
        Position.translations,
    )
    .join(Shift, Shift.id == Signup.shift_id)
    .join(Slot, Slot.id == Signup.slot_id)
    .join(Position, Position.id == Slot.position_id)
    .where(
        Signup.person_id == bindparam("person_id"),
        SILENT,
        Shift.starts_at > bindparam("at"),
    )
    .order_by(Shift.starts_at)
    .limit(3)
)


def asked_oneself(db: Session, person_id: int, at: datetime) -> Sequence[AskedOneself]:
    """The next shifts about which someone is asked whether they come."""
    return read_past(db, AskedOneself, _OWN, {"person_id": person_id, "at": at})


def who_did_not_answer(
    db: Session, slot_ids: Sequence[int], at: datetime
) -> dict[int, list[Unconfirmed]]:
    """Who is not confirmed, by slot, in the order in which they signed up."""
    found: dict[int, list[Unconfirmed]] = defaultdict(list)
    if not slot_ids:
        return found
    rows = (
        select(Signup.slot_id, Signup.person_id, Person.name, BEST_PHONE.label("phone"))
        .join(Person, Person.id == Signup.person_id)
        .where(among(Signup.slot_id, "slots"), not_confirmed(at))
        .order_by(Signup.since, Signup.id)
    )
    for row in read(db, Unconfirmed, rows, {"slots": list(slot_ids)}):
        found[row.slot_id].append(row)
    return found
