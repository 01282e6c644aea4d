"""The screening review: the do-not-place list and safety checks, seen nowhere outside their room."""

import difflib
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.agency.settings import change
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.people.models import Membership, Person
from portal.permissions import COMMAND_LINE, Role
from portal.programs.application_models import Application, DeclineReason
from portal.recruitment import applications, links, review
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.requirements.records import clearance_of
from portal.requirements.review_settings import LIST_REVIEW, SAFETY_CHECK
from portal.screening import lists, room, room_scopes
from portal.screening.list_models import ListEntry, ListMatch, Reason, SafetyCheck
from portal.web.errors import Refused
from tests import build

both = pytest.mark.both_databases
ZONE = build.SETTINGS.timezone


@pytest.fixture
def screeners(database, cast, time) -> tuple[int, int]:
    """Two screeners of the agency."""
    with database.writing() as db:
        found = []
        for name in ("Gil Ames", "Una Roe"):
            person = build.person(db, name, time.at)
            db.flush()
            db.add(Membership(person_id=person.id, role=Role.SCREENER, since=time.at))
            found.append(person.id)
        return found[0], found[1]


@pytest.fixture
def gil(screeners):
    return build.viewer(screeners[0], (Role.SCREENER, None))


@pytest.fixture
def una(screeners):
    return build.viewer(screeners[1], (Role.SCREENER, None))


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def on(database, time):
    """The agency looks up every applicant in the list."""
    with database.writing() as db:
        change(Act(db, build.OFFICE, time.at), LIST_REVIEW, True, build.SETTINGS)


def entry(db, by, at, **values) -> ListEntry:
    given = {"name": "Nia Park", "email": "", "phone": "", "reason": Reason.CONDUCT}
    given |= {"expires_on": at.date() + timedelta(days=900)} | values
    return lists.add_entry(Act(db, by, at), given, values.get("program"), at.date())


def confirmed(db, gil, una, at, **values) -> ListEntry:
    row = entry(db, gil, at, **values)
    lists.confirm(Act(db, una, at), row, at.date())
    db.flush()
    return row


def applied(db, cast, cy, at, name="Nia Park", **values) -> Application:
    row = build.application(db, name, cast.driver, at, **values)
    review.start_review(Act(db, cy, at), row, None, build.SETTINGS)
    db.flush()
    return row


def work(database, at) -> None:
    """What the worker does about it."""
    for due, do in (
        (room.to_look(), room.look), (room.due_to_reopen(at, ZONE), room.reopen),
        (room.to_set_right(at, ZONE), room.set_right), (room.due(at, ZONE), room.clear),
    ):  # fmt: skip
        with database.reading() as db:
            found = db.scalars(due).all()
        for one in found:
            with database.writing() as db:
                for _ in range(2):
                    do(Act(db, COMMAND_LINE, at), one, ZONE)


def passes(database, gil, number, at) -> None:
    """A screener looked an applicant up and found nothing."""
    with database.writing() as db:
        row = db.get_one(Application, number)
        for _ in range(2):
            room.pass_review(Act(db, gil, at), row, at.date(), build.SETTINGS, safe=False)


def missing(db, row, at) -> list[str]:
    found = clearance_of(db, row.person_id, row.position_id, at.date())
    return [item.options[0].kind for item in found.missing]


@both
def test_everyone_waits_a_day_and_for_a_screener(database, cast, time, cy, gil, on):
    with database.writing() as db:
        numbers = [applied(db, cast, cy, time.at, name).id for name in ("Nia Park", "Ola Fir")]
    work(database, time.at)
    with database.writing() as db:
        row = db.get_one(Application, numbers[0])
        assert missing(db, row, time.at) == ["lists"]
        with pytest.raises(Refused):
            review.accept(Act(db, cy, time.at), row, time.at.date())
    passes(database, gil, numbers[0], time.at)
    work(database, time.move(hours=23))
    with database.reading() as db:
        assert missing(db, db.get_one(Application, numbers[0]), time.at) == ["lists"]
    work(database, time.move(hours=1))
    work(database, time.move(days=30))
    with database.writing() as db:
        row = db.get_one(Application, numbers[0])
        assert missing(db, row, time.at) == []
        # whom no screener passed waits on, with a likeness or without
        assert missing(db, db.get_one(Application, numbers[1]), time.at) == ["lists"]
        review.accept(Act(db, cy, time.at), row, time.at.date())
        applications.accept_role(Act(db, cy, time.at), row, ZONE)
        assert clearance_of(db, row.person_id, cast.driver, time.at.date()).clear


@both
def test_the_day_begins_when_they_were_looked_up(database, cast, time, cy, gil, on):
    with database.writing() as db:
        row = build.application(db, "Nia Park", cast.driver, time.at)
        number = row.id
    time.move(days=3)
    with database.writing() as db:
        review.start_review(
            Act(db, cy, time.at), db.get_one(Application, number), None, build.SETTINGS
        )
    work(database, time.at)
    passes(database, gil, number, time.at)
    work(database, time.move(hours=23))
    with database.reading() as db:
        assert missing(db, db.get_one(Application, number), time.at) == ["lists"]


@both
def test_who_comes_back_is_looked_up_again(database, cast, time, cy, gil, una, on):
    with database.writing() as db:
        number = applied(db, cast, cy, time.at).id
    work(database, time.at)
    passes(database, gil, number, time.at)
    work(database, time.move(days=1))
    with database.writing() as db:
        row = db.get_one(Application, number)
        assert missing(db, row, time.at) == []
        review.decline(Act(db, cy, time.at), row, DeclineReason.TIMES, "")
        person_id = row.person_id
    time.move(days=300)
    with database.writing() as db:
        again = build.application(db, person_id, cast.driver, time.at)
        review.start_review(Act(db, cy, time.at), again, None, build.SETTINGS)
        db.flush()
        assert missing(db, again, time.at) == ["lists"]


@both
def test_what_is_found_later_reopens_a_review_and_holds_everything(
    database, cast, time, cy, gil, una, on
):
    with database.writing() as db:
        number = applied(db, cast, cy, time.at).id
    work(database, time.at)
    passes(database, gil, number, time.at)
    work(database, time.move(days=1))
    with database.writing() as db:
        assert missing(db, db.get_one(Application, number), time.at) == []
        confirmed(db, gil, una, time.at, name="Nya Parc", email="nia@example.com")  # as typed
    work(database, time.at)
    with database.writing() as db:
        row = db.get_one(Application, number)
        assert missing(db, row, time.at) == ["lists"]
        match = db.scalars(select(ListMatch)).one()
        assert match.firm
        lists.compare(
            Act(db, gil, time.at),
            match,
            same=True,
            compared=("email", "photo"),
            today=time.at.date(),
        )
    with database.writing() as db:
        lists.end(Act(db, gil, time.at), db.scalars(select(ListEntry)).one())
    work(database, time.at)
    with database.reading() as db:
        row = db.get_one(Application, number)
        assert missing(db, row, time.at) == []


@both
def test_a_volunteer_who_is_on_the_list_gets_no_shift_and_no_role(database, cast, time, gil, una):
    with database.writing() as db:
        ana = db.get_one(Person, cast.ana)
        confirmed(db, gil, una, time.at, name=ana.name, email=ana.email)
        assert clearance_of(db, cast.ana, cast.driver, time.at.date()).clear  # not compared yet
        match = db.scalars(select(ListMatch)).one()
        today = time.at.date()
        lists.compare(
            Act(db, gil, time.at), match, same=True, compared=("email", "photo"), today=today
        )
        assert not clearance_of(db, cast.ana, cast.driver, today).clear
        assert not clearance_of(db, cast.ana, cast.greeter, today).clear
        expires = db.scalars(select(ListEntry)).one().expires_on
    days = (expires - time.at.date()).days
    work(database, time.move(days=days + 1))
    with database.reading() as db:
        assert clearance_of(db, cast.ana, cast.driver, time.at.date()).clear


@both
def test_who_has_a_role_in_the_program_is_not_asked_again(database, cast, time, on):
    with database.reading() as db:
        assert clearance_of(db, cast.ana, cast.driver, time.at.date()).clear
        assert not clearance_of(db, cast.ana, cast.greeter, time.at.date()).clear


@both
def test_a_firm_likeness_holds_until_two_facts_were_compared(
    database, cast, time, cy, gil, una, on
):
    with database.writing() as db:
        confirmed(db, gil, una, time.at, name="Nya Parc", email="NIA@example.com")
        number = applied(db, cast, cy, time.at).id
    work(database, time.at)
    work(database, time.move(days=3))
    with database.writing() as db:
        row = db.get_one(Application, number)
        assert missing(db, row, time.at) == ["lists"]
        match = db.scalars(room_scopes.to_compare(gil, time.at.date())).one()
        assert match.firm
        with pytest.raises(Refused):
            room.pass_review(Act(db, gil, time.at), row, time.at.date(), build.SETTINGS, safe=False)
        for few in ((), ("email",), ("email", "email"), ("email", "phone", "address")):
            with pytest.raises(Refused):
                lists.compare(
                    Act(db, gil, time.at), match, same=False, compared=few, today=time.at.date()
                )
        lists.compare(
            Act(db, gil, time.at),
            match,
            same=False,
            compared=("email", "photo"),
            today=time.at.date(),
        )
        with pytest.raises(Refused):
            lists.compare(
                Act(db, una, time.at),
                match,
                same=True,
                compared=("email", "photo"),
                today=time.at.date(),
            )
    passes(database, gil, number, time.at)
    work(database, time.at)
    with database.writing() as db:
        row = db.get_one(Application, number)
        assert missing(db, row, time.at) == []
        reached = lists.reached_by(db, row)
        lists.find_matches(
            Act(db, COMMAND_LINE, time.at), row.person, cast.rides, time.at.date(), reached
        )
        assert db.scalars(room_scopes.to_compare(gil, time.at.date())).all() == []  # for good


@both
def test_a_name_alone_holds_no_one(database, cast, time, cy, gil, una, on):
    with database.writing() as db:
        confirmed(db, gil, una, time.at, name="Park Nia")
        number = applied(db, cast, cy, time.at).id
    work(database, time.at)
    passes(database, gil, number, time.at)
    work(database, time.move(days=1))
    with database.reading() as db:
        assert missing(db, db.get_one(Application, number), time.at) == []
        match = db.scalars(room_scopes.to_compare(gil, time.at.date())).one()
        assert not match.firm


@both
def test_who_is_the_one_is_not_cleared_and_is_declined_with_the_letter_of_all(
    database, cast, time, cy, gil, una, on
):
    with database.writing() as db:
        confirmed(db, gil, una, time.at, email="nia@example.com")
        number = applied(db, cast, cy, time.at).id
        other = applied(db, cast, cy, time.at, "Ola Fir").id
    work(database, time.at)
    with database.writing() as db:
        match = db.scalars(room_scopes.to_compare(gil, time.at.date())).one()
        lists.compare(
            Act(db, gil, time.at),
            match,
            same=True,
            compared=("email", "photo"),
            today=time.at.date(),
        )
    passes(database, gil, other, time.at)
    work(database, time.move(days=400))
    with database.writing() as db:
        row = db.get_one(Application, number)
        assert missing(db, row, time.at) == ["lists"]
        assert missing(db, db.get_one(Application, other), time.at) == []
        for one in (number, other):
            review.decline(
                Act(db, gil, time.at), db.get_one(Application, one), DeclineReason.NOT_A_MATCH, ""
            )
        db.flush()
        told = db.execute(
            select(Message.kind, Message.told).where(Message.kind.like("application.%closed%"))
        ).all()
        assert len({tuple(one) for one in told}) <= 1


@both
def test_a_second_screener_confirms_and_ended_or_expired_entries_hold_no_one(
    database, cast, time, cy, gil, una, on
):
    with database.writing() as db:
        row = entry(db, gil, time.at, email="nia@example.com")
        with pytest.raises(Refused):
            lists.confirm(Act(db, gil, time.at), row, time.at.date())
        assert db.scalars(room_scopes.entries_to_do(gil, time.at.date())).all() == []
        assert db.scalars(room_scopes.entries_to_do(una, time.at.date())).all() == [row]
        assert db.scalars(room_scopes.active_entries(time.at.date())).all() == []
        lists.confirm(Act(db, una, time.at), row, time.at.date())
        with pytest.raises(Refused):
            lists.confirm(Act(db, una, time.at), row, time.at.date())
        assert db.scalars(room_scopes.entries_to_do(una, time.at.date())).all() == []
        assert db.scalars(room_scopes.active_entries(time.at.date())).all() == [row]
        later = row.review_on
        assert db.scalars(room_scopes.entries_to_do(gil, later)).all() == [row]
        lists.keep(Act(db, gil, time.at), row, later)
        assert db.scalars(room_scopes.entries_to_do(gil, later)).all() == []
        assert db.scalars(room_scopes.active_entries(row.expires_on)).all() == []
        number = applied(db, cast, cy, time.at).id
        for wrong in (time.at.date(), time.at.date() + timedelta(days=11 * 366)):
            with pytest.raises(Refused):
                entry(db, gil, time.at, expires_on=wrong)
    work(database, time.at)
    with database.writing() as db:
        lists.end(Act(db, gil, time.at), db.scalars(select(ListEntry)).one())
    passes(database, gil, number, time.at)
    work(database, time.move(days=1))
    with database.reading() as db:
        assert missing(db, db.get_one(Application, number), time.at) == []


@both
def test_confirming_finds_who_is_here_already(database, cast, time, gil, una):
    with database.writing() as db:
        ana = db.get_one(Person, cast.ana)
        confirmed(db, gil, una, time.at, name=ana.name, email=ana.email.upper())
        match = db.scalars(select(ListMatch)).one()
        assert (match.person_id, match.firm) == (cast.ana, True)


@both
def test_an_entry_rests_on_a_check_only_after_its_notices(database, cast, time, gil):
    with database.writing() as db:
        kind = build.requirement(
            db, time.at, kind="background_check", name="Register", check_path="register",
            validity="none", verifier="screener",
        )  # fmt: skip
        check = BackgroundCheck(
            person_id=cast.ana, requirement_id=kind.id, state=CheckState.NOTICE_SENT,
            asked_at=time.at,
        )  # fmt: skip
        db.add(check)
        db.flush()
        resting = {"reason": Reason.BACKGROUND_CHECK}
        for more in ({}, {"check_id": check.id}):
            with pytest.raises(Refused):
                entry(db, gil, time.at, **resting | more)
        check.state = CheckState.TURNED_DOWN
        with pytest.raises(Refused):
            entry(db, gil, time.at, check_id=check.id)
        assert entry(db, gil, time.at, **resting | {"check_id": check.id}).check_id == check.id


@both
def test_a_likeness_is_shown_to_who_sees_both_sides_and_holds_in_its_program(
    database, cast, time, cy, gil, una, on
):
    noel = build.viewer(cast.noel, (Role.COORDINATOR, cast.testing))
    with database.writing() as db:
        confirmed(db, gil, una, time.at, email="nia@example.com", program=cast.testing)
        here = build.application(db, "Nia Park", cast.greeter, time.at)
        review.start_review(Act(db, noel, time.at), here, None, build.SETTINGS)
        there = build.application(db, here.person_id, cast.driver, time.at)
        review.start_review(Act(db, cy, time.at), there, None, build.SETTINGS)
        numbers = here.id, there.id
    work(database, time.at)
    with database.writing() as db:
        testing = build.viewer(cast.noel, (Role.SCREENER, cast.testing))
        rides = build.viewer(cast.cy, (Role.SCREENER, cast.rides))
        today = time.at.date()
        assert [
            len(db.scalars(room_scopes.visible_entries(one)).all()) for one in (testing, rides)
        ] == [1, 0]
        for one, seen in ((testing, 1), (rides, 0), (gil, 1), (cy, 0)):
            assert len(db.scalars(room_scopes.to_compare(one, today)).all()) == seen
        own = build.viewer(db.scalars(select(ListMatch.person_id)).one(), (Role.SCREENER, None))
        assert db.scalars(room_scopes.to_compare(own, today)).all() == []
        match = db.scalars(select(ListMatch)).one()
        both_facts = {"email", "photo"}
        with pytest.raises(Refused):  # no one decides about themselves
            lists.compare(
                Act(db, own, time.at), match, same=False, compared=both_facts, today=today
            )
        with pytest.raises(Refused):
            application = db.get_one(Application, numbers[1])
            room.pass_review(Act(db, own, time.at), application, today, build.SETTINGS, safe=False)
        # a screener of another program has nothing to compare, and passes them
        here, there = (db.get_one(Application, one) for one in numbers)
        room.pass_review(Act(db, rides, time.at), there, today, build.SETTINGS, safe=False)
        with pytest.raises(Refused):
            room.pass_review(Act(db, testing, time.at), here, today, build.SETTINGS, safe=False)
    work(database, time.move(days=1))
    with database.reading() as db:
        here, there = (db.get_one(Application, one) for one in numbers)
        assert (missing(db, here, time.at), missing(db, there, time.at)) == (["lists"], [])


@both
def test_a_safety_check_keeps_only_that_it_was_made_and_is_repeated(
    database, cast, time, cy, gil, screeners
):
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        change(act, SAFETY_CHECK, True, build.SETTINGS, program_id=cast.rides)
        number = applied(db, cast, cy, time.at).id
        assert clearance_of(db, cast.sol, cast.greeter, time.at.date()).clear  # another program
    work(database, time.at)
    work(database, time.move(days=2))
    with database.writing() as db:
        row = db.get_one(Application, number)
        assert missing(db, row, time.at) == ["lists"]
        assert db.scalars(room_scopes.to_check(gil)).all() == [row]
        assert db.scalars(room_scopes.to_check(cy)).all() == []
        with pytest.raises(Refused):
            own = build.viewer(row.person_id, (Role.SCREENER, None))
            room.note_safe(
                Act(db, own, time.at), row.person_id, cast.rides, time.at.date(), build.SETTINGS
            )
        for _ in range(2):
            room.pass_review(Act(db, gil, time.at), row, time.at.date(), build.SETTINGS, safe=True)
        assert db.scalars(room_scopes.to_check(gil)).all() == []
        kept = db.scalars(select(SafetyCheck)).one()
        assert {name: getattr(kept, name) for name in ("person_id", "checked_on", "checked_by_id")} == {
            "person_id": row.person_id, "checked_on": time.at.date(), "checked_by_id": screeners[0],
        }  # fmt: skip
    work(database, time.at)
    with database.writing() as db:
        row = db.get_one(Application, number)
        assert missing(db, row, time.at) == []
        again = {one.person_id for one in db.scalars(room_scopes.to_repeat(gil, time.at.date()))}
        assert again == {cast.ana, cast.bo}
        for who in again:
            room.note_safe(Act(db, gil, time.at), who, cast.rides, time.at.date(), build.SETTINGS)
        assert db.scalars(room_scopes.to_repeat(gil, time.at.date())).all() == []
        year = time.at.date() + timedelta(days=366)
        assert len(db.scalars(room_scopes.to_repeat(gil, year)).all()) == 2
        assert clearance_of(db, cast.ana, cast.driver, year).clear  # they keep their shifts


def test_two_applications_that_differ_only_in_it_look_the_same(
    database, cast, time, cy, gil, una, on, public, as_
):
    """Neither applicant, nor coordinator, nor administrator can tell who is like someone on the list."""
    with database.writing() as db:
        confirmed(db, gil, una, time.at, name="Marlo Quince", email="nia@example.com")
        numbers = [applied(db, cast, cy, time.at, name).id for name in ("Nia Park", "Noa Park")]
    work(database, time.at)
    with database.reading() as db:
        match = db.scalars(select(ListMatch)).one()
        rows = [db.get_one(Application, one) for one in numbers]
        assert match.person_id == rows[0].person_id
        paths = [links.application_path(build.SETTINGS, one.link_id) for one in rows]
        people = [f"/people/{one.person_id}" for one in rows]
    seen: list[list[str]] = [[], []]
    desks = [as_(cast.cy), as_(cast.ada)]
    for place in (0, 1):
        pages = [public.get(paths[place]).text]
        for desk in desks:
            pages += [
                desk.get(f"/applications/{numbers[place]}").text,
                desk.get(people[place]).text,
            ]
            pages += [desk.get(f"{people[place]}/paperwork").text]
        seen[place] = [plain(one) for one in pages]
    for one, other in zip(*seen, strict=True):
        found = list(difflib.unified_diff(one.split("\n"), other.split("\n"), n=0))
        assert found == []
    for desk in desks:
        for path in (
            "/applications",
            "/me",
            "/people",
            "/applications/report",
            "/applications.csv",
        ):
            assert "Marlo" not in desk.get(path).text
            assert "do-not-place" not in desk.get(path).text.lower()
        for path in ("/screening", "/do-not-place", "/do-not-place/new", "/screening/matches/1"):
            assert desk.get(path).status_code == 404


def plain(page: str) -> str:
    """A page without what names its applicant, and without tokens."""
    for mine in ("Nia", "Noa", "nia", "noa"):
        page = page.replace(mine, "X")
    page = re.sub(r"[0-9a-f]{32,}", "T", page)
    page = re.sub(r'name="once" value="[^"]+"', "", page)
    page = re.sub(r"(person|for)=\d+", "N", page)
    return re.sub(r"/(applications|people|applied)/\d+", r"/\1/N", page)


def test_from_entry_to_decline(database, cast, time, cy, on, as_, screeners):
    first, second = as_(screeners[0]), as_(screeners[1])
    first.get("/do-not-place/new")
    first.press("/do-not-place", name="", reason="conduct", expires_on="12/1/2027")
    assert first.response.status_code == 422
    first.press("/do-not-place", name="Nia Park", email="nia@example.com")
    assert "Another screener has to confirm" in first.text
    assert "Confirm entry" not in first.text
    assert "Do-not-place entries to confirm or review" in second.get("/me").text
    second.get("/do-not-place?todo=yes")
    with database.reading() as db:
        number = db.scalars(select(ListEntry.id)).one()
    second.get(f"/do-not-place/{number}")
    second.press(f"/do-not-place/{number}/confirmation")
    assert "You confirmed the entry." in second.text
    with database.writing() as db:
        application = applied(db, cast, cy, time.at).id
    work(database, time.at)
    assert "People to compare" in first.get("/me").text
    assert "same email or phone" in first.get("/screening").text
    with database.reading() as db:
        match = db.scalars(select(ListMatch.id)).one()
    path = f"/screening/matches/{match}"
    first.get(path)
    first.press(path, same="yes")
    assert first.response.status_code == 422
    first.press(path, same="yes", compared=["email", "phone"])  # the entry has no phone
    assert first.response.status_code == 422
    assert first.post(path, compared=["email", "photo"]).status_code == 422  # neither button
    first.get(path)
    first.press(path, same="yes", compared=["email", "photo"])
    assert "the same person" in first.text
    first.press(f"{path}/applications/{application}/decline")
    assert "The application was declined." in first.text


def test_who_declined_stands_in_no_history(database, cast, time, cy, gil, una, on, as_, screeners):
    with database.writing() as db:
        confirmed(db, gil, una, time.at, email="nia@example.com")
        number = applied(db, cast, cy, time.at).id
    work(database, time.at)
    with database.writing() as db:
        match = db.scalars(select(ListMatch)).one()
        today = time.at.date()
        lists.compare(
            Act(db, gil, time.at), match, same=True, compared=("email", "photo"), today=today
        )
        path = f"/screening/matches/{match.id}"
    first = as_(screeners[0])
    first.get(path)
    first.press(f"{path}/applications/{number}/decline")
    assert "Gil Ames" not in as_(cast.cy).get(f"/applications/{number}").text
    with database.reading() as db:
        found = select(AuditEntry.actor_id).where(AuditEntry.action == "list_match.declined")
        assert db.scalars(found).one() == screeners[0]


@both
def test_no_screener_sees_an_entry_about_themselves(database, cast, time, gil, una, screeners):
    with database.writing() as db:
        me = db.get_one(Person, screeners[0])
        other = entry(db, una, time.at, name="Someone Else", email=me.email.upper())
        assert db.scalars(room_scopes.visible_entries(gil)).all() == []
        assert db.scalars(room_scopes.visible_entries(una)).all() == [other]


def test_the_list_of_people_to_look_up(database, cast, time, cy, as_, screeners):
    with database.writing() as db:
        act = Act(db, build.OFFICE, time.at)
        change(act, SAFETY_CHECK, True, build.SETTINGS, program_id=cast.rides)
        number = applied(db, cast, cy, time.at).id
        other = build.application(db, cast.sol, cast.driver, time.at).id  # no review began
    gil, desk = as_(screeners[0]), as_(cast.cy)
    assert "People to look up" in gil.get("/me").text
    assert "Nia Park" in gil.get("/screening").text
    assert gil.post(f"/screening/applications/{other}").status_code == 404
    assert desk.post(f"/screening/applications/{number}").status_code == 404
    assert gil.post(f"/screening/applications/{number}").status_code == 303
    assert "Nia Park" not in gil.get("/screening").text
    with database.reading() as db:
        placement = (
            db.scalars(
                room_scopes.to_repeat(
                    build.viewer(screeners[0], (Role.SCREENER, None)), time.at.date()
                )
            )
            .first()
            .id
        )
    assert gil.post(f"/screening/volunteers/{placement}").status_code == 303
    assert gil.post(f"/screening/volunteers/{placement}").status_code == 404
