"""Settings of an agency: where a value comes from, who changes it, and when others see it."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.models import AgencySetting
from portal.agency.settings import Found, Setting, Source, change, find, value_of
from portal.app import DOMAINS
from portal.audit.models import AuditEntry
from portal.db import Database
from portal.occasions.settings import OFFER_HOURS, time_to_answer
from portal.people.sessions import viewer_of
from portal.permissions import Permission
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from portal.words import text
from tests import build
from tests.shifts.test_races import at_once

both = pytest.mark.both_databases
SECRET = {"secret_key": "test-only-secret-key-0123456789-abcdefgh"}
NOTHING = Settings(**SECRET)
LONGEST = Setting(
    "longest_shift",
    text("Longest shift"),
    12,
    least=1,
    most=24,
    may=Permission.SHIFTS_MANAGE,
    per_program=True,
)
GREETING = Setting("greeting", text("Greeting"), "Hello", most=20)
OPEN = Setting("open", text("Open"), True)


def office(db, time) -> Act:
    return Act(db, build.OFFICE, time.at)


@both
def test_a_setting_has_its_default_until_somebody_changes_it(database, cast, time):
    with database.reading() as db:
        assert find(db, OFFER_HOURS, NOTHING) == Found(12, Source.DEFAULT)
    with database.writing() as db:
        change(office(db, time), OFFER_HOURS, 24, NOTHING)
    with database.reading() as db:
        assert find(db, OFFER_HOURS, NOTHING) == Found(24, Source.AGENCY)
        assert time_to_answer(db, NOTHING) == time.span(hours=24)
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "setting.changed")).one()
        row = db.scalars(select(AgencySetting)).one()
    assert (entry.subject_id, entry.detail) == (row.id, "offer_hours: - > 24")


@both
def test_another_process_sees_a_change_on_its_next_request(database, cast, time):
    other = Database(database.url.render_as_string(False))
    with other.reading() as db:
        assert value_of(db, OFFER_HOURS, NOTHING) == 12
    with database.writing() as db:
        change(office(db, time), OFFER_HOURS, 48, NOTHING)
    with other.reading() as db:
        assert value_of(db, OFFER_HOURS, NOTHING) == 48
    other.dispose()


@both
def test_a_program_may_have_its_own_and_others_keep_the_agency_s(database, cast, time):
    with database.writing() as db:
        change(office(db, time), LONGEST, 10, NOTHING)
        change(Act(db, viewer_of(db, cast.cy, time.at), time.at), LONGEST, 6, NOTHING, cast.rides)
    with database.reading() as db:
        assert find(db, LONGEST, NOTHING, cast.rides) == Found(6, Source.PROGRAM)
        assert find(db, LONGEST, NOTHING, cast.shelter) == Found(10, Source.AGENCY)
        assert find(db, LONGEST, NOTHING) == Found(10, Source.AGENCY)


@both
def test_who_may_not_change_it_gets_nothing(database, cast, time):
    with database.writing() as db:
        cy = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        for setting, program in (
            (OFFER_HOURS, None),
            (LONGEST, None),
            (LONGEST, cast.shelter),
            (OFFER_HOURS, cast.rides),
        ):
            with pytest.raises(NotFound):
                change(cy, setting, 3, NOTHING, program)
        assert db.scalars(select(AgencySetting)).all() == []


@both
@pytest.mark.parametrize("wrong", [0, 169, "12", True, 1.5, None])
def test_a_value_outside_its_bounds_is_refused(database, cast, time, wrong):
    with database.writing() as db, pytest.raises(Refused):
        change(office(db, time), OFFER_HOURS, wrong, NOTHING)
    with database.writing() as db:
        for good in (1, 168):
            change(office(db, time), OFFER_HOURS, good, NOTHING)
            assert value_of(db, OFFER_HOURS, NOTHING) == good


@both
def test_texts_and_switches_come_back_as_they_are(database, cast, time):
    with database.writing() as db:
        change(office(db, time), GREETING, "Grüß Gott", NOTHING)
        change(office(db, time), OPEN, False, NOTHING)
        with pytest.raises(Refused):
            change(office(db, time), GREETING, "x" * 21, NOTHING)
    with database.reading() as db:
        assert value_of(db, GREETING, NOTHING) == "Grüß Gott"
        assert value_of(db, OPEN, NOTHING) is False


@both
def test_the_environment_wins_and_says_so(database, cast, time):
    given = Settings.read({"PORTAL_OFFER_HOURS": "12"}, **SECRET)
    with database.writing() as db:
        change(office(db, time), OFFER_HOURS, 24, NOTHING)
        assert find(db, OFFER_HOURS, given) == Found(12, Source.ENVIRONMENT)
        assert find(db, OFFER_HOURS, replace(NOTHING, offer_hours=2)) == Found(
            2, Source.ENVIRONMENT
        )
        with pytest.raises(Refused):
            change(office(db, time), OFFER_HOURS, 36, given)
    assert Settings.read(given.environ()).is_given("offer_hours"), "worker processes know it, too"


@both
def test_two_who_change_it_at_once_leave_one_row(database, cast, time):
    def set_to(hours: int) -> None:
        with database.writing() as db:
            change(office(db, time), OFFER_HOURS, hours, NOTHING)

    at_once(*(lambda hours=hours: set_to(hours) for hours in (5, 6, 7)))
    with database.reading() as db:
        rows = db.scalars(select(AgencySetting)).all()
    assert len(rows) == 1
    assert rows[0].value in ("5", "6", "7")


def test_every_setting_is_declared_once_with_a_default_within_its_bounds():
    declared = [one for domain in DOMAINS for one in domain.settings]
    assert len({one.name for one in declared}) == len(declared) >= 5
    for one in declared:
        one.check(one.default)
        assert len(one.name) <= 40
        if hasattr(NOTHING, one.name):
            assert getattr(NOTHING, one.name) == one.default
