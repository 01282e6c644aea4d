"""Acting on a page leaves one where one was: scroll, focus, and what is typed elsewhere."""

from playwright.sync_api import expect


def test_a_form_changes_its_page_in_place(visit):
    visitor = visit(1280).sign_in("Coordinator")
    page = visitor.go("/people?q=Volunteer")
    page.locator("main a.line, main table a, main .list a").first.click()
    page.wait_for_url("**/people/*")
    address = page.url
    page.evaluate("window.stayed = true")
    page.get_by_text("Assign a role").click()
    page.locator("form[action$='/placements'] select[name=position]").scroll_into_view_if_needed()
    role = page.locator("form[action$='/placements'] option").nth(1).get_attribute("value")
    page.locator("form[action$='/placements'] select[name=position]").select_option(value=role)
    page.get_by_role("button", name="Assign role").scroll_into_view_if_needed()
    before = page.evaluate("window.scrollY")
    page.get_by_role("button", name="Assign role").click()
    expect(page.locator("#flash p, .problems")).to_be_in_viewport()
    assert page.evaluate("window.stayed") is True
    assert page.url == address
    if page.locator(".problems").count() == 0:
        lowest = page.evaluate("document.documentElement.scrollHeight - window.innerHeight")
        assert page.evaluate("window.scrollY") >= min(before, lowest) - 5, "one stays where one was"


def test_an_error_is_read_and_nothing_typed_is_lost(visit):
    visitor = visit().sign_in("Volunteer")
    page = visitor.go("/me/hours/new")
    page.evaluate("window.stayed = true")
    page.get_by_label("What did you do?").fill("Sorted the pantry")
    page.get_by_role("button", name="Submit hours").click()
    expect(page.locator(".problems")).to_be_focused()
    expect(page.get_by_label("What did you do?")).to_have_value("Sorted the pantry")
    assert page.evaluate("window.stayed") is True
    page.get_by_label("Role").select_option(index=1)
    page.get_by_label("Total time").fill("1:00")
    page.get_by_role("button", name="Submit hours").click()
    expect(page.locator("#flash")).to_contain_text("Your hours were submitted. Thank you!")
    assert page.evaluate("window.stayed || false") is False, "another page begins anew, at its top"


def test_a_broken_connection_is_said_although_the_browser_thinks_it_is_online(visit):
    visitor = visit().sign_in("Volunteer")
    page = visitor.go("/me/hours/new")
    page.get_by_label("What did you do?").fill("Sorted the pantry")
    page.route("**/me/hours", lambda route: route.abort())
    page.get_by_role("button", name="Submit hours").click()
    expect(page.locator("#unsure")).to_be_focused()
    expect(page.get_by_label("What did you do?")).to_have_value("Sorted the pantry")
    page.unroute("**/me/hours")
    page.get_by_role("button", name="Submit hours").click()
    expect(page.locator(".problems")).to_be_focused()
    visitor.complaints.clear()


def without_a_script_the_same_form_works(chromium, demo):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo.address + "/session/new")
    page.get_by_role("button", name="Volunteer", exact=True).first.click()
    page.goto(demo.address + "/me/hours/new")
    page.get_by_label("What did you do?").fill("Sorted the pantry")
    page.get_by_role("button", name="Submit hours").click()
    expect(page.locator(".problems")).to_be_visible()
    expect(page.get_by_label("What did you do?")).to_have_value("Sorted the pantry")
    context.close()


LISTED = """
<form method="post" action="/rows/{name}"><input name="why"><input type="checkbox" name="sure" value="y">
<button>Judge {name}</button></form>
"""


def rows_page(names) -> str:
    return "".join(LISTED.replace("{name}", name) for name in names)


def what_is_typed_for_one_person_never_moves_to_another(visit):
    """A list loses its first row: what was typed into the second stays with the second."""
    visitor = visit(1280).sign_in("Coordinator")
    page = visitor.go("/me")
    whole = page.content()
    put = "document.querySelector('main').insertAdjacentHTML('beforeend', `{}`)"
    page.evaluate(put.format(rows_page(["Ann", "Bob", "Cy"])))
    after = whole.replace("</main>", rows_page(["Bob", "Cy"]) + "</main>")
    page.route(
        "**/rows/Ann", lambda route: route.fulfill(status=200, content_type="text/html", body=after)
    )
    page.locator("form[action='/rows/Bob'] [name=why]").fill("Bob was late")
    page.locator("form[action='/rows/Bob'] [name=sure]").check()
    page.locator("form[action='/rows/Ann'] [name=why]").fill("Ann is gone")
    page.get_by_role("button", name="Judge Ann").click()
    expect(page.locator("form[action='/rows/Ann']")).to_have_count(0)
    expect(page.locator("form[action='/rows/Bob'] [name=why]")).to_have_value("Bob was late")
    expect(page.locator("form[action='/rows/Bob'] [name=sure]")).to_be_checked()
    expect(page.locator("form[action='/rows/Cy'] [name=why]")).to_have_value("")
    expect(page.locator("form[action='/rows/Cy'] [name=sure]")).not_to_be_checked()


def test_an_answer_that_is_no_page_is_left_to_the_browser_and_back_leads_to_the_form(visit):
    visitor = visit().sign_in("Volunteer")
    page = visitor.go("/me/hours/new")
    page.get_by_label("What did you do?").fill("Sorted the pantry")
    page.route(
        "**/me/hours",
        lambda route: route.fulfill(status=503, content_type="text/plain", body="Busy."),
    )
    page.get_by_role("button", name="Submit hours").click()
    expect(page.locator("body")).to_have_text("Busy.")
    page.go_back()
    expect(page.get_by_label("What did you do?")).to_have_value("Sorted the pantry")
    visitor.complaints.clear()


def without_htmx_forms_are_sent_as_before(visit):
    visitor = visit().sign_in("Volunteer")
    visitor.page.route("**/htmx.min.js*", lambda route: route.abort())
    page = visitor.go("/me/hours/new")
    page.get_by_label("What did you do?").fill("Sorted the pantry")
    page.get_by_role("button", name="Submit hours").click()
    expect(page.locator(".problems")).to_be_visible()
    visitor.complaints.clear()
