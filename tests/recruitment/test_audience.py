"""Writing to the applicants of a role."""

import pytest

from portal.act import Act
from portal.permissions import Role
from portal.programs.application_models import DeclineReason
from portal.recruitment import applications, review
from tests import build


@pytest.fixture
def reviewed(database, cast, time):
    """Two applications in review for one role, of which one has an address, a new one, and one declined."""
    cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with database.writing() as db:
        for name in ("Nia Park", "Ola Fir", "Uma Left"):
            row = build.application(db, name, cast.driver, time.at)
            if name != "Ola Fir":
                applications.prove_email(Act(db, cy, time.at), row)
            review.start_review(Act(db, cy, time.at), row, None, build.SETTINGS)
            if name == "Uma Left":
                review.decline(Act(db, cy, time.at), row, DeclineReason.TIMES, "")
        build.application(db, "New One", cast.driver, time.at)
        build.application(db, cast.noel, cast.driver, time.at)


def test_whoever_is_in_review_is_written_to_after_a_look(database, cast, as_, reviewed, office):
    cy = as_(cast.cy)
    cy.get(f"/applications?position={cast.driver}")
    assert f"/letters/new?applicants={cast.driver}" in cy.text
    page = cy.get(f"/letters/new?applicants={cast.driver}").text
    for name, there in (
        ("Nia Park", True),
        ("Ola Fir", True),
        ("Uma", False),
        ("New One", False),
        ("Noel", False),
    ):
        assert (name in page) is there, name
    action = f"/letters?applicants={cast.driver}"
    cy.press(action, subject="Training", body="It begins on Monday.")
    cy.press(action)
    assert "Message sent to 2 people." in cy.text
    office.send()
    (mail,) = [one for one in office.box.mails if "It begins on Monday." in one.as_string()]
    assert mail["To"] == "nia@example.com"


def test_the_applicants_of_another_program_are_not_there(database, cast, as_, reviewed):
    mara = as_(cast.mara)
    assert mara.get(f"/letters/new?applicants={cast.driver}").status_code == 404
    assert mara.post(f"/letters?applicants={cast.driver}", subject="x", body="y").status_code == 404
