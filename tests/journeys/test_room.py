"""The screening review in the browser: an entry, its second screener, a comparison and a decline."""

from playwright.sync_api import expect


def test_someone_on_the_list_is_compared_and_declined(visit, ids):
    office = visit(1280).sign_in("Screener").page
    office.get_by_role("link", name="People to compare with the do-not-place list").click()
    office.locator(".line", has_text="same email or phone").first.click()
    office.get_by_role("button", name="Save as the same person").click()
    expect(office.locator(".problems")).to_contain_text("at least two facts")
    office.get_by_label("Photo ID").check()
    office.get_by_label("We spoke with them").check()
    office.get_by_role("button", name="Save as the same person").click()
    expect(office.locator("#flash")).to_contain_text("the same person")
    office.locator("summary", has_text="Decline application").first.click()
    office.get_by_role("button", name="Decline application").first.click()
    expect(office.locator("#flash")).to_contain_text("The application was declined")


def test_an_entry_waits_for_another_screener(visit, ids):
    office = visit(1280).sign_in("Screener").page
    office.get_by_role("link", name="Do-not-place entries to confirm or review").click()
    office.get_by_role("link", name="Terence Ould").click()
    office.get_by_role("button", name="Confirm entry").click()
    expect(office.locator("#flash")).to_contain_text("You confirmed the entry")
    office.get_by_role("link", name="Do-not-place list").click()
    office.get_by_role("link", name="Add an entry").click()
    office.get_by_label("Full name").fill("Otto Grimm")
    office.get_by_label("Kind of reason").select_option("conduct")
    office.get_by_role("button", name="Add entry").click()
    expect(office.locator(".problems")).to_contain_text("Ends on")
    expect(office.get_by_label("Full name")).to_have_value("Otto Grimm")
    office.get_by_label("Ends on").fill("2028-01-01")
    office.get_by_role("button", name="Add entry").click()
    expect(office.get_by_text("Another screener has to confirm this.").first).to_be_visible()
    expect(office.get_by_role("button", name="Confirm entry")).to_have_count(0)


def test_people_are_looked_up(visit, ids):
    office = visit(1280).sign_in("Screener").go("/screening")
    before = office.get_by_role("button", name="Clear person").count()
    assert before
    office.get_by_role("button", name="Clear person").first.click()
    expect(office.locator("#flash")).to_contain_text("The check was saved")
    expect(office.get_by_role("button", name="Clear person")).to_have_count(before - 1)
