"""Each condition of the queries about rights, asked with a row that only just meets it (tests/near.py)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.hours import ledger, own_hours, sheets, story
from portal.hours.ledger import Which
from portal.hours.models import HoursEntry, HoursQuestion, HoursState
from portal.messages.models import Message
from portal.outreach import scopes as outreach
from portal.outreach.talk_models import OfferState, SpeakerOffer, SpeakerTopic
from portal.people.models import Membership, Person, Status
from portal.permissions import Role, Viewer
from portal.programs import placements, scopes
from portal.programs.application_models import Application, ApplicationState, DeclineReason
from portal.programs.models import (
    Placement,
    PlacementState,
    Position,
    Program,
    Site,
    Visibility,
)
from portal.recruitment import review
from portal.requirements import scopes as requirements
from portal.requirements.evidence_models import Credential, Outcome, Waiver
from portal.requirements.models import Requirement, Verifier
from portal.training import scopes as training
from portal.training.models import Course, Enrolment, EnrolmentState, SessionTrainer
from portal.training.proposal_models import Proposal, ProposalKind, ProposalState
from portal.web.errors import Refused
from tests import build
from tests.conftest import NOW
from tests.near import found_also, found_unless, holds_also, holds_unless, reads_after

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 12, 1)
BEFORE, AFTER = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def ids(db, scope):
    """What a scope gives, asked anew each time."""
    entity = scope.column_descriptions[0]["entity"]
    return lambda: set(db.scalars(scope.with_only_columns(entity.id).order_by(None)))


def staff(person_id: int, role: Role, program: int | None) -> Viewer:
    return Viewer(person_id=person_id, memberships=frozenset({(role, program)}), today=TODAY)


def coordinator(cast) -> Viewer:
    """Cy, who coordinates Rides."""
    return staff(cast.cy, Role.COORDINATOR, cast.rides)


def placement(db, person_id: int, position_id: int) -> Placement:
    one = select(Placement).filter_by(person_id=person_id, position_id=position_id)
    return db.scalars(one).one()


class TestPlacements:
    """Bo drives from January 1, 2026 on."""

    def test_a_role_on_a_day(self, database, cast):
        with database.writing() as db:
            row = placement(db, cast.bo, cast.driver)

            def has():
                return placements.has_role(db, cast.bo, cast.driver, TODAY)

            holds_unless(
                db, has, row, person_id=cast.sol, position_id=cast.desk, starts_on=AFTER,
                ends_on=BEFORE,
            )  # fmt: skip
            holds_also(db, has, row, starts_on=TODAY, ends_on=[TODAY, AFTER], state="ended")

    @pytest.mark.parametrize("day", [TODAY, None])
    def test_A9_a_right_over_a_person_on_a_day(self, database, cast, day):
        with database.writing() as db:
            row = placement(db, cast.bo, cast.driver)
            row.ends_on = TODAY

            counts = ids(db, select(Placement).where(placements.counts_on(day)))
            found_also(db, counts, row, state=["active", "ended"])
            row.state = "ended"
            found_unless(db, counts, row, ends_on=[BEFORE, None])

    def test_one_of_the_programs_of_somebody(self, database, cast):
        with database.writing() as db:
            row = placement(db, cast.wes, cast.greeter)

            def given():
                return placements.a_program_of(db, cast.wes) == cast.testing

            holds_unless(db, given, row, person_id=cast.sol, state="ended")
            build.place(db, cast.wes, cast.driver, NOW)
            over = placement(db, cast.wes, cast.driver)
            over.state, over.ends_on = PlacementState.ENDED, BEFORE
            placements.end_all_of(Act(db, build.OFFICE, NOW), cast.wes, TODAY, "was moved")
            assert (row.state, row.ends_on, row.reason) == ("ended", TODAY, "was moved")
            assert (over.ends_on, over.reason) == (BEFORE, "")
            assert placement(db, cast.bo, cast.driver).state == "active"

    def test_the_program_somebody_applies_to_may_call_them(self, database, cast):
        with database.writing() as db:
            row = build.application(db, cast.sol, cast.driver, NOW)

            def given():
                return placements.a_program_of(db, cast.sol) == cast.rides

            holds_unless(db, given, row, person_id=cast.ana, state="withdrawn")
            holds_also(db, given, row, state=["in_review", "accepted"])

    def test_a_role_that_had_not_begun_ends_on_its_first_day(self, database, cast):
        with database.writing() as db:
            row = placement(db, cast.wes, cast.greeter)
            row.starts_on = AFTER
            placements.end_all_of(Act(db, build.OFFICE, NOW), cast.wes, TODAY, "")
            assert row.ends_on == AFTER

    def test_what_was_asked_and_decided_is_written_at_once(self, database, cast):
        with database.writing() as db:
            act = Act(db, build.OFFICE, NOW)
            asked = build.application(db, cast.sol, cast.driver, NOW)
            assert asked.id
            review.start_review(act, asked, None, build.SETTINGS)
            person, role = db.get_one(Person, cast.sol), db.get_one(Position, cast.driver)
            made = placements.place(act, person, role, TODAY)
            state = select(Placement.state).where(Placement.id == made.id)
            assert db.connection().execute(state).scalar_one() == PlacementState.ACTIVE
            state = select(Application.state).where(Application.id == asked.id)
            assert db.connection().execute(state).scalar_one() == ApplicationState.PLACED
            assert placements.covers(made, TODAY)
            assert not placements.covers(made, BEFORE)
            made.ends_on = TODAY
            assert placements.covers(made, TODAY)
            assert not placements.covers(made, AFTER)

    def test_whoever_was_declined_may_apply_again(self, database, cast):
        with database.writing() as db:
            first = build.application(db, cast.sol, cast.driver, NOW)
            with pytest.raises(Refused, match="already applied"):
                build.application(db, cast.sol, cast.driver, NOW)
            act = Act(db, build.OFFICE, NOW)
            review.start_review(act, first, None, build.SETTINGS)
            review.decline(act, first, DeclineReason.TIMES, "")
            assert build.application(db, cast.sol, cast.driver, NOW) is not first

    def test_who_ended_gets_no_role_and_closed_programs_give_none(self, database, cast):
        with database.writing() as db:
            act, sol = Act(db, build.OFFICE, NOW), db.get_one(Person, cast.sol)
            role = db.get_one(Position, cast.driver)
            sol.status = Status.ENDED
            with pytest.raises(Refused, match="inactive"):
                placements.place(act, sol, role, TODAY)
            sol.status = Status.PROSPECT
            role.program.closed_at = NOW
            with pytest.raises(Refused, match="new volunteers"):
                placements.place(act, sol, role, TODAY)
            role.program.closed_at = None
            placements.place(act, sol, role, TODAY)
            assert sol.status == Status.ACTIVE
            ana = db.get_one(Person, cast.ana)
            ana.status = Status.ON_LEAVE
            placements.place(act, ana, db.get_one(Position, cast.greeter), TODAY)
            assert ana.status == Status.ON_LEAVE

    def test_one_without_a_first_day_ends_on_the_last(self, database, cast):
        with database.writing() as db:
            row = placement(db, cast.wes, cast.greeter)
            row.starts_on = None
            placements.end_all_of(Act(db, build.OFFICE, NOW), cast.wes, TODAY, "")
            assert row.ends_on == TODAY

    def test_a_role_may_end_on_its_first_day(self, database, cast):
        with database.writing() as db:
            row = placement(db, cast.wes, cast.greeter)
            placements.end_placement(Act(db, build.OFFICE, NOW), row, row.starts_on, "")
            assert row.ends_on == row.starts_on


class TestPeople:
    def test_Z2_whom_a_coordinator_sees_and_manages(self, database, cast):
        with database.writing() as db:
            row = placement(db, cast.bo, cast.driver)
            bo = db.get_one(Person, cast.bo)
            cy = coordinator(cast)
            seen = ids(db, scopes.visible_people(cy))
            placeable = ids(db, scopes.placeable_people(cy))
            managed = ids(db, scopes.managed_people(cy))

            def sees(rows):
                return lambda: cast.bo in rows()

            elsewhere = {"program_id": cast.testing, "person_id": cast.sol}
            for found in (seen, placeable, managed):
                holds_unless(db, sees(found), row, state="ended", **elsewhere)
            row.state, row.ends_on, row.decided_at = "ended", BEFORE, NOW
            db.flush()
            assert not {*seen(), *placeable(), *managed()} & {cast.bo}
            former = Viewer(cast.cy, memberships=cy.memberships, today=TODAY, former_since=NOW)
            remembered = ids(db, scopes.visible_people(former))
            holds_unless(db, sees(remembered), row, decided_at=NOW - timedelta(seconds=1))
            assert cast.bo not in ids(db, scopes.managed_people(former))()
            bo.placed_at = None
            db.flush()
            assert cast.bo in seen() & placeable() & managed()  # the pool

    def test_A9_whom_an_application_shows_and_to_whom(self, database, cast):
        """It lets its program see and place a person, never change them."""
        with database.writing() as db:
            row = build.application(db, cast.sol, cast.driver, NOW)
            cy = coordinator(cast)
            seen = ids(db, scopes.visible_people(cy))
            placeable = ids(db, scopes.placeable_people(cy))
            elsewhere = {"program_id": cast.testing, "person_id": cast.ana}
            over = "withdrawn"
            for found in (seen, placeable):
                sees = lambda found=found: cast.sol in found()  # noqa: E731
                holds_unless(db, sees, row, state=over, **elsewhere)
                holds_also(db, sees, row, state=["in_review", "accepted"])
            assert cast.sol not in ids(db, scopes.managed_people(cy))()
            row.state, row.decided_at = "withdrawn", NOW
            db.flush()
            former = Viewer(cast.cy, memberships=cy.memberships, today=TODAY, former_since=NOW)
            remembered = ids(db, scopes.visible_people(former))
            sees = lambda: cast.sol in remembered()  # noqa: E731
            holds_unless(db, sees, row, decided_at=NOW - timedelta(seconds=1), **elsewhere)

    def test_Z4_who_is_staff(self, database, cast):
        with database.writing() as db:
            row = db.scalars(select(Membership).filter_by(person_id=cast.noel)).one()

            def is_staff():
                return cast.noel in ids(db, select(Person).where(scopes.is_staff()))()

            holds_unless(db, is_staff, row, until=NOW, person_id=cast.sol)

    def test_who_is_in_the_pool(self, database, cast):
        with database.writing() as db:
            row = db.get_one(Person, cast.sol)
            found_unless(db, ids(db, select(Person).where(scopes.pool())), row, placed_at=NOW)

    def test_the_list_of_people(self, database, cast):
        with database.writing() as db:
            sol = db.get_one(Person, cast.sol)

            def listed(which, query="", viewer=build.OFFICE):
                return ids(db, scopes.listed_people(viewer, query, which))

            found_unless(db, listed(""), sol, status=Status.ENDED)
            found_unless(db, listed("new"), sol, status=Status.ENDED, placed_at=NOW)
            sol.status = Status.ENDED
            found_unless(db, listed("ended"), sol, status=[Status.ACTIVE, Status.ON_LEAVE])
            assert listed("ended", "Vance")() == {cast.sol}
            assert listed("ended", "Tanaka")() == set()

    def test_who_has_a_page_one_may_open(self, database, cast):
        everybody = [cast.ana, cast.bo, cast.wes, cast.sol]
        with database.reading() as db:
            seen = {cast.ana, cast.bo, cast.sol}
            assert scopes.openable(db, coordinator(cast), everybody) == seen
            assert scopes.openable(db, coordinator(cast), [cast.bo]) == {cast.bo}
            trainer = staff(cast.cy, Role.TRAINER, cast.rides)
            assert scopes.openable(db, trainer, everybody) == frozenset()

    def test_sites_and_roles_of_ones_programs(self, database, cast):
        with database.writing() as db:
            cy, mara = coordinator(cast), staff(cast.mara, Role.COORDINATOR, cast.shelter)
            assert ids(db, scopes.usable_sites(cy))() == {cast.office}
            assert ids(db, scopes.usable_sites(mara))() == {cast.office, cast.house}
            assert ids(db, scopes.managed_sites(cy))() == set()
            assert ids(db, scopes.managed_sites(mara))() == {cast.house}
            house = db.get_one(Site, cast.house)
            found_unless(db, ids(db, scopes.managed_sites(mara)), house, program_id=cast.rides)
            assert ids(db, scopes.managed_positions(mara))() == {cast.host}
            assert ids(db, scopes.managed_programs(mara))() == {cast.shelter}

    @pytest.mark.populated
    def test_the_list_of_calls(self, database, cast):
        with database.writing() as db:
            row = Message(
                kind="signup.removed", person_id=cast.bo, program_id=cast.rides, mail_id="near",
                subject_kind="signup", subject_id=1, channel="call", created_at=NOW, next_at=NOW,
                actor_id=cast.ada,
            )  # fmt: skip
            db.add(row)
            calls = ids(db, scopes.call_list(coordinator(cast)))
            found_unless(
                db, calls, row, state="sent", channel="mail", person_id=None,
                program_id=[cast.testing, None],
            )  # fmt: skip
            found_also(db, calls, row, kind=["outreach.asked", "training.moved"])
            row.kind = "outreach.asked"
            clerk = staff(cast.sol, Role.OUTREACH_CLERK, cast.rides)
            found_unless(
                db, ids(db, scopes.call_list(clerk)), row, program_id=cast.testing,
                kind=["training.moved", "signup.removed"],
            )  # fmt: skip
            row.program_id, row.actor_id = cast.testing, cast.cy
            db.flush()
            assert row.id not in calls()  # what Cy did, of a program whose name would tell
            testing = db.get_one(Program, cast.testing)
            testing.visibility = Visibility.PUBLIC
            found_also(db, calls, row, program_id=[None, cast.rides])
            found_unless(db, calls, row, program_id=cast.shelter, actor_id=cast.ada)
            row.program_id = cast.shelter
            testing.visibility, testing.public_label = Visibility.LABEL, "Wellness"
            trainer = staff(cast.cy, Role.TRAINER, cast.shelter)  # staff there, who makes no calls
            found_unless(db, ids(db, scopes.call_list(trainer)), row, program_id=cast.testing)


class TestHours:
    def entry(self, db, cast, **values) -> HoursEntry:
        given = {
            "person_id": cast.bo, "program_id": cast.rides, "position_id": cast.driver,
            "day": TODAY, "minutes": 90, "state": HoursState.SUBMITTED, "source": "own",
            "recorded_at": NOW, "starts_at": NOW, "ends_at": NOW + timedelta(hours=2),
        } | values  # fmt: skip
        row = HoursEntry(**given)
        db.add(row)
        db.flush()
        return row

    def test_what_can_be_approved(self, database, cast):
        with database.writing() as db:
            row, cy = self.entry(db, cast), coordinator(cast)
            which = Which(cast.rides, "Tanaka", TODAY, cast.bo)
            found_unless(
                db, ids(db, ledger.waiting(cy, which)), row, program_id=cast.testing,
                person_id=[cast.cy, cast.ana], day=AFTER,
                state=["approved", "draft", "void", "disputed"],
            )  # fmt: skip
            found_unless(db, ids(db, ledger.waiting(cy, Which())), row, person_id=cast.cy)
            named = ids(db, ledger.waiting(cy, Which(query="Tanaka")))
            found_unless(db, named, row, person_id=cast.ana)
            past = lambda: {one.id for one in ledger.past(db, cy, Which(), "").rows}  # noqa: E731
            found_unless(db, past, row, state=["void", "draft"], program_id=cast.testing)
            found_also(db, past, row, person_id=cast.cy, state=["approved", "disputed"])

    def test_the_same_time_twice(self, database, cast):
        with database.writing() as db:
            row, other = self.entry(db, cast), self.entry(db, cast, source="shift")
            ends = row.ends_at

            def clashes():
                found = ledger.queue(db, coordinator(cast), Which(), "").rows
                return {one.id: one.clashes for one in found}[row.id]

            holds_unless(
                db, clashes, other, person_id=cast.ana, day=BEFORE,
                state=["void", "draft"], starts_at=[ends, ends + timedelta(hours=1)],
                ends_at=[NOW, NOW - timedelta(hours=1)],
            )  # fmt: skip
            holds_also(
                db, clashes, other, state=["approved", "disputed"],
                starts_at=ends - timedelta(minutes=1),
            )  # fmt: skip
            sums = ledger.waiting_sum(db, coordinator(cast), Which())
            assert (sums.clashing, sums.number, sums.minutes, sums.upto) == (2, 2, 180, other.id)
            upto = ledger.waiting_ids(db, coordinator(cast), Which(), other.id)
            assert list(upto) == []
            other.state = HoursState.VOID
            db.flush()
            assert list(ledger.waiting_ids(db, coordinator(cast), Which(), row.id)) == [row.id]
            assert list(ledger.waiting_ids(db, coordinator(cast), Which(), row.id - 1)) == []

    def test_nothing_waits(self, database, cast):
        with database.reading() as db:
            sums = ledger.waiting_sum(db, coordinator(cast), Which())
            assert tuple(sums) == (0, 0, 0, 0)
            assert own_hours.own_sum(db, build.viewer(cast.bo), BEFORE, AFTER) == (0, 0)

    def test_ones_own_month(self, database, cast):
        with database.writing() as db:
            row, bo = self.entry(db, cast, state=HoursState.APPROVED), build.viewer(cast.bo)

            def month():
                return {one.id for one in own_hours.month_of(db, bo, TODAY, TODAY)}

            found_unless(db, month, row, person_id=cast.ana, day=[BEFORE, AFTER], state="void")
            self.entry(db, cast, minutes=7, state=HoursState.SUBMITTED)
            self.entry(db, cast, minutes=1, state=HoursState.DRAFT)
            self.entry(db, cast, minutes=2, state=HoursState.VOID)
            self.entry(db, cast, minutes=4, state=HoursState.APPROVED, day=BEFORE)
            self.entry(db, cast, minutes=4, state=HoursState.SUBMITTED, day=AFTER)
            assert own_hours.own_sum(db, bo, TODAY, TODAY) == (90, 7)

    def test_questions(self, database, cast):
        with database.writing() as db:
            row = self.entry(db, cast)
            asked = HoursQuestion(entry_id=row.id, words="Reason", asked_at=NOW)
            db.add(asked)
            other = self.entry(db, cast, minutes=5)
            cy = coordinator(cast)
            open_ones = lambda: {one.question_id for one in ledger.questions(db, cy)}  # noqa: E731
            found_unless(db, open_ones, asked, answered_at=NOW)
            holds_unless(db, open_ones, row, program_id=cast.testing, person_id=cast.cy)
            assert set(own_hours.questions_of(db, [row.id])) == {row.id}
            assert own_hours.questions_of(db, [other.id]) == {}

    def test_what_an_entry_was_before(self, database, cast):
        with database.writing() as db:
            first = self.entry(db, cast, state=HoursState.VOID, reason="Typed wrong")
            second = self.entry(
                db, cast, minutes=60, state=HoursState.VOID, corrects_id=first.id,
                recorded_by_id=cast.cy,
            )  # fmt: skip
            third = self.entry(db, cast, minutes=75, corrects_id=second.id, recorded_by_id=cast.bo)
            other = self.entry(db, cast, minutes=5, state=HoursState.VOID)
            self.entry(db, cast, minutes=6, corrects_id=other.id)
            bo = build.viewer(cast.bo)
            before = own_hours.before_of(db, bo, TODAY, TODAY)
            told = [(one.minutes, one.reason, one.changed_by) for one in before[third.id]]
            assert told == [(90, "Typed wrong", "Cy Ortega"), (60, "", "Bo Tanaka")]
            assert len(before) == 2
            assert own_hours.before_of(db, build.viewer(cast.ana), TODAY, TODAY) == {}
            assert own_hours.before_of(db, bo, AFTER, AFTER) == {}
            assert own_hours.before_of(db, bo, BEFORE, BEFORE) == {}
            third.state, third.approved_by_id = HoursState.APPROVED, cast.ada
            db.flush()
            for one in (first, second, third):
                told = story.story(db, coordinator(cast), one)
                assert [line.id for line in told] == [first.id, second.id, third.id]
            assert [(line.recorded_by, line.approved_by) for line in told] == [
                (None, None), ("Cy Ortega", None), ("Bo Tanaka", "Ada Novak"),
            ]  # fmt: skip
            foreign = staff(cast.noel, Role.COORDINATOR, cast.testing)
            assert story.story(db, foreign, third) == []

    def test_the_roles_one_may_report_for(self, database, cast):
        with database.writing() as db:
            row = placement(db, cast.wes, cast.greeter)
            row.ends_on = TODAY
            build.place(db, cast.sol, cast.driver, NOW)

            def places():
                found = own_hours.places_of(db, cast.wes, TODAY)
                return {(one.id, one.program) for one in found}

            reads_after(
                db, places, set(), row, person_id=cast.hana, ends_on=BEFORE,
            )  # fmt: skip
            there = lambda: places() == {(cast.greeter, "HIV Testing")}  # noqa: E731
            holds_also(db, there, row, ends_on=[None, AFTER], state="ended")

    def test_the_rows_of_a_sheet(self, database, cast):
        with database.writing() as db:
            row = placement(db, cast.wes, cast.greeter)
            row.starts_on = row.ends_on = TODAY

            def rows(query=""):
                found = sheets.people_with(db, cast.greeter, TODAY, TODAY, query)
                return [(one.id, one.name) for one in found]

            reads_after(
                db, rows, [], row, position_id=cast.host, person_id=[], starts_on=AFTER,
                ends_on=BEFORE,
            )  # fmt: skip
            wes = [(cast.wes, "Wes Lund")]
            holds_also(db, lambda: rows() == wes, row, starts_on=BEFORE, ends_on=[AFTER, None])
            assert rows("Lund") == wes
            assert rows("Tanaka") == []

    def test_the_minutes_of_a_sheet(self, database, cast):
        with database.writing() as db:
            row = self.entry(db, cast, state=HoursState.APPROVED)
            self.entry(db, cast, minutes=10)

            def minutes():
                return sheets.on_sheet(db, cast.driver, [cast.bo], TODAY, TODAY)

            reads_after(
                db, minutes, {(cast.bo, TODAY): 10}, row, position_id=cast.desk,
                person_id=cast.ana, day=[BEFORE, AFTER], state=["void", "draft"],
            )  # fmt: skip
            both = lambda: minutes() == {(cast.bo, TODAY): 100}  # noqa: E731
            holds_also(db, both, row, state=["submitted", "disputed"])

    def test_pages_follow_each_other(self, database, cast, monkeypatch):
        for name in ("QUEUE", "PAST"):
            monkeypatch.setattr(ledger, name, replace(getattr(ledger, name), size=2))
        with database.writing() as db:
            made = [self.entry(db, cast, day=day).id for day in (BEFORE, BEFORE, TODAY, AFTER)]
            cy = coordinator(cast)
            for read, expected in ((ledger.queue, made), (ledger.past, made[::-1])):
                page = read(db, cy, Which(), "")
                seen = [one.id for one in page.rows]
                following = read(db, cy, Which(), page.next)
                assert [*seen, *(one.id for one in following.rows)] == expected
                assert not following.next


class TestTraining:
    def test_courses_one_manages_and_may_know_of(self, database, cast):
        with database.writing() as db:
            row = build.course(db, NOW, program_id=cast.testing)
            noel = staff(cast.noel, Role.COORDINATOR, cast.testing)
            found_unless(db, ids(db, training.managed_courses(noel)), row, program_id=cast.rides)
            found_also(db, ids(db, training.managed_courses(noel)), row, program_id=None)
            row.program_id = None
            screener = staff(cast.sol, Role.SCREENER, cast.rides)
            db.flush()
            assert ids(db, training.managed_courses(screener))() == set()
            written = ids(db, select(Course).where(training.written_by(noel)))
            row.program_id = cast.testing
            found_unless(db, written, row, program_id=[None, cast.rides])
            assert ids(db, training.managed_programs(noel))() == {cast.testing}
            wes = build.viewer(cast.wes)
            seen = ids(db, training.visible_courses(wes))
            found_unless(db, seen, row, program_id=cast.shelter)
            found_also(db, seen, row, program_id=[None, cast.rides])
            role = placement(db, cast.wes, cast.greeter)
            sees = lambda: row.id in seen()  # noqa: E731
            holds_unless(db, sees, role, person_id=cast.sol, program_id=cast.shelter, state="ended")
            sol = ids(db, training.visible_courses(staff(cast.sol, Role.SUPERVISOR, cast.testing)))
            found_unless(db, sol, row, program_id=cast.shelter)

    def test_sessions_one_may_know_of(self, database, cast):
        with database.writing() as db:
            of = build.course(db, NOW, program_id=cast.shelter)
            row = build.session(db, of)
            other = build.session(db, of, starts=build.NOON + timedelta(days=1))
            seen = ids(db, training.visible_sessions(build.viewer(cast.bo)))
            assert seen() == set()
            takes = Enrolment(
                course_id=of.id, session_id=row.id, person_id=cast.bo, since=NOW, day=TODAY,
                state=EnrolmentState.ENROLLED,
            )  # fmt: skip
            db.add(takes)
            sees = lambda: row.id in seen() and other.id not in seen()  # noqa: E731
            holds_unless(
                db, sees, takes, person_id=cast.ana, session_id=other.id,
                state=[EnrolmentState.WITHDRAWN, EnrolmentState.REMOVED],
            )  # fmt: skip
            db.delete(takes)
            gives = SessionTrainer(session_id=row.id, person_id=cast.bo)
            db.add(gives)
            holds_unless(db, sees, gives, person_id=cast.ana, session_id=other.id, ended_at=NOW)
            mara = staff(cast.mara, Role.COORDINATOR, cast.shelter)
            assert ids(db, training.managed_sessions(mara))() == {row.id, other.id}
            assert ids(db, training.managed_sessions(coordinator(cast)))() == set()

    def test_whom_one_may_enrol_and_let_train(self, database, cast):
        with database.writing() as db:
            tess = staff(cast.cy, Role.TRAINER, cast.rides)
            teachable = ids(db, training.teachable_people(tess))
            assert teachable() == {cast.ana, cast.bo, cast.sol, cast.cy}
            row = placement(db, cast.wes, cast.greeter)
            assert cast.wes not in teachable()
            row.program_id = cast.rides
            db.flush()
            assert cast.wes in teachable()
            row.program_id = cast.testing
            trainers = ids(db, training.possible_trainers(tess))
            colleague = db.scalars(select(Membership).filter_by(person_id=cast.noel)).one()
            colleague.program_id = cast.rides
            db.get_one(Person, cast.noel).placed_at = NOW  # not in the pool without the role
            found = lambda: cast.noel in trainers()  # noqa: E731
            holds_unless(
                db, found, colleague, program_id=cast.testing, until=NOW,
                role=[Role.SCREENER, Role.PRESENTER, Role.OUTREACH_CLERK],
            )  # fmt: skip
            holds_also(db, found, colleague, role=Role.TRAINER)
            colleague.role = Role.TRAINER
            holds_also(db, found, colleague, program_id=None)
            assert {cast.bo, cast.sol} <= trainers()

    def test_certificates_and_proposals(self, database, cast):
        with database.writing() as db:
            of = build.course(db, NOW, program_id=cast.testing)
            foreign = build.course(db, NOW, name="Other", program_id=cast.shelter)
            row = Enrolment(
                course_id=of.id, person_id=cast.wes, since=NOW, day=TODAY, result="passed",
                state=EnrolmentState.ENROLLED,
            )  # fmt: skip
            db.add(row)
            noel = staff(cast.noel, Role.COORDINATOR, cast.testing)
            managed = ids(db, training.visible_certificates(noel))
            found_unless(db, managed, row, result=["failed", None], course_id=foreign.id)
            own = ids(db, training.visible_certificates(build.viewer(cast.wes)))
            found_unless(db, own, row, result="failed", person_id=cast.bo)
            proposal = Proposal(
                enrolment_id=row.id, kind=ProposalKind.CREDENTIAL, made_at=NOW,
                state=ProposalState.NEEDS_CONFIRMATION, position_id=cast.host,
            )  # fmt: skip
            db.add(proposal)
            waits = ids(db, training.decidable_proposals(noel))
            found_unless(
                db,
                waits,
                proposal,
                state=[ProposalState.EXECUTED, ProposalState.DENIED],
                kind=ProposalKind.PLACEMENT,
            )
            found_also(db, waits, proposal, state=ProposalState.FAILED)
            holds_unless(db, waits, row, course_id=foreign.id)
            proposal.kind, proposal.position_id = ProposalKind.PLACEMENT, cast.greeter
            row.course_id = foreign.id
            found_unless(db, waits, proposal, position_id=cast.host, kind="credential")


class TestOutreach:
    def test_topics_one_may_choose(self, database, cast):
        with database.writing() as db:
            row = build.topic(db, NOW, program_id=cast.testing)
            other = build.topic(db, NOW, "Other", program_id=cast.shelter)
            noel = staff(cast.noel, Role.OUTREACH_CLERK, cast.testing)
            seen = ids(db, outreach.topics_seen(noel))
            found_unless(db, seen, row, closed_at=NOW, program_id=cast.rides)
            found_also(db, seen, row, program_id=None)
            own = ids(db, outreach.own_topics(cast.wes).limit(None))
            found_unless(db, own, row, closed_at=NOW, program_id=cast.shelter)
            found_also(db, own, row, program_id=[None, cast.rides])
            role = placement(db, cast.wes, cast.greeter)
            has = lambda: row.id in own()  # noqa: E731
            holds_unless(
                db, has, role, person_id=cast.sol, program_id=cast.rides,
                state="ended",
            )  # fmt: skip
            build.speaker(db, cast.wes, [other.id], NOW)
            says = db.scalars(select(SpeakerTopic).filter_by(person_id=cast.wes)).one()
            assert other.id in own()
            db.delete(says)
            db.add(SpeakerTopic(person_id=cast.bo, topic_id=other.id))
            db.flush()
            assert other.id not in own()

    def test_who_could_look_after_a_request(self, database, cast):
        with database.writing() as db:
            row = db.scalars(select(Membership).filter_by(person_id=cast.noel)).one()
            clerks = ids(db, outreach.possible_clerks(cast.testing).limit(None))
            found = lambda: cast.noel in clerks()  # noqa: E731
            holds_unless(
                db, found, row, program_id=cast.rides, until=NOW, person_id=cast.sol,
                role=[Role.TRAINER, Role.SCREENER, Role.PRESENTER, Role.SUPERVISOR],
            )  # fmt: skip
            holds_also(db, found, row, role=Role.OUTREACH_CLERK)
            row.role = Role.OUTREACH_CLERK
            holds_also(db, found, row, program_id=None)
            assert clerks() == {cast.noel, cast.ada}

    def test_where_a_request_can_go(self, database, cast):
        with database.writing() as db:
            clerk = staff(cast.sol, Role.OUTREACH_CLERK, None)
            rides = db.get_one(Program, cast.rides)
            rides.public_label = "Trips"
            found_unless(
                db, ids(db, outreach.routable_programs(clerk)), rides, closed_at=NOW,
                visibility=Visibility.HIDDEN,
            )  # fmt: skip
            assert cast.testing in ids(db, outreach.routable_programs(clerk))()
            mara = staff(cast.mara, Role.OUTREACH_CLERK, cast.shelter)
            assert ids(db, outreach.routable_programs(mara))() == {cast.shelter}
            assert cast.shelter in ids(db, outreach.routable_programs(build.OFFICE))()

    def test_ones_own_offers_and_speakers(self, database, cast, settings):
        with database.writing() as db:
            topic = build.topic(db, NOW)
            for person in (cast.bo, cast.wes):
                build.speaker(db, person, [topic.id], NOW)
            talk = build.talk(db, NOW, settings)
            offer = SpeakerOffer(
                presentation_id=talk.id, person_id=cast.bo, state=OfferState.ASKED, hours=24,
                made_at=NOW,
            )  # fmt: skip
            db.add(offer)
            own = ids(db, outreach.own_offers(build.viewer(cast.bo)))
            found_unless(
                db, own, offer, person_id=cast.wes,
                state=[OfferState.WAITS, OfferState.HELD, OfferState.WITHDRAWN],
            )  # fmt: skip
            clerk = staff(cast.sol, Role.OUTREACH_CLERK, cast.rides)
            assert ids(db, outreach.speakers_seen(clerk))() == {cast.bo}
            presenter = Membership(person_id=cast.wes, role=Role.PRESENTER, since=NOW)
            db.add(presenter)
            sees = lambda: cast.wes in ids(db, outreach.speakers_seen(clerk))()  # noqa: E731
            holds_unless(db, sees, presenter, until=NOW, role=Role.TRAINER, person_id=cast.noel)
            assert ids(db, outreach.speakers_seen(build.OFFICE))() == {cast.bo, cast.wes}
            wes = db.get_one(Person, cast.wes)
            holds_unless(db, sees, wes, status=[Status.ENDED, Status.ON_LEAVE])


class TestRequirements:
    def paper(self, db, cast, **values) -> tuple[Requirement, Credential]:
        what = build.requirement(db, NOW, **values)
        return what, build.has(db, cast.bo, what, TODAY, TODAY, NOW)

    def test_what_counts_on_a_day(self, database, cast):
        with database.writing() as db:
            _, row = self.paper(db, cast)
            counts = lambda: set(db.scalars(requirements.counting_on(TODAY)))  # noqa: E731
            row.effective_on = BEFORE
            found_unless(db, counts, row, expires_on=BEFORE)
            found_also(db, counts, row, expires_on=[TODAY, None])
            row.effective_on, row.expires_on = TODAY, AFTER
            found_unless(
                db, counts, row, effective_on=AFTER,
                outcome=[Outcome.SUBMITTED, Outcome.REVOKED],
            )  # fmt: skip
            found_also(db, counts, row, effective_on=BEFORE)
            later = Credential(
                **{
                    column.key: getattr(row, column.key)
                    for column in Credential.__table__.c
                    if column.key not in ("id", "supersedes_id", "version")
                }
            )
            later.supersedes_id = row.id
            later.outcome, later.effective_on = Outcome.REVOKED, AFTER
            db.add(later)
            holds = lambda: row.id in counts()  # noqa: E731
            holds_unless(db, holds, later, effective_on=[TODAY, BEFORE], outcome=Outcome.ACCEPTED)

    def test_what_lasts_longer(self, database, cast):
        with database.writing() as db:
            what, row = self.paper(db, cast)
            other = build.requirement(db, NOW, name="Another")
            longer = build.has(db, cast.bo, what, TODAY, AFTER, NOW)
            longer.supersedes_id = None
            row.effective_on = longer.effective_on = BEFORE - timedelta(days=9)

            def lasts():
                return row.id in ids(db, select(Credential).where(requirements.LASTS_LONGER))()

            holds_unless(
                db, lasts, longer, person_id=cast.ana, requirement_id=other.id,
                outcome=[Outcome.REVOKED], expires_on=[TODAY, BEFORE],
            )  # fmt: skip
            holds_also(db, lasts, longer, expires_on=None, outcome=Outcome.SUBMITTED)

    def test_whose_papers_one_sees_and_decides_on(self, database, cast):
        with database.writing() as db:
            what, row = self.paper(db, cast, program_id=cast.rides)
            row.outcome = Outcome.SUBMITTED
            role = placement(db, cast.bo, cast.driver)
            cy = coordinator(cast)
            seen, decided, waiting = (
                ids(db, scope(cy))
                for scope in (
                    requirements.papers, requirements.decided_papers, requirements.waiting_papers,
                )
            )  # fmt: skip
            for found in (seen, decided, waiting):
                has = lambda found=found: row.id in found()  # noqa: E731
                holds_unless(
                    db, has, role, program_id=cast.testing, person_id=cast.sol, state="ended"
                )
                holds_unless(db, has, what, program_id=cast.testing)
                holds_also(db, has, what, program_id=None)
            holds_unless(db, lambda: row.id in decided(), what, verifier=Verifier.SCREENER)
            found_unless(db, waiting, row, outcome=Outcome.ACCEPTED)
            db.get_one(Person, cast.cy).placed_at = None
            build.place(db, cast.cy, cast.driver, NOW)
            found_unless(db, waiting, row, person_id=cast.cy)
            what.verifier = Verifier.SCREENER
            screener = staff(cast.sol, Role.SCREENER, cast.rides)
            mine = ids(db, requirements.decided_papers(screener))
            holds_unless(
                db, lambda: row.id in mine(), what, verifier=Verifier.COORDINATOR,
                program_id=cast.testing,
            )  # fmt: skip
            pooled = build.has(db, cast.sol, what, TODAY, TODAY, NOW)
            found_unless(db, seen, pooled, person_id=cast.wes)
            trainer = staff(cast.sol, Role.TRAINER, cast.rides)
            assert (
                ids(
                    db, select(Requirement).where(requirements.decides_on(trainer, Requirement.id))
                )()
                == set()
            )

    def test_exceptions_one_sees_and_may_end(self, database, cast):
        with database.writing() as db:
            what, _ = self.paper(db, cast)
            row = Waiver(
                person_id=cast.bo, requirement_id=what.id, position_id=cast.driver, reason="x",
                approved_at=NOW, first_day=TODAY, last_day=AFTER,
            )  # fmt: skip
            db.add(row)
            cy = coordinator(cast)
            seen, ended = (
                ids(db, scope(cy)) for scope in (requirements.waivers_seen, requirements.ended_by)
            )
            found_unless(db, seen, row, person_id=cast.wes, position_id=cast.host)
            found_also(db, seen, row, position_id=None)
            found_unless(db, ended, row, position_id=[None, cast.host], person_id=cast.wes)
            holds_unless(db, lambda: row.id in seen(), what, program_id=cast.testing)
            agency = ids(db, requirements.ended_by(build.OFFICE))
            found_also(db, agency, row, position_id=None)
