"""Opportunities from files: every line becomes one or says why not, and the same file twice changes nothing."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.programs.models import Program, Site
from portal.recruitment.models import Cause, Opportunity, Recurrence
from tests import build

HEAD = "title,organization,category,location,zip,kind,needed,start,end,key\n"
WRAPPED = (
    '"{\'latitude\': \'40.72\', \'human_address\': \'{""address"": ""37 Avenue A"", '
    '""city"": ""New York"", ""state"": ""NY"", ""zip"": ""10009""}\'}"'
)
GOOD = f"Sort &amp; pack,Pantry,Education,{WRAPPED},10009,onetime,5,December 5 2026,December 5 2026,7\n"
REAL = Path(__file__).parents[3] / "shared/data/nyc-service-volunteer-opportunities.csv"


@pytest.fixture
def bring_in(run, tmp_path, cast):
    """Import some lines below the usual headings: bring_in(GOOD, "--strict")."""

    def done(lines, *options, head=HEAD, code=0):
        path = tmp_path / "opportunities.csv"
        path.write_text(head + lines)
        return run("import", "opportunities", str(path), "--program", "Rides", *options, code=code)

    return done


def only_one(database) -> Opportunity:
    with database.reading() as db:
        row = db.scalars(select(Opportunity)).one()
        db.refresh(row, ["site"])
        return row


@pytest.mark.both_databases
def test_a_line_becomes_an_opportunity_with_its_location(database, bring_in):
    said = bring_in(GOOD)
    assert "1 made, 0 changed, 0 unchanged, 0 left out." in said
    assert "new Location: 37 Avenue A, New York, NY 10009" in said
    row = only_one(database)
    assert (row.title, row.host, row.cause) == ("Sort & pack", "Pantry", Cause.EDUCATION)
    assert (row.recurrence, row.needed) == (Recurrence.ONCE, 5)
    assert row.starts_on == row.listed_until == date(2026, 12, 5)
    assert (row.area, row.postal_code) == ("New York", "10009")
    assert row.site.name == "37 Avenue A, New York, NY 10009"
    assert row.published_at is not None
    assert 40 < row.latitude < 41


@pytest.mark.both_databases
def test_the_same_file_twice_changes_nothing_and_another_one_what_it_says(database, bring_in):
    bring_in(GOOD)
    version = only_one(database).version
    assert "0 made, 0 changed, 1 unchanged, 0 left out." in bring_in(GOOD)
    assert only_one(database).version == version
    assert "0 made, 1 changed, 0 unchanged, 0 left out." in bring_in(GOOD.replace(",5,", ",6,"))
    assert only_one(database).needed == 6
    assert "0 made, 0 changed, 1 unchanged" in bring_in(GOOD.replace(",5,", ",6,"))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",Pantry,,,,,,,,1\n", "It has no title."),
        ("Pack,Pantry,,,,weekly,,,,1\n", "neither ongoing nor one time"),
        ("Pack,Pantry,,,,ongoing,10000,,,1\n", "isn't a number up to 9999"),
        ("Pack,Pantry,,,,ongoing,,soon,,1\n", "isn't a date"),
        ("Pack,Pantry,,,,ongoing,,12/2/2026,12/1/2026,1\n", "It ends before it starts."),
        (GOOD + GOOD, "It's the same as line 2."),
        (f"{'x' * 201},Pantry,,,,ongoing,,,,1\n", "longer than 200 characters"),
    ],
)
def test_a_line_that_cannot_be_says_why(bring_in, line, why):
    said = bring_in(line)
    assert why in said
    assert "1 left out." in said


def test_what_is_not_known_is_said_and_nothing_is_made_in_silence(database, bring_in):
    said = bring_in("Pack,Pantry,Llamas,,99999,ongoing,,,,1\n")
    assert "(category not known: Llamas)" in said
    assert "new Role: Volunteer (Rides)" in said
    assert only_one(database).postal_code == ""
    assert "There is no location" in bring_in(GOOD, "--no-create")
    assert "There is no program" in bring_in(
        "program,title\nElsewhere,Pack\n", "--no-create", head=""
    )


def test_a_trial_writes_nothing(database, bring_in):
    bring_in(GOOD, "--dry-run")
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Opportunity)) == 0


def test_a_sensitive_program_publishes_nothing(database, bring_in, run, tmp_path, cast):
    path = tmp_path / "hidden.csv"
    path.write_text("title\nNight host\n")
    with database.reading() as db:
        name = db.get_one(Program, cast.shelter).name
    run("import", "opportunities", str(path), "--program", name)
    assert only_one(database).published_at is None


@pytest.mark.skipif(not REAL.exists(), reason="the real file lies beside the project, not in it")
def test_a_citys_file_comes_in_whole_and_twice_is_once(database, run, cast, public, time):
    """665 postings, one asking for 9,999 people; each has ended long ago, so the public sees none of them."""
    said = run("import", "opportunities", str(REAL))
    assert "665 made, 0 changed, 0 unchanged, 0 left out." in said
    assert "new Program: Community partners" in said
    with database.reading() as db:
        most, causes, sites, near = db.execute(
            select(
                func.max(Opportunity.needed),
                func.count(Opportunity.cause),
                select(func.count()).select_from(Site).scalar_subquery(),
                func.count(Opportunity.latitude),
            )
        ).one()
    assert most == 9999
    assert causes == 617  # 48 name none
    assert sites > 300
    assert near > 600
    assert "665 unchanged, 0 left out." in run("import", "opportunities", str(REAL))
    assert "Nothing is open" in public.get("/opportunities").text
    with database.writing() as db:
        for row in db.scalars(select(Opportunity)):
            row.listed_until = None
    page = public.get("/opportunities?zip=10009&miles=5").text
    assert "Show more" in page


def test_what_is_near_a_zip_code_is_found(database, cast, time, public):
    """From 10009: 10016 is about 1.5 miles away, 11201 about 3, 10550 about 14."""
    with database.writing() as db:
        for code in ("10016", "10550", ""):
            build.opportunity(
                db, cast.driver, time.at, title=f"At {code or 'no code'}", postal_code=code
            )
    for miles, found in ((5, ["10016"]), (10, ["10016"]), (25, ["10016", "10550"])):
        page = public.get(f"/opportunities?zip=10009&miles={miles}").text
        assert [code for code in ("10016", "10550", "no code") if f"At {code}" in page] == found
    assert "Enter a five-digit ZIP code." in public.get("/opportunities?zip=1000").text
    assert "Enter a five-digit ZIP code." in public.get("/opportunities?zip=99999").text


@pytest.mark.both_databases
def test_the_towns_to_choose_from_are_those_of_what_is_listed(database, cast, time, public):
    with database.writing() as db:
        for area in ("Millbrook", "Avon", "", "Millbrook", "Zoar"):
            build.opportunity(db, cast.driver, time.at, area=area)
        build.opportunity(db, cast.host, time.at, area="Hidden Falls")
    page = public.get("/opportunities").text
    towns = [town for town in ("Avon", "Hidden Falls", "Millbrook", "Zoar") if town in page]
    assert towns == ["Avon", "Millbrook", "Zoar"]
    assert page.count('<option value="Millbrook"') == 1
