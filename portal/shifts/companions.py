"""Who of a group comes only together with the others, or never at the same time as one of them.

It counts within the group's program alone, so no one learns when someone works elsewhere.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.people.models import Person, Status
from portal.people.people import lock_people
from portal.reads import among, read_past
from portal.shifts.group_models import Group, GroupMember, Keep
from portal.shifts.models import Shift, Signup, SignupState

_own, _other = aliased(GroupMember), aliased(GroupMember)
_signup, _then = aliased(Signup), aliased(Shift)
_CURRENT = and_(Group.ended_at.is_(None), Group.keep != Keep.ALONE)


class KeptFrom(NamedTuple):
    """Why someone can't take a shift: another of their group is not on it, or is on one at that time."""

    shift_id: int
    person_id: int
    group_id: int
    keep: Keep
    other_id: int
    other: str
    contact_id: int
    contact: str

    @property
    def apart(self) -> bool:
        """Whether it is about never serving at the same time."""
        return self.keep == Keep.APART


_on_it = exists().where(
    _signup.shift_id == Shift.id,
    _signup.person_id == _other.person_id,
    _signup.state == SignupState.SIGNED_UP,
)
_busy_then = exists().where(
    _signup.person_id == _other.person_id,
    _signup.state == SignupState.SIGNED_UP,
    _signup.cant_at.is_(None),
    _then.id == _signup.shift_id,
    _then.program_id == Group.program_id,
    _then.starts_at < Shift.ends_at,
    _then.ends_at > Shift.starts_at,
)
_contact, _named = aliased(Person), aliased(Person)
_KEPT = (
    select(
        Shift.id.label("shift_id"),
        _own.person_id,
        Group.id.label("group_id"),
        Group.keep,
        _other.person_id.label("other_id"),
        _named.name.label("other"),
        Group.contact_id,
        _contact.name.label("contact"),
    )
    .select_from(Shift)
    .join(Group, and_(Group.program_id == Shift.program_id, _CURRENT))
    .join(_own, _own.group_id == Group.id)
    .join(_other, and_(_other.group_id == Group.id, _other.person_id != _own.person_id))
    .join(_named, and_(_named.id == _other.person_id, _named.status == Status.ACTIVE))
    .join(_contact, _contact.id == Group.contact_id)
    .where(
        among(Shift.id, "shifts"),
        or_(
            and_(Group.keep == Keep.TOGETHER, ~_on_it),
            and_(Group.keep == Keep.APART, _busy_then),
        ),
    )
    .order_by(_other.id)
)
_KEPT_ONE = _KEPT.where(among(_own.person_id, "people"))


def kept_from(
    db: Session, shift_ids: Sequence[int], people: Collection[int] | None = None
) -> Sequence[KeptFrom]:
    """Who (of some people, or of all) can't take which of some shifts because of others of their group."""
    shifts = {"shifts": list(shift_ids)}
    if people is None:
        return read_past(db, KeptFrom, _KEPT, shifts)
    return read_past(db, KeptFrom, _KEPT_ONE, shifts | {"people": sorted(people)})


def fellows_on(db: Session, signup: Signup) -> Sequence[int]:
    """Who is on the shift of a signup and only comes together with its person, by id."""
    shift_id, person_id = signup.shift_id, signup.person_id
    together = (
        select(_other.person_id)
        .join(_own, _own.group_id == _other.group_id)
        .join(Group, Group.id == _own.group_id)
        .join(_signup, and_(_signup.person_id == _other.person_id, _signup.shift_id == shift_id))
        .where(
            _own.person_id == person_id,
            _other.person_id != person_id,
            Group.program_id == signup.program_id,
            Group.keep == Keep.TOGETHER,
            Group.ended_at.is_(None),
            _signup.state == SignupState.SIGNED_UP,
        )
    )
    return sorted(set(db.scalars(together)))


def fellow_names(db: Session, shift_id: int, person_id: int) -> Sequence[str]:
    """The names of those on a shift who only come together with someone who is on it."""
    own = db.scalars(
        select(Signup).where(
            Signup.shift_id == shift_id,
            Signup.person_id == person_id,
            Signup.state == SignupState.SIGNED_UP,
        )
    ).one()
    named = select(Person.name).where(Person.id.in_(fellows_on(db, own)))
    return db.scalars(named.order_by(Person.name)).all()


def kept_apart(
    db: Session, shift_ids: Sequence[int], people: Collection[int]
) -> set[tuple[int, int]]:
    """Who of some people, on which of some shifts, is at the same time as someone they are kept apart from."""
    found = kept_from(db, shift_ids, people)
    return {(one.shift_id, one.person_id) for one in found if one.keep == Keep.APART}


def has_companions(person: Any) -> ColumnElement[bool]:
    """The condition that someone belongs to a group of a shift's program that is kept together or apart."""
    return (
        exists()
        .where(
            GroupMember.person_id == person,
            Group.id == GroupMember.group_id,
            Group.program_id == Shift.program_id,
            _CURRENT,
        )
        .correlate(Shift)
    )


def is_contact(person: Any) -> ColumnElement[bool]:
    """The condition that someone is the contact of a group of a shift's program."""
    return (
        exists()
        .where(
            Group.contact_id == person,
            Group.program_id == Shift.program_id,
            Group.ended_at.is_(None),
        )
        .correlate(Shift)
    )


_FELLOWS = (
    select(_other.person_id)
    .join(_own, _own.group_id == _other.group_id)
    .join(Group, and_(Group.id == _own.group_id, _CURRENT))
)


def lock_with_companions(db: Session, *people: int) -> None:
    """Hold people's time still, and that of whoever is scheduled with them in mind: two of a group can't take
    shifts at one time past each other. On SQLite the one writer holds everything already."""
    if db.get_bind().dialect.name == "postgresql":
        fellows = db.scalars(_FELLOWS.where(_own.person_id.in_(people))).all()
        lock_people(db, sorted({*people, *fellows}))
