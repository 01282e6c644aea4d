"""The day of a shift: its lead, on a phone, checks people in and out, and the coordinator finds their hours."""

import re
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import delete, select

from portal import clock
from portal.act import Act
from portal.commitments.models import Commitment
from portal.db import Database
from portal.people.models import Person
from portal.shifts import signups
from portal.shifts.models import Shift, Signup
from tests import build
from tests.build import OFFICE
from tests.journeys.cast import coordinators_program, volunteer_id


def test_a_lead_starts_a_shift_with_two_adults_and_checks_people_out(visit, demo):
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    with database.writing() as db:
        program = coordinators_program(db)
        role = build.position(db, program, "Door host", now)
        lead = volunteer_id(db)
        busy = select(Commitment.person_id).where(
            Commitment.ends_at > now, Commitment.starts_at < now + timedelta(hours=3)
        )
        on = (
            select(Signup.person_id)
            .join(Shift)
            .where(Shift.program_id == program.id, Signup.person_id != lead)
        )
        other = db.scalars(on.where(Shift.starts_at > now, Signup.person_id.not_in(busy))).first()
        soon = now + timedelta(hours=3)
        db.execute(delete(Commitment).filter_by(person_id=lead).where(Commitment.starts_at < soon))
        shift = build.shift(
            db, role.id, starts=now - timedelta(minutes=20), title="Door", adults=2
        ).id
        for one in (lead, other):
            build.place(db, one, role.id, now)
            signups.sign_up(Act(db, OFFICE, now), one, shift, staff=True, quiet=True)
        name = db.get_one(Person, other).name
    database.dispose()
    desk = visit(1280).sign_in("Coordinator").go(f"/shifts/{shift}/roster")
    mine_row = desk.locator("#roster tbody tr", has=desk.locator(f"a[href='/people/{lead}']"))
    mine_row.get_by_role("button", name="Set as lead").click()
    expect(desk.locator("#flash")).to_contain_text("leads this shift")
    phone = visit(390).sign_in("Volunteer").page
    card = phone.locator("article", has_text="Door").filter(has_text="You lead this shift today")
    card.get_by_role("link", name="Check people in").click()
    phone.get_by_role("button", name="Start the shift").click()
    expect(phone.locator(".problems")).to_contain_text("0 of 2 adults are checked in")
    theirs = phone.locator("li.line", has_text=name)
    own = phone.locator("li.line", has_text="lead")
    for line in (theirs, own):
        line.get_by_role("button", name="Check in").click()
        expect(line.get_by_role("button", name="Check out")).to_be_visible()
    theirs.get_by_role("button", name="Check out").click()
    expect(phone.locator(".problems")).to_contain_text("They were just checked in.")
    with Database(demo.settings.database_url).writing() as db:  # some time later
        for one in db.scalars(select(Signup).where(Signup.shift_id == shift)):
            one.in_at -= timedelta(minutes=15)
    phone.get_by_role("button", name="Start the shift").click()
    expect(phone.locator("main")).to_contain_text("Started")
    phone.context.set_offline(True)
    theirs.get_by_role("button", name="Check out").click()
    expect(phone.locator("#roster-waits")).to_contain_text("No connection.")
    own.get_by_role("button", name="Check out").click()
    expect(phone.locator("#roster-count")).to_have_text("(2)")
    phone.context.set_offline(False)
    expect(phone.locator("#roster-waits")).to_be_hidden()
    for line in (theirs, own):
        expect(line).to_contain_text(re.compile(r"out \d"))
    theirs.get_by_role("link", name="Emergency contact").click()
    expect(phone.locator("main")).to_contain_text("It's noted that you opened this.")
    desk.goto(desk.url)
    expect(desk.locator("#roster tbody")).to_contain_text("out")
    desk.goto(f"{demo.address}/shifts/{shift}/attendance")
    expect(desk.get_by_role("group", name=name).get_by_label("Part of the shift")).to_be_checked()
