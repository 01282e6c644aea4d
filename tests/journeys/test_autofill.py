"""Suggesting people for many shifts: made by the worker, chosen by the coordinator, said yes to by a volunteer."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import delete, select

from portal import clock
from portal.app import DOMAINS
from portal.autofill import running
from portal.commitments.models import Commitment
from portal.db import Database
from portal.domain import Round
from portal.people.models import Person
from portal.shifts.models import Signup
from tests import build
from tests.journeys.cast import coordinators_program, volunteer_id


def test_a_coordinator_asks_whom_a_proposal_names_and_one_says_yes(visit, demo):
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    with database.writing() as db:
        program = coordinators_program(db)
        ana = volunteer_id(db)
        role = build.position(db, program, "Lamp lighter", now)
        build.place(db, ana, role.id, now - timedelta(days=9))
        starts = now.replace(hour=15, minute=0) + timedelta(days=2)
        db.execute(
            delete(Commitment)
            .filter_by(person_id=ana)
            .where(Commitment.starts_at < starts + timedelta(days=1), Commitment.ends_at > starts)
        )
        shift = build.shift(db, role.id, starts=starts, title="Lamps").id
        name, label = db.get_one(Person, ana).name, program.name
    office = visit(1280).sign_in("Coordinator")
    desk = office.go("/gaps")
    desk.get_by_role("link", name="Suggest people").click()
    desk.get_by_label("Program").select_option(label=label)
    desk.get_by_role("button", name="Suggest people").click()
    expect(desk.locator("main .card").filter(has_text="updates")).to_contain_text(
        "This page updates by itself."
    )
    fill, now = int(desk.url.rpartition("/")[2]), clock.now()
    for _ in range(2):  # the worker comes by, and again once its process has ended
        running.work(database, fill, Round(demo.settings, now, DOMAINS))
        if fill in running.CHILDREN:
            running.CHILDREN[fill].process.wait(60)
    card = desk.locator("section.card", has_text="Lamps")
    expect(card).to_contain_text(name)  # the page looks again by itself
    card.get_by_role("checkbox").check()
    desk.get_by_role("button", name="Ask selected").click()
    expect(desk.locator(".preview")).to_contain_text(f"{name} (1 shift)")
    desk.get_by_role("button", name="Ask 1 person").click()
    expect(desk.locator("#flash")).to_contain_text("We asked 1 person by email.")
    phone = visit(390).sign_in("Volunteer").page
    asked = phone.locator("article", has_text="Could you help out?").filter(has_text="Lamps")
    asked.get_by_role("button", name="Yes, I'll take it").click()
    expect(phone.locator("#flash")).to_contain_text("You're signed up.")
    with database.reading() as db:
        assert db.scalars(select(Signup.person_id).where(Signup.shift_id == shift)).all() == [ana]
    database.dispose()
