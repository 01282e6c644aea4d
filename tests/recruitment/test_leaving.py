"""No application is lost with whoever looked after it, and no check is asked of someone who left."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.people import memberships
from portal.people.models import Membership, Person, Status
from portal.permissions import Role
from portal.programs import authority
from portal.programs.application_models import Application, ApplicationEvent
from portal.recruitment import review
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.settings import Settings
from tests import build
from tests.worker import round_of_work

pytestmark = pytest.mark.both_databases


def work(database, time) -> None:
    while round_of_work(database, Settings(), time.at):
        pass


@pytest.fixture
def owned(database, cast, time) -> int:
    """An application of Sol to Rides, which Cy reviews and looks after."""
    with database.writing() as db:
        what = build.requirement(
            db, time.at, kind="background_check", name="Check", verifier="screener",
            validity="months", months=24, check_path="company",
        )  # fmt: skip
        build.check_texts(db, what, time.at)
        build.rule(db, time.at, what, position_id=cast.driver)
        one = build.application(db, cast.sol, cast.driver, time.at)
        act = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at)
        review.start_review(act, one, None, build.SETTINGS)
        assert one.owner_id == cast.cy
        return one.id


def owner_of(database, number: int) -> int | None:
    with database.reading() as db:
        return db.get_one(Application, number).owner_id


def end_role(database, cast, time) -> None:
    with database.writing() as db:
        role = select(Membership.id).where(
            Membership.person_id == cast.cy, Membership.until.is_(None)
        )
        memberships.end(Act(db, build.OFFICE, time.at), db.scalars(role).one())


def test_what_someone_looked_after_is_the_programs_when_they_leave_it(
    database, cast, time, owned, as_
):
    queue = "Applications in review without an owner"
    assert queue not in as_(cast.ada).get("/").text
    end_role(database, cast, time)
    work(database, time)
    assert owner_of(database, owned) is None
    ada = as_(cast.ada)
    assert queue in ada.get("/").text
    assert "Sol Vance" in ada.get("/applications?stage=in_review&owner=none").text
    with database.reading() as db:
        last = select(ApplicationEvent.done).order_by(ApplicationEvent.id.desc()).limit(1)
        assert db.scalar(last) == "assigned"


def test_they_keep_it_by_another_role_of_theirs(database, cast, time, owned):
    with database.writing() as db:
        memberships.grant(
            Act(db, build.viewer(cast.ada), time.at), cast.cy, Role.ADMINISTRATOR, None
        )
        role = select(Membership.id).where(
            Membership.person_id == cast.cy, Membership.program_id == cast.rides
        )
        memberships.end(Act(db, build.OFFICE, time.at), db.scalars(role).one())
    work(database, time)
    assert owner_of(database, owned) == cast.cy


@pytest.mark.parametrize("status", [Status.ENDED, Status.ON_LEAVE])
def test_no_one_who_is_away_looks_after_an_application(database, cast, time, owned, status):
    with database.writing() as db:
        cy = db.get_one(Person, cast.cy)
        authority.set_status(Act(db, build.OFFICE, time.at), cy, status)
    work(database, time)
    assert owner_of(database, owned) is None


def test_a_check_is_asked_of_no_one_who_left(database, cast, time, owned):
    with database.writing() as db:
        sol = db.get_one(Person, cast.sol)
        authority.set_status(Act(db, build.OFFICE, time.at), sol, Status.ENDED)
    work(database, time)
    with database.reading() as db:
        assert db.scalars(select(BackgroundCheck.state)).all() == [CheckState.STOPPED]
