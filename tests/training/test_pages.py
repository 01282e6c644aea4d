"""The pages of training: for those who learn, for trainers, certificates, calendars and reminders."""

import io
from collections import Counter
from datetime import timedelta

import icalendar
import pypdf
import pytest
from sqlalchemy import select

from portal.act import Act
from portal.calendars import feeds
from portal.messages.models import Message
from portal.people import memberships
from portal.people.models import Person
from portal.permissions import NOBODY, Role
from portal.training import reminders, results
from portal.training.models import Course, CourseSession, Enrolment, Presence, Result
from portal.training.proposal_models import Proposal
from portal.training.results import Mark
from tests import build
from tests.build import NOON, OFFICE
from tests.scene import populate

both = pytest.mark.both_databases


@pytest.fixture
def passed(database, cast, course, time) -> int:
    """A pass of Ana's."""
    with database.writing() as db:
        of, ana = db.get_one(Course, course), db.get_one(Person, cast.ana)
        of.requirement_id = build.course_proof(db, "Safety", validity="months", months=12).id
        of.confirm = "rule"
        made = results.from_paper(
            Act(db, OFFICE, time.at, "paper"), of, ana, time.at.date(), "", zone="America/New_York"
        )
        return made.id


def test_a_volunteer_takes_part_sees_the_link_and_takes_themselves_off(course, school, cast, as_):
    session = school.session(course)
    browser = as_(cast.ana)
    browser.get("/training")
    assert f"/training/sessions/{session}" in browser.text
    browser.get(f"/training/sessions/{session}")
    assert "meet.example.org" not in browser.text
    browser.press(f"/training/sessions/{session}/enrolment")
    assert "registered" in browser.text
    assert "https://meet.example.org/boundaries" in browser.text
    assert "registered" in browser.get("/training").text
    browser.get(f"/training/sessions/{session}")
    browser.press(f"/training/sessions/{session}/withdrawal")
    assert "meet.example.org" not in browser.text


def test_the_obstacles_stand_beside_the_button(course, school, cast, as_):
    session = school.session(course, capacity=1)
    school.enrol(cast.ana, session)
    page = as_(cast.bo).get(f"/training/sessions/{session}").text
    assert "Before you can take this session" in page
    assert "All spots are taken." in page
    assert "Join waitlist" in page


def test_a_trainer_writes_a_course_a_session_and_the_results(database, cast, as_, time):
    with database.writing() as db:
        memberships.grant(Act(db, NOBODY, time.at), cast.sol, Role.TRAINER, cast.rides)
        proof = build.course_proof(db, "Safe driving", program_id=cast.rides).id
    browser = as_(cast.sol)
    browser.get("/courses/new")
    browser.press(
        "/courses", program_id=str(cast.rides), name="Safe driving", minutes="2", topic="Safety",
        requirement_id=str(proof),
    )  # fmt: skip
    with database.reading() as db:
        course = db.scalars(select(Course.id)).one()
    assert "Now add sessions or a quiz" in browser.text
    browser.get(f"/courses/{course}/sessions/new")
    browser.press(f"/courses/{course}/sessions", day="2026-12-02", starts="09:00", ends="11:00",
                  capacity="5", site_id=str(cast.office))  # fmt: skip
    with database.reading() as db:
        session = db.scalars(select(CourseSession.id)).one()
    path = f"/training/sessions/{session}"
    browser.get(f"{path}/learners?q=bo")
    browser.press(f"{path}/learners", person=str(cast.bo), asked="phone")
    assert "Bo Tanaka" in browser.text
    assert "by phone" in browser.text
    assert "1 session has learners and no trainer" in browser.get("/courses").text
    assert "This session has no trainer" in browser.get(path).text
    browser.post(f"{path}/trainers", person=str(cast.ana), asked="")
    page = as_(cast.ana).get(path).text
    assert "the trainer for this session" in page
    assert "no trainer" not in browser.get("/courses").text
    time.move(days=2)
    browser = as_(cast.sol)
    assert "Results to record" in browser.get("/courses").text
    browser.get(f"{path}/results")
    browser.press(f"{path}/results", all_passed="yes")
    assert "Results recorded for 1 person." in browser.text
    assert "Safe driving" in browser.get("/proposals").text
    with database.reading() as db:
        proposal = db.scalars(select(Proposal.id)).one()
    browser.press(f"/proposals/{proposal}/confirmation")
    assert "The completion was approved." in browser.text
    assert "Nothing to approve." in browser.text


def test_a_denial_is_read_by_the_person(database, cast, course, passed, as_, time):
    with database.writing() as db:
        row = db.scalars(select(Proposal)).one()
        row.state = "needs_confirmation"
        number = row.id
    browser = as_(cast.cy)
    browser.get("/proposals")
    browser.press(f"/proposals/{number}/refusal", reason="")
    assert browser.response.status_code == 422
    browser.get("/proposals")
    browser.press(f"/proposals/{number}/refusal", reason="We need the paper.")
    assert "We need the paper." in as_(cast.ana).get("/training").text


def test_a_quiz_is_one_form_without_scripts(database, cast, as_, time):
    ids = populate(database, cast, time.at)
    browser = as_(cast.bo)
    path = f"/training/courses/{ids.first_course}/quiz"
    browser.get(path)
    browser.press(path)
    assert browser.response.status_code == 422
    assert "Answer this question." in browser.text
    browser.press(path, **{f"q-{ids.quiz_question}": "1"})
    assert "You got 0% right" in browser.text
    browser.get(path)
    browser.press(path, **{f"q-{ids.quiz_question}": "0"})
    assert "You got 100% right and completed the training." in browser.text


def test_a_pass_from_paper_is_entered_by_staff(database, cast, course, as_):
    browser = as_(cast.cy)
    browser.get(f"/courses/{course}/results?q=bo")
    browser.press(f"/courses/{course}/results?q=bo", person=str(cast.bo), day="2026-11-20")
    assert "Completion recorded for Bo Tanaka." in browser.text
    assert "on paper" in as_(cast.bo).get("/training").text


def test_a_certificate_is_tagged_and_says_what_its_page_says(cast, passed, as_):
    browser = as_(cast.ana)
    page = browser.get(f"/training/certificates/{passed}").text
    answer = browser.get(f"/training/certificates/{passed}.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert reader.metadata.title == "Certificate"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    said = reader.pages[0].extract_text()
    for line in ("Ana Reyes", "Boundaries", "Test Agency", "Valid until Wed, Dec 1, 2027."):
        assert line in page
        assert line in said
    assert len(reader.pages) == 1
    assert browser.get(f"/training/certificates/{passed}.pdf").content == answer.content


def test_a_certificate_is_for_its_owner_and_its_staff(cast, passed, as_):
    assert as_(cast.bo).client.get(f"/training/certificates/{passed}.pdf").status_code == 404
    assert as_(cast.cy).client.get(f"/training/certificates/{passed}").status_code == 200


@pytest.mark.parametrize(
    "name", ["#eval(1) *bold* $x$", "李小龍", "😀", "\\", '"#{', "محمد", "A" * 200]
)
def test_no_name_breaks_a_certificate_or_is_read_as_markup(database, cast, passed, as_, name):
    with database.writing() as db:
        db.get_one(Person, cast.ana).name = name
    answer = as_(cast.ana).client.get(f"/training/certificates/{passed}.pdf")
    assert answer.status_code == 200
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    if name.isascii() and len(name) < 50:
        assert name in reader.pages[0].extract_text()


def test_a_pdf_is_in_the_readers_language(database, cast, passed, as_):
    with database.writing() as db:
        db.get_one(Person, cast.ana).language = "es"
    answer = as_(cast.ana).client.get(f"/training/certificates/{passed}.pdf")
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    assert reader.trailer["/Root"]["/Lang"] == "es"
    assert "Certificamos que" in reader.pages[0].extract_text()


def test_P2_outside_the_portal_a_sensitive_course_goes_by_its_label(
    database, cast, as_, public, time, office
):
    ids = populate(database, cast, time.at)
    with database.writing() as db:
        hidden = db.get_one(Course, ids.hidden_course)
        made = results.from_paper(
            Act(db, OFFICE, time.at, "paper"),
            hidden,
            db.get_one(Person, cast.hana),
            time.at.date(),
            "",
            zone="UTC",
        )
        number = made.id
        token = feeds.add_feed(Act(db, build.viewer(cast.hana), time.at))
    browser = as_(cast.hana)
    browser.get(f"/training/sessions/{ids.hidden_session}")
    assert "Larkspur" not in browser.text
    browser.press(f"/training/sessions/{ids.hidden_session}/enrolment")
    assert "You can see the location here from" in browser.text
    office.send()
    outside = [
        browser.get(f"/training/certificates/{number}").text,
        public.get(f"/calendar/{token}.ics").text,
        *(mail.as_string() for mail in office.box.to("hana@example.org")),
    ]
    reader = pypdf.PdfReader(
        io.BytesIO(browser.get(f"/training/certificates/{number}.pdf").content)
    )
    outside.append(reader.pages[0].extract_text())
    assert len(outside) >= 4
    for said in outside:
        assert "Family Support" in said or "training result" in said
        for secret in ("Safe Haven", "Willow", "Larkspur", "intake"):
            assert secret not in said


@both
def test_sessions_stand_in_the_feed_of_those_who_take_and_give_them(
    database, cast, course, school, public, time
):
    session = school.session(course, site_id=cast.office)
    school.enrol(cast.ana, session)
    school.trainer(cast.noel, session)
    for person in (cast.ana, cast.noel):
        with database.writing() as db:
            token = feeds.add_feed(Act(db, build.viewer(person), time.at))
        text = public.get(f"/calendar/{token}.ics").text
        [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
        assert event["UID"] == f"session-{session}@testserver"
        assert event["SUMMARY"] == "Boundaries"
        assert event["LOCATION"] == "Main office, 200 Cedar Street"
        assert "meet.example.org" not in text


@both
def test_one_is_reminded_once_as_one_wishes(database, cast, course, school, time):
    session = school.session(course)
    school.enrol(cast.ana, session)
    school.trainer(cast.noel, session)
    with database.writing() as db:
        assert reminders.remind(db, time.at) == 0
    found = Counter()
    while time.at < NOON:
        time.move(hours=5)
        with database.writing() as db:
            reminders.remind(db, time.at)
            reminders.remind(db, time.at)
    with database.reading() as db:
        kinds = ("training.reminder", "training.teaching_reminder")
        for row in db.execute(select(Message.kind, Message.person_id)):
            found[row.kind, row.person_id] += row.kind in kinds
    assert +found == {
        ("training.reminder", cast.ana): 2, ("training.teaching_reminder", cast.noel): 2
    }  # fmt: skip


def test_a_calendar_file_is_for_those_who_take_part(course, school, cast, as_):
    session = school.session(course)
    school.enrol(cast.ana, session)
    assert "BEGIN:VEVENT" in as_(cast.ana).get(f"/training/sessions/{session}/event.ics").text


def test_learning_hours_and_targets_stand_on_the_page(database, cast, course, school, as_, time):
    session = school.session(course)
    school.enrol(cast.ana, session)
    browser = as_(cast.cy)
    browser.get("/courses/targets")
    browser.press("/courses/targets", topic="Safety", minutes="8", program_id=str(cast.rides))
    assert "8 hr" in browser.text
    time.at = NOON + timedelta(hours=3)
    with database.writing() as db:
        row = db.scalars(select(Enrolment)).one()
        mark = Mark(Presence.CAME, Result.PASSED)
        results.mark(Act(db, OFFICE, time.at), db.get_one(CourseSession, session), {row.id: mark})
    page = as_(cast.ana).get("/training").text
    assert "1 hr 30 min" in page
    assert "6 hr 30 min to go" in page


def test_a_course_keeps_what_belongs_to_it(database, cast, course, as_, time):
    with database.writing() as db:
        other = build.course(db, time.at, name="Welcome").id
    browser = as_(cast.ada)
    path = f"/courses/{course}"
    browser.get(path)
    browser.press(f"{path}/materials", title="Handbook", link="http://plain.example.org")
    assert browser.response.status_code == 422
    browser.press(f"{path}/materials", title="Handbook", link="https://agency.example.org/book")
    browser.press(f"{path}/questions", words="Person", choices="They\nWe", right="3")
    assert "There is no answer with this number." in browser.text
    browser.press(
        f"{path}/questions", words="Person", choices="They\nWe", right="2", choices_es="Ellos"
    )
    assert "as many answers as in English" in browser.text
    browser.press(f"{path}/questions", words="Person", choices="They\nWe", right="2", choices_es="")
    browser.press(f"{path}/prerequisites", needs=str(other))
    assert "Welcome" in browser.text
    page = as_(cast.ana).get(f"/training/courses/{course}").text
    assert "https://agency.example.org/book" in page
    assert "Complete this training first: Welcome." in page
