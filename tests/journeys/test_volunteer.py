"""What a volunteer does, in a real browser on a phone: with JavaScript, and without."""

from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

LARGEST_FIRST_LOAD = 150_000


def late_fitting(page) -> str:  # type: ignore[no-untyped-def]
    """The address of a shift that one may take, far enough ahead to be given back."""
    return urlparse(page.locator("#shift_list a[href^='/shifts/']").last.get_attribute("href")).path


def test_taking_a_shift_and_giving_it_back_swaps_only_the_panel(visit):
    visitor = visit().press_to_sign_in("Volunteer")
    page = visitor.go("/shifts?fits=yes")
    page.goto(visitor.server.address + late_fitting(page))
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Sign up", exact=True).click()
    panel = page.locator("#signup_panel")
    expect(panel).to_contain_text("You're signed up. Thank you!")
    expect(page.locator("#flash")).to_contain_text("You're signed up")
    assert page.evaluate("window.stayed") is True
    page.get_by_role("button", name="Cancel my spot").click()
    expect(panel.get_by_role("button", name="Sign up", exact=True)).to_be_visible()
    assert page.evaluate("window.stayed") is True


def test_the_same_without_javascript(visit):
    visitor = visit(java_script_enabled=False).sign_in("Volunteer")
    page = visitor.go("/shifts?fits=yes")
    page.goto(visitor.server.address + late_fitting(page))
    page.get_by_role("button", name="Sign up", exact=True).click()
    expect(page.locator("#flash")).to_contain_text("You're signed up")
    page.get_by_role("button", name="Cancel my spot").click()
    expect(page.locator("#flash")).to_contain_text("You canceled your spot")


def test_a_stranger_finds_a_shift_and_is_asked_to_sign_in(visit):
    page = visit().go("/")
    page.get_by_role("link", name="Shifts").first.click()
    page.locator("#shift_list a[href^='/shifts/']").first.click()
    page.get_by_role("link", name="Sign in to sign up").click()
    page.get_by_label("Email").fill("volunteer001@demo.example")
    page.get_by_role("textbox", name="Password").fill("cedar-county-demo")
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/shifts/*")


def test_a_wrong_password_keeps_the_address_and_says_so_beside_it(visit):
    page = visit().go("/session/new")
    page.get_by_label("Email").fill("volunteer@demo.example")
    page.get_by_role("textbox", name="Password").fill("not the password")
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("volunteer@demo.example")


def test_the_first_page_is_light_enough_for_an_old_phone(visit):
    """DESIGN 6: everything the first visit loads, as it crosses the wire."""
    visitor = visit()
    sizes: list[int] = []
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("Network.enable")
    session.on(
        "Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"]))
    )
    visitor.go("/shifts")
    visitor.page.wait_for_load_state("networkidle")
    assert 20_000 < sum(sizes) < LARGEST_FIRST_LOAD


@pytest.mark.parametrize("width", [320, 390])
def test_pages_fit_a_narrow_phone(visit, width):
    visitor = visit(width).sign_in("Volunteer")
    for path in (
        "/me",
        "/shifts",
        "/shifts?narrow=yes",
        "/opportunities",
        "/me/details",
        "/choices",
    ):
        page = visitor.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_choice_of_colors_is_kept(visit):
    visitor = visit().sign_in("Volunteer")
    page = visitor.go("/choices")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    visitor.go("/me")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_O5_htmx_keeps_nothing_in_the_browser_and_adds_no_style(visit):
    visitor = visit().sign_in("Volunteer")
    page = visitor.go("/shifts?fits=yes")
    page.goto(visitor.server.address + late_fitting(page))
    page.get_by_role("button", name="Sign up", exact=True).click()
    expect(page.locator("#signup_panel")).to_contain_text("You're signed up. Thank you!")
    page.go_back()
    page.go_forward()
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("htmx.config.includeIndicatorCSS") is False
    assert page.evaluate("async () => (await caches.keys()).length") == 0
    assert page.locator("style").count() == 0
