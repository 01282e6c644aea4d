"""SECURITY C4 over a season: patterns, regular people, absences, closures and lines in any order.

After every step: counters right and no one in two places (`consistent`), no signup that its person
did not agree to, and no signup or shift with a history destroyed.
"""

import shutil
from datetime import date, time, timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from portal import clock
from portal.act import Act
from portal.closing import Do
from portal.db import Database
from portal.people.traits import Absence
from portal.settings import Settings
from portal.shifts import absences, pattern_days, patterns, regulars, signups, waiting
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.recurrence import rule_of
from portal.shifts.shift_slots import SlotWish
from portal.web.errors import Again, NotFound, Preview, Refused
from tests import build
from tests.closings import close
from tests.conftest import NOW
from tests.shifts.test_races import consistent
from tests.worker import round_of_work

PEOPLE, DATES = st.integers(0, 3), st.integers(0, 7)
ZONE = "America/New_York"


class Season(RuleBasedStateMachine):
    """Two patterns that cross each other; four people; a worker."""

    database: Database
    cast: Any

    @initialize()
    def build(self) -> None:
        self.at, self.until = NOW, date(2026, 12, 24)
        self.agreed: set[tuple[int, int]] = set()  # (person, pattern) taken regularly
        self.pressed: set[tuple[int, int]] = set()  # (person, shift) taken by hand
        self.signups_ever = 0
        with self.database.writing() as db:
            self.people = [build.person(db, f"Person {index}", NOW).id for index in range(4)]
            for person in self.people:
                build.place(db, person, self.cast.driver, NOW)
            self.patterns = [
                build.pattern(db, self.cast.driver, NOW, until=self.until, starts=time(hour)).id
                for hour in (18, 19)
            ]

    def attempt(self, verb: Any) -> bool:
        try:
            with self.database.writing() as db:
                verb(db, "")
        except Preview as preview:
            seen = preview.seen
            return self.attempt(lambda db, _: verb(db, seen))
        except (Refused, NotFound, Again):
            return False
        return True

    def coming(self, index: int, which: int) -> int | None:
        with self.database.reading() as db:
            found = db.scalars(
                select(Shift.id)
                .where(
                    Shift.pattern_id == self.patterns[which],
                    Shift.starts_at > self.at,
                    Shift.canceled_at.is_(None),
                )
                .order_by(Shift.starts_at)
            ).all()
        return found[index % len(found)] if found else None

    @rule(person=PEOPLE, index=DATES, which=st.integers(0, 1), wait=st.booleans())
    def sign_up_or_wait(self, person: int, index: int, which: int, wait: bool) -> None:
        who, shift = self.people[person], self.coming(index, which)
        if shift is None:
            return
        with self.database.reading() as db:
            slot = build.slot_of(db, shift)
        if wait:
            self.attempt(lambda db, _: waiting.join(Act(db, build.viewer(who), self.at), who, slot))
        elif self.attempt(
            lambda db, _: signups.sign_up(
                Act(db, build.viewer(who), self.at), who, shift, slot_id=slot
            )
        ):
            self.pressed.add((who, shift))

    @rule(person=PEOPLE, index=DATES, which=st.integers(0, 1))
    def skip(self, person: int, index: int, which: int) -> None:
        who, shift = self.people[person], self.coming(index, which)
        if shift:
            self.attempt(
                lambda db, _: signups.withdraw(Act(db, build.viewer(who), self.at), who, shift)
            )

    @rule(
        person=PEOPLE,
        index=DATES,
        which=st.integers(0, 1),
        every=st.integers(1, 2),
        lines=st.booleans(),
    )
    def take_regularly(self, person: int, index: int, which: int, every: int, lines: bool) -> None:
        who, shift = self.people[person], self.coming(index, which)
        if shift and self.attempt(
            lambda db, seen: regulars.take(
                Act(db, build.viewer(who), self.at),
                who,
                shift,
                self.cast.driver,
                every,
                None,
                (),
                lines,
                seen,
            )
        ):
            self.agreed.add((who, self.patterns[which]))

    @rule(data=st.data(), again=st.booleans())
    def stop_or_resume(self, data: Any, again: bool) -> None:
        with self.database.reading() as db:
            ids = list(db.scalars(select(Regular.id).order_by(Regular.id)))
        if ids:
            number = data.draw(st.sampled_from(ids))
            verb = regulars.resume if again else regulars.stop

            def press(db: Any, _: str) -> None:
                row = db.get_one(Regular, number)
                verb(Act(db, build.viewer(row.person_id), self.at), row)

            self.attempt(press)

    @rule(person=PEOPLE, first=st.integers(0, 30), days=st.integers(0, 9))
    def go_away(self, person: int, first: int, days: int) -> None:
        who, start = self.people[person], clock.local_day(self.at, ZONE) + timedelta(days=first)
        last = start + timedelta(days=days)
        self.attempt(
            lambda db, _: absences.go_away(Act(db, build.viewer(who), self.at), who, start, last)
        )

    @rule()
    def come_back(self) -> None:
        with self.database.reading() as db:
            number = db.scalars(select(Absence.id).where(Absence.ended_at.is_(None))).first()
        if number:

            def press(db: Any, _: str) -> None:
                row = db.get_one(Absence, number)
                absences.come_back(Act(db, build.viewer(row.person_id), self.at), row)

            self.attempt(press)

    @rule(which=st.integers(0, 1), hour=st.integers(16, 20), days=st.sampled_from([(1, 3), (1,), (2, 3)]),
          places=st.integers(1, 3))  # fmt: skip
    def change_the_pattern(self, which: int, hour: int, days: tuple[int, ...], places: int) -> None:
        def press(db: Any, seen: str) -> None:
            pattern = db.get_one(Pattern, self.patterns[which])
            values = pattern_days.pattern_values(pattern)
            version = values.pop("version")
            values |= {"starts": time(hour), "ends": time(hour + 2), "rule": rule_of("1", days)}
            wishes = [SlotWish(self.cast.driver, 1, places)]
            patterns.edit_pattern(
                Act(db, build.OFFICE, self.at), pattern, values, wishes, version, seen
            )

        self.attempt(press)

    @rule(weeks=st.integers(1, 2))
    def write_further_and_work(self, weeks: int) -> None:
        self.until += timedelta(weeks=weeks)
        for number in self.patterns:
            self.attempt(
                lambda db, _, number=number: patterns.extend(
                    Act(db, build.OFFICE, self.at), db.get_one(Pattern, number), self.until
                )
            )
        round_of_work(self.database, Settings(horizon_weeks=1), self.at)

    @rule(
        first=st.integers(1, 30),
        what=st.sampled_from([Do.CANCEL, Do.MOVE, Do.KEEP]),
    )
    def close_a_day(self, first: int, what: Do) -> None:
        day = clock.local_day(self.at, ZONE) + timedelta(days=first)
        self.attempt(
            lambda db, seen: close(Act(db, build.OFFICE, self.at), day, day, what, seen, 1)
        )

    @rule(hours=st.integers(1, 40))
    def let_time_pass(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        round_of_work(self.database, Settings(horizon_weeks=1), self.at)

    @invariant()
    def the_promises_hold(self) -> None:
        if not hasattr(self, "patterns"):
            return
        assert consistent(self.database)
        with self.database.reading() as db:
            for row in db.execute(
                select(Signup.person_id, Signup.shift_id, Shift.pattern_id)
                .join(Shift, Shift.id == Signup.shift_id)
                .where(Signup.state == SignupState.SIGNED_UP)
            ):
                by_hand = (row.person_id, row.shift_id) in self.pressed
                assert by_hand or (row.person_id, row.pattern_id) in self.agreed
            ever = db.scalar(select(func.count()).select_from(Signup)) or 0
        assert ever >= self.signups_ever  # nothing is ever deleted
        self.signups_ever = ever


def test_C4_a_season_in_any_order(database, cast, tmp_path):
    walk(database, cast, tmp_path, examples=5, steps=20)


def walk(database, cast, tmp_path, *, examples: int, steps: int) -> None:
    """Seasons at random; each starts from a copy of the same populated database."""
    database.dispose()
    source, copies = database.url.database, iter(range(100_000))

    class Fresh(Season):
        def __init__(self) -> None:
            path = tmp_path / f"copy{next(copies)}.db"
            shutil.copy(source, path)
            self.database, self.cast = Database(f"sqlite:///{path}"), cast
            self.path = path
            super().__init__()

        def teardown(self) -> None:
            self.database.dispose()
            for ending in ("", "-wal", "-shm", ".lock"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    Fresh.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    Fresh.TestCase("runTest").runTest()
