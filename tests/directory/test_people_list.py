"""People as a working list: what it is narrowed by, what it shows, and what leaves the house with it."""

import csv
import io
from datetime import date, timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.hours.models import HoursEntry
from portal.people.models import Person, SavedView
from portal.people.saved_views import LISTS, PASSING
from portal.permissions import Role
from portal.programs import notes
from portal.programs.person_models import PersonNote
from portal.requirements.evidence_models import Credential
from portal.web.errors import Refused
from tests import build

both = pytest.mark.both_databases


def names(browser, query: str) -> set[str]:
    """The people of the list, as its CSV has them."""
    text = browser.get(f"/people.csv?{query}").text
    return {row[0] for row in list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))[1:]}


def gave(db, person_id: int, position_id: int, program_id: int, day: date, minutes: int, **more):
    db.add(
        HoursEntry(
            person_id=person_id, program_id=program_id, position_id=position_id, source="own",
            day=day, minutes=minutes, recorded_at=build.NOON, **{"state": "approved"} | more,
        )
    )  # fmt: skip


@pytest.fixture
def served(database, cast, time):
    """Ana gave 3 hours in Rides last week, Bo 1 hour in Rides last spring; Hana 5 in the Shelter."""
    today = time.at.date()
    with database.writing() as db:
        gave(db, cast.ana, cast.driver, cast.rides, today - timedelta(days=7), 180)
        gave(db, cast.ana, cast.driver, cast.rides, today - timedelta(days=8), 600, state="void")
        gave(db, cast.bo, cast.driver, cast.rides, today - timedelta(days=200), 60)
        gave(db, cast.hana, cast.host, cast.shelter, today - timedelta(days=7), 300)


@both
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("served=30", {"Ana Reyes"}),
        ("served=not90", {"Bo Tanaka"}),
        ("served=not365", set()),
        ("hours_least=1", {"Ana Reyes", "Bo Tanaka"}),
        ("hours_least=3", {"Ana Reyes"}),
        ("hours_least=4", set()),
        ("hours_least=1&hours_from=2026-11-01", {"Ana Reyes"}),
        ("hours_least=1&hours_to=2026-11-01", {"Bo Tanaka"}),
        ("served=nonsense&hours_least=-1&hours_from=never", {"Ana Reyes", "Bo Tanaka"}),
    ],
)
def test_the_list_is_narrowed_by_when_and_how_much_people_served(cast, as_, served, query, wanted):
    assert names(as_(cast.cy), query) & {"Ana Reyes", "Bo Tanaka", "Hana Weiss"} == wanted


@both
def test_the_list_is_narrowed_by_program_role_status_and_email(database, cast, as_):
    with database.writing() as db:
        db.get_one(Person, cast.bo).email = ""
        db.get_one(Person, cast.ana).status = "on_leave"
    cy = as_(cast.cy)
    assert names(cy, f"role={cast.desk}") == {"Ana Reyes"}
    assert {"Ana Reyes", "Bo Tanaka"} <= names(cy, f"program={cast.rides}")
    assert "Ana Reyes" not in names(cy, f"program={cast.shelter}")
    assert names(cy, "which=on_leave") == {"Ana Reyes"}
    assert names(cy, f"reach=none&program={cast.rides}") == {"Bo Tanaka"}
    assert names(cy, f"role={cast.host}") == set()  # another program's role finds no one


@both
def test_Z5_another_programs_hours_neither_filter_nor_show(database, cast, as_, served, time):
    with database.writing() as db:
        build.place(db, cast.hana, cast.driver, time.at)  # Cy sees Hana now, not her other hours
    cy = as_(cast.cy)
    assert "Hana Weiss" in names(cy, "")
    assert "Hana Weiss" not in names(cy, "served=30")
    assert "Hana Weiss" not in names(cy, "hours_least=1")
    row = next(
        line for line in cy.get("/people.csv?col=hours").text.split("\r\n") if "Hana" in line
    )
    assert row == "Hana Weiss,"
    assert "Hana Weiss,5" in as_(cast.ada).get("/people.csv?col=hours").text


@both
def test_the_list_is_narrowed_by_documents_that_expire(database, cast, as_, time):
    today = time.at.date()
    with database.writing() as db:
        mine = build.requirement(db, time.at, name="License", program_id=cast.rides)
        other = build.requirement(db, time.at, name="Shelter oath", program_id=cast.shelter)
        for person, what, days in (
            (cast.ana, mine, 20), (cast.bo, mine, 20), (cast.bo, mine, 400), (cast.ana, other, 5),
        ):  # fmt: skip
            db.add(
                Credential(
                    person_id=person, requirement_id=what.id, outcome="accepted",
                    issued_on=today, effective_on=today, expires_on=today + timedelta(days=days),
                    recorded_at=time.at,
                )
            )  # fmt: skip
    cy = as_(cast.cy)
    assert names(cy, "expires=30") == {"Ana Reyes"}  # Bo renewed
    assert names(cy, "expires=past") == set()
    shown = cy.get("/people.csv?col=expires&expires=30").text
    assert "Ana Reyes,2026-12-21" in shown  # and not the shelter's, which ends sooner


@both
def test_a_file_has_exactly_what_is_shown_and_is_noted(database, cast, as_, served):
    cy = as_(cast.cy)
    query = f"program={cast.rides}&col=served&col=hours&col=address"
    with database.writing() as db:
        db.get_one(Person, cast.ana).mailing_address = "=1+1\n2 Mill Road"
    lines = list(csv.reader(io.StringIO(cy.get(f"/people.csv?{query}").text.lstrip("\ufeff"))))
    assert lines[0] == ["Name", "Mailing address", "Last served", "Approved hours"]
    ana = next(line for line in lines if line[0] == "Ana Reyes")
    assert ana == ["Ana Reyes", "'=1+1\n2 Mill Road", "2026-11-24", "3.0"]
    sheet = ZipFile(io.BytesIO(cy.get(f"/people.xlsx?{query}").content))
    body = sheet.read("xl/worksheets/sheet1.xml").decode()
    assert body.count("<row") == len(lines)
    assert "<f>" not in body
    cy.get(f"/people/phones?{query}")
    with database.reading() as db:
        noted = db.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "people.exported")
        ).all()
    assert noted == ["csv", "xlsx", "phones"]


def test_a_list_too_long_for_a_file_says_so(cast, as_, monkeypatch):
    monkeypatch.setattr("portal.directory.people.MOST_IN_FILE", 1)
    for path in ("/people.csv", "/people.xlsx", "/people/phones"):
        page = as_(cast.cy).get(path)
        assert "too long for a file" in page.text, path


def test_writing_to_them_goes_to_the_same_people(cast, as_, served):
    page = as_(cast.cy).get("/letters/new?served=30").text
    assert "Ana Reyes" in page
    assert "Bo Tanaka" not in page
    assert 'name="served" value="30"' in page


@both
def test_a_view_is_saved_by_name_and_is_ones_own(database, cast, as_):
    cy = as_(cast.cy)
    cy.get("/people?served=30&after=Z~1")
    cy.press("/views", name="Busy people")
    assert cy.response.url.query == b"served=30"
    assert "Busy people" in cy.text
    assert "Busy people" not in as_(cast.ada).get("/people").text
    with database.reading() as db:
        view = db.scalars(select(SavedView)).one()
    assert (view.query, view.person_id) == ("served=30", cast.cy)
    ada = as_(cast.ada)
    ada.get("/people?served=30")
    ada.press("/views", name="Mine")
    assert ada.post(f"/views/{view.id}/removal").status_code == 404
    cy.get("/views")
    cy.press(f"/views/{view.id}/removal")
    assert "Busy people" not in cy.text


@pytest.mark.parametrize("page", LISTS)
def test_every_list_saves_what_one_looks_for_without_its_days(cast, as_, page):
    path, _ = LISTS[page]
    ada = as_(cast.ada)
    days = "".join(f"&{name}=2026-12-06" for name in PASSING.get(page, ()))
    ada.get(
        f"{path}?q=bo&seen=yes&program={cast.rides}{days}&after=x".replace("&draft=2026-12-06", "")
    )
    ada.press("/views", name="Rides only")
    assert str(ada.response.url).endswith(f"{path}?q=bo&seen=yes&program={cast.rides}")
    assert f'href="{path}?q=bo&amp;seen=yes&amp;program={cast.rides}"' in ada.get(path).text
    assert "Rides only" in ada.get("/views").text


def test_nothing_typed_is_lost_when_a_view_has_no_name(cast, as_):
    cy = as_(cast.cy)
    cy.get("/people?served=30")
    answer = cy.press("/views", name="")
    assert answer.status_code == 422
    assert cy.form("/views")["query"] == "served=30"


@both
def test_notes_stay_in_their_program_and_are_struck_not_erased(database, cast, as_, time):
    cy = as_(cast.cy)
    cy.get(f"/people/{cast.ana}")
    cy.press(f"/people/{cast.ana}/notes", words="Offered to translate.", day="12/1/2026")
    assert "Offered to translate." in cy.text
    with database.writing() as db:
        build.place(db, cast.ana, cast.host, time.at)
        row = db.scalars(select(PersonNote)).one()
        assert (row.program_id, row.day) == (cast.rides, date(2026, 12, 1))
        note = row.id
    mara = as_(cast.mara)
    assert "Offered to translate." not in mara.get(f"/people/{cast.ana}").text
    assert mara.post(f"/people/{cast.ana}/notes/{note}/striking").status_code == 404
    cy.get(f"/people/{cast.ana}")
    cy.press(f"/people/{cast.ana}/notes/{note}/striking")
    assert "marked as wrong" in cy.text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(PersonNote)) == 1


@pytest.mark.parametrize(
    ("who", "program", "day"),
    [("cy", "shelter", "2026-12-01"), ("cy", "rides", "2026-12-02"), ("cy", None, "2026-12-01")],
)
def test_a_note_is_of_ones_own_program_and_of_a_day_that_came(
    database, cast, time, who, program, day
):
    viewer = build.viewer(vars(cast)[who], (Role.COORDINATOR, cast.rides))
    number = program and vars(cast)[program]
    with database.writing() as db, pytest.raises(Refused):
        act = Act(db, viewer, time.at)
        object.__setattr__(viewer, "today", time.at.date())
        notes.add_note(act, cast.ana, number, date.fromisoformat(day), "Words")


def test_no_one_notes_or_reads_about_themselves(database, cast, as_, time):
    with database.writing() as db:
        ada = Act(db, build.viewer(cast.ada, (Role.ADMINISTRATOR, None)), time.at)
        build.place(db, cast.cy, cast.driver, time.at)
        notes.add_note(ada, cast.cy, cast.rides, time.at.date(), "Works late.")
        with pytest.raises(Refused):
            notes.add_note(ada, cast.ada, None, time.at.date(), "I am great.")
    assert "Works late." in as_(cast.ada).get(f"/people/{cast.cy}").text
    assert "Works late." not in as_(cast.cy).get(f"/people/{cast.cy}").text


def test_history_tells_of_ones_own_programs_alone(database, cast, as_, time):
    with database.writing() as db:
        build.place(db, cast.ana, cast.host, time.at)
    history = as_(cast.cy).get(f"/people/{cast.ana}").text.partition("History")[2]
    assert "Role assigned" in history
    assert "Shelter" not in history
    assert "Shelter" in as_(cast.ada).get(f"/people/{cast.ana}").text.partition("History")[2]


def test_people_give_their_own_mailing_address(database, cast, as_):
    browser = as_(cast.ana)
    browser.get("/me/details")
    browser.press("/me/details", mailing_address="1 Elm Street\nCedarville, NY 12345")
    assert "1 Elm Street" in as_(cast.cy).get(f"/people/{cast.ana}").text


def test_Z5_history_names_no_staff_of_another_program(database, cast, as_, time):
    with database.writing() as db:
        mara = db.get_one(Person, cast.mara).name
        build.place(db, cast.ana, cast.host, time.at)
    browser = as_(cast.mara)
    browser.get(f"/people/{cast.ana}/edit")
    browser.press(f"/people/{cast.ana}", goes_by="Annie")
    history = as_(cast.cy).get(f"/people/{cast.ana}").text.partition("History")[2]
    assert "Profile changed" in history
    assert mara not in history
    assert mara in as_(cast.ada).get(f"/people/{cast.ana}").text.partition("History")[2]
