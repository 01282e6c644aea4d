"""The page of the agency's settings, and that of a program."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.models import AgencySetting
from portal.agency.settings import change, find, reset, value_of
from portal.app import DOMAINS
from portal.audit.models import AuditEntry
from portal.people.settings import OWN_PHONE_DAYS
from portal.permissions import Role
from portal.recruitment.settings import FIRST_ANSWER_DAYS
from portal.requirements.review_settings import SAFETY_CHECK
from portal.screening.settings import GUIDE
from portal.settings import Settings
from portal.web.errors import NotFound
from tests import build
from tests.conftest import change_settings


def test_every_setting_is_on_the_page_or_has_one_of_its_own(as_, cast):
    form = page_of(as_(cast.ada), "/settings")
    for domain in DOMAINS:
        for one in domain.settings:
            assert (one.name in form) is not bool(one.path), one.name


def page_of(browser, path: str) -> dict[str, str]:
    browser.get(path)
    return browser.form(path)


def test_an_administrator_changes_one_and_no_one_else(database, as_, cast):
    ada = as_(cast.ada)
    assert page_of(ada, "/settings")["own_phone_days"] == "90"
    ada.press("/settings", own_phone_days="500")
    assert ada.response.status_code == 422
    assert ada.form("/settings")["own_phone_days"] == "500", "what was typed is not lost"
    ada.press("/settings", own_phone_days="")
    assert ada.response.status_code == 422
    ada.press("/settings", own_phone_days="30")
    assert "The settings were saved." in ada.text
    with database.reading() as db:
        assert value_of(db, OWN_PHONE_DAYS, Settings()) == 30
        changed = select(AuditEntry.detail).where(AuditEntry.action == "setting.changed")
        assert list(db.scalars(changed)) == ["own_phone_days: - > 30"], "only what changed"
    cy = as_(cast.cy)
    assert cy.get("/settings").status_code == 404
    assert cy.post("/settings", own_phone_days="1").status_code == 404


def test_a_program_has_a_value_of_its_own_until_it_is_left_blank(database, as_, cast):
    cy, path = as_(cast.cy), f"/programs/{cast.rides}/settings"
    form = page_of(cy, path)
    assert form["first_answer_days"] == ""
    assert "own_phone_days" not in form
    assert "Blank: 3, as for the agency" in cy.text
    cy.press(path, first_answer_days="5")
    with database.reading() as db:
        assert value_of(db, FIRST_ANSWER_DAYS, Settings(), cast.rides) == 5
        assert value_of(db, FIRST_ANSWER_DAYS, Settings(), cast.shelter) == 3
    cy.get(path)
    cy.press(path, first_answer_days="")
    with database.reading() as db:
        assert value_of(db, FIRST_ANSWER_DAYS, Settings(), cast.rides) == 3
    cy.get(path)
    cy.press(path, interview_guide="Do they listen?")
    with database.reading() as db:
        assert value_of(db, GUIDE, Settings(), cast.rides) == "Do they listen?"
    assert page_of(cy, path)["interview_guide"] == "Do they listen?"
    assert as_(cast.mara).get(path).status_code == 404
    assert as_(cast.mara).post(path, first_answer_days="1").status_code == 404
    assert as_(cast.ana).get(path).status_code == 404


@pytest.mark.both_databases
def test_a_value_is_reset_by_whoever_may_change_it(database, cast, time):
    cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with database.writing() as db:
        act = Act(db, cy, time.at)
        change(act, FIRST_ANSWER_DAYS, 5, Settings(), cast.rides)
        for program in (None, cast.shelter):
            with pytest.raises(NotFound):
                reset(act, FIRST_ANSWER_DAYS, Settings(), program)
        reset(act, FIRST_ANSWER_DAYS, Settings(), cast.rides)
        reset(act, FIRST_ANSWER_DAYS, Settings(), cast.rides)
        db.flush()
        assert find(db, FIRST_ANSWER_DAYS, Settings(), cast.rides).value == 3


def test_what_the_server_sets_is_shown_and_not_asked(app, database, as_, cast):
    change_settings(app, own_phone_days=7)
    ada = as_(cast.ada)
    assert "own_phone_days" not in page_of(ada, "/settings")
    assert "Set on the server" in ada.text
    ada.press("/settings", own_phone_days="30")
    with database.reading() as db:
        assert db.scalar(select(AgencySetting.id)) is None, "and cannot be changed"


def test_whoever_left_a_setting_alone_does_not_undo_a_colleague(database, as_, cast):
    first, second = as_(cast.ada), as_(cast.ada)
    page_of(first, "/settings")
    page_of(second, "/settings")
    first.press("/settings", own_phone_days="33")
    second.press("/settings", first_answer_days="4")
    with database.reading() as db:
        assert value_of(db, OWN_PHONE_DAYS, Settings()) == 33
        assert value_of(db, FIRST_ANSWER_DAYS, Settings()) == 4


def test_what_was_typed_outlives_the_session(as_, cast, time):
    ada = as_(cast.ada)
    page_of(ada, "/settings")
    time.move(hours=20)
    ada.press("/settings", own_phone_days="33")
    again = as_(cast.ada)
    again.get("/session/kept")
    assert again.form("/settings")["own_phone_days"] == "33"


@pytest.mark.both_databases
def test_a_text_may_be_long_and_the_audit_does_not_say_it(database, cast, time):
    cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    for value in ("Zebedee " * 60, "Short Zebedee"):
        with database.writing() as db:
            change(Act(db, cy, time.at), GUIDE, value.strip(), Settings(), cast.rides)
    with database.writing() as db:
        reset(Act(db, cy, time.at), GUIDE, Settings(), cast.rides)
    with database.reading() as db:
        said = select(AuditEntry.detail).where(AuditEntry.action == "setting.changed")
        assert set(db.scalars(said)) == {"interview_guide"}


@pytest.mark.both_databases
def test_a_switch_is_turned_on_for_all_off_for_one_and_left_to_the_agency(
    database, cast, time, as_
):
    ada, name = as_(cast.ada), SAFETY_CHECK.name

    def values() -> list[bool]:
        with database.reading() as db:
            return [
                value_of(db, SAFETY_CHECK, build.SETTINGS, program)
                for program in (None, cast.rides, cast.testing)
            ]

    ada.get("/settings")
    assert ada.form("/settings")[name] == "0"
    ada.press("/settings", **{name: "1"})
    assert values() == [True, True, True]
    path = f"/programs/{cast.rides}/settings"
    ada.get(path)
    assert ada.form(path)[name] == ""
    ada.press(path, **{name: "0"})
    assert values() == [True, False, True]
    ada.get(path)
    ada.press(path, **{name: ""})
    assert values() == [True, True, True]
