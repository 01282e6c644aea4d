"""Who came, and hours, in a real browser: by keyboard alone, and as a volunteer on a phone."""

from playwright.sync_api import expect


def test_a_roster_is_filled_in_by_keyboard_alone(visit):
    visitor = visit(width=1024).sign_in("Coordinator")
    page = visitor.go("/me")
    page.get_by_role("link", name="Record attendance").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/attendance")
    page.locator("main a.line").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/shifts/*/attendance")
    path, groups = page.url, page.locator("fieldset.attended")
    number = groups.count()
    groups.first.locator("input[type=radio]").first.focus()
    for index in range(number):
        page.keyboard.press("Space")
        if index == 0:  # the first one left early
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Tab")
            page.keyboard.type("0:45")
        tab_to(page, "radio" if index < number - 1 else "submit")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("Attendance recorded")
    page.goto(path)
    assert page.locator("fieldset.attended input:checked").count() == number
    expect(groups.first).to_contain_text("45 min")
    assert groups.first.locator("input:checked").get_attribute("value") == "left_early"


def tab_to(page, kind: str) -> None:
    """Press Tab until a control of that kind has the focus; whoever is not cleared has a link before theirs."""
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == kind:
            return
    raise AssertionError(kind)


def a_paper_sheet_is_typed_in_by_keyboard_alone(visit):
    visitor = visit(width=1280).sign_in("Coordinator")
    page = visitor.go("/hours")
    page.get_by_role("link", name="Enter a paper sheet").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/hours/sheet")
    page.get_by_label("Role").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Show sheet").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/hours/sheet?*")
    cells = page.locator("table.sheet input")
    cells.first.focus()
    page.keyboard.type("1:30")
    page.keyboard.press("Tab")
    page.keyboard.type("2 days")
    page.keyboard.press("Enter")
    expect(page.get_by_text("length of time like 2 hr 30 min").first).to_be_visible()
    assert [cells.nth(0).input_value(), cells.nth(1).input_value()] == ["1:30", "2 days"]
    cells.nth(1).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("2.5")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("2 time entries were saved.")


def a_volunteer_adds_hours_asks_and_is_answered(visit):
    volunteer = visit().sign_in("Volunteer")
    page = volunteer.go("/me")
    page.locator("main").get_by_role("link", name="My hours").click()
    page.get_by_role("link", name="Log hours").first.click()
    page.get_by_label("Role").select_option(index=1)
    page.get_by_label("Total time").fill("1:15")
    page.get_by_label("What did you do?").fill("Called three families back")
    page.get_by_role("button", name="Submit hours").click()
    expect(page.locator("#flash")).to_contain_text("Your hours were submitted. Thank you!")
    row = page.locator("li", has_text="Called three families back")
    expect(row).to_contain_text("1 hr 15 min")
    expect(row).to_contain_text("pending")
    administrator = visit(width=1280).sign_in("Administrator")
    desk = administrator.go("/hours?q=volunteer@demo")
    desk.get_by_role("button", name="Approve selected entries").click()
    expect(desk.locator("#flash")).to_contain_text("approved")
    page.reload()
    row = page.locator("li", has_text="Called three families back")
    row.get_by_text("Report a mistake").click()
    row.get_by_label("What is wrong?").fill("It was two hours.")
    row.get_by_role("button", name="Ask the coordinator").click()
    expect(page.locator("#flash")).to_contain_text("will answer you here")
    desk = administrator.go("/hours")
    desk.locator("li", has_text="It was two hours.").get_by_role("link").click()
    desk.get_by_label("Your answer").fill("You are right.")
    desk.get_by_label("Corrected time").fill("2")
    desk.get_by_role("button", name="Send answer", exact=True).click()
    expect(desk.locator("#flash p")).to_be_visible()
    page.reload()
    row = page.locator("li", has_text="Called three families back")
    expect(row).to_contain_text("2 hr")
    expect(row).to_contain_text("approved")


def test_enter_saves_what_is_marked_and_marks_nobody_else(visit):
    visitor = visit(width=1024).sign_in("Coordinator")
    page = visitor.go("/attendance")
    page.locator("main a.line", has_text="people").last.click()
    page.wait_for_url("**/shifts/*/attendance")
    groups = page.locator("fieldset.attended")
    groups.first.get_by_role("radio", name="Part of the shift").check()
    groups.first.get_by_label("How long?").fill("0:30")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("Attendance recorded for 1 person.")
    assert page.locator("fieldset.attended input:checked").count() == 1
