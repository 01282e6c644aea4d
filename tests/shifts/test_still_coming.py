"""Still coming? Asked two days before, answered from mail, Home or by phone; silence heads the list of gaps."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.permissions import Role
from portal.shifts import answers, gaps, releases, shifts, signups, still_coming
from portal.shifts.gaps import Which
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.sayings import to_remind
from portal.web.errors import NotFound
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.worker import round_of_work

both = pytest.mark.both_databases
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = "America/New_York"


@pytest.fixture
def shift(database, cast, time) -> int:
    """A shift with Ana, who has been on one before, and Bo, who has not; five days before it."""
    time.at = NOON - 5 * DAY
    with database.writing() as db:
        build.served(db, cast.ana, cast.driver, NOON - 30 * DAY)
        made = build.shift(db, cast.driver, title="Ride").id
        for one in (cast.ana, cast.bo):
            signups.sign_up(Act(db, OFFICE, time.at), one, made, staff=True, quiet=True)
    return made


def rounds(database, time, *moments):
    """The worker comes by at some moments."""
    for time.at in moments:
        round_of_work(database, SETTINGS, time.at)


def asked(database) -> list[int]:
    """Who was asked, by message."""
    with database.reading() as db:
        kinds = select(Message.person_id).where(Message.kind == "shift.coming")
        return sorted(db.scalars(kinds))


def ask_all(database, cast):
    with database.writing() as db:
        act = Act(db, OFFICE, NOON - 6 * DAY)
        change(act, still_coming.ASK_ALL, True, SETTINGS, program_id=cast.rides)


@both
def test_before_a_first_shift_people_are_asked_and_all_where_the_program_wants_it(
    database, cast, time, shift
):
    rounds(database, time, NOON - 49 * HOUR)
    assert asked(database) == []
    rounds(database, time, NOON - 47 * HOUR, NOON - 46 * HOUR)
    assert asked(database) == [cast.bo]


@both
def test_where_the_program_wants_it_everyone_is_asked_once(database, cast, time, shift):
    ask_all(database, cast)
    rounds(database, time, NOON - 49 * HOUR, NOON - 47 * HOUR, NOON - 46 * HOUR, NOON - 10 * HOUR)
    assert asked(database) == sorted([cast.ana, cast.bo])


def test_who_cannot_come_or_signed_up_within_two_days_is_not_asked(database, cast, time, shift):
    ask_all(database, cast)
    rounds(database, time, NOON - 49 * HOUR)
    with database.writing() as db:
        releases.cant_make_it(Act(db, OFFICE, time.at, asked="phone"), cast.bo, shift, keep=True)
        late = build.shift(db, cast.driver, starts=NOON + 2.5 * HOUR).id
    rounds(database, time, NOON - 47 * HOUR)
    time.at = NOON - 45 * HOUR
    with database.writing() as db:
        signups.sign_up(Act(db, OFFICE, time.at), cast.bo, late, staff=True, quiet=True)
    rounds(database, time, NOON - 44 * HOUR, NOON - 40 * HOUR)
    assert asked(database) == [cast.ana]


def lines(database, cast, at) -> list[tuple[str, int]]:
    """The coordinator's list of gaps: what, and how many are not confirmed."""
    viewer = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with database.reading() as db:
        which = Which(at, (NOON + 20 * DAY).date(), ZONE)
        page = gaps.page(db, viewer, which)
        assert gaps.number(db, viewer, which) == len(page.rows)
        return [(one.title, one.unconfirmed) for one in page.rows]


@both
def test_silence_the_day_before_heads_the_list_of_gaps(database, cast, time, shift):
    with database.writing() as db:
        build.shift(db, cast.desk, title="Empty", starts=NOON - HOUR)
    rounds(database, time, NOON - 49 * HOUR, NOON - 47 * HOUR)
    assert lines(database, cast, NOON - 25 * HOUR) == [("Empty", 0)]
    assert lines(database, cast, NOON - 23 * HOUR) == [("Ride", 1), ("Empty", 0)]
    with database.reading() as db:
        slot = build.slot_of(db, shift)
        found = still_coming.who_did_not_answer(db, [slot], NOON - 23 * HOUR)
        assert [one.person_id for one in found[slot]] == [cast.bo]
    with database.writing() as db:
        still_coming.confirm(Act(db, build.viewer(cast.bo), NOON - 22 * HOUR), cast.bo, shift)
    assert lines(database, cast, NOON - 21 * HOUR) == [("Empty", 0)]


@both
def test_an_answer_from_a_mail_confirms_cancels_or_asks_others(database, cast, time, shift):
    ask_all(database, cast)
    rounds(database, time, NOON - 49 * HOUR, NOON - 47 * HOUR)
    with database.reading() as db:
        own = {
            row.person_id: row.id for row in db.scalars(select(Signup).filter_by(shift_id=shift))
        }
    for who, at, said in (
        (cast.ana, NOON - 40 * HOUR, "yes"),
        (cast.ana, NOON - 39 * HOUR, "yes"),
        (cast.bo, NOON - 30 * HOUR, "no"),
        (cast.ana, NOON - 3 * HOUR, "no"),
    ):
        with database.writing() as db:
            answers.answer("signup", Act(db, build.viewer(who), at), own[who], said)
    with database.reading() as db:
        assert db.get_one(Signup, own[cast.bo]).state == SignupState.WITHDRAWN
        ana = db.get_one(Signup, own[cast.ana])
        assert (ana.state, ana.coming_at) == (SignupState.WITHDRAWN, NOON - 40 * HOUR)
        actions = db.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert actions.count("signup.coming") == 1
        assert "signup.cant" in actions  # after the cut-off others are asked


def test_who_was_asked_is_not_reminded_at_once(database, cast, time, shift):
    class Row:
        state, ends_at, coming_asked_at = SignupState.SIGNED_UP, NOON, NOON - 48 * HOUR

    assert not to_remind(Row, NOON - 47 * HOUR)
    assert to_remind(Row, NOON - 24 * HOUR)


def test_only_who_is_on_it_confirms_and_staff_of_the_program(database, cast, time, shift, as_):
    with database.writing() as db, pytest.raises(NotFound):
        still_coming.confirm(Act(db, build.viewer(cast.sol), time.at), cast.sol, shift)
    rounds(database, time, NOON - 49 * HOUR, NOON - 47 * HOUR, NOON - 20 * HOUR)
    with database.reading() as db:
        signup = db.scalars(select(Signup.id).filter_by(person_id=cast.bo)).one()
        slot = build.slot_of(db, shift)
    assert "Still coming?" in as_(cast.bo).get("/me").text
    assert "Yes, I&#39;m coming" in as_(cast.bo).get(f"/shifts/{shift}").text
    page = as_(cast.cy).get("/gaps").text
    assert "Bo Tanaka hasn't said they're coming." in page.replace("&#39;", "'"), page[
        page.find("Ride") :
    ][:900]
    mara = as_(cast.mara)
    assert mara.post(f"/shifts/{shift}/signups/{signup}/coming", asked="phone").status_code == 404
    assert mara.post(f"/gaps/{slot}/coming", person=str(cast.bo)).status_code == 404
    as_(cast.cy).post(f"/gaps/{slot}/coming", person=str(cast.bo), asked="")
    with database.reading() as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "signup.coming")).one()
        assert (entry.asked, entry.actor_id, entry.person_id) == ("phone", cast.cy, cast.bo)
        assert db.get_one(Shift, shift).canceled_at is None
    assert "Still coming?" not in as_(cast.bo).get("/me").text


@both
def test_a_shift_at_another_time_is_asked_about_anew(database, cast, time, shift):
    ask_all(database, cast)
    rounds(database, time, NOON - 49 * HOUR, NOON - 47 * HOUR)
    with database.writing() as db:
        still_coming.confirm(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
        day = (NOON + 3 * DAY).date()
        shifts.move_shift(Act(db, OFFICE, time.at), db.get_one(Shift, shift), day, None)
    hours = range(-46, 3 * 24 - 40, 6)
    rounds(database, time, *(NOON + number * HOUR for number in hours))
    assert asked(database).count(cast.bo) == 2


def test_who_is_there_or_shadows_is_not_missed(database, cast, time, shift):
    ask_all(database, cast)
    rounds(database, time, NOON - 49 * HOUR, NOON - 47 * HOUR)
    with database.writing() as db:
        ana, bo = (
            db.scalars(select(Signup).filter_by(shift_id=shift, person_id=who)).one()
            for who in (cast.ana, cast.bo)
        )
        ana.in_at, bo.trainee = NOON - HOUR / 6, True
    assert ("Ride", 1) not in lines(database, cast, NOON - HOUR / 10)
