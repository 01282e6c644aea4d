"""A kiosk from the coordinator's desk to a tablet and a volunteer's phone, with the network cut in between."""

import re
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import delete, select

from portal import clock
from portal.act import Act
from portal.commitments.models import Commitment
from portal.db import Database
from portal.shifts import signups
from portal.shifts.models import Signup
from tests import build
from tests.build import OFFICE
from tests.journeys.cast import coordinators_program, volunteer_id


def test_a_volunteer_checks_in_with_the_code_of_a_tablet(visit, demo):
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    with database.writing() as db:
        program = coordinators_program(db)
        ana = volunteer_id(db)
        site, role = build.site(db, "Grange hall", now), build.position(db, program, "Cook", now)
        build.place(db, ana, role.id, now)
        soon = now + timedelta(hours=3)
        db.execute(delete(Commitment).filter_by(person_id=ana).where(Commitment.starts_at < soon))
        starts = now + timedelta(minutes=5)
        shift = build.shift(db, role.id, starts=starts, title="Soup", site_id=site.id).id
        signups.sign_up(Act(db, OFFICE, now), ana, shift, staff=True, quiet=True)
        label = program.name
    desk = visit(1280).sign_in("Coordinator").go("/kiosks")
    desk.get_by_label("Location").select_option(label="Grange hall")
    desk.get_by_label("Program").select_option(label=label)
    desk.get_by_role("button", name="Create link").click()
    link = desk.get_by_label("Link", exact=True).input_value()
    tablet = visit(820).go("/kiosk/" + link.rpartition("/")[2])
    shown = tablet.locator("#kiosk-code strong")
    expect(shown).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    expect(tablet.locator("main")).not_to_contain_text("Ana")
    tablet.context.set_offline(True)
    expect(tablet.locator("#kiosk-offline")).to_be_visible()
    expect(shown).to_be_hidden()
    tablet.context.set_offline(False)
    expect(shown).to_be_visible()
    expect(tablet.locator("#kiosk-offline")).to_be_hidden()
    phone = (
        visit(390).sign_in("Volunteer").go("/check-in?code=" + shown.inner_text().replace(" ", ""))
    )
    expect(phone.locator("main")).to_contain_text("Soup")
    phone.get_by_role("button", name="Check in").click()
    expect(phone.locator("#flash")).to_contain_text("is checked in. Thank you for coming!")
    tablet.get_by_label("Your first name").fill("Nobody")
    tablet.get_by_label("Last four digits of your phone number").fill("0000")
    tablet.get_by_role("button", name="Check in").click()
    expect(tablet.locator(".problems")).to_contain_text("We can't find you on a shift here.")
    roster = desk.goto(f"{desk.url.partition('/kiosks')[0]}/shifts/{shift}/check-in")
    assert roster
    expect(desk.locator("main")).to_contain_text("1 of 1 person is here.")
    with database.reading() as db:
        assert (
            db.scalars(select(Signup.checked_how).where(Signup.shift_id == shift)).one() == "code"
        )
    database.dispose()
