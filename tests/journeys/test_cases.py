"""A request from a caseworker's desk to the coordinator who looks for someone, and back as unmet."""

from datetime import timedelta

from playwright.sync_api import expect

from portal import clock

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
    expect(page.locator("#flash")).to_contain_text("The report counts it")

    office.go("/cases")
    desk.get_by_role("link", name="J-2041", exact=True).click()
    expect(desk.locator("main")).to_contain_text("Uses a walker.")
    expect(desk.locator("main")).to_contain_text("No one was found")
    desk.get_by_text("Who looked at this").click()
    expect(desk.locator("main")).to_contain_text("Lee Abara added it")
