"""Reach-back: what a change does to coming shifts, who decides, who is warned; and signing up by the rules."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import event, select

from portal import clock
from portal.act import Act
from portal.messages.kinds import Envelope
from portal.messages.models import Message
from portal.people.models import Person
from portal.permissions import COMMAND_LINE, Role
from portal.requirements import (
    acknowledgements,
    clearance_recheck,
    credentials,
    decisions,
    expiry_warnings,
    notices,
    rules,
    waivers,
)
from portal.requirements.change_models import Affected, Change
from portal.requirements.clearance import clearance
from portal.requirements.evidence_models import Waiver
from portal.requirements.models import Requirement, Rule, Stage
from portal.requirements.records import Question, asking_of, clearance_of, clearances, records_of
from portal.requirements.terms import Span
from portal.shifts import affected_signups, attendance, shift_slots, shifts, signups, waiting
from portal.shifts.candidates import AT_ONCE, candidates
from portal.shifts.models import Attendance, Shift, Signup, SignupState, Slot
from portal.shifts.obstacle_words import Kind
from portal.shifts.schedule import Wanted, coming_shifts
from portal.shifts.viewer_scope import insight_of
from portal.web.errors import Preview, Refused
from tests import build
from tests.build import NOON
from tests.conftest import SETTINGS
from tests.shifts.test_races import at_once

pytestmark = pytest.mark.both_databases
ZONE = "America/New_York"
NINE = clock_time(9)
NUMBERS = count()
DAY = date(2026, 12, 10)


@pytest.fixture
def driving(database, cast, time):
    """Driving takes a license; Ana's ends in spring, Bo has none. Ana is on a shift on December 10."""
    with database.writing() as db:
        what = build.requirement(db, time.at)
        rule = build.rule(db, time.at, what, position_id=cast.driver)
        held = build.has(db, cast.ana, what, date(2026, 1, 1), date(2027, 3, 1), time.at)
        shift = build.shift(db, cast.driver)
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift.id)
        cast.extra |= {"what": what.id, "rule": rule.id, "held": held.id, "shift": shift.id}
    look(database, time)
    return cast


def look(database, time) -> None:
    """Everything the worker has to look at."""
    while True:
        with database.writing() as db:
            if not clearance_recheck.look(db, (affected_signups.coming_work,), ZONE, time.at):
                return


def listed(database, cast, time) -> list[tuple[int, int]]:
    """The queue as Cy sees it: person and shift."""
    with database.reading() as db:
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        return [
            (one.row.person_id, one.row.shift_id)
            for one in affected_signups.list_affected(db, cy, time.at)
        ]


def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


def revoke(database, cast, time) -> None:
    with database.writing() as db:
        held = db.get_one(credentials.Credential, cast.extra["held"])
        decisions.revoke(Act(db, cy(cast), time.at), held, time.at.date(), "Taken away")


@contextmanager
def counting(engine):
    """The statements that an engine is given meanwhile."""
    seen = []

    def note(conn, cursor, statement, *rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def signup_of(database, person) -> Signup:
    with database.reading() as db:
        return db.scalars(select(Signup).where(Signup.person_id == person)).one()


def test_signing_up_is_judged_on_the_shifts_day(database, driving, time):
    with database.writing() as db:
        late = build.shift(db, driving.driver, starts=datetime(2027, 3, 2, 17, tzinfo=UTC)).id
        last = build.shift(db, driving.driver, starts=datetime(2027, 3, 1, 17, tzinfo=UTC)).id
        ana = build.viewer(driving.ana)
        with pytest.raises(Refused) as refused:
            signups.sign_up(Act(db, ana, time.at), driving.ana, late)
        assert [one.kind for one in refused.value.reasons] == [Kind.NOT_CLEARED]
        (obstacle,) = refused.value.reasons
        assert "Mar 1" in str(obstacle.words)
        assert len(obstacle.remedies) >= 2
        signups.sign_up(Act(db, ana, time.at), driving.ana, last)


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Honolulu", "America/Puerto_Rico"])
@pytest.mark.parametrize(("minutes", "fits"), [(-1, True), (0, False)])
def test_local_midnight_decides_in_every_zone(database, driving, time, zone, minutes, fits):
    starts = clock.start_of_day(date(2027, 3, 2), zone) + timedelta(minutes=minutes)
    with database.writing() as db:
        shift = build.shift(db, driving.driver, starts=starts, zone=zone).id
        if fits:
            signups.sign_up(Act(db, build.viewer(driving.ana), time.at), driving.ana, shift)
        else:
            with pytest.raises(Refused):
                signups.sign_up(Act(db, build.viewer(driving.ana), time.at), driving.ana, shift)


def test_coordinators_lines_and_offers_are_bound_by_it_too(database, driving, time):
    shift = driving.extra["shift"]
    with database.writing() as db:
        slot = build.slot_of(db, shift)
        for staff in (True, False):
            with pytest.raises(Refused) as refused:
                by = cy(driving) if staff else build.viewer(driving.bo)
                signups.sign_up(Act(db, by, time.at), driving.bo, shift, staff=staff)
            assert refused.value.reasons[0].kind is Kind.NOT_CLEARED
        found = candidates(db, build.OFFICE, db.get_one(Shift, shift), "")
        assert [one.id for one in found] == []
        found = candidates(db, build.OFFICE, db.get_one(Shift, shift), "Bo")
        assert [(one.id, one.missing) for one in found] == [(driving.bo, 1)]
        db.get_one(Slot, slot).maximum = 1
        db.flush()
        with pytest.raises(Refused) as refused:
            waiting.join(Act(db, build.viewer(driving.bo), time.at), driving.bo, slot)
        assert refused.value.reasons[0].kind is Kind.NOT_CLEARED


def test_a_revoked_license_lists_the_coming_shift_and_removes_nothing(database, driving, time):
    assert listed(database, driving, time) == []
    revoke(database, driving, time)
    look(database, time)
    assert listed(database, driving, time) == [(driving.ana, driving.extra["shift"])]
    assert signup_of(database, driving.ana).state == SignupState.SIGNED_UP
    with database.reading() as db:
        assert db.scalar(select(Change.id).limit(1)) is None


def test_a_new_one_mends_it_by_itself(database, driving, time):
    revoke(database, driving, time)
    look(database, time)
    with database.writing() as db:
        what = db.get_one(Requirement, driving.extra["what"])
        build.has(db, driving.ana, what, date(2026, 12, 1), date(2028, 1, 1), time.at)
    look(database, time)
    assert listed(database, driving, time) == []
    with database.reading() as db:
        assert db.scalars(select(Affected.decision)).all() == ["mended"]


def test_keeping_makes_an_exception_for_the_day(database, driving, time):
    revoke(database, driving, time)
    look(database, time)
    with database.writing() as db:
        ids = db.scalars(select(Affected.id)).all()
        assert affected_signups.keep(Act(db, cy(driving), time.at), ids, "Rides with Bo", None) == 1
    look(database, time)
    assert listed(database, driving, time) == []
    with database.reading() as db:
        waiver = db.scalars(select(Waiver)).one()
        assert (waiver.first_day, waiver.last_day, waiver.position_id) == (DAY, DAY, driving.driver)
        assert clearance_of(db, driving.ana, driving.driver, DAY).clear
        assert not clearance_of(db, driving.ana, driving.driver, DAY + clock.ONE_DAY).clear


def test_what_was_kept_is_listed_again_once_its_shift_moves(database, driving, time):
    revoke(database, driving, time)
    look(database, time)
    with database.writing() as db:
        ids = db.scalars(select(Affected.id)).all()
        affected_signups.keep(Act(db, cy(driving), time.at), ids, "Rides with Bo", None)
    with database.writing() as db:
        shift = db.get_one(Shift, driving.extra["shift"])
        shifts.move_shift(Act(db, cy(driving), time.at), shift, date(2026, 12, 20), None)
    look(database, time)
    assert listed(database, driving, time) == [(driving.ana, driving.extra["shift"])]
    with database.reading() as db:
        assert db.scalar(select(Affected.day).where(Affected.decision.is_(None))) == date(
            2026, 12, 20
        )


def test_what_was_kept_with_something_unread_does_not_come_back(database, driving, time):
    with database.writing() as db:
        page = acknowledgements.Page("New hours", "We open at nine.", time.at.date(), driving.rides)
        acknowledgements.send(Act(db, build.OFFICE, time.at), page, time.at.date())
    time.move(days=1)
    revoke(database, driving, time)
    look(database, time)
    with database.writing() as db:
        ids = db.scalars(select(Affected.id)).all()
        affected_signups.keep(Act(db, cy(driving), time.at), ids, "Rides with Bo", None)
    look(database, time)
    assert listed(database, driving, time) == []


def test_extending_makes_an_exception_until_a_day(database, driving, time):
    revoke(database, driving, time)
    look(database, time)
    until = date(2027, 2, 1)
    with database.writing() as db:
        affected_signups.keep(
            Act(db, cy(driving), time.at),
            db.scalars(select(Affected.id)).all(),
            "New one on its way",
            until,
        )
    with database.reading() as db:
        assert clearance_of(db, driving.ana, driving.driver, until).clear


def test_removing_tells_the_person(database, driving, time):
    revoke(database, driving, time)
    look(database, time)
    with database.writing() as db:
        ids = db.scalars(select(Affected.id)).all()
        assert affected_signups.remove(Act(db, cy(driving), time.at), ids, "No license") == 1
    assert signup_of(database, driving.ana).state == SignupState.REMOVED
    assert listed(database, driving, time) == []
    with database.reading() as db:
        told = db.scalars(select(Message).where(Message.kind == "signup.removed")).one()
        assert told.person_id == driving.ana


def test_of_two_decisions_one_wins(database, driving, time):
    revoke(database, driving, time)
    look(database, time)
    with database.reading() as db:
        ids = db.scalars(select(Affected.id)).all()

    def decide(verb, *given):
        def work():
            with database.writing() as db:
                return verb(Act(db, cy(driving), time.at), ids, "Why", *given)

        return work

    results = at_once(
        decide(affected_signups.keep, None),
        decide(affected_signups.remove),
        decide(affected_signups.keep, None),
    )
    assert results.count(1) == 1, results
    assert sum(isinstance(one, Refused) for one in results) == 2, results


def test_another_programs_coordinator_decides_nothing(database, driving, time):
    revoke(database, driving, time)
    look(database, time)
    mara = build.viewer(driving.mara, (Role.COORDINATOR, driving.shelter))
    with database.writing() as db:
        assert affected_signups.list_affected(db, mara, time.at) == []
        with pytest.raises(Refused):
            affected_signups.remove(
                Act(db, mara, time.at), db.scalars(select(Affected.id)).all(), "Why"
            )


def test_a_changed_rule_shows_first_whom_it_touches_and_lists_them_after(database, driving, time):
    today = time.at.date()
    with database.writing() as db:
        course = build.requirement(db, time.at, kind="custom", name="Training", validity="none")
        rule = db.get_one(Rule, driving.extra["rule"])
        terms = rules.Terms(
            today + timedelta(days=1), Stage.ALWAYS, (course.id,), today + timedelta(days=1)
        )
        with pytest.raises(Preview) as preview:
            rules.change_rule(Act(db, build.OFFICE, time.at), rule, terms, "", today)
        assert [(one.person_id, one.on) for one in preview.value.changes] == [
            (driving.ana, today + timedelta(days=1))
        ]
        rules.change_rule(Act(db, build.OFFICE, time.at), rule, terms, preview.value.seen, today)
    look(database, time)
    assert listed(database, driving, time) == [(driving.ana, driving.extra["shift"])]


def test_a_change_that_spares_touches_nobody_before_theirs_ends(database, driving, time):
    today = time.at.date()
    with database.writing() as db:
        course = build.requirement(db, time.at, kind="custom", name="Training", validity="none")
        rule = db.get_one(Rule, driving.extra["rule"])
        terms = rules.Terms(today + timedelta(days=1), Stage.ALWAYS, (course.id,))
        with pytest.raises(Preview) as preview:
            rules.change_rule(Act(db, build.OFFICE, time.at), rule, terms, "", today)
        seen = preview.value.seen
        rules.change_rule(Act(db, build.OFFICE, time.at), rule, terms, seen, today)
        assert clearance_of(db, driving.ana, driving.driver, date(2027, 3, 1)).clear
        assert not clearance_of(db, driving.ana, driving.driver, date(2027, 3, 2)).clear
    look(database, time)
    assert listed(database, driving, time) == []


def test_a_change_shows_whom_it_touches_between_two_of_their_papers(database, driving, time):
    """Who renewed in time would go on; with the change they lapse once what spares them ends."""
    today = time.at.date()
    with database.writing() as db:
        what = db.get_one(Requirement, driving.extra["what"])
        build.has(db, driving.ana, what, date(2027, 2, 1), date(2027, 9, 1), time.at)
        course = build.requirement(db, time.at, kind="custom", name="Training", validity="none")
        rule = db.get_one(Rule, driving.extra["rule"])
        terms = rules.Terms(today + timedelta(days=1), Stage.ALWAYS, (course.id,))
        with pytest.raises(Preview) as preview:
            rules.change_rule(Act(db, build.OFFICE, time.at), rule, terms, "", today)
        [hit] = preview.value.changes
        rules.change_rule(Act(db, build.OFFICE, time.at), rule, terms, preview.value.seen, today)
        before, on = hit.on - clock.ONE_DAY, hit.on
        assert clearance_of(db, driving.ana, driving.driver, before).clear
        assert not clearance_of(db, driving.ana, driving.driver, on).clear


def test_what_is_to_be_read_lists_shifts_only_once_its_day_is_over(database, driving, time):
    due = date(2026, 12, 3)
    with database.writing() as db:
        page = acknowledgements.Page("New hours", "We open at nine.", due, driving.rides)
        acknowledgements.send(Act(db, build.OFFICE, time.at), page, time.at.date())
    look(database, time)
    assert listed(database, driving, time) == []
    for day, expected in (
        (due, []),
        (due + clock.ONE_DAY, [(driving.ana, driving.extra["shift"])]),
    ):
        time.at = clock.from_local(day, NINE, ZONE)
        with database.writing() as db:
            expiry_warnings.each_day(db, ZONE, time.at)
        look(database, time)
        assert listed(database, driving, time) == expected


def test_moving_a_shift_past_a_license_lists_it(database, driving, time):
    with database.writing() as db:
        shift = db.get_one(Shift, driving.extra["shift"])
        shifts.move_shift(Act(db, cy(driving), time.at), shift, date(2027, 3, 5), None)
    look(database, time)
    assert listed(database, driving, time) == [(driving.ana, driving.extra["shift"])]


def test_people_and_coordinators_are_warned_60_30_and_7_days_ahead_once(database, driving, time):
    ends = date(2027, 3, 1)

    def warn(day: date) -> None:
        time.at = clock.from_local(day, NINE, ZONE)
        with database.writing() as db:
            expiry_warnings.each_day(db, ZONE, time.at)

    seen = []
    first = ends - timedelta(days=62)
    for more in range(64):
        warn(first + timedelta(days=more))
        warn(first + timedelta(days=more))  # the same day again
        with database.reading() as db:
            number = len(db.scalars(select(Message.id).where(Message.kind == "paper.ends")).all())
        if number > len(seen):
            seen.append((ends - (first + timedelta(days=more))).days)
    assert seen == [60, 30, 7]
    with database.reading() as db:
        rows = db.execute(
            select(Message.kind, Message.person_id).where(Message.kind.like("paper%"))
        ).all()
    assert {row.person_id for row in rows if row.kind == "paper.ends"} == {driving.ana}
    assert {row.person_id for row in rows if row.kind == "papers.ending"} == {driving.cy}


def test_a_worker_that_was_away_for_days_still_warns_once(database, driving, time):
    with database.writing() as db:
        expiry_warnings.each_day(db, ZONE, clock.from_local(date(2026, 12, 28), NINE, ZONE))
    time.at = clock.from_local(date(2027, 1, 3), NINE, ZONE)
    with database.writing() as db:
        assert expiry_warnings.each_day(db, ZONE, time.at) == 1
        assert expiry_warnings.each_day(db, ZONE, time.at) == 0


def test_a_renewal_that_was_sent_back_hides_no_warning(database, driving, time):
    with database.writing() as db:
        what = db.get_one(Requirement, driving.extra["what"])
        paper = credentials.Paper(date(2026, 12, 1), date(2030, 1, 1))
        handed = credentials.hand_in(
            Act(db, build.viewer(driving.ana), time.at), driving.ana, what, paper
        )
        decisions.send_back(Act(db, cy(driving), time.at), handed, "Blurred")
    time.at = clock.from_local(date(2026, 12, 31), NINE, ZONE)
    with database.writing() as db:
        assert expiry_warnings.each_day(db, ZONE, time.at) == 1


def test_who_has_a_longer_one_is_not_warned(database, driving, time):
    with database.writing() as db:
        what = db.get_one(Requirement, driving.extra["what"])
        build.has(db, driving.ana, what, date(2027, 1, 1), date(2030, 1, 1), time.at)
    time.at = clock.from_local(date(2026, 12, 31), NINE, ZONE)
    with database.writing() as db:
        assert expiry_warnings.each_day(db, ZONE, time.at) == 0


def test_the_morning_list_counts_what_its_page_shows(database, driving, time, as_):
    """A renewal, and someone who has ended, are on neither."""
    today = time.at.date()
    with database.writing() as db:
        what = db.get_one(Requirement, driving.extra["what"])
        for person in (driving.ana, driving.bo):
            build.has(db, person, what, today, today + timedelta(days=30), time.at)
        to = Envelope(0, "papers.ending", driving.cy, driving.cy)
        say = notices.NOTICES["papers.ending"].say
        for expected in ("1", None):
            said = say(db, to, SETTINGS, time.at)
            assert (said and said.values["number"]) == expected
            db.get_one(Person, driving.bo).status = "ended"
    assert "Nothing expires" in as_(driving.cy).get("/paperwork/ending").text


def test_somebody_cleared_for_nothing_costs_no_reading_of_shifts(database, cast, time):
    with database.writing() as db:
        build.rule(db, time.at, build.requirement(db, time.at), position_id=cast.driver)
        build.rule(db, time.at, build.requirement(db, time.at, name="Other"), position_id=cast.desk)
        for index in range(60):
            build.shift(db, cast.driver, starts=NOON + timedelta(hours=3 * index))
    ana = build.viewer(cast.ana)
    with database.reading() as db:
        insight = insight_of(db, ana, time.at, ZONE)
        with counting(database._reader) as seen:
            found = coming_shifts(db, ana, insight, Wanted(fits=True), time.at, ZONE, size=10)
    assert found.rows == []
    assert len(seen) == 2  # the rules, and what she has


def test_candidates_cost_the_same_rules_however_many_lack_something(database, driving, time):
    def asked(more: int) -> int:
        with database.writing() as db:
            for _ in range(more):
                person = build.person(db, f"Driver {next(NUMBERS)}", time.at)
                build.place(db, person.id, driving.driver, time.at)
        with database.reading() as db:
            shift = db.get_one(Shift, driving.extra["shift"])
            with counting(database._reader) as seen:
                assert candidates(db, cy(driving), shift, "") == []
        return sum("rule_version" in statement for statement in seen)

    assert asked(1) == asked(AT_ONCE) == 1


def test_what_fits_goes_on_until_it_has_a_page_of_shifts_one_is_cleared_for(
    database, cast, time, as_
):
    """Ana is cleared from January 20 on; sixty shifts before that do not fit, three after it do."""
    with database.writing() as db:
        what = build.requirement(db, time.at)
        build.rule(db, time.at, what, position_id=cast.driver)
        build.has(db, cast.ana, what, date(2027, 1, 20), date(2027, 6, 1), time.at)
        for index in range(60):
            build.shift(db, cast.driver, starts=NOON + timedelta(hours=3 * index))
        late = [
            build.shift(db, cast.driver, starts=datetime(2027, 1, day, 17, tzinfo=UTC)).id
            for day in (19, 20, 21)
        ]
    with database.reading() as db:
        ana = build.viewer(cast.ana)
        insight = insight_of(db, ana, time.at, ZONE)
        found = coming_shifts(db, ana, insight, Wanted(fits=True), time.at, ZONE, size=10)
    assert [one.id for one in found.rows] == late[1:]


def test_learners_take_their_own_places_and_need_what_learners_need(database, driving, time):
    with database.writing() as db:
        wish = shift_slots.SlotWish(driving.driver, 1, 1, trainees=1)
        shift = shifts.add_shift(Act(db, build.OFFICE, time.at), db.get_one(Shift, driving.extra["shift"]).program, {"title": "", "site_id": None, "note": "", "starts_at": NOON + timedelta(days=1),
             "ends_at": NOON + timedelta(days=1, hours=2), "zone": ZONE, "opens_at": None,
             "closes_at": NOON + timedelta(days=1), "withdraw_until": NOON}, [wish]).id  # fmt: skip
        bo = build.viewer(driving.bo)
        with pytest.raises(Refused):
            signups.sign_up(Act(db, bo, time.at), driving.bo, shift)
        signups.sign_up(Act(db, bo, time.at), driving.bo, shift, trainee=True)
        slot = db.scalars(select(Slot).where(Slot.shift_id == shift)).one()
        db.refresh(slot)
        assert (slot.filled, slot.learning) == (0, 1)
        with pytest.raises(Refused) as refused:
            signups.sign_up(
                Act(db, build.viewer(driving.ana), time.at), driving.ana, shift, trainee=True
            )
        assert refused.value.reasons[0].kind is Kind.FULL
        signups.sign_up(Act(db, build.viewer(driving.ana), time.at), driving.ana, shift)
        signups.withdraw(Act(db, bo, NOON + timedelta(days=1, hours=-1)), driving.bo, shift)
        db.refresh(slot)
        assert (slot.filled, slot.learning) == (1, 0)


def test_coming_along_is_no_first_shift(database, cast, time):
    with database.writing() as db:
        what = build.requirement(db, time.at, kind="custom", name="Training", validity="none")
        build.rule(db, time.at, what, position_id=cast.driver, stage=Stage.FIRST)
        shift = build.shift(db, cast.driver, starts=time.at - timedelta(hours=30))
        signups.sign_up(
            Act(db, build.OFFICE, time.at), cast.ana, shift.id, staff=True, trainee=True
        )
        signup = db.scalars(select(Signup)).one()
        attendance.mark(
            Act(db, build.OFFICE, time.at), shift, {signup.id: attendance.Mark(Attendance.ATTENDED)}
        )
        assert not clearance_of(db, cast.ana, cast.driver, DAY).clear
        signup.trainee = False
        signup.attendance, signup.marked_at = None, None
        db.flush()
        attendance.mark(
            Act(db, build.OFFICE, time.at), shift, {signup.id: attendance.Mark(Attendance.ATTENDED)}
        )
        assert clearance_of(db, cast.ana, cast.driver, DAY).clear


def test_the_sweep_asks_the_same_of_the_database_for_one_change_and_for_many(
    database, driving, time
):
    def statements(people: int) -> int:
        with database.writing() as db:
            what = db.get_one(Requirement, driving.extra["what"])
            for index in range(people):
                person = build.person(db, f"Person {index}", time.at)
                build.place(db, person.id, driving.driver, time.at)
                held = build.has(db, person.id, what, date(2026, 1, 1), date(2027, 3, 1), time.at)
                shift = build.shift(db, driving.driver)
                signups.sign_up(Act(db, COMMAND_LINE, time.at), person.id, shift.id)
                decisions.revoke(Act(db, build.OFFICE, time.at), held, time.at.date(), "")
        with counting(database._writer) as seen, database.writing() as db:
            clearance_recheck.look(db, (affected_signups.coming_work,), ZONE, time.at)
        return len(seen)

    assert statements(2) == statements(20)


dates = some.integers(0, 500).map(lambda more: date(2026, 6, 1) + timedelta(days=more))


@given(data=some.data())
@settings(
    max_examples=6, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_one_by_one_and_all_at_once_say_the_same(database, cast, time, data):
    """Random proof, exceptions and rules as rows: the set form equals the single one, and both equal the
    pure judgment of what was written."""
    with database.writing() as db:
        people = [cast.ana, cast.bo, cast.wes, cast.hana]
        positions = [cast.driver, cast.desk, cast.host]
        asked = [
            build.requirement(
                db, time.at, kind="custom", validity="dated", strict=data.draw(some.booleans()),
                name=f"Proof {next(NUMBERS)}",
            )
            for _ in range(2)
        ]  # fmt: skip
        for _ in range(data.draw(some.integers(1, 3))):
            build.rule(
                db, time.at, *data.draw(some.lists(some.sampled_from(asked), min_size=1, unique=True)),
                position_id=data.draw(some.sampled_from([None, *positions])),
                stage=data.draw(some.sampled_from(list(Stage))),
                binds_all_on=data.draw(some.sampled_from([None, time.at.date()])),
            )  # fmt: skip
        spans: dict[int, set[Span]] = {person: set() for person in people}
        for _ in range(data.draw(some.integers(0, 6))):
            first = data.draw(dates)
            last = first + timedelta(days=data.draw(some.integers(0, 300)))
            person, what = data.draw(some.sampled_from(people)), data.draw(some.sampled_from(asked))
            if data.draw(some.booleans()):
                row = build.has(db, person, what, first, last, time.at)
                if data.draw(some.booleans()):
                    on = first + timedelta(days=data.draw(some.integers(0, 60)))
                    decisions.revoke(Act(db, build.OFFICE, time.at), row, on, "Why")
                    last = min(last, on - clock.ONE_DAY)
                if first <= last:
                    spans[person].add(Span(what.id, first, last))
            else:
                where = data.draw(some.sampled_from([None, *positions]))
                terms = waivers.Terms(first, last, "Why", where)
                waivers.give(Act(db, build.OFFICE, time.at), person, what, terms)
                spans[person].add(Span(what.id, first, last, waiver=True, position_id=where))
        days = [data.draw(dates) for _ in range(4)]
        questions = {
            Question(one, where, day) for one in people for where in positions for day in days
        }
        every = clearances(db, questions)
        for question in questions:
            alone = clearance_of(db, question.person_id, question.position_id, question.day)
            assert every[question] == alone
            asking = asking_of(
                db,
                {
                    question.position_id: cast.rides
                    if question.position_id != cast.host
                    else cast.shelter
                },
            )
            record = records_of(db, [question.person_id], asking.values())[question.person_id]
            asked_here = asking[question.position_id]
            drawn = {one.id for one in asked} & set(
                asked_here.proofs
            )  # the rest is of other examples
            assert {one for one in record.spans if one.requirement_id in drawn} == {
                one for one in spans[question.person_id] if one.requirement_id in drawn
            }
            assert clearance(record, asked_here, question.day) == alone
