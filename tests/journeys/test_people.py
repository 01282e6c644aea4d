"""Keeping people: a list that is filtered and saved, someone who leaves, and something that happened."""

import csv
import io
import re
from pathlib import Path

import pypdf
from playwright.sync_api import expect


def test_a_coordinator_filters_people_keeps_the_view_and_takes_the_file(visit):
    page = visit(1280).sign_in("Coordinator").go("/people")
    page.get_by_text("Service, documents, and email").click()
    page.locator("select[name=served]").select_option("not90")
    page.get_by_text("Columns", exact=True).click()
    expect(page.get_by_label("Roles", exact=True)).to_be_checked()
    page.get_by_label("Last served", exact=True).check()
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("columnheader", name="Last served")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Roles")).to_be_visible()
    page.get_by_text("Save this view").click()
    page.get_by_label("Name of the view").fill("Quiet people")
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("link", name="Quiet people")).to_be_visible()
    names = page.locator("tbody tr td:first-child strong").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert "Last served" in rows[0]
    assert [row[0] for row in rows[1:]][: len(names)] == names


def someone_leaves_and_another_gets_the_key_back(visit):
    desk = visit(1280).sign_in("Coordinator")
    page = desk.go("/people?which=active&q=volunteer1")
    link = page.locator("tbody tr a strong").first
    name = link.inner_text()
    link.click()
    path = page.url.partition("/people/")[2]
    office = visit(390).sign_in("Administrator").go(f"/people/{path}")
    office.get_by_role("link", name="They're leaving").click()
    expect(office.get_by_role("heading", name="What ends now")).to_be_visible()
    office.get_by_label("Reason").select_option("moved")
    office.get_by_label("May they return?").select_option("yes")
    office.get_by_label("Keys, badge, or equipment").select_option("outstanding")
    office.get_by_role("button", name="End access and roles").click()
    expect(office.locator(".problems")).to_be_focused()  # what they have is not said
    office.get_by_label("What they still have").fill("Badge 99")
    office.get_by_role("button", name="End access and roles").click()
    expect(office.locator("#flash")).to_contain_text("is inactive now")
    expect(office.get_by_text("Inactive").first).to_be_visible()
    desk.go("/me").get_by_role("link", name="Keys, badges, and equipment to get back").click()
    row = page.get_by_role("listitem").filter(has_text="Badge 99")
    expect(row.get_by_role("link", name=name)).to_be_visible()
    row.get_by_role("button", name="Mark as returned").click()
    expect(page.locator("#flash")).to_contain_text("Marked as returned")
    expect(page.get_by_text("Badge 99")).to_have_count(0)


def a_volunteer_reports_on_a_phone_and_a_receiver_works_it_to_its_end(visit):
    phone = visit().sign_in("Volunteer")
    page = phone.page
    page.get_by_role("link", name="Report an incident or concern").click()
    expect(page.get_by_role("link", name="911")).to_be_in_viewport()
    page.get_by_role("link", name="Something else, or I'm not sure").click()
    page.get_by_role("button", name="Send report").click()
    expect(page.locator(".problems")).to_be_focused()
    page.get_by_label("Did you call 911 or a hotline?").select_option("yes")
    page.get_by_label("What kind of thing happened?").select_option("worry")
    page.get_by_label("On which day?").fill("2099-01-01")
    page.get_by_label("What happened?").fill("A neighbor shouts at the riders.")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("This day hasn't come yet.").first).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_value("A neighbor shouts at the riders.")
    page.get_by_label("On which day?").fill("")
    page.get_by_label("If yes, at what time?").fill("09:30")
    page.get_by_role("button", name="Send report").click()
    expect(page.locator("#flash")).to_contain_text("Your report was sent")
    expect(page.get_by_text("shouts")).to_have_count(0)
    desk = visit(1280).sign_in("Coordinator").page
    desk.get_by_role("link", name="Incident reports for you").click()
    desk.get_by_role("link", name="I'm worried about someone").first.click()
    expect(desk.get_by_text("A neighbor shouts at the riders.")).to_be_visible()
    desk.get_by_role("button", name="Assign report to me").click()
    expect(desk.get_by_role("button", name="Assign report to me")).to_have_count(0)
    desk.get_by_text("Add to the log").click()
    desk.get_by_label("What was done").fill("Called them back.")
    desk.get_by_role("button", name="Add to log").click()
    expect(desk.get_by_text("Called them back.").first).to_be_visible()
    expect(desk.get_by_label("What was done")).to_be_hidden()
    desk.get_by_text("Close this report").click()
    desk.get_by_label("Outcome").fill("The route changed.")
    desk.get_by_role("button", name="Close report").click()
    expect(desk.locator("#flash")).to_contain_text("The report was closed")
    phone.go("/incidents/own")
    expect(page.get_by_text("Closed").first).to_be_visible()


def test_a_coordinator_writes_proof_of_service_and_a_third_party_checks_it(visit):
    page = visit(1280).sign_in("Coordinator").go("/people?hours_least=2&which=active")
    page.locator("tbody tr a strong").first.click()
    page.get_by_role("link", name="Write a letter").click()
    page.get_by_label("Letter", exact=True).select_option("service")
    page.get_by_role("button", name="Fill in letter").click()
    letter = page.locator("textarea[name=body]")
    expect(letter).to_have_value(
        re.compile("This letter confirms that .* gave .* of service|Esta carta confirma que ")
    )
    page.get_by_role("button", name="Write letter").click()
    expect(page.locator("#flash")).to_contain_text("The letter was written")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    pages = pypdf.PdfReader(download.value.path()).pages
    code = re.search(r"(?:[A-Z2-7]{4}-){5}[A-Z2-7]{4}", pages[0].extract_text())[0]
    third = visit(390).go("/letters/check")
    third.get_by_label("Code on the letter").fill(code.lower())
    third.get_by_role("button", name="Check code").click()
    expect(third.get_by_text("We wrote a letter with this code")).to_be_visible()


def a_supervisor_covers_days_that_someone_asked_for(visit):
    desk = visit(1280).sign_in("Coordinator").go("/people")
    desk.get_by_role("link", name="On-call schedule").click()
    desk.get_by_role("link", name=re.compile("Ask someone to cover.*Aging")).click()
    days = desk.get_by_label("First day"), desk.get_by_label("Last day")
    first = days[0].input_value()
    days[1].fill(first)
    desk.get_by_label("Covered by").select_option("Lucia Ferro")
    desk.get_by_role("button", name="Ask to cover").click()
    expect(desk.locator("#flash")).to_contain_text("You stay on call until they agree")
    other = visit(390).sign_in("Supervisor").go("/me")
    other.get_by_role("link", name="Days on call to cover").click()
    other.get_by_role("button", name="Yes, I'll cover").press("Enter")
    expect(other.locator("#flash")).to_contain_text("You're on call on these days")
    other.get_by_role("link", name="My volunteers").first.click()
    other.get_by_role("link", name="One-to-one notes").first.click()
    other.get_by_label("What was agreed").fill("Starts with one ride a week.")
    other.get_by_role("button", name="Add note").click()
    expect(other.get_by_text("Starts with one ride a week.")).to_be_visible()


def an_administrator_merges_a_second_record_and_undoes_it(visit):
    page = visit(820).sign_in("Administrator").go("/people/new")
    page.get_by_label("Full name").fill("Theo Brandt")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Is this one of these people?")).to_be_visible()
    page.get_by_role("button", name="Add anyway").click()
    expect(page.locator("#flash")).to_contain_text("Theo Brandt was added")
    page.get_by_role("link", name="Merge with another record").click()
    page.get_by_role("link", name=re.compile("^Theo Brandt")).last.click()
    page.get_by_role("link", name="Keep the other record instead").click()
    page.get_by_role("button", name="Merge records").press("Enter")
    expect(page.locator("#flash")).to_contain_text("You can undo it for 30 days")
    page.get_by_role("link", name="Merged records").click()
    page.get_by_role("button", name="Undo merge Theo Brandt").click()
    expect(page.locator("#flash")).to_contain_text("There are two records again")


def test_a_coordinator_celebrates_a_milestone_from_home(visit):
    page = visit(390).sign_in("Coordinator").go("/me")
    page.get_by_role("link", name=re.compile("Milestones to celebrate")).click()
    page.get_by_role("button", name=re.compile("^Write certificate")).first.press("Enter")
    expect(page.locator("#flash")).to_contain_text("The certificate was written")
    page.get_by_role("link", name=re.compile("^Certificate")).first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    words = pypdf.PdfReader(download.value.path()).pages[0].extract_text()
    assert re.search("10 (hours|horas)", words)  # in the reader's language
    page.go_back()
    page.get_by_role("button", name=re.compile("^Skip")).first.click()
    expect(page.locator("#flash")).to_contain_text("The milestone was skipped")


def test_a_leaver_with_shifts_a_presentation_and_a_supervisor(visit, ids):
    office = visit(1280).sign_in("Administrator").go(f"/people/{ids['leaver']}")
    office.get_by_text("Assign a supervisor").click()
    card = office.locator("section.card", has=office.get_by_role("heading", name="Supervisor"))
    card.locator("select[name=supervisor]").select_option(index=1)
    if card.locator("select[name=program]").count():
        card.locator("select[name=program]").select_option(index=1)
    office.get_by_role("button", name="Assign supervisor").click()
    expect(office.locator("#flash")).to_be_visible()
    office.goto(office.url.partition("/people")[0] + f"/people/{ids['leaver']}")
    name = office.locator("h1").inner_text()
    office.get_by_role("link", name="They're leaving").click()
    ends = office.locator("section", has=office.get_by_role("heading", name="What ends now"))
    for what in ("Shift ·", "Presentation", "Their supervisor ·"):
        expect(ends.get_by_text(what).first).to_be_visible()
    office.get_by_label("Reason").select_option("moved")
    office.get_by_label("May they return?").select_option("yes")
    office.get_by_label("Keys, badge, or equipment").select_option("none")
    office.get_by_role("button", name="End access and roles").click()
    expect(office.locator("#flash")).to_contain_text("is inactive now")
    expect(office.locator("h1")).to_contain_text(name)


def test_a_coordinator_asks_last_years_volunteers_from_home(visit):
    page = visit(390).sign_in("Coordinator").go("/me")
    page.get_by_role("link", name=re.compile("Last year's volunteers to ask")).click()
    own = page.get_by_role("region", name="Yours to ask")
    name = own.locator("a.name").first.inner_text()
    program = own.locator(".what .quiet").first.inner_text().partition(",")[0]
    own.get_by_label(f"What they said {name}").select_option("later")
    own.get_by_role("button", name=f"Save {name}").press("Enter")
    expect(page.get_by_text("Select a day within the next year.").first).to_be_visible()
    own.get_by_label(f"What they said {name}").select_option("yes")
    own.get_by_role("button", name=f"Save {name}").press("Enter")
    expect(page.locator("#flash")).to_contain_text(f"We noted it for {name}")
    expect(own.get_by_text(name)).to_have_count(0)
    page.get_by_label("Program").select_option(label=program)
    page.get_by_label("Status").select_option("done")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_role("row", name=re.compile(name))).to_contain_text("Coming back")
    page.get_by_label("Status").select_option("open")
    page.get_by_role("button", name="Filter").click()
    other = page.locator("tbody tr").first
    asked = other.locator("a.name").inner_text()
    other.get_by_role("checkbox").check()
    page.get_by_role("button", name="Assign selected").click()
    expect(page.locator("#flash")).to_contain_text("1 person was assigned")
    expect(own.get_by_role("link", name=asked)).to_be_visible()
