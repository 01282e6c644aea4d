"""Meetings and socials: invited, answered, in calendars and clashes, never hours."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.act import Act
from portal.agency.settings import change
from portal.audit.models import AuditEntry
from portal.closing import Decision, Do, Span
from portal.commitments.models import Commitment
from portal.hours.models import HoursEntry
from portal.meetings import invitees, leaving, meetings
from portal.meetings.closing import MEETINGS_CLOSED
from portal.meetings.domain import DOMAIN
from portal.meetings.events import feed_of
from portal.meetings.models import Answer, Invitee, Meeting
from portal.meetings.scopes import EVERYONE, managed_meetings, visible_meetings
from portal.merging import merging
from portal.messages.envelopes import envelope_of
from portal.messages.models import Message, State
from portal.people.departures import Leaver
from portal.people.models import Leaving, Person
from portal.permissions import Role
from portal.programs.models import Program, Visibility
from portal.shifts import limits, signups
from portal.shifts.coming import other_times
from portal.web.errors import NotFound, Preview, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.shifts.test_races import at_once
from tests.undo.test_undo import do, take_back
from tests.worker import EVERY_NOTICE, round_of_work

both = pytest.mark.both_databases
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = NOON - 9 * DAY


def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def meeting(database, cast, time) -> int:
    """A meeting of Rides to which Ana and Bo are invited, nine days ahead."""
    time.at = START
    with database.writing() as db:
        return build.meeting(db, cast.rides, [cast.ana, cast.bo], site_id=cast.office).id


def say(database, person, meeting, *, yes, at=START, viewer=None) -> None:
    with database.writing() as db:
        act = Act(db, viewer or build.viewer(person), at)
        invitees.answer(act, db.get_one(Meeting, meeting), person, yes=yes)


def answers(database, meeting) -> dict[int, str]:
    """What everyone said; whoever said yes has their time taken, and no one else."""
    with database.reading() as db:
        rows = db.scalars(select(Invitee).where(Invitee.meeting_id == meeting)).all()
        canceled = db.get_one(Meeting, meeting).canceled_at
        taken = set(db.scalars(select(Commitment.source_id).where(Commitment.kind == "meeting")))
        comes = {row.id for row in rows if row.answer == Answer.YES and not canceled}
        assert taken & {row.id for row in rows} == comes
        return {row.person_id: str(row.answer) for row in rows}


def told(database, person) -> list[str]:
    with database.reading() as db:
        of_them = select(Message.kind).where(Message.person_id == person).order_by(Message.id)
        return [kind for kind in db.scalars(of_them) if kind.startswith("meeting")]


def values(database, meeting):
    with database.reading() as db:
        return meetings.meeting_values(db.get_one(Meeting, meeting))


def change_it(database, meeting, viewer, at=START, **changes):
    given = values(database, meeting)
    with database.writing() as db:
        version = given.pop("version")
        meetings.edit(Act(db, viewer, at), db.get_one(Meeting, meeting), given | changes, version)


@both
def test_a_yes_takes_the_time_and_a_no_gives_it_back(database, cast, time, meeting):
    assert answers(database, meeting) == {cast.ana: "asked", cast.bo: "asked"}
    assert told(database, cast.ana) == ["meeting.invited"]
    say(database, cast.ana, meeting, yes=True)
    say(database, cast.ana, meeting, yes=True)
    assert answers(database, meeting) == {cast.ana: "yes", cast.bo: "asked"}
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=NOON + HOUR).id
        with pytest.raises(Refused, match="meeting"):
            signups.sign_up(Act(db, build.viewer(cast.ana), START), cast.ana, shift)
    say(database, cast.ana, meeting, yes=False)
    assert answers(database, meeting)[cast.ana] == "no"
    assert told(database, cast.ana) == ["meeting.invited", "meeting.accepted"]  # not sent yet
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.ana), START), cast.ana, shift)
    with pytest.raises(Refused):
        say(database, cast.ana, meeting, yes=True)


@both
def test_a_yes_and_a_signup_at_once_never_both(database, cast, time, meeting):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=NOON + HOUR).id

    def sign_up():
        with database.writing() as db:
            signups.sign_up(Act(db, build.viewer(cast.ana), START), cast.ana, shift)

    done = at_once(lambda: say(database, cast.ana, meeting, yes=True), sign_up)
    assert sum(isinstance(one, Refused) for one in done) == 1
    answers(database, meeting)


@both
def test_it_is_neither_hours_nor_counted_by_limits(database, cast, time, meeting):
    with database.writing() as db:
        change(Act(db, OFFICE, START), limits.DAY, 3, SETTINGS, program_id=cast.rides)
        shift = build.shift(db, cast.driver, starts=NOON + 3 * HOUR).id
    say(database, cast.ana, meeting, yes=True)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.ana), START), cast.ana, shift)
    round_of_work(database, SETTINGS, NOON + DAY)
    with database.reading() as db:
        assert db.scalars(select(HoursEntry.id)).all() == []


def test_it_stands_in_the_calendar_and_in_ones_own_schedule_once_one_said_yes(
    database, cast, time, meeting
):
    def titles() -> list[str]:
        with database.reading() as db:
            events = feed_of(db, cast.ana, SETTINGS, "en", START)
            listed = other_times(db, cast.ana, START, NOON + DAY, "UTC", "en")
            assert [one.path for one in listed] == [f"/meetings/{meeting}"] * len(events)
            return [one.summary for one in events]

    assert titles() == []
    say(database, cast.ana, meeting, yes=True)
    assert titles() == ["Monthly meeting"]
    say(database, cast.ana, meeting, yes=False)
    assert titles() == []


def test_in_a_sensitive_program_only_its_label_leaves_and_only_its_people_are_invited(
    database, cast, time
):
    time.at = START
    with database.writing() as db:
        made = build.meeting(db, cast.shelter, site_id=cast.house)
        number = made.id
        assert db.get_one(Program, cast.shelter).visibility != Visibility.PUBLIC
        office = Act(db, OFFICE, START)
        with pytest.raises(Refused) as refused:
            build.invite(office, made, None, cast.sol)
        assert list(refused.value.fields) == ["who"]
        build.invite(office, made, EVERYONE)
        people = [row.person_id for row in invitees.lines_of(db, made.id)]
        assert people
        one = people[0]
    say(database, one, number, yes=True)
    with database.reading() as db:
        event = feed_of(db, one, SETTINGS, "en", START)[0]
        label = db.get_one(Program, cast.shelter).public_label
        assert event.summary == f"Meeting, {label}"
        assert (event.location, event.description) == ("", "")


def test_a_closed_meeting_is_not_saved_while_outsiders_are_invited(database, cast, time, meeting):
    with database.writing() as db:
        build.invite(Act(db, OFFICE, START), db.get_one(Meeting, meeting), None, cast.sol)
        program = db.get_one(Program, cast.rides)
        program.visibility, program.public_label = Visibility.LABEL, "R"
    with pytest.raises(Refused) as refused:
        change_it(database, meeting, cy(cast), title="Another title")
    assert list(refused.value.fields) == ["site_id"]


@both
def test_nobody_is_invited_before_the_list_was_seen(database, cast, time, meeting):
    with database.writing() as db:
        invitees.remove(Act(db, cy(cast), START), db.get_one(Meeting, meeting), cast.ana)
        row = db.get_one(Meeting, meeting)
        with pytest.raises(Preview) as preview:
            invitees.invite(Act(db, cy(cast), START), row, EVERYONE, None, "")
        names = [one.name for one in preview.value.changes]
        assert names == ["Ana Reyes"]
        with pytest.raises(Preview):
            invitees.invite(Act(db, cy(cast), START), row, EVERYONE, None, "other")
        assert [row.person_id for row in invitees.lines_of(db, meeting)] == [cast.bo]


@both
def test_another_time_moves_along_and_names_who_is_busy(database, cast, time, meeting):
    say(database, cast.ana, meeting, yes=True)
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=NOON + 3 * HOUR).id
        signups.sign_up(Act(db, build.viewer(cast.ana), START), cast.ana, shift)
    later = {"starts_at": NOON + 3 * HOUR, "ends_at": NOON + 5 * HOUR}
    with pytest.raises(Refused, match="Ana"):
        change_it(database, meeting, cy(cast), **later)
    later = {"starts_at": NOON + DAY, "ends_at": NOON + DAY + HOUR}
    change_it(database, meeting, cy(cast), **later)
    with database.reading() as db:
        time_taken = db.scalars(select(Commitment).where(Commitment.kind == "meeting")).one()
        assert time_taken.starts_at == NOON + DAY
        assert db.get_one(Meeting, meeting).sequence == 1
    assert told(database, cast.ana)[-1] == "meeting.changed"
    assert told(database, cast.bo) == ["meeting.invited"]  # not sent yet: it says the new time


@both
def test_canceled_everyone_is_free_and_told_and_undo_brings_them_back(
    database, cast, time, meeting
):
    say(database, cast.ana, meeting, yes=True)
    say(database, cast.bo, meeting, yes=False)

    def cancel(act: Act) -> None:
        meetings.cancel(act, act.db.get_one(Meeting, meeting), "Snow")

    undo = do(database, cy(cast), START, cancel)
    assert answers(database, meeting) == {cast.ana: "yes", cast.bo: "no"}
    assert told(database, cast.ana)[-1] == "meeting.canceled"
    assert told(database, cast.bo)[-1] == "meeting.invited"
    with pytest.raises(Refused, match="canceled"):
        say(database, cast.bo, meeting, yes=True)
    take_back(database, cy(cast), START, undo)
    assert answers(database, meeting)[cast.ana] == "yes"
    undo = do(database, cy(cast), START, cancel)
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=NOON + HOUR).id
        signups.sign_up(Act(db, build.viewer(cast.ana), START), cast.ana, shift)
    with pytest.raises(Refused, match="can't come now"):
        take_back(database, cy(cast), START, undo)


def test_undo_of_an_invitation_takes_the_question_back(database, cast, time):
    time.at = START
    with database.writing() as db:
        made = build.meeting(db, cast.rides, site_id=cast.office).id
    undo = do(
        database, cy(cast), START,
        lambda act: build.invite(act, act.db.get_one(Meeting, made), None, cast.ana),
    )  # fmt: skip
    take_back(database, cy(cast), START, undo)
    assert answers(database, made) == {}


def test_an_answer_by_phone_is_noted_and_removing_frees(database, cast, time, meeting):
    with database.writing() as db:
        act = Act(db, cy(cast), START, "phone")
        invitees.answer(act, db.get_one(Meeting, meeting), cast.ana, yes=True)
    with database.writing() as db:
        invitees.remove(Act(db, cy(cast), START), db.get_one(Meeting, meeting), cast.ana)
        invitees.remove(Act(db, cy(cast), START), db.get_one(Meeting, meeting), cast.ana)
    assert answers(database, meeting)[cast.ana] == "removed"
    assert told(database, cast.ana) == ["meeting.invited", "meeting.accepted", "meeting.removed"]
    with pytest.raises(NotFound):
        say(database, cast.ana, meeting, yes=True)
    with database.writing() as db:
        assert db.scalars(select(AuditEntry.action)).all()[-2:] == [
            "meeting.accepted", "meeting.removed",
        ]  # fmt: skip
        build.invite(Act(db, cy(cast), START), db.get_one(Meeting, meeting), None, cast.ana)
    assert answers(database, meeting)[cast.ana] == "asked"


def test_the_reminder_comes_as_early_as_each_chose_and_to_who_comes_only(
    database, cast, time, meeting
):
    say(database, cast.ana, meeting, yes=True)
    for hours in (49, 48, 4, 3):
        time.at = NOON - hours * HOUR
        round_of_work(database, SETTINGS, time.at)
    assert "meeting.reminder" in told(database, cast.ana)
    assert "meeting.reminder" not in told(database, cast.bo)


def test_no_answer_counts_once_it_has_begun(database, cast, time, meeting):
    with pytest.raises(Refused, match="begun"):
        say(database, cast.ana, meeting, yes=True, at=NOON)
    with pytest.raises(Refused, match="begun"):
        change_it(database, meeting, cy(cast), at=NOON, title="Late")


@both
def test_who_leaves_the_program_or_ends_is_taken_off(database, cast, time, meeting):
    say(database, cast.ana, meeting, yes=True)
    role = Leaver(cast.ana, Leaving.ROLE, cast.rides, cast.driver, START)
    with database.writing() as db:
        assert leaving.engaged(db, role, START) == []  # she still serves there
        leaving.release(db, role, START)
    assert answers(database, meeting)[cast.ana] == "yes"
    ended = Leaver(cast.ana, Leaving.ENDED, None, None, START)
    with database.writing() as db:
        assert [one.title for one in leaving.engaged(db, ended, START)] == ["Monthly meeting"]
        leaving.release(db, ended, START)
    assert answers(database, meeting)[cast.ana] == "removed"


@both
def test_a_closing_cancels_moves_or_puts_it_online(database, cast, time, meeting):
    say(database, cast.ana, meeting, yes=True)
    span = Span(NOON - HOUR, NOON + DAY, cast.office, frozenset({cast.rides}))
    with database.writing() as db:
        found = MEETINGS_CLOSED.found(db, cy(cast), span, START)
        assert [(one.id, one.names) for one in found] == [(meeting, ("Ana Reyes",))]
        assert set(MEETINGS_CLOSED.people(db, [meeting])) == {cast.ana, cast.bo}
        act = Act(db, cy(cast), START)
        MEETINGS_CLOSED.settle(act, meeting, Decision(Do.MOVE, days=1), "Snow", {})
        assert db.get_one(Meeting, meeting).starts_at == NOON + DAY
        link = Decision(Do.ONLINE, link="https://meet.example/x")
        MEETINGS_CLOSED.settle(act, meeting, link, "Snow", {})
        assert db.get_one(Meeting, meeting).site_id is None
        MEETINGS_CLOSED.settle(act, meeting, Decision(Do.CANCEL), "Snow", {})
        assert db.get_one(Meeting, meeting).canceled_reason == "Snow"
    with database.reading() as db:
        span = Span(NOON - HOUR, NOON + DAY, cast.office, frozenset({cast.shelter}))
        assert MEETINGS_CLOSED.found(db, cy(cast), span, START) == []


def test_only_its_own_programs_coordinators_manage_it_and_only_the_invited_see_it(
    database, cast, time, meeting
):
    mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
    with database.reading() as db:
        assert db.scalars(managed_meetings(mara)).all() == []
        assert db.scalars(managed_meetings(build.viewer(cast.ana))).all() == []
        assert db.scalars(visible_meetings(build.viewer(cast.sol))).all() == []
        assert len(db.scalars(visible_meetings(build.viewer(cast.ana))).all()) == 1


@both
def test_the_question_is_answered_from_its_message(database, cast, time, meeting):
    answerable = DOMAIN.answerable[Invitee.noun]
    with database.writing() as db:
        row = db.scalars(select(Invitee).where(Invitee.person_id == cast.ana)).one()
        answerable.answer(Act(db, build.viewer(cast.ana), START), row.id, "yes")
        assert answerable.follow_up
        assert answerable.follow_up(db, row.id) == f"/meetings/{meeting}"
    assert answers(database, meeting)[cast.ana] == "yes"
    assert all(kind in EVERY_NOTICE for kind in told(database, cast.ana))


def test_a_group_is_invited_from_the_page_after_a_preview(database, cast, as_, time, meeting):
    with database.writing() as db:
        invitees.remove(Act(db, OFFICE, START), db.get_one(Meeting, meeting), cast.ana)
    page = as_(cast.cy)
    for whom in (EVERYONE, cast.driver):
        page.get(f"/meetings/{meeting}")
        page.press(f"/meetings/{meeting}/people", whom=str(whom), who="")
        assert "Invite 1 person" in page.text
    page.press(f"/meetings/{meeting}/people")
    assert answers(database, meeting)[cast.ana] == "asked"
    page.get(f"/meetings/{meeting}")
    assert page.press(f"/meetings/{meeting}/people", whom="", who="").status_code == 422
    assert page.press(f"/meetings/{meeting}/people", whom=str(cast.host), who="").status_code == 422


def sent(database) -> None:
    """Everything that waits is sent."""
    with database.writing() as db:
        db.execute(update(Message).values(state=State.SENT))


@both
def test_what_was_not_sent_yet_is_not_told_of_twice(database, cast, time, meeting):
    change_it(database, meeting, cy(cast), starts_at=NOON + DAY, ends_at=NOON + DAY + HOUR)
    assert told(database, cast.bo) == ["meeting.invited"]
    sent(database)
    change_it(database, meeting, cy(cast), starts_at=NOON, ends_at=NOON + HOUR)
    change_it(database, meeting, cy(cast), starts_at=NOON + DAY, ends_at=NOON + DAY + HOUR)
    assert told(database, cast.bo) == ["meeting.invited", "meeting.changed"]
    sent(database)
    say(database, cast.ana, meeting, yes=True)
    sent(database)
    say(database, cast.ana, meeting, yes=False)
    assert told(database, cast.ana)[-2:] == ["meeting.accepted", "meeting.taken_back"]


def test_whoever_was_removed_after_a_yes_is_told_although_asked_again(
    database, cast, time, meeting
):
    say(database, cast.ana, meeting, yes=True)
    sent(database)
    with database.writing() as db:
        act, row = Act(db, cy(cast), START), db.get_one(Meeting, meeting)
        invitees.remove(act, row, cast.ana)
        build.invite(act, row, None, cast.ana)
    with database.reading() as db:
        message = db.scalars(select(Message).where(Message.kind == "meeting.removed")).one()
        said = EVERY_NOTICE["meeting.removed"].say(db, envelope_of(message, "en"), SETTINGS, START)
        assert said is not None
        assert said.invite


@pytest.fixture
def outside(database, cast, time, meeting) -> tuple[int, int]:
    """Sol, who doesn't serve in Rides, is invited to its meeting, too; and a confidential location of Rides."""
    with database.writing() as db:
        build.invite(Act(db, OFFICE, START), db.get_one(Meeting, meeting), None, cast.sol)
        house = build.site(db, "Hill House", START, program_id=cast.rides, confidential=True)
        return cast.sol, house.id


@both
def test_Z5_no_outsider_stays_on_the_list_of_a_closed_meeting(
    database, cast, time, meeting, outside
):
    sol, house = outside
    say(database, sol, meeting, yes=False)
    with pytest.raises(Refused):  # also of those who said no
        change_it(database, meeting, cy(cast), site_id=house)

    def remove(act: Act) -> None:
        invitees.remove(act, act.db.get_one(Meeting, meeting), sol)

    undo = do(database, cy(cast), START, remove)
    change_it(database, meeting, cy(cast), site_id=house)
    with pytest.raises(Refused):
        take_back(database, cy(cast), START, undo)
    with database.reading() as db:
        assert db.scalars(visible_meetings(build.viewer(sol))).all() == []


@both
def test_Z5_a_program_that_becomes_sensitive_hides_its_meetings_from_outsiders(
    database, cast, time, meeting, outside
):
    with database.writing() as db:
        program = db.get_one(Program, cast.rides)
        program.visibility, program.public_label = Visibility.LABEL, "R"
    with database.reading() as db:
        assert db.scalars(visible_meetings(build.viewer(outside[0]))).all() == []
        assert len(db.scalars(visible_meetings(build.viewer(cast.ana))).all()) == 1
    with pytest.raises(Refused, match="who serve"):
        say(database, outside[0], meeting, yes=True)


def test_P10_a_confidential_place_is_told_from_the_day_before_to_who_comes_and_noted(
    database, cast, as_, time, meeting, outside
):
    with database.writing() as db:
        invitees.remove(Act(db, OFFICE, START), db.get_one(Meeting, meeting), outside[0])
    change_it(database, meeting, cy(cast), site_id=outside[1])
    ana, page = as_(cast.ana), f"/meetings/{meeting}"
    assert "Hill House" not in ana.get(page).text
    say(database, cast.ana, meeting, yes=True)
    assert "from Wed, Dec 9" in ana.get(page).text
    assert "Hill House" in as_(cast.cy).get(page).text
    time.at = NOON - DAY
    assert "Hill House" in as_(cast.ana).get(page).text
    assert "Hill House" not in as_(cast.bo).get(page).text
    with database.reading() as db:
        noted = db.scalars(select(AuditEntry.person_id).where(AuditEntry.action == "place.read"))
        assert noted.all() == [cast.ana]


@both
def test_undo_of_a_move_brings_a_later_yes_along(database, cast, time, meeting):
    given = values(database, meeting) | {"starts_at": NOON + DAY, "ends_at": NOON + DAY + HOUR}
    version = given.pop("version")

    def move(act: Act) -> None:
        meetings.edit(act, act.db.get_one(Meeting, meeting), given, version)

    undo = do(database, cy(cast), START, move)
    say(database, cast.ana, meeting, yes=True)
    take_back(database, cy(cast), START, undo)
    with database.reading() as db:
        taken = db.scalars(select(Commitment).where(Commitment.kind == "meeting")).one()
        assert (taken.starts_at, taken.ends_at) == (NOON, NOON + 2 * HOUR)


@both
def test_undo_takes_no_time_of_who_is_off_the_list(database, cast, time, meeting):
    say(database, cast.ana, meeting, yes=True)

    def cancel(act: Act) -> None:
        meetings.cancel(act, act.db.get_one(Meeting, meeting), "Snow")

    undo = do(database, cy(cast), START, cancel)
    with database.writing() as db:
        row = db.get_one(Meeting, meeting)
        with pytest.raises(Refused, match="canceled"):
            invitees.remove(Act(db, cy(cast), START), row, cast.ana)
        invitees.remove(Act(db, OFFICE, START), row, cast.ana, leaves=True)
    take_back(database, cy(cast), START, undo)
    assert answers(database, meeting)[cast.ana] == "removed"


def test_a_merge_asks_first_where_both_are_invited_and_one_said_yes(database, cast, time, meeting):
    say(database, cast.bo, meeting, yes=True)
    with database.writing() as db:
        invitees.remove(Act(db, OFFICE, START), db.get_one(Meeting, meeting), cast.ana)
    with database.reading() as db:
        found = merging.plan(db, db.get_one(Person, cast.ana), db.get_one(Person, cast.bo), START)
        assert any("same meeting" in str(one) for one in found.obstacles)


def test_a_closed_program_invites_no_one_and_an_end_long_after_is_a_slip(
    database, cast, time, meeting
):
    with pytest.raises(Refused) as refused:
        change_it(database, meeting, cy(cast), ends_at=NOON + 23 * HOUR)
    assert list(refused.value.fields) == ["ends"]
    with database.writing() as db:
        db.get_one(Program, cast.rides).closed_at = START
        with pytest.raises(Refused, match="closed"):
            build.invite(Act(db, OFFICE, START), db.get_one(Meeting, meeting), None, cast.sol)
