"""Shifts from someone's calendar file: a real one, the same twice, a changed one, and hostile ones."""

import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
from sqlalchemy import select

from portal import clock
from portal.ical_blocks import WrongCalendar
from portal.ical_reading import read_calendar
from portal.imports.report import Outcome, Report, run
from portal.settings import Settings
from portal.shifts.import_rows import Reading, read_hours
from portal.shifts.importing_calendar import pieces, write_piece
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern
from tests.worker import round_of_work

both = pytest.mark.both_databases
REAL = Path(__file__).parents[3] / "shared" / "data" / "community-workshop-calendar.ics"
needs_the_real_file = pytest.mark.skipif(not REAL.exists(), reason="no ../shared/data here")
WEEKS = 26


@pytest.fixture
def bring_in(database, cast, time):
    """Bring a calendar's text in; gives the report."""

    def bring_in(data: bytes, hours: str = "", program: str = "Rides") -> Report:
        horizon = time.at.date() + timedelta(weeks=WEEKS)
        last = datetime.combine(horizon + timedelta(days=1), datetime.min.time(), UTC)
        found = read_calendar(data, "America/New_York", last)
        reading = Reading("America/New_York", program, read_hours(hours) if hours else None)
        write = partial(write_piece, reading, horizon, time.at)
        cut = pieces(found, reading)
        return run(database, cut, lambda one: one.line, write, Report(), strict=False, at_once=1)

    return bring_in


def ics(*events: str, zone: str = "") -> bytes:
    body = "".join(
        f"BEGIN:VEVENT\r\n{textwrap.dedent(event).strip()}\r\nEND:VEVENT\r\n" for event in events
    )
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{zone}{body}END:VCALENDAR\r\n".replace("\n", "\r\n")
        .replace("\r\r", "\r")
        .encode()
    )


def shifts(database) -> set[tuple[datetime, datetime, str]]:
    with database.reading() as db:
        rows = db.execute(
            select(Shift.starts_at, Shift.ends_at, Shift.title).where(Shift.canceled_at.is_(None))
        )
        return {tuple(row) for row in rows}


@needs_the_real_file
def test_the_real_calendar_agrees_with_recurring_ical_events_month_by_month(
    bring_in, database, time
):
    """A ninth of its months here, all in `make soak`."""
    agrees_in_months(bring_in, database, time, every=9)


def agrees_in_months(bring_in, database, time, *, every: int) -> None:
    """Bring the real calendar in, and compare some of its months with another reading of it."""
    report = bring_in(REAL.read_bytes(), hours="09:00-17:00")
    left_out = [
        str(result.words) for result in report.results if result.outcome is Outcome.LEFT_OUT
    ]
    assert report.count(Outcome.MADE) + len(left_out) == 58  # 64 events, 6 of them exceptions
    assert all("longer than 36 hours" in words for words in left_out), left_out
    calendar = icalendar.Calendar.from_ical(REAL.read_bytes())
    there = shifts(database)
    months = [date(year, month, 1) for year in (2018, 2019, 2020) for month in range(1, 13)]
    months += [date(2026, 12, 1), *(date(2027, month, 1) for month in range(1, 6))]
    compared = 0
    for first in months[::every]:
        last = (first + timedelta(days=32)).replace(day=1)
        wanted = {
            (event["DTSTART"].dt.astimezone(UTC), event["DTEND"].dt.astimezone(UTC), str(event["SUMMARY"]))
            for event in recurring_ical_events.of(calendar).between(first, last)
            if isinstance(event["DTSTART"].dt, datetime)
            and event["DTEND"].dt - event["DTSTART"].dt <= timedelta(hours=36)
        }  # fmt: skip
        begin, end = (datetime(day.year, day.month, 1, tzinfo=UTC) for day in (first, last))
        margin = timedelta(days=1)
        ours = {row for row in there if begin - margin <= row[0] < end + margin}
        inner = {row for row in wanted if begin + margin <= row[0] < end - margin}
        outer = {row for row in ours if begin + margin <= row[0] < end - margin}
        clean = {(starts, ends, title.strip()) for starts, ends, title in inner}
        all_day = {row for row in outer if row not in clean and _is_given_hours(row)}
        assert outer - all_day == clean, first
        compared += len(clean)
    assert compared > 500 / every
    with database.reading() as db:
        patterns = db.scalars(select(Pattern)).all()
        assert len(patterns) == 7
        assert {pattern.zone for pattern in patterns} == {"Europe/Berlin"}
        assert all(pattern.last_day is None for pattern in patterns)
    again = bring_in(REAL.read_bytes(), hours="09:00-17:00")
    assert again.count(Outcome.UNCHANGED) == report.count(Outcome.MADE)
    assert shifts(database) == there


def _is_given_hours(row) -> bool:
    """Whether a shift has the hours that were given for whole days."""
    local = [clock.to_local(at, "Europe/Berlin").hour for at in row[:2]]
    return local == [9, 17]


OPEN_ENDED = """
    UID:weekly@example.org
    DTSTART;TZID=America/New_York:20261103T180000
    DTEND;TZID=America/New_York:20261103T200000
    RRULE:FREQ=WEEKLY;BYDAY=TU
    EXDATE;TZID=America/New_York:20261222T180000
    SUMMARY:Open workshop
    LOCATION:Main office
"""
MOVED = """
    UID:weekly@example.org
    RECURRENCE-ID;TZID=America/New_York:20261215T180000
    DTSTART;TZID=America/New_York:20261216T190000
    DTEND;TZID=America/New_York:20261216T210000
    SUMMARY:Open workshop
    LOCATION:Main office
"""


@both
def test_an_open_ended_rule_is_a_pattern_that_goes_on_and_keeps_its_exceptions(
    bring_in, database, time
):
    report = bring_in(ics(OPEN_ENDED, MOVED))
    assert [result.outcome for result in report.results] == [Outcome.MADE]
    assert "(recurring shift)" in str(report.results[0].words)
    with database.reading() as db:
        pattern = db.scalars(select(Pattern)).one()
        assert pattern.rule == "FREQ=WEEKLY;INTERVAL=1;BYDAY=TU;WKST=MO"
        rows = db.scalars(select(Shift).order_by(Shift.starts_at)).all()
        days = [clock.local_day(row.starts_at, row.zone) for row in rows if not row.canceled_at]
        assert days[0] == date(2026, 11, 3)  # history
        assert date(2026, 12, 22) not in days
        assert date(2026, 12, 15) not in days
        assert date(2026, 12, 16) in days
        assert [row.apart for row in rows if row.pattern_day == date(2026, 12, 15)] == [True]
        last = max(days)
    time.move(days=14)
    round_of_work(database, Settings(horizon_weeks=WEEKS), time.at)
    after = {clock.local_day(starts, "America/New_York") for starts, _, _ in shifts(database)}
    assert last + timedelta(days=7) in after
    assert date(2026, 12, 22) not in after


@both
def test_the_same_file_changes_nothing_and_a_changed_one_what_it_says(bring_in, database, time):
    event = """
        UID:one@example.org
        DTSTART:20261210T170000Z
        DTEND:20261210T190000Z
        SUMMARY:{title}
        STATUS:{status}
    """
    bring_in(ics(event.format(title="Before", status="CONFIRMED")))
    assert (
        bring_in(ics(event.format(title="Before", status="CONFIRMED"))).count(Outcome.UNCHANGED)
        == 1
    )
    assert (
        bring_in(ics(event.format(title="After", status="CONFIRMED"))).count(Outcome.CHANGED) == 1
    )
    assert [title for _, _, title in shifts(database)] == ["After"]
    bring_in(ics(event.format(title="After", status="CANCELLED")))
    assert shifts(database) == set()


@both
def test_what_cannot_be_read_stands_in_the_report_and_spoils_no_other(bring_in, database):
    good = "UID:g@x\nDTSTART:20261210T170000Z\nDTEND:20261210T190000Z\nSUMMARY:Good"
    report = bring_in(
        ics(
            "UID:a@x\nDTSTART:2026-99-99\nSUMMARY:No day",
            "UID:b@x\nSUMMARY:No start",
            "UID:c@x\nDTSTART;VALUE=DATE:20261210\nDTEND;VALUE=DATE:20261211\nSUMMARY:All day",
            "UID:d@x\nDTSTART:20261210T170000Z\nDTEND:20261215T170000Z\nSUMMARY:Five days",
            "UID:f@x\nDTSTART:20261210T170000Z\nDTEND:20261210T180000Z\nRRULE:FREQ=SECONDLY\nSUMMARY:Fast",
            good,
        )
    )
    said = {str(result.words): result.outcome for result in report.results}
    assert [words for words, outcome in said.items() if outcome is Outcome.MADE] == ["Good: 1 date"]
    assert len(said) == 6
    assert any("has no time. Enter hours" in words for words in said)
    assert any("too often for a shift (secondly)" in words for words in said)
    assert all(result.line > 0 for result in report.results)


def event_with(rule: str) -> bytes:
    return ics(
        f"UID:h@x\nDTSTART:20200101T100000Z\nDTEND:20200101T110000Z\nRRULE:{rule}\nSUMMARY:H"
    )


HOSTILE = {
    "a line of ten megabytes": b"BEGIN:VCALENDAR\r\nX-A:"
    + b"a" * 10_000_000
    + b"\r\nEND:VCALENDAR\r\n",
    "a line of four megabytes": b"BEGIN:VCALENDAR\r\nX-A:"
    + b"a" * 4_000_000
    + b"\r\nEND:VCALENDAR\r\n",
    "a hundred thousand events": ics(*["UID:a\nDTSTART:20261210T170000Z"] * 1000) * 100,
    "twenty thousand events": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 20_000,
    "nested bombs": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 50_000,
    "not a calendar": b"%PDF-1.7 " + b"x" * 1000,
    "empty": b"",
}
BOUNDED = {
    "every second": event_with("FREQ=SECONDLY"),
    "every minute of a day": event_with("FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3,4,5,6,7,8,9"),
    "daily for ever": event_with("FREQ=DAILY"),
    "a day that never comes": event_with("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    "an absurd count": event_with("FREQ=DAILY;COUNT=999999999"),
    "an absurd interval": event_with("FREQ=DAILY;INTERVAL=999999999"),
    "nonsense": event_with("FREQ=SOMETIMES;BYDAY=XX"),
    "latin-1": ics("UID:l@x\nDTSTART:20261210T170000Z\nDTEND:20261210T180000Z\nSUMMARY:Caf\xe9").decode().encode("latin-1"),
    "NUL": ics("UID:n@x\nDTSTART:20261210T170000Z\nDTEND:20261210T180000Z\nSUMMARY:a\x00b"),
    "three thousand daily for ever": ics(
        *[f"UID:{index}@x\nDTSTART:20000101T100000Z\nDTEND:20000101T110000Z\nRRULE:FREQ=DAILY\nSUMMARY:H" for index in range(3000)]
    ),
    "a huge zone for each event": ics(
        *[f"UID:{index}@x\nDTSTART;TZID=Z:20261210T170000\nDTEND;TZID=Z:20261210T180000" for index in range(300)],
        zone="BEGIN:VTIMEZONE\r\nTZID:Z\r\n" + "X-A:b\r\n" * 20_000 + "END:VTIMEZONE\r\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(name):
    with pytest.raises(WrongCalendar) as error:
        read_calendar(HOSTILE[name], "America/New_York", datetime(2027, 6, 1, tzinfo=UTC))
    assert len(str(error.value)) > 20


READ = """
import re, sys, time
from datetime import UTC, datetime
from portal.ical_reading import read_calendar
started = time.process_time()
found = read_calendar(sys.stdin.buffer.read(), "America/New_York", datetime(2027, 6, 1, tzinfo=UTC))
spent = time.process_time() - started
most = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
print(len(found), sum(len(one.occurrences) for one in found), spent, most)
"""


@pytest.mark.parametrize("name", BOUNDED)
def test_a_hostile_event_is_bounded_in_time_and_memory(name):
    done = subprocess.run(
        [sys.executable, "-c", READ],
        input=BOUNDED[name],
        capture_output=True,
        timeout=60,
        check=True,
    )
    events, occurrences, spent, memory = done.stdout.split()
    assert int(events) >= 1
    assert int(occurrences) <= 20_000
    assert float(spent) < 10, f"{float(spent):.1f} s"
    assert int(memory) < 200 * 1024


def test_the_command_brings_a_calendar_in(database, cast, settings, tmp_path, monkeypatch):
    path = tmp_path / "workshop.ics"
    path.write_bytes(ics(OPEN_ENDED, MOVED))
    done = subprocess.run(
        [sys.executable, "-m", "portal", "import", "shifts", str(path), "--program", "Rides"],
        env=settings.environ(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Open workshop" in done.stdout
    assert "1 made" in done.stdout
    bad = tmp_path / "bad.ics"
    bad.write_bytes(b"hello")
    done = subprocess.run(
        [sys.executable, "-m", "portal", "import", "shifts", str(bad), "--program", "Rides"],
        env=settings.environ(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "t a calendar file" in done.stderr
