"""SECURITY, output: O1 to O6 and F1."""

import json
import logging

import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal import tables
from portal.app import pages
from portal.people.models import Person
from portal.shifts.models import Signup
from portal.web.colors import brand_css, contrast
from portal.web.embedded import Embedded
from portal.web.middleware import Frame, JsonLines
from portal.web.render import Renderer
from tests import build
from tests.conftest import SETTINGS
from tests.scene import populate

PAYLOAD = "\"><img src=x onerror=alert(1) hx-get=/x hx-trigger=load>{{1000003*7}}'"


def test_O1_one_environment_escapes_every_name():
    environment = Renderer(SETTINGS).in_language("en")
    for name in ("a.html", "a.txt", "a", "a.svg", "a.j2"):
        assert environment.autoescape is True or environment.autoescape(name)


def test_O2_stored_payloads_come_out_as_text(database, cast, time, as_):
    with database.writing() as db:
        for person_id in (cast.ana, cast.cy):
            person = db.get_one(Person, person_id)
            person.name = person.goes_by = person.emergency_name = PAYLOAD
        program = db.get_one(build.Program, cast.rides)
        program.name = program.description = program.contact_name = PAYLOAD
        position = db.get_one(build.Position, cast.driver)
        position.name = position.description = PAYLOAD
        site = db.get_one(build.Site, cast.office)
        site.name = site.address = site.directions = site.access_notes = PAYLOAD
    ids = populate(database, cast, time.at)
    with database.writing() as db:
        db.get_one(build.Shift, ids.shift).title = PAYLOAD
        db.get_one(build.Shift, ids.shift).note = PAYLOAD
    for who, paths in {
        cast.ana: ["/me", "/shifts", f"/shifts/{ids.shift}", "/opportunities", "/me/details"],
        cast.cy: ["/schedule", "/people", f"/people/{cast.ana}", f"/people/{cast.ana}/edit", "/programs",
                  f"/programs/{cast.rides}", "/sites", f"/shifts/{ids.shift}/roster", f"/shifts/{ids.shift}/edit",
                  "/applications"],
    }.items():  # fmt: skip
        browser = as_(who)
        for path in paths:
            html = browser.get(path).text
            assert "<img src=x" not in html, path
            assert "7000021" not in html, path


@pytest.mark.parametrize(
    "path", ["/", "/shifts", "/nowhere", "/healthz", "/brand.css", "/static/css/portal.css", "/me"]
)
def test_O3_O4_every_answer_carries_the_headers(path, public):
    headers = public.client.get(path, follow_redirects=False).headers
    policy = headers["content-security-policy"]
    for part in (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
    ):  # fmt: skip
        assert part in policy.split("; ")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "permissions-policy" in headers
    assert "HX-Target" in headers["vary"]


def test_O3_one_page_may_be_framed_by_others():
    embedded = {page.path for page in pages(SETTINGS) if isinstance(page, Embedded)}
    assert embedded == {"/opportunities/embedded"}


def test_O3_a_500_carries_the_headers_too(open_browser, monkeypatch, caplog, cast):
    def broken(*given, **values):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("portal.shifts.options.options", broken)
    browser = open_browser()
    browser.transport.app.raise_app_exceptions = False
    answer = browser.client.get("/shifts?narrow=yes")
    assert answer.status_code == 500
    assert "content-security-policy" in answer.headers
    assert "Something went wrong on our side" in answer.text
    assert "secret detail" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert answer.headers["x-request-id"] in {
        getattr(record, "id", "") for record in caplog.records if record.message == "failed"
    }
    caplog.clear()


def test_O3_a_page_that_breaks_after_an_act_that_can_be_undone_says_so(
    as_, monkeypatch, caplog, cast, database
):
    def broken(*given, **values):
        raise RuntimeError("secret detail")

    browser = as_(cast.cy)
    with database.writing() as db:
        shift = build.shift(db, cast.driver).id
    browser.get(f"/shifts/{shift}/cancellation")
    monkeypatch.setattr("portal.shifts.views.shifts.facts_of", broken)
    browser.transport.app.raise_app_exceptions = False
    browser.press(f"/shifts/{shift}/cancellation", reason="Snow")
    assert browser.response.status_code == 500
    assert "Something went wrong on our side" in browser.text
    caplog.clear()


def test_O4_signed_in_pages_are_not_stored(cast, as_):
    assert as_(cast.ana).get("/me").headers["cache-control"] == "no-store"


def test_O4_our_own_files_are_kept_for_good_when_asked_for_by_their_mark(public):
    html = public.get("/").text
    path = html.split('href="/static/css/')[1].split('"')[0]
    assert "immutable" in public.client.get(f"/static/css/{path}").headers["cache-control"]
    assert "immutable" not in public.client.get("/static/css/portal.css").headers["cache-control"]


def test_O6_addresses_and_titles_name_nobody(database, cast, time, as_):
    ids = populate(database, cast, time.at)
    browser = as_(cast.cy)
    for path in (
        f"/people/{cast.ana}",
        f"/shifts/{ids.shift}",
        f"/shifts/{ids.shift}/roster",
        f"/programs/{cast.rides}",
    ):
        title = browser.get(path).text.split("<title>")[1].split("</title>")[0]
        assert "Ana" not in title
        assert "Reyes" not in title


def test_O6_the_log_names_routes_and_ids_and_nobody(cast, as_, caplog, public):
    caplog.set_level("INFO", "portal.requests")
    as_(cast.cy).get(f"/people/{cast.ana}?q=Ana+Reyes")
    public.get("/invitations/secret-token-in-the-path")
    lines = [vars(record) for record in caplog.records if record.name == "portal.requests"]
    assert {"/people/{person_id:id}", "/invitations/{token}"} <= {line["route"] for line in lines}
    said = " ".join(str(line) for line in lines)
    assert "Reyes" not in said
    assert "secret-token" not in said


def test_X4_a_log_line_is_one_line_of_json(cast, public):
    record = logging.makeLogRecord(
        {"msg": 'x\n{"level": "fake"}', "levelname": "INFO", "route": "a\nb"}
    )
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["route"] == "a\nb"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1"])
def test_F1_formulas_are_text_in_a_spreadsheet(cell):
    assert tables.safe_cell(cell).startswith("'")


def test_F1_a_name_that_is_a_formula_is_harmless_in_the_roster(database, cast, time, as_):
    ids = populate(database, cast, time.at)
    with database.writing() as db:
        db.get_one(Person, cast.ana).name = '=HYPERLINK("http://evil.example")'
    answer = as_(cast.cy).get(f"/shifts/{ids.shift}/roster.csv")
    assert "'=HYPERLINK" in answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    lines = answer.text.splitlines()
    assert lines[0] == "\ufeffName,Role,Status,Since"
    assert "signed up" in lines[1]
    with database.reading() as db:
        on_it = select(Signup).where(Signup.shift_id == ids.shift)
        assert len(lines) == 1 + len(db.scalars(on_it).all())


@pytest.mark.parametrize(
    "color", ["#17615b", "#000000", "#ffffff", "#ff0000", "#ffff00", "#777777"]
)
def test_any_brand_color_stays_readable(color):
    rules = dict(
        part.split(":") for part in brand_css(color).split("{")[1].split("}")[0].split(";")
    )
    rgb = [
        tuple(int(rules[name][at : at + 2], 16) for at in (1, 3, 5))
        for name in ("--brand", "--brand-ink")
    ]
    assert contrast(*rgb) >= 4.5
    assert contrast(rgb[0], (255, 255, 255)) >= 4.5


def test_V2_too_many_at_once_are_told_to_come_back():
    frame = Frame(Starlette(), secure=False, at_most=0)
    answer = TestClient(frame).get("/")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"


def test_nothing_says_which_server_this_is(public):
    assert public.client.get("/").headers["server"] == "portal"
