"""Closing a place from the desk, with presses counted, and what a volunteer reads who was to come there."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.db import Database
from portal.demo import agency
from portal.programs.models import Site
from portal.shifts import signups
from portal.shifts.models import Shift
from tests import build
from tests.build import OFFICE
from tests.journeys.cast import coordinators_program, volunteer_id
from tests.journeys.test_gaps import Desk


def test_a_courthouse_is_closed_in_four_presses_and_a_date(visit, demo):
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    with database.writing() as db:
        program = coordinators_program(db)
        ana = volunteer_id(db)
        site = build.site(db, "Old Mill", now)
        role = build.position(db, program, "Court guide", now)
        build.place(db, ana, role.id, now)
        tomorrow = clock.local_day(now, agency.ZONE) + clock.ONE_DAY
        starts = clock.start_of_day(tomorrow, agency.ZONE) + timedelta(hours=4)
        shift = build.shift(db, role.id, starts=starts, site_id=site.id).id
        signups.sign_up(Act(db, OFFICE, now), ana, shift, staff=True, quiet=True)
    desk = Desk(visit(1280).sign_in("Coordinator").page)
    page = desk.page
    desk.presses += 1
    page.keyboard.press("Control+k")
    page.keyboard.type("close mill")
    expect(page.get_by_role("link", name="Close Old Mill")).to_be_visible()
    desk.presses += 1
    page.keyboard.press("Enter")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.keyboard.type("Burst pipe")
    desk.presses += 1
    page.keyboard.press("Enter")
    expect(page.locator(".preview")).to_contain_text("Ana")
    desk.click(page.get_by_role("button", name="Save closure"))
    expect(page.locator("#flash")).to_contain_text("The closure was saved.")
    print(f"close a courthouse: {desk.presses} presses of 4, and a date")
    assert desk.presses == 4
    expect(page.locator("main")).to_contain_text("Old Mill")
    volunteer = visit(390).sign_in("Volunteer")
    main = volunteer.go(f"/shifts/{shift}").locator("main")
    expect(main).to_contain_text("This shift was canceled")
    expect(main).to_contain_text("Burst pipe")
    with database.reading() as db:
        assert db.get_one(Shift, shift).canceled_reason == "Burst pipe"
        assert db.scalars(select(Site.closed_at).where(Site.name == "Old Mill")).one() is None
    database.dispose()
