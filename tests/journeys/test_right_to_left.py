"""Every page in a made-up language that is written from right to left, in a real browser on a phone."""

import re

import pytest
from starlette.testclient import TestClient

from portal import clock, languages
from portal.app import create_app
from portal.languages import LANGUAGES
from portal.outreach.models import TalkRequest
from portal.people.models import Person
from portal.people.sessions import start_session
from portal.programs.application_models import Application
from portal.recruitment.models import ApplicationDraft
from portal.screening.models import Reference
from portal.settings import Settings
from portal.web import render
from portal.web.render import Renderer
from portal.words import CATALOGS, Catalog
from tests.scene import populate
from tests.test_routes import ROLES, rows

LETTERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ("ابتثجحخدذرزسشصضطظعغفقكلمنه" * 2)[:52],
)
MARKS = re.compile(r"(%\(\w+\)s|\{\w+\}|%%)")


def mirrored(source: str) -> str:
    """A sentence in Arabic letters, a third longer, with its names as they are."""
    parts = MARKS.split(source)
    said = "".join(part if MARKS.fullmatch(part) else part.translate(LETTERS) for part in parts)
    return said + " " + "ا" * (len(source) // 3)


class Mirrored(Catalog):
    def gettext(self, source: str) -> str:
        return mirrored(source)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return mirrored(one if n == 1 else many)


@pytest.fixture
def arabic(monkeypatch, database, cast, time, settings):
    """The portal in that language, served to a browser from this process."""
    monkeypatch.setitem(CATALOGS, "xr", Mirrored("xr", {}, {}))
    monkeypatch.setitem(LANGUAGES, "xr", "عربي")
    monkeypatch.setitem(clock.NAMES, "xr", clock.NAMES["en"])
    direction = {"xr": "rtl"}
    monkeypatch.setattr(
        render, "direction", lambda code: direction.get(code) or languages.direction(code)
    )
    ids = vars(cast) | vars(populate(database, cast, time.at))
    with database.writing() as db:
        for table in (
            Person,
            Application,
            ApplicationDraft,
            TalkRequest,
            Reference,
        ):  # whose links are read in their language
            for row in db.query(table):
                row.language = "xr"
    quiet = Settings(**vars(settings))
    app = create_app(quiet, database, Renderer(quiet))
    with TestClient(app, base_url="http://testserver", headers={"accept-language": "xr"}) as client:
        yield client, ids


def pages_of(role: str, ids: dict) -> list[str]:
    """The pages someone can open."""
    place = list(ROLES).index(role)
    return [
        path.format(**ids)
        for method, path, expected in rows()
        if method == "GET" and expected[place] not in ("no", "sign")
    ]


def look(client, chromium, paths: list[str]) -> dict[str, dict]:
    """What is wrong with some pages in that language, on a phone."""
    kept: dict[str, tuple[int, bytes, str]] = {}

    def answer(route):
        path = route.request.url.removeprefix("http://testserver")
        if path not in kept:
            found = client.get(path)
            kept[path] = found.status_code, found.content, found.headers.get("content-type", "")
        status, body, kind = kept[path]
        route.fulfill(status=status, body=body, headers={"content-type": kind})

    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.route("**/*", answer)
    wrong = {}
    for path in paths:
        if "text/html" not in client.get(path).headers["content-type"]:
            continue
        page.goto("http://testserver" + path, wait_until="domcontentloaded")
        found = page.evaluate(
            """() => ({
                page: getComputedStyle(document.documentElement).direction,
                main: getComputedStyle(document.querySelector('main')).direction,
                too_wide: Math.max(0, document.documentElement.scrollWidth - innerWidth),
            })"""
        )
        if found != {"page": "rtl", "main": "rtl", "too_wide": 0}:
            wrong[path] = found
    context.close()
    return wrong


EVERY = 30
"""Which pages are looked at here; `make soak` looks at all."""


@pytest.mark.parametrize("role", ["ana", "cy"])
def test_pages_read_from_right_to_left_and_fit_a_phone(arabic, database, time, chromium, role):
    client, ids = arabic
    with database.writing() as db:
        token, _ = start_session(db, ids[role], "Test", time.at)
    client.cookies.set("session", token)
    paths = pages_of(role, ids)[::EVERY]
    assert len(paths) > 2
    assert look(client, chromium, paths) == {}
