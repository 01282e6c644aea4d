"""After a session: results, what a pass proposes, who confirms it, and quizzes."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.people.models import Person, Status
from portal.permissions import Role
from portal.programs.models import Placement, PlacementState
from portal.requirements import decisions
from portal.requirements.evidence_models import Credential
from portal.requirements.models import Requirement
from portal.training import courses, enrolments, learning, proposals, quizzes, results
from portal.training.certificates import good_until
from portal.training.facts import missing_for
from portal.training.models import Course, CourseSession, Enrolment, Presence, QuizTry, Result
from portal.training.proposal_models import Proposal, ProposalState
from portal.training.results import Mark
from portal.web.errors import Refused
from tests import build
from tests.build import NOON, OFFICE

both = pytest.mark.both_databases
PASSED = Mark(Presence.CAME, Result.PASSED)
NOT_PASSED = Mark(Presence.CAME, Result.FAILED, "Please come again.")


@pytest.fixture
def proof(database, cast) -> int:
    with database.writing() as db:
        return build.course_proof(db, "Safety", validity="months", months=12).id


@pytest.fixture
def over(database, cast, school, proof, time):
    """A session with Ana and Bo that is over; a pass gives a credential. Gives its id."""

    def made(**values) -> int:
        with database.writing() as db:
            given = {"requirement_id": proof, "name": "Safety"} | values
            course = build.course(db, time.at, **given).id
        session = school.session(course)
        school.enrol(cast.ana, session)
        school.enrol(cast.bo, session)
        time.at = NOON + timedelta(hours=3)
        return session

    return made


@pytest.fixture
def mark(database, time):
    """Write down how it went, by person."""

    def write(session: int, by=OFFICE, **how) -> int:
        with database.writing() as db:
            row = db.get_one(CourseSession, session)
            ids = {one.person_id: one.id for one in results.learners_of(db, session)}
            marks = {ids[int(name[1:])]: value for name, value in how.items()}
            return results.mark(Act(db, by, time.at), row, marks)

    return write


def rows(database, table):
    with database.reading() as db:
        return db.scalars(select(table).order_by(table.id)).all()


@both
def test_a_pass_waits_for_a_person_who_confirms_it(database, cast, over, mark, time):
    session = over()
    assert mark(session, **{f"p{cast.ana}": PASSED}) == 1
    assert mark(session, **{f"p{cast.ana}": PASSED}) == 0
    [proposal] = rows(database, Proposal)
    assert (proposal.kind, proposal.state) == ("credential", "needs_confirmation")
    assert rows(database, Credential) == []
    with database.writing() as db:
        cy = build.viewer(cast.cy)
        assert proposals.confirm(
            Act(db, cy, time.at), db.get_one(Proposal, proposal.id), zone="UTC"
        )
    [credential] = rows(database, Credential)
    assert (credential.person_id, credential.source_kind) == (cast.ana, "enrolment")
    assert credential.issued_on == NOON.date()
    assert credential.expires_on == date(2027, 12, 10)
    with pytest.raises(Refused, match="already decided"), database.writing() as db:
        proposals.confirm(Act(db, cy, time.at), db.get_one(Proposal, proposal.id), zone="UTC")


@both
def test_the_rule_carries_it_out_at_once_and_never_twice(database, cast, over, mark, time):
    session = over(confirm="rule", position_id=cast.desk)
    with database.writing() as db:
        db.get_one(Person, cast.bo).status = Status.APPLICANT
    mark(session, **{f"p{cast.bo}": PASSED})
    assert [one.state for one in rows(database, Proposal)] == ["executed", "executed"]
    assert len(rows(database, Credential)) == 1
    with database.reading() as db:
        assert db.get_one(Person, cast.bo).status == Status.ACTIVE
        placed = select(Placement.state).filter_by(person_id=cast.bo, position_id=cast.desk)
        assert db.scalars(placed).one() == PlacementState.ACTIVE
    with database.writing() as db:
        row = db.scalars(select(Enrolment).where(Enrolment.person_id == cast.bo)).one()
        proposals.propose(Act(db, OFFICE, time.at), row, zone="UTC")
    assert len(rows(database, Credential)) == 1
    with pytest.raises(Refused, match="Undo"):
        mark(session, **{f"p{cast.bo}": NOT_PASSED})


@both
def test_nobody_gets_a_role_twice(database, cast, over, mark):
    session = over(confirm="rule", position_id=cast.desk)
    mark(session, **{f"p{cast.ana}": PASSED})  # Ana greets at the desk already
    assert [one.kind for one in rows(database, Proposal)] == ["credential"]


@both
def test_what_is_refused_has_failed_with_its_reason_and_can_be_tried_again(
    database, cast, over, mark, proof, time
):
    session = over(confirm="rule")
    with database.writing() as db:
        db.get_one(Requirement, proof).closed_at = time.at
    mark(session, **{f"p{cast.ana}": PASSED})
    [proposal] = rows(database, Proposal)
    assert proposal.state == ProposalState.FAILED
    assert proposal.reason == "This is no longer required."
    with database.writing() as db:
        db.get_one(Requirement, proof).closed_at = None
        assert proposals.confirm(
            Act(db, OFFICE, time.at), db.get_one(Proposal, proposal.id), zone="UTC"
        )


@both
def test_a_corrected_result_takes_back_what_waits_and_proposes_anew(database, cast, over, mark):
    session = over()
    mark(session, **{f"p{cast.ana}": PASSED})
    mark(session, **{f"p{cast.ana}": NOT_PASSED})
    assert [one.state for one in rows(database, Proposal)] == ["denied"]
    mark(session, **{f"p{cast.ana}": PASSED})
    assert [one.state for one in rows(database, Proposal)] == ["needs_confirmation"]


@both
def test_Z8_nobody_marks_or_confirms_their_own(database, cast, over, mark, time):
    session = over()
    ana = build.viewer(cast.ana)
    with pytest.raises(Refused, match="own"):
        mark(session, ana, **{f"p{cast.ana}": PASSED})
    mark(session, **{f"p{cast.ana}": PASSED})
    confirm = partial(proposals.confirm, zone="UTC")
    for verb, more in ((confirm, ()), (proposals.deny, ("No",))):
        with pytest.raises(Refused, match="own"), database.writing() as db:
            proposal = db.scalars(select(Proposal)).one()
            verb(Act(db, ana, time.at), proposal, *more)
    with pytest.raises(Refused, match="own"), database.writing() as db:
        course = db.scalars(select(Course)).one()
        results.from_paper(
            Act(db, ana, time.at, "paper"),
            course,
            db.get_one(Person, cast.ana),
            NOON.date(),
            "",
            zone="UTC",
        )


@both
def test_only_who_came_has_a_result_and_learning_time(database, cast, over, mark):
    session = over()
    with pytest.raises(Refused, match="attended"):
        mark(session, **{f"p{cast.ana}": Mark(Presence.NO_SHOW, Result.PASSED)})
    mark(session, **{f"p{cast.ana}": NOT_PASSED, f"p{cast.bo}": Mark(Presence.NO_SHOW)})
    assert {row.person_id: row.minutes for row in rows(database, Enrolment)} == {
        cast.ana: 90, cast.bo: 0
    }  # fmt: skip


@both
def test_C3_what_somebody_else_wrote_down_is_not_written_over(database, cast, over, mark, time):
    session = over()
    mark(session, **{f"p{cast.ana}": NOT_PASSED})
    with pytest.raises(Refused, match="since you opened"), database.writing() as db:
        row = db.get_one(CourseSession, session)
        ana = db.scalars(select(Enrolment.id).where(Enrolment.person_id == cast.ana)).one()
        results.mark(Act(db, OFFICE, time.at), row, {ana: PASSED}, shown={ana: ""})


@both
def test_nothing_is_marked_before_it_began(cast, school, course, mark):
    session = school.session(course)
    school.enrol(cast.ana, session)
    with pytest.raises(Refused, match="taken place"):
        mark(session, **{f"p{cast.ana}": PASSED})


@both
def test_the_message_about_a_result_is_neutral(database, cast, over, mark, office, time):
    session = over(name="Anger management")
    mark(session, **{f"p{cast.ana}": NOT_PASSED})
    office.send()
    mail = next(
        one for one in office.box.to("ana@example.org") if "training result" in str(one["Subject"])
    )
    assert "Anger" not in mail.as_string()


@both
def test_who_is_taken_off_afterwards_has_learned_nothing(database, cast, over, mark, time):
    session = over()
    mark(session, **{f"p{cast.ana}": Mark(Presence.CAME)})
    with database.writing() as db:
        row = db.scalars(select(Enrolment).where(Enrolment.person_id == cast.ana)).one()
        enrolments.remove(Act(db, OFFICE, time.at), row, "Add someone who attended")
        assert learning.learned_by(db, cast.ana, 2026) == []


@both
def test_a_pass_whose_paper_was_revoked_is_corrected_and_passed_again(
    database, cast, over, mark, time
):
    session = over(confirm="rule")
    mark(session, **{f"p{cast.ana}": PASSED})
    with database.writing() as db:
        [given] = db.scalars(select(Credential))
        decisions.revoke(Act(db, OFFICE, time.at), given, time.at.date(), "It was Bo")
    mark(session, **{f"p{cast.ana}": NOT_PASSED})
    assert [one.state for one in rows(database, Proposal)] == ["denied"]
    mark(session, **{f"p{cast.ana}": PASSED})
    assert [one.state for one in rows(database, Proposal)] == ["executed"]
    assert [one.outcome for one in rows(database, Credential)] == [
        "accepted",
        "revoked",
        "accepted",
    ]
    with pytest.raises(Refused, match="Undo"):
        mark(session, **{f"p{cast.ana}": NOT_PASSED})


@both
def test_a_revoked_pass_counts_until_the_day_before(database, cast, over, mark, time):
    session = over(confirm="rule")
    mark(session, **{f"p{cast.ana}": PASSED})
    ends = time.at.date() + timedelta(days=30)
    with database.writing() as db:
        [given] = db.scalars(select(Credential))
        decisions.revoke(Act(db, OFFICE, time.at), given, ends, "The course was too short")
        first = db.scalars(select(Course)).one()
        after = build.course(db, time.at, name="Next")
        courses.require_course(Act(db, OFFICE, time.at), after, first)
        enrolment = db.scalars(select(Enrolment).where(Enrolment.person_id == cast.ana)).one()
        assert good_until(db, enrolment) == ends - timedelta(days=1)
        for day, names in ((ends - timedelta(days=1), []), (ends, ["Safety"])):
            assert [one.name for one in missing_for(db, after.id, cast.ana, day)] == names


@both
def test_a_role_begins_when_it_is_given_on_the_local_day(database, cast, over, mark, time):
    session = over(position_id=cast.desk, requirement_id=None)
    mark(session, **{f"p{cast.bo}": PASSED})
    time.at = datetime(2026, 12, 20, 2, tzinfo=UTC)  # the evening of Dec 19 in New York
    with database.writing() as db:
        proposal = db.scalars(select(Proposal)).one()
        assert proposals.confirm(Act(db, OFFICE, time.at), proposal, zone="America/New_York")
        placed = select(Placement.starts_on).filter_by(person_id=cast.bo, position_id=cast.desk)
        assert db.scalars(placed).one() == date(2026, 12, 19)


@pytest.fixture
def quiz(database, cast, proof, time) -> int:
    """A course with three questions, the first answer right each; two of three pass."""
    with database.writing() as db:
        course = build.course(db, time.at, pass_percent=60, requirement_id=proof, confirm="rule")
        for number in range(3):
            courses.add_question(
                Act(db, OFFICE, time.at), course, f"Question {number}", ["A", "B"], 0, {}
            )
        return course.id


@pytest.fixture
def take(database, quiz, time):
    def take(person: int, *choices: int) -> quizzes.Outcome:
        with database.writing() as db:
            ids = [row.id for row in quizzes.questions_of(db, quiz)]
            answers = dict(zip(ids, choices, strict=False))
            course = db.get_one(Course, quiz)
            return quizzes.take_quiz(
                Act(db, build.viewer(person), time.at), course, answers, zone="America/New_York"
            )

    return take


@both
def test_a_quiz_passes_at_its_percentage_and_gives_what_a_session_gives(database, cast, take):
    assert take(cast.ana, 0, 1, 1) == quizzes.Outcome(33, False)
    assert take(cast.ana, 0, 0, 1) == quizzes.Outcome(66, True)
    assert [row.score for row in rows(database, QuizTry)] == [33, 66]
    [enrolment] = rows(database, Enrolment)
    assert (enrolment.session_id, enrolment.result, enrolment.minutes) == (None, "passed", 90)
    assert len(rows(database, Credential)) == 1
    with pytest.raises(Refused, match="already"):
        take(cast.ana, 0, 0, 0)


@both
def test_a_quiz_wants_every_answer_and_allows_five_tries_a_day(cast, take, time):
    with pytest.raises(quizzes.Unanswered) as refusal:
        take(cast.ana, 0, 0)
    assert len(refusal.value.questions) == 1
    for _ in range(5):
        take(cast.ana, 1, 1, 1)
    with pytest.raises(Refused, match="tomorrow"):
        take(cast.ana, 0, 0, 0)
    time.move(hours=25)
    assert take(cast.ana, 0, 0, 0).passed


@both
def test_learning_time_is_added_up_by_topic_and_year_against_targets(
    database, cast, over, mark, time
):
    session = over()
    mark(session, **{f"p{cast.ana}": PASSED})
    with database.writing() as db:
        learning.add_target(Act(db, OFFICE, time.at), "Safety", 480, None, None)
        learning.add_target(Act(db, OFFICE, time.at), "Safety", 600, cast.rides, None)
        learning.add_target(Act(db, OFFICE, time.at), "Care", 60, None, cast.host)
        with pytest.raises(Refused):
            learning.add_target(Act(db, OFFICE, time.at), "Safety", 9, None, None)
        with pytest.raises(Refused):
            learning.add_target(Act(db, OFFICE, time.at), "Safety", 9, cast.rides, cast.host)
    with database.reading() as db:
        assert learning.learned_by(db, cast.ana, 2026) == [learning.Learned("Safety", 90, 600)]
        assert learning.learned_by(db, cast.ana, 2027) == [learning.Learned("Safety", 0, 600)]
        assert learning.learned_by(db, cast.hana, 2026) == [
            learning.Learned("Care", 0, 60), learning.Learned("Safety", 0, 480)
        ]  # fmt: skip


@both
def test_a_pass_from_paper_is_marked_so_and_stands_once(database, cast, course, time):
    for expected in ("", "already"):
        with database.writing() as db:
            of, bo = db.get_one(Course, course), db.get_one(Person, cast.bo)
            act = Act(db, OFFICE, time.at, "paper")
            how = (act, of, bo, date(2026, 11, 20), "At the fair")
            if expected:
                with pytest.raises(Refused):
                    results.from_paper(*how, zone="UTC")
            else:
                results.from_paper(*how, zone="UTC")
    [row] = rows(database, Enrolment)
    assert (row.asked, row.result, row.note) == ("paper", "passed", "At the fair")


@both
def test_a_trainer_cannot_give_a_role_by_a_course(database, cast, time):
    trainer = build.viewer(cast.sol, (Role.TRAINER, cast.rides))
    with database.writing() as db:
        values = build.COURSE | {"program_id": cast.rides, "position_id": cast.desk}
        with pytest.raises(Refused) as refusal:
            courses.add_course(Act(db, trainer, time.at), values)
        assert "position_id" in refusal.value.fields
        courses.add_course(Act(db, trainer, time.at), values | {"position_id": None})


def test_Z8_a_trainer_who_takes_their_own_courses_quiz_waits_for_somebody_else(
    database, cast, time
):
    with database.writing() as db:
        proof = build.course_proof(db, "Safety", validity="months", months=12).id
        course = build.course(db, time.at, requirement_id=proof, confirm="rule", pass_percent=50)
        question = courses.add_question(
            Act(db, build.OFFICE, time.at), course, "Person", ["We", "They"], 0, {}
        )
        db.flush()
        course_id, answers = course.id, {question.id: 0}
    for person, roles, state in (
        (cast.cy, ((Role.COORDINATOR, cast.rides),), "needs_confirmation"),
        (cast.ana, (), "executed"),
    ):
        with database.writing() as db:
            by = build.viewer(person, *roles)
            quizzes.take_quiz(
                Act(db, by, time.at), db.get_one(Course, course_id), answers, zone="UTC"
            )
            made = db.scalars(
                select(Proposal).join(Enrolment, Enrolment.id == Proposal.enrolment_id)
                .where(Enrolment.person_id == person)
            ).one()  # fmt: skip
            assert made.state == state


def test_a_pass_gives_no_role_before_what_the_role_asks_first(database, cast, time):
    with database.writing() as db:
        talk = build.requirement(
            db, time.at, kind="interview", name="Presentation", validity="none"
        )
        build.rule(db, time.at, talk, position_id=cast.driver, stage="apply")
        course = build.course(
            db, time.at, position_id=cast.driver, confirm="rule", program_id=cast.rides
        )
        sol = db.get_one(Person, cast.sol)
        results.from_paper(
            Act(db, build.OFFICE, time.at, "paper"), course, sol, time.at.date(), "", zone="UTC"
        )
        made = db.scalars(select(Proposal)).one()
        assert made.state == "failed"
        assert "Presentation" in made.reason
