"""Talks in everyone's calendar: invitations read by real programs, answers read back, speakers' busy times."""

import re
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import icalendar
import pytest
from sqlalchemy import select

from portal import ical
from portal.act import Act
from portal.outreach import (
    booking,
    chores,
    external_calendars,
    links,
    moving_talks,
    replies,
    speaker_offers,
    speakers,
)
from portal.outreach.answers import Answers
from portal.outreach.events import OF_TALK, feed_of, happening_of
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.talk_models import (
    BusyTime,
    CalendarReply,
    Presentation,
    Speaker,
    SpeakerOffer,
)
from portal.people.models import Person
from portal.reading import reader
from portal.shifts import blocks
from portal.web.errors import Refused
from tests import build
from tests.calendars.test_clients import CLIENTS, read_by_ical_js, run
from tests.mailbox import parts

both = pytest.mark.both_databases
YES = OfferTerms(mode="yes", asked="phone")


@pytest.fixture
def talk(database, stage, cast, settings, time):
    """A talk that Ana gives."""
    with database.writing() as db:
        found = build.talk(db, time.at, settings, topics=[stage.topic], by=stage.clerk)
        speaker_offers.ask(Act(db, stage.clerk, time.at), found, db.get_one(Person, cast.ana), YES)
        return found.id


def calendars(office):
    """The calendar parts of what arrived, by address."""
    found = {}
    for mail in office.box.mails:
        if part := parts(mail).get("text/calendar"):
            address = mail["To"].addresses[0].addr_spec
            found.setdefault(address, []).append((part.get_param("method"), part.get_content()))
    return found


def event_of(text):
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    return event


def test_CAL_16_CAL_17_host_speaker_and_clerk_each_get_their_own(office, talk):
    office.send()
    found = calendars(office)
    assert set(found) == {"rosa@parish.example", "ana@example.org", "dee@example.org"}
    uids = set()
    for address, mails in found.items():
        method, text = mails[-1]
        event = event_of(text)
        assert method == "REQUEST"
        assert str(event["ATTENDEE"]) == f"mailto:{address}"
        for other in found.keys() - {address}:
            assert other not in text
        uids.add(str(event["UID"]))
    assert uids == {f"talk-{talk}@testserver"}


def test_CAL_18_a_change_raises_the_sequence_and_a_drop_cancels_for_one(
    office, talk, database, stage, cast, time
):
    office.send()
    with database.writing() as db:
        moving_talks.move_by(
            Act(db, stage.clerk, time.at), db.get_one(Presentation, talk), 1, "", blocks
        )
    office.send()
    for mails in calendars(office).values():
        sequences = [int(event_of(text)["SEQUENCE"]) for _, text in mails]
        assert sequences == sorted(set(sequences))
    before = {address: len(mails) for address, mails in calendars(office).items()}
    with database.writing() as db:
        offer = db.scalars(select(SpeakerOffer)).one()
        speaker_offers.drop(Act(db, stage.clerk, time.at), offer)
        speaker_offers.ask(
            Act(db, stage.clerk, time.at),
            db.get_one(Presentation, talk),
            db.get_one(Person, cast.bo),
            YES,
        )
    office.send()
    new = {address: mails[before.get(address, 0) :] for address, mails in calendars(office).items()}
    assert [method for method, _ in new["ana@example.org"]] == ["CANCEL"]
    assert "STATUS:CANCELLED" in new["ana@example.org"][0][1]
    assert [method for method, _ in new["bo@example.org"]] == ["REQUEST"]
    ((method, text),) = new["rosa@parish.example"]
    assert (method, str(event_of(text)["UID"])) == ("REQUEST", f"talk-{talk}@testserver")


def test_host_and_speaker_download_the_event_that_they_were_mailed(
    office, talk, database, cast, settings, as_, public
):
    office.send()
    mailed = {who: event_of(mails[-1][1]) for who, mails in calendars(office).items()}
    with database.reading() as db:
        link_id = db.get_one(Presentation, talk).request.link_id
        offer = db.scalars(select(SpeakerOffer.id)).one()
    status = links.status_path(settings, link_id)
    for browser, page, address in (
        (public, status, "rosa@parish.example"), (as_(cast.ana), f"/me/talks/{offer}", "ana@example.org"),
    ):  # fmt: skip
        (path,) = re.findall(r'href="(\S+/event.ics)"', browser.get(page).text)
        answer = browser.get(path)
        assert answer.headers["content-disposition"] == f'attachment; filename="talk-{talk}.ics"'
        event = event_of(answer.text)
        for name in ("UID", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "URL"):
            assert event.get(name) == mailed[address].get(name)
        assert status.rpartition("/")[2] not in answer.text.replace("\r\n ", "")
    assert as_(cast.bo).get(f"/me/talks/{offer}/event.ics").status_code == 404
    assert public.get(f"{status}x/talks/{talk}/event.ics").status_code == 404


def test_invitations_are_read_by_khal_and_ical_js(office, talk, chromium, tmp_path):
    office.send()
    (_, text) = calendars(office)["rosa@parish.example"][-1]
    ends = build.TALK_AT + timedelta(minutes=45)
    title = "Safe at home: St. Brigid's seniors"
    assert read_by_ical_js(chromium, text) == {(build.TALK_AT, ends, title)}
    (tmp_path / "here").mkdir()
    (tmp_path / "invitation.ics").write_text(text.replace("METHOD:REQUEST\n", ""))
    (tmp_path / "khal").write_text(
        f"""[calendars]
[[portal]]
path = {tmp_path}/here
[locale]
local_timezone = America/New_York
default_timezone = America/New_York
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
[default]
highlight_event_days = False
[sqlite]
path = {tmp_path}/khal.db
"""
    )
    khal = (CLIENTS / "bin" / "khal", "-c", tmp_path / "khal")
    run(*khal, "import", "--batch", tmp_path / "invitation.ics")
    listed = run(
        *khal, "list", "--day-format", "", "--format", "{start-long-full}|{end-long-full}|{title}",
        "2026-12-30", "2d",
    )  # fmt: skip
    assert listed.strip() == f"2026-12-30 12:00|2026-12-30 12:45|{title}"


def test_a_speakers_feed_has_the_talk_and_for_30_days_its_cancellation(
    talk, database, stage, cast, settings, time
):
    with database.writing() as db:
        (one,) = feed_of(db, cast.ana, settings, "en", time.at)
        assert one.uid == f"talk-{talk}@testserver"
        booking.cancel(
            Act(db, stage.clerk, time.at), db.get_one(Presentation, talk), "Snow", blocks
        )
        (off,) = feed_of(db, cast.ana, settings, "en", time.at)
        assert (off.uid, off.canceled, off.sequence > one.sequence) == (one.uid, True, True)
        assert feed_of(db, cast.ana, settings, "en", time.move(days=31)) == []


def test_P2_a_sensitive_program_goes_by_its_label_in_every_calendar(
    database, stage, cast, settings, time
):
    with database.writing() as db:
        topic = build.topic(db, time.at, "Living with HIV", program_id=cast.testing).id
        talk = build.talk(db, time.at, settings, topics=[topic], open_to_public=True)
        row = db.execute(OF_TALK.where(Presentation.id == talk.id)).one()
        text = ical.download(happening_of(row, settings, "en"))
    assert "Wellness" in text
    for word in ("HIV", "St. Brigid"):
        assert word not in text


def reply(talk, address, said, sequence):
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        f"UID:talk-{talk}@testserver\r\nDTSTAMP:20261201T140000Z\r\nSEQUENCE:{sequence}\r\n"
        f"DTSTART:20261230T170000Z\r\nATTENDEE;PARTSTAT={said}:MAILTO:{address}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def mailed(content):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ana@example.org", "Accepted: a talk"
    mail.set_content("Ana accepts")
    mail.add_alternative(content, maintype="text", subtype="calendar", params={"method": "REPLY"})
    return mail.as_bytes()


def noted(database):
    with database.reading() as db:
        found = select(CalendarReply.who, CalendarReply.said, CalendarReply.seen_at.is_(None))
        return [tuple(row) for row in db.execute(found.order_by(CalendarReply.id))]


@both
def test_CAL_19_answers_are_matched_old_ones_ignored_strangers_looked_at(
    talk, database, stage, settings, time
):
    with database.writing() as db:
        now = db.get_one(Presentation, talk).sequence
        for raw in (
            mailed(reply(talk, "ANA@Example.ORG", "ACCEPTED", now)),
            mailed(reply(talk, "ANA@Example.ORG", "ACCEPTED", now)),
            reply(talk, "rosa@parish.example", "DECLINED", now),
            reply(talk, "ana@example.org", "DECLINED", now - 1),
            reply(talk, "who@example.net", "DECLINED", now),
            reply(999_999, "who@example.net", "ACCEPTED", now),
            b"BEGIN:VCALENDAR\r\nnonsense", b"\xff\xfe\x00", b"",
        ):  # fmt: skip
            replies.take(Act(db, stage.clerk, time.at), reader.mail(raw), settings)
        assert db.scalars(select(SpeakerOffer.reply)).all() == ["accepted"]
        assert db.get_one(Presentation, talk).state == "confirmed"  # an answer changes nothing
    assert noted(database) == [
        ("speaker", "ACCEPTED", False), ("host", "DECLINED", True), ("stranger", "DECLINED", True),
        ("stranger", "ACCEPTED", True),
    ]  # fmt: skip


def test_CAL_19_a_pasted_message_is_read_and_nonsense_is_said(
    talk, database, stage, settings, time
):
    with database.writing() as db:
        with pytest.raises(Refused):
            replies.read_pasted("Dear Dee, I can come.")
        words = mailed(reply(talk, "ana@example.org", "TENTATIVE", 9)).decode()
        found = replies.read_pasted(words)
        assert len(replies.take(Act(db, stage.clerk, time.at), found, settings)) == 1
        assert replies.take(Act(db, stage.clerk, time.at), found, settings) == []


class Imap:
    """An IMAP server for one visit after another: as much of RFC 3501 as reading unread mail takes."""

    def __init__(self, mails):
        self.mails, self.seen = list(mails), set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"imap://office:secret@127.0.0.1:{self.listener.getsockname()[1]}/INBOX"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                visitor, _ = self.listener.accept()
            except OSError:
                return
            with visitor, visitor.makefile("rwb") as wire:
                wire.write(b"* OK ready\r\n")
                wire.flush()
                for line in wire:
                    self.answer(wire, *line.decode().strip().split(" ", 2))
                    wire.flush()

    def answer(self, wire, tag, command, rest=""):
        if command == "LOGIN" and rest != 'office "secret"':
            wire.write(f"{tag} NO\r\n".encode())
            return
        if command == "CAPABILITY":
            wire.write(b"* CAPABILITY IMAP4rev1\r\n")
        if command == "SELECT":
            wire.write(f"* {len(self.mails)} EXISTS\r\n".encode())
        if command == "SEARCH":
            unread = [str(n) for n in range(1, len(self.mails) + 1) if n not in self.seen]
            wire.write(f"* SEARCH {' '.join(unread)}\r\n".encode())
        if command == "FETCH":
            raw = self.mails[int(rest.split()[0]) - 1]
            wire.write(b"* 1 FETCH (BODY[]<0> {%d}\r\n" % len(raw) + raw + b")\r\n")
        if command == "STORE":
            self.seen.add(int(rest.split()[0]))
        wire.write(f"{tag} OK done\r\n".encode())


def test_CAL_19_the_worker_reads_the_mailbox_once(talk, database, settings, time):
    box = Imap([mailed(reply(talk, "ana@example.org", "DECLINED", 9)), b"Subject: hello\r\n\r\nhi"])
    settings = type(settings)(**vars(settings) | {"imap_url": box.url})
    answers = Answers(database, settings)
    assert answers.round(time.at) == 2
    assert answers.round(time.at) == 0  # not so soon again
    assert answers.round(time.move(minutes=5)) == 0
    assert box.seen == {1, 2}
    assert noted(database) == [("speaker", "DECLINED", True)]
    box.listener.close()


CALENDAR = """BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{}END:VCALENDAR\r\n"""
EVENT = "BEGIN:VEVENT\r\nUID:{}\r\nDTSTAMP:20261201T000000Z\r\n{}\r\nEND:VEVENT\r\n"


def of_events(*lines):
    events = "".join(EVENT.format(number, line) for number, line in enumerate(lines))
    return CALENDAR.format(events).encode()


@both
def test_CAL_20_only_busy_spans_are_kept_of_a_speakers_calendar(database, stage, cast, time):
    raw = of_events(
        "DTSTART:20261210T150000Z\r\nDTEND:20261210T160000Z\r\nSUMMARY:Dentist for my knee",
        "DTSTART:20261211T150000Z\r\nDTEND:20261211T160000Z\r\nSTATUS:CANCELLED",
        "DTSTART:20261212T150000Z\r\nDTEND:20261212T160000Z\r\nTRANSP:TRANSPARENT",
        "DTSTART;VALUE=DATE:20261220\r\nDTEND;VALUE=DATE:20261223",
        "DTSTART:20261214T150000Z\r\nDTEND:20261214T160000Z\r\nRRULE:FREQ=WEEKLY;COUNT=3",
        "DTSTART:20261201T000000Z\r\nDTEND:20261201T000001Z\r\nRRULE:FREQ=SECONDLY",
    )
    with database.writing() as db:
        row = db.get_one(Speaker, cast.ana)
        speakers.set_calendar(Act(db, stage.clerk, time.at), row, "https://cal.example.org/a.ics")
        assert list(db.scalars(external_calendars.due(time.at))) == [cast.ana]
    external_calendars.refresh(database, cast.ana, "America/New_York", time.at, lambda url: raw)
    with database.reading() as db:
        found = db.execute(
            select(BusyTime.starts_at, BusyTime.ends_at).order_by(BusyTime.starts_at)
        )
        assert [tuple(row) for row in found] == [
            (datetime(2026, 12, 10, 15, tzinfo=UTC), datetime(2026, 12, 10, 16, tzinfo=UTC)),
            (datetime(2026, 12, 14, 15, tzinfo=UTC), datetime(2026, 12, 14, 16, tzinfo=UTC)),
            (datetime(2026, 12, 20, 5, tzinfo=UTC), datetime(2026, 12, 23, 5, tzinfo=UTC)),
            (datetime(2026, 12, 21, 15, tzinfo=UTC), datetime(2026, 12, 21, 16, tzinfo=UTC)),
            (datetime(2026, 12, 28, 15, tzinfo=UTC), datetime(2026, 12, 28, 16, tzinfo=UTC)),
        ]
        assert list(db.scalars(external_calendars.due(time.at))) == []
    external_calendars.refresh(
        database, cast.ana, "America/New_York", time.move(hours=4), lambda url: b"<html>"
    )
    with database.writing() as db:
        row = db.get_one(Speaker, cast.ana)
        assert row.fetch_problem == "unreadable"
        assert len(db.scalars(select(BusyTime)).all()) == 5  # what was known stands
        speakers.set_calendar(Act(db, stage.clerk, time.at), row, "")
        assert db.scalars(select(BusyTime)).all() == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "::", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b:1::1", "64:ff9b::7f00:1"],
)  # fmt: skip
def test_CAL_20_no_private_address_is_ever_fetched(address, monkeypatch):
    assert not external_calendars.is_public(address)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    answer = [(family, socket.SOCK_STREAM, 6, "", (address, 443))]
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: [public, *answer])
    monkeypatch.setattr(socket, "create_connection", lambda *given: pytest.fail("it connected"))
    with pytest.raises(external_calendars.NoCalendar, match="private"):
        external_calendars.fetched("https://calendar.example.org/me.ics")


@pytest.mark.parametrize(
    "url",
    ["http://example.org/a.ics", "https://", "https://user@example.org/a", "ftp://example.org", "https://x:22/a",
     "file:///etc/passwd", "https://example.org:99999/"],
)  # fmt: skip
def test_CAL_20_only_plain_https_addresses_are_fetched(url, monkeypatch):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *given, **more: pytest.fail("it looked it up")
    )
    with pytest.raises((external_calendars.NoCalendar, ValueError)):
        external_calendars.fetched(url)


@both
def test_reminders_before_and_how_did_it_go_after_are_told_once(talk, database, cast, time, told):
    for hours in range(50, 1, -1):
        time.at = build.TALK_AT - timedelta(hours=hours)
        with database.writing() as db:
            chores.work(db, time.at)
            chores.work(db, time.at)
    kinds = [kind for kind, _, person in told() if person == cast.ana]
    assert kinds.count("outreach.reminder") == 2  # 48 and 3 hours before
    time.at = build.TALK_AT + timedelta(hours=2)
    for _ in range(3):
        with database.writing() as db:
            chores.work(db, time.at)
    kinds = [kind for kind, _, person in told() if person == cast.ana]
    assert kinds.count("outreach.how") == 1
