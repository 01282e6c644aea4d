"""Two things at once: the last spot, clashing shifts, and everything crossing everything."""

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm.exc import StaleDataError

from portal.act import Act
from portal.commitments.models import Commitment
from portal.db import Database
from portal.shifts import endings, shift_slots, shifts, signups, waiting
from portal.shifts.group_models import GroupSpots
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.waiting_models import Waiting, WaitingState
from portal.web.errors import Again, Refused
from tests import build
from tests.build import NOON

both = pytest.mark.both_databases


def at_once(*work: Callable[[], object]) -> list[object]:
    """Run things in threads that start together; gives what each returned or raised."""
    start = threading.Barrier(len(work))
    results: list[object] = [None] * len(work)

    def run(index: int) -> None:
        start.wait()
        try:
            results[index] = work[index]()
        except Exception as error:  # the test looks at it
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def sign_up(database: Database, person: int, shift: int, at) -> Callable[[], str]:
    def work() -> str:
        with database.writing() as db:
            signups.sign_up(Act(db, build.viewer(person), at), person, shift)
        return "in"

    return work


def outcomes(results: list[object]) -> Counter[str]:
    return Counter(
        result if isinstance(result, str) else
        result.reasons[0].kind.value if isinstance(result, Refused) else repr(result)
        for result in results
    )  # fmt: skip


@contextmanager
def crowd(database, cast, at, number: int):
    """Many people who may all drive."""
    with database.writing() as db:
        people = [build.person(db, f"Racer {index}", at).id for index in range(number)]
        for person in people:
            build.place(db, person, cast.driver, at)
    yield people


@both
def test_C1_exactly_k_of_n_racers_get_a_place(database, cast, time):
    with crowd(database, cast, time.at, 16) as people:
        with database.writing() as db:
            shift = build.shift(db, cast.driver, places=5).id
        found = outcomes(at_once(*(sign_up(database, person, shift, time.at) for person in people)))
    assert found == {"in": 5, "full": 11}
    assert consistent(database)


@both
def test_C1_one_person_pressing_everywhere_at_once_gets_one_place(database, cast, time):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, places=5).id
    found = outcomes(at_once(*[sign_up(database, cast.ana, shift, time.at)] * 8))
    assert found == {"in": 8}  # the later presses find the first one's place
    assert consistent(database)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Signup)) == 1


@both
def test_C1_one_person_cannot_take_two_clashing_shifts_at_once(database, cast, time):
    with database.writing() as db:
        made_shifts = [
            build.shift(db, cast.driver, starts=NOON + timedelta(minutes=20 * index)).id
            for index in range(6)
        ]
    found = outcomes(
        at_once(*(sign_up(database, cast.ana, shift, time.at) for shift in made_shifts))
    )
    assert found == {"in": 1, "overlap": 5}
    assert consistent(database)


@both
@pytest.mark.parametrize("locked", [True, False])
def test_the_persons_lock_is_what_keeps_clashing_shifts_apart(
    database, cast, time, monkeypatch, locked
):
    """Both racers are held after they looked for clashes. Only the lock keeps the second from looking."""
    if not locked and database.dialect == "sqlite":
        return  # there the lock is the one writer itself
    with database.writing() as db:
        made_shifts = [build.shift(db, cast.driver).id for _ in range(2)]
    meeting = threading.Barrier(2, timeout=1 if locked else 60)  # with the lock they never meet
    look = signups.clash_of

    def look_and_wait(*given):
        found = look(*given)
        with suppress(threading.BrokenBarrierError):
            meeting.wait()
        return found

    monkeypatch.setattr(signups, "clash_of", look_and_wait)
    if not locked:
        monkeypatch.setattr(signups, "lock_with_companions", lambda *given: None)
    found = outcomes(
        at_once(*(sign_up(database, cast.ana, shift, time.at) for shift in made_shifts))
    )
    assert found == ({"in": 1, "overlap": 1} if locked else {"in": 2})


@both
def test_canceling_and_signing_up_cross_cleanly(database, cast, time):
    with crowd(database, cast, time.at, 6) as people:
        for _ in range(4):
            with database.writing() as db:
                shift = build.shift(db, cast.driver, places=6).id
                shift = shift

            def cancel(shift=shift) -> str:
                with database.writing() as db:
                    shifts.cancel(Act(db, build.OFFICE, time.at), db.get_one(Shift, shift), "Snow")
                return "off"

            found = outcomes(
                at_once(cancel, *(sign_up(database, one, shift, time.at) for one in people))
            )
            assert set(found) <= {"off", "in", "canceled"}
            assert found["off"] == 1
            with database.reading() as db:
                assert endings.current_signups(db, shift) == []
            assert consistent(database)


@both
def test_moving_and_signing_up_never_leave_a_clash(database, cast, time):
    with crowd(database, cast, time.at, 4) as people:
        for _ in range(4):
            with database.writing() as db:
                moving = build.shift(db, cast.driver, places=9).id
                fixed = build.shift(db, cast.driver, starts=NOON + timedelta(hours=5), places=9).id
                made_shifts = [moving, fixed]

            def move(shift=moving) -> str:
                with database.writing() as db:
                    row = db.get_one(Shift, shift)
                    starts = NOON + timedelta(hours=4)
                    values = {
                        "title": "", "site_id": None, "note": "", "starts_at": starts,
                        "ends_at": starts + timedelta(hours=2), "zone": row.zone, "opens_at": None,
                        "closes_at": starts, "withdraw_until": starts,
                    }  # fmt: skip
                    wishes = [shift_slots.SlotWish(cast.driver, 1, 9)]
                    shifts.edit_shift(
                        Act(db, build.OFFICE, time.at), row, values, wishes, row.version
                    )
                return "moved"

            at_once(
                move,
                *(
                    sign_up(database, one, shift, time.at)
                    for one in people
                    for shift in made_shifts
                ),
            )
            assert consistent(database)
            with database.writing() as db:
                for shift in (moving, fixed):
                    shifts.cancel(
                        Act(db, build.OFFICE, time.at), db.get_one(Shift, shift), "Next round"
                    )


@both
def test_everything_crossing_everything_neither_deadlocks_nor_breaks(database, cast, time):
    chance = random.Random(3)
    with crowd(database, cast, time.at, 6) as people:
        with database.writing() as db:
            made = [
                build.shift(db, cast.driver, starts=NOON + timedelta(hours=index), places=2).id
                for index in range(5)
            ]

        def busy(seed: int) -> Callable[[], str]:
            own = random.Random(seed)

            def work() -> str:
                for _ in range(12):
                    person, shift = own.choice(people), own.choice(made)
                    try:
                        with database.writing() as db:
                            slot, what = build.slot_of(db, shift), own.random()
                            if what < 0.4:
                                signups.sign_up(
                                    Act(db, build.viewer(person), time.at), person, shift
                                )
                            elif what < 0.6:
                                signups.withdraw(
                                    Act(db, build.viewer(person), time.at), person, shift
                                )
                            elif what < 0.75:
                                waiting.join(Act(db, build.viewer(person), time.at), person, slot)
                            elif what < 0.85:
                                waiting.leave(Act(db, build.viewer(person), time.at), person, slot)
                            elif what < 0.99:
                                waiting.make_offers(db, slot, timedelta(hours=12), time.at)
                            else:
                                off = db.get_one(Shift, shift)
                                shifts.cancel(Act(db, build.OFFICE, time.at), off, "Snow")
                    except (Refused, Again, StaleDataError):
                        pass
                return "done"

            return work

        found = outcomes(at_once(*(busy(chance.random()) for _ in range(8))))
    assert found == {"done": 8}
    assert consistent(database)


def consistent(database: Database) -> bool:
    """Counters, signups and commitments agree; no one is over capacity or in two places at once."""
    with database.reading() as db:
        for slot in db.scalars(select(Slot)):
            on_it = select(func.count()).where(
                Signup.slot_id == slot.id, Signup.state == SignupState.SIGNED_UP
            )
            of_groups = select(func.coalesce(func.sum(GroupSpots.spots), 0)).where(
                GroupSpots.slot_id == slot.id, GroupSpots.ended_at.is_(None)
            )
            taken = db.scalar(on_it.where(~Signup.trainee)) + db.scalar(of_groups)
            assert taken == slot.filled <= slot.maximum
            assert db.scalar(on_it.where(Signup.trainee)) == slot.learning <= slot.trainees
            offered = db.scalar(
                select(func.count()).where(
                    Waiting.slot_id == slot.id, Waiting.state == WaitingState.OFFERED
                )
            )
            assert (offered or 0) <= slot.held <= slot.maximum - slot.filled
        rows = db.execute(
            select(Signup.id, Signup.person_id, Shift.starts_at, Shift.ends_at)
            .join(Shift, Shift.id == Signup.shift_id)
            .where(Signup.state == SignupState.SIGNED_UP)
        ).all()
        engaged = db.execute(
            select(
                Commitment.source_id, Commitment.person_id, Commitment.starts_at, Commitment.ends_at
            ).where(Commitment.kind == "shift")
        ).all()
    assert sorted(rows) == sorted(engaged)
    by_person = sorted(rows, key=lambda row: (row.person_id, row.starts_at))
    for one, later in itertools.pairwise(by_person):
        assert one.person_id != later.person_id or one.ends_at <= later.starts_at
    return True
