"""Real calendar programs read a feed from a real server, and agree with the database, clock changes
included: vdirsyncer fetches it, khal lists it, ical.js (Thunderbird's) reads it in a browser."""

import base64
import os
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.calendars import feeds
from portal.shifts import regulars, signups
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.pattern_models import Pattern
from portal.shifts.series import pattern_calendar
from portal.web.errors import Preview
from tests import build
from tests.conftest import SETTINGS
from tests.server import free_port, running_server

CLIENTS = Path(__file__).parents[2] / ".venv" / "clients"
ZONE = "America/New_York"


@pytest.fixture
def feed(database, settings, cast, tmp_path):
    """A served feed of Ana's: a year of three weekly shifts, one overnight; with what the database says."""
    clock.use_source(None)
    at = clock.now()
    first = at.date()
    with database.writing() as db:
        for weekday, starts, ends in (("SU", 13, 15), ("TU", 18, 20), ("SA", 22, 6)):
            build.pattern(
                db, cast.driver, at, until=first + timedelta(days=360), first_day=first,
                rule=f"FREQ=WEEKLY;INTERVAL=1;BYDAY={weekday};WKST=MO",
                starts=datetime(2026, 1, 1, starts, tzinfo=UTC).time(),
                ends=datetime(2026, 1, 1, ends, tzinfo=UTC).time(), title=f"Café; {weekday}, night",
            )  # fmt: skip
        token = feeds.add_feed(Act(db, build.viewer(cast.ana), at))
    with database.writing() as db:
        for pattern in db.scalars(select(Pattern)).all():
            ahead = select(Shift.id).where(Shift.pattern_id == pattern.id, Shift.starts_at > at)
            shift = db.scalars(ahead.order_by(Shift.starts_at)).first()
            act = Act(db, build.viewer(cast.ana), at)
            given = (act, cast.ana, shift, cast.driver, 1, None, (), False)
            try:
                regulars.take(*given, "")
            except Preview as preview:
                regulars.take(*given, preview.seen)
        gone = db.scalars(select(Signup).order_by(Signup.id)).all()[3]
        signups.remove(Act(db, build.OFFICE, at), gone, "")
    with database.reading() as db:
        rows = db.execute(
            select(Shift.starts_at, Shift.ends_at, Shift.title)
            .join(Signup, Signup.shift_id == Shift.id)
            .where(Signup.state == SignupState.SIGNED_UP)
        ).all()
    port = free_port()
    with running_server(settings, port, workers=1):
        yield f"http://127.0.0.1:{port}/calendar/{token}.ics", {tuple(row) for row in rows}


def run(*command: Any, **environ: str) -> str:
    done = subprocess.run(
        [str(part) for part in command], env={**os.environ, **environ}, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_vdirsyncer_and_khal_read_the_feed_as_the_database_has_it(feed, tmp_path):
    address, there = feed
    assert len(there) > 100
    (tmp_path / "vdirsyncer").write_text(
        f"""[general]
status_path = "{tmp_path}/status"
[pair portal]
a = "feed"
b = "here"
collections = null
[storage feed]
type = "http"
url = "{address}"
[storage here]
type = "filesystem"
path = "{tmp_path}/here"
fileext = ".ics"
"""
    )
    vdirsyncer = CLIENTS / "bin" / "vdirsyncer"
    environ = {"VDIRSYNCER_CONFIG": str(tmp_path / "vdirsyncer")}
    run(vdirsyncer, "discover", **environ)
    run(vdirsyncer, "sync", **environ)
    assert len(list((tmp_path / "here").glob("*.ics"))) == len(there)  # none folded into another
    (tmp_path / "khal").write_text(
        f"""[calendars]
[[portal]]
path = {tmp_path}/here
[locale]
local_timezone = {ZONE}
default_timezone = {ZONE}
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
    listed = run(
        CLIENTS / "bin" / "khal", "-c", tmp_path / "khal", "list", "--notstarted",
        "--day-format", "", "--format", "{start-long-full}|{end-long-full}|{title}",
        min(there)[0].date() - timedelta(days=1), "400d",
    )  # fmt: skip
    found = {tuple(line.split("|")) for line in listed.splitlines() if "|" in line}
    wanted = {
        (f"{clock.to_local(starts, ZONE):%Y-%m-%d %H:%M}", f"{clock.to_local(ends, ZONE):%Y-%m-%d %H:%M}", title)
        for starts, ends, title in there
    }  # fmt: skip
    assert found == wanted


READ = """async ([library, text]) => {
  const ICAL = (await import("data:text/javascript;base64," + library)).default;
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone"))
    ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const found = [], last = ICAL.Time.fromString("2029-01-01T00:00:00Z");
  const seconds = time => time.toUnixTime();
  for (const one of calendar.getAllSubcomponents("vevent")) {
    const event = new ICAL.Event(one);
    if (!event.isRecurring()) { found.push([seconds(event.startDate), seconds(event.endDate), event.summary]); continue; }
    const each = event.iterator(); let next;
    while ((next = each.next()) && next.compare(last) < 0) {
      const at = event.getOccurrenceDetails(next);
      found.push([seconds(at.startDate), seconds(at.endDate), event.summary]);
    }
  }
  return found;
}"""


def read_by_ical_js(browser, text: str) -> set[tuple[datetime, datetime, str]]:
    library = base64.b64encode((CLIENTS / "ical.min.js").read_bytes()).decode()
    page = browser.new_page()
    rows = page.evaluate(READ, [library, text])
    page.close()
    return {
        (datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC), title)
        for starts, ends, title in rows
    }


def test_ical_js_reads_the_feed_as_the_database_has_it(feed, chromium):
    address, there = feed
    text = chromium.new_context().request.get(address).text()
    assert read_by_ical_js(chromium, text) == there


def test_ical_js_reads_a_pattern_as_its_shifts_are_over_both_clock_changes(
    database,
    cast,
    time,
    chromium,
):
    time.at = datetime(2027, 1, 15, tzinfo=UTC)
    with database.writing() as db:
        pattern = build.pattern(
            db, cast.driver, time.at, until=date(2027, 12, 20), first_day=date(2027, 1, 16),
            last_day=date(2027, 12, 20), title="Night",
            rule="FREQ=WEEKLY;INTERVAL=1;BYDAY=SA;WKST=MO", starts=datetime(2027, 1, 1, 22, tzinfo=UTC).time(),
            ends=datetime(2027, 1, 1, 6, tzinfo=UTC).time(),
        )  # fmt: skip
        text = pattern_calendar(db, pattern, SETTINGS)
        rows = db.execute(select(Shift.starts_at, Shift.ends_at, Shift.title)).all()
    assert read_by_ical_js(chromium, text) == {tuple(row) for row in rows}
