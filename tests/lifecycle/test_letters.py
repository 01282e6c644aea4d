"""Letters: what they say comes from the ledger, who may write them, and what their code tells a third party."""

import io
import re
from datetime import timedelta

import pypdf
import pytest
from sqlalchemy import select

from portal.act import Act
from portal.hours.models import HoursEntry
from portal.lifecycle import letters
from portal.lifecycle.models import IssuedLetter, LetterKind, LetterWording
from portal.messages.models import Message
from portal.people.models import Person
from portal.permissions import Role
from portal.programs.models import Program
from portal.web.errors import Refused
from tests import build

both = pytest.mark.both_databases
SETTINGS = build.SETTINGS


def gave(db, person_id, position_id, program_id, day, minutes, state="approved"):
    db.add(
        HoursEntry(
            person_id=person_id, program_id=program_id, position_id=position_id, source="own",
            day=day, minutes=minutes, recorded_at=build.NOON, state=state,
        )
    )  # fmt: skip


@pytest.fixture
def served(database, cast, time):
    today = time.at.date()
    with database.writing() as db:
        gave(db, cast.ana, cast.driver, cast.rides, today - timedelta(days=40), 90)
        gave(db, cast.ana, cast.driver, cast.rides, today - timedelta(days=10), 60)
        gave(db, cast.ana, cast.driver, cast.rides, today - timedelta(days=5), 600, "submitted")
        gave(db, cast.bo, cast.driver, cast.rides, today - timedelta(days=10), 120)
        gave(db, cast.hana, cast.host, cast.shelter, today - timedelta(days=10), 300)


def text_of(answer) -> str:
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@both
def test_proof_of_service_says_what_the_ledger_approved(database, cast, as_, served):
    cy = as_(cast.cy)
    cy.get(f"/people/{cast.ana}/letters/new?kind=service&program={cast.rides}&first=2026-11-01")
    body = cy.form(f"/people/{cast.ana}/letters")["body"]
    assert "gave 1 hr of service" in body  # neither October's nor what waits
    assert "Nov 21, 2026" in body
    cy.get(f"/people/{cast.ana}/letters/new?kind=service&program={cast.rides}")
    assert "gave 2 hr 30 min" in cy.form(f"/people/{cast.ana}/letters")["body"]
    cy.press(f"/people/{cast.ana}/letters", signer="Cy Ortega\nCoordinator")
    assert "The letter was written" in cy.text
    number = re.search(r"/people/letters/(\d+)", str(cy.response.url))[1]
    said = text_of(cy.get(f"/people/letters/{number}.pdf"))
    assert "confirms that Ana Reyes volunteered with Rides" in said
    reader = pypdf.PdfReader(io.BytesIO(cy.response.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]  # tagged, so that it can be read aloud
    with database.reading() as db:
        told = db.scalars(select(Message).where(Message.kind == "letter.written")).one()
        assert told.person_id == cast.ana
    ana = as_(cast.ana)
    assert "2 hr 30 min" in ana.get(f"/me/letters/{number}").text
    assert "2 hr 30 min" in text_of(ana.get(f"/me/letters/{number}.pdf"))
    assert as_(cast.bo).get(f"/me/letters/{number}").status_code == 404
    assert as_(cast.mara).get(f"/people/letters/{number}").status_code == 404


@both
def test_a_third_party_checks_the_code_and_learns_nothing_else(
    database, cast, as_, public, served, time, settings
):
    cy = as_(cast.cy)
    cy.get(f"/people/{cast.ana}/letters/new?kind=service&program={cast.rides}")
    cy.press(f"/people/{cast.ana}/letters")
    with database.reading() as db:
        row = db.scalars(select(IssuedLetter)).one()
    said = text_of(cy.get(f"/people/letters/{row.id}.pdf"))
    code = re.search(r"(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}", said)[0]
    assert code not in row.code_hash
    public.get("/letters/check")
    for typed in (code, code.lower().replace("-", " "), code.replace("O", "0").replace("I", "1")):
        page = public.press("/letters/check", code=typed).text
        assert "We wrote a letter with this code on Tue, Dec 1" in page
        assert "Ana" not in page
        assert "Rides" not in page
    assert "No letter of ours" in public.press("/letters/check", code="AAAA-BBBB").text
    assert "Dec 1" not in public.get(f"/letters/check?code={code}").text  # opening does nothing
    cy.get(f"/people/letters/{row.id}")
    cy.press(f"/people/letters/{row.id}/withdrawal")
    public.get("/letters/check")
    assert "No letter of ours" in public.press("/letters/check", code=code).text
    assert as_(cast.ana).get(f"/me/letters/{row.id}").status_code == 404


def test_service_in_a_program_that_closed_is_proved_too(database, cast, as_, served, time):
    with database.writing() as db:
        db.get_one(Program, cast.rides).closed_at = time.at
    cy = as_(cast.cy)
    cy.get(f"/people/{cast.ana}/letters/new?kind=service&program={cast.rides}")
    assert "gave 2 hr 30 min" in cy.form(f"/people/{cast.ana}/letters")["body"]
    assert f'value="{cast.rides}" selected' in cy.text


def test_guessing_codes_is_slowed(public):
    public.get("/letters/check")
    answers = [
        public.press("/letters/check", code=f"{number:04}").status_code for number in range(62)
    ]
    assert answers[0] == 200
    assert answers[-1] == 422


@both
def test_one_writes_for_ones_own_program_and_never_for_oneself(database, cast, time, served):
    cy = Act(
        None, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at
    )  # the session is given below
    with database.writing() as db:
        act = cy.but(db=db)
        ana, me = db.get_one(Person, cast.ana), db.get_one(Person, cast.cy)
        for program, person in ((cast.shelter, ana), (None, ana), (cast.rides, me)):
            with pytest.raises(Refused):
                letters.write(
                    act, LetterKind.THANKS, program,
                    [letters.Written(person, "Hi", "en")], "", SETTINGS,
                )  # fmt: skip


def test_Z5_a_letter_counts_no_other_programs_hours_and_names_no_sensitive_one(
    database, cast, as_, served, time
):
    with database.writing() as db:
        gave(db, cast.ana, cast.host, cast.shelter, time.at.date(), 4000)
        gave(db, cast.wes, cast.greeter, cast.testing, time.at.date(), 60)
    cy = as_(cast.cy)
    cy.get(f"/people/{cast.ana}/letters/new?kind=service&program={cast.rides}")
    assert "2 hr 30 min" in cy.form(f"/people/{cast.ana}/letters")["body"]
    assert (
        cy.get(f"/people/{cast.ana}/letters/new?kind=service&program={cast.shelter}").status_code
        == 404
    )
    mara = as_(cast.mara)
    mara.get(f"/people/{cast.hana}/letters/new?kind=reference&program={cast.shelter}")
    body = mara.form(f"/people/{cast.hana}/letters")["body"]
    assert "Shelter" not in body
    assert "Night host" not in body
    assert "Family Support" in body  # its label
    noel = as_(cast.noel)
    noel.get(f"/people/{cast.wes}/letters/new?kind=service&program={cast.testing}")
    assert "Wellness" in noel.form(f"/people/{cast.wes}/letters")["body"]


@both
def test_many_are_written_at_once_after_a_look_each_in_their_language(database, cast, as_, served):
    with database.writing() as db:
        db.get_one(Person, cast.bo).language = "es"
        db.get_one(Person, cast.bo).email = ""
    cy = as_(cast.cy)
    query = f"program={cast.rides}"
    cy.get(f"/people/letters/many?{query}")
    cy.press(f"/people/letters?{query}", kind="thanks", program=str(cast.rides))
    assert "2 letters" in cy.text
    assert "no email: print it" in cy.text
    with database.reading() as db:
        assert db.scalars(select(IssuedLetter)).all() == []
    cy.press(f"/people/letters?{query}")
    with database.reading() as db:
        rows = db.scalars(select(IssuedLetter).order_by(IssuedLetter.id)).all()
        told = db.scalars(select(Message.person_id).where(Message.kind == "letter.written")).all()
    assert [(row.person_id, row.language) for row in rows] == [(cast.ana, "en"), (cast.bo, "es")]
    assert told == [cast.ana]
    assert "Gracias" in rows[1].body
    pdf = cy.get(f"/people/letters/print.pdf?batch={rows[0].batch}")
    assert len(pypdf.PdfReader(io.BytesIO(pdf.content)).pages) == 2
    assert as_(cast.mara).get(f"/people/letters/print.pdf?batch={rows[0].batch}").status_code == 404


def test_letters_that_changed_since_they_were_looked_at_are_shown_again(
    database, cast, as_, served, time
):
    cy = as_(cast.cy)
    query = f"program={cast.rides}"
    cy.get(f"/people/letters/many?{query}")
    cy.press(f"/people/letters?{query}", kind="thanks", program=str(cast.rides))
    with database.writing() as db:
        gave(db, cast.ana, cast.driver, cast.rides, time.at.date(), 30)
    cy.press(f"/people/letters?{query}")
    with database.reading() as db:
        assert db.scalars(select(IssuedLetter)).all() == []
    cy.press(f"/people/letters?{query}")
    with database.reading() as db:
        bodies = db.scalars(select(IssuedLetter.body)).all()
    assert any("3 hr" in body for body in bodies)


def test_no_more_than_fifty_at_once(cast, as_, served, monkeypatch):
    monkeypatch.setattr("portal.lifecycle.letters.MOST_AT_ONCE", 1)
    cy = as_(cast.cy)
    assert "too long" in cy.get(f"/people/letters/many?program={cast.rides}").text
    answer = cy.post(
        f"/people/letters?program={cast.rides}", kind="thanks", program=str(cast.rides)
    )
    assert answer.status_code == 422


@both
def test_a_program_words_a_letter_and_unknown_names_are_refused(database, cast, as_, served):
    cy = as_(cast.cy)
    path = f"/people/letters/wording?kind=thanks&language=en&program={cast.rides}"
    cy.get(path)
    answer = cy.press(path, body="Dear {nmae}, thanks for {hours}.")
    assert answer.status_code == 422
    assert "{nmae}" in cy.form(path)["body"]
    cy.press(path, body="Dear {name}, thanks for {hours}.")
    cy.get(f"/people/{cast.ana}/letters/new?kind=thanks&program={cast.rides}")
    assert (
        cy.form(f"/people/{cast.ana}/letters")["body"] == "Dear Ana Reyes, thanks for 2 hr 30 min."
    )
    other = f"/people/letters/wording?kind=thanks&language=en&program={cast.shelter}"
    assert cy.get(other).status_code == 404
    assert cy.post(other, body="x").status_code == 404
    assert cy.get("/people/letters/wording?kind=thanks&language=en").status_code == 404
    cy.get(path)
    cy.press(path, body="")
    with database.reading() as db:
        assert db.scalars(select(LetterWording)).all() == []


def test_a_letter_with_braces_left_in_it_is_not_written(cast, as_):
    cy = as_(cast.cy)
    cy.get(f"/people/{cast.ana}/letters/new?kind=reference&program={cast.rides}")
    assert "no approved hours" in cy.text
    answer = cy.press(f"/people/{cast.ana}/letters", body="Ana gave {hourz}.")
    assert answer.status_code == 422
    assert cy.form(f"/people/{cast.ana}/letters")["body"] == "Ana gave {hourz}."


def test_a_letter_outlives_a_new_secret_and_its_first_print_stays_good(
    database, cast, time, served
):
    with database.writing() as db:
        act = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at)
        ana = db.get_one(Person, cast.ana)
        (row,) = letters.write(
            act, LetterKind.SERVICE, cast.rides, [letters.Written(ana, "Hi", "en")], "", SETTINGS
        )
        code = letters.code_of(SETTINGS, row.link_id)
        other = type(SETTINGS)(secret_key="another secret of forty letters, at least")
        assert letters.as_data([row], other)["letters"][0]["check"] == ""
        assert letters.letter_with(db, code) == row.written_on


def test_no_proof_of_service_without_service_and_no_braces_on_paper(cast, as_, served, database):
    cy = as_(cast.cy)
    cy.get(f"/people/{cast.sol}/letters/new?kind=service&program={cast.rides}")
    path = f"/people/{cast.sol}/letters"
    assert cy.press(path, body="Sol gave 4000 hr.").status_code == 422
    assert "nothing to prove" in cy.text
    cy.get(f"/people/{cast.ana}/letters/new?kind=thanks&program={cast.rides}")
    answer = cy.press(f"/people/{cast.ana}/letters", body="Dear {name}, {hours}!")
    assert answer.status_code == 422
    with database.reading() as db:
        assert db.scalars(select(IssuedLetter)).all() == []
