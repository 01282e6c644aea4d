"""How first shifts were: who is asked, once; who answers, and who reads it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.lifecycle import first_shifts
from portal.lifecycle.first_shift_models import Again, FirstShift
from portal.messages.models import Message
from portal.people import memberships, supervision
from portal.permissions import COMMAND_LINE, Role, Viewer
from portal.settings import Settings
from portal.shifts.models import Attendance, Shift, Signup, SignupState
from portal.web.errors import NotFound, Refused
from tests import build

both = pytest.mark.both_databases
DAY = timedelta(days=1)


def came(db, cast, person, at, attendance=Attendance.ATTENDED, position=None) -> int:
    """A shift that someone was signed up for yesterday, marked just now."""
    shift = build.shift(db, position or cast.driver, starts=at - DAY)
    db.add(
        Signup(
            slot_id=build.slot_of(db, shift.id), shift_id=shift.id, person_id=person,
            state=SignupState.SIGNED_UP, since=at - 2 * DAY, attendance=attendance, marked_at=at,
        )
    )  # fmt: skip
    db.flush()
    return shift.id


@pytest.fixture
def on(database, cast, time):
    """Rides asks; the worker looked once, so what comes next counts."""
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        change(act, first_shifts.ASKING, True, Settings(), cast.rides)
        assert first_shifts.each_day(Act(db, COMMAND_LINE, time.at), "UTC") == 0
    time.move(days=1)


def look(database, time) -> int:
    with database.writing() as db:
        return first_shifts.each_day(Act(db, COMMAND_LINE, time.at), "UTC")


def questions(database) -> list[tuple[int, int]]:
    with database.reading() as db:
        rows = select(FirstShift.person_id, FirstShift.program_id).order_by(FirstShift.id)
        return [tuple(one) for one in db.execute(rows)]


@both
def test_whoever_came_for_the_first_time_is_asked_once(database, cast, time, on):
    with database.writing() as db:
        first = came(db, cast, cast.ana, time.at)
        came(db, cast, cast.bo, time.at, Attendance.NO_SHOW)
        came(db, cast, cast.hana, time.at, position=cast.host)  # a program that does not ask
    assert look(database, time) == 1
    assert questions(database) == [(cast.ana, cast.rides)]
    assert look(database, time) == 0, "once a day"
    with database.writing() as db:
        db.get_one(Shift, first)
        came(db, cast, cast.ana, time.at)
    time.move(days=1)
    assert look(database, time) == 0, "not their first, and asked already"
    with database.reading() as db:
        sent = select(Message.person_id).where(Message.kind == "first_shift.asked")
        assert db.scalars(sent).all() == [cast.ana]


@both
def test_who_came_before_is_not_new(database, cast, time, on):
    with database.writing() as db:
        old = came(db, cast, cast.ana, time.at)
        db.get_one(Shift, old).starts_at -= 300 * DAY
        db.flush()
        came(db, cast, cast.ana, time.at)
    assert look(database, time) == 0


@both
def test_what_was_marked_before_it_was_turned_on_is_not_asked(database, cast, time):
    with database.writing() as db:
        came(db, cast, cast.ana, time.at)
    time.move(hours=5)
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        change(act, first_shifts.ASKING, True, Settings(), cast.rides)
    look(database, time)
    time.move(days=1)
    assert look(database, time) == 0


@pytest.fixture
def asked(database, cast, time, on) -> int:
    with database.writing() as db:
        came(db, cast, cast.ana, time.at)
    look(database, time)
    with database.reading() as db:
        return db.scalars(select(FirstShift.id)).one()


@both
def test_the_first_answer_stays_and_is_ones_own(database, cast, time, asked):
    with database.writing() as db:
        with pytest.raises(NotFound):
            bo = Act(db, Viewer(person_id=cast.bo), time.at)
            first_shifts.answer_own(bo, asked, "no", "")
        ana = Act(db, Viewer(person_id=cast.ana), time.at)
        first_shifts.answer_own(ana, asked, "maybe", "Long day.")
        for again in (
            lambda: first_shifts.answer_own(ana, asked, "yes", ""),
            lambda: first_shifts.answer(ana, asked, "no"),
        ):
            with pytest.raises(Refused):
                again()
        row = db.get_one(FirstShift, asked)
        assert (row.again, row.words) == (Again.MAYBE, "Long day.")


@both
def test_coordinators_and_their_supervisor_read_it_and_no_one_else(database, cast, time, asked):
    today = time.at.date()
    with database.writing() as db:
        boss, other = (build.person(db, name, time.at).id for name in ("Kim", "Lou"))
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        for one in (boss, other):
            memberships.grant(Act(db, build.OFFICE, time.at), one, Role.SUPERVISOR, cast.rides)
        supervision.give(Act(db, cy, time.at), cast.ana, boss, cast.rides, today)
        first_shifts.answer(Act(db, Viewer(person_id=cast.ana), time.at), asked, "no")
        db.flush()
        sees = (Role.SUPERVISOR, cast.rides)

        def read(viewer):
            return db.scalars(first_shifts.unseen(replace(viewer, today=today), today)).all()

        assert len(read(cy)) == len(read(build.viewer(boss, sees))) == 1
        assert read(build.viewer(other, sees)) == []
        assert read(build.viewer(boss)) == [], "without the staff role"
        assert read(build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))) == []
        assert read(build.viewer(cast.ana, (Role.COORDINATOR, cast.rides))) == [], "one's own"
        row = db.get_one(FirstShift, asked)
        first_shifts.mark_seen(Act(db, cy, time.at), row)
        db.flush()
        assert read(cy) == []


def test_from_home_to_the_coordinators_list(database, cast, time, as_, asked):
    ana = as_(cast.ana)
    assert "How was your first shift?" in ana.get("/me").text
    ana.get("/me/first-shifts")
    path = f"/me/first-shifts/{asked}"
    ana.get(path)
    ana.press(path, words="Everyone was kind.")
    assert ana.response.status_code == 422
    assert ana.form(path)["words"] == "Everyone was kind."
    ana.press(path, again="yes")
    assert "Thank you for telling us!" in ana.text
    assert ana.get(path).status_code == 404
    cy = as_(cast.cy)
    assert "How first shifts were" in cy.get("/me").text
    assert "Everyone was kind." in cy.get("/first-shifts").text
    cy.press(f"/first-shifts/{asked}/seen")
    assert "No new answers." in cy.text
    assert as_(cast.mara).post(f"/first-shifts/{asked}/seen").status_code == 404
    cy.get("/first-shifts")
    cy.press(f"/first-shifts/programs/{cast.rides}", on="no")
    assert "aren" in cy.text
    assert as_(cast.bo).get("/first-shifts").status_code == 404


def test_one_press_in_the_mail_is_enough(database, cast, time, public, asked, office):
    office.send()
    (mail,) = [one for one in office.box.mails if "first shift" in one["Subject"]]
    words = mail.get_body(("plain",)).get_content()
    link = next(one for one in words.split() if "/mail/" in one).partition("testserver")[2]
    public.get(link)
    action = next(iter(public.text.split('action="')[1:])).partition('"')[0]
    public.press(action, answer="no")
    with database.reading() as db:
        assert db.scalars(select(FirstShift.again)).one() == Again.NO
