"""Sending when the mail server is dead, slow, rude or forgetful, and when a worker is killed."""

import collections
import dataclasses
import os
import re
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import func, select, update

from portal.act import Act, Ref
from portal.messages.models import Channel, Message, State
from portal.messages.smtp import Smtp
from portal.people import proofs
from portal.people.models import Person
from portal.people.notify import notify
from portal.permissions import NOBODY
from portal.shifts import message_kinds, signups
from tests import build
from tests.mailbox import serving
from tests.shifts.test_races import at_once
from tests.worker import Mail

both = pytest.mark.both_databases


@pytest.fixture
def crowd(database, cast, time) -> list[int]:
    """Ten people on a shift; each has a confirmation waiting."""
    with database.writing() as db:
        shift = build.shift(db, cast.driver, places=20).id
        people = [build.person(db, f"Person{index}", time.at).id for index in range(10)]
        for person in people:
            build.place(db, person, cast.driver, time.at)
            signups.sign_up(Act(db, build.viewer(person), time.at), person, shift)
    return people


def states(database) -> dict[str, int]:
    with database.reading() as db:
        found = select(Message.state, func.count()).group_by(Message.state)
        return dict(db.execute(found).all())


@both
def test_V3_a_dead_mail_server_loses_nothing_and_delays_no_one(
    database, settings, crowd, cast, time, office
):
    dead = Mail(
        database,
        office.settings.__class__(**{**vars(office.settings), "smtp_url": "smtp://127.0.0.1:9"}),
    )
    assert dead.round(time.at) == 0
    assert dead.failures == 1
    assert dead.round(time.at + timedelta(seconds=1)) == 0  # too soon to try again
    assert dead.failures == 1
    pauses = []
    at = time.at
    for _ in range(7):
        at = dead.not_before
        dead.round(at)
        pauses.append((dead.not_before - at).total_seconds())
    assert pauses == [15, 60, 120, 300, 300, 300, 300]
    assert states(database) == {"queued": 10}
    with database.writing() as db:
        signups.sign_up(
            Act(db, build.viewer(cast.bo), time.at), cast.bo, 1
        )  # people go on meanwhile
    assert len(office.send()) == 11
    assert states(database) == {"sent": 11}


@both
def test_one_that_is_put_off_waits_longer_each_time_and_does_not_hold_the_others_up(
    database, office, crowd, time
):
    office.box.later.add("person3@example.org")
    assert len(office.send()) == 9
    waits = []
    for _ in range(8):
        with database.reading() as db:
            row = db.execute(
                select(Message.next_at, Message.state).where(
                    Message.tries > 0, Message.state != "sent"
                )
            ).one()
        if row.state != "queued":
            break
        waits.append(round((row.next_at - time.at).total_seconds() / 60))
        time.at = row.next_at
        office.send()
    assert waits == [1, 5, 15, 60, 240, 480, 960, 960]
    assert states(database) == {"sent": 9, "failed": 1}


@both
def test_an_address_that_is_refused_is_called_instead_from_then_on(database, office, cast, time):
    office.box.refuse.add("ana@example.org")
    with database.writing() as db:
        shift = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        one = build.shift(db, cast.driver, starts=build.NOON + timedelta(days=1)).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, one)
    office.send()
    with database.reading() as db:
        assert db.get_one(Person, cast.ana).mail_refused_at == time.at
        assert set(db.scalars(select(Message.state))) == {"failed"}
    with database.writing() as db:
        signups.remove(
            Act(db, build.OFFICE, time.at), db.scalars(select(signups.Signup)).first(), "No"
        )
    with database.reading() as db:
        last = db.scalars(select(Message).order_by(Message.id.desc())).first()
        assert (last.kind, last.channel) == ("signup.removed", Channel.CALL)


@both
def test_a_mail_that_is_refused_fails_and_says_so(database, office, crowd):
    office.box.data_code = "554 looks like spam"
    office.send()
    with database.reading() as db:
        assert set(db.scalars(select(Message.why))) == {"mail refused: 554"}
    assert states(database) == {"failed": 10}


@both
def test_a_connection_lost_after_the_data_repeats_with_the_same_message_id(
    database, office, crowd, time
):
    office.box.drop_after_data = 1
    office.send()
    assert states(database) == {"queued": 1, "sent": 9}
    time.move(minutes=2)
    office.send()
    assert states(database) == {"sent": 10}
    ids = collections.Counter(str(mail["Message-ID"]) for mail in office.box.mails)
    assert sorted(ids.values()) == [1] * 9 + [2]
    links = {re.search(r"/mail/\w+", mail.as_string())[0] for mail in office.box.mails}
    assert (
        len(links) == 10
    )  # mail programs show the first of the two, so its link must go on working


@both
def test_a_server_that_stalls_on_one_mail_delays_that_one_alone(database, office, crowd, time):
    office.box.stall.add("person0@example.org")
    slow = Mail(database, office.settings, Smtp(office.settings.smtp_url, seconds=3))
    slow.round(time.at)
    assert states(database) == {"queued": 1, "sent": 9}
    with database.reading() as db:
        why = db.scalars(select(Message.why).where(Message.state == State.QUEUED)).one()
    assert why.startswith("put off: ")
    office.box.stall.clear()
    time.move(minutes=2)
    slow.round(time.at)
    assert states(database) == {"sent": 10}


@both
def test_caps_per_person_and_in_total_put_off_and_lose_nothing(database, office, cast, time):
    object.__setattr__(office.settings, "mail_per_person_day", 3)
    object.__setattr__(office.settings, "mail_per_hour", 5)
    with database.writing() as db:
        shift = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        for person in [cast.ana] * 4 + [cast.bo] * 4:
            notify(Act(db, NOBODY, time.at), message_kinds.MADE, Ref("signup", 1), [person])
    assert len(office.send()) <= 5
    assert len(office.box.to("ana@example.org")) == 3
    time.move(hours=2)
    office.send()
    assert len(office.box.to("ana@example.org")) == 3
    assert len(office.box.to("bo@example.org")) == 3
    time.move(days=2)
    office.send()
    assert len(office.box.mails) == 9


@both
def test_a_person_without_a_sound_address_is_called_and_breaks_no_round(
    database, office, cast, time
):
    with database.writing() as db:
        shift = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        hostile = "a@example.org\r\nBcc: victim@example.org"
        db.execute(update(Person).where(Person.id == cast.ana).values(email=hostile))
        signups.remove(
            Act(db, build.OFFICE, time.at), db.scalars(select(signups.Signup)).one(), "No"
        )
    office.send()
    for _ in range(3):  # the call list is looked through again and again
        office.send()
        time.move(minutes=11)
    with database.reading() as db:
        row = db.scalars(select(Message).where(Message.kind == "signup.removed")).one()
        assert (row.channel, row.state) == (Channel.CALL, State.QUEUED)


@both
def test_one_message_that_breaks_our_code_keeps_no_other_waiting(
    database, office, crowd, time, monkeypatch, caplog
):
    kind = message_kinds.REMOVED.name
    with database.writing() as db:
        notify(
            Act(db, NOBODY, time.at - timedelta(hours=1)),
            message_kinds.REMOVED,
            Ref("signup", 1),
            [crowd[0]],
        )

    def broken(*given):
        raise LookupError

    notice = office.mail.post.notices[kind]
    monkeypatch.setitem(office.mail.post.notices, kind, dataclasses.replace(notice, say=broken))
    assert len(office.send()) == 10
    with database.reading() as db:
        row = db.scalars(select(Message).where(Message.kind == kind)).one()
        assert (row.state, row.why) == (State.QUEUED, "our fault: LookupError")
    assert [record.message for record in caplog.records if record.levelname == "ERROR"]
    caplog.clear()


def test_without_a_mail_server_a_code_is_never_readable_but_in_the_demo(
    database, cast, settings, time
):
    with database.writing() as db:
        proofs.ask_proof(db, proofs.Purpose.SIGN_IN, "ana@example.org", "x", {}, "en", time.at)
    Mail(database, settings).round(time.at)
    with database.reading() as db:
        row = db.scalars(select(Message)).one()
        assert (row.state, row.shown, row.why) == (State.FAILED, "", "no mail server is set")


@both
def test_what_is_not_wanted_or_for_somebody_who_ended_is_dropped(database, office, crowd):
    with database.writing() as db:
        db.get_one(Person, crowd[0]).mail_off = "news,confirmations"
        db.get_one(Person, crowd[1]).status = "ended"
    assert len(office.send()) == 8
    with database.reading() as db:
        why = db.scalars(select(Message.why).where(Message.state == State.DROPPED)).all()
    assert sorted(why) == ["not wanted", "the person has ended"]


@both
def test_without_a_mail_server_the_words_are_kept_to_be_read(database, settings, crowd, time):
    mail = Mail(database, settings)
    assert mail.round(time.at) == 10
    with database.reading() as db:
        row = db.scalars(select(Message).limit(1)).one()
    assert row.state == State.SENT
    assert "Thank you!" in row.shown
    assert row.token_hash


@both
def test_several_workers_share_the_work_and_send_each_once(database, office, cast, time):
    with database.writing() as db:
        shift = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        for index in range(60):
            person = build.person(db, f"Reader{index}", time.at).id
            notify(Act(db, NOBODY, time.at), message_kinds.MADE, Ref("signup", 1), [person])
    workers = [Mail(database, office.settings) for _ in range(4)]
    at_once(*(lambda worker=worker: worker.round(time.at) for worker in workers))
    assert len(office.box.mails) == 61
    assert len({str(mail["Message-ID"]) for mail in office.box.mails}) == 61


HOSTILE = (
    "a@example.org\r\nBcc: victim@example.org", "a@example.org, victim@example.org",
    "a@example.org;victim@example.org", "<a@example.org> victim@example.org", "victim@example.org (a",
    '"a@example.org', "a@example.org\nX: y", "a b@example.org", "@", "a@", "ä" * 300 + "@example.org",
    "a@exa\x00mple.org", "group: victim@example.org;", "a@example.org>",
)  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_F5_an_address_that_is_not_one_gets_nothing_and_nobody_else_does(
    address, database, office, cast, time
):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, title="Nice\r\nBcc: victim@example.org").id
        db.execute(update(Person).where(Person.id == cast.ana).values(email=address))
        db.execute(
            update(Person)
            .where(Person.id == cast.bo)
            .values(name="Bo\r\nBcc: victim@example.org, x")
        )
        for person in (cast.ana, cast.bo):
            signups.sign_up(Act(db, build.viewer(person), time.at), person, shift)
    office.send()
    for mail, (_, to) in zip(office.box.mails, office.box.envelopes, strict=True):
        assert len(to) == 1
        assert "victim@example.org" not in to
        assert mail["Bcc"] is None
        assert len(mail["To"].addresses) == 1
    assert office.box.to("bo@example.org")


SENDER = """
import sys
from datetime import datetime
from portal import clock
from portal.db import Database
from portal.settings import Settings
from tests.worker import Mail
import os
settings = Settings.read(os.environ)
database = Database(settings.database_url)
at = datetime.fromisoformat(sys.argv[1])
clock.use_source(lambda: at)
mail = Mail(database, settings)
print("ready", flush=True)
while True:
    mail.round(at)
"""


def killed_in_a_loop(database, settings, time, kills: int, messages: int) -> collections.Counter:
    """Kill a sending worker again and again until everything was sent; gives how often each arrived."""
    with serving() as (box, url):
        environ = {
            **os.environ, **settings.environ(), "PORTAL_SMTP_URL": url,
            "PORTAL_MAIL_FROM": "volunteers@agency.example", "PORTAL_MAIL_PER_HOUR": "100000",
        }  # fmt: skip
        for number in range(kills + 1):
            at = time.at + timedelta(minutes=11 * number)  # what the killed one held is free again
            command = [sys.executable, "-c", SENDER, at.isoformat()]
            process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE)
            assert process.stdout
            process.stdout.readline()
            before, deadline = len(box.mails), monotonic() + 60
            enough = messages if number == kills else before + 7
            while (
                len({str(m["Message-ID"]) for m in box.mails}) < messages and monotonic() < deadline
            ):
                if number < kills and len(box.mails) >= enough:
                    break
                threading.Event().wait(0.002)
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stdout.close()
        return collections.Counter(str(mail["Message-ID"]) for mail in box.mails)


@both
def test_D1_a_worker_killed_again_and_again_loses_nothing(database, settings, cast, time):
    with database.writing() as db:
        shift = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        for index in range(39):
            person = build.person(db, f"Reader{index}", time.at).id
            notify(Act(db, NOBODY, time.at), message_kinds.MADE, Ref("signup", 1), [person])
    arrived = killed_in_a_loop(database, settings, time, kills=2, messages=40)
    assert len(arrived) == 40
    assert sum(arrived.values()) <= 40 + 2  # at most one repeat for each kill, with the same id
