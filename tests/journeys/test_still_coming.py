"""Still coming? A volunteer answers on Home, another by phone, and the coordinator's list of gaps knows it."""

from contextlib import suppress
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import delete, select

from portal import clock
from portal.act import Act
from portal.agency.settings import change
from portal.commitments.models import Commitment
from portal.db import Database
from portal.messages.models import Mark
from portal.people.models import Person
from portal.shifts import signups, still_coming
from portal.shifts.models import Shift, Signup
from portal.web.errors import Refused
from tests import build
from tests.build import OFFICE, SETTINGS
from tests.journeys.cast import coordinators_program, volunteer_id


def test_silence_heads_the_gaps_until_people_say_that_they_come(visit, demo):
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    with database.writing() as db:
        program = coordinators_program(db)
        ana = volunteer_id(db)
        role = build.position(db, program, "Cart pusher", now)
        starts = now + timedelta(hours=20)
        busy = select(Commitment.person_id).where(
            Commitment.ends_at > starts, Commitment.starts_at < starts + timedelta(hours=3)
        )
        on = select(Signup.person_id).join(Shift).where(Shift.program_id == program.id)
        on = on.where(Signup.person_id != ana, Shift.starts_at > now, Signup.person_id.not_in(busy))
        free = delete(Commitment).filter_by(person_id=ana)
        db.execute(free.where(Commitment.starts_at < starts + timedelta(hours=3)))
        shift = build.shift(db, role.id, starts=starts, title="Carts", needed=2).id
        earlier = Act(db, OFFICE, now - timedelta(days=9))
        signed_up = []
        for one in (ana, *db.scalars(on.distinct().order_by(Signup.person_id))):
            build.place(db, one, role.id, now - timedelta(days=20))
            with suppress(Refused):  # of the others the first who is cleared
                signups.sign_up(earlier, one, shift, staff=True, quiet=True)
                signed_up.append(one)
            if len(signed_up) == 2:
                break
        name = db.get_one(Person, signed_up[1]).name
        change(earlier, still_coming.ASK_ALL, True, SETTINGS, program_id=program.id)
        mark = db.scalars(select(Mark).where(Mark.name == still_coming.MARK)).one()
        before = mark.at
        mark.at = starts - still_coming.BEFORE - timedelta(minutes=1)
        still_coming.ask(db, starts - still_coming.BEFORE)
        mark.at = before
    office = visit(1280).sign_in("Coordinator")
    desk = office.go("/gaps")
    line = desk.locator("form.short-shift", has_text="Carts")
    expect(line).to_contain_text("not confirmed")
    expect(line).to_contain_text(f"{name} hasn't said they're coming.")
    phone = visit(390).sign_in("Volunteer").page
    card = phone.locator("article", has_text="Still coming?").filter(has_text="Carts")
    card.get_by_role("button", name="Yes, I'm coming").click()
    expect(phone.locator("#flash")).to_contain_text("See you there")
    desk.reload()
    line.get_by_role("button", name=f"Confirm {name}").click()
    expect(desk.locator("#flash")).to_contain_text(f"{name} is confirmed.")
    expect(desk.locator("form.short-shift", has_text="Carts")).to_have_count(0)
    with database.reading() as db:
        rows = db.scalars(select(Signup).where(Signup.shift_id == shift)).all()
        assert all(row.coming_at for row in rows)
    database.dispose()
