"""Proposals from the list of gaps to the people who are asked: made by a process of the worker, never signed up."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.act import Act
from portal.app import DOMAINS
from portal.autofill import fills, running
from portal.autofill.models import Fill, FillLine, FillState
from portal.autofill.problem import packed, unpacked
from portal.autofill.snapshot import snapshot
from portal.domain import Round
from portal.messages.models import Message
from portal.people.models import Person
from portal.permissions import Role
from portal.programs.models import Program
from portal.shifts import answers, gaps, groups, pattern_changes, signups
from portal.shifts.group_models import Keep
from portal.shifts.models import Shift, Signup
from portal.shifts.waiting_models import Ask
from portal.web.errors import NotFound, Preview, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS

both = pytest.mark.both_databases
ZONE = "America/New_York"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def coordinator(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def world(database, cast, time) -> list[int]:
    """Three gaps of two hours on one day; Ana and Bo drive. The first two are at the same time."""
    time.at = NOON - 5 * DAY
    with database.writing() as db:
        db.execute(update(Person).values(email="x@example.org"))
        return [
            build.shift(db, cast.driver, starts=NOON + hours * HOUR, title=title).id
            for title, hours in (("One", 0), ("Two", 0), ("Three", 3))
        ]


@pytest.fixture
def no_children():
    yield
    for child in running.CHILDREN.values():
        child.end()
    running.CHILDREN.clear()


def proposed(database, cast, time) -> int:
    with database.writing() as db:
        which = fills.ahead(time.at, ZONE, 14)
        problem = snapshot(db, coordinator(cast), which, time.at)
        return fills.propose(Act(db, coordinator(cast), time.at), which, packed(problem)).id


def look(database, time, fill_id) -> None:
    """The worker comes by."""
    running.work(database, fill_id, Round(SETTINGS, time.at, DOMAINS))


def made(database, cast, time) -> int:
    """A proposal that was made by a process of its own."""
    fill_id = proposed(database, cast, time)
    look(database, time, fill_id)
    running.CHILDREN[fill_id].process.wait(60)
    look(database, time, fill_id)
    return fill_id


def lines(database, fill_id) -> dict[int, set[int]]:
    """Who is proposed, by shift."""
    with database.reading() as db:
        found: dict[int, set[int]] = {}
        for line in db.scalars(select(FillLine).where(FillLine.fill_id == fill_id)):
            shift_id = db.scalars(
                select(gaps.Slot.shift_id).where(gaps.Slot.id == line.slot_id)
            ).one()
            found.setdefault(shift_id, set()).add(line.person_id)
        return found


def row(database, fill_id) -> Fill:
    with database.reading() as db:
        return db.get_one(Fill, fill_id)


@both
def test_a_proposal_fills_as_much_as_it_can_and_keeps_the_rules(
    database, cast, time, world, no_children
):
    fill_id = made(database, cast, time)
    found = lines(database, fill_id)
    assert set(found) == set(world)
    assert found[world[0]] | found[world[1]] == {cast.ana, cast.bo}
    assert row(database, fill_id).state == FillState.DONE
    assert row(database, fill_id).problem == ""
    assert running.CHILDREN == {}
    with database.reading() as db:  # no one is signed up and no one was told
        assert db.scalars(select(Signup)).all() == []
        assert db.scalars(select(Message)).all() == []


@both
def test_who_was_seen_is_asked_and_signs_up_by_saying_yes(database, cast, time, world, no_children):
    fill_id = made(database, cast, time)
    with database.reading() as db:
        ids = [one.id for one in fills.lines_of(db, db.get_one(Fill, fill_id))]

    def accept(seen: str, some=ids) -> int:
        with database.writing() as db:
            act = Act(db, coordinator(cast), time.at)
            return fills.accept(act, db.get_one(Fill, fill_id), some, ZONE, seen)

    with pytest.raises(Refused):
        accept("", [])
    with pytest.raises(Preview) as preview:
        accept("")
    assert accept(preview.value.seen) == 2
    with database.reading() as db:
        told = db.scalars(select(Message.kind).order_by(Message.kind)).all()
        assert told == ["shift.asked", "shift.asked_several"]  # one message to each
        assert all(one.asked for one in fills.lines_of(db, db.get_one(Fill, fill_id)))
        ask = db.scalars(select(Ask).where(Ask.person_id == cast.bo)).first()
    with database.writing() as db:
        answers.answer("ask", Act(db, build.viewer(cast.bo), time.at), ask.id, "yes")
    with database.reading() as db:
        assert [one.person_id for one in db.scalars(select(Signup))] == [cast.bo]
    with pytest.raises(Refused):  # no one twice
        accept("")


def test_what_changed_since_is_looked_at_anew(database, cast, time, world, no_children):
    fill_id = made(database, cast, time)
    with database.writing() as db:
        taken = [one for one, people in lines(database, fill_id).items() if cast.ana in people]
        other = build.shift(db, cast.desk, starts=NOON - HOUR, hours=8).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, other, staff=True, quiet=True)
    assert taken
    with database.reading() as db:
        found = db.get_one(Fill, fill_id)
        wanted = fills.wanted_of(
            db, coordinator(cast), found, fills.lines_of(db, found), time.at, ZONE
        )
        assert {who for one in wanted for who in one.people} == {cast.bo}


def test_a_worker_that_is_gone_leaves_it_to_the_next_and_twice_is_enough(
    database, cast, time, world, no_children
):
    fill_id = proposed(database, cast, time)
    for tries in (1, 2):
        look(database, time, fill_id)
        assert row(database, fill_id).tries == tries
        running.CHILDREN.pop(fill_id).end()  # the worker was killed
        look(database, time, fill_id)
        assert fill_id not in running.CHILDREN  # perhaps it still runs elsewhere
        time.at += running.LONGEST
    look(database, time, fill_id)
    assert row(database, fill_id).state == FillState.FAILED


def test_one_that_takes_too_long_or_is_stopped_is_ended(database, cast, time, world, no_children):
    for stopped in (True, False):
        fill_id = proposed(database, cast, time)
        look(database, time, fill_id)
        child = running.CHILDREN[fill_id]
        child.process.kill()
        child.process.wait(60)
        running.CHILDREN[fill_id] = running.Child(_sleeper(), child.folder, child.tries)
        if stopped:
            with database.writing() as db:
                fills.stop(Act(db, coordinator(cast), time.at), db.get_one(Fill, fill_id))
        else:
            time.at += running.LONGEST
        look(database, time, fill_id)
        state = FillState.STOPPED if stopped else FillState.FAILED
        assert row(database, fill_id).state == state
        assert running.CHILDREN == {}


def _sleeper():
    import subprocess  # noqa: PLC0415 - only here

    return subprocess.Popen(["/bin/sleep", "60"])


@pytest.mark.parametrize("answer", ["{}", '{"pairs": [[1, 99]], "solver": "x", "gap": 0}'])
def test_an_answer_that_breaks_a_rule_is_no_proposal(
    database, cast, time, world, no_children, answer
):
    fill_id = proposed(database, cast, time)
    look(database, time, fill_id)
    child = running.CHILDREN[fill_id]
    child.process.wait(60)
    path = f"{child.folder.name}/answer.json"
    with open(path, "w") as file:
        file.write(answer)
    look(database, time, fill_id)
    assert row(database, fill_id).state == FillState.FAILED
    assert lines(database, fill_id) == {}


def test_only_one_at_a_time_and_none_without_people(database, cast, time, world, no_children, as_):
    proposed(database, cast, time)
    with pytest.raises(Refused):
        proposed(database, cast, time)
    with database.writing() as db:
        gone = update(Person).where(Person.id.in_((cast.ana, cast.bo)))
        db.execute(gone.values(status="ended"))
        db.execute(update(Fill).values(state=FillState.STOPPED))
    page = as_(cast.cy).post("/fills", until=(NOON + DAY).date().isoformat(), program="").text
    assert "No one who is free and cleared is left" in page


def test_a_program_of_someone_else_is_not_to_be_had(database, cast, time, world, as_):
    with database.writing() as db:
        other = build.program(db, "Night shelter", NOON).id
    page = as_(cast.cy).post("/fills", until=(NOON + DAY).date().isoformat(), program=other).text
    assert "Select a program." in page
    with database.reading() as db:
        assert not db.scalars(select(Fill)).all()


def test_a_run_that_was_taken_over_ends_nothing_and_no_room_stops_no_worker(
    database, cast, time, world, no_children, monkeypatch
):
    fill_id = proposed(database, cast, time)
    with monkeypatch.context() as patch:
        patch.setattr(running, "_start", lambda *_: (_ for _ in ()).throw(OSError("no room")))
        look(database, time, fill_id)
    assert (row(database, fill_id).state, running.CHILDREN) == (FillState.RUNNING, {})
    time.at += running.LONGEST
    look(database, time, fill_id)
    with database.writing() as db:  # another worker claimed it since
        db.get_one(Fill, fill_id).tries = 9
    running.CHILDREN[fill_id].process.wait(60)
    look(database, time, fill_id)
    assert (row(database, fill_id).state, running.CHILDREN) == (FillState.RUNNING, {})


def test_a_slot_that_is_gone_is_left_out(database, cast, time, world, no_children):
    fill_id = proposed(database, cast, time)
    look(database, time, fill_id)
    running.CHILDREN[fill_id].process.wait(60)
    with database.writing() as db:
        pattern_changes.remove_shift(Act(db, OFFICE, time.at), db.get_one(Shift, world[2]), "Snow")
    look(database, time, fill_id)
    assert set(lines(database, fill_id)) == set(world[:2])


def test_the_snapshot_holds_who_is_kept_apart_and_no_names(database, cast, time, world):
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        group = groups.add_group(act, db.get_one(Program, cast.rides), "Home", cast.ana, Keep.APART)
        groups.add_member(act, group, cast.bo)
    fill_id = proposed(database, cast, time)
    with database.reading() as db:
        text = db.get_one(Fill, fill_id).problem
    assert "Ana" not in text
    assert unpacked(text).apart == ((cast.ana, cast.bo, cast.rides),)
    assert json.loads(text)["spots"]


def test_it_is_forgotten_after_two_weeks(database, cast, time, world, no_children):
    fill_id = made(database, cast, time)
    with database.writing() as db:
        assert list(db.scalars(fills.over(time.at + 14 * DAY))) == []
        assert list(db.scalars(fills.over(time.at + 15 * DAY))) == [fill_id]
        fills.forget(Act(db, OFFICE, time.at), fill_id)
    assert lines(database, fill_id) == {}


def test_only_who_asked_for_it_sees_it(database, cast, time, world, no_children, as_):
    fill_id = made(database, cast, time)
    with database.reading() as db, pytest.raises(NotFound):
        fills.own_fill(db, build.viewer(cast.ada, (Role.ADMINISTRATOR, None)), fill_id)
    page = as_(cast.cy).get(f"/fills/{fill_id}").text
    assert "Ana Reyes" in page
    assert "not asked in 30 days" in page
    assert as_(cast.mara).get(f"/fills/{fill_id}").status_code == 404
    cy = as_(cast.cy)
    answer = cy.post(f"/fills/{fill_id}/asks", all="yes")
    assert "2 people get an email" in answer.text
    cy.press(f"/fills/{fill_id}/asks")
    with database.reading() as db:
        assert len(db.scalars(select(Message)).all()) == 2


def test_a_gap_that_stays_open_says_why(database, cast, time, world, no_children, as_):
    with database.writing() as db:
        for start in (0, 1):
            build.shift(db, cast.driver, starts=NOON + start * HOUR / 2, title="More", needed=2)
    fill_id = made(database, cast, time)
    page = as_(cast.cy).get(f"/fills/{fill_id}").text
    assert "proposed for other shifts" in page or "is proposed for another shift" in page
    with database.reading() as db:
        assert db.get_one(Fill, fill_id).state == FillState.DONE
