"""Cases and requests for a volunteer: by reference, read by few, every read noted, words erased."""

import sqlite3
from datetime import date, timedelta
from datetime import time as clock_time

import pytest
from sqlalchemy import String, Text, select
from sqlalchemy.exc import OperationalError

from portal.act import Act
from portal.app import DOMAINS
from portal.audit.models import AuditEntry
from portal.cases import cases, functions, identifiers, lists, requests, scopes
from portal.cases.forms import CaseForm, NewCaseForm, RequestForm
from portal.cases.models import (
    Case,
    CaseEnd,
    DistrictSize,
    HelpFunction,
    HelpRequest,
    RequestState,
    Unmet,
)
from portal.cases.settings import WORDS_DAYS
from portal.columns import Base
from portal.people import memberships
from portal.people.models import Membership
from portal.people.skills import add_skill
from portal.people.traits import SkillKind
from portal.permissions import GRANTS, Permission, Role
from portal.programs.models import Program, Visibility
from portal.web.errors import Refused, Stale
from portal.web.page import Post
from tests import build
from tests.build import OFFICE, SETTINGS
from tests.shifts.test_races import at_once
from tests.worker import round_of_work

both = pytest.mark.both_databases
DAY, NOON_TIME = timedelta(days=1), clock_time(12)


@pytest.fixture
def lee(database, cast, time) -> int:
    """A caseworker of Rides."""
    with database.writing() as db:
        person = build.person(db, "Lee Abara", time.at).id
        memberships.grant(Act(db, OFFICE, time.at), person, Role.CASEWORKER, cast.rides)
        return person


@pytest.fixture
def asked(database, cast, time, lee) -> tuple[int, int]:
    """Lee asks for a ride: the ids of the case and of the request."""
    with database.writing() as db:
        ride = build.function(db, cast.driver, "Ride", time.at).id
        row = build.help_request(worker(db, cast, time, lee), ride, time.at.date() + 5 * DAY)
        return row.case_id, row.id


def worker(db, cast, time, person) -> Act:
    return Act(db, build.viewer(person, (Role.CASEWORKER, cast.rides)), time.at)


def coordinator(db, cast, time) -> Act:
    return Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at)


def refused(verb, *given, **values) -> list[str]:
    """The fields that a verb refuses."""
    with pytest.raises(Refused) as no:
        verb(*given, **values)
    return list(no.value.fields)


FINDS = ("078-05-1120", "555-867-5309", "Maria.Alvarez-1", "12-Larkspur-Lane")
"""What looks like a name, or a number by which someone is found."""


@both
def test_a_reference_is_no_name_and_used_once_in_a_program(database, cast, time, lee):
    with database.writing() as db:
        act = worker(db, cast, time, lee)
        for wrong in ("Ann Reed", "Reed", "", "24 0117", "24-0117\n", "<b>1</b>", "1" * 41, *FINDS):
            assert refused(build.case, act, cast.rides, wrong) == ["reference"]
        made = build.case(act, cast.rides)
        assert refused(build.case, act, cast.rides) == ["reference"]
        assert (made.reference, made.caseworker_id) == ("24-0117", lee)


@both
def test_a_sensitive_program_takes_no_cases(database, cast, time, lee):
    with database.writing() as db:
        db.add(
            Membership(person_id=lee, role=Role.CASEWORKER, program_id=cast.shelter, since=time.at)
        )
        program = db.get_one(Program, cast.shelter)
        assert program.visibility != Visibility.PUBLIC
        act = worker(db, cast, time, lee)
        assert refused(build.case, act, cast.shelter) == ["program"]
        viewer = build.viewer(lee, (Role.CASEWORKER, cast.shelter))
        assert db.scalars(scopes.case_programs(viewer)).all() == []


@both
def test_what_may_tell_who_a_client_is_stops_until_someone_is_sure(database, cast, time, lee):
    with database.writing() as db:
        act = worker(db, cast, time, lee)
        phone = {"needs": "Call 555-867-5309 first"}
        assert refused(build.case, act, cast.rides, **phone) == ["needs"]
        build.case(act, cast.rides, "24-1", needs="Ask Cy Ortega about the walker.")  # staff
        made = build.case(act, cast.rides, "24-2", **phone, sure=True)
        assert made.needs == phone["needs"]
        ride = build.function(db, cast.driver, "Ride", time.at).id
        wrong = build.REQUEST | {"day": time.at.date(), "times": "at 12 Larkspur Lane"}
        assert refused(requests.ask, act, made, ride, lee, wrong, time.at.date()) == ["times"]


@both
def test_a_district_with_few_people_cannot_be_named(database, cast, time, lee):
    with database.writing() as db:
        act = worker(db, cast, time, lee)
        office = Act(db, OFFICE, time.at)
        district = add_skill(
            office, {"kind": SkillKind.DISTRICT, "name": "Lakeside", "translations": {}}
        ).id
        assert refused(build.case, act, cast.rides, district_id=district) == ["district_id"]
        functions.set_residents(office, district, 4_999)
        assert refused(build.case, act, cast.rides, district_id=district) == ["district_id"]
        functions.set_residents(office, district, 5_000)
        assert build.case(act, cast.rides, district_id=district).district_id == district
        assert db.get_one(DistrictSize, district).residents == 5_000


@both
def test_a_first_visit_is_due_when_the_function_says(database, cast, time, lee):
    today = time.at.date()
    with database.writing() as db:
        act = worker(db, cast, time, lee)
        visit = build.function(db, cast.driver, "Visit", time.at, due_days=7).id
        asked = build.help_request(act, visit, today + 3 * DAY)
        assert asked.due_on == today + 3 * DAY  # the day of the visit itself, which is sooner
        late = build.REQUEST | {"lasting": True}
        weekly = requests.ask(act, db.get_one(Case, asked.case_id), visit, lee, late, today)
        assert weekly.due_on == today + 7 * DAY
        hours = build.REQUEST | {"day": today, "starts": NOON_TIME, "ends": NOON_TIME}
        case = db.get_one(Case, asked.case_id)
        assert refused(requests.ask, act, case, visit, lee, hours, today) == ["ends"]
        case = db.get_one(Case, asked.case_id)
        own = build.REQUEST | {"lasting": True, "every_days": 7, "due_on": today + 2 * DAY}
        assert requests.ask(act, case, visit, lee, own, today).due_on == today + 2 * DAY
        never = build.REQUEST | {"day": None}
        assert refused(requests.ask, act, case, visit, lee, never, today) == ["day"]
        past = build.REQUEST | {"day": today - DAY}
        assert refused(requests.ask, act, case, visit, lee, past, today) == ["day"]


@both
def test_a_coordinator_asks_for_a_caseworker_and_for_no_one_else(database, cast, time, lee, asked):
    with database.writing() as db:
        act = coordinator(db, cast, time).but(asked="phone")
        case = db.get_one(Case, asked[0])
        ride = db.scalars(select(HelpFunction.id)).one()
        wanted = build.REQUEST | {"day": time.at.date()}
        row = requests.ask(act, case, ride, lee, wanted, time.at.date())
        assert (row.caseworker_id, row.asked) == (lee, "phone")
        for other in (cast.cy, cast.ana, 0):
            given = (act, case, ride, other, wanted, time.at.date())
            assert refused(requests.ask, *given) == ["requested_by"]


@both
def test_a_stale_save_is_refused_and_closing_withdraws_what_looks(database, cast, time, lee, asked):
    with database.writing() as db:
        act = worker(db, cast, time, lee)
        case = db.get_one(Case, asked[0])
        with pytest.raises(Stale):
            cases.edit_case(act, case, build.CASE, case.version + 1, SETTINGS)
        cases.close_case(act, case, CaseEnd.SERVED)
        cases.close_case(act, case, CaseEnd.OTHER)
        assert case.end == CaseEnd.SERVED
        assert db.get_one(HelpRequest, asked[1]).state == RequestState.WITHDRAWN
        with pytest.raises(Refused, match="closed"):
            cases.edit_case(act, case, build.CASE, case.version, SETTINGS)


@both
def test_an_unmet_request_says_why_and_ends_once(database, cast, time, lee, asked):
    with database.writing() as db:
        act = coordinator(db, cast, time)
        row = db.get_one(HelpRequest, asked[1])
        requests.give_up(act, row, Unmet.LANGUAGE)
        requests.give_up(act, row, Unmet.LANGUAGE)
        assert (row.state, row.unmet) == (RequestState.UNMET, Unmet.LANGUAGE)
        with pytest.raises(Refused, match="closed"):
            requests.withdraw(act, row)
        assert lists.open_requests(db, act.by, "", time.at.date()) == []


@both
def test_what_was_typed_is_erased_some_days_after_a_case_closes(database, cast, time, lee, asked):
    with database.writing() as db:
        row = db.get_one(HelpRequest, asked[1])
        row.times = "Tuesday mornings"
        cases.close_case(worker(db, cast, time, lee), db.get_one(Case, asked[0]), CaseEnd.SERVED)
    for days, kept in ((WORDS_DAYS.default - 1, "Uses a walker."), (WORDS_DAYS.default, "")):
        then = time.at + days * DAY
        round_of_work(database, SETTINGS, then)
        round_of_work(database, SETTINGS, then)
        with database.reading() as db:
            case, row = db.get_one(Case, asked[0]), db.get_one(HelpRequest, asked[1])
            assert case.needs == kept
            assert bool(row.times) == bool(kept)
    with database.reading() as db:
        actions = db.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_id == asked[0])
        ).all()
        assert actions.count("case.words_erased") == 1


WORDS = {
    "client_case": {"reference", "needs", "safety", "contact_ways"},
    "case_conflict": {"reason"},
    "help_request": {"times", "asked", "zone"},
    "case_match": {"asked"},
    "contact": {"topics", "note", "asked"},
    "match_follow_up": {"words"},
    "match_letter": {"words"},
    "contact_draft": {"typed"},
    "emergency_access": {"reason"},
    "help_function": {"name"},
}
"""Every column of text that belongs to cases: each is known here, and none is for a name or a place (P1)."""


def test_P1_no_column_is_for_a_name_or_a_place_and_each_text_is_known():
    for table, known in WORDS.items():
        columns = Base.metadata.tables[table].columns
        texts = {
            one.name
            for one in columns
            if type(one.type) in (String, Text) or one.type.__class__.__name__ == "Word"
        }
        assert texts == known, table
    assert not any("name" in field or "address" in field for field in NewCaseForm()._fields)


def test_no_form_of_cases_takes_a_file_and_no_address_says_more_than_an_id():
    own = next(domain for domain in DOMAINS if domain.name == "cases")
    for page in own.pages:
        assert set(page.path.strip("/").split("/")) <= {
            "cases", "search", "me", "matches", "volunteers", "waiting", "answer", "consent", "handoff", "meeting", "end", "{case_match_id:id}", "new", "edit", "closing", "requests", "help-requests", "withdrawal", "unmet", "programs",
            "help-functions", "districts", "{case_id:id}", "{help_request_id:id}", "{program_id:id}", "{function_id:id}", "conflicts", "conflict", "reason", "caseworker", "{conflict_id:id}", "contacts", "draft", "removal", "done", "letters", "review",
            "follow-ups", "seen", "{visit_id:id}", "{to_do_id:id}", "emergency-access", "{emergency_access_id:id}", "report", "report.csv", "date",
        }  # fmt: skip
        if isinstance(page, Post):
            assert not page.largest
    for form in (CaseForm, RequestForm, NewCaseForm):
        assert not any("File" in field.type for field in form())


SEES = {Role.CASEWORKER: (True, True), Role.COORDINATOR: (False, True)}
"""Who reads cases whole, and who knows of them by their reference."""


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("where", ["own", "other", "agency"])
@both
def test_who_sees_what_is_as_the_table_says(database, cast, time, asked, role, where):
    """One test for each cell: role by where it is held."""
    if where == "agency" and role in SEES:
        pytest.skip("no one holds it for the agency")
    program = {"own": cast.rides, "other": cast.testing, "agency": None}[where]
    viewer = build.viewer(cast.ana, *([(role, program)] if role else []))
    whole, known = SEES.get(role, (False, False)) if where == "own" else (False, False)
    with database.reading() as db:
        assert bool(db.scalars(scopes.readable_cases(viewer)).all()) is whole
        assert bool(db.scalars(scopes.readable_matches(viewer)).all()) is False
        assert bool(db.scalars(scopes.known_cases(viewer)).all()) is known
        assert bool(db.scalars(scopes.known_requests(viewer)).all()) is known


def test_no_one_is_given_cases_with_another_role():
    for permission, roles in (
        (Permission.CASES_READ, {Role.CASEWORKER}),
        (Permission.CASES_REQUEST, {Role.CASEWORKER, Role.COORDINATOR}),
    ):
        assert {role for role, grants in GRANTS.items() if permission in grants} == roles


def test_a_caseworker_belongs_to_a_program(database, cast, time):
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        assert refused(memberships.grant, act, cast.bo, Role.CASEWORKER, None) == ["program"]


def test_every_read_is_noted_before_the_answer_and_shown_to_the_caseworker(
    database, cast, time, lee, asked, as_
):
    browser = as_(lee)
    page = browser.get(f"/cases/{asked[0]}").text
    browser.get("/cases")
    with database.reading() as db:
        noted = db.scalars(
            select(AuditEntry.action).where(
                AuditEntry.actor_id == lee, AuditEntry.action.like("case.%")
            )
        ).all()
    assert noted[-2:] == ["case.opened", "case.listed"]
    cy = as_(cast.cy)
    for path in (f"/help-requests/{asked[1]}", f"/cases/{asked[0]}/requests/new"):
        cy.get(path)
    with database.reading() as db:
        seen = select(AuditEntry.subject_id).where(AuditEntry.action == "case.seen")
        assert db.scalars(seen).all() == [asked[0]] * 2
    assert "Uses a walker." in page
    assert "Lee Abara opened it" in " ".join(browser.get(f"/cases/{asked[0]}").text.split())


def test_a_case_that_cannot_be_noted_is_not_shown(database, cast, lee, asked, as_, monkeypatch):
    def broken(*_, **__):
        raise OperationalError("", {}, sqlite3.OperationalError("database is locked"))

    browser = as_(lee)
    monkeypatch.setattr("portal.cases.reading.record", broken)
    monkeypatch.setattr("portal.cases.cases.record", broken)
    answer = browser.client.get(f"/cases/{asked[0]}")
    assert answer.status_code == 503
    assert "walker" not in answer.text
    for path, fields in (
        (f"/cases/{asked[0]}/closing", {"end": "served"}),
        (f"/cases/{asked[0]}", {}),
    ):
        answer = browser.post(path, **fields)  # the form comes back on the page of the case
        assert answer.status_code == 503
        assert "walker" not in answer.text


def test_what_is_typed_is_not_kept_when_the_session_ends_in_between():
    for form in (CaseForm, RequestForm, NewCaseForm):
        assert form.kept is False


def test_a_stale_save_shows_everything_that_someone_else_saved(
    database, cast, time, lee, asked, as_
):
    browser = as_(lee)
    browser.get(f"/cases/{asked[0]}/edit")
    with database.writing() as db:
        case = db.get_one(Case, asked[0])
        given = build.CASE | {"needs": "Deaf.", "safety": "pairs"}
        cases.edit_case(worker(db, cast, time, lee), case, given, case.version, SETTINGS)
    text = browser.press(f"/cases/{asked[0]}", needs="Mine").text
    assert browser.response.status_code == 409
    saved = text[text.index("Saved by someone else") :]
    assert "Go in pairs" in saved[:400]
    assert "Deaf." in saved[:400]


def test_a_case_is_found_by_its_whole_reference_and_no_address_holds_it(cast, lee, asked, as_):
    for person, page in ((lee, f"/cases/{asked[0]}"), (cast.cy, f"/cases/{asked[0]}/requests/new")):
        browser = as_(person)
        browser.get("/cases")
        browser.press("/cases/search", reference="24-0117")
        assert browser.response.url.path == page
    assert as_(cast.mara).post("/cases/search", reference="24-0117").status_code == 422


@both
def test_a_program_that_became_sensitive_takes_nothing_new(database, cast, time, lee, asked):
    with database.writing() as db:
        program = db.get_one(Program, cast.rides)
        program.visibility, program.public_label = Visibility.LABEL, "R"
        db.flush()
        act, case = worker(db, cast, time, lee), db.get_one(Case, asked[0])
        assert refused(cases.edit_case, act, case, build.CASE, case.version, SETTINGS) == [
            "program"
        ]
        ride = db.scalars(select(HelpFunction.id)).one()
        wanted = build.REQUEST | {"day": time.at.date()}
        given = (act, case, ride, lee, wanted, time.at.date())
        assert refused(requests.ask, *given) == ["program"]


@both
def test_a_request_and_the_end_of_its_case_at_once_leave_nothing_open(
    database, cast, time, lee, asked
):
    def ask():
        with database.writing() as db:
            ride = db.scalars(select(HelpFunction.id)).one()
            wanted = build.REQUEST | {"day": time.at.date()}
            case = db.get_one(Case, asked[0])
            requests.ask(worker(db, cast, time, lee), case, ride, lee, wanted, time.at.date())

    def close():
        with database.writing() as db:
            case = db.get_one(Case, asked[0])
            cases.close_case(worker(db, cast, time, lee), case, CaseEnd.SERVED)

    at_once(ask, close)
    with database.reading() as db:
        states = db.scalars(select(HelpRequest.state)).all()
        assert set(states) == {RequestState.WITHDRAWN}


@both
def test_U4_every_verb_leaves_an_entry_and_says_where_someone_was_sure(database, cast, time, lee):
    with database.writing() as db:
        act, office = worker(db, cast, time, lee), Act(db, OFFICE, time.at)
        district = add_skill(
            office, {"kind": SkillKind.DISTRICT, "name": "L", "translations": {}}
        ).id
        functions.set_residents(office, district, 9_000)
        ride = build.function(db, cast.driver, "Ride", time.at)
        asked = build.help_request(act, ride.id, time.at.date())
        case = asked.case
        given = build.CASE | {"needs": "Mr. Reed", "sure": True}
        cases.edit_case(act, case, given, case.version, SETTINGS)
        requests.withdraw(act, asked)
        other = build.help_request(act, ride.id, time.at.date(), "24-9")
        requests.give_up(act, other, Unmet.AREA)
        cases.close_case(act, case, CaseEnd.SERVED)
        functions.close_function(office, ride)
    with database.reading() as db:
        done = db.execute(select(AuditEntry.action, AuditEntry.detail)).all()
    assert {action for action, _ in done} >= {
        "district.residents", "help_function.added", "case.added", "help_request.added", "case.edited",
        "help_request.withdrawn", "help_request.unmet", "case.closed", "help_function.closed",
    }  # fmt: skip
    assert ("case.edited", "sure") in {tuple(one) for one in done}


def test_a_coordinator_reads_reference_and_state_and_nothing_typed(cast, lee, asked, as_):
    cy = as_(cast.cy)
    for path in (
        "/cases",
        "/help-requests",
        f"/help-requests/{asked[1]}",
        f"/cases/{asked[0]}/requests/new",
    ):
        text = cy.get(path).text
        assert "24-0117" in text
        assert "walker" not in text
        assert f'href="/cases/{asked[0]}"' not in text
    for person in (cast.ada, cast.mara, cast.ana, cast.sol):
        assert "24-0117" not in as_(person).client.get("/cases").text
        assert as_(person).client.get(f"/help-requests/{asked[1]}").status_code == 404


def test_a_case_and_its_request_are_entered_on_one_page(database, cast, time, lee, as_):
    with database.writing() as db:
        ride = build.function(db, cast.driver, "Ride", time.at).id
    browser = as_(lee)
    browser.get("/cases/new")
    typed = {
        "program": str(cast.rides), "reference": "24-7", "needs": "Ring Mrs. Alvarez", "function": str(ride),
        "kind": "once", "day": "2026-12-09", "people": "1",
    }  # fmt: skip
    answer = browser.press("/cases", **typed)
    assert answer.status_code == 422
    assert "This looks like a name: Mrs. Alvarez" in answer.text.replace("&#39;", "'")
    assert 'value="24-7"' in answer.text
    browser.press("/cases", sure="y")
    assert "Case" in browser.text
    with database.reading() as db:
        row = db.scalars(select(HelpRequest)).one()
        assert (row.case.reference, row.day, row.caseworker_id) == (
            "24-7",
            date(2026, 12, 9),
            lee,
        )


def test_a_coordinator_enters_one_for_a_caseworker_who_phones(database, cast, time, lee, as_):
    with database.writing() as db:
        ride = build.function(db, cast.driver, "Ride", time.at).id
    browser = as_(cast.cy)
    browser.get("/cases/new")
    typed = {
        "program": str(cast.rides), "reference": "24-8", "function": str(ride), "kind": "lasting",
        "every_days": "7", "people": "1",
    }  # fmt: skip
    assert browser.press("/cases", **typed).status_code == 422  # for whom?
    browser.press("/cases", requested_by=str(lee))
    with database.reading() as db:
        row = db.scalars(select(HelpRequest)).one()
        assert (row.caseworker_id, row.asked, row.case.caseworker_id) == (lee, "phone", lee)


@both
def test_functions_belong_to_a_program_and_need_a_role_of_it(database, cast, time, lee):
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        rides = db.get_one(Program, cast.rides)
        for wrong in ([], [cast.host], [cast.driver, cast.host]):
            assert refused(functions.add_function, act, rides, "Ride", None, wrong) == ["roles"]
        ride = functions.add_function(act, rides, "Ride", None, [cast.driver])
        again = (act, rides, "Ride", None, [cast.driver])
        assert refused(functions.add_function, *again) == ["name"]
        functions.close_function(act, ride)
        case = build.case(worker(db, cast, time, lee), cast.rides)
        wanted = build.REQUEST | {"day": time.at.date()}
        given = (worker(db, cast, time, lee), case, ride.id, lee, wanted, time.at.date())
        assert refused(requests.ask, *given) == ["function"]
        assert identifiers.identifiers("Ride") == []
