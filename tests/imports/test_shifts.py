"""Shifts from files: what people's spreadsheets hold becomes shifts, and the same file twice changes nothing."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.audit.models import AuditEntry
from portal.programs.models import Position, Site
from portal.shifts.models import Shift, Slot

HEAD = "title,program,site,position,start,end,minimum,maximum\n"
GOOD = "Food bank,Rides,Depot,Packer,2026-12-05T09:00,2026-12-05T12:00,2,6\n"
REAL = Path(__file__).parents[3] / "shared/data/nyc-service-volunteer-opportunities.csv"
MAPPED = (
    "--only", "recurrence_type=onetime", "--map", "title=title", "--map", "summary=note",
    "--map", "category_desc=position", "--map", "locality=site", "--map", "start_date_date=start",
    "--map", "vol_requests=maximum", "--hours", "09:00-12:00", "--move-dates-by", "5600",
)  # fmt: skip


@pytest.fixture
def bring_in(run, tmp_path, cast):
    """Import some lines below the usual headings: bring_in(GOOD, "--strict")."""

    def done(lines, *options, head=HEAD, code=0):
        path = tmp_path / "shifts.csv"
        data = lines if isinstance(lines, bytes) else (head + lines).encode()
        path.write_bytes(data)
        return run("import", "shifts", str(path), *options, code=code)

    return done


def counted(database, table) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.both_databases
def test_a_line_becomes_a_shift_with_its_site_and_role(database, bring_in):
    said = bring_in(GOOD)
    assert "1 made, 0 changed, 0 unchanged, 0 left out." in said
    assert "Depot" in said
    assert "Packer" in said
    with database.reading() as db:
        shift = db.scalars(select(Shift)).one()
        assert shift.starts_at.isoformat() == "2026-12-05T14:00:00+00:00"
        assert shift.site.name == "Depot"
        slot = shift.slots[0]
        assert (slot.position.name, slot.minimum, slot.maximum) == ("Packer", 2, 6)


@pytest.mark.both_databases
def test_the_same_file_twice_changes_nothing(database, bring_in):
    bring_in(GOOD)
    before = counted(database, AuditEntry)
    assert "0 made, 0 changed, 1 unchanged" in bring_in(GOOD)
    assert counted(database, Shift) == 1
    assert counted(database, AuditEntry) == before


@pytest.mark.both_databases
def test_a_changed_line_changes_its_shift(database, bring_in):
    bring_in(GOOD)
    assert "0 made, 1 changed" in bring_in(GOOD.replace(",2,6", ",2,9"))
    with database.reading() as db:
        assert db.scalars(select(Slot.maximum)).all() == [9]


def test_lines_that_differ_in_the_role_are_one_shift(database, bring_in):
    bring_in(GOOD + GOOD.replace("Packer", "Driver"))
    assert (counted(database, Shift), counted(database, Slot)) == (1, 2)


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (GOOD.replace("2026-12-05T09:00", "next Friday"), "t a date and time"),
        (GOOD.replace("2026-12-05T09:00", ""), "It has no start"),
        (GOOD.replace("T12:00", "T08:00"), "It ends before it starts"),
        (GOOD.replace("2026-12-05T09:00", "2026-03-08T02:30"), "The clocks skip 2:30 am"),
        (GOOD.replace("2026-12-05T09:00", "9999-12-31T09:00"), "t between 2000 and 2100"),
        (GOOD.replace(",2,6", ",2,99999"), "t a number up to"),
        (GOOD.replace("Rides", "Nobody's"), "There is no program"),
        (GOOD.replace("Food bank", "x" * 300), "is longer than"),
        (GOOD.replace(",2,6", ",7,6"), "at least as many spots"),
    ],
)
def test_a_bad_line_is_left_out_and_stops_nothing(database, bring_in, bad, why):
    said = bring_in(bad + GOOD.replace("Food bank", "Soup kitchen"))
    assert "line 2: left out" in said
    assert why in said
    assert "1 made" in said
    assert counted(database, Shift) == 1


@pytest.mark.both_databases
def test_strict_writes_nothing_if_a_line_is_bad(database, bring_in):
    bad = GOOD.replace("Rides", "Nobody's").replace("Food", "Other")
    said = bring_in(GOOD + bad, "--strict", code=1)
    assert "Nothing was written" in said
    assert counted(database, Shift) == 0
    assert "1 made" in bring_in(GOOD)


@pytest.mark.both_databases
def test_a_trial_writes_nothing(database, bring_in):
    entries = counted(database, AuditEntry)
    said = bring_in(GOOD, "--dry-run")
    assert "1 made" in said
    assert "this was a trial" in said
    assert counted(database, Shift) == 0
    assert counted(database, AuditEntry) == entries


def test_no_create_refuses_unknown_sites_and_roles(database, bring_in):
    sites, roles = counted(database, Site), counted(database, Position)
    said = bring_in(GOOD, "--no-create")
    assert "1 left out" in said
    assert "Depot" in said
    assert (counted(database, Site), counted(database, Position)) == (sites, roles)


def test_other_headings_days_and_hours(database, bring_in):
    said = bring_in(
        "Walk,12/25/2026\n", "--program", "Rides", "--map", "What=title", "--map", "Day=start",
        "--hours", "22:00-02:00", "--move-dates-by", "7", head="What,Day\n",
    )  # fmt: skip
    assert "1 made" in said
    with database.reading() as db:
        shift = db.scalars(select(Shift)).one()
        assert shift.starts_at.isoformat() == "2027-01-02T03:00:00+00:00"
        assert (shift.ends_at - shift.starts_at).total_seconds() == 4 * 3600


def test_a_day_without_hours_asks_for_them(bring_in):
    said = bring_in("Walk,Rides,,,2026-12-25,,,\n")
    assert "Enter hours for lines" in said


def test_the_same_line_twice_in_a_file_is_named(bring_in):
    assert "It's the same as line 2" in bring_in(GOOD + GOOD)


def test_a_heading_that_is_missing_is_told_with_what_is_there(bring_in):
    said = bring_in("a,b\n", head="x,y\n", code=1)
    assert "start" in said
    assert "x, y" in said


def test_spreadsheets_of_all_kinds(bring_in):
    text = (HEAD + GOOD.replace("Food bank", "Café")).replace("\n", "\r\n")
    assert "1 made" in bring_in(text.encode("utf-8-sig"))
    for encoding in ("utf-8", "utf-16", "cp1252"):
        assert "1 unchanged" in bring_in(text.encode(encoding)), encoding
    for delimiter in (";", "\t"):
        assert "1 unchanged" in bring_in(text.replace(",", delimiter).encode()), delimiter


def test_i3_cells_that_start_a_formula_go_in_as_they_are(database, bring_in):
    bring_in(GOOD.replace("Food bank", "=HYPERLINK(1)"))
    with database.reading() as db:
        assert db.scalars(select(Shift.title)).all() == ["=HYPERLINK(1)"]


@pytest.mark.skipif(not REAL.exists(), reason="the real file lies beside the project, not in it")
def test_the_real_postings_become_shifts_that_people_take(database, run, cast, as_):
    """665 real postings of New York; the 155 of one day each, moved so that they lie ahead."""
    options = ("import", "shifts", str(REAL), "--program", "Rides", *MAPPED)
    assert "155 made" in run(*options, "--dry-run")
    assert counted(database, Shift) == 0
    assert "155 made, 0 changed, 0 unchanged" in run(*options)
    assert "0 made, 0 changed, 155 unchanged" in run(*options)
    with database.reading() as db:
        assert db.scalar(select(func.max(Slot.maximum))) == 9999
        assert db.scalar(select(func.count()).where(Site.name.contains("{"))) == 0
        shift = db.scalars(
            select(Shift).join(Slot).join(Position).where(Position.name == "Volunteer")
        ).first()
        assert shift
        number, role = shift.id, shift.slots[0].position_id
    coordinator = as_(cast.cy)
    coordinator.get(f"/people/{cast.ana}")
    coordinator.press(f"/people/{cast.ana}/placements", position=str(role))
    ana = as_(cast.ana)
    ana.get(f"/shifts/{number}")
    assert "You&#39;re signed up" in ana.press(f"/shifts/{number}/signup").text
