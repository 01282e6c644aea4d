"""Hours and years that people reach, and their certificates."""

import io
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import select

from portal import pdf
from portal.act import Act
from portal.agency.settings import change
from portal.hours.models import HoursEntry, HoursState, Source
from portal.lifecycle import letters, milestones
from portal.lifecycle.milestone_models import Milestone, MilestoneKind, MilestoneState
from portal.lifecycle.models import IssuedLetter, LetterKind
from portal.messages.models import Message
from portal.people.models import Person, Status
from portal.permissions import COMMAND_LINE, Role
from portal.programs.models import Placement
from portal.web.errors import NotFound, Refused
from tests import build

both = pytest.mark.both_databases
ZONE = "America/New_York"
DAY = timedelta(days=1)


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def on(database, cast, time, cy):
    """Rides lists milestones, and the worker has begun to count."""
    with database.writing() as db:
        change(Act(db, cy, time.at), milestones.MILESTONES, True, build.SETTINGS, cast.rides)
        milestones.each_day(Act(db, COMMAND_LINE, time.at), ZONE)


def give(database, cast, at, hours, person=None, program=None, state=HoursState.APPROVED):
    parts = [10] * (hours // 10) + [hours % 10]
    with database.writing() as db:
        db.add_all(
            HoursEntry(
                person_id=person or cast.ana, program_id=program or cast.rides,
                position_id=cast.driver if not program else cast.host, source=Source.OWN, day=at.date() - DAY,
                minutes=part * 60, state=state, recorded_at=at,
                approved_at=at if state == HoursState.APPROVED else None,
            )
            for part in parts
        )  # fmt: skip


def next_day(database, time) -> int:
    time.move(days=1)
    with database.writing() as db:
        return milestones.each_day(Act(db, COMMAND_LINE, time.at), ZONE)


def found(database) -> list[tuple]:
    with database.reading() as db:
        rows = db.scalars(select(Milestone).order_by(Milestone.id))
        return [(row.person_id, row.kind, row.number) for row in rows]


@both
def test_a_number_of_hours_is_reached_once_and_the_highest_counts(database, cast, time, on):
    give(database, cast, time.at + timedelta(hours=1), 9)
    assert next_day(database, time) == 0
    give(database, cast, time.at + timedelta(hours=1), 45)
    assert next_day(database, time) == 1
    assert found(database) == [(cast.ana, MilestoneKind.HOURS, 50)]
    give(database, cast, time.at + timedelta(hours=1), 10)
    assert next_day(database, time) == 0
    with database.writing() as db:  # corrected below, and reached again
        for row in db.scalars(select(HoursEntry)).all():
            row.minutes //= 2
    give(database, cast, time.at + timedelta(hours=1), 40)
    next_day(database, time)
    assert found(database) == [(cast.ana, MilestoneKind.HOURS, 50)]


@both
def test_what_was_reached_before_it_was_turned_on_is_not_listed(database, cast, time, cy):
    give(database, cast, time.at - DAY, 130)
    with database.writing() as db:
        change(Act(db, cy, time.at), milestones.MILESTONES, True, build.SETTINGS, cast.rides)
        milestones.each_day(Act(db, COMMAND_LINE, time.at), ZONE)
    give(database, cast, time.at + timedelta(hours=1), 1)
    assert next_day(database, time) == 0
    assert found(database) == []


@both
@pytest.mark.parametrize("why", ["not approved", "another program", "inactive", "off", "same day"])
def test_what_does_not_count(database, cast, time, cy, on, why):
    at = time.at + timedelta(hours=1)
    state = HoursState.SUBMITTED if why == "not approved" else HoursState.APPROVED
    give(
        database,
        cast,
        at,
        60,
        program=cast.shelter if why == "another program" else None,
        state=state,
    )
    with database.writing() as db:
        if why == "inactive":
            db.get_one(Person, cast.ana).status = Status.ENDED
        if why == "off":
            change(Act(db, cy, at), milestones.MILESTONES, False, build.SETTINGS, cast.rides)
    if why == "same day":
        with database.writing() as db:
            assert milestones.each_day(Act(db, COMMAND_LINE, at), ZONE) == 0
    else:
        assert next_day(database, time) == 0
    assert found(database) == []


@both
def test_a_year_is_reached_on_its_day_also_when_the_worker_was_away(database, cast, time, on):
    with database.writing() as db:
        row = db.scalars(
            select(Placement).filter_by(person_id=cast.ana, position_id=cast.driver)
        ).one()
        for other in db.scalars(select(Placement).where(Placement.id != row.id)):
            other.starts_on = date(2026, 11, 3)
        row.starts_on = date(2021, 12, 4)
    assert next_day(database, time) == 0
    time.move(days=5)
    assert next_day(database, time) == 1
    assert found(database) == [(cast.ana, MilestoneKind.YEARS, 5)]
    with database.reading() as db:
        assert db.scalars(select(Milestone.reached_on)).one() == date(2026, 12, 4)


@both
def test_a_certificate_is_written_once_in_the_readers_language(database, cast, time, cy, on):
    with database.writing() as db:
        db.get_one(Person, cast.ana).language = "es"
    give(database, cast, time.at + timedelta(hours=1), 100)
    next_day(database, time)

    def celebrate():
        with database.writing() as db:
            row = db.scalars(select(Milestone)).one()
            milestones.celebrate(Act(db, cy, time.at), row, "Cy Ortega", build.SETTINGS)

    celebrate()
    with database.reading() as db:
        letter = db.scalars(select(IssuedLetter)).one()
        assert (letter.kind, letter.language) == (LetterKind.MILESTONE, "es")
        assert "100 horas" in letter.body
        assert "{" not in letter.body
        told = select(Message.person_id).where(Message.kind == "letter.written")
        assert db.scalars(told).all() == [cast.ana]
        data = letters.as_data([letter], build.SETTINGS)
        file = pdf.render("lifecycle/letter.typ", data, time.at)
    page = pypdf.PdfReader(io.BytesIO(file)).pages[0].extract_text()
    assert "100 horas" in page
    assert letters.code_of(build.SETTINGS, letter.link_id) in page
    with pytest.raises(Refused):
        celebrate()
    with pytest.raises(Refused), database.writing() as db:
        milestones.skip(Act(db, cy, time.at), db.scalars(select(Milestone)).one())


@both
def test_who_sees_a_milestone(database, cast, time, cy, on):
    give(database, cast, time.at + timedelta(hours=1), 30)
    give(database, cast, time.at + timedelta(hours=1), 30, person=cast.cy)
    next_day(database, time)
    mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
    with database.reading() as db:
        see = lambda viewer: [row.person_id for row in db.scalars(milestones.due(viewer))]  # noqa: E731
        assert see(cy) == [cast.ana], "not one's own"
        assert see(mara) == []
        assert set(see(build.OFFICE)) == {cast.ana, cast.cy}
        assert see(build.viewer(cast.ana)) == []


def test_the_pages_turn_it_on_write_one_and_skip_one(database, cast, time, as_):
    desk = as_(cast.cy)
    desk.get("/people/milestones")
    desk.press(f"/people/milestones/programs/{cast.rides}", on="yes")
    assert "Milestones are on" in desk.text
    with database.writing() as db:
        milestones.each_day(Act(db, COMMAND_LINE, time.at), ZONE)
    give(database, cast, time.at + timedelta(hours=1), 30)
    give(database, cast, time.at + timedelta(hours=1), 30, person=cast.bo)
    next_day(database, time)
    desk = as_(cast.cy)
    assert "Milestones to celebrate" in desk.get("/me").text
    page = desk.get("/people/milestones").text
    assert "25 hours" in page
    with database.reading() as db:
        ids = {row.person_id: row.id for row in db.scalars(select(Milestone))}
    desk.press(f"/people/milestones/{ids[cast.ana]}/certificate")
    assert "The certificate was written" in desk.text
    desk.get("/people/milestones")
    desk.press(f"/people/milestones/{ids[cast.bo]}/skipping")
    with database.reading() as db:
        states = {row.person_id: row.state for row in db.scalars(select(Milestone))}
    assert states == {cast.ana: MilestoneState.WRITTEN, cast.bo: MilestoneState.SKIPPED}
    assert (
        as_(cast.mara).post(f"/people/milestones/programs/{cast.rides}", on="yes").status_code
        == 404
    )
    assert as_(cast.mara).post(f"/people/milestones/{ids[cast.bo]}/skipping").status_code == 404


@both
def test_a_correction_passes_nothing_by_itself(database, cast, time, on):
    give(database, cast, time.at - DAY, 105)
    next_day(database, time)
    before = found(database)
    with database.writing() as db:  # the last entry is voided, and a smaller one approved instead
        row = db.scalars(select(HoursEntry).order_by(HoursEntry.id)).first()
        row.state, row.voided_at = HoursState.VOID, time.at
    give(database, cast, time.at + timedelta(hours=1), 8)
    assert next_day(database, time) == 0
    assert found(database) == before


@both
@pytest.mark.parametrize("years", [1, 5, 10])
def test_who_began_on_february_29_has_an_anniversary_in_every_year(database, cast, time, years, cy):
    time.move(days=(date(2028 + years, 2, 27) - time.at.date()).days)
    with database.writing() as db:
        change(Act(db, cy, time.at), milestones.MILESTONES, True, build.SETTINGS, cast.rides)
        milestones.each_day(Act(db, COMMAND_LINE, time.at), ZONE)
        for row in db.scalars(select(Placement).where(Placement.person_id == cast.ana)):
            row.starts_on = date(2028, 2, 29)
    assert next_day(database, time) == 1
    assert found(database) == [(cast.ana, MilestoneKind.YEARS, years)]


def test_in_a_leap_year_the_anniversary_is_february_29(database, cast, time, cy):
    time.move(days=(date(2048, 2, 27) - time.at.date()).days)
    with database.writing() as db:
        change(Act(db, cy, time.at), milestones.MILESTONES, True, build.SETTINGS, cast.rides)
        milestones.each_day(Act(db, COMMAND_LINE, time.at), ZONE)
        for row in db.scalars(select(Placement).where(Placement.person_id == cast.ana)):
            row.starts_on = date(2028, 2, 29)
    assert next_day(database, time) == 0
    assert next_day(database, time) == 1


@both
def test_no_one_decides_on_their_own_milestone_or_one_of_another_program(
    database, cast, time, cy, on
):
    give(database, cast, time.at + timedelta(hours=1), 30)
    give(database, cast, time.at + timedelta(hours=1), 30, person=cast.cy)
    next_day(database, time)
    mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
    for viewer, person in ((mara, cast.ana), (cy, cast.cy)):
        for decide in (
            lambda act, row: milestones.skip(act, row),
            lambda act, row: milestones.celebrate(act, row, "Cy", build.SETTINGS),
        ):
            with pytest.raises(NotFound), database.writing() as db:
                row = db.scalars(select(Milestone).where(Milestone.person_id == person)).one()
                decide(Act(db, viewer, time.at), row)
