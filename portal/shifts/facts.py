"""Everything that matters about one shift, and about one person towards it, in a single statement.

The shift's page shows these facts and `sign_up` judges them again under the lock. What the
viewer may not know is cut in the query: a hidden program's shift is not there at all, and a
confidential place is empty (SECURITY P10, Z5).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.permissions import Permission, Viewer
from portal.programs.confidential import is_told
from portal.programs.models import Visibility
from portal.programs.placements import covers
from portal.reads import read_past
from portal.requirements.clearance import clearance
from portal.requirements.records import asking_of, records_of
from portal.shifts.companions import KeptFrom, kept_from
from portal.shifts.fact_query import OF_SHIFT, OF_SHIFTS, FactRow
from portal.shifts.limits import Broken, Limits, Work, bounds_of, is_minor, work_around
from portal.shifts.spots import Spot


@dataclass(slots=True)
class Standing:
    """A person towards a shift."""

    id: int
    name: str
    status: str
    own_slot_id: int | None
    clash_id: int | None


@dataclass(slots=True)
class Place:
    """Where a shift is, for those who may read it."""

    name: str
    address: str
    directions: str
    access_notes: str
    translations: Mapping[str, Any]
    confidential: bool


@dataclass(slots=True)
class Facts:
    """A shift as its page and its sign-up need it. `row` holds the columns that are used as they are.

    `outside`: the viewer knows the program by its label only. `runs`: they are its staff. `limits` bind the
    person here beside their `work` around it; both are left out where they are on it already, and so is who of
    their group they are `kept` from. Of work in `own_programs` the viewer may know (None: of all).
    """

    row: FactRow
    spots: list[Spot]
    place: Place | None
    person: Standing | None
    limits: Limits = field(default_factory=Limits)
    work: list[Work] = field(default_factory=list)
    own_programs: Collection[int] | None = None
    kept: Sequence[KeptFrom] = ()
    outside: bool = field(init=False)

    def __post_init__(self) -> None:
        self.outside = self.row.visibility != Visibility.PUBLIC and not self.row.knows

    @property
    def sensitive(self) -> bool:
        return bool(self.row.visibility != Visibility.PUBLIC)

    @property
    def opens_at(self) -> datetime | None:
        """When sign-up opens for the person, who may be on a list of those who sign up early (None: always)."""
        opens, early = self.row.opens_at, self.row.hours_early or 0
        return opens and opens - timedelta(hours=early)

    @property
    def minor(self) -> bool:
        """Whether the person is under 18 on the day."""
        row = self.row
        return is_minor(row.adult_on, clock.local_day(row.starts_at, row.zone))

    def may_know(self, programs: Collection[int | None]) -> bool:
        """Whether the viewer may know of someone's work in some programs."""
        own = self.own_programs
        return own is None or all(one in own for one in programs)

    @property
    def too_much(self) -> list[Broken]:
        """The limits that the person would break by taking the shift."""
        row = self.row
        return self.limits.broken(self.work, row.starts_at, row.ends_at, row.zone)

    def takes_none(self, spot: Spot) -> bool:
        """Whether its program or the role of a spot is closed to everyone."""
        return self.row.program_closed_at is not None or spot.closed

    def spot(self, slot_id: int) -> Spot | None:
        """One of the shift's slots, by its id."""
        return next((spot for spot in self.spots if spot.id == slot_id), None)


def facts_of(
    db: Session, viewer: Viewer, shift_id: int, person_id: int | None, at: datetime
) -> Facts | None:
    """The facts of a shift for a viewer, and how a person stands; None if there is nothing to see."""
    found = read_past(
        db, FactRow, OF_SHIFT, _parameters(viewer, person_id, at) | {"shift_id": shift_id}
    )
    if not found:
        return None
    facts = _facts(found, person_id)
    if facts.person is None or facts.person.own_slot_id is None:
        _judge(db, [facts], person_id)  # whoever is on it is asked nothing any more
        _weigh(db, viewer, [facts], person_id)
    elif facts.place and facts.place.confidential and not facts.row.runs:
        facts.place = facts.place if _place_told(db, facts, at) else None
    return facts


def _place_told(db: Session, facts: Facts, at: datetime) -> bool:
    """Whether someone on a shift reads its confidential place: from the day before, if cleared for it."""
    row, person = facts.row, facts.person
    if not is_told(row.starts_at, row.zone, at):
        return False
    assert person
    assert person.own_slot_id
    _judge(db, [facts], person.id)
    spot = facts.spot(person.own_slot_id)
    return spot is not None and spot.cleared(trainee=bool(row.learns))


def facts_of_all(
    db: Session, viewer: Viewer, shift_ids: Sequence[int], person_id: int | None, at: datetime
) -> dict[int, Facts]:
    """The same for many shifts at once, by shift; one there is nothing to see of is left out."""
    by_shift: dict[int, list[FactRow]] = {}
    parameters = _parameters(viewer, person_id, at) | {"shift_ids": list(shift_ids)}
    for row in read_past(db, FactRow, OF_SHIFTS, parameters):
        by_shift.setdefault(row.shift_id, []).append(row)
    every = {shift_id: _facts(found, person_id) for shift_id, found in by_shift.items()}
    _judge(db, every.values(), person_id)
    _weigh(db, viewer, every.values(), person_id)
    return every


def _judge(db: Session, every: Collection[Facts], person_id: int | None) -> None:
    """Say for each spot how the person is cleared on its day: two statements for all."""
    if person_id is None:
        return
    asking = asking_of(
        db, {spot.position_id: facts.row.program_id for facts in every for spot in facts.spots}
    )
    record = records_of(db, [person_id], asking.values())[person_id]
    for facts in every:
        day = clock.local_day(facts.row.starts_at, facts.row.zone)
        for spot in facts.spots:
            asked = asking[spot.position_id]
            spot.judge = partial(clearance, record, asked, day)


def _weigh(db: Session, viewer: Viewer, every: Collection[Facts], person_id: int | None) -> None:
    """Say for each shift which limits bind the person: two statements for all, one where there are none."""
    if person_id is None or not every:
        return
    _keep(db, every, person_id)
    bounds = bounds_of(db, {facts.row.program_id for facts in every})
    if not bounds:
        return
    first = min(facts.row.starts_at for facts in every)
    last = max(facts.row.ends_at for facts in every)
    work = work_around(db, [person_id], first, last)[person_id]
    own = None
    if not viewer.everywhere(Permission.SHIFTS_MANAGE):
        own = viewer.programs_with(Permission.SHIFTS_MANAGE)
    for facts in every:
        row = facts.row
        day = clock.local_day(row.starts_at, row.zone)
        facts.limits, facts.work = bounds.of(row.program_id, row.adult_on, day), work
        facts.own_programs = own


def _keep(db: Session, every: Collection[Facts], person_id: int) -> None:
    """Say for each shift who of the person's group keeps them from it: a statement where they have one."""
    shifts = [facts.row.shift_id for facts in every if facts.row.has_companions]
    kept = kept_from(db, shifts, [person_id]) if shifts else ()
    for facts in every:
        facts.kept = [one for one in kept if one.shift_id == facts.row.shift_id]


def _parameters(viewer: Viewer, person_id: int | None, at: datetime) -> dict[str, Any]:
    return {
        "person_id": person_id,
        "at": at,
        "today": viewer.today or at.date(),  # the command line has none, and knows every program
        "staff_of": sorted(viewer.programs_with(Permission.SHIFTS_MANAGE)),
        "everywhere": viewer.everywhere(Permission.SHIFTS_MANAGE),
    }


def _facts(found: Sequence[FactRow], person_id: int | None) -> Facts:
    first = found[0]
    return Facts(first, _spots(found), _place(first), _standing(first, person_id))


def _spots(found: Any) -> list[Spot]:
    """The slots that are wanted, each once; a person's episodes in its role are folded in."""
    day = clock.local_day(found[0].starts_at, found[0].zone)
    spots: dict[int, Spot] = {}
    for row in found:
        spot = spots.get(row.id)
        if spot is None:
            spot = spots[row.id] = Spot(
                row.id,
                row.position_id,
                row.position,
                row.position_translations,
                row.description,
                row.position_closed_at is not None,
                row.minimum,
                row.maximum,
                row.filled,
                row.held,
                row.waiting_id,
                row.answer_by,
                row.place_in_line,
                row.line,
                row.ask_id,
                row.cant_id if row.ask_id or row.runs else None,
                trainees=row.trainees,
                learning=row.learning,
            )
        spot.asked = bool(row.applied)
        if row.held_state and covers(row, day):
            spot.placed = True
    return [spot for spot in spots.values() if spot.maximum]


def _place(row: FactRow) -> Place | None:
    if row.site is None:
        return None
    return Place(
        row.site,
        row.address or "",
        row.directions or "",
        row.access_notes or "",
        row.site_translations or {},
        bool(row.confidential),
    )


def _standing(row: FactRow, person_id: int | None) -> Standing | None:
    if person_id is None or row.status is None:
        return None
    return Standing(person_id, row.person or "", row.status, row.own_slot_id, row.clash_id)
