"""People from files: rows become people with placements; no one is made twice."""

import pytest
from sqlalchemy import func, select

from portal.people import search
from portal.people.models import Person, Phone
from portal.programs.models import Placement
from tests import build

HEAD = "name,email,phone,program,position\n"


@pytest.fixture
def bring_in(run, tmp_path, cast):
    def done(lines, *options, code=0):
        path = tmp_path / "people.csv"
        path.write_text(HEAD + lines)
        return run("import", "people", str(path), *options, code=code)

    return done


def people(database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Person)) or 0


@pytest.mark.both_databases
def test_a_line_becomes_a_person_who_may_serve(database, bring_in, as_, cast):
    said = bring_in("Ida Wells,ida@example.org,(555) 555-7777,Rides,Driver\n")
    assert "1 made" in said
    with database.reading() as db:
        ida = db.scalars(select(Person).where(Person.name == "Ida Wells")).one()
        placed = db.scalars(select(Placement).where(Placement.person_id == ida.id)).one()
        assert placed.position_id == cast.driver
        assert ida.phones[0].number == "(555) 555-7777"
        number = ida.id
    page = as_(cast.cy).get(f"/people/{number}").text
    assert "Driver" in page


@pytest.mark.both_databases
def test_the_same_file_twice_makes_nobody_twice(database, bring_in):
    line = "Ida Wells,ida@example.org,(555) 555-7777,Rides,Driver\n"
    bring_in(line)
    before = people(database)
    assert "0 made, 0 changed, 1 unchanged" in bring_in(line)
    assert people(database) == before


@pytest.mark.both_databases
def test_a_line_that_looks_like_someone_who_is_here_says_so(database, bring_in):
    bring_in("Elizabeth O'Brien,liz@example.org,(555) 555-7777,,\n")
    line = "Liz OBrien,eob@example.com,,,\n"
    before = people(database)
    said = bring_in(line, "--skip-lookalikes")
    assert "1 left out" in said
    assert "looks like someone who is here: Elizabeth O'Brien" in said
    assert people(database) == before
    said = bring_in(line)
    assert "1 made" in said
    assert "looks like someone who is here: Elizabeth O'Brien" in said
    assert "1 unchanged" in bring_in(line)
    assert "looks like" not in bring_in("Nobody Alike,na@example.org,,,\n")


@pytest.mark.both_databases
def test_a_family_in_one_file_is_told_by_its_lines_and_skipped_by_none(database, bring_in):
    said = bring_in(
        "Ann Park,ann@example.org,(555) 555-7777,,\nBen Park,ben@example.org,(555) 555-7777,,\n",
        "--skip-lookalikes",
    )
    assert "2 made" in said
    assert "Ben Park (looks like line 2)" in said


@pytest.mark.both_databases
def test_any_phone_of_someone_tells_who_they_are(database, bring_in, time):
    with database.writing() as db:
        build.person(db, "Elsa Roth", time.at, phone="(555) 555-1000")
        elsa = db.scalars(select(Person).where(Person.name == "Elsa Roth")).one()
        elsa.phones.append(Phone(number="(555) 555-2000"))
        db.flush()
        search.reindex(db, elsa)
    assert "looks like someone who is here: Elsa Roth" in bring_in("E. R.,,(555) 555-2000,,\n")


@pytest.mark.both_databases
def test_people_without_mail_are_welcome(database, bring_in):
    line = "Otis Reed,,(555) 555-8888,Rides,Driver\n"
    assert "1 made" in bring_in(line)
    assert "1 unchanged" in bring_in(line)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "bad",
    [
        ",nobody@example.org,,Rides,Driver\n",
        "Ida Wells,not an address,,Rides,Driver\n",
        "Ida Wells,ida@example.org,,Nobody's,Driver\n",
    ],
)
def test_a_bad_line_is_left_out_and_stops_nothing(database, bring_in, bad):
    before = people(database)
    said = bring_in(bad + "Otis Reed,otis@example.org,,Rides,Driver\n")
    assert "1 made" in said
    assert "1 left out" in said
    assert people(database) == before + 1


def test_no_create_refuses_unknown_roles(database, bring_in):
    before = people(database)
    said = bring_in("Ida Wells,ida@example.org,,Rides,Acrobat\n", "--no-create")
    assert "1 left out" in said
    assert people(database) == before
