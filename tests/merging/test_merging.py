"""Two records of one person become one, and two again."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import CheckConstraint, select

from portal.act import Act
from portal.columns import Base
from portal.hours import entries, reporting
from portal.hours.models import HoursEntry
from portal.merging import merging, tables, undoing
from portal.merging.models import MergedRow, PersonMerge
from portal.messages.models import Message
from portal.people import addresses, memberships, supervision
from portal.people.models import Departure, Leaving, Membership, Person, Status
from portal.people.traits import Supervision
from portal.permissions import NOBODY, Role
from portal.programs import notes
from portal.programs.models import Placement, PlacementState
from portal.programs.person_models import PersonNote
from portal.requirements.change_models import Change
from portal.requirements.evidence_models import Waiver
from portal.requirements.records import clearance_of
from portal.screening import room
from portal.screening.list_models import ListEntry, ListMatch
from portal.shifts import signups
from portal.shifts.models import Signup
from portal.web.errors import NotFound, Preview, Refused
from tests import build

both = pytest.mark.both_databases


@pytest.fixture
def twins(database, cast, time):
    """Ana's other record: a phone of her own, another role, a shift, hours, and a note."""
    with database.writing() as db:
        other = build.person(
            db, "Anna Reyes", time.at, email="anna@other.example", phone="(555) 555-7788",
            mailing_address="12 Mill Road",
        )  # fmt: skip
        build.place(db, other.id, cast.driver, time.at)
        build.place(db, other.id, cast.desk, time.at)
        shift = build.shift(db, cast.desk, starts=time.at + timedelta(days=9))
        signups.sign_up(Act(db, build.OFFICE, time.at), other.id, shift.id, staff=True)
        day = time.at.date() - timedelta(days=3)
        work = entries.Work(other.id, cast.rides, cast.driver, day, 90)
        reporting.report(Act(db, NOBODY, time.at), work, zone="UTC")
        notes.add_note(
            Act(db, build.OFFICE, time.at), other.id, cast.rides, time.at.date(), "Speaks Twi."
        )
        return other.id


def act_of(db, cast, time, at=None):
    ada = build.viewer(cast.ada, (Role.ADMINISTRATOR, None))
    return Act(db, ada, at or time.at)


def merge(database, cast, time, kept, gone, at=None):
    with database.writing() as db:
        kept_row, gone_row = db.get_one(Person, kept), db.get_one(Person, gone)
        seen = Preview([merging.plan(db, kept_row, gone_row, at or time.at)]).seen
        return merging.merge(act_of(db, cast, time, at), kept, gone, seen).id


def everything(database) -> dict[str, list]:
    """Every row of every table that names a person, but for what is only written anew or added to."""
    left_out = {
        "audit_entry", "message", "search_key", "person_merge", "merged_row", "departure", "clearance_change",
        "session",
    }  # fmt: skip
    with database.reading() as db:
        return {
            table.name: sorted(
                str({name: value for name, value in row.items() if name != "version"})
                for row in db.execute(select(table)).mappings()
            )
            for table in Base.metadata.sorted_tables
            if table.name not in left_out
        }


def test_every_column_that_names_a_person_has_an_answer():
    """A new table with a person fails here until it says what becomes of it."""
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    }
    answered = tables.MOVES.keys() | tables.STAYS
    acted = {one for one in named if tables.says_who_did_it(one.partition(".")[2])}
    assert named - acted == answered
    assert not tables.MOVES.keys() & tables.STAYS


@both
def test_what_is_about_the_person_moves_and_the_other_record_ends(database, cast, time, twins):
    number = merge(database, cast, time, cast.ana, twins)
    with database.reading() as db:
        gone, kept = db.get_one(Person, twins), db.get_one(Person, cast.ana)
        assert (gone.status, kept.status) == (Status.ENDED, Status.ACTIVE)
        for table in (HoursEntry, PersonNote, Signup):
            assert db.scalar(select(table.id).where(table.person_id == twins)) is None
            assert db.scalar(select(table.id).where(table.person_id == cast.ana)) is not None
        assert {phone.number for phone in kept.phones} == {"(555) 555-1234"}, (
            "the one that is called"
        )
        assert kept.mailing_address == "12 Mill Road"
        assert kept.email == "ana@example.org", "no address moves"
        active = select(Placement.position_id).where(
            Placement.person_id == cast.ana, Placement.state == PlacementState.ACTIVE
        )
        assert set(db.scalars(active)) == {cast.driver, cast.desk}
        left = select(Placement.state).where(Placement.person_id == twins)
        ended = db.scalars(left).all()
        assert ended == 2 * [PlacementState.ENDED], "what both have ends with the other"
        assert db.get_one(PersonMerge, number).kept_id == cast.ana
        looked_at_again = set(db.scalars(select(Change.person_id)))
        assert {cast.ana, twins} <= looked_at_again, "what they may do may have changed"


@both
def test_undoing_brings_everything_back_as_it_was(database, cast, time, twins):
    before = everything(database)
    number = merge(database, cast, time, cast.ana, twins)
    assert everything(database) != before
    with database.writing() as db:
        undoing.undo(act_of(db, cast, time, time.at + timedelta(days=29)), number)
    after = everything(database)
    assert {name for name in before if before[name] != after[name]} == set()
    with database.reading() as db:
        gone, kept = db.get_one(Person, twins), db.get_one(Person, cast.ana)
        assert gone.status == Status.ACTIVE
        assert kept.mailing_address == ""
        assert [phone.number for phone in gone.phones] == ["(555) 555-7788"]
    with pytest.raises(NotFound), database.writing() as db:
        undoing.undo(act_of(db, cast, time), number)


@both
def test_it_cannot_be_undone_after_thirty_days_and_what_came_since_stays(
    database, cast, time, twins
):
    number = merge(database, cast, time, cast.ana, twins)
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        since = notes.add_note(act, cast.ana, cast.rides, time.at.date(), "Came back.")
        db.flush()
        since_id = since.id
    with pytest.raises(NotFound), database.writing() as db:
        undoing.undo(act_of(db, cast, time, time.at + timedelta(days=31)), number)
    with database.writing() as db:
        undoing.undo(act_of(db, cast, time, time.at + timedelta(days=2)), number)
    with database.reading() as db:
        assert db.get_one(PersonNote, since_id).person_id == cast.ana


@both
def test_only_an_administrator_merges_and_never_their_own_record(database, cast, time, twins):
    for viewer in (build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), build.viewer(cast.ana)):
        with pytest.raises(NotFound), database.writing() as db:
            merging.merge(Act(db, viewer, time.at), cast.ana, twins, "")
    with pytest.raises(Refused, match="Someone else has to merge"), database.writing() as db:
        merging.merge(act_of(db, cast, time), cast.ada, twins, "")
    with pytest.raises(NotFound), database.writing() as db:
        merging.merge(act_of(db, cast, time), twins, twins, "")
    number = merge(database, cast, time, cast.ana, twins)
    with pytest.raises(NotFound), database.writing() as db:
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        undoing.undo(Act(db, cy, time.at), number)


@both
def test_no_way_in_and_no_staff_role_moves_and_the_old_address_is_told(database, cast, time, twins):
    with database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), twins, Role.COORDINATOR, cast.rides)
        addresses.prove_address(
            Act(db, build.OFFICE, time.at), twins, "anna@other.example", addresses.ProvedHow.CODE
        )
    with pytest.raises(Refused):
        merge(database, cast, time, cast.ana, twins)
    with database.writing() as db:
        for row in db.scalars(select(Membership).where(Membership.person_id == twins)):
            row.until = time.at
    merge(database, cast, time, cast.ana, twins)
    with database.reading() as db:
        moved = set(db.scalars(select(MergedRow.table)))
        assert not moved & {"identity", "proved_address", "membership", "session", "invitation"}
        told = db.execute(
            select(Message.kind, Message.person_id, Message.address).where(
                Message.kind.like("people.merged%")
            )
        ).all()
        assert sorted(told) == [
            ("people.merged", cast.ana, ""),
            ("people.merged_away", None, "anna@other.example"),
        ]


@both
def test_what_stands_in_the_way_is_said_and_nothing_is_written(database, cast, time, twins):
    before = everything(database)

    def refused(change) -> str:
        with pytest.raises(Refused) as no, database.writing() as db:
            change(db)
            db.flush()
            kept, gone = db.get_one(Person, cast.ana), db.get_one(Person, twins)
            seen = Preview([merging.plan(db, kept, gone, time.at)]).seen
            merging.merge(act_of(db, cast, time), cast.ana, twins, seen)
        return " ".join(map(str, no.value.reasons))

    def supervised(db):
        memberships.grant(Act(db, build.OFFICE, time.at), cast.ana, Role.SUPERVISOR, cast.rides)
        supervision.give(
            Act(db, build.OFFICE, time.at), twins, cast.ana, cast.rides, time.at.date()
        )

    def at_once(db):
        starts = time.at + timedelta(days=9)
        shift = build.shift(db, cast.driver, starts=starts)
        signups.sign_up(Act(db, build.OFFICE, time.at), cast.ana, shift.id, staff=True)

    def same_shift(db):
        shift = db.scalars(select(Signup.shift_id).where(Signup.person_id == twins)).one()
        signups.sign_up(Act(db, build.OFFICE, time.at), cast.ana, shift, staff=True)

    def inactive(db):
        db.get_one(Person, cast.ana).status = Status.ENDED

    assert "supervises" in refused(supervised)
    assert "same time" in refused(at_once)
    assert "Shifts" in refused(same_shift)
    assert "not inactive" in refused(inactive)
    assert everything(database) == before


@both
def test_what_changed_since_it_was_looked_at_is_shown_again(database, cast, time, twins):
    with database.reading() as db:
        kept, gone = db.get_one(Person, cast.ana), db.get_one(Person, twins)
        seen = Preview([merging.plan(db, kept, gone, time.at)]).seen
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        notes.add_note(act, twins, cast.rides, time.at.date(), "Another.")
    with pytest.raises(Preview), database.writing() as db:
        merging.merge(act_of(db, cast, time), cast.ana, twins, seen)


@both
def test_a_record_that_was_merged_on_is_undone_in_order(database, cast, time, twins):
    first = merge(database, cast, time, cast.ana, twins)
    with database.writing() as db:
        third = build.person(db, "A Reyes", time.at, email="a@third.example").id
    second = merge(database, cast, time, third, cast.ana)
    with pytest.raises(Refused), database.writing() as db:
        undoing.undo(act_of(db, cast, time), first)
    for number in (second, first):
        with database.writing() as db:
            undoing.undo(act_of(db, cast, time), number)
    with database.reading() as db:
        assert {db.get_one(Person, one).status for one in (twins, cast.ana)} == {Status.ACTIVE}


@pytest.mark.populated
@both
def test_undoing_is_exact_for_whoever_is_in_the_scene(database, cast, ids, time):
    """Merges a stranger's new record with each volunteer of a full world, and back."""
    done = 0
    for person in (cast.ana, cast.bo, cast.noel, cast.sol):
        with database.writing() as db:
            new = build.person(db, "Nia New", time.at, email="nia@new.example").id
        before = everything(database)
        with database.reading() as db:
            plan = merging.plan(db, db.get_one(Person, new), db.get_one(Person, person), time.at)
        if plan.obstacles:
            continue
        number = merge(database, cast, time, new, person)
        with database.writing() as db:
            undoing.undo(act_of(db, cast, time), number)
        after = everything(database)
        changed = {name for name in before if before[name] != after[name]}
        assert changed <= {"office_code", "invitation"}, (person, changed)
        done += 1
    assert done >= 3


def test_the_pages_find_show_merge_and_undo(database, cast, time, as_, twins):
    ada = as_(cast.ada)
    page = ada.get(f"/people/{cast.ana}/merge?q=anna").text
    assert "Anna Reyes" in page
    at = f"/people/{cast.ana}/merge/{twins}"
    page = ada.get(at).text
    assert "This record becomes inactive" in page
    ada.press(at)
    assert "You can undo it for 30 days" in ada.text
    assert "Anna Reyes was merged into this record" in ada.get(f"/people/{cast.ana}").text
    ada.get("/people/merges")
    with database.reading() as db:
        number = db.scalar(select(PersonMerge.id))
    ada.press(f"/people/merges/{number}/undoing")
    assert "There are two records again" in ada.text
    for path in (f"/people/{cast.ana}/merge", at, "/people/merges"):
        assert as_(cast.cy).get(path).status_code == 404
    assert "/merge" not in as_(cast.cy).get(f"/people/{cast.ana}").text
    assert as_(cast.ada).get(f"/people/{cast.ana}/merge/{cast.ana}").status_code == 404


@both
def test_A9_whoever_reads_the_old_mailbox_does_nothing_for_the_kept_record(
    database, cast, time, twins
):
    with database.writing() as db:
        told = db.scalars(select(Message).where(Message.person_id == twins)).first()
        told.token_hash = "a" * 64
    merge(database, cast, time, cast.ana, twins)
    with database.reading() as db:
        linked = db.scalars(select(Message).where(Message.token_hash == "a" * 64)).one()
        assert linked.person_id == twins


@both
def test_A9_undoing_puts_nobody_back_into_the_pool_who_serves_meanwhile(
    database, cast, time, twins
):
    with database.writing() as db:
        new = build.person(db, "Nia New", time.at, email="nia@new.example")
        assert new.placed_at is None
        kept = new.id
    for served in (False, True):
        number = merge(database, cast, time, kept, twins)
        with database.writing() as db:
            if served:
                build.place(db, kept, cast.host, time.at)
            undoing.undo(act_of(db, cast, time), number)
        with database.reading() as db:
            assert (db.get_one(Person, kept).placed_at is None) is not served


@both
def test_whoever_is_on_leave_is_taken_off_what_moved_to_them(database, cast, time, twins):
    with database.writing() as db:
        db.get_one(Person, cast.ana).status = Status.ON_LEAVE
    merge(database, cast, time, cast.ana, twins)
    with database.reading() as db:
        noted = select(Departure.cause).where(Departure.person_id == cast.ana)
        assert db.scalars(noted).all() == [Leaving.ON_LEAVE]


@both
def test_past_supervision_of_each_other_stays_and_is_not_in_the_way(database, cast, time, twins):
    day = time.at.date()
    with database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), cast.ana, Role.SUPERVISOR, cast.rides)
        office = Act(db, build.OFFICE, time.at)
        row = supervision.give(office, twins, cast.ana, cast.rides, day - timedelta(days=9))
        row.last_day = day - timedelta(days=2)
        number = row.id
    merge(database, cast, time, cast.ana, twins)
    with database.reading() as db:
        assert db.get_one(Supervision, number).person_id == twins


@both
def test_undoing_waits_until_the_other_record_is_inactive_again(database, cast, time, twins):
    number = merge(database, cast, time, cast.ana, twins)
    with database.writing() as db:
        db.get_one(Person, twins).status = Status.ACTIVE
    with pytest.raises(Refused, match="active again"), database.writing() as db:
        undoing.undo(act_of(db, cast, time), number)


def test_every_pair_of_people_who_must_differ_is_known():
    """A row that would name one person twice after a merge stays; a new such table fails here."""
    checked = {
        table.name
        for table in Base.metadata.sorted_tables
        for check in table.constraints
        if isinstance(check, CheckConstraint)
        and len(named := set(re.findall(r"(\w+_id) <> (\w+_id)", str(check.sqltext)))) == 1
        and named
    }
    assert checked - {"person_merge", "prerequisite"} == set(tables.PAIRS)


@both
def test_a_waiver_that_the_kept_record_gave_stays_and_hours_corrected_since_go_back(
    database, cast, time, twins
):
    with database.writing() as db:
        rule = build.requirement(db, time.at)
        waiver = Waiver(
            person_id=twins, requirement_id=rule.id, approved_by_id=cast.cy, reason="New",
            first_day=time.at.date(), last_day=time.at.date(), approved_at=time.at,
        )  # fmt: skip
        db.add(waiver)
        db.flush()
        number = waiver.id
    merged = merge(database, cast, time, cast.cy, twins)
    with database.writing() as db:
        assert db.get_one(Waiver, number).person_id == twins
        old = db.scalars(select(HoursEntry).where(HoursEntry.person_id == cast.cy)).one()
        made = {
            name: getattr(old, name)
            for name in ("person_id", "program_id", "position_id", "source", "day", "recorded_at")
        }
        db.add(HoursEntry(**made, minutes=60, state=old.state, corrects_id=old.id))
    with database.writing() as db:
        undoing.undo(act_of(db, cast, time), merged)
    with database.reading() as db:
        whose = set(db.scalars(select(HoursEntry.person_id)))
        assert whose == {twins}


@both
def test_what_undoing_needs_is_forgotten_when_it_is_over(database, cast, time, twins):
    number = merge(database, cast, time, cast.ana, twins)
    with database.reading() as db:
        assert db.scalars(undoing.over(time.at + timedelta(days=29))).all() == []
        assert db.scalars(undoing.over(time.at + timedelta(days=30))).all() == [number]
    with database.writing() as db:
        undoing.forget(db, number)
    with database.reading() as db:
        assert db.scalar(select(MergedRow.id)) is None
        assert "Mill Road" not in db.get_one(PersonMerge, number).kept_before
        assert db.scalars(undoing.over(time.at + timedelta(days=30))).all() == []


@both
def test_a_minor_stays_one_and_an_employee_too_until_it_is_undone(database, cast, time, twins):
    young, younger = (time.at.date() + timedelta(days=days) for days in (100, 400))
    with database.writing() as db:
        gone = db.get_one(Person, twins)
        gone.adult_on, gone.agency_job, gone.job_asked_on = younger, "Clerk", time.at.date()
        db.get_one(Person, cast.ana).adult_on = young
    number = merge(database, cast, time, cast.ana, twins)
    with database.reading() as db:
        kept = db.get_one(Person, cast.ana)
        assert (kept.adult_on, kept.agency_job) == (younger, "Clerk")
    with database.writing() as db:
        undoing.undo(act_of(db, cast, time), number)
        db.expire_all()
        kept = db.get_one(Person, cast.ana)
        assert (kept.adult_on, kept.agency_job, kept.job_asked_on) == (young, "", None)


@both
def test_what_screeners_found_of_either_record_holds_after_a_merge(database, cast, time, twins):
    today = time.at.date()
    with database.writing() as db:
        entry = ListEntry(
            name="Anna Reyes", email="", phone="", address="", reason="conduct", made_at=time.at,
            confirmed_at=time.at, review_on=today, expires_on=today + timedelta(days=300),
        )  # fmt: skip
        db.add(entry)
        db.flush()
        for person, firm, same in ((cast.ana, False, None), (twins, True, True)):
            db.add(
                ListMatch(
                    entry_id=entry.id, person_id=person, firm=firm, same=same, found_at=time.at
                )
            )
    merge(database, cast, time, cast.ana, twins)
    with database.reading() as db:
        due = db.scalars(room.to_set_right(time.at, "UTC")).all()
    assert due == [cast.ana]
    with database.writing() as db:
        room.set_right(act_of(db, cast, time), cast.ana, "UTC")
        assert not clearance_of(db, cast.ana, cast.driver, today).clear
