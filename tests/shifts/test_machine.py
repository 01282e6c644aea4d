"""SECURITY C4: whatever people do in whatever order, the promises hold after every step."""

import shutil
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.db import Database
from portal.shifts import endings, shifts, signups, waiting
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.shift_slots import SlotWish
from portal.web.errors import Refused
from tests import build
from tests.build import NOON
from tests.conftest import NOW
from tests.shifts.test_races import consistent

PEOPLE, SHIFTS = range(4), range(5)
HOURS = [0, 1, 2, 4, 24]


class Schedule(RuleBasedStateMachine):
    """People sign up, wait, take themselves off and are removed; shifts are moved, resized, canceled."""

    database: Database
    cast: Any

    @initialize()
    def build(self) -> None:
        self.at, self.changes = NOW, 0
        with self.database.writing() as db:
            self.people = [build.person(db, f"Person {index}", NOW).id for index in PEOPLE]
            for person in self.people:
                build.place(db, person, self.cast.driver, NOW)
            self.shifts = [
                build.shift(
                    db, self.cast.driver, starts=NOON + timedelta(hours=hour), places=1 + index % 3
                ).id
                for index, hour in enumerate(HOURS)
            ]
            self.slots = [build.slot_of(db, shift) for shift in self.shifts]
        self.entries = self.count(AuditEntry)

    def count(self, table: Any, *conditions: Any) -> int:
        with self.database.reading() as db:
            return db.scalar(select(func.count()).select_from(table).where(*conditions)) or 0

    def attempt(self, verb: Any) -> bool:
        try:
            with self.database.writing() as db:
                verb(db)
        except Refused:
            return False
        return True

    def on(self, person: int, shift: int) -> bool:
        current = (
            Signup.person_id == person,
            Signup.shift_id == shift,
            Signup.state == SignupState.SIGNED_UP,
        )
        return self.count(Signup, *current) == 1

    @rule(person=st.sampled_from(PEOPLE), shift=st.sampled_from(SHIFTS), staff=st.booleans())
    def sign_up(self, person: int, shift: int, staff: bool) -> None:
        who, what = self.people[person], self.shifts[shift]
        before = self.on(who, what)

        def verb(db):
            signups.sign_up(Act(db, build.viewer(who), self.at), who, what, staff=staff)

        if self.attempt(verb) and not before:
            self.changes += 1

    @rule(person=st.sampled_from(PEOPLE), shift=st.sampled_from(SHIFTS))
    def withdraw(self, person: int, shift: int) -> None:
        who, what = self.people[person], self.shifts[shift]
        before = self.on(who, what)
        if (
            self.attempt(
                lambda db: signups.withdraw(Act(db, build.viewer(who), self.at), who, what)
            )
            and before
        ):
            self.changes += 1

    @rule(shift=st.sampled_from(SHIFTS))
    def remove_the_first(self, shift: int) -> None:
        def verb(db):
            current = endings.current_signups(db, self.shifts[shift])
            if current:
                signups.remove(Act(db, build.OFFICE, self.at), current[0], "Reason")
                self.changes += 1

        self.attempt(verb)

    @rule(
        shift=st.sampled_from(SHIFTS),
        hours=st.sampled_from([-2, -1, 0, 1, 3]),
        places=st.integers(1, 4),
    )
    def change(self, shift: int, hours: int, places: int) -> None:
        def verb(db):
            row = db.get_one(Shift, self.shifts[shift])
            starts = row.starts_at + timedelta(hours=hours)
            values = {
                "title": row.title, "site_id": row.site_id, "note": row.note, "zone": row.zone,
                "starts_at": starts, "ends_at": starts + timedelta(hours=2), "opens_at": None,
                "closes_at": starts, "withdraw_until": starts,
            }  # fmt: skip
            wish = SlotWish(self.cast.driver, 1, places)
            shifts.edit_shift(Act(db, build.OFFICE, self.at), row, values, [wish], row.version)

        if self.attempt(verb):
            self.changes += 1

    @rule(shift=st.sampled_from(SHIFTS))
    def cancel(self, shift: int) -> None:
        freed = 0

        def verb(db):
            nonlocal freed
            row = db.get_one(Shift, self.shifts[shift])
            was = row.canceled_at
            freed = shifts.cancel(Act(db, build.OFFICE, self.at), row, "Snow") + (was is None)

        if self.attempt(verb):
            self.changes += freed

    @rule(person=st.sampled_from(PEOPLE), shift=st.sampled_from(SHIFTS))
    def join_the_line(self, person: int, shift: int) -> None:
        who, slot = self.people[person], self.slots[shift]
        self.attempt(lambda db: waiting.join(Act(db, build.viewer(who), self.at), who, slot))

    @rule(person=st.sampled_from(PEOPLE), shift=st.sampled_from(SHIFTS), stay=st.booleans())
    def leave_or_pass(self, person: int, shift: int, stay: bool) -> None:
        who, slot = self.people[person], self.slots[shift]
        verb = waiting.pass_on if stay else waiting.leave
        self.attempt(lambda db: verb(Act(db, build.viewer(who), self.at), who, slot))

    @rule()
    def let_the_worker_work(self) -> None:
        with self.database.reading() as db:
            due = db.scalars(waiting.due(self.at)).all()
        for slot in due:
            self.attempt(
                lambda db, slot=slot: waiting.make_offers(db, slot, timedelta(hours=12), self.at)
            )
        with self.database.reading() as db:
            assert db.scalars(waiting.due(self.at)).all() == []

    @rule(hours=st.integers(1, 60))
    def let_time_pass(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @invariant()
    def the_promises_hold(self) -> None:
        if hasattr(self, "entries"):
            assert consistent(self.database)
            entries = self.count(AuditEntry, ~AuditEntry.action.startswith("waiting."))
            assert entries == self.entries + self.changes


def test_C4_capacity_overlap_and_audit_hold_in_every_order(database, cast, tmp_path):
    """A few examples here, many in `make soak`."""
    walk(database, cast, tmp_path, examples=8)


def walk(database, cast, tmp_path, *, examples: int) -> None:
    """Steps in any order; each example starts from a copy of the same populated database."""
    database.dispose()
    source, copies = database.url.database, iter(range(100_000))

    class Fresh(Schedule):
        def __init__(self) -> None:
            path = tmp_path / f"copy{next(copies)}.db"
            shutil.copy(source, path)
            self.database, self.cast = Database(f"sqlite:///{path}"), cast
            self.path = path
            super().__init__()

        def teardown(self) -> None:
            self.database.dispose()
            for ending in ("", "-wal", "-shm", ".lock"):
                path = self.path.with_name(self.path.name + ending)
                path.unlink(missing_ok=True)

    Fresh.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    Fresh.TestCase("runTest").runTest()
