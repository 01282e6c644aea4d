"""The week board in a real browser: by mouse, by keyboard alone, and on a phone."""

import re
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
    slip = page.locator(f"section[data-day='{monday}'] [data-shift]:has([data-signup])").first
    number = slip.get_attribute("data-shift")
    target = page.locator(f"section[data-day='{monday + timedelta(days=5)}']")
    slip.drag_to(target)
    page.wait_for_url(f"**/shifts/{number}/move?day=*")  # people are on it: a page names them first
    expect(page.get_by_label("Date")).to_have_value((monday + timedelta(days=5)).isoformat())
    page.get_by_role("button", name="Move shift").click()
    expect(page.locator("#flash")).to_contain_text("was moved to")
    expect(target.locator(f".block[data-shift='{number}']")).to_be_visible()


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
    expect(day.locator(f".block[data-shift='{number}']")).to_be_visible()


def test_on_a_phone_the_week_is_a_list_of_days_without_empty_ones(visit):
    monday = next_monday()
    visitor = visit(390).sign_in("Coordinator")
    page = visitor.go(f"/schedule?week={monday + timedelta(weeks=40)}")
    assert page.locator(".grid .day:visible").count() == 0
    page = visitor.go(f"/schedule?week={monday}")
    boxes = [box.bounding_box() for box in page.locator(".grid .day:visible").all()[:3]]
    assert len({box["x"] for box in boxes}) == 1
    assert boxes == sorted(boxes, key=lambda box: box["y"])
    page.locator(".block a.when").first.click()
    page.wait_for_url("**/shifts/*")


def test_a_new_shift_in_place_has_its_day(visit):
    monday = next_monday()
    visitor = visit(1280).sign_in("Coordinator")
    page = visitor.go(f"/schedule?week={monday}")
    page.locator(f"section[data-day='{monday}']").get_by_role("link", name="Add a shift").click()
    page.locator("main a[href*='program=']").first.click()
    expect(page.get_by_label("Date")).to_have_value(monday.isoformat())


def test_a_name_is_typed_into_a_cell_by_keyboard_alone(visit):
    page = visit(1440).sign_in("Coordinator").go(f"/schedule?week={next_monday()}")
    spot = page.locator(".grid a.add:not(.opt)").first
    slot = spot.get_attribute("data-slot")
    spot.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".adding [role=option]").first).to_be_visible()
    best = page.locator(".adding [role=option][aria-selected=true]")
    expect(best).to_have_count(0)  # a bare Enter adds no one
    page.keyboard.press("ArrowDown")
    name = best.get_attribute("data-name")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text(f"{name} was added")
    block = page.locator(".block", has=page.locator(f"[data-slot='{slot}'], a.n", has_text=name))
    person = block.first.locator("a.n[data-signup]", has_text=name)
    person.focus()
    page.keyboard.press("Delete")
    expect(page.get_by_role("heading", name=f"Remove {name}?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#removing")).to_be_hidden()
    person.focus()
    page.keyboard.press("Delete")
    page.keyboard.type("Added by mistake")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text(f"{name} was removed from the shift")
    expect(page.locator("#flash .left")).to_have_text(re.compile(r"^[19]:\d\d$"))
    page.keyboard.press("Control+z")
    expect(page.locator("#flash")).to_contain_text("Undone. No one was told about it")
    expect(person).to_be_visible()


def test_a_name_is_copied_into_an_open_spot(visit):
    page = visit(1440).sign_in("Coordinator").go(f"/schedule?week={next_monday()}")
    spot = page.locator(".grid a.add:not(.opt)").first
    spot.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".adding [role=option]").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    name = page.locator(".adding [role=option][aria-selected=true]").get_attribute("data-name")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text(f"{name} was added")
    one = page.locator(".grid a.n[data-signup]", has_text=name).first
    one.focus()
    page.keyboard.press("Control+c")
    expect(one).to_have_class(re.compile("copied"))
    spot = page.locator(".grid .day a.add").last  # on another day
    spot.focus()
    with page.expect_response(lambda answer: answer.url.split("?")[0].endswith("/people")) as sent:
        page.keyboard.press("Control+v")
    assert f"person={one.get_attribute('href').split('/')[-1]}" in sent.value.request.post_data
    expect(page.locator("#flash p, .problems").first).to_contain_text(name)


def test_arrows_move_between_cells_and_escape_leaves_one(visit):
    page = visit(1440).sign_in("Coordinator").go(f"/schedule?week={next_monday()}")
    first = page.locator(".grid .day a.when").first
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(first).not_to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    row = page.locator(".grid .day .cell:not(.none)").evaluate_all(
        "cells => { const rows = cells.map((one) => one.className.match(/r\\d+/)[0]);"
        " return rows.find((one, at) => rows.indexOf(one) !== at); }"
    )
    start = page.locator(f".grid .day .cell.{row} a.when").first
    start.focus()
    day = page.locator(".grid .day:has(a:focus)").get_attribute("data-day")
    page.keyboard.press("ArrowRight")
    assert page.locator(".grid .day:has(a:focus)").get_attribute("data-day") > day
    expect(page.locator(f".grid .cell.{row} a:focus")).to_have_count(1)
    spot = page.locator(".grid a.add").first
    spot.focus()
    page.keyboard.press("Enter")
    expect(page.locator("form.adding")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("form.adding")).to_have_count(0)
    expect(spot).to_be_focused()


def test_two_coordinators_at_one_week_see_each_others_changes(visit):
    week = f"/schedule?week={next_monday()}"
    mine = visit(1440).sign_in("Coordinator").go(week)
    theirs = visit(1440).sign_in("Administrator").go(week)
    spot = theirs.locator(".grid a.add:not(.opt)").first
    slot = spot.get_attribute("data-slot")
    if not mine.locator(f"[data-slot='{slot}']").count():  # of a program that is not Cy's
        slot = mine.locator(".grid a.add:not(.opt)").first.get_attribute("data-slot")
    theirs.locator(f"[data-slot='{slot}']").first.focus()
    theirs.keyboard.press("Enter")
    expect(theirs.locator(".adding [role=option]").first).to_be_visible()
    theirs.keyboard.press("ArrowDown")
    best = theirs.locator(".adding [role=option][aria-selected=true]")
    name = best.get_attribute("data-name")
    before = mine.locator(".grid a.n[data-signup]", has_text=name).count()
    theirs.keyboard.press("Enter")
    expect(theirs.locator("#flash")).to_contain_text(f"{name} was added")
    expect(mine.locator(".grid a.n[data-signup]", has_text=name)).to_have_count(
        before + 1, timeout=15_000
    )


def test_a_week_is_drafted_published_and_undone(visit):
    page = visit(1440).sign_in("Coordinator").go("/schedule")
    page.get_by_role("link", name="Your draft of the week of").click()
    expect(page.get_by_text("What you change here is told to no one")).to_be_visible()
    name = page.locator(".grid a.n[data-signup]:not(.drafted)").first
    who, signup = name.inner_text().strip(), name.get_attribute("data-signup")
    name.focus()
    page.keyboard.press("Delete")
    page.keyboard.type("Not free")
    page.keyboard.press("Enter")
    expect(page.locator("#flash")).to_contain_text("No one is told until you publish it.")
    expect(page.locator(".grid a.n.removed", has_text=who)).to_be_visible()
    page.get_by_role("link", name="Check and publish").click()
    expect(page.locator(".what", has_text=f"Remove {who}")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Publish \d+ changes")).click()
    expect(page.locator("#flash")).to_contain_text("changes were published.")
    expect(page.locator(f".grid [data-signup='{signup}']")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(page.locator("#flash")).to_contain_text("Undone. No one was told about it")
    expect(page.get_by_role("link", name="Your draft of the week of")).to_be_visible()
