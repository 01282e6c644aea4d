"""SECURITY, sessions: S1 to S6, and what surrounds a form."""

import json

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from portal.act import Act
from portal.app import create_app
from portal.people import identities, memberships, passwords
from portal.people.identity_models import SignIn
from portal.people.models import Membership, Person
from portal.people.sessions import end_sessions, load_viewer
from portal.people.tokens import hashed
from portal.permissions import Role
from portal.settings import Settings
from portal.web.models import KeptForm, OnceValue
from tests import build
from tests.browser import forms_of


def session_cookie(browser) -> str:
    return browser.client.cookies["session"]


def test_S1_only_the_hash_of_the_cookie_is_stored(database, cast, as_):
    token = session_cookie(as_(cast.ana))
    with database.reading() as db:
        stored = db.scalars(select(SignIn.token_hash)).one()
    assert stored == hashed(token)
    assert token not in stored


def test_S1_the_cookie_is_http_only_and_lax(database, cast, time, public):
    public.get("/session/new")
    header = public.response.headers["set-cookie"]
    assert "HttpOnly" in header
    assert "SameSite=lax" in header


def test_S1_over_https_the_cookie_is_secure_and_host_bound(settings, database, cast, renderer):

    secure = Settings(**{**vars(settings), "base_url": "https://testserver"})
    with TestClient(
        create_app(secure, database, renderer), base_url="https://testserver"
    ) as client:
        answer = client.get("/session/new")
    assert answer.headers["set-cookie"].startswith("__Host-visit=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_S2_a_planted_cookie_is_no_session(public):
    public.client.cookies.set("session", "planted-by-somebody-else")
    assert public.get("/me").url.path == "/session/new"


def test_S2_more_rights_take_a_new_sign_in(database, cast, time, as_):
    browser = as_(cast.bo)
    with database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), cast.bo, Role.COORDINATOR, cast.rides)
    assert browser.get("/me").url.path == "/session/new"


def test_S3_signing_out_ends_the_session_on_the_server(cast, as_, open_browser):
    browser, thief = as_(cast.ana), open_browser()
    thief.client.cookies.set("session", session_cookie(browser))
    browser.get("/me")
    browser.press("/session/end")
    assert thief.get("/me").url.path == "/session/new"


def test_S3_one_can_sign_a_lost_phone_out(cast, as_):
    lost, here = as_(cast.ana), as_(cast.ana)
    here.get("/me/sessions")
    action = next(
        to
        for to, _ in forms_of(here.text)
        if to.startswith("/me/sessions/") and to != "/me/sessions/end"
    )
    here.press(action)
    assert lost.get("/me").url.path == "/session/new"
    assert here.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("who", "idle", "absolute"),
    [
        ("ana", {"days": 14}, {"days": 90}),
        ("cy", {"hours": 2}, {"hours": 12}),
        ("ada", {"minutes": 30}, {"hours": 12}),
    ],
)
def test_S4_sessions_end_by_role(cast, time, as_, who, idle, absolute):
    browser, started = as_(getattr(cast, who)), time.at
    time.move(**idle)
    assert browser.get("/me").url.path == "/me"
    time.move(**idle)
    time.move(seconds=1)
    assert browser.get("/me").url.path == "/session/new"
    busy = as_(getattr(cast, who))
    started = time.at
    while time.at - started < time.span(**absolute):
        last = busy.get("/me").url.path
        assert last == "/me"
        time.move(**idle)
    assert busy.get("/me").url.path == "/session/new"


def test_S4_last_use_is_written_at_most_once_a_minute(database, cast, time, as_):
    browser = as_(cast.ana)
    started = time.at

    def used():
        with database.reading() as db:
            return db.scalars(select(SignIn.used_at)).one()

    time.move(seconds=59)
    browser.get("/me")
    assert used() == started
    time.move(seconds=1)
    browser.get("/me")
    assert used() == time.at


class TestKeptForms:
    """S4: what a sign-out caught comes back, and is never sent by itself."""

    def lapse(self, browser, time, **typed):
        browser.get("/me/details")
        time.move(days=15)
        browser.press("/me/details", follow=False, **typed)
        return browser.response

    def sign_in_again(self, browser, database, person_id, time):

        with database.writing() as db:
            person = db.get_one(Person, person_id)
            token = identities.invite(Act(db, build.OFFICE, time.at), person)
            identities.accept_invitation(
                db, token, passwords.hash_password("seven green bicycles"), time.at
            )
            address = person.email
        browser.get("/session/new")
        browser.press("/session", address=address, password="seven green bicycles")

    def test_S4_typed_text_survives(self, database, cast, time, as_, monkeypatch):
        monkeypatch.setattr("portal.people.identities.FLOOR_SECONDS", 0.0)
        browser = as_(cast.ana)
        answer = self.lapse(browser, time, goes_by="Anita")
        assert answer.headers["location"] == "/session/new"
        self.sign_in_again(browser, database, cast.ana, time)
        assert browser.response.url.path == "/session/kept"
        assert browser.form("/me/details")["goes_by"] == "Anita"
        assert "You were signed out before this was sent." in browser.text
        with database.reading() as db:
            assert db.get_one(Person, cast.ana).goes_by == ""
        browser.press("/me/details")
        with database.reading() as db:
            assert db.get_one(Person, cast.ana).goes_by == "Anita"

    def test_S4_it_comes_back_after_signing_out_elsewhere(
        self, database, cast, time, as_, monkeypatch
    ):
        monkeypatch.setattr("portal.people.identities.FLOOR_SECONDS", 0.0)
        here, elsewhere = as_(cast.ana), as_(cast.ana)
        here.get("/me/details")
        elsewhere.get("/me/sessions")
        elsewhere.press("/me/sessions/end")
        here.press("/me/details", follow=False, goes_by="Anita")
        self.sign_in_again(here, database, cast.ana, time)
        assert here.form("/me/details")["goes_by"] == "Anita"

    def test_S4_it_comes_back_the_next_morning(self, database, cast, time, as_, monkeypatch):
        monkeypatch.setattr("portal.people.identities.FLOOR_SECONDS", 0.0)
        browser = as_(cast.cy)  # twelve hours in all
        browser.get("/me/details")
        time.move(hours=20)
        as_(cast.bo)  # someone signs in, which clears away what is over
        browser.press("/me/details", follow=False, goes_by="Cyrus")
        self.sign_in_again(browser, database, cast.cy, time)
        assert browser.form("/me/details")["goes_by"] == "Cyrus"

    def test_S4_nothing_comes_back_from_where_somebody_else_may_have_been(
        self, database, cast, time, as_
    ):
        browser = as_(cast.ana)
        browser.get("/me/details")
        with database.writing() as db:
            end_sessions(Act(db, build.OFFICE, time.at), cast.ana)  # as a new password does
        browser.press("/me/details", follow=False, goes_by="Not me")
        assert as_(cast.ana).get("/session/kept").status_code == 404

    def test_S4_a_form_without_the_session_s_token_is_not_kept(self, cast, time, as_):
        browser = as_(cast.ana)
        browser.get("/me/details")
        time.move(days=15)
        browser.press("/me/details", follow=False, goes_by="Planted", csrf="0" * 64)
        assert as_(cast.ana).get("/session/kept").status_code == 404

    def test_Z9_a_kept_form_is_shown_with_the_rights_of_now(self, database, cast, time, as_):
        browser = as_(cast.cy)
        path = f"/people/{cast.bo}"
        browser.get(f"{path}/edit")
        time.move(hours=3)
        browser.press(path, follow=False, goes_by="Bob")
        with database.writing() as db:
            held = db.scalars(select(Membership.id).filter_by(person_id=cast.cy)).one()
            memberships.end(Act(db, build.OFFICE, time.at), held)
        assert as_(cast.cy).get("/session/kept").status_code == 404

    def test_Z9_a_kept_form_of_the_agency_takes_the_agency_s_right(self, database, cast, time, as_):
        """Whatever its page would show: here one that shows the same to everyone who may open it."""
        with database.writing() as db:
            act = Act(db, build.OFFICE, time.at)
            memberships.grant(act, cast.sol, Role.ADMINISTRATOR, None)
        browser = as_(cast.ada)
        browser.get("/skills")
        time.move(hours=3)
        browser.press("/skills", follow=False, name="Juggling")
        with database.writing() as db:
            held = db.scalars(select(Membership.id).filter_by(person_id=cast.ada)).one()
            memberships.end(Act(db, build.OFFICE, time.at), held)
        assert as_(cast.ada).get("/session/kept").status_code == 404

    def test_S4_another_person_does_not_get_it(self, database, cast, time, as_):
        self.lapse(as_(cast.ana), time, goes_by="Anita")
        assert as_(cast.bo).get("/session/kept").status_code == 404

    def test_S4_it_is_one_s_own_for_an_hour(self, database, cast, time, as_):
        """Reading one's own leaves another's where it is."""
        for person in (cast.ana, cast.bo):
            self.lapse(as_(person), time, goes_by="Someone")
        with database.writing() as db:
            db.execute(update(KeptForm).values(at=time.at))
        time.move(hours=1)
        assert as_(cast.ana).get("/session/kept").status_code == 200
        with database.reading() as db:
            assert db.scalars(select(KeptForm.person_id)).all() == [cast.bo]

    def test_S4_it_is_forgotten_after_an_hour(self, database, cast, time, as_):
        self.lapse(as_(cast.ana), time, goes_by="Anita")
        time.move(hours=1, seconds=1)
        assert as_(cast.ana).get("/session/kept").status_code == 404

    def test_S4_no_password_is_kept(self, database, cast, time, as_):
        browser = as_(cast.ana)
        browser.get("/me/password")
        time.move(days=15)
        browser.press(
            "/me/password", old_password="seven green bicycles", password="a purple umbrella"
        )
        with database.reading() as db:
            assert db.scalars(select(KeptForm)).all() == []

    def test_S4_neither_token_nor_much_is_kept(self, database, cast, time, as_):
        browser = as_(cast.ana)
        self.lapse(browser, time)
        with database.reading() as db:
            assert "csrf" not in dict(json.loads(db.scalars(select(KeptForm.data)).one()))
        self.lapse(as_(cast.bo), time, goes_by="x" * 70_000)
        with database.reading() as db:
            assert db.get(KeptForm, cast.bo) is None


class TestForgery:
    """S5: every unsafe method, signing in and out included."""

    def test_S5_a_post_without_the_token_does_nothing(self, database, cast, as_):
        browser = as_(cast.ana)
        browser.get("/me/details")
        answer = browser.press("/me/details", csrf="", goes_by="Evil")
        assert answer.status_code == 403
        assert "Nothing was sent yet" in answer.text
        with database.reading() as db:
            assert db.get_one(Person, cast.ana).goes_by == ""

    def test_S5_another_sessions_token_is_no_token(self, cast, as_):
        browser, other = as_(cast.ana), as_(cast.bo)
        other.get("/me/details")
        stolen = other.form("/me/details")["csrf"]
        browser.get("/me/details")
        assert browser.press("/me/details", csrf=stolen).status_code == 403

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({"sec-fetch-site": "cross-site"}, 403), ({"sec-fetch-site": "same-site"}, 403),
            ({"sec-fetch-site": "same-origin"}, 200), ({"sec-fetch-site": "none"}, 200),
            ({"origin": "https://evil.example"}, 403), ({"origin": "http://testserver"}, 200),
            ({"origin": "null"}, 200), ({}, 200),
        ],
    )  # fmt: skip
    def test_S5_the_browser_says_where_a_post_comes_from(self, cast, as_, headers, status):
        browser = as_(cast.ana)
        browser.get("/me/details")
        assert browser.press("/me/details", headers=headers).status_code == status

    def test_S5_signing_in_and_out_take_a_token_too(self, cast, as_, public):
        public.get("/session/new")
        assert (
            public.press("/session", csrf="0" * 64, address="a@b.org", password="x").status_code
            == 403
        )
        browser = as_(cast.ana)
        browser.get("/me")
        assert browser.press("/session/end", csrf="0" * 64).status_code == 403
        assert browser.get("/me").url.path == "/me"


def test_D4_a_creating_form_sent_twice_creates_once(database, cast, as_):
    browser = as_(cast.cy)
    browser.get("/people/new")
    form = browser.form("/people") | {"name": "New Person", "status": "active"}
    first = browser.client.post("/people", data=form, follow_redirects=False)
    second = browser.client.post("/people", data=form, follow_redirects=False)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Person.name == "New Person")) == 1
        assert db.scalar(select(func.count()).select_from(OnceValue)) == 1


def test_the_session_row_says_nothing_of_who_holds_no_cookie(database, time):
    with database.reading() as db:
        assert load_viewer(db, "", time.at).viewer.person_id is None
