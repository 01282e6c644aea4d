"""Conflicts of interest hide a case; caps of load; safe contact; a case in other hands."""

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.audit.models import AuditEntry
from portal.cases import candidates as able_people
from portal.cases import cases, conflicts, letters, matches, requests, reviews, scopes
from portal.cases.conflict_models import Conflict, ConflictKind
from portal.cases.models import Case, HelpRequest, Match, MatchState
from portal.cases.settings import MOST_CLIENTS, MOST_SUPERVISED
from portal.messages.models import Message
from portal.people import memberships, supervision
from portal.permissions import Role
from portal.web.errors import Refused
from tests import build
from tests.build import OFFICE, SETTINGS
from tests.cases.test_cases import asked, coordinator, lee, refused, worker
from tests.cases.test_matches import DAY, both, match, proposed, state, step
from tests.shifts.test_races import at_once

__all__ = ["asked", "lee", "match"]


@pytest.fixture
def noor(database, cast, time) -> int:
    """A second caseworker of Rides."""
    with database.writing() as db:
        person = build.person(db, "Noor Haddad", time.at).id
        memberships.grant(Act(db, OFFICE, time.at), person, Role.CASEWORKER, cast.rides)
        return person


def declared(database, act_of, case_id, person, kind=ConflictKind.KIN) -> int:
    with database.writing() as db:
        return conflicts.declare(act_of(db), db.get_one(Case, case_id), person, kind).id


def by(cast, time, person):
    return lambda db: worker(db, cast, time, person)


@both
def test_whoever_has_a_conflict_is_not_asked_and_sees_nothing_of_the_case(
    database, cast, time, lee, noor, asked, match
):
    step(database, cast, time, lee, match, "accept")
    declared(database, by(cast, time, lee), asked[0], cast.ana)
    declared(database, by(cast, time, lee), asked[0], noor)
    declared(database, by(cast, time, lee), asked[0], cast.cy)
    assert state(database, match) == MatchState.ENDED
    with database.reading() as db:
        row = db.get_one(HelpRequest, asked[1])
        assert cast.ana not in able_people.able(db, row, time.at.date(), SETTINGS)
        hers = build.viewer(noor, (Role.CASEWORKER, cast.rides))
        his = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        theirs = build.viewer(lee, (Role.CASEWORKER, cast.rides))
        ways = (
            scopes.readable_cases, scopes.known_cases, scopes.known_requests, scopes.readable_matches,
            scopes.known_matches, scopes.own_matches,
        )  # fmt: skip
        for way in ways:
            assert db.scalars(way(hers)).all() == [], way
            assert db.scalars(way(his)).all() == [], way
        assert len(db.scalars(scopes.known_matches(theirs)).all()) == 1


@both
def test_a_conflict_stops_a_proposal_even_after_the_match_ended(
    database, cast, time, lee, asked, match
):
    number = declared(database, by(cast, time, lee), asked[0], cast.bo)
    assert declared(database, by(cast, time, lee), asked[0], cast.bo) == number  # twice is once
    with pytest.raises(Refused):
        proposed(database, cast, time, asked, cast.bo)


@both
def test_it_ends_only_by_a_second_caseworker(database, cast, time, lee, noor, asked):
    number = declared(database, by(cast, time, lee), asked[0], cast.bo)
    with database.writing() as db:
        row = db.get_one(Conflict, number)
        with pytest.raises(Refused, match="No one asked"):
            conflicts.lift(worker(db, cast, time, noor), row)
        found = refused(
            conflicts.ask_to_lift, worker(db, cast, time, lee), row, "call 555-867-5309"
        )
        assert found == ["reason"]
        conflicts.ask_to_lift(worker(db, cast, time, lee), row, "They moved apart years ago.")
        with pytest.raises(Refused, match="Someone else"):
            conflicts.lift(worker(db, cast, time, lee), row)
    with database.writing() as db:
        conflicts.lift(worker(db, cast, time, noor), db.get_one(Conflict, number))
    assert proposed(database, cast, time, asked, cast.bo)
    with database.reading() as db:
        done = select(AuditEntry.action).where(AuditEntry.subject_kind == "conflict")
        assert db.scalars(done.order_by(AuditEntry.id)).all() == [
            f"conflict.{one}" for one in ("declared", "lift_asked", "lifted")
        ]


def test_a_cases_own_caseworker_hands_it_over_first(database, cast, time, lee, noor, asked, as_):
    page = f"/cases/{asked[0]}"
    with database.writing() as db:
        case = db.get_one(Case, asked[0])
        act = worker(db, cast, time, lee)
        assert refused(conflicts.declare, act, case, lee, ConflictKind.KIN) == ["person"]
        assert refused(cases.hand_over, act, case, cast.ana) == ["caseworker"]
    browser = as_(lee)
    browser.get(page)
    browser.press(f"{page}/caseworker", caseworker=noor)
    browser.get(page)
    browser.press(f"{page}/conflicts", person=lee, conflict="other")
    assert browser.client.get(page).status_code == 404
    with database.reading() as db:
        assert db.get_one(Case, asked[0]).caseworker_id == noor
        assert db.get_one(HelpRequest, asked[1]).caseworker_id == noor
    other = as_(noor)
    assert "Lee Abara" in other.get(page).text
    with database.reading() as db:
        number = db.scalars(select(Conflict.id)).one()
    other.press(f"{page}/conflicts/{number}/reason", reason="they are not related after all")
    assert "another caseworker decides" in other.get(page).text


def test_a_volunteer_who_knows_the_client_stops_without_a_reason(
    database, cast, time, lee, asked, match, as_
):
    page = f"/me/matches/{match}"
    ana = as_(cast.ana)
    assert "I know this person" not in ana.get(page).text
    assert ana.client.post(f"{page}/conflict").status_code in (403, 404)
    for name in ("accept", "client_said", "hand_off"):
        step(database, cast, time, lee, match, name)
    ana.get(page)
    ana.press(f"{page}/conflict")
    assert ana.client.get(page).status_code == 404
    with database.reading() as db:
        row = db.scalars(select(Conflict)).one()
        assert (row.person_id, row.kind) == (cast.ana, ConflictKind.OTHER)
        told = db.scalars(select(Message.person_id).where(Message.kind == "match.declined")).all()
        assert told == [lee]  # the caseworker hears of it


def test_a_coordinator_keeps_someone_from_a_case_by_its_reference(database, cast, time, asked, as_):
    page = f"/help-requests/{asked[1]}"
    browser = as_(cast.cy)
    assert "Bo Tanaka" in browser.get(f"{page}/volunteers").text
    browser.press(f"{page}/conflicts", person=cast.bo, conflict="household")
    assert "Bo Tanaka" not in browser.get(f"{page}/volunteers").text
    stranger = as_(cast.mara)
    assert stranger.client.get(f"{page}/volunteers").status_code == 404


@both
def test_a_volunteer_and_a_supervisor_help_so_many_clients_at_a_time(
    database, cast, time, lee, asked
):
    today = time.at.date()
    with database.writing() as db:
        ride = db.get_one(HelpRequest, asked[1]).function_id
        act = worker(db, cast, time, lee)
        rows = [
            build.help_request(act, ride, today + 5 * DAY, f"24-02{number:02}")
            for number in range(MOST_CLIENTS.default)
        ]
        for row in rows:
            matches.propose(coordinator(db, cast, time), row, cast.ana, today, SETTINGS)
        row = db.get_one(HelpRequest, asked[1])
        with pytest.raises(Refused):
            matches.propose(coordinator(db, cast, time), row, cast.ana, today, SETTINGS)
        assert cast.bo in able_people.able(db, row, today, SETTINGS)
    with database.writing() as db:
        office = Act(db, OFFICE, time.at)
        memberships.grant(office, cast.wes, Role.SUPERVISOR, cast.rides)
        for person in (cast.ana, cast.bo):
            supervision.give(office, person, cast.wes, cast.rides, today)
    with database.writing() as db:
        change(
            Act(db, OFFICE, time.at), MOST_SUPERVISED, MOST_CLIENTS.default, SETTINGS, cast.rides
        )
        row = db.get_one(HelpRequest, asked[1])
        assert cast.bo not in able_people.able(db, row, today, SETTINGS)
        change(
            Act(db, OFFICE, time.at),
            MOST_SUPERVISED,
            MOST_CLIENTS.default + 1,
            SETTINGS,
            cast.rides,
        )
        assert cast.bo in able_people.able(db, row, today, SETTINGS)


def test_a_conflict_and_a_proposal_at_once_leave_no_open_match(database, cast, time, lee, asked):
    """Whichever comes first, the other one sees it."""

    def one():
        declared(database, by(cast, time, lee), asked[0], cast.bo)

    def other():
        proposed(database, cast, time, asked, cast.bo)

    at_once(one, other)
    with database.reading() as db:
        open_ones = select(Match.id).where(
            Match.person_id == cast.bo, Match.state != MatchState.ENDED
        )
        assert db.scalars(open_ones).all() == []
        assert db.scalars(select(Conflict.person_id)).all() == [cast.bo]


@both
def test_safe_contact_is_only_through_the_caseworker_unless_it_says_otherwise(
    database, cast, time, lee, asked, match, as_
):
    for name in ("accept", "client_said", "hand_off"):
        step(database, cast, time, lee, match, name)
    page = f"/me/matches/{match}"
    assert "Only through the caseworker" in as_(cast.ana).get(page).text
    browser = as_(lee)
    browser.get(f"/cases/{asked[0]}/edit")
    browser.press(
        f"/cases/{asked[0]}", contact_ways="call", contact_from="5 pm", contact_until="9 am"
    )
    assert "Enter both times" in browser.text
    browser.press(
        f"/cases/{asked[0]}", contact_ways="call", contact_from="9 am", contact_until="5 pm"
    )
    text = as_(cast.ana).get(page).text
    assert "May call" in text
    assert "9:00" in text
    assert "Only through" not in text


@both
def test_no_case_is_given_to_a_caseworker_who_has_a_conflict_with_it(
    database, cast, time, lee, noor, asked
):
    declared(database, by(cast, time, lee), asked[0], noor)
    with database.writing() as db:
        act, case = worker(db, cast, time, lee), db.get_one(Case, asked[0])
        assert refused(cases.hand_over, act, case, noor) == ["caseworker"]
        function = db.get_one(HelpRequest, asked[1]).function_id
        wanted = build.REQUEST | {"day": time.at.date() + DAY}
        found = refused(requests.ask, act, case, function, noor, wanted, time.at.date())
        assert found == ["requested_by"]


@both
def test_whoever_has_a_conflict_hears_of_no_message_and_is_asked_nothing_afterwards(
    database, cast, time, lee, asked, match
):
    with database.writing() as db:
        office = Act(db, OFFICE, time.at)
        memberships.grant(office, cast.wes, Role.SUPERVISOR, cast.rides)
        supervision.give(office, cast.ana, cast.wes, cast.rides, time.at.date() - DAY)
    for name in ("accept", "client_said", "hand_off", "meet"):
        step(database, cast, time, lee, match, name)
    declared(database, by(cast, time, lee), asked[0], cast.wes)
    with database.writing() as db:
        row = db.get_one(Match, match)
        letters.write(worker(db, cast, time, lee), row, "See you.", time.at.date(), sure=False)
    with database.reading() as db:
        told = db.scalars(select(Message.person_id).where(Message.kind == "match.letter")).all()
        assert told == [cast.ana]
    declared(database, by(cast, time, lee), asked[0], cast.ana)
    with database.reading() as db:
        assert db.scalars(reviews.own_unanswered(build.viewer(cast.ana))).all() == []
