"""Tables at fairs: blocks that are shifts, and follow when the table moves."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm.exc import StaleDataError

from portal.act import Act
from portal.commitments.models import Commitment
from portal.outreach import booking, moving_talks, rescheduling, speaker_offers, tables, triage
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.talk_models import Presentation, TalkState
from portal.people import memberships
from portal.people.models import Person
from portal.permissions import NOBODY, Role
from portal.shifts import blocks, shifts, signups
from portal.shifts.endings import lock_shifts
from portal.shifts.models import Shift
from portal.web.errors import Again, Refused
from tests import build
from tests.outreach.test_speaking import YES, both


@pytest.fixture
def table(database, stage, cast, settings, time):
    """A table of two hours, cut into two blocks; Ana is on the first."""
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, kind="table", topics=[stage.topic], minutes=120)
        tables.add_blocks(Act(db, build.OFFICE, time.at), talk, 60, 2, blocks)
        sign_up(db, cast.ana, booking.block_ids(db, talk.id)[0], time.at)
        return talk.id


def sign_up(db, person, shift, at):
    signups.sign_up(Act(db, build.viewer(person), at), person, shift)


def change(database, by, talk_id, at, **values):
    with database.writing() as db:
        talk = db.get_one(Presentation, talk_id)
        columns = rescheduling.talk_values(talk) | values
        rescheduling.edit_talk(Act(db, by, at), talk, columns, talk.version, "", blocks)


def move(database, by, talk_id, days, at, why=""):
    with database.writing() as db:
        moving_talks.move_by(Act(db, by, at), db.get_one(Presentation, talk_id), days, why, blocks)


@both
def test_a_table_is_cut_into_blocks_that_are_shifts(database, stage, cast, settings, time):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, kind="table", topics=[stage.topic], minutes=300)
        office = build.OFFICE
        assert tables.add_blocks(Act(db, office, time.at), talk, 120, 2, blocks) == 3
        ids = booking.block_ids(db, talk.id)
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, ids[0])
        rows = blocks.rows(db, ids)
        assert [(row.filled, row.maximum) for row in rows] == [(1, 2), (0, 2), (0, 2)]
        assert rows[-1].ends_at == talk.ends_at
        assert talk.state == TalkState.CONFIRMED
        booking.cancel(Act(db, office, time.at), talk, "Rain", blocks)
        assert all(row.canceled_at for row in blocks.rows(db, ids))


@both
def test_the_blocks_of_a_table_follow_it_with_their_people(
    database, stage, cast, settings, time, told
):
    with database.writing() as db:
        table = build.talk(db, time.at, settings, kind="table", topics=[stage.topic], minutes=300)
        tables.add_blocks(Act(db, build.OFFICE, time.at), table, 120, 2, blocks)
        number, ids = table.id, booking.block_ids(db, table.id)
        for one in ids[:2]:  # two in a row: neither is in the way of the other
            signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, one)
        db.get_one(Shift, ids[2]).note = "Bring the banner"
    with database.writing() as db:
        moving_talks.move_by(
            Act(db, stage.clerk, time.at), db.get_one(Presentation, number), 2, "", blocks
        )
    with database.writing() as db:
        table = db.get_one(Presentation, number)
        rows = blocks.rows(db, ids)
        assert table.starts_at == build.TALK_AT + timedelta(days=2)
        assert (rows[0].starts_at, rows[-1].ends_at) == (table.starts_at, table.ends_at)
        assert [row.filled for row in rows] == [1, 1, 0]
        values = rescheduling.talk_values(table) | {
            "starts_at": table.starts_at + timedelta(hours=1),
            "ends_at": table.ends_at + timedelta(hours=1), "place": "Grange hall",
        }  # fmt: skip
        rescheduling.edit_talk(
            Act(db, stage.clerk, time.at), table, values, table.version, "", blocks
        )
        assert blocks.rows(db, ids)[0].starts_at == table.starts_at
        notes = [db.get_one(Shift, one).note for one in ids]
        assert notes == [f"Grange hall, {table.address}"] * 2 + [
            f"Grange hall, {table.address}. Bring the banner"
        ]
    with database.reading() as db:
        spans = {(row.starts_at, row.ends_at) for row in db.query(Commitment)}
        assert spans == {(row.starts_at, row.ends_at) for row in blocks.rows(db, ids)[:2]}
    assert [person for _, _, person in told(kind="shift.changed")] == [cast.ana] * 4


@both
def test_who_signed_up_reads_where_the_table_is_now(
    database, stage, cast, table, office, settings, time
):
    with database.writing() as db:
        ids = booking.block_ids(db, table)
        db.get_one(Shift, ids[0]).note += ". Bring the banner"
    office.send()
    before = len(office.box.mails)
    change(database, stage.clerk, table, time.at, place="Grange hall", parking="Behind")
    office.send()
    ana = [mail for mail in office.box.mails[before:] if mail["to"] == "ana@example.org"]
    assert len(ana) == 1
    assert "Grange hall, 40 Mill Road" in ana[0].get_body(("plain",)).get_content()
    with database.reading() as db:
        assert db.get_one(Shift, ids[0]).note == "Grange hall, 40 Mill Road. Bring the banner"


@both
def test_a_place_of_ours_reaches_the_blocks_too(database, stage, cast, table, told, time):
    change(database, stage.clerk, table, time.at, site_id=cast.office)
    assert [person for _, _, person in told(kind="shift.changed")] == [cast.ana]
    with database.reading() as db:
        assert "40 Mill Road" not in db.get_one(Shift, booking.block_ids(db, table)[0]).note


@both
def test_a_table_does_not_move_to_where_its_people_are_busy(database, stage, cast, table, time):
    with database.writing() as db:
        ids = booking.block_ids(db, table)
        shift = build.shift(db, cast.driver, starts=build.TALK_AT + timedelta(days=1)).id
        sign_up(db, cast.ana, shift, time.at)
    with pytest.raises(Refused, match="Ana Reyes"):
        move(database, stage.clerk, table, 1, time.at)
    with database.reading() as db:
        assert db.get_one(Presentation, table).starts_at == build.TALK_AT
        assert blocks.rows(db, ids)[0].starts_at == build.TALK_AT


@both
def test_whoever_speaks_at_a_table_and_has_a_block_moves_along(database, stage, cast, table, time):
    why = OfferTerms(mode="yes", asked="phone", clash_reason="She opens the table")
    with database.writing() as db:
        found = db.get_one(Presentation, table)
        speaker_offers.ask(Act(db, stage.clerk, time.at), found, db.get_one(Person, cast.ana), why)
    move(database, stage.clerk, table, 7, time.at, "She opens it again")
    with database.reading() as db:
        assert {one.starts_at for one in db.query(Commitment)} == {
            build.TALK_AT + timedelta(days=7)
        }


@both
def test_the_length_of_a_table_may_change_once_no_block_is_on(database, stage, table, time):
    shorter = {"ends_at": build.TALK_AT + timedelta(hours=1)}
    with pytest.raises(Refused) as refused:
        change(database, stage.clerk, table, time.at, **shorter)
    assert set(refused.value.fields) == {"minutes"}
    with database.writing() as db:
        blocks.cancel(db, build.OFFICE, booking.block_ids(db, table), "No need", time.at)
    change(database, stage.clerk, table, time.at, **shorter)


def test_who_does_not_book_for_the_blocks_program_neither_moves_nor_cancels_them(
    database, stage, cast, table, as_, time
):
    with database.writing() as db:
        request = db.get_one(Presentation, table).request
        triage.route(Act(db, stage.clerk, time.at), request, cast.testing)
        memberships.grant(Act(db, NOBODY, time.at), cast.wes, Role.OUTREACH_CLERK, cast.testing)
        shift = build.shift(db, cast.driver, starts=build.TALK_AT + timedelta(days=1)).id
        sign_up(db, cast.ana, shift, time.at)
    wes, path = as_(cast.wes), f"/outreach/talks/{table}"
    for days in (1, 3):
        wes.get(f"{path}/edit")
        day = build.TALK_AT.date() + timedelta(days=days)
        refused = wes.press(path, day=f"{day}")
        assert "People of another program" in refused.text
        assert "Ana Reyes" not in refused.text
    number = path_of_request(database, table)
    for to in (f"{path}/cancellation", f"{number}/withdrawal"):
        refused = wes.post(to, reason="Rain")
        assert "People of another program" in refused.text
    with database.reading() as db:
        row = blocks.rows(db, booking.block_ids(db, table))[0]
        assert (row.starts_at, row.canceled_at) == (build.TALK_AT, None)


def test_who_books_for_the_blocks_program_reads_who_stands_at_the_table(
    database, stage, cast, table, as_, time
):
    page = as_(stage.dee).get(f"/outreach/talks/{table}").text
    assert "Ana Reyes" in page
    assert "Who could speak on" not in page
    with database.writing() as db:
        request = db.get_one(Presentation, table).request
        triage.route(Act(db, stage.clerk, time.at), request, cast.testing)
        memberships.grant(Act(db, NOBODY, time.at), cast.wes, Role.OUTREACH_CLERK, cast.testing)
    page = as_(cast.wes).get(f"/outreach/talks/{table}").text
    assert "Ana Reyes" not in page
    assert "1 of 2 spots filled" in page


def test_a_table_whose_blocks_are_canceled_looks_for_a_speaker_again(
    database, stage, table, as_, time
):
    with database.writing() as db:
        blocks.cancel(db, build.OFFICE, booking.block_ids(db, table), "No need", time.at)
    page = as_(stage.dee).get(f"/outreach/talks/{table}").text
    assert "Who could speak on" in page
    assert "no speaker" in page


def path_of_request(database, table):
    with database.reading() as db:
        return f"/outreach/requests/{db.get_one(Presentation, table).request_id}"


@both
@pytest.mark.parametrize(
    ("note", "now", "then"),
    [
        ("Park", "Library", "Library"),
        ("Park. Parking is behind the Parkside school", "Library",
         "Library. Parking is behind the Parkside school"),
        ("Park. Bring the banner", "", "Bring the banner"),
        ("Meet at the gate", "Library", "Library. Meet at the gate"),
    ],
)  # fmt: skip
def test_only_the_place_in_front_of_a_note_changes_and_all_are_told(
    database, stage, cast, table, told, time, note, now, then
):
    change(database, stage.clerk, table, time.at, place="Park", address="")
    with database.writing() as db:
        first = booking.block_ids(db, table)[0]
        db.get_one(Shift, first).note = note
    before = len(told(kind="shift.changed"))
    link = "https://meet.example/abc"
    change(database, stage.clerk, table, time.at, place=now, online_link=link)
    with database.reading() as db:
        assert db.get_one(Shift, first).note == then
    assert len(told(kind="shift.changed")) == before + 1


def test_a_block_that_has_begun_stops_a_snow_days_move_in_words(database, stage, table, as_, time):
    with database.writing() as db:
        first = db.get_one(Shift, booking.block_ids(db, table)[0])
        before = build.TALK_AT.date() - timedelta(days=1)
        shifts.move_shift(Act(db, build.OFFICE, time.at), first, before, None)
    time.at = build.TALK_AT - timedelta(hours=3)
    clerk, day = as_(stage.dee), build.TALK_AT.date()
    path = f"/outreach/closings?first={day}&last={day}"
    clerk.get(path)
    refused = clerk.post(path, what="move", days="7", reason="Snow", talks=str(table))
    assert refused.status_code == 422
    assert "already began" in refused.text


def test_tables_on_following_days_move_together(database, stage, cast, table, settings, as_, time):
    with database.writing() as db:
        following = build.TALK_AT + timedelta(days=1)
        other = build.talk(
            db, time.at, settings, kind="table", topics=[stage.topic], minutes=60, starts=following
        )
        tables.add_blocks(Act(db, build.OFFICE, time.at), other, 60, 2, blocks)
        sign_up(db, cast.ana, booking.block_ids(db, other.id)[0], time.at)
        both_tables = [str(table), str(other.id)]
    clerk, day = as_(stage.dee), build.TALK_AT.date()
    path = f"/outreach/closings?first={day}&last={following.date()}"
    clerk.get(path)
    answer = clerk.post(path, what="move", days="1", reason="Snow", talks=both_tables)
    assert answer.status_code == 303


@both
def test_C1_a_move_of_several_tables_and_who_holds_their_people_and_shifts_cross_cleanly(
    database, stage, cast, table, settings, time, monkeypatch
):
    """Where the move asks for its people, the other one comes in and takes people, talks and shifts. If the
    move held a talk before its people, each would wait for the other."""
    if database.dialect == "sqlite":
        return  # there the one writer holds everything
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, db.get_one(Person, cast.bo), YES)
        ids, shift_ids = [talk.id, table], booking.block_ids(db, table)
    inside, wrong, lock = threading.Event(), [], booking.lock_people

    def cross():
        try:
            assert inside.wait(60)
            with database.writing() as db:
                lock(db, [cast.ana, cast.bo])
                for one in sorted(ids):
                    booking.lock_talk(db, one)
                lock_shifts(db, shift_ids)
        except Exception as error:
            wrong.append(error)

    def lock_and_stop(db, people):
        inside.set()
        while other.is_alive() and not somebody_waits(database):
            pass
        lock(db, people)

    other = threading.Thread(target=cross)
    other.start()
    monkeypatch.setattr(booking, "lock_people", lock_and_stop)
    with database.writing() as db:
        talks = [db.get_one(Presentation, one) for one in ids]
        moving_talks.move_all(Act(db, stage.clerk, time.at), talks, 7, "", blocks)
    other.join(60)
    assert wrong == []


@both
def test_C1_routing_a_request_and_canceling_its_talk_cross_cleanly(
    database, stage, cast, table, time, monkeypatch
):
    """Where routing asks for the request, the talk is canceled, which takes the talk and then the request. If
    routing held the request before the talk, each would wait for the other."""
    if database.dialect == "sqlite":
        return  # there the one writer holds everything
    inside, wrong, lock = threading.Event(), [], triage.lock_request

    def cancel():
        with database.writing() as db:
            found = db.get_one(Presentation, table)
            booking.cancel(Act(db, build.OFFICE, time.at), found, "Rain", blocks)

    def cancel_it():
        try:
            assert inside.wait(60)
            try:
                cancel()
            except StaleDataError:  # it was read before routing ended; pages run again then
                cancel()
        except Exception as error:
            wrong.append(error)

    def lock_and_stop(db, request):
        lock(db, request)
        inside.set()
        while other.is_alive() and not somebody_waits(database):
            pass

    other = threading.Thread(target=cancel_it)
    other.start()
    monkeypatch.setattr(triage, "lock_request", lock_and_stop)
    with database.writing() as db:
        request = db.get_one(Presentation, table).request
        triage.route(Act(db, stage.clerk, time.at), request, cast.testing)
    other.join(60)
    assert wrong == []
    with database.reading() as db:
        found = db.get_one(Presentation, table)
        assert (found.state, found.program_id) == (TalkState.CANCELED, cast.testing)


def somebody_waits(database):
    with database.reading() as db:
        return db.scalar(text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))


@both
def test_a_sign_up_that_comes_in_before_the_hold_makes_it_run_again(
    database, stage, cast, table, time, monkeypatch
):
    read, late = blocks.people, []

    def with_one_more(db, ids):
        found = read(db, ids)
        if not late:
            late.append(True)
            return found - {cast.ana}
        return found

    monkeypatch.setattr(blocks, "people", with_one_more)
    with pytest.raises(Again), database.writing() as db:
        booking.hold(db, [table], blocks)


@both
def test_blocks_that_are_cut_before_the_hold_make_it_run_again(
    database, stage, settings, time, monkeypatch
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, kind="table", topics=[stage.topic], minutes=60)
        number, lock = talk.id, booking.lock_people

        def cut_meanwhile(db, people):
            lock(db, people)
            tables.add_blocks(Act(db, build.OFFICE, time.at), talk, 60, 2, blocks)

        monkeypatch.setattr(booking, "lock_people", cut_meanwhile)
        with pytest.raises(Again):
            booking.hold(db, [number], blocks)
