"""Signing up and taking oneself off: every rule, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.commitments.models import Commitment
from portal.db import Database
from portal.people.models import Person, Status
from portal.permissions import Role
from portal.programs import placements
from portal.programs.models import Placement
from portal.shifts import endings, shifts, signups
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.obstacle_words import Kind
from portal.web.errors import Refused
from tests import build
from tests.build import NOON
from tests.cast import Cast

pytestmark = pytest.mark.both_databases


class Scene:
    """One database and its cast, with the verbs called as the person they are about."""

    def __init__(self, database: Database, cast: Cast, time) -> None:
        self.database, self.cast, self.time = database, cast, time

    def shift(self, position: int | None = None, **values) -> int:
        with self.database.writing() as db:
            return build.shift(db, position or self.cast.driver, **values).id

    def sign_up(self, person: int, shift: int, **kwargs) -> None:
        with self.database.writing() as db:
            slot = build.slot_of(db, shift)
            signups.sign_up(
                Act(db, build.viewer(person), self.time.at), person, shift, slot_id=slot, **kwargs
            )

    def refusals(self, person: int, shift: int, **kwargs) -> list[Kind]:
        with pytest.raises(Refused) as no:
            self.sign_up(person, shift, **kwargs)
        return [reason.kind for reason in no.value.reasons]

    def withdraw(self, person: int, shift: int) -> None:
        with self.database.writing() as db:
            signups.withdraw(Act(db, build.viewer(person), self.time.at), person, shift)

    def on(self, shift: int) -> list[int]:
        with self.database.reading() as db:
            return [signup.person_id for signup in endings.current_signups(db, shift)]

    def count(self, table, *conditions) -> int:
        with self.database.reading() as db:
            return db.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


@pytest.fixture
def scene(database: Database, cast: Cast, time) -> Scene:
    return Scene(database, cast, time)


def test_a_placed_person_takes_a_spot(scene, cast):
    shift = scene.shift()
    scene.sign_up(cast.ana, shift)
    assert scene.on(shift) == [cast.ana]
    assert scene.count(Commitment, Commitment.person_id == cast.ana) == 1
    assert scene.count(AuditEntry, AuditEntry.action == "signup.made") == 1


def test_signing_up_twice_is_signing_up_once(scene, cast):
    shift = scene.shift()
    scene.sign_up(cast.ana, shift)
    scene.sign_up(cast.ana, shift)
    assert scene.on(shift) == [cast.ana]
    assert scene.count(Slot, Slot.filled == 1) == 1
    assert scene.count(AuditEntry, AuditEntry.action == "signup.made") == 1


def test_a_full_shift_refuses(scene, cast):
    shift = scene.shift(places=1)
    scene.sign_up(cast.ana, shift)
    assert scene.refusals(cast.bo, shift) == [Kind.FULL]


def test_a_started_shift_refuses(scene, cast, time):
    shift = scene.shift()
    time.at = NOON
    assert scene.refusals(cast.ana, shift) == [Kind.STARTED]


def test_a_shift_canceled_refuses(scene, cast):
    shift = scene.shift()
    with scene.database.writing() as db:
        shifts.cancel(Act(db, build.OFFICE, scene.time.at), db.get_one(Shift, shift), "Snow")
    assert scene.refusals(cast.ana, shift) == [Kind.CANCELED]


def test_without_the_role_one_is_refused(scene, cast):
    assert scene.refusals(cast.sol, scene.shift()) == [Kind.NOT_PLACED]


def test_a_request_that_waits_is_no_role_yet(scene, cast):
    shift = scene.shift()
    with scene.database.writing() as db:
        build.application(db, cast.sol, cast.driver, scene.time.at)
    assert scene.refusals(cast.sol, shift) == [Kind.NOT_PLACED]


@pytest.mark.parametrize(("last", "allowed"), [("2026-12-10", True), ("2026-12-09", False)])
def test_the_role_must_hold_on_the_day_of_the_shift(scene, cast, last, allowed):
    shift = scene.shift()
    with scene.database.writing() as db:
        own = select(Placement).filter_by(person_id=cast.ana, position_id=cast.driver)
        placements.end_placement(
            Act(db, build.OFFICE, scene.time.at),
            db.scalars(own).one(),
            date.fromisoformat(last),
            "",
        )
    if allowed:
        scene.sign_up(cast.ana, shift)
    else:
        assert scene.refusals(cast.ana, shift) == [Kind.NOT_PLACED]


def test_someone_on_leave_is_refused(scene, cast):
    shift = scene.shift()
    with scene.database.writing() as db:
        db.get_one(Person, cast.ana).status = Status.ON_LEAVE
    assert scene.refusals(cast.ana, shift) == [Kind.NOT_ACTIVE]


def test_overlapping_shifts_are_refused_and_touching_ones_are_not(scene, cast):
    scene.sign_up(cast.ana, scene.shift())
    overlapping = scene.shift(cast.desk, starts=NOON + timedelta(hours=1))
    touching = scene.shift(cast.desk, starts=NOON + timedelta(hours=2))
    before = scene.shift(cast.desk, starts=NOON - timedelta(hours=2))
    assert scene.refusals(cast.ana, overlapping) == [Kind.OVERLAP]
    scene.sign_up(cast.ana, touching)
    scene.sign_up(cast.ana, before)


def test_two_roles_of_one_shift_cannot_be_had_at_once(scene, cast):
    shift = scene.shift(others=((cast.desk, 1, 2),))
    scene.sign_up(cast.ana, shift)
    with scene.database.writing() as db:
        other = db.scalars(select(Slot.id).filter_by(shift_id=shift, position_id=cast.desk)).one()
        with pytest.raises(Refused) as no:
            signups.sign_up(
                Act(db, build.viewer(cast.ana), scene.time.at), cast.ana, shift, slot_id=other
            )
    assert [reason.kind for reason in no.value.reasons] == [Kind.ALREADY_IN]


def test_sign_up_times_bind_volunteers_and_not_coordinators(scene, cast, time):
    later = scene.shift(opens_at=time.at + timedelta(days=1))
    closed = scene.shift(closes_at=time.at - timedelta(minutes=1))
    assert scene.refusals(cast.ana, later) == [Kind.NOT_OPEN]
    assert scene.refusals(cast.ana, closed) == [Kind.CLOSED]
    scene.sign_up(cast.ana, later, staff=True)
    scene.sign_up(cast.bo, closed, staff=True)


def test_every_reason_is_told_at_once(scene, cast, time):
    shift = scene.shift(places=1, opens_at=time.at + timedelta(days=1))
    scene.sign_up(cast.ana, shift, staff=True)
    with scene.database.writing() as db:
        db.get_one(Person, cast.sol).status = Status.ON_LEAVE
    assert scene.refusals(cast.sol, shift) == [
        Kind.FULL,
        Kind.NOT_OPEN,
        Kind.NOT_ACTIVE,
        Kind.NOT_PLACED,
    ]


def test_a_closed_role_takes_nobody(scene, cast, time):
    shift = scene.shift()
    with scene.database.writing() as db:
        build.programs.close(
            Act(db, build.OFFICE, time.at), db.get_one(build.Position, cast.driver)
        )
    assert scene.refusals(cast.ana, shift) == [Kind.CLOSED]


def test_taking_oneself_off_frees_spot_and_time_and_keeps_the_row(scene, cast):
    shift = scene.shift(places=1)
    scene.sign_up(cast.ana, shift)
    scene.withdraw(cast.ana, shift)
    assert scene.on(shift) == []
    assert scene.count(Commitment) == 0
    assert scene.count(Signup, Signup.state == SignupState.WITHDRAWN) == 1
    scene.sign_up(cast.bo, shift)
    assert scene.on(shift) == [cast.bo]


def test_taking_oneself_off_twice_does_it_once(scene, cast):
    shift = scene.shift()
    scene.sign_up(cast.ana, shift)
    scene.withdraw(cast.ana, shift)
    scene.withdraw(cast.ana, shift)
    assert scene.count(Slot, Slot.filled == 0) == 1
    assert scene.count(AuditEntry, AuditEntry.action == "signup.withdrawn") == 1


def test_after_the_cut_off_it_takes_a_call(scene, cast, time):
    shift = scene.shift()
    scene.sign_up(cast.ana, shift)
    time.at = NOON - timedelta(hours=24)
    scene.withdraw(cast.ana, shift)
    scene.sign_up(cast.ana, shift)
    time.move(seconds=1)
    with pytest.raises(Refused) as no:
        scene.withdraw(cast.ana, shift)
    assert "Cy Ortega, (555) 555-0101" in str(no.value.reasons[0])
    assert scene.on(shift) == [cast.ana]


def test_a_coordinator_removes_with_a_reason_that_stays(scene, cast):
    shift = scene.shift()
    scene.sign_up(cast.ana, shift)
    by = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with scene.database.writing() as db:
        signup = endings.current_signups(db, shift)[0]
        signups.remove(Act(db, by, scene.time.at), signup, "Needed elsewhere")
    with scene.database.reading() as db:
        signup = db.scalars(select(Signup)).one()
        assert (signup.state, signup.reason, signup.ended_by_id) == (
            SignupState.REMOVED,
            "Needed elsewhere",
            cast.cy,
        )
    assert scene.on(shift) == []


def test_what_staff_do_for_someone_is_marked_with_how_they_asked(scene, cast):
    shift = scene.shift()
    by = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with scene.database.writing() as db:
        signups.sign_up(Act(db, by, scene.time.at, "phone"), cast.ana, shift, staff=True)
    with scene.database.writing() as db:
        signup = endings.current_signups(db, shift)[0]
        signups.remove(Act(db, by, scene.time.at, "paper"), signup, "Has a cold")
    with scene.database.reading() as db:
        entries = db.scalars(
            select(AuditEntry).where(AuditEntry.subject_kind == "signup").order_by(AuditEntry.id)
        ).all()
        assert [(entry.action, entry.asked, entry.actor_id) for entry in entries] == [
            ("signup.made", "phone", cast.cy),
            ("signup.withdrawn", "paper", cast.cy),
        ]
