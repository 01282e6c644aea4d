"""Asking for a talk: terms, proof, amending, triage, what we propose instead, and how a request ends."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.outreach import (
    booking,
    desk,
    hosting,
    intake,
    intake_policy,
    links,
    organization_history,
    organizations,
    request_reads,
    triage,
)
from portal.outreach.models import (
    CounterOffer,
    RequestDate,
    RequestEvent,
    RequestState,
    TalkRequest,
)
from portal.outreach.organization_models import Organization
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
        return intake.submit_request(
            Act(db, NOBODY, at), kind, source, given(**values), settings
        ).id


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
        intake.prove(db, found, NOBODY, time.at)
        intake.prove(db, found, NOBODY, time.at)
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
        with pytest.raises(Refused, match="answer this request, but not book it"):
            booking.book(Act(db, stage.clerk, time.at), soon, build.TALK_AT)


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
        assert intake.expire(db, time.at + timedelta(days=15)) == 1
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
        intake_policy.set_terms(
            Act(db, stage.clerk, time.at), {"presentation": intake_policy.Terms(1, 30)}
        )
    assert ask(database, settings, time.at, dates=[soon])


@both
def test_Z5_the_public_cannot_ask_for_what_a_sensitive_program_talks_about(
    database, stage, cast, settings, time
):
    with database.writing() as db:
        hidden = build.topic(db, time.at, "Safe haven", program_id=cast.shelter).id
        assert hidden not in [row.id for row in request_reads.topics_offered(db, staff=False)]
        assert hidden in [row.id for row in request_reads.topics_offered(db, staff=True)]
    with pytest.raises(Refused) as refused:
        ask(database, settings, time.at, topics=[hidden])
    assert "topics" in refused.value.fields


@both
def test_requests_go_to_a_program_by_topic_or_by_district(database, stage, cast, settings, time):
    with database.writing() as db:
        intake_policy.set_routes(Act(db, stage.clerk, time.at), {stage.north: cast.testing})
        by_topic = build.talk_request(
            db, time.at, settings, topics=[stage.other, stage.topic], district_id=stage.north
        )
        by_district = build.talk_request(db, time.at, settings, district_id=stage.north)
        neither = build.talk_request(db, time.at, settings)
        assert by_topic.program_id == cast.rides
        assert (by_district.program_id, neither.program_id) == (cast.testing, None)
        triage.route(Act(db, stage.clerk, time.at), neither, cast.shelter)
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
        intake.amend(
            Act(db, NOBODY, time.at),
            request,
            given(audience=60, contact_email="other@example.org"),
            version,
            settings,
        )
        assert (request.audience, request.contact_email) == (60, "rosa@parish.example")
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        with pytest.raises(Stale):
            intake.amend(Act(db, NOBODY, time.at), request, given(), version, settings)
        near = time.at + timedelta(days=2)
        with pytest.raises(Refused):
            intake.amend(
                Act(db, NOBODY, time.at), request, given(dates=[near]), request.version, settings
            )
        triage.decline(Act(db, stage.clerk, time.at), request, "No speaker")
        with pytest.raises(Refused):
            intake.amend(Act(db, NOBODY, time.at), request, given(), request.version, settings)


@both
def test_a_decline_carries_its_reason_and_an_unproved_address_is_not_written_to(
    database, stage, settings, time, told
):
    proved, unproved = (ask(database, settings, time.at, words=words) for words in "ab")
    with database.writing() as db:
        intake.prove(db, db.get_one(TalkRequest, proved), stage.clerk, time.at, spoke=True)
        for one in (proved, unproved):
            triage.decline(Act(db, stage.clerk, time.at), db.get_one(TalkRequest, one), "Too far")
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
        row = triage.counter(Act(db, stage.clerk, time.at), request, bo)
        triage.answer_counter(Act(db, NOBODY, time.at), request, row.id, None, yes=True)
        row = triage.counter(
            Act(db, stage.clerk, time.at), request, Proposal("date", dates=[other])
        )
        chosen = db.scalars(select(RequestDate).filter_by(counter_id=row.id)).one()
        triage.answer_counter(Act(db, NOBODY, time.at), request, row.id, chosen.id, yes=True)
        assert triage.agreed_speaker(db, one) == cast.bo
        row = triage.counter(
            Act(db, stage.clerk, time.at), request, Proposal("speaker", speaker_id=cast.ana)
        )
        triage.answer_counter(Act(db, NOBODY, time.at), request, row.id, None, yes=False)
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
            triage.counter(Act(db, stage.clerk, time.at), request, Proposal("date"))
        offer = triage.counter(
            Act(db, stage.clerk, time.at), request, Proposal("date", dates=[other])
        ).id
        assert request.state == RequestState.COUNTERED
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        with pytest.raises(Refused):
            triage.answer_counter(Act(db, NOBODY, time.at), request, offer, None, yes=True)
        chosen = db.scalars(select(RequestDate).filter_by(counter_id=offer)).one()
        triage.answer_counter(Act(db, NOBODY, time.at), request, offer, chosen.id, yes=True)
        assert request.state == RequestState.OPEN
        kinds = {row.starts_at: row.kind for row in request_reads.dates_of(db, one)}
        assert kinds == {build.TALK_AT: "alternate", other: "wanted"}
        with pytest.raises(Refused):
            triage.answer_counter(Act(db, NOBODY, time.at), request, offer, chosen.id, yes=False)
    with database.writing() as db:
        request = db.get_one(TalkRequest, one)
        row = triage.counter(
            Act(db, stage.clerk, time.at), request, Proposal("literature", "A leaflet")
        )
        triage.answer_counter(Act(db, NOBODY, time.at), request, row.id, None, yes=True)
        assert request.kind == "literature"
        triage.answer(Act(db, stage.clerk, time.at), request, "It is in the mail.")
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
        booking.book(Act(db, stage.clerk, time.at), first, build.TALK_AT)
        assert first.organization.name == "St. Brigid's seniors"
        again = build.talk_request(db, time.at, settings, organization_name="ST BRIGIDS SENIORS ")
        assert again.organization_id == first.organization_id
        other = build.talk_request(db, time.at, settings, organization_name="St Brigid parish")
        assert [row.id for row in organizations.similar(db, other)] == [first.organization_id]
        with pytest.raises(Refused):
            organizations.add_organization(
                Act(db, stage.clerk, time.at), {"name": "st. brigids - seniors"}
            )
        assert db.scalars(select(Organization.parking)).all() == ["Behind the hall"]


@both
def test_a_request_begins_with_whoever_spoke_last(database, stage, settings, time):
    with database.writing() as db:
        for name in ("Rosa Diaz", "Ben Hobbs", "rosa diaz"):
            made = build.talk_request(db, time.at, settings, contact_name=name, contact_email="")
            organizations.ensure(Act(db, stage.clerk, time.at), made)
        group = made.organization
        assert organizations.asker_values(db, group)["contact_name"] == "Rosa Diaz"
        (rosa, *_) = organization_history.contacts(db, group.id)
        organizations.end_contact(Act(db, stage.clerk, time.at), group.id, rosa.id)
        db.flush()
        assert organizations.asker_values(db, group)["contact_name"] == "Ben Hobbs"


@both
def test_a_series_is_one_request_with_several_talks(database, stage, settings, time):
    later = build.TALK_AT + timedelta(days=7)
    with database.writing() as db:
        request = build.talk_request(
            db, time.at, settings, series=True, dates=[build.TALK_AT, later]
        )
        booking.book(Act(db, stage.clerk, time.at), request, build.TALK_AT)
        assert request.state == RequestState.OPEN  # one date is left
        booking.book(Act(db, stage.clerk, time.at), request, later)
        assert request.state == RequestState.BOOKED
        assert len(booking.coming_talks(db, request.id, time.at)) == 2
        hosting.withdraw(Act(db, NOBODY, time.at), request, "Closed", blocks)
        assert request.state == RequestState.WITHDRAWN
        assert set(db.scalars(select(Presentation.state))) == {TalkState.CANCELED}


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
