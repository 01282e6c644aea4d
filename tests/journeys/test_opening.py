"""Sign-up opens for everyone at one time, and for people on a list earlier."""

from datetime import timedelta

from playwright.sync_api import expect

from portal import clock
from portal.db import Database
from portal.people.models import Person
from tests import build
from tests.journeys.cast import coordinators_program, volunteer_id


def test_a_coordinator_opens_sign_up_and_puts_someone_on_a_list(visit, demo):
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    with database.writing() as db:
        program = coordinators_program(db)
        ana = volunteer_id(db)
        name, title = db.get_one(Person, ana).name, program.name
        role = build.position(db, program, "Seed packer", now)
        build.place(db, ana, role.id, now - timedelta(days=9))
        starts = now + timedelta(days=400)
        shift = build.shift(db, role.id, starts=starts, title="Seed packing").id
    day = clock.local_day(starts, "America/New_York")
    opens = clock.local_day(now, "America/New_York") + timedelta(days=6)
    office = visit(1280).sign_in("Coordinator")
    desk = office.go("/schedule")
    desk.locator("summary", has_text="More").first.click()
    desk.get_by_role("link", name="When sign-up opens").click()
    form = desk.locator("form[action='/opening']")
    form.get_by_label("Program").select_option(title)
    form.get_by_label("First day").fill(day.isoformat())
    form.get_by_label("Last day").fill(day.isoformat())
    form.get_by_label("Sign-up opens on").fill(opens.isoformat())
    form.get_by_label("Sign-up opens at").fill("18:30")
    form.get_by_role("button", name="Preview").click()
    expect(desk.locator(".preview")).to_contain_text("Seed packing")
    desk.get_by_role("button", name="Set opening time").click()
    expect(desk.locator("#flash")).to_contain_text("Sign-up for 1 shift opens")
    pocket = visit(390).sign_in("Volunteer")
    phone = pocket.go(f"/shifts/{shift}")
    expect(phone.locator("#signup_panel")).to_contain_text("Sign-up opens")
    expect(phone.locator("#signup_panel")).to_contain_text("6:30 pm")
    lists = desk.locator("form[action='/early-lists']")
    lists.get_by_label("Program").select_option(title)
    lists.get_by_label("Name of the list").fill("Seed savers")
    lists.get_by_label("How much earlier?").select_option("7 days")
    lists.get_by_role("button", name="Add list").click()
    desk.get_by_label("Name, phone, or email").fill(name)
    desk.get_by_role("button", name="Add person").click()
    expect(desk.locator("#flash")).to_contain_text(f"{name} is on the list.")
    phone.reload()
    expect(phone.locator("#signup_panel")).not_to_contain_text("Sign-up opens")
    phone.get_by_role("link", name="Read it").click()
    phone.get_by_role("button", name="I have read this").click()
    expect(phone.locator("#flash")).to_be_visible()
    pocket.go(f"/shifts/{shift}").get_by_role("button", name="Sign up").click()
    expect(phone.locator("#signup_panel")).to_contain_text("You're signed up")
    database.dispose()
