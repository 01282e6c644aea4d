"""Asking for a talk: terms, proof, amending, triage, what we propose instead, and how a request ends."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.outreach import (
    asking,
    booking,
    desk,
    hosting,
    links,
    memory,
    organizations,
    terms,
    triage,
)
from portal.outreach.models import (
    CounterOffer,
    Organization,
    RequestDate,
    RequestEvent,
    RequestState,
    TalkRequest,
)
from portal.outreach.talk_models import Presentation, TalkState
from portal.outreach.triage import Proposal
from portal.permissions import NOBODY
from portal.shifts import blocks
from portal.web.errors import NotFound, Refused, Stale
from tests import build

both = pytest.mark.both_databases


def given(**values):
    return build.ASKED_FOR | {"dates": [build.TALK_AT]} | values


def ask(database, settings, at, source="public", kind="presentation", **values):
    with database.writing() as db:
        return asking.ask(db, NOBODY, kind, source, given(**values), settings, at).id


@both
def test_a_public_request_waits_for_its_proof_and_gets_a_number(
    database, stage, settings, time, told
):
    one = ask(database, settings, time.at, topics=[stage.topic])
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        assert request.reference == f"R-2026-{one:04}"
        assert (request.state, request.program_id is not None) == ("unproved", True)
        assert request.due_on == date(2026, 12, 4)  # three business days
        assert told() == [("outreach.prove", "mail", None)]
        token = links.proof_token(settings, request.link_id)
        found = links.by_proof_token(db, token, time.at)
        asking.prove(db, found, NOBODY, time.at)
        asking.prove(db, found, NOBODY, time.at)
        assert request.state == RequestState.OPEN
    assert told()[1:] == [("outreach.received", "mail", None)]


@both
def test_a_question_has_an_owner_and_is_due_on_the_day_they_need_it(
    database, stage, settings, time
):
    with database.writing() as db:
        plain = {"kind": "question", "dates": [], "topics": [], "by": stage.clerk}
        soon = build.talk_request(db, time.at, settings, needed_by=date(2026, 12, 2), **plain)
        usual = build.talk_request(db, time.at, settings, **plain)
        assert {soon.owner_id, usual.owner_id} == {stage.dee}
        assert (soon.due_on, usual.due_on) == (date(2026, 12, 2), date(2026, 12, 4))
        assert desk.requests(db, stage.clerk, "mine", "", "").rows[0].id == soon.id
        with pytest.raises(Refused, match="answered, not booked"):
            booking.book(db, stage.clerk, soon, build.TALK_AT, time.at)


@both
def test_a_proof_link_ends_and_an_unproved_request_expires(database, stage, settings, time):
    one = ask(database, settings, time.at)
    with database.writing() as db:
        link_id = db.get_one(TalkRequest, one).link_id
        proof, status = links.proof_token(settings, link_id), links.status_token(settings, link_id)
        with pytest.raises(NotFound):
            links.by_proof_token(db, status, time.at)
        with pytest.raises(NotFound):
            links.by_status_token(db, proof, time.at)
        with pytest.raises(NotFound):
            links.by_proof_token(db, proof, time.at + timedelta(days=8))
        assert asking.expire(db, time.at + timedelta(days=15)) == 1
        assert db.get_one(TalkRequest, one).state == RequestState.EXPIRED


@both
def test_terms_bind_the_public_beside_the_field_and_staff_only_by_the_calendar(
    database, stage, settings, time
):
    soon, late = time.at + timedelta(days=3), time.at + timedelta(days=800)
    for when in (soon, late, time.at - timedelta(days=1)):
        with pytest.raises(Refused) as refused:
            ask(database, settings, time.at, dates=[when], fields={when: "day"})
        assert set(refused.value.fields) == {"day"}
    with pytest.raises(Refused) as refused:
        ask(database, settings, time.at, alternates=[soon], fields={soon: "day_2"})
    assert set(refused.value.fields) == {"day_2"}
    with database.writing() as db:
        build.talk_request(db, time.at, settings, dates=[soon])
        with pytest.raises(Refused):
            build.talk_request(db, time.at, settings, dates=[time.at - timedelta(days=1)])
        terms.set_terms(db, stage.clerk, {"presentation": terms.Terms(1, 30)}, time.at)
    assert ask(database, settings, time.at, dates=[soon])


@both
def test_Z5_the_public_cannot_ask_for_what_a_sensitive_program_talks_about(
    database, stage, cast, settings, time
):
    with database.writing() as db:
        hidden = build.topic(db, time.at, "Safe haven", program_id=cast.shelter).id
        assert hidden not in [row.id for row in asking.topics_offered(db, staff=False)]
        assert hidden in [row.id for row in asking.topics_offered(db, staff=True)]
    with pytest.raises(Refused) as refused:
        ask(database, settings, time.at, topics=[hidden])
    assert "topics" in refused.value.fields


@both
def test_requests_go_to_a_program_by_topic_or_by_district(database, stage, cast, settings, time):
    with database.writing() as db:
        terms.set_routes(db, stage.clerk, {stage.north: cast.testing}, time.at)
        by_topic = build.talk_request(
            db, time.at, settings, topics=[stage.other, stage.topic], district_id=stage.north
        )
        by_district = build.talk_request(db, time.at, settings, district_id=stage.north)
        neither = build.talk_request(db, time.at, settings)
        assert by_topic.program_id == cast.rides
        assert (by_district.program_id, neither.program_id) == (cast.testing, None)
        triage.route(db, stage.clerk, neither, cast.shelter, time.at)
        assert neither.program_id == cast.shelter


@both
def test_without_an_address_what_we_tell_is_a_call_or_a_letter(
    database, stage, settings, time, told
):
    with database.writing() as db:
        build.talk_request(db, time.at, settings, contact_email="")
        build.talk_request(db, time.at, settings, contact_email="", contact_phone="")
    assert told() == [("outreach.received", "call", None), ("outreach.received", "post", None)]


@both
def test_amending_keeps_old_dates_and_refuses_stale_or_ended(database, stage, settings, time):
    one = ask(database, settings, time.at)
    time.move(days=25)  # the date that was far enough ahead then is near now, and may stay
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        version = request.version
        asking.amend(
            db, NOBODY, request, given(audience=60, contact_email="other@example.org"), version,
            settings, time.at,
        )  # fmt: skip
        assert (request.audience, request.contact_email) == (60, "rosa@parish.example")
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        with pytest.raises(Stale):
            asking.amend(db, NOBODY, request, given(), version, settings, time.at)
        near = time.at + timedelta(days=2)
        with pytest.raises(Refused):
            asking.amend(
                db, NOBODY, request, given(dates=[near]), request.version, settings, time.at
            )
        triage.decline(db, stage.clerk, request, "No speaker", time.at)
        with pytest.raises(Refused):
            asking.amend(db, NOBODY, request, given(), request.version, settings, time.at)


@both
def test_a_decline_carries_its_reason_and_an_unproved_address_is_not_written_to(
    database, stage, settings, time, told
):
    proved, unproved = (ask(database, settings, time.at, words=words) for words in "ab")
    with database.writing() as db:
        asking.prove(db, db.get_one(TalkRequest, proved), stage.clerk, time.at, spoke=True)
        for one in (proved, unproved):
            triage.decline(db, stage.clerk, db.get_one(TalkRequest, one), "Too far", time.at)
    kinds = [kind for kind, _, _ in told()]
    assert kinds.count("outreach.declined") == 1
    with database.reading() as db:
        done = db.scalars(select(RequestEvent.done).where(RequestEvent.request_id == proved)).all()
        assert done == ["received", "spoke", "declined"]
        assert db.get_one(TalkRequest, proved).reason == "Too far"


@both
def test_a_yes_to_a_speaker_outlives_other_proposals(database, stage, cast, settings, time):
    one = ask(database, settings, time.at, source="phone")
    other = build.TALK_AT + timedelta(days=1)
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        over = [time.at]  # the days of a form whose fields are hidden do not matter
        bo = Proposal("speaker", dates=over, speaker_id=cast.bo)
        row = triage.counter(db, stage.clerk, request, bo, time.at)
        triage.answer_counter(db, NOBODY, request, row.id, None, time.at, yes=True)
        row = triage.counter(db, stage.clerk, request, Proposal("date", dates=[other]), time.at)
        chosen = db.scalars(select(RequestDate).filter_by(counter_id=row.id)).one()
        triage.answer_counter(db, NOBODY, request, row.id, chosen.id, time.at, yes=True)
        assert triage.agreed_speaker(db, one) == cast.bo
        row = triage.counter(
            db, stage.clerk, request, Proposal("speaker", speaker_id=cast.ana), time.at
        )
        triage.answer_counter(db, NOBODY, request, row.id, None, time.at, yes=False)
        assert triage.agreed_speaker(db, one) == cast.bo
        words = [row.words for row in desk.history(db, one) if row.done == "countered"]
    assert sorted(words) == ["", "Ana R.", "Bo T."]


@both
def test_a_proposal_is_answered_once_and_the_date_becomes_theirs(database, stage, settings, time):
    one = ask(database, settings, time.at, source="phone")
    other = build.TALK_AT + timedelta(days=1)
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        with pytest.raises(Refused):
            triage.counter(db, stage.clerk, request, Proposal("date"), time.at)
        offer = triage.counter(
            db, stage.clerk, request, Proposal("date", dates=[other]), time.at
        ).id
        assert request.state == RequestState.COUNTERED
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        with pytest.raises(Refused):
            triage.answer_counter(db, NOBODY, request, offer, None, time.at, yes=True)
        chosen = db.scalars(select(RequestDate).filter_by(counter_id=offer)).one()
        triage.answer_counter(db, NOBODY, request, offer, chosen.id, time.at, yes=True)
        assert request.state == RequestState.OPEN
        kinds = {row.starts_at: row.kind for row in asking.dates_of(db, one)}
        assert kinds == {build.TALK_AT: "alternate", other: "wanted"}
        with pytest.raises(Refused):
            triage.answer_counter(db, NOBODY, request, offer, chosen.id, time.at, yes=False)
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        row = triage.counter(db, stage.clerk, request, Proposal("literature", "A leaflet"), time.at)
        triage.answer_counter(db, NOBODY, request, row.id, None, time.at, yes=True)
        assert request.kind == "literature"
        triage.answer(db, stage.clerk, request, "It is in the mail.", time.at)
        assert request.state == RequestState.DONE
        states = db.scalars(select(CounterOffer.state).order_by(CounterOffer.id)).all()
        assert states == ["accepted", "accepted"]


@both
def test_an_organization_is_known_again_and_remembers_who_speaks_for_it(
    database, stage, settings, time
):
    with database.writing() as db:
        first = build.talk_request(db, time.at, settings)
        assert first.organization_id is None
        booking.book(db, stage.clerk, first, build.TALK_AT, time.at)
        assert first.organization.name == "St. Brigid's seniors"
        again = build.talk_request(db, time.at, settings, organization_name="ST BRIGIDS SENIORS ")
        assert again.organization_id == first.organization_id
        other = build.talk_request(db, time.at, settings, organization_name="St Brigid parish")
        assert [row.id for row in organizations.similar(db, other)] == [first.organization_id]
        with pytest.raises(Refused):
            organizations.add_organization(
                db, stage.clerk, {"name": "st. brigids - seniors"}, time.at
            )
        assert db.scalars(select(Organization.parking)).all() == ["Behind the hall"]


@both
def test_a_request_begins_with_whoever_spoke_last(database, stage, settings, time):
    with database.writing() as db:
        for name in ("Rosa Diaz", "Ben Hobbs", "rosa diaz"):
            made = build.talk_request(db, time.at, settings, contact_name=name, contact_email="")
            organizations.ensure(db, stage.clerk, made, time.at)
        group = made.organization
        assert organizations.asker_values(db, group)["contact_name"] == "Rosa Diaz"
        (rosa, *_) = memory.contacts(db, group.id)
        organizations.end_contact(db, stage.clerk, group.id, rosa.id, time.at)
        db.flush()
        assert organizations.asker_values(db, group)["contact_name"] == "Ben Hobbs"


@both
def test_a_series_is_one_request_with_several_talks(database, stage, settings, time):
    later = build.TALK_AT + timedelta(days=7)
    with database.writing() as db:
        request = build.talk_request(
            db, time.at, settings, series=True, dates=[build.TALK_AT, later]
        )
        booking.book(db, stage.clerk, request, build.TALK_AT, time.at)
        assert request.state == RequestState.OPEN  # one date is left
        booking.book(db, stage.clerk, request, later, time.at)
        assert request.state == RequestState.BOOKED
        assert len(booking.coming_talks(db, request.id, time.at)) == 2
        hosting.withdraw(db, NOBODY, request, "Closed", time.at, blocks)
        assert request.state == RequestState.WITHDRAWN
        assert set(db.scalars(select(Presentation.state))) == {TalkState.CANCELLED}


@both
def test_a_status_link_ends_some_weeks_after_the_talk(database, stage, settings, time):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings)
        token = links.status_token(settings, talk.request.link_id)
        assert links.by_status_token(db, token, build.TALK_AT + timedelta(days=29))
        with pytest.raises(NotFound):
            links.by_status_token(db, token, build.TALK_AT + timedelta(days=31))
        with pytest.raises(NotFound):
            links.by_status_token(db, "nonsense", time.at)


@both
def test_D4_the_same_request_sent_twice_is_one(database, stage, settings, time):
    first = ask(database, settings, time.at)
    assert ask(database, settings, time.at) == first
    assert ask(database, settings, time.at, words="Another one") != first
