"""The trade board as people see it: what others offer, who looks for a sub, and what became of one's own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, case, exists, literal, select
from sqlalchemy.orm import Session, aliased

from portal.people.models import Person
from portal.people.people import short_name
from portal.permissions import Viewer
from portal.programs.models import Position, Program, Visibility
from portal.shifts.models import CANT_COME, CANT_SINCE, Shift, Signup, SignupState, Slot
from portal.swaps.models import OPEN, Swap, SwapOffer, SwapState
from portal.swaps.scopes import has_board, on_board, role_of_slot, stands

MOST = 100


class NamedShift(NamedTuple):
    """A shift as people tell it from others: when it is, and as what."""

    shift_id: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    position: str
    translations: Mapping[str, Any]


class ShiftColumns:
    """The columns of a shift that a signup is for, and the joins that lead to them."""

    def __init__(self, signup: Any) -> None:
        self.signup, self.shift, self.slot = signup, aliased(Shift), aliased(Slot)
        self.position = aliased(Position)
        shift, position = self.shift, self.position
        self.columns = (
            shift.id, shift.starts_at, shift.ends_at, shift.zone, shift.title, position.name,
            position.translations,
        )  # fmt: skip

    def join(self, statement: Any) -> Any:
        """The statement, which has the signup, with its shift and role."""
        return (
            statement.join(self.shift, self.shift.id == self.signup.shift_id)
            .join(self.slot, self.slot.id == self.signup.slot_id)
            .join(self.position, self.position.id == self.slot.position_id)
        )


_signup = aliased(Signup)
_of_it = ShiftColumns(_signup)


def _named(person: Any) -> tuple[Any, Any]:
    """What someone is called to others in the program; nothing in a sensitive one."""
    public = Program.visibility == Visibility.PUBLIC
    return case((public, person.name), else_=""), case((public, person.goes_by), else_="")


@dataclass(frozen=True)
class Offered:
    """A shift that someone offers, or looks for a sub for: of whom, unless that must not be said. `number` is
    that of the offer, or of the slot."""

    number: int
    name: str
    program_id: int
    program: str
    program_translations: Mapping[str, Any]
    shift: NamedShift


_WHOSE = (Program.id, Program.name, Program.translations)


def _offered(rows: Iterable[Any]) -> list[Offered]:
    found = []
    for number, name, goes_by, program_id, program, translations, *shift in rows:
        whose = (program_id, program, translations)
        found.append(Offered(number, short_name(name, goes_by), *whose, NamedShift(*shift)))
    return found


def offers(db: Session, viewer: Viewer, at: datetime, offer_id: int | None = None) -> list[Offered]:
    """What others offer for a swap, soonest first; or one of the offers."""
    board = on_board(viewer, at).with_only_columns(SwapOffer.id)
    if offer_id is not None:
        board = board.where(SwapOffer.id == offer_id)
    statement = select(SwapOffer.id, *_named(Person), *_WHOSE, *_of_it.columns).select_from(
        SwapOffer
    )
    statement = _of_it.join(statement.join(_signup, _signup.id == SwapOffer.signup_id))
    statement = statement.join(Program, Program.id == SwapOffer.program_id)
    statement = statement.join(Person, Person.id == SwapOffer.person_id)
    found = db.execute(
        statement.where(SwapOffer.id.in_(board)).order_by(_of_it.shift.starts_at).limit(MOST)
    )
    return _offered(found)


def slots_of_roles(viewer: Viewer, at: datetime) -> Select[Any]:
    """The slots ahead of a viewer's roles."""
    role = exists().where(role_of_slot(viewer, at))
    ahead = exists().where(
        Shift.id == Slot.shift_id, Shift.starts_at > at, Shift.canceled_at.is_(None)
    )
    return select(Slot).where(role, ahead)


def subs_wanted(viewer: Viewer, at: datetime) -> Select[Any]:
    """Those on which someone looks for a sub, and whose shift the viewer is not on."""
    own = aliased(Signup)
    on_it = exists().where(
        own.shift_id == Slot.shift_id,
        own.person_id == viewer.person_id,
        own.state == SignupState.SIGNED_UP,
    )
    wanted = select(Signup.slot_id).where(
        CANT_COME, Signup.cant_at > at - CANT_SINCE, Signup.trainee.is_(False)
    )
    return slots_of_roles(viewer, at).where(Slot.id.in_(wanted), ~on_it)


def looking_for_subs(db: Session, viewer: Viewer, at: datetime) -> list[Offered]:
    """The shifts for which someone looks for a sub, soonest first; each slot once."""
    wanted = subs_wanted(viewer, at).with_only_columns(Slot.id)
    found = db.execute(
        select(
            Slot.id, literal(""), literal(""), *_WHOSE, Shift.id, Shift.starts_at, Shift.ends_at,
            Shift.zone, Shift.title, Position.name, Position.translations,
        )
        .join(Shift, Shift.id == Slot.shift_id)
        .join(Position, Position.id == Slot.position_id)
        .join(Program, Program.id == Shift.program_id)
        .where(Slot.id.in_(wanted), has_board(Shift.program_id))
        .order_by(Shift.starts_at)
        .limit(MOST)
    )  # fmt: skip
    return _offered(found)


@dataclass(frozen=True)
class Proposal:
    """A shift offered for another one. `wanted` is the one on the board, of `offered_by`; `given` the one for
    it, of `proposed_by`. People of a sensitive program are not named to each other."""

    id: int
    offer_id: int
    asker_id: int
    owner_id: int
    state: SwapState
    proposed_by: str
    offered_by: str
    wanted: NamedShift
    given: NamedShift


_wanted_signup, _given_signup = aliased(Signup), aliased(Signup)
_wanted, _given = ShiftColumns(_wanted_signup), ShiftColumns(_given_signup)
_asker, _owner = aliased(Person), aliased(Person)


def _proposals(*names: Any) -> Any:
    statement = select(
        Swap.id,
        Swap.program_id,
        Swap.person_id,
        SwapOffer.person_id,
        Swap.state,
        *names,
        *_wanted.columns,
        *_given.columns,
    ).select_from(Swap)
    statement = statement.join(SwapOffer, SwapOffer.id == Swap.offer_id)
    statement = statement.join(_wanted_signup, _wanted_signup.id == SwapOffer.signup_id)
    statement = statement.join(_given_signup, _given_signup.id == Swap.signup_id)
    statement = statement.join(_asker, _asker.id == Swap.person_id)
    statement = statement.join(_owner, _owner.id == SwapOffer.person_id)
    statement = statement.join(Program, Program.id == Swap.program_id)
    statement = _given.join(_wanted.join(statement))
    return statement.order_by(Swap.id).limit(MOST)


_FOR_COLLEAGUES = _proposals(*_named(_asker), *_named(_owner))
_FOR_STAFF = _proposals(_asker.name, _asker.goes_by, _owner.name, _owner.goes_by)


def _read(db: Session, statement: Any, name: Callable[[str, str], str]) -> list[Proposal]:
    size = len(NamedShift._fields)
    found = []
    for *ids, state, asker, asker_by, owner, owner_by, rest in _with_shifts(db, statement):
        wanted, given = NamedShift(*rest[:size]), NamedShift(*rest[size:])
        names = name(asker, asker_by), name(owner, owner_by)
        number, offer_id, asker_id, owner_id = ids
        found.append(Proposal(number, offer_id, asker_id, owner_id, state, *names, wanted, given))
    return found


def _with_shifts(db: Session, statement: Any) -> Iterator[tuple[Any, ...]]:
    """Rows whose columns of both shifts are one value."""
    both = 2 * len(NamedShift._fields)
    for row in db.execute(statement):
        yield (*row[:-both], row[-both:])


def _full(name: str, _goes_by: str) -> str:
    return name


def to_answer(db: Session, person_id: int | None, at: datetime) -> list[Proposal]:
    """What is proposed for a person's offers and waits for their yes or no."""
    waiting = _FOR_COLLEAGUES.where(
        SwapOffer.person_id == person_id,
        SwapOffer.ended_at.is_(None),
        Swap.state == SwapState.PROPOSED,
        Swap.person_id != person_id,
        has_board(Swap.program_id),
        stands(Swap.signup_id, at),
        stands(SwapOffer.signup_id, at),
    )
    return _read(db, waiting, short_name)


def own_waiting(db: Session, person_id: int | None, at: datetime) -> list[Proposal]:
    """What a person takes part in and waits for others: their own proposals, and what they said yes to."""
    asked = select(Swap.id).where(Swap.person_id == person_id, Swap.state.in_(OPEN))
    agreed = (
        select(Swap.id)
        .join(SwapOffer)
        .where(SwapOffer.person_id == person_id, Swap.state == SwapState.AGREED)
    )
    waiting = _FOR_COLLEAGUES.where(
        Swap.id.in_(asked.union_all(agreed)),
        has_board(Swap.program_id),
        stands(Swap.signup_id, at),
        stands(SwapOffer.signup_id, at),
    )
    return _read(db, waiting, short_name)


def for_staff(db: Session, swaps: Select[Swap]) -> list[Proposal]:
    """Some swaps of a coordinator's programs, with both names, the oldest first."""
    return _read(db, _FOR_STAFF.where(Swap.id.in_(swaps.with_only_columns(Swap.id))), _full)
