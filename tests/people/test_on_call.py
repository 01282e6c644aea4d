"""Who is on call: planning, rights that begin and end with the day, covering, and leaving."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.people import departures, memberships, on_call, on_call_reading, sessions, supervision
from portal.people.models import Leaving, Membership, Person, Status
from portal.people.on_call_models import OnCallDay
from portal.permissions import Permission, Role
from portal.programs import notes, programs
from portal.programs.models import Program
from portal.programs.person_models import PersonNote
from portal.web.errors import NotFound, Refused
from tests import build

both = pytest.mark.both_databases
ZONE = "America/New_York"
MONDAY = date(2026, 12, 7)
DAY = timedelta(days=1)
WEEK = 7 * DAY


@pytest.fixture
def team(database, cast, time):
    """Kim and Lou may be on call for Rides, Max for the shelter: their ids by name."""
    with database.writing() as db:
        made = {}
        for name, program in (("kim", cast.rides), ("lou", cast.rides), ("max", cast.shelter)):
            made[name] = build.person(db, f"{name.title()} Ober", time.at).id
            memberships.grant(Act(db, build.OFFICE, time.at), made[name], Role.ON_CALL, program)
    return made


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


def plan(database, viewer, at, person, *weeks, program=None, cast=None, **how):
    with database.writing() as db:
        on_call.plan(
            Act(db, viewer, at), program or cast.rides, person, weeks or [MONDAY], ZONE, **how
        )


def on_call_on(database, cast, day) -> int | None:
    with database.reading() as db:
        return db.scalar(
            select(OnCallDay.person_id).where(
                OnCallDay.program_id == cast.rides, OnCallDay.day == day
            )
        )


def sees(database, person, at) -> bool:
    with database.reading() as db:
        return sessions.viewer_of(db, person, at).may(Permission.SUPERVISION_SEE)


@both
def test_the_rights_begin_and_end_with_the_days(database, cast, time, team, cy):
    plan(database, cy, time.at, team["kim"], cast=cast)
    with database.reading() as db:
        rows = db.scalars(select(OnCallDay).order_by(OnCallDay.day)).all()
        assert [row.day for row in rows] == [MONDAY + number * DAY for number in range(7)]
        begins, ends = rows[0].starts_at, rows[-1].ends_at
    moment = timedelta(microseconds=1)
    with database.writing() as db:
        token, _ = sessions.start_session(db, team["kim"], "Chrome", begins - moment)
    for at, has in ((begins - moment, False), (begins, True)):
        assert sees(database, team["kim"], at) is has
        with database.reading() as db:
            visit = sessions.load_viewer(db, token, at)
            assert visit.viewer.on_call_for == ({cast.rides} if has else set())
    assert sees(database, team["kim"], ends - moment)
    assert not sees(database, team["kim"], ends)
    assert not sees(database, team["lou"], begins)


@both
@pytest.mark.parametrize("lost", ["role", "leave", "end"])
def test_whoever_may_not_be_on_call_any_more_has_no_rights(database, cast, time, team, cy, lost):
    plan(database, cy, time.at, team["kim"], cast=cast)
    at = time.at + 8 * DAY
    assert sees(database, team["kim"], at)
    with database.writing() as db:
        if lost == "role":
            for row in db.scalars(select(Membership).filter_by(person_id=team["kim"])):
                row.until = time.at
        else:
            wanted = Status.ON_LEAVE if lost == "leave" else Status.ENDED
            db.get_one(Person, team["kim"]).status = wanted
    assert not sees(database, team["kim"], at)


@both
def test_who_can_be_put_on_call_and_by_whom(database, cast, time, team, cy):
    with pytest.raises(Refused), database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), cast.bo, Role.ON_CALL_NOW, cast.rides)
    for person in (team["max"], cast.bo, cast.ada):
        with pytest.raises(Refused) as refused:
            plan(database, cy, time.at, person, cast=cast)
        assert set(refused.value.fields) == {"person"}
    with pytest.raises(Refused) as refused:
        plan(database, cy, time.at, team["max"], program=cast.shelter)
    assert set(refused.value.fields) == {"program"}
    kim = build.viewer(team["kim"], (Role.ON_CALL, cast.rides))
    with pytest.raises(Refused):
        plan(database, kim, time.at, team["kim"], cast=cast)
    with pytest.raises(NotFound), database.writing() as db:
        on_call.clear(Act(db, kim, time.at), cast.rides, MONDAY, MONDAY)
    with database.writing() as db:
        db.get_one(Person, team["lou"]).status = Status.ON_LEAVE
    with pytest.raises(Refused):
        plan(database, cy, time.at, team["lou"], cast=cast)
    with database.reading() as db:
        assert [row.name for row in on_call_reading.possible(db, cast.rides)] == [
            "Cy Ortega",
            "Kim Ober",
        ]
        assert db.scalar(select(OnCallDay.id)) is None


@both
def test_someone_else_is_replaced_only_when_asked_to_and_is_told(database, cast, time, team, cy):
    plan(database, cy, time.at, team["kim"], cast=cast)
    with pytest.raises(Refused) as refused:
        plan(database, cy, time.at, team["lou"], cast=cast)
    assert set(refused.value.fields) == {"replace"}
    assert on_call_on(database, cast, MONDAY) == team["kim"]
    with database.writing() as db:
        db.execute(Message.__table__.delete())
    later = time.at + 8 * DAY
    plan(database, cy, later, team["lou"], cast=cast, replace=True)
    today = later.date()
    assert on_call_on(database, cast, today - DAY) == team["kim"], "what is over stays"
    assert on_call_on(database, cast, today) == team["lou"]
    with database.reading() as db:
        told = db.scalars(select(Message.person_id).where(Message.kind == "on_call.planned"))
        assert set(told) == {team["kim"], team["lou"]}
    with pytest.raises(Refused):
        plan(database, cy, time.at + 30 * DAY, team["lou"], cast=cast)


@both
def test_days_are_cleared_until_they_begin(database, cast, time, team, cy):
    plan(database, cy, time.at, team["kim"], cast=cast)
    with database.writing() as db:
        assert on_call.clear(Act(db, cy, time.at), cast.rides, MONDAY + DAY, MONDAY + DAY) == 1
    during = time.at + 8 * DAY
    with database.writing() as db:
        left = on_call.clear(Act(db, cy, during), cast.rides, MONDAY, MONDAY + 6 * DAY)
    assert left == 5
    assert not sees(database, team["kim"], during), "today's day ends at once"
    with database.reading() as db:
        cleared = select(AuditEntry.id).where(AuditEntry.action == "on_call.cleared")
        assert len(db.scalars(cleared).all()) == 1 + left
        rows = db.execute(select(OnCallDay.day, OnCallDay.person_id).order_by(OnCallDay.day))
        assert rows.all() == [(MONDAY, team["kim"]), (during.date(), None)]


@both
def test_one_stays_on_call_until_the_other_agrees(database, cast, time, team, cy):
    plan(database, cy, time.at, team["kim"], cast=cast)
    kim = build.viewer(team["kim"], (Role.ON_CALL, cast.rides))
    lou = build.viewer(team["lou"], (Role.ON_CALL, cast.rides))

    def ask(asked, first=MONDAY, last=MONDAY + DAY, by=kim):
        with database.writing() as db:
            on_call.ask_cover(Act(db, by, time.at), cast.rides, first, last, asked)

    def answer(by, agrees, last=MONDAY + DAY):
        with database.writing() as db:
            on_call.answer_cover(
                Act(db, by, time.at), cast.rides, team["kim"], MONDAY, last, agrees=agrees
            )

    for asked, first, last, by in (
        (team["max"], MONDAY, MONDAY, kim),
        (team["kim"], MONDAY, MONDAY, kim),
        (team["lou"], MONDAY, MONDAY - DAY, kim),
        (team["lou"], MONDAY - WEEK, MONDAY - DAY, kim),
        (team["kim"], MONDAY, MONDAY, lou),
        (team["lou"], MONDAY, MONDAY + WEEK, kim),
    ):
        with pytest.raises(Refused):
            ask(asked, first, last, by)
    ask(team["lou"])
    assert on_call_on(database, cast, MONDAY) == team["kim"]
    with pytest.raises(Refused):
        answer(kim, True)
    answer(lou, False)
    with pytest.raises(Refused):
        answer(lou, True)
    ask(team["lou"], last=MONDAY + 2 * DAY)  # a day more than the page showed
    answer(lou, True)
    assert on_call_on(database, cast, MONDAY + DAY) == team["lou"]
    assert on_call_on(database, cast, MONDAY + 2 * DAY) == team["kim"]
    with database.reading() as db:
        told = db.execute(
            select(Message.kind, Message.person_id).where(
                Message.kind.in_(("on_call.asked", "on_call.covered"))
            )
        ).all()
        assert sorted(told) == sorted(
            2 * [("on_call.asked", team["lou"]), ("on_call.covered", team["kim"])]
        )


@both
def test_who_lost_the_role_meanwhile_takes_nothing_over(database, cast, time, team, cy):
    plan(database, cy, time.at, team["kim"], cast=cast)
    kim = build.viewer(team["kim"], (Role.ON_CALL, cast.rides))
    with database.writing() as db:
        on_call.ask_cover(Act(db, kim, time.at), cast.rides, MONDAY, MONDAY, team["lou"])
        db.scalars(select(Membership).filter_by(person_id=team["lou"])).one().until = time.at
    with pytest.raises(Refused), database.writing() as db:
        lou = Act(db, build.viewer(team["lou"]), time.at)
        on_call.answer_cover(lou, cast.rides, team["kim"], MONDAY, MONDAY, agrees=True)


@both
@pytest.mark.parametrize("cause", [Leaving.ENDED, Leaving.STAFF_ROLE, Leaving.ROLE])
def test_whoever_leaves_is_on_call_no_more_and_the_day_is_open(
    database, cast, time, team, cy, cause
):
    plan(database, cy, time.at, team["kim"], cast=cast)
    kim = build.viewer(team["kim"], (Role.ON_CALL, cast.rides))
    with database.writing() as db:
        on_call.ask_cover(Act(db, kim, time.at), cast.rides, MONDAY, MONDAY, team["lou"])
        if cause == Leaving.STAFF_ROLE:
            db.scalars(select(Membership).filter_by(person_id=team["kim"])).one().until = time.at
    leaver = departures.Leaver(team["kim"], cause, None, None, time.at)
    keeps = cause == Leaving.ROLE
    with database.writing() as db:
        shown = on_call.engaged(db, leaver, time.at)
        freed = on_call.release(db, leaver, time.at)
        assert freed == ([] if keeps else 7 * [cast.rides])
        assert len(shown) == len(freed)
    assert on_call_on(database, cast, MONDAY) == (team["kim"] if keeps else None)
    with database.reading() as db:
        waiting = db.scalars(
            on_call_reading.open_days(OnCallDay.program_id == cast.rides, time.at)
        ).all()
        assert len(waiting) == (0 if keeps else 7)
        assert (db.scalar(select(OnCallDay.asked_id).where(OnCallDay.day == MONDAY)) is None) is (
            not keeps
        )


def test_on_ones_days_one_sees_everyone_who_is_supervised_there(
    database, cast, as_, time, team, cy
):
    with database.writing() as db:
        sam = build.person(db, "Sam Sight", time.at)
        memberships.grant(Act(db, build.OFFICE, time.at), sam.id, Role.SUPERVISOR, cast.rides)
        act = Act(db, cy, time.at)
        supervision.give(act, cast.ana, sam.id, cast.rides, time.at.date())
        notes.add_note(act, cast.ana, cast.rides, time.at.date(), "A note of the office.")
        sam_id = sam.id
    typed = {"day": str(time.at.date()), "words": "Wants more rides.", "program": str(cast.rides)}
    theirs = f"/supervision/{cast.ana}"
    kim = as_(team["kim"])
    assert kim.get("/supervision").status_code == 404
    assert kim.get(theirs).status_code == 404
    plan(database, cy, time.at, team["kim"], cast=cast)
    time.move(days=7)
    kim = as_(team["kim"])
    assert "Ana" in kim.get("/supervision").text
    kim.get(theirs)
    kim.press(f"{theirs}/notes", **typed)
    page = kim.get(theirs).text
    assert "Wants more rides." in page
    assert "A note of the office." not in page
    assert "Wants more rides." in as_(sam_id).get(theirs).text
    assert "Wants more rides." in as_(cast.cy).get(f"/people/{cast.ana}").text
    assert kim.get(f"/supervision/{cast.bo}").status_code == 404
    assert as_(cast.ana).get(theirs).status_code == 404
    time.move(days=7)
    kim = as_(team["kim"])
    assert kim.get(theirs).status_code == 404
    with database.reading() as db:
        assert [
            row.one_to_one for row in db.scalars(select(PersonNote).order_by(PersonNote.id))
        ] == [
            False,
            True,
        ]


def test_the_page_plans_every_few_weeks_and_volunteers_read_who_it_is(
    database, cast, as_, time, team
):
    desk = as_(cast.cy)
    at = f"/on-call/{cast.rides}"
    form = {"person": team["kim"], "first_day": str(MONDAY + 2 * DAY), "every": "2"}
    desk.get(at)
    desk.press(at, **form, last_day=str(MONDAY + 5 * WEEK))
    with database.reading() as db:
        days = db.scalars(select(OnCallDay.day).order_by(OnCallDay.day)).all()
        assert {(day - days[0]).days // 7 for day in days} == {0, 2, 4}
        assert days[0].isoweekday() == 7, "the agency's weeks begin on Sunday"
    assert "Kim Ober" in desk.get("/on-call").text
    assert "Kim Ober" in as_(cast.ana).get("/on-call").text
    assert "Kim Ober" not in as_(cast.mara).get("/on-call").text
    assert as_(cast.hana).get(at).status_code == 404
    assert as_(cast.ana).get(f"{at}/cover").status_code == 404
    time.move(days=(days[0] - time.at.date()).days + 0.5)
    home = as_(cast.ana).get("/me").text
    assert "On call today" in home
    assert "Kim Ober" in home
    assert "Kim Ober" not in as_(cast.mara).get("/me").text


@both
def test_a_program_that_closes_has_no_one_on_call(database, cast, time, team, cy):
    plan(database, cy, time.at, team["kim"], cast=cast)
    at = time.at + 8 * DAY
    with database.writing() as db:
        programs.close(Act(db, build.OFFICE, at), db.get_one(Program, cast.rides))
    assert not sees(database, team["kim"], at)
    with database.reading() as db:
        assert db.scalar(select(OnCallDay.id).where(OnCallDay.starts_at > at)) is None


def test_whoever_is_on_call_for_the_whole_agency_finds_their_days(database, cast, time, as_, cy):
    with database.writing() as db:
        one = build.person(db, "Ona Call", time.at).id
        memberships.grant(Act(db, build.OFFICE, time.at), one, Role.ON_CALL, None)
    plan(database, cy, time.at, one, cast=cast)
    assert "You" in as_(one).get("/on-call").text
    assert "Rides" in as_(one).get("/on-call").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"every": "3"}, "last_day"), ({"last_day": str(MONDAY + WEEK)}, "every"),
        ({"every": "3", "last_day": str(MONDAY - 2 * WEEK)}, "last_day"),
    ],
)  # fmt: skip
def test_turns_have_an_end_and_an_end_has_turns(database, cast, time, as_, team, typed, field):
    desk, at = as_(cast.cy), f"/on-call/{cast.rides}"
    desk.get(at)
    answer = desk.press(at, person=team["kim"], first_day=str(MONDAY), **typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with database.reading() as db:
        assert db.scalar(select(OnCallDay.id)) is None


def test_the_pages_say_which_days_have_no_one(database, cast, time, as_, team, cy):
    plan(database, cy, time.at, team["kim"], cast=cast)
    desk, at = as_(cast.cy), f"/on-call/{cast.rides}"
    desk.get(at)
    wrong = desk.press(f"{at}/clearing", first_day=str(MONDAY + 2 * DAY), last_day=str(MONDAY))
    assert wrong.status_code == 422
    desk.get(at)
    days = {"first_day": str(MONDAY + 2 * DAY), "last_day": str(MONDAY + 3 * DAY)}
    desk.press(f"{at}/clearing", **days)
    assert "2 days were cleared" in desk.text
    page = as_(cast.ana).get("/on-call").text
    assert "No one" in page
    assert "Wed, Dec 9 to Thu, Dec 10" in page
    desk.get(at)
    assert desk.press(f"{at}/clearing", **days).status_code == 422


@both
def test_notes_of_talks_stay_with_whoever_looks_after_someone_in_that_program(
    database, cast, time, team, cy
):
    today = time.at.date()
    with database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), team["kim"], Role.SUPERVISOR, cast.rides)
        for person in (cast.ana, team["lou"]):
            supervision.give(Act(db, cy, time.at), person, team["kim"], cast.rides, today)
    sees_rides = (Role.SUPERVISOR, cast.rides)
    kim = replace(build.viewer(team["kim"], sees_rides), today=today)
    with database.writing() as db:
        act = Act(db, kim, time.at)
        notes.add_one_to_one(act, cast.ana, cast.rides, today, "Rides talk.")
        for program in (cast.shelter, None):
            with pytest.raises(Refused):
                notes.add_one_to_one(act, cast.ana, program, today, "Elsewhere.")
        with pytest.raises(Refused):
            notes.add_one_to_one(act, cast.bo, cast.rides, today, "Not theirs.")
        db.add(
            PersonNote(
                person_id=cast.ana, program_id=cast.shelter, day=today, words="Shelter talk.",
                one_to_one=True, written_at=time.at,
            )
        )  # fmt: skip
    no_role = replace(build.viewer(team["kim"]), today=today)
    lou_on_call = replace(build.viewer(team["lou"], (Role.ON_CALL_NOW, cast.rides)), today=today)
    with database.reading() as db:
        scope = notes.one_to_one_notes(cast.ana, notes.looked_after(db, kim, cast.ana))
        assert db.scalars(scope.with_only_columns(PersonNote.words)).all() == ["Rides talk."]
        assert notes.looked_after(db, kim, cast.ana) == {cast.rides}
        assert notes.looked_after(db, no_role, cast.ana) == set()
        assert notes.looked_after(db, lou_on_call, cast.ana) == {cast.rides}
        assert notes.looked_after(db, lou_on_call, team["lou"]) == set(), "never about oneself"
