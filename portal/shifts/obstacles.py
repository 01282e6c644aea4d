"""What stands between a person and a spot: every reason at once, each with what to do about it.

The page shows these before anyone presses; `sign_up` asks again under the lock. The facts
are loaded in a fixed number of statements and judged by pure code.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import clashes
from portal.db import AnyRow
from portal.people.models import Person, Status
from portal.programs.models import Placement, PlacementState, Position, Program, Visibility
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.web.words import Words, in_language, text

SHIFT = "shift"
"""The kind of commitment that a signup makes."""


class Kind(StrEnum):
    CALLED_OFF = "called_off"
    STARTED = "started"
    ALREADY_IN = "already_in"
    FULL = "full"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    NOT_ACTIVE = "not_active"
    NOT_PLACED = "not_placed"
    OVERLAP = "overlap"


STAFF_MAY = {Kind.NOT_OPEN, Kind.CLOSED}
"""Sign-up times bind volunteers; a coordinator may add people outside them."""


@dataclass(frozen=True)
class Remedy:
    """Something that mends an obstacle: a page to see, or (`press`) a button that acts."""

    words: Words
    path: str
    press: bool = False


@dataclass(frozen=True)
class Obstacle:
    """One reason why not, with what to do about it."""

    kind: Kind
    words: Words
    remedies: tuple[Remedy, ...] = ()


_PLACES = (
    select(
        Slot.id,
        Slot.position_id,
        Slot.minimum,
        Slot.maximum,
        Slot.filled,
        Shift.id.label("shift_id"),
        Shift.starts_at,
        Shift.ends_at,
        Shift.zone,
        Shift.opens_at,
        Shift.closes_at,
        Shift.withdraw_until,
        Shift.called_off_at,
        Shift.program_id,
        Program.visibility,
        Program.closed_at.label("program_closed_at"),
        Program.contact_name,
        Program.contact_phone,
        Position.name.label("position"),
        Position.translations.label("position_translations"),
        Position.description,
        Position.color,
        Position.icon,
        Position.closed_at.label("position_closed_at"),
    )
    .join(Shift, Shift.id == Slot.shift_id)
    .join(Program, Program.id == Shift.program_id)
    .join(Position, Position.id == Slot.position_id)
    .order_by(Slot.id)
)
_PLACE = _PLACES.where(Slot.id == bindparam("slot_id"))
_PLACES_OF_SHIFT = _PLACES.where(Slot.shift_id == bindparam("shift_id"))

_STANDING = (
    select(
        Person.name,
        Person.status,
        Signup.slot_id.label("own_slot_id"),
        Placement.position_id,
        Placement.state,
    )
    .outerjoin(
        Signup,
        (Signup.person_id == Person.id)
        & (Signup.shift_id == bindparam("shift_id"))
        & (Signup.state == SignupState.SIGNED_UP),
    )
    .outerjoin(
        Placement,
        (Placement.person_id == Person.id)
        & or_(
            Placement.state == PlacementState.ASKED,
            Placement.state.in_((PlacementState.ACTIVE, PlacementState.ENDED))
            & (Placement.starts_on <= bindparam("day"))
            & or_(Placement.ends_on.is_(None), Placement.ends_on >= bindparam("day")),
        ),
    )
    .where(Person.id == bindparam("person_id"))
)


@dataclass(frozen=True)
class Clash:
    """Engaged time in the way. What it is, only its owner may read (SECURITY Z5)."""

    starts_at: datetime
    ends_at: datetime
    source_id: int | None


@dataclass(frozen=True)
class Standing:
    """What matters about a person for one shift: judged on the shift's own day."""

    person_id: int
    name: str
    status: str
    own_slot_id: int | None
    placed: frozenset[int]
    asked: frozenset[int]
    clashes: Sequence[Clash] = field(default=())


Place = AnyRow


def place_of(db: Session, slot_id: int) -> Place | None:
    """A slot with its shift, program and position."""
    return db.execute(_PLACE, {"slot_id": slot_id}).first()


def places_of(db: Session, shift_id: int) -> Sequence[Place]:
    """All slots of a shift."""
    return db.execute(_PLACES_OF_SHIFT, {"shift_id": shift_id}).all()


def standing_of(db: Session, person_id: int, place: Place) -> Standing:
    """How a person stands towards a shift."""
    day = clock.local_day(place.starts_at, place.zone)
    key = {"person_id": person_id, "shift_id": place.shift_id, "day": day}
    rows = db.execute(_STANDING, key).all()
    first = rows[0]
    found = clashes(db, person_id, place.starts_at, place.ends_at)
    return Standing(
        person_id=person_id,
        name=first.name,
        status=first.status,
        own_slot_id=first.own_slot_id,
        placed=frozenset(
            row.position_id for row in rows if row.position_id and row.state != PlacementState.ASKED
        ),
        asked=frozenset(row.position_id for row in rows if row.state == PlacementState.ASKED),
        clashes=[
            Clash(row.starts_at, row.ends_at, row.source_id if row.kind == SHIFT else None)
            for row in found
        ],
    )


def signup_obstacles(
    place: Place, person: Standing, at: datetime, *, staff: bool = False
) -> list[Obstacle]:
    """Every reason why a person cannot take a spot now. Empty means they can.

    With `staff` the sentences speak about the person instead of to them, name nothing of
    what else they do, and the times of sign-up do not bind.
    """
    say = _AboutThem(place, person, at) if staff else _ToYou(place, person, at)
    own = person.own_slot_id
    found = [
        (Kind.CALLED_OFF, place.called_off_at is not None),
        (Kind.STARTED, at >= place.starts_at),
        (Kind.ALREADY_IN, own is not None),
        (Kind.FULL, place.filled >= place.maximum and own is None),
        (Kind.NOT_OPEN, place.opens_at is not None and at < place.opens_at),
        (Kind.CLOSED, _is_closed(place, at)),
        (Kind.NOT_ACTIVE, person.status != Status.ACTIVE),
        (Kind.NOT_PLACED, place.position_id not in person.placed and own is None),
        (Kind.OVERLAP, bool(person.clashes) and own is None),
    ]
    return [
        say.obstacle(kind) for kind, stands in found if stands and not (staff and kind in STAFF_MAY)
    ]


def _is_closed(place: Place, at: datetime) -> bool:
    ended = place.program_closed_at or place.position_closed_at
    return bool(ended) or place.closes_at <= at < place.starts_at


class _ToYou:
    """Obstacles in words for the person who wants the spot."""

    def __init__(self, place: Place, person: Standing, at: datetime) -> None:
        self.place, self.person, self.at = place, person, at

    def obstacle(self, kind: Kind) -> Obstacle:
        words, *remedies = getattr(self, kind.value)()
        return Obstacle(kind, words, tuple(remedies))

    def called_off(self) -> tuple[Any, ...]:
        return text("This shift was called off."), self.other_shifts()

    def started(self) -> tuple[Any, ...]:
        return text("This shift has already started."), self.other_shifts()

    def already_in(self) -> tuple[Any, ...]:
        return (text("You're signed up for this shift already."),)

    def full(self) -> tuple[Any, ...]:
        return text("All spots are taken."), self.other_shifts()

    def not_open(self) -> tuple[Any, ...]:
        return text(
            "Sign-up opens %(when)s.", when=self.moment(self.place.opens_at)
        ), self.other_shifts()

    def closed(self) -> tuple[Any, ...]:
        if self.place.program_closed_at or self.place.position_closed_at:
            return text("This role takes nobody new."), self.other_shifts()
        when = self.moment(self.place.closes_at)
        return text("Sign-up closed %(when)s.", when=when), self.other_shifts()

    def not_active(self) -> tuple[Any, ...]:
        return (text("You are not active at the moment. Call us when you would like to start."),)

    def not_placed(self) -> tuple[Any, ...]:
        if self.place.visibility != Visibility.PUBLIC:  # its roles are not named to outsiders (P2)
            return text(
                "You do not have this role yet. Please call us about it."
            ), self.other_shifts()
        if self.place.position_id in self.person.asked:
            words = text(
                "You asked to join as %(role)s. The coordinator will answer you.", role=self.role
            )
            return words, self.other_shifts()
        ask = Remedy(
            text("Ask to join"),
            f"/positions/{self.place.position_id}/placement-request",
            press=True,
        )
        return (
            text("You do not have the role %(role)s yet.", role=self.role),
            ask,
            self.other_shifts(),
        )

    def overlap(self) -> tuple[Any, ...]:
        clash = self.person.clashes[0]
        until = partial(clock.time_text, clash.ends_at, self.place.zone)
        words = text("You have another shift at that time, until %(time)s.", time=until)
        if clash.source_id is None:
            return (words,)
        return words, Remedy(text("See that shift"), f"/signups/{clash.source_id}")

    def other_shifts(self) -> Remedy:
        return Remedy(text("Show me other shifts that fit"), "/shifts")

    def role(self, language: str) -> str:
        return in_language(language, self.place.position, self.place.position_translations, "name")

    def moment(self, at: datetime) -> Any:
        return partial(clock.moment_text, at, self.place.zone, this_year=self.at.year)


class _AboutThem(_ToYou):
    """The same for a coordinator who wants to add somebody."""

    def already_in(self) -> tuple[Any, ...]:
        return (text("%(name)s is signed up for this shift already.", name=self.person.name),)

    def not_active(self) -> tuple[Any, ...]:
        words = text("%(name)s is not active at the moment.", name=self.person.name)
        return words, Remedy(text("Open their page"), f"/people/{self.person.person_id}")

    def not_placed(self) -> tuple[Any, ...]:
        words = text(
            "%(name)s does not have the role %(role)s.", name=self.person.name, role=self.role
        )
        return words, Remedy(text("Give them the role"), f"/people/{self.person.person_id}")

    def overlap(self) -> tuple[Any, ...]:
        clash = self.person.clashes[0]
        hours = partial(clock.hours_text, clash.starts_at, clash.ends_at, self.place.zone)
        return (text("%(name)s is busy then: %(hours)s.", name=self.person.name, hours=hours),)

    def other_shifts(self) -> Remedy:
        return Remedy(text("Back to the schedule"), "/schedule")
