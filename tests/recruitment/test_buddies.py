"""A buddy for someone new: chosen by staff among those who serve there, told to both, named in no mail."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.messages.models import Message
from portal.people.models import Person, Status
from portal.permissions import NOBODY, Role
from portal.programs.application_models import Application
from portal.recruitment import applications, buddies, review
from portal.web.errors import Refused
from tests import build

both = pytest.mark.both_databases


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def placed(database, cast, time, cy) -> int:
    """Sol has the role of a driver since now."""
    with database.writing() as db:
        row = build.application(db, cast.sol, cast.driver, time.at)
        review.start_review(Act(db, cy, time.at), row, None, build.SETTINGS)
        review.accept(Act(db, cy, time.at), row, time.at.date())
        applications.accept_role(Act(db, NOBODY, time.at), row, "UTC")
        return row.id


def told(db) -> list[tuple[str, int]]:
    found = select(Message.kind, Message.person_id).where(Message.kind.like("placement.%buddy%"))
    return [tuple(one) for one in db.execute(found.order_by(Message.id))]


@both
def test_both_are_told_once(database, cast, time, cy, placed):
    with database.writing() as db:
        row = db.get_one(Application, placed)
        for _ in range(2):
            buddies.set_buddy(Act(db, cy, time.at), row, cast.bo)
        assert told(db) == [("placement.has_buddy", cast.sol), ("placement.buddy_of", cast.bo)]
        assert [one.name for one in buddies.new_ones(db, cast.bo)] == ["Sol Vance"]
        assert buddies.buddy_name(db, row) == "Bo T."
        db.get_one(Person, cast.bo).status = Status.ON_LEAVE
        assert buddies.buddy_name(db, row) == ""
        buddies.set_buddy(Act(db, cy, time.at), row, None)
        assert len(told(db)) == 2


@both
def test_who_may_be_a_buddy(database, cast, time, cy, placed):
    with database.writing() as db:
        row = db.get_one(Application, placed)
        assert {one for one, _ in buddies.candidates(db, row)} == {cast.ana, cast.bo}
        for wrong in (cast.sol, cast.wes, cast.hana, 999):
            with pytest.raises(Refused):
                buddies.set_buddy(Act(db, cy, time.at), row, wrong)
        new = build.application(db, "Nia Park", cast.driver, time.at)
        with pytest.raises(Refused):
            buddies.set_buddy(Act(db, cy, time.at), new, cast.bo)


def test_on_the_pages(database, cast, time, as_, placed, office):
    cy = as_(cast.cy)
    path = f"/applications/{placed}"
    cy.get(path)
    cy.press(f"{path}/buddy", buddy=str(cast.bo))
    assert "Both were told." in cy.text
    assert "Your buddy: Bo T." in as_(cast.sol).get(f"/me/applications/{placed}").text
    assert "Sol V." in as_(cast.bo).get("/me/buddies").text
    assert "Sol" not in as_(cast.ana).get("/me/buddies").text
    office.send()
    for mail in office.box.mails:
        if "buddy" in str(mail["Subject"]) or "new" in str(mail["Subject"]):
            words = mail.get_body(("plain",)).get_content()
            assert ("Sol V" in words, "Bo T." in words) == (False, False)
