"""Who may see and do what: a test for each condition that stands between two programs."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.people.models import Membership, Person
from portal.people.sessions import viewer_of
from portal.programs.application_models import Application
from portal.programs.models import Program, Site
from portal.programs.scopes import managed_people, visible_people
from portal.recruitment import applications, inquiries, links, review
from portal.recruitment.models import Opportunity
from portal.training.scopes import teachable_people
from portal.web.errors import Refused
from tests import build


@pytest.fixture
def both(database, cast, time) -> tuple[int, int]:
    """Sol applied to Rides and to the hidden Shelter."""
    with database.writing() as db:
        return (
            build.application(db, cast.sol, cast.driver, time.at).id,
            build.application(db, cast.sol, cast.host, time.at).id,
        )


def test_another_programs_application_is_not_among_the_others_nor_counted(cast, as_, both):
    cy = as_(cast.cy)
    page = cy.get(f"/applications/{both[0]}").text
    assert f'href="/applications/{both[1]}"' not in page
    assert "All open (1)" in " ".join(cy.get("/applications").text.split())
    assert f'href="/applications/{both[1]}"' in as_(cast.ada).get(f"/applications/{both[0]}").text


def test_an_application_lets_its_program_see_a_person_and_change_nothing(
    database, cast, time, both
):
    with database.reading() as db:
        for staff, sees in ((cast.cy, True), (cast.mara, True), (cast.noel, False)):
            viewer = viewer_of(db, staff, time.at)
            for scope, may in ((visible_people, sees), (managed_people, False)):
                found = db.scalar(scope(viewer).where(Person.id == cast.sol))
                assert (found is not None) == may, (staff, scope)


@pytest.mark.populated
def test_a_trainer_enrols_who_applied_to_their_program_alone(database, cast, time, ids):
    with database.writing() as db:
        to_rides = build.person(db, "Ola Rides", time.at)
        to_shelter = build.person(db, "Uri Shelter", time.at)
        build.application(db, to_rides.id, cast.driver, time.at)
        build.application(db, to_shelter.id, cast.host, time.at)
        viewer = viewer_of(db, ids.tess, time.at)
        names = db.scalars(teachable_people(viewer).with_only_columns(Person.name)).all()
    assert "Ola Rides" in names
    assert "Uri Shelter" not in names


def test_an_opportunity_is_written_for_ones_own_roles_and_locations(database, cast, as_, time):
    with database.writing() as db:
        site = Site(name="Shelter office", program_id=cast.shelter, translations={})
        db.add(site)
        db.flush()
        foreign = site.id
    cy = as_(cast.cy)
    assert cy.post("/postings", position=str(cast.host), title="X").status_code == 404
    answer = cy.post("/postings", position=str(cast.driver), title="X", site_id=str(foreign))
    assert answer.status_code == 422
    assert "Shelter office" not in cy.get("/postings/new").text
    with database.reading() as db:
        assert db.scalars(select(Opportunity)).all() == []


@pytest.mark.parametrize("who", ["volunteer", "other program", "former"])
def test_an_owner_is_staff_of_the_program_now(database, cast, time, as_, both, who):
    with database.writing() as db:
        chosen = {"volunteer": cast.bo, "other program": cast.mara, "former": cast.ada}[who]
        if who == "former":
            for row in db.scalars(select(Membership).where(Membership.person_id == cast.ada)):
                row.until = time.at
    answer = as_(cast.cy).post(f"/applications/{both[0]}/owner", owner=str(chosen))
    assert answer.status_code == 422
    with database.reading() as db:
        assert db.get_one(Application, both[0]).owner_id is None


def test_former_coordinators_are_told_nothing(database, cast, time):
    with database.writing() as db:
        for row in db.scalars(select(Membership).where(Membership.person_id == cast.cy)):
            row.until = time.at
        assert cast.cy not in applications.coordinators_of(db, cast.rides)
        assert cast.cy not in applications.owners_of(db, cast.rides)


def test_mail_and_page_of_a_sensitive_program_name_neither_it_nor_its_people(
    database, cast, time, public, office, settings
):
    with database.writing() as db:
        one = build.application(db, "Uri Stone", cast.host, time.at)
        path = links.application_path(settings, one.link_id)
        program = db.get_one(Program, cast.shelter)
        program.contact_name, program.contact_phone = "Mara Secret", "(555) 555-6666"
        name, role = program.name, one.position.name
        review.start_review(Act(db, build.viewer(cast.mara), time.at), one, None, build.SETTINGS)
    office.send()
    said = [public.get(path).text]
    for mail in office.box.mails:
        said += [str(mail["Subject"]), mail.get_body(("plain",)).get_content()]
    assert len(said) == 5
    for words in said:
        assert not any(told in words for told in (name, role, "Mara Secret", "555-6666"))


def test_a_link_that_waited_too_long_is_not_mailed(database, cast, time, public, office):
    with database.writing() as db:
        opportunity = build.opportunity(db, cast.driver, time.at).id
    public.get(f"/opportunities/{opportunity}/apply")
    time.move(seconds=10)
    public.press(f"/opportunities/{opportunity}/apply", name="Nia", email="nia@example.net")
    time.move(days=15)
    office.send()
    assert office.box.mails == []


def test_an_old_page_answers_no_question(database, cast, time):
    values = {"words": "?", "name": "Nia", "email": "", "phone": "5551234567", "language": "en"}
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        row = inquiries.take_in(act, values, None, build.SETTINGS)
        with pytest.raises(Refused):
            inquiries.answer(Act(db, build.viewer(cast.cy), time.at), row, "x", row.version + 1)
