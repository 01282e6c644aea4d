"""The states of an application: no way around a review or a hold, and every step leaves a trail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import func, select
from sqlalchemy import text as sql
from sqlalchemy.orm.exc import StaleDataError

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.people.models import Person, Status
from portal.people.people import lock_people
from portal.permissions import NOBODY
from portal.programs import authority, placements
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationEvent,
    ApplicationState,
    DeclineReason,
    Hold,
)
from portal.programs.applications import NEXT
from portal.programs.models import Placement, Position
from portal.recruitment import applications, review
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.web.errors import Refused
from tests import build

ZONE = "America/New_York"
DAY = date(2026, 11, 20)
STEPS = {
    "review": lambda act, one: review.start_review(act, one, None, build.SETTINGS),
    "hold": lambda act, one: review.hold(act, one, Hold.REFERENCES, None),
    "keep": lambda act, one: review.hold(act, one, Hold.NO_OPENING, date(2027, 5, 1)),
    "resume": lambda act, one: review.resume(act, one),
    "accept": lambda act, one: review.accept(act, one, DAY),
    "take_back": lambda act, one: review.take_offer_back(act, one),
    "yes": lambda act, one: applications.accept_role(act, one, ZONE),
    "decline": lambda act, one: review.decline(act, one, DeclineReason.TIMES, ""),
    "withdraw": lambda act, one: applications.withdraw(act, one),
    "place": lambda act, one: _place(act, one),
}


def _place(act, one) -> None:
    if one.person is None or one.state not in OPEN_APPLICATIONS:
        raise NoPerson  # a role may be assigned anew after an application is over
    placements.place(act, one.person, one.position, DAY)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(some.lists(some.sampled_from(sorted(STEPS)), max_size=9))
def test_no_path_leads_around_a_review_or_a_hold_and_each_leaves_a_trail(
    database, cast, time, steps
):
    cy = build.viewer(cast.cy)
    with database.writing() as db:
        number = build.application(db, "Ned Ott", cast.driver, time.at).id
    states = [ApplicationState.SUBMITTED]
    for step in steps:
        before = trail(database, number)
        try:
            moved(database, cy, time, number, step)
        except (Refused, NoPerson):
            assert trail(database, number) == before
            continue
        state, stepped, entries = trail(database, number)
        assert state in NEXT[states[-1]]
        assert stepped > before[1]
        assert entries > before[2]
        states.append(state)
    with database.reading() as db:
        one = db.get_one(Application, number)
        placed = db.scalar(
            select(Placement.id).where(
                Placement.person_id == one.person_id, Placement.position_id == cast.driver
            )
        )
        assert (one.state == ApplicationState.PLACED) == (placed is not None)
        assert one.placement_id == placed
    if ApplicationState.PLACED in states:
        place = states.index(ApplicationState.PLACED)
        assert ApplicationState.IN_REVIEW in states[:place]
        assert states[place - 1] != ApplicationState.ON_HOLD


class NoPerson(Exception):
    """A stranger cannot be placed: there is no record to place."""


def trail(database, number) -> tuple[ApplicationState, int, int]:
    """The state of an application, and how many steps stand in its history and in the audit."""
    steps = select(func.count()).where(ApplicationEvent.application_id == number)
    entries = select(func.count()).where(
        AuditEntry.subject_kind == "application", AuditEntry.subject_id == number
    )
    with database.reading() as db:
        state = db.get_one(Application, number).state
        return state, db.scalar(steps) or 0, db.scalar(entries) or 0


def moved(database, act_by, time, application_id, step):
    """One step in a transaction of its own."""
    with database.writing() as db:
        one = db.get_one(Application, application_id)
        STEPS[step](Act(db, act_by, time.at), one)


@pytest.fixture
def applied(database, cast, time) -> int:
    with database.writing() as db:
        return build.application(db, cast.sol, cast.driver, time.at).id


@pytest.mark.both_databases
def test_from_an_application_to_a_role(database, cast, time, applied):
    cy = build.viewer(cast.cy)
    for step in ("review", "hold", "resume", "accept", "yes"):
        time.move(days=1)
        moved(database, cy, time, applied, step)
    with database.reading() as db:
        one = db.get_one(Application, applied)
        assert one.state == ApplicationState.PLACED
        assert one.placement is not None
        assert one.placement.starts_on >= DAY
        assert one.owner_id == cast.cy
        assert one.answered_at is not None
        assert db.get_one(Person, cast.sol).status == Status.ACTIVE
        done = db.scalars(select(ApplicationEvent.done).order_by(ApplicationEvent.id)).all()
    assert done == ["submitted", "reviewed", "held", "resumed", "accepted", "placed"]


@pytest.mark.both_databases
@pytest.mark.parametrize("before", [(), ("review", "hold")])
def test_a_role_is_not_assigned_around_a_review_or_a_hold(database, cast, time, applied, before):
    cy = build.viewer(cast.cy)
    for step in before:
        moved(database, cy, time, applied, step)
    with pytest.raises(Refused):
        moved(database, cy, time, applied, "place")
    with database.reading() as db:
        assert db.scalars(select(Placement).filter_by(person_id=cast.sol)).all() == []


@pytest.mark.both_databases
def test_a_stranger_becomes_a_person_only_when_the_review_begins(database, cast, time):
    with database.writing() as db:
        number = build.application(db, "Ned Ott", cast.driver, time.at, phone="(555) 555-8888").id
        assert db.scalars(select(Person).where(Person.name == "Ned Ott")).all() == []
    moved(database, build.viewer(cast.cy), time, number, "review")
    with database.reading() as db:
        ned = db.scalars(select(Person).where(Person.name == "Ned Ott")).one()
        assert (ned.status, ned.email) == (Status.APPLICANT, "")  # no one proved it yet
        assert ned.phones[0].number == "(555) 555-8888"
        assert ned.placed_at is not None  # no longer in the pool of all coordinators
        assert db.get_one(Application, number).person_id == ned.id


@pytest.mark.both_databases
def test_no_one_is_declined_while_a_background_check_is_open(database, cast, time, applied):
    cy = build.viewer(cast.cy)
    moved(database, cy, time, applied, "review")
    with database.writing() as db:
        kind = build.requirement(
            db,
            time.at,
            kind="background_check",
            name="Check",
            verifier="screener",
            check_path="company",
        ).id
        check = BackgroundCheck(
            person_id=cast.sol, requirement_id=kind, state=CheckState.AUTHORIZED, asked_at=time.at
        )
        db.add(check)
    with pytest.raises(Refused, match="Call the screener"):
        moved(database, cy, time, applied, "decline")
    with database.writing() as db:
        db.scalars(select(BackgroundCheck)).one().state = CheckState.STOPPED
    moved(database, cy, time, applied, "decline")


@pytest.mark.both_databases
@pytest.mark.parametrize("ending", ["decline", "withdraw"])
def test_a_check_that_no_one_authorized_ends_with_the_application(
    database, cast, time, applied, ending
):
    cy = build.viewer(cast.cy)
    with database.writing() as db:
        what = build.requirement(
            db, time.at, kind="background_check", name="Check", verifier="screener",
            validity="months", months=24, check_path="company",
        )  # fmt: skip
        build.check_texts(db, what, time.at)
        build.rule(db, time.at, what, position_id=cast.driver)
    moved(database, cy, time, applied, "review")
    by = cy if ending == "decline" else build.viewer(cast.sol)
    moved(database, by, time, applied, ending)
    with database.reading() as db:
        assert db.scalars(select(BackgroundCheck.state)).all() == [CheckState.STOPPED]


def test_a_declined_applicant_is_a_prospect_again_and_may_apply_anew(database, cast, time):
    with database.writing() as db:
        db.get_one(Person, cast.sol).status = Status.PROSPECT
        first = build.application(db, cast.sol, cast.driver, time.at).id
        assert db.get_one(Person, cast.sol).status == Status.APPLICANT
    cy = build.viewer(cast.cy)
    moved(database, cy, time, first, "decline")
    with database.writing() as db:
        assert db.get_one(Person, cast.sol).status == Status.PROSPECT
        build.application(db, cast.sol, cast.driver, time.at)


def test_one_application_for_a_role_is_open_at_a_time(database, cast, time, applied):
    with database.writing() as db, pytest.raises(Refused):
        build.application(db, cast.sol, cast.driver, time.at)
    with database.writing() as db, pytest.raises(Refused):
        build.application(db, cast.ana, cast.driver, time.at)  # who has the role


@pytest.mark.both_databases
def test_two_who_accept_at_once_make_one_role(database, cast, time, applied):
    cy = build.viewer(cast.cy)
    for step in ("review", "accept"):
        moved(database, cy, time, applied, step)

    def accept(_: int) -> bool:
        try:
            moved(database, build.viewer(cast.sol), time, applied, "yes")
        except (Refused, StaleDataError):  # the wrapper of requests tries the second once more
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(accept, range(2))) == 1
    with database.reading() as db:
        assert len(db.scalars(select(Placement).filter_by(person_id=cast.sol)).all()) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("last", ["withdraw", "yes"])
def test_an_applicant_who_ends_meanwhile_gets_no_role(database, cast, time, applied, last):
    """Neither waits for the other forever, and no one who ended has a role or an open application."""
    cy = build.viewer(cast.cy)
    for step in ("review", "accept"):
        moved(database, cy, time, applied, step)
    ended, refused = Event(), []

    def answer() -> None:
        assert ended.wait(60)
        try:
            moved(database, build.viewer(cast.sol), time, applied, last)
        except (Refused, StaleDataError) as error:
            refused.append(error)

    other = Thread(target=answer)
    other.start()
    with database.writing() as db:
        lock_people(db, [cast.sol])
        ended.set()
        while database.dialect == "postgresql" and other.is_alive() and not waits(database):
            pass
        authority.set_status(Act(db, build.OFFICE, time.at), db.get_one(Person, cast.sol), "ended")
    other.join(60)
    assert refused
    with database.reading() as db:
        assert db.get_one(Application, applied).state == ApplicationState.WITHDRAWN
        roles = select(Placement.state).where(Placement.person_id == cast.sol)
        assert "active" not in db.scalars(roles).all()


@pytest.mark.both_databases
def test_a_role_is_given_to_no_one_who_ends_meanwhile(database, cast, time):
    """The same without an application: who was read as active is read anew under the lock."""
    ended, refused = Event(), []

    def give() -> None:
        with database.writing() as db:
            sol, driver = db.get_one(Person, cast.sol), db.get_one(Position, cast.driver)
            assert sol.status != Status.ENDED
            assert ended.wait(60)
            try:
                placements.place(Act(db, build.OFFICE, time.at), sol, driver, DAY)
            except Refused as error:
                refused.append(error)

    if database.dialect == "sqlite":
        pytest.skip("one writes at a time")
    other = Thread(target=give)
    other.start()
    with database.writing() as db:
        authority.set_status(Act(db, build.OFFICE, time.at), db.get_one(Person, cast.sol), "ended")
        db.flush()
        ended.set()
        while other.is_alive() and not waits(database):
            pass
    other.join(60)
    assert refused
    with database.reading() as db:
        assert db.scalars(select(Placement.id).where(Placement.person_id == cast.sol)).all() == []


def waits(database) -> bool:
    with database.reading() as db:
        return bool(db.scalar(sql("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")))


@pytest.mark.both_databases
def test_whoever_ends_has_no_open_application(database, cast, time, applied):
    with database.writing() as db:
        placements.end_all_of(Act(db, build.OFFICE, time.at), cast.sol, DAY, "")
    with database.reading() as db:
        assert db.get_one(Application, applied).state == ApplicationState.WITHDRAWN


def test_the_staff_is_warned_once_before_a_promise_is_broken(database, cast, time, applied):
    with database.reading() as db:
        promised = db.get_one(Application, applied).answer_by
        assert db.scalars(review.answers_due(time.at, ZONE)).all() == []
    days = (promised - time.at.date()).days - 1
    time.move(days=days)
    for _ in range(2):
        with database.writing() as db:
            review.warn(Act(db, NOBODY, time.at), applied, ZONE)
    with database.reading() as db:
        told = db.scalars(select(Message.person_id).where(Message.kind == "application.due")).all()
        assert told == [cast.cy]
    time.move(days=1)
    with database.reading() as db:
        assert db.scalars(review.answers_due(time.at, ZONE)).all() == []


def test_an_answered_application_warns_no_one(database, cast, time, applied):
    moved(database, build.viewer(cast.cy), time, applied, "review")
    time.move(days=30)
    with database.reading() as db:
        assert db.scalars(review.answers_due(time.at, ZONE)).all() == []


def test_every_open_state_can_be_left_and_no_closed_one():
    assert set(NEXT) == set(OPEN_APPLICATIONS)
    assert all(NEXT.values())


def test_moving_on_takes_time_from_when_it_moved(database, cast, time, applied):
    time.move(days=3)
    moved(database, build.viewer(cast.cy), time, applied, "review")
    with database.reading() as db:
        one = db.get_one(Application, applied)
        assert one.state_since - one.received_at == timedelta(days=3)
