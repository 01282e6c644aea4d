"""Every kind of message: written with what it tells, to whom, in their language, still true, and parsed
back from a real mail server."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.messages.models import Mark, Message, State
from portal.people.models import Person
from portal.settings import Settings
from portal.shifts import (
    asks,
    notices,
    pattern_days,
    patterns,
    regulars,
    releases,
    signups,
    waiting,
)
from portal.shifts.models import Shift, Signup
from portal.shifts.pattern_models import Pattern
from portal.shifts.shift_slots import wishes_of
from portal.shifts.shifts import cancel, move_shift
from portal.web.errors import Preview
from tests import build
from tests.build import NOON, OFFICE
from tests.mailbox import parts
from tests.worker import EVERY_NOTICE, round_of_work

both = pytest.mark.both_databases


def kinds(database, state=None):
    with database.reading() as db:
        found = select(Message.kind).order_by(Message.id)
        return list(db.scalars(found.where(Message.state == state) if state else found))


@pytest.fixture
def shift(database, cast, time):
    """A shift with one spot that Ana has."""
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=1, site_id=cast.office, title="Airport run").id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
    return number


@both
def test_signing_up_confirms_with_an_invitation_in_words_and_html(office, shift, cast):
    assert office.send() == ["You're signed up: Airport run, Thu, Dec 10, 12:00–2:00 pm"]
    (mail,) = office.box.to("ana@example.org")
    assert office.box.envelopes == [("volunteers@agency.example", ["ana@example.org"])]
    assert str(mail["From"]) == "Test Agency <volunteers@agency.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    found = parts(mail)
    text, html = (found[kind].get_content() for kind in ("text/plain", "text/html"))
    for said in ("Hello Ana", "Airport run", "Main office, 200 Cedar Street", "(555) 555-0100"):
        assert said in text
        assert said in html
    assert f"http://testserver/shifts/{shift}" in text
    assert "METHOD:REQUEST" in found["text/calendar"].get_content()
    assert found["text/calendar"].get_param("method") == "REQUEST"
    assert found["application/ics"].get_filename() == "event.ics"
    assert "/mail/" in str(mail["List-Unsubscribe"])


@both
def test_in_the_persons_language(database, office, cast, time):
    with database.writing() as db:
        db.get_one(Person, cast.bo).language = "es"
        number = build.shift(db, cast.driver).id
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, number)
    (subject,) = office.send()
    assert subject.startswith("Se inscribió")
    assert "Hola, Bo" in parts(office.box.mails[0])["text/plain"].get_content()


@both
def test_taking_oneself_off_withdraws_the_invitation_with_a_higher_sequence(
    database, office, shift, cast, time
):
    office.send()
    time.move(hours=1)
    with database.writing() as db:
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    (subject,) = office.send()
    assert subject.startswith("You're no longer signed up: Airport run")
    before, after = (parts(mail)["text/calendar"].get_content() for mail in office.box.mails)
    assert "SEQUENCE:0" in before
    for said in (
        "METHOD:CANCEL",
        "STATUS:CANCELLED",
        "SEQUENCE:1",
        f"UID:shift-{shift}@testserver",
    ):
        assert said in after
    time.move(hours=1)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    office.send()
    again = parts(office.box.mails[-1])["text/calendar"].get_content()
    assert "METHOD:REQUEST" in again
    assert "SEQUENCE:1" in again
    assert "DTSTAMP:20261201T160000Z" in again


@both
def test_being_removed_and_canceled_say_why(database, office, shift, cast, time):
    with database.writing() as db:
        signups.remove(Act(db, OFFICE, time.at), db.scalars(select(Signup)).one(), "Not needed")
        signups.sign_up(Act(db, OFFICE, time.at), cast.bo, shift, staff=True)
        cancel(Act(db, OFFICE, time.at), db.get_one(Shift, shift), "Snow")
    assert sorted(one.partition(":")[0] for one in office.send()) == [
        "Canceled",
        "We removed you",
    ]
    removed = parts(office.box.to("ana@example.org")[0])
    assert "Why: Not needed" in removed["text/plain"].get_content()
    assert "METHOD:CANCEL" in removed["text/calendar"].get_content()
    assert "Why: Snow" in parts(office.box.to("bo@example.org")[0])["text/plain"].get_content()
    assert kinds(database, State.DROPPED) == ["signup.made", "signup.made"]  # untrue by now


@both
def test_a_move_tells_the_old_and_the_new_time_and_raises_the_sequence(
    database, office, shift, cast, time
):
    office.send()
    with database.writing() as db:
        row = db.get_one(Shift, shift)
        move_shift(Act(db, OFFICE, time.at), row, NOON.date() + timedelta(days=1), None)
    assert office.send() == ["Changed: Airport run, now Fri, Dec 11, 12:00–2:00 pm"]
    found = parts(office.box.mails[-1])
    assert "Previously: Thu, Dec 10" in found["text/plain"].get_content()
    assert "SEQUENCE:1" in found["text/calendar"].get_content()


@both
def test_the_line_offer_and_lapse(database, office, shift, cast, time):
    with database.writing() as db:
        slot = build.slot_of(db, shift)
        waiting.join(Act(db, build.viewer(cast.bo), time.at), cast.bo, slot)
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    round_of_work(database, Settings(), time.at)
    office.send()
    (offer,) = office.box.to("bo@example.org")
    assert str(offer["Subject"]).startswith("A spot opened up")
    assert "hold it for you until Tue, Dec 1, 9:00 pm" in parts(offer)["text/plain"].get_content()
    time.move(hours=13)
    round_of_work(database, Settings(), time.at)
    assert "Your held spot is gone" in " ".join(office.send())


@both
def test_asking_others_tells_the_asked_the_asker_and_the_rest(database, office, cast, time):
    with database.writing() as db:
        number = build.shift(db, cast.driver, places=1).id
        people = [build.person(db, name, time.at).id for name in ("Dot", "Eve")]
        for person in people:
            build.place(db, person, cast.driver, time.at)
        row = db.get_one(Shift, number)
        by = build.viewer(cast.cy)
        try:
            asks.ask_others(Act(db, by, time.at), row, row.slots[0].id, people, "")
        except Preview as preview:
            asks.ask_others(Act(db, by, time.at), row, row.slots[0].id, people, preview.seen)
    assert len(office.send()) == 2
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(people[0]), time.at), people[0], number)
    found = sorted(subject.partition(":")[0] for subject in office.send())
    assert found == ["Covered", "Spot filled", "You're signed up"]
    assert "Dot said yes" in parts(office.box.to("cy@example.org")[0])["text/plain"].get_content()


@both
def test_who_cant_make_it_is_told_to_the_coordinators(database, office, shift, cast, time):
    time.at = NOON - timedelta(hours=3)
    with database.writing() as db:
        releases.cant_make_it(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift, "Fever")
    office.send()
    (mail,) = office.box.to("cy@example.org")
    text = parts(mail)["text/plain"].get_content()
    assert "Ana Reyes can't make it" in text
    assert "Fever" not in text


@both
def test_regular_dates_are_one_message_also_when_they_change(database, office, cast, time):
    with database.writing() as db:
        pattern = build.pattern(db, cast.driver, time.at).id
        first = db.scalars(select(Shift.id).order_by(Shift.starts_at)).first()
    with database.writing() as db:
        act = Act(db, build.viewer(cast.ana), time.at)
        given = (act, cast.ana, first, cast.driver, 1, None, (), False)
        try:
            regulars.take(*given, "")
        except Preview as preview:
            regulars.take(*given, preview.seen)
    (subject,) = office.send()
    assert subject == "Your recurring shifts: Evening rides"
    assert parts(office.box.mails[0])["text/plain"].get_content().count("\n- ") > 5
    with database.writing() as db:
        row = db.get_one(Pattern, pattern)
        values = pattern_days.pattern_values(row)
        version = values.pop("version")
        values["note"] = "Bring a coat"
        given = (Act(db, OFFICE, time.at), row, values, wishes_of(row.slots), version)
        try:
            patterns.edit_pattern(*given, "")
        except Preview as preview:
            patterns.edit_pattern(*given, preview.seen)
    assert office.send() == ["Changed: your recurring shifts, Evening rides"]
    with database.writing() as db:
        patterns.end_pattern(
            Act(db, OFFICE, time.at), db.get_one(Pattern, pattern), time.at.date(), "No more grant"
        )
    (subject,) = office.send()
    assert subject == "Changed: your recurring shifts, Evening rides"
    text = parts(office.box.mails[-1])["text/plain"].get_content()
    assert text.count("\n- ") == 1  # the first day stays


def catch_up(database, time) -> None:
    """Work until a worker that slept has come to the present, which it does in steps."""
    for _ in range(60):
        round_of_work(database, Settings(), time.at)
        with database.reading() as db:
            if db.get_one(Mark, "reminders").at >= time.at:
                return
    raise AssertionError("it never came to the present")


@both
def test_reminders_come_at_the_hours_one_chose_and_once(database, office, shift, cast, time):
    office.send()
    with database.writing() as db:  # before a first shift one is asked instead
        build.served(db, cast.ana, cast.driver, NOON - timedelta(days=40))
    time.at = NOON - timedelta(hours=50)
    round_of_work(database, Settings(), time.at)  # the watch begins
    time.at = NOON - timedelta(hours=48)
    round_of_work(database, Settings(), time.at - timedelta(minutes=1))
    catch_up(database, time)
    round_of_work(database, Settings(), time.at)
    reminders = [one for one in office.send() if one.startswith("Reminder")]
    assert reminders == ["Reminder: Airport run, Thu, Dec 10, 12:00–2:00 pm"]
    with database.writing() as db:
        db.get_one(Person, cast.ana).remind_hours = "24"
    for hours in (24, 3):
        time.at = NOON - timedelta(hours=hours)
        catch_up(database, time)
    assert len([one for one in office.send() if one.startswith("Reminder")]) == 1


@both
def test_a_reminder_of_a_shift_that_moved_is_not_sent(database, office, shift, cast, time):
    office.send()
    time.at = NOON - timedelta(hours=50)
    round_of_work(database, Settings(), time.at)  # the watch begins
    time.at = NOON - timedelta(hours=48)
    catch_up(database, time)
    assert kinds(database, State.QUEUED).count("shift.reminder") == 1
    with database.writing() as db:
        row = db.get_one(Shift, shift)
        move_shift(Act(db, OFFICE, time.at), row, NOON.date() + timedelta(days=5), None)
    assert not [one for one in office.send() if one.startswith("Reminder")]


@both
def test_coordinators_get_their_gaps_once_a_morning(database, office, cast, time):
    with database.writing() as db:
        build.shift(db, cast.driver, needed=2, places=3, starts=time.at + timedelta(days=3))
    round_of_work(database, Settings(), time.at)
    round_of_work(database, Settings(), time.at + timedelta(hours=2))
    digests = [one for one in office.send() if "Unfilled" in one]
    assert digests == ["Unfilled shifts in the next 7 days: 1"]  # Mara and Noel have no gaps
    assert office.box.to("cy@example.org")
    time.move(days=1)
    round_of_work(database, Settings(), time.at)
    assert len(office.send()) == 1


@both
def test_P2_mail_of_a_sensitive_program_is_neutral(database, office, cast, time):
    with database.writing() as db:
        number = build.shift(
            db, cast.host, site_id=cast.house, title="Night at Willow House", note="Ring twice"
        ).id
        signups.sign_up(Act(db, build.viewer(cast.hana), time.at), cast.hana, number)
        greeting = build.shift(db, cast.greeter).id
        signups.sign_up(Act(db, build.viewer(cast.wes), time.at), cast.wes, greeting)
        signups.remove(
            Act(db, OFFICE, time.at),
            db.scalars(select(Signup).where(Signup.person_id == cast.wes)).one(),
            "The HIV test day is full",
        )
    office.send()
    whole = "".join(str(mail) + "".join(str(part.get_content()) for part in parts(mail).values())
                    for mail in office.box.mails)  # fmt: skip
    assert "Family Support" in whole
    assert "Wellness" in whole
    for secret in (
        "Willow",
        "Larkspur",
        "Safe Haven",
        "HIV",
        "Night host",
        "Ring twice",
        "greeter",
    ):
        assert secret not in whole, secret


def test_every_kind_has_words_and_a_title():
    assert set(EVERY_NOTICE) >= {
        kind.name for kind in vars(notices).values() if kind.__class__.__name__ == "Kind"
    }
    for name, notice in EVERY_NOTICE.items():
        assert name == notice.kind.name
        assert notice.title.source
        # nothing that a stranger typed, and no one's name to an old address (SECURITY F6)
        unproved = name in ("outreach.prove", "people.merged_away")
        assert notice.kind.secret or ("{name}" in notice.body.source) is not unproved
