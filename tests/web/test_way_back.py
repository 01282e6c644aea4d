"""The way back leads to a list as one left it, in the same session alone."""

import base64
import re

import pytest

from portal.app import pages
from portal.web.page import Post
from portal.web.render import TEMPLATES
from portal.web.way_back import LISTS
from tests.conftest import SETTINGS


def crumb(browser, path: str) -> str:
    """Where the way back on a page leads."""
    found = re.search(r'class="crumb">\s*<a href="([^"]*)"', browser.get(path).text)
    assert found
    return found[1].replace("&amp;", "&")


def test_it_leads_to_the_filters_and_the_page_one_came_from(cast, as_):
    cy = as_(cast.cy)
    assert crumb(cy, f"/people/{cast.bo}") == "/people"
    cy.get("/people?q=bo&standing=active&nonsense")
    cy.get("/schedule?week=2026-12-06&view=list")
    assert crumb(cy, f"/people/{cast.bo}") == "/people?q=bo&standing=active"
    assert crumb(cy, "/patterns") == "/schedule?week=2026-12-06&view=list"
    cy.get("/people")
    assert crumb(cy, f"/people/{cast.bo}") == "/people"


def test_a_list_that_is_not_found_any_more_is_forgotten(cast, as_):
    cy = as_(cast.cy)
    cy.get("/schedule?week=2026-12-06")
    assert cy.client.get("/schedule?draft=999").status_code == 404
    assert crumb(cy, "/patterns") == "/schedule"


def test_only_the_last_six_lists_and_short_queries_are_remembered(cast, as_):
    cy = as_(cast.cy)
    cy.get("/people?q=bo")
    for path in ("/schedule", "/gaps", "/hours", "/courses", "/patterns", "/reviews"):
        cy.get(f"{path}?page=x")
    assert crumb(cy, f"/people/{cast.bo}") == "/people"
    cy.get("/people?q=" + "b" * 400)
    assert crumb(cy, f"/people/{cast.bo}") == "/people"
    assert len(cy.client.cookies["lists"]) < 4000


@pytest.mark.parametrize(
    "value", ["", "x", "====", base64.urlsafe_b64encode(b"0" * 32 + b'{"/people": "q=x"}').decode()]
)
def test_what_the_portal_did_not_write_is_ignored(cast, as_, value):
    cy = as_(cast.cy)
    cy.client.cookies.set("lists", value.encode().decode("latin-1"))
    assert crumb(cy, f"/people/{cast.bo}") == "/people"


def test_whoever_signs_in_next_on_this_browser_is_led_to_no_list_of_the_last(cast, as_):
    cy, ada = as_(cast.cy), as_(cast.ada)
    cy.get("/people?q=bo")
    ada.client.cookies.set("lists", cy.client.cookies["lists"])
    assert crumb(ada, f"/people/{cast.bo}") == "/people"


def test_every_way_back_to_a_list_leads_to_where_one_was():
    plain = {
        (path.name, address)
        for path in TEMPLATES.rglob("*.html")
        for one in re.findall(r'class="crumb">.*?</p>', path.read_text(), re.DOTALL)
        for address in re.findall(r'(?<!way_back\()"(/[a-z/]+)"', one)
        if address in LISTS
    }
    assert plain <= {("show.html", "/shifts")}  # the second of two inside one call
    known = {page.path for page in pages(SETTINGS) if not isinstance(page, Post)}
    assert known >= LISTS


def test_what_was_looked_for_goes_with_the_session(cast, as_):
    cy = as_(cast.cy)
    cy.get("/people?q=bo")
    assert cy.client.cookies["lists"]
    cy.get("/me")
    cy.press("/session/end")
    assert "lists" not in cy.client.cookies
