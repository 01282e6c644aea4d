"""What others do between an act and its undoing: no one ends up where they should not be, or told what is not so."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from portal import clock
from portal.act import Act
from portal.commitments.models import Commitment
from portal.messages.models import Channel, Message, State
from portal.people.models import Person, Status
from portal.permissions import Role
from portal.programs.application_models import Application, DeclineReason
from portal.programs.models import Placement
from portal.recruitment import review
from portal.requirements.change_models import Change
from portal.shifts import drafts, shifts, signups, waiting
from portal.shifts.draft_lines import lines_of, told_by
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.waiting_models import Waiting
from portal.web.errors import NotFound, Refused
from tests import build
from tests.build import NOON, OFFICE
from tests.undo.test_undo import cy, do, on, remove_ana, shift, take_back
from tests.worker import Mail, round_of_work

both = pytest.mark.both_databases
__all__ = ["shift"]


def as_office(database, time, verb) -> None:
    """A colleague does something a little later."""
    time.move(seconds=10)
    with database.writing() as db:
        verb(Act(db, OFFICE, time.at))


def moving(number: int, day: date):
    return lambda act: shifts.move_shift(act, act.db.get_one(Shift, number), day, None)


def canceling(number: int):
    return lambda act: shifts.cancel(act, act.db.get_one(Shift, number), "Snow")


def adding(number: int, person: int):
    return lambda act: signups.sign_up(act, person, number, staff=True)


@both
@pytest.mark.parametrize("meanwhile", ["canceled", "moved"])
def test_no_one_comes_back_to_a_shift_that_was_canceled_or_moved(
    database, cast, time, shift, meanwhile
):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    as_office(
        database,
        time,
        canceling(shift) if meanwhile == "canceled" else moving(shift, date(2026, 12, 20)),
    )
    with pytest.raises(Refused, match="changed since"):
        take_back(database, cy(cast), time.at, undo)
    assert on(database, shift) == []


@both
def test_a_move_is_not_undone_under_who_signed_up_for_the_new_day(database, cast, time, shift):
    undo = do(database, cy(cast), time.at, moving(shift, date(2026, 12, 20)))
    as_office(database, time, adding(shift, cast.bo))
    with pytest.raises(Refused, match="Bo Tanaka signed up since"):
        take_back(database, cy(cast), time.at, undo)
    with database.reading() as db:
        begins = db.get_one(Shift, shift).starts_at
        assert {one.starts_at for one in db.scalars(select(Commitment))} == {begins}


@both
def test_a_spot_offered_to_the_waitlist_stays_offered(database, cast, time, settings):
    with database.writing() as db:
        one = build.shift(db, cast.driver, places=1).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, one, staff=True, quiet=True)
        waiting.join(Act(db, build.viewer(cast.bo), time.at), cast.bo, build.slot_of(db, one))
    undo = do(database, cy(cast), time.at, remove_ana(one))
    time.move(seconds=10)
    round_of_work(database, settings, time.at)
    with pytest.raises(Refused, match=r"waitlist|changed since"):
        take_back(database, cy(cast), time.at, undo)
    as_office(
        database, time, lambda act: signups.sign_up(act.but(by=build.viewer(cast.bo)), cast.bo, one)
    )
    assert on(database, one) == [cast.bo]


@both
def test_who_joined_the_waitlist_since_gets_the_spot_that_is_free_again(database, cast, time):
    with database.writing() as db:
        one = build.shift(db, cast.driver, places=1).id
        slot = build.slot_of(db, one)
    undo = do(database, cy(cast), time.at, adding(one, cast.ana))
    as_office(
        database, time, lambda act: waiting.join(act.but(by=build.viewer(cast.bo)), cast.bo, slot)
    )
    take_back(database, cy(cast), time.at, undo)
    with database.reading() as db:
        assert (db.get_one(Slot, slot).filled, db.get_one(Slot, slot).held) == (0, 1)
        assert db.scalars(select(Waiting.person_id)).one() == cast.bo


@both
def test_a_message_dropped_while_a_slip_stood_is_sent_after_all(
    database, cast, time, shift, settings
):
    do(database, cy(cast), time.at, moving(shift, date(2026, 12, 20)))
    time.move(seconds=60)
    slip = do(database, cy(cast), time.at, canceling(shift))
    time.move(seconds=65)
    Mail(database, settings, None).round(time.at)  # the move is not true now
    take_back(database, cy(cast), time.at, slip)
    Mail(database, settings, None).round(time.at)
    with database.reading() as db:
        assert db.scalars(select(Message.kind).where(Message.state == State.SENT)).all() == [
            "shift.changed"
        ]


@both
def test_who_is_engaged_elsewhere_is_refused_whatever_the_ids(database, cast, time, shift):
    with database.writing() as db:
        other, third = (build.shift(db, cast.driver, places=2).id for _ in range(2))
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    as_office(database, time, adding(third, cast.bo))  # takes the id of the time that was freed
    as_office(database, time, adding(other, cast.ana))
    with pytest.raises(Refused, match="Ana Reyes"):
        take_back(database, cy(cast), time.at, undo)
    assert on(database, shift) == []


@both
@pytest.mark.parametrize("meanwhile", ["role lost", "away"])
def test_who_lost_the_role_or_is_away_does_not_come_back(database, cast, time, shift, meanwhile):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    with database.writing() as db:
        if meanwhile == "away":
            build.absence(db, cast.ana, NOON.date(), time.at)
        else:
            db.execute(
                update(Placement)
                .where(Placement.person_id == cast.ana)
                .values(ends_on=NOON.date() - clock.ONE_DAY)
            )
    with pytest.raises(Refused, match="Ana Reyes"):
        take_back(database, cy(cast), time.at, undo)


@both
def test_what_a_reminder_told_is_not_undone(database, cast, time, settings):
    with database.writing() as db:
        one = build.shift(db, cast.driver, starts=time.at + timedelta(hours=24, seconds=40)).id
        db.execute(update(Person).where(Person.id == cast.bo).values(remind_hours="24"))
    round_of_work(database, settings, time.at)
    undo = do(database, cy(cast), time.at, adding(one, cast.bo))
    time.move(seconds=61)
    round_of_work(database, settings, time.at)
    Mail(database, settings, None).round(time.at)
    with pytest.raises(Refused, match="told already"):
        take_back(database, cy(cast), time.at, undo)
    assert on(database, one) == [cast.bo]


@both
def test_confirmations_that_are_switched_off_stay_so_together(database, cast, time, settings):
    with database.writing() as db:
        two = [build.shift(db, cast.driver, starts=NOON + timedelta(days=n)).id for n in range(2)]
        db.execute(update(Person).where(Person.id == cast.ana).values(mail_off="confirmations"))

    def add_both(act: Act) -> None:
        for person in (cast.ana, cast.bo):
            for one in two if person == cast.ana else []:
                signups.sign_up(act, person, one, staff=True)

    do(database, cy(cast), time.at, add_both)
    time.move(minutes=3)
    Mail(database, settings, None).round(time.at)
    with database.reading() as db:
        assert set(db.scalars(select(Message.why))) == {"not wanted"}


@both
def test_a_call_tells_one_program_nothing_of_another(database, cast, time):
    with database.writing() as db:
        db.execute(update(Person).where(Person.id == cast.ana).values(email=""))
        build.place(db, cast.ana, cast.host, time.at)
        two = [
            build.shift(db, cast.driver).id,
            build.shift(db, cast.host, starts=NOON + timedelta(days=1)).id,
        ]
        for one in two:
            signups.sign_up(Act(db, OFFICE, time.at), cast.ana, one, staff=True, quiet=True)

    def cancel_both(act: Act) -> None:
        for one in two:
            shifts.cancel(act, act.db.get_one(Shift, one), "Snow")

    do(database, build.viewer(cast.ada, (Role.ADMINISTRATOR, None)), time.at, cancel_both)
    with database.reading() as db:
        calls = db.execute(
            select(Message.kind, Message.program_id).where(Message.channel == Channel.CALL)
        ).all()
        assert sorted(map(tuple, calls)) == [
            ("shift.called_off", cast.rides),
            ("shift.called_off", cast.shelter),
        ]


@both
def test_a_line_of_a_colleagues_draft_says_that_its_shift_is_gone(database, cast, time, as_):
    with database.writing() as db:
        made = [build.shift(db, cast.driver).id]
    with database.writing() as db:
        act = Act(db, cy(cast), time.at)
        draft = drafts.begin(act, date(2026, 12, 6))
        drafts.add_person(act, draft, db.get_one(Shift, made[0]).slots[0], cast.bo)
        drafts.cancel(act, draft, db.get_one(Shift, made[0]), "Snow")
        number, line = draft.id, drafts.acts_of(db, draft.id)[0].id
        db.execute(Slot.__table__.delete())
        db.execute(Shift.__table__.delete())
    browser = as_(cast.cy)
    page = browser.get(f"/drafts/{number}").text
    assert page.count("A change of something that isn&#39;t there anymore") >= 2
    assert browser.get(f"/schedule?week=2026-12-06&draft={number}").status_code == 200
    answer = browser.post(
        f"/drafts/{number}/acts/{line}/people", position=str(cast.driver), who="Bo"
    )
    assert answer.status_code == 404


@both
def test_a_draft_says_nothing_of_a_program_one_no_longer_coordinates(database, cast, time):
    with database.writing() as db:
        one = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, one, staff=True, quiet=True)
        act = Act(db, cy(cast), time.at)
        draft = drafts.begin(act, date(2026, 12, 6))
        drafts.cancel(act, draft, db.get_one(Shift, one), "Snow")
        number = draft.id
    former = build.viewer(cast.cy, (Role.COORDINATOR, cast.shelter))
    with database.reading() as db:
        acts = drafts.acts_of(db, number)
        assert [str(line.words) for line in lines_of(db, former, acts, "en", 2026)] == [
            "A change of something that isn't there anymore"
        ]
        assert told_by(db, former, acts) == []
    with database.reading() as db, pytest.raises(NotFound):
        drafts.own_draft(db, build.viewer(cast.ada, (Role.ADMINISTRATOR, None)), number)
    assert SignupState.SIGNED_UP in set(_states(database))


def _states(database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(Signup.state)))


@both
def test_the_clearance_of_who_comes_back_is_looked_at_again(database, cast, time, shift):
    undo = do(database, cy(cast), time.at, remove_ana(shift))
    take_back(database, cy(cast), time.at, undo)
    with database.reading() as db:
        assert db.scalars(select(Change.person_id)).all() == [cast.ana]


@both
def test_a_decision_about_an_applicant_who_left_is_not_undone(database, cast, time):
    with database.writing() as db:
        applied = build.application(db, cast.sol, cast.driver, time.at)
        review.start_review(Act(db, cy(cast), time.at), applied, None, build.SETTINGS)
        number = applied.id
    undo = do(
        database,
        cy(cast),
        time.at,
        lambda act: review.decline(
            act, act.db.get_one(Application, number), DeclineReason.TIMES, ""
        ),
    )
    with database.writing() as db:
        db.execute(update(Person).where(Person.id == cast.sol).values(status=Status.ENDED))
    with pytest.raises(Refused, match="left since"):
        take_back(database, cy(cast), time.at, undo)
