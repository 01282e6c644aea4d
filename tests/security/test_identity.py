"""SECURITY A9 and A10: whose identity it is, and whom an address admits."""

import ast
import random
import re
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from portal.act import Act
from portal.messages.models import Message
from portal.people import addresses, identities, memberships, passwords, places, proofs
from portal.people.addresses import is_proved
from portal.people.identity_models import (
    EmailVerification,
    Identity,
    KnownPlace,
    ProvedAddress,
    ProvedHow,
    SignIn,
)
from portal.people.models import Person, Status
from portal.people.people import person_values
from portal.permissions import Role, Viewer
from portal.programs import authority
from portal.programs.application_models import Application, DeclineReason
from portal.recruitment import review
from portal.settings import Settings
from portal.web.errors import Refused
from tests import build
from tests.conftest import change_settings
from tests.security.test_entering import ask, code_of, signed_in_as, words_of

both = pytest.mark.both_databases
PASSWORD = "seven green bicycles"


@pytest.fixture(autouse=True)
def no_floor(monkeypatch):
    monkeypatch.setattr(identities, "FLOOR_SECONDS", 0.0)


def give_account(database, person_id, at) -> None:
    with database.writing() as db:
        person = db.get_one(Person, person_id)
        token = identities.invite(Act(db, build.OFFICE, at), person)
        identities.accept_invitation(db, token, passwords.hash_password(PASSWORD), at)
        build.prove(db, person_id, at)


def person_of(database, person_id) -> Person:
    with database.reading() as db:
        return db.get_one(Person, person_id)


def viewer_of(cast, who) -> Viewer:
    roles = {
        "cy": (Role.COORDINATOR, cast.rides), "mara": (Role.COORDINATOR, cast.shelter),
        "noel": (Role.COORDINATOR, cast.testing), "ada": (Role.ADMINISTRATOR, None),
    }  # fmt: skip
    return build.viewer(getattr(cast, who), roles[who])


def save(database, by, person_id, at, **changes):
    with database.writing() as db:
        person = db.get_one(Person, person_id)
        values = person_values(person) | changes
        return authority.save_person(Act(db, by, at), person, values, person.version)


SUBJECTS = ("ana", "cy", "mara", "ada")
"""A volunteer, and staff beside and above, each of whom once asked to join a role of Rides."""


class TestA9EveryStaffFormByEveryRole:
    """No one but an administrator changes what identifies someone with an account."""

    @pytest.fixture(autouse=True)
    def asked(self, database, cast, time):
        for name in SUBJECTS:
            give_account(database, getattr(cast, name), time.at)
        with database.writing() as db:
            for name in ("mara", "ada", "noel"):
                build.application(db, getattr(cast, name), cast.driver, time.at)

    @both
    @pytest.mark.parametrize("subject", SUBJECTS)
    def test_A9_a_coordinator_never_changes_the_address_of_somebody_with_an_account(
        self, database, cast, time, as_, subject
    ):
        person_id = getattr(cast, subject)
        before = person_of(database, person_id).email
        browser = as_(cast.cy)
        fields = {"name": "Mine Now", "email": "thief@example.org", "language": "en"}
        version = str(person_of(database, person_id).version)
        browser.post(f"/people/{person_id}", **fields, status="active", version=version)
        browser.post(f"/people/{person_id}/invitation")
        browser.post(f"/people/{person_id}/code", sure="in_person")
        assert person_of(database, person_id).email == before
        with database.reading() as db:
            assert authority.admitted(db, "thief@example.org").people == []

    @both
    @pytest.mark.parametrize("subject", ["cy", "mara", "ada"])
    def test_A9_a_coordinator_does_not_end_staff(self, database, cast, time, as_, subject):
        person_id = getattr(cast, subject)
        version = str(person_of(database, person_id).version)
        for status in ("ended", "on_leave"):
            as_(cast.cy).post(
                f"/people/{person_id}", name="Someone", email=person_of(database, person_id).email,
                language="en", status=status, version=version,
            )  # fmt: skip
        assert person_of(database, person_id).status == Status.ACTIVE

    def test_A9_a_request_shows_a_person_and_lets_nothing_be_changed(self, database, cast, as_):
        browser = as_(cast.cy)
        page = browser.get(f"/people/{cast.ada}")
        assert page.status_code == 200
        assert "You can see this profile" in page.text
        assert browser.get(f"/people/{cast.ada}/edit").status_code == 404
        assert browser.get(f"/people/{cast.ada}/skills").status_code == 404
        assert browser.get(f"/people/{cast.ada}/regulars").status_code == 404

    def test_A9_every_way_to_change_or_vouch_for_somebody_is_refused(
        self, database, cast, time, as_
    ):
        fields = {"name": "Changed", "language": "en", "status": "active"}
        version = str(person_of(database, cast.ada).version)
        email = person_of(database, cast.ada).email
        cy = as_(cast.cy)
        answer = cy.post(f"/people/{cast.ada}", **fields, email=email, version=version)
        assert answer.status_code == 404
        assert cy.post(f"/people/{cast.ada}/code", sure="phone").status_code == 404
        assert cy.post(f"/people/{cast.ana}/code", sure="phone").status_code == 422  # an account
        with database.writing() as db:
            build.place(db, cast.bo, cast.greeter, time.at)  # in Testing, too
        assert cy.post(f"/people/{cast.bo}/code", sure="phone").status_code == 422
        assert person_of(database, cast.ada).name == "Ada Novak"

    @both
    def test_A9_a_declined_request_is_readable_for_a_while_and_never_changed(
        self, database, cast, time, as_
    ):
        with database.writing() as db:
            asked = db.scalars(select(Application).filter_by(person_id=cast.ada)).one()
            act = Act(db, viewer_of(cast, "cy"), time.at)
            review.start_review(act, asked, None, build.SETTINGS)
            review.decline(act, asked, DeclineReason.TIMES, "")
        assert as_(cast.cy).get(f"/people/{cast.ada}").status_code == 200
        assert as_(cast.cy).get(f"/people/{cast.ada}/edit").status_code == 404
        placing = {"position": str(cast.driver), "starts_on": "2026-12-01"}
        assert as_(cast.cy).post(f"/people/{cast.ada}/placements", **placing).status_code == 404
        time.move(days=91)
        assert as_(cast.cy).get(f"/people/{cast.ada}").status_code == 404


@both
def test_A9_a_coordinator_proposes_an_address_and_the_person_confirms_it(
    database, cast, time, as_, office
):
    give_account(database, cast.ana, time.at)
    browser = as_(cast.cy)
    browser.get(f"/people/{cast.ana}/edit")
    page = browser.press(f"/people/{cast.ana}", email="ana@new.example", asked="phone").text
    assert "once Ana Reyes signs in and confirms it" in page
    assert "New email: ana@new.example" in page
    office.send()
    assert office.box.to("ana@new.example") == []
    time.move(minutes=20)
    with database.writing() as db:
        db.execute(update(SignIn).values(created_at=time.at - time.span(hours=1)))
    ana = as_(cast.ana)
    with database.writing() as db:  # signed in a while ago
        db.execute(update(SignIn).values(created_at=time.at - time.span(hours=1)))
    assert "New email address to confirm" in ana.get("/me").text
    assert "to confirm" not in as_(cast.bo).get("/me").text
    ana.get("/me/email")
    assert "ana@new.example" in ana.text
    assert ana.press("/me/email/proposal").status_code == 422
    assert ana.press("/me/email/proposal", password="not my password!").status_code == 422
    ana.press("/me/email/proposal", password=PASSWORD)
    office.send()
    other = as_(cast.ana)
    ana.press("/session/code", code=code_of(office.box.to("ana@new.example")[0]))
    assert "Your email address was changed." in ana.text
    assert person_of(database, cast.ana).email == "ana@new.example"
    assert other.get("/me").url.path == "/session/new"
    assert ana.get("/me").url.path == "/me"
    assert "to confirm" not in ana.text
    with database.reading() as db:
        assert [one.id for one in authority.admitted(db, "ana@new.example").people] == [cast.ana]
        assert authority.admitted(db, "ana@example.org").people == []
        assert db.scalar(select(Identity.address)) == "ana@new.example"


@both
def test_A9_the_old_address_stops_a_change_for_seven_days(
    database, cast, time, as_, office, public, open_browser
):
    give_account(database, cast.ana, time.at)
    thief = as_(cast.ana)  # with a session that was left open
    thief.get("/me/email")
    thief.press("/me/email", email="thief@example.org")
    office.send()
    thief.press("/session/code", code=code_of(office.box.to("thief@example.org")[0]))
    office.send()
    mail = office.box.to("ana@example.org")[-1]
    assert "Ana" not in words_of(mail)
    path = re.search(r"/email-changes/[\w-]+", words_of(mail))[0]
    public.get(path)
    assert person_of(database, cast.ana).email == "thief@example.org"
    late = open_browser()
    late.get(path)
    public.press(path)
    assert person_of(database, cast.ana).email == "ana@example.org"
    assert thief.get("/me").url.path == "/session/new"
    assert late.press(path).status_code == 404
    assert public.get(path).status_code == 404
    with database.reading() as db:
        assert [one.id for one in authority.admitted(db, "ana@example.org").people] == [cast.ana]
        assert authority.admitted(db, "thief@example.org").people == []


@both
def test_A9_after_seven_days_the_link_stops_nothing(database, cast, time, public):
    give_account(database, cast.ana, time.at)
    with database.writing() as db:
        ana = db.get_one(Person, cast.ana)
        addresses.change_address(
            Act(db, build.viewer(cast.ana), time.at), ana, "new@example.org", ProvedHow.CODE
        )
        db.flush()
        db.execute(
            update(Message)
            .where(Message.kind == "email.changed")
            .values(token_hash=addresses.token_hash("known"))
        )
    time.move(days=6, hours=23)
    assert public.get("/email-changes/known").status_code == 200
    time.move(hours=2)
    assert public.get("/email-changes/known").status_code == 404


def test_A9_one_s_own_address_takes_the_password_or_a_fresh_sign_in(database, cast, time, as_):
    give_account(database, cast.ana, time.at)
    browser = as_(cast.ana)
    time.move(minutes=16)
    browser.get("/me/email")
    answer = browser.press("/me/email", email="new@example.org", password="")
    assert answer.status_code == 422
    assert "new@example.org" in answer.text
    browser.press("/me/email", email="new@example.org", password=PASSWORD)
    assert browser.response.url.path == "/session/code"
    assert person_of(database, cast.ana).email == "ana@example.org"


def test_A9_staff_do_not_change_their_own_address_by_the_staff_form(database, cast, time):
    with pytest.raises(Refused) as refused:
        save(database, viewer_of(cast, "ada"), cast.ada, time.at, email="other@example.org")
    assert refused.value.fields["email"] == authority.OWN_EMAIL


@both
def test_A9_an_administrator_changes_an_address_that_then_admits_nobody(
    database, cast, time, office, as_
):
    give_account(database, cast.ana, time.at)
    give_account(database, cast.bo, time.at)
    ana = as_(cast.ana)
    save(database, viewer_of(cast, "ada"), cast.ana, time.at, email="typed@example.org")
    assert ana.get("/me").url.path == "/session/new"
    office.send()
    told = [str(mail["Subject"]) for mail in office.box.to("ana@example.org")]
    assert told == ["Your email address at Test Agency changed"]
    with database.reading() as db:
        assert not addresses.is_proved(db, cast.ana, "typed@example.org")


@both
def test_A9_the_last_administrator_stays(database, cast, time):
    ada = viewer_of(cast, "ada")
    for status in (Status.ENDED, Status.ON_LEAVE):
        with pytest.raises(Refused):
            save(database, ada, cast.ada, time.at, status=status)
    with database.writing() as db:
        memberships.grant(Act(db, ada, time.at), cast.bo, Role.ADMINISTRATOR, None)
        db.execute(update(Person).where(Person.id == cast.bo).values(status=Status.ENDED))
    with pytest.raises(Refused):  # one who has ended does not count
        save(database, ada, cast.ada, time.at, status=Status.ENDED)
    with database.writing() as db:
        db.execute(update(Person).where(Person.id == cast.bo).values(status=Status.ACTIVE))
    save(database, ada, cast.ada, time.at, status=Status.ENDED)


@both
def test_A9_who_ends_a_volunteer_and_who_brings_them_back(database, cast, time):
    cy, ada = viewer_of(cast, "cy"), viewer_of(cast, "ada")
    with database.writing() as db:
        build.place(db, cast.bo, cast.greeter, time.at)  # in Testing, too
    with pytest.raises(Refused) as refused:
        save(database, cy, cast.bo, time.at, status=Status.ENDED)
    assert "another program" in str(refused.value.fields["status"])
    save(database, cy, cast.ana, time.at, status=Status.ON_LEAVE)
    save(database, cy, cast.ana, time.at, status=Status.ENDED)
    with pytest.raises(Refused) as refused:
        save(database, cy, cast.ana, time.at, status=Status.ACTIVE)
    assert "administrator" in str(refused.value.fields["status"])
    save(database, ada, cast.ana, time.at, status=Status.ACTIVE)


def test_A9_only_one_module_writes_what_identifies_a_person():
    """The rule stands in one place, so no other module may give a person an address or a status."""
    allowed = {
        "people/addresses.py", "programs/authority.py", "programs/placements.py", "demo/agency.py",
        "programs/applications.py",
    }  # fmt: skip
    root = Path(__file__).parents[2] / "portal"
    writes = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in targets:
                for one in target.elts if isinstance(target, ast.Tuple) else [target]:
                    if (
                        isinstance(one, ast.Attribute)
                        and one.attr in ("email", "status")
                        and isinstance(one.value, ast.Name)
                        and one.value.id in ("person", "found", "them")
                    ):
                        writes.add(str(path.relative_to(root)))
    assert writes <= allowed, writes
    assert "people/addresses.py" in writes


class TestA10WhomAnAddressAdmits:
    def share(self, database, time, *people, proved=True):
        with database.writing() as db:
            for person in people:
                db.execute(update(Person).where(Person.id == person).values(email="us@example.org"))
                if proved:
                    build.prove(db, person, time.at)

    @both
    def test_A10_a_household_looks_the_same_with_and_without_somebody_sensitive(
        self, database, cast, time, office, open_browser
    ):
        self.share(database, time, cast.ana, cast.bo)
        without = self.look(office, open_browser())
        self.share(database, time, cast.hana)
        assert self.look(office, open_browser()) == without
        assert "Not listed? Call us." in without[-1]
        assert "Hana" not in "".join(map(str, without))

    def look(self, office, browser):
        answer = ask(browser, "us@example.org")
        office.send()
        mail = office.box.mails[-1]
        page = browser.press("/session/code", code=code_of(mail))
        hide = re.compile(r'(csrf|once)" value="[^"]*"')
        code = re.compile(r"\b\d{6}\b|/session/link/\w+")
        return (
            answer.status_code, hide.sub("", answer.text), str(mail["Subject"]),
            code.sub("", words_of(mail)), page.status_code, hide.sub("", page.text),
        )  # fmt: skip

    @both
    def test_A10_one_with_a_sensitive_one_is_let_in_as_if_alone(
        self, database, cast, time, office, public
    ):
        self.share(database, time, cast.ana, cast.hana)
        ask(public, "us@example.org")
        office.send()
        public.press("/session/code", code=code_of(office.box.mails[-1]))
        assert signed_in_as(database, cast.ana) == 1
        assert signed_in_as(database, cast.hana) == 0

    @both
    @pytest.mark.parametrize("who", ["cy", "hana"])
    def test_A10_a_typed_address_of_staff_or_of_a_sensitive_program_admits_nobody(
        self, database, cast, office, public, who
    ):
        ask(public, f"{who}@example.org")
        assert office.send() == []

    def test_A10_a_typed_address_of_a_household_admits_nobody(
        self, database, cast, time, office, public
    ):
        self.share(database, time, cast.ana, cast.bo, proved=False)
        ask(public, "us@example.org")
        assert office.send() == []

    @both
    def test_A10_somebody_typed_in_beside_a_proved_one_is_not_taken_for_them(
        self, database, cast, time, office, public
    ):
        """Whoever reads the mail may be either; one of a sensitive program is not even a choice."""
        self.share(database, time, cast.hana)
        self.share(database, time, cast.bo, proved=False)
        ask(public, "us@example.org")
        assert office.send() == []
        self.share(database, time, cast.ana)
        ask(public, "us@example.org")
        office.send()
        page = public.press("/session/code", code=code_of(office.box.mails[-1]))
        assert page.url.path == "/session/who"
        assert "Ana Reyes" in page.text
        assert "Bo Tanaka" not in page.text
        assert "Hana" not in page.text
        assert signed_in_as(database, cast.ana) == 0

    def test_A10_the_first_code_of_a_single_holder_proves_the_address(
        self, database, cast, time, office, public
    ):
        ask(public, "bo@example.org")
        office.send()
        public.press("/session/code", code=code_of(office.box.mails[-1]))
        with database.reading() as db:
            proved = db.execute(select(ProvedAddress.person_id, ProvedAddress.how)).all()
        assert proved == [(cast.bo, ProvedHow.CODE)]

    def test_A10_an_invitation_is_not_enough_for_somebody_who_shares(
        self, database, cast, time, as_
    ):
        self.share(database, time, cast.bo, cast.sol, proved=False)
        browser = as_(cast.cy)
        browser.get(f"/people/{cast.bo}")
        assert browser.post(f"/people/{cast.bo}/invitation").status_code == 422

    def test_A10_adding_a_second_person_with_an_address_asks_about_the_household(
        self, database, cast, as_
    ):
        browser = as_(cast.cy)
        browser.get("/people/new")
        answer = browser.press("/people", name="Bea Tanaka", email="Bo@example.org")
        assert answer.status_code == 422
        assert "already has this email" in answer.text
        assert browser.press("/people", same_household="y").status_code == 200
        with database.reading() as db:
            assert db.scalar(select(func.count()).where(Person.name == "Bea Tanaka")) == 1

    def test_A10_nobody_out_of_sight_is_given_away_by_that_question(self, database, cast, as_):
        browser = as_(cast.cy)
        browser.get("/people/new")
        answer = browser.press("/people", name="Someone New", email="hana@example.org")
        assert answer.status_code == 200
        assert "Someone New was added" in answer.text

    @both
    def test_A10_an_office_code_is_good_once_for_half_an_hour_and_twenty_tries(
        self, database, cast, time, settings
    ):
        def make():
            with database.writing() as db:
                bo = db.get_one(Person, cast.bo)
                return authority.give_code(
                    Act(db, viewer_of(cast, "ada"), time.at), bo, settings, "phone"
                )

        def use(code, tries=1):
            for _ in range(tries):
                with database.writing() as db:
                    found = identities.spend_office_try(db, "bo@example.org", time.at)
            with database.writing() as db:
                return identities.use_office_code(db, settings, found, code, time.at)

        code = make()
        use(code)
        with pytest.raises(Refused):
            use(code)
        code = make()
        with pytest.raises(Refused):
            use(code, tries=21)
        code = make()
        time.move(minutes=31)
        with pytest.raises(Refused):
            use(code)
        with database.reading() as db:
            assert addresses.is_proved(db, cast.bo, "bo@example.org")


class TestA4LimitsAreNotTurnedAgainstTheirVictim:
    @pytest.fixture(autouse=True)
    def account(self, database, cast, time):
        give_account(database, cast.ana, time.at)

    def fail(self, browser, times, address="ana@example.org"):
        for _ in range(times):
            browser.get("/session/new")
            browser.press("/session", follow=False, address=address, password="wrong wrong wrong")

    def sign_in(self, browser):
        browser.get("/session/new")
        return browser.press("/session", follow=False, address="ana@example.org", password=PASSWORD)

    def from_(self, app, host):
        """A browser on another network, on the application that runs."""
        browser = app()
        browser.transport.app.client = (host, 50000)
        return browser

    def test_A4_a_stranger_elsewhere_does_not_lock_the_owner_out(self, cast, open_browser):
        self.fail(self.from_(open_browser, "203.0.113.5"), 12)
        assert self.sign_in(self.from_(open_browser, "198.51.100.7")).status_code == 303

    def test_A4_a_known_browser_has_tries_of_its_own(self, cast, open_browser):
        own = self.from_(open_browser, "203.0.113.5")
        assert self.sign_in(own).status_code == 303
        own.get("/me")
        own.press("/session/end")
        self.fail(self.from_(open_browser, "203.0.113.5"), 12)
        assert self.sign_in(own).status_code == 303

    def test_A4_an_office_s_shared_address_is_not_locked_by_one_user(self, cast, open_browser):
        own = self.from_(open_browser, "203.0.113.5")
        self.sign_in(own)
        self.fail(self.from_(open_browser, "203.0.113.5"), 61, "cy@example.org")
        another_browser = self.from_(open_browser, "203.0.113.5")
        assert self.sign_in(another_browser).status_code == 303

    def test_A4_a_new_browser_on_a_new_network_is_locked_for_a_while(self, cast, open_browser):
        self.fail(self.from_(open_browser, "203.0.113.5"), 10)
        answer = self.sign_in(self.from_(open_browser, "203.0.113.5"))
        assert "15 minutes" in answer.text

    def test_A4_many_failures_everywhere_ask_a_new_place_for_a_code(
        self, database, cast, time, open_browser, office, monkeypatch, app
    ):
        change_settings(app, smtp_url="smtp://127.0.0.1:1", mail_from="office@example.org")
        monkeypatch.setattr("portal.people.limits.PER_ACCOUNT_ANYWHERE", 5)
        self.fail(self.from_(open_browser, "203.0.113.5"), 6)
        new = self.from_(open_browser, "198.51.100.7")
        assert self.sign_in(new).headers["location"] == "/session/code"
        assert signed_in_as(database, cast.ana) == 0
        new.get("/session/code")
        office.send()
        new.press("/session/code", code=code_of(office.box.mails[-1]))
        assert signed_in_as(database, cast.ana) == 1

    @pytest.mark.parametrize(
        ("host", "network"),
        [
            ("203.0.113.5", "203.0.113.5"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.5", "203.0.113.5"),
            ("fe80::1%eth0", "fe80::/64"),
            ("testclient", "testclient"),
        ],
    )
    def test_A4_a_network_is_an_address_or_a_64(self, host, network):
        assert places.network_of(host) == network

    def test_A4_a_planted_cookie_gets_no_tries_of_its_own(self, cast, open_browser):
        for number in range(11):
            thief = self.from_(open_browser, "203.0.113.5")
            thief.client.cookies.set("known", f"made-up-{number}")
            self.fail(thief, 1)
        assert "15 minutes" in self.sign_in(thief).text

    @both
    def test_nothing_readable_is_kept_of_a_place(self, database, cast, time, settings):
        with database.writing() as db:
            place = places.place_of(settings, "a-cookie", "203.0.113.5")
            places.remember(db, cast.ana, place, time.at)
        with database.reading() as db:
            kept = str(db.execute(select(KnownPlace.place_hash)).all())
        assert "203.0.113.5" not in kept
        assert "a-cookie" not in kept
        time.move(days=181)
        with database.writing() as db:
            places.remember(db, cast.bo, place, time.at)
        with database.reading() as db:
            assert set(db.scalars(select(KnownPlace.person_id))) == {cast.bo}


class TestA4SecondStep:
    """Whoever reads background checks or reports of incidents signs in with the password and an emailed code."""

    @pytest.fixture(autouse=True, params=[Role.SCREENER, Role.INCIDENT_RECEIVER])
    def screener(self, request, database, cast, time, app, office):
        with database.writing() as db:
            memberships.grant(Act(db, build.OFFICE, time.at), cast.bo, request.param, cast.rides)
        give_account(database, cast.bo, time.at)
        change_settings(app, smtp_url="smtp://127.0.0.1:1", mail_from="office@example.org")

    def sign_in(self, browser):
        browser.get("/session/new")
        return browser.press("/session", follow=False, address="bo@example.org", password=PASSWORD)

    def test_A4_a_new_browser_takes_the_code_and_then_thirty_days_do_not(
        self, database, cast, time, public, office
    ):
        assert self.sign_in(public).headers["location"] == "/session/code"
        assert signed_in_as(database, cast.bo) == 0
        public.get("/session/code")
        office.send()
        code = code_of(office.box.mails[-1])
        assert len(code) == 8
        public.press("/session/code", code=code)
        assert signed_in_as(database, cast.bo) == 1
        public.get("/me")
        public.press("/session/end")
        time.move(days=29)
        assert self.sign_in(public).headers["location"] != "/session/code"
        public.get("/me")
        public.press("/session/end")
        time.move(days=2)
        assert self.sign_in(public).headers["location"] == "/session/code"

    def test_A4_the_code_alone_lets_them_in_nowhere_also_not_where_they_passed_it(
        self, database, cast, time, public, office
    ):
        self.sign_in(public)
        public.get("/session/code")
        office.send()
        public.press("/session/code", code=code_of(office.box.mails[-1]))
        assert signed_in_as(database, cast.bo) == 1
        public.press("/session/end")
        for reset in ("", "yes"):
            time.move(hours=1)
            ask(public, "bo@example.org", reset=reset)
            office.send()
            page = public.press("/session/code", code=code_of(office.box.mails[-1]))
            assert "needs a password and a code" in page.text
        assert signed_in_as(database, cast.bo) == 0

    def test_A7_who_ended_meanwhile_is_not_let_in_by_the_code(
        self, database, cast, time, public, office
    ):
        self.sign_in(public)
        public.get("/session/code")
        office.send()
        with database.writing() as db:
            db.execute(update(Person).where(Person.id == cast.bo).values(status=Status.ENDED))
        page = public.press("/session/code", code=code_of(office.box.mails[-1]))
        assert page.status_code == 404
        assert signed_in_as(database, cast.bo) == 0

    def test_A6_the_code_of_the_second_step_is_used_up_and_proves_the_address(
        self, database, cast, time, public, office
    ):
        self.sign_in(public)
        public.get("/session/code")
        office.send()
        public.press("/session/code", code=code_of(office.box.mails[-1]))
        with database.reading() as db:
            assert db.scalars(select(EmailVerification.ends_at)).one() <= time.at
            assert is_proved(db, cast.bo, "bo@example.org")

    def test_A4_codes_of_the_second_step_are_counted(self, database, cast, time, public, office):
        for _ in range(5):
            assert self.sign_in(public).headers["location"] == "/session/code"
        assert "Too many tries" in self.sign_in(public).text
        time.move(minutes=16)
        assert self.sign_in(public).headers["location"] == "/session/code"

    def test_A4_the_code_alone_does_not_let_them_in(self, database, cast, public, office):
        for reset in ("", "yes"):
            ask(public, "bo@example.org", reset=reset)
            office.send()
            page = public.press("/session/code", code=code_of(office.box.mails[-1]))
            assert "needs a password and a code" in page.text
        assert signed_in_as(database, cast.bo) == 0


@both
def test_A9_stopping_a_change_drops_a_password_that_was_set_since(
    database, cast, time, office, public, as_
):
    give_account(database, cast.ana, time.at)
    thief = as_(cast.ana)
    thief.get("/me/email")
    thief.press("/me/email", email="thief@example.org")
    office.send()
    thief.press("/session/code", code=code_of(office.box.to("thief@example.org")[-1]))
    office.send()
    path = re.search(r"/email-changes/[\w-]+", words_of(office.box.to("ana@example.org")[-1]))[0]
    with database.writing() as db:
        evil = passwords.hash_password("the thief's own phrase")
        db.execute(update(Identity).values(password_hash=evil))
    public.get(path)
    public.press(path)
    with database.reading() as db:
        assert db.scalars(select(Identity.id)).all() == []
        assert db.scalars(select(KnownPlace.person_id)).all() == []
        assert [one.id for one in authority.admitted(db, "ana@example.org").people] == [cast.ana]


@both
def test_A10_an_invitation_ends_when_the_address_it_went_to_is_corrected(
    database, cast, time, office, public, settings
):
    mailing = {**vars(settings), "smtp_url": "smtp://x", "mail_from": "a@b.example"}
    with database.writing() as db:
        bo = db.get_one(Person, cast.bo)
        authority.invite(Act(db, viewer_of(cast, "cy"), time.at), bo, Settings(**mailing))
    office.send()
    path = re.search(r"/invitations/[\w-]+", words_of(office.box.to("bo@example.org")[-1]))[0]
    save(database, viewer_of(cast, "cy"), cast.bo, time.at, email="right@example.org")
    assert public.get(path).status_code == 404
    with database.writing() as db:
        bo = db.get_one(Person, cast.bo)
        token = identities.invite(Act(db, build.OFFICE, time.at), bo)
        memberships.grant(Act(db, build.OFFICE, time.at), cast.bo, Role.TRAINER, cast.rides)
    assert public.get(f"/invitations/{token}").status_code == 404


@both
def test_A9_an_account_that_an_administrator_readdressed_stays_an_account(database, cast, time):
    """No one signs in by the typed address, and a coordinator may only propose another one."""
    with database.writing() as db:
        build.prove(db, cast.ana, time.at)  # signs in by email alone
    save(database, viewer_of(cast, "ada"), cast.ana, time.at, email="typo@example.org")
    with database.reading() as db:
        assert authority.admitted(db, "typo@example.org").people == []
        assert addresses.has_account(db, cast.ana)
    assert save(database, viewer_of(cast, "cy"), cast.ana, time.at, email="mine@example.org")
    assert person_of(database, cast.ana).email == "typo@example.org"


def test_A4_codes_to_addresses_that_one_names_are_few(database, cast, time, as_, office):
    give_account(database, cast.ana, time.at)
    browser = as_(cast.ana)
    for _ in range(5):
        browser.get("/me/email")
        assert browser.press("/me/email", email="victim@example.org").status_code == 200
    browser.get("/me/email")
    assert browser.press("/me/email", email="victim@example.org").status_code == 422


@both
def test_A4_a_stranger_s_mails_hold_back_no_code_of_the_owner(database, cast, time, office, public):
    object.__setattr__(office.settings, "mail_per_person_day", 2)
    give_account(database, cast.ana, time.at)
    with database.writing() as db:
        for number in range(4):
            proofs.ask_proof(
                db, proofs.Purpose.REGISTER, "ana@example.org", f"b{number}", {}, "en", time.at
            )
    ask(public, "ana@example.org")
    office.send()
    assert len([mail for mail in office.box.mails if "code" in str(mail["Subject"])]) == 5


@both
def test_A9_no_sequence_by_a_coordinator_gives_a_session_as_somebody_else(
    database, cast, time, as_, office, open_browser, settings
):
    """Walks of a coordinator over every form that touches a person: no one with an account is ever reached
    from an address or a code in the coordinator's hands."""
    victims = [cast.ana, cast.mara, cast.ada]
    for victim in (*victims, cast.cy):
        give_account(database, victim, time.at)
    roll = random.Random(7)
    thief = as_(cast.cy)
    mine = "thief@example.org"
    for step in range(40):
        victim = roll.choice(victims)
        person = person_of(database, victim)
        fields = {"name": person.name, "language": "en", "version": str(person.version)}
        act = roll.randrange(7)
        path = f"/people/{victim}"
        if act == 0:
            thief.post(path, **fields, email=mine, status=person.status, same_household="y")
        elif act == 1:
            thief.post(path, **fields, email=person.email, status=roll.choice(list(Status)).value)
        elif act == 2:
            thief.post(f"{path}/invitation")
        elif act == 3:
            thief.post(f"{path}/code", sure="in_person")
        elif act == 4:
            placing = {"position": str(cast.driver), "starts_on": "2026-12-01"}
            thief.post(f"{path}/placements", **placing)
        elif act == 5:
            thief.post(
                "/people",
                name=person.name,
                email=person.email,
                language="en",
                status="active",
                same_household="y",
            )
        else:
            with suppress(Refused), database.writing() as db:  # who applied or serves is told so
                build.application(db, victim, cast.driver, time.at)
        office.send()
        for mail in office.box.to(mine):
            assert "/invitations/" not in words_of(mail)
        with database.reading() as db:
            inside = {one.id for one in authority.admitted(db, mine).people}
            assert not inside & set(victims), step
            for one in victims:
                assert addresses.is_proved(db, one, person_of(database, one).email) or not (
                    authority.admitted(db, person_of(database, one).email).people
                )
    for victim in victims:
        assert person_of(database, victim).email != mine
    with database.reading() as db:
        assert set(db.scalars(select(SignIn.person_id))) == {cast.cy}
