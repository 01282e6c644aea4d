"""Cover: people who can't make it after the cut-off, and what those say who are asked to help.

Who can't make it stays responsible until replaced or released, so the spot is not freed; the shift
is flagged instead. Whoever is asked says yes by signing up, under the ordinary rules.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.act import Act, Ref
from portal.audit.log import record
from portal.images import watch
from portal.people.models import Person
from portal.people.notify import notify, tell_each
from portal.programs.models import Position
from portal.reads import read_past
from portal.shifts import message_kinds
from portal.shifts.cant_reasons import said
from portal.shifts.companions import kept_apart, lock_with_companions
from portal.shifts.models import CANT_COME, CANT_SINCE, LONGEST, Shift, Signup, SignupState, Slot
from portal.shifts.slots import lock_slots
from portal.shifts.undoable import SHIFTS
from portal.shifts.viewer_scope import EVERYWHERE, STAFF_OF, Insight
from portal.shifts.waiting_models import Ask
from portal.web.errors import NotFound, Refused
from portal.words import Words, text

YES, NO = "yes", "no"
_ask = cast(Table, Ask.__table__)


def can_after_all(act: Act, person_id: int, shift_id: int) -> None:
    """Take it back: one comes after all."""
    lock_with_companions(act.db, person_id)
    signup = current_of(act.db, person_id, shift_id)
    watch(act, SHIFTS, [shift_id])
    if signup.cant_at is not None:
        refuse_apart(act.db, signup)
        signup.cant_at, signup.cant_reason = None, ""
        signup.coming_at = act.at if signup.coming_asked_at else None
        record(act, "signup.can", signup)


def refuse_apart(db: Session, signup: Signup) -> None:
    """Raise Refused where someone who said that they can't come is kept apart from who took a shift since."""
    if not signup.over_limit and kept_apart(db, [signup.shift_id], [signup.person_id]):
        raise Refused(text("Someone you aren't scheduled with took a shift at that time. Call us."))


_said = aliased(Signup)
_WANTED = (
    select(
        Shift.id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Person.name,
        Signup.person_id,
        Signup.cant_at,
        Signup.cant_reason,
        Position.name.label("position"),
        Position.translations,
    )
    .join(Signup, Signup.shift_id == Shift.id)
    .join(Person, Person.id == Signup.person_id)
    .join(Slot, Slot.id == Signup.slot_id)
    .join(Position, Position.id == Slot.position_id)
    .where(
        CANT_COME,
        Shift.ends_at > bindparam("at"),
        Shift.starts_at > bindparam("earliest"),
        Signup.id.in_(
            select(_said.id).where(_said.cant_at > bindparam("since"), _said.cant_at.is_not(None))
        ),
        or_(EVERYWHERE, STAFF_OF),
    )
    .order_by(Shift.starts_at, Signup.id)
    .limit(50)
)


class CantCome(NamedTuple):
    """Someone who can't make it to a shift."""

    id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    name: str
    person_id: int
    cant_at: datetime | None
    cant_reason: str
    position: str
    translations: Mapping[str, Any]

    @property
    def why(self) -> Words | str:
        return said(self.cant_reason)


def wanted(db: Session, insight: Insight, at: datetime) -> Sequence[CantCome]:
    """Who can't make it, in one's programs, soonest first."""
    parameters = {"everywhere": insight.everywhere, "staff_of": sorted(insight.staff_of), "at": at}
    return read_past(
        db, CantCome, _WANTED, parameters | {"since": at - CANT_SINCE, "earliest": at - LONGEST}
    )


def tell_of_help(act: Act, ask_id: int, signup_id: int, program_id: int) -> None:
    """Someone who was asked said yes: tell the one who asked, and those whose help is not needed now."""
    ask = act.db.get_one(Ask, ask_id)
    to = [ask.asked_by_id] if ask.asked_by_id else []
    notify(act, message_kinds.HELPED, Ref("signup", signup_id, None, program_id), to)
    others = act.db.execute(
        select(Ask.id, Ask.person_id).where(Ask.slot_id == ask.slot_id, Ask.answer == "")
    )
    whom = {row.id: row.person_id for row in others}
    tell_each(act, message_kinds.TAKEN, "ask", whom, program_id=program_id)


def answer(db: Session, person_id: int, slot_id: int, said: str, at: datetime) -> None:
    """Keep what someone who was asked said; those who were not asked change nothing."""
    db.execute(
        update(_ask)
        .where(_ask.c.slot_id == slot_id, _ask.c.person_id == person_id, _ask.c.answer == "")
        .values(answer=said, answered_at=at)
    )


def own_ask(db: Session, person_id: int | None, ask_id: int) -> Ask:
    """What a person is asked, or NotFound."""
    ask = db.scalar(select(Ask).where(Ask.id == ask_id, Ask.person_id == person_id))
    if ask is None:
        raise NotFound
    return ask


def decline(act: Act, person_id: int, ask_id: int) -> int:
    """Say no; gives the shift."""
    ask = own_ask(act.db, person_id, ask_id)
    if not ask.answer:
        answer(act.db, person_id, ask.slot_id, NO, act.at)
        record(act, "shift.declined", Ref("shift", ask.shift_id, person_id))
    return ask.shift_id


_SOMEONE_CANT = (
    select(Signup.id)
    .where(Signup.slot_id == Ask.slot_id, CANT_COME, Signup.trainee.is_(False))
    .correlate(Ask)
    .exists()
)
_OPEN_ASKS = (
    select(
        Ask.id,
        Ask.shift_id,
        Ask.slot_id,
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.title,
        Slot.filled,
        Slot.held,
        Slot.maximum,
        Shift.canceled_at,
        Position.name.label("position"),
        Position.translations,
        _SOMEONE_CANT.label("someone_cant"),
    )
    .join(Shift, Shift.id == Ask.shift_id)
    .join(Slot, Slot.id == Ask.slot_id)
    .join(Position, Position.id == Slot.position_id)
    .where(
        Ask.person_id == bindparam("person_id"),
        Ask.answer == "",
        Shift.starts_at > bindparam("at"),
    )
    .order_by(Shift.starts_at, Ask.id)
    .limit(20)
)


class OpenAsk(NamedTuple):
    """A shift that a person is asked to help on."""

    id: int
    shift_id: int
    slot_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    filled: int
    held: int
    maximum: int
    canceled_at: datetime | None
    position: str
    translations: Mapping[str, Any]
    someone_cant: bool

    @property
    def gone(self) -> bool:
        """Whether a yes would not help any more."""
        full = self.filled + self.held >= self.maximum and not self.someone_cant
        return self.canceled_at is not None or full


def open_asks(db: Session, person_id: int, at: datetime) -> Sequence[OpenAsk]:
    """What a person is asked and has not answered; a full one tells that someone else took it."""
    return read_past(db, OpenAsk, _OPEN_ASKS, {"person_id": person_id, "at": at})


def current_of(db: Session, person_id: int, shift_id: int) -> Signup:
    """The signup of a person that counts, read with the slots of its shift locked; NotFound without one."""
    lock_slots(db, Slot.shift_id == shift_id)
    signup = db.scalar(
        select(Signup)
        .where(
            Signup.shift_id == shift_id,
            Signup.person_id == person_id,
            Signup.state == SignupState.SIGNED_UP,
        )
        .execution_options(populate_existing=True)
    )
    if signup is None:
        raise NotFound
    return signup
