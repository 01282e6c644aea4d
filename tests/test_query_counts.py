"""V4: what a page asks of the database does not grow with what it shows."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from portal.act import Act
from portal.hours.models import HoursEntry
from portal.people import search
from portal.people.models import Person, Status
from portal.people.traits import Availability, Supervision
from portal.programs.models import Placement, PlacementState, Position, Site
from portal.requirements import trials
from portal.requirements.change_models import Affected
from portal.requirements.evidence_models import Credential
from portal.requirements.models import Requirement
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.training.models import Course, CourseSession, Enrolment
from portal.training.proposal_models import LearningTarget, Proposal
from tests import build
from tests.build import NOON

LIMITS = {
    "/me": 20,
    "/on-call": 7,
    "/board": 5,
    "/board/pages": 4,
    "/schedule?week=2026-12-07": 22,
    "/schedule?week=2026-12-07&view=list": 12,
    "/schedule/now": 6,
    "/gaps": 26,
    "/schedule/revision?week=2026-12-07": 6,
    "/patterns": 6,
    "/attendance": 6,
    "/affected": 6,
    "/reviews": 6,
    "/paperwork/ending": 6,
    "/requirements": 10,
    "/trials": 10,
    "/hours": 6,
    "/reports/hours": 6,
    "/reports/attendance": 6,
    "/closures": 6,
    "/calls": 6,
    "/courses": 6,
    "/courses/targets": 6,
    "/proposals": 6,
    "/training": 6,
    "/imports": 6,
    "/letters/new": 6,
    "/shifts?show=all": 6,
    "/people": 8,
    "/sites": 6,
    "/applications": 8,
    "/opportunities": 6,
    "/postings": 6,
    "/programs": 6,
    "/supervision": 10,
    "/people?drives=yes&weekday=1&starts=10:00&ends=11:00": 8,
    "/people?program=1&served=30&hours_least=1&expires=60&reach=none": 8,
    "/people?col=roles&col=served&col=hours&col=expires&col=address": 11,
    "/people/exits": 4,
    "/letters/new?drives=yes&weekday=1": 6,
}


def fill(database, cast, at, number: int) -> None:
    """So many people, sites, requests, and shifts this week, each with someone on it."""
    with database.writing() as db:
        people = [
            Person(
                name=f"Person {index:04}",
                created_at=at,
                placed_at=at,
                status=Status.ACTIVE,
                phones=[],
            )
            for index in range(number)
        ]
        db.add_all(people)
        db.add_all(Site(name=f"Site {index:04}", translations={}) for index in range(number))
        db.flush()
        search.index(db, people)
        for person in people:
            db.add(
                Placement(
                    person_id=person.id, position_id=cast.driver, program_id=cast.rides,
                    state=PlacementState.ACTIVE, starts_on=at.date(),
                )
            )  # fmt: skip
        for index in range(min(number, 200)):  # by their verbs, so a page or two of each
            build.opportunity(db, cast.desk, at, title=f"Role {index:04}")
            build.application(db, f"Ned Ott{index}", cast.desk, at)
        shifts = [
            Shift(
                program_id=cast.rides, zone="America/New_York", starts_at=NOON + timedelta(seconds=index),
                ends_at=NOON + timedelta(hours=1), closes_at=NOON, withdraw_until=NOON,
                slots=[Slot(position_id=cast.driver, minimum=2, maximum=5, filled=1)],
            )
            for index in range(number)
        ]  # fmt: skip
        db.add_all(shifts)
        db.flush()
        db.add_all(
            Signup(
                slot_id=shift.slots[0].id,
                shift_id=shift.id,
                person_id=person.id,
                state=SignupState.SIGNED_UP,
                since=at,
            )
            for shift, person in zip(shifts, people, strict=True)
        )
        _past(db, cast, people, at)
        _traits(db, cast, people, at)
        _training(db, cast, people, at)
        _papers(db, cast, people, shifts, at)


def _traits(db, cast, people, at) -> None:
    """Each person drives, could come on Tuesdays, and is looked after by the coordinator."""
    for person in people:
        person.drives, person.vehicle_seats = True, 3
        db.add(Availability(person_id=person.id, weekday=1, starts=540, ends=720))
        db.add(
            Supervision(
                person_id=person.id, supervisor_id=cast.cy, program_id=cast.rides, given_at=at,
                first_day=at.date(),
            )
        )  # fmt: skip


def _past(db, cast, people, at) -> None:
    """For each person a shift that is over and not marked, and hours that wait."""
    shifts = [
        Shift(
            program_id=cast.rides, zone="America/New_York", starts_at=at - timedelta(days=2),
            ends_at=at - timedelta(days=1), closes_at=at, withdraw_until=at,
            slots=[Slot(position_id=cast.driver, minimum=2, maximum=5, filled=1)],
        )
        for _ in people
    ]  # fmt: skip
    db.add_all(shifts)
    db.flush()
    for shift, person in zip(shifts, people, strict=True):
        db.add(
            Signup(
                slot_id=shift.slots[0].id, shift_id=shift.id, person_id=person.id,
                state=SignupState.SIGNED_UP, since=at,
            )
        )  # fmt: skip
        db.add(
            HoursEntry(
                person_id=person.id, program_id=cast.rides, position_id=cast.driver, source="own",
                day=at.date() - timedelta(days=30), minutes=60, state="submitted", recorded_at=at,
            )
        )  # fmt: skip


def _papers(db, cast, people, shifts, at) -> None:
    """Each person has a license that ends soon and handed a new one in, is on trial, has something to read,
    and is on a shift they are not cleared for."""
    what = db.scalar(select(Requirement).where(Requirement.name == "License"))
    if what is None:
        what = build.requirement(db, at, name="License", program_id=cast.rides)
        build.rule(db, at, what, position_id=cast.driver)
        trials.configure(Act(db, build.OFFICE, at), db.get_one(Position, cast.driver), 6, 3)
    words = build.requirement(
        db,
        at,
        name=f"Words {people[0].id}",
        kind="agreement",
        program_id=cast.rides,
        validity="none",
    )
    build.rule(db, at, words, position_id=cast.driver)
    signups = dict(db.execute(select(Signup.shift_id, Signup.id)).all())
    for shift, person in zip(shifts, people, strict=True):
        for outcome, days in (("accepted", 20), ("submitted", 10)):
            db.add(
                Credential(
                    person_id=person.id, requirement_id=what.id, outcome=outcome, recorded_at=at,
                    issued_on=at.date(), effective_on=at.date(), expires_on=at.date() + timedelta(days),
                )
            )  # fmt: skip
        db.add(
            Affected(
                kind="shift", source_id=signups[shift.id], person_id=person.id, program_id=cast.rides,
                position_id=cast.driver, cause="rule", day=NOON.date(), found_at=at,
            )
        )  # fmt: skip


def _training(db, cast, people, at) -> None:
    """For each person a session to come with someone in it and no trainer, a pass, what it proposes,
    and a target; of 200 courses at most."""
    courses = [
        Course(
            name=f"Course {at.timestamp()} {people[0].id} {index}", topic="Care", translations={}
        )
        for index in range(min(len(people), 200))
    ]
    db.add_all(courses)
    db.add(LearningTarget(topic=f"Topic {people[0].id}", minutes=60))
    db.flush()
    made = []
    for index, person in enumerate(people):
        of = courses[index % len(courses)].id
        starts = NOON + timedelta(days=7, seconds=index)
        coming = CourseSession(
            course_id=of, online_link="https://a.example.org", capacity=3, zone="America/New_York",
            starts_at=starts, ends_at=starts + timedelta(hours=1),
        )  # fmt: skip
        passed = Enrolment(
            course_id=of, person_id=person.id, state="enrolled", since=at, day=at.date(),
            result="passed", minutes=30,
        )  # fmt: skip
        made.append((person, coming, passed))
    db.add_all(row for _, *rows in made for row in rows)
    db.flush()
    for person, coming, passed in made:
        db.add_all(
            [
                Enrolment(
                    course_id=coming.course_id, session_id=coming.id, person_id=person.id,
                    state="enrolled", since=at, day=coming.starts_at.date(),
                ),
                Proposal(
                    enrolment_id=passed.id, kind="credential", state="needs_confirmation", made_at=at
                ),
            ]
        )  # fmt: skip


def statements(database, browser, path) -> tuple[int, int]:
    """How many statements a page takes, and how long it is."""
    seen = []
    engine = database._reader

    def note(conn, cursor, statement, *rest):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = browser.client.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    return len(seen), len(answer.text)


def test_V4_ten_rows_and_a_thousand_take_the_same_statements(database, cast, time, as_):
    """On PostgreSQL `make soak` counts them."""
    browser = as_(cast.cy)
    fill(database, cast, time.at, 10)
    few = {path: statements(database, browser, path) for path in LIMITS}
    fill_more(database, cast, time)
    many = {path: statements(database, browser, path) for path in LIMITS}
    assert {path: count for path, (count, _) in many.items()} == {
        path: count for path, (count, _) in few.items()
    }
    assert {path: count for path, (count, _) in many.items() if count > LIMITS[path]} == {}
    board = "/schedule?week=2026-12-07"
    assert {
        path: size for path, (_, size) in many.items() if size > 200_000 and path != board
    } == {}
    assert many[board][1] < 500_000  # 500 shifts, and no more


def fill_more(database, cast, time) -> None:
    with database.writing() as db:
        for site in db.query(Site).filter(Site.name.like("Site %")):
            site.name = f"Old {site.name}"
    fill(database, cast, time.at, 990)


@pytest.mark.both_databases
def test_V4_a_shift_page_and_a_roster_do_not_grow_with_their_people(database, cast, time, as_):
    browser = as_(cast.cy)
    with database.writing() as db:
        shift = build.shift(db, cast.driver, places=900).id
        slot = build.slot_of(db, shift)
    counts = {}
    for number in (1, 300):
        with database.writing() as db:
            people = [
                Person(name=f"P {number} {index}", created_at=time.at) for index in range(number)
            ]
            db.add_all(people)
            db.flush()
            db.add_all(
                Signup(
                    slot_id=slot,
                    shift_id=shift,
                    person_id=person.id,
                    state=SignupState.SIGNED_UP,
                    since=time.at,
                )
                for person in people
            )
            db.get_one(Slot, slot).filled += number
        counts[number] = [
            statements(database, browser, path)[0]
            for path in (f"/shifts/{shift}", f"/shifts/{shift}/roster")
        ]
    assert counts[1] == counts[300]
    assert max(counts[300]) <= 14


def test_V4_every_list_is_paged(database, cast, time, as_):
    """On PostgreSQL `make soak` turns the pages."""
    browser = as_(cast.cy)
    fill(database, cast, time.at, 120)
    for path in ("/people", "/schedule?week=2026-12-07&view=list", "/shifts?show=all"):
        seen, to, pages = set(), path, 0
        while to:
            html = browser.get(to).text
            kind = "/people/" if path == "/people" else "/shifts/"
            found = {
                part.split('"')[0]
                for part in re.split(rf'<a\s+(?:class="line"\s+)?href="{kind}', html)[1:]
            }
            found = {one for one in found if one.isdecimal()}
            assert found
            assert not found & seen
            seen |= found
            pages += 1
            more = re.split(r'class="mt-3">\s*<a\s+class="btn btn-quiet" href="', html)
            to = more[1].split('"')[0].replace("&amp;", "&") if len(more) > 1 else ""
        assert len(seen) >= 120
        assert pages == 3
