"""One closing for everything: what falls into it, each thing canceled, moved, made online or kept by itself."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.closing import Decision, Do
from portal.messages.models import Message
from portal.outreach.talk_models import Presentation, TalkBlock, TalkState
from portal.permissions import Role
from portal.programs.closures import Closed
from portal.programs.models import Closure
from portal.shifts import signups
from portal.shifts.models import Shift
from portal.training import enrolments
from portal.training.models import CourseSession
from portal.web.errors import Preview, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.closings import close, find

both = pytest.mark.both_databases
DAY = date(2026, 12, 10)
ONE = timedelta(days=1)


def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def world(database, cast, time):
    """A shift at the office with Ana, a session there with Bo, a table and a presentation on one day, and a shift
    elsewhere."""
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        shift = build.shift(db, cast.driver, site_id=cast.office).id
        signups.sign_up(act, cast.ana, shift, staff=True, quiet=True)
        course = build.course(db, time.at)
        session = build.session(
            db, course, starts=NOON + timedelta(hours=3), site_id=cast.office, online_link=""
        ).id
        enrolments.enrol(act, cast.bo, session, staff=True)
        talk = build.talk(db, time.at, SETTINGS, starts=NOON + timedelta(hours=1)).id
        other = build.shift(db, cast.desk, starts=NOON + timedelta(hours=6)).id
    return {"s": shift, "t": session, "p": talk, "other": other}


def closed(database, time, by, what, days=0, decisions=None, **where) -> int:
    """Close December 10 as if its preview had been looked at."""
    where = {"first": DAY, "last": DAY} | where
    first, last = where.pop("first"), where.pop("last")
    with database.writing() as db:
        act = Act(db, by, time.at)
        with pytest.raises(Preview) as preview:
            close(act, first, last, what, "", days, decisions, **where)
        return close(act, first, last, what, preview.value.seen, days, decisions, **where)


def keys(database, time, by, **where) -> set:
    with database.reading() as db:
        items = find(db, Act(db, by, time.at), DAY, DAY, **where)
        assert [one.starts_at for one in items] == sorted(one.starts_at for one in items)
        return {one.key for one in items}


@both
def test_everything_of_the_agency_falls_into_its_closing(database, cast, time, world):
    every = {("s", world["s"]), ("s", world["other"]), ("t", world["t"]), ("p", world["p"])}
    assert keys(database, time, OFFICE) == every
    assert keys(database, time, OFFICE, site_id=cast.office) == {
        ("s", world["s"]),
        ("t", world["t"]),
    }
    assert keys(database, time, OFFICE, programs=(cast.shelter,)) == set()
    assert keys(database, time, cy(cast), programs=(cast.rides,)) == {
        ("s", world["s"]),
        ("s", world["other"]),
    }


@both
def test_each_item_is_settled_by_itself(database, cast, time, world):
    decisions = {
        ("s", world["s"]): Decision(Do.MOVE, 1),
        ("t", world["t"]): Decision(Do.ONLINE, 0, "https://meet.example.org/x"),
        ("s", world["other"]): Decision(Do.KEEP),
    }
    assert closed(database, time, OFFICE, Do.CANCEL, 1, decisions) == 3
    with database.reading() as db:
        assert (
            clock.local_day(db.get_one(Shift, world["s"]).starts_at, "America/New_York")
            == DAY + ONE
        )
        session = db.get_one(CourseSession, world["t"])
        assert (session.site_id, session.online_link) == (None, "https://meet.example.org/x")
        assert db.get_one(Shift, world["other"]).canceled_at is None
        talk = db.get_one(Presentation, world["p"])
        assert (talk.state, talk.canceled_reason) == (TalkState.CANCELED, "Snow")
        kinds = set(db.scalars(select(Message.kind)))
        assert {"shift.changed", "training.changed"} <= kinds


@both
def test_all_of_it_happens_or_nothing_and_each_no_has_its_name(database, cast, time, world):
    with database.writing() as db:
        taken = build.shift(db, cast.desk, starts=NOON + ONE, places=3).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, taken, staff=True, quiet=True)
    with pytest.raises(Refused) as no:
        closed(database, time, OFFICE, Do.MOVE, 1)
    [why] = no.value.reasons
    assert "Ana Reyes" in str(why.values["why"])
    with database.reading() as db:
        assert db.get_one(Shift, world["s"]).starts_at == NOON
        assert db.scalars(select(Closure.id)).all() == []


@both
def test_what_moves_on_is_in_no_ones_way(database, cast, time, world):
    with database.writing() as db:
        next_day = build.shift(db, cast.driver, starts=NOON + ONE, site_id=cast.office).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, next_day, staff=True, quiet=True)
    moved = closed(database, time, cy(cast), Do.MOVE, 1, last=DAY + ONE, programs=(cast.rides,))
    assert moved == 3
    with database.reading() as db:
        assert db.get_one(Shift, world["s"]).starts_at == NOON + ONE
        assert db.get_one(Shift, next_day).starts_at == NOON + 2 * ONE


@both
def test_some_hours_leave_the_others_alone(database, cast, time, world):
    afternoon = {"starts": clock.to_local(NOON + timedelta(hours=2), "America/New_York").time()}
    assert keys(database, time, OFFICE, **afternoon) == {("t", world["t"]), ("s", world["other"])}
    with pytest.raises(Refused), database.writing() as db:
        close(Act(db, OFFICE, time.at), DAY, DAY, Do.KEEP, "", starts=time_of(15), ends=time_of(14))


def time_of(hour: int) -> time:
    return time(hour)


@both
def test_only_what_one_manages_can_be_closed(database, cast, time, world):
    for by, where in (
        (cy(cast), {}),
        (cy(cast), {"site_id": cast.office}),
        (cy(cast), {"programs": (cast.shelter,)}),
        (cy(cast), {"programs": (cast.rides, cast.shelter)}),
        (cy(cast), {"programs": ()}),
        (cy(cast), {"programs": (cast.rides,), "site_id": cast.house}),
        (build.viewer(cast.ana), {"programs": (cast.rides,)}),
    ):
        with pytest.raises(Refused) as no, database.writing() as db:
            close(Act(db, by, time.at), DAY, DAY, Do.CANCEL, "", **where)
        assert "where" in no.value.fields
    assert (
        closed(database, time, cy(cast), Do.KEEP, programs=(cast.rides,), site_id=cast.office) == 0
    )


@pytest.mark.parametrize(
    ("closure", "hours", "falls"),
    [
        ({}, (8, 10), True),
        ({"site_id": 2}, (8, 10), False),
        ({"program_id": 2}, (8, 10), False),
        ({"program_id": 1, "site_id": 1}, (8, 10), True),
        ({"starts": time(10)}, (8, 10), False),
        ({"starts": time(9)}, (8, 10), True),
        ({"ends": time(8)}, (8, 10), False),
        ({"ends": time(9)}, (8, 10), True),
        ({"starts": time(1), "first_day": DAY + ONE, "last_day": DAY + ONE}, (22, 2), True),
        ({"starts": time(2), "first_day": DAY + ONE, "last_day": DAY + ONE}, (22, 2), False),
        ({"starts": time(9)}, None, False),
    ],
)
def test_what_a_closure_covers(closure, hours, falls):
    given = {
        "site_id": None,
        "program_id": None,
        "first_day": DAY,
        "last_day": DAY,
        "starts": None,
        "ends": None,
    }
    one = Closed(**given | closure, reason="Snow")
    assert one.covers(DAY, 1, 1, hours and (time(hours[0]), time(hours[1]))) is falls


def test_a_pattern_writes_no_shift_in_the_hours_its_program_is_closed(database, cast, time):
    with database.writing() as db:
        for first, program, starts in (
            (date(2026, 12, 8), cast.rides, clock_time(17)),
            (date(2026, 12, 10), cast.shelter, None),
            (date(2026, 12, 15), cast.rides, clock_time(20)),
        ):
            db.add(
                Closure(
                    first_day=first,
                    last_day=first,
                    program_id=program,
                    starts=starts,
                    reason="Snow",
                )
            )
        pattern = build.pattern(db, cast.driver, time.at)
        days = set(db.scalars(select(Shift.pattern_day).filter_by(pattern_id=pattern.id)))
    assert date(2026, 12, 8) not in days
    assert {date(2026, 12, 10), date(2026, 12, 15)} <= days


clock_time = time_of


def test_a_coordinator_closes_a_place_for_her_program(database, cast, as_, world):
    browser = as_(cast.cy)
    assert "Main office, for my programs" in browser.get("/closures/new").text
    page = browser.get(f"/closures/new?where=mine-{cast.office}&day={DAY}").text
    page = browser.press("/closures", reason="Burst pipe").text
    assert "1 thing is planned then." in page
    assert "Ana Reyes" in page
    path = f"s-{world['s']}"
    page = browser.press("/closures", **{path: "online"}).text  # shifts have no link, so it stays
    assert "The closure was saved. Canceled: 0. Moved: 0. Online: 0. Kept: 1." in page
    assert "Main office, Rides" in page
    with database.reading() as db:
        assert db.get_one(Shift, world["s"]).canceled_at is None


def test_a_link_is_asked_for_and_nothing_typed_is_lost(database, cast, as_, world):
    browser = as_(cast.ada)
    browser.get(f"/closures/new?where=agency&day={DAY}")
    browser.press("/closures", reason="Snow", what="keep")
    name, link = f"t-{world['t']}", f"T-{world['t']}"
    page = browser.press("/closures", **{name: "online", link: "javascript:alert(1)"})
    assert page.status_code == 422
    assert "Boundaries: enter a link that begins with https://" in page.text
    assert "javascript:alert(1)" in page.text
    page = browser.press("/closures", **{name: "online", link: "https://meet.example.org/x"})
    assert "The closure was saved." in page.text
    assert 'action="/undo/' not in page.text  # a training can't be put back


def test_the_search_offers_to_close_a_place(cast, as_):
    page = as_(cast.cy).get("/search?q=main").text
    assert f"/closures/new?where=mine-{cast.office}" in page.replace("&amp;", "&")
    assert "where=" not in as_(cast.ana).get("/search?q=main").text


@both
def test_what_others_run_at_a_place_of_ones_own_is_not_ones_to_settle(database, cast, time, world):
    mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
    with database.writing() as db:
        own = build.shift(db, cast.host, site_id=cast.house).id
        course = build.course(db, time.at, program_id=cast.rides)
        session = build.session(
            db, course, starts=NOON + timedelta(hours=3), site_id=cast.office, online_link=""
        ).id
        for table, number in (
            (Shift, world["s"]),
            (CourseSession, session),
            (Presentation, world["p"]),
        ):
            db.get_one(table, number).site_id = cast.house
        db.get_one(Presentation, world["p"]).program_id = cast.rides
    assert keys(database, time, mara, site_id=cast.house) == {("s", own)}


@both
def test_blocks_of_a_table_go_along_with_their_table(database, cast, time, world):
    with database.writing() as db:
        db.add(TalkBlock(presentation_id=world["p"], shift_id=world["s"]))
    every = {("s", world["other"]), ("t", world["t"]), ("p", world["p"])}
    assert keys(database, time, OFFICE) == every


@both
def test_what_happens_to_all_is_looked_at_before_it_happens(database, cast, time, world):
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        with pytest.raises(Preview) as preview:
            close(act, DAY, DAY, Do.CANCEL, "")
        for what, days in ((Do.MOVE, 0), (Do.KEEP, 0), (Do.CANCEL, 3)):
            with pytest.raises(Preview):
                close(act, DAY, DAY, what, preview.value.seen, days)
    with pytest.raises(Refused) as no, database.writing() as db:
        close(Act(db, OFFICE, NOON + timedelta(days=3)), DAY, DAY, Do.KEEP, "")
    assert "first_day" in no.value.fields


def test_looking_again_does_nothing_and_new_days_are_shown(database, cast, as_, world):
    browser = as_(cast.cy)
    browser.get(f"/closures/new?where=program-{cast.rides}&day={DAY}")
    browser.press("/closures", reason="Snow", what="move", days="1")
    for _ in range(2):
        page = browser.press("/closures", look="yes").text
        assert "2 things are planned then." in page
        assert "Fri, Dec 11" in page
    with database.reading() as db:
        assert db.scalars(select(Closure.id)).all() == []
    assert "Moved: 2." in browser.press("/closures").text
