"""A meeting from a coordinator's desk to a volunteer's phone: invited, answered, canceled and undone."""

from datetime import timedelta

from playwright.sync_api import expect

from portal import clock
from portal.db import Database
from portal.people.models import Person
from tests.journeys.cast import coordinators_program, volunteer_id

ZONE = "America/New_York"


def test_a_coordinator_invites_a_volunteer_says_yes_and_it_is_canceled_and_undone(visit, demo):
    clock.use_source(None)
    database = Database(demo.settings.database_url)
    day = clock.local_day(clock.now(), ZONE) + timedelta(weeks=31)
    with database.reading() as db:
        program = coordinators_program(db).name
        name = db.get_one(Person, volunteer_id(db)).name
    database.dispose()
    office = visit(1280).sign_in("Coordinator")
    desk = office.go("/meetings/new")
    desk.get_by_label("Program").select_option(label=program)
    desk.get_by_label("Title").fill("Budget talk")
    desk.get_by_label("Date").fill(day.isoformat())
    desk.get_by_label("From").fill("18:00")
    desk.get_by_label("To", exact=True).fill("19:30")
    desk.get_by_label("Link, if it is online").fill("https://meet.example/budget")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("#flash")).to_contain_text("No one was told yet")
    desk.get_by_label("One person: name, phone, or email").fill(name)
    desk.keyboard.press("Enter")
    expect(desk.locator(".preview")).to_contain_text(name)
    desk.get_by_role("button", name="Invite 1 person").click()
    expect(desk.locator("#flash")).to_contain_text("1 person was invited")
    here = desk.url

    phone = visit(390).sign_in("Volunteer").page
    card = phone.locator("article.ask", has_text="Budget talk")
    card.get_by_role("button", name="Yes, I'll come").click()
    expect(phone.locator("#flash")).to_contain_text("See you there")
    expect(phone.locator("#answer")).to_contain_text("You said yes")

    desk.reload()
    expect(desk.locator("#people")).to_contain_text("Coming (1)")
    desk.get_by_role("link", name="Cancel meeting").click()
    expect(desk.locator("form.card")).to_contain_text(name)
    desk.get_by_label("Reason").fill("Snow")
    desk.get_by_role("button", name="Cancel the meeting").click()
    expect(desk.locator("#flash")).to_contain_text("was canceled")
    phone.reload()
    expect(phone.locator("main")).to_contain_text("Canceled. Snow")
    desk.locator("#flash").get_by_role("button", name="Undo").click()
    expect(desk.locator("#flash")).to_contain_text("Undone")
    desk.goto(here)
    expect(desk.locator("#people")).to_contain_text("Coming (1)")
