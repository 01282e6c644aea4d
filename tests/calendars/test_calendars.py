"""shared/CALENDARS.md, line by line: feeds, zones, invitations."""

import re
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import recurring_ical_events
from sqlalchemy import select

from portal import ical
from portal.act import Act
from portal.calendars import feeds
from portal.calendars.models import Feed
from portal.people.models import Person
from portal.shifts import signups
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern
from portal.shifts.series import pattern_calendar
from portal.shifts.shift_slots import wishes_of
from portal.shifts.shifts import cancel, edit_shift, move_shift, shift_values
from tests import build
from tests.build import NOON, OFFICE
from tests.conftest import SETTINGS
from tests.mailbox import parts

both = pytest.mark.both_databases


@pytest.fixture
def feed(database, cast, time, public):
    """Ana's feed, as a calendar program gets it."""
    with database.writing() as db:
        token = feeds.add_feed(Act(db, build.viewer(cast.ana), time.at))
    return lambda **headers: public.client.get(f"/calendar/{token}.ics", headers=headers)


@pytest.fixture
def take(database, cast, time):
    """Put Ana on a new shift; gives the shift."""
    with database.writing() as db:
        for position in (cast.host, cast.greeter):
            build.place(db, cast.ana, position, time.at)

    def take(role=None, **values) -> int:
        with database.writing() as db:
            number = build.shift(db, role or cast.driver, **values).id
            signups.sign_up(Act(db, OFFICE, time.at), cast.ana, number, staff=True)
        return number

    return take


def events(text: str) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(text).walk("VEVENT")


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


@both
def test_CAL_1_F2_lines_are_folded_and_escaped_and_carry_no_control_characters(feed, take):
    take(title="Drive; a, b \\ c\x0b\x01 " + "ü" * 120)
    body = feed().content
    assert b"\n" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is cut
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", line)
    assert "SUMMARY:Drive\\; a\\, b \\\\ c" in unfolded(body.decode())


@both
def test_CAL_2_our_own_prodid_and_no_uid_on_the_calendar(feed, take):
    take()
    calendar = icalendar.Calendar.from_ical(feed().text)
    assert "Volunteer Portal" in calendar["PRODID"]
    assert "UID" not in calendar


@both
def test_CAL_3_CAL_4_one_permanent_uid_and_a_sequence_that_follows_time_place_and_state(
    feed, take, database, cast, time, as_, office
):
    number = take(title="Before")
    (first,) = events(feed().text)
    assert first["UID"] == f"shift-{number}@testserver"
    assert first["SEQUENCE"] == 0
    assert feed().content == feed().content
    time.move(minutes=5)
    with database.writing() as db:
        row = db.get_one(Shift, number)
        values = {name: value for name, value in shift_values(row).items() if name != "version"}
        values |= {
            "title": "After",
            "closes_at": row.closes_at,
            "withdraw_until": row.withdraw_until,
        }
        edit_shift(Act(db, OFFICE, time.at), row, values, wishes_of(row.slots), row.version)
    (renamed,) = events(feed().text)
    assert (renamed["UID"], renamed["SEQUENCE"]) == (first["UID"], 0)
    assert renamed["DTSTAMP"].dt == time.at
    with database.writing() as db:
        move_shift(
            Act(db, OFFICE, time.at),
            db.get_one(Shift, number),
            NOON.date() + timedelta(days=1),
            None,
        )
    (moved,) = events(feed().text)
    assert (moved["UID"], moved["SEQUENCE"]) == (first["UID"], 1)
    (file,) = events(as_(cast.ana).client.get(f"/shifts/{number}/event.ics").text)
    assert file["UID"] == first["UID"]
    office.send()
    (mailed,) = events(parts(office.box.to("ana@example.org")[-1])["text/calendar"].get_content())
    assert (mailed["UID"], mailed["SEQUENCE"]) == (first["UID"], 1)


@both
def test_CAL_5_plain_events_in_utc(feed, take):
    take()
    text = feed().text
    assert re.search(r"DTSTART:\d{8}T\d{6}Z", text)
    for word in ("RRULE", "TZID", "VTIMEZONE"):
        assert word not in text


@both
def test_CAL_6_P10_nothing_about_people_or_confidential_places(feed, take, cast):
    take(cast.host, site_id=cast.house, title="Night at Willow House", note="Ring twice")
    take(cast.greeter, starts=NOON + timedelta(days=1), title="HIV day", site_id=cast.office)
    text = unfolded(feed().text)
    for word in (
        "ATTENDEE", "ORGANIZER", "@example", "555-1234", "Willow", "Larkspur", "LOCATION", "GEO",
        "DESCRIPTION", "HIV", "Ring twice", "Safe Haven", "Night host",
    ):  # fmt: skip
        assert word not in text, word
    assert "Family Support" in text
    assert "Wellness" in text


@both
def test_CAL_7_a_canceled_shift_says_so_for_30_days(feed, take, database, time):
    number = take(title="Airport run")
    with database.writing() as db:
        cancel(Act(db, OFFICE, time.at), db.get_one(Shift, number), "Snow")
    (event,) = events(feed().text)
    assert (event["STATUS"], event["SUMMARY"]) == ("CANCELLED", "Canceled: Airport run")
    assert event["SEQUENCE"] == 2  # canceled, and no longer Ana's
    time.move(days=31)
    assert events(feed().text) == []


@both
def test_CAL_8_refresh_window_and_size(feed, take, time):
    take(starts=NOON + timedelta(days=364 - 10))
    take(starts=NOON + timedelta(days=380), title="Too far ahead")
    text = feed().text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert "X-PUBLISHED-TTL:PT1H" in text
    assert "Too far" not in text
    for index in range(200):
        take(starts=time.at + timedelta(days=1, hours=index), hours=0.5)
    assert len(feed().content) < 2**20
    time.move(days=75)
    assert len(events(feed().text)) == 2  # only those of 365 days; the 200 are over 60 days ago


@both
def test_CAL_9_headers_etag_and_304(feed, take):
    take()
    answer = feed()
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["content-disposition"].startswith("inline")
    assert re.fullmatch(r'"[0-9a-f]{32}"', answer.headers["etag"])
    assert answer.headers["last-modified"].endswith("GMT")
    again = feed(**{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    take(starts=NOON + timedelta(days=2))
    assert feed(**{"If-None-Match": answer.headers["etag"]}).status_code == 200
    assert "set-cookie" not in answer.headers


def test_CAL_10_F3_tokens_are_random_hashed_revocable_and_never_logged(
    database, cast, time, public, as_, caplog
):
    browser = as_(cast.ana)
    browser.get("/me/calendar")
    page = browser.press("/me/calendar").text
    token = re.search(r"/calendar/([\w-]{43})\.ics", page)[1]
    caplog.set_level("INFO")
    assert public.client.head(f"/calendar/{token}.ics").status_code == 200
    with database.reading() as db:
        assert db.scalars(select(Feed.token_hash)).one() != token
    ours = [record for record in caplog.records if record.name.startswith("portal")]
    assert ours
    assert not [record for record in ours if token in str(vars(record))]
    feed = browser.get("/me/calendar").text
    assert token not in feed
    number = re.search(r"/me/calendar/(\d+)/end", feed)[1]
    assert as_(cast.bo).post(f"/me/calendar/{number}/end").status_code == 404
    browser.get("/me/calendar")
    browser.press(f"/me/calendar/{number}/end")
    assert public.client.get(f"/calendar/{token}.ics", follow_redirects=False).status_code == 404
    assert public.client.get("/calendar/nonsense.ics", follow_redirects=False).status_code == 404


def test_CAL_10_A7_a_feed_ends_with_its_person(database, cast, feed):
    assert feed().status_code == 200
    with database.writing() as db:
        db.get_one(Person, cast.ana).status = "ended"
    assert feed().status_code == 404


def test_CAL_11_the_page_offers_every_way_and_says_what_follows_changes(cast, as_):
    browser = as_(cast.ana)
    browser.get("/me/calendar")
    page = browser.press("/me/calendar").text
    for said in ("webcal://testserver/calendar/", "cid=webcal%3A%2F%2Ftestserver", "http://testserver/calendar/",
                 "checks for new and changed shifts", "A downloaded file doesn", "Google can take a day"):  # fmt: skip
        assert said in page


@pytest.mark.parametrize(
    ("zone", "parts"),
    [
        ("America/New_York", ["20250309T020000", "BYDAY=2SU", "20251102T020000", "BYDAY=1SU"]),
        ("Europe/Berlin", ["BYDAY=-1SU;BYMONTH=3", "BYDAY=-1SU;BYMONTH=10"]),
        ("America/Phoenix", ["TZOFFSETTO:-0700"]),
    ],
)
def test_CAL_12_zones_are_yearly_rules_in_the_offset_being_left(zone, parts):
    text = ical.series(series(zone=zone))
    assert f"TZID:{zone}" in text
    for part in parts:
        assert part in text
    assert "RDATE" not in text
    component = icalendar.Calendar.from_ical(text).walk("VTIMEZONE")[0]
    for year in (2026, 2027, 2030):
        for month in range(1, 13):
            wall = datetime(year, month, 15, 12)  # noqa: DTZ001
            ours = component.to_tz().utcoffset(wall)
            theirs = wall.replace(tzinfo=ical.clock.zone(zone)).utcoffset()
            assert ours == theirs, (zone, wall)


def series(**values) -> ical.Series:
    given = {
        "uid": "p@x", "sequence": 0, "revised_at": NOON, "first_day": date(2026, 10, 6),
        "starts": time(18), "ends": time(20), "zone": "America/New_York",
        "rule": "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU,TH;WKST=MO", "until": date(2027, 4, 1),
        "left_out": [date(2026, 12, 24)], "summary": "Court",
    }  # fmt: skip
    return ical.Series(**(given | values))


def test_CAL_13_until_is_in_utc_and_left_out_days_match_the_start():
    text = ical.series(series())
    assert "UNTIL=20270401T220000Z" in text
    assert "COUNT" not in text
    assert "EXDATE;TZID=America/New_York:20261224T180000" in text
    later = ical.series(series(starts=time(17)))  # another time rewrites them
    assert "EXDATE;TZID=America/New_York:20261224T170000" in later


def test_CAL_14_six_in_the_evening_stays_six_on_both_sides_of_the_clock_change():
    calendar = icalendar.Calendar.from_ical(ical.series(series()))
    found = recurring_ical_events.of(calendar).between(date(2026, 10, 1), date(2027, 4, 2))
    assert {event["DTSTART"].dt.time() for event in found} == {time(18)}
    utc = {event["DTSTART"].dt.astimezone(UTC).hour for event in found}
    assert utc == {22, 23}


@both
def test_CAL_14_CAL_21_a_pattern_exported_agrees_with_its_shifts_over_both_nights_of_2027(
    database, cast, time
):
    time.at = datetime(2027, 2, 1, tzinfo=UTC)
    with database.writing() as db:
        night = build.pattern(
            db, cast.driver, time.at, until=date(2027, 11, 30), first_day=date(2027, 2, 6),
            rule="FREQ=WEEKLY;INTERVAL=1;BYDAY=SA,SU;WKST=MO", starts=ical.time(22), ends=ical.time(6),
        ).id  # fmt: skip
        shifts = db.scalars(select(Shift).order_by(Shift.starts_at)).all()
        cancel(Act(db, OFFICE, time.at), shifts[3], "Snow")
        move_shift(Act(db, OFFICE, time.at), shifts[5], date(2027, 2, 24), None)
    with database.reading() as db:
        text = pattern_calendar(db, db.get_one(Pattern, night), SETTINGS)
        rows = db.scalars(select(Shift).where(Shift.canceled_at.is_(None))).all()
        there = {(row.starts_at, row.ends_at) for row in rows}
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(
        date(2027, 1, 1), date(2027, 12, 15)
    )
    exported = {
        (event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC)) for event in found
    }
    exported = {pair for pair in exported if pair[0] < max(there)[0] + timedelta(hours=1)}
    assert exported == there
    lengths = {ends - starts for starts, ends in there}
    assert lengths == {timedelta(hours=8), timedelta(hours=7), timedelta(hours=9)}


def test_CAL_16_CAL_17_invitations_have_their_parts_and_one_attendee(take, office):
    take()
    office.send()
    (mail,) = office.box.mails
    kinds = [part.get_content_type() for part in mail.walk()]
    assert "multipart/alternative" in kinds
    assert kinds.index("text/plain") < kinds.index("text/html") < kinds.index("text/calendar")
    found = parts(mail)
    assert found["text/calendar"].get_param("method") == "REQUEST"
    assert found["text/calendar"].get_content_charset() == "utf-8"
    assert found["application/ics"].get_content_disposition() == "attachment"
    text = unfolded(found["text/calendar"].get_content())
    assert text.count("ATTENDEE") == 1
    assert "ORGANIZER;CN=" in text
    assert "mailto:volunteers@agency.example" in text
    (event,) = events(text)
    assert str(event["ATTENDEE"]) == "mailto:ana@example.org"
    assert event["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert "http://testserver/shifts/" in found["text/plain"].get_content()


@both
def test_CAL_18_only_the_one_who_is_dropped_gets_the_cancellation(
    take, office, database, cast, time
):
    number = take(places=2)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, number)
    office.send()
    before = len(office.box.mails)
    with database.writing() as db:
        signups.withdraw(Act(db, build.viewer(cast.ana), time.at), cast.ana, number)
    office.send()
    (mail,) = office.box.mails[before:]
    assert mail["To"].addresses[0].addr_spec == "ana@example.org"
    text = unfolded(parts(mail)["text/calendar"].get_content())
    for said in ("METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:1", "mailto:ana@example.org"):
        assert said in text
    assert "bo@example.org" not in text
