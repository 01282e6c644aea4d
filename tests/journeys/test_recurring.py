"""A recurring shift is moved from next month on, and a new program gets its first week, with presses counted: a click,
Enter, Space, Tab, arrow or shortcut is one; letters and digits typed into a field are none."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.db import Database
from portal.programs.models import Program
from portal.shifts import patterns
from portal.shifts.models import Shift
from portal.shifts.pattern_models import Pattern
from portal.shifts.shift_slots import SlotWish
from portal.web.errors import Preview
from tests import build
from tests.build import OFFICE, PATTERN
from tests.journeys.cast import coordinators_program
from tests.journeys.test_gaps import Desk

ZONE = "America/New_York"


def test_a_recurring_shift_moves_from_next_month_in_five_presses(visit, demo):
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    today = clock.local_day(now, ZONE)
    with database.writing() as db:
        program = coordinators_program(db)
        role = build.position(db, program, "Stacker", now)
        values = PATTERN | {"title": "Quiet shelving", "first_day": today}
        given = (Act(db, OFFICE, now), program, values, [SlotWish(role.id, 1, 2)])
        until = today + timedelta(days=90)
        try:
            patterns.add_pattern(*given, until, "")
        except Preview as preview:
            number = patterns.add_pattern(*given, until, preview.seen).id
    next_month = (today + timedelta(days=35)).replace(day=1)
    desk = Desk(visit(1280).sign_in("Coordinator").page)
    page = desk.page
    desk.presses += 1
    page.keyboard.press("Control+k")
    page.keyboard.type("quiet shelving")
    desk.click(page.locator("a", has_text="Quiet shelving").filter(has_text="Every week").first)
    expect(page.get_by_label("Change from this day on")).to_be_focused()
    page.keyboard.type(next_month.strftime("%m%d%Y"))
    desk.click(page.get_by_label("From", exact=True))
    page.keyboard.type("0530PM")
    desk.presses += 1
    page.keyboard.press("Enter")
    expect(page.locator(".preview")).to_be_visible()
    desk.click(page.get_by_role("button", name="Save and change shifts"))
    expect(page.locator("#flash")).to_contain_text("were saved")
    print(f"move a recurring shift from next month: {desk.presses} presses of 5")
    assert desk.presses == 5
    with database.reading() as db:
        later = db.scalars(select(Pattern).where(Pattern.title == "Quiet shelving")).all()
        assert number in {one.id for one in later}
        assert len(later) == 2
        hours = {
            (clock.local_day(one.starts_at, ZONE) >= next_month): clock.to_local(
                one.starts_at, ZONE
            )
            for one in db.scalars(select(Shift).where(Shift.title == "Quiet shelving"))
        }
        assert {late: at.hour for late, at in hours.items()} == {False: 18, True: 17}
    database.dispose()


def test_a_new_program_has_its_first_week_in_twenty_five_presses(visit, demo):
    clock.use_source(None)
    desk = Desk(visit(1280).sign_in("Administrator").page)
    page = desk.page
    desk.click(page.get_by_role("navigation").get_by_role("link", name="Programs").first)
    desk.click(page.get_by_role("link", name="Add a program"))
    desk.click(page.get_by_label("Name", exact=True))
    page.keyboard.type("Reading buddies")
    desk.presses += 1
    page.keyboard.press("Enter")
    desk.click(page.get_by_role("link", name="Add a role"))
    desk.click(page.get_by_label("Name", exact=True))
    page.keyboard.type("Reader")
    desk.click(page.get_by_role("button", name="Save"))
    desk.click(page.get_by_role("link", name="Add recurring shift"))
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        desk.click(page.get_by_label(day))
    desk.click(page.get_by_label("From", exact=True))
    page.keyboard.type("0300PM")
    desk.click(page.get_by_label("To", exact=True))
    page.keyboard.type("0500PM")
    role = page.locator("select[name='slots-0-position']")
    desk.presses += 2
    role.select_option("Reader")
    desk.presses += 1
    page.keyboard.press("Enter")
    expect(page.locator(".preview")).to_be_visible()
    desk.click(page.get_by_role("button", name="Save and publish shifts"))
    expect(page.locator("#flash")).to_contain_text("its shifts were published")
    print(f"new program to first published week: {desk.presses} presses of 25")
    assert desk.presses <= 25
    database = Database(demo.settings.database_url)
    with database.reading() as db:
        made = select(Shift).join(Program, Program.id == Shift.program_id)
        week = db.scalars(made.where(Program.name == "Reading buddies")).all()
        assert len(week) > 20
    database.dispose()
