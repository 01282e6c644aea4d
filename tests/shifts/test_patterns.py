"""Patterns and closures: what is written, what a change does, and that no one's shift is destroyed."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.act import Act
from portal.audit.models import AuditEntry
from portal.closing import Do
from portal.closings import closing
from portal.programs.models import Closure, Program
from portal.shifts import patterns, shifts, signups
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.pattern_days import Does
from portal.shifts.pattern_models import Pattern
from portal.shifts.recurrence import rule_of
from portal.shifts.shift_slots import SlotWish
from portal.web.errors import Preview, Refused, Stale
from tests import build
from tests.build import OFFICE
from tests.closings import close
from tests.shifts.test_races import at_once, consistent

pytestmark = pytest.mark.both_databases
UNTIL = date(2027, 3, 1)


def values(**changes):
    """Every Tuesday and Thursday, 6 to 8 pm. The clock of the tests says Tuesday, December 1."""
    return {
        "title": "Evening rides", "site_id": None, "note": "", "rule": rule_of("1", [1, 3]),
        "first_day": date(2026, 12, 1), "last_day": None, "starts": time(18), "ends": time(20),
        "zone": "America/New_York", "on_closures": False, "withdrawal_hours": 24, "closes_hours": 0, "adults": 0,
    } | changes  # fmt: skip


def seen(work, *arguments):
    """Press twice, as people do: look at the preview, then press again."""
    with pytest.raises(Preview) as preview:
        work("")
    return work(preview.value.seen), preview.value.changes


@pytest.fixture
def scene(database, cast, time):
    return Scene(database, cast, time)


class Scene:
    def __init__(self, database, cast, moving) -> None:
        self.database, self.cast, self.clock = database, cast, moving

    def write(self, slots=None, **changes) -> int:
        slots = slots or [SlotWish(self.cast.driver, 1, 2)]
        number, _ = seen(lambda mark: self._write(mark, slots, changes))
        return number

    def _write(self, mark, slots, changes):
        with self.database.writing() as db:
            program = db.get_one(Program, self.cast.rides)
            return patterns.add_pattern(
                Act(db, OFFICE, self.clock.at), program, values(**changes), slots, UNTIL, mark
            ).id

    def edit(self, number, slots=None, **changes):
        slots = slots or [SlotWish(self.cast.driver, 1, 2)]
        with self.database.reading() as db:
            version = db.get_one(Pattern, number).version
        _, found = seen(lambda mark: self._edit(number, slots, version, mark, changes))
        return found

    def _edit(self, number, slots, version, mark, changes):
        with self.database.writing() as db:
            pattern = db.get_one(Pattern, number)
            patterns.edit_pattern(
                Act(db, OFFICE, self.clock.at), pattern, values(**changes), slots, version, mark
            )

    def close(self, first, last, what, days=0, site_id=None):
        return seen(lambda mark: self._close(first, last, what, days, site_id, mark))[1]

    def _close(self, first, last, what, days, site_id, mark):
        with self.database.writing() as db:
            act = Act(db, OFFICE, self.clock.at)
            return close(act, first, last, what, mark, days, site_id=site_id)

    def days(self, number, **where) -> list[date]:
        with self.database.reading() as db:
            rows = db.scalars(select(Shift).filter_by(pattern_id=number, canceled_at=None, **where))
            return sorted(clock.local_day(row.starts_at, row.zone) for row in rows)

    def on(self, number, day) -> int:
        with self.database.reading() as db:
            return db.scalars(select(Shift.id).filter_by(pattern_id=number, pattern_day=day)).one()

    def sign_up(self, person, shift) -> None:
        with self.database.writing() as db:
            signups.sign_up(Act(db, build.viewer(person), self.clock.at), person, shift)

    def shift(self, number) -> Shift:
        with self.database.reading() as db:
            found = db.get_one(Shift, number)
            assert found.slots is not None
            return found


def test_a_pattern_writes_its_shifts_up_to_the_horizon(scene):
    number = scene.write()
    days = scene.days(number)
    assert days[0] == date(2026, 12, 1)
    assert days[-1] <= UNTIL
    assert len(days) == 26
    assert {day.weekday() for day in days} == {1, 3}


def test_what_is_seen_is_what_happens(scene):
    with pytest.raises(Preview) as preview:
        scene._write("", [SlotWish(scene.cast.driver, 1, 2)], {})
    scene.close(date(2026, 12, 24), date(2026, 12, 25), Do.KEEP)
    with pytest.raises(Preview) as again:  # something changed meanwhile, so one looks again
        scene._write(preview.value.seen, [SlotWish(scene.cast.driver, 1, 2)], {})
    assert [c.day for c in again.value.changes if c.does is Does.CLOSED] == [date(2026, 12, 24)]


def test_closed_days_are_left_out_unless_wanted(scene):
    scene.close(date(2026, 12, 24), date(2026, 12, 25), Do.KEEP)
    assert date(2026, 12, 24) not in scene.days(scene.write())
    assert date(2026, 12, 24) in scene.days(scene.write(on_closures=True))


def test_a_closed_site_leaves_other_sites_alone(scene):
    scene.close(date(2026, 12, 24), date(2026, 12, 24), Do.KEEP, site_id=scene.cast.office)
    assert date(2026, 12, 24) not in scene.days(scene.write(site_id=scene.cast.office))
    assert date(2026, 12, 24) in scene.days(scene.write())


def test_the_worker_carries_a_pattern_on_once(scene):
    number = scene.write()
    for _ in range(2):
        with scene.database.writing() as db:
            patterns.extend(
                Act(db, OFFICE, scene.clock.at),
                db.get_one(Pattern, number),
                UNTIL + timedelta(weeks=2),
            )
    assert len(scene.days(number)) == 30


def test_extending_at_once_writes_each_day_once(scene):
    number = scene.write()

    def extend():
        with scene.database.writing() as db:
            patterns.extend(
                Act(db, OFFICE, scene.clock.at),
                db.get_one(Pattern, number),
                UNTIL + timedelta(weeks=2),
            )

    at_once(*[extend] * 4)
    days = scene.days(number)
    assert len(days) == len(set(days)) == 30


def test_paused_nothing_new_is_written_and_it_goes_on_from_today(scene):
    number = scene.write()
    with scene.database.writing() as db:
        patterns.pause(Act(db, OFFICE, scene.clock.at), db.get_one(Pattern, number))
    later = UNTIL + timedelta(weeks=4)
    with scene.database.writing() as db:
        assert (
            patterns.extend(Act(db, OFFICE, scene.clock.at), db.get_one(Pattern, number), later)
            == 0
        )
        assert number not in db.scalars(patterns.due(later)).all()
    with scene.database.writing() as db:
        assert (
            patterns.go_on(Act(db, OFFICE, scene.clock.at), db.get_one(Pattern, number), later) == 8
        )


def test_editing_changes_shifts_in_place_with_their_people(scene):
    number = scene.write()
    shift = scene.on(number, date(2026, 12, 8))
    scene.sign_up(scene.cast.ana, shift)
    found = scene.edit(number, starts=time(17), ends=time(19), title="Earlier rides")
    assert {change.does for change in found} == {Does.CHANGE}
    assert [change.people for change in found if change.shift_id == shift] == [("Ana Reyes",)]
    moved = scene.shift(shift)
    assert (moved.title, moved.starts_at.hour) == ("Earlier rides", 22)
    assert consistent(scene.database)


def test_a_day_that_goes_with_people_on_it_stays_by_itself(scene):
    number = scene.write()
    shift = scene.on(number, date(2026, 12, 10))
    scene.sign_up(scene.cast.ana, shift)
    found = scene.edit(number, rule=rule_of("1", [1]))
    assert [change.shift_id for change in found if change.does is Does.KEEP] == [shift]
    assert {day.weekday() for day in scene.days(number, apart=False)} == {1}
    assert scene.shift(shift).apart
    assert consistent(scene.database)


def test_a_day_whose_people_left_is_canceled_and_not_forgotten(scene):
    number = scene.write()
    shift = scene.on(number, date(2026, 12, 10))
    scene.sign_up(scene.cast.ana, shift)
    with scene.database.writing() as db:
        signups.withdraw(
            Act(db, build.viewer(scene.cast.ana), scene.clock.at), scene.cast.ana, shift
        )
    scene.edit(number, rule=rule_of("1", [1]))
    assert scene.shift(shift).canceled_at


def test_a_day_that_comes_back_is_written_again(scene):
    number = scene.write()
    before = scene.days(number)
    scene.edit(number, rule=rule_of("1", [1]))
    scene.edit(number)
    assert scene.days(number) == before


def test_one_changed_by_itself_is_left_alone(scene):
    number = scene.write()
    shift = scene.on(number, date(2026, 12, 8))
    with scene.database.writing() as db:
        row = db.get_one(Shift, shift)
        columns = {
            "starts_at": row.starts_at + timedelta(hours=1), "ends_at": row.ends_at + timedelta(hours=1),
            "title": "By itself", "site_id": None, "note": "", "zone": row.zone, "opens_at": None,
            "closes_at": row.starts_at, "withdraw_until": row.withdraw_until,
        }  # fmt: skip
        wishes = [SlotWish(scene.cast.driver, 1, 2)]
        shifts.edit_shift(Act(db, OFFICE, scene.clock.at), row, columns, wishes, row.version)
    scene.edit(number, title="All others")
    assert scene.shift(shift).title == "By itself"
    assert len(scene.days(number)) == 26


def test_one_that_has_begun_is_not_written_again_for_later_that_day(scene):
    number = scene.write()
    first = date(2026, 12, 8)
    scene.clock.at = scene.shift(scene.on(number, first)).starts_at
    before = scene.days(number)
    scene.edit(number, starts=time(22), ends=time(23))
    assert scene.days(number) == before


def test_one_canceled_stays_canceled(scene):
    number = scene.write()
    shift = scene.on(number, date(2026, 12, 8))
    with scene.database.writing() as db:
        shifts.cancel(Act(db, OFFICE, scene.clock.at), db.get_one(Shift, shift), "Ice")
    scene.edit(number, title="All others")
    assert date(2026, 12, 8) not in scene.days(number)


def test_a_move_into_other_commitments_refuses_all_of_it_by_name(scene):
    number = scene.write()
    scene.sign_up(scene.cast.ana, scene.on(number, date(2026, 12, 8)))
    other = scene.write(starts=time(12), ends=time(14), title="Noon rides")
    scene.sign_up(scene.cast.ana, scene.on(other, date(2026, 12, 8)))
    with pytest.raises(Refused, match="Ana Reyes"):
        scene.edit(number, starts=time(13), ends=time(15))
    assert scene.shift(scene.on(number, date(2026, 12, 8))).starts_at.hour == 23
    assert consistent(scene.database)


def test_C3_a_stale_edit_of_a_pattern_shows_both(scene):
    number = scene.write()
    scene.edit(number, title="Newer")
    with pytest.raises(Stale) as stale:
        scene._edit(number, [SlotWish(scene.cast.driver, 1, 2)], 1, "", {"title": "Older"})
    assert stale.value.current["title"] == "Newer"


def test_fewer_spots_than_people_is_refused(scene):
    number = scene.write()
    shift = scene.on(number, date(2026, 12, 8))
    for person in (scene.cast.ana, scene.cast.bo):
        scene.sign_up(person, shift)
    with pytest.raises(Refused) as no:
        scene.edit(number, slots=[SlotWish(scene.cast.driver, 1, 1)])
    assert "slots" in no.value.fields


@pytest.mark.parametrize(("reason", "stays"), [("", True), ("No more evenings", False)])
def test_ending_removes_what_is_empty_and_keeps_or_cancels_the_rest(scene, reason, stays):
    number = scene.write()
    shift = scene.on(number, date(2026, 12, 10))
    scene.sign_up(scene.cast.ana, shift)
    with scene.database.writing() as db:
        gone, kept = patterns.end_pattern(
            Act(db, OFFICE, scene.clock.at), db.get_one(Pattern, number), date(2026, 12, 3), reason
        )
    assert (gone, kept) == ((23, 1) if stays else (24, 0))
    assert (scene.shift(shift).canceled_at is None) is stays
    assert consistent(scene.database)


def test_closing_cancels_with_the_reason_and_frees_people(scene):
    number = scene.write()
    shift = scene.on(number, date(2026, 12, 8))
    scene.sign_up(scene.cast.ana, shift)
    items = scene.close(date(2026, 12, 7), date(2026, 12, 9), Do.CANCEL)
    assert [(item.id, item.names) for item in items[1:]] == [(shift, ("Ana Reyes",))]
    assert scene.shift(shift).canceled_reason == "Snow"
    with scene.database.reading() as db:
        ended = db.scalars(select(Signup.state).where(Signup.shift_id == shift)).all()
    assert ended == [SignupState.CANCELED]
    assert consistent(scene.database)


def test_closing_moves_everyone_along_or_nothing(scene):
    number = scene.write()
    shift, taken = scene.on(number, date(2026, 12, 8)), scene.on(number, date(2026, 12, 15))
    scene.sign_up(scene.cast.ana, shift)
    scene.close(date(2026, 12, 8), date(2026, 12, 8), Do.MOVE, days=1)
    assert clock.local_day(scene.shift(shift).starts_at, "America/New_York") == date(2026, 12, 9)
    scene.sign_up(scene.cast.ana, taken)
    with pytest.raises(Refused, match="Ana Reyes"):
        scene.close(date(2026, 12, 9), date(2026, 12, 9), Do.MOVE, days=6)
    assert clock.local_day(scene.shift(shift).starts_at, "America/New_York") == date(2026, 12, 9)
    assert consistent(scene.database)


def test_lifting_a_closure_lets_patterns_write_again(scene):
    with scene.database.writing() as db:
        columns = {
            "site_id": None,
            "first_day": UNTIL,
            "last_day": UNTIL + timedelta(days=8),
            "reason": "x",
        }
        db.add(Closure(**columns))
    number = scene.write()
    with scene.database.writing() as db:
        closing.lift(Act(db, OFFICE, scene.clock.at), db.scalars(select(Closure)).one())
    with scene.database.writing() as db:
        more = UNTIL + timedelta(weeks=1)
        assert (
            patterns.extend(Act(db, OFFICE, scene.clock.at), db.get_one(Pattern, number), more) == 2
        )


def test_every_shift_of_a_pattern_leaves_an_entry(scene):
    number = scene.write()
    with scene.database.reading() as db:
        written = db.scalar(select(func.count()).select_from(Shift)) or 0
        entries = db.scalar(select(func.count()).where(AuditEntry.action == "shift.added"))
        slots = db.scalar(select(func.count()).select_from(Slot))
    assert written == entries == slots == len(scene.days(number))
