"""The search of staff in a real browser: by keyboard alone, from any page."""

from playwright.sync_api import expect


def test_ctrl_k_finds_a_person_and_a_page_and_the_keys_can_be_switched_off(visit):
    page = visit(1280).sign_in("Coordinator").go("/hours")
    page.keyboard.press("Control+k")
    page.keyboard.type("marta")
    expect(page.locator("#find-found a").first).to_contain_text("Marta")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Marta")
    page.keyboard.press("Control+k")
    page.keyboard.type("unfilled")
    expect(page.locator("#find-found a").first).to_contain_text("Unfilled shifts")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gaps")
    page.locator("h1").first.click()  # out of the name field
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()
    page.get_by_text("Turn off this key:").click()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keyboard shortcuts")).to_be_hidden()
