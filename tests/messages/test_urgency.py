"""What goes out when: urgent messages wait behind nothing, and strangers cannot use our mail."""

import json
from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.act import Act, Ref
from portal.messages.kinds import NEAR, Kind, Urgency, timing
from portal.messages.models import Message
from portal.messages.outside import Outsider, tell_outsider
from portal.outreach import message_kinds as outreach_kinds
from portal.outreach import speaker_offers
from portal.people import memberships
from portal.people.models import Person
from portal.people.notify import notify
from portal.permissions import Role
from portal.programs.scopes import call_list
from portal.shifts import message_kinds, shifts, signups
from portal.shifts.models import Shift
from tests import build
from tests.mailbox import parts
from tests.outreach.test_pages import FORM, opened
from tests.worker import EVERY_NOTICE

both = pytest.mark.both_databases


def words_of(mail) -> str:
    return parts(mail)["text/plain"].get_content()


def test_every_kind_names_its_class_once():
    urgency = next(field for field in fields(Kind) if field.name == "urgency")
    assert urgency.default.__class__.__name__ == "_MISSING_TYPE"  # none without it
    now = {name for name, notice in EVERY_NOTICE.items() if notice.kind.urgency is Urgency.NOW}
    assert now == {
        "proof", "invitation", "email.changed", "password.changed", "outreach.prove",
        "incident.new", "incident.overdue", "incident.assigned", "people.merged_away", "shift.adults", "emergency_access.opened",
    }  # fmt: skip
    for name in ("shift.called_off", "shift.changed", "waiting.offered", "shift.asked"):
        assert EVERY_NOTICE[name].kind.urgency is Urgency.SOON


@pytest.mark.parametrize(
    ("hours", "urgency"),
    [(None, Urgency.CAN_WAIT), (-1, Urgency.CAN_WAIT), (0, Urgency.NOW), (12, Urgency.NOW), (12.1, Urgency.CAN_WAIT)],
)  # fmt: skip
def test_what_starts_within_twelve_hours_is_urgent(time, hours, urgency):
    starts_at = None if hours is None else time.at + timedelta(hours=hours)
    found = timing(message_kinds.MADE, starts_at, time.at)
    assert found == {"urgency": urgency, "send_at": time.at, "next_at": time.at}
    assert timedelta(hours=12) == NEAR


def confirm(database, cast, time, times, kind=message_kinds.MADE):
    """So many messages to Ana about one shift of hers that starts in days."""
    with database.writing() as db:
        shift = db.scalars(select(Shift)).first() or build.shift(db, cast.driver)
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift.id, quiet=True)
        number = db.scalar(select(signups.Signup.id))
        for _ in range(times):
            notify(Act(db, build.OFFICE, time.at), kind, Ref("signup", number), [cast.ana])
        return shift.id


@both
def test_a_cancellation_waits_behind_no_confirmations(database, cast, time, office):
    object.__setattr__(office.settings, "mail_per_person_day", 3)
    shift_id = confirm(database, cast, time, 6)
    assert len(office.send()) == 3
    with database.writing() as db:
        shift = db.get_one(Shift, shift_id)
        shifts.cancel(Act(db, build.OFFICE, time.at), shift, "Snow")
    assert len(office.send()) == 1
    assert "Snow" in words_of(office.box.mails[-1])


@both
def test_the_hours_cap_holds_back_only_what_can_wait_and_urgent_ones_go_first(
    database, cast, time, office
):
    object.__setattr__(office.settings, "mail_per_hour", 2)
    confirm(database, cast, time, 5)
    confirm(database, cast, time, 3, message_kinds.CANT)
    with database.writing() as db:
        db.execute(update(Message).where(Message.kind == "signup.cant").values(urgency="now"))
        db.execute(
            update(Message)
            .where(Message.kind == "signup.cant")
            .values(kind="signup.made", told=json.dumps({"x": 1}))
        )
    assert len(office.send()) == 3
    with database.reading() as db:
        waiting = db.scalars(select(Message.urgency).where(Message.state == "queued")).all()
    assert set(waiting) == {"wait"}


@both
def test_F6_an_address_gets_a_day_s_mails_over_all_kinds(database, cast, time, office):
    """Someone without a record: whoever typed their address cannot have us write to them without end."""
    object.__setattr__(office.settings, "mail_per_person_day", 3)
    with database.writing() as db:
        one = build.talk_request(db, time.at, office.settings)
        for _ in range(9):
            talks_tell(db, one, time.at)
    office.send()
    assert len(office.box.to("victim@example.org")) == 3
    time.move(hours=25)
    office.send()
    assert len(office.box.to("victim@example.org")) == 6


def talks_tell(db, request, at):
    to = Outsider("Rosa", "en", "victim@example.org")
    tell_outsider(
        Act(db, build.OFFICE, at), outreach_kinds.RECEIVED, ("talk_request", request.id), to
    )


def test_F6_nothing_that_a_stranger_typed_goes_to_an_address_that_nobody_proved(
    database, cast, stage_of, public, time, office
):
    bait = "Win money at evil example"
    public.get("/register")
    public.press("/register", name=bait, address="victim@example.org", phone="")
    office.send()
    stage_of(public, contact_name=bait, organization=bait, contact_email="victim@example.org")
    office.send()
    mails = office.box.to("victim@example.org")
    assert len(mails) == 2
    for mail in mails:
        assert "evil" not in str(mail)
        assert "evil" not in words_of(mail)


@pytest.fixture
def stage_of(database, cast, time):
    """Send the public form for a presentation."""
    with database.writing() as db:
        topic = build.topic(db, time.at).id

    def sent(browser, **fields):
        hidden = opened(browser)
        time.move(minutes=1)
        answer = browser.post("/talks/request", **FORM | hidden | fields | {"topics": str(topic)})
        assert answer.status_code == 303, answer.text
        return answer

    return sent


class TestWhoMustBeCalled:
    """Everyone who must be told and has no email is on a list that whoever acted can work."""

    @pytest.fixture
    def no_email(self, database, cast):
        with database.writing() as db:
            db.execute(update(Person).where(Person.id == cast.ana).values(email=""))

    @both
    def test_a_clerk_sees_and_works_the_calls_about_presentations(
        self, database, cast, time, settings, as_, no_email
    ):
        with database.writing() as db:
            memberships.grant(Act(db, build.OFFICE, time.at), cast.bo, Role.OUTREACH_CLERK, None)
            topic = build.topic(db, time.at)
            build.speaker(db, cast.ana, [topic.id], time.at)
            talk = build.talk(db, time.at, settings, topics=[topic.id])
            person = db.get_one(Person, cast.ana)
            speaker_offers.ask(
                Act(db, build.OFFICE, time.at), talk, person, speaker_offers.OfferTerms()
            )
        clerk = as_(cast.bo)
        page = clerk.get("/calls")
        assert page.status_code == 200
        assert "Ana Reyes" in page.text
        with database.reading() as db:
            call = db.scalar(select(Message.id).where(Message.channel == "call"))
        assert clerk.get(f"/calls/{call}").status_code == 200
        assert as_(cast.sol).get(f"/calls/{call}").status_code == 404
        assert as_(cast.mara).get(f"/calls/{call}").status_code == 404
        clerk.get(f"/calls/{call}")
        clerk.press(f"/calls/{call}/outcome", outcome="reached")
        assert "Ana Reyes" not in clerk.get("/calls").text

    @both
    def test_the_page_says_at_once_who_must_be_called(self, database, cast, time, as_, no_email):
        with database.writing() as db:
            shift = build.shift(db, cast.driver, places=2).id
            for person in (cast.ana, cast.bo):
                signups.sign_up(Act(db, build.viewer(person), time.at), person, shift)
        cy = as_(cast.cy)
        cy.get(f"/shifts/{shift}/cancellation")
        page = cy.press(f"/shifts/{shift}/cancellation", reason="Snow").text
        assert "Call Ana Reyes, (555) 555-1234" in page
        assert "Bo Tanaka, (555)" not in page

    @both
    def test_whoever_acted_sees_the_call_whatever_program_it_is_of(
        self, database, cast, time, no_email
    ):
        by = build.viewer(cast.noel, (Role.COORDINATOR, cast.testing))
        with database.writing() as db:
            notify(
                Act(db, by, time.at),
                message_kinds.REMOVED,
                Ref("signup", 1, None, cast.rides),
                [cast.ana],
            )
        with database.reading() as db:
            assert len(db.scalars(call_list(by)).all()) == 1
            mara = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
            assert db.scalars(call_list(mara)).all() == []

    @both
    def test_Z4_who_left_a_sensitive_program_reads_none_of_its_calls(
        self, database, cast, time, no_email
    ):
        was = build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter))
        now = build.viewer(cast.mara, (Role.COORDINATOR, cast.rides))
        with database.writing() as db:
            to = [cast.hana]
            db.execute(update(Person).where(Person.id == cast.hana).values(email=""))
            notify(
                Act(db, was, time.at),
                message_kinds.REMOVED,
                Ref("signup", 1, None, cast.shelter),
                to,
            )
        with database.reading() as db:
            assert len(db.scalars(call_list(was)).all()) == 1
            assert db.scalars(call_list(now)).all() == []

    def test_a_volunteer_is_told_nobody_s_number(self, database, cast, time, as_):
        with database.writing() as db:
            db.execute(update(Person).where(Person.id == cast.cy).values(email=""))
            shift = build.shift(db, cast.driver).id
            signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        browser = as_(cast.ana)
        browser.get(f"/shifts/{shift}")
        page = browser.press(f"/shifts/{shift}/withdrawal").text
        assert "Cy Ortega, (555) 555-1234" not in page
