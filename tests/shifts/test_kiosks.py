"""Kiosks: a device at a location for a day, whose code or a typed name checks people in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.kiosks import kiosks
from portal.kiosks.models import Kiosk
from portal.people.models import Person, Phone
from portal.permissions import COMMAND_LINE, Role
from portal.programs.models import Site
from portal.shifts import signups
from portal.shifts.models import Signup
from portal.web.errors import NotFound, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS

both = pytest.mark.both_databases
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONE = "America/New_York"
TODAY = clock.local_day(NOON, ZONE)
SECRET = SETTINGS.secret_key


def coordinator(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def kiosk(database, cast, time) -> tuple[str, int]:
    """The link's token of a kiosk at the office, and a shift there with Ana and Bo; ten minutes before it."""
    time.at = NOON - 10 * MINUTE
    with database.writing() as db:
        made = build.shift(db, cast.driver, site_id=cast.office).id
        for one in (cast.ana, cast.bo):
            signups.sign_up(Act(db, OFFICE, NOON - 3 * DAY), one, made, staff=True, quiet=True)
        db.add(Phone(person_id=cast.ana, number="(555) 555-0142"))
        act = Act(db, coordinator(cast), time.at)
        _, token = kiosks.add_kiosk(act, cast.office, cast.rides, TODAY, TODAY)
    return token, made


def signup(database, person) -> Signup:
    with database.reading() as db:
        return db.scalars(select(Signup).where(Signup.person_id == person)).one()


def code(database, at) -> str:
    with database.reading() as db:
        return kiosks.code_of(SECRET, db.scalars(select(Kiosk)).one(), at)


@both
def test_its_code_changes_every_minute_and_leads_to_it_for_a_minute_more(
    database, cast, time, kiosk
):
    at = time.at.replace(second=0)
    now = code(database, at)
    assert re.fullmatch(r"[0-9]{6}", now)
    assert now == code(database, at + 59 * timedelta(seconds=1)) != code(database, at + MINUTE)
    with database.reading() as db:
        for later, found in ((0, True), (1, True), (2, False)):
            row = kiosks.kiosk_with_code(db, SECRET, now, at + later * MINUTE, ZONE)
            assert (row is not None) == found
        for wrong in ("", "000000" if now != "000000" else "111111", "५५५५५५", "x" * 12):
            assert kiosks.kiosk_with_code(db, SECRET, wrong, at, ZONE) is None


@both
def test_its_link_works_on_its_day_until_it_is_turned_off(database, cast, time, kiosk):
    token, _ = kiosk
    with database.writing() as db:
        row = kiosks.kiosk_of(db, token, time.at, ZONE)
        assert token not in str(vars(row))
        for wrong, at in ((token + "x", time.at), (token, time.at + DAY), (token, time.at - DAY)):
            with pytest.raises(NotFound):
                kiosks.kiosk_of(db, wrong, at, ZONE)
        kiosks.end_kiosk(Act(db, coordinator(cast), time.at), row)
    with database.reading() as db:
        with pytest.raises(NotFound):
            kiosks.kiosk_of(db, token, time.at, ZONE)
        assert kiosks.kiosk_with_code(db, SECRET, code(database, time.at), time.at, ZONE) is None


def test_there_is_none_at_a_confidential_location_nor_for_a_sensitive_program(database, cast, time):
    time.at = NOON
    mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
    noel = build.viewer(cast.noel, (Role.COORDINATOR, cast.testing))
    for by, site, program, day, field in (
        (mara, cast.house, cast.shelter, TODAY, "site"),
        (COMMAND_LINE, cast.house, None, TODAY, "site"),
        (noel, cast.office, cast.testing, TODAY, "program"),
        (coordinator(cast), cast.office, None, TODAY, "program"),
        (coordinator(cast), cast.office, cast.rides, TODAY - DAY, "day"),
        (coordinator(cast), cast.office, cast.rides, TODAY + 61 * DAY, "day"),
        (coordinator(cast), None, cast.rides, TODAY, "site"),
    ):
        with pytest.raises(Refused) as refused, database.writing() as db:
            kiosks.add_kiosk(Act(db, by, time.at), site, program, day, TODAY)
        assert list(refused.value.fields) == [field]
    with pytest.raises(NotFound), database.writing() as db:
        act = Act(db, coordinator(cast), time.at)
        kiosks.add_kiosk(act, cast.office, cast.shelter, TODAY, TODAY)


def test_it_knows_no_one_of_a_sensitive_program_nor_of_another_place(database, cast, time, kiosk):
    with database.writing() as db:
        for role, who, more in (
            (cast.greeter, cast.wes, {"site_id": cast.office}),
            (cast.driver, cast.sol, {}),
        ):
            shift = build.shift(db, role, **more).id
            if who == cast.sol:
                build.place(db, who, role, time.at)
            signups.sign_up(Act(db, OFFICE, NOON - 3 * DAY), who, shift, staff=True, quiet=True)
            db.add(Phone(person_id=who, number="555-0199"))
        row = db.scalars(select(Kiosk)).one()
        row.program_id = None
        for first in ("Wes", "Sol"):
            assert kiosks.who_is(db, row, first, "0199", time.at) is None
        assert kiosks.own_signups(db, row, cast.wes, time.at) == []


@both
def test_a_first_name_and_four_digits_check_in_and_out_and_neither_alone(
    database, cast, time, kiosk, public
):
    token, _ = kiosk
    page = public.get(f"/kiosk/{token}").text
    assert "Ana" not in page
    assert "Tanaka" not in page
    answer = public.post(f"/kiosk/{token}", first="ANA", digits="0142", way="in")
    assert answer.status_code == 303
    assert "Ana R. is checked in." in public.get(f"/kiosk/{token}").text
    assert signup(database, cast.ana).checked_how == "kiosk"
    time.at = NOON + HOUR
    public.post(f"/kiosk/{token}", first="Ana", digits="0142", way="out")
    assert signup(database, cast.ana).out_at == time.at
    for first, digits in (("", "0142"), ("Ana", ""), ("Bo", "0142"), ("Ana", "0143")):
        time.at += 2 * MINUTE
        answer = public.post(f"/kiosk/{token}", first=first, digits=digits, way="in")
        assert answer.status_code == 422
        assert "Ana R." not in answer.text


def test_a_third_wrong_try_waits_for_the_next_code_and_right_ones_do_not_count(
    database, cast, time, kiosk, public, as_
):
    token, _ = kiosk
    time.at = time.at.replace(second=0)
    for _ in range(4):
        assert (
            public.post(f"/kiosk/{token}", first="Ana", digits="0142", way="in").status_code == 303
        )
    for said in ("can&#39;t find you", "can&#39;t find you", "Wait for the next code"):
        answer = public.post(f"/kiosk/{token}", first="Ana", digits="9999", way="in")
        assert said in answer.text
    answer = public.post(f"/kiosk/{token}", first="Ana", digits="0142", way="in")
    assert answer.status_code == 422
    bo = as_(cast.bo)
    for said in ("wrong or old", "wrong or old", "Wait for the next code"):
        assert said in bo.post("/check-in", code="1", way="in").text
    time.at += MINUTE
    assert bo.post("/check-in", code=code(database, time.at), way="in").status_code == 303
    assert signup(database, cast.bo).checked_how == "code"


def test_by_the_picture_one_finds_ones_own_shift_and_checks_in(database, cast, time, kiosk, as_):
    bo, now = as_(cast.bo), code(database, time.at)
    page = bo.get(f"/check-in?code={now}").text
    assert now in page
    assert "12:00" in page
    assert "You have no shift today." in as_(cast.sol).get(f"/check-in?code={now}").text
    assert "wrong or old" not in bo.get("/check-in?code=12").text  # only a press says so
    assert bo.post("/check-in", code=f"{now[:3]} {now[3:]}", way="in").status_code == 303
    assert signup(database, cast.bo).in_at == time.at


def test_too_early_and_not_cleared_are_refused_with_the_reason(
    database, cast, time, kiosk, public, as_
):
    token, _ = kiosk
    time.at = NOON - 2 * HOUR
    bo = as_(cast.bo)
    assert "Check-in opens" in bo.post("/check-in", code=code(database, time.at), way="in").text
    time.at = NOON
    with database.writing() as db:
        db.get_one(Person, cast.bo)
        build.rule(db, time.at, build.requirement(db, time.at), position_id=cast.driver)
    said = public.post(f"/kiosk/{token}", first="Ana", digits="0142", way="in").text
    assert "Something is missing for this role. Call the coordinator." in said


def test_staff_see_and_end_the_kiosks_of_their_programs_alone(database, cast, time, kiosk, as_):
    with database.reading() as db:
        row = db.scalars(select(Kiosk.id)).one()
        assert db.get_one(Site, cast.office).name in as_(cast.cy).get("/kiosks").text
    assert "Turn off link" not in as_(cast.mara).get("/kiosks").text
    assert as_(cast.mara).post(f"/kiosks/{row}/ending").status_code == 404
    page = as_(cast.cy).post(
        "/kiosks", site=str(cast.office), program=str(cast.rides), day=TODAY.isoformat()
    )
    [link] = re.findall(r"/kiosk/[\w-]{43}", page.text)
    assert as_(cast.cy).get(link).status_code == 200
    assert link not in as_(cast.cy).get("/kiosks").text


def test_an_accent_alone_is_no_name_and_first_names_are_found_as_people_write_them(
    database, cast, time, kiosk
):
    with database.writing() as db:
        db.get_one(Person, cast.ana).name = "Ana María Reyes"
        db.add(Phone(person_id=cast.bo, number="555 555 0177 ext 9"))
        row = db.scalars(select(Kiosk)).one()
        for name, digits, found in (
            ("\u0301", "0142", None),
            ("ana maria", "0142", cast.ana),
            ("Ana María Reyes", "0142", cast.ana),
            ("Bo", "0177", cast.bo),
            ("B", "0177", None),
        ):
            assert kiosks.who_is(db, row, name, digits, time.at) == found


def test_the_next_shift_is_meant_when_one_forgot_to_check_out(database, cast, time, kiosk, as_):
    with database.writing() as db:
        later = build.shift(db, cast.driver, starts=NOON + 2 * HOUR, site_id=cast.office).id
        signups.sign_up(Act(db, OFFICE, time.at - DAY), cast.bo, later, staff=True, quiet=True)
    bo = as_(cast.bo)
    for at in (time.at, NOON + 2 * HOUR + 5 * MINUTE):
        time.at = at
        assert bo.post("/check-in", code=code(database, at), way="in").status_code == 303
    with database.reading() as db:
        row = db.scalars(select(Signup).filter_by(shift_id=later, person_id=cast.bo)).one()
        assert row.in_at == time.at


def test_it_ends_when_its_place_becomes_confidential_and_lives_through_the_night(
    database, cast, time, kiosk
):
    token, _ = kiosk
    midnight = clock.start_of_day(TODAY + DAY, ZONE)
    with database.writing() as db:
        kiosks.kiosk_of(db, token, midnight + HOUR, ZONE)
        site = db.get_one(Site, cast.office)
        site.program_id, site.confidential = cast.rides, True
        db.flush()
        with pytest.raises(NotFound):
            kiosks.kiosk_of(db, token, time.at, ZONE)


def test_being_right_too_early_is_no_wrong_try(database, cast, time, kiosk, public):
    token, _ = kiosk
    time.at = (NOON - 2 * HOUR).replace(second=0)
    for _ in range(4):
        said = public.post(f"/kiosk/{token}", first="Ana", digits="0142", way="in").text
        assert "Check-in opens" in said
    for _ in range(4):  # what is no try at all is not counted, either
        assert (
            "Enter four digits"
            in public.post(f"/kiosk/{token}", first="A", digits="1", way="in").text
        )
