"""What an agency wrote and did not translate: listed for whoever can change it, and said in its language."""

from portal.people.models import Person
from portal.programs.models import Position, Program
from tests import build


def test_staff_find_what_they_can_translate_and_nothing_of_others(database, cast, as_):
    with database.writing() as db:
        db.get_one(Position, cast.driver).translations = {"es": {"name": "Transporte"}}
        db.get_one(Position, cast.driver).description = ""
    cy, ada = as_(cast.cy).get("/translations").text, as_(cast.ada).get("/translations").text
    assert f'href="/positions/{cast.driver}/edit"' not in cy
    assert f'href="/positions/{cast.desk}/edit"' in cy
    assert f'href="/programs/{cast.rides}/edit"' in cy
    assert f'href="/programs/{cast.shelter}/edit"' not in cy
    assert f'href="/programs/{cast.shelter}/edit"' in ada
    assert as_(cast.ana).get("/translations").status_code == 404


def test_a_text_without_a_translation_is_marked_as_English(database, cast, time, as_):
    with database.writing() as db:
        build.opportunity(db, cast.driver, time.at)
        db.get_one(Person, cast.ana).language = "es"
        name = db.get_one(Program, cast.rides).name
    ana = as_(cast.ana)
    assert f'<span lang="en">{name}</span>' in ana.get("/opportunities").text
    with database.writing() as db:
        db.get_one(Program, cast.rides).translations = {"es": {"name": "Viajes"}}
    page = ana.get("/opportunities").text
    assert f'<span lang="en">{name}</span>' not in page
    assert "Viajes" in page
    with database.writing() as db:
        db.get_one(Person, cast.ana).language = "en"
    assert '<span lang="en">' not in ana.get("/opportunities").text
