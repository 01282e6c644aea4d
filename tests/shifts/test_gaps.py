"""Unfilled shifts: which are listed, whom they suggest and why, and what calls and messages change."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.messages.models import Channel, Message
from portal.people import availability
from portal.people.availability import Span, week_mark
from portal.people.models import Person
from portal.permissions import Role, Viewer
from portal.programs.models import Placement, PlacementState
from portal.shifts import asks, gaps, releases, shift_calls, shifts, signups, suggestions
from portal.shifts.attendance import Attendance
from portal.shifts.candidates import candidates
from portal.shifts.gap_models import AskPause, CallOutcome, OpenCall, ShiftCall
from portal.shifts.helper_facts import opened_by_others
from portal.shifts.models import Shift, Signup, Slot
from portal.shifts.viewer_scope import managed_slot
from portal.shifts.waiting_models import Ask
from portal.web.errors import NotFound, Preview, Refused
from tests import build
from tests.build import NOON, OFFICE

both = pytest.mark.both_databases
ZONE = "America/New_York"
DAY = timedelta(days=1)


@pytest.fixture
def at(time):
    """Tuesday morning, two days before the shifts."""
    time.at = NOON - 2 * DAY
    return time.at


def cy(cast, at=None) -> Viewer:
    memberships = frozenset({(Role.COORDINATOR, cast.rides)})
    return Viewer(cast.cy, memberships=memberships, today=(at or NOON).date())


def listed(database, viewer, at, **which):
    with database.reading() as db:
        return gaps.page(
            db, viewer, gaps.coming(at, ZONE) if not which else gaps.Which(at, **which)
        ).rows


def suggested(database, viewer, at, slot_id) -> suggestions.Suggestions:
    with database.reading() as db:
        found = gaps.some(db, viewer, gaps.coming(at, ZONE), [slot_id])
        return suggestions.suggest(db, viewer, found, at, ZONE)[slot_id]


def names(found) -> list[str]:
    return [one.person.name.split()[0] for one in found]


def shift(database, position, **values) -> tuple[int, int]:
    """A shift, and its first slot."""
    with database.writing() as db:
        row = build.shift(db, position, **values)
        return row.id, row.slots[0].id


def helper(database, cast, name, at, **values) -> int:
    """Someone more who drives."""
    with database.writing() as db:
        person = build.person(db, name, at - 30 * DAY, **values).id
        build.place(db, person, cast.driver, at - 30 * DAY)
    return person


def call(database, cast, at, slot_id, person, outcome, by=None) -> int:
    with database.writing() as db:
        act = Act(db, by or cy(cast), at)
        return shift_calls.note_call(
            act, managed_slot(db, act.by, slot_id), db.get_one(Person, person), outcome
        ).id


# Which gaps


@both
def test_a_gap_is_what_is_short_ahead_and_not_canceled(database, cast, at):
    _, short = shift(database, cast.driver, places=3, needed=2)
    shift(database, cast.driver, starts=at - timedelta(hours=1))  # past
    shift(database, cast.driver, starts=at + 20 * DAY)  # later than two weeks
    canceled, _ = shift(database, cast.desk)
    enough, _ = shift(database, cast.driver, starts=NOON + DAY, places=2, needed=1)
    with database.writing() as db:
        shifts.cancel(Act(db, OFFICE, at), db.get_one(Shift, canceled), "Snow")
        signups.sign_up(Act(db, build.viewer(cast.bo), at), cast.bo, enough)
    assert [gap.id for gap in listed(database, cy(cast), at)] == [short]
    assert listed(database, cy(cast), at)[0].needed == 2
    with database.reading() as db:
        assert gaps.number(db, cy(cast), gaps.coming(at, ZONE)) == 1


@both
def test_the_last_day_is_a_local_day_that_ends_at_its_midnight(database, cast, at):
    late = NOON + timedelta(hours=11)  # 11 pm in New York on December 10
    _, slot = shift(database, cast.driver, starts=late)
    _, next_day = shift(database, cast.driver, starts=late + timedelta(hours=2))
    last = date(2026, 12, 10)
    assert [gap.id for gap in listed(database, cy(cast), at, last=last, zone=ZONE)] == [slot]
    found = listed(database, cy(cast), at, last=last + DAY, zone=ZONE)
    assert [gap.id for gap in found] == [slot, next_day]


@both
def test_by_day_and_in_a_day_first_where_no_one_comes_then_where_most_are_needed(
    database, cast, at
):
    _, some_come = shift(database, cast.driver, starts=NOON, places=9, needed=9)
    _, two_needed = shift(database, cast.desk, starts=NOON + timedelta(hours=1), needed=2)
    _, one_needed = shift(database, cast.desk, starts=NOON + timedelta(hours=3))
    _, day_before = shift(database, cast.desk, starts=NOON - DAY)
    with database.writing() as db:
        on = db.get_one(Slot, some_come).shift_id
        signups.sign_up(Act(db, build.viewer(cast.bo), at), cast.bo, on)
    found = [gap.id for gap in listed(database, cy(cast), at)]
    assert found == [day_before, two_needed, one_needed, some_come]


@both
def test_who_cant_make_it_leaves_a_gap_until_someone_is_found(database, cast, at):
    number, slot = shift(database, cast.driver, places=1, needed=1)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.ana), at), cast.ana, number)
    assert listed(database, cy(cast), at) == []
    late = NOON - timedelta(hours=3)
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(cast.ana), late), cast.ana, number, "Fever")
    (gap,) = listed(database, cy(cast), late)
    assert (gap.id, gap.needed, gap.cant, gap.room) == (slot, 1, 1, True)
    with database.reading() as db:
        (one,) = gaps.who_cant(db, [gap])[slot]
        assert (one.person_id, one.name) == (cast.ana, "Ana Reyes")
    assert names(suggested(database, cy(cast), late, slot).best) == ["Bo"]  # never Ana
    with database.writing() as db:
        signups.sign_up(Act(db, cy(cast), late, "phone"), cast.bo, number, staff=True)
    assert listed(database, cy(cast), late) == []


@both
def test_others_programs_are_not_listed(database, cast, at):
    _, mine = shift(database, cast.driver)
    _, hers = shift(database, cast.host)
    assert [gap.id for gap in listed(database, cy(cast), at)] == [mine]
    assert [gap.id for gap in listed(database, OFFICE, at, last=date(2026, 12, 11), zone=ZONE)] == [
        mine, hers,
    ]  # fmt: skip
    only = listed(database, OFFICE, at, last=date(2026, 12, 11), zone=ZONE, program_id=cast.shelter)
    assert [gap.id for gap in only] == [hers]
    with database.reading() as db, pytest.raises(NotFound):
        managed_slot(db, cy(cast), hers)


@both
def test_a_page_after_the_first_goes_on_where_it_ended(database, cast, at):
    made = [shift(database, cast.desk, starts=NOON + n * DAY)[1] for n in range(5)]
    with database.reading() as db:
        which, found, after = gaps.coming(at, ZONE), [], ""
        while True:
            page = gaps.page(db, cy(cast), which, after, size=2)
            found += [gap.id for gap in page.rows]
            if not (after := page.next):
                break
    assert found == made


# Whom it suggests


@both
def test_who_is_busy_away_without_the_role_or_was_on_it_is_left_out(database, cast, at):
    number, slot = shift(database, cast.driver, places=5, needed=5)
    other, _ = shift(database, cast.desk, starts=NOON + timedelta(hours=1))
    gone = helper(database, cast, "Gus Gone", at)
    away = helper(database, cast, "Amy Away", at)
    helper(database, cast, "Fay Free", at)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.ana), at), cast.ana, other)
        signups.sign_up(Act(db, build.viewer(gone), at), gone, number)
        signups.withdraw(Act(db, build.viewer(gone), at), gone, number)
        signups.sign_up(Act(db, build.viewer(cast.bo), at), cast.bo, number)
        build.absence(db, away, NOON.date(), at)
    assert names(suggested(database, cy(cast), at, slot).best) == ["Fay"]


@both
def test_who_is_not_cleared_on_the_day_is_left_out(database, cast, at):
    _, slot = shift(database, cast.driver, places=5, needed=5)
    with database.writing() as db:
        needed = build.requirement(db, at)
        build.rule(db, at, needed, position_id=cast.driver)
        build.has(db, cast.bo, needed, at.date(), NOON.date(), at)
        build.has(db, cast.ana, needed, at.date(), NOON.date() - DAY, at)  # it ends the day before
    assert names(suggested(database, cy(cast), at, slot).best) == ["Bo"]


@both
def test_the_order_and_its_reasons(database, cast, at):
    """Says they're free, did it before, has no shift beside it, near, asked least; never by name."""
    _number, slot = shift(database, cast.driver, places=9, needed=9)
    free = helper(database, cast, "Zoe Free", at)
    did = helper(database, cast, "Yan Did", at)
    tired = helper(database, cast, "Abe Tired", at)
    asked = helper(database, cast, "Ann Asked", at)
    before, _ = shift(database, cast.driver, starts=NOON - 9 * DAY, places=9)
    eve, _ = shift(database, cast.driver, starts=NOON - DAY, places=9)
    elsewhere, elsewhere_slot = shift(database, cast.driver, starts=NOON + 5 * DAY, places=9)
    with database.writing() as db:
        for person, on in ((did, before), (tired, eve)):
            act = Act(db, OFFICE, NOON - 10 * DAY)
            signups.sign_up(act, person, on, staff=True)
        came = db.scalars(select(Signup).where(Signup.shift_id == before)).one()
        came.attendance = Attendance.ATTENDED
        mark = week_mark(availability.week_of(db, free))
        week = {3: [Span(600, 1200)]}
        availability.set_week(Act(db, build.viewer(free), at), free, week, mark)
        try:
            asks.ask_others(
                Act(db, OFFICE, at), db.get_one(Shift, elsewhere), elsewhere_slot, [asked], ""
            )
        except Preview as preview:
            asks.ask_others(
                Act(db, OFFICE, at),
                db.get_one(Shift, elsewhere),
                elsewhere_slot,
                [asked],
                preview.seen,
            )
        for person in (cast.ana, cast.bo):
            build.absence(db, person, NOON.date(), at)
    found = suggested(database, cy(cast), at, slot)
    assert names(found.best) == ["Zoe", "Yan", "Ann"]  # Abe was up the day before
    reasons = [[str(words) for words in one.reasons] for one in found.best]
    assert reasons[0] == [
        "says they're free",
        "no shift within a week of it",
        "not asked in 30 days",
    ]
    assert reasons[1] == [
        "did it once lately",
        "no shift within a week of it",
        "not asked in 30 days",
    ]
    assert "asked once in 30 days" in reasons[2]
    with database.writing() as db:
        for person in (free, did, asked):
            build.absence(db, person, NOON.date(), at)
    (abe,) = suggested(database, cy(cast), at, slot).best
    assert [str(words) for words in abe.cautions] == ["has a shift the day before"]


@both
def test_near_is_told_from_zip_codes_and_puts_one_first(database, cast, at):
    with database.writing() as db:
        place = build.site(db, "Hall", at, address="1 Main St, Albany, NY 12205").id
        db.get_one(Person, cast.bo).mailing_address = "2 Elm St\nAlbany, NY 12206-1234"
        db.get_one(Person, cast.ana).mailing_address = "9 Far Rd\nIthaca, NY 14850"
    _, slot = shift(database, cast.driver, site_id=place)
    found = suggested(database, cy(cast), at, slot)
    assert names(found.best) == ["Bo", "Ana"]
    assert "about 4 miles away" in [str(words) for words in found.best[0].reasons]
    assert not any("mile" in str(words) for words in found.best[1].reasons)


@both
def test_what_someone_does_in_programs_one_doesnt_hold_tells_nothing(database, cast, at):
    """Z5: they are left out while they are busy, and nothing else of it shows."""
    _, slot = shift(database, cast.driver, places=5, needed=5)
    hidden, _ = shift(database, cast.host, starts=NOON - DAY)
    clash, _ = shift(database, cast.host, starts=NOON + timedelta(hours=1))
    with database.writing() as db:
        build.place(db, cast.bo, cast.host, at)
        build.place(db, cast.ana, cast.host, at)
        signups.sign_up(Act(db, OFFICE, at), cast.bo, hidden, staff=True)
        signups.sign_up(Act(db, OFFICE, at), cast.ana, clash, staff=True)
    found = suggested(database, cy(cast), at, slot)
    assert names(found.best) == ["Bo"]
    assert "no shift within a week of it" in [str(words) for words in found.best[0].reasons]
    assert found.best[0].cautions == []


@both
def test_turns_are_taken_wherever_a_roles_people_stand_among_all(database, cast, at, monkeypatch):
    monkeypatch.setattr("portal.shifts.helper_facts.MOST_PER_ROLE", 2)
    for number in range(4):
        helper(database, cast, f"P{number} More", at)
    with database.writing() as db:  # other roles have many more
        for number in range(60):
            person = build.person(db, f"O{number} Other", at - 30 * DAY).id
            build.place(db, person, cast.desk, at - 30 * DAY)
    seen = set()
    for day in range(14):
        _, slot = shift(database, cast.driver, starts=NOON + day * DAY)
        seen |= set(names(suggested(database, cy(cast), at + day * DAY, slot).best))
    assert seen == {"Ana", "Bo", "P0", "P1", "P2", "P3"}


@both
def test_two_episodes_of_one_role_are_one_person(database, cast, at):
    with database.writing() as db:
        of_bo = select(Placement).where(Placement.person_id == cast.bo)
        first = db.scalars(of_bo).one()
        first.ends_on, first.state = NOON.date() + 9 * DAY, PlacementState.ENDED
        db.flush()
        build.place(db, cast.bo, cast.driver, at, at.date())
    _, slot = shift(database, cast.driver)
    assert sorted(names(suggested(database, cy(cast), at, slot).best)) == ["Ana", "Bo"]


@both
def test_a_role_with_many_people_takes_turns(database, cast, at, monkeypatch):
    monkeypatch.setattr("portal.shifts.helper_facts.MOST_PER_ROLE", 2)
    for number in range(4):
        helper(database, cast, f"P{number} More", at)
    seen = set()
    for day in range(12):
        _, slot = shift(database, cast.driver, starts=NOON + day * DAY)
        found = suggested(database, cy(cast), at + day * DAY, slot)
        assert len(found.best) == 2
        seen |= set(names(found.best))
    assert seen == {"Ana", "Bo", "P0", "P1", "P2", "P3"}


# Calls


@both
def test_a_call_is_shown_for_seven_days_on_every_line_of_that_person(database, cast, at):
    _, slot = shift(database, cast.driver)
    _, other = shift(database, cast.driver, starts=NOON + DAY)
    call(database, cast, at, slot, cast.bo, CallOutcome.NO_ANSWER)
    for line in (slot, other):
        found = suggested(database, cy(cast), at + timedelta(hours=1), line)
        assert (names(found.best), names(found.tried)) == (["Ana"], ["Bo"])
        (noted,) = found.tried[0].calls
        assert (noted.outcome, noted.at, noted.by) == (CallOutcome.NO_ANSWER, at, "Cy Ortega")
    later, _ = shift(database, cast.driver, starts=NOON + 9 * DAY)
    with database.reading() as db:
        last = db.scalars(select(Slot.id).where(Slot.shift_id == later)).one()
    found = suggested(database, cy(cast), at + 6 * DAY, last)
    assert sorted(names(found.best)) == ["Ana", "Bo"]
    assert [len(one.calls) for one in found.best if one.person.id == cast.bo] == [1]
    found = suggested(database, cy(cast), at + 8 * DAY, last)
    assert all(one.calls == () for one in found.best)


@both
def test_the_same_press_twice_notes_one_call_and_old_ones_are_erased(database, cast, at):
    _, slot = shift(database, cast.driver)
    first = call(database, cast, at, slot, cast.bo, CallOutcome.LEFT_MESSAGE)
    second = timedelta(seconds=1)
    assert call(database, cast, at + second, slot, cast.bo, CallOutcome.LEFT_MESSAGE) == first
    _, later = shift(database, cast.driver, starts=NOON + 20 * DAY)
    call(database, cast, at + 8 * DAY, later, cast.ana, CallOutcome.LEFT_MESSAGE)
    with database.reading() as db:
        assert db.scalars(select(ShiftCall.person_id)).all() == [cast.ana]


@both
def test_about_a_shift_that_started_no_call_is_noted(database, cast, at):
    _, slot = shift(database, cast.driver)
    with pytest.raises(Refused, match="already started"):
        call(database, cast, NOON, slot, cast.bo, CallOutcome.NO_ANSWER)


@both
def test_who_said_no_is_off_that_line_until_it_is_undone(database, cast, at):
    _, slot = shift(database, cast.driver)
    with database.writing() as db:
        asks.ask_one(Act(db, cy(cast), at), gaps.coming(at, ZONE), slot, cast.bo)
    said = call(database, cast, at, slot, cast.bo, CallOutcome.SAID_NO)
    found = suggested(database, cy(cast), at, slot)
    assert (names(found.best), names(found.tried), names(found.said_no)) == (["Ana"], [], ["Bo"])
    with database.reading() as db:
        assert db.scalars(select(Ask.answer)).one() == "no"
    with database.writing() as db:
        shift_calls.undo_call(Act(db, cy(cast), at), shift_calls.managed_call(db, cy(cast), said))
    with database.reading() as db:
        assert db.scalars(select(Ask.answer)).one() == ""
        assert db.scalars(select(ShiftCall.id)).all() == []
        done = select(AuditEntry.action).where(AuditEntry.subject_kind == "shift_call")
        assert db.scalars(done.order_by(AuditEntry.id)).all() == [
            "shift_call.said_no", "shift_call.undone",
        ]  # fmt: skip


@both
@pytest.mark.parametrize("what", ["day", "role", "until"])
def test_who_is_not_to_be_asked_is_left_out_where_they_said(database, cast, at, what):
    _, slot = shift(database, cast.driver)
    _, same_day = shift(database, cast.driver, starts=NOON + timedelta(hours=4))
    _, next_day = shift(database, cast.driver, starts=NOON + DAY)
    _, other_role = shift(database, cast.desk, starts=NOON + DAY)
    said = call(database, cast, at, slot, cast.ana, CallOutcome.SAID_NO)
    with database.writing() as db:
        act = Act(db, cy(cast), at)
        row = shift_calls.managed_call(db, act.by, said)
        if what == "day":
            made = shift_calls.pause_day(act, row)
            assert shift_calls.pause_day(act, row) is made  # a second press
        elif what == "role":
            shift_calls.pause_role(act, row)
        else:
            shift_calls.pause_until(act, row, at.date() + 3 * DAY, at.date())
    left = {
        "day": {same_day},
        "role": {same_day, next_day},
        "until": {same_day, next_day, other_role},
    }[what]
    hour = at + timedelta(hours=1)
    for line in (same_day, next_day, other_role):
        found = suggested(database, cy(cast), hour, line)
        there = names([*found.best, *found.tried])
        assert ("Ana" in there) == (line not in left), line
    assert names(suggested(database, cy(cast), hour, slot).said_no) == ["Ana"]
    with database.writing() as db:
        act = Act(db, cy(cast), hour)
        number = db.scalars(select(AskPause.id)).one()
        assert len(shift_calls.pauses_of(db, act.by, cast.ana, at.date())) == 1
        shift_calls.end_pause(act, shift_calls.managed_pause(db, act.by, number))
        assert shift_calls.pauses_of(db, act.by, cast.ana, at.date()) == []
    found = suggested(database, cy(cast), hour, same_day)
    assert "Ana" in names([*found.best, *found.tried])


@both
def test_who_is_not_to_be_asked_stands_on_no_list_to_ask_from(database, cast, at):
    number, slot = shift(database, cast.driver)
    said = call(database, cast, at, slot, cast.bo, CallOutcome.SAID_NO)
    with database.writing() as db:
        act = Act(db, cy(cast, at), at)
        shift_calls.pause_role(act, shift_calls.managed_call(db, act.by, said))
    with database.reading() as db:
        row = db.get_one(Shift, number)
        found = candidates(db, cy(cast, at), row, "", 50, row.slots[0])
        assert [one.id for one in found] == [cast.ana]
        named = candidates(db, cy(cast, at), row, "tanaka", 50, row.slots[0])
        assert [one.id for one in named] == [cast.bo]  # who calls can still be added


@both
def test_a_pause_until_a_day_ends_on_it(database, cast, at):
    _, slot = shift(database, cast.driver)
    _, later = shift(database, cast.driver, starts=NOON + 8 * DAY)
    said = call(database, cast, at, slot, cast.bo, CallOutcome.SAID_NO)
    with database.writing() as db:
        act = Act(db, cy(cast), at)
        row = shift_calls.managed_call(db, act.by, said)
        for wrong in (None, at.date(), at.date() + 400 * DAY):
            with pytest.raises(Refused):
                shift_calls.pause_until(act, row, wrong, at.date())
        shift_calls.pause_until(act, row, at.date() + 5 * DAY, at.date())
    assert "Bo" not in names(suggested(database, cy(cast), at + 4 * DAY, later).best)
    assert "Bo" in names(suggested(database, cy(cast), at + 5 * DAY, later).best)


@both
def test_a_pause_and_a_call_of_another_program_can_not_be_changed(database, cast, at):
    _, hers = shift(database, cast.host)
    mara = Viewer(cast.mara, memberships=frozenset({(Role.COORDINATOR, cast.shelter)}))
    said = call(database, cast, at, hers, cast.hana, CallOutcome.SAID_NO, by=mara)
    with database.writing() as db:
        pause = shift_calls.pause_day(Act(db, mara, at), shift_calls.managed_call(db, mara, said))
        db.flush()
        for scope, number in (
            (shift_calls.managed_call, said),
            (shift_calls.managed_pause, pause.id),
        ):
            with pytest.raises(NotFound):
                scope(db, cy(cast), number)
        assert shift_calls.pauses_of(db, cy(cast), cast.hana, at.date()) == []


@both
@pytest.mark.parametrize("sensitive", [True, False])
def test_calls_for_a_sensitive_program_one_doesnt_hold_dont_show(database, cast, at, sensitive):
    """Z5; those for another public program are named, as the caller is."""
    with database.writing() as db:
        public = build.program(db, "Meals", at)
        role = cast.host if sensitive else build.position(db, public, "Cook", at).id
        program = cast.shelter if sensitive else public.id
        build.place(db, cast.bo, role, at)
    _, hers = shift(database, role)
    _, mine = shift(database, cast.driver, starts=NOON + timedelta(hours=5))
    mara = Viewer(cast.mara, memberships=frozenset({(Role.COORDINATOR, program)}))
    call(database, cast, at, hers, cast.bo, CallOutcome.SAID_NO, by=mara)
    with database.writing() as db:
        shift_calls.open_call(Act(db, mara, at), managed_slot(db, mara, hers), cast.bo)
    found = suggested(database, cy(cast), at, mine)
    with database.reading() as db:
        opened = opened_by_others(db, cy(cast), [cast.bo], at)
    if sensitive:
        assert (sorted(names(found.best)), found.tried, opened) == (["Ana", "Bo"], [], {})
        return
    (bo,) = found.tried
    assert (bo.calls[0].by, bo.calls[0].ours, bo.called_by) == ("Mara Quill", False, "Mara Quill")
    assert opened == {cast.bo: "Mara Quill"}


@both
def test_a_pause_holds_in_its_own_program_alone(database, cast, at):
    _, hers = shift(database, cast.host)
    _, mine = shift(database, cast.driver)
    mara = Viewer(cast.mara, memberships=frozenset({(Role.COORDINATOR, cast.shelter)}))
    with database.writing() as db:
        build.place(db, cast.bo, cast.host, at)
    for by, slot in ((mara, hers), (cy(cast), mine)):
        said = call(database, cast, at, slot, cast.bo, CallOutcome.SAID_NO, by=by)
        with database.writing() as db:
            shift_calls.pause_day(Act(db, by, at), shift_calls.managed_call(db, by, said))
    with database.reading() as db:
        for by in (mara, cy(cast)):  # each has its own, though they are the same
            assert len(shift_calls.pauses_of(db, by, cast.bo, at.date())) == 1
    with database.writing() as db:
        number = shift_calls.pauses_of(db, cy(cast), cast.bo, at.date())[0].id
        act = Act(db, cy(cast), at)
        shift_calls.end_pause(act, shift_calls.managed_pause(db, act.by, number))
    _, same_day = shift(database, cast.driver, starts=NOON + timedelta(hours=5))
    found = suggested(database, cy(cast), at + 2 * DAY - timedelta(hours=1), same_day)
    assert "Bo" in names([*found.best, *found.tried])


@both
def test_undoing_a_no_ends_what_was_noted_from_it(database, cast, at):
    _, slot = shift(database, cast.driver)
    said = call(database, cast, at, slot, cast.bo, CallOutcome.SAID_NO)
    with database.writing() as db:
        act = Act(db, cy(cast), at)
        shift_calls.pause_role(act, shift_calls.managed_call(db, act.by, said))
    with database.writing() as db:
        act = Act(db, cy(cast), at)
        shift_calls.undo_call(act, shift_calls.managed_call(db, act.by, said))
    assert sorted(names(suggested(database, cy(cast), at, slot).best)) == ["Ana", "Bo"]


@both
def test_who_said_no_to_a_shift_is_not_suggested_for_it_again(database, cast, at):
    _, slot = shift(database, cast.driver, starts=NOON + 10 * DAY)
    _, other = shift(database, cast.driver, starts=NOON + 20 * DAY)
    call(database, cast, at, slot, cast.bo, CallOutcome.SAID_NO)
    late = at + 8 * DAY
    call(database, cast, late, other, cast.ana, CallOutcome.NO_ANSWER)  # old ones are erased now
    found = suggested(database, cy(cast), late, slot)
    assert "Bo" not in names([*found.best, *found.tried])
    call(database, cast, NOON + 11 * DAY, other, cast.ana, CallOutcome.LEFT_MESSAGE)
    with database.reading() as db:
        assert db.scalars(select(ShiftCall.person_id).distinct()).all() == [cast.ana]


@both
def test_a_person_whom_another_has_open_is_shown_as_being_called_for_ten_minutes(
    database, cast, at
):
    _, slot = shift(database, cast.driver)
    with database.writing() as db:
        other = build.person(db, "Dee Other", at).id
    memberships = frozenset({(Role.COORDINATOR, cast.rides)})
    dee = Viewer(other, memberships=memberships, today=at.date())
    with database.writing() as db:
        for _ in range(2):  # looked at twice
            row = managed_slot(db, dee, slot)
            shift_calls.open_call(Act(db, dee, at), row, cast.bo)
        with pytest.raises(NotFound):
            shift_calls.open_call(Act(db, dee, at), row, cast.hana)
    found = suggested(database, cy(cast), at, slot)
    assert (names(found.best), found.tried[0].called_by) == (["Ana"], "Dee Other")
    assert sorted(names(suggested(database, dee, at, slot).best)) == ["Ana", "Bo"]  # not to herself
    found = suggested(database, cy(cast), at + timedelta(minutes=10), slot)
    assert sorted(names(found.best)) == ["Ana", "Bo"]
    call(database, cast, at, slot, cast.bo, CallOutcome.NO_ANSWER, by=dee)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(OpenCall)) == 0


# Asking


@both
def test_each_gets_one_message_that_names_all_that_fit(database, cast, at):
    _, first = shift(database, cast.driver, places=5, needed=5)
    _, second = shift(database, cast.driver, starts=NOON + DAY, places=5, needed=5)
    _, desk = shift(database, cast.desk, starts=NOON + DAY, places=5, needed=5)
    phoned = helper(database, cast, "Pat Phone", at, email="")
    off = helper(database, cast, "Olu Off", at)
    with database.writing() as db:
        db.get_one(Person, off).mail_off = "asks,news"
    which = gaps.coming(at, ZONE)
    with database.writing() as db, pytest.raises(Preview) as preview:
        asks.ask_for_gaps(Act(db, cy(cast), at), which, [first, second, desk], "")
    with database.writing() as db:
        seen = preview.value.seen
        assert asks.ask_for_gaps(Act(db, cy(cast), at), which, [first, second, desk], seen) == 2
    with database.reading() as db:
        told = db.execute(select(Message.person_id, Message.kind, Message.channel)).all()
        assert sorted(told) == [
            (cast.ana, "shift.asked_several", Channel.MAIL),
            (cast.bo, "shift.asked_several", Channel.MAIL),
        ]
        pairs = {
            (row.person_id, row.slot_id) for row in db.execute(select(Ask.person_id, Ask.slot_id))
        }
        assert pairs == {
            (cast.ana, first), (cast.ana, second), (cast.ana, desk),
            (cast.bo, first), (cast.bo, second),
        }  # fmt: skip
    found = suggested(database, cy(cast), at, first)
    assert {one.person.id for one in found.best} == {phoned, off}
    assert all(one.call_only for one in found.best)
    assert {one.asked_at for one in found.tried} == {at}
    with database.writing() as db, pytest.raises(Refused, match="No one is left"):
        asks.ask_for_gaps(Act(db, cy(cast), at), which, [first], "")
    with database.writing() as db, pytest.raises(Refused):
        asks.ask_for_gaps(Act(db, cy(cast), at), which, [], "")


@both
def test_who_is_no_longer_as_seen_is_looked_at_again(database, cast, at):
    _, first = shift(database, cast.driver, places=5, needed=5)
    which = gaps.coming(at, ZONE)
    with database.writing() as db, pytest.raises(Preview) as preview:
        asks.ask_for_gaps(Act(db, cy(cast), at), which, [first], "")
    with database.writing() as db:
        build.absence(db, cast.bo, NOON.date(), at)
    with database.writing() as db, pytest.raises(Preview):
        asks.ask_for_gaps(Act(db, cy(cast), at), which, [first], preview.value.seen)
    with database.reading() as db:
        assert db.scalars(select(Ask.id)).all() == []


@both
def test_no_one_is_asked_where_there_is_no_room(database, cast, at):
    number, slot = shift(database, cast.driver, places=2, needed=2)
    with database.writing() as db:
        signups.sign_up(Act(db, OFFICE, at), cast.ana, number, staff=True)
        db.get_one(Slot, slot).held = 1
    which = gaps.coming(at, ZONE)
    with database.writing() as db:
        assert asks.wanted_for(db, cy(cast), which, [slot]) == []
        with pytest.raises(Refused):
            asks.ask_one(Act(db, cy(cast), at), which, slot, cast.bo)


@both
def test_who_is_only_being_called_is_asked_with_the_others(database, cast, at):
    _, slot = shift(database, cast.driver)
    with database.writing() as db:
        other = build.person(db, "Dee Other", at).id
        dee = Viewer(
            other, memberships=frozenset({(Role.COORDINATOR, cast.rides)}), today=at.date()
        )
        shift_calls.open_call(Act(db, dee, at), managed_slot(db, dee, slot), cast.bo)
        (wanted,) = asks.wanted_for(db, cy(cast), gaps.coming(at, ZONE), [slot])
        assert set(wanted.people) == {cast.ana, cast.bo}


@both
def test_one_person_is_asked_once_and_only_if_they_fit(database, cast, at):
    _, slot = shift(database, cast.driver)
    _, hers = shift(database, cast.host)
    which = gaps.coming(at, ZONE)
    with database.writing() as db:
        for _ in range(2):
            asks.ask_one(Act(db, cy(cast), at), which, slot, cast.bo)
        assert [row.kind for row in db.execute(select(Message.kind))] == ["shift.asked"]
        for person, line in ((cast.sol, slot), (cast.hana, slot), (cast.hana, hers)):
            with pytest.raises(Refused):
                asks.ask_one(Act(db, cy(cast), at), which, line, person)
        db.get_one(Person, cast.ana).email = ""
        db.flush()
        with pytest.raises(Refused):
            asks.ask_one(Act(db, cy(cast), at), which, slot, cast.ana)
