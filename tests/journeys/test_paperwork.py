"""From a new volunteer to a shift and back: paper, a check, a course, cleared; then the license ends."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from portal import clock
from portal.db import Database
from portal.demo.agency import ZONE
from tests.worker import round_of_work

SECRET = "a long enough pass phrase for Nell"
PHOTO = io.BytesIO()
Image.new("RGB", (300, 200), "white").save(PHOTO, "JPEG")


def hand_in(page: Page, what: str, until: str) -> None:
    """Open one paper from the list of what is missing, and hand a photo in."""
    page.goto(page.url.split("/me")[0] + "/me/paperwork")
    page.locator(".obstacle", has_text=what).get_by_role("link", name="Submit it").first.click()
    page.set_input_files(
        "#file", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": PHOTO.getvalue()}
    )
    page.get_by_label("Issue date").fill(f"{clock.local_day(clock.now(), ZONE)}")
    page.get_by_label("Expiration date").fill(until)
    page.get_by_role("button", name="Submit document").click()
    expect(page.locator("#flash")).to_contain_text("review it and tell you")


def press(within: Page | Locator, name: str) -> None:
    """Press a button of a form, and wait until the answer is there."""
    page = within if isinstance(within, Page) else within.page
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        within.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("form[data-sent]")).to_have_count(0)


@pytest.mark.usefixtures("time")
def a_new_volunteer_is_cleared_drives_and_the_license_ends(visit, demo):
    clock.use_source(None)
    today = clock.local_day(clock.now(), ZONE)
    coordinator = visit(width=1280).sign_in("Coordinator")
    desk = coordinator.go("/people/new")
    desk.get_by_label("Full name").fill("Nell Quist")
    desk.get_by_label("Email", exact=False).first.fill("nell@demo.example")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("#flash")).to_contain_text("Nell Quist was added")
    desk.get_by_text("Assign a role").click()
    role = desk.locator("option", has_text="Driver").first.get_attribute("value")
    desk.locator("select[name=position]").select_option(value=role)
    desk.get_by_role("button", name="Assign role").click()
    expect(desk.locator("#flash")).to_contain_text("now has this role")
    person = desk.url
    desk.get_by_text("Give them a code in person or by phone").click()
    desk.get_by_label("How do you know it's them?").select_option("in_person")
    desk.get_by_role("button", name="Create a code").click()
    code = desk.locator("#code").inner_text()

    volunteer = visit(width=390)
    phone = volunteer.go("/session/office")
    phone.get_by_label("Email").fill("nell@demo.example")
    phone.get_by_label("Code from the office").fill(code)
    phone.get_by_role("button", name="Continue").click()
    phone.locator("input[name=password]").fill(SECRET)
    phone.locator("main form button[type=submit]").click()
    phone.wait_for_url(re.compile("/(me|session/new)$"))
    if "/session/new" in phone.url:
        phone.locator("input[name=address]").fill("nell@demo.example")
        phone.locator("input[name=password]").fill(SECRET)
        phone.locator("main form button[type=submit]").first.click()
        phone.wait_for_url("**/me")
    phone = volunteer.go("/me")
    phone.get_by_role("link", name="See what's missing").click()
    phone.get_by_role("link", name="Read and sign it").click()
    phone.get_by_label("Your full name").fill("Nell Quist")
    phone.get_by_role("button", name="I have read this and sign it").click()
    expect(phone.locator("#flash")).to_contain_text("You signed it")
    hand_in(phone, "Driver's license", f"{today + timedelta(days=40)}")
    hand_in(phone, "Car insurance", f"{today + timedelta(days=300)}")

    desk.goto(person + "/paperwork")
    desk.get_by_text("Ask them to authorize a check").click()
    check = desk.locator("#check-requirement option", has_text="Driving record").get_attribute(
        "value"
    )
    desk.locator("#check-requirement").select_option(value=check)
    press(desk, "Ask for authorization")
    phone = volunteer.go("/me/paperwork")
    phone.get_by_role("link", name="Read and sign Driving record").click()
    expect(phone.locator("main")).not_to_contain_text("I authorize")
    phone.get_by_role("button", name="I have read this. Continue").click()
    phone.get_by_label("Your full name").fill("Nell Quist")
    press(phone, "I sign this authorization")
    screener = visit(width=1280).sign_in("Screener")
    work = screener.go("/checks")
    work.get_by_role("link", name="Nell Quist").click()
    press(work, "Record order")
    press(work, "Record result")
    press(work, "Clear for service")
    expect(work.locator("#flash")).to_contain_text("cleared for service")

    desk.goto(coordinator.server.address + "/reviews")
    while desk.locator("main a.line", has_text="Nell Quist").count():
        desk.locator("main a.line", has_text="Nell Quist").first.click()
        expect(desk.locator("img.paper")).to_be_visible()
        press(desk, "Accept document")
        desk.wait_for_url("**/reviews")
    phone = volunteer.go("/me/paperwork")
    expect(phone.locator("main")).to_contain_text(
        "You haven't completed this training yet: Orientation."
    )
    administrator = visit(width=1280).sign_in("Administrator")
    office = administrator.go("/courses")
    office.get_by_role("link", name="Orientation").last.click()
    office.goto(office.url.rstrip("/") + "/results")
    office.get_by_label("Name, phone, or email").fill("Nell")
    office.get_by_role("button", name="Search").click()
    office.get_by_role("radio", name="Nell Quist").check()
    office.locator("input[name=day]").fill(f"{today - timedelta(days=1)}")
    press(office, "Record completion")
    phone = volunteer.go("/me/paperwork")
    expect(phone.locator("main")).to_contain_text("You're all set")

    phone.get_by_role("link", name="See shifts").click()
    phone.locator("#shift_list a[href^='/shifts/']").last.click()
    phone.get_by_role("button", name="Sign up", exact=True).click()
    expect(phone.locator("#signup_panel")).to_contain_text("You're signed up")

    desk.goto(person + "/paperwork")
    paper = desk.locator("li.line", has_text="Driver's license").filter(has_text="accepted").first
    paper.locator("summary", has_text="Mark no longer valid").click()
    paper.locator("input[name=reason]").fill("Suspended")
    press(paper, "Mark no longer valid")
    database = Database(demo.settings.database_url)
    round_of_work(database, demo.settings, clock.now())
    database.dispose()
    desk.goto(coordinator.server.address + "/affected")
    line = desk.locator("tr", has_text="Nell Quist")
    expect(line).to_contain_text("Driver's license")
    line.locator("input[type=checkbox]").check()
    desk.get_by_label("Reason").fill("No license any more")
    desk.get_by_role("button", name="Remove and notify them").click()
    expect(desk.locator("#flash")).to_contain_text("1 person was removed and told.")
    expect(desk.locator("tr", has_text="Nell Quist")).to_have_count(0)
    phone = volunteer.go("/me")
    expect(phone.locator("main")).to_contain_text("Something is missing for one of your roles")
