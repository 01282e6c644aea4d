"""When people could come: the week, single days, and finding people by it."""

from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.people import availability
from portal.people.availability import Span, Times, joined, says_free, span_of, week_mark
from portal.people.finding import Wish, could_come
from portal.people.models import Person
from portal.people.traits import Availability, SkillKind
from portal.web.errors import NotFound, Refused, Stale
from tests import build
from tests.browser import forms_of

both = pytest.mark.both_databases
ZONE = "America/New_York"
THURSDAY = date(2026, 12, 10)


def set_week(database, at, person, week) -> None:
    with database.writing() as db:
        before = week_mark(availability.week_of(db, person))
        availability.set_week(Act(db, build.viewer(person), at), person, week, before)


def set_day(database, at, person, day, span) -> None:
    with database.writing() as db:
        availability.set_day(Act(db, build.viewer(person), at), person, day, span, at.date())


def free(database, starts: datetime, hours: float) -> set[str]:
    """First names of those who say that they could come then, as a query and the rows have it."""
    ends = starts + timedelta(hours=hours)
    with database.reading() as db:
        asked = {*db.scalars(select(Person.name).where(could_come(starts, ends, ZONE)))}
        columns = [getattr(Availability, name) for name in Times._fields]
        said = {
            name
            for number, name in db.execute(select(Person.id, Person.name))
            if says_free(
                [
                    Times(*row)
                    for row in db.execute(select(*columns).where(Availability.person_id == number))
                ],
                starts,
                ends,
                ZONE,
            )
        }
    assert said == asked
    return {name.split()[0] for name in asked}


def found(database, **wish) -> set[str]:
    with database.reading() as db:
        query = select(Person.name).where(*Wish(**wish).conditions())
        return {name.split()[0] for name in db.scalars(query)}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of December 2026 by New York's clock."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


def test_spans_that_touch_are_one():
    assert joined([Span(720, 900), Span(540, 720), Span(1000, 1100)]) == [
        Span(540, 900),
        Span(1000, 1100),
    ]
    assert span_of(clock_time(22), clock_time(6)) == Span(1320, 1800)
    assert span_of(clock_time(18), clock_time(0)) == Span(1080, 1440)


@both
def test_the_week_by_the_clock_of_the_place(database, cast, time):
    set_week(database, time.at, cast.ana, {3: [Span(600, 720), Span(720, 900)]})
    set_week(database, time.at, cast.bo, {3: [Span(600, 780)]})
    assert free(database, at(10, 12), 2) == {"Ana"}
    assert free(database, at(10, 10), 3) == {"Ana", "Bo"}
    assert free(database, at(11, 10), 3) == set()
    assert free(database, at(10, 9, 59), 1) == set()


@both
def test_a_single_day_holds_instead_of_the_week(database, cast, time):
    for person in (cast.ana, cast.bo, cast.hana):
        set_week(database, time.at, person, {3: [Span(600, 900)]})
    set_day(database, time.at, cast.ana, THURSDAY, None)
    set_day(database, time.at, cast.bo, THURSDAY, Span(600, 660))
    set_day(database, time.at, cast.sol, THURSDAY, Span(0, 1440))
    assert free(database, at(10, 12), 2) == {"Hana", "Sol"}
    assert free(database, at(10, 10), 1) == {"Bo", "Hana", "Sol"}
    assert free(database, at(17, 12), 2) == {"Ana", "Bo", "Hana"}


@both
def test_a_night_goes_on_into_the_next_morning(database, cast, time):
    set_week(database, time.at, cast.hana, {3: [span_of(*night())]})
    assert free(database, at(10, 23), 6) == {"Hana"}
    assert free(database, at(11, 2), 3) == {"Hana"}
    assert free(database, at(11, 5), 2) == set()
    set_day(database, time.at, cast.hana, THURSDAY + timedelta(days=1), None)
    assert free(database, at(11, 2), 3) == set()
    assert free(database, at(10, 23), 0.5) == {"Hana"}


def night():
    return clock_time(22), clock_time(6)


@both
def test_a_week_is_replaced_and_a_stale_one_refused(database, cast, time):
    set_week(database, time.at, cast.ana, {0: [Span(60, 120)]})
    set_week(database, time.at, cast.ana, {1: [Span(60, 120)]})
    with database.reading() as db:
        assert availability.week_of(db, cast.ana) == {1: [Span(60, 120)]}
    with pytest.raises(Stale), database.writing() as db:
        availability.set_week(Act(db, build.viewer(cast.ana), time.at), cast.ana, {}, week_mark({}))


@both
def test_days_are_one_each_not_over_and_ones_own(database, cast, time):
    set_day(database, time.at, cast.ana, THURSDAY, None)
    set_day(database, time.at, cast.ana, THURSDAY, Span(0, 60))
    with database.reading() as db:
        ((row, span),) = availability.days_of(db, cast.ana, time.at.date())
        assert span == Span(0, 60)
    with pytest.raises(Refused), database.writing() as db:
        yesterday = time.at.date() - timedelta(days=1)
        availability.set_day(
            Act(db, build.viewer(cast.ana), time.at), cast.ana, yesterday, None, time.at.date()
        )
    with pytest.raises(NotFound), database.writing() as db:
        availability.remove_day(Act(db, build.viewer(cast.bo), time.at), cast.bo, row.id)
    with database.writing() as db:
        availability.remove_day(Act(db, build.viewer(cast.ana), time.at), cast.ana, row.id)
        assert db.scalars(select(Availability.id)).all() == []


@both
def test_people_are_found_by_each_part_and_by_all_at_once(database, cast, time):
    with database.writing() as db:
        french = build.skill(db, SkillKind.LANGUAGE, "French", time.at).id
        north = build.skill(db, SkillKind.DISTRICT, "North", time.at).id
        build.can(db, cast.ana, {french: "native"}, [north], time.at, drives=True)
        build.can(db, cast.bo, {french: "basic"}, [], time.at, drives=True, vehicle_seats=2)
    set_week(database, time.at, cast.ana, {0: [Span(540, 720)]})
    assert found(database, speaks=french) == {"Ana", "Bo"}
    assert found(database, speaks=french, level="fluent") == {"Ana"}
    assert found(database, speaks=french, seen=True) == set()
    assert found(database, district=north) == {"Ana"}
    assert found(database, drives="yes") == {"Ana", "Bo"}
    assert found(database, drives="car") == {"Bo"}
    assert found(database, weekday=0) == {"Ana"}
    assert found(database, weekday=0, starts=600, ends=720) == {"Ana"}
    assert found(database, weekday=0, starts=600, ends=730) == set()
    assert found(database, weekday=0, starts=730) == set()
    assert found(database, speaks=french, level="basic", drives="yes", weekday=0) == {"Ana"}


def test_a_wish_says_itself_again_in_an_address():
    assert Wish().query == ""
    assert Wish(weekday=0, starts=0, ends=90, free=True).query == (
        "?weekday=0&starts=00%3A00&ends=01%3A30&free=yes"
    )


def test_one_writes_down_the_week_and_single_days(database, cast, time, as_):
    ana = as_(cast.ana)
    ana.get("/me/skills")
    answer = ana.press("/me/times", **{"days-0-starts": "09:00"})
    assert answer.status_code == 422
    assert "Enter both times" in answer.text
    ana.press(
        "/me/times",
        **{"days-0-ends": "12:00", "days-0-starts_2": "14:00", "days-0-ends_2": "17:00"},
    )
    with database.reading() as db:
        assert availability.week_of(db, cast.ana) == {0: [Span(540, 720), Span(840, 1020)]}
    page = ana.press("/me/days", day="2026-12-24", come="no").text
    assert "not available" in page
    page = ana.press("/me/days", day="2026-12-25", come="yes", starts="10:00", ends="11:00").text
    assert "10:00–11:00 am" in page
    assert ana.press("/me/days", day="2026-11-25", come="no").status_code == 422
    ana.get("/me/skills")
    remove = next(to for to, _ in forms_of(ana.text) if to.endswith("/removal"))
    assert "The date was removed." in ana.press(remove).text
    page = " ".join(as_(cast.cy).get(f"/people/{cast.ana}").text.split())
    assert "Monday: 9:00 am–12:00 pm" in page.replace("9:00–12:00 pm", "9:00 am–12:00 pm")


def test_staff_write_the_week_down_and_how_it_was_asked_is_kept(database, cast, time, as_):
    cy, path = as_(cast.cy), f"/people/{cast.bo}"
    cy.get(f"{path}/skills")
    cy.press(
        f"{path}/times", **{"days-6-starts": "22:00", "days-6-ends": "06:00", "asked": "paper"}
    )
    cy.press(f"{path}/days", day="2026-12-24", come="yes", asked="in_person")
    with database.reading() as db:
        assert availability.week_of(db, cast.bo) == {6: [Span(1320, 1800)]}
        entries = db.execute(
            select(AuditEntry.asked, AuditEntry.detail, AuditEntry.actor_id).where(
                AuditEntry.action == "person.availability"
            )
        ).all()
    assert entries == [("paper", "week", cast.cy), ("in_person", "day", cast.cy)]
    assert as_(cast.mara).post(f"{path}/times").status_code == 404


def test_the_list_the_roster_the_asks_and_letters_are_narrowed(database, cast, time, as_):
    set_week(database, time.at, cast.ana, {3: [Span(600, 1000)]})
    set_week(database, time.at, cast.bo, {0: [Span(600, 1000)]})
    with database.writing() as db:
        shift = build.shift(db, cast.driver).id
        person = build.person(db, "Kit Moor", time.at).id
        build.place(db, person, cast.driver, time.at)
        build.can(db, cast.ana, {}, [], time.at, drives=True)
    cy = as_(cast.cy)
    page = cy.get("/people?drives=yes").text
    assert "Ana Reyes" in page
    assert "Bo Tanaka" not in page
    assert "/letters/new?drives=yes" in page
    page = cy.get("/letters/new?drives=yes").text
    assert "Ana Reyes" in page
    assert "Bo Tanaka" not in page
    assert "/letters?drives=yes" in page
    for path in (f"/shifts/{shift}/roster", f"/shifts/{shift}/asks"):
        page = cy.get(path).text
        assert page.count("said they&#39;re free") == 2  # the filter and one person
        assert page.count("availability unknown") == 1
        assert all(name in page for name in ("Ana Reyes", "Bo Tanaka", "Kit Moor"))
        page = cy.get(f"{path}?free=yes").text
        assert "Ana Reyes" in page
        assert "Bo Tanaka" not in page
        assert "Kit Moor" not in page
        assert f'action="{path}?free=yes"' in page
    cy.get(f"/shifts/{shift}/asks?free=yes")
    cy.press(f"/shifts/{shift}/asks?free=yes")
    assert "Ask 1 person" in cy.text
    cy.get(f"/shifts/{shift}/roster?free=yes")
    answer = cy.press(f"/shifts/{shift}/roster?free=yes", asked="phone")
    assert str(answer.url).endswith("?free=yes")
    assert "Ana Reyes was added to the shift." in answer.text


def test_I1_nonsense_in_the_address_asks_for_nothing(cast, as_):
    cy = as_(cast.cy)
    for value in ("-1", "abc", "25:99", "\x00", "9" * 30, "24:00", "١"):
        query = dict.fromkeys(
            (
                "speaks",
                "level",
                "skill",
                "district",
                "drives",
                "seen",
                "weekday",
                "starts",
                "ends",
            ),
            value,
        )
        answer = cy.get("/people", params=query)
        assert answer.status_code == 200
        assert "Ana Reyes" in answer.text
