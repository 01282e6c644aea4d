"""Adults at all times: minors don't count, one household counts once, too few is told at once and keeps no one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.messages.models import Message
from portal.people.models import Person
from portal.permissions import Role
from portal.shifts import adults, endings, gaps, patterns, releases, shifts, signups, suggestions
from portal.shifts.gaps import coming, upcoming
from portal.shifts.models import Shift, Slot
from portal.shifts.pattern_models import Pattern
from portal.web.errors import Preview
from tests import build
from tests.build import NOON, OFFICE

both = pytest.mark.both_databases
ZONE = "America/New_York"


@pytest.fixture
def shift(database, cast, time) -> int:
    """A shift that needs one driver, has room for four, and needs two adults; Ana and Bo are on it."""
    time.at = NOON - timedelta(days=3)
    with database.writing() as db:
        made = build.shift(db, cast.driver, places=4, adults=2).id
        for one in (cast.ana, cast.bo):
            signups.sign_up(Act(db, OFFICE, time.at), one, made, staff=True, quiet=True)
    return made


def missing(database, shift: int) -> int:
    with database.reading() as db:
        return adults.missing(db, shift)


def listed(database, cast, time) -> list[int]:
    """The gaps that the coordinator reads, which are counted alike on Home."""
    cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with database.reading() as db:
        which = coming(time.at, ZONE)
        rows = gaps.page(db, cy, which).rows
        assert len(rows) == gaps.number(db, cy, which)
        assert all(one.needed for one in rows)
        return [one.shift_id for one in rows]


def told(database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(select(Message.person_id).filter_by(kind="shift.adults")))


@both
def test_minors_do_not_count_and_one_household_counts_once(database, cast, time, shift):
    assert missing(database, shift) == 0
    with database.writing() as db:
        ana, bo = db.get_one(Person, cast.ana), db.get_one(Person, cast.bo)
        ana.mailing_address, bo.mailing_address = "5 Elm Street", " 5 ELM street"
    assert missing(database, shift) == 1
    assert listed(database, cast, time) == [shift]
    with database.writing() as db:
        bo = db.get_one(Person, cast.bo)
        bo.mailing_address, bo.adult_on = "", time.at.date() + timedelta(days=1)
    assert missing(database, shift) == 1
    time.move(days=2)
    assert missing(database, shift) == 0
    assert listed(database, cast, time) == []


@both
def test_two_without_an_address_are_two(database, cast, time, shift):
    with database.writing() as db:
        for one in (cast.ana, cast.bo):
            db.get_one(Person, one).mailing_address = ""
    assert missing(database, shift) == 0


@both
@pytest.mark.parametrize("how", ["cancels", "is removed", "can't come", "is sick"])
def test_too_few_keeps_no_one_and_is_told_at_once(database, cast, time, shift, how, settings):
    ana = build.viewer(cast.ana)
    with database.writing() as db:
        act = Act(db, ana, time.at)
        if how == "cancels":
            signups.withdraw(act, cast.ana, shift)
        elif how == "is removed":
            [signup] = [
                one for one in endings.current_signups(db, shift) if one.person_id == cast.ana
            ]
            signups.remove(Act(db, OFFICE, time.at), signup, "Ill")
        else:
            keep = how == "can't come"
            called = Act(db, OFFICE, time.at, "phone")
            releases.cant_make_it(called, cast.ana, shift, "" if keep else "sick", keep=True)
    assert missing(database, shift) == 1
    assert told(database) == [cast.cy]
    assert listed(database, cast, time) == [shift]
    with database.writing() as db:
        signups.withdraw(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
    assert told(database) == [cast.cy]  # it was too few before


@both
def test_where_enough_are_left_or_no_rule_is_nothing_is_told(database, cast, time, shift):
    with database.writing() as db:
        build.place(db, cast.sol, cast.driver, time.at)
        signups.sign_up(Act(db, OFFICE, time.at), cast.sol, shift, staff=True, quiet=True)
        signups.withdraw(Act(db, build.viewer(cast.sol), time.at), cast.sol, shift)
        plain = build.shift(db, cast.driver, starts=NOON + timedelta(days=1)).id
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, plain, staff=True, quiet=True)
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, plain)
    assert told(database) == []


def test_the_message_is_not_said_once_someone_came(database, cast, time, shift, office):
    with database.writing() as db:
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    office.send()
    [mail] = office.box.to("cy@example.org")
    assert mail["subject"].startswith("Too few adults: Driver")
    with database.writing() as db:
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, shift, staff=True, quiet=True)
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        signups.sign_up(Act(db, OFFICE, time.at), cast.ana, shift, staff=True, quiet=True)
    office.send()
    assert len([one for one in office.box.to("cy@example.org") if "adults" in one["subject"]]) == 1


@both
def test_only_adults_are_suggested_where_only_adults_help(database, cast, time, shift):
    with database.writing() as db:
        for number, adult_on in enumerate((None, date(2027, 5, 1))):
            person = build.person(db, f"Dan{number} Lane", time.at, adult_on=adult_on)
            build.place(db, person.id, cast.driver, time.at)
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        slot = db.scalars(select(Slot.id).filter_by(shift_id=shift)).one()
    with database.reading() as db:
        gap = upcoming(db, OFFICE, slot, time.at)
        assert (gap.needed, gap.for_adults) == (1, True)
        found = suggestions.suggest(db, OFFICE, [gap], time.at, ZONE)[slot].best
        assert [one.person.name for one in found] == ["Dan0 Lane"]


@both
def test_the_number_is_set_copied_and_written_by_patterns(database, cast, time, settings):
    with database.writing() as db:
        pattern = build.pattern(db, cast.driver, time.at, adults=2)
        written = db.scalars(select(Shift.adults).where(Shift.pattern_id == pattern.id)).all()
        assert set(written) == {2}
        act = Act(db, OFFICE, time.at)
        values = patterns.pattern_values(pattern) | {"adults": 3}
        version = values.pop("version")
        wishes = shifts.wishes_of(pattern.slots)
        try:
            patterns.edit_pattern(act, pattern, values, wishes, version, "")
        except Preview as preview:
            patterns.edit_pattern(act, pattern, values, wishes, version, preview.seen)
    with database.reading() as db:
        ahead = select(Shift.adults).where(Shift.starts_at > time.at)
        assert set(db.scalars(ahead)) == {3}
        assert db.scalars(select(Pattern.adults)).all() == [3]


def test_a_coordinator_sets_it_and_reads_it(database, cast, time, as_, shift):
    cy = as_(cast.cy)
    cy.get(f"/shifts/{shift}/edit")
    cy.press(f"/shifts/{shift}", adults="3")
    page = cy.get(f"/shifts/{shift}/roster").text
    assert "needs 1 more adult" in page
    page = cy.get("/gaps").text
    assert "needs 1 more adult" in page
    assert cy.get(f"/shifts/{shift}/edit").text.count('value="3"')
    assert cy.press(f"/shifts/{shift}", adults="11").status_code == 422


@both
def test_whoever_shadows_is_no_adult_and_one_missing_is_one_gap(database, cast, time, shift):
    with database.writing() as db:
        starts = NOON + timedelta(days=1)
        others = ((cast.desk, 0, 2),)
        row = build.shift(db, cast.driver, starts=starts, places=2, adults=2, others=others)
        signups.sign_up(
            Act(db, OFFICE, time.at), cast.ana, row.id, slot_id=row.slots[0].id, staff=True
        )
        row.slots[0].trainees = 1
        db.flush()
        signups.sign_up(
            Act(db, OFFICE, time.at),
            cast.bo,
            row.id,
            slot_id=row.slots[0].id,
            staff=True,
            trainee=True,
        )
        two = row.id
    assert missing(database, two) == 1
    assert listed(database, cast, time) == [two]


def test_a_shift_that_is_full_of_minors_is_listed_and_says_why(database, cast, time, shift, as_):
    with database.writing() as db:
        for one in (cast.ana, cast.bo):
            db.get_one(Person, one).adult_on = date(2027, 5, 1)
        slot = db.scalars(select(Slot).filter_by(shift_id=shift)).one()
        slot.maximum = 2
    cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    with database.reading() as db:
        which = coming(time.at, ZONE)
        [gap] = gaps.page(db, cy, which).rows
        assert (gap.needed, gap.left, gap.adults_missing, gap.open) == (0, 0, 2, False)
        assert gaps.number(db, cy, which) == 1
    assert "needs 2 more adults" in as_(cast.cy).get("/gaps").text


@both
def test_one_household_however_its_address_is_typed(database, cast, time, shift):
    with database.writing() as db:
        ana, bo = db.get_one(Person, cast.ana), db.get_one(Person, cast.bo)
        ana.mailing_address, bo.mailing_address = "5 rue école\nIthaca", "5 RUE ÉCOLE\r\nIthaca "
    assert missing(database, shift) == 1


def test_too_few_is_told_once_an_hour(database, cast, time, shift):
    for _ in range(3):
        with database.writing() as db:
            ana = Act(db, build.viewer(cast.ana), time.at)
            signups.withdraw(ana, cast.ana, shift)
            signups.sign_up(ana, cast.ana, shift)
    assert told(database) == [cast.cy]
