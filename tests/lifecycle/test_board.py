"""The notice board and the handbook: who reads a page on which day, and who writes it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.lifecycle import board
from portal.lifecycle.board_models import BoardKind, BoardPage
from portal.people.models import Membership, Person
from portal.people.sessions import viewer_of
from portal.permissions import Role
from portal.programs.models import Placement
from portal.web.errors import Refused, Stale
from tests import build

both = pytest.mark.both_databases


def page(db, time, **values) -> int:
    given = {
        "kind": BoardKind.NEWS, "program_id": None, "position_id": None, "title": "News", "body": "Words.",
        "first_day": time.at.date(), "last_day": None, "translations": {},
    }  # fmt: skip
    return board.write_page(Act(db, build.OFFICE, time.at), given | values).id


def readers(database, cast, time, number: int) -> set[str]:
    """Who of the cast reads a page today."""
    found = set()
    with database.reading() as db:
        for name in ("ana", "bo", "sol", "cy", "mara", "hana", "ada"):
            viewer = viewer_of(db, vars(cast)[name], time.at)
            mine = board.readable_pages(viewer, time.at.date()).where(BoardPage.id == number)
            if db.scalar(mine) is not None:
                found.add(name)
    return found


@both
def test_a_page_is_read_by_the_people_of_its_role_program_or_agency(database, cast, time):
    with database.writing() as db:
        agency = page(db, time)
        rides = page(db, time, program_id=cast.rides)
        desk = page(db, time, program_id=cast.rides, position_id=cast.desk)
        shelter = page(db, time, program_id=cast.shelter)
    assert readers(database, cast, time, agency) == {
        "ana", "bo", "sol", "cy", "mara", "hana", "ada",
    }  # fmt: skip
    assert readers(database, cast, time, rides) == {"ana", "bo", "cy", "ada"}
    assert readers(database, cast, time, desk) == {"ana", "cy", "ada"}
    assert readers(database, cast, time, shelter) == {"hana", "mara", "ada"}
    with (
        database.writing() as db
    ):  # Z5: a role for the whole agency opens no sensitive program's pages
        db.add(Membership(person_id=cast.sol, role=Role.PRESENTER, since=time.at))
    assert readers(database, cast, time, shelter) == {"hana", "mara", "ada"}


@both
def test_a_page_comes_and_goes_with_its_days_and_with_the_role(database, cast, time, as_):
    with database.writing() as db:
        day = time.at.date() + timedelta(days=2)
        number = page(
            db, time, program_id=cast.rides, title="Snow day", first_day=day, last_day=day
        )
    ana = as_(cast.ana)
    for moved, shown in ((1, False), (1, True), (1, False)):
        time.move(days=moved)
        assert ("Snow day" in ana.get("/me").text) == shown
        assert ana.get(f"/board/{number}").status_code == (200 if shown else 404)
    time.move(days=-1)
    assert ana.get(f"/board/{number}").status_code == 200
    with database.writing() as db:
        for role in db.scalars(select(Placement).where(Placement.person_id == cast.ana)):
            role.ends_on = time.at.date() - timedelta(days=1)
            role.state = "ended"
    assert ana.get(f"/board/{number}").status_code == 404


@both
def test_a_coordinator_writes_for_their_program_and_a_volunteer_reads_it_from_home(
    database, cast, as_
):
    cy = as_(cast.cy)
    cy.get("/board/pages/new")
    wrong = cy.press("/board/pages", title="New van", body="Here.", first_day="12/1/2026")
    assert wrong.status_code == 422  # for which program?
    assert cy.form("/board/pages")["title"] == "New van"
    cy.press("/board/pages", program=str(cast.rides), title_es="Camioneta nueva")
    assert "The page was saved" in cy.text
    with database.writing() as db:
        db.get_one(Person, cast.bo).language = "es"
        number = db.scalars(select(BoardPage.id)).one()
    ana = as_(cast.ana)
    assert "New van" in ana.get("/me").text
    assert "Here." in ana.get(f"/board/{number}").text
    assert "Camioneta nueva" in as_(cast.bo).get("/board").text
    assert as_(cast.hana).get(f"/board/{number}").status_code == 404
    mara = as_(cast.mara)
    assert mara.get(f"/board/pages/{number}").status_code == 404
    assert mara.post(f"/board/pages/{number}", title="x").status_code == 404
    answer = mara.post(
        "/board/pages", kind="news", program=str(cast.rides), title="x", body="x",
        first_day="2026-12-01",
    )  # fmt: skip
    assert answer.status_code == 422


def test_days_in_order_and_edits_that_do_not_cross(database, cast, time):
    with database.writing() as db:
        yesterday = time.at.date() - timedelta(days=1)
        with pytest.raises(Refused):
            page(db, time, last_day=yesterday)
        row = db.get_one(BoardPage, page(db, time))
        values = {
            name: value for name, value in board.page_values(row).items() if name != "version"
        }
        values |= {"program_id": values.pop("program"), "position_id": values.pop("position")}
        act = Act(db, build.OFFICE, time.at)
        board.edit_page(act, row, values | {"title": "Newer"}, row.version)
        db.flush()
        with pytest.raises(Stale):
            board.edit_page(act, row, values, row.version - 1)
