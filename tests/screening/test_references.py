"""References: named by an applicant, answered by a link, read by screeners alone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.people.models import Membership
from portal.permissions import COMMAND_LINE, NOBODY, Role, Viewer
from portal.programs.application_models import (
    Application,
    ApplicationState,
    DeclineReason,
    Hold,
)
from portal.programs.scopes import visible_applications
from portal.recruitment import erasing as recruitment_erasing
from portal.recruitment import links, review
from portal.requirements.evidence_models import Credential
from portal.screening import erasing, reference_chores, references
from portal.screening.models import Recommends, Reference, ReferenceState
from portal.screening.reference_links import by_token, reference_token
from portal.screening.settings import REFERENCES
from portal.web.errors import NotFound, Refused
from tests import build

both = pytest.mark.both_databases
LEE = {"name": "Lee Fox", "email": "lee@example.net", "phone": "", "knows": "My boss"}
SAYS = {
    "known_since": "Six years, from work", "strengths": "Patient with everyone.",
    "concerns": "", "recommends": Recommends.YES,
}  # fmt: skip


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def gil(database, cast, time) -> int:
    """A screener of the agency."""
    with database.writing() as db:
        person = build.person(db, "Gil Ames", time.at, email="gil@example.org")
        db.flush()
        db.add(Membership(person_id=person.id, role=Role.SCREENER, since=time.at))
        return person.id


@pytest.fixture
def screener(gil):
    return build.viewer(gil, (Role.SCREENER, None))


@pytest.fixture
def applied(database, cast, time, cy) -> int:
    """An application in review to a role that wants references."""
    with database.writing() as db:
        proof = build.requirement(
            db, time.at, kind="reference", name="References", validity="none", verifier="screener"
        )
        build.rule(db, time.at, proof, position_id=cast.driver)
        row = build.application(db, "Nia Park", cast.driver, time.at)
        review.start_review(Act(db, cy, time.at), row, None, build.SETTINGS)
        return row.id


def name(db, applied, at, **values) -> Reference:
    row = db.get_one(Application, applied)
    act = Act(db, Viewer(person_id=row.person_id), at)
    found = references.name_reference(act, row, LEE | values, build.SETTINGS)
    db.flush()
    return found


def answered(db, applied, at, **values) -> Reference:
    row = name(db, applied, at, **values)
    references.answer(Act(db, NOBODY, at), row, SAYS, "online")
    return row


@both
def test_two_accepted_references_meet_the_requirement_and_end_the_hold(
    database, cast, time, cy, screener, applied
):
    with database.writing() as db:
        application = db.get_one(Application, applied)
        review.hold(Act(db, cy, time.at), application, Hold.REFERENCES, None)
        assert references.wanted(db, application, time.at.date()) is not None
        rows = [
            answered(db, applied, time.at),
            answered(db, applied, time.at, name="Mo Hill", email="mo@example.net"),
            answered(db, applied, time.at, name="Al Rye", email="al@example.net"),
        ]
        assert db.scalars(references.to_read(screener)).all() == rows
        references.decide(Act(db, screener, time.at), rows[0], False, build.SETTINGS)
        references.decide(Act(db, screener, time.at), rows[1], True, build.SETTINGS)
        assert application.state == ApplicationState.ON_HOLD
        with pytest.raises(Refused):
            references.decide(Act(db, screener, time.at), rows[1], True, build.SETTINGS)
        references.decide(Act(db, screener, time.at), rows[2], True, build.SETTINGS)
        assert application.state == ApplicationState.IN_REVIEW
        db.flush()
        assert references.wanted(db, application, time.at.date()) is None
        paper = db.scalars(select(Credential)).one()
        assert (paper.person_id, paper.requirement_id) == (
            application.person_id, rows[0].requirement_id,
        )  # fmt: skip
        told = {
            one.told
            for one in db.scalars(select(Message).where(Message.kind == "application.news"))
        }
        assert any("references_in" in one for one in told)


@both
def test_a_program_may_want_one(database, cast, time, screener, applied):
    with database.writing() as db:
        change(Act(db, build.OFFICE, time.at), REFERENCES, 1, build.SETTINGS, program_id=cast.rides)
        row = answered(db, applied, time.at)
        references.decide(Act(db, screener, time.at), row, True, build.SETTINGS)
        assert db.scalars(select(Credential)).one()


@both
def test_whom_an_applicant_may_name(database, cast, time, applied):
    with database.writing() as db:
        for values in (
            {"email": "nia@example.com"},  # themselves
            {"email": "NIA@example.com"},
        ):
            with pytest.raises(Refused):
                name(db, applied, time.at, **values)
        first = name(db, applied, time.at)
        with pytest.raises(Refused):
            name(db, applied, time.at, email="LEE@example.net")
        references.take_back(Act(db, NOBODY, time.at), first)
        name(db, applied, time.at)
        for number in range(references.MOST - 2):
            name(db, applied, time.at, email=f"n{number}@example.net")
        with pytest.raises(Refused):
            name(db, applied, time.at, email="last@example.net")


@both
def test_nobody_is_asked_before_the_review_or_after_the_end(database, cast, time, cy, applied):
    with database.writing() as db:
        new = build.application(db, "Ola Fir", cast.driver, time.at)
        with pytest.raises(Refused):
            name(db, new.id, time.at)
        row = name(db, applied, time.at)
        token = reference_token(build.SETTINGS, row.link_id)
        assert by_token(db, token, time.at) is row
        review.decline(
            Act(db, cy, time.at), db.get_one(Application, applied), DeclineReason.TIMES, ""
        )
        db.flush()
        with pytest.raises(NotFound):
            by_token(db, token, time.at)
        with pytest.raises(Refused):
            name(db, applied, time.at, email="x@example.net")


@both
def test_a_link_ends_and_the_first_answer_stays(database, cast, time, applied):
    with database.writing() as db:
        row = name(db, applied, time.at)
        token = reference_token(build.SETTINGS, row.link_id)
        with pytest.raises(NotFound):
            by_token(db, token, time.at + references.LASTS)
        with pytest.raises(NotFound):
            by_token(db, token + "x", time.at)
        for _ in range(2):
            references.cannot(Act(db, NOBODY, time.at), row, build.SETTINGS)
        assert row.state == ReferenceState.CANNOT
        references.answer(Act(db, NOBODY, time.at), row, SAYS, "online")
        with pytest.raises(Refused):
            references.cannot(Act(db, NOBODY, time.at), row, build.SETTINGS)
        with pytest.raises(Refused):
            references.take_back(Act(db, NOBODY, time.at), row)
        with pytest.raises(Refused):
            references.answer(Act(db, NOBODY, time.at), row, SAYS | {"strengths": "None"}, "online")
        assert row.strengths == SAYS["strengths"]
        gone = name(db, applied, time.at, email="mo@example.net")
        references.take_back(Act(db, NOBODY, time.at), gone)
        db.flush()
        with pytest.raises(NotFound):
            by_token(db, reference_token(build.SETTINGS, gone.link_id), time.at)


def reminders(database) -> int:
    with database.reading() as db:
        found = select(Message).where(Message.kind == "reference.reminder")
        return len(db.scalars(found).all())


def remind(database, at) -> None:
    with database.reading() as db:
        due = db.scalars(reference_chores.to_remind(at)).all()
    for one in due:
        with database.writing() as db:
            reference_chores.remind(Act(db, COMMAND_LINE, at), one)
            reference_chores.remind(Act(db, COMMAND_LINE, at), one)


@both
def test_who_does_not_answer_is_reminded_twice_then_called(database, cast, time, screener, applied):
    with database.writing() as db:
        name(db, applied, time.at)
        name(db, applied, time.at, name="Ed Moss", email="", phone="(555) 555-1234")
    with database.reading() as db:
        assert [one.name for one in db.scalars(references.to_call(screener, time.at))] == [
            "Ed Moss"
        ]
    for days, sent in ((6, 0), (2, 1), (1, 1), (5, 2), (9, 2)):
        remind(database, time.move(days=days))
        assert reminders(database) == sent
    with database.reading() as db:
        assert len(db.scalars(references.to_call(screener, time.at)).all()) == 1
        later = time.at + references.LASTS
        assert len(db.scalars(references.to_call(screener, later)).all()) == 2


@both
def test_screeners_alone_read_them_and_never_those_about_themselves(
    database, cast, time, cy, screener, applied
):
    with database.writing() as db:
        row = answered(db, applied, time.at)
        db.flush()
        elsewhere = build.viewer(cast.noel, (Role.SCREENER, cast.testing))
        ada = build.viewer(cast.ada, (Role.ADMINISTRATOR, None))
        for viewer in (cy, ada, elsewhere):
            assert db.scalars(references.visible_references(viewer)).all() == []
        assert db.scalars(references.visible_references(screener)).all() == [row]
        person_id = row.application.person_id
        own = build.viewer(person_id, (Role.SCREENER, None))
        assert db.scalars(references.visible_references(own)).all() == []
        with pytest.raises(Refused):
            references.decide(Act(db, own, time.at), row, True, build.SETTINGS)


@both
def test_what_was_said_is_erased_with_the_application(database, cast, time, cy, applied):
    with database.writing() as db:
        answered(db, applied, time.at, name="Zebedee Fox", knows="Zebedee")
        other = build.application(db, "Ola Fir", cast.driver, time.at)
        review.start_review(Act(db, cy, time.at), other, None, build.SETTINGS)
        answered(db, other.id, time.at)
        row = db.get_one(Application, applied)
        review.decline(Act(db, cy, time.at), row, DeclineReason.TIMES, "")
        assert db.scalars(erasing.of_erased()).all() == []
        erasing.erase(Act(db, COMMAND_LINE, time.at), applied)
        db.expire_all()
        assert db.scalars(select(Reference).order_by(Reference.id)).first().name == "Zebedee Fox"
    time.move(days=4 * 366)
    with database.writing() as db:
        recruitment_erasing.erase(Act(db, COMMAND_LINE, time.at), applied, build.SETTINGS)
        db.flush()
        assert db.scalars(erasing.of_erased()).all() == [applied]
        for _ in range(2):
            erasing.erase(Act(db, COMMAND_LINE, time.at), applied)
        db.expire_all()
        assert db.scalars(erasing.of_erased()).all() == []
        gone, kept = db.scalars(select(Reference).order_by(Reference.id))
        assert {getattr(gone, one) for one in erasing.TEXTS} == {""}
        assert gone.recommends is None
        assert kept.strengths == SAYS["strengths"]
        mail = select(Message.address).where(Message.subject_kind == "reference")
        assert set(db.scalars(mail)) == {"", "lee@example.net"}


TYPED = {
    "name": "Lee Fox",
    "email": "lee@example.net",
    "phone": "",
    "knows": "My boss",
    "stranger": "y",
}


def test_from_naming_to_reading(database, cast, time, public, as_, gil, applied, office):
    with database.reading() as db:
        row = db.get_one(Application, applied)
        path = links.application_path(build.SETTINGS, row.link_id)
    page = public.get(path)
    assert "Name 2 people who know you" in page.text
    public.press(f"{path}/references", **TYPED | {"email": "", "stranger": None, "knows": ""})
    assert public.response.status_code == 422
    assert "family, then check this box." in public.text
    assert "Lee Fox" in public.text, "what was typed is not lost"
    public.press(f"{path}/references", **TYPED)
    assert "ll ask them." in public.text
    office.send()
    mail = next(one for one in office.box.mails if one["To"] == "lee@example.net")
    words = mail.get_body(("plain",)).get_content()
    for typed in ("Lee", "Nia", "boss"):
        assert typed not in words
    with database.reading() as db:
        link = f"/reference/{reference_token(build.SETTINGS, db.scalars(select(Reference)).one().link_id)}"
    assert link in words
    referee = public
    assert "Nia Park would like to volunteer" in referee.get(link).text
    referee.press(link, known_since="Six years", strengths="")
    assert referee.response.status_code == 422
    assert referee.form(link)["known_since"] == "Six years"
    referee.press(link, strengths="Patient.", recommends="some", concerns="Late at times.")
    assert "Thank you!" in referee.text
    cy, screener = as_(cast.cy), as_(gil)
    shown = cy.get(f"/applications/{applied}").text
    assert "Lee Fox" in shown
    for said in ("Patient.", "Late at times", "lee@example.net"):
        assert said not in shown
    assert "Late at times" not in public.get(path).text
    assert cy.get("/references").status_code == 404
    assert "References to read" in screener.get("/me").text
    assert "Lee Fox" in screener.get("/references").text
    with database.reading() as db:
        number = db.scalars(select(Reference.id)).one()
    assert cy.get(f"/references/{number}").status_code == 404
    assert "Late at times." in screener.get(f"/references/{number}").text
    screener.press(f"/references/{number}/acceptance")
    assert "You accepted the reference." in screener.text
    assert "No references to read." in screener.text


def test_staff_name_and_enter_what_they_hear_by_phone(database, cast, time, as_, gil, applied):
    cy, screener = as_(cast.cy), as_(gil)
    page = f"/applications/{applied}"
    cy.get(page)
    cy.press(f"{page}/references", **TYPED | {"email": "", "phone": "(555) 555-1212"})
    assert "The name was added." in cy.text
    screener.get("/references?call=yes")
    assert "(555) 555-1212" in screener.text
    with database.reading() as db:
        number = db.scalars(select(Reference.id)).one()
    path = f"/references/{number}"
    screener.get(path)
    screener.press(
        f"{path}/answer", known_since="A year", strengths="Kind", how="phone", recommends="yes"
    )
    assert "The reference was saved." in screener.text
    assert "By phone" in screener.text
    screener.press(f"{path}/dismissal")
    screener.get(path)
    assert "Not counted." in screener.text
    with database.reading() as db:
        row = db.scalars(select(Reference)).one()
        assert (row.accepted, row.entered_by_id, row.how) == (False, gil, "phone")
        assert row.state == ReferenceState.ANSWERED


def test_a_name_of_another_application_is_not_there(database, cast, time, public, as_, cy, applied):
    with database.writing() as db:
        row = name(db, applied, time.at)
        other = build.application(db, "Ola Fir", cast.driver, time.at)
        number, path = row.id, links.application_path(build.SETTINGS, other.link_id)
        own = links.application_path(build.SETTINGS, row.application.link_id)
    assert public.post(f"{path}/references/{number}/end").status_code == 404
    public.get(own)
    public.press(f"{own}/references/{number}/end")
    assert "The name was removed." in public.text
    sol = as_(cast.sol)
    assert sol.post(f"/me/applications/{applied}/references", **TYPED).status_code == 404
    assert sol.post(f"/me/applications/{applied}/references/{number}/end").status_code == 404
    assert as_(cast.mara).post(f"/applications/{applied}/references", **TYPED).status_code == 404
    with database.reading() as db:
        assert db.scalar(visible_applications(cy).where(Application.id == applied))


def test_names_cannot_be_used_to_flood(database, cast, time, public, applied):
    with database.reading() as db:
        path = links.application_path(build.SETTINGS, db.get_one(Application, applied).link_id)
    public.get(path)
    for number in range(6):
        public.press(f"{path}/references", **TYPED | {"email": f"n{number}@example.net"})
        public.get(path)
    time.move(seconds=timedelta(hours=1).total_seconds())
    public.get(path)
    assert f"{path}/references" not in public.text.split("Remove name")[-1]
    assert (
        public.post(f"{path}/references", **TYPED | {"email": "n9@example.net"}).status_code == 422
    )


@both
def test_references_count_also_while_the_role_is_offered(
    database, cast, time, cy, screener, applied
):
    with database.writing() as db:
        application = db.get_one(Application, applied)
        rows = [
            answered(db, applied, time.at),
            answered(db, applied, time.at, email="m@example.net"),
        ]
        review.accept(Act(db, cy, time.at), application, time.at.date())
        for row in rows:
            references.decide(Act(db, screener, time.at), row, True, build.SETTINGS)
        assert db.scalars(select(Credential)).one()


@both
def test_whoever_lacks_one_is_asked_for_another_name(database, cast, time, screener, applied):
    with database.writing() as db:
        rows = [answered(db, applied, time.at), name(db, applied, time.at, email="m@example.net")]
        third = name(db, applied, time.at, email="n@example.net")
        references.cannot(Act(db, NOBODY, time.at), third, build.SETTINGS)
        db.flush()
        assert db.scalars(select(Message).where(Message.kind == "reference.more")).all() == []
        references.decide(Act(db, screener, time.at), rows[0], False, build.SETTINGS)
        references.cannot(Act(db, NOBODY, time.at), rows[1], build.SETTINGS)
        references.cannot(Act(db, NOBODY, time.at), rows[1], build.SETTINGS)
        db.flush()
        more = select(Message).where(Message.kind == "reference.more")
        assert len(db.scalars(more).all()) == 2
        assert references.counting(references.of_application(db, applied)) == []


@both
def test_the_same_phone_is_not_named_twice(database, cast, time, applied):
    with database.writing() as db:
        name(db, applied, time.at, email="", phone="(555) 555-1234")
        with pytest.raises(Refused):
            name(db, applied, time.at, email="", phone="555 555 1234")


def test_what_a_referee_typed_is_not_lost_when_staff_was_first(
    database, cast, time, public, as_, applied, screener
):
    with database.writing() as db:
        row = name(db, applied, time.at)
        link, number = f"/reference/{reference_token(build.SETTINGS, row.link_id)}", row.id
    public.get(link)
    with database.writing() as db:
        references.answer(Act(db, screener, time.at), db.get_one(Reference, number), SAYS, "phone")
    public.press(link, known_since="A year", strengths="None", concerns="Beware", recommends="no")
    assert public.response.status_code == 422
    assert "This reference was already given." in public.text
    assert public.form(link)["concerns"] == "Beware"


def test_nothing_is_vouched_for_by_a_slip(database, cast, time, public, applied):
    with database.writing() as db:
        link = f"/reference/{reference_token(build.SETTINGS, name(db, applied, time.at).link_id)}"
    public.get(link)
    public.press(link, known_since="A year", strengths="Kind")
    assert public.response.status_code == 422


def test_reading_one_is_noted(database, cast, time, as_, gil, applied):
    with database.writing() as db:
        number = answered(db, applied, time.at).id
    as_(gil).get(f"/references/{number}")
    with database.reading() as db:
        opened = select(AuditEntry.actor_id).where(AuditEntry.action == "reference.opened")
        assert db.scalars(opened).all() == [gil]


@both
def test_a_reference_or_interview_has_no_date_of_its_own(database, cast, time):
    for kind in ("reference", "interview"):
        with database.writing() as db, pytest.raises(Refused):
            build.requirement(db, time.at, kind=kind, name=kind, validity="dated")


@both
def test_whoever_has_enough_since_fewer_are_wanted_is_done_the_next_day(
    database, cast, time, screener, applied
):
    def count() -> int:
        with database.writing() as db:
            return reference_chores.recount(Act(db, COMMAND_LINE, time.at), build.SETTINGS)

    with database.writing() as db:
        row = answered(db, applied, time.at)
        references.decide(Act(db, screener, time.at), row, True, build.SETTINGS)
    assert count() == 0
    with database.writing() as db:
        office = Act(db, build.OFFICE, time.at)
        change(office, REFERENCES, 1, build.SETTINGS, program_id=cast.rides)
    assert count() == 0, "once a day"
    time.move(days=1)
    assert count() == 1
    time.move(days=1)
    assert count() == 0
    with database.reading() as db:
        assert db.scalars(select(Credential)).one()
