"""The pages of recruitment: the public door, an application from its draft to a role, and the pipeline."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.messages.models import Message
from portal.people import addresses
from portal.people.identity_models import ProvedHow
from portal.people.models import Person, Status
from portal.permissions import Role
from portal.programs.application_models import Application, ApplicationState, Hold
from portal.programs.authority import admitted
from portal.programs.models import Placement, Program, Visibility
from portal.recruitment import applications as verbs
from portal.recruitment import drafts, links, review
from portal.recruitment.models import ApplicationDraft, Opportunity
from portal.requirements.check_models import BackgroundCheck
from portal.web.errors import Refused
from tests import build
from tests.browser import forms_of

CONTACT = {"name": "Nia Park", "email": "nia@example.net", "phone": "(555) 555-4444"}


@pytest.fixture
def listed(database, cast, time) -> int:
    with database.writing() as db:
        return build.opportunity(
            db,
            cast.driver,
            time.at,
            title="Drive a neighbor",
            area="Millbrook",
            weekdays=2,
            daytimes=1,
        ).id


@pytest.fixture
def started(public, listed, time):
    """A stranger on the second page of an application; gives its address."""
    public.get(f"/opportunities/{listed}/apply")
    time.move(seconds=10)
    public.press(f"/opportunities/{listed}/apply", **CONTACT)
    return public.response.url.path


def keep(browser, path, **typed):
    """Save a draft as the page does by itself while one types."""
    form = browser.form(path) | typed | {"quiet": "yes"}
    return browser.client.post(f"{path}/draft", data=form, follow_redirects=False)


def applications(database) -> list[Application]:
    with database.reading() as db:
        return list(db.scalars(select(Application).order_by(Application.id)))


def test_a_stranger_finds_what_there_is_and_what_is_asked_first(
    database, cast, time, public, listed
):
    with database.writing() as db:
        proof = build.requirement(db, time.at, name="Driver's license")
        build.rule(db, time.at, proof, position_id=cast.driver)
    page = public.get("/opportunities").text
    assert "Drive a neighbor" in page
    page = public.get(f"/opportunities/{listed}").text
    assert "Driver&#39;s license" in page
    assert f'href="/opportunities/{listed}/apply"' in page
    assert "usually" not in page  # nothing is known yet of how long it takes


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("day=1", True), ("day=2", False), ("time=morning", True), ("time=evening", False),
        ("area=Millbrook", True), ("area=Elsewhere", False), ("where=in_person", True),
        ("where=online", False), ("cause=food", False), ("position=1", True), ("position=2", False),
        ("day=99&cause=x&where=x&program=x", True),
    ],
)  # fmt: skip
def test_the_list_is_narrowed(public, listed, query, shown):
    assert ("Drive a neighbor" in public.get(f"/opportunities?{query}").text) == shown
    assert ("Drive a neighbor" in public.get(f"/opportunities.json?{query}").text) == shown


@pytest.mark.both_databases
@pytest.mark.parametrize("why", ["closed", "past", "sensitive", "draft", "role", "program"])
def test_what_is_not_open_to_all_is_nowhere(database, cast, time, public, listed, why):
    with database.writing() as db:
        row, program = db.get_one(Opportunity, listed), db.get_one(Program, cast.rides)
        if why == "closed":
            row.closed_at = time.at
        if why == "past":
            row.listed_until = time.at.date().replace(year=2025)
        if why == "sensitive":
            program.visibility, program.public_label = Visibility.LABEL, "Wheels"
        if why == "draft":
            row.published_at = None
        if why == "role":
            row.position.closed_at = time.at
        if why == "program":
            program.closed_at = time.at
    for path in ("/opportunities", "/opportunities.json", "/opportunities?program=1"):
        assert "Drive a neighbor" not in public.get(path).text
    for path in ("", "/apply"):
        assert public.get(f"/opportunities/{listed}{path}").status_code == 404


def test_an_opportunity_of_a_sensitive_program_is_not_published(database, cast, as_):
    mara = as_(cast.mara)
    mara.get("/postings/new")
    mara.press("/postings", position=str(cast.host), title="Night host")
    posting = mara.response.url.path
    answer = mara.press(f"{posting}/publication")
    assert answer.status_code == 422
    assert "can&#39;t publish this" in answer.text


def test_a_confidential_location_is_not_among_the_choices(database, cast, as_, time):
    mara = as_(cast.mara)
    mara.get("/postings/new")
    assert "Willow House" not in mara.text
    answer = mara.post("/postings", position=str(cast.host), title="X", site_id=str(cast.house))
    assert answer.status_code == 422
    assert "Willow House" not in answer.text


@pytest.mark.both_databases
def test_an_application_is_begun_left_resumed_elsewhere_and_sent_once(
    database, started, public, open_browser, time, cast, office
):
    assert applications(database) == []
    keep(public, started, times="Tuesdays")
    office.send()
    mail = office.box.mails[-1]
    words = mail.get_body(("plain",)).get_content()
    assert "Nia" not in words  # nothing a stranger typed goes to an address that is not proved
    path = re.search(r"http://[^/]+(/applying/\S+)", words)[1]
    time.move(days=13)
    other = open_browser()
    page = other.get(path).text
    assert 'value="Tuesdays"' in page
    assert 'value="Nia Park"' in page
    answer = other.press(path)
    assert answer.status_code == 422
    assert "younger than 18" in answer.text
    form = other.form(path) | {"adult": "y", "why": "I have time."}
    for _ in range(2):
        other.client.post(path, data=form, follow_redirects=True)
    (one,) = applications(database)
    assert (one.name, one.times, one.person_id) == ("Nia Park", "Tuesdays", None)
    assert one.state == ApplicationState.SUBMITTED
    with database.reading() as db:
        draft = db.scalars(select(ApplicationDraft)).one()
        assert (draft.data, draft.email) == ("{}", "")
    page = other.get(path)
    assert page.url.path.startswith("/applied/")
    assert "hear from us by" in page.text


def test_a_draft_ends_after_fourteen_days_and_is_erased(database, started, public, time):
    time.move(days=14, seconds=1)
    assert public.get(started).status_code == 404
    with database.writing() as db:
        (over,) = drafts.expired(db, time.at)
        drafts.erase(db, over, time.at)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ApplicationDraft)) == 0


def test_a_draft_that_is_not_over_is_not_erased(database, started, time):
    with database.writing() as db:
        draft = db.scalars(select(ApplicationDraft.id)).one()
        assert drafts.expired(db, time.at) == []
        drafts.erase(db, draft, time.at)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ApplicationDraft)) == 1


def test_a_draft_takes_anything_typed_but_not_without_end(public, started):
    answer = keep(public, started, email="not yet", why="x" * 15_000)
    assert answer.status_code == 204
    answer = keep(public, started, why="x" * 20_001)
    assert answer.status_code == 422


def test_machines_floods_and_empty_forms_make_nothing(database, public, listed, time):
    to = f"/opportunities/{listed}/apply"
    public.get(to)
    assert public.press(to, **CONTACT).status_code == 422  # faster than anyone types
    time.move(seconds=10)
    answer = public.press(to, name="Nia", email="", phone="")
    assert "email address or a phone number" in answer.text
    assert public.press(to, **CONTACT, website="http://x").url.path == f"/opportunities/{listed}"
    public.get(to)
    assert public.press(to, **CONTACT, opened="1.abc").status_code == 422
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(ApplicationDraft)) == 0
    time.move(seconds=10)
    said = []
    for _ in range(8):
        public.get(to)
        time.move(seconds=5)
        said.append(public.press(to, **CONTACT).status_code)
    assert 422 in said  # one address is not written to again and again


def test_links_open_one_thing_and_say_nothing_of_others(
    database, cast, time, public, as_, settings
):
    """An application's link works 60 days after its end; a signed-in person's draft is theirs alone."""
    with database.writing() as db:
        one = build.application(db, "Ned Ott", cast.driver, time.at)
        path = links.application_path(settings, one.link_id)
        opportunity = build.opportunity(db, cast.driver, time.at).id
    assert "reviewing your application" in public.get(path).text
    wrong = path[:-1] + ("a" if path[-1] != "a" else "b")
    assert public.get(wrong).status_code == 404
    public.get(path)
    public.press(f"{path}/withdrawal")
    assert "withdrew" in public.text
    time.move(days=61)
    assert public.get(path).status_code == 404
    sol = as_(cast.sol)
    sol.get(f"/opportunities/{opportunity}")
    draft = sol.press(f"/opportunities/{opportunity}/application").url.path
    assert public.get(draft).status_code == 404
    assert as_(cast.ana).get(draft).status_code == 404
    assert as_(cast.ana).post(f"{draft}/own").status_code == 404


@pytest.mark.both_databases
def test_a_coordinator_reviews_offers_and_the_applicant_accepts_by_the_mailed_link(
    database, cast, time, as_, public, office, settings
):
    with database.writing() as db:
        one = build.application(db, "Nia Park", cast.driver, time.at, email="nia@example.net")
        number, path = one.id, links.application_path(settings, one.link_id)
    cy = as_(cast.cy)
    cy.get("/applications")
    assert "Nia Park" in cy.text
    cy.get(f"/applications/{number}")
    cy.press(f"/applications/{number}/review")
    assert "You started the review" in cy.text
    cy.press(f"/applications/{number}/hold", why="references")
    cy.press(f"/applications/{number}/hold/end")
    cy.press(f"/applications/{number}/offer", starts_on="2026-12-05")
    time.move(minutes=2)  # until then it can be undone
    office.send()
    assert [mail["To"].addresses[0].addr_spec for mail in office.box.mails] == [
        "nia@example.net"
    ] * 2
    words = office.box.mails[-1].get_body(("plain",)).get_content()
    assert path in words
    public.get(path)
    public.press(f"{path}/acceptance")
    assert "You have this role" in public.text
    assert public.post(f"{path}/acceptance").status_code == 422
    with database.reading() as db:
        nia = db.scalars(select(Person).where(Person.name == "Nia Park")).one()
        placement = db.scalars(select(Placement).filter_by(person_id=nia.id)).one()
        assert (nia.status, str(placement.starts_on)) == (Status.ACTIVE, "2026-12-05")


def test_someone_who_looks_alike_is_shown_and_chosen(database, cast, time, as_):
    with database.writing() as db:
        known = build.person(db, "William Hart", time.at, email="will@example.org").id
        number = build.application(db, "Bill Hart", cast.driver, time.at).id
    cy = as_(cast.cy)
    page = cy.get(f"/applications/{number}").text
    assert "We may already know this person" in page
    assert "Select who this is." in cy.press(f"/applications/{number}/review").text
    cy.press(f"/applications/{number}/review", person=str(known))
    (one,) = applications(database)
    assert one.person_id == known
    with database.reading() as db:
        assert db.scalars(select(Person).where(Person.name == "Bill Hart")).all() == []


def test_an_application_is_joined_to_no_one_who_does_not_look_alike(database, cast, time, as_):
    with database.writing() as db:
        number = build.application(db, "Bill Hart", cast.driver, time.at).id
    assert (
        as_(cast.cy).post(f"/applications/{number}/review", person=str(cast.bo)).status_code == 404
    )
    (one,) = applications(database)
    assert one.person_id is None


def test_a_strangers_application_takes_no_ones_address(
    database, cast, time, as_, office, public, settings
):
    """Hana is in a hidden program and proved her address. Whoever types it gets no record with it, and neither
    mail nor page differ from those of an address that no one has."""
    with database.writing() as db:
        hana = db.get_one(Person, cast.hana)
        addresses.prove_address(
            Act(db, build.OFFICE, time.at), hana.id, hana.email, ProvedHow.OFFICE
        )
        numbers = [
            build.application(db, "Zed Quux", position, time.at, email=email).id
            for position, email in (
                (cast.driver, hana.email.upper()), (cast.desk, "no-one@example.org"),
            )
        ]  # fmt: skip
    cy = as_(cast.cy)
    for number in numbers:
        assert "Hana" not in cy.get(f"/applications/{number}").text
        cy.press(f"/applications/{number}/review", person="new")
    with database.reading() as db:
        assert [one.id for one in admitted(db, db.get_one(Person, cast.hana).email).people] == [
            cast.hana
        ]
        made = db.scalars(select(Person).where(Person.name == "Zed Quux")).all()
        assert {one.email for one in made} == {""}
    office.send()
    said = [mail.get_body(("plain",)).get_content() for mail in office.box.mails]
    greetings = {words.splitlines()[0] for words in said}
    assert greetings == {"Hello,"}
    assert all("Zed" not in words for words in said)


@pytest.mark.both_databases
def test_an_address_is_the_applicants_once_they_press_the_button_in_their_mail(
    database, cast, time, as_, office, public, settings
):
    with database.writing() as db:
        one = build.application(db, "Nia Park", cast.driver, time.at, email="nia@example.net")
        number, link_id = one.id, one.link_id
    as_(cast.cy).post(f"/applications/{number}/review")
    office.send()
    words = office.box.mails[-1].get_body(("plain",)).get_content()
    path = re.search(r"http://[^/]+(/applied/\S+)", words)[1]
    assert path == links.mailed_path(settings, link_id)
    assert "Is this your email address?" in public.get(path).text
    assert "Is this your" not in public.get(links.application_path(settings, link_id)).text
    assert public.get(path[:-2] + "xx").status_code == 404
    assert public.post(path[:-2] + "xx").status_code == 404
    with database.reading() as db:
        assert not admitted(db, "nia@example.net").people
    public.get(path)
    public.press(path)
    assert "was confirmed" in public.text
    with database.reading() as db:
        (found,) = admitted(db, "nia@example.net").people
        assert found.name == "Nia Park"


def test_whoever_is_taken_for_someone_gets_nothing_by_the_link_they_had(
    database, cast, time, as_, public, settings
):
    """A stranger who applies under the name of someone with a record reads and accepts nothing for them."""
    with database.writing() as db:
        known = build.person(db, "William Hart", time.at, email="will@example.org").id
        one = build.application(db, "Bill Hart", cast.driver, time.at)
        number, path = one.id, links.application_path(settings, one.link_id)
    cy = as_(cast.cy)
    cy.post(f"/applications/{number}/review", person=str(known))
    cy.post(f"/applications/{number}/offer", starts_on="2026-12-05")
    assert public.get(path).status_code == 404
    assert public.post(f"{path}/acceptance").status_code == 404
    with database.reading() as db:
        one = db.get_one(Application, number)
        assert one.state == ApplicationState.ACCEPTED
        told = db.scalars(
            select(Message.person_id).where(Message.kind == "application.accepted")
        ).all()
        assert told == [known]


def test_the_link_of_a_sent_draft_leads_to_no_one_elses_application(
    database, cast, time, as_, public, started
):
    """Whoever applied under another's name holds the draft's link: it ends when the two are joined."""
    with database.writing() as db:
        known = build.person(db, "Nia Park", time.at, email="other@example.org").id
    public.press(started, adult="y")
    (one,) = applications(database)
    as_(cast.cy).post(f"/applications/{one.id}/review", person=str(known))
    (one,) = applications(database)
    assert (one.person_id, one.email) == (known, "")
    assert public.get(started).status_code == 404
    assert public.post(started, name="Nia", email="x@example.net", adult="y").status_code == 404


def test_the_link_says_nothing_of_what_is_missing(database, cast, time, as_, public, settings):
    with database.writing() as db:
        first = build.requirement(db, time.at, kind="interview", name="TB talk", validity="none")
        build.rule(db, time.at, first, position_id=cast.driver, stage="apply")
        one = build.application(db, "Nia Park", cast.driver, time.at)
        number, path = one.id, links.application_path(settings, one.link_id)
    cy = as_(cast.cy)
    cy.post(f"/applications/{number}/review")
    cy.post(f"/applications/{number}/offer", starts_on="2026-12-05")
    public.get(path)
    answer = public.press(f"{path}/acceptance")
    assert answer.status_code == 422
    problem = re.search(r'class="problems".*?</div>', answer.text, re.DOTALL)[0]
    assert "TB talk" not in problem
    assert "Something is missing" in problem
    assert "TB talk" in cy.post(f"/applications/{number}/acceptance").text


def test_no_one_begins_the_review_of_their_own(database, cast, time, as_):
    with database.writing() as db:
        name = db.get_one(Person, cast.cy).name
        number = build.application(db, name, cast.driver, time.at).id
        other = build.application(db, cast.cy, cast.desk, time.at).id
    cy = as_(cast.cy)
    assert cy.post(f"/applications/{number}/review", person=str(cast.cy)).status_code == 404
    with database.writing() as db, pytest.raises(Refused, match="Someone else"):
        review.start_review(
            Act(db, build.viewer(cast.cy), time.at),
            db.get_one(Application, number),
            db.get_one(Person, cast.cy),
            build.SETTINGS,
        )
    assert as_(cast.ada).post(f"/applications/{other}/owner", owner=str(cast.cy)).status_code == 422


@pytest.mark.parametrize("how", ["closed", "hidden"])
def test_a_draft_is_taken_only_while_its_opportunity_is_open(
    database, cast, time, public, started, office, how
):
    with database.writing() as db:
        if how == "closed":
            db.scalars(select(Opportunity)).one().closed_at = time.at
        else:
            program = db.get_one(Program, cast.rides)
            program.visibility, program.public_label = Visibility.HIDDEN, "Wheels"
    form = public.form(started) | {"adult": "y"}
    assert public.client.post(started, data=form).status_code == 404
    assert public.get(started).status_code == 404
    office.send()
    assert office.box.mails == []
    assert applications(database) == []


def test_the_steps_of_a_sensitive_program_are_not_named_by_the_link(
    database, cast, time, public, settings
):
    with database.writing() as db:
        proof = build.requirement(db, time.at, name="Safe Haven night training")
        build.rule(db, time.at, proof, position_id=cast.host)
        one = build.application(db, "Uri Stone", cast.host, time.at)
        path = links.application_path(settings, one.link_id)
    assert "Safe Haven" not in public.get(path).text


def test_sending_to_another_address_than_one_began_with_is_counted(
    database, cast, time, public, started
):
    """Whoever begins with a phone and types a victim's address at the end is held off as well."""
    said = []
    for _ in range(8):
        public.get(f"/opportunities/{1}/apply")
        time.move(seconds=5)
        public.press("/opportunities/1/apply", name="Nia", email="", phone="(555) 555-4444")
        path = public.response.url.path
        said.append(public.press(path, email="victim@example.net", adult="y").status_code)
    assert 422 in said
    assert len(applications(database)) < 8


def test_news_goes_to_an_owner_only_while_they_are_staff(
    database, cast, time, as_, public, settings
):
    with database.writing() as db:
        one = build.application(db, "Nia Park", cast.driver, time.at)
        path = links.application_path(settings, one.link_id)
        one.owner_id = cast.bo
    public.get(path)
    public.press(f"{path}/withdrawal")
    with database.reading() as db:
        told = db.scalars(select(Message.person_id).where(Message.kind == "application.news")).all()
        assert told == [cast.cy]


def test_a_withdrawal_is_no_answer_of_ours(database, cast, time, as_):
    with database.writing() as db:
        number = build.application(db, "Nia Park", cast.driver, time.at).id
    as_(cast.cy).post(f"/applications/{number}/withdrawal")
    (one,) = applications(database)
    assert (one.state, one.answered_at) == (ApplicationState.WITHDRAWN, None)


def test_what_was_kept_for_an_opening_comes_back_on_its_day(database, cast, time, as_):
    with database.writing() as db:
        number = build.application(db, "Nia Park", cast.driver, time.at).id
    cy = as_(cast.cy)
    cy.post(f"/applications/{number}/review")
    cy.post(f"/applications/{number}/hold", why="no_opening", until="2026-12-20")
    assert "time is up" not in cy.get("/me").text
    time.move(days=20)
    cy = as_(cast.cy)
    assert "time is up" in cy.get("/me").text
    assert "Nia Park" in cy.get("/applications?stage=on_hold&due=yes").text


def test_several_at_once_and_those_that_need_a_look_stay(database, cast, time, as_):
    with database.writing() as db:
        build.person(db, "William Hart", time.at)
        alike = build.application(db, "Bill Hart", cast.driver, time.at).id
        new = build.application(db, "Nia Park", cast.driver, time.at).id
        hidden = build.application(db, "Uri Stone", cast.host, time.at).id
    cy = as_(cast.cy)
    cy.get("/applications")
    chosen = {"ids": [str(alike), str(new), str(hidden)], "action": "review"}
    answer = cy.post("/applications/many", **chosen)
    assert "tell these 2 people" in answer.text  # what reaches others is looked at first
    assert {one.state for one in applications(database)} == {ApplicationState.SUBMITTED}
    seen = re.search(r'name="seen" value="(\w+)"', answer.text)[1]
    assert cy.post("/applications/many", **chosen, seen=seen).status_code == 303
    states = {one.id: one.state for one in applications(database)}
    assert states == {
        alike: ApplicationState.SUBMITTED,
        new: ApplicationState.IN_REVIEW,
        hidden: ApplicationState.SUBMITTED,
    }
    assert "These stay as they are: Bill Hart." in cy.get("/applications").text


def test_a_call_is_written_down_as_an_application(database, cast, as_):
    cy = as_(cast.cy)
    cy.get("/applications/new")
    answer = cy.press("/applications", position=str(cast.driver), name="Fay Reed")
    assert "email address or a phone number" in answer.text
    cy.press("/applications", position=str(cast.driver), name="Fay Reed", phone="(555) 555-7777")
    (one,) = applications(database)
    assert (one.name, one.asked, one.state) == ("Fay Reed", "phone", ApplicationState.SUBMITTED)
    answer = cy.post("/applications", position=str(cast.host), name="Fay", phone="(555) 555-7777")
    assert answer.status_code == 422  # not a role of hers


def test_no_one_decides_on_their_own_application(database, cast, time, as_):
    with database.writing() as db:
        number = build.application(db, cast.cy, cast.driver, time.at).id
    cy = as_(cast.cy)
    assert cy.get(f"/applications/{number}").status_code == 404
    assert cy.post(f"/applications/{number}/review").status_code == 404
    assert as_(cast.ada).get(f"/applications/{number}").status_code == 200


def test_a_declined_applicant_reads_no_reason_but_what_staff_wrote(
    database, cast, time, as_, public, office, settings
):
    with database.writing() as db:
        one = build.application(db, "Nia Park", cast.driver, time.at)
        number, path = one.id, links.application_path(settings, one.link_id)
    cy = as_(cast.cy)
    cy.get(f"/applications/{number}")
    cy.press(f"/applications/{number}/refusal", reason="requirements")
    time.move(minutes=2)  # until then it can be undone
    office.send()
    words = office.box.mails[-1].get_body(("plain",)).get_content()
    assert "You may ask us to review this" in words
    for said in (words, public.get(path).text):
        assert "equirement" not in said
        assert "You may ask us to review this" in said


def test_what_is_missing_shows_to_an_applicant_only_signed_in(
    database, cast, time, as_, public, settings
):
    with database.writing() as db:
        proof = build.requirement(db, time.at, name="Driver's license")
        build.rule(db, time.at, proof, position_id=cast.driver)
        wanted, one = proof.id, build.application(db, cast.sol, cast.driver, time.at)
        number, path = one.id, links.application_path(settings, one.link_id)
    cy = as_(cast.cy)
    cy.post(f"/applications/{number}/review")
    assert "your turn" not in public.get(path).text
    page = as_(cast.sol).get(f"/me/applications/{number}").text
    assert "your turn" in page
    assert f'href="/me/paperwork/{wanted}"' in page


def test_the_review_is_shown_for_a_day_however_quick_it_was(database, cast, time, as_):
    with database.writing() as db:
        number = build.application(db, cast.sol, cast.driver, time.at).id
    as_(cast.cy).post(f"/applications/{number}/review")
    sol = as_(cast.sol)
    assert "our turn" in sol.get(f"/me/applications/{number}").text
    time.move(days=1)
    assert "our turn" not in sol.get(f"/me/applications/{number}").text


@pytest.mark.both_databases
def test_a_background_check_is_asked_for_when_the_review_begins(database, cast, time, as_):
    with database.writing() as db:
        check = build.requirement(
            db, time.at, kind="background_check", name="Check", verifier="screener",
            validity="months", months=24, check_path="company",
        )  # fmt: skip
        build.check_texts(db, check, time.at)
        build.rule(db, time.at, check, position_id=cast.driver)
        number, wanted = build.application(db, cast.sol, cast.driver, time.at).id, check.id
    as_(cast.cy).post(f"/applications/{number}/review")
    with database.reading() as db:
        asked = db.scalars(select(BackgroundCheck)).one()
        assert (asked.person_id, asked.requirement_id) == (cast.sol, wanted)


def test_the_estimate_given_is_kept_and_shown_to_staff(database, cast, time, as_):
    """Six people took 20 to 25 days: the seventh reads a date, and staff what was said."""
    cy = build.viewer(cast.cy)
    for days in range(20, 26):
        with database.writing() as db:
            one = build.application(db, f"Person {days}", cast.driver, time.at)
            review.start_review(Act(db, cy, time.at), one, None, build.SETTINGS)
            at = time.at + timedelta(days=days)
            review.accept(Act(db, cy, at), one, at.date())
            verbs.accept_role(Act(db, build.viewer(one.person_id), at), one, "UTC")
    time.move(days=30)
    with database.writing() as db:
        opportunity = build.opportunity(db, cast.driver, time.at).id
        number = build.application(db, "Nia Park", cast.driver, time.at).id
    assert "Most people start around" in as_(cast.sol).get(f"/opportunities/{opportunity}").text
    one = applications(database)[-1]
    assert one.id == number
    assert (
        20 <= (one.expected_from - time.at.date()).days <= (one.expected_to - time.at.date()).days
    )
    assert "We told them" in as_(cast.cy).get(f"/applications/{number}").text


def test_an_opportunity_is_written_published_and_taken_back(database, cast, as_, public):
    cy = as_(cast.cy)
    cy.get("/postings/new")
    cy.press(
        "/postings", position=str(cast.driver), title="Drive", days=["6", "0"], times=["evening"]
    )
    with database.reading() as db:
        row = db.scalars(select(Opportunity)).one()
        assert (row.weekdays, row.daytimes, row.published_at) == (65, 4, None)
    assert "Drive" not in public.get("/opportunities.json").text
    cy.press(f"/postings/{row.id}/publication")
    assert "Drive" in public.get("/opportunities?day=6").text
    page = cy.get(f"/postings/{row.id}").text
    boxes = [fields for to, fields in forms_of(page) if to == f"/postings/{row.id}"]
    assert set(boxes[0]["days"]) == {"6", "0"}
    cy.press(f"/postings/{row.id}/closing")
    assert "Drive" not in public.get("/opportunities.json").text


def test_the_board_shows_each_stage_with_whom_it_waits_for(database, cast, time, as_):
    with database.writing() as db:
        cy = Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at)
        build.application(db, "Nia New", cast.driver, time.at)
        held = build.application(db, "Hal Held", cast.driver, time.at)
        review.start_review(cy, held, None, build.SETTINGS)
        review.hold(cy, held, Hold.APPLICANT, None)
        build.application(db, "Uri Stone", cast.host, time.at)
    time.move(days=3)
    cy = as_(cast.cy)
    page = cy.get("/applications/board").text
    for said in ("Nia New", "Hal Held", "3 days in this stage", "their turn", "our turn"):
        assert said in page
    assert "Uri Stone" not in page  # another program
    assert "Hal Held" not in cy.get("/applications/board?owner=none").text
    assert as_(cast.ana).get("/applications/board").status_code == 404
