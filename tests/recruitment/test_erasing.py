"""Applications that ended years ago are erased, unless one is kept with a reason; counts stay."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.columns import Base
from portal.messages.models import Message
from portal.people.models import Person
from portal.permissions import COMMAND_LINE, NOBODY, Role
from portal.programs.application_models import (
    Application,
    ApplicationEvent,
    ApplicationState,
    DeclineReason,
)
from portal.recruitment import erasing, funnel, inquiries, review
from portal.recruitment.models import Inquiry
from portal.web.errors import Refused
from tests import build

both = pytest.mark.both_databases
CANARY = "Zebedee"


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def ended(database, cast, time, cy):
    """An application full of one word, declined today; and one that was accepted."""
    with database.writing() as db:
        row = build.application(
            db, f"{CANARY} Quay", cast.driver, time.at, email="zebedee@example.com",
            why=f"{CANARY} likes driving.", times=f"{CANARY} mornings", heard_note=CANARY,
        )  # fmt: skip
        review.decline(Act(db, cy, time.at), row, DeclineReason.TIMES, f"{CANARY} can't.")
        other = build.application(db, "Ola Stays", cast.driver, time.at)
        review.start_review(Act(db, cy, time.at), other, None, build.SETTINGS)
        return row.id


def turn_on(database, time, years=3):
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        change(act, erasing.YEARS, years, build.SETTINGS)
        change(act, erasing.ERASE, True, build.SETTINGS)


def run(database, time) -> int:
    with database.reading() as db:
        found = list(erasing.due(db, build.SETTINGS, time.at))
    for one in found:
        with database.writing() as db:
            erasing.erase(Act(db, COMMAND_LINE, time.at), one, build.SETTINGS)
    return len(found)


def everywhere(database, word: str) -> set[str]:
    """The columns of all tables in which a word stands."""
    found = set()
    with database.reading() as db:
        for table in Base.metadata.sorted_tables:
            for row in db.execute(select(table)).mappings():
                found |= {
                    f"{table.name}.{name}"
                    for name, value in row.items()
                    if isinstance(value, str) and word.lower() in value.lower()
                }
    return found


@both
def test_P_nothing_of_who_applied_is_left_anywhere_once_the_years_are_over(
    database, cast, time, ended
):
    turn_on(database, time)
    with database.reading() as db:
        link = db.get_one(Application, ended).link_hash
    time.move(days=3 * 365)
    assert run(database, time) == 0, "not a day too early"
    assert "application.name" in everywhere(database, CANARY)
    time.move(days=3)
    assert run(database, time) == 1
    assert everywhere(database, CANARY) == set()
    assert run(database, time) == 0
    with database.reading() as db:
        row = db.get_one(Application, ended)
        assert (row.state, row.decline_reason) == (ApplicationState.DECLINED, DeclineReason.TIMES)
        assert row.erased_at == time.at
        assert row.link_hash != link, "the link of its page leads nowhere"
        notes = select(ApplicationEvent.note).where(ApplicationEvent.application_id == ended)
        assert set(db.scalars(notes)) == {""}
        stays = select(Person.name).where(Person.name == "Ola Stays")
        assert db.scalar(stays) == "Ola Stays"


@both
def test_nothing_is_erased_until_it_is_turned_on(database, time, ended):
    time.move(days=4 * 365)
    assert run(database, time) == 0


@both
def test_one_that_is_kept_stays_until_that_ends(database, time, cy, ended):
    turn_on(database, time, years=1)
    with database.writing() as db:
        erasing.keep(Act(db, cy, time.at), db.get_one(Application, ended), "A records request.")
        open_one = db.scalars(select(Application).where(Application.id != ended)).one()
        with pytest.raises(Refused):
            erasing.keep(Act(db, cy, time.at), open_one, "Why not.")
    time.move(days=400)
    assert run(database, time) == 0
    with (
        database.writing() as db
    ):  # it was found before it was kept: looked at again under the lock
        erasing.erase(Act(db, COMMAND_LINE, time.at), ended, build.SETTINGS)
        assert db.get_one(Application, ended).erased_at is None
        erasing.end_keeping(Act(db, cy, time.at), db.get_one(Application, ended))
    assert run(database, time) == 1


@both
def test_reports_keep_their_numbers_and_lists_lose_it(database, cast, time, cy, ended, as_):
    turn_on(database, time, years=1)

    first, last = time.at.date(), time.at.date()

    def applied() -> list[tuple]:
        with database.reading() as db:
            found = funnel.funnel(db, cy, funnel.By.PROGRAM, first, last, time.at, "UTC")
            return [tuple(line.count) for line in found.lines]

    before = applied()
    assert before
    time.move(days=400)
    assert as_(cast.cy).get(f"/applications/{ended}").status_code == 200
    run(database, time)
    assert applied() == before
    assert as_(cast.cy).get(f"/applications/{ended}").status_code == 404


@both
def test_answered_questions_are_erased_too(database, cast, time, cy):
    turn_on(database, time, years=1)
    with database.writing() as db:
        listed = build.opportunity(db, cast.driver, time.at)
        values = {
            "words": f"{CANARY}?",
            "name": CANARY,
            "email": "z@example.com",
            "phone": "",
            "language": "en",
        }
        row = inquiries.take_in(Act(db, NOBODY, time.at), values, listed, build.SETTINGS)
        number = row.id
    time.move(days=400)
    with database.reading() as db:
        assert erasing.due_questions(db, build.SETTINGS, time.at) == [], "it waits for an answer"
    with database.writing() as db:
        db.get_one(Inquiry, number).answered_at = time.at
    time.move(days=400)
    with database.reading() as db:
        assert erasing.due_questions(db, build.SETTINGS, time.at) == [number]
    with database.writing() as db:
        erasing.erase_question(Act(db, COMMAND_LINE, time.at), number, build.SETTINGS)
    assert everywhere(database, CANARY) == set()
    with database.reading() as db:
        assert erasing.due_questions(db, build.SETTINGS, time.at) == []
        assert db.scalar(select(Message.id).where(Message.address == "z@example.com")) is None


def test_the_page_shows_what_would_be_erased_before_it_is_turned_on(
    database, cast, time, ended, as_
):
    time.move(days=800)
    office = as_(cast.ada)
    page = office.get("/applications/erasing").text
    assert "0 applications would be erased now" in page
    office.press("/applications/erasing", years="2", on="yes")
    assert "1 application would be erased now" in office.text
    assert CANARY in office.text
    with database.reading() as db:
        assert list(erasing.due(db, build.SETTINGS, time.at)) == []
    office.press("/applications/erasing", years="2", on="yes")
    assert "erased from now on" in office.text
    with database.reading() as db:
        assert list(erasing.due(db, build.SETTINGS, time.at)) == [ended]
    assert as_(cast.cy).get("/applications/erasing").status_code == 404
    desk = as_(cast.cy)
    desk.get(f"/applications/{ended}")
    desk.press(f"/applications/{ended}/keeping", kept_reason="")
    assert desk.response.status_code == 422
    desk.press(f"/applications/{ended}/keeping", kept_reason="A lawsuit.")
    assert "A lawsuit." in desk.get(f"/applications/{ended}").text
    desk.press(f"/applications/{ended}/keeping/end")
    with database.reading() as db:
        assert list(erasing.due(db, build.SETTINGS, time.at)) == [ended]
