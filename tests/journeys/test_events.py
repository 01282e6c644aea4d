"""An open event, from the public list on a phone to the record of a guest who came again."""

from playwright.sync_api import expect


def test_someone_comes_without_an_account(visit, ids):
    phone = visit().go("/opportunities")
    phone.get_by_role("link", name="Packing day: spring boxes").click()
    phone.get_by_label("Your name").fill("June Abbott")
    phone.get_by_label("Phone").fill("(555) 555-6199")
    phone.evaluate(
        "new Promise((done) => setTimeout(done, 3200 - performance.now()))"
    )  # as people type
    phone.get_by_role("button", name="Sign up").click()
    expect(phone.locator(".problems")).to_contain_text("Read the agreement")
    expect(phone.get_by_label("Your name")).to_have_value("June Abbott")
    phone.get_by_label("I read the agreement and agree to it").check()
    phone.get_by_label("I'm 18 or older").check()
    phone.get_by_role("button", name="Sign up").click()
    expect(phone.locator("#flash")).to_contain_text("See you there")
    phone.get_by_role("button", name="I can't come").click()
    expect(phone.get_by_text("You told us that you can't come.")).to_be_visible()


def test_a_shift_is_opened_and_a_guest_gets_a_record(visit, ids):
    desk = visit(1280).sign_in("Coordinator").page
    desk.get_by_role("link", name="Guests who came again").click()
    card = desk.locator("section.card", has=desk.get_by_role("heading", name="Marisol Quint"))
    if card.get_by_label("Someone new").count():
        card.get_by_label("Someone new").check()
    card.get_by_role("button", name="Add to people").click()
    expect(desk.locator("#flash")).to_contain_text("The guest has a record now")
    desk.goto(desk.url.partition("/people")[0] + f"/shifts/{ids['shift']}")
    desk.get_by_role("link", name="Guests").click()
    desk.get_by_role("button", name="Open to everyone").click()
    expect(desk.locator(".problems")).to_be_visible()
    desk.get_by_label("Agreement guests have to accept").select_option(index=1)
    desk.get_by_label("No clients and no children will be there").check()
    desk.get_by_role("button", name="Open to everyone").click()
    expect(desk.locator("#flash")).to_contain_text("open to everyone now")
