"""Groups: spots under one contact, names later, together or never at the same time."""

import contextlib
import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.people.models import Person, Status
from portal.permissions import Role
from portal.programs.models import Program
from portal.shifts import (
    cover,
    group_names,
    group_signups,
    group_spots,
    groups,
    patterns,
    releases,
    reopening,
    shifts,
    signups,
    still_coming,
    waiting,
)
from portal.shifts.candidates import candidates
from portal.shifts.gaps import upcoming
from portal.shifts.group_models import Group, GroupName, GroupSpots, Keep
from portal.shifts.models import Shift, Slot
from portal.shifts.pattern_models import Pattern
from portal.shifts.suggestions import suggest
from portal.web.errors import NotFound, Preview, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.shifts.test_races import at_once, consistent
from tests.undo.test_undo import do, take_back
from tests.worker import round_of_work

both = pytest.mark.both_databases
ZONE = "America/New_York"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def coordinator(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


def group_of(db, cast, keep: Keep = Keep.ALONE) -> Group:
    """A group of Ana, its contact, and Bo."""
    act = Act(db, OFFICE, NOON - 9 * DAY)
    found = groups.add_group(act, db.get_one(Program, cast.rides), "Rowers", cast.ana, keep)
    groups.add_member(act, found, cast.bo)
    return found


@pytest.fixture
def crew(database, cast, time) -> tuple[int, int]:
    """The group, and a shift with six spots; nine days before it."""
    time.at = NOON - 9 * DAY
    with database.writing() as db:
        return group_of(db, cast).id, build.shift(db, cast.driver, places=6, needed=4).id


def spots(database, by, at, crew, number, *, staff=False, without_records=None):
    """The group has so many spots of the shift, by the verb."""
    with database.writing() as db:
        slot = db.scalars(select(Slot).where(Slot.shift_id == crew[1])).one()
        row = group_spots.set_spots(
            Act(db, by, at),
            db.get_one(Group, crew[0]),
            slot,
            number,
            staff=staff,
            without_records=without_records,
        )
        return row and row.id


def filled(database, shift_id) -> int:
    """How many spots of a shift are filled; they are its signups and its groups' spots."""
    assert consistent(database)
    with database.reading() as db:
        return db.scalars(select(Slot.filled).where(Slot.shift_id == shift_id)).one()


def told(database, person) -> list[str]:
    with database.reading() as db:
        rows = db.scalars(select(Message).where(Message.person_id == person).order_by(Message.id))
        return [row.kind for row in rows if row.kind.startswith("group.")]


@both
def test_a_contact_takes_spots_changes_their_number_and_gives_them_back(database, cast, time, crew):
    ana = build.viewer(cast.ana)
    spots(database, ana, time.at, crew, 4)
    assert filled(database, crew[1]) == 4
    with database.reading() as db:
        assert upcoming(db, coordinator(cast), build.slot_of(db, crew[1]), time.at).needed == 0
    with pytest.raises(Refused) as refused:
        spots(database, ana, time.at, crew, 7)
    assert "The group can have 6" in str(refused.value.fields["spots"])
    spots(database, ana, time.at, crew, 6)
    with pytest.raises(Refused), database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, crew[1])
    spots(database, ana, time.at, crew, 1)
    assert filled(database, crew[1]) == 1
    with pytest.raises(Refused, match="too late"):
        spots(database, ana, NOON - HOUR, crew, 0)
    spots(database, coordinator(cast), NOON - HOUR, crew, 0, staff=True)
    assert filled(database, crew[1]) == 0
    assert told(database, cast.ana) == ["group.spots_ended"]  # what she did herself she knows


def test_sign_up_has_to_be_open_for_a_contact_and_not_for_staff(database, cast, time, crew):
    with database.writing() as db:
        db.get_one(Shift, crew[1]).opens_at = NOON - DAY
    with pytest.raises(Refused, match="isn't open"):
        spots(database, build.viewer(cast.ana), time.at, crew, 1)
    spots(database, coordinator(cast), time.at, crew, 1, staff=True)
    with pytest.raises(Refused, match="is over"):
        spots(database, coordinator(cast), NOON + 3 * HOUR, crew, 2, staff=True)


def test_a_group_has_no_spots_in_another_program(database, cast, time, crew):
    with database.writing() as db:
        other = build.shift(db, cast.greeter).id
    with pytest.raises(NotFound):
        spots(database, OFFICE, time.at, (crew[0], other), 1, staff=True)


@both
def test_two_who_take_the_last_spots_at_once_never_both_get_them(database, cast, time, crew):
    def take(number):
        return lambda: spots(database, build.viewer(cast.ana), time.at, crew, number)

    def sign_up(who):
        def one():
            with database.writing() as db:
                signups.sign_up(Act(db, build.viewer(who), time.at), who, crew[1])

        return one

    at_once(take(6), sign_up(cast.bo), sign_up(cast.ana))
    assert filled(database, crew[1]) in (2, 6)


@both
def test_a_member_takes_one_of_the_spots_and_the_shift_is_as_full_as_before(
    database, cast, time, crew
):
    row_id = spots(database, build.viewer(cast.ana), time.at, crew, 6)
    with database.writing() as db:  # someone in line does not get it first
        waiting.join(Act(db, build.viewer(cast.ana), time.at), cast.ana, build.slot_of(db, crew[1]))
    with database.writing() as db:
        row = db.get_one(GroupSpots, row_id)
        group_signups.sign_up_member(
            Act(db, build.viewer(cast.ana), time.at), row, cast.bo, staff=False
        )
        assert row.spots == 5
    assert filled(database, crew[1]) == 6
    with pytest.raises(NotFound), database.writing() as db:  # no member
        act = Act(db, build.viewer(cast.ana), time.at)
        group_signups.sign_up_member(act, db.get_one(GroupSpots, row_id), cast.sol, staff=False)


def test_a_contact_does_not_read_what_is_in_a_members_way(database, cast, time, crew):
    row_id = spots(database, build.viewer(cast.ana), time.at, crew, 2)
    with database.writing() as db:
        signups.sign_up(
            Act(db, OFFICE, time.at), cast.bo, build.shift(db, cast.driver).id, staff=True
        )
    for staff, by, words in (
        (False, build.viewer(cast.ana), "Bo Tanaka can't take this shift. The shift's page"),
        (True, coordinator(cast), "Bo Tanaka is busy then."),
    ):
        with pytest.raises(Refused) as refused, database.writing() as db:
            act = Act(db, by, time.at)
            group_signups.sign_up_member(act, db.get_one(GroupSpots, row_id), cast.bo, staff=staff)
        assert str(refused.value.reasons[0]).startswith(words) or words in str(
            getattr(refused.value.reasons[0], "words", "")
        )
    assert filled(database, crew[1]) == 2


def open_spots(database, cast, at, crew, number):
    """Spots on which people without a record may come, as the coordinator keeps them."""
    return spots(database, coordinator(cast), at, crew, number, staff=True, without_records=True)


def test_only_staff_let_people_without_a_record_come_and_never_to_a_sensitive_program(
    database, cast, time, crew
):
    row_id = spots(database, build.viewer(cast.ana), time.at, crew, 2, without_records=True)
    with pytest.raises(Refused, match="record of their own"), database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        group_names.add_name(act, db.get_one(GroupSpots, row_id), "Rosa Lind")
    open_spots(database, cast, time.at, crew, 2)
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        group_names.add_name(act, db.get_one(GroupSpots, row_id), "Rosa Lind")
        other = build.shift(db, cast.greeter).id
        db.get_one(Group, crew[0]).program_id = cast.testing
    with pytest.raises(Refused) as refused:
        spots(database, OFFICE, time.at, (crew[0], other), 1, staff=True, without_records=True)
    assert "without_records" in refused.value.fields


def test_names_come_later_as_many_as_there_are_spots_and_are_erased(database, cast, time, crew):
    row_id = open_spots(database, cast, time.at, crew, 2)
    with database.writing() as db:
        row, act = db.get_one(GroupSpots, row_id), Act(db, build.viewer(cast.ana), time.at)
        group_names.add_name(act, row, "Rosa Lind")
        with pytest.raises(Refused):
            group_names.add_name(act, row, "rosa lind")
        group_names.add_name(act, row, "Ivo Lind")
        with pytest.raises(Refused):
            group_names.add_name(act, row, "Tess Lind")
        with pytest.raises(Refused):  # no name is thrown away
            group_spots.set_spots(act, row.group, row.slot, 1)
        group_names.take_name_off(act, row, row.names[1].id)
        group_spots.set_spots(act, row.group, row.slot, 1)
        assert [one.name for one in row.names] == ["Rosa Lind"]
    with database.writing() as db:
        assert not list(db.scalars(group_names.over(NOON + 90 * DAY)))
        [old] = db.scalars(group_names.over(NOON + 91 * DAY))
        group_names.erase(db, old)
    with database.reading() as db:
        assert db.scalars(select(GroupName)).all() == []
        assert db.get_one(GroupSpots, row_id).spots == 1


def test_who_came_is_recorded_once_the_shift_began(database, cast, time, crew):
    row_id = spots(database, build.viewer(cast.ana), time.at, crew, 3)
    with database.writing() as db:
        row = db.get_one(GroupSpots, row_id)
        with pytest.raises(Refused):
            group_names.note_came(Act(db, OFFICE, NOON - HOUR), row, 3)
        with pytest.raises(Refused):
            group_names.note_came(Act(db, OFFICE, NOON + HOUR), row, 4)
        group_names.note_came(Act(db, OFFICE, NOON + HOUR), row, 2)
        assert row.came == 2


@both
def test_where_records_are_needed_spots_no_one_took_open_again_at_the_cut_off(
    database, cast, time, crew
):
    spots(database, build.viewer(cast.ana), time.at, crew, 2)
    for at, kinds, number in (
        (NOON - 5 * DAY, [], 2),
        (NOON - 3 * DAY, ["group.names_missing"], 2),
        (NOON - 2 * DAY, ["group.names_missing"], 2),
        (NOON - 23 * HOUR, ["group.names_missing", "group.spots_ended"], 0),
    ):
        time.at = at
        for _ in range(2):
            round_of_work(database, SETTINGS, at)
        assert told(database, cast.ana) == kinds
        assert filled(database, crew[1]) == number


def test_where_people_without_a_record_may_come_they_stay(database, cast, time, crew):
    open_spots(database, cast, time.at, crew, 2)
    for at in (NOON - 3 * DAY, NOON - 23 * HOUR):
        time.at = at
        round_of_work(database, SETTINGS, at)
    assert filled(database, crew[1]) == 2
    assert told(database, cast.ana) == ["group.spots_kept"]


@both
def test_a_canceled_shift_ends_spots_a_moved_one_tells_and_undo_brings_all_back(
    database, cast, time, crew
):
    row_id = open_spots(database, cast, time.at, crew, 2)
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        group_names.add_name(act, db.get_one(GroupSpots, row_id), "Rosa Lind")
    undo = do(
        database,
        coordinator(cast),
        time.at,
        lambda act: shifts.cancel(act, act.db.get_one(Shift, crew[1]), "Snow"),
    )
    assert filled(database, crew[1]) == 0
    take_back(database, coordinator(cast), time.at, undo)
    assert filled(database, crew[1]) == 2
    with database.writing() as db:
        assert [one.name for one in db.get_one(GroupSpots, row_id).names] == ["Rosa Lind"]
        day = (NOON + DAY).date()
        shifts.move_shift(Act(db, OFFICE, time.at), db.get_one(Shift, crew[1]), day, None)
    assert told(database, cast.ana)[-1] == "group.shift_changed"
    assert filled(database, crew[1]) == 2


def together(database, by, at, group_id, shift_id, *, staff=False):
    with database.writing() as db:
        slot = db.scalars(select(Slot).where(Slot.shift_id == shift_id)).one()
        return group_signups.sign_up_together(
            Act(db, by, at), db.get_one(Group, group_id), slot, staff=staff
        )


@both
def test_who_comes_together_is_signed_up_by_the_contact_all_or_none(database, cast, time, as_):
    time.at = NOON - 9 * DAY
    with database.writing() as db:
        group, shift = group_of(db, cast, Keep.TOGETHER).id, build.shift(db, cast.driver).id
        tight = build.shift(db, cast.driver, starts=NOON + DAY, places=1).id
    for who in (cast.ana, cast.bo):
        with pytest.raises(Refused) as refused, database.writing() as db:
            signups.sign_up(Act(db, build.viewer(who), time.at), who, shift)
        [reason] = refused.value.reasons
        assert reason.kind == "kept"
        assert [one.press for one in reason.remedies] == [who == cast.ana]
    with pytest.raises(Refused):
        together(database, build.viewer(cast.ana), time.at, group, tight)
    assert filled(database, tight) == 0
    assert together(database, build.viewer(cast.ana), time.at, group, shift) == 2
    assert filled(database, shift) == 2
    page = as_(cast.bo).get(f"/shifts/{shift}").text
    assert "Ana Reyes comes with you. If you cancel, they stay signed up" in page
    with database.writing() as db:  # no one is kept from canceling
        signups.withdraw(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
    assert filled(database, shift) == 1
    assert told(database, cast.ana) == ["group.fellow_left"]


@both
def test_who_never_serves_at_the_same_time_is_kept_apart(database, cast, time):
    time.at = NOON - 9 * DAY
    with database.writing() as db:
        group_of(db, cast, Keep.APART)
        one, other = (build.shift(db, cast.driver, starts=NOON + n * HOUR).id for n in (0, 1))
        later = build.shift(db, cast.driver, starts=NOON + 3 * HOUR).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, one)
    for shift in (one, other):
        with pytest.raises(Refused) as refused, database.writing() as db:
            signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
        assert [reason.kind for reason in refused.value.reasons] == ["kept"]
        with database.reading() as db:
            gap = upcoming(db, coordinator(cast), build.slot_of(db, shift), time.at)
            if gap:
                found = suggest(db, coordinator(cast), [gap], time.at, ZONE)
                assert cast.bo not in {one.person.id for one in found[gap.id].best}
            row = db.get_one(Shift, shift)
            assert cast.bo not in {one.id for one in candidates(db, coordinator(cast), row, "")}
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, later)
        reason = "Their sister has the children"
        act = Act(db, coordinator(cast), time.at)
        signups.sign_up(act, cast.bo, one, staff=True, over_limit=reason)
        releases.cant_make_it(act, cast.ana, one, "sick")
    with database.reading() as db:
        details = db.scalars(select(AuditEntry.detail).where(AuditEntry.action == "signup.made"))
        assert list(details)[-1] == "over_limit"


@both
def test_two_kept_apart_who_press_at_once_are_not_both_taken(database, cast, time):
    time.at = NOON - 9 * DAY
    with database.writing() as db:
        group_of(db, cast, Keep.APART)
        ids = [build.shift(db, cast.driver, starts=NOON + n * HOUR).id for n in (0, 1)]

    def press(who, shift):
        def one():
            with database.writing() as db:
                signups.sign_up(Act(db, build.viewer(who), time.at), who, shift)

        return one

    at_once(press(cast.ana, ids[0]), press(cast.bo, ids[1]))
    assert sum(filled(database, one) for one in ids) == 1


def test_a_group_of_another_program_keeps_no_one(database, cast, time):
    time.at = NOON - 9 * DAY
    with database.writing() as db:
        group_of(db, cast, Keep.TOGETHER).program_id = cast.testing
        shift = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
    assert filled(database, shift) == 1


def test_a_group_with_spots_is_not_ended_and_its_contact_stays(database, cast, time, crew):
    spots(database, build.viewer(cast.ana), time.at, crew, 1)
    with database.writing() as db:
        group, act = db.get_one(Group, crew[0]), Act(db, coordinator(cast), time.at)
        with pytest.raises(Refused):
            groups.end_group(act, group)
        with pytest.raises(Refused):
            groups.take_member_off(act, group, cast.ana)
        with pytest.raises(Refused):
            groups.set_contact(act, group, cast.sol)
        groups.set_contact(act, group, cast.bo)
        groups.take_member_off(act, group, cast.ana)
    spots(database, coordinator(cast), time.at, crew, 0, staff=True)
    with database.writing() as db:
        groups.end_group(Act(db, coordinator(cast), time.at), db.get_one(Group, crew[0]))
    with pytest.raises(NotFound):
        spots(database, coordinator(cast), time.at, crew, 1, staff=True)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_spots_are_never_more_than_there_are(seed, database, cast, time, crew):
    chance, ana = random.Random(seed), build.viewer(cast.ana)
    with database.reading() as db:
        slot_id = build.slot_of(db, crew[1])

    def act_once() -> None:
        with database.writing() as db:
            act, group = Act(db, ana, time.at), db.get_one(Group, crew[0])
            row = group_spots.current_spots(db, group.id, slot_id)
            slot, who = db.get_one(Slot, slot_id), chance.choice((cast.ana, cast.bo))
            what = chance.randrange(6)
            if what == 0:
                group_spots.set_spots(act, group, slot, chance.randrange(8))
            elif what == 1 and row:
                group_signups.sign_up_member(act, row, who, staff=False)
            elif what == 2:
                signups.withdraw(Act(db, build.viewer(who), time.at), who, crew[1])
            elif what == 3:
                signups.sign_up(Act(db, build.viewer(who), time.at), who, crew[1])
            elif what == 4 and row:
                group_names.add_name(act, row, f"Name {chance.randrange(9)}")
            else:
                group_signups.sign_up_together(act, group, slot, staff=False)

    for _ in range(25):
        with contextlib.suppress(Refused):
            act_once()
        filled(database, crew[1])
        with database.reading() as db:
            row = group_spots.current_spots(db, crew[0], slot_id)
            assert row is None or len(row.names) <= row.spots


def a_group(database, cast, keep: Keep, **shift) -> tuple[int, int]:
    with database.writing() as db:
        return group_of(db, cast, keep).id, build.shift(db, cast.driver, **shift).id


@both
def test_a_group_kept_apart_is_never_signed_up_at_once(database, cast, time):
    time.at = NOON - 9 * DAY
    crew = a_group(database, cast, Keep.APART)
    with pytest.raises(Refused):
        together(database, build.viewer(cast.ana), time.at, *crew)
    with database.writing() as db:
        other = groups.add_group(
            Act(db, OFFICE, time.at),
            db.get_one(Program, cast.rides),
            "Other",
            cast.ana,
            Keep.TOGETHER,
        )
        groups.add_member(Act(db, OFFICE, time.at), other, cast.bo)
        other_id = other.id
    with pytest.raises(Refused):  # nor by another group of the same people
        together(database, build.viewer(cast.ana), time.at, other_id, crew[1])
    assert filled(database, crew[1]) == 0


@both
def test_those_who_come_together_take_the_spots_their_group_has(database, cast, time):
    time.at = NOON - 9 * DAY
    crew = a_group(database, cast, Keep.TOGETHER, places=2)
    spots(database, build.viewer(cast.ana), time.at, crew, 2)
    assert together(database, build.viewer(cast.ana), time.at, *crew) == 2
    assert filled(database, crew[1]) == 2


@both
def test_a_couple_comes_back_when_their_shift_is_reopened_and_so_do_spots(database, cast, time):
    time.at = NOON - 9 * DAY
    crew = a_group(database, cast, Keep.TOGETHER, places=5)
    together(database, build.viewer(cast.ana), time.at, *crew)
    spots(database, coordinator(cast), time.at, crew, 2, staff=True)
    with database.writing() as db:
        act, shift = Act(db, coordinator(cast), time.at), db.get_one(Shift, crew[1])
        shifts.cancel(act, shift, "Snow")
    with database.writing() as db:
        act, shift = Act(db, coordinator(cast), time.at), db.get_one(Shift, crew[1])
        seen = preview_of(lambda: reopening.reopen(act, shift, ""))
        assert reopening.reopen(act, shift, seen) == 2
    assert filled(database, crew[1]) == 4


def preview_of(verb) -> str:
    with pytest.raises(Preview) as preview:
        verb()
    return preview.value.seen


def test_who_left_keeps_no_one_from_coming_together(database, cast, time):
    time.at = NOON - 9 * DAY
    crew = a_group(database, cast, Keep.TOGETHER)
    with database.writing() as db:
        groups.add_member(Act(db, OFFICE, time.at), db.get_one(Group, crew[0]), cast.sol)
        db.get_one(Person, cast.sol).status = Status.ENDED
    assert together(database, build.viewer(cast.ana), time.at, *crew) == 2


@both
def test_people_kept_apart_are_not_moved_together_nor_back_after_all(database, cast, time):
    time.at = NOON - 9 * DAY
    with database.writing() as db:
        group_of(db, cast, Keep.APART)
        one, other = (build.shift(db, cast.driver, starts=NOON + n * DAY).id for n in (0, 1))
        for who, shift in ((cast.ana, one), (cast.bo, other)):
            signups.sign_up(Act(db, build.viewer(who), time.at), who, shift)
    with pytest.raises(Refused) as refused, database.writing() as db:
        shifts.move_shift(Act(db, OFFICE, time.at), db.get_one(Shift, other), NOON.date(), None)
    assert "Bo Tanaka" in str(refused.value.reasons[0])
    with database.writing() as db:
        releases.cant_make_it(Act(db, OFFICE, NOON - HOUR, asked="phone"), cast.ana, one)
        third = build.shift(db, cast.driver, starts=NOON + HOUR).id
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, third)
    for verb in (cover.can_after_all, still_coming.confirm):
        with pytest.raises(Refused), database.writing() as db:
            verb(Act(db, build.viewer(cast.ana), NOON - HOUR), cast.ana, one)


def test_undo_brings_back_what_staff_allowed_against_a_wish(database, cast, time):
    time.at = NOON - 9 * DAY
    crew = a_group(database, cast, Keep.APART)
    with database.writing() as db:
        act = Act(db, coordinator(cast), time.at)
        signups.sign_up(act, cast.ana, crew[1], staff=True)
        signups.sign_up(act, cast.bo, crew[1], staff=True, over_limit="Agreed")
    undo = do(
        database,
        coordinator(cast),
        time.at,
        lambda act: shifts.cancel(act, act.db.get_one(Shift, crew[1]), "Snow"),
    )
    take_back(database, coordinator(cast), time.at, undo)
    assert filled(database, crew[1]) == 2


def test_undo_gives_no_spots_to_a_group_that_ended(database, cast, time, crew):
    spots(database, coordinator(cast), time.at, crew, 2, staff=True)

    def give_back(act: Act) -> None:
        slot = act.db.scalars(select(Slot).where(Slot.shift_id == crew[1])).one()
        group_spots.set_spots(act, act.db.get_one(Group, crew[0]), slot, 0, staff=True)

    undo = do(database, coordinator(cast), time.at, give_back)
    with database.writing() as db:
        groups.end_group(Act(db, coordinator(cast), time.at), db.get_one(Group, crew[0]))
    with pytest.raises(Refused):
        take_back(database, coordinator(cast), time.at, undo)


def test_a_second_press_for_a_member_takes_no_second_spot(database, cast, time, crew):
    row_id = spots(database, build.viewer(cast.ana), time.at, crew, 6)
    for _ in range(2):
        with database.writing() as db:
            act = Act(db, build.viewer(cast.ana), time.at)
            row = db.get_one(GroupSpots, row_id)
            group_signups.sign_up_member(act, row, cast.bo, staff=False)
    with database.reading() as db:
        assert db.get_one(GroupSpots, row_id).spots == 5
    assert filled(database, crew[1]) == 6


def test_the_contact_of_a_hidden_program_reads_nothing_without_a_role(database, cast, time, as_):
    time.at = NOON - 9 * DAY
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        group = groups.add_group(act, db.get_one(Program, cast.shelter), "Cleaners", cast.sol)
        other = groups.add_group(act, db.get_one(Program, cast.shelter), "Night", cast.hana)
        ids = group.id, other.id
    assert as_(cast.sol).get(f"/groups/{ids[0]}").status_code == 404
    assert as_(cast.hana).get(f"/groups/{ids[1]}").status_code == 200


def test_a_date_of_a_pattern_on_which_a_group_comes_stays(database, cast, time):
    time.at = NOON - 9 * DAY
    with database.writing() as db:
        group = group_of(db, cast).id
        pattern_id = build.pattern(db, cast.driver, time.at).id
        last = db.scalars(
            select(Shift).where(Shift.pattern_id == pattern_id).order_by(Shift.starts_at.desc())
        ).first()
        last_id = last.id
    spots(database, coordinator(cast), time.at, (group, last_id), 1, staff=True)
    with database.writing() as db:
        act = Act(db, coordinator(cast), time.at)
        pattern = db.get_one(Pattern, pattern_id)
        patterns.end_pattern(act, pattern, (NOON + 3 * DAY).date(), "")
        assert db.get_one(Shift, last_id).canceled_at is None
    assert filled(database, last_id) == 1


def test_no_name_comes_once_the_place_is_confidential(database, cast, time, crew):
    row_id = open_spots(database, cast, time.at, crew, 2)
    with database.writing() as db:
        db.get_one(Shift, crew[1]).site_id = cast.house
    with pytest.raises(Refused), database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        group_names.add_name(act, db.get_one(GroupSpots, row_id), "Rosa Lind")
