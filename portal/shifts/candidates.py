"""Whom a coordinator could add to a shift, or ask: placed, free, cleared on the day, and as wished."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, tuple_
from sqlalchemy.orm import Session

from portal import clock
from portal.commitments.commitments import busy
from portal.people.finding import ANYONE, Wish, could_come, has_said
from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE
from portal.people.search import matches, words_of
from portal.people.traits import Absence
from portal.permissions import Viewer
from portal.programs.models import Placement, PlacementState
from portal.programs.placements import on_day
from portal.programs.scopes import visible_people
from portal.requirements.clearance import clearance
from portal.requirements.records import asking_of, records_of
from portal.requirements.terms import Asking, Record
from portal.shifts.companions import kept_from
from portal.shifts.gap_models import AskPause
from portal.shifts.limits import Bounds, Own, bounds_of, work_around
from portal.shifts.models import Shift, Signup, SignupState, Slot

AT_ONCE = 300
"""How many people are judged at once; of those who are free and placed, most are cleared."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone who could be added: whether they have the role (`placed`), say that they could come then
    (`free`) or have said anything about their times (`told`), and how much of what the role asks is
    `missing`."""

    id: int
    name: str
    goes_by: str
    phone: str | None
    placed: bool
    free: bool
    told: bool
    missing: int


def candidates(
    db: Session,
    viewer: Viewer,
    shift: Shift,
    query: str,
    size: int = 20,
    only: Slot | None = None,
    wish: Wish = ANYONE,
) -> Sequence[Candidate]:
    """Whom a coordinator could add: with a query anyone they may see, else those free to serve and cleared
    for it on the day (in the role of one slot, if `only` is given); of these, who meets a wish."""
    day = clock.local_day(shift.starts_at, shift.zone)
    open_slots = [only] if only else [slot for slot in shift.slots if slot.filled < slot.maximum]
    positions = [slot.position_id for slot in open_slots]
    named = matches(query)
    wanted = _free(shift, positions, day) if named is None else [named]
    people = _people(viewer, shift, positions, day, wish).where(*wanted)
    if named is not None:  # whoever has the role is not cut off by others of that name
        has_role = Person.id.in_(_placed(positions, day))
        people = people.order_by(None).order_by(has_role.desc(), Person.name, Person.id)
    if only and named is None:
        people = people.where(~_paused(only, day, viewer.today or clock.now().date()))
    asking = asking_of(db, dict.fromkeys(positions, shift.program_id))
    if named is not None:
        return _judged(db, db.execute(people.limit(size)).all(), asking, day)
    bounds = bounds_of(db, [shift.program_id])
    found: list[Candidate] = []
    some = people
    while len(found) < size:
        rows = db.execute(some.limit(AT_ONCE)).all()
        kept = kept_from(db, [shift.id], [row.id for row in rows])
        too_much = _at_limit(db, bounds, shift, rows) | {one.person_id for one in kept}
        judged = _judged(db, rows, asking, day)
        found += [one for one in judged if not one.missing and one.id not in too_much]
        if len(rows) < AT_ONCE:
            break
        some = people.where(tuple_(Person.name, Person.id) > (rows[-1].name, rows[-1].id))
    return found[:size]


def _judged(
    db: Session, rows: Sequence[Any], asking: Mapping[int, Asking], day: date
) -> list[Candidate]:
    """People with how much they lack for a role on a day."""
    records = records_of(db, [row.id for row in rows], asking.values())
    return [
        Candidate(
            row.id,
            row.name,
            row.goes_by,
            row.phone,
            row.placed,
            row.free,
            row.told,
            _lacking(records[row.id], asking.values(), day),
        )
        for row in rows
    ]


def _at_limit(db: Session, bounds: Bounds, shift: Shift, rows: Sequence[Any]) -> set[int]:
    """Who of some people a shift would be too much for."""
    if not bounds:
        return set()
    work = work_around(db, [row.id for row in rows], shift.starts_at, shift.ends_at)
    return {
        row.id
        for row in rows
        if bounds.broken_by(
            Own(0, shift.program_id, row.adult_on, shift.zone),
            work[row.id],
            shift.starts_at,
            shift.ends_at,
        )
    }


MOST_NAMED = 50
"""People with a name who are looked at."""


def people_named(db: Session, viewer: Viewer, slot: Slot, name: str) -> Sequence[Candidate]:
    """Who has a name, or a phone or email with it: first those with the slot's role, then by name. No one has a
    name without letters and digits."""
    if matches(name) is None:
        return []
    found = candidates(db, viewer, slot.shift, name, MOST_NAMED, slot)
    return sorted(found, key=lambda one: (not one.placed, one.missing > 0))


def the_one_named(found: Sequence[Candidate], name: str) -> Candidate | None:
    """The one of some people whom a name can only mean: the only one with the role, or of all, whose own name
    has words that begin as it was typed; None where it might be someone else."""
    typed = words_of(name)
    fits = [one for one in found if _begins(words_of(f"{one.name} {one.goes_by}"), typed)]
    with_role = [one for one in fits if one.placed]
    likely = with_role or fits
    return likely[0] if len(likely) == 1 else None


def placed_named(db: Session, viewer: Viewer, position_id: int, name: str) -> Sequence[int]:
    """Who has a role and whose name begins as typed, word by word: ids of at most two."""
    named = matches(name)
    if named is None:
        return []
    has_role = select(Placement.person_id).where(
        Placement.position_id == position_id, Placement.state == PlacementState.ACTIVE
    )
    people = visible_people(viewer).with_only_columns(Person.id)
    found = people.where(named, Person.id.in_(has_role), Person.status != Status.ENDED)
    return db.scalars(found.order_by(Person.id).limit(2)).all()


def on_shift_named(db: Session, shift_id: int, name: str) -> int | None:
    """The one person on a shift whom a name can mean; None where it fits none or several."""
    rows = db.execute(
        select(Person.id, Person.name, Person.goes_by)
        .join(Signup, Signup.person_id == Person.id)
        .where(Signup.shift_id == shift_id, Signup.state == SignupState.SIGNED_UP)
    )
    typed = words_of(name)
    fits = [row.id for row in rows if _begins(words_of(f"{row.name} {row.goes_by}"), typed)]
    return fits[0] if len(fits) == 1 else None


def _begins(words: Sequence[str], typed: Sequence[str]) -> bool:
    return bool(typed) and all(any(word.startswith(one) for word in words) for one in typed)


def _people(
    viewer: Viewer, shift: Shift, positions: Sequence[int], day: date, wish: Wish
) -> Select[Any]:
    """Whom a viewer may see and who is not on the shift, as wished, by name."""
    on_it = select(Signup.person_id).where(
        Signup.shift_id == shift.id, Signup.state == SignupState.SIGNED_UP
    )
    free = could_come(shift.starts_at, shift.ends_at, shift.zone)
    return (
        visible_people(viewer)
        .with_only_columns(
            Person.id,
            Person.name,
            Person.goes_by,
            BEST_PHONE.label("phone"),
            Person.id.in_(_placed(positions, day)).label("placed"),
            free.label("free"),
            has_said().label("told"),
            Person.adult_on,
        )
        .where(
            *wish.conditions(),
            *([free] if wish.free else []),
            Person.id.not_in(on_it),
            Person.status != Status.ENDED,
        )
        .order_by(Person.name, Person.id)
    )


def _placed(positions: Sequence[int], day: date) -> Select[int]:
    return select(Placement.person_id).where(Placement.position_id.in_(positions), on_day(day))


def _free(shift: Shift, positions: Sequence[int], day: date) -> list[ColumnElement[bool]]:
    """The conditions that someone has one of the roles on the day, and is neither busy nor away."""
    engaged = busy(Person.id, shift.starts_at, shift.ends_at)  # type: ignore[arg-type]
    away = select(Absence.person_id).where(
        Absence.first_day <= day, Absence.last_day >= day, Absence.ended_at.is_(None)
    )
    return [
        Person.id.in_(_placed(positions, day)),
        Person.status == Status.ACTIVE,
        ~engaged,
        Person.id.not_in(away),
    ]


def _paused(only: Slot, day: date, today: date) -> ColumnElement[bool]:
    """The condition that someone is not to be asked about a slot on that day."""
    return exists().where(
        AskPause.person_id == Person.id,
        AskPause.program_id == only.shift.program_id,
        AskPause.ended_at.is_(None),
        or_(
            AskPause.day == day,
            AskPause.position_id == only.position_id,
            AskPause.until > today,
        ),
    )


def _lacking(record: Record, asking: Iterable[Asking], day: date) -> int:
    """How much is in someone's way, in the position for which it is least."""
    return min((len(clearance(record, one, day).missing) for one in asking), default=0)
