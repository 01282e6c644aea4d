"""From "I'd like to help" to a role, as an applicant on a phone and a coordinator at a desk."""

import io
import re

from PIL import Image
from playwright.sync_api import expect

from portal import clock
from portal.act import Act
from portal.db import Database
from portal.permissions import COMMAND_LINE
from portal.programs.application_models import Application
from portal.recruitment import applications
from portal.recruitment.pipeline import AT_ONCE

_PAPER = io.BytesIO()
Image.new("RGB", (300, 200), "white").save(_PAPER, "PNG")
PNG = _PAPER.getvalue()


def begin(visitor, name: str, email: str):
    """An application that is begun; gives its page."""
    page = visitor.go("/opportunities")
    page.get_by_role("link", name="Lunch server", exact=True).click()
    page.get_by_role("link", name="Apply", exact=True).click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Email", exact=True).first.fill(email)
    page.evaluate(
        "new Promise((done) => setTimeout(done, 3200 - performance.now()))"
    )  # as people type
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/applying/*")
    return page


def an_applicant_leaves_half_way_and_goes_on_on_another_device(visit):
    page = begin(visit(), "Petra Lund", "petra@example.com")
    page.get_by_label("When can you help?").fill("Tuesday mornings")
    expect(page.get_by_text("Saved. Not sent yet.")).to_be_visible()
    page.get_by_label("Why would you like to help?").fill("I retired in May.")
    link = page.url
    page.goto(
        page.url.partition("/applying")[0] + "/shifts"
    )  # what was typed last is saved on leaving
    desk = visit(1280).page
    why = desk.get_by_label("Why would you like to help?")
    for _ in range(50):
        desk.goto(link)
        if why.input_value():
            break
    expect(why).to_have_value("I retired in May.")
    expect(desk.get_by_label("When can you help?")).to_have_value("Tuesday mornings")
    desk.get_by_role("button", name="Send application").click()
    expect(desk.locator(".problems")).to_be_focused()
    desk.get_by_label("I'm 18 or older").check()
    desk.get_by_role("button", name="Send application").click()
    desk.wait_for_url("**/applied/*")
    expect(desk.locator("#flash")).to_contain_text("We got your application")
    expect(desk.get_by_text("You'll hear from us by")).to_be_visible()
    desk.goto(link)
    desk.wait_for_url("**/applied/*")


def a_coordinator_works_an_application_from_home_to_its_end(visit):
    phone = begin(visit(), "Odell Finch", "odell@example.com")
    phone.get_by_label("I'm 18 or older").check()
    phone.get_by_role("button", name="Send application").click()
    phone.wait_for_url("**/applied/*")
    page = visit(1280).sign_in("Coordinator").page
    page.get_by_role("link", name="New volunteer applications").click()
    page.get_by_role("link", name="Odell Finch").click()
    page.get_by_role("button", name="Start review").click()
    expect(page.locator("#flash")).to_contain_text("You started the review")
    expect(page.locator("#flash p")).to_be_focused()  # a second press must not offer the role
    checked = page.locator("select[name=owner] option:checked")
    expect(checked).to_have_text("Cy Ortega")  # although the page changed in place
    page.get_by_text("Put on hold").first.click()
    page.get_by_label("What it waits for").select_option("references")
    page.get_by_role("button", name="Put on hold").click()
    expect(page.get_by_role("heading", name="On hold")).to_be_visible()
    expect(page.get_by_role("button", name="Offer role")).to_have_count(0)
    page.get_by_role("button", name="End hold").click()
    page.get_by_role("button", name="Offer role").click()
    expect(page.locator("#flash")).to_contain_text("You offered the role")
    phone.reload()
    phone.get_by_role("button", name="Accept role").click()
    expect(phone.locator("#flash")).to_contain_text("You have this role now")
    page.reload()
    expect(page.locator(".head .tag")).to_have_text("Placed")


def a_program_asks_what_it_needs_to_know(visit):
    desk = visit(1280).sign_in("Coordinator").page
    desk.get_by_role("link", name="Applications").first.click()
    desk.get_by_text("More", exact=True).click()
    desk.get_by_role("link", name="Edit questions").click()
    desk.get_by_role("link", name="New question").click()
    desk.get_by_label("Program").select_option(label="Aging and Disability Services")
    desk.get_by_label("How it's answered").select_option("choice")
    desk.get_by_label("Question", exact=True).fill("Have you ever been arrested?")
    desk.locator("#options").fill("Mornings\nEvenings")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator(".problems")).to_contain_text("You can't ask about arrests")
    desk.get_by_label("Question", exact=True).fill("Which part of the day?")
    desk.get_by_role("button", name="Save").click()
    expect(desk.locator("#flash")).to_contain_text("Applicants see it now")
    office = visit(1280).sign_in("Administrator").page
    office.get_by_role("link", name="Application questions to approve").click()
    office.get_by_role("link", name="Which part of the day?").click()
    office.get_by_role("button", name="Approve question").click()
    expect(office.locator("#flash")).to_contain_text("You approved the question")
    phone = begin(visit(), "Quinn Abbey", "quinn@example.com")
    phone.get_by_label("Evenings").check()
    phone.get_by_label("I'm 18 or older").check()
    phone.get_by_role("button", name="Send application").click()
    phone.wait_for_url("**/applied/*")
    desk.get_by_role("link", name="All applications").click()
    desk.locator("select[name=answer]").select_option(label="Evenings")
    desk.get_by_role("button", name="Filter").click()
    desk.get_by_role("link", name="Quinn Abbey").click()
    expect(desk.get_by_text("Which part of the day?")).to_be_visible()
    expect(desk.get_by_text("Evenings")).to_be_visible()


def test_leaving_the_site_leaves_no_way_back_to_it(visit):
    visitor = visit()
    visitor.go("/choices")
    page = visitor.go("/opportunities")
    page.route(
        "https://**", lambda route: route.fulfill(body="Elsewhere", content_type="text/html")
    )
    page.get_by_role("link", name="Leave this site now").click()
    page.wait_for_url("https://**")
    page.go_back()
    assert page.url.endswith("/choices")


def an_applicant_adds_a_paper_and_a_coordinator_opens_it(visit):
    phone = visit().go("/opportunities")
    phone.get_by_role("link", name=re.compile("^Court accompaniment")).first.click()
    phone.get_by_role("link", name="Apply", exact=True).click()
    phone.get_by_label("Your name").fill("Rosa Lind")
    phone.get_by_label("Email", exact=True).first.fill("rosa@example.com")
    phone.evaluate("new Promise((done) => setTimeout(done, 3200 - performance.now()))")
    phone.get_by_role("button", name="Continue").click()
    phone.wait_for_url("**/applying/*")
    phone.get_by_label("When can you help?").fill("Fridays")
    paper = {"name": "paper.png", "mimeType": "image/png", "buffer": PNG}
    phone.set_input_files("input[type=file]", paper)
    phone.get_by_role("button", name="Add file").press("Enter")
    expect(phone.locator("#flash")).to_contain_text("The file was added")
    expect(phone.get_by_label("When can you help?")).to_have_value("Fridays")
    phone.get_by_label("I'm 18 or older").check()
    phone.get_by_role("button", name="Send application").click()
    phone.wait_for_url("**/applied/*")
    desk = visit(1280).sign_in("Coordinator").page
    desk.get_by_role("link", name="New volunteer applications").click()
    desk.get_by_role("link", name="Rosa Lind").click()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Open file").click()
    assert download.value.suggested_filename.endswith(".png")


def a_couple_begins_on_one_form_and_each_applies_alone(visit):
    page = visit().go("/opportunities")
    page.get_by_role("link", name="Lunch server", exact=True).click()
    page.get_by_role("link", name="Apply", exact=True).click()
    page.get_by_label("Your name").fill("Vera Moss")
    page.get_by_label("Email", exact=True).first.fill("vera@example.com")
    page.get_by_text("Coming with family or friends?").click()
    other = page.get_by_role("group", name="Person 1")
    other.get_by_label("Their name").fill("Otto Moss")
    page.evaluate("new Promise((done) => setTimeout(done, 3200 - performance.now()))")
    page.get_by_role("button", name="Continue").press("Enter")
    expect(other.get_by_text("Enter an email address or a phone number.")).to_be_visible()
    other.get_by_label("Their phone").fill("(555) 555-7722")
    page.get_by_role("button", name="Continue").press("Enter")
    page.wait_for_url("**/applying/*")
    expect(page.locator("#flash")).to_contain_text("gets a link of their own, or a call")
    expect(page.get_by_text("Otto")).to_have_count(0)
    desk = visit(1280).sign_in("Coordinator").go("/inquiries")
    desk.get_by_role("link", name="Otto Moss").click()
    expect(desk.get_by_text("Comes along with someone who applies")).to_be_visible()
    desk.locator("textarea[name=reply]").fill("He applies on paper.")
    desk.get_by_role("button", name="Save answer").press("Enter")
    expect(desk.locator("#flash")).to_contain_text("Call Otto Moss")


def a_coordinator_works_two_hundred_applications(visit, demo, ids):
    clock.use_source(None)
    database = Database(demo.settings.database_url)
    with database.writing() as db:
        position = db.get_one(Application, ids["new_application"]).position
        role = position.id
        for number in range(200):
            who = {"name": f"Wave {number:03}", "email": f"wave{number}@demo.example", "phone": ""}
            act = Act(db, COMMAND_LINE, clock.now(), "paper")
            applications.submit(act, position, who | {"language": "en"}, demo.settings)
    database.dispose()
    page = visit(1280).sign_in("Coordinator").go(f"/applications?stage=submitted&position={role}")
    for action, says in (
        ("mine", "applications were changed"),
        ("review", "applications were changed"),
    ):
        page.get_by_label("Select all").check()
        page.get_by_label("What to do").select_option(action)
        page.get_by_role("button", name="Change selected").press("Enter")
        if action == "review":  # the applicants are told, so it is looked at first
            page.get_by_role("button", name=re.compile(r"^Change \d+ applications$")).press("Enter")
        expect(page.locator("#flash")).to_contain_text(says)
    page.goto(demo.address + f"/applications?stage=submitted&position={role}")
    first = page.locator("tbody a.name").first.inner_text()
    page.get_by_role("link", name="Show more").click()
    page.wait_for_url("**after=*")
    expect(page.locator("tbody tr")).to_have_count(AT_ONCE)
    expect(page.get_by_role("link", name=first, exact=True)).to_have_count(0)
