"""Filling unfilled shifts from the desk, with presses counted: a click, Enter, Space, Tab, arrow or shortcut is one;
letters and digits typed into a field are none."""

import random
import re
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal import clock
from portal.act import Act
from portal.commitments.models import Commitment
from portal.db import Database
from portal.demo import agency
from portal.demo.gaps import call_in_sick
from portal.people.models import Membership, Person
from portal.permissions import COMMAND_LINE
from portal.shifts import cover_requests, releases, signups
from portal.shifts.cover_models import CoverRequest
from portal.shifts.models import Shift, Signup, SignupState, Slot
from tests import build
from tests.build import OFFICE, SETTINGS
from tests.journeys.cast import coordinators_program, volunteer_id

SEED = 20261130
SAYS_NO, NO_ANSWER = 0.3, 0.4
"""How often the first person called says no, and how often no one answers."""


class Desk:
    """A coordinator at the list, whose presses are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0

    def click(self, target) -> None:
        self.presses += 1
        target.click()

    def enter(self) -> None:
        self.presses += 1
        with self.page.expect_response(
            lambda answer: answer.request.method == "POST" and "/open" not in answer.url
        ):
            self.page.keyboard.press("Enter")
        self.settled()

    def note(self, digit: str) -> None:
        """Type how the call went into the field that has focus."""
        with self.page.expect_response(lambda answer: answer.url.split("?")[0].endswith("/calls")):
            self.page.keyboard.type(digit)
        self.settled()

    def settled(self) -> None:
        """Wait until the list is there and its field has focus."""
        self.page.wait_for_function(
            "() => !document.querySelector('form[data-sent], form[data-fresh]')"
            " && document.querySelector('form.short-shift [name=who]:focus')"
        )  # looks at each frame; `expect` looks again after 100, 250 and 500 ms


def at_home(visit, width=1280) -> Desk:
    """A coordinator who opened the list from Home."""
    desk = Desk(visit(width).sign_in("Coordinator").page)
    desk.click(desk.page.get_by_role("link", name=re.compile("Unfilled shifts, next two weeks")))
    desk.settled()
    return desk


def test_ten_gaps_by_phone_take_twelve_presses_and_one_page(visit):
    chance, desk = random.Random(SEED), at_home(visit)
    page, called = desk.page, 0
    heading = page.locator("main h1")
    before = int(heading.inner_text().split()[0])
    filled = 0
    while filled < 10:
        line = page.locator("form.short-shift:focus-within")
        first = line.locator(".caller").first
        name = first.locator(".name").inner_text()
        called += 1
        luck = chance.random()
        if luck < SAYS_NO + NO_ANSWER:
            desk.note("3" if luck < SAYS_NO else "2")
            expect(line.locator(".caller .name").first).not_to_have_text(name)
            continue
        spots = page.locator("form.short-shift .tag.gap").count()
        desk.enter()
        expect(page.locator("#flash")).to_contain_text(f"{name} was added")
        filled += 1
        assert spots
    print(f"ten gaps by phone: {desk.presses} presses of 12, {called} calls, seed {SEED}")
    assert desk.presses == 11
    assert page.url.endswith("/gaps")
    assert int(heading.inner_text().split()[0]) < before


def test_five_gaps_are_asked_about_in_seven_presses(visit):
    desk = at_home(visit)
    page = desk.page
    boxes = page.locator("form.short-shift:has(button[formaction*=asks]) .pick")
    for index in range(5):
        desk.click(boxes.nth(index))
    ask = page.get_by_role("button", name=re.compile(r"Ask \d+ pe"))
    expect(page.locator("#asking")).to_contain_text("5 shifts selected")
    expect(page.locator("#asking")).to_contain_text("Each person gets one email")
    desk.click(ask)
    expect(page.locator("#flash")).to_contain_text(re.compile(r"We asked \d+ p"))
    print(f"five gaps asked about: {desk.presses} presses of 7")
    assert desk.presses == 7


def test_a_second_coordinator_goes_on_where_the_first_stopped(visit):
    desk = at_home(visit)
    line = desk.page.locator("form.short-shift:focus-within")
    person = line.locator(".caller").first.locator(".name").inner_text()
    slot = line.get_attribute("id")
    looking = visit(1280).sign_in("Administrator").go("/gaps").locator(f"#{slot}")
    expect(looking.locator(".caller", has_text=person).first).to_be_visible()
    expect(looking.locator(".calling .tag")).to_have_count(0)  # looking at the list calls no one
    with desk.page.expect_response(lambda answer: answer.url.endswith("/open")):
        desk.page.keyboard.press("ArrowDown")
    other = visit(1280).sign_in("Administrator").go("/gaps").locator(f"#{slot}")
    expect(other.locator(".caller.tried", has_text=person)).to_contain_text("Cy Ortega is calling")
    desk.note("1")
    page = visit(390).sign_in("Administrator").go("/gaps")
    tried = page.locator(f"#{slot} .caller.tried", has_text=person)
    expect(tried).to_contain_text("Left message")
    expect(tried).to_contain_text("Cy Ortega")
    tried.get_by_role("button", name=f"Add {person}").click()
    expect(page.locator("#flash")).to_contain_text(f"{person} was added")


def test_a_second_enter_on_a_line_that_needs_more_adds_no_one_unseen(visit, demo):
    page = at_home(visit).page
    slot = page.locator("form.short-shift:has(.add)").first.get_attribute("id").split("-")[1]
    database = Database(demo.settings.database_url)
    with database.writing() as db:
        row = db.get_one(Slot, int(slot))
        row.maximum = row.minimum = row.filled + row.held + 4
    database.dispose()
    page.reload()
    line = page.locator(f"#gap-{slot}")
    line.locator("[name=who]").focus()
    sent = f"/gaps/{slot}"
    posts = []
    page.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
    with page.expect_response(lambda answer: answer.url.endswith(sent)):
        page.keyboard.press("Enter")
    expect(line.and_(page.locator("[data-fresh]"))).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("form[data-sent], form[data-fresh]")).to_have_count(0)
    assert len([one for one in posts if one.endswith(sent)]) == 1


def test_a_call_is_taken_back_by_one_key(visit):
    desk = at_home(visit)
    page = desk.page
    line = page.locator("form.short-shift:focus-within")
    name = line.locator(".caller").first.locator(".name").inner_text()
    desk.note("2")
    expect(line.locator(".caller.tried", has_text=name)).to_contain_text("No answer")
    with page.expect_response(lambda answer: answer.url.split("?")[0].endswith("/undo")):
        page.keyboard.type("0")
    expect(page.locator("#flash")).to_contain_text(f"The call with {name} was removed.")


def test_a_held_enter_adds_one_person(visit):
    desk = at_home(visit)
    page = desk.page
    posts = []
    page.on(
        "request",
        lambda one: (
            posts.append(one.url)
            if one.method == "POST" and re.search(r"/gaps/\d+$", one.url)
            else None
        ),
    )
    page.keyboard.down("Enter")
    page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    desk.settled()
    assert len(posts) == 1


def test_a_sick_call_is_passed_on_in_four_presses(visit, demo):
    clock.use_source(None)
    database = Database(demo.settings.database_url)
    with database.writing() as db:
        own = select(Membership.program_id).join(Person, Person.id == Membership.person_id)
        programs = db.scalars(own.where(Person.name == "Cy Ortega")).all()
        now = clock.now()
        soon = select(Signup.shift_id).join(Shift, Shift.id == Signup.shift_id)
        soon = soon.where(
            Shift.program_id.in_(programs),
            Shift.starts_at > now + timedelta(hours=3),
            Shift.canceled_at.is_(None),
            Signup.state == SignupState.SIGNED_UP,
        )
        number = db.scalars(soon.order_by(Shift.starts_at)).first()
        shift = db.get_one(Shift, number)
        shift.withdraw_until = now - timedelta(hours=1)
        for slot in shift.slots:
            slot.minimum = slot.filled  # each of them is needed
        db.flush()
        call_in_sick(db, programs, now)
    database.dispose()
    desk = at_home(visit)
    page = desk.page
    line = page.locator("form.short-shift", has_text="needs a sub").first
    desk.click(line.locator(".pick"))
    desk.click(page.get_by_role("button", name=re.compile(r"Ask \d+ pe")))
    expect(page.locator("#flash")).to_contain_text(re.compile(r"We asked \d+ p"))
    print(f"sick call to asked substitutes: {desk.presses} presses of 4")
    assert desk.presses == 3


def test_a_sick_call_reaches_a_volunteer_who_takes_the_shift(visit, demo):
    """From the coordinator's phone to the volunteer's Home and back: two people, two browsers, one worker."""
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    with database.writing() as db:
        role = build.position(db, coordinators_program(db), "Night desk", now)
        sub = volunteer_id(db)
        on = select(Signup.person_id).join(Shift).where(Shift.program_id == role.program_id)
        sick = db.scalars(on.where(Signup.person_id != sub, Shift.starts_at > now)).first()
        for one in (sub, sick):
            build.place(db, one, role.id, now)
        taken = select(Commitment.starts_at).where(Commitment.person_id == sub)
        days = {clock.local_day(one, agency.ZONE) for one in db.scalars(taken)}
        soon = (now + timedelta(days=number) for number in range(2, 9))
        starts = next(one for one in soon if clock.local_day(one, agency.ZONE) not in days)
        shift = build.shift(db, role.id, starts=starts, places=1).id
        signups.sign_up(Act(db, OFFICE, now), sick, shift, staff=True)
    desk = visit(1280).sign_in("Coordinator")
    page = desk.go(f"/shifts/{shift}/roster")
    page.locator("details", has_text="Can't make it").locator("summary").click()
    page.get_by_label("Reason, if they said it").select_option("sick")
    page.locator("form[action$='/cover-request']").get_by_role("button", name="Save").click()
    expect(page.locator("#flash")).to_contain_text(
        "is off this shift. If someone is needed, we're asking others."
    )
    with database.writing() as db:
        later = clock.now() + releases.FIRST
        [request] = db.scalars(select(CoverRequest.id).join(Slot).where(Slot.shift_id == shift))
        assert (
            cover_requests.ask_next(Act(db, COMMAND_LINE, later), request, agency.ZONE, SETTINGS)
            == 1
        )
    database.dispose()
    home = visit(390).sign_in("Volunteer").page
    card = home.locator("article.ask", has_text="Night desk")
    card.get_by_role("button", name="Yes, I'll take it").click()
    expect(home.locator("#flash")).to_contain_text("You're signed up. Thank you!")
    page.reload()
    expect(page.locator(f"#roster tbody a[href='/people/{sub}']")).to_be_visible()
