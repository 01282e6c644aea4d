"""The public door: questions, posters, what machines read, and the report of what came of it all."""

import io
import re
from datetime import timedelta

import microdata
import pypdf
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import func, select

from portal.act import Act
from portal.people.sessions import viewer_of
from portal.programs.application_models import Application, DeclineReason
from portal.programs.models import Site
from portal.recruitment import applications, funnel, inquiries, review
from portal.recruitment.models import Inquiry, Opportunity
from portal.settings import Settings
from portal.web.errors import Refused
from tests import build

QUESTION = {"words": "Do I need a car?", "name": "Nia Park", "email": "nia@example.net"}


@pytest.fixture
def listed(database, cast, time) -> int:
    with database.writing() as db:
        return build.opportunity(
            db, cast.driver, time.at, title="Drive a neighbor", summary="Twice a week", area="Millbrook",
            needed=6, translations={"es": {"title": "Lleve a un vecino"}},
        ).id  # fmt: skip


def ask(browser, time, path, **typed):
    """Send a question as someone who takes their time."""
    browser.get(path)
    time.move(seconds=10)
    return browser.press(path, **QUESTION | typed)


@pytest.mark.both_databases
def test_a_question_is_asked_answered_and_mailed(database, cast, time, public, as_, listed, office):
    page = ask(public, time, f"/opportunities/{listed}/question")
    assert "get back to you" in page.text
    cy = as_(cast.cy)
    assert "Questions from the public" in cy.get("/me").text
    assert "Do I need a car?" in cy.get("/inquiries").text
    with database.reading() as db:
        number = db.scalars(select(Inquiry.id)).one()
    cy.get(f"/inquiries/{number}")
    assert cy.press(f"/inquiries/{number}/answer", reply="").status_code == 422
    cy.press(f"/inquiries/{number}/answer", reply="No, we have one.")
    assert "Your answer was sent" in cy.text
    office.send()
    (mail,) = office.box.mails
    words = mail.get_body(("plain",)).get_content()
    assert "No, we have one." in words
    assert "Nia" not in words
    assert "Do I need a car?" not in cy.get("/inquiries").text
    assert cy.post(f"/inquiries/{number}/answer", reply="Twice").status_code == 422


def test_whoever_gives_no_email_is_called(database, cast, time, public, as_, listed, office):
    path = f"/opportunities/{listed}/question"
    assert "email address or a phone number" in ask(public, time, path, email="", phone="").text
    ask(public, time, path, email="", phone="(555) 555-4444")
    with database.reading() as db:
        number = db.scalars(select(Inquiry.id)).one()
    cy = as_(cast.cy)
    assert "call them" in cy.get(f"/inquiries/{number}").text
    cy.press(f"/inquiries/{number}/answer", reply="Told her: no.")
    assert "Call Nia Park, (555) 555-4444." in cy.text
    office.send()
    assert office.box.mails == []


def test_a_question_about_another_program_is_not_there(database, cast, time, public, as_, listed):
    ask(public, time, f"/opportunities/{listed}/question")
    with database.reading() as db:
        number = db.scalars(select(Inquiry.id)).one()
    mara = as_(cast.mara)
    assert "Do I need a car?" not in mara.get("/inquiries").text
    assert mara.get(f"/inquiries/{number}").status_code == 404
    assert mara.post(f"/inquiries/{number}/answer", reply="x").status_code == 404


def test_an_offer_of_help_waits_for_any_coordinator(database, cast, time, public, as_):
    ask(public, time, "/opportunities/offers", words="I can fix bicycles.")
    for person in (cast.cy, cast.mara):
        assert "I can fix bicycles." in as_(person).get("/inquiries").text
    assert as_(cast.ana).get("/inquiries").status_code == 404


def test_machines_and_the_same_question_twice_make_no_more(database, time, public, listed):
    path = f"/opportunities/{listed}/question"
    ask(public, time, path, website="http://x")
    for _ in range(2):
        ask(public, time, path)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Inquiry)) == 1


def test_of_two_answers_one_is_sent(database, cast, time):
    with database.writing() as db:
        values = {"words": "?", "name": "Nia", "email": "", "phone": "5551234567", "language": "en"}
        row = inquiries.take_in(Act(db, build.OFFICE, time.at), values, None, Settings())
        inquiries.answer(Act(db, build.viewer(cast.cy), time.at), row, "One", None)
        with pytest.raises(Refused):
            inquiries.answer(Act(db, build.viewer(cast.ada), time.at), row, "Two", None)
        assert row.reply == "One"


def test_a_poster_leads_to_the_opportunity_and_is_counted_when_someone_applies(
    database, cast, time, public, as_, listed
):
    cy = as_(cast.cy)
    for language, title in (("en", "Drive a neighbor"), ("es", "Lleve a un vecino")):
        answer = cy.get(f"/postings/{listed}/poster/{language}")
        assert answer.headers["content-type"] == "application/pdf"
        words = pypdf.PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        assert title in words.replace("\n", " ")
        assert f"/o/{listed}/poster" in words
        assert [code.text for code in codes_on(answer.content)] == [
            f"http://testserver/o/{listed}/poster"
        ]
    assert cy.get(f"/postings/{listed}/poster/xx").status_code == 404
    assert as_(cast.mara).get(f"/postings/{listed}/poster/en").status_code == 404
    assert 'href="/opportunities' in public.get(f"/o/{listed}/poster").text
    assert public.response.url.path == f"/opportunities/{listed}"
    page = public.text
    assert f'href="/opportunities/{listed}/apply?from=poster"' in page
    public.get(f"/opportunities/{listed}/apply?from=poster")
    time.move(seconds=10)
    public.press(f"/opportunities/{listed}/apply", name="Nia", email="nia@example.net")
    public.press(public.response.url.path, adult="y")
    with database.reading() as db:
        assert db.scalars(select(Application.source)).one() == "poster"
    public.get(f"/o/{listed}/nonsense")
    assert "from=" not in str(public.response.url)


def test_a_poster_with_much_to_say_is_one_page(database, cast, time, as_):
    with database.writing() as db:
        much = build.opportunity(
            db, cast.driver, time.at, title="Drive a neighbor to the doctor and back " * 3,
            summary="Twice a week, mornings. " * 12, commitment="2 hours a week " * 5,
            schedule="Weekday mornings " * 5, area="Millbrook",
        ).id  # fmt: skip
    pdf = as_(cast.cy).get(f"/postings/{much}/poster/en").content
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1
    assert len(codes_on(pdf)) == 1
    assert b"pdfuaid" in pdf


def codes_on(pdf: bytes) -> list[zxingcpp.Barcode]:
    """The bar codes that a scanner finds on the first page of a PDF, printed at 100 dots an inch."""
    with pypdfium2.PdfDocument(pdf) as document:
        return zxingcpp.read_barcodes(document[0].render(scale=100 / 72).to_pil())


def test_machines_read_what_the_page_shows(public, listed):
    page = public.get(f"/opportunities/{listed}").text
    (posting,) = microdata.get_items(page)
    assert [str(one) for one in posting.itemtype] == ["https://schema.org/JobPosting"]
    assert posting.employmentType == "VOLUNTEER"
    assert posting.title.strip() == "Drive a neighbor"
    assert posting.jobLocation.address.strip() == "Millbrook"
    assert posting.hiringOrganization.name
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", posting.datePosted)
    assert "<script type" not in page
    assert '<meta property="og:title" content="Drive a neighbor">' in page


def test_the_list_for_machines_is_the_list(public, listed):
    (one,) = public.get("/opportunities.json").json()["opportunities"]
    assert one["title"] == "Drive a neighbor"
    assert one["url"].endswith(f"/opportunities/{listed}")


@pytest.mark.both_databases
def test_the_report_counts_each_stage_and_adds_up(database, cast, time):
    cy = build.viewer(cast.cy)
    today, before = time.at.date(), time.at.date() - timedelta(days=1)
    with database.writing() as db:
        for index, end in enumerate(("new", "review", "offer", "placed", "declined", "withdrawn")):
            one = build.application(db, f"Person {index}", cast.driver, time.at)
            one.heard = "poster" if index % 2 else None
            act = Act(db, cy, time.at + timedelta(days=3))
            if end not in ("new", "withdrawn"):
                review.start_review(act, one, None, build.SETTINGS)
            if end in ("offer", "placed"):
                review.accept(act, one, act.at.date())
            if end == "placed":
                applications.accept_role(act, one, "UTC")
            if end == "declined":
                review.decline(act, one, DeclineReason.TIMES, "")
            if end == "withdrawn":
                applications.withdraw(act, one)
        build.application(db, "Uri Stone", cast.host, time.at)
    with database.reading() as db:
        viewer = viewer_of(db, cast.cy, time.at)
        for by in funnel.By:
            found = funnel.funnel(db, viewer, by, today, today, time.at, "UTC")
            assert found.total.count[1:] == (6, 4, 2, 1, 1, 1)
            assert found.total.open == 3
            assert sum(line.count.applied for line in found.lines) == 6
        other = funnel.funnel(db, viewer, funnel.By.ROLE, before, before, time.at, "UTC")
        assert other.lines == []


def test_the_report_is_a_page_and_a_table(database, cast, time, as_):
    with database.writing() as db:
        build.application(db, "Nia Park", cast.driver, time.at)
    cy = as_(cast.cy)
    for by in funnel.By:
        assert "Total" in cy.get(f"/applications/report?by={by}").text
        table = cy.get(f"/applications/report.csv?by={by}").text
        assert "Nia Park" not in table
        assert table.splitlines()[-1].startswith("Total,1,")
    assert "No applications came in" in as_(cast.mara).get("/applications/report").text
    assert as_(cast.ana).get("/applications/report").status_code == 404


def test_an_opportunity_says_nothing_of_a_location_that_became_confidential(
    database, cast, time, public, listed
):
    with database.writing() as db:
        site = db.get_one(Site, cast.office)
        site.program_id, site.name, site.confidential = cast.rides, "Secret Barn", True
        db.get_one(Opportunity, listed).site_id = cast.office
    for path in ("/opportunities", f"/opportunities/{listed}", "/opportunities.json"):
        assert "Secret Barn" not in public.get(path).text
