"""SECURITY, signing in: A1 to A7."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from portal.act import Act
from portal.app import create_app
from portal.audit.models import AuditEntry
from portal.people import addresses, identities, limits, passwords, places
from portal.people.identity_models import Attempts, Identity, Invitation, SignIn
from portal.people.models import Person, Status
from portal.people.people import person_values
from portal.programs import authority
from portal.web.errors import NotFound
from tests import build
from tests.browser import Browser
from tests.conftest import SETTINGS, STORED, change_settings
from tests.mailbox import parts

PASSWORD = "seven green bicycles"


@pytest.fixture
def floor(monkeypatch):
    """No waiting; what is waited for is looked at in a test of its own."""
    monkeypatch.setattr(identities, "FLOOR_SECONDS", 0.0)


def give_password(database, person_id, at, password=PASSWORD) -> None:
    with database.writing() as db:
        token = identities.invite(Act(db, build.OFFICE, at), db.get_one(Person, person_id))
        identities.accept_invitation(db, token, passwords.hash_password(password), at)


def sign_in(browser, address="ana@example.org", password=PASSWORD, **kwargs):
    browser.get("/session/new")
    return browser.press("/session", follow=False, address=address, password=password, **kwargs)


def test_A1_hashes_are_argon2id_with_owasp_settings():
    kind, version, settings = STORED.split("$")[1:4]
    assert (kind, version) == ("argon2id", "v=19")
    assert settings == "m=19456,t=2,p=1"


def test_A1_a_weaker_hash_is_made_again_at_sign_in(database, cast, time, public, floor):
    give_password(database, cast.ana, time.at)
    weak = passwords._context.using(argon2__memory_cost=32).hash(PASSWORD)
    with database.writing() as db:
        db.scalars(select(Identity)).one().password_hash = weak
    assert sign_in(public).status_code == 303
    with database.reading() as db:
        assert not passwords.is_weaker(db.scalars(select(Identity.password_hash)).one())


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("short", False), ("password1234", False), ("123456123456", False), ("aaaaaaaaaaaa", False),
        ("abcabcabcabcabc", False), ("anareyes2024!", False), ("cedar county 1", False),
        ("correct horse battery staple", False), ("x" * 129, False),
        ("seven green bicycles", True), ("ñandú y mate cocido", True), ("k9#vQ2!mZp4&", True),
    ],
)  # fmt: skip
def test_A2_length_and_guessable_passwords(password, good):
    found = passwords.weakness(password, ["Ana Reyes", "Cedar County", "ana example org"])
    assert (found is None) is good


def test_A3_known_and_unknown_addresses_get_the_same_answer(database, cast, time, public, floor):
    give_password(database, cast.ana, time.at)
    known, unknown = sign_in(public, password="wrong password!"), None
    bodies = [known.text]
    unknown = sign_in(public, address="nobody@example.org", password="wrong password!")
    bodies.append(unknown.text.replace("nobody@example.org", "ana@example.org"))
    assert known.status_code == unknown.status_code == 422
    assert without_tokens(bodies[0]) == without_tokens(bodies[1])
    assert {*known.headers} == {*unknown.headers}


def without_tokens(html: str) -> str:

    return re.sub(r'value="[0-9a-f]{64}"', "", html)


def test_A3_both_paths_compute_as_many_hashes_and_wait_for_one_floor(
    database, cast, time, public, monkeypatch
):
    give_password(database, cast.ana, time.at)
    calls, waits = [], []
    real = passwords.verify
    monkeypatch.setattr(passwords, "verify", lambda *given: calls.append(1) or real(*given))
    monkeypatch.setattr("portal.web.page.anyio.sleep", lambda seconds: waited(waits, seconds))
    monkeypatch.setattr("time.monotonic", lambda: 1000.0)
    counts = []
    for address in ("ana@example.org", "nobody@example.org"):
        before = len(calls)
        sign_in(public, address=address, password="wrong password!")
        counts.append(len(calls) - before)
    assert counts == [identities.SHARING, identities.SHARING]
    asked = [round(seconds, 3) for seconds in waits if seconds]
    assert asked == [identities.FLOOR_SECONDS] * 2


async def waited(waits: list[float], seconds: float) -> None:
    waits.append(seconds)


def test_A3_hashing_happens_outside_every_write_transaction(
    database, cast, time, public, floor, monkeypatch
):
    give_password(database, cast.ana, time.at)
    inside = []
    real = passwords.verify

    def verify(*given):
        inside.append(database._gate._mutex.locked())
        return real(*given)

    monkeypatch.setattr(passwords, "verify", verify)
    sign_in(public)
    assert inside
    assert not any(inside)


def test_A4_after_ten_failures_an_account_rests_for_a_while(database, cast, time, public, floor):
    give_password(database, cast.ana, time.at)
    for _ in range(limits.PER_ACCOUNT):
        assert sign_in(public, password="wrong password!").status_code == 422
    assert "15 minutes" in sign_in(public).text
    assert sign_in(public, address="bo@example.org").status_code == 422
    time.move(minutes=16)
    assert sign_in(public).status_code == 303


def test_A4_good_sign_ins_do_not_use_the_limit_up(database, cast, time, public, floor):
    give_password(database, cast.ana, time.at)
    for _ in range(limits.PER_ACCOUNT + 2):
        assert sign_in(public).status_code == 303
        public.get("/me")
        public.press("/session/end")


def test_A4_limits_are_counted_in_the_database_and_forgotten_after_their_window(database, time):
    place = places.place_of(SETTINGS, "", "10.0.0.9")
    buckets = limits.sign_in_limits("ana@example.org", place).every
    with database.writing() as db:
        assert all(limits.spend(db, {**buckets, "all": 2}, time.at) for _ in range(2))
        assert not limits.spend(db, {**buckets, "all": 2}, time.at)
    time.move(minutes=15)
    with database.writing() as db:
        assert limits.spend(db, {**buckets, "all": 2}, time.at)


def test_two_people_with_one_address_each_sign_in_as_themselves(
    database, cast, time, public, floor
):
    with database.writing() as db:
        db.get_one(Person, cast.bo).email = "ana@example.org"
    give_password(database, cast.ana, time.at)
    give_password(database, cast.bo, time.at, "a purple umbrella")
    sign_in(public, password="a purple umbrella")
    assert "Bo" in public.get("/me").text


class TestInvitations:
    def token(self, database, person_id, at) -> str:
        with database.writing() as db:
            return identities.invite(Act(db, build.OFFICE, at), db.get_one(Person, person_id))

    def test_A6_opening_the_link_only_shows_a_page(self, database, cast, time, public):
        path = f"/invitations/{self.token(database, cast.ana, time.at)}"
        for _ in range(3):
            assert public.get(path).status_code == 200
        public.press(path, password=PASSWORD)
        assert public.response.url.path == "/me"

    def test_it_is_in_the_language_of_whoever_is_invited(self, database, cast, time, public):
        with database.writing() as db:
            db.get_one(Person, cast.ana).language = "es"
        path = f"/invitations/{self.token(database, cast.ana, time.at)}"
        assert '<html lang="es"' in public.get(path, headers={"accept-language": "en-US"}).text

    def test_A6_it_works_once(self, database, cast, time, public, open_browser):
        path = f"/invitations/{self.token(database, cast.ana, time.at)}"
        other = open_browser()
        other.get(path)
        public.get(path)
        public.press(path, password=PASSWORD)
        assert other.press(path, password="another good one!").status_code == 404
        assert other.get(path).status_code == 404

    def test_A6_it_ends_after_seven_days(self, database, cast, time, public):
        path = f"/invitations/{self.token(database, cast.ana, time.at)}"
        time.move(days=7)
        assert public.get(path).status_code == 404

    def test_A6_only_a_hash_is_stored(self, database, cast, time):
        token = self.token(database, cast.ana, time.at)
        assert len(token) >= 40
        with database.reading() as db:
            assert token not in str(db.execute(select(Invitation.token_hash)).all())

    def test_A6_a_new_password_signs_other_browsers_out(self, database, cast, time, as_, public):
        before = as_(cast.ana)
        path = f"/invitations/{self.token(database, cast.ana, time.at)}"
        public.get(path)
        public.press(path, password=PASSWORD)
        assert before.get("/me").url.path == "/session/new"

    def test_A2_a_weak_password_is_refused_beside_its_field(self, database, cast, time, public):
        path = f"/invitations/{self.token(database, cast.ana, time.at)}"
        public.get(path)
        assert public.press(path, password="password1234").status_code == 422
        assert "easy to guess" in public.text

    def test_a_coordinator_cannot_take_over_an_account(self, database, cast, time, as_):
        give_password(database, cast.bo, time.at)
        browser = as_(cast.cy)
        browser.get(f"/people/{cast.bo}")
        assert f"/people/{cast.bo}/invitation" not in browser.text
        assert browser.post(f"/people/{cast.bo}/invitation").status_code == 422

    def test_A10_the_link_for_a_new_volunteer_is_emailed_and_not_shown(
        self, database, cast, as_, public, office, app
    ):
        change_settings(app, smtp_url="smtp://127.0.0.1:1", mail_from="office@example.org")
        browser = as_(cast.cy)
        browser.get(f"/people/{cast.bo}")
        browser.press(f"/people/{cast.bo}/invitation")
        assert "/invitations/" not in browser.text
        assert office.send() == ["Your account at Test Agency"]
        words = parts(office.box.to("bo@example.org")[0])["text/plain"].get_content()
        path = re.search(r"/invitations/[\w-]+", words)[0]
        public.get(path)
        public.press(path, password=PASSWORD)
        with database.reading() as db:
            assert addresses.is_proved(db, cast.bo, "bo@example.org")


def test_A7_ending_a_person_ends_sessions_and_links_at_once(database, cast, time, as_):
    browser = as_(cast.bo)
    with database.writing() as db:
        identities.invite(Act(db, build.OFFICE, time.at), db.get_one(Person, cast.bo))
    with database.writing() as db:
        person = db.get_one(Person, cast.bo)
        values = person_values(person) | {"status": Status.ENDED}
        authority.save_person(Act(db, build.OFFICE, time.at), person, values, person.version)
    assert browser.get("/me").url.path == "/session/new"
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SignIn).filter_by(person_id=cast.bo)) == 0
        assert db.scalar(select(func.count()).select_from(Invitation)) == 0


def test_changing_the_password_takes_the_old_one(database, cast, time, as_, public, floor):
    give_password(database, cast.ana, time.at)
    browser, other = as_(cast.ana), as_(cast.ana)
    browser.get("/me/password")
    browser.press("/me/password", old_password="not this one at all", password="a purple umbrella")
    assert "your password. Try again" in browser.text
    browser.press("/me/password", old_password=PASSWORD, password="a purple umbrella")
    assert browser.response.url.path == "/me"
    assert other.get("/me").url.path == "/session/new"
    assert sign_in(public).status_code == 422
    assert sign_in(public, password="a purple umbrella").status_code == 303


def test_X2_there_is_no_account_and_no_demo_sign_in_outside_the_demo(database, public):
    with database.reading() as db:
        assert db.scalars(select(Identity)).all() == []
    assert public.get("/design").status_code == 404
    assert public.post("/demo/session", role="admin").status_code in (404, 405)


def test_U1_sign_ins_are_noted(database, cast, time, public, floor):
    give_password(database, cast.ana, time.at)
    sign_in(public)
    with database.reading() as db:
        entry = db.scalars(select(AuditEntry).where(AuditEntry.action == "session.started")).one()
    assert entry.person_id == cast.ana


def test_an_unknown_invitation_is_not_found(database, time):
    with database.reading() as db, pytest.raises(NotFound):
        identities.invited(db, "no such token", time.at + timedelta(0))


@pytest.mark.parametrize(
    ("trusted", "counted"), [("", "testclient"), ("192.0.2.1", "198.51.100.7")]
)
def test_I4_the_named_proxy_alone_says_who_is_there(
    settings, database, cast, renderer, floor, trusted, counted
):
    """Failed sign-ins count for the address that the proxy names, if it is the named proxy."""
    app = create_app(replace(settings, trusted_proxy=trusted), database, renderer)
    there = "192.0.2.1" if trusted else "testclient"
    with TestClient(app, base_url=SETTINGS.base_url) as server:
        browser = Browser(server, there)
        browser.get("/session/new")
        browser.press(
            "/session",
            headers={"x-forwarded-for": "203.0.113.9, 198.51.100.7"},
            address="who@example.org",
            password="wrong wrong wrong",
        )
    with database.reading() as db:
        known = set(db.scalars(select(Attempts.bucket)))
    assert f"network:{counted}" in known
