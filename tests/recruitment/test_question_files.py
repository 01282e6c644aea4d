"""Files with which applicants answer: added at once, cleaned, handed over, opened by those who decide."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.permissions import NOBODY, Role
from portal.programs.application_models import Application
from portal.recruitment import applications, drafts, erasing, links, question_files, questions
from portal.recruitment.models import ApplicationDraft, Opportunity
from portal.recruitment.question_models import ApplicationAnswer, ApplicationFile, QuestionKind
from portal.requirements.evidence import File
from portal.web.errors import NotFound, Refused
from tests import build

both = pytest.mark.both_databases
PAPER = File("image/png", b"one")
PLAIN = {
    "kind": QuestionKind.FILE, "position_id": None, "label": "Your certificate", "help": "", "options": "",
    "required": True, "rank": 10, "translations": {},
}  # fmt: skip


@pytest.fixture
def asked(database, cast, time) -> int:
    cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with database.writing() as db:
        row = questions.add_question(Act(db, cy, time.at), cast.rides, dict(PLAIN))
        db.flush()
        return row.id


@pytest.fixture
def draft(database, cast, time) -> int:
    with database.writing() as db:
        listed = build.opportunity(db, cast.driver, time.at)
        return begin(db, listed, time.at).id


def begin(db, listed: Opportunity, at) -> ApplicationDraft:
    values = {"name": "Nia Park", "email": "nia@example.org", "phone": ""}
    return drafts.start_draft(Act(db, NOBODY, at), listed, values, build.SETTINGS, "en")


def send(db, draft: int, at) -> Application:
    values = {"name": "Nia Park", "email": "nia@example.org", "phone": "", "language": "en"}
    found = db.get_one(ApplicationDraft, draft)
    return applications.send_draft(Act(db, NOBODY, at), found, values, build.SETTINGS)


def add(database, draft: int, asked: int, at, file: File = PAPER) -> None:
    with database.writing() as db:
        question_files.add_file(db, db.get_one(ApplicationDraft, draft), asked, file, at)


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return made.getvalue()


@both
def test_a_file_goes_with_the_application_and_is_replaced_until_then(database, draft, asked, time):
    with database.writing() as db, pytest.raises(Refused) as no:
        send(db, draft, time.at)
    assert questions.name_of(asked) in no.value.fields
    add(database, draft, asked, time.at)
    add(database, draft, asked, time.at, File("application/pdf", b"other"))
    with database.writing() as db:
        number = send(db, draft, time.at).id
    add(database, draft, asked, time.at)  # it was sent: what is added now changes nothing
    with database.writing() as db:
        row = question_files.file_of(db, db.get_one(Application, number), asked)
        assert (row.media_type, row.data, row.draft_id) == ("application/pdf", b"other", None)
        assert db.scalars(select(ApplicationAnswer.value)).all() == ["file"]
        assert len(db.scalars(select(ApplicationFile)).all()) == 1


@both
def test_a_file_goes_with_a_draft_and_with_an_application_that_are_erased(
    database, draft, asked, time, cast
):
    add(database, draft, asked, time.at)
    with database.writing() as db:
        listed = db.get_one(ApplicationDraft, draft).opportunity
        kept = begin(db, listed, time.at).id
    add(database, kept, asked, time.at)
    with database.writing() as db:
        sent = send(db, draft, time.at)
        applications.withdraw(Act(db, NOBODY, time.at), sent)
        number = sent.id
        time.move(days=15)
        for one in drafts.expired(db, time.at):
            drafts.erase(db, one, time.at)
        assert db.scalars(select(ApplicationFile.application_id)).all() == [number]
        time.move(days=4 * 366)
        erasing.erase(Act(db, NOBODY, time.at), number, build.SETTINGS)
        assert db.scalars(select(ApplicationFile.id)).all() == []


@both
def test_only_a_question_for_a_file_takes_one(database, draft, asked, cast, time):
    with database.writing() as db:
        found = db.get_one(ApplicationDraft, draft)
        question_files.add_file(db, found, asked, PAPER, time.at)
        other = dict(PLAIN) | {"kind": QuestionKind.TEXT, "label": "Why?"}
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        words = questions.add_question(Act(db, cy, time.at), cast.rides, other)
        elsewhere = questions.add_question(Act(db, cy, time.at), cast.shelter, dict(PLAIN))
        db.flush()
        for wrong in (words.id, elsewhere.id, 999):
            with pytest.raises(NotFound):
                question_files.add_file(db, found, wrong, PAPER, time.at)


@pytest.fixture
def page(database, draft) -> str:
    with database.reading() as db:
        link = db.get_one(ApplicationDraft, draft).link_id
    return links.draft_path(build.SETTINGS, link)


def upload(public, page: str, asked: int, data: bytes, **typed):
    token = re.search(r'name="csrf" value="(\w+)"', public.get(page).text)[1]
    files = {questions.name_of(asked): ("evil<b>.png", data, "image/png")}
    sent = {"csrf": token, "name": "Nia Park"} | typed
    return public.client.post(f"{page}/files/{asked}", data=sent, files=files)


def test_what_was_typed_is_kept_with_the_file(
    database, public, page, asked, draft, cast, as_, time
):
    answer = upload(public, page, asked, picture(), why="I can drive")
    assert "The file was added. Not sent yet." in answer.text
    assert "A file was added." in answer.text
    assert "I can drive" in answer.text
    with database.writing() as db:
        number = send(db, draft, time.at).id
    path = f"/applications/{number}/files/{asked}"
    cy = as_(cast.cy)
    assert path in cy.get(f"/applications/{number}").text
    found = cy.client.get(path)
    assert found.headers["content-type"] == "image/png"
    assert found.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "attachment" in found.headers["content-disposition"]
    assert "evil" not in found.headers["content-disposition"]
    with database.reading() as db:
        last = db.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first()
    assert last == "application.file_opened"
    assert as_(cast.mara).client.get(path).status_code == 404
    assert as_(cast.ana).client.get(path).status_code == 404
    assert cy.client.get(f"/applications/{number}/files/999").status_code == 404
    with database.writing() as db:
        other = build.application(db, "Al Ott", cast.driver, time.at).id
    assert cy.client.get(f"/applications/{other}/files/{asked}").status_code == 404


@pytest.mark.parametrize(
    "data", [b"", b"<script>alert(1)</script>", b"%PDF-1.7 and nothing", b"MZ" + b"x" * 100]
)
def test_what_is_no_paper_is_refused_and_nothing_typed_is_lost(database, public, page, asked, data):
    answer = upload(public, page, asked, data, why="I can drive")
    assert answer.status_code == 422
    assert "Select a" in answer.text
    assert "I can drive" in answer.text
    with database.reading() as db:
        assert db.scalars(select(ApplicationFile.id)).all() == []


def test_a_file_that_was_chosen_and_not_added_is_not_lost_in_silence(public, page, asked):
    name = questions.name_of(asked)
    public.get(page)
    answer = public.press(
        page, **{"name": "Nia Park", "email": "nia@example.org", "adult": "y", name: "my.pdf"}
    )
    assert "Press “Add file” next to it first." in answer.text


def test_files_of_strangers_take_no_more_than_their_turns(public, page, asked):
    for _ in range(12):
        upload(public, page, asked, b"")
    assert "Too many tries" in upload(public, page, asked, picture()).text


def test_another_ones_draft_takes_no_file(database, public, page, asked, draft, cast):
    with database.writing() as db:
        db.get_one(ApplicationDraft, draft).person_id = cast.ana
    token = re.search(r'name="csrf" value="(\w+)"', public.get("/choices").text)[1]
    files = {questions.name_of(asked): ("a.png", picture(), "image/png")}
    typed = {"csrf": token, "why": "Not mine"}
    sent = public.client.post(f"{page}/files/{asked}", data=typed, files=files)
    assert sent.status_code == 404
    with database.reading() as db:
        assert "Not mine" not in db.get_one(ApplicationDraft, draft).data
        assert db.scalars(select(ApplicationFile.id)).all() == []


def test_an_application_is_sent_with_the_file_that_was_added(database, public, page, asked):
    upload(public, page, asked, picture())
    token = re.search(r'name="csrf" value="(\w+)"', public.get(page).text)[1]
    sent = {"csrf": token, "name": "Nia Park", "email": "nia@example.org", "adult": "y"}
    chosen = {questions.name_of(asked): ("my.png", picture(), "image/png")}
    answer = public.client.post(page, data=sent, files=chosen)
    assert "Press “Add file” next to it first." in answer.text
    boundary = "b" * 20
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in sent.items()
    ]
    parts.append(  # as browsers send a file field in which nothing was chosen
        f'--{boundary}\r\nContent-Disposition: form-data; name="{questions.name_of(asked)}"; filename=""\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n\r\n--{boundary}--\r\n"
    )
    answer = public.client.post(
        page, content="".join(parts),
        headers={"content-type": f"multipart/form-data; boundary={boundary}"},
    )  # fmt: skip
    assert "/applied/" in str(answer.url)
    with database.reading() as db:
        assert db.scalars(select(ApplicationFile.draft_id)).all() == [None]


def test_no_file_is_kept_that_fills_the_disk(database, public, page, asked, monkeypatch):
    monkeypatch.setattr(question_files, "MOST_KEPT", 20)
    assert "Select files under 5 MB." in upload(public, page, asked, picture()).text
    with database.reading() as db:
        assert db.scalars(select(ApplicationFile.id)).all() == []
