"""The hours ledger: reporting, approving, correcting, questions; and what attendance proposes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, func, select, update

from portal import clock
from portal.act import Act
from portal.audit.models import AuditEntry
from portal.hours import decisions, entries, ledger, questions, reporting, story
from portal.hours.models import HoursEntry, HoursQuestion, HoursState, Source
from portal.people.models import Person
from portal.programs.models import Placement, PlacementState, Program
from portal.shifts import attendance, signups
from portal.shifts.attendance import Mark
from portal.shifts.models import Attendance, Shift, Signup
from portal.web.errors import Refused
from tests import build
from tests.mailbox import parts
from tests.shifts.test_races import at_once

pytestmark = pytest.mark.both_databases
ZONE = "America/New_York"


@pytest.fixture
def over(database, cast, time):
    """A shift of two hours that ended an hour ago, with Ana and Bo on it: its id and their signups."""
    with database.writing() as db:
        shift = build.shift(
            db, cast.driver, starts=time.at - timedelta(hours=3), site_id=cast.office
        )
        for person in (cast.ana, cast.bo):
            signups.sign_up(Act(db, build.OFFICE, time.at), person, shift.id, staff=True)
        rows = db.execute(select(Signup.person_id, Signup.id)).all()
        return shift.id, {row.person_id: row.id for row in rows}


def mark(database, shift_id, at, by=build.OFFICE, **marks) -> int:
    with database.writing() as db:
        numbered = {int(name[1:]): one for name, one in marks.items()}
        return attendance.mark(Act(db, by, at), db.get_one(Shift, shift_id), numbered)


def live(database) -> list[tuple[int, int, str]]:
    """Person, minutes and state of what stands in the ledger."""
    with database.reading() as db:
        rows = db.scalars(
            select(HoursEntry).where(HoursEntry.state != HoursState.VOID).order_by(HoursEntry.id)
        )
        return [(row.person_id, row.minutes, row.state) for row in rows]


def seen(database, signup_id) -> str:
    with database.reading() as db:
        return attendance.seen_mark(db.get_one(Signup, signup_id))


def report(database, cast, at, **values) -> int:
    given = {
        "person_id": cast.ana, "program_id": cast.rides, "position_id": cast.driver,
        "day": date(2026, 11, 30), "minutes": 90,
    } | values  # fmt: skip
    with database.writing() as db:
        return reporting.report(
            Act(db, build.viewer(given["person_id"]), at), entries.Work(**given), zone=ZONE
        ).id


def test_marking_who_came_proposes_hours(database, cast, time, over):
    shift_id, of = over
    came, left = Mark(Attendance.ATTENDED), Mark(Attendance.LEFT_EARLY, 45)
    assert (
        mark(database, shift_id, time.at, **{f"s{of[cast.ana]}": came, f"s{of[cast.bo]}": left})
        == 2
    )
    assert live(database) == [(cast.ana, 120, "submitted"), (cast.bo, 45, "submitted")]
    with database.reading() as db:
        entry = db.scalars(select(HoursEntry).where(HoursEntry.person_id == cast.ana)).one()
        assert (entry.source, entry.source_id) == (Source.SHIFT, of[cast.ana])
        assert (entry.program_id, entry.position_id, entry.site_id) == (
            cast.rides, cast.driver, cast.office,
        )  # fmt: skip
        assert entry.day == date(2026, 12, 1)


def test_marking_again_corrects_with_a_new_entry_that_points_back(database, cast, time, over):
    shift_id, of = over
    own = of[cast.ana]
    mark(database, shift_id, time.at, **{f"s{own}": Mark(Attendance.ATTENDED)})
    first = live(database)
    again = Mark(Attendance.ATTENDED, seen=seen(database, own))
    assert mark(database, shift_id, time.move(minutes=1), **{f"s{own}": again}) == 0
    assert live(database) == first
    absent = Mark(Attendance.NO_SHOW, seen=seen(database, own))
    mark(database, shift_id, time.move(minutes=1), **{f"s{own}": absent})
    assert live(database) == [(cast.ana, 0, "submitted")]
    excused = Mark(Attendance.EXCUSED, seen=seen(database, own))
    mark(database, shift_id, time.move(minutes=1), **{f"s{own}": excused})
    assert live(database) == []
    with database.reading() as db:
        rows = db.scalars(select(HoursEntry).order_by(HoursEntry.id)).all()
        assert [row.corrects_id for row in rows] == [None, rows[0].id]
        assert [row.state for row in rows] == ["void", "void"]


def test_a_mark_that_somebody_else_changed_meanwhile_is_refused(database, cast, time, over):
    shift_id, of = over
    own = of[cast.ana]
    mark(database, shift_id, time.at, **{f"s{own}": Mark(Attendance.ATTENDED)})
    with pytest.raises(attendance.WrongMarks) as refusal:
        mark(database, shift_id, time.at, **{f"s{own}": Mark(Attendance.NO_SHOW)})
    assert own in refusal.value.lines
    assert live(database) == [(cast.ana, 120, "submitted")]


def test_two_who_mark_at_once_make_one_entry_each(database, cast, time, over):
    shift_id, of = over
    marks = {f"s{one}": Mark(Attendance.ATTENDED) for one in of.values()}

    def press(_):
        try:
            return mark(database, shift_id, time.at, **marks)
        except Refused:
            return 0

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(press, range(6))) == 2
    assert len(live(database)) == 2


def test_a_shift_ahead_or_canceled_is_not_marked(database, cast, time, over):
    shift_id, of = over
    with database.writing() as db:
        ahead = build.shift(db, cast.driver).id
    with pytest.raises(Refused, match="hasn't started"):
        mark(database, ahead, time.at)
    with database.writing() as db:
        db.execute(update(Shift).where(Shift.id == shift_id).values(canceled_at=time.at))
    with pytest.raises(Refused, match="canceled"):
        mark(database, shift_id, time.at, **{f"s{of[cast.ana]}": Mark(Attendance.ATTENDED)})


def test_travel_counts_only_where_the_program_says_so(database, cast, time, over):
    shift_id, of = over
    own = of[cast.ana]
    mark(database, shift_id, time.at, **{f"s{own}": Mark(Attendance.ATTENDED, travel=30)})
    assert live(database) == [(cast.ana, 120, "submitted")]
    with database.writing() as db:
        db.execute(update(Program).values(counts_travel=True))
    again = Mark(Attendance.ATTENDED, travel=30, seen=seen(database, own))
    mark(database, shift_id, time.move(minutes=1), **{f"s{own}": again})
    assert live(database) == [(cast.ana, 150, "submitted")]


@pytest.mark.parametrize(
    ("starts", "minutes"),
    [(datetime(2027, 3, 14, 3, tzinfo=UTC), 420), (datetime(2027, 11, 7, 2, tzinfo=UTC), 540)],
)
def test_C5_a_night_shift_counts_real_hours_when_the_clocks_change(
    database, cast, time, starts, minutes
):
    """10 pm to 6 am in New York: seven hours in March, nine in November."""
    ends = starts + timedelta(minutes=minutes)
    assert clock.to_local(ends, ZONE).hour == 6
    assert (clock.to_local(starts, ZONE).hour, clock.to_local(ends, ZONE).hour) == (22, 6)
    time.at = ends + timedelta(hours=1)
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=starts, hours=minutes / 60).id
        signups.sign_up(Act(db, build.OFFICE, time.at), cast.ana, shift, staff=True)
        own = db.scalars(select(Signup.id)).one()
    mark(database, shift, time.at, **{f"s{own}": Mark(Attendance.ATTENDED)})
    assert live(database) == [(cast.ana, minutes, "submitted")]
    with database.reading() as db:
        assert db.scalars(select(HoursEntry.day)).one() == clock.local_day(starts, ZONE)


def test_hours_are_reported_within_reason(database, cast, time):
    report(database, cast, time.at, minutes=1000)
    for wrong in (
        {"minutes": 0}, {"minutes": 1441}, {"minutes": 441}, {"day": date(2026, 12, 2)},
    ):  # fmt: skip
        with pytest.raises(Refused):
            report(database, cast, time.at, **wrong)
    starts = time.at - timedelta(hours=5)
    span = {"starts_at": starts, "ends_at": starts + timedelta(hours=2), "day": date(2026, 12, 1)}
    report(database, cast, time.at, **span)
    with pytest.raises(Refused) as refusal:
        report(database, cast, time.at, **span | {"starts_at": starts + timedelta(hours=1)})
    assert "starts" in refusal.value.fields


@pytest.mark.both_databases
def test_hours_are_reported_only_for_days_on_which_one_had_the_role(database, cast, time):
    with database.writing() as db:
        role = db.scalars(
            select(Placement).filter_by(person_id=cast.ana, position_id=cast.driver)
        ).one()
        role.starts_on, role.ends_on = date(2026, 11, 10), date(2026, 11, 20)
        role.state = PlacementState.ENDED
    for day in (date(2026, 11, 9), date(2026, 11, 21)):
        with pytest.raises(Refused) as refusal:
            report(database, cast, time.at, day=day)
        assert "this role on that day" in str(refusal.value.fields["day"])
    for day in (date(2026, 11, 10), date(2026, 11, 20)):
        assert report(database, cast, time.at, day=day)
    with pytest.raises(Refused):
        report(database, cast, time.at, day=date(2026, 11, 15), position_id=cast.host)


def test_Z8_nobody_approves_corrects_or_answers_their_own(database, cast, time):
    with database.writing() as db:
        build.place(db, cast.cy, cast.driver, time.at)
    own = report(database, cast, time.at, person_id=cast.cy)
    cy = build.viewer(cast.cy)
    with database.writing() as db, pytest.raises(Refused, match="approve your own"):
        decisions.approve(Act(db, cy, time.at), [own])
    with database.writing() as db:
        entry = db.get_one(HoursEntry, own)
        with pytest.raises(Refused):
            entries.correct(Act(db, cy, time.at), entry, 60, "more")
        question = questions.ask(Act(db, cy, time.at), entry, "why?")
        db.flush()
        with pytest.raises(Refused):
            questions.answer(Act(db, cy, time.at), question, "because", None)
    assert live(database) == [(cast.cy, 90, "disputed")]


def test_a_question_takes_hours_out_of_the_sums_until_it_is_answered(database, cast, time):
    own = report(database, cast, time.at)
    with database.writing() as db:
        assert decisions.approve(Act(db, build.OFFICE, time.at), [own]) == 1
        entry = db.get_one(HoursEntry, own)
        first = questions.ask(
            Act(db, build.viewer(cast.ana), time.at), entry, "It was three hours."
        ).id
    assert live(database) == [(cast.ana, 90, "disputed")]
    with database.writing() as db:
        question = db.get_one(HoursQuestion, first)
        questions.answer(
            Act(db, build.viewer(cast.cy), time.at), question, "Right, thank you.", 180
        )
    assert live(database) == [(cast.ana, 180, "approved")]
    with database.writing() as db:
        new = db.scalars(select(HoursEntry).where(HoursEntry.corrects_id == own)).one()
        assert (new.approved_by_id, new.recorded_by_id) == (cast.cy, cast.cy)
        assert [row.state for row in story.story(db, as_coordinator(cast), new)] == [
            "void",
            "approved",
        ]
        again = questions.ask(Act(db, build.viewer(cast.ana), time.at), new, "And travel?")
        db.flush()
        questions.answer(Act(db, build.viewer(cast.cy), time.at), again, "It doesn't count.", None)
    assert live(database) == [(cast.ana, 180, "approved")]


def test_an_answer_is_told_by_mail_and_says_nothing_there(database, cast, time, office):
    own = report(database, cast, time.at)
    with database.writing() as db:
        entry = db.get_one(HoursEntry, own)
        question = questions.ask(Act(db, build.viewer(cast.ana), time.at), entry, "Three hours?")
        questions.answer(
            Act(db, build.viewer(cast.cy), time.at), question, "Yes, with Mrs. Smith.", 180
        )
    assert office.send() == ["We answered your question about your hours"]
    (mail,) = office.box.to("ana@example.org")
    words = parts(mail)["text/plain"].get_content()
    assert "your hours on Mon, Nov 30" in words
    assert "/me/hours?month=2026-11" in words
    assert "Smith" not in mail.as_string()


def test_drafts_and_what_was_handed_in_can_be_changed_until_they_are_approved(database, cast, time):
    own = report(database, cast, time.at)
    with database.writing() as db:
        entry = db.get_one(HoursEntry, own)
        work = entries.Work(cast.ana, cast.rides, cast.driver, date(2026, 11, 29), 30)
        made = entries.change(Act(db, build.viewer(cast.ana), time.at), entry, work, zone=ZONE)
        assert made.corrects_id == own
        decisions.approve(Act(db, build.OFFICE, time.at), [own, made.id])
    assert live(database) == [(cast.ana, 30, "approved")]
    with database.writing() as db, pytest.raises(Refused):
        made = db.scalars(select(HoursEntry).where(HoursEntry.corrects_id == own)).one()
        entries.change(Act(db, build.viewer(cast.ana), time.at), made, work, zone=ZONE)


def test_keeping_for_later_takes_hours_back_out_of_the_queue_even_unchanged(database, cast, time):
    own = report(database, cast, time.at)
    with database.writing() as db:
        entry = db.get_one(HoursEntry, own)
        work = entries.work_of(entry)
        entries.change(Act(db, build.viewer(cast.ana), time.at), entry, work, zone=ZONE, draft=True)
    assert live(database) == [(cast.ana, 90, "draft")]


def selects(db, shift, given, at) -> int:
    """How many queries marking takes."""
    seen = []

    def note(conn, cursor, statement, *rest):
        seen.append(statement)

    event.listen(db.get_bind(), "before_cursor_execute", note)
    try:
        assert attendance.mark(Act(db, build.OFFICE, at), shift, given) == len(given)
    finally:
        event.remove(db.get_bind(), "before_cursor_execute", note)
    return len([one for one in seen if one.startswith("SELECT")])


def test_V4_marking_a_roster_anew_takes_few_statements_however_many_are_on_it(database, cast, time):
    counts = {}
    for number in (5, 60):
        with database.writing() as db:
            shift = build.shift(db, cast.driver, starts=time.at - timedelta(hours=3), places=99).id
            slot = build.slot_of(db, shift)
            people = [Person(name=f"P {number} {one}", created_at=time.at) for one in range(number)]
            db.add_all(people)
            db.flush()
            rows = [
                Signup(
                    slot_id=slot, shift_id=shift, person_id=one.id, state="signed_up", since=time.at
                )
                for one in people
            ]
            db.add_all(rows)
            db.flush()
            ids = [row.id for row in rows]
        for outcome in (Attendance.ATTENDED, Attendance.NO_SHOW):
            with database.writing() as db:
                row = db.get_one(Shift, shift)
                given = {
                    one: Mark(outcome, seen=attendance.seen_mark(db.get_one(Signup, one)))
                    for one in ids
                }
                counts[number, outcome] = selects(db, row, given, time.at)
    assert counts[5, Attendance.ATTENDED] == counts[60, Attendance.ATTENDED]
    assert counts[5, Attendance.NO_SHOW] == counts[60, Attendance.NO_SHOW]


def test_drafts_and_other_programs_stay_out_of_a_coordinators_sight(database, cast, time):
    """Neither a draft, nor what an entry said while it was another program's, is read by Cy."""
    cy = as_coordinator(cast)
    with database.writing() as db:
        build.place(db, cast.ana, cast.host, time.at)
    own = report(
        database, cast, time.at, program_id=cast.shelter, position_id=cast.host, note="at the house"
    )
    with database.writing() as db:
        entry = db.get_one(HoursEntry, own)
        work = build.work(cast, note="driving")
        made = entries.change(Act(db, build.viewer(cast.ana), time.at), entry, work, zone=ZONE)
        assert [row.note for row in story.story(db, cy, made)] == ["driving"]
        draft = entries.change(
            Act(db, build.viewer(cast.ana), time.at),
            made,
            build.work(cast, note="later"),
            zone=ZONE,
            draft=True,
        )
        assert [row.note for row in story.story(db, cy, made)] == ["driving"]
        again = entries.change(
            Act(db, build.viewer(cast.ana), time.at),
            draft,
            build.work(cast, note="mine"),
            zone=ZONE,
            draft=True,
        )
        assert again.id == draft.id  # a draft is written over
        entries.take_own_back(Act(db, build.viewer(cast.ana), time.at), again)
        db.flush()
        assert db.scalars(select(HoursEntry.note).order_by(HoursEntry.id)).all() == [
            "at the house", "driving",
        ]  # fmt: skip


def test_who_is_taken_off_after_all_loses_the_hours_of_the_roster(database, cast, time, over):
    shift_id, of = over
    mark(
        database, shift_id, time.at, **{f"s{one}": Mark(Attendance.ATTENDED) for one in of.values()}
    )
    with database.writing() as db:
        signup = db.get_one(Signup, of[cast.ana])
        signups.remove(Act(db, build.OFFICE, time.at), signup, "was not there")
    assert live(database) == [(cast.bo, 120, "submitted")]


def test_approving_and_taking_back_at_once_end_in_one_of_the_two(database, cast, time):
    """Whoever comes second finds it decided: nothing that was approved is taken back by its person."""
    for index in range(6):
        own = report(database, cast, time.at, minutes=10 + index)

        def approve(own=own):
            with database.writing() as db:
                return decisions.approve(Act(db, build.OFFICE, time.at), [own])

        def back(own=own):
            try:
                with database.writing() as db:
                    entry = db.get_one(HoursEntry, own)
                    entries.take_own_back(Act(db, build.viewer(cast.ana), time.at), entry)
            except Refused:
                return 0
            return 1

        assert sum(one or 0 for one in at_once(approve, back)) == 1


def test_one_question_gets_one_answer(database, cast, time):
    own = report(database, cast, time.at)
    with database.writing() as db:
        asked = questions.ask(
            Act(db, build.viewer(cast.ana), time.at), db.get_one(HoursEntry, own), "?"
        ).id

    def answer(words, minutes):
        def press():
            try:
                with database.writing() as db:
                    question = db.get_one(HoursQuestion, asked)
                    questions.answer(Act(db, build.OFFICE, time.at), question, words, minutes)
            except Refused:
                return 0
            return 1

        return press

    assert sum(at_once(answer("Yes", 180), answer("No", None), answer("Maybe", 60))) == 1


def test_a_roster_and_an_own_report_of_the_same_time_are_shown_and_not_approved_unseen(
    database, cast, time, over
):
    shift_id, of = over
    starts = time.at - timedelta(hours=3)
    report(
        database, cast, time.at, day=date(2026, 12, 1), starts_at=starts,
        ends_at=starts + timedelta(hours=2), minutes=120,
    )  # fmt: skip
    mark(
        database, shift_id, time.at, **{f"s{one}": Mark(Attendance.ATTENDED) for one in of.values()}
    )
    with database.reading() as db:
        total = ledger.waiting_sum(db, build.OFFICE, ledger.Which())
        assert (total.number, total.clashing) == (3, 2)
        (only,) = ledger.waiting_ids(db, build.OFFICE, ledger.Which(), total.upto)
        assert db.get_one(HoursEntry, only).person_id == cast.bo


def test_ten_thousand_entries_are_approved_at_once_each_with_its_audit_entry(database, cast, time):
    with database.writing() as db:
        people = [Person(name=f"P {index}", created_at=time.at) for index in range(100)]
        db.add_all(people)
        db.flush()
        db.execute(
            HoursEntry.__table__.insert(),
            [
                {
                    "person_id": people[index % 100].id, "program_id": cast.rides,
                    "position_id": cast.driver, "source": "own", "day": date(2026, 11, 1),
                    "minutes": 60, "travel_minutes": 0, "note": "", "state": "submitted",
                    "recorded_at": time.at, "reason": "",
                }
                for index in range(10_000)
            ],
        )  # fmt: skip
    cy = as_coordinator(cast)
    with database.writing() as db:
        total = ledger.waiting_sum(db, cy, ledger.Which())
        assert (total.number, total.minutes) == (10_000, 600_000)
        ids = ledger.waiting_ids(db, cy, ledger.Which(), total.upto)
        assert decisions.approve(Act(db, cy, time.at), ids) == 10_000
        assert decisions.approve(Act(db, cy, time.at), ids) == 0  # twice is once
    with database.reading() as db:
        count = select(func.count()).select_from(AuditEntry)
        assert db.scalar(count.where(AuditEntry.action == "hours.approved")) == 10_000
        assert ledger.waiting_sum(db, cy, ledger.Which()).number == 0


def as_coordinator(cast):
    return build.viewer(cast.cy, (build.Role.COORDINATOR, cast.rides))
