"""Screening: what an applicant names, others answer, and a screener reads."""

from playwright.sync_api import expect


def a_reference_from_its_name_to_its_end(visit, ids):
    desk = visit(1280).sign_in("Coordinator")
    page = desk.go(f"/applications/{ids['referenced']}")
    page.get_by_text("Add reference").first.click()
    page.get_by_label("Their name").fill("Otis Grant")
    page.get_by_label("Their phone").fill("(555) 555-7171")
    page.get_by_label("How they know you").fill("Her coach")
    page.get_by_role("button", name="Add reference").click()
    expect(page.locator(".problems")).to_contain_text("Name someone who isn't family")
    expect(page.get_by_label("Their name")).to_have_value("Otis Grant")
    page.get_by_label("We aren't related, and we don't live together").check()
    page.get_by_role("button", name="Add reference").click()
    expect(page.locator("#flash")).to_contain_text("The name was added")

    referee = visit().go(f"/reference/{ids['reference_link']}")
    referee.get_by_label("How long have you known them, and how?").fill("Since school")
    referee.get_by_role("button", name="Send reference").click()
    expect(referee.locator(".problems")).to_be_focused()
    expect(referee.get_by_label("How long have you known them, and how?")).to_have_value(
        "Since school"
    )
    referee.get_by_label("What are they good at?").fill("Listens well.")
    referee.get_by_label("Would you trust them with someone you care about?").select_option("yes")
    referee.get_by_role("button", name="Send reference").click()
    expect(referee.get_by_role("heading", name="Thank you!")).to_be_visible()

    office = visit(1280).sign_in("Screener").page
    office.get_by_role("link", name="People to call for a reference").click()
    office.get_by_role("link", name="Otis Grant").click()
    office.get_by_text("Enter their answer").click()
    office.get_by_label("How long have you known them, and how?").fill("Ten years")
    office.get_by_label("What are they good at?").fill("Never late.")
    office.get_by_label("Would you trust them with someone you care about?").select_option("yes")
    office.get_by_role("button", name="Save reference").click()
    expect(office.locator("#flash")).to_contain_text("The reference was saved")
    expect(office.get_by_text("Never late.")).to_be_visible()
    office.get_by_role("button", name="Accept reference").click()
    expect(office.locator("#flash")).to_contain_text("You accepted the reference")
    page.reload()
    expect(
        page.locator(".card", has_text="References").get_by_text("received").first
    ).to_be_visible()
    expect(page.get_by_text("Never late.")).to_have_count(0)


def an_interview_from_its_offer_to_its_calendar(visit, ids):
    phone = visit().go(f"/applied/{ids['to_interview']}")
    phone.get_by_role("button", name="Book interview").click()
    expect(phone.locator(".problems")).to_contain_text("Select one.")
    phone.locator("input[name=time]").first.check()
    phone.get_by_role("button", name="Book interview").click()
    expect(phone.locator("#flash")).to_contain_text("The interview is booked")
    expect(phone.get_by_text("Office, room 4")).to_be_visible()

    desk = visit(1280).sign_in("Coordinator").page
    desk.get_by_role("link", name="Applications").first.click()
    desk.get_by_role("link", name="See interviews").click()
    desk.locator(".list a.line").first.click()
    expect(desk.get_by_text("What to ask and look for")).to_be_visible()
    desk.get_by_text("Move interview").first.click()
    desk.get_by_label("Date").fill("2020-01-01")
    desk.get_by_label("Time").fill("10:00")
    desk.get_by_role("button", name="Move interview").click()
    expect(desk.locator(".problems")).to_contain_text("in the next 60 days")
    desk.get_by_text("Cancel interview").first.click()
    desk.get_by_role("button", name="Cancel interview").click()
    expect(desk.locator("#flash")).to_contain_text("The interview was canceled")
