"""Whoever has ended, is on leave, or lost a role is on nothing that is coming any more."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import exists, func, select

from portal.act import Act
from portal.messages.models import Message
from portal.outreach import speaker_offers
from portal.outreach.talk_models import OPEN_OFFERS, Presentation, SpeakerOffer
from portal.people import memberships, supervision
from portal.people.models import Departure, Membership, Person, Status
from portal.people.traits import Supervision
from portal.permissions import Role
from portal.programs import authority, placements
from portal.programs.models import Placement, PlacementState
from portal.settings import Settings
from portal.shifts import regulars, signups, waiting
from portal.shifts.models import Shift, Signup, SignupState, Slot
from portal.shifts.pattern_models import Regular
from portal.shifts.waiting_models import Waiting
from portal.training import enrolments, sessions
from portal.training.models import CURRENT, CourseSession, Enrolment, SessionTrainer
from portal.web.errors import Preview
from tests import build
from tests.worker import round_of_work

both = pytest.mark.both_databases
ZONE = "America/New_York"


def work(database, time) -> None:
    while round_of_work(database, Settings(), time.at):
        pass


def end(database, person_id, at, status=Status.ENDED) -> None:
    with database.writing() as db:
        person = db.get_one(Person, person_id)
        authority.set_status(Act(db, build.OFFICE, at), person, status)


@pytest.fixture
def coming(database, cast, time):
    """Ana on everything: two shifts, a recurring one, a waitlist, a course, and she gives one, too."""
    with database.writing() as db:
        for place in range(2):
            shift = build.shift(
                db, cast.driver, starts=build.NOON + timedelta(days=place), places=2
            )
            signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift.id)
        full = build.shift(db, cast.driver, starts=build.NOON + timedelta(days=4), places=1)
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, full.id)
        waiting.join(Act(db, build.viewer(cast.ana), time.at), cast.ana, build.slot_of(db, full.id))
        desk = build.shift(db, cast.desk, starts=build.NOON + timedelta(days=2))
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, desk.id)
        pattern = build.pattern(db, cast.driver, time.at)
        first = db.scalars(
            select(Shift.id)
            .where(Shift.pattern_id == pattern.id, Shift.starts_at > time.at)
            .order_by(Shift.starts_at)
        ).first()
        act = Act(db, build.viewer(cast.ana), time.at)
        how = (cast.ana, first, cast.driver, 1, None, (), False)
        try:
            with db.begin_nested():
                regulars.take(act, *how, "")
        except Preview as preview:
            seen = preview.seen
        regulars.take(act, *how, seen)
        course = build.course(db, time.at, program_id=cast.rides)
        session = build.session(db, course, starts=build.NOON + timedelta(days=6))
        enrolments.enrol(Act(db, build.viewer(cast.ana), time.at), cast.ana, session.id)
        supervision.give(
            Act(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)), time.at),
            cast.ana,
            cast.cy,
            cast.rides,
            date(2026, 12, 1),
        )


def on(database, person_id) -> set[str]:
    """What a person is on, of all that is coming."""
    found = set()
    with database.reading() as db:
        questions = {
            "shifts": select(Signup.id).where(
                Signup.person_id == person_id, Signup.state == SignupState.SIGNED_UP
            ),
            "waitlists": select(Waiting.id).where(
                Waiting.person_id == person_id, Waiting.state.in_(("waiting", "offered"))
            ),
            "recurring": select(Regular.id).where(
                Regular.person_id == person_id, Regular.ended_at.is_(None)
            ),
            "training": select(Enrolment.id).where(
                Enrolment.person_id == person_id, Enrolment.state.in_(CURRENT)
            ),
            "supervision": select(Supervision.id).where(
                Supervision.person_id == person_id, Supervision.last_day.is_(None)
            ),
            "presentations": select(SpeakerOffer.id).where(
                SpeakerOffer.person_id == person_id, SpeakerOffer.state.in_(OPEN_OFFERS)
            ),
        }
        for name, question in questions.items():
            if db.scalars(question).first() is not None:
                found.add(name)
    return found


@both
def test_whoever_ended_is_on_nothing_and_the_coordinators_are_told(database, cast, time, coming):
    assert on(database, cast.ana) == {
        "shifts", "waitlists", "training", "supervision", "recurring",
    }  # fmt: skip
    end(database, cast.ana, time.at)
    work(database, time)
    assert on(database, cast.ana) == set()
    with database.reading() as db:
        told = db.scalars(select(Message).where(Message.kind == "person.left")).all()
        assert {one.person_id for one in told} == {cast.cy}
        filled = db.scalars(select(Slot.filled).join(Shift).where(Shift.title == "")).all()
        assert db.scalar(select(func.count()).select_from(Departure)) == 0
        states = set(db.scalars(select(Placement.state).where(Placement.person_id == cast.ana)))
    assert states == {PlacementState.ENDED}
    assert sum(filled) == 1  # Bo, who stays


@both
def test_a_leave_frees_what_is_coming_and_keeps_the_roles(database, cast, time, coming):
    end(database, cast.ana, time.at, Status.ON_LEAVE)
    work(database, time)
    assert on(database, cast.ana) == {"supervision"}
    with database.reading() as db:
        states = set(db.scalars(select(Placement.state).where(Placement.person_id == cast.ana)))
    assert states == {PlacementState.ACTIVE}


@both
def test_the_end_of_a_role_frees_its_shifts_after_the_last_day(database, cast, time, coming):
    with database.writing() as db:
        driver = db.scalars(
            select(Placement).filter_by(person_id=cast.ana, position_id=cast.driver)
        ).one()
        placements.end_placement(
            Act(db, build.OFFICE, time.at), driver, date(2026, 12, 10), "was moved"
        )
    work(database, time)
    with database.reading() as db:
        left = db.execute(
            select(Slot.position_id, Shift.starts_at)
            .join(Shift, Shift.id == Slot.shift_id)
            .join(Signup, Signup.slot_id == Slot.id)
            .where(Signup.person_id == cast.ana, Signup.state == SignupState.SIGNED_UP)
            .order_by(Shift.starts_at)
        ).all()
    days = {
        position: [row.starts_at.day for row in left if row.position_id == position]
        for position in (cast.driver, cast.desk)
    }
    assert max(days[cast.driver]) == 10
    assert days[cast.desk] == [12]
    with database.reading() as db:
        recurring = db.scalars(select(Regular).where(Regular.person_id == cast.ana)).one()
        assert (recurring.last_day, recurring.ended_at) == (date(2026, 12, 10), None)


@both
@pytest.mark.parametrize(("who", "other", "stays"), [
    ("sol", None, False), ("bo", None, True), ("sol", Role.TRAINER, True), ("sol", Role.SCREENER, False),
])  # fmt: skip
def test_a_trainer_who_loses_the_staff_role_gives_only_what_another_role_lets_them(
    database, cast, time, who, other, stays
):
    """Bo has a role in the program besides."""
    person = getattr(cast, who)
    with database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), person, Role.TRAINER, cast.rides)
        course = build.course(db, time.at, program_id=cast.rides)
        session = build.session(db, course, starts=build.NOON + timedelta(days=6))
        sessions.add_trainer(Act(db, build.OFFICE, time.at), session, db.get_one(Person, person))
        held = db.scalars(select(Membership.id).filter_by(person_id=person)).one()
        if other:
            memberships.grant(Act(db, build.OFFICE, time.at), person, other, None)
        memberships.end(Act(db, build.OFFICE, time.at), held, ZONE)
    work(database, time)
    with database.reading() as db:
        assert (db.scalars(select(SessionTrainer.ended_at)).one() is None) is stays


@both
def test_a_speaker_keeps_a_talk_when_a_staff_role_ends_that_it_did_not_rest_on(
    database, cast, time, settings
):
    with database.writing() as db:
        topic = build.topic(db, time.at)
        build.speaker(db, cast.ana, [topic.id], time.at)
        talk = build.talk(db, time.at, settings, topics=[topic.id])
        person = db.get_one(Person, cast.ana)
        offer = speaker_offers.ask(
            Act(db, build.OFFICE, time.at), talk, person, speaker_offers.OfferTerms()
        )
        speaker_offers.accept(Act(db, build.viewer(cast.ana), time.at), offer)
        memberships.grant(Act(db, build.OFFICE, time.at), cast.ana, Role.SCREENER, None)
        held = db.scalars(select(Membership.id).filter_by(person_id=cast.ana)).one()
        memberships.end(Act(db, build.OFFICE, time.at), held, ZONE)
    work(database, time)
    assert on(database, cast.ana) == {"presentations"}


@both
def test_P10_whose_last_role_in_a_shelter_ends_is_off_its_coming_sessions(database, cast, time):
    with database.writing() as db:
        course = build.course(db, time.at, program_id=cast.shelter)
        session = build.session(
            db, course, starts=build.NOON + timedelta(days=6), site_id=cast.house
        )
        enrolments.enrol(Act(db, build.viewer(cast.hana), time.at), cast.hana, session.id)
        role = db.scalars(select(Placement).filter_by(person_id=cast.hana)).one()
        placements.end_placement(Act(db, build.OFFICE, time.at), role, time.at.date(), "")
    work(database, time)
    time.move(days=1)
    work(database, time)
    with database.reading() as db:
        assert db.scalars(select(Enrolment.state)).one() == "removed"


@both
def test_what_is_freed_of_no_program_is_told_to_the_administrators(database, cast, time):
    with database.writing() as db:
        course = build.course(db, time.at)
        session = build.session(db, course, starts=build.NOON + timedelta(days=6))
        sessions.add_trainer(Act(db, build.OFFICE, time.at), session, db.get_one(Person, cast.sol))
    end(database, cast.sol, time.at)
    work(database, time)
    with database.reading() as db:
        told = select(Message.person_id).where(Message.kind == "person.left")
        assert db.scalars(told).all() == [cast.ada]


@both
def test_a_speaker_who_ended_is_off_and_the_next_is_asked(database, cast, time, settings):
    with database.writing() as db:
        topic = build.topic(db, time.at)
        build.speaker(db, cast.ana, [topic.id], time.at)
        talk = build.talk(db, time.at, settings, topics=[topic.id])
        terms = speaker_offers.OfferTerms()
        person = db.get_one(Person, cast.ana)
        offer = speaker_offers.ask(Act(db, build.OFFICE, time.at), talk, person, terms)
        speaker_offers.accept(Act(db, build.viewer(cast.ana), time.at), offer)
    assert on(database, cast.ana) == {"presentations"}
    end(database, cast.ana, time.at)
    work(database, time)
    assert on(database, cast.ana) == set()


@both
def test_a_staff_role_that_ends_leaves_a_volunteer_s_own_shifts(database, cast, time, coming):
    with database.writing() as db:
        memberships.grant(Act(db, build.OFFICE, time.at), cast.ana, Role.OUTREACH_CLERK, None)
        held = db.scalars(select(Membership.id).filter_by(person_id=cast.ana)).one()
        memberships.end(Act(db, build.OFFICE, time.at), held, ZONE)
    work(database, time)
    assert "shifts" in on(database, cast.ana)


@both
def test_whoever_is_back_before_the_worker_comes_keeps_everything(database, cast, time, coming):
    end(database, cast.ana, time.at, Status.ON_LEAVE)
    end(database, cast.ana, time.at, Status.ACTIVE)
    with database.writing() as db:
        driver = db.scalars(
            select(Placement).filter_by(person_id=cast.ana, position_id=cast.driver)
        ).one()
        placements.end_placement(Act(db, build.OFFICE, time.at), driver, date(2026, 12, 2), "")
        build.place(db, cast.ana, cast.driver, time.at)
    work(database, time)
    assert on(database, cast.ana) >= {"shifts", "training", "waitlists", "recurring"}


@both
def test_a_worker_that_is_killed_leaves_the_rest_to_the_next(
    database, cast, time, coming, monkeypatch
):
    end(database, cast.ana, time.at)

    class Killed(BaseException):
        pass

    def dies(*given):
        raise Killed

    monkeypatch.setattr("portal.training.leaving.enrolments.remove", dies)
    with pytest.raises(Killed):
        work(database, time)
    assert "shifts" in on(database, cast.ana)  # all of it, or nothing
    monkeypatch.undo()
    work(database, time)
    assert on(database, cast.ana) == set()


def nobody_without_a_right(database) -> None:
    """No one who ended, or has no role on its day, stands on a coming shift."""
    with database.reading() as db:
        right = exists().where(
            Placement.person_id == Signup.person_id,
            Placement.position_id == Slot.position_id,
            (Placement.state == PlacementState.ACTIVE)
            | (
                (Placement.state == PlacementState.ENDED)
                & (Placement.ends_on >= func.date(Shift.starts_at))
            ),
        )
        wrong = db.execute(
            select(Signup.person_id, Shift.starts_at)
            .join(Shift, Shift.id == Signup.shift_id)
            .join(Slot, Slot.id == Signup.slot_id)
            .join(Person, Person.id == Signup.person_id)
            .where(
                Signup.state == SignupState.SIGNED_UP,
                (Person.status != Status.ACTIVE) | ~right,
            )
        ).all()
        open_offers = db.scalars(
            select(SpeakerOffer.id)
            .join(Person, Person.id == SpeakerOffer.person_id)
            .join(Presentation, Presentation.id == SpeakerOffer.presentation_id)
            .where(SpeakerOffer.state.in_(OPEN_OFFERS), Person.status != Status.ACTIVE)
        ).all()
        learning = db.scalars(
            select(Enrolment.id)
            .join(Person, Person.id == Enrolment.person_id)
            .join(CourseSession, CourseSession.id == Enrolment.session_id)
            .where(Enrolment.state.in_(CURRENT), Person.status != Status.ACTIVE)
        ).all()
    assert (wrong, open_offers, learning) == ([], [], [])


@pytest.mark.parametrize("seed", range(2))
def test_nobody_without_a_current_right_stands_on_anything_coming(database, cast, time, seed):
    """Walks of signing up, ending, leaves and roles that end, with the worker in between."""
    roll = random.Random(seed)
    people = (cast.ana, cast.bo)
    with database.writing() as db:
        shifts = [
            build.shift(db, cast.driver, starts=build.NOON + timedelta(days=day), places=3).id
            for day in range(8)
        ]
    for _ in range(25):
        person_id = roll.choice(people)
        act = roll.randrange(5)
        try:
            with database.writing() as db:
                person = db.get_one(Person, person_id)
                if act < 2:
                    viewer = build.viewer(person_id)
                    signups.sign_up(Act(db, viewer, time.at), person_id, roll.choice(shifts))
                elif act == 2:
                    status = roll.choice([Status.ENDED, Status.ON_LEAVE])
                    authority.set_status(Act(db, build.OFFICE, time.at), person, status)
                elif act == 3:
                    authority.set_status(Act(db, build.OFFICE, time.at), person, Status.ACTIVE)
                    build.place(db, person_id, cast.driver, time.at)
                else:
                    held = db.scalars(
                        select(Placement).filter_by(
                            person_id=person_id, position_id=cast.driver, state="active"
                        )
                    ).first()
                    if held:
                        last = date(2026, 12, 8) + timedelta(days=roll.randrange(8))
                        placements.end_placement(Act(db, build.OFFICE, time.at), held, last, "")
        except Exception as error:
            if type(error).__name__ not in ("Refused", "NotFound"):
                raise
        work(database, time)
        nobody_without_a_right(database)
