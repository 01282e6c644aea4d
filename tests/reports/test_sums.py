"""Reports equal the ledger: every grouping of random histories against a slow second computation."""

import csv
import io
import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.audit.models import AuditEntry
from portal.hours.figures import hours
from portal.hours.models import HoursEntry
from portal.people.models import Person
from portal.periods import MONTHS, Asked, By, Per
from portal.programs import funding
from portal.programs.models import Funding, Position, Program, Site
from portal.shifts.figures import attendance
from portal.shifts.models import Shift, Signup, Slot
from tests import build

ZONE = "America/New_York"
both = pytest.mark.both_databases
STATES = ("draft", "submitted", "approved", "approved", "approved", "disputed", "void")
FIRST = date(2025, 11, 1)


employees: set[int] = set()
"""Who works for the agency, in the world of a test."""


def job_of(index: int) -> str:
    """Every third person works for the agency."""
    return "" if index % 3 else "Clerk"


@pytest.fixture(params=[1, 2])
def history(request, database, cast, time):
    """A year of random entries and shifts in three programs, and labels that change."""
    chance = random.Random(request.param)
    employees.clear()
    with database.writing() as db:
        people = [
            build.person(db, f"Person {index}", time.at, agency_job=job_of(index)).id
            for index in range(12)
        ]
        employees.update(people[::3])
        positions = db.scalars(select(Position).order_by(Position.id)).all()
        sites = [None, *db.scalars(select(Site.id))]
        for position in positions:
            for _ in range(40):
                db.add(
                    HoursEntry(
                        person_id=chance.choice(people), program_id=position.program_id,
                        position_id=position.id, site_id=chance.choice(sites), source="own",
                        day=FIRST + timedelta(days=chance.randrange(400)),
                        minutes=chance.choice((0, 15, 60, 75, 240)), state=chance.choice(STATES),
                        recorded_at=time.at,
                    )
                )  # fmt: skip
            for _ in range(12):
                _shift(db, chance, position, people, sites, time.at)
        _labels(db, chance, positions, time.at)
    return chance


def _shift(db, chance, position, people, sites, at) -> None:
    day = FIRST + timedelta(days=chance.randrange(400))
    hour = timedelta(hours=chance.choice((0, 9, 20, 23)))
    starts = clock.start_of_day(day, ZONE) + hour
    there = chance.sample(people, chance.randrange(4))
    shift = Shift(
        program_id=position.program_id, site_id=chance.choice(sites), zone=ZONE, starts_at=starts,
        ends_at=starts + timedelta(hours=2), closes_at=starts, withdraw_until=starts,
        canceled_at=at if chance.random() < 0.1 else None,
        slots=[Slot(position_id=position.id, minimum=1, maximum=4, filled=len(there))],
    )  # fmt: skip
    db.add(shift)
    db.flush()
    for person in there:
        db.add(
            Signup(
                slot_id=shift.slots[0].id, shift_id=shift.id, person_id=person, state="signed_up",
                since=at, attendance=chance.choice((None, "attended", "left_early", "no_show", "excused")),
            )
        )  # fmt: skip


def _labels(db, chance, positions, at) -> None:
    for position in positions:
        cut = FIRST + timedelta(days=chance.randrange(100, 300))
        for first, last in ((FIRST, cut), (cut + timedelta(days=10), None)):
            values = {
                "name": chance.choice(("A grant", "B fund")), "first_day": first, "last_day": last,
                "position_id": position.id if chance.random() < 0.7 else None,
            }  # fmt: skip
            try:
                funding.save_label(Act(db, build.OFFICE, at), position.program_id, None, values)
            except funding.Refused:
                continue


def payer(labels, program_id, position_id, day):
    """Who pays, asked the slow way."""
    for own in (True, False):
        for label in labels:
            scope = label.position_id == position_id if own else label.position_id is None
            until = label.last_day or date.max
            if label.program_id == program_id and scope and label.first_day <= day <= until:
                return label.name
    return None


def cut(asked, day) -> int:
    """Which period a day is in, asked the slow way: by counting fiscal periods month by month."""
    if asked.per is Per.WHOLE:
        return 0
    months = MONTHS[asked.per]

    def number(one):
        return (one.year * 12 + one.month - 1 - (asked.fiscal_start - 1)) // months

    return number(day) - number(asked.first)


def key_of(by, row, labels, day):
    return {
        By.PROGRAM: row.program_id, By.POSITION: row.position_id, By.SITE: row.site_id,
        By.PERSON: getattr(row, "person_id", None),
        By.FUNDING: payer(labels, row.program_id, row.position_id, day),
        By.WORK: "employees" if getattr(row, "person_id", None) in employees else "others",
    }[by]  # fmt: skip


@both
def test_hours_equal_the_ledger_in_every_grouping(database, history, cast):
    spans = [(FIRST, date(2026, 12, 31)), (date(2026, 1, 15), date(2026, 7, 14))]
    with database.reading() as db:
        labels = db.scalars(select(Funding)).all()
        entries = db.scalars(select(HoursEntry)).all()
        for viewer, programs in ((build.OFFICE, None), (coordinator(cast), {cast.rides})):
            for first, last in spans:
                for by in By:
                    for per, starts in (
                        (Per.MONTH, 1),
                        (Per.QUARTER, 2),
                        (Per.YEAR, 7),
                        (Per.WHOLE, 1),
                    ):
                        asked = Asked(first, last, per, by, starts)
                        wanted = slow_hours(asked, entries, labels, programs)
                        assert found_hours(hours(db, viewer, asked)) == wanted, asked


def coordinator(cast):
    return build.viewer(cast.cy, (build.Role.COORDINATOR, cast.rides))


def found_hours(lines):
    return {
        (line.period, "total" if line.total else line.key): (
            line.numbers.people, line.numbers.minutes, line.numbers.waiting,
        )
        for line in lines
    }  # fmt: skip


def slow_hours(asked, entries, labels, programs):
    people, minutes, waiting = defaultdict(set), defaultdict(int), defaultdict(int)
    lines = set()
    several = len(asked.periods) > 1
    for row in entries:
        counts = row.state in ("approved", "submitted", "disputed")
        inside = asked.first <= row.day <= asked.last and (
            not programs or row.program_id in programs
        )
        if not counts or not inside:
            continue
        period = cut(asked, row.day)
        own = (period, key_of(asked.by, row, labels, row.day))
        for line in (own, (period, "total"), *([(None, "total")] if several else [])):
            lines.add(line)
            if row.state == "approved":
                minutes[line] += row.minutes
                if row.minutes:
                    people[line].add(row.person_id)
            else:
                waiting[line] += row.minutes
    return {line: (len(people[line]), minutes[line], waiting[line]) for line in lines}


@both
def test_attendance_equals_the_rosters_in_every_grouping(database, history):
    with database.reading() as db:
        labels = db.scalars(select(Funding)).all()
        slots = db.execute(
            select(
                Shift.id, Shift.program_id, Slot.position_id, Shift.site_id, Shift.starts_at,
                Slot.maximum, Slot.filled, Slot.id.label("slot_id"),
            )
            .join(Slot, Slot.shift_id == Shift.id)
            .where(Shift.canceled_at.is_(None))
        ).all()  # fmt: skip
        marks = defaultdict(list)
        for row in db.scalars(select(Signup)):
            marks[row.slot_id].append(row.attendance)
        for by in (By.PROGRAM, By.POSITION, By.SITE, By.FUNDING):
            asked = Asked(FIRST, date(2026, 12, 31), Per.MONTH, by)
            wanted = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
            for row in slots:
                day = clock.local_day(row.starts_at, ZONE)
                if not asked.first <= day <= asked.last:
                    continue
                own = (cut(asked, day), key_of(by, row, labels, day))
                numbers = [
                    row.maximum, row.filled,
                    sum(one in ("attended", "left_early") for one in marks[row.slot_id]),
                    *(marks[row.slot_id].count(one) for one in ("no_show", "excused", None)),
                ]  # fmt: skip
                for line in (own, (own[0], "total"), (None, "total")):
                    wanted[line] = [a + b for a, b in zip(wanted[line], numbers, strict=True)]
            lines = attendance(db, build.OFFICE, asked, ZONE)
            found = {
                (line.period, "total" if line.total else line.key): [
                    line.numbers.maximum, line.numbers.filled, line.numbers.came,
                    line.numbers.no_shows, line.numbers.excused, line.numbers.unmarked,
                ]
                for line in lines
            }  # fmt: skip
            assert found == dict(wanted), by
        lines = attendance(
            db, build.OFFICE, Asked(FIRST, date(2026, 12, 31), Per.WHOLE, By.PERSON), ZONE
        )
        shown = {line.key: line.numbers.no_shows for line in lines if not line.total}
        on = {row.slot_id for row in slots}
        slow = defaultdict(int)
        for row in db.scalars(select(Signup)):
            if row.slot_id in on:
                slow[row.person_id] += row.attendance == "no_show"
        assert shown == slow


@pytest.mark.parametrize(
    ("per", "starts", "firsts"),
    [
        (Per.MONTH, 1, ["2026-01-15", "2026-02-01", "2026-03-01"]),
        (Per.QUARTER, 1, ["2026-01-15"]),
        (Per.QUARTER, 3, ["2026-01-15", "2026-03-01"]),
        (Per.YEAR, 3, ["2026-01-15", "2026-03-01"]),
        (Per.YEAR, 10, ["2026-01-15"]),
    ],
)
def test_periods_are_those_of_the_fiscal_year(per, starts, firsts):
    asked = Asked(date(2026, 1, 15), date(2026, 3, 20), per, By.PROGRAM, starts)
    assert [str(one.first) for one in asked.periods] == firsts
    assert asked.periods[-1].last == date(2026, 3, 20)


def test_the_monthly_number_is_read_printed_and_taken_out_as_a_table(database, cast, time, as_):
    with database.writing() as db:
        db.get_one(Program, cast.rides).name = "=Rides"
        for minutes in (90, 30):
            db.add(
                HoursEntry(
                    person_id=cast.ana, program_id=cast.rides, position_id=cast.driver, source="own",
                    day=date(2026, 11, 9), minutes=minutes, state="approved", recorded_at=time.at,
                )
            )  # fmt: skip
    cy = as_(cast.cy)
    page = cy.get("/reports/hours").text
    assert "November 2026" in page
    assert "2 hr" in page
    query = "from=2026-11-01&to=2026-11-30&per=whole&by=program"
    answer = cy.get(f"/reports/hours.csv?{query}")
    assert answer.text.startswith("\ufeff")  # by which Excel knows that it is UTF-8
    rows = list(csv.reader(io.StringIO(answer.text[1:])))
    assert rows == [
        [
            "From",
            "To",
            "Program",
            "People",
            "Approved minutes",
            "Pending minutes",
            "Value in dollars",
            "Approved hours",
        ],
        ["2026-11-01", "2026-11-30", "'=Rides", "1", "120", "0", "", "2.0"],
    ]
    assert cy.get("/reports/attendance.csv").status_code == 200
    with database.reading() as db:
        taken = db.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "report.exported")
        ).all()
    assert taken == ["hours by program", "attendance by program"]
    assert "=Rides" not in as_(cast.mara).get(f"/reports/hours.csv?{query}").text
    for odd in (
        "from=x&to=1",
        "from=2026-11-30&to=2026-01-01&per=x&by=y",
        "from=2000-01-01&to=2100-12-31&per=month",
    ):
        assert cy.get(f"/reports/hours?{odd}").status_code == 200


def test_names_are_in_the_readers_language_and_swapped_dates_are_put_right(
    database, cast, time, as_
):
    with database.writing() as db:
        db.get_one(Program, cast.rides).translations = {"es": {"name": "Viajes"}}
        db.get_one(Position, cast.driver).translations = {"es": {"name": "Conductor"}}
        db.get_one(Person, cast.cy).language = "es"
        db.add(
            HoursEntry(
                person_id=cast.ana, program_id=cast.rides, position_id=cast.driver, source="own",
                day=date(2026, 11, 9), minutes=90, state="approved", recorded_at=time.at,
            )
        )  # fmt: skip
    page = as_(cast.cy).get("/reports/hours?from=2026-11-30&to=2026-11-01&by=position").text
    assert "Viajes: Conductor" in page
    assert "1 h 30 min" in page
