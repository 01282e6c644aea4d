"""Emergency access: one case, a reason, an hour at most, an alert at once, a review by another (SECURITY U5)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.cases import cases, conflicts, emergency
from portal.cases.conflict_models import ConflictKind
from portal.cases.emergency_models import EmergencyAccess
from portal.cases.models import Case, CaseEnd
from portal.messages.models import Message
from portal.people import memberships
from portal.permissions import Permission, Role
from portal.programs.models import Visibility
from portal.web.errors import Refused
from tests import build
from tests.build import OFFICE
from tests.cases.test_cases import asked, coordinator, lee, refused, worker
from tests.cases.test_matches import DAY, both

__all__ = ["asked", "lee"]
REASON = "No answer at the door, and the caseworker is away."


@pytest.fixture
def pat(database, cast, time) -> int:
    """A privacy officer."""
    with database.writing() as db:
        person = build.person(db, "Pat Ochoa", time.at).id
        memberships.grant(Act(db, OFFICE, time.at), person, Role.PRIVACY_OFFICER, None)
        return person


def opened(database, cast, time, asked, minutes=30) -> int:
    with database.writing() as db:
        case = db.get_one(Case, asked[0])
        return emergency.open_access(coordinator(db, cast, time), case, REASON, minutes).id


def officer(db, pat, time) -> Act:
    return Act(db, build.viewer(pat, (Role.PRIVACY_OFFICER, None)), time.at)


@both
def test_it_lasts_as_long_as_it_says_and_the_officer_and_the_caseworker_are_told(
    database, cast, time, lee, asked, pat
):
    number = opened(database, cast, time, asked, 60)
    with database.reading() as db:
        told = db.scalars(select(Message).where(Message.kind == "emergency_access.opened")).all()
        assert {one.person_id for one in told} == {pat, lee}
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
        for minutes, lasts in ((0, True), (59, True), (60, False)):
            at = time.at + timedelta(minutes=minutes)
            assert [row.id for row in db.scalars(emergency.current(cy, at))] == [number] * lasts
            assert db.scalars(emergency.current(mara, at)).all() == []
        lost = replace(cy, memberships=frozenset())
        assert db.scalars(emergency.current(lost, time.at)).all() == []  # the role is taken back
    with database.writing() as db:
        row = db.get_one(EmergencyAccess, number)
        emergency.end(coordinator(db, cast, time), row)
        emergency.end(coordinator(db, cast, time), row)
        assert db.scalars(emergency.current(cy, time.at)).all() == []


@both
def test_it_takes_a_reason_an_officer_and_someone_without_a_right(
    database, cast, time, lee, asked, pat
):
    with database.writing() as db:
        case, act = db.get_one(Case, asked[0]), coordinator(db, cast, time)
        assert refused(emergency.open_access, act, case, "help", 30) == ["reason"]
        tells = "Mrs. Alvarez at 555-867-5309 fell down"
        assert refused(emergency.open_access, act, case, tells, 30) == ["reason"]
        assert refused(emergency.open_access, act, case, REASON, 61) == ["minutes"]
        with pytest.raises(Refused, match="without an emergency"):
            emergency.open_access(worker(db, cast, time, lee), case, REASON, 30)
        office = Act(db, OFFICE, time.at)
        held = select(memberships.Membership.id).filter_by(person_id=pat)
        memberships.end(office, db.scalars(held).one())
        with pytest.raises(Refused, match="No privacy officer"):
            emergency.open_access(act, case, REASON, 30)


@both
def test_whoever_had_it_never_reviews_it_and_a_review_stays(database, cast, time, asked, pat):
    number = opened(database, cast, time, asked)
    with database.writing() as db:
        row = db.get_one(EmergencyAccess, number)
        own = Act(db, build.viewer(cast.cy, (Role.PRIVACY_OFFICER, None)), time.at)
        assert db.scalars(emergency.reviewable(own.by)).all() == []
        with pytest.raises(Refused, match="Someone else"):
            emergency.review(own, row, justified=True)
        assert db.scalars(emergency.unreviewed(officer(db, pat, time).by)).all() == [row]
        emergency.review(officer(db, pat, time), row, justified=False)
        with pytest.raises(Refused):
            emergency.review(officer(db, pat, time), row, justified=True)
        assert db.scalars(emergency.unreviewed(officer(db, pat, time).by)).all() == []
        assert row.justified is False
        assert not build.viewer(pat, (Role.PRIVACY_OFFICER, None)).may(Permission.CASES_READ)


@both
def test_a_case_is_found_by_its_whole_reference_in_ones_programs_and_not_against_a_conflict(
    database, cast, time, lee, asked, pat
):
    with database.writing() as db:
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        ada = build.viewer(cast.ada, (Role.ADMINISTRATOR, None))
        mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
        vic = build.viewer(cast.wes, (Role.SUPERVISOR, cast.rides))

        def finds(viewer, reference="24-0117", program=cast.rides) -> bool:
            return emergency.find(db, viewer, program, reference) is not None

        assert [finds(one) for one in (cy, ada, mara, vic)] == [True, True, False, True]
        assert not finds(build.viewer(cast.ana))
        assert not any(finds(cy, wrong) for wrong in ("24-011", "24-01%", "%", ""))
        assert not finds(ada, program=cast.testing)
        case = db.get_one(Case, asked[0])
        case.program.visibility, case.program.public_label = Visibility.HIDDEN, "Getting There"
        db.flush()
        assert [finds(one) for one in (cy, ada)] == [True, False]  # no one without a role in it
        case.program.visibility = Visibility.PUBLIC
        db.flush()
        conflicts.declare(worker(db, cast, time, lee), case, cast.cy, ConflictKind.KIN)
        assert not finds(cy)
        cases.close_case(worker(db, cast, time, lee), case, CaseEnd.SERVED)
        assert not finds(ada)


def test_on_its_page_the_case_is_read_and_noted_and_afterwards_gone(
    database, cast, time, lee, asked, pat, as_
):
    browser = as_(cast.cy)
    browser.get("/emergency-access/new")
    fields = {"program": cast.rides, "reason": REASON, "minutes": 30}
    browser.press("/emergency-access", reference="24-9999", **fields)
    assert "No open case of this program" in browser.text
    browser.press("/emergency-access", reference="24-0117", **fields)
    assert "Uses a walker." in browser.text
    with database.reading() as db:
        row = db.scalars(select(EmergencyAccess)).one()
        actions = db.scalars(select(AuditEntry.action)).all()
    for action in ("emergency_access.tried", "case.emergency", "case.opened"):
        assert action in actions
    assert "opened it in an emergency" in as_(lee).get(f"/cases/{asked[0]}").text
    page = f"/emergency-access/{row.id}"
    for other in (lee, cast.ada, cast.bo, pat):
        assert as_(other).client.get(page).status_code == 404
    listed = as_(pat).get("/emergency-access").text
    assert REASON.split(",", maxsplit=1)[0] in listed
    assert "24-0117" not in listed
    time.at += timedelta(minutes=31)
    assert as_(cast.cy).client.get(page).status_code == 404


def test_its_reason_ends_with_the_words_of_the_case(database, cast, time, lee, asked, pat):
    number = opened(database, cast, time, asked)
    with database.writing() as db:
        cases.close_case(worker(db, cast, time, lee), db.get_one(Case, asked[0]), CaseEnd.SERVED)
    with database.writing() as db:
        later = Act(db, OFFICE, time.at + 40 * DAY)
        cases.erase_words(later, asked[0], build.SETTINGS)
        assert db.get_one(EmergencyAccess, number).reason == ""
