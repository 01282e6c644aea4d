"""What domains draw on Home and on a person's page: for whom, and of whose programs."""

import pytest

from portal.act import Act
from portal.people import memberships
from portal.permissions import Role
from portal.shifts.models import Signup, SignupState
from tests import build

both = pytest.mark.both_databases


@both
def test_a_person_s_page_tells_a_coordinator_of_shifts_of_their_own_programs_alone(
    database, cast, time, as_
):
    with database.writing() as db:
        build.place(db, cast.ana, cast.host, time.at)
        for position, title in ((cast.driver, "Morning rides"), (cast.host, "Night at the house")):
            shift = build.shift(db, position, title=title)
            db.flush()
            db.add(
                Signup(
                    shift_id=shift.id,
                    slot_id=shift.slots[0].id,
                    person_id=cast.ana,
                    state=SignupState.SIGNED_UP,
                    since=time.at,
                )
            )
    page = as_(cast.cy).get(f"/people/{cast.ana}").text
    assert "Morning rides" in page
    assert "Night at the house" not in page
    whole = as_(cast.ada).get(f"/people/{cast.ana}").text
    assert "Night at the house" in whole


@both
def test_home_shows_gaps_to_coordinators_and_people_to_supervisors_alone(database, cast, time, as_):
    assert "Unfilled shifts" not in as_(cast.ana).get("/me").text
    assert "Unfilled shifts" in as_(cast.cy).get("/me").text
    assert "My volunteers" not in as_(cast.cy).get("/me").text
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        memberships.grant(act, cast.bo, Role.SUPERVISOR, cast.rides)
    assert "My volunteers" in as_(cast.bo).get("/me").text
