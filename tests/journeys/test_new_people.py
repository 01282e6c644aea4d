"""New people in the browser: a board, a buddy, someone interested, a letter to a role, and switches."""

from playwright.sync_api import expect


def test_the_board_leads_to_an_application_and_back(visit, ids):
    desk = visit(1280).sign_in("Coordinator").page
    desk.get_by_role("link", name="Applications").first.click()
    desk.get_by_role("link", name="See as board").click()
    expect(desk.get_by_role("heading", name="Applications by stage")).to_be_visible()
    card = desk.locator(".stages .slip").first
    name = card.locator(".name").inner_text()
    card.locator(".name").click()
    expect(desk.locator("h1")).to_contain_text(name)
    desk.go_back()
    desk.get_by_role("link", name="See as list").click()
    expect(desk.locator("h1")).to_have_text("Applications")


def test_a_new_volunteer_gets_a_buddy(visit, ids):
    desk = visit(1280).sign_in("Coordinator").go(f"/applications/{ids['placed_minor']}")
    other = desk.locator("select[name=buddy] option").nth(3)
    value = other.get_attribute("value")
    assert value
    desk.locator("select[name=buddy]").select_option(value)
    desk.get_by_role("button", name="Save buddy").click()
    expect(desk.locator("#flash")).to_contain_text("Both were told")
    expect(desk.locator("select[name=buddy]")).to_have_value(value)


def who_offers_help_gets_an_owner_and_a_record(visit, ids):
    phone = visit().go("/opportunities/offers")
    phone.get_by_label("What would you like to do, and when?").fill("I can sew on Mondays.")
    phone.get_by_label("Your name").fill("Tilda Moss")
    phone.get_by_label("Phone").fill("(555) 555-6411")
    phone.evaluate("new Promise((done) => setTimeout(done, 3200 - performance.now()))")
    phone.get_by_role("button", name="Send message").click()
    expect(phone.locator("#flash")).to_contain_text("We got your message")
    desk = visit(1280).sign_in("Coordinator").page
    desk.get_by_role("link", name="Questions from the public").click()
    desk.get_by_role("link", name="Tilda Moss").click()
    desk.get_by_role("button", name="Assign to me").click()
    expect(desk.locator("#flash")).to_contain_text("This is assigned to you now")
    desk.get_by_text("Add to people, as someone interested").click()
    desk.get_by_role("button", name="Add to people").click()
    expect(desk.locator("#flash")).to_contain_text("They have a record now")
    desk.get_by_label("Reply").fill("We'd love that.")
    desk.get_by_role("button", name="Save answer").click()
    expect(desk.locator("#flash")).to_contain_text("Your answer was saved")


def everyone_in_review_for_a_role_gets_a_letter(visit, ids):
    desk = visit(1280).sign_in("Coordinator").go("/applications?stage=in_review")
    role = desk.locator("select[name=position] option", has_text="Driver").first
    desk.locator("select[name=position]").select_option(role.get_attribute("value"))
    desk.get_by_role("button", name="Filter").click()
    desk.get_by_role("link", name="Write to everyone in review for this role").click()
    expect(desk.locator("h1")).to_be_visible()
    expect(desk.locator("form textarea").first).to_be_visible()


def test_a_switch_of_the_agency_and_of_a_program(visit, ids):
    office = visit(1280).sign_in("Administrator").go("/settings")
    switch = office.get_by_label("Ask volunteers once a year if they work for the agency")
    switch.select_option("1")
    office.get_by_role("button", name="Save settings").click()
    expect(office.locator("#flash")).to_contain_text("The settings were saved")
    expect(switch).to_have_value("1")
    volunteer = visit().sign_in("Volunteer").page
    volunteer.get_by_role("link", name="Do you work for this agency or the county?").click()
    volunteer.get_by_role("button", name="Save").click()
    expect(volunteer.locator("#flash")).to_contain_text("We saved your answer")
    switch.select_option("0")
    office.get_by_role("button", name="Save settings").click()
    expect(office.locator("#flash")).to_contain_text("The settings were saved")
