"""Asking for a sub in waves: a few at a time, the best first, no one twice, until someone says yes."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.messages.models import Message
from portal.shifts import cover, cover_requests, releases, signups, waiting
from portal.shifts.cover_models import CoverRequest
from portal.shifts.cover_requests import PAUSE, WAVE
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.roster import people_on
from portal.shifts.waiting_models import Ask
from portal.web.errors import Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.shifts.test_races import at_once
from tests.worker import round_of_work

both = pytest.mark.both_databases
MINUTE = timedelta(minutes=1)


@pytest.fixture
def shift(database, cast, time):
    """A shift of tomorrow on which Ana is, and seven more drivers who are free."""
    time.at = NOON - timedelta(hours=20)
    with database.writing() as db:
        for number in range(7):
            person = build.person(db, f"Dan{number} Lane", time.at)
            build.place(db, person.id, cast.driver, time.at)
        made = build.shift(db, cast.driver, places=1).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, made, staff=True, quiet=True)
    return made


def cant(database, cast, shift, time) -> None:
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift, "Fever")


def asked(database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(select(Ask.person_id).order_by(Ask.id)))


def test_of(database, settings, time, minutes: int) -> int:
    """How many were asked in all, so many minutes later."""
    round_of_work(database, settings, time.move(minutes=minutes))
    return len(asked(database))


test_of.__test__ = False


@both
def test_a_few_are_asked_and_then_the_next_until_no_one_is_left(
    database, cast, time, shift, settings
):
    cant(database, cast, shift, time)
    assert test_of(database, settings, time, 1) == 0  # a slip reaches no one
    assert test_of(database, settings, time, 1) == 3
    assert test_of(database, settings, time, 59) == 3
    assert test_of(database, settings, time, 1) == 6
    assert test_of(database, settings, time, 60) == 8
    assert len(set(asked(database))) == 8  # Bo and the seven, no one twice
    assert test_of(database, settings, time, 60) == 8
    with database.reading() as db:
        request = db.scalars(select(CoverRequest)).one()
        assert (request.waves, request.ended_at) == (3, time.at)
        kinds = set(db.scalars(select(Message.kind).where(Message.actor_id.is_(None))))
        assert "shift.asked" in kinds


@both
def test_the_first_yes_frees_who_cant_come_and_ends_it(database, cast, time, shift, settings):
    cant(database, cast, shift, time)
    test_of(database, settings, time, 2)
    taker = asked(database)[0]
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(taker), time.at), taker, shift)
    assert test_of(database, settings, time, 60) == 3
    with database.reading() as db:
        on_it = select(Signup.person_id).where(Signup.state == SignupState.SIGNED_UP)
        assert db.scalars(on_it).all() == [taker]
        assert db.scalars(select(CoverRequest.ended_at)).one() == time.at


@both
def test_who_can_after_all_asks_no_one(database, cast, time, shift, settings):
    cant(database, cast, shift, time)
    with database.writing() as db:
        cover.can_after_all(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    assert test_of(database, settings, time, 5) == 0


@both
def test_who_has_something_else_that_day_is_left_in_peace(database, cast, time, shift, settings):
    with database.writing() as db:
        other = build.shift(db, cast.driver, starts=NOON + timedelta(hours=5), places=9).id
        for person in db.scalars(select(build.Person.id).where(build.Person.name.like("Dan%"))):
            if person % 2:
                signups.sign_up(Act(db, OFFICE, time.at), person, other, staff=True, quiet=True)
    cant(database, cast, shift, time)
    for minutes in (2, 60, 60):
        test_of(database, settings, time, minutes)
    with database.reading() as db:
        busy = set(db.scalars(people_on(other)))
    assert busy
    assert not busy & set(asked(database))


@both
def test_a_program_sets_how_many_are_asked_and_how_often(database, cast, time, shift, settings):
    with database.writing() as db:
        change(Act(db, OFFICE, time.at), WAVE, 1, SETTINGS, cast.rides)
        change(Act(db, OFFICE, time.at), PAUSE, 10, SETTINGS, cast.rides)
    cant(database, cast, shift, time)
    assert [test_of(database, settings, time, minutes) for minutes in (2, 9, 1)] == [1, 1, 2]
    with database.writing() as db:
        change(Act(db, OFFICE, time.at), WAVE, 0, SETTINGS, cast.rides)
    assert test_of(database, settings, time, 10) == 2


@both
def test_two_workers_ask_one_wave(database, cast, time, shift, settings):
    cant(database, cast, shift, time)
    time.move(minutes=2)
    with database.reading() as db:
        number = db.scalars(select(CoverRequest.id)).one()

    def ask() -> int:
        with database.writing() as db:
            act = Act(db, OFFICE, time.at)
            return cover_requests.ask_next(act, number, "America/New_York", SETTINGS)

    assert sorted(at_once(ask, ask)) == [0, 3]
    assert len(asked(database)) == 3


@both
def test_a_spot_that_is_only_offered_is_waited_for(database, cast, time, shift, settings):
    """Whoever stands in line may say no; then others are asked."""
    with database.writing() as db:
        slot = build.slot_of(db, shift)
        waiting.join(Act(db, build.viewer(cast.bo), time.at), cast.bo, slot)
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        releases.cant_make_it(act, cast.ana, shift, "sick")
    assert test_of(database, settings, time, 2) == 0
    with database.writing() as db:
        waiting.leave(Act(db, build.viewer(cast.bo), time.at), cast.bo, slot)
    assert test_of(database, settings, time, 60) == 3


@both
def test_who_was_asked_says_yes_although_sign_up_closed(database, cast, time, shift, settings):
    with database.writing() as db:
        db.get_one(Shift, shift).closes_at = time.at - MINUTE
    cant(database, cast, shift, time)
    test_of(database, settings, time, 2)
    taker, other = asked(database)[0], cast.ana
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(taker), time.at), taker, shift)
    with pytest.raises(Refused, match="Sign-up closed"), database.writing() as db:
        signups.sign_up(Act(db, build.viewer(other), time.at), other, shift)
