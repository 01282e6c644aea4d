"""A group from the coordinator's desk to its contact's phone: spots first, names later, and how many came."""

from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from portal import clock
from portal.db import Database
from portal.people.models import Person
from portal.shifts.group_models import GroupSpots
from tests import build
from tests.journeys.cast import coordinators_program, volunteer_id


def test_spots_are_kept_for_a_group_and_its_contact_says_who_comes(visit, demo):
    clock.use_source(None)
    database, now = Database(demo.settings.database_url), clock.now()
    with database.writing() as db:
        program = coordinators_program(db)
        ana = volunteer_id(db)
        role = build.position(db, program, "Box packer", now)
        build.place(db, ana, role.id, now)
        shift = build.shift(
            db, role.id, starts=now + timedelta(days=9), title="Packing", places=6
        ).id
        name, label = db.get_one(Person, ana).name, program.name
    office = visit(1280).sign_in("Coordinator")
    desk = office.go("/groups/new")
    if desk.get_by_label("Program").count():
        desk.get_by_label("Program").select_option(label=label)
    desk.get_by_label("Name of the group").fill("Harbor Bank")
    desk.get_by_label("Contact: name, phone, or email").fill(name)
    desk.get_by_role("button", name="Add group").click()
    expect(desk.locator("#flash")).to_contain_text("Harbor Bank was added.")
    office.go(f"/shifts/{shift}/groups")
    groups = desk.locator("select[name=group]")
    if groups.count():
        groups.select_option(label="Harbor Bank")
    desk.get_by_label("Number of spots").fill("4")
    desk.get_by_label("No clients and no children will be there").check()
    desk.get_by_role("button", name="Save spots").click()
    expect(desk.locator("#flash")).to_contain_text("Harbor Bank has 4 spots.")
    office.go(f"/shifts/{shift}/roster")
    expect(desk.locator("#roster")).to_contain_text("Harbor Bank")
    phone = visit(390).sign_in("Volunteer").page
    card = phone.locator("article", has_text="Harbor Bank")
    expect(card).to_contain_text("4 spots, 0 names")
    card.get_by_role("link", name="Say who comes").click()
    for one in ("Rosa Lind", "Ivo Lind"):
        phone.get_by_label("Who comes?").fill(one)
        phone.get_by_label("Who comes?").press("Enter")
        expect(phone.locator("#flash")).to_contain_text(f"{one} is on the list.")
    phone.get_by_role("button", name="Sign up member").click()
    expect(phone.locator("#flash")).to_contain_text("was added to the shift")
    desk.reload()
    expect(desk.locator("#roster")).to_contain_text("Rosa Lind, Ivo Lind")
    expect(desk.locator("#roster")).to_contain_text(name)
    with database.reading() as db:
        row = db.scalars(select(GroupSpots).where(GroupSpots.shift_id == shift)).one()
        assert (row.spots, len(row.names), row.slot.filled) == (3, 2, 4)
    database.dispose()
