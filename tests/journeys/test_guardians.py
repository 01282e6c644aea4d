"""A parent's consent, from the minor who names someone to the shift, and HR's word about an employee."""

from playwright.sync_api import expect


def test_a_guardian_signs_and_changes_their_mind(visit, ids):
    guardian = visit().go(f"/guardian/{ids['guardian_link']}")
    expect(guardian.get_by_text("would like to volunteer with us")).to_be_visible()
    guardian.get_by_role("button", name="Sign").click()
    expect(guardian.get_by_text("Check the box if you agree.").first).to_be_visible()
    guardian.get_by_label("Your full name").fill("Paolo Marchetti")
    guardian.get_by_label("You are their").fill("father")
    guardian.get_by_label("Your phone, in an emergency").fill("(555) 555-3399")
    guardian.get_by_label("I'm their parent or legal guardian").check()
    guardian.get_by_role("button", name="Sign").click()
    expect(guardian.get_by_text("You signed for Lia Marchetti")).to_be_visible()
    guardian.get_by_text("Changed your mind?").click()
    guardian.get_by_role("button", name="End my consent").click()
    expect(guardian.get_by_text("If you change your mind, sign here.")).to_be_visible()


def test_staff_call_and_enter_the_paper(visit, ids):
    office = visit(1280).sign_in("Coordinator").page
    office.get_by_role("link", name="Parents and guardians to call").click()
    office.get_by_role("link", name="Ruth Weiss").click()
    expect(office.get_by_role("heading", name="Parent or guardian")).to_be_visible()
    office.locator("summary", has_text="Ruth Weiss").click()
    office.get_by_label("Name on the paper").fill("Ruth Weiss")
    office.get_by_role("button", name="Save signed paper").click()
    expect(office.locator(".problems")).to_contain_text("Enter a phone number")
    expect(office.get_by_label("Name on the paper")).to_have_value("Ruth Weiss")
    office.get_by_label("Their phone, in an emergency").fill("(555) 555-3307")
    office.get_by_role("button", name="Save signed paper").click()
    expect(office.locator("#flash")).to_contain_text("The consent was saved")
    expect(office.get_by_text("Signed. Valid until")).to_be_visible()


def test_hr_says_that_it_is_other_work(visit, ids):
    screener = visit(1280).sign_in("Screener").page
    screener.get_by_role("link", name="Employees to ask HR about").click()
    before = screener.get_by_role("button", name="Mark as other work").count()
    assert before
    screener.get_by_role("button", name="Mark as other work").first.click()
    expect(screener.locator("#flash")).to_contain_text("answer was saved")
    expect(screener.get_by_role("button", name="Mark as other work")).to_have_count(before - 1)
    screener.get_by_role("link", name="Answered").click()
    expect(screener.get_by_text("other work,").first).to_be_visible()
