"""A background check that is asked for only once another one is clear."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.permissions import COMMAND_LINE, Role
from portal.programs.application_models import Application
from portal.recruitment import check_order, review
from portal.requirements import checks, kinds
from portal.requirements.check_models import BackgroundCheck
from portal.requirements.credentials import Paper
from portal.requirements.models import Requirement
from portal.web.errors import Refused
from tests import build

both = pytest.mark.both_databases


def make(db, at, name, **values) -> Requirement:
    made = build.requirement(
        db, at, kind="background_check", name=name, validity="months", months=24,
        check_path="register", verifier="screener", **values,
    )  # fmt: skip
    build.check_texts(db, made, at)
    return made


@pytest.fixture
def order(database, cast, time) -> dict[str, int]:
    """The register is asked for after the list; both are wanted of drivers, who are in review."""
    with database.writing() as db:
        first = make(db, time.at, "Staff Exclusion List")
        second = make(db, time.at, "Central Register", after_id=first.id)
        for one in (second, first):
            build.rule(db, time.at, one, position_id=cast.driver)
        row = build.application(db, "Nia Park", cast.driver, time.at)
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        review.start_review(Act(db, cy, time.at), row, None, build.SETTINGS)
        gil = build.person(db, "Gil Moreau", time.at).id
        return {"first": first.id, "second": second.id, "row": row.id, "gil": gil}


def asked(db) -> list[int]:
    found = select(BackgroundCheck.requirement_id).order_by(BackgroundCheck.id)
    return list(db.scalars(found))


@both
def test_the_next_is_asked_once_the_one_before_is_clear(database, cast, time, order):
    with database.writing() as db:
        assert asked(db) == [order["first"]]
        assert db.scalars(check_order.next_checks()).all() == []
        row = db.get_one(Application, order["row"])
        screener = Act(db, build.viewer(order["gil"]), time.at)
        with pytest.raises(Refused, match="clear first"):
            checks.ask(screener, row.person_id, db.get_one(Requirement, order["second"]))
        check = db.scalars(select(BackgroundCheck)).one()
        day = time.at.date()
        checks.authorize_on_paper(screener, check, "Nia Park")
        checks.order(screener, check, day, "UTC")
        checks.came_back(screener, check, day, day)
        checks.clear(screener, check, Paper(day))
        time.move(hours=1)
        db.flush()
        assert db.scalars(check_order.next_checks()).all() == [order["row"]]
        for _ in range(2):
            check_order.ask_next_checks(
                Act(db, COMMAND_LINE, time.at), order["row"], build.SETTINGS
            )
        assert asked(db) == [order["first"], order["second"]]
        db.flush()
        assert db.scalars(check_order.next_checks()).all() == []


@both
def test_checks_do_not_wait_for_each_other_or_for_another_programs(database, cast, time, order):
    for wrong in (order["second"], order["first"], 999_999):
        with database.writing() as db, pytest.raises(Refused):
            first = db.get_one(Requirement, order["first"])
            values = kinds.requirement_values(first) | {"after_id": wrong}
            kinds.edit_requirement(Act(db, build.OFFICE, time.at), first, values, first.version)
    with database.writing() as db:
        license_ = build.requirement(db, time.at)
        theirs = make(db, time.at, "Shelter check", program_id=cast.shelter)
        db.flush()
        for values in ({"after_id": license_.id}, {"after_id": theirs.id}):
            with pytest.raises(Refused):
                make(db, time.at, "Another", program_id=cast.rides, **values)
        with pytest.raises(Refused):
            build.requirement(db, time.at, name="Paper", after_id=order["first"])


def test_the_form_offers_other_checks(database, cast, time, as_, order):
    ada = as_(cast.ada)
    page = ada.get(f"/requirements/{order['second']}/edit").text
    assert "Ask for it only after" in page
    assert ada.form(f"/requirements/{order['second']}")["after_id"] == str(order["first"])
    ada.press(f"/requirements/{order['second']}", after_id="")
    assert "The requirement was saved." in ada.text
    with database.reading() as db:
        assert db.get_one(Requirement, order["second"]).after_id is None
