"""Someone who offers help without applying: an owner, and a record as a prospect."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.people.departures import Leaver
from portal.people.models import Leaving, Person, Status
from portal.permissions import NOBODY, Role
from portal.recruitment import inquiries, leaving
from portal.recruitment.models import Inquiry
from portal.web.errors import Refused
from tests import build

both = pytest.mark.both_databases
OFFER = {
    "words": "I can drive on Fridays.", "name": "Nia Park", "email": "nia@example.com",
    "phone": "(555) 555-7100", "language": "en",
}  # fmt: skip


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


def offer(db, at) -> Inquiry:
    return inquiries.take_in(Act(db, NOBODY, at), OFFER, None, build.SETTINGS)


@both
def test_an_offer_has_an_owner_until_they_leave(database, cast, time, cy):
    with database.writing() as db:
        row = offer(db, time.at)
        inquiries.own(Act(db, cy, time.at), row)
        assert [one.owner for one in inquiries.lines(db, cy, answered=False)] == ["Cy Ortega"]
        for cause, kept in ((Leaving.ROLE, cast.cy), (Leaving.ENDED, None)):
            leaver = Leaver(cast.cy, cause, None, None, time.at)
            leaving.release(db, leaver, time.at)
            db.refresh(row)
            assert row.owner_id == kept


@both
def test_who_offers_help_becomes_a_prospect_once_and_without_address(database, cast, time, cy):
    with database.writing() as db:
        row = offer(db, time.at)
        person = inquiries.become_prospect(Act(db, cy, time.at), row, None)
        db.flush()
        assert (person.status, person.email, row.prospect_id) == (Status.PROSPECT, "", person.id)
        assert row.owner_id == cast.cy
        with pytest.raises(Refused):
            inquiries.become_prospect(Act(db, cy, time.at), row, None)
        again = offer(db, time.at)
        assert again is row


def test_the_page_asks_who_it_is(database, cast, time, as_):
    with database.writing() as db:
        db.get_one(Person, cast.sol).email = "nia@example.com"
        number = offer(db, time.at).id
    cy = as_(cast.cy)
    path = f"/inquiries/{number}"
    assert "Sol Vance" in cy.get(path).text
    assert cy.post(f"{path}/record").status_code == 422
    cy.get(path)
    cy.press(f"{path}/owner")
    assert "This is assigned to you now." in cy.text
    cy.get(path)
    cy.press(f"{path}/record", person=str(cast.sol))
    assert "They have a record now." in cy.text
    with database.reading() as db:
        assert db.scalars(select(Inquiry.prospect_id)).one() == cast.sol
