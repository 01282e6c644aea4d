"""Reports of incidents: who may read one, who never does, its clock, and how it ends."""

import random
from contextlib import suppress
from datetime import date

import pytest
from sqlalchemy import func, select

from portal.act import Act
from portal.incidents import handling, receivers, reporting
from portal.incidents.forms import CloseForm, EntryForm, IncidentForm
from portal.incidents.models import Incident, IncidentEntry, IncidentState
from portal.messages.models import Message
from portal.people.models import Membership, Person, Status
from portal.people.sessions import viewer_of
from portal.permissions import COMMAND_LINE, Role
from portal.programs import authority
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from tests import build
from tests.shifts.test_races import at_once
from tests.worker import round_of_work

both = pytest.mark.both_databases
READS = Role.INCIDENT_RECEIVER


@pytest.fixture
def room(database, cast, time) -> dict[str, int]:
    """Cy and Ada read the reports of Rides; Mara those of the Shelter with Ada; the hotlines are set."""
    with database.writing() as db:
        build.hotlines(db, time.at)
        for person, program in ((cast.cy, cast.rides), (cast.ada, None), (cast.mara, cast.shelter)):
            db.add(Membership(person_id=person, role=READS, program_id=program, since=time.at))
        db.flush()
        return {"incident": build.incident(db, cast.ana, cast.rides, time.at).id}


def sees(database, person_id: int, incident_id: int, at) -> bool:
    with database.reading() as db:
        scope = receivers.visible_incidents(viewer_of(db, person_id, at))
        return db.scalar(scope.where(Incident.id == incident_id)) is not None


def told(database, incident_id: int) -> list[tuple[str, int]]:
    with database.reading() as db:
        rows = db.execute(
            select(Message.kind, Message.person_id)
            .where(Message.subject_kind == "incident", Message.subject_id == incident_id)
            .order_by(Message.id)
        )
        return [(row.kind, row.person_id) for row in rows]


@both
def test_a_report_reaches_its_receivers_and_no_one_else(database, cast, time, room):
    number = room["incident"]
    everyone = {name: one for name, one in vars(cast).items() if isinstance(one, int)}
    people = ("ana", "bo", "sol", "cy", "mara", "hana", "noel", "wes", "ada")
    readers = {name for name in people if sees(database, everyone[name], number, time.at)}
    assert readers == {"cy", "ada"}
    assert {person for _, person in told(database, number)} == {cast.cy, cast.ada}


@both
def test_administering_or_coordinating_alone_opens_no_report(database, cast, time, as_, room):
    with database.writing() as db:
        held = select(Membership).where(Membership.person_id == cast.ada, Membership.role == READS)
        db.scalars(held).one().until = time.at
    assert not sees(database, cast.ada, room["incident"], time.at)
    ada = as_(cast.ada)
    assert ada.get(f"/incidents/{room['incident']}").status_code == 404
    assert ada.get("/incidents").status_code == 404


@both
@pytest.mark.parametrize("who", ["cy", "ada"])
def test_whom_it_is_about_never_sees_it_as_a_receiver_or_administrator(
    database, cast, time, as_, room, who
):
    person = vars(cast)[who]
    other = {"cy": cast.ada, "ada": cast.cy}[who]
    with database.writing() as db:
        row = build.incident(db, cast.ana, cast.rides, time.at, about=[person], what="Marmalade")
        number = row.id
    assert told(database, number) == [("incident.new", other)]
    assert not sees(database, person, number, time.at)
    assert sees(database, other, number, time.at)
    browser = as_(person)
    for path in ("/me", "/incidents", "/incidents?which=open", "/calls", f"/people/{cast.ana}"):
        page = browser.get(path)
        assert f"/incidents/{number}" not in page.text, path
        assert "Marmalade" not in page.text, path
    assert browser.get(f"/incidents/{number}").status_code == 404
    for verb in ("acknowledgment", "entries", "parties", "owner", "closing", "reopening"):
        assert browser.post(f"/incidents/{number}/{verb}").status_code == 404, verb
    with database.writing() as db:  # a new role changes nothing
        db.add(Membership(person_id=person, role=READS, program_id=cast.shelter, since=time.at))
    assert not sees(database, person, number, time.at)


def test_a_report_that_no_one_else_would_read_is_not_taken(database, cast, time, room):
    with database.writing() as db, pytest.raises(Refused) as no:
        build.incident(db, cast.ana, cast.rides, time.at, about=[cast.cy, cast.ada])
    assert "about" in no.value.fields


def test_Z5_only_staff_of_its_program_and_the_agency_can_be_meant(database, cast, time, as_, room):
    """Nothing names the staff of the hidden Shelter to a receiver of Rides."""
    page = as_(cast.cy).get(f"/incidents/{room['incident']}").text
    with database.writing() as db:
        assert db.get_one(Person, cast.mara).name not in page
        assert db.get_one(Person, cast.ada).name in page
        act = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        with pytest.raises(Refused):
            handling.hide_from(act, db.get_one(Incident, room["incident"]), cast.mara)


def test_hiding_it_later_is_refused_if_no_one_is_left(database, cast, time, room):
    with database.writing() as db:
        act = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        row = db.get_one(Incident, room["incident"])
        handling.acknowledge(act, row)
        handling.hide_from(act, row, cast.cy)
        assert row.owner_id is None
        ada = Act(db, viewer_of(db, cast.ada, time.at), time.at)
        with pytest.raises(Refused):
            handling.hide_from(ada, row, cast.ada)
    assert not sees(database, cast.cy, room["incident"], time.at)


@both
def test_reports_are_off_without_hotlines_or_with_one_receiver(database, cast, time, as_):
    with database.writing() as db:
        db.add(Membership(person_id=cast.ada, role=READS, since=time.at))
    ana = as_(cast.ana)
    page = ana.get("/incidents/new").text
    assert "You can&#39;t send a report here yet" in page
    assert 'href="tel:911"' in page
    with database.writing() as db:
        build.hotlines(db, time.at)
    assert "needs two people" in as_(cast.ada).get("/incidents/setup").text
    page = ana.get(f"/incidents/new?program={cast.rides}").text
    assert "No one is named yet" in page
    with database.writing() as db, pytest.raises(Refused):
        build.incident(db, cast.ana, cast.rides, time.at)
    with database.writing() as db:
        db.add(Membership(person_id=cast.cy, role=READS, since=time.at))
    ana.get(f"/incidents/new?program={cast.rides}")
    ana.press("/incidents", kind="injury", called="not_needed", what="I fell.")
    assert "Your report was sent" in ana.text
    assert "I fell" not in ana.text


@both
def test_nothing_is_written_down_in_a_sensitive_program(database, cast, time, as_, room):
    hana = as_(cast.hana)
    page = hana.get(f"/incidents/new?program={cast.shelter}").text
    assert 'name="what"' not in page
    answer = hana.press("/incidents", kind="threat", called="no", what="He came to the house.")
    assert answer.status_code == 422  # no number to call
    hana.press("/incidents", callback="(555) 555-7777", what="He came to the house.")
    with database.reading() as db:
        row = db.scalars(select(Incident).order_by(Incident.id.desc())).first()
        assert (row.program_id, row.what, row.who, row.place) == (cast.shelter, "", "", "")
        assert row.callback == "(555) 555-7777"
    assert "Call them back" in as_(cast.mara).get(f"/incidents/{row.id}").text
    assert as_(cast.cy).get(f"/incidents/{row.id}").status_code == 404


@pytest.mark.parametrize("field", ["for", "program"])
def test_no_one_reports_for_people_or_programs_that_are_not_theirs(cast, as_, room, field):
    query = {"for": f"for={cast.bo}", "program": f"program={cast.shelter}"}[field]
    assert as_(cast.ana).get(f"/incidents/new?{query}").status_code == 404
    answer = as_(cast.ana).post(
        "/incidents", kind="injury", called="no", what="x",
        person=str(cast.bo) if field == "for" else "",
        program=str(cast.shelter) if field == "program" else "none",
    )  # fmt: skip
    assert answer.status_code == 404


@both
def test_staff_types_a_report_for_someone_who_calls_and_does_not_see_it_again(
    database, cast, time, as_, room
):
    with database.writing() as db:
        held = select(Membership).where(Membership.person_id == cast.cy, Membership.role == READS)
        row = db.scalars(held).one()
        row.program_id = cast.shelter  # Rides has Ada and Noel now
        db.add(Membership(person_id=cast.noel, role=READS, program_id=cast.rides, since=time.at))
    cy = as_(cast.cy)
    cy.get(f"/incidents/new?for={cast.bo}&program={cast.rides}")
    cy.press("/incidents", kind="loss", called="not_needed", what="A bag.", asked="phone")
    assert "Only its receivers see it" in cy.text
    with database.reading() as db:
        row = db.scalars(select(Incident).order_by(Incident.id.desc())).first()
    assert (row.reporter_id, row.recorded_by_id, row.asked) == (cast.bo, cast.cy, "phone")
    assert cy.get(f"/incidents/{row.id}").status_code == 404
    assert "A bag." not in cy.get(f"/people/{cast.bo}").text


@both
def test_its_clock_tells_receivers_once_that_no_one_read_it(database, cast, time, room):
    number = room["incident"]

    def overdue() -> list[int]:
        return [person for kind, person in told(database, number) if kind == "incident.overdue"]

    def work() -> None:
        while round_of_work(database, Settings(), time.at):
            pass

    time.move(hours=23)
    work()
    assert overdue() == []
    time.move(hours=2)
    work()
    work()
    assert sorted(overdue()) == sorted([cast.ada, cast.cy])
    with database.writing() as db:  # another worker had found it, too
        handling.warn(Act(db, COMMAND_LINE, time.at), number)
    assert sorted(overdue()) == sorted([cast.ada, cast.cy])


@both
def test_a_report_that_was_read_is_never_overdue(database, cast, time, room):
    with database.writing() as db:
        act = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        handling.acknowledge(act, db.get_one(Incident, room["incident"]))
    time.move(days=3)
    while round_of_work(database, Settings(), time.at):
        pass
    assert "incident.overdue" not in {kind for kind, _ in told(database, room["incident"])}


@both
def test_two_receivers_do_not_both_take_it(database, cast, time, as_, room):
    path = f"/incidents/{room['incident']}/acknowledgment"
    pages = [as_(cast.cy), as_(cast.ada)]
    answers = at_once(*(lambda one=one: one.post(path).status_code for one in pages))
    assert sorted(answers) == [303, 422]
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(IncidentEntry)) == 1


@both
def test_whoever_leaves_leaves_their_reports_to_the_others(database, cast, time, room):
    with database.writing() as db:
        act = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        row = db.get_one(Incident, room["incident"])
        handling.acknowledge(act, row)
        authority.set_status(
            Act(db, build.OFFICE, time.at), db.get_one(Person, cast.cy), Status.ENDED
        )
    while round_of_work(database, Settings(), time.at):
        pass
    with database.reading() as db:
        assert db.get_one(Incident, room["incident"]).owner_id is None
        waits = receivers.waiting(viewer_of(db, cast.ada, time.at))
        assert [row.id for row in db.scalars(waits)] == [room["incident"]]


@pytest.mark.parametrize("seed", range(6))
def test_C4_every_step_leaves_a_line_and_none_is_lost(database, cast, time, room, seed):
    """Whatever receivers press in whatever order: states stay consistent, each act logs one line, and whom it is
    about sees nothing."""
    chance, done = random.Random(seed), 0
    for _ in range(25):
        with database.writing() as db:
            by = chance.choice((cast.cy, cast.ada))
            act = Act(db, viewer_of(db, by, time.at), time.at)
            scope = receivers.visible_incidents(act.by).where(Incident.id == room["incident"])
            row = db.scalar(scope)
            if row is None:
                continue
            verb, *more = chance.choice(
                (
                    (handling.acknowledge,),
                    (handling.add_entry, "Called."),
                    (handling.assign, chance.choice((cast.cy, cast.ada, cast.bo))),
                    (handling.close, "All well."),
                    (handling.reopen,),
                )
            )
            with suppress(Refused):
                verb(act, row, *more)
                done += 1
        with database.reading() as db:
            row = db.get_one(Incident, room["incident"])
            assert (row.state == IncidentState.CLOSED) == bool(row.outcome)
            assert row.state != IncidentState.NEW or row.owner_id is None
            assert row.owner_id in (None, cast.cy, cast.ada)
            assert db.scalar(select(func.count()).select_from(IncidentEntry)) == done


def test_mail_says_nothing_of_it(database, cast, time, room, office):
    with database.writing() as db:
        build.incident(db, cast.hana, cast.shelter, time.at, callback="(555) 555-7777")
    office.send()
    assert office.box.mails
    for mail in office.box.mails:
        said = str(mail).lower()
        for word in (
            "incident",
            "report",
            "injury",
            "shelter",
            "rides",
            "ana",
            "slipped",
            "555-7777",
            "5557777",
        ):
            assert word not in said.replace("ana@", "").replace("agency", ""), word


def test_nothing_of_a_report_stands_on_the_record_of_who_sent_it(database, cast, time, as_, room):
    ada = as_(cast.ada)
    for path in (f"/people/{cast.ana}", "/people?col=roles", "/people.csv"):
        assert "Slipped" not in ada.get(path).text
    assert "Slipped" not in as_(cast.ana).get("/incidents/own").text
    assert (
        "incident"
        not in as_(cast.cy)
        .get(f"/people/{cast.ana}")
        .text.partition("History")[2]
        .partition("</section>")[0]
        .lower()
    )


def test_own_reports_are_the_viewers_alone(database, cast, time, room):
    with database.reading() as db:
        assert len(reporting.own_reports(db, viewer_of(db, cast.ana, time.at))) == 1
        assert reporting.own_reports(db, viewer_of(db, cast.bo, time.at)) == []


def test_a_receiver_on_leave_reads_nothing_new_and_does_not_count(database, cast, time, room):
    with database.writing() as db:
        db.get_one(Person, cast.cy).status = Status.ON_LEAVE
        assert [one.id for one in receivers.receivers_of(db, cast.rides)] == [cast.ada]
        with pytest.raises(Refused):
            build.incident(db, cast.ana, cast.rides, time.at)


def test_staff_reports_for_someone_about_programs_that_both_have(database, cast, time, room):
    with database.writing() as db:
        build.place(db, cast.ana, cast.host, time.at)  # Ana serves in Rides and in the Shelter
        cy, ada = (viewer_of(db, one, time.at) for one in (cast.cy, cast.ada))
        own = viewer_of(db, cast.ana, time.at)

        def programs(person: int, by) -> set[int]:
            return {one.id for one in reporting.programs_of(db, person, by)}

        assert programs(cast.ana, own) == {cast.rides, cast.shelter}
        assert programs(cast.ana, cy) == {cast.rides}
        assert programs(cast.ana, ada) == {cast.rides, cast.shelter}
        assert programs(cast.sol, ada) == set()


def test_a_coordinator_reports_for_no_one_they_do_not_see(cast, as_, room):
    cy = as_(cast.cy)
    assert cy.get(f"/incidents/new?for={cast.hana}").status_code == 404
    answer = cy.post(
        "/incidents", kind="loss", called="no", what="x", person=str(cast.hana), program="none"
    )
    assert answer.status_code == 404


def test_a_mail_that_waits_is_not_sent_to_whom_the_report_was_hidden_from(
    database, cast, time, room, office
):
    with database.writing() as db:
        act = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        handling.hide_from(act, db.get_one(Incident, room["incident"]), cast.ada)
    office.send()
    told_by_mail = {mail["To"].addresses[0].addr_spec for mail in office.box.mails}
    with database.reading() as db:
        assert db.get_one(Person, cast.ada).email not in told_by_mail
        assert db.get_one(Person, cast.cy).email in told_by_mail


def test_A9_an_administrator_it_is_about_gains_nothing_by_a_role_given_later(
    database, cast, time, room
):
    """The reporter can name anyone of the staff, not only who reads reports today."""
    with database.writing() as db:
        held = select(Membership).where(Membership.person_id == cast.ada, Membership.role == READS)
        db.scalars(held).one().until = time.at
        db.add(Membership(person_id=cast.noel, role=READS, since=time.at))
        assert cast.ada in {one.id for one in receivers.possible_parties(db, cast.rides)}
        number = build.incident(db, cast.ana, cast.rides, time.at, about=[cast.ada]).id
        db.add(Membership(person_id=cast.ada, role=READS, since=time.at))
    assert not sees(database, cast.ada, number, time.at)
    assert sees(database, cast.noel, number, time.at)


def test_a_receiver_on_leave_sees_no_report(database, cast, time, room):
    with database.writing() as db:
        db.get_one(Person, cast.cy).status = Status.ON_LEAVE
    assert not sees(database, cast.cy, room["incident"], time.at)


def test_a_report_whose_only_other_reader_is_its_reporter_is_not_taken(database, cast, time, room):
    with database.writing() as db, pytest.raises(Refused):
        build.incident(db, cast.cy, cast.rides, time.at, about=[cast.ada])


def test_whom_it_was_hidden_from_meanwhile_can_do_nothing_with_it(database, cast, time, room):
    with database.writing() as db:
        row = db.get_one(Incident, room["incident"])
        handling.hide_from(Act(db, viewer_of(db, cast.ada, time.at), time.at), row, cast.cy)
        act = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        for verb, *more in ((handling.acknowledge,), (handling.add_entry, "x")):
            with pytest.raises(NotFound):
                verb(act, row, *more)


@both
def test_a_report_that_no_one_may_read_any_longer_waits_for_administrators(
    database, cast, time, room, as_
):
    with database.writing() as db:
        row = db.get_one(Incident, room["incident"])
        act = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        handling.hide_from(act, row, cast.ada)
        held = select(Membership).where(Membership.person_id == cast.cy, Membership.role == READS)
        db.scalars(held).one().until = time.at
        for person in (cast.noel, cast.mara):
            db.add(Membership(person_id=person, role=READS, program_id=cast.testing, since=time.at))
        db.add(Membership(person_id=cast.ada, role=READS, program_id=cast.rides, since=time.at))
        viewer = viewer_of(db, cast.ada, time.at)
        assert cast.rides in {one.id for one in db.scalars(receivers.uncovered(viewer))}
    time.move(days=3)
    while round_of_work(database, Settings(), time.at):
        pass
    with database.reading() as db:  # its clock stands until someone may read it
        assert db.get_one(Incident, room["incident"]).overdue_at is None


def test_a_sensitive_programs_log_and_outcome_say_nothing(database, cast, time, as_, room):
    with database.writing() as db:
        row = build.incident(db, cast.hana, cast.shelter, time.at, callback="(555) 555-7777")
        act = Act(db, viewer_of(db, cast.mara, time.at), time.at)
        handling.acknowledge(act, row)
        handling.add_entry(act, row, "He found the house.")
        handling.close(act, row, "She moved.")
        assert row.outcome == ""
        said = {line.words for line in handling.log_of(db, row.id)}
        assert said == {""}
        db.add(Membership(person_id=cast.noel, role=READS, since=time.at))
        elsewhere = build.incident(db, cast.hana, None, time.at, callback="(555) 555-7777")
        assert elsewhere.what == ""  # nor under no program
        with pytest.raises(Refused):
            build.incident(db, cast.ana, cast.rides, time.at, happened_on=date(2027, 5, 1))


def test_no_list_of_calls_or_messages_shows_that_there_is_a_report(database, cast, time, as_, room):
    with database.writing() as db:
        for person in (cast.cy, cast.ada):
            db.get_one(Person, person).email = ""
        build.incident(db, cast.ana, cast.rides, time.at)
    ada = as_(cast.ada)
    for path in ("/calls", "/messages"):
        assert "report" not in ada.get(path).text.partition("<main")[2].partition("</main>")[0], (
            path
        )


def test_what_was_typed_into_a_report_is_not_kept_when_a_session_ends():
    for form in (IncidentForm, EntryForm, CloseForm):
        assert not form.kept


@both
def test_hiding_it_from_its_owner_gives_it_back_to_the_others(database, cast, time, room, as_):
    with database.writing() as db:
        act = Act(db, viewer_of(db, cast.cy, time.at), time.at)
        row = db.get_one(Incident, room["incident"])
        handling.acknowledge(act, row)
        handling.hide_from(act, row, cast.cy)
        assert (row.state, row.owner_id) == (IncidentState.NEW, None)
    assert "Assign report to me" in as_(cast.ada).get(f"/incidents/{room['incident']}").text
