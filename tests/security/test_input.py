"""SECURITY, input: I1 to I6. Whatever comes in, the answer is never a 5xx."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal.app import pages
from portal.web.addresses import own_path
from portal.web.fields import is_address, is_link, phone_digits
from portal.web.forms import clean
from portal.web.page import Post
from tests.browser import Browser
from tests.conftest import SETTINGS
from tests.scene import NAMED, populate

HOSTILE = [
    "", " ", "-1", "0", str(10**30), "1e309", "NaN", "\x00", "a\x00b", "\ud800".encode("utf-8", "surrogatepass"),
    "\u202egnp.exe", "\u2066x\u2069", b"\xff\xfe\xfa", "\u0000\u0001\u001b[2J", "'; DROP TABLE person; --",
    "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "../../etc/passwd", "=cmd|'/c calc'!A1", "A" * 10_000,
    "9999-12-31", "0001-01-01", "2026-02-30", "24:00", "25:61", "true", "null", "[]", "1" * 5000, "٣", "²",
]  # fmt: skip


def fields_of(page: Post) -> list[str]:
    found = []
    for item in page.form():
        if item.type == "FieldList":
            found += [inner.name for entry in item for inner in entry]
        else:
            found.append(item.name)
    return found


POSTS = sorted(page.path for page in pages(SETTINGS) if isinstance(page, Post))


@pytest.mark.populated
@pytest.mark.parametrize("number", range(len(POSTS)), ids=POSTS)
def test_I1_hostile_fields_never_break_a_form(number, cast, ids, as_):
    """A fortieth of the values for each form, others for the next; `make soak` sends them all."""
    send_hostile(POSTS[number], HOSTILE[number % 40 :: 40], cast, ids, as_)


def send_hostile(path, values, cast, ids, as_):
    """Send a form with each value in all of its fields."""
    page = next(one for one in pages(SETTINGS) if isinstance(one, Post) and one.path == path)
    known = vars(cast) | vars(ids)
    to = path.replace(":id", "").format(**{name: known[key] for name, key in NAMED.items()})
    browser: Browser = as_(cast.ada)
    browser.get("/choices")
    token = browser.form("/choices/theme")["csrf"]
    for value in values:
        data = dict.fromkeys(fields_of(page), value) | {"csrf": token, "once": value}
        answer = browser.client.post(to, data=data, follow_redirects=False)
        assert answer.status_code < 500, f"{value!r:.60}"
        if path in ("/session/end", "/session") or "invitations" in path:
            browser = as_(cast.ada)
            browser.get("/choices")
            token = browser.form("/choices/theme")["csrf"]


PATHS = [
    "/shifts",
    "/schedule",
    "/people",
    "/session/new",
    "/shifts/new",
    "/sites/new",
    "/opportunities",
]
NAMES = ["program", "position", "site", "day", "week", "after", "q", "which", "show", "next"]


MARKS = ["1-2", "0-9999999999-999999999999999999", "~9", "a~b~c", "9" * 19]
"""Where a list goes on, as no one sends it."""


@pytest.mark.parametrize("number", range(len(PATHS)), ids=PATHS)
def test_I1_hostile_queries_never_break_a_page(number, cast, as_):
    """A sixth of the values in each name, another sixth in the next; `make soak` sends them all."""
    for turn, name in enumerate(NAMES, start=number):
        some = [*HOSTILE[turn % 6 :: 6], *(MARKS if name == "after" else ())]
        ask_hostile(PATHS[number], name, some, cast, as_)


def ask_hostile(path, name, values, cast, as_):
    """Ask for a page with each value in its query."""
    browser = as_(cast.ada)
    for value in values:
        answer = browser.client.get(path, params={name: value})
        assert answer.status_code < 500, f"{name}={value!r:.40}"


@pytest.mark.parametrize(
    "path",
    ["/shifts/999999999999999999", "/shifts/9999999999999999999999", "/shifts/-1", "/shifts/0", "/shifts/%00",
     "/people/1e5", "/invitations/%00", "/invitations/%ED%A0%80", "/%2e%2e/etc/passwd", "/static/../../etc/passwd",
     "/static/%2e%2e/app.py", "/static/css", "/%FF%FE", "/shifts/1/roster.csv/", "/\\evil"],
)  # fmt: skip
def test_I1_hostile_addresses_are_not_found(path, cast, as_):
    assert as_(cast.ada).client.get(path, follow_redirects=False).status_code in (400, 404)


def test_I1_repeated_keys_and_a_thousand_fields(cast, as_):
    browser = as_(cast.ana)
    browser.get("/me/details")
    form = list(browser.form("/me/details").items())
    body = "&".join(f"{name}={value}" for name, value in form * 3)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert browser.client.post("/me/details", content=body, headers=kind).status_code < 500
    many = "&".join(f"f{number}=1" for number in range(1001))
    assert browser.client.post("/me/details", content=many, headers=kind).status_code == 400
    assert browser.client.post("/me/details", content=b"--x\r\nbad", headers={
        "content-type": "multipart/form-data; boundary=x"}).status_code in (400, 403)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=st.text(max_size=60), after=st.text(max_size=60))
def test_I1_any_text_can_be_searched_for(cast_browser, query, after):
    assert (
        cast_browser.client.get("/people", params={"q": query, "after": after}).status_code == 200
    )


@pytest.fixture
def cast_browser(cast, as_):
    return as_(cast.cy)


def test_I2_bodies_are_limited_chunked_ones_too(cast, as_):
    browser = as_(cast.ana)
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert (
        browser.client.post("/me/details", content=b"a=" + b"x" * 2**20, headers=kind).status_code
        == 413
    )

    def chunks():
        for _ in range(20):
            yield b"x" * 100_000

    assert browser.client.post("/me/details", content=chunks(), headers=kind).status_code == 413


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
     "https://evil.example", "javascript:alert(1)", "/\tevil", "\t//evil", "/\r\nSet-Cookie: a=b", "%2F%2Fevil",
     "", " ", "evil", "/ä", "/\x00", "//", "/\\/evil", "http:/evil"],
)  # fmt: skip
def test_I3_redirects_go_to_own_paths_only(address):
    assert own_path(address) == "/me"


@pytest.mark.parametrize(
    "address", ["/", "/shifts", "/shifts/7?day=2026-12-01&show=all", "/people?q=a%20b", "/%2F%2Fx"]
)
def test_I3_own_paths_are_kept(address):
    assert own_path(address) == address


@given(st.text(max_size=80))
def test_I3_nothing_leads_to_another_host(address):
    found = own_path(address)
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))


def test_I4_another_host_is_refused_and_forwarded_headers_are_not_believed(public):
    assert public.client.get("/", headers={"host": "evil.example"}).status_code == 400
    answer = public.client.get("/session/new", headers={"x-forwarded-host": "evil.example"})
    assert "evil.example" not in answer.text


@given(st.text())
def test_cleaned_text_is_safe_to_store_and_show(text):
    kept = clean(text)
    kept.encode()
    assert "\x00" not in kept
    assert kept == clean(kept)


@given(st.text(alphabet="ab@.,; <>\"'\\\n\r\t\x00\x7f", max_size=30))
@example(".@\n.\n")
@example("a@b.c\r\nBcc: d@e.f")
def test_F5_an_address_is_one_address(text):
    if is_address(text):
        assert text.count("@") == 1
        assert not set(text) & set(' ,;<>"\\\n\r\t\x00\x7f')


@pytest.mark.parametrize("end", ["\n", "\r\nx", "\t", "\x00", "\x7f", " "])
def test_I1_a_link_is_one_line(end):
    assert is_link("https://example.org/a")
    assert not is_link("https://example.org/a" + end)


def test_phone_digits_are_ascii():
    assert phone_digits("(٥٥٥) 555-0100 ²") == "5550100"


@pytest.mark.both_databases
def test_I1_numbers_beyond_every_id_are_not_found(database, cast, time, as_):
    ids, large = populate(database, cast, time.at), 99999999999999999
    ada = as_(cast.ada)
    for path in (
        f"/hours/{large}",
        f"/shifts/{large}",
        f"/people/{large}",
    ):
        assert ada.client.get(path).status_code == 404, path
    for path in (
        f"/hours/sheet?position={large}", f"/hours?program={large}", f"/hours?after=2026-01-01~{large}", f"/people?after=A~{large}",
        f"/shifts?program={large}", f"/messages?after={large}",
    ):  # fmt: skip
        assert ada.client.get(path).status_code < 500, path
    for path, fields in (
        (f"/shifts/{ids.over}/attendance", {f"a-{large}": "attended"}),
        ("/hours/approval", {"entries": str(large)}),
        (f"/programs/{cast.rides}/funding", {"name": "G", "first_day": "2026-01-01", "position_id": str(large)}),
        (f"/shifts/{ids.shift}/roster", {"person": str(large), "slot": str(large)}),
    ):  # fmt: skip
        assert ada.post(path, **fields).status_code < 500, path
    assert ada.client.get(f"/help/pictures/{'a' * 300}.png").status_code == 404
