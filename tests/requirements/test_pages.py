"""Pages of paperwork: submitting and what is refused, who opens a file, what coordinators never read."""

import contextlib
import io
import random
import re
import zipfile
from datetime import date, timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.people import memberships
from portal.permissions import Role
from portal.reading import pictures
from portal.requirements import acknowledgements, checks, evidence, waivers
from portal.requirements.check_models import BackgroundCheck
from portal.requirements.credentials import Paper, hand_in
from portal.requirements.evidence_models import Credential, Evidence
from portal.web.models import KeptFile
from tests import build

JPEG_WITH_PLACE = io.BytesIO()
_picture = Image.new("RGB", (40, 20), "red")
_exif = Image.Exif()
_exif[0x010E] = "taken at 27 Larkspur Lane"
_exif[0x0112] = 6  # lies on its side
_picture.save(JPEG_WITH_PLACE, "JPEG", exif=_exif)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("license.jpg", b"not a picture")
    return out.getvalue()


pytestmark = pytest.mark.populated


@pytest.fixture
def ids(cast, ids):
    return vars(cast) | vars(ids)


def send(browser, ids, data: bytes, name="license.jpg", kind="image/jpeg", **fields):
    """Hand a file in as the page does."""
    path = f"/me/paperwork/{ids['license']}"
    given = {"issued_on": "2026-11-01", "expires_on": "2028-01-01"} | fields
    browser.get(path)
    form = browser.form(path)
    return browser.client.post(
        path, data=form | given, files={"file": (name, data, kind)}, follow_redirects=False
    )


def kept(database) -> list[Evidence]:
    with database.reading() as db:
        return list(db.scalars(select(Evidence).order_by(Evidence.id)))


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (HTML, "license.html", "text/html"),
        (HTML, "license.jpg", "image/jpeg"),
        (HTML, "license.pdf", "application/pdf"),
        (SVG, "license.svg", "image/svg+xml"),
        (SVG, "license.png", "image/png"),
        (zipped(), "license.zip", "application/zip"),
        (zipped(), "license.pdf", "application/pdf"),
        (PDF + zipped(), "license.pdf", "application/pdf"),
        (b"%PDF-1.7 cut off", "license.pdf", "application/pdf"),
        (b"GIF89a" + bytes(40), "license.gif", "image/gif"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "license.png", "image/png"),
        (b"", "license.jpg", "image/jpeg"),
        (PDF + bytes(11 * 1024 * 1024 - len(PDF)), "big.pdf", "application/pdf"),
        (PDF + bytes(10 * 1024 * 1024), "big.pdf", "application/pdf"),
    ],
)
def test_I5_what_is_no_paper_is_refused_by_its_content(data, name, kind, database, ids, as_):
    before = len(kept(database))
    answer = send(as_(ids["ana"]), ids, data, name, kind)
    assert answer.status_code in (413, 422)
    assert len(kept(database)) == before
    if answer.status_code == 422:
        assert 'value="2028-01-01"' in answer.text  # nothing typed is lost


def test_a_form_that_is_refused_for_another_reason_keeps_its_file(database, ids, as_):
    browser = as_(ids["ana"])
    before = len(kept(database))
    answer = send(browser, ids, JPEG_WITH_PLACE.getvalue(), issued_on="2027-05-05")  # still to come
    assert answer.status_code == 422
    assert "Still selected: license.jpg" in answer.text
    token = re.search(r'name="kept_file" value="([^"]+)"', answer.text)[1]
    path = f"/me/paperwork/{ids['license']}"
    again = {"issued_on": "2026-11-01", "expires_on": "2028-01-01", "kept_file": token}
    stranger = as_(ids["bo"])
    assert stranger.post(path, **again).status_code in (404, 422)
    browser.get(path)
    sent = browser.client.post(path, data=browser.form(path) | again, follow_redirects=False)
    assert sent.status_code == 303
    assert len(kept(database)) == before + 1
    with database.reading() as db:
        assert db.scalars(select(KeptFile.token_hash)).all() == []


def test_a_file_that_is_too_large_is_refused_beside_its_field_with_what_was_typed(ids, as_):
    answer = send(as_(ids["ana"]), ids, b"x" * (11 * 1024 * 1024))
    assert answer.status_code == 422
    assert "under 10 MB" in answer.text
    assert 'value="2028-01-01"' in answer.text


def test_several_sides_become_one_picture(database, ids, as_):
    browser, path = as_(ids["ana"]), f"/me/paperwork/{ids['license']}"
    browser.get(path)
    given = browser.form(path) | {"issued_on": "2026-11-01", "expires_on": "2028-01-01"}
    sides = []
    for color in ("navy", "maroon"):
        Image.new("RGB", (300, 200), color).save(out := io.BytesIO(), "JPEG")
        sides.append(("file", (f"{color}.jpg", out.getvalue(), "image/jpeg")))
    assert (
        browser.client.post(path, data=given, files=sides, follow_redirects=False).status_code
        == 303
    )
    with database.reading() as db:
        data = db.scalars(select(Evidence.data).order_by(Evidence.id.desc())).first()
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (300, 400)


def test_I5_a_bomb_of_a_picture_is_refused(monkeypatch):
    monkeypatch.setattr(pictures.Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(ValueError, match="no picture"):
        pictures.judge(JPEG_WITH_PLACE.getvalue())


def test_I5_a_picture_loses_what_the_camera_noted_and_stands_upright(database, ids, as_):
    answer = send(
        as_(ids["ana"]), ids, JPEG_WITH_PLACE.getvalue(), name="../../etc/passwd<script>.png"
    )
    assert answer.status_code == 303
    row = kept(database)[-1]
    with database.reading() as db:
        data = db.get_one(Evidence, row.id).data
    assert b"Larkspur" not in data
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.size, dict(picture.getexif())) == ((20, 40), {})
    assert row.media_type == "image/jpeg"


def test_I5_a_file_goes_out_as_a_download_under_our_name_with_nothing_that_runs(ids, as_):
    browser = as_(ids["ana"])
    send(browser, ids, PDF, "../evil.html", "text/html")
    answer = browser.client.get(f"/evidence/{ids['evidence'] + 1}")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="paper-{ids["evidence"] + 1}.pdf"'
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "evil" not in str(answer.headers)


def test_I5_a_person_hands_in_so_many_files_a_day_and_no_more(database, ids, as_, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_A_DAY", 2)
    browser = as_(ids["ana"])
    assert send(browser, ids, PDF).status_code == 303
    assert send(browser, ids, PDF).status_code == 422


def test_Z3_only_its_person_and_who_decides_open_a_file(database, ids, as_):
    path = f"/evidence/{ids['evidence']}"
    for who, status in (
        ("ana", 200),
        ("cy", 200),
        ("ada", 200),
        ("bo", 404),
        ("mara", 404),
        ("gil", 404),
    ):
        assert as_(ids[who]).client.get(path).status_code == status, who


def test_U1_staff_who_open_a_file_are_noted(database, ids, as_):
    as_(ids["cy"]).get(f"/evidence/{ids['evidence']}")
    as_(ids["ana"]).get(f"/evidence/{ids['evidence']}")
    with database.reading() as db:
        found = db.scalars(select(AuditEntry).where(AuditEntry.action == "evidence.opened")).all()
        assert [(one.actor_id, one.person_id) for one in found] == [(ids["cy"], ids["ana"])]


def test_I5_broken_pictures_are_refused_and_comments_go(database):
    _picture.save(out := io.BytesIO(), "JPEG", comment=b"GPS 40.71")
    assert b"GPS" not in evidence.judge(out.getvalue()).data
    chance, whole = random.Random(4), JPEG_WITH_PLACE.getvalue()
    for _ in range(300):
        broken = bytearray(whole)
        for _ in range(8):
            broken[chance.randrange(2, len(broken))] = chance.randrange(256)
        with contextlib.suppress(ValueError):
            pictures.judge(bytes(broken))


def test_P2_what_a_sensitive_role_asks_is_told_to_nobody_outside(database, ids, time, as_):
    with database.writing() as db:
        oath = build.requirement(
            db,
            time.at,
            kind="document",
            name="HIV oath",
            validity="none",
            program_id=ids["testing"],
        )
        build.rule(db, time.at, oath, position_id=ids["greeter"])
    sol = as_(ids["sol"])
    assert "HIV oath" not in sol.get(f"/shifts/{ids['labeled']}").text
    assert "HIV oath" not in sol.post(f"/shifts/{ids['labeled']}/signup").text
    assert "HIV oath" in as_(ids["wes"]).get(f"/shifts/{ids['labeled']}").text


def test_Z5_another_programs_coordinator_sees_nothing_of_a_hidden_one(database, ids, time, as_):
    """Ana serves in Rides and in the hidden shelter; Cy coordinates Rides alone."""
    with database.writing() as db:
        build.place(db, ids["ana"], ids["host"], time.at)
        check = build.requirement(
            db, time.at, kind="background_check", name="Shelter check", validity="none",
            check_path="register", program_id=ids["shelter"],
        )  # fmt: skip
        build.check_texts(db, check, time.at)
        checks.ask(Act(db, build.viewer(ids["gil"]), time.at), ids["ana"], check)
        page = acknowledgements.Page("Shelter rules", "Read", date(2027, 1, 1), ids["shelter"])
        reading = acknowledgements.send(Act(db, build.OFFICE, time.at), page, time.at.date()).id
        agency = build.requirement(db, time.at, name="Anything", validity="none", kind="document")
        terms = waivers.Terms(time.at.date(), date(2027, 1, 1), "Shelter reason", ids["host"])
        mara = build.viewer(ids["mara"], (Role.COORDINATOR, ids["shelter"]))
        waiver = waivers.give(Act(db, mara, time.at), ids["ana"], agency, terms).id
    cy = as_(ids["cy"])
    page = cy.get(f"/people/{ids['ana']}/paperwork").text
    assert [word for word in ("Shelter", "Night host") if word in page] == []
    assert cy.post(f"/people/{ids['ana']}/readings/{reading}", asked="phone").status_code == 404
    assert cy.post(f"/waivers/{waiver}/end").status_code == 404


def test_a_paper_is_reviewed_and_counts(database, ids, as_):
    cy = as_(ids["cy"])
    page = cy.get("/reviews").text
    assert "Ana Reyes" in page
    wrong = cy.post(
        f"/reviews/{ids['handed']}/acceptance", issued_on="2026-11-01", expires_on="2026-10-01"
    )
    assert "The expiration date is before the issue date." in wrong.text
    answer = cy.post(
        f"/reviews/{ids['handed']}/acceptance", issued_on="2026-11-01", expires_on="2028-01-01"
    )
    assert answer.status_code == 303
    assert cy.client.get(f"/reviews/{ids['handed']}").status_code == 404
    assert "accepted" in as_(ids["ana"]).get("/me/paperwork").text


def test_staff_hand_a_paper_in_for_somebody_marked_so(database, ids, as_):
    cy, path = as_(ids["cy"]), f"/people/{ids['bo']}/paperwork/{ids['license']}"
    cy.get(path)
    form = cy.form(path)
    answer = cy.client.post(
        path,
        data=form | {"issued_on": "2026-11-01", "expires_on": "2028-01-01", "asked": "paper"},
        files={"file": ("x.pdf", PDF, "application/pdf")}, follow_redirects=False,
    )  # fmt: skip
    assert answer.status_code == 303
    with database.reading() as db:
        row = db.scalars(select(Credential).order_by(Credential.id.desc()).limit(1)).one()
        assert (row.person_id, row.outcome, row.asked, row.recorded_by_id) == (
            ids["bo"], "submitted", "paper", ids["cy"],
        )  # fmt: skip
    assert "on paper" in cy.get(f"/people/{ids['bo']}/paperwork").text


def test_P7_a_coordinator_reads_outcome_and_dates_and_never_what_is_behind(
    database, ids, time, as_
):
    """Bo's check went against him. Cy reads that it is not met; no step, no letter, no waiting time."""
    with database.writing() as db:
        gil = build.viewer(ids["gil"], (Role.SCREENER, None))
        check = db.get_one(BackgroundCheck, ids["check"])
        checks.authorize_on_paper(Act(db, gil, time.at), check, "Bo Tanaka")
        checks.order(Act(db, gil, time.at), check, time.at.date(), "UTC")
        checks.came_back(Act(db, gil, time.at), check, time.at.date(), time.at.date())
        checks.send_first_notice(Act(db, gil, time.at), check, "America/New_York")
    words = ("notice", "letter", "waiting period", "denied", "decide from", "authoriz")
    person = f"/people/{ids['bo']}/paperwork"
    page = as_(ids["cy"]).get(person).text
    assert "in progress since" in page
    for path in (
        person,
        "/me",
        "/reviews",
        "/affected",
        "/paperwork/ending",
        f"/people/{ids['bo']}",
    ):
        said = main_of(as_(ids["cy"]).get(path).text)
        said = said.replace("ask them to authorize a check", "")
        said = said.replace("ask for authorization", "")
        for other in ("/outreach/letters", "notice board", "write a letter", "no letters yet"):
            said = said.replace(other, "")  # letters about presentations, to the person, and news
        said = re.sub(
            r'href="/people/(?:\d+/)?letters[^"]*"|<h2>letters</h2>|thank-you letter|letter written',
            "",
            said,
        )
        assert [word for word in words if word in said] == [], path
    assert as_(ids["cy"]).client.get(f"/checks/{ids['check']}").status_code == 404
    assert as_(ids["ada"]).client.get(f"/checks/{ids['check']}").status_code == 404
    with database.writing() as db:
        check = db.get_one(BackgroundCheck, ids["check"])
        checks.turn_down(Act(db, gil, time.at + timedelta(days=30)), check, check.decide_from)
    page = as_(ids["cy"]).get(person).text
    assert "not met" in page
    said = main_of(page).replace("ask them to authorize a check", "")
    said = said.replace("ask for authorization", "")
    assert [word for word in words if word in said] == []


def test_P7_the_disclosure_stands_alone_and_comes_first(database, ids, as_):
    with database.writing() as db:
        db.get_one(BackgroundCheck, ids["own_check"]).disclosed_at = None
    ana, path = as_(ids["ana"]), f"/me/checks/{ids['own_check']}"
    assert (
        ana.client.get(f"{path}/authorization", follow_redirects=False).headers["location"] == path
    )
    page = ana.get(path).text
    assert "The disclosure in full." in page
    assert "The authorization in full." not in page
    assert "rights in full" not in page
    ana.post(f"{path}/disclosure", shown=str(ids["check_text"]))
    page = ana.get(f"{path}/authorization").text
    assert "The authorization in full." in page
    assert "The rights in full." in page
    assert ana.press(f"{path}/authorization").status_code == 422
    answer = ana.press(f"{path}/authorization", follow=False, name="Ana Reyes")
    assert answer.headers["location"] == "/me/paperwork"


def test_P7_there_is_no_place_for_a_report(ids, as_):
    browser = as_(ids["gil"])
    for path in (f"/checks/{ids['check']}", f"/people/{ids['bo']}/paperwork"):
        page = browser.get(path).text
        assert 'type="file"' not in page
        assert "<textarea" not in page
    path = f"/people/{ids['bo']}/paperwork/{ids['check_kind']}"
    assert browser.client.get(path).status_code == 404


def test_one_of_several_proofs_and_what_mends_it_is_said_on_the_shift(database, ids, time, as_):
    with database.writing() as db:
        degree = build.requirement(db, time.at, kind="document", name="Degree", validity="none")
        years = build.requirement(db, time.at, kind="document", name="Two years", validity="none")
        build.rule(db, time.at, degree, years, position_id=ids["driver"])
    page = as_(ids["bo"]).get(f"/shifts/{ids['shift']}").text
    assert "You need one of these: Degree, Two years." in page
    assert 'href="/me/paperwork"' in page
    assert "(555) 555-0101" in page


def test_a_role_is_not_given_before_what_it_asks_first(database, ids, time, as_):
    with database.writing() as db:
        first = build.requirement(
            db, time.at, kind="interview", name="Presentation", validity="none"
        )
        build.rule(db, time.at, first, position_id=ids["driver"], stage="apply")
        talk = first.id
    cy = as_(ids["cy"])
    to = f"/applications/{ids['application']}"
    cy.post(f"{to}/review")
    page = cy.post(f"{to}/offer", starts_on="2026-11-20")
    assert page.status_code == 303
    answer = cy.post(f"{to}/acceptance")
    assert answer.status_code == 422
    assert "Missing for Sol Vance: Presentation." in answer.text
    cy.post(
        f"/people/{ids['sol']}/credentials",
        requirement=str(talk),
        issued_on="2026-11-20",
        asked="in_person",
    )
    assert cy.post(f"{to}/acceptance").status_code == 303


def test_a_rule_is_saved_after_whom_it_touches_was_seen(database, ids, as_):
    cy = as_(ids["cy"])
    given = {
        "position": str(ids["driver"]), "requirements": str(ids["license"]), "stage": "always",
        "effective_on": "2026-12-01", "whom": "all", "binds_all_on": "2026-12-05",
    }  # fmt: skip
    answer = cy.post("/rules", **given)
    assert answer.status_code == 200
    seen = answer.text.split('name="seen" value="')[1].split('"')[0]
    assert cy.post("/rules", **given, seen=seen).status_code == 303


def test_evidence_counts_in_whose_queue_it_waits(database, ids, time, as_):
    """What only screeners decide on is in their queue, and in no coordinator's."""
    with database.writing() as db:
        health = build.requirement(
            db,
            time.at,
            kind="health",
            name="TB test",
            validity="months",
            months=12,
            verifier="screener",
        )
        build.rule(db, time.at, health, position_id=ids["driver"])
        paper = Paper(date(2026, 11, 1))
        handed = hand_in(Act(db, build.viewer(ids["bo"]), time.at), ids["bo"], health, paper).id
    assert "TB test" in as_(ids["gil"]).get("/reviews").text
    assert "TB test" not in as_(ids["cy"]).get("/reviews").text
    assert as_(ids["cy"]).client.get(f"/reviews/{handed}").status_code == 404


def test_Z5_screening_for_one_program_opens_no_screeners_papers_of_another(
    database, cast, ids, time, as_
):
    """Noel screens for Testing; then coordinates Rides, too. The paper of Ana's in Rides stays shut."""
    with database.writing() as db:
        what = build.requirement(
            db, time.at, kind="health", name="TB test", validity="none", verifier="screener",
            program_id=cast.rides,
        )  # fmt: skip
        agencys = build.requirement(
            db, time.at, kind="health", name="Flu shot", validity="none", verifier="screener"
        )
        photo = evidence.File("image/jpeg", JPEG_WITH_PLACE.getvalue())
        file = evidence.keep(Act(db, build.viewer(cast.ana), time.at), cast.ana, photo)
        paper = Paper(time.at.date(), evidence_id=file)
        handed = [
            hand_in(Act(db, build.viewer(cast.ana), time.at), cast.ana, one, paper).id
            for one in (what, agencys)
        ]
        requirements = [what.id, agencys.id]
        memberships.grant(Act(db, build.OFFICE, time.at), cast.noel, Role.SCREENER, cast.testing)
        memberships.grant(Act(db, build.OFFICE, time.at), cast.noel, Role.COORDINATOR, cast.rides)
    noel = as_(cast.noel)
    for number in handed:
        assert noel.get(f"/reviews/{number}").status_code == 404
    assert noel.get(f"/evidence/{file}").status_code == 404
    assert "TB test" not in noel.get("/reviews").text
    person = f"/people/{cast.ana}/paperwork"
    noel.get(person)
    for requirement in requirements:
        answer = noel.post(
            f"/people/{cast.ana}/credentials", requirement=str(requirement), issued_on="2026-11-01",
            asked="paper",
        )  # fmt: skip
        assert answer.status_code == 404
    gil = as_(ids["gil"])
    assert gil.get(f"/reviews/{handed[1]}").status_code == 200


def main_of(page: str) -> str:
    """What a page says between menu and foot, in small letters."""
    return page.partition("<main")[2].partition("</main>")[0].lower()
