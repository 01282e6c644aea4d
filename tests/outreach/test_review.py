"""What a second reading of outreach found: each was wrong once."""

import socket
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.outreach import (
    booking,
    external_calendars,
    hosting,
    intake,
    intake_policy,
    links,
    moving_talks,
    offer_line,
    replies,
    request_reads,
    rescheduling,
    speaker_offers,
    tables,
    triage,
)
from portal.outreach.events import OF_TALK, place_of
from portal.outreach.models import RequestEvent, RequestState, TalkRequest
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.talk_models import CalendarReply, Presentation, SpeakerOffer
from portal.people.models import Person
from portal.permissions import NOBODY, Role
from portal.programs.models import Site
from portal.reading import reader
from portal.shifts import blocks
from portal.web.errors import Refused
from tests import build
from tests.outreach.test_calendars import reply
from tests.outreach.test_pages import send

both = pytest.mark.both_databases
YES = OfferTerms(mode="yes", asked="phone")


def person(db, number):
    return db.get_one(Person, number)


@pytest.mark.parametrize("sequence", [10**30, -1, 2**31])
@both
def test_a_strangers_hostile_answer_breaks_nothing(sequence, database, stage, settings, time):
    raw = reply(5, "who\x00@example.net", "DECLINED", sequence)
    with database.writing() as db:
        assert replies.take(Act(db, stage.clerk, time.at), reader.mail(raw), settings) == []
        good = reply(5, "who\x00@example.net", "DECLINED", 3)
        assert len(replies.take(Act(db, stage.clerk, time.at), reader.mail(good), settings)) == 1
        assert db.scalars(select(CalendarReply.address)).all() == ["who@example.net"]


def test_a_calendar_server_that_drips_is_cut_off(monkeypatch):
    listener = socket.create_server(("127.0.0.1", 0))
    gone = threading.Event()

    def drip():
        visitor, _ = listener.accept()
        with visitor:
            visitor.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not gone.wait(0.02):
                try:
                    visitor.sendall(b"x")
                except OSError:
                    gone.set()

    threading.Thread(target=drip, daemon=True).start()

    class Plain(external_calendars._Pinned):
        def connect(self):
            self.kept = self.sock = socket.create_connection(listener.getsockname(), 5)

    monkeypatch.setattr(external_calendars, "_Pinned", Plain)
    monkeypatch.setattr(external_calendars, "SECONDS", 0.1)
    ended = []

    def read():
        try:
            ended.append(external_calendars._read("x", 443, "/", "127.0.0.1"))
        except external_calendars.NoCalendar as error:
            ended.append(str(error))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(20)
    gone.set()
    listener.close()
    assert ended  # it came to an end although the server went on


@both
def test_withdrawing_by_link_keeps_the_cut_off(database, stage, cast, settings, time):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        near = build.TALK_AT - time.span(hours=2)
        for at in (near, build.TALK_AT + time.span(days=1)):
            with pytest.raises(Refused, match="too close"):
                hosting.withdraw(Act(db, NOBODY, at), talk.request, "", blocks)
        hosting.withdraw(Act(db, stage.clerk, near), talk.request, "Record their call", blocks)
        assert talk.request.state == RequestState.WITHDRAWN


@both
def test_no_reason_puts_one_speaker_into_two_confirmed_talks(database, stage, cast, settings, time):
    with database.writing() as db:
        week = time.span(days=7)
        first = build.talk(db, time.at, settings, topics=[stage.topic], words="a")
        second = build.talk(
            db, time.at, settings, topics=[stage.topic], starts=build.TALK_AT + week, words="b"
        )
        for talk in (first, second):
            speaker_offers.ask(Act(db, stage.clerk, time.at), talk, person(db, cast.ana), YES)
        with pytest.raises(Refused, match="another presentation"):
            moving_talks.move_by(Act(db, stage.clerk, time.at), first, 7, "Snow", blocks)


@both
def test_only_who_books_for_the_role_cuts_a_table_and_its_length_stays(
    database, stage, cast, settings, time
):
    with database.writing() as db:
        table = build.talk(db, time.at, settings, kind="table", topics=[stage.topic], minutes=240)
        other = build.viewer(cast.noel, (Role.COORDINATOR, cast.testing))
        with pytest.raises(Refused, match="book for"):
            tables.add_blocks(Act(db, other, time.at), table, 120, 2, blocks)
        tables.add_blocks(Act(db, build.OFFICE, time.at), table, 120, 2, blocks)
        longer = rescheduling.talk_values(table)
        longer["ends_at"] += timedelta(hours=1)
        with pytest.raises(Refused) as refused:
            rescheduling.edit_talk(
                Act(db, stage.clerk, time.at), table, longer, table.version, "", blocks
            )
        assert set(refused.value.fields) == {"minutes"}


@both
def test_another_topic_asks_for_its_role(database, stage, cast, settings, time):
    with database.writing() as db:
        build.speaker(db, cast.sol, [stage.other], time.at)
        talk = build.talk(db, time.at, settings, topics=[stage.other])
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, person(db, cast.sol), YES)
        values = rescheduling.talk_values(talk) | {"topic_id": stage.topic}
        with pytest.raises(Refused) as refused:
            rescheduling.edit_talk(
                Act(db, stage.clerk, time.at), talk, values, talk.version, "", blocks
            )
        assert set(refused.value.fields) == {"topic_id"}


def test_Z3_a_programs_clerk_cannot_name_a_topic_of_another(database, stage, cast, as_, time):
    with database.writing() as db:
        hidden = build.topic(db, time.at, "Shelter life", program_id=cast.shelter).id
    browser = as_(cast.cy)
    fields = {
        "kind": "question", "source": "phone", "contact_name": "x", "language": "en", "words": "Reason",
        "topics": str(hidden),
    }  # fmt: skip
    assert browser.post("/outreach/requests", **fields | {"kind": "literature"}).status_code == 422


@both
def test_P10_a_place_that_becomes_confidential_is_no_longer_told(
    database, stage, cast, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        talk.site_id = cast.office
        db.get_one(Site, cast.office).program_id = cast.rides
        db.get_one(Site, cast.office).confidential = True
        db.flush()
        row = db.execute(OF_TALK.where(Presentation.id == talk.id)).one()
        assert place_of(row, "en") == "See the location in the portal"


def test_P10_pages_of_a_talk_do_not_tell_a_confidential_place(
    database, stage, cast, settings, as_, time
):
    with database.writing() as db:
        act = Act(db, stage.clerk, time.at)
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        talk.site_id = cast.office
        person = db.get_one(Person, cast.ana)
        offer = speaker_offers.ask(
            act, talk, person, speaker_offers.OfferTerms(mode="yes", asked="phone")
        )
        db.get_one(Site, cast.office).program_id = cast.rides
        db.get_one(Site, cast.office).confidential = True
        own, desk = f"/me/talks/{offer.id}", f"/outreach/talks/{talk.id}"
    for browser, path in ((as_(cast.ana), own), (as_(stage.dee), desk)):
        page = browser.get(path).text
        assert "See the location in the portal" in page
        assert not any(word in page for word in ("Main office", "Cedar Street"))


@both
def test_a_series_keeps_its_booked_dates(database, stage, settings, time):
    later = build.TALK_AT + time.span(days=7)
    given = build.ASKED_FOR | {"dates": [build.TALK_AT, later], "series": True}
    with database.writing() as db:
        request = build.talk_request(db, time.at, settings, **given)
        booking.book(Act(db, stage.clerk, time.at), request, build.TALK_AT)
        with pytest.raises(Refused, match="already booked"):
            booking.book(Act(db, stage.clerk, time.at), request, build.TALK_AT)
        with pytest.raises(Refused, match="presentation is already booked"):
            triage.decline(Act(db, stage.clerk, time.at), request, "No")
        intake.amend(Act(db, NOBODY, time.at), request, given, request.version, settings)
        rows = [
            (row.starts_at, bool(row.presentation_id))
            for row in request_reads.dates_of(db, request.id)
        ]
        assert rows == [(build.TALK_AT, True), (later, False)]
        talk = booking.coming_talks(db, request.id, time.at)[0]
        hosting.cancel_by_host(Act(db, NOBODY, time.at), talk, "", blocks)
        assert request.state == RequestState.OPEN  # the other date waits


@both
def test_an_answer_counts_although_the_speaker_changed_since(database, stage, cast, settings, time):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic], by=stage.clerk)
        offer = speaker_offers.ask(Act(db, stage.clerk, time.at), talk, person(db, cast.ana), YES)
        told = talk.sequence
        speaker_offers.drop(Act(db, stage.clerk, time.at), offer)
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, person(db, cast.bo), YES)
        raw = reply(talk.id, "rosa@parish.example", "DECLINED", told)
        assert len(replies.take(Act(db, stage.clerk, time.at), reader.mail(raw), settings)) == 1


@both
def test_two_different_requests_are_two_and_an_amended_one_keeps_what_its_form_hides(
    database, stage, cast, settings, time
):
    with database.writing() as db:
        hidden = build.topic(db, time.at, "Shelter life", program_id=cast.shelter).id
        one, two = (
            build.talk_request(db, time.at, settings, source="public", topics=[topic])
            for topic in (stage.topic, stage.other)
        )
        assert one.id != two.id
        row = build.talk_request(db, time.at, settings, topics=[hidden])
        values = build.ASKED_FOR | {"dates": [build.TALK_AT]}
        intake.amend(Act(db, NOBODY, time.at), row, values, row.version, settings)
        assert request_reads.topic_ids(db, row.id) == [hidden]


@both
def test_no_before_one_is_asked_and_no_mail_that_comes_too_late(
    database, stage, cast, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, person(db, cast.ana), OfferTerms())
        waits = speaker_offers.ask(
            Act(db, stage.clerk, time.at), talk, person(db, cast.bo), OfferTerms()
        )
        speaker_offers.decline(Act(db, stage.clerk, time.at, "phone"), waits)
        assert waits.state == "declined"
        other = build.talk(db, time.at, settings, topics=[stage.topic], words="b")
        with pytest.raises(Refused, match="too close"):
            late = build.TALK_AT - time.span(minutes=30)
            speaker_offers.ask(Act(db, stage.clerk, late), other, person(db, cast.bo), OfferTerms())


def test_the_clerk_says_that_another_date_is_not_possible(
    database, stage, cast, as_, settings, time, told
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, person(db, cast.ana), YES)
        hosting.ask_to_move(Act(db, NOBODY, time.at), talk, build.TALK_AT + time.span(days=3))
        number = talk.id
    browser = as_(stage.dee)
    assert browser.post(f"/outreach/talks/{number}/kept-date").status_code == 303
    with database.reading() as db:
        assert db.get_one(Presentation, number).wants_at is None
        assert "talk.kept" in db.scalars(select(AuditEntry.action)).all()
    assert "outreach.kept" in [kind for kind, _, _ in told()]


@both
def test_whoever_is_asked_hears_of_the_new_time(database, stage, cast, settings, time, told):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, person(db, cast.ana), OfferTerms())
        moving_talks.move_by(Act(db, stage.clerk, time.at), talk, 1, "", blocks)
        assert db.scalars(select(SpeakerOffer.state)).all() == ["asked"]
    assert [kind for kind, _, _ in told()].count("outreach.offered") == 2


def test_same_as_last_year_writes_to_nobody(database, stage, as_, settings, time, told):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic]).id
    time.at = build.TALK_AT + time.span(days=30)
    before = len(told())
    as_(stage.dee).post(f"/outreach/talks/{talk}/again")
    assert len(told()) == before
    with database.reading() as db:
        assert len(db.scalars(select(TalkRequest.id)).all()) == 2


@pytest.mark.parametrize("last", ["talks/{talk}/cancellation", "requests/{request}/withdrawal"])
def test_a_reason_longer_than_its_place_is_said_beside_the_field(
    last, database, stage, as_, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        path = "/outreach/" + last.format(talk=talk.id, request=talk.request_id)
    browser = as_(stage.dee)
    refused = browser.post(path, reason="x" * 301)
    assert refused.status_code == 422
    assert "x" * 301 in refused.text
    with database.reading() as db:
        assert db.scalars(select(Presentation.state)).all() == ["tentative"]
    assert browser.post(path, reason="x" * 300).status_code == 303


@both
def test_a_request_that_its_host_ends_with_its_last_talk_says_who_and_why(
    database, stage, cast, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        hosting.cancel_by_host(Act(db, NOBODY, time.at), talk, "Flu", blocks)
        assert (talk.request.state, talk.request.reason) == (RequestState.WITHDRAWN, "Flu")
        events = select(RequestEvent.words).where(RequestEvent.done == "withdrawn")
        assert db.scalars(events).all() == ["Flu"]
    with database.reading() as db:
        assert "request.withdrawn" in db.scalars(select(AuditEntry.action)).all()


def test_the_status_page_offers_to_take_back_only_what_may_be(
    database, stage, public, settings, time
):
    with database.writing() as db:
        row = build.talk_request(db, time.at, settings, topics=[stage.topic], series=True)
        booking.book(Act(db, stage.clerk, time.at), row, build.TALK_AT)
        booking.book(Act(db, stage.clerk, time.at), row, build.TALK_AT + time.span(days=7))
        path = f"/requests/{links.status_token(settings, row.link_id)}"
    assert "Withdraw your request" in public.get(path).text
    time.at = build.TALK_AT - time.span(hours=2)  # the first is too near, so the whole is, too
    page = public.get(path).text
    assert "Withdraw your request" not in page
    assert "Cancel presentation" in page  # the second may still be


@both
def test_whose_time_is_held_is_not_asked_at_the_last_minute(database, stage, cast, settings, time):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        held = speaker_offers.ask(
            Act(db, stage.clerk, time.at), talk, person(db, cast.ana), OfferTerms(mode="hold")
        )
        with pytest.raises(Refused, match="too close"):
            offer_line.ask_held(Act(db, stage.clerk, build.TALK_AT - time.span(minutes=30)), held)


def test_what_was_acknowledged_is_a_version_that_there_is_and_stands_on_the_request(
    database, stage, public, as_, time
):
    with database.writing() as db:
        intake_policy.write_pledge(
            Act(db, stage.clerk, time.at), "No promises, <em>friend</em>", {}
        )
        one = intake_policy.pledge_of(db)[0]
        intake_policy.write_pledge(Act(db, stage.clerk, time.at), "Later words", {})
    assert send(public, time, pledge="99").status_code == 422
    assert send(public, time, pledge=str(one)).status_code == 303
    page = as_(stage.dee).get("/outreach/requests/1").text
    assert "No promises, &lt;em&gt;friend" in page
    assert "Later words" not in page


def test_after_the_talk_its_hosts_page_does_not_promise_it(
    database, stage, cast, public, settings, time
):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk, person(db, cast.ana), YES)
        path = f"/requests/{links.status_token(settings, talk.request.link_id)}"
    assert "confirmed. We" in public.get(path).text
    time.at = build.TALK_AT + time.span(days=1)
    page = public.get(path).text
    assert "This presentation is over" in page
    assert "confirmed. We" not in page
    assert "too close" not in page
