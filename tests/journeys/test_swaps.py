"""A swap from a volunteer's Home to a coordinator's approval; and a shift put on the trade board and taken off."""

from playwright.sync_api import expect
from sqlalchemy import select

from portal import clock
from portal.db import Database
from portal.people.people import short_name
from portal.shifts.models import Shift, Signup, SignupState
from portal.swaps.models import Swap, SwapOffer, SwapState
from tests.journeys.cast import volunteer_id


def test_a_swap_is_agreed_on_a_phone_approved_at_a_desk_and_undone(visit, demo):
    clock.use_source(None)
    database = Database(demo.settings.database_url)
    with database.reading() as db:
        ana = volunteer_id(db)
        row = db.scalars(select(Swap).join(SwapOffer).where(SwapOffer.person_id == ana)).one()
        number, gets, gives = row.id, row.signup.shift_id, row.offer.signup.shift_id
        asker = short_name(row.signup.person.name, row.signup.person.goes_by)
        full = row.signup.person.name

    def shifts_of_ana() -> set[int]:
        with database.reading() as db:
            own = select(Signup.shift_id).where(
                Signup.person_id == ana, Signup.state == SignupState.SIGNED_UP
            )
            return set(db.scalars(own)) & {gets, gives}

    phone = visit(390).sign_in("Volunteer").page
    card = phone.locator("article", has_text=f"{asker} would swap with you")
    card.get_by_role("button", name="Yes, swap").click()
    expect(phone.locator("#flash")).to_contain_text("you both keep your shifts")
    assert shifts_of_ana() == {gives}
    office = visit(1280).sign_in("Coordinator")
    desk = office.page
    desk.get_by_role("link", name="Swaps to approve").click()
    line = desk.locator("li.line", has_text=full)
    line.get_by_role("button", name="Approve", exact=False).first.click()
    expect(desk.locator("#flash")).to_contain_text("Swapped.")
    assert shifts_of_ana() == {gets}
    desk.locator("#flash").get_by_role("button", name="Undo").click()
    expect(desk.locator("#flash")).to_contain_text("Undone")
    assert shifts_of_ana() == {gives}
    office.go("/schedule/swaps")
    line.get_by_role("button", name="Decline swap").click()
    expect(line).to_have_count(0)
    with database.reading() as db:
        assert db.get_one(Swap, number).state == SwapState.REFUSED
    database.dispose()


def test_a_shift_goes_on_the_board_and_another_is_given_for_one_there(visit, demo):
    clock.use_source(None)
    database = Database(demo.settings.database_url)
    with database.reading() as db:
        ana = volunteer_id(db)
        offer = db.scalars(
            select(SwapOffer)
            .where(SwapOffer.person_id != ana, SwapOffer.ended_at.is_(None))
            .order_by(SwapOffer.id.desc())
        ).first()
        own = db.scalars(
            select(Shift.id)
            .join(Signup, Signup.shift_id == Shift.id)
            .where(
                Signup.person_id == ana,
                Signup.state == SignupState.SIGNED_UP,
                Shift.title == "Evening desk",
            )
        ).first()
    assert offer
    pocket = visit(390).sign_in("Volunteer")
    phone = pocket.go(f"/shifts/{own}")
    swap = phone.locator("#swap")
    swap.get_by_role("button", name="Remove from board").click()
    expect(phone.locator("#flash")).to_contain_text("off the trade board")
    swap.get_by_role("button", name="Put it on the trade board").click()
    expect(phone.locator("#flash")).to_contain_text("on the trade board")
    pocket.go("/shifts")
    phone.get_by_role("link", name="Trade board").click()
    phone.locator(f"a[href='/swap-offers/{offer.id}']").click()
    phone.get_by_label("Evening desk").first.check()
    phone.get_by_role("button", name="Ask to swap").click()
    expect(phone.locator("#flash")).to_contain_text("We asked them.")
    yours = phone.locator("section", has=phone.get_by_role("heading", name="Yours"))
    expect(yours).to_contain_text("waits for their answer")
    yours.get_by_role("button", name="Cancel swap").click()
    expect(phone.locator("#flash")).to_contain_text("The swap was canceled")
    database.dispose()
