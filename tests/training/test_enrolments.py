"""Enrolling: every reason at once, places under races, time that is engaged, changes that are told."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.commitments.models import Commitment
from portal.messages.models import Message
from portal.people.models import Person, Status
from portal.shifts import signups
from portal.training import courses, enrolments, results, sessions
from portal.training.facts import facts_of
from portal.training.models import Course, CourseSession, Enrolment, EnrolmentState
from portal.training.obstacles import Kind, enrolment_obstacles
from portal.web.errors import Refused, Stale
from tests import build
from tests.build import NOON
from tests.shifts.test_races import at_once

both = pytest.mark.both_databases


def kinds(refusal) -> list[Kind]:
    return [one.kind for one in refusal.value.reasons]


def told(database) -> Counter:
    with database.reading() as db:
        found = db.execute(select(Message.kind, Message.person_id))
        return Counter((row.kind, row.person_id) for row in found)


@both
def test_somebody_takes_part_and_their_time_is_engaged(database, cast, course, school):
    session = school.session(course)
    number = school.enrol(cast.ana, session)
    assert school.enrol(cast.ana, session) == number  # a second press changes nothing
    with database.reading() as db:
        row = db.scalars(select(Commitment)).one()
        assert (row.person_id, row.kind, row.source_id) == (cast.ana, "training", number)
    assert told(database) == {("training.enrolled", cast.ana): 1}
    school.withdraw(cast.ana, session)
    school.withdraw(cast.ana, session)
    with database.reading() as db:
        assert db.scalars(select(Commitment)).all() == []
    assert school.states(session) == {cast.ana: "withdrawn"}
    school.enrol(cast.ana, session)


@both
def test_every_reason_stands_at_once_each_with_a_remedy(
    database, cast, course, school, changing, time
):
    session = school.session(course, capacity=1)
    school.enrol(cast.ana, session)
    with changing(Person, cast.bo) as (db, bo):
        shift = build.shift(db, cast.driver, starts=NOON + timedelta(hours=1)).id
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
        bo.status = Status.ON_LEAVE
        first = build.course(db, time.at, name="Welcome")
        courses.require_course(Act(db, build.OFFICE, time.at), db.get_one(Course, course), first)
        first_id = first.id
    with pytest.raises(Refused) as refusal:
        school.enrol(cast.bo, session)
    assert kinds(refusal) == [Kind.FULL, Kind.NOT_ACTIVE, Kind.PREREQUISITE, Kind.OVERLAP]
    words = [str(one.words) for one in refusal.value.reasons]
    assert "Complete this training first: Welcome." in words
    assert refusal.value.reasons[2].remedies[0].path == f"/training/courses/{first_id}"
    with database.reading() as db:
        facts = facts_of(db, db.get_one(CourseSession, session), cast.bo, time.at)
        about = [str(one.words) for one in enrolment_obstacles(facts, time.at, staff=True)]
    assert "Bo Tanaka needs to complete this training first: Welcome." in about


@both
def test_a_pass_opens_the_course_that_needs_it(database, cast, course, school, changing, time):
    with changing(Course, course) as (db, row):
        first = build.course(db, time.at, name="Welcome")
        courses.require_course(Act(db, build.OFFICE, time.at), row, first)
        first_id = first.id
    session = school.session(course)
    with pytest.raises(Refused):
        school.enrol(cast.ana, session)
    with changing(Course, first_id) as (db, row):
        ana = db.get_one(Person, cast.ana)
        results.from_paper(
            Act(db, build.OFFICE, time.at, "paper"), row, ana, time.at.date(), "", zone="UTC"
        )
    school.enrol(cast.ana, session)


@both
def test_an_expired_pass_opens_nothing(database, cast, course, school, changing, time):
    with changing(Course, course) as (db, row):
        proof = build.course_proof(db, "Welcome", validity="months", months=1).id
        first = build.course(db, time.at, name="Welcome", requirement_id=proof, confirm="rule")
        courses.require_course(Act(db, build.OFFICE, time.at), row, first)
        ana = db.get_one(Person, cast.ana)
        results.from_paper(
            Act(db, build.OFFICE, time.at, "paper"), first, ana, time.at.date(), "", zone="UTC"
        )
    school.enrol(cast.ana, school.session(course))
    late = school.session(course, starts=NOON + timedelta(days=60))
    with pytest.raises(Refused) as refusal:
        school.enrol(cast.ana, late)
    assert kinds(refusal) == [Kind.PREREQUISITE]


@both
def test_a_session_that_began_is_for_staff_to_fill_in(cast, course, school, time):
    session = school.session(course, starts=time.at - timedelta(hours=1), capacity=1)
    with pytest.raises(Refused) as refusal:
        school.enrol(cast.ana, session)
    assert kinds(refusal) == [Kind.STARTED]
    school.enrol(cast.ana, session, staff=True, asked="in_person")
    school.enrol(cast.bo, session, staff=True)


@both
def test_shifts_and_sessions_overlap(database, cast, course, school, changing, time):
    session = school.session(course)
    school.enrol(cast.ana, session)
    with database.writing() as db:
        shift = build.shift(db, cast.driver).id
    with pytest.raises(Refused), database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)


@both
def test_C1_exactly_k_of_n_racers_get_a_place(database, cast, course, school, time):
    session = school.session(course, capacity=5)
    with database.writing() as db:
        people = [build.person(db, f"Racer {index}", time.at).id for index in range(16)]

    def race(person: int):
        def work() -> str:
            with database.writing() as db:
                enrolments.enrol(Act(db, build.viewer(person), time.at), person, session)
            return "in"

        return work

    found = Counter(
        one if isinstance(one, str) else one.reasons[0].kind.value
        for one in at_once(*(race(person) for person in people))
    )
    assert found == {"in": 5, "full": 11}
    with database.reading() as db:
        enrolled = Enrolment.state == EnrolmentState.ENROLLED
        assert db.scalar(select(func.count()).select_from(Enrolment).where(enrolled)) == 5


@both
def test_C1_one_person_pressing_at_once_is_in_once(database, cast, course, school, time):
    session = school.session(course)

    def work() -> str:
        with database.writing() as db:
            enrolments.enrol(Act(db, build.viewer(cast.ana), time.at), cast.ana, session)
        return "in"

    assert at_once(*[work] * 8) == ["in"] * 8
    with database.reading() as db:
        assert len(db.scalars(select(Enrolment)).all()) == 1


@both
def test_places_follow_the_trainers(database, cast, course, school):
    session = school.session(course, capacity=3, per_trainer=1)
    with pytest.raises(Refused) as refusal:
        school.enrol(cast.ana, session)
    assert kinds(refusal) == [Kind.FULL]
    number = school.trainer(cast.noel, session)
    assert school.trainer(cast.noel, session) == number
    school.enrol(cast.ana, session)
    with pytest.raises(Refused):
        school.enrol(cast.bo, session)
    with pytest.raises(Refused, match="is registered"):
        school.trainer(cast.ana, session)


@both
def test_moving_a_session_moves_its_people_and_tells_them(
    database, cast, course, school, changing, time
):
    session = school.session(course)
    school.enrol(cast.ana, session)
    school.trainer(cast.noel, session)
    later = NOON + timedelta(days=1)
    with changing(CourseSession, session) as (db, row):
        values = sessions.session_values(row) | {
            "starts_at": later, "ends_at": later + timedelta(hours=1)
        }  # fmt: skip
        sessions.edit_session(Act(db, build.OFFICE, time.at), row, values, row.version)
    with database.reading() as db:
        assert set(db.scalars(select(Commitment.starts_at))) == {later}
        assert db.get_one(CourseSession, session).sequence == 1
        assert db.scalars(select(Enrolment.day)).one() == later.date()
    assert told(database)["training.changed", cast.ana] == 1
    assert told(database)["training.teaching", cast.noel] == 2


@both
def test_a_session_does_not_move_onto_what_its_people_have(
    database, cast, course, school, changing, time
):
    session, other = school.session(course), school.session(course, starts=NOON + timedelta(days=1))
    school.enrol(cast.ana, session)
    school.enrol(cast.ana, other)
    with pytest.raises(Refused, match="Ana Reyes"), changing(CourseSession, session) as (db, row):
        moved = {
            "starts_at": NOON + timedelta(days=1),
            "ends_at": NOON + timedelta(days=1, hours=1),
        }
        values = sessions.session_values(row) | moved
        sessions.edit_session(Act(db, build.OFFICE, time.at), row, values, row.version)


@both
def test_C3_a_stale_save_shows_both(changing, course, school, time):
    session = school.session(course)
    with pytest.raises(Stale), changing(CourseSession, session) as (db, row):
        values = sessions.session_values(row)
        sessions.edit_session(Act(db, build.OFFICE, time.at), row, values, row.version - 1)


@both
def test_canceling_frees_everyone_and_tells_them(database, cast, course, school, changing, time):
    session = school.session(course, capacity=1)
    school.enrol(cast.ana, session)
    school.wait(cast.bo, session)
    school.trainer(cast.noel, session)
    for expected in (2, 0):
        with changing(CourseSession, session) as (db, row):
            assert sessions.cancel(Act(db, build.OFFICE, time.at), row, "Snow") == expected
    assert school.states(session) == {cast.ana: "called_off", cast.bo: "called_off"}
    with database.reading() as db:
        assert db.scalars(select(Commitment)).all() == []
    for person in (cast.ana, cast.bo):
        assert told(database)["training.called_off", person] == 1
    assert told(database)["training.not_teaching", cast.noel] == 1


@both
def test_a_circle_of_courses_is_refused(changing, course, time):
    with changing(Course, course) as (db, first):
        second, third = (build.course(db, time.at, name=name) for name in ("B", "C"))
        courses.require_course(Act(db, build.OFFICE, time.at), first, second)
        courses.require_course(Act(db, build.OFFICE, time.at), second, third)
        for one in (third, second, first):
            with pytest.raises(Refused):
                courses.require_course(Act(db, build.OFFICE, time.at), one, first)


def test_a_shift_at_the_time_of_a_course_is_refused_and_says_so(database, cast, time):
    with database.writing() as db:
        course = build.course(db, time.at)
        session = build.session(db, course)
        enrolments.enrol(Act(db, build.viewer(cast.ana), time.at), cast.ana, session.id)
        shift = build.shift(db, cast.driver)
        with pytest.raises(Refused) as refused:
            signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift.id)
    (reason,) = refused.value.reasons
    assert "a training at that time" in str(reason.words)
    assert [one.path for one in reason.remedies] == ["/training", "/shifts"]
