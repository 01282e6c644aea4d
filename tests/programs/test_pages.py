"""Programs, places, roles, and who may serve in them — on the pages."""

import pytest
from sqlalchemy import select

from portal.programs.models import Placement, Program, Site
from tests import build


@pytest.mark.both_databases
def test_an_administrator_makes_a_program_with_a_role(database, cast, as_):
    browser = as_(cast.ada)
    browser.get("/programs/new")
    browser.press("/programs", name="Night line", visibility="public", withdrawal_hours="24")
    with database.reading() as db:
        program = db.scalars(select(Program).where(Program.name == "Night line")).one().id
    browser.get(f"/programs/{program}/positions/new")
    browser.press(f"/programs/{program}/positions", name="Listener", name_es="Oyente")
    assert "Listener" in browser.get(f"/programs/{program}").text
    assert "Listener" in browser.get(f"/programs/{program}").text


def test_a_sensitive_program_needs_its_neutral_name(cast, as_):
    browser = as_(cast.ada)
    browser.get("/programs/new")
    answer = browser.press("/programs", name="Clinic", visibility="label", public_label="")
    assert answer.status_code == 422
    assert browser.form("/programs")["name"] == "Clinic"


@pytest.mark.parametrize(
    ("path", "action", "field"),
    [
        ("/programs/{rides}/edit", "/programs/{rides}", "name"),
        ("/sites/{office}/edit", "/sites/{office}", "name"),
        ("/positions/{driver}/edit", "/positions/{driver}", "name"),
    ],
)
def test_C3_a_stale_edit_shows_both_versions(cast, as_, path, action, field):
    path, action = path.format(**vars(cast)), action.format(**vars(cast))
    slow, quick = as_(cast.ada), as_(cast.ada)
    slow.get(path)
    quick.get(path)
    quick.press(action, **{field: "The quick one"})
    answer = slow.press(action, **{field: "The slow one"})
    assert answer.status_code == 409
    assert "The quick one" in answer.text
    assert slow.form(action)[field] == "The slow one"
    assert slow.press(action).status_code == 200


def test_closing_a_role_hides_it_and_opening_brings_it_back(database, cast, time, as_):
    with database.writing() as db:
        build.opportunity(db, cast.desk, time.at)
    browser = as_(cast.cy)
    browser.get(f"/positions/{cast.desk}/edit")
    browser.press(f"/positions/{cast.desk}/closing")
    assert "Desk greeter" not in as_(cast.sol).get("/opportunities").text
    browser.get(f"/positions/{cast.desk}/edit")
    browser.press(f"/positions/{cast.desk}/reopening")
    assert "Desk greeter" in as_(cast.sol).get("/opportunities").text


def test_ending_a_placement_ends_taking_shifts(database, cast, time, as_):
    with database.writing() as db:
        shift = build.shift(db, cast.driver).id
        placement = db.scalars(
            select(Placement.id).filter_by(person_id=cast.bo, position_id=cast.driver)
        ).one()
    cy = as_(cast.cy)
    cy.get(f"/placements/{placement}/end")
    cy.press(f"/placements/{placement}/end", ends_on="2026-12-01", reason="Moved away")
    time.move(days=1)
    page = as_(cast.bo).get(f"/shifts/{shift}").text
    assert f"/shifts/{shift}/signup" not in page


def test_a_confidential_place_is_kept_from_other_programs_pages(cast, as_):
    assert "Willow House" not in as_(cast.cy).get("/sites").text
    assert "Willow House" in as_(cast.mara).get("/sites").text


def test_words_in_spanish_reach_those_who_read_spanish(database, cast, time, as_):
    with database.writing() as db:
        words = {"es": {"title": "Conductora"}}
        build.opportunity(db, cast.driver, time.at, translations=words)
        db.get_one(Site, cast.office)
    sol = as_(cast.sol)
    sol.get("/choices")
    sol.press("/choices/language", language="es")
    assert "Conductora" in sol.get("/opportunities").text
