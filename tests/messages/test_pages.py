"""The pages of messages: what one gets, the page a mail leads to, calls, letters, wordings."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.act import Act
from portal.messages.models import Channel, Letter, Message, State, Wording
from portal.people import memberships
from portal.people.models import Person
from portal.permissions import Role
from portal.settings import Settings
from portal.shifts import signups, waiting
from portal.shifts.models import Signup, SignupState
from portal.shifts.waiting_models import Waiting
from tests import build
from tests.mailbox import parts
from tests.worker import Mail, round_of_work

both = pytest.mark.both_databases


def link_in(mail) -> str:
    return re.search(r"/mail/[\w-]+", parts(mail)["text/plain"].get_content())[0]


@pytest.fixture
def offered(database, cast, time):
    """A spot that is offered to Bo, who was in line behind Ana."""
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=1, title="Airport run").id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
        slot = build.slot_of(db, number)
        waiting.join(Act(db, build.viewer(cast.bo), time.at), cast.bo, slot)
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
    round_of_work(database, Settings(), time.at)
    return number


def on_it(database, shift):
    with database.reading() as db:
        return db.scalars(
            select(Signup.person_id).where(
                Signup.shift_id == shift, Signup.state == SignupState.SIGNED_UP
            )
        ).all()


@both
def test_an_offer_is_taken_from_its_mail_by_a_press_and_not_by_opening_it(
    database, cast, offered, office, public
):
    office.send()
    link = link_in(office.box.to("bo@example.org")[0])
    for _ in range(3):  # a mail scanner opens links
        assert "Yes, I&#39;ll take it" in public.get(link).text
    assert on_it(database, offered) == []
    page = public.press(f"{link}/answer", answer="yes").text
    assert "Thank you! You&#39;re signed up." in page
    assert "This message is no longer current" in page
    assert on_it(database, offered) == [cast.bo]
    assert public.get("/mail/not-a-token").status_code == 404


def test_a_page_opened_from_mail_is_in_its_readers_language_until_another_is_chosen_on_it(
    database, cast, offered, office, public
):
    with database.writing() as db:
        db.execute(update(Person).where(Person.id == cast.bo).values(language="es"))
    office.send()
    link = link_in(office.box.to("bo@example.org")[0])
    page = public.get(link, headers={"accept-language": "en-US"}).text
    assert '<html lang="es"' in page
    assert "Sí, lo tomo" in page
    assert "Yes, I&#39;ll take it" not in page
    public.press("/choices/language", language="en", next=link)
    page = public.get(link).text
    assert '<html lang="en"' in page
    assert "Yes, I&#39;ll take it" in page
    assert "lugar" not in page
    assert "turno" not in page


@both
def test_saying_no_by_mail_keeps_the_place_in_line(database, offered, office, public):
    office.send()
    link = link_in(office.box.to("bo@example.org")[0])
    public.get(link)
    public.press(f"{link}/answer", answer="pass")
    with database.reading() as db:
        assert db.scalars(select(Waiting.state)).all() == ["waiting"]
    public.get(link)
    answer = public.post(f"{link}/answer", answer="yes")
    assert answer.status_code == 422
    assert "no longer open" in answer.text


def test_a_mails_link_ends_and_a_resent_one_replaces_it(database, offered, office, public, time):
    office.send()
    link = link_in(office.box.to("bo@example.org")[0])
    time.move(days=61)
    assert public.get(link).status_code == 404


def test_what_one_gets_is_changed_by_the_link_and_on_ones_page(
    database, cast, offered, office, public, as_
):
    office.send()
    link = link_in(office.box.to("bo@example.org")[0])
    public.get(link)
    public.press(f"{link}/choices", topics=["reminders", "asks"], hours=["24"])
    with database.reading() as db:
        bo = db.get_one(Person, cast.bo)
        assert (bo.mail_off, bo.remind_hours) == ("confirmations,news,digest", "24")
    browser = as_(cast.bo)
    page = browser.get("/me/messages").text
    assert re.search(r'value="24" checked', page)
    browser.press("/me/messages", topics=["news"], hours=[])
    with database.reading() as db:
        assert db.get_one(Person, cast.bo).remind_hours == ""


@both
def test_who_has_no_mail_is_called_and_the_clock_starts_when_reached(
    database, cast, time, as_, public
):
    with database.writing() as db:
        db.execute(update(Person).where(Person.id == cast.bo).values(email=""))
        number = build.shift(db, cast.driver, places=1, title="Airport run").id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
        waiting.join(Act(db, build.viewer(cast.bo), time.at), cast.bo, build.slot_of(db, number))
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
    round_of_work(database, Settings(), time.at)
    time.move(hours=20)
    round_of_work(database, Settings(), time.at)  # no one called yet, so it has not lapsed
    cy = as_(cast.cy)
    assert "People to call" in cy.get("/me").text
    page = cy.get("/calls").text
    assert "Bo Tanaka" in page
    call = re.search(r"/calls/\d+", page)[0]
    page = cy.get(call).text
    assert 'href="tel:5555551234"' in page
    assert "A spot opened up" in page
    assert "left a message" in cy.press(f"{call}/outcome", outcome="word").text
    cy.get(call)
    page = cy.press(f"{call}/outcome", outcome="reached").text
    assert "What did they say?" in page
    with database.reading() as db:
        assert db.scalars(select(Waiting.answer_by)).one() == time.at + timedelta(hours=12)
    assert "No one is left to call." in cy.get("/calls").text
    assert as_(cast.mara).get(call).status_code == 404
    time.move(hours=13)
    round_of_work(database, Settings(), time.at)
    with database.reading() as db:
        assert db.scalars(select(Waiting.state)).all() == ["lapsed"]


@both
def test_a_call_that_is_not_true_any_more_leaves_the_list(database, cast, time, settings):
    with database.writing() as db:
        db.execute(update(Person).where(Person.id == cast.ana).values(email=""))
        number = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
        signups.remove(Act(db, build.OFFICE, time.at), db.scalars(select(Signup)).one(), "No")
    mail = Mail(database, settings)
    mail.round(time.at)
    with database.reading() as db:
        assert db.scalars(select(Message.channel)).all() == [Channel.CALL]
    with database.writing() as db:
        db.execute(update(Signup).values(state=SignupState.WITHDRAWN))
    mail.round(time.move(minutes=11))
    with database.reading() as db:
        assert db.scalars(select(Message.state)).all() == [State.DROPPED]


@both
def test_a_letter_goes_to_those_who_are_checked_each_by_themselves(
    database, cast, time, as_, office
):
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=5).id
        for person in (cast.ana, cast.bo):
            signups.sign_up(Act(db, build.viewer(person), time.at), person, number)
        extra = {}
        for name, values in {"Dot": {"email": ""}, "Eve": {}}.items():
            extra[name] = build.person(db, name, time.at, **values).id
            build.place(db, extra[name], cast.driver, time.at)
            signups.sign_up(Act(db, build.viewer(extra[name]), time.at), extra[name], number)
        db.get_one(Person, extra["Eve"]).mail_off = "news"
    office.send()
    cy = as_(cast.cy)
    page = cy.get(f"/letters/new?shift={number}").text
    assert "skipped: turned off news" in page
    assert "no email: call list" in page
    to = f"/letters?shift={number}"
    page = cy.press(
        to, subject="Parking, please read", body="Hello {name},\n\nuse the north lot."
    ).text
    assert "It goes to 3 people" in page
    assert "2 by email" in page
    assert "1 to call" in page
    with database.reading() as db:
        assert db.scalars(select(Letter.id)).all() == []
    assert "Message sent to 3 people." in cy.press(to).text
    assert office.send() == ["Parking, please read"] * 2
    assert "Hello Bo," in parts(office.box.to("bo@example.org")[-1])["text/plain"].get_content()
    assert "Dot" in cy.get("/calls").text
    answer = cy.post(to, subject="x", body="y", people=str(extra["Eve"]))
    assert "No one you selected can get this message." in answer.text
    assert as_(cast.mara).get(f"/letters/new?shift={number}").status_code == 404


def test_a_letter_to_a_search_and_to_everyone_with_a_role(database, cast, as_):
    cy = as_(cast.cy)
    page = cy.get(f"/letters/new?position={cast.driver}").text
    assert "Ana Reyes" in page
    assert "Bo Tanaka" in page
    page = cy.get("/letters/new?q=Tanaka").text
    assert "Ana Reyes" not in page
    assert "Hana Weiss" not in cy.get("/letters/new").text  # someone else's volunteer


def test_a_letter_from_a_search_stays_with_its_author_and_never_goes_to_who_has_ended(
    database, cast, time, as_, office
):
    with database.writing() as db:
        for name, status in {"Dot Gone": "ended", "Eve Here": "active"}.items():
            person = build.person(db, name, time.at, email="")
            build.place(db, person.id, cast.driver, time.at)
            person.status = status
        other = build.person(db, "Cora Coordinator", time.at)
        memberships.grant(Act(db, build.NOBODY, time.at), other.id, Role.COORDINATOR, cast.rides)
        other = other.id
    cy = as_(cast.cy)
    page = cy.get("/letters/new?which=ended").text
    assert "Dot Gone" not in page
    assert "Ana Reyes" not in page
    assert "Write to them" not in cy.get("/people?which=ended").text
    cy.get("/letters/new?q=here")
    cy.press("/letters?q=here", subject="Hello", body="There")
    cy.press("/letters?q=here")
    assert "Eve Here" in cy.get("/calls").text
    assert "Eve Here" not in as_(other).get("/calls").text


def test_a_wording_that_somebody_else_saved_meanwhile_is_not_lost(cast, as_):
    to = "/wordings/signup.made/en"
    first, second = as_(cast.ada), as_(cast.ada)
    first.get(to)
    second.get(to)
    first.press(to, subject="One", body="One")
    answer = second.press(to, subject="Two", body="Two")
    assert answer.status_code == 409
    assert "One" in answer.text
    assert "Two" in answer.text


def test_an_agency_words_a_message_and_sees_what_is_missing(database, cast, time, as_, office):
    ada = as_(cast.ada)
    to = "/wordings/signup.made/en"
    ada.get(to)
    page = ada.press(to, subject="Welcome to {what}", body="Dear {name},\n\n{nonsense}").text
    assert "know this name: {nonsense}." in page
    page = ada.press(to, subject="Welcome to {what}", body="Look at this.", look="yes").text
    assert "Look at this." in page.partition("Preview")[2]
    with database.reading() as db:
        assert db.scalars(select(Wording.id)).all() == []
    page = ada.press(to, subject="Welcome to {what}", body="Dear {name},\n\nbring water.").text
    assert "You wrote one language only. The other uses the portal&#39;s wording." in page
    assert "Español" in page
    with database.writing() as db:
        number = build.shift(db, cast.driver, title="Airport run").id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
    assert office.send() == ["Welcome to Airport run"]
    assert "bring water." in parts(office.box.mails[0])["text/html"].get_content()
    assert "Dear Ada" in ada.get(to).text
    ada.press(to, subject="", body="")
    with database.reading() as db:
        assert db.scalars(select(Wording.id)).all() == []


def test_the_outbox_is_read_by_administrators_and_says_what_became_of_it(
    database, cast, time, as_, settings, offered
):
    Mail(database, settings).round(time.at)
    page = as_(cast.ada).get("/messages").text
    assert "A spot opened up: Airport run" in page
    assert "nothing leaves this computer" in page
    assert "not needed" in page
    with database.reading() as db:
        shown = json.loads(db.scalars(select(Message.shown).where(Message.shown != "")).first())
    assert set(shown) == {"subject", "text"}
