"""What a coordinator does at a desk, in a real browser."""

import re

from playwright.sync_api import expect


def test_publishing_a_shift_filling_it_by_phone_and_calling_it_off(visit):
    visitor = visit(1280).sign_in("Coordinator")
    page = visitor.go("/schedule")
    page.locator("main .head").get_by_role("link", name="Add a shift").click()
    if "program=" not in page.url:
        page.locator("main a[href*='program=']").first.click()
    page.get_by_label("Date").fill("2027-06-15")
    page.get_by_label("From").fill("18:00")
    page.get_by_label("To", exact=True).fill("20:00")
    page.get_by_label("Role").nth(0).select_option(index=1)
    page.get_by_label("Needed").first.fill("1")
    page.get_by_label("Spots").first.fill("0")
    page.get_by_label("Title").fill("Evening visit")
    page.get_by_role("button", name="Publish shift").click()
    expect(page.locator(".problems")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Evening visit")
    page.get_by_label("Spots").first.fill("2")
    page.get_by_role("button", name="Publish shift").click()
    expect(page.get_by_role("heading", name="Evening visit")).to_be_visible()

    page.locator("main").get_by_role("link", name="Roster").click()
    candidate = page.locator("#candidates li.line").first
    name = candidate.locator("a.name").inner_text()
    candidate.locator("summary").click()
    candidate.get_by_label("How it was requested").select_option(label="By phone")
    candidate.get_by_role("button", name="Add").click()
    expect(page.locator("#flash")).to_contain_text(name)
    expect(page.locator("#roster")).to_contain_text(name)

    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").click()
    assert re.fullmatch(r"roster-\d+\.csv", download.value.suggested_filename)
    assert name in download.value.path().read_text("utf-8")

    page.get_by_role("link", name="The shift").click()
    expect(page.locator("main")).to_contain_text("by phone")
    page.get_by_role("link", name="Cancel shift").click()
    expect(page.locator("main")).to_contain_text(name)
    page.get_by_role("button", name="Cancel shift").click()
    expect(page.locator(".problems")).to_be_visible()
    page.get_by_label("Reason for canceling").fill("The heating is broken")
    page.get_by_role("button", name="Cancel shift").click()
    expect(page.locator("main")).to_contain_text("This shift was canceled")


def test_finding_a_person_while_typing(visit):
    visitor = visit(1280).sign_in("Coordinator")
    page = visitor.go("/people")
    name = page.locator("main a[href^='/people/'] strong").first.inner_text()
    page.get_by_label("Name, phone, or email").type(name.split()[0][:4])
    expect(page).to_have_url(re.compile(r"/people"))
    expect(page.locator("main")).to_contain_text(name.split()[0])


def test_o2_what_people_typed_is_text_in_the_browser_too(visit):
    visitor = visit(1280).sign_in("Volunteer")
    page = visitor.go("/me/details")
    attack = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'
    page.on("dialog", lambda dialog: visitor.complaints.append(dialog.message))
    page.get_by_label("Full name").fill(attack)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#flash")).to_contain_text("was saved")
    visitor.go("/me")
    expect(page.locator("header .name")).to_have_text(attack)
    visitor.go("/me/details")
    expect(page.get_by_label("Full name")).to_have_value(attack)
    assert page.locator("img[src='x']").count() == 0
