"""Waiting lists: first come, first served among those who can; offers run out; no one jumps the line."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.people.models import Person, Status
from portal.settings import Settings
from portal.shifts import shift_slots, shifts, signups, waiting
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.waiting_models import Waiting, WaitingState
from portal.web.errors import Refused
from tests import build
from tests.build import NOON, OFFICE
from tests.shifts.test_races import at_once, consistent
from tests.worker import round_of_work

both = pytest.mark.both_databases
SETTINGS = Settings()


class Scene:
    """A shift with one spot, which Bo has; Ana, Cay and Dot could take it."""

    def __init__(self, database, cast, moving) -> None:
        self.database, self.cast, self.clock = database, cast, moving
        with database.writing() as db:
            self.cay, self.dot = (build.person(db, name, moving.at).id for name in ("Cay", "Dot"))
            for person in (self.cay, self.dot):
                build.place(db, person, cast.driver, moving.at)
            self.shift = build.shift(db, cast.driver, places=1).id
            self.slot = build.slot_of(db, self.shift)
            signups.sign_up(Act(db, build.viewer(cast.bo), moving.at), cast.bo, self.shift)

    def do(self, verb, person, subject=None):
        with self.database.writing() as db:
            return verb(Act(db, build.viewer(person), self.clock.at), person, subject or self.slot)

    def join(self, *people) -> None:
        for person in people:
            self.do(waiting.join, person)

    def free(self) -> None:
        with self.database.reading() as db:
            person = db.scalars(
                select(Signup.person_id).filter_by(shift_id=self.shift, state=SignupState.SIGNED_UP)
            ).one()
        self.do(signups.withdraw, person, self.shift)

    def take(self, person) -> None:
        self.do(signups.sign_up, person, self.shift)

    def work(self) -> None:
        round_of_work(self.database, SETTINGS, self.clock.at)

    def state(self, person) -> str:
        with self.database.reading() as db:
            return db.scalars(
                select(Waiting.state).filter_by(person_id=person).order_by(Waiting.id.desc())
            ).first()

    def counters(self) -> tuple[int, int]:
        with self.database.reading() as db:
            slot = db.get_one(Slot, self.slot)
            return slot.filled, slot.held


@pytest.fixture
def scene(database, cast, time):
    return Scene(database, cast, time)


@both
def test_a_full_shift_offers_its_line_and_a_free_one_does_not(scene, cast):
    scene.join(cast.ana)
    scene.join(cast.ana)  # a second press
    assert scene.state(cast.ana) == WaitingState.WAITING
    with scene.database.writing() as db:
        free = build.slot_of(db, build.shift(db, cast.driver, starts=NOON + timedelta(days=1)).id)
    with pytest.raises(Refused, match="A spot is open"):
        scene.do(waiting.join, cast.ana, free)


@both
def test_who_could_not_take_it_cannot_wait_for_it(scene, cast):
    with pytest.raises(Refused) as no:
        scene.join(cast.sol)
    assert no.value.reasons[0].kind == "not_placed"


@both
def test_a_freed_spot_is_kept_for_the_line_and_offered_to_the_first(scene, cast):
    scene.join(cast.ana, scene.cay)
    scene.free()
    assert scene.counters() == (0, 1)
    with pytest.raises(Refused):  # no one jumps the line
        scene.take(scene.dot)
    with pytest.raises(Refused):  # not even the second in it
        scene.take(scene.cay)
    scene.work()
    assert scene.state(cast.ana) == WaitingState.OFFERED
    assert scene.state(scene.cay) == WaitingState.WAITING
    scene.take(cast.ana)
    assert scene.state(cast.ana) == WaitingState.ACCEPTED
    assert scene.counters() == (1, 0)
    assert consistent(scene.database)


@both
def test_an_offer_runs_out_and_the_next_is_asked(scene, cast):
    scene.join(cast.ana, scene.cay)
    scene.free()
    scene.work()
    scene.clock.move(hours=12)
    with pytest.raises(Refused):  # too late, even before the worker notices
        scene.take(cast.ana)
    scene.work()
    assert scene.state(cast.ana) == WaitingState.LAPSED
    assert scene.state(scene.cay) == WaitingState.OFFERED
    scene.take(scene.cay)
    assert consistent(scene.database)


@both
def test_saying_no_leaves_or_keeps_the_line_as_the_person_says(scene, cast):
    scene.join(cast.ana, scene.cay)
    scene.free()
    scene.work()
    scene.do(waiting.pass_on, cast.ana)
    scene.work()
    assert scene.state(cast.ana) == WaitingState.WAITING
    assert scene.state(scene.cay) == WaitingState.OFFERED
    scene.do(waiting.leave, scene.cay)
    assert scene.state(scene.cay) == WaitingState.DECLINED
    scene.work()
    assert scene.counters() == (0, 0)  # who passed is not asked twice about the same spot
    scene.take(scene.dot)
    scene.free()
    scene.work()
    assert scene.state(cast.ana) == WaitingState.OFFERED  # another spot, so Ana is asked again


@both
def test_who_cannot_take_it_any_more_is_passed_over(scene, cast):
    scene.join(cast.ana, scene.cay)
    with scene.database.writing() as db:
        db.get_one(Person, cast.ana).status = Status.ON_LEAVE
    scene.free()
    scene.work()
    assert scene.state(cast.ana) == WaitingState.WAITING
    assert scene.state(scene.cay) == WaitingState.OFFERED


@both
def test_a_spot_nobody_in_line_can_take_is_free_for_everyone(scene, cast):
    scene.join(cast.ana)
    with scene.database.writing() as db:
        db.get_one(Person, cast.ana).status = Status.ON_LEAVE
    scene.free()
    scene.work()
    assert scene.counters() == (0, 0)
    scene.take(scene.dot)
    assert consistent(scene.database)


@both
def test_more_spots_are_offered_too_and_fewer_take_the_newest_offer_back(scene, cast):
    scene.join(cast.ana, scene.cay)
    resize(scene, 3)
    assert scene.counters() == (1, 2)
    scene.work()
    assert scene.state(scene.cay) == WaitingState.OFFERED
    resize(scene, 2)
    assert scene.counters() == (1, 1)
    assert scene.state(cast.ana) == WaitingState.OFFERED
    assert scene.state(scene.cay) == WaitingState.WAITING
    assert consistent(scene.database)


def resize(scene, places) -> None:
    with scene.database.writing() as db:
        row = db.get_one(Shift, scene.shift)
        columns = {
            name: value for name, value in shifts.shift_values(row).items() if name != "version"
        }
        wish = shift_slots.SlotWish(scene.cast.driver, 1, places)
        shifts.edit_shift(Act(db, OFFICE, scene.clock.at), row, columns, [wish], row.version)


@both
def test_canceling_ends_the_line(scene, cast):
    scene.join(cast.ana)
    with scene.database.writing() as db:
        shifts.cancel(Act(db, OFFICE, scene.clock.at), db.get_one(Shift, scene.shift), "Snow")
    scene.work()
    assert scene.state(cast.ana) == WaitingState.CANCELED
    assert scene.counters() == (0, 0)


def test_near_the_start_there_is_less_time_to_answer(scene, cast):
    scene.join(cast.ana)
    with scene.database.reading() as db:
        shift = db.get_one(Shift, scene.shift)
        longest = timedelta(hours=12)
        far = shift.answer_by(longest, shift.starts_at - timedelta(days=5))
        near = shift.answer_by(longest, shift.starts_at - timedelta(hours=3))
        assert far == shift.starts_at - timedelta(days=5) + longest
        assert near == shift.starts_at - timedelta(hours=2)


@both
def test_after_sign_up_closed_nobody_is_asked(scene, cast, time):
    scene.join(cast.ana)
    with scene.database.writing() as db:
        db.get_one(Shift, scene.shift).closes_at = time.at + timedelta(hours=1)
    scene.free()
    time.move(hours=2)
    scene.work()
    assert scene.state(cast.ana) == WaitingState.WAITING
    assert scene.counters() == (0, 0)


@both
def test_several_workers_ask_one_person(scene, cast):
    scene.join(cast.ana, scene.cay)
    scene.free()
    at_once(*[scene.work] * 4)
    assert scene.state(cast.ana) == WaitingState.OFFERED
    assert scene.state(scene.cay) == WaitingState.WAITING
    assert consistent(scene.database)


def test_U4_every_step_leaves_an_entry(scene, cast, time):
    scene.join(cast.ana, scene.cay)
    scene.free()
    scene.work()
    scene.do(waiting.pass_on, cast.ana)
    scene.work()
    time.move(hours=12)
    scene.work()
    scene.do(waiting.leave, cast.ana)
    with scene.database.reading() as db:
        found = db.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject_kind == "waiting")
            .order_by(AuditEntry.id)
        ).all()
    assert found == [
        "waiting.joined", "waiting.joined", "waiting.offered", "waiting.passed",
        "waiting.offered", "waiting.lapsed", "waiting.left",
    ]  # fmt: skip


def test_the_line_on_the_pages(scene, cast, as_):
    ana = as_(cast.ana)
    ana.get(f"/shifts/{scene.shift}")
    assert "Join waitlist" in ana.text
    page = ana.press(f"/slots/{scene.slot}/waiting")
    assert "re number 1 on the waitlist." in page.text
    assert "Waitlisted" in ana.get("/me").text
    assert "Waitlist" in as_(cast.cy).get(f"/shifts/{scene.shift}/roster").text
    scene.free()
    scene.work()
    page = ana.get("/me")
    assert "A spot opened up for you" in page.text
    page = ana.get(f"/shifts/{scene.shift}")
    assert "We're holding a spot for you until Tue, Dec 1, 9:00 pm." in page.text
    page = ana.press(f"/slots/{scene.slot}/offer/refusal")
    assert "You keep your place on the waitlist." in page.text
    assert "number 1 on the waitlist" in page.text
    page = ana.press(f"/slots/{scene.slot}/waiting/end")
    assert "You left the waitlist." in page.text


def test_a_hidden_programs_line_is_not_there_for_outsiders(database, cast, time, as_):
    with database.writing() as db:
        shift = build.shift(db, cast.host, places=1).id
        slot = build.slot_of(db, shift)
    assert as_(cast.ana).post(f"/slots/{slot}/waiting").status_code == 404
    assert as_(cast.ana).get(f"/slots/{slot}").status_code == 404
