"""Regular volunteers: what was agreed to and nothing else, date by date, undoable until the cut-off."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.people.models import Person, Status
from portal.people.traits import Absence
from portal.programs.models import Closure
from portal.settings import Settings
from portal.shifts import absences, patterns, regulars, signups
from portal.shifts.dates import dates_of
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.waiting_models import Waiting
from portal.web.errors import NotFound, Preview, Refused
from tests import build
from tests.build import OFFICE
from tests.shifts.test_races import at_once, consistent
from tests.worker import round_of_work

both = pytest.mark.both_databases
FIRST = date(2026, 12, 8)


class Scene:
    """Tuesdays and Thursdays until the end of January, two spots each; Ana takes them regularly."""

    def __init__(self, database, cast, moving) -> None:
        self.database, self.cast, self.clock = database, cast, moving
        with database.writing() as db:
            db.add(
                Closure(first_day=date(2026, 12, 24), last_day=date(2026, 12, 25), reason="Xmas")
            )
        with database.writing() as db:
            pattern = build.pattern(db, cast.driver, moving.at, until=date(2027, 1, 31))
            self.pattern = pattern.id

    def on(self, day) -> int:
        with self.database.reading() as db:
            return db.scalars(
                select(Shift.id).filter_by(pattern_id=self.pattern, pattern_day=day)
            ).one()

    def take(self, person, every=1, last_day=None, selected=(), lines=False, first=FIRST):
        def press(seen):
            with self.database.writing() as db:
                return regulars.take(
                    Act(db, build.viewer(person), self.clock.at),
                    person,
                    self.on(first),
                    self.cast.driver,
                    every,
                    last_day,
                    selected,
                    lines,
                    seen,
                )

        with pytest.raises(Preview) as preview:
            press("")
        return press(preview.value.seen), preview.value.changes

    def days(self, person) -> list[date]:
        with self.database.reading() as db:
            return sorted(
                db.scalars(
                    select(Shift.pattern_day)
                    .join(Signup, Signup.shift_id == Shift.id)
                    .where(Signup.person_id == person, Signup.state == SignupState.SIGNED_UP)
                )
            )

    def regular(self, person) -> int:
        with self.database.reading() as db:
            return db.scalars(select(Regular.id).filter_by(person_id=person)).one()

    def do(self, verb, table, number):
        with self.database.writing() as db:
            row = db.get_one(table, number)
            return verb(Act(db, build.viewer(row.person_id), self.clock.at), row)

    def away(self, person, first, last):
        with self.database.writing() as db:
            return absences.go_away(
                Act(db, build.viewer(person), self.clock.at), person, first, last
            )

    def carry(self, until=date(2027, 2, 28)) -> None:
        with self.database.writing() as db:
            patterns.extend(
                Act(db, OFFICE, self.clock.at), db.get_one(Pattern, self.pattern), until
            )
        round_of_work(self.database, Settings(horizon_weeks=1), self.clock.at)


@pytest.fixture
def scene(database, cast, time):
    return Scene(database, cast, time)


def every_week(scene) -> list[date]:
    with scene.database.reading() as db:
        found = select(Shift.pattern_day).where(Shift.pattern_day >= FIRST)
        return sorted(db.scalars(found))


@both
def test_every_date_is_an_ordinary_signup(scene, cast):
    (taken, joined), dates = scene.take(cast.ana)
    assert (taken, joined) == (len(dates), 0)
    assert scene.days(cast.ana) == every_week(scene)
    assert date(2026, 12, 24) not in scene.days(cast.ana)
    assert consistent(scene.database)


@both
def test_twice_is_refused_before_anything_is_shown(scene, cast):
    scene.take(cast.ana)
    with (
        pytest.raises(Refused, match="already have this recurring shift"),
        scene.database.writing() as db,
    ):
        regulars.take(
            Act(db, build.viewer(cast.ana), scene.clock.at),
            cast.ana,
            scene.on(FIRST),
            cast.driver,
            2,
            None,
            (),
            False,
            "",
        )


@both
def test_every_other_week_and_until_a_day(scene, cast):
    scene.take(cast.ana, every=2, last_day=date(2027, 1, 8))
    weeks = [
        date(2026, 12, 8),
        date(2026, 12, 10),
        date(2026, 12, 22),
        date(2027, 1, 5),
        date(2027, 1, 7),
    ]
    assert scene.days(cast.ana) == weeks


@both
def test_only_the_checked_dates(scene, cast):
    selected = [scene.on(date(2026, 12, 10)), scene.on(date(2026, 12, 17))]
    scene.take(cast.ana, every=0, selected=selected)
    assert scene.days(cast.ana) == [date(2026, 12, 10), date(2026, 12, 17)]
    with scene.database.reading() as db:
        assert db.scalars(select(Regular)).all() == []


@both
def test_what_is_in_the_way_is_told_by_date_and_a_full_one_joins_the_line(scene, cast):
    with scene.database.writing() as db:
        others = [build.person(db, name, scene.clock.at).id for name in ("Cay", "Dot")]
        for other in others:
            build.place(db, other, cast.driver, scene.clock.at)
            signups.sign_up(
                Act(db, build.viewer(other), scene.clock.at), other, scene.on(date(2026, 12, 10))
            )
    (taken, joined), dates = scene.take(cast.ana, lines=True)
    full = next(one for one in dates if one.day == date(2026, 12, 10))
    assert full.full
    assert not full.takes
    assert (taken, joined) == (len(dates) - 1, 1)
    with scene.database.reading() as db:
        assert db.scalars(select(Waiting.person_id)).all() == [cast.ana]


@both
def test_who_may_not_serve_cannot_take_it_regularly(scene, cast):
    with pytest.raises(Refused):
        scene.take(cast.sol)
    with pytest.raises(NotFound), scene.database.writing() as db:
        other = build.shift(db, cast.driver).id  # no pattern wrote it
        regulars.take(
            Act(db, build.viewer(cast.ana), scene.clock.at),
            cast.ana,
            other,
            cast.driver,
            1,
            None,
            (),
            False,
            "",
        )


@both
def test_more_dates_of_the_pattern_carry_regular_people_on(scene, cast):
    scene.take(cast.ana)
    scene.carry()
    assert scene.days(cast.ana) == every_week(scene)
    assert max(scene.days(cast.ana)) > date(2027, 2, 20)
    assert consistent(scene.database)


@both
def test_every_other_week_goes_on_in_its_rhythm(scene, cast):
    scene.take(cast.ana, every=2)
    scene.carry()
    weeks = {
        (day - FIRST).days // 7 - ((day - FIRST).days % 7 == 6) for day in scene.days(cast.ana)
    }
    assert {week % 2 for week in weeks} == {0}
    assert max(scene.days(cast.ana)) > date(2027, 2, 10)


@both
def test_a_skipped_date_stays_skipped_and_can_be_taken_again(scene, cast):
    scene.take(cast.ana)
    shift = scene.on(date(2026, 12, 10))
    with scene.database.writing() as db:
        signups.withdraw(Act(db, build.viewer(cast.ana), scene.clock.at), cast.ana, shift)
    scene.carry()
    assert date(2026, 12, 10) not in scene.days(cast.ana)
    with scene.database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.ana), scene.clock.at), cast.ana, shift)
    assert date(2026, 12, 10) in scene.days(cast.ana)


@both
def test_a_new_obstacle_leaves_the_new_dates_open_and_says_so(scene, cast):
    scene.take(cast.ana)
    before = scene.days(cast.ana)
    with scene.database.writing() as db:
        db.get_one(Person, cast.ana).status = Status.ON_LEAVE
    scene.carry()
    assert scene.days(cast.ana) == before
    with scene.database.reading() as db:
        dates = dates_of(
            Act(db, build.viewer(cast.ana), scene.clock.at), cast.ana, scene.pattern, cast.driver
        )
    assert "active right now" in str(
        next(one for one in dates if one.day > date(2027, 2, 1)).why[0]
    )


@both
def test_being_away_gives_days_back_keeps_new_ones_free_and_is_undone(scene, cast):
    scene.take(cast.ana)
    assert scene.away(cast.ana, date(2026, 12, 14), date(2026, 12, 20)) == (2, 0)
    scene.away(cast.ana, date(2027, 2, 1), date(2027, 2, 10))
    scene.carry()
    gone = {
        date(2026, 12, 15),
        date(2026, 12, 17),
        date(2027, 2, 2),
        date(2027, 2, 4),
        date(2027, 2, 9),
    }
    assert set(every_week(scene)) - set(scene.days(cast.ana)) == gone
    with scene.database.reading() as db:
        numbers = list(db.scalars(select(Absence.id)))
    for number in numbers:
        scene.do(absences.come_back, Absence, number)
    assert scene.days(cast.ana) == every_week(scene)
    assert consistent(scene.database)


@both
def test_what_is_past_its_cut_off_stays_and_is_named(scene, cast, time):
    scene.take(cast.ana)
    time.at = datetime(2026, 12, 10, 20, tzinfo=UTC)  # three hours before
    assert scene.away(cast.ana, date(2026, 12, 10), date(2026, 12, 15)) == (1, 1)
    assert date(2026, 12, 10) in scene.days(cast.ana)


@both
def test_stopping_gives_the_coming_dates_back_and_is_undone(scene, cast):
    scene.take(cast.ana)
    before, number = scene.days(cast.ana), scene.regular(cast.ana)
    given, stay = scene.do(regulars.stop, Regular, number)
    assert (given, stay) == (len(before), 0)
    assert scene.days(cast.ana) == []
    scene.carry()
    assert scene.days(cast.ana) == []
    scene.do(regulars.resume, Regular, number)
    assert scene.days(cast.ana) == before
    assert scene.do(regulars.resume, Regular, number) == 0
    assert consistent(scene.database)


@both
def test_a_stop_is_not_undone_once_it_was_taken_anew(scene, cast):
    scene.take(cast.ana)
    first = scene.regular(cast.ana)
    scene.do(regulars.stop, Regular, first)
    scene.take(cast.ana)
    before = scene.days(cast.ana)
    with pytest.raises(Refused, match="already have this recurring shift"):
        scene.do(regulars.resume, Regular, first)
    assert scene.days(cast.ana) == before


@both
def test_several_workers_and_people_at_once_never_clash(scene, cast):
    scene.take(cast.ana)
    scene.take(cast.bo)
    with scene.database.writing() as db:
        patterns.extend(
            Act(db, OFFICE, scene.clock.at), db.get_one(Pattern, scene.pattern), date(2027, 2, 28)
        )
    work = [lambda: round_of_work(scene.database, Settings(horizon_weeks=1), scene.clock.at)] * 3
    at_once(*work, lambda: scene.away(cast.ana, date(2026, 12, 8), date(2027, 2, 28)))
    round_of_work(scene.database, Settings(horizon_weeks=1), scene.clock.at)
    assert scene.days(cast.bo) == every_week(scene)
    assert consistent(scene.database)


def test_a_regular_volunteer_on_the_pages(scene, cast, as_):
    browser = as_(cast.ana)
    shift = scene.on(FIRST)
    assert "Repeat this shift" in browser.get(f"/shifts/{shift}").text
    browser.get(f"/shifts/{shift}/regular")
    page = browser.press(f"/shifts/{shift}/regular", every="1", last_day="2027-01-08")
    assert "Sign up for 9 of 9 dates" in page.text
    page = browser.press(f"/shifts/{shift}/regular")
    assert "Signed up for 9 dates." in page.text
    assert "Your recurring shifts" in page.text
    number = scene.regular(cast.ana)
    page = browser.get(f"/regulars/{number}")
    assert page.text.count("Skip this date") == 9
    browser.get("/me/away")
    page = browser.press("/me/away", first_day="2026-12-14", last_day="2026-12-18")
    assert "2 spots were canceled." in page.text
    assert "You&#39;re away." in browser.get(f"/regulars/{number}").text
    browser.get("/me/away")
    with scene.database.reading() as db:
        absence = db.scalars(select(Absence.id)).one()
    assert "Signed up again for 2 shifts." in browser.press(f"/absences/{absence}/end").text
    browser.get(f"/regulars/{number}")
    page = browser.press(f"/regulars/{number}/stop")
    assert "9 spots were canceled." in page.text
    assert "Signed up again for 9 shifts." in browser.press(f"/regulars/{number}/resumption").text
    assert as_(cast.bo).get(f"/regulars/{number}").status_code == 404


def test_checking_dates_on_the_page(scene, cast, as_):
    browser = as_(cast.ana)
    shift = scene.on(FIRST)
    browser.get(f"/shifts/{shift}/regular")
    page = browser.press(f"/shifts/{shift}/regular", every="0")
    assert "None of these dates can be taken" in page.text
    assert "Dates" in page.text
    selected = [str(scene.on(date(2026, 12, 10)))]
    assert (
        "Sign up for 1 of 1 date" in browser.press(f"/shifts/{shift}/regular", dates=selected).text
    )
    browser.press(f"/shifts/{shift}/regular", dates=selected)
    assert scene.days(cast.ana) == [date(2026, 12, 10)]
