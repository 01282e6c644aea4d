"""A request from a caseworker's desk to the coordinator who looks for someone, and back as unmet."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.cases import matches
from portal.cases.models import HelpFunction
from portal.db import Database
from portal.people.models import Person
from portal.permissions import Role, Viewer
from tests import build
from tests.journeys.cast import volunteer_id

ZONE = "America/New_York"


def test_a_caseworker_asks_and_a_coordinator_finds_no_one(visit, demo):
    clock.use_source(None)
    day = clock.local_day(clock.now(), ZONE) + timedelta(days=3)
    office = visit(390).sign_in("Caseworker")
    desk = office.page
    desk.get_by_role("link", name="Cases", exact=True).first.click()
    desk.get_by_role("link", name="Ask for a volunteer", exact=True).first.click()
    desk.get_by_label("Case reference").fill("J-2041")
    desk.get_by_label("What to know beforehand").fill("Ring Mrs. Alvarez at 555-867-5309")
    desk.get_by_label("What is needed").select_option(label="Ride")
    desk.locator("#day").fill(day.isoformat())
    desk.get_by_role("button", name="Ask for a volunteer").click()
    expect(desk.locator("main")).to_contain_text("This looks like a phone number: 555-867-5309")
    expect(desk.get_by_label("Case reference")).to_have_value("J-2041")
    desk.get_by_label("What to know beforehand").fill("Uses a walker.")
    desk.get_by_role("button", name="Ask for a volunteer").click()
    expect(desk.locator("#flash")).to_contain_text("The request was saved")

    staff = visit(1280).sign_in("Coordinator")
    page = staff.page
    page.get_by_role("link", name="Requests that look for a volunteer").click()
    page.locator("li.line", has_text="J-2041").get_by_role("link", name="Ride").click()
    expect(page.locator("main")).not_to_contain_text("walker")
    page.get_by_text("End this request").click()
    page.locator("#unmet").select_option(label="No one at that time")
    page.get_by_role("button", name="Close as unmet").click()
    expect(page.locator("#flash")).to_contain_text("closed as unmet")

    office.go("/cases")
    desk.get_by_role("link", name="J-2041", exact=True).click()
    expect(desk.locator("main")).to_contain_text("Uses a walker.")
    expect(desk.locator("main")).to_contain_text("No one was found")
    desk.get_by_text("Who looked at this").click()
    expect(desk.locator("main")).to_contain_text("Lee Abara added it")


def test_a_volunteer_says_yes_then_the_client_and_only_then_they_read_what_to_know(visit, demo):
    clock.use_source(None)
    database = Database(demo.settings.database_url)
    with database.writing() as db:
        ana, now = volunteer_id(db), clock.now()
        today = clock.local_day(now, ZONE)
        lee = db.scalars(select(Person.id).where(Person.name == "Lee Abara")).one()
        function = db.scalars(select(HelpFunction).where(HelpFunction.name == "Ride")).one()
        viewer = Viewer(lee, memberships=frozenset({(Role.CASEWORKER, function.program_id)}))
        row = build.help_request(
            Act(db, viewer, now), function.id, today + timedelta(days=5), "J-7"
        )
        number = row.id
        matches.propose(Act(db, viewer, now), row, ana, today, demo.settings)
    database.dispose()
    office = visit(1280).sign_in("Coordinator").go(f"/help-requests/{number}/volunteers")
    office.get_by_role("button", name="Ask ").first.click()
    expect(office.locator("#flash")).to_contain_text("We asked")

    pocket = visit(390).sign_in("Volunteer")
    phone = pocket.page
    phone.locator("article.ask", has_text="Could you help someone?").filter(
        has_text="Ride"
    ).first.get_by_role("button", name="Yes, I'll help").click()
    expect(phone.locator("#flash")).to_contain_text("We'll ask the client")
    expect(phone.locator("main")).not_to_contain_text("walker")
    mine = phone.url

    desk = visit(820).sign_in("Caseworker").page
    desk.get_by_role("link", name="Clients to ask, and volunteers to hand off to").click()
    desk.locator("li.line", has_text="J-7").get_by_role("link").first.click()
    desk.locator("#client").select_option("yes")
    desk.get_by_role("button", name="Save answer").click()
    expect(desk.locator("#flash")).to_contain_text("Saved what the client said")
    desk.locator("#knows").select_option("no")
    desk.get_by_role("button", name="Save handoff").click()
    expect(desk.locator("#flash")).to_contain_text("The handoff was saved")
    phone.goto(mine)
    expect(phone.locator("main")).to_contain_text("Uses a walker.")
    expect(phone.locator("main")).to_contain_text("Lee Abara")
    phone.get_by_role("link", name="Enter a visit or call").click()
    phone.locator("#note").fill("We filled in the bus form.")
    with phone.expect_response(
        lambda one: one.status == 204 and "bus+form" in (one.request.post_data or "")
    ):
        phone.locator("#minutes").fill("45")
    phone.goto(phone.url)
    expect(phone.locator("#note")).to_have_value("We filled in the bus form.")
    phone.locator("#made").select_option("attempted")
    phone.get_by_role("button", name="Save visit or call").click()
    expect(phone.locator("main")).to_contain_text("No one was there: ask the caseworker")
    phone.locator("#words").fill("Should I come on Friday?")
    phone.get_by_role("button", name="Send message").click()
    expect(phone.locator("#flash")).to_contain_text("Your message was sent")

    desk.goto(desk.url.partition("/help-requests")[0] + "/me")
    desk.get_by_role("link", name="Messages to read").click()
    desk.locator("li.line", has_text="J-7").get_by_role("link").first.click()
    expect(desk.locator("main")).to_contain_text("Should I come on Friday?")
    expect(desk.locator("main")).to_contain_text("We filled in the bus form.")
    desk.locator("#words").fill("Friday is fine.")
    desk.get_by_role("button", name="Send message").click()
    desk.get_by_role("button", name="Mark as read").first.click()
    desk.get_by_role("button", name="Mark as done").first.click()
    expect(desk.locator("#flash")).to_contain_text("Marked as done")
    phone.goto(mine)
    expect(phone.locator("main")).to_contain_text("Friday is fine.")
