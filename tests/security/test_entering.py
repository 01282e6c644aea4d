"""Getting in by mail: a code and a link, registering, a forgotten password, an address that is shared."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select, update

from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.people import limits, places, proofs
from portal.people.addresses import is_proved
from portal.people.identity_models import (
    Attempts,
    EmailVerification,
    Invitation,
    KnownPlace,
    SignIn,
)
from portal.people.models import Person, Status
from portal.people.tokens import hashed
from portal.web.errors import Refused
from tests import build
from tests.conftest import NOW, SETTINGS
from tests.mailbox import parts

both = pytest.mark.both_databases
pytestmark = pytest.mark.usefixtures("no_floor")


@pytest.fixture
def no_floor(monkeypatch):
    """Answers need not wait in these tests; that they do is tested with the sign-in page."""
    monkeypatch.setattr("portal.people.identities.FLOOR_SECONDS", 0.0)


def words_of(mail) -> str:
    return parts(mail)["text/plain"].get_content()


def code_of(mail) -> str:
    return re.search(r"^\d{6,8}\r?$", words_of(mail), re.MULTILINE)[0].strip()


def link_of(mail) -> str:
    return re.search(r"/session/link/[\w-]+", words_of(mail))[0]


def ask(browser, address, **fields):
    browser.get("/session/mail")
    return browser.press("/session/mail", address=address, **fields)


def signed_in_as(database, person) -> int:
    with database.reading() as db:
        return len(
            db.scalars(
                select(SignIn.id).where(SignIn.person_id == person, SignIn.ended_at.is_(None))
            ).all()
        )


@both
def test_a_code_signs_in_the_browser_that_asked(database, cast, office, public, open_browser):
    page = ask(public, "Ana@Example.org").text
    assert "we emailed it a code" in page
    assert office.send() == ["Your code for Test Agency"]
    code = code_of(office.box.mails[0])
    other = open_browser()
    other.get("/session/code")
    assert "no longer works" in other.press("/session/code", code=code).text
    page = public.press("/session/code", code=f" {code[:3]} {code[3:]} ").text
    assert "Ana" in page
    assert signed_in_as(database, cast.ana) == 1
    public.client.cookies.delete("session")
    public.get("/session/code")
    assert "no longer works" in public.press("/session/code", code=code).text


@both
def test_a_link_takes_a_press_in_the_browser_that_asked(
    database, cast, office, public, open_browser
):
    ask(public, "ana@example.org")
    office.send()
    link = link_of(office.box.mails[0])
    scanner = open_browser()
    scanner.get(link)
    assert "in the browser where you asked" in scanner.press(link).text
    assert signed_in_as(database, cast.ana) == 0
    public.get(link)
    public.press(link)
    assert signed_in_as(database, cast.ana) == 1
    assert public.get(link).status_code == 404


def test_A4_five_wrong_codes_end_it(cast, office, public):
    ask(public, "ana@example.org")
    office.send()
    good = code_of(office.box.mails[0])
    wrong = f"{(int(good) + 1) % 10**6:06}"
    public.get("/session/code")
    for _ in range(5):
        assert "This code isn" in public.press("/session/code", code=wrong).text
    assert "no longer works" in public.press("/session/code", code=good).text


@both
def test_A4_guesses_made_at_once_share_the_five(database, cast, time):
    with database.writing() as db:
        proofs.ask_proof(
            db, proofs.Purpose.SIGN_IN, "ana@example.org", "browser", {}, "en", time.at
        )

    def guess(_):
        try:
            with database.writing() as db:
                proofs.spend_try(db, "browser", time.at)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(guess, range(12))) == 5


def test_A6_it_works_for_fifteen_minutes_and_a_new_one_ends_the_old(cast, office, public, time):
    ask(public, "ana@example.org")
    office.send()
    first = code_of(office.box.mails[0])
    ask(public, "ana@example.org")
    office.send()
    second = code_of(office.box.mails[1])
    public.get("/session/code")
    if first != second:
        assert "This code isn" in public.press("/session/code", code=first).text
    time.move(minutes=16)
    public.get("/session/code")
    assert "no longer works" in public.press("/session/code", code=second).text


def test_A3_an_unknown_address_gets_the_same_answer_and_no_mail(cast, office, public, open_browser):
    known = ask(public, "ana@example.org")
    unknown = ask(open_browser(), "nobody@example.org")
    hide = re.compile(r'(csrf|once)" value="[^"]*"')
    assert hide.sub("", known.text) == hide.sub("", unknown.text)
    assert known.status_code == unknown.status_code
    assert len(office.send()) == 1


def test_A3_asking_waits_for_the_floor(monkeypatch, public):
    waited = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("portal.people.identities.FLOOR_SECONDS", 60.0)
    monkeypatch.setattr("portal.web.page.anyio.sleep", sleep)
    ask(public, "nobody@example.org")
    assert waited[0] > 30  # of a minute, however slow this machine is


def test_A4_one_address_gets_few_codes(public, office):
    for _ in range(5):
        ask(public, "ana@example.org")
    assert "Too many tries" in ask(public, "ana@example.org").text
    office.send()
    assert len(office.box.mails) <= 5


@both
def test_nothing_readable_is_kept_of_code_link_and_browser(database, cast, office, public):
    ask(public, "ana@example.org")
    office.send()
    code, link = code_of(office.box.mails[0]), link_of(office.box.mails[0])
    with database.reading() as db:
        message = db.scalars(select(Message).where(Message.kind == "proof")).one()
        kept = f"{vars(message)} {vars(db.scalars(select(EmailVerification)).one())}"
    assert f"'{code}'" not in kept
    assert link.rpartition("/")[2] not in kept
    assert public.client.cookies["visit"] not in kept
    assert message.code_hash != hashed(code)


@both
def test_somebody_new_registers_and_is_kept_only_once_the_address_is_proved(
    database, office, public
):
    public.get("/register")
    page = public.press(
        "/register", name="Nia New", address="nia@example.org", phone="(555) 555-7777"
    )
    assert "emailed it a code" in page.text
    with database.reading() as db:
        assert db.scalars(select(Person).where(Person.name == "Nia New")).all() == []
    office.send()
    page = public.press("/session/code", code=code_of(office.box.mails[0]))
    assert page.url.path == "/opportunities"
    with database.reading() as db:
        nia = db.scalars(select(Person).where(Person.name == "Nia New")).one()
        assert (nia.status, nia.email, nia.phones[0].number) == (
            Status.PROSPECT, "nia@example.org", "(555) 555-7777",
        )  # fmt: skip
    assert "Nia" in public.get("/me").text


@both
def test_A10_registering_a_known_address_asks_who_it_is_and_drops_nothing(
    database, cast, office, public
):
    public.get("/register")
    public.press("/register", name="Second Person", address="ana@example.org", phone="555 5556")
    office.send()
    page = public.press("/session/code", code=code_of(office.box.mails[0])).text
    assert "Ana Reyes" in page
    assert "new here: Second Person" in page
    assert signed_in_as(database, cast.ana) == 0
    public.press("/session/who", person="new")
    with database.reading() as db:
        new = db.scalars(select(Person).where(Person.name == "Second Person")).one()
    assert (new.email, new.phones[0].number) == ("ana@example.org", "555 5556")
    assert (signed_in_as(database, cast.ana), signed_in_as(database, new.id)) == (0, 1)


@both
def test_a_forgotten_password_is_set_anew(database, cast, office, public):
    public.get("/session/mail?for=password")
    public.press("/session/mail", address="ana@example.org")
    office.send()
    page = public.press("/session/code", code=code_of(office.box.mails[0]))
    assert page.url.path.startswith("/invitations/")
    public.press(page.url.path, password="a long enough pass phrase")
    assert "Ana" in public.get("/me").text
    with database.reading() as db:
        invitation = db.scalars(select(Invitation)).one()
        assert invitation.used_at
        entries = db.scalars(select(AuditEntry.action)).all()
    assert "password.reset" in entries
    assert office.send() == ["Your password for Test Agency was changed"]


@both
def test_A10_two_who_share_an_address_are_asked_which_and_sensitive_ones_are_not_named(
    database, cast, office, public, open_browser
):
    with database.writing() as db:
        for person in (cast.ana, cast.bo, cast.hana):  # Hana is of the hidden shelter
            db.execute(update(Person).where(Person.id == person).values(email="us@example.org"))
            build.prove(db, person, NOW)
    ask(public, "us@example.org")
    office.send()
    page = public.press("/session/code", code=code_of(office.box.mails[0])).text
    assert "More than one person uses this address." in page
    assert "Bo Tanaka" in page
    assert "Hana" not in page
    assert public.post("/session/who", person=str(cast.hana)).status_code == 422
    assert open_browser().post("/session/who", person=str(cast.bo)).status_code == 303
    assert signed_in_as(database, cast.bo) == 0
    public.get("/session/who")
    public.press("/session/who", person=str(cast.bo))
    assert signed_in_as(database, cast.bo) == 1
    public.post("/session/who", person=str(cast.ana))
    assert signed_in_as(database, cast.ana) == 0


@both
def test_an_own_phone_stays_signed_in_for_90_days_but_not_for_staff(
    database, cast, office, public, open_browser, time
):
    with database.writing() as db:
        build.prove(db, cast.cy, time.at)
    for address, person, days in (
        ("ana@example.org", cast.ana, 90),
        ("cy@example.org", cast.cy, 0),
    ):
        browser = open_browser()
        ask(browser, address, own_phone="y")
        office.send()
        browser.press("/session/code", code=code_of(office.box.mails[-1]))
        with database.reading() as db:
            row = db.scalars(select(SignIn).where(SignIn.person_id == person)).one()
        lasts = row.idle_seconds // 86400
        assert (lasts, (row.ends_at - time.at).days) == (days, days)


def test_somebody_who_has_ended_is_not_let_in(database, cast, office, public):
    with database.writing() as db:
        db.execute(update(Person).where(Person.id == cast.ana).values(status=Status.ENDED))
    ask(public, "ana@example.org")
    assert office.send() == []


@both
def test_A3_an_old_mail_opens_nobody_elses_proof(database, cast, time, office, public):
    """Proofs are deleted after a day, and SQLite gives their ids out again."""
    ask(public, "bo@example.org")
    office.send()
    old_link, old_code = link_of(office.box.mails[-1]), code_of(office.box.mails[-1])
    time.move(hours=26)
    ask(public, "ana@example.org")
    office.send()
    assert public.client.get(old_link).status_code == 404
    public.get("/session/code")
    assert "t right" in public.press("/session/code", code=old_code).text
    assert signed_in_as(database, cast.ana) == 0
    public.get("/session/code")
    public.press("/session/code", code=code_of(office.box.mails[-1]))
    assert signed_in_as(database, cast.ana) == 1


@both
def test_a_page_that_was_asked_for_a_new_password_gives_one(database, cast, office, public):
    public.get("/session/mail?for=password")
    assert public.form("/session/mail")["reset"] == "yes"
    public.get("/session/mail")
    assert public.form("/session/mail")["reset"] == ""
    page = public.press("/session/mail", address="no address", reset="yes")
    assert page.status_code == 422
    assert "New password" in page.text
    assert public.form("/session/mail")["reset"] == "yes"


@both
def test_A4_a_known_browser_uses_up_its_own_tries(database, cast, time, office, public):
    """Asking from where one signed in before counts against that browser, and against the day of such places."""

    def counted() -> set[str]:
        with database.reading() as db:
            return {one.partition(":")[0] for one in db.scalars(select(Attempts.bucket))}

    ask(public, "bo@example.org")
    assert counted() == {"mail", "mail-from", "mails", "mails-to", "mails-from"}
    office.send()
    public.press("/session/code", code=code_of(office.box.mails[0]))
    with database.writing() as db:
        db.execute(delete(Attempts))
    public.get("/choices")
    public.press("/session/end")
    ask(public, "bo@example.org")
    assert counted() == {"mail", "mails-known"}
    with database.writing() as db:  # the same network, another browser
        db.execute(delete(Attempts))
        db.execute(delete(KnownPlace).where(KnownPlace.place_hash != _network(database)))
    ask(public, "bo@example.org")
    assert counted() == {"mail", "mail-from", "mails", "mails-known"}


def _network(database) -> str:
    """The hash of the tests' network among the places that Bo signed in from."""
    return places.place_of(SETTINGS, "", "testclient").network_hash


@both
def test_A6_what_was_proved_is_used_up(database, cast, office, public):
    ask(public, "bo@example.org")
    office.send()
    public.press("/session/code", code=code_of(office.box.mails[0]))
    assert signed_in_as(database, cast.bo) == 1
    assert public.get("/session/who").url.path == "/me"
    with database.reading() as db:
        assert db.scalars(select(EmailVerification.ends_at)).one() <= NOW


@both
def test_a_change_is_confirmed_by_the_person_it_was_asked_for(database, cast, time, office, as_):
    """Also where the address is one's own already: then it is proved."""
    bo = as_(cast.bo)
    bo.get("/me/email")
    bo.press("/me/email", email="bo@example.org")
    office.send()
    code = code_of(office.box.mails[-1])
    with database.writing() as db:
        proof = db.scalars(select(EmailVerification)).one()
        data = proof.data
        proof.data = json.dumps({"person": cast.ana})
    bo.get("/session/code")
    assert bo.press("/session/code", code=code).status_code == 404
    with database.writing() as db:
        db.execute(update(EmailVerification).values(data=data, used_at=None))
    assert not _proved(database, cast.bo)
    bo.get("/session/code")
    assert "confirmed" in bo.press("/session/code", code=code).text
    assert _proved(database, cast.bo)


def _proved(database, person_id: int) -> bool:
    with database.reading() as db:
        return is_proved(db, person_id, "bo@example.org")


def test_what_was_typed_stays_when_it_is_refused(public):
    public.get("/register")
    page = public.press("/register", name="Nia New", address="no address", phone="555 7777")
    assert page.status_code == 422
    assert public.form("/register")["name"] == "Nia New"
    assert public.form("/register")["phone"] == "555 7777"


@both
def test_A10_whoever_chooses_nobody_is_asked_again(database, cast, office, public):
    with database.writing() as db:
        for person in (cast.ana, cast.bo):
            db.execute(update(Person).where(Person.id == person).values(email="us@example.org"))
            build.prove(db, person, NOW)
    ask(public, "us@example.org")
    office.send()
    public.press("/session/code", code=code_of(office.box.mails[0]))
    page = public.post("/session/who", person="999")
    assert page.status_code == 422
    assert "Select who you are." in page.text
    public.get("/session/who")
    assert public.press("/session/who", person=str(cast.bo)).status_code == 200
    assert signed_in_as(database, cast.bo) == 1


@both
def test_A4_how_many_codes_are_sent(database, cast, office, public, monkeypatch):
    """By address and network, by network, in all; by day; and from a place where one signed in before."""
    counted = []
    spend = limits.spend

    def noted(db, buckets, at, seconds=limits.WINDOW_SECONDS):
        counted.append(({name.partition(":")[0]: most for name, most in buckets.items()}, seconds))
        return spend(db, buckets, at, seconds)

    monkeypatch.setattr(limits, "spend", noted)
    ask(public, "bo@example.org")
    assert counted == [
        ({"mail": 5, "mail-from": 30}, 900), ({"mails": 1000}, 900),
        ({"mails-to": 20, "mails-from": 300}, 86400),
    ]  # fmt: skip
    office.send()
    public.press("/session/code", code=code_of(office.box.mails[0]))
    public.get("/choices")
    public.press("/session/end")
    counted.clear()
    ask(public, "bo@example.org")
    assert counted == [({"mail": 5}, 900), ({"mails-known": 60}, 86400)]
    counted.clear()
    public.get("/session/office")
    public.press("/session/office", address="bo@example.org", code="00000000")
    assert counted == [({"office": 5, "network": 60}, 900)]
