"""People's pages: finding, adding, editing, accounts; and what people mend themselves."""

import re

import pytest
from sqlalchemy import select

from portal.people.models import Person
from tests.browser import forms_of


def test_finding_by_part_of_a_name_a_phone_or_a_mail(cast, as_):
    browser = as_(cast.cy)
    for query in ("tana", "BO", "bo@exam", "555-1234", "5551234"):
        assert "Bo Tanaka" in browser.get("/people", params={"q": query}).text, query
    assert "Bo Tanaka" not in browser.get("/people", params={"q": "zzz"}).text


@pytest.mark.both_databases
def test_adding_a_person_without_mail_who_calls_the_office(database, cast, as_):
    browser = as_(cast.cy)
    browser.get("/people/new")
    browser.press(
        "/people", **{"name": "Otis Reed", "phones-0-number": "(555) 555-3333", "asked": "phone"}
    )
    assert "Otis Reed" in browser.text
    assert "no email: call" in browser.text
    with database.reading() as db:
        otis = db.scalars(select(Person).where(Person.name == "Otis Reed")).one()
        assert otis.email == ""


def test_bad_details_are_named_and_nothing_typed_is_lost(cast, as_):
    browser = as_(cast.cy)
    browser.get("/people/new")
    answer = browser.press("/people", name="", email="not an address", emergency_name="Kin")
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    form = browser.form("/people")
    assert (form["email"], form["emergency_name"]) == ("not an address", "Kin")


def test_C3_two_edits_of_a_person_show_both(database, cast, as_):
    slow, quick = as_(cast.cy), as_(cast.ada)
    path = f"/people/{cast.bo}"
    slow.get(f"{path}/edit")
    quick.get(f"{path}/edit")
    quick.press(path, emergency_name="Kim Tanaka")
    answer = slow.press(path, emergency_name="Lee Tanaka")
    assert answer.status_code == 409
    assert "Kim Tanaka" in answer.text
    assert slow.form(path)["emergency_name"] == "Lee Tanaka"
    slow.press(path)
    with database.reading() as db:
        assert db.get_one(Person, cast.bo).emergency_name == "Lee Tanaka"


def test_people_mend_their_own_details_and_no_more(database, cast, as_):
    browser = as_(cast.ana)
    browser.get("/me/details")
    browser.press("/me/details", goes_by="Annie", status="ended")
    with database.reading() as db:
        ana = db.get_one(Person, cast.ana)
        assert (ana.goes_by, ana.status) == ("Annie", "active")


def test_a_code_from_the_office_leads_to_signing_in(cast, as_, public):
    browser = as_(cast.cy)
    browser.get(f"/people/{cast.bo}")
    page = browser.press(f"/people/{cast.bo}/code", sure="in_person").text
    code = re.search(r"\d{4} \d{4}", page)[0]
    public.get("/session/office")
    wrong = public.press("/session/office", address="bo@example.org", code="1234 5678")
    assert "don&#39;t match" in wrong.text
    path = public.press("/session/office", address="Bo@Example.org", code=code).url.path
    public.press(path, password="a long and winding road")
    assert public.get("/me").status_code == 200
    assert "Bo" in public.text
    assert "Sign out" in public.text


def test_the_administrator_gives_and_takes_a_staff_role(cast, as_):
    browser = as_(cast.ada)
    path = f"/people/{cast.bo}"
    browser.get(path)
    browser.press(f"{path}/memberships", role="coordinator", program=str(cast.rides))
    assert "Coordinator" in browser.text
    again = as_(cast.bo)
    assert again.get(f"/programs/{cast.rides}").status_code == 200
    end = next(to for to, _ in forms_of(browser.text) if to.startswith(f"{path}/memberships/"))
    answer = browser.press(end)
    assert answer.status_code == 200, answer.text
    assert "None." in answer.text
    assert again.get(f"/programs/{cast.rides}").url.path == "/session/new"
    assert as_(cast.bo).get(f"/programs/{cast.rides}").status_code == 404


def test_a_coordinator_sees_whom_they_work_with_and_newcomers(cast, as_):
    page = as_(cast.cy).get("/people").text
    assert "Bo Tanaka" in page
    assert "Hana Weiss" not in page
