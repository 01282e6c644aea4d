"""Whoever was not active for 11 months is asked whether they stay, and made inactive only if that reached them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from portal.act import Act
from portal.agency.settings import change
from portal.hours.models import HoursEntry
from portal.lifecycle import activity, retention
from portal.lifecycle.retention_models import Retention, RetentionState
from portal.lifecycle.switched import switched_on
from portal.messages.models import Channel, Message, State
from portal.people.models import Membership, Person, Status
from portal.people.traits import Absence
from portal.permissions import COMMAND_LINE, Role
from portal.programs import authority
from portal.programs.models import Position
from portal.programs.person_models import PersonExit
from portal.shifts import signups
from portal.web.errors import Refused
from tests import build
from tests.shifts.test_races import at_once
from tests.worker import round_of_work

both = pytest.mark.both_databases
ZONE = "America/New_York"
SETTINGS = build.SETTINGS


def turn_on(database, cast, time, *programs) -> None:
    with database.writing() as db:
        for program in programs or (cast.rides,):
            act = Act(db, COMMAND_LINE, time.at)
            change(act, retention.RETENTION, True, SETTINGS, program)


def ask(database, time) -> list[str]:
    """Do the day's asking; gives the names of all who were ever asked."""
    with database.writing() as db:
        retention.each_day(Act(db, COMMAND_LINE, time.at), ZONE)
    with database.reading() as db:
        rows = select(Person.name).join(Retention, Retention.person_id == Person.id)
        return sorted(db.scalars(rows))


def settle(database, time) -> None:
    """What the worker does with the questions whose day has come."""
    today = time.at.date()
    with database.reading() as db:
        due = db.scalars(retention.due(today, time.at)).all()
    for one in due:
        with database.writing() as db:
            retention.settle(Act(db, COMMAND_LINE, time.at), one, ZONE)


def send_all(database) -> None:
    with database.writing() as db:
        mails = update(Message).where(Message.channel == Channel.MAIL)
        db.execute(mails.values(state=State.SENT, sent_at=Message.created_at))


def status(database, person_id) -> Status:
    with database.reading() as db:
        return db.get_one(Person, person_id).status


@pytest.fixture
def quiet(database, cast, time):
    """A year passes in which Ana and Bo, who drive, did nothing."""
    time.move(days=345)


@both
def test_nothing_is_asked_before_a_program_turns_it_on(database, cast, time, quiet):
    assert ask(database, time) == []
    time.move(days=1)
    turn_on(database, cast, time)
    assert ask(database, time) == ["Ana Reyes", "Bo Tanaka"]


@both
@pytest.mark.parametrize(
    "what", ["hours", "signup", "away", "kept", "leave", "staff", "other program", "recent role"]
)
def test_who_is_active_on_leave_or_elsewhere_is_not_asked(database, cast, time, quiet, what):
    lately = time.at - timedelta(days=100)
    with database.writing() as db:
        bo = db.get_one(Person, cast.bo)
        if what == "hours":
            db.add(
                HoursEntry(
                    person_id=bo.id, program_id=cast.rides, position_id=cast.driver, source="own",
                    day=lately.date(), minutes=60, state="approved", recorded_at=lately,
                )
            )  # fmt: skip
        elif what == "signup":
            shift = build.shift(db, cast.driver, starts=time.at + timedelta(days=3))
            signups.sign_up(Act(db, build.viewer(bo.id), time.at), bo.id, shift.id)
        elif what == "away":
            last = lately.date()
            db.add(Absence(person_id=bo.id, first_day=last, last_day=last, since=lately))
        elif what == "kept":
            bo.counted_from = lately.date()
        elif what == "leave":
            bo.status = Status.ON_LEAVE
        elif what == "staff":
            db.add(Membership(person_id=bo.id, role=Role.PRESENTER, since=lately))
        elif what == "other program":
            build.place(db, bo.id, cast.host, time.at)
        else:
            build.place(db, bo.id, cast.desk, time.at, lately.date())
    turn_on(database, cast, time)
    assert ask(database, time) == ["Ana Reyes"]


def test_a_draft_or_void_entry_is_no_activity(database, cast, time, quiet):
    with database.writing() as db:
        for state in ("draft", "void"):
            db.add(
                HoursEntry(
                    person_id=cast.bo, program_id=cast.rides, position_id=cast.driver, source="own",
                    day=time.at.date(), minutes=60, state=state, recorded_at=time.at,
                )
            )  # fmt: skip
    turn_on(database, cast, time)
    assert "Bo Tanaka" in ask(database, time)


@pytest.mark.parametrize(
    ("season", "today", "wanted"),
    [
        ((1, 4), date(2027, 6, 1), (date(2027, 1, 1), date(2027, 4, 30))),
        ((1, 4), date(2027, 4, 30), (date(2026, 1, 1), date(2026, 4, 30))),
        ((11, 2), date(2027, 3, 1), (date(2026, 11, 1), date(2027, 2, 28))),
        ((11, 2), date(2027, 1, 15), (date(2025, 11, 1), date(2026, 2, 28))),
    ],
)
def test_the_last_season_is_the_one_that_ended(season, today, wanted):
    assert activity.last_season(*season, today) == wanted


@both
def test_what_was_done_in_a_season_counts_until_it_ends(database, cast, time):
    """The season of driving is October to May. Bo drove in October and was asked in the next September by the
    plain rule; his season ended in May."""
    with database.writing() as db:
        driver = db.get_one(Position, cast.driver)
        driver.season_from, driver.season_to = 10, 5
        db.execute(update(Person).values(created_at=time.at - timedelta(days=800)))
        db.add(
            HoursEntry(
                person_id=cast.bo, program_id=cast.rides, position_id=cast.driver, source="own",
                day=date(2026, 10, 5), minutes=60, state="approved", recorded_at=time.at,
            )
        )  # fmt: skip
    turn_on(database, cast, time)
    time.move(days=300)  # late September 2027: a year without hours, four months after the season
    with database.reading() as db:
        found = activity.inactive(db, [cast.rides], time.at, ZONE)
        assert cast.bo not in set(db.scalars(found.with_only_columns(Person.id)))
    time.move(days=240)  # May 2028: he did not come in the next one
    with database.reading() as db:
        found = activity.inactive(db, [cast.rides], time.at, ZONE)
        assert cast.bo in set(db.scalars(found.with_only_columns(Person.id)))


@both
def test_its_clock_asks_waits_and_makes_inactive(database, cast, time, quiet):
    turn_on(database, cast, time)
    ask(database, time)
    send_all(database)
    time.move(days=29)
    settle(database, time)
    assert status(database, cast.bo) == Status.ACTIVE
    time.move(days=1)
    settle(database, time)
    settle(database, time)
    assert status(database, cast.bo) == Status.ENDED
    with database.reading() as db:
        left = db.scalars(select(PersonExit).where(PersonExit.person_id == cast.bo)).one()
        assert (left.reason, left.may_return) == ("inactive", "yes")


@both
def test_no_one_is_made_inactive_whom_neither_mail_nor_call_reached(database, cast, time, quiet):
    with database.writing() as db:
        db.get_one(Person, cast.bo).email = ""
    turn_on(database, cast, time)
    ask(database, time)
    time.move(days=60)
    settle(database, time)  # Ana's mail was not sent, and no one called Bo
    assert {status(database, one) for one in (cast.ana, cast.bo)} == {Status.ACTIVE}
    send_all(database)
    settle(database, time)
    assert status(database, cast.ana) == Status.ENDED
    assert status(database, cast.bo) == Status.ACTIVE
    with database.writing() as db:
        call = db.scalars(select(Message).where(Message.channel == Channel.CALL)).one()
        assert call.program_id == cast.rides
        call.state, call.sent_at = State.SENT, time.at  # someone called
    settle(database, time)
    assert status(database, cast.bo) == Status.ACTIVE  # who was told today has 30 days
    time.move(days=31)
    settle(database, time)
    assert status(database, cast.bo) == Status.ENDED


@both
def test_whoever_was_active_since_or_says_so_stays(database, cast, time, quiet):
    turn_on(database, cast, time)
    ask(database, time)
    send_all(database)
    with database.writing() as db:
        rows = {row.person_id: row.id for row in db.scalars(select(Retention))}
        retention.answer(Act(db, build.viewer(cast.ana), time.at), rows[cast.ana], "yes")
        shift = build.shift(db, cast.driver, starts=time.at + timedelta(days=40))
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift.id)
    time.move(days=31)
    settle(database, time)
    with database.reading() as db:
        ended = {row.person_id: row.state for row in db.scalars(select(Retention))}
    assert ended == {cast.ana: RetentionState.KEPT, cast.bo: RetentionState.CLOSED}
    assert {status(database, one) for one in (cast.ana, cast.bo)} == {Status.ACTIVE}
    assert len(ask(database, time)) == 2  # neither is asked again


@both
def test_a_program_that_turned_it_off_makes_no_one_inactive(database, cast, time, quiet):
    turn_on(database, cast, time)
    ask(database, time)
    send_all(database)
    with database.writing() as db:
        change(Act(db, COMMAND_LINE, time.at), retention.RETENTION, False, SETTINGS, cast.rides)
    time.move(days=31)
    settle(database, time)
    assert status(database, cast.bo) == Status.ACTIVE


@both
def test_fifty_a_day_and_each_day_once(database, cast, time, quiet):
    with database.writing() as db:
        for number in range(60):
            one = build.person(db, f"Quiet {number:02}", time.at - timedelta(days=700))
            build.place(db, one.id, cast.driver, time.at - timedelta(days=700))
    turn_on(database, cast, time)
    assert len(ask(database, time)) == 50
    assert len(ask(database, time)) == 50
    time.move(days=1)
    assert len(ask(database, time)) == 62


@both
def test_one_press_in_the_mail_keeps_or_says_that_they_wish_to_leave(
    database, cast, time, quiet, public, office, as_
):
    turn_on(database, cast, time)
    ask(database, time)
    office.send()
    links = {
        mail["To"].addresses[0].addr_spec: str(mail).partition("/mail/")[2].split()[0].strip('">')
        for mail in office.box.mails
    }
    page = public.get(f"/mail/{links['ana@example.org']}").text
    assert "Keep me on the list" in page
    assert status(database, cast.ana) == Status.ACTIVE
    public.press(f"/mail/{links['ana@example.org']}/answer", answer="yes")
    public.get(f"/mail/{links['bo@example.org']}")
    public.press(f"/mail/{links['bo@example.org']}/answer", answer="no")
    assert {status(database, one) for one in (cast.ana, cast.bo)} == {Status.ACTIVE}
    cy = as_(cast.cy)
    assert "People who wish to leave" in cy.get("/me").text
    assert f'href="/people/{cast.bo}/leaving"' in cy.get("/people/staying").text
    public.get(f"/mail/{links['ana@example.org']}")
    assert "Keep me" not in public.text


@both
def test_a_program_looks_at_whom_it_touches_before_it_turns_it_on(database, cast, time, quiet, as_):
    cy = as_(cast.cy)
    cy.get("/people/staying")
    cy.press(f"/people/staying/{cast.rides}", on="yes")
    assert "We would ask 2 people" in cy.text
    assert "Bo Tanaka" in cy.text
    with database.reading() as db:
        assert switched_on(db, retention.RETENTION) == []
    cy.press(f"/people/staying/{cast.rides}", on="yes")
    with database.reading() as db:
        assert switched_on(db, retention.RETENTION) == [cast.rides]
    assert as_(cast.mara).post(f"/people/staying/{cast.rides}", on="yes").status_code == 404
    cy.press(f"/people/staying/{cast.rides}", on="no")
    with database.reading() as db:
        assert switched_on(db, retention.RETENTION) == []


@both
def test_the_office_keeps_what_someone_said_by_phone(database, cast, time, quiet, as_):
    turn_on(database, cast, time)
    ask(database, time)
    with database.reading() as db:
        number = db.scalars(select(Retention.id).where(Retention.person_id == cast.bo)).one()
    path = f"/people/staying/questions/{number}"
    assert as_(cast.mara).post(path, said="yes", asked="phone").status_code == 404
    cy = as_(cast.cy)
    cy.get("/people/staying")
    cy.press(path, said="yes", asked="phone")
    assert "Their answer was saved" in cy.text
    with database.reading() as db:
        row = db.get_one(Retention, number)
        assert (row.state, row.decided_by_id, row.asked) == ("kept", cast.cy, "phone")
    with database.writing() as db, pytest.raises(Refused):
        retention.answer(Act(db, build.viewer(cast.bo), time.at), number, "no")


def test_coming_back_from_leave_begins_the_time_anew(database, cast, time, quiet):
    with database.writing() as db:
        bo = db.get_one(Person, cast.bo)
        bo.status = Status.ON_LEAVE
        db.flush()
        authority.set_status(Act(db, build.OFFICE, time.at), bo, Status.ACTIVE)
    turn_on(database, cast, time)
    assert ask(database, time) == ["Ana Reyes"]


def test_the_worker_does_all_of_it_by_itself(database, cast, time, quiet):
    turn_on(database, cast, time)

    def work() -> None:
        while round_of_work(database, SETTINGS, time.at):
            pass

    work()
    work()
    with database.reading() as db:
        assert len(db.scalars(select(Retention)).all()) == 2
    send_all(database)
    time.move(days=31)
    work()
    assert status(database, cast.bo) == Status.ENDED


@both
def test_A9_no_one_answers_for_whom_they_merely_see(database, cast, time, quiet, as_):
    """Hana serves in the Shelter, which asks her; she applies to Rides, so Cy sees her, and manages her not."""
    turn_on(database, cast, time, cast.shelter)
    ask(database, time)
    with database.writing() as db:
        build.application(db, cast.hana, cast.driver, time.at)
        number = db.scalars(select(Retention.id).where(Retention.person_id == cast.hana)).one()
    cy = as_(cast.cy)
    assert cy.get(f"/people/{cast.hana}").status_code == 200
    assert "Hana" not in cy.get("/people/staying").text
    for said in ("yes", "no"):
        path = f"/people/staying/questions/{number}"
        assert cy.post(path, said=said, asked="phone").status_code == 404


def test_Z5_the_preview_names_no_one_of_another_program_that_asks(database, cast, time, quiet, as_):
    turn_on(database, cast, time, cast.shelter)
    cy = as_(cast.cy)
    cy.get("/people/staying")
    cy.press(f"/people/staying/{cast.rides}", on="yes")
    assert "We would ask 2 people" in cy.text
    assert "Hana" not in cy.text


@both
@pytest.mark.parametrize("how", ["no mail server", "refused later", "sent late"])
def test_a_mail_that_reached_no_one_makes_no_one_inactive(database, cast, time, quiet, how):
    turn_on(database, cast, time)
    ask(database, time)
    with database.writing() as db:
        late = time.at + timedelta(days=20)
        sent = {"state": State.SENT, "sent_at": late if how == "sent late" else time.at}
        if how == "no mail server":
            sent["why"] = "shown"
        db.execute(update(Message).values(**sent))
        if how == "refused later":
            db.execute(update(Person).values(mail_refused_at=time.at))
    time.move(days=35)
    settle(database, time)
    assert status(database, cast.bo) == Status.ACTIVE


@both
def test_two_answers_at_once_count_once(database, cast, time, quiet):
    turn_on(database, cast, time)
    ask(database, time)
    with database.reading() as db:
        number = db.scalars(select(Retention.id).where(Retention.person_id == cast.bo)).one()

    def say(said: str):
        with database.writing() as db:
            db.get_one(Retention, number)  # as a page that was read before
            retention.answer(Act(db, build.viewer(cast.bo), time.at), number, said)
        return said

    said = at_once(lambda: say("yes"), lambda: say("no"))
    assert sum(isinstance(one, Refused) for one in said) == 1
