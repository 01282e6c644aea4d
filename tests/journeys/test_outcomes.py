"""What comes after: one check after another, how a first shift was, and what came of a talk."""

import re

from playwright.sync_api import expect

from portal import clock
from portal.db import Database
from tests.worker import round_of_work


def press(page, name: str) -> None:
    """Press a button, and wait until the answer is there."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("form[data-sent]")).to_have_count(0)


def the_next_check_is_asked_for_once_the_one_before_is_clear(visit, demo, ids):
    clock.use_source(None)
    desk = visit(1280).sign_in("Coordinator").go(f"/applications/{ids['together']}")
    name = desk.locator("main h1").inner_text().strip()
    press(desk, "Start review")
    expect(desk.locator("#flash")).to_contain_text("You started the review")
    office = visit(1280).sign_in("Screener").go("/checks")
    asked = office.locator("li, tr", has_text=name)
    expect(asked).to_have_count(1)
    expect(asked).to_contain_text("Staff Exclusion List")
    asked.get_by_role("link").first.click()
    office.get_by_text("They signed on paper").click()
    office.locator("input[name=name]").fill(name)
    press(office, "Record signature")
    press(office, "Record order")
    press(office, "Record result")
    press(office, "Clear for service")
    expect(office.locator("#flash")).to_contain_text("cleared for service")
    database = Database(demo.settings.database_url)
    round_of_work(database, demo.settings, clock.now())
    database.dispose()
    office.goto(demo.address + "/checks")
    expect(office.locator("li, tr", has_text=name)).to_contain_text("Central Register")


def test_a_coordinator_reads_how_first_shifts_were(visit):
    page = visit(390).sign_in("Coordinator").page
    page.get_by_role("link", name=re.compile("How first shifts were")).click()
    first = page.locator("main li", has=page.get_by_role("button", name="Mark as read")).first
    name = first.locator("a.name").inner_text()
    page.get_by_role("button", name=f"Mark as read {name}").press("Enter")
    expect(page.get_by_role("button", name=f"Mark as read {name}")).to_have_count(0)


def who_came_by_a_talk_is_counted_on_its_page(visit, ids):
    clerk = visit(1280).sign_in("Outreach staff").go(f"/outreach/talks/{ids['told']}")
    came = clerk.locator("section", has=clerk.get_by_role("heading", name="What came of it"))
    before = int(came.locator("dd").first.inner_text())
    phone = visit(390).go(f"/o/talk/{ids['told']}")
    phone.get_by_role("link", name="Lunch server", exact=True).click()
    phone.get_by_role("link", name="Apply", exact=True).click()
    phone.get_by_label("Your name").fill("Ruth Vale")
    phone.get_by_label("Email", exact=True).first.fill("ruth@example.com")
    phone.evaluate("new Promise((done) => setTimeout(done, 3200 - performance.now()))")
    phone.get_by_role("button", name="Continue").click()
    phone.wait_for_url("**/applying/*")
    phone.get_by_label("I'm 18 or older").check()
    phone.get_by_role("button", name="Send application").click()
    phone.wait_for_url("**/applied/*")
    clerk.reload()
    expect(came.locator("dd").first).to_have_text(str(before + 1))
