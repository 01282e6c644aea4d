"""A week under a name is copied with its people asked, one of them says yes and takes another day instead; and what
the hours are worth, from the administrator's rate to the coordinator's report."""

from datetime import datetime, time, timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.db import Database
from portal.shifts import signups
from portal.shifts.models import Shift, Signup, SignupState, Slot
from tests import build
from tests.build import OFFICE
from tests.journeys.cast import volunteer_id

ZONE = "America/New_York"
TITLE = "Quiet counting"


def on(database, person_id: int) -> list[datetime]:
    """When the shifts of that title begin that someone is on."""
    with database.reading() as db:
        return list(
            db.scalars(
                select(Shift.starts_at)
                .join(Signup, Signup.shift_id == Shift.id)
                .where(
                    Shift.title == TITLE,
                    Signup.person_id == person_id,
                    Signup.state == SignupState.SIGNED_UP,
                )
                .order_by(Shift.starts_at)
            )
        )


def test_a_named_week_is_copied_with_people_asked_and_one_takes_another_day(visit, demo):
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    monday = clock.local_day(now, ZONE) + timedelta(weeks=2)
    monday -= timedelta(days=monday.weekday())
    first, later, free = (
        clock.from_local(monday + timedelta(days=days), time(21), ZONE) for days in (1, 8, 9)
    )
    with database.writing() as db:
        ana = volunteer_id(db)
        desk_role = select(Slot).join(Shift).where(Shift.title == "Evening desk")
        role = db.scalars(desk_role).all()[0].position
        made = build.shift(db, role.id, starts=first, title=TITLE, places=1).id
        build.shift(db, role.id, starts=free, title=TITLE, places=1)
        signups.sign_up(Act(db, OFFICE, now), ana, made, staff=True, quiet=True)
        name = role.program.name

    desk = visit(1280).sign_in("Coordinator").go("/schedule/copy")
    desk.get_by_label("Name of the template").fill("Counting week")
    new = desk.locator("form", has=desk.get_by_role("button", name="Save template"))
    new.get_by_label("Program").select_option(label=name)
    new.get_by_label("A day of that week").fill(monday.isoformat())
    new.get_by_role("button", name="Save template").click()
    line = desk.locator("li.line", has_text="Counting week")
    line.get_by_role("link", name="Copy this week").click()
    desk.get_by_label("Copy to the week of").fill((monday + timedelta(weeks=1)).isoformat())
    desk.get_by_label("The people on them").select_option("ask")
    desk.get_by_role("button", name="Preview").click()
    expect(desk.locator(".preview")).to_contain_text(TITLE)
    assert on(database, ana) == [first]
    desk.get_by_role("button", name="Copy shifts").click()
    expect(desk.locator("#flash")).to_contain_text("copied")

    phone = visit(390).sign_in("Volunteer").page
    ask = phone.locator("article.ask", has_text=TITLE)
    ask.get_by_role("button", name="Yes, I'll take it").click()
    expect(phone.locator("#flash")).to_contain_text("signed up")
    assert on(database, ana) == [first, later]
    phone.get_by_role("link", name="Take another day instead").click()
    phone.get_by_label(TITLE).check()
    phone.get_by_role("button", name="Change my day").click()
    expect(phone.locator("#flash")).to_be_visible()
    assert on(database, ana) == [first, free]
    database.dispose()


def test_a_rate_gives_the_report_its_worth(visit, demo):
    office = visit(1280).sign_in("Administrator").go("/hours/rates")
    office.get_by_label("Dollars an hour").fill("34.79")
    office.get_by_label("Source").fill("Independent Sector, 2026")
    office.get_by_role("button", name="Save rate").click()
    expect(office.locator("li.line", has_text="Independent Sector, 2026")).to_be_visible()
    desk = visit(1280).sign_in("Coordinator").go("/reports/hours")
    expect(desk.get_by_role("link", name="what approved time is worth")).to_be_visible()
    desk.get_by_role("link", name="See rates and their sources").click()
    expect(desk.locator("li.line", has_text="Independent Sector, 2026")).to_contain_text("$34.79")
    expect(desk.get_by_role("button", name="Save rate")).to_have_count(0)
