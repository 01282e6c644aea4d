"""Minors: too young for a role, and a parent's or guardian's consent judged on the day of the shift."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.messages.models import Message
from portal.people.models import Person
from portal.people.people import person_values
from portal.permissions import COMMAND_LINE, NOBODY, Role, Viewer
from portal.programs.application_models import Application, ApplicationState, Hold
from portal.programs.authority import save_person
from portal.programs.models import Position
from portal.recruitment import applications, links, review
from portal.recruitment import said as said_of
from portal.recruitment.steps import own_steps
from portal.requirements import credentials, kinds, waivers
from portal.requirements.change_models import Change
from portal.requirements.models import Kind
from portal.requirements.records import clearance_of
from portal.screening import guardian_chores, guardians
from portal.screening.guardian_links import by_token, guardian_token
from portal.screening.guardian_models import GuardianRequest, GuardianState
from portal.screening.guardian_needs import wanted_in, wanted_of
from portal.shifts import signups
from portal.web.errors import NotFound, Refused
from tests import build

both = pytest.mark.both_databases
MOM = {"name": "Eva Park", "relation": "My mother", "email": "eva@example.net", "phone": ""}
SIGNS = {"signed_name": "Eva Park", "relation": "mother", "phone": "(555) 555-7777"}


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


def years(day: date, number: int) -> date:
    return day.replace(year=day.year + number)


@pytest.fixture
def teen(database, cast, time) -> int:
    """Ana is 16 from today on, turns 18 in two years, and drives; from 16 on one may."""
    with database.writing() as db:
        db.get_one(Person, cast.ana).adult_on = years(time.at.date(), 2)
        db.get_one(Position, cast.driver).youngest = 16
        return cast.ana


def ask(db, cast, at, **values) -> GuardianRequest:
    person = db.get_one(Person, cast.ana)
    act = Act(db, Viewer(person_id=person.id), at)
    row = guardians.name_guardian(act, person, cast.rides, MOM | values, build.SETTINGS)
    db.flush()
    return row


def sign(db, row, at, **more) -> None:
    guardians.sign(Act(db, NOBODY, at), row, SIGNS, build.SETTINGS, **more)
    db.flush()


def missing(db, cast, day) -> list[str]:
    found = clearance_of(db, cast.ana, cast.driver, day)
    return [item.options[0].kind for item in found.missing]


@both
def test_a_minor_serves_only_with_consent_on_the_day_of_the_shift(database, cast, time, cy, teen):
    today = time.at.date()
    with database.writing() as db:
        shift = build.shift(db, cast.driver)
        with pytest.raises(Refused) as no:
            signups.sign_up(Act(db, build.viewer(teen), time.at), teen, shift.id)
        assert any("guardian" in one.words.source for one in no.value.reasons)
        with pytest.raises(Refused):  # staff can't go past it either
            signups.sign_up(Act(db, cy, time.at), teen, shift.id, staff=True)
        sign(db, ask(db, cast, time.at), time.at)
        signups.sign_up(Act(db, build.viewer(teen), time.at), teen, shift.id)
        last = today + guardians.CONSENT_LASTS
        assert missing(db, cast, last) == []
        assert missing(db, cast, last + timedelta(days=1)) == ["guardian"]
        assert missing(db, cast, years(today, 2)) == []  # an adult then
        assert missing(db, cast, years(today, 2) - timedelta(days=1)) == ["guardian"]


@both
def test_who_is_too_young_has_no_shift_whatever_is_signed(database, cast, time, cy, teen):
    today = time.at.date()
    with database.writing() as db:
        person = db.get_one(Person, teen)
        sign(db, ask(db, cast, time.at), time.at)
        person.adult_on = years(today, 2) + timedelta(days=1)  # 16 tomorrow
        db.flush()
        assert missing(db, cast, today) == ["age"]
        assert missing(db, cast, today + timedelta(days=1)) == []
        requirement = db.scalars(guardians.consent_of(cast.rides)).one()
        terms = waivers.Terms(today, today, "She's mature")
        with pytest.raises(Refused):
            waivers.give(Act(db, build.OFFICE, time.at), teen, requirement, terms)
        with pytest.raises(Refused):
            credentials.write_down(
                Act(db, cy, time.at), teen, requirement, credentials.Paper(today, years(today, 1))
            )
        db.get_one(Position, cast.driver).youngest = 18
        db.flush()
        assert missing(db, cast, today + timedelta(days=1)) == ["age"]


@both
def test_a_consent_is_for_one_program_and_ends_when_it_is_withdrawn(database, cast, time, teen):
    today = time.at.date()
    with database.writing() as db:
        db.get_one(Position, cast.greeter).youngest = 14
        build.place(db, teen, cast.greeter, time.at)
        db.flush()
        row = ask(db, cast, time.at)
        sign(db, row, time.at)
        found = clearance_of(db, teen, cast.greeter, today)
        assert [item.options[0].kind for item in found.missing] == ["guardian"]
        until = {
            one.program.id: one.until for one in wanted_of(db, db.get_one(Person, teen), today)
        }
        assert until == {cast.rides: today + guardians.CONSENT_LASTS, cast.testing: None}
        token = guardian_token(build.SETTINGS, row.link_id)
        assert by_token(db, token, time.at + timedelta(days=300)) is row
        for _ in range(2):
            guardians.refuse(Act(db, NOBODY, time.at), row, build.SETTINGS)
        db.flush()
        assert missing(db, cast, today) == ["guardian"]
        assert db.scalars(select(Change).where(Change.person_id == teen)).all()
        sign(db, row, time.at)
        assert missing(db, cast, today + timedelta(days=1)) == []


@both
def test_signing_ends_the_hold_and_gives_an_emergency_contact(database, cast, time, cy):
    today = time.at.date()
    with database.writing() as db:
        db.get_one(Position, cast.driver).youngest = 16
        row = build.application(
            db, "Nia Park", cast.driver, time.at, adult_on=today + timedelta(days=400)
        )
        review.start_review(Act(db, cy, time.at), row, None, build.SETTINGS)
        review.hold(Act(db, cy, time.at), row, Hold.GUARDIAN, None)
        assert row.person.adult_on == today + timedelta(days=400)
        asked = guardians.name_guardian(
            Act(db, NOBODY, time.at), row.person, cast.rides, MOM, build.SETTINGS
        )
        review.resume(Act(db, cy, time.at), row)
        review.accept(Act(db, cy, time.at), row, today)
        with pytest.raises(Refused):
            applications.accept_role(Act(db, NOBODY, time.at), row, "UTC")
        review.take_offer_back(Act(db, cy, time.at), row)
        review.hold(Act(db, cy, time.at), row, Hold.GUARDIAN, None)
        sign(db, asked, time.at)
        assert row.state == ApplicationState.IN_REVIEW
        assert (row.person.emergency_name, row.person.emergency_phone) == (
            "Eva Park", "(555) 555-7777",
        )  # fmt: skip
        review.accept(Act(db, cy, time.at), row, today)
        applications.accept_role(Act(db, NOBODY, time.at), row, "UTC")
        told = select(Message.person_id, Message.address).where(Message.kind == "guardian.signed")
        assert {tuple(one) for one in db.execute(told)} == {
            (None, "nia@example.com"),
            (cast.cy, ""),
        }


@both
def test_who_is_too_young_to_apply_is_told_beside_the_field(database, cast, time):
    today = time.at.date()
    with database.writing() as db:
        for youngest, adult_on, good in (
            (18, today + timedelta(days=1), False),
            (18, today, True),
            (16, years(today, 2), True),
            (16, years(today, 2) + timedelta(days=1), False),
        ):
            db.get_one(Position, cast.driver).youngest = youngest
            if good:
                build.application(db, "Nia Park", cast.driver, time.at, adult_on=adult_on)
                continue
            with pytest.raises(Refused) as no:
                build.application(db, "Nia Park", cast.driver, time.at, adult_on=adult_on)
            assert set(no.value.fields) == {"adult_on"}


@both
def test_whom_a_minor_may_name(database, cast, time, teen):
    with database.writing() as db:
        with pytest.raises(Refused):
            ask(db, cast, time.at, email="ANA@example.org")  # themselves
        first = ask(db, cast, time.at)
        guardians.take_back(Act(db, NOBODY, time.at), first)
        db.flush()
        with pytest.raises(NotFound):
            by_token(db, guardian_token(build.SETTINGS, first.link_id), time.at)
        for _ in range(guardians.MOST - 1):
            ask(db, cast, time.at)
        with pytest.raises(Refused):
            ask(db, cast, time.at)
        db.get_one(Person, teen).adult_on = None
        db.flush()
        assert wanted_of(db, db.get_one(Person, teen), time.at.date()) == []


@both
def test_the_next_consent_is_asked_for_when_this_one_nearly_ends(database, cast, time, teen):
    with database.writing() as db:
        sign(db, ask(db, cast, time.at), time.at)
        with pytest.raises(Refused):
            ask(db, cast, time.at)
    time.move(days=330)
    with database.writing() as db:
        wanted = wanted_in(db, db.get_one(Person, teen), cast.rides, time.at.date())
        assert wanted.asks
        sign(db, ask(db, cast, time.at), time.at)
        wanted = wanted_in(db, db.get_one(Person, teen), cast.rides, time.at.date())
        assert not wanted.asks
        assert wanted.until == time.at.date() + guardians.CONSENT_LASTS


@both
def test_paper_is_good_from_the_day_it_was_signed(database, cast, time, cy, teen):
    today = time.at.date()
    with database.writing() as db:
        row = ask(db, cast, time.at, email="", phone="(555) 555-7777")
        for wrong in (today + timedelta(days=1), today - timedelta(days=31)):
            with pytest.raises(Refused):
                guardians.sign(Act(db, cy, time.at), row, SIGNS, build.SETTINGS, signed_on=wrong)
        signed = today - timedelta(days=3)
        guardians.sign(Act(db, cy, time.at), row, SIGNS, build.SETTINGS, signed_on=signed)
        assert (row.how, row.until) == ("paper", signed + guardians.CONSENT_LASTS)
        with pytest.raises(Refused):
            sign(db, row, time.at)


def remind(database, at) -> int:
    with database.reading() as db:
        due = db.scalars(guardian_chores.to_remind(at)).all()
    for one in due:
        with database.writing() as db:
            for _ in range(2):
                guardian_chores.remind(Act(db, COMMAND_LINE, at), one)
    with database.reading() as db:
        found = select(Message).where(Message.kind == "guardian.reminder")
        return len(db.scalars(found).all())


@both
def test_who_does_not_sign_is_reminded_called_and_forgotten(database, cast, time, cy, teen):
    with database.writing() as db:
        ask(db, cast, time.at)
        ask(db, cast, time.at, email="", phone="(555) 555-7777")
        elsewhere = build.viewer(cast.noel, (Role.COORDINATOR, cast.testing))
        assert db.scalars(guardians.to_call(elsewhere, time.at)).all() == []
        assert len(db.scalars(guardians.to_call(cy, time.at)).all()) == 1
    for days, sent in ((6, 0), (2, 1), (6, 2), (9, 2)):
        assert remind(database, time.move(days=days)) == sent
    time.move(days=10)
    with database.writing() as db:
        assert len(db.scalars(guardians.to_call(cy, time.at)).all()) == 2
        assert db.scalars(guardian_chores.to_erase(time.at)).all() == []
    time.move(days=60)
    with database.writing() as db:
        for one in db.scalars(guardian_chores.to_erase(time.at)).all():
            for _ in range(2):
                guardian_chores.erase(Act(db, COMMAND_LINE, time.at), one)
        db.expire_all()
        rows = db.scalars(select(GuardianRequest)).all()
        assert {(one.name, one.email, one.phone) for one in rows} == {("", "", "")}
        mail = select(Message.address).where(Message.subject_kind == "guardian_request")
        assert set(db.scalars(mail)) == {""}


@both
def test_minors_are_looked_at_again_each_day(database, cast, time, teen):
    with database.writing() as db:
        act = Act(db, COMMAND_LINE, time.at)
        assert guardian_chores.look_again(act, build.SETTINGS) == 1
        assert guardian_chores.look_again(act, build.SETTINGS) == 0
        assert db.scalars(select(Change.person_id)).all() == [teen]
    with database.writing() as db:
        later = Act(db, COMMAND_LINE, time.move(days=1))
        assert guardian_chores.look_again(later, build.SETTINGS) == 1


@pytest.fixture
def applied(database, cast, time, cy) -> str:
    """The address of a minor's application in review."""
    with database.writing() as db:
        db.get_one(Position, cast.driver).youngest = 16
        adult_on = time.at.date() + timedelta(days=400)
        row = build.application(db, "Nia Park", cast.driver, time.at, adult_on=adult_on)
        review.start_review(Act(db, cy, time.at), row, None, build.SETTINGS)
        return links.application_path(build.SETTINGS, row.link_id)


def test_from_naming_to_signing_and_back(database, cast, time, public, as_, applied, office):
    assert "Because of age" in public.get(applied).text
    public.press(f"{applied}/guardian", **MOM | {"email": ""})
    assert public.response.status_code == 422
    assert "Eva Park" in public.text, "what was typed is not lost"
    public.press(f"{applied}/guardian", **MOM)
    office.send()
    mail = next(one for one in office.box.mails if one["To"] == "eva@example.net")
    words = mail.get_body(("plain",)).get_content()
    for typed in ("Eva", "Nia", "mother"):
        assert typed not in words
    with database.reading() as db:
        row = db.scalars(select(GuardianRequest)).one()
        link, person_id = f"/guardian/{guardian_token(build.SETTINGS, row.link_id)}", row.person_id
        number = row.id
    assert link in words
    assert "Nia Park would like to volunteer" in public.get(link).text
    public.press(link, **SIGNS)
    assert public.response.status_code == 422
    assert public.form(link)["signed_name"] == "Eva Park"
    public.press(link, agrees="y")
    assert "You signed for Nia Park" in public.text
    assert "Signed. Valid until" in public.get(applied).text
    cy, noel = as_(cast.cy), as_(cast.noel)
    path = f"/people/{person_id}/guardian"
    assert noel.get(path).status_code == 404
    assert "Signed by Eva Park" in cy.get(path).text
    assert "consent until" in cy.get(f"/people/{person_id}").text
    public.get(link)
    public.press(f"{link}/refusal")
    assert "agree. If you change your mind, sign here." in public.text
    cy.get(path)
    cy.press(f"{path}/{number}/paper", signed_name="Eva Park", phone="12", signed_on="")
    assert cy.response.status_code == 422
    cy.press(f"{path}/{number}/paper", phone="(555) 555-7777", signed_on=time.at.date().isoformat())
    assert "The consent was saved." in cy.text
    assert cy.response.status_code == 200


def test_staff_name_someone_and_find_whom_to_call(database, cast, time, as_, applied):
    with database.reading() as db:
        person_id = db.scalars(select(Application.person_id)).one()
    cy, noel = as_(cast.cy), as_(cast.noel)
    path = f"/people/{person_id}/guardian"
    cy.get(path)
    cy.press(f"{path}/{cast.rides}", **MOM | {"email": "", "phone": "(555) 555-7777"})
    assert "The name was added." in cy.text
    assert "Parents and guardians to call" in cy.get("/me").text
    assert "Eva Park" in cy.get("/guardians").text
    assert "Eva Park" not in noel.get("/guardians").text


def test_a_minor_sees_it_signed_in(database, cast, time, as_, teen):
    ana = as_(teen)
    assert "Rides" in ana.get("/me/guardian").text
    ana.press(f"/me/guardian/{cast.rides}", **MOM)
    assert "ask them." in ana.text
    with database.reading() as db:
        number = db.scalars(select(GuardianRequest.id)).one()
    bo = as_(cast.bo)
    assert "need a parent or guardian" in bo.get("/me/guardian").text
    assert bo.post(f"/me/guardian/{cast.rides}/{number}/end").status_code == 404
    ana.press(f"/me/guardian/{cast.rides}/{number}/end")
    assert "The name was removed." in ana.text
    with database.reading() as db:
        assert db.get_one(GuardianRequest, number).state == GuardianState.ENDED


def test_a_role_for_minors_asks_for_the_day(database, cast, time, public):
    with database.writing() as db:
        db.get_one(Position, cast.driver).youngest = 16
        posting = build.opportunity(db, cast.driver, time.at).id
        other = build.opportunity(db, cast.desk, time.at).id
    for number, asked in ((posting, True), (other, False)):
        public.get(f"/opportunities/{number}/apply")
        time.move(seconds=5)
        public.press(
            f"/opportunities/{number}/apply", name="Nia Park", email=f"n{number}@example.com"
        )
        assert ("Not 18 yet?" in public.text) is asked


@both
def test_no_one_says_of_themselves_that_they_are_older_or_no_employee(database, cast, time, cy):
    later = time.at.date() + timedelta(days=400)
    with database.writing() as db:
        row = db.get_one(Person, cast.cy)
        row.adult_on, row.agency_job = later, "Clerk"
        db.flush()
        values = person_values(row) | {"adult_on": None, "agency_job": ""}
        save_person(Act(db, cy, time.at), row, values, row.version)
        assert (row.adult_on, row.agency_job) == (later, "Clerk")
        db.flush()
        save_person(Act(db, build.OFFICE, time.at), row, values, row.version)
        assert (row.adult_on, row.agency_job) == (None, "")


@both
def test_the_later_day_counts_where_two_were_said(database, cast, time, cy):
    today = time.at.date()
    with database.writing() as db:
        db.get_one(Position, cast.driver).youngest = 16
        sol = db.get_one(Person, cast.sol)
        for on_record, said in ((30, 500), (500, 30), (-1, 500)):
            sol.adult_on = today + timedelta(days=on_record)
            row = Application(adult_on=today + timedelta(days=said), agency_job="")
            said_of.note_said(Act(db, cy, time.at), sol, row, today)
            assert sol.adult_on == today + timedelta(days=500)
        assert db.scalars(select(Change).where(Change.person_id == cast.sol)).first()


@both
def test_the_address_one_applied_with_signs_for_no_one(database, cast, time, cy):
    with database.writing() as db:
        db.get_one(Position, cast.driver).youngest = 16
        later = time.at.date() + timedelta(days=400)
        row = build.application(db, "Nia Park", cast.driver, time.at, adult_on=later)
        review.start_review(Act(db, cy, time.at), row, None, build.SETTINGS)
        assert row.person.email == ""
        with pytest.raises(Refused):
            guardians.name_guardian(
                Act(db, NOBODY, time.at), row.person, cast.rides, MOM | {"email": "NIA@example.com"},
                build.SETTINGS,
            )  # fmt: skip


@both
def test_paper_older_than_the_refusal_counts_no_more(database, cast, time, cy, teen):
    today = time.at.date()
    with database.writing() as db:
        row = ask(db, cast, time.at)
        guardians.refuse(Act(db, NOBODY, time.at), row, build.SETTINGS)
        with pytest.raises(Refused) as no:
            sign(db, row, time.at, signed_on=today - timedelta(days=1))
        assert set(no.value.fields) == {"signed_on"}
        sign(db, row, time.at, signed_on=today)


@both
def test_the_birthday_of_adults_and_old_names_are_forgotten(database, cast, time, teen):
    with database.writing() as db:
        sign(db, ask(db, cast, time.at), time.at)
    time.move(days=365 + 3 * 365 - 10)
    with database.reading() as db:
        assert db.scalars(guardian_chores.to_erase(time.at)).all() == []
    time.move(days=20)
    with database.writing() as db:
        assert len(db.scalars(guardian_chores.to_erase(time.at)).all()) == 1
        guardian_chores.look_again(Act(db, COMMAND_LINE, time.at), build.SETTINGS)
        assert db.get_one(Person, teen).adult_on is None


@both
def test_whoever_else_was_named_is_not_waited_for_once_one_signed(database, cast, time, cy, teen):
    with database.writing() as db:
        mom = ask(db, cast, time.at)
        dad = ask(db, cast, time.at, name="Leo Park", email="", phone="(555) 555-7000")
        assert db.scalars(guardians.to_call(cy, time.at)).all() == [dad]
        sign(db, mom, time.at)
        db.refresh(dad)
        assert (dad.state, dad.remind_at) == (GuardianState.ENDED, None)
        assert db.scalars(guardians.to_call(cy, time.at)).all() == []


@both
def test_no_one_is_called_for_an_adult(database, cast, time, cy, teen):
    with database.writing() as db:
        row = ask(db, cast, time.at, email="", phone="(555) 555-7000")
        assert db.scalars(guardians.to_call(cy, time.at)).all() == [row]
        db.get_one(Person, teen).adult_on = time.at.date()
        db.flush()
        assert db.scalars(guardians.to_call(cy, time.at)).all() == []


@both
def test_the_consents_requirement_stays(database, cast, time, cy, teen):
    with database.writing() as db:
        sign(db, ask(db, cast, time.at), time.at)
        requirement = db.scalars(guardians.consent_of(cast.rides)).one()
        with pytest.raises(Refused):
            kinds.close_requirement(Act(db, cy, time.at), requirement, time.at.date(), closed=True)


def test_a_minors_steps_name_the_consent_before_anyone_looked(database, cast, time):
    with database.writing() as db:
        db.get_one(Position, cast.driver).youngest = 16
        row = build.application(
            db, "Nia Park", cast.driver, time.at, adult_on=time.at.date() + timedelta(days=400)
        )
        adult = build.application(db, "Al Ott", cast.driver, time.at)
        found = [
            {
                step.proof.kind
                for step in own_steps(db, one, time.at, "UTC", signed_in=False)
                if step.proof
            }
            for one in (row, adult)
        ]
    assert Kind.GUARDIAN in found[0]
    assert Kind.GUARDIAN not in found[1]
