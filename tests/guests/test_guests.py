"""Open events: where they may be, their places, what guests are told, and guests who come again."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.event import listen, remove

from portal.act import Act
from portal.guests import chores, events, guests
from portal.guests.models import Guest, GuestState, OpenEvent
from portal.messages.models import Message
from portal.people.models import Person, Status
from portal.permissions import COMMAND_LINE, NOBODY, Role
from portal.programs.models import Program, Site, Visibility
from portal.requirements.check_models import RequirementText, TextKind
from portal.requirements.models import Requirement
from portal.shifts import pattern_changes, shifts
from portal.shifts.models import Shift
from portal.web.errors import NotFound, Refused
from tests import build

both = pytest.mark.both_databases
IVY = {"name": "Ivy Cole", "email": "ivy@example.net", "phone": "", "language": "en"}


@pytest.fixture
def agreement(database, time) -> int:
    """An agreement of the agency, approved."""
    with database.writing() as db:
        row = build.requirement(db, time.at, kind="agreement", name="Liability", validity="none")
        wording = RequirementText(
            requirement_id=row.id, kind=TextKind.AGREEMENT, number=1, body="I take part at my own risk.",
            translations={}, made_at=time.at, approved_by="Legal", approved_on=time.at.date(),
        )  # fmt: skip
        db.add(wording)
        return row.id


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def event(database, cast, time, cy, agreement) -> int:
    """A shift three days from now that is open to two guests."""
    with database.writing() as db:
        starts = time.at + timedelta(days=3)
        shift = build.shift(
            db, cast.driver, starts=starts, site_id=cast.office, title="Packing day"
        )
        row = events.open_event(Act(db, cy, time.at), shift, agreement, 2, no_clients=True)
        return row.id


def come(db, event, at, **values) -> Guest:
    row = db.get_one(OpenEvent, event)
    how = values.pop("how", "online")
    given = IVY | values
    found, _ = guests.come(Act(db, NOBODY, at), row, given, build.SETTINGS, text_id=None, how=how)
    return found


def is_public(db, at) -> bool:
    db.flush()
    return db.scalar(events.public_events(at)) is not None


@both
def test_where_there_are_no_open_events(database, cast, time, cy, agreement):
    with database.writing() as db:
        act = Act(db, cy, time.at)
        house = build.shift(db, cast.driver, starts=time.at + timedelta(days=3))
        house.site_id = cast.house
        hidden = build.shift(db, cast.host, starts=time.at + timedelta(days=3))
        past = build.shift(db, cast.driver, starts=time.at - timedelta(hours=1))
        good = build.shift(db, cast.driver, starts=time.at + timedelta(days=3))
        for shift in (house, hidden, past):
            with pytest.raises(Refused):
                events.open_event(act, shift, agreement, 2, no_clients=True)
        with pytest.raises(Refused) as no:
            events.open_event(act, good, agreement, 2, no_clients=False)
        assert set(no.value.fields) == {"no_clients"}
        for wrong in (0, 999):
            with pytest.raises(Refused):
                events.open_event(act, good, wrong, 2, no_clients=True)
        db.get_one(Requirement, agreement).program_id = cast.shelter
        with pytest.raises(Refused):
            events.open_event(act, good, agreement, 2, no_clients=True)


@both
def test_what_makes_an_event_not_public(database, cast, time, event):
    with database.writing() as db:
        row = db.get_one(OpenEvent, event)
        shift, program = row.shift, db.get_one(Program, cast.rides)
        assert is_public(db, time.at)
        assert not is_public(db, shift.starts_at)
        for thing, name, value in (
            (row, "closed_at", time.at), (shift, "canceled_at", time.at), (program, "closed_at", time.at),
            (program, "visibility", Visibility.HIDDEN),
        ):  # fmt: skip
            before = getattr(thing, name)
            if name == "visibility":
                program.public_label = "Rides"
            setattr(thing, name, value)
            assert not is_public(db, time.at), name
            setattr(thing, name, before)
        assert is_public(db, time.at)
        site = db.get_one(Site, cast.office)
        site.program_id, site.confidential = cast.rides, True
        assert not is_public(db, time.at)


@both
def test_places_and_coming_twice(database, cast, time, event):
    with database.writing() as db:
        first = come(db, event, time.at)
        assert come(db, event, time.at, name="ivy cole", email="IVY@example.net") is first
        other = come(db, event, time.at, name="Ed Cole")  # of one household
        assert other is not first
        with pytest.raises(Refused):
            come(db, event, time.at, name="Al Roe", email="al@example.net")
        come(db, event, time.at, name="Al Roe", email="al@example.net", how="paper")  # stands there
        guests.cancel(Act(db, NOBODY, time.at), other)
        guests.cancel(Act(db, NOBODY, time.at), other)
        assert events.coming(db, event) == 2
        with pytest.raises(Refused):
            come(db, event, time.at, name="Ed Cole")
        db.get_one(OpenEvent, event).places = 3
        assert come(db, event, time.at, name="Ed Cole") is other
        assert other.state == GuestState.COMING
        events.close_event(Act(db, COMMAND_LINE, time.at), db.get_one(OpenEvent, event))
        with pytest.raises(Refused):
            come(db, event, time.at, name="Bea Low", email="bea@example.net")


@both
def test_two_guests_race_for_the_last_place(database, cast, time, event):
    with database.writing() as db:
        come(db, event, time.at)
    refused, ready = [], threading.Barrier(2)

    def take(number: int) -> None:
        ready.wait()
        try:
            with database.writing() as db:
                come(db, event, time.at, name=f"Guest {number}", email=f"g{number}@example.net")
        except Refused:
            refused.append(number)

    threads = [threading.Thread(target=take, args=[number]) for number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with database.reading() as db:
        assert events.coming(db, event) == 2
    assert len(refused) == 1


def work(database, at) -> None:
    for due, do in (
        (chores.to_follow(), chores.follow), (chores.to_tell(at), chores.tell_change), (chores.to_remind(at), chores.remind),
        (chores.to_erase(at), chores.erase),
    ):  # fmt: skip
        with database.reading() as db:
            found = db.scalars(due).all()
        for one in found:
            with database.writing() as db:
                for _ in range(2):
                    do(Act(db, COMMAND_LINE, at), one)


def sent(database) -> list[str]:
    with database.reading() as db:
        found = select(Message.kind).where(Message.subject_kind == "guest").order_by(Message.id)
        return [one.removeprefix("guest.") for one in db.scalars(found)]


@both
def test_guests_are_told_reminded_and_forgotten(database, cast, time, cy, event):
    with database.writing() as db:
        come(db, event, time.at)
        come(db, event, time.at, name="Al Roe", email="", phone="(555) 555-7000")
    work(database, time.at)
    assert sent(database) == ["coming"]
    with database.writing() as db:
        shift = db.get_one(OpenEvent, event).shift
        shift.starts_at += timedelta(hours=1)
        shift.ends_at += timedelta(hours=1)
        shift.revised_at = time.at
    work(database, time.at)
    assert sent(database) == ["coming"]  # it may be undone
    work(database, time.move(minutes=2))
    work(database, time.at)
    assert sent(database) == ["coming", "moved", "moved"]  # one of them a call
    with database.reading() as db:
        row = db.get_one(OpenEvent, event)
        assert row.starts_at == row.shift.starts_at
    work(database, time.move(days=2))
    work(database, time.at)
    assert sent(database)[3:] == ["reminder"]
    with database.writing() as db:
        shifts.cancel(Act(db, cy, time.at), db.get_one(OpenEvent, event).shift, "Snow")
    work(database, time.move(minutes=2))
    work(database, time.at)
    assert sent(database)[4:] == ["off", "off"]
    with database.writing() as db:  # undone
        db.get_one(OpenEvent, event).shift.canceled_at = None
    work(database, time.at)
    work(database, time.at)
    assert sent(database)[6:] == ["moved", "moved"]
    with database.writing() as db:
        shifts.cancel(Act(db, cy, time.at), db.get_one(OpenEvent, event).shift, "Snow")
    work(database, time.move(minutes=2))
    work(database, time.move(days=360))
    with database.reading() as db:
        assert len([one for one in db.scalars(select(Guest.name)) if one]) == 2
    work(database, time.move(days=10))
    with database.reading() as db:
        rows = db.scalars(select(Guest)).all()
        assert {(one.name, one.email, one.phone, one.digits) for one in rows} == {("", "", "", "")}
        mail = select(Message.address).where(Message.subject_kind == "guest")
        assert set(db.scalars(mail)) == {""}


@both
def test_who_comes_again_may_become_a_person(database, cast, time, cy, event, agreement):
    with database.writing() as db:
        first = come(db, event, time.at)
        later = build.shift(db, cast.driver, starts=time.at + timedelta(days=10))
        second = events.open_event(Act(db, cy, time.at), later, agreement, 5, no_clients=True)
        row = db.get_one(OpenEvent, event)
        again = come(db, second.id, time.at)
        stranger = come(db, second.id, time.at, name="Al Roe", email="al@example.net")
        with pytest.raises(Refused):
            guests.mark(Act(db, cy, time.at), row, {first.id})
        time.move(days=4)
        assert guests.mark(Act(db, cy, time.at), row, {first.id, 999}) == 1
        assert db.scalars(guests.came_again(cy)).all() == []
        time.move(days=7)
        assert guests.mark(Act(db, cy, time.at), second, {again.id, stranger.id}) == 2
        db.flush()
        assert db.scalars(guests.came_again(cy)).all() == [again]
        assert (
            db.scalars(
                guests.came_again(build.viewer(cast.noel, (Role.COORDINATOR, cast.testing)))
            ).all()
            == []
        )
        assert guests.times_came(db, again) == 2
        person = guests.become(Act(db, cy, time.at), again, None)
        db.flush()
        assert (person.name, person.email, person.status) == ("Ivy Cole", "", Status.PROSPECT)
        assert {first.person_id, again.person_id} == {person.id}
        with pytest.raises(Refused):
            guests.become(Act(db, cy, time.at), again, None)
        assert db.scalars(guests.came_again(cy)).all() == []


@both
def test_marking_many_asks_no_more_than_marking_one(database, cast, time, cy, agreement):
    asked = []

    def mark(db, row, came):
        def note(*_said):
            asked[-1] += 1

        db.flush()
        db.expire_all()
        asked.append(0)
        listen(db.connection(), "before_cursor_execute", note)
        assert guests.mark(Act(db, cy, time.at), row, came) == len(came)
        db.flush()
        remove(db.connection(), "before_cursor_execute", note)

    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=time.at + timedelta(days=3))
        row = events.open_event(Act(db, cy, time.at), shift, agreement, 5, no_clients=True)
        came = {
            come(db, row.id, time.at, name=f"Al Roe {n}", email=f"al{n}@example.net", phone="").id
            for n in range(3)
        }
        time.move(days=4)
        mark(db, row, set(sorted(came)[:1]))
        mark(db, row, came)
        assert asked[1] <= asked[0]


@both
def test_a_guest_may_be_someone_we_know_or_stay_a_guest(database, cast, time, cy, event):
    with database.writing() as db:
        row = come(db, event, time.at)
        row.again = row.came = True
        db.flush()
        sol = db.get_one(Person, cast.sol)
        assert guests.become(Act(db, cy, time.at), row, sol) is sol
        other = come(db, event, time.at, name="Al Roe", email="al@example.net")
        other.again = other.came = True
        guests.pass_by(Act(db, cy, time.at), other)
        db.flush()
        assert db.scalars(guests.came_again(cy)).all() == []
        with pytest.raises(Refused):
            guests.become(Act(db, cy, time.at), other, None)


@both
def test_a_link_is_good_until_the_event_is_over(database, cast, time, event):
    with database.writing() as db:
        row = come(db, event, time.at)
        token = guests.guest_token(build.SETTINGS, row.link_id)
        assert guests.by_token(db, token, time.at) is row
        shift = db.get_one(Shift, row.event.shift_id)
        for wrong, at in ((token + "x", time.at), (token, shift.ends_at)):
            with pytest.raises(NotFound):
                guests.by_token(db, wrong, at)


TYPED = {"name": "Ivy Cole", "email": "ivy@example.net", "phone": ""}


def test_from_the_door_to_the_roster(database, cast, time, public, as_, event, office):
    assert "Packing day" in public.get("/opportunities").text
    public.get("/events")
    path = f"/events/{event}"
    assert "I take part at my own risk." in public.get(f"{path}?from=poster").text
    time.move(seconds=5)
    public.press(f"{path}?from=poster", **TYPED)
    assert public.response.status_code == 422
    assert "Read the agreement, then check the box." in public.text
    public.press(f"{path}?from=poster", agrees="y", adult="y")
    assert "Thank you! See you there." in public.text
    office.send()
    mail = next(one for one in office.box.mails if one["To"] == "ivy@example.net")
    assert "Ivy" not in mail.get_body(("plain",)).get_content()
    with database.reading() as db:
        row = db.scalars(select(Guest)).one()
        assert (row.source, row.how, row.text_id is not None) == ("poster", "online", True)
        link, shift = guests.guest_path(build.SETTINGS, row.link_id), row.event.shift_id
    cy, noel = as_(cast.cy), as_(cast.noel)
    assert "1 guest is coming." in cy.get(f"/shifts/{shift}").text
    assert noel.get(f"/shifts/{shift}/guests").status_code == 404
    assert "Ivy Cole" in cy.get(f"/shifts/{shift}/guests").text
    cy.press(f"/shifts/{shift}/guests/walk-in", name="Al Roe", email="", phone="(555) 555-7000")
    assert "Ask them to sign first" in cy.text
    cy.press(f"/shifts/{shift}/guests/walk-in", signed="y")
    assert "The guest was added." in cy.text
    public.get(link)
    public.press(link)
    assert "You told us that you can" in public.text
    poster = cy.get(f"/shifts/{shift}/guests/poster/es")
    assert poster.headers["content-type"] == "application/pdf"
    cy.get(f"/shifts/{shift}/guests")
    cy.press(f"/shifts/{shift}/guests/closing")
    assert "No more guests are taken." in public.get(path).text
    assert cy.get(f"/shifts/{shift}/guests/poster/es").status_code == 404
    time.move(days=3, hours=1)
    cy = as_(cast.cy)
    assert "Al Roe" in cy.get(f"/shifts/{shift}/guests").text
    with database.reading() as db:
        number = db.scalars(select(Guest.id).where(Guest.name == "Al Roe")).one()
    cy.press(f"/shifts/{shift}/guests/came", came=[str(number)])
    assert "Saved who came." in cy.text


def test_a_bot_and_changed_words_are_refused(database, cast, time, public, event):
    path = f"/events/{event}"
    public.get(path)
    public.press(path, **TYPED | {"agrees": "y", "adult": "y"})
    assert public.response.status_code == 422, "faster than anyone types"
    time.move(seconds=5)
    public.get(path)
    time.move(seconds=5)
    public.press(path, **TYPED | {"agrees": "y", "adult": "y", "website": "https://spam.example"})
    public.get(path)
    time.move(seconds=5)
    public.press(path, **TYPED | {"agrees": "y", "adult": "y", "shown": "999"})
    assert "The wording changed" in public.text
    with database.reading() as db:
        assert db.scalars(select(Guest)).all() == []


def test_opening_a_shift_and_giving_a_record(database, cast, time, as_, agreement, cy):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=time.at + timedelta(days=3)).id
    desk = as_(cast.cy)
    path = f"/shifts/{shift}/guests"
    desk.get(path)
    desk.press(path, agreement=str(agreement), places="5")
    assert "people need a role first" in desk.text
    desk.press(path, no_clients="y")
    assert "The shift is open to everyone now." in desk.text
    with database.writing() as db:
        row = come(db, db.scalars(select(OpenEvent.id)).one(), time.at, name="Sol Vance")
        row.again = row.came = True
        row.marked_at = time.at
        number = row.id
    assert "Guests who came again" in desk.get("/me").text
    assert "Sol Vance" in desk.get("/guests").text
    assert desk.post(f"/guests/{number}/record").status_code == 422
    desk.get("/guests")
    desk.press(f"/guests/{number}/record", person=str(cast.sol))
    with database.reading() as db:
        assert db.get_one(Guest, number).person_id == cast.sol


def test_whoever_types_anothers_name_and_address_gets_no_link_of_theirs(
    database, cast, time, public, as_, event
):
    with database.writing() as db:
        come(db, event, time.at)
    path = f"/events/{event}"
    public.get(path)
    time.move(seconds=5)
    public.press(path, **TYPED | {"name": "IVY cole", "agrees": "y", "adult": "y"})
    assert "We emailed you the link" in public.text
    assert "/guest/" not in str(public.response.url)
    with database.reading() as db:
        assert len(db.scalars(select(Guest)).all()) == 1
    assert sent(database) == ["coming", "coming"]


@both
def test_nothing_is_added_or_marked_at_a_canceled_or_past_event(database, cast, time, cy, event):
    with database.writing() as db:
        row = db.get_one(OpenEvent, event)
        guest = come(db, event, time.at)
        shifts.cancel(Act(db, cy, time.at), row.shift, "Snow")
        time.move(days=3, hours=1)
        for how in ("paper", "online"):
            with pytest.raises(Refused):
                come(db, event, time.at, name="Al Roe", email="al@example.net", how=how)
        with pytest.raises(Refused):
            guests.mark(Act(db, cy, time.at), row, {guest.id})
        row.shift.canceled_at = None
        time.move(days=20)
        with pytest.raises(Refused):
            come(db, event, time.at, name="Al Roe", email="al@example.net", how="paper")


@both
def test_two_of_one_household_are_two_people(database, cast, time, cy, event):
    with database.writing() as db:
        ivy, ed = come(db, event, time.at), come(db, event, time.at, name="Ed Cole")
        ivy.again = ivy.came = ed.again = ed.came = True
        db.flush()
        guests.become(Act(db, cy, time.at), ivy, None)
        assert ed.person_id is None
        assert guests.become(Act(db, cy, time.at), ed, None).name == "Ed Cole"


@both
def test_a_shift_of_a_pattern_with_guests_is_canceled_and_not_deleted(
    database, cast, time, cy, event
):
    with database.writing() as db:
        guest = come(db, event, time.at)
        shift = db.get_one(OpenEvent, event).shift
        pattern_changes.remove_shift(Act(db, cy, time.at), shift, "Moved")
        db.flush()
        assert shift.canceled_at == time.at
        assert guest.id
    work(database, time.move(minutes=2))
    assert sent(database) == ["coming", "off"]


@both
def test_who_has_a_record_is_not_asked_about_again(database, cast, time, cy, event, agreement):
    with database.writing() as db:
        first = come(db, event, time.at)
        first.came = first.again = True
        db.flush()
        person = guests.become(Act(db, cy, time.at), first, None)
        later = build.shift(db, cast.driver, starts=time.at + timedelta(days=4))
        row = events.open_event(Act(db, cy, time.at), later, agreement, 5, no_clients=True)
        again = come(db, row.id, time.at)
        time.move(days=5)
        guests.mark(Act(db, cy, time.at), row, {again.id})
        db.flush()
        assert again.person_id == person.id
        assert db.scalars(guests.came_again(cy)).all() == []
