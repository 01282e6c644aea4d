"""Who looks after whom: giving and ending it, standing in, and what each of them sees."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.people import memberships, supervision, supervisors
from portal.people.models import Membership
from portal.people.traits import Supervision
from portal.permissions import Role
from portal.web.errors import NotFound, Refused
from tests import build
from tests.shifts.test_races import at_once

both = pytest.mark.both_databases
TODAY = date(2026, 12, 1)
DAY = timedelta(days=1)


@pytest.fixture
def team(database, cast, time):
    """Kim and Lou supervise in Rides, Max in the shelter: their ids by name."""
    with database.writing() as db:
        made = {}
        for name, program in (("kim", cast.rides), ("lou", cast.rides), ("max", cast.shelter)):
            made[name] = build.person(db, f"{name.title()} Ober", time.at).id
            memberships.grant(Act(db, build.OFFICE, time.at), made[name], Role.SUPERVISOR, program)
    return made


def give(database, cast, time, supervisor, person=None, first=TODAY, last=None, program=None):
    with database.writing() as db:
        return supervision.give(
            Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at),
            person or cast.ana,
            supervisor,
            program or cast.rides,
            first,
            last,
        ).id


def cover(database, time, supervisor, by, first, last):
    with database.writing() as db:
        return supervision.set_cover(
            Act(db, build.viewer(supervisor), time.at), supervisor, by, first, last
        ).id


def acting(database, person, day) -> list[int]:
    with database.reading() as db:
        return [care.acting_id for care in supervisors.supervisors_of(db, person, day)]


@both
def test_given_from_a_day_on_and_ended_with_one(database, cast, time, team):
    number = give(database, cast, time, team["kim"], first=TODAY + DAY)
    assert acting(database, cast.ana, TODAY) == []
    assert acting(database, cast.ana, TODAY + DAY) == [team["kim"]]
    with database.writing() as db:
        row = db.get_one(Supervision, number)
        supervision.end(Act(db, build.OFFICE, time.at), row, TODAY + 9 * DAY)
    assert acting(database, cast.ana, TODAY + 9 * DAY) == [team["kim"]]
    assert acting(database, cast.ana, TODAY + 10 * DAY) == []
    with database.reading() as db:
        actions = db.scalars(
            select(AuditEntry.action)
            .where(AuditEntry.subject_kind == "supervision")
            .order_by(AuditEntry.id)
        )
        assert actions.all() == ["supervision.given", "supervision.ended"]
    give(database, cast, time, team["kim"], first=TODAY + 10 * DAY)
    with pytest.raises(Refused), database.writing() as db:
        supervision.end(Act(db, build.OFFICE, time.at), db.get_one(Supervision, number), TODAY)


@both
@pytest.mark.parametrize(
    ("who", "person", "program", "why"),
    [
        ("kim", "kim", "rides", "be their own supervisor"), ("bo", "ana", "rides", None),
        ("max", "ana", "rides", None), ("max", "ana", "shelter", None),
    ],
)  # fmt: skip
def test_who_may_not_look_after_somebody(database, cast, time, team, who, person, program, why):
    ids = vars(cast) | team
    with pytest.raises(Refused) as refused:
        give(database, cast, time, ids[who], ids[person], program=ids[program])
    if why:
        assert why in str([*refused.value.reasons, *refused.value.fields.values()])
    assert acting(database, ids[person], TODAY) == []


@both
def test_coordinators_and_agency_wide_supervisors_may(database, cast, time, team):
    with database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), cast.wes, Role.SUPERVISOR, None)
    give(database, cast, time, cast.cy)
    give(database, cast, time, cast.wes)
    assert acting(database, cast.ana, TODAY) == [cast.cy, cast.wes]


@both
def test_the_same_is_not_given_twice_on_the_same_days(database, cast, time, team):
    give(database, cast, time, team["kim"], first=TODAY + 5 * DAY, last=TODAY + 9 * DAY)
    for first, last in (
        (TODAY, None),
        (TODAY + 9 * DAY, TODAY + 12 * DAY),
        (TODAY, TODAY + 5 * DAY),
    ):
        with pytest.raises(Refused):
            give(database, cast, time, team["kim"], first=first, last=last)
    give(database, cast, time, team["kim"], first=TODAY, last=TODAY + 4 * DAY)
    give(database, cast, time, team["lou"])


@both
def test_C1_two_who_give_the_same_at_once_give_it_once(database, cast, time, team):
    results = at_once(*[lambda: give(database, cast, time, team["kim"]) for _ in range(4)])
    assert sum(isinstance(one, int) for one in results) == 1
    assert sum(isinstance(one, Refused) for one in results) == 3
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Supervision)) == 1


@both
def test_somebody_stands_in_and_is_stood_in_for(database, cast, time, team):
    give(database, cast, time, team["kim"])
    cover(database, time, team["kim"], team["lou"], TODAY + DAY, TODAY + 5 * DAY)
    give(database, cast, time, team["lou"], cast.bo)
    cover(database, time, team["lou"], cast.cy, TODAY + 3 * DAY, TODAY + 3 * DAY)
    with database.reading() as db:
        found = supervisors.supervisors_of_all(db, [cast.ana, cast.bo], TODAY, TODAY + 7 * DAY)
    days = [(one.acting_id, one.first_day.day, one.last_day.day) for one in found[cast.ana]]
    assert days == [
        (team["kim"], 1, 1), (team["lou"], 2, 3), (cast.cy, 4, 4), (team["lou"], 5, 6), (team["kim"], 7, 8),
    ]  # fmt: skip
    assert {one.supervisor_id for one in found[cast.ana]} == {team["kim"]}
    with database.reading() as db:
        mine = supervisors.supervised_by(db, team["lou"], TODAY + DAY)
        assert sorted((one.person_id, one.supervisor_id) for one in mine) == sorted(
            [(cast.ana, team["kim"]), (cast.bo, team["lou"])]
        )
        assert [
            one.acting_id for one in supervisors.supervised_by(db, team["kim"], TODAY + DAY)
        ] == [team["lou"]]
        later = supervisors.supervised_by(db, cast.cy, TODAY + 3 * DAY)
        assert {one.person_id for one in later} == {cast.ana, cast.bo}


@both
def test_two_who_stand_in_for_each_other_end_somewhere(database, cast, time, team):
    give(database, cast, time, team["kim"])
    give(database, cast, time, team["lou"], cast.bo)
    cover(database, time, team["kim"], team["lou"], TODAY, TODAY)
    cover(database, time, team["lou"], team["kim"], TODAY, TODAY)
    assert acting(database, cast.ana, TODAY) == [team["lou"]]


@both
def test_who_may_stand_in(database, cast, time, team):
    give(database, cast, time, team["kim"])
    for wrong, first, last in (
        (team["kim"], TODAY, TODAY), (team["max"], TODAY, TODAY), (cast.bo, TODAY, TODAY),
        (team["lou"], TODAY, TODAY - DAY),
    ):  # fmt: skip
        with pytest.raises(Refused):
            cover(database, time, team["kim"], wrong, first, last)
    number = cover(database, time, team["kim"], team["lou"], TODAY, TODAY + 2 * DAY)
    with pytest.raises(Refused):
        cover(database, time, team["kim"], cast.cy, TODAY + 2 * DAY, TODAY + 4 * DAY)
    with pytest.raises(NotFound), database.writing() as db:
        supervision.end_cover(Act(db, build.viewer(team["lou"]), time.at), team["lou"], number)
    with database.writing() as db:
        supervision.end_cover(Act(db, build.viewer(team["kim"]), time.at), team["kim"], number)
    assert acting(database, cast.ana, TODAY) == [team["kim"]]


@both
def test_Z5_a_cover_learns_nothing_of_a_program_they_have_no_role_in(database, cast, time, team):
    give(database, cast, time, team["kim"])
    cover(database, time, team["kim"], team["lou"], TODAY, TODAY + 9 * DAY)
    with database.writing() as db:
        memberships.grant(
            Act(db, build.OFFICE, time.at), team["kim"], Role.SUPERVISOR, cast.shelter
        )
        supervision.give(
            Act(db, build.OFFICE, time.at), cast.hana, team["kim"], cast.shelter, TODAY
        )
    assert acting(database, cast.hana, TODAY) == [team["kim"]]
    with database.reading() as db:
        mine = supervisors.supervised_by(db, team["lou"], TODAY)
    assert [one.person_id for one in mine] == [cast.ana]


@both
def test_Z4_who_loses_the_role_looks_after_nobody_at_once(database, cast, time, team):
    give(database, cast, time, team["kim"])
    give(database, cast, time, team["kim"], cast.bo, first=TODAY - 30 * DAY)
    give(database, cast, time, team["lou"])
    with database.writing() as db:
        for name in ("kim", "lou"):
            if name == "lou":
                memberships.grant(
                    Act(db, build.OFFICE, time.at), team[name], Role.COORDINATOR, cast.rides
                )
            row = db.scalars(
                select(Membership).filter_by(person_id=team[name], role=Role.SUPERVISOR)
            ).one()
            memberships.end(Act(db, build.OFFICE, time.at), row.id, "America/New_York")
    assert acting(database, cast.ana, TODAY) == [team["lou"]]
    assert acting(database, cast.bo, TODAY) == []
    assert acting(database, cast.bo, TODAY - DAY) == [team["kim"]]
    with database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), team["kim"], Role.SUPERVISOR, cast.rides)
    give(database, cast, time, team["kim"])


def test_named_and_ended_on_the_persons_page(database, cast, time, as_, team):
    cy, path = as_(cast.cy), f"/people/{cast.ana}"
    page = cy.get(path).text
    assert "No supervisor is assigned." in page
    assert "Max Ober" not in page
    wrong = cy.press(
        f"{path}/supervision",
        supervisor=str(team["kim"]),
        first_day="2026-12-09",
        last_day="2026-12-08",
    )
    assert wrong.status_code == 422
    assert "before the first day" in wrong.text
    page = cy.press(f"{path}/supervision", first_day="2026-11-30", last_day="").text
    assert "Kim Ober" in page
    with database.reading() as db:
        number = db.scalars(select(Supervision.id)).one()
    assert cy.press(f"{path}/supervision/{number}/end", last_day="2026-11-01").status_code == 422
    page = cy.press(f"{path}/supervision/{number}/end", last_day="2026-12-03").text
    assert "Thu, Dec 3" in page
    mara = as_(cast.mara)
    assert mara.post(f"{path}/supervision/{number}/end", last_day="2026-12-02").status_code == 404


def test_each_sees_the_other(database, cast, time, as_, team):
    give(database, cast, time, team["kim"])
    kim = as_(team["kim"])
    assert "/supervision" in kim.get("/me").text
    page = kim.get("/supervision").text
    assert "Ana Reyes" in page
    assert "(555) 555-1234" in page
    assert f'href="/people/{cast.ana}"' not in page
    assert kim.get(f"/people/{cast.ana}").status_code == 404
    assert "Kim Ober" in as_(cast.ana).get("/me/details").text
    kim.get("/supervision")
    page = kim.press(
        "/supervision/covers", first_day="2026-12-01", last_day="2026-12-04", cover=str(team["lou"])
    ).text
    assert "Lou Ober covers for you" in page
    assert "for Kim Ober, who is away" in as_(team["lou"]).get("/supervision").text
    page = as_(cast.ana).get("/me/details").text
    assert "Lou Ober" in page
    assert "while Kim Ober is away" in page
    wrong = kim.press(
        "/supervision/covers", first_day="2026-12-04", last_day="2026-12-05", cover=str(team["lou"])
    )
    assert "Someone already covers some of these days." in wrong.text
    assert as_(team["max"]).get("/supervision").text.count("Ana Reyes") == 0
    assert as_(cast.ana).get("/supervision").status_code == 404
    cy = as_(cast.cy)
    give(database, cast, time, cast.cy, cast.bo)
    assert f'href="/people/{cast.bo}"' in cy.get("/supervision").text
