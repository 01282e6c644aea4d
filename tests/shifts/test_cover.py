"""Who can't make it after the cut-off stays responsible; others are asked, and the first one helps."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.commitments.models import Commitment
from portal.messages.models import Message
from portal.permissions import Role
from portal.shifts import asks, attendance, cover, releases, signups, waiting
from portal.shifts.candidates import candidates
from portal.shifts.models import Attendance, Shift, Signup, SignupState, Slot
from portal.shifts.roster import people_on
from portal.shifts.waiting_models import Ask
from portal.web.errors import NotFound, Preview, Refused
from tests import build
from tests.browser import forms_of
from tests.build import NOON, OFFICE
from tests.shifts.test_races import at_once, consistent
from tests.worker import round_of_work

both = pytest.mark.both_databases


@pytest.fixture
def shift(database, cast, time):
    """A shift with two spots that Ana is on; the cut-off is 24 hours before."""
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=2, needed=2).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
    return number


def cant(database, person, shift, at, reason="Fever"):
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(person), at), person, shift, reason)


def ask(database, cast, shift, at, seen=None):
    with database.writing() as db:
        row = db.get_one(Shift, shift)
        found = [one.id for one in candidates(db, OFFICE, row, "", 50, row.slots[0])]
        try:
            return asks.ask_others(Act(db, OFFICE, at), row, row.slots[0].id, found, seen or "")
        except Preview as preview:
            if seen is not None:
                raise
            return asks.ask_others(Act(db, OFFICE, at), row, row.slots[0].id, found, preview.seen)


@both
def test_before_the_cut_off_one_takes_oneself_off(database, cast, time, shift):
    with pytest.raises(Refused, match="still cancel your spot"), database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        releases.cant_make_it(act, cast.ana, shift, keep=False)


@both
def test_who_could_cancel_may_have_a_sub_found_first(database, cast, time, shift, settings):
    cant(database, cast.ana, shift, time.at)
    round_of_work(database, settings, time.move(minutes=2))
    with database.reading() as db:
        assert db.scalars(select(Ask.person_id)).all() == [cast.bo]
        assert db.scalars(people_on(shift)).all() == [cast.ana]
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
    with database.reading() as db:
        assert db.scalars(people_on(shift)).all() == [cast.bo]


@both
def test_staff_say_it_for_whoever_calls_at_any_time(database, cast, time, shift):
    with database.writing() as db:
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        act = Act(db, cy, time.at, "phone")
        assert releases.cant_make_it(act, cast.ana, shift, "sick") is False
    with database.reading() as db:
        assert db.scalars(people_on(shift)).all() == []
        entry = db.scalars(select(AuditEntry).filter_by(action="signup.cant")).one()
        assert (entry.actor_id, entry.asked) == (cast.cy, "phone")


def test_a_roster_takes_the_call_and_says_what_is_wrong(cast, time, as_, shift):
    cy = as_(cast.cy)
    cy.get(f"/shifts/{shift}/roster")
    path = next(to for to, _ in forms_of(cy.text) if to.endswith("/cover-request"))
    assert cy.press(path, cant_reason="fever", asked="phone").status_code == 422
    page = cy.press(path, cant_reason="work", keep="y", asked="phone").text
    assert "Ana Reyes stays until someone says yes." in page
    assert "make it: Work or school" in page


@both
def test_after_it_the_person_stays_on_the_shift_which_is_flagged(database, cast, time, shift):
    cant(database, cast.ana, shift, NOON - timedelta(hours=3))
    cant(database, cast.ana, shift, NOON - timedelta(hours=2), "Again")  # a second press
    with database.reading() as db:
        signup = db.scalars(select(Signup).where(Signup.shift_id == shift)).one()
        assert (signup.state, signup.cant_reason) == (SignupState.SIGNED_UP, "Fever")
        assert db.scalars(select(Slot.filled)).all() == [1]
        entries = select(AuditEntry.id).where(AuditEntry.action == "signup.cant")
        assert len(db.scalars(entries).all()) == 1
    with database.writing() as db:
        at = NOON - timedelta(hours=1)
        cover.can_after_all(Act(db, build.viewer(cast.ana), at), cast.ana, shift)
    with database.reading() as db:
        assert db.scalars(select(Signup.cant_at)).one() is None


@both
def test_who_is_not_on_it_has_nothing_to_say(database, cast, shift):
    with pytest.raises(NotFound):
        cant(database, cast.bo, shift, NOON - timedelta(hours=3))


@both
def test_asking_lists_who_is_placed_and_free_and_asks_each_once(database, cast, time, shift):
    with database.writing() as db:
        row = db.get_one(Shift, shift)
        found = candidates(db, OFFICE, row, "", 50, row.slots[0])
        assert [one.name for one in found] == ["Bo Tanaka"]
    with pytest.raises(Preview):
        ask(database, cast, shift, time.at, seen="something else")
    assert ask(database, cast, shift, time.at) == 1
    with pytest.raises(Refused, match="No one is left"):
        ask(database, cast, shift, time.at)
    with database.reading() as db:
        assert db.scalars(select(Ask.person_id)).all() == [cast.bo]


@both
def test_yes_is_signing_up_and_no_is_kept(database, cast, time, shift):
    with database.writing() as db:
        dot = build.person(db, "Dot", time.at).id
        build.place(db, dot, cast.driver, time.at)
    ask(database, cast, shift, time.at)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
    with database.writing() as db:
        number = db.scalars(select(Ask.id).where(Ask.person_id == dot)).one()
        cover.decline(Act(db, build.viewer(dot), time.at), dot, number)
        with pytest.raises(NotFound):
            cover.decline(Act(db, build.viewer(cast.bo), time.at), cast.bo, number)
    with database.reading() as db:
        said = {row.name: row.answer for row in asks.asked_about(db, shift)}
    assert said == {"Bo Tanaka": "yes", "Dot": "no"}
    assert consistent(database)


@both
def test_who_says_yes_takes_over_from_somebody_who_cant_make_it(database, cast, time):
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=1, needed=1).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
        dot = build.person(db, "Dot", time.at).id
        build.place(db, dot, cast.driver, time.at)
    at = NOON - timedelta(hours=3)
    with database.writing() as db:
        assert asks.short_slots(db, db.get_one(Shift, number)) == []
    cant(database, cast.ana, number, at)
    with database.writing() as db:
        assert len(asks.short_slots(db, db.get_one(Shift, number))) == 1
    ask(database, cast, number, at)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.bo), at), cast.bo, number)
    with pytest.raises(Refused, match="All spots are taken"), database.writing() as db:
        signups.sign_up(Act(db, build.viewer(dot), at), dot, number)
    with database.reading() as db:
        states = dict(db.execute(select(Signup.person_id, Signup.state)).all())
    assert states == {cast.ana: "withdrawn", cast.bo: "signed_up"}
    assert consistent(database)


@both
def test_full_is_full_for_those_who_were_not_asked(database, cast, time):
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=1, needed=1).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
    cant(database, cast.ana, number, NOON - timedelta(hours=3))
    with pytest.raises(Refused, match="All spots are taken"), database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.bo), NOON - timedelta(hours=3)), cast.bo, number)


def test_only_those_who_are_checked_are_asked(database, cast, time, as_, shift):
    with database.writing() as db:
        dot = build.person(db, "Dot", time.at).id
        build.place(db, dot, cast.driver, time.at)
    cy = as_(cast.cy)
    cy.get(f"/shifts/{shift}/asks")
    page = cy.press(f"/shifts/{shift}/asks", people=[str(dot)]).text
    assert "Ask 1 person" in page
    cy.press(f"/shifts/{shift}/asks")
    with database.reading() as db:
        assert db.scalars(select(Ask.person_id)).all() == [dot]


def test_the_whole_way_on_the_pages(database, cast, time, as_, shift):
    with database.writing() as db:
        dot = build.person(db, "Dot", time.at).id
        build.place(db, dot, cast.driver, time.at)
    time.at = NOON - timedelta(hours=3)
    ana, cy = as_(cast.ana), as_(cast.cy)
    page = ana.get(f"/shifts/{shift}").text
    assert "I can&#39;t make it" in page
    assert 'href="tel:5555550101"' in page
    answer = ana.press(f"/shifts/{shift}/cover-request", cant_reason="My knee")
    assert answer.status_code == 422
    page = ana.press(f"/shifts/{shift}/cover-request", cant_reason="family", keep="y").text
    assert "still on this shift" in page
    page = cy.get("/schedule?week=2026-12-07").text
    assert page.index("1 person can't make it") < page.index("data-board")
    assert "Family" in page
    cy.get(f"/shifts/{shift}/asks")
    page = cy.press(f"/shifts/{shift}/asks").text
    assert "Ask 2 people" in page
    page = cy.press(f"/shifts/{shift}/asks").text
    assert "We asked 2 people." in page
    bo, other = as_(cast.bo), as_(dot)
    assert "Could you help out?" in bo.get("/me").text
    bo.get(f"/shifts/{shift}")
    bo.press(f"/shifts/{shift}/signup")
    assert "Could you help out?" not in bo.get("/me").text
    assert "Could you help out?" in other.get("/me").text  # Ana is freed, and one more is needed
    with database.writing() as db:
        eve = build.person(db, "Eve", time.at).id
        build.place(db, eve, cast.driver, time.at)
        signups.sign_up(Act(db, build.viewer(cast.cy), time.at), eve, shift, staff=True)
    page = other.get("/me").text
    assert "Someone else took it. Thank you!" in page
    with database.reading() as db:
        number = db.scalars(select(Ask.id).where(Ask.person_id == dot)).one()
    assert "Someone else" not in other.press(f"/asks/{number}/refusal").text
    page = cy.get(f"/shifts/{shift}/asks").text
    assert "Bo Tanaka" in page
    page = cy.get(f"/shifts/{shift}").text
    assert "Ana Reyes can't make it" in page
    assert "Cy Ortega asked Bo Tanaka to help" in page


@both
@pytest.mark.parametrize("full", [True, False])
def test_who_is_found_frees_the_one_who_cant_come_whichever_spot_they_take(
    database, cast, time, full
):
    with database.writing() as db:
        row = build.shift(db, cast.driver, places=1 if full else 3, needed=1)
        shift, slot = row.id, row.slots[0].id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    at = NOON - timedelta(hours=3)
    cant(database, cast.ana, shift, at)
    with database.writing() as db:
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        signups.sign_up(Act(db, cy, at, "phone"), cast.bo, shift, staff=True)
    with database.reading() as db:
        states = {row.person_id: row.state for row in db.scalars(select(Signup))}
        assert states == {cast.ana: SignupState.WITHDRAWN, cast.bo: SignupState.SIGNED_UP}
        assert db.get_one(Slot, slot).filled == 1
    consistent(database)


@both
def test_a_volunteer_who_was_not_asked_takes_over_no_ones_spot(database, cast, time):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, places=1, needed=1).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    at = NOON - timedelta(hours=3)
    cant(database, cast.ana, shift, at)
    with database.writing() as db, pytest.raises(Refused, match="All spots are taken"):
        signups.sign_up(Act(db, build.viewer(cast.bo), at), cast.bo, shift)


@both
@pytest.mark.parametrize("marked", [True, False])
def test_who_came_after_all_is_replaced_by_no_walk_in(database, cast, time, marked):
    with database.writing() as db:
        row = build.shift(db, cast.driver, places=1, needed=1)
        shift = row.id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    cant(database, cast.ana, shift, NOON - timedelta(hours=3))
    at = NOON + timedelta(hours=1)
    cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with database.writing() as db:
        ana = db.scalars(select(Signup)).one()
        if marked:
            came = attendance.Mark(Attendance.ATTENDED, minutes=120, seen="")
            attendance.mark(Act(db, cy, at), db.get_one(Shift, shift), {ana.id: came})
        signups.sign_up(Act(db, cy, at, "in_person"), cast.bo, shift, staff=True)
    with database.reading() as db:
        ana = db.scalars(select(Signup).where(Signup.person_id == cast.ana)).one()
        assert ana.state == SignupState.SIGNED_UP
        assert (ana.cant_at is None) == marked  # who came could make it
        assert db.scalars(select(Slot.filled)).one() == 2
    consistent(database)


@both
def test_adding_who_said_they_cant_means_that_they_can(database, cast, time, shift):
    at = NOON - timedelta(hours=3)
    cant(database, cast.ana, shift, at)
    with database.writing() as db:
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        signups.sign_up(Act(db, cy, at, "phone"), cast.ana, shift, staff=True)
    with database.reading() as db:
        assert db.scalars(select(Signup.cant_at)).all() == [None]


@both
def test_only_who_cant_come_is_released(database, cast, time, shift):
    at = NOON - timedelta(hours=3)
    cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with database.writing() as db:
        slot = db.scalars(select(Slot.id)).one()
        with pytest.raises(NotFound):
            releases.release(Act(db, cy, at), slot, cast.ana)
    cant(database, cast.ana, shift, at)
    with database.writing() as db:
        assert releases.release(Act(db, cy, at), slot, cast.ana).state == SignupState.WITHDRAWN
    consistent(database)


def test_who_is_asked_about_a_full_shift_can_still_say_yes(database, cast, time, as_):
    with database.writing() as db:
        row = build.shift(db, cast.driver, places=1, needed=1)
        shift = row.id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    time.at = NOON - timedelta(hours=3)
    cant(database, cast.ana, shift, time.at)
    assert ask(database, cast, shift, time.at) == 1
    page = as_(cast.bo).get("/me").text
    assert "Could you help out?" in page
    assert "Someone else took it" not in page


@both
def test_who_is_added_from_the_line_leaves_no_spot_kept_for_no_one(database, cast, time):
    with database.writing() as db:
        row = build.shift(db, cast.driver, places=2, needed=2)
        shift, slot = row.id, row.slots[0].id
        others = [build.person(db, name, time.at).id for name in ("Dot", "Eve")]
        for one in others:
            build.place(db, one, cast.driver, time.at)
        for one in (cast.ana, others[0]):
            signups.sign_up(Act(db, build.viewer(one), time.at), one, shift)
        waiting.join(Act(db, build.viewer(cast.bo), time.at), cast.bo, slot)
        signups.withdraw(Act(db, build.viewer(others[0]), time.at), others[0], shift)
    at = NOON - timedelta(hours=3)
    cant(database, cast.ana, shift, at)
    with database.writing() as db:
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        signups.sign_up(Act(db, cy, at, "phone"), cast.bo, shift, staff=True)
        signups.sign_up(Act(db, cy, at, "phone"), others[1], shift, staff=True)
    with database.reading() as db:
        row = db.get_one(Slot, slot)
        assert (row.filled, row.held) == (2, 0)
    consistent(database)


@both
@pytest.mark.parametrize(
    ("reason", "keep", "stays"),
    [("family", True, True), ("family", False, False), ("sick", True, False), ("", False, False)],
)
def test_who_does_not_keep_coming_is_released_at_once(
    database, cast, time, shift, reason, keep, stays
):
    at = NOON - timedelta(hours=3)
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), at)
        assert releases.cant_make_it(act, cast.ana, shift, reason, keep=keep) is stays
    with database.reading() as db:
        signup = db.scalars(select(Signup).filter_by(person_id=cast.ana)).one()
        assert (signup.state == SignupState.SIGNED_UP) is stays
        assert db.get_one(Slot, signup.slot_id).filled == int(stays)
        assert bool(db.scalar(select(Commitment.id))) is stays
        kinds = set(db.scalars(select(Message.kind)))
        assert ({"signup.cant"} if stays else {"signup.released", "signup.withdrawn"}) <= kinds


@both
def test_the_reason_is_no_mail_and_is_forgotten_after_ninety_days(
    database, cast, time, shift, settings, office
):
    time.at = NOON - timedelta(hours=3)
    cant(database, cast.ana, shift, time.at, "sick day")
    office.send()
    assert office.box.mails
    assert all("sick" not in mail.as_string() for mail in office.box.mails)
    for days, left in ((89, "sick day"), (2, "")):
        round_of_work(database, settings, time.move(days=days))
        with database.reading() as db:
            assert (
                db.scalars(select(Signup.cant_reason).where(Signup.cant_at.is_not(None))).one()
                == left
            )


def test_a_volunteer_who_is_sick_is_off_the_shift(database, cast, time, as_, shift):
    time.at = NOON - timedelta(hours=3)
    ana = as_(cast.ana)
    ana.get(f"/shifts/{shift}")
    page = ana.press(f"/shifts/{shift}/cover-request", cant_reason="sick", keep="y").text
    assert "You&#39;re off this shift. If you&#39;re needed, we ask others." in page


@both
def test_two_presses_at_once_free_one_spot(database, cast, time, shift):
    at = NOON - timedelta(hours=3)
    with database.writing() as db:
        signups.sign_up(Act(db, OFFICE, at), cast.bo, shift, staff=True, quiet=True)

    def release() -> str:
        with database.writing() as db:
            releases.cant_make_it(Act(db, build.viewer(cast.ana), at), cast.ana, shift, keep=False)
        return "off"

    assert at_once(release, release) == ["off", "off"]
    with database.reading() as db:
        ended = select(AuditEntry.id).where(AuditEntry.action == "signup.withdrawn")
        assert len(db.scalars(ended).all()) == 1
        assert db.scalars(select(Slot.filled).where(Slot.shift_id == shift)).one() == 1


@both
def test_once_it_began_only_the_roster_says_who_was_there(database, cast, time, shift):
    """Taking oneself off then would void a no-show."""
    at = NOON + timedelta(minutes=30)
    with database.writing() as db:
        [signup] = db.scalars(select(Signup)).all()
        marks = {signup.id: attendance.Mark(Attendance.NO_SHOW, 0)}
        attendance.mark(Act(db, OFFICE, at), db.get_one(Shift, shift), marks)
    for by, asked in ((build.viewer(cast.ana), None), (OFFICE, "phone")):
        with pytest.raises(Refused, match="already started"), database.writing() as db:
            releases.cant_make_it(Act(db, by, at, asked), cast.ana, shift, "sick")
    with database.reading() as db:
        assert db.scalars(select(Signup.attendance)).one() == Attendance.NO_SHOW


@both
def test_sick_before_the_cut_off_is_off_at_once_and_twice_is_once(database, cast, time, shift):
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        assert releases.cant_make_it(act, cast.ana, shift, "sick", keep=True) is False
        assert releases.cant_make_it(act, cast.ana, shift, "", keep=False) is False
        with pytest.raises(NotFound):
            releases.cant_make_it(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
    with database.reading() as db:
        assert db.scalars(select(Signup.cant_reason)).one() == "sick"


def test_who_said_to_keep_on_can_still_be_taken_off(database, cast, time, as_, shift):
    time.at = NOON - timedelta(hours=3)
    cant(database, cast.ana, shift, time.at, "family")
    ana = as_(cast.ana)
    ana.get(f"/shifts/{shift}")
    assert "Leave this shift" in ana.text
    assert "off this shift" in ana.press(f"/shifts/{shift}/cover-request").text
    with database.reading() as db:
        row = db.scalars(select(Signup)).one()
        assert (row.state, row.cant_reason) == (SignupState.WITHDRAWN, "family")


def test_coordinators_read_once_an_hour_that_someone_cant_come(database, cast, time, shift):
    at = NOON - timedelta(hours=3)
    for _ in range(3):
        cant(database, cast.ana, shift, at)
        with database.writing() as db:
            cover.can_after_all(Act(db, build.viewer(cast.ana), at), cast.ana, shift)
    with database.reading() as db:
        assert len(db.scalars(select(Message.id).filter_by(kind="signup.cant")).all()) == 1


@pytest.mark.parametrize("how", ["taken", "back"])
def test_that_a_spot_is_open_is_said_while_it_is(database, cast, time, shift, office, how):
    time.at = NOON - timedelta(hours=30)
    with database.writing() as db:
        row = db.scalars(select(Slot)).one()
        row.maximum = 1 if how == "taken" else 2
        row.minimum = 1
        releases.cant_make_it(Act(db, OFFICE, time.at, "phone"), cast.ana, shift, "sick")
        taker = cast.bo if how == "taken" else cast.ana
        signups.sign_up(Act(db, OFFICE, time.at), taker, shift, staff=True, quiet=True)
    office.send()
    assert not [one for one in office.box.to("cy@example.org") if "Spot open" in one["subject"]]
