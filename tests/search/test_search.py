"""The search over everything: any spelling, in the viewer's own scope."""

import re
from datetime import timedelta
from html import unescape

import pytest

from portal.act import Act
from portal.people import memberships
from portal.people.models import Status
from portal.permissions import Permission, Role
from portal.search.places import PLACES
from tests import build
from tests.build import NOON

both = pytest.mark.both_databases
NAMES = {
    "Siobhán O'Brien": ("obrien", "o'brien", "O’Brien", "o brien", "siobhan brien", "brien siob"),
    "Ronald MacDonald": ("mcdonald", "macdonald", "mac", "ma", "donald"),
    "Fiona McKenzie": ("mackenzie", "mckenzie", "mcken", "kenzie fiona"),
    "Anna van der Berg": ("vanderberg", "van der berg", "berg", "vander"),
    "Søren Ærø": ("soren", "aero"),
    "Łukasz Świątek": ("lukasz swiatek", "Świątek"),
    "Mary Smith-Jones": ("smithjones", "smith-jones", "jones mary"),
    "José de la Cruz": ("jose", "delacruz", "cruz jose"),
}


def found(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r"<strong>(.*?)</strong>", page)]


@both
def test_a_person_is_found_by_any_spelling(database, cast, time, as_):
    with database.writing() as db:
        for name in NAMES:
            build.person(db, name, time.at, email="")
    browser = as_(cast.ada)
    missed = [(name, typed) for name, spellings in NAMES.items() for typed in spellings
              if name not in found(browser.get("/search", params={"q": typed}).text)]  # fmt: skip
    assert missed == []


@both
def test_a_phone_is_found_by_its_digits(database, cast, time, as_):
    with database.writing() as db:
        build.person(db, "Dot Lane", time.at, phone="(555) 555-7319")
    for typed in ("7319", "555-7319", "(555) 555-7319"):
        assert found(as_(cast.ada).get("/search", params={"q": typed}).text) == ["Dot Lane"]


@both
def test_each_sees_their_own_scope(database, cast, time, as_):
    with database.writing() as db:
        hidden = build.person(db, "Zelda Quick", time.at)
        build.place(db, hidden.id, cast.host, time.at)
        ended = build.person(db, "Zeno Quick", time.at)
        ended.status = Status.ENDED
        build.shift(db, cast.host, title="Quick watch", starts=NOON)
        build.shift(db, cast.driver, title="Quick ride", starts=NOON)
    assert found(as_(cast.cy).get("/search?q=quick").text) == ["Quick ride"]
    assert found(as_(cast.ada).get("/search?q=quick").text) == [
        "Zelda Quick",
        "Quick watch",
        "Quick ride",
    ]
    assert found(as_(cast.ana).get("/search?q=quick").text) == []
    assert found(as_(cast.ana).get("/search?q=zelda").text) == []


@both
def test_the_next_shifts_come_first_and_the_past_and_the_far_are_left_out(
    database, cast, time, as_
):
    with database.writing() as db:
        for name, starts in (("Ride four", NOON + timedelta(days=90)), ("Ride two", NOON + timedelta(days=2)),
                             ("Ride one", NOON)):  # fmt: skip
            build.shift(db, cast.driver, title=name, starts=starts)
    browser = as_(cast.cy)
    assert found(browser.get("/search?q=ride").text) == ["Ride one", "Ride two"]
    assert found(browser.get("/search?q=ride driver two").text) == ["Ride two"]
    time.at = NOON + timedelta(days=1)
    assert found(as_(cast.cy).get("/search?q=ride").text) == ["Ride two"]


def test_a_letter_asks_for_more_and_nothing_found_says_so(cast, as_):
    browser = as_(cast.cy)
    assert "<section" not in browser.get("/search?q=a").text
    page = browser.get("/search", params={"q": "<script>zzz"}).text
    assert "Nothing found for “&lt;script&gt;zzz”" in page


def test_pages_and_actions_are_found_by_their_words_in_ones_language(cast, as_):
    browser = as_(cast.cy)
    assert "Add a shift" in found(browser.get("/search?q=add shi").text)
    assert "Settings" not in found(browser.get("/search?q=settings").text)  # for administrators
    browser.post("/choices/language", language="es")
    assert "Turnos por cubrir" in found(browser.get("/search?q=cubrir").text)


def test_every_place_is_there(database, cast, time, as_):
    of_cases = {entry for entry in PLACES if entry.permission is Permission.CASES_REQUEST}
    overseen = {entry for entry in PLACES if entry.permission is Permission.CASES_OVERSEE}
    with database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), cast.sol, Role.PRIVACY_OFFICER, None)
    for browser, places in (
        (as_(cast.ada), set(PLACES) - of_cases - overseen),
        (as_(cast.cy), of_cases),
        (as_(cast.sol), overseen),
    ):
        assert {entry.path: browser.get(entry.path).status_code for entry in places} == {
            entry.path: 200 for entry in places
        }


def test_only_the_list_is_sent_to_the_page_that_asks_for_it(cast, as_):
    answer = as_(cast.cy).get(
        "/search?q=shift", headers={"HX-Request": "true", "HX-Target": "div#found"}
    )
    assert "<html" not in answer.text
    assert "Add a shift" in answer.text
