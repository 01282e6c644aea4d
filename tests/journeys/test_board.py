"""The week board in a real browser: by mouse, by keyboard alone, and on a phone."""

from datetime import date, timedelta

from playwright.sync_api import expect

from portal import clock


def next_monday() -> date:
    today = clock.local_day(clock._system_time(), "America/New_York")
    return today + timedelta(days=7 - today.weekday())


def test_dragging_a_shift_to_another_day_moves_it(visit):
    monday = next_monday()
    visitor = visit(1280).sign_in("Coordinator")
    page = visitor.go(f"/schedule?week={monday}")
    page.set_viewport_size({"width": 1280, "height": 2400})  # a drag that scrolls picks another
    slip = page.locator(f"section[data-day='{monday}'] .slip[draggable]").first
    number = slip.get_attribute("data-shift")
    target = page.locator(f"section[data-day='{monday + timedelta(days=5)}']")
    slip.drag_to(target)
    expect(page.locator("#flash")).to_contain_text("was moved to")
    expect(target.locator(f".slip[data-shift='{number}']")).to_be_visible()


def test_moving_by_keyboard_alone(visit):
    monday = next_monday()
    visitor = visit(1280).sign_in("Coordinator")
    page = visitor.go(f"/schedule?week={monday}")
    move = page.locator(f"section[data-day='{monday + timedelta(days=1)}'] a.move").first
    number = (move.get_attribute("href") or "").split("/")[2]
    for _ in range(200):
        page.keyboard.press("Tab")
        if move.evaluate("one => one === document.activeElement"):
            break
    expect(move).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/move")
    page.get_by_label("Date").focus()
    free = monday + timedelta(weeks=30)  # no one has anything there
    page.get_by_label("Date").fill(free.isoformat())
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("was moved to")
    page = visitor.go(f"/schedule?week={free}")
    day = page.locator(f"section[data-day='{free}']")
    expect(day.locator(f".slip[data-shift='{number}']")).to_be_visible()


def test_on_a_phone_the_week_is_a_list_of_days_without_empty_ones(visit):
    monday = next_monday()
    visitor = visit(390).sign_in("Coordinator")
    page = visitor.go(f"/schedule?week={monday + timedelta(weeks=40)}")
    assert page.locator(".board .day:visible").count() == 0
    page = visitor.go(f"/schedule?week={monday}")
    boxes = [box.bounding_box() for box in page.locator(".board .day:visible").all()[:3]]
    assert len({box["x"] for box in boxes}) == 1
    assert boxes == sorted(boxes, key=lambda box: box["y"])
    page.locator(".slip a.name").first.click()
    page.wait_for_url("**/shifts/*")


def test_a_new_shift_in_place_has_its_day(visit):
    monday = next_monday()
    visitor = visit(1280).sign_in("Coordinator")
    page = visitor.go(f"/schedule?week={monday}")
    page.locator(f"section[data-day='{monday}']").get_by_role("link", name="Add a shift").click()
    page.locator("main a[href*='program=']").first.click()
    expect(page.get_by_label("Date")).to_have_value(monday.isoformat())
