"""Matches: nothing of a client before the client's yes, and nothing after the end."""

import random
from datetime import time as clock_time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.cases import candidates, cases, leaving, matches, requests, scopes
from portal.cases.domain import DOMAIN
from portal.cases.models import (
    FILLS,
    KNOWN,
    Case,
    CaseEnd,
    HelpRequest,
    Match,
    MatchEnd,
    MatchState,
    RequestState,
    Said,
)
from portal.commitments.models import Commitment
from portal.messages.envelopes import envelope_of
from portal.messages.models import Message
from portal.people import memberships
from portal.people.departures import Leaver
from portal.people.models import Leaving
from portal.permissions import Role
from portal.shifts import signups
from portal.web.errors import NotFound, Refused
from tests import build
from tests.build import NOON, OFFICE, SETTINGS
from tests.cases.test_cases import asked, coordinator, lee, worker
from tests.shifts.test_races import at_once
from tests.worker import EVERY_NOTICE

__all__ = ["asked", "lee"]
both = pytest.mark.both_databases
DAY = timedelta(days=1)


def proposed(database, cast, time, asked, person) -> int:
    with database.writing() as db:
        row = db.get_one(HelpRequest, asked[1])
        return matches.propose(
            coordinator(db, cast, time), row, person, time.at.date(), SETTINGS
        ).id


@pytest.fixture
def match(database, cast, time, asked) -> int:
    """Ana is asked whether she helps with the ride."""
    return proposed(database, cast, time, asked, cast.ana)


def do(database, act_of, verb, number, **values):
    with database.writing() as db:
        verb(act_of(db), db.get_one(Match, number), **values)


def own(cast, time):
    return lambda db: Act(db, build.viewer(cast.ana), time.at)


def by(cast, time, lee):
    return lambda db: worker(db, cast, time, lee)


STEPS = {
    "accept": {},
    "client_said": {"yes": True, "how": Said.SPOKEN},
    "hand_off": {"knows": False},
    "meet": {},
}


def step(database, cast, time, lee, number, name, **more):
    values = STEPS[name] | more
    if name in ("hand_off", "meet"):
        values["settings"] = SETTINGS
    if name in ("client_said", "meet"):
        values |= {"on": time.at.date(), "today": time.at.date()}
    act_of = own(cast, time) if name == "accept" else by(cast, time, lee)
    do(database, act_of, getattr(matches, name), number, **values)


def state(database, number) -> MatchState:
    with database.reading() as db:
        return db.get_one(Match, number).state


@both
def test_the_whole_way_in_its_order_and_in_no_other(database, cast, time, lee, asked, match):
    names = list(STEPS)
    for number, name in enumerate(names):
        for other in names[number + 1 :]:  # no step before its turn
            with pytest.raises(Refused):
                step(database, cast, time, lee, match, other)
        step(database, cast, time, lee, match, name)
    assert state(database, match) == MatchState.ACTIVE
    with database.reading() as db:
        row = db.get_one(Match, match)
        assert (row.agreed_on, row.agreed_how) == (time.at.date(), Said.SPOKEN)
        assert (row.handed_off_at, row.first_met_on) == (time.at, time.at.date())
        assert row.request.state == RequestState.FILLED
        done = db.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "match")).all()
        assert done == [
            f"match.{one}" for one in ("proposed", "accepted", "agreed", "handed_off", "active")
        ]


@both
def test_of_a_no_and_of_two_who_know_each_other_nothing_is_kept(
    database, cast, time, lee, asked, match
):
    step(database, cast, time, lee, match, "accept")
    step(database, cast, time, lee, match, "client_said", yes=False)
    other = proposed(database, cast, time, asked, cast.bo)
    do(database, lambda db: Act(db, build.viewer(cast.bo), time.at), matches.accept, other)
    step(database, cast, time, lee, other, "client_said")
    step(database, cast, time, lee, other, "hand_off", knows=True)
    with database.reading() as db:
        ended = db.execute(select(Match.end, Match.handed_off_at, Match.asked)).all()
        assert {one.end for one in ended} == {MatchEnd.NOT_NEEDED}
        assert {one.handed_off_at for one in ended} == {None}
        details = db.scalars(select(AuditEntry.detail).where(AuditEntry.action == "match.ended"))
        assert set(details.all()) == {None}
        assert db.get_one(HelpRequest, asked[1]).state == RequestState.OPEN
    told = EVERY_NOTICE["match.not_needed"]
    with database.reading() as db:
        for message in db.scalars(select(Message).where(Message.kind == "match.not_needed")):
            assert told.say(db, envelope_of(message, "en"), SETTINGS, time.at) is not None


def test_a_volunteer_reads_what_is_asked_for_and_only_after_the_handoff_what_to_know(
    database, cast, time, lee, asked, match, as_
):
    ana, page = as_(cast.ana), f"/me/matches/{match}"
    for name in (None, *STEPS):
        if name:
            step(database, cast, time, lee, match, name)
        text = ana.get(page).text
        knows = state(database, match) in KNOWN
        assert "24-0117" not in text
        assert ("Uses a walker." in text) is knows
        assert ("Lee Abara" in text) is (state(database, match) in FILLS)
    with database.reading() as db:
        opened = select(AuditEntry.action).where(
            AuditEntry.action == "case.opened", AuditEntry.actor_id == cast.ana
        )
        assert len(db.scalars(opened).all()) == 2
    do(database, by(cast, time, lee), matches.end, match, how=MatchEnd.DONE)
    assert ana.client.get(page).status_code == 404
    assert "Ride" not in ana.get("/me/matches").text.partition("<main")[2]
    assert as_(cast.bo).client.get(page).status_code == 404


def test_mail_says_only_that_there_is_something_to_see(database, cast, time, lee, asked, match):
    for name in STEPS:
        step(database, cast, time, lee, match, name)
    do(database, by(cast, time, lee), matches.end, match, how=MatchEnd.DONE)
    with database.reading() as db:
        kinds = db.scalars(select(Message.kind).where(Message.kind.like("match.%"))).all()
        for kind in kinds:
            notice = EVERY_NOTICE[kind]
            words = f"{notice.subject.source} {notice.body.source}".lower()
            for secret in ("ride", "walker", "24-0117", "court", "child"):
                assert secret not in words
    assert {"match.proposed", "match.accepted", "match.agreed", "match.ended"} <= set(kinds)


@both
def test_only_cleared_people_in_a_role_that_may_are_asked_and_no_one_twice(
    database, cast, time, lee, asked, match
):
    today = time.at.date()
    with database.writing() as db:
        row = db.get_one(HelpRequest, asked[1])
        found = [one.person_id for one in candidates.candidates(db, row, today, SETTINGS)]
        assert cast.ana not in found
        assert cast.bo in found
        for wrong in (cast.ana, cast.sol, cast.hana, 0):
            with pytest.raises(Refused):
                matches.propose(coordinator(db, cast, time), row, wrong, today, SETTINGS)
        build.rule(db, time.at, build.requirement(db, time.at), position_id=cast.driver)
        db.flush()
        assert candidates.candidates(db, row, today, SETTINGS) == []


@both
def test_a_yes_at_a_set_time_takes_it_and_the_end_gives_it_back(database, cast, time, lee, asked):
    with database.writing() as db:
        row = db.get_one(HelpRequest, asked[1])
        row.day, row.starts, row.ends = NOON.date(), clock_time(12), clock_time(13)
        shift = build.shift(db, cast.driver, starts=NOON).id
    number = proposed(database, cast, time, asked, cast.ana)
    step(database, cast, time, lee, number, "accept")
    with database.writing() as db, pytest.raises(Refused, match="help someone"):
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    do(database, own(cast, time), matches.decline, number)
    with database.writing() as db:
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        kinds = db.scalars(select(Commitment.kind)).all()
        assert kinds == ["shift"]


@both
def test_two_answers_at_once_are_one(database, cast, time, lee, asked, match):
    def accept():
        do(database, own(cast, time), matches.accept, match)

    def withdraw():
        do(database, by(cast, time, lee), matches.end, match, how=MatchEnd.WITHDRAWN)

    at_once(accept, withdraw, accept)
    with database.reading() as db:
        row = db.get_one(Match, match)
        assert row.state == MatchState.ENDED
        assert db.scalar(select(func.count(Commitment.id))) == 0


@both
def test_whoever_leaves_and_what_closes_ends_it(database, cast, time, lee, asked, match):
    step(database, cast, time, lee, match, "accept")
    leaver = Leaver(cast.ana, Leaving.ROLE, cast.rides, cast.driver, time.at)
    with database.writing() as db:
        assert leaving.engaged(db, leaver, time.at) == []  # she has the role still
        ended = Leaver(cast.ana, Leaving.ENDED, None, None, time.at)
        assert len(leaving.engaged(db, ended, time.at)) == 1
        assert leaving.release(db, ended, time.at) == [cast.rides]
    other = proposed(database, cast, time, asked, cast.bo)
    with database.writing() as db:
        cases.close_case(worker(db, cast, time, lee), db.get_one(Case, asked[0]), CaseEnd.MOVED)
        assert db.get_one(Match, other).end == MatchEnd.WITHDRAWN
        assert db.scalars(scopes.own_matches(build.viewer(cast.bo))).all() == []


@both
def test_the_question_is_answered_from_its_message(database, cast, time, asked, match):
    answerable = DOMAIN.answerable["match"]
    with database.writing() as db:
        answerable.answer(own(cast, time)(db), match, "yes")
        assert answerable.follow_up
        assert answerable.follow_up(db, match) == f"/help-requests/{asked[1]}/volunteers"
    assert state(database, match) == MatchState.ACCEPTED


def test_a_coordinator_asks_and_takes_back_but_writes_no_consent(
    database, cast, time, lee, asked, match, as_
):
    cy, here = as_(cast.cy), f"/help-requests/{asked[1]}/volunteers"
    assert "Ana Reyes" in cy.get(here).text
    assert "walker" not in cy.text
    cy.press(f"{here}/{match}/answer", said="yes")
    assert state(database, match) == MatchState.ACCEPTED
    for act, fields in (
        ("consent", {"client": "yes", "on": "2026-12-01", "how": "spoken"}), ("handoff", {"knows": "no"}),
        ("meeting", {"on": "2026-12-01"}), ("end", {"end": "done"}),
    ):  # fmt: skip
        assert cy.post(f"{here}/{match}/{act}", **fields).status_code == 404
        assert as_(cast.mara).post(f"{here}/{match}/{act}", **fields).status_code == 404
    worker_page = as_(lee)
    worker_page.get(here)
    worker_page.press(f"{here}/{match}/consent", client="yes", on="12/1/2026", how="signed")
    assert state(database, match) == MatchState.AGREED
    assert cy.post(f"{here}/{match}/withdrawal").status_code == 404
    worker_page.get("/help-requests/waiting")
    assert "24-0117" in worker_page.text


MOVES = (
    "propose",
    "accept",
    "decline",
    "yes",
    "no",
    "tell",
    "knows",
    "meet",
    "end",
    "leave",
    "withdraw",
)


@pytest.mark.parametrize("seed", range(3))
@both
def test_any_order_shows_nothing_before_the_clients_yes_and_nothing_after_the_end(
    database, cast, time, lee, asked, seed
):
    """Against a slow second computation from the audit: what the volunteer can load is what the steps allow."""
    chance, today = random.Random(seed), time.at.date()
    for _ in range(40):
        move, person = chance.choice(MOVES), chance.choice((cast.ana, cast.bo))
        with database.writing() as db:
            number = db.scalar(
                select(func.max(Match.id)).where(
                    Match.person_id == person, Match.state != MatchState.ENDED
                )
            )
        try:
            with database.writing() as db:
                self, staff = Act(db, build.viewer(person), time.at), worker(db, cast, time, lee)
                row = db.get_one(HelpRequest, asked[1])
                match = db.get(Match, number) if number else None
                if move == "propose":
                    matches.propose(staff, row, person, today, SETTINGS)
                elif match is None:
                    continue
                elif move == "accept":
                    matches.accept(self, match)
                elif move == "decline":
                    matches.decline(self, match)
                elif move in ("yes", "no"):
                    matches.client_said(
                        staff, match, yes=move == "yes", on=today, how=Said.SPOKEN, today=today
                    )
                elif move in ("tell", "knows"):
                    matches.hand_off(staff, match, knows=move == "knows", settings=SETTINGS)
                elif move == "meet":
                    matches.meet(staff, match, today, today, SETTINGS)
                elif move == "withdraw":
                    matches.end(staff, match, MatchEnd.WITHDRAWN)
                else:
                    matches.end(
                        self, match, MatchEnd.VOLUNTEER if move == "leave" else MatchEnd.DONE
                    )
        except Refused:
            pass
        _as_the_steps_say(database, asked)


def _as_the_steps_say(database, asked) -> None:
    with database.reading() as db:
        steps: dict[int, list[str]] = {}
        for entry in db.scalars(
            select(AuditEntry).where(AuditEntry.subject_kind == "match").order_by(AuditEntry.id)
        ):
            steps.setdefault(entry.subject_id, []).append(entry.action.removeprefix("match."))
        current = 0
        for row in db.scalars(select(Match)):
            done = steps[row.id]
            visible = db.scalars(
                scopes.own_matches(build.viewer(row.person_id)).where(Match.id == row.id)
            ).all()
            assert bool(visible) is ("ended" not in done)
            knows = bool(visible) and visible[0].state in KNOWN
            assert knows is ({"agreed", "handed_off"} <= set(done) and "ended" not in done)
            current += "agreed" in done and "ended" not in done
        request = db.get_one(HelpRequest, asked[1])
        assert (request.state == RequestState.FILLED) is (current >= request.people)


def test_it_is_refused_for_a_request_that_is_over_and_for_a_stranger(
    database, cast, time, lee, asked
):
    with database.writing() as db:
        row = db.get_one(HelpRequest, asked[1])
        requests.withdraw(worker(db, cast, time, lee), row)
        with pytest.raises(Refused, match="closed"):
            matches.propose(coordinator(db, cast, time), row, cast.ana, time.at.date(), SETTINGS)
        with pytest.raises(NotFound):
            gone = HelpRequest(id=999)
            matches.propose(Act(db, OFFICE, time.at), gone, cast.ana, time.at.date(), SETTINGS)
        mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
        assert db.scalars(scopes.known_matches(mara)).all() == []


@pytest.mark.parametrize("act", ["consent", "handoff", "meeting", "end"])
def test_Z4_a_caseworker_of_another_program_who_coordinates_this_one_writes_no_step(
    database, cast, time, asked, match, as_, act
):
    """Both roles, each in a program of its own, don't combine."""
    with database.writing() as db:
        office = Act(db, OFFICE, time.at)
        for role, program in ((Role.COORDINATOR, cast.rides), (Role.CASEWORKER, cast.testing)):
            memberships.grant(office, cast.bo, role, program)
    fields = {"client": "no", "on": "12/1/2026", "how": "spoken", "knows": "yes", "end": "done"}
    browser, here = as_(cast.bo), f"/help-requests/{asked[1]}/volunteers"
    assert browser.client.get(here).status_code == 200
    assert browser.post(f"{here}/{match}/{act}", **fields).status_code == 404
    assert state(database, match) == MatchState.PROPOSED
