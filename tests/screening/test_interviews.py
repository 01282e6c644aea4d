"""Interviews: times that are offered, one that is picked, and what comes of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.commitments.models import Commitment
from portal.messages.models import Message
from portal.people import memberships
from portal.people.departures import leaver_now
from portal.people.models import Membership, Person, Status
from portal.permissions import COMMAND_LINE, NOBODY, Role, Viewer
from portal.programs import authority
from portal.programs.application_models import (
    Application,
    ApplicationState,
    DeclineReason,
    Hold,
)
from portal.recruitment import erasing as recruitment_erasing
from portal.recruitment import links, review
from portal.requirements.evidence_models import Credential
from portal.screening import erasing, interview_events, interview_outcomes, interviews, leaving
from portal.screening.interview_models import How, Interview, InterviewState
from portal.settings import Settings
from portal.web.errors import Refused
from tests import build
from tests.shifts.test_races import at_once
from tests.worker import round_of_work

both = pytest.mark.both_databases
FIRST = datetime(2026, 12, 8, 15, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)


@pytest.fixture
def cy(cast):
    return build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))


@pytest.fixture
def applied(database, cast, time, cy) -> int:
    """An application in review to a role that wants an interview."""
    with database.writing() as db:
        proof = build.requirement(db, time.at, kind="interview", name="Interview", validity="none")
        build.rule(db, time.at, proof, position_id=cast.driver)
        row = build.application(db, "Nia Park", cast.driver, time.at)
        review.start_review(Act(db, cy, time.at), row, None, build.SETTINGS)
        return row.id


def offer(db, applied, by, at, *times, **changes) -> Interview:
    what = interviews.Offer(by.person_id, How.IN_PERSON, "Room 4", 30, times or (FIRST, SECOND))
    row = db.get_one(Application, applied)
    return interviews.offer(Act(db, by, at), row, what._replace(**changes), build.SETTINGS)


def applicant(row: Interview) -> Viewer:
    return Viewer(person_id=row.application.person_id)


def pick(db, row, at, number=0) -> None:
    times = interviews.times_of(db, row.id, at)
    interviews.pick(Act(db, applicant(row), at), row, times[number].id)


def engaged(db) -> set[tuple[str, int, datetime, bool]]:
    rows = db.scalars(select(Commitment)).all()
    return {(one.kind, one.person_id, one.starts_at, one.held_until is None) for one in rows}


def told(db) -> list[tuple[str, int | None]]:
    found = select(Message.kind, Message.person_id).where(Message.kind.startswith("interview."))
    return [tuple(one) for one in db.execute(found.order_by(Message.id))]


@both
def test_times_are_held_one_is_picked_and_a_good_one_is_the_proof(
    database, cast, time, cy, applied
):
    with database.writing() as db:
        application = db.get_one(Application, applied)
        review.hold(Act(db, cy, time.at), application, Hold.INTERVIEW, None)
        row = offer(db, applied, cy, time.at)
        assert engaged(db) == {
            ("interview_time", cast.cy, FIRST, False), ("interview_time", cast.cy, SECOND, False),
        }  # fmt: skip
        pick(db, row, time.at, 1)
        who = row.application.person_id
        assert engaged(db) == {
            ("interview", who, SECOND, True), ("interviewer", cast.cy, SECOND, True),
        }  # fmt: skip
        assert row.ends_at == SECOND + timedelta(minutes=30)
        assert [kind for kind, _ in told(db)] == [
            "interview.offered", "interview.booked", "interview.booked",
        ]  # fmt: skip
        for early in (
            lambda act: interview_outcomes.decide(act, row, True, "", build.SETTINGS),
            lambda act: interview_outcomes.missed(act, row),
        ):
            with pytest.raises(Refused):
                early(Act(db, cy, SECOND - timedelta(minutes=1)))
        db.flush()
        assert db.scalars(interviews.to_decide(cy, SECOND)).all() == []
        later = SECOND + timedelta(hours=1)
        assert db.scalars(interviews.to_decide(cy, later)).all() == [row]
        interview_outcomes.decide(Act(db, cy, later), row, True, "Calm.", build.SETTINGS)
        assert db.scalars(select(Credential)).one().requirement_id == row.requirement_id
        assert application.state == ApplicationState.IN_REVIEW
        assert engaged(db) == set()


@both
def test_one_that_did_not_go_well_proves_nothing(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        pick(db, row, time.at)
        interview_outcomes.decide(Act(db, cy, SECOND), row, False, "", build.SETTINGS)
        assert db.scalars(select(Credential)).all() == []
        again = offer(db, applied, cy, SECOND, SECOND + timedelta(days=2))
        pick(db, again, SECOND)
        interview_outcomes.missed(Act(db, cy, SECOND + timedelta(days=3)), again)
        assert again.state == InterviewState.MISSED


@both
def test_no_one_is_promised_twice(database, cast, time, cy, applied):
    with database.writing() as db:
        other = build.application(db, "Ola Fir", cast.driver, time.at)
        review.start_review(Act(db, cy, time.at), other, None, build.SETTINGS)
        row = offer(db, applied, cy, time.at)
        with pytest.raises(Refused):
            offer(db, other.id, cy, time.at, FIRST + timedelta(minutes=29))
        with pytest.raises(Refused):
            offer(db, applied, cy, time.at, FIRST + timedelta(days=3))
        later = offer(db, other.id, cy, time.at, FIRST + timedelta(minutes=30))
        interviews.none_fits(Act(db, applicant(later), time.at), later)
        shift = build.shift(db, cast.driver, starts=SECOND)
        person = row.application.person_id
        db.add(
            Commitment(
                person_id=person, kind="shift", source_id=shift.id, starts_at=SECOND,
                ends_at=SECOND + timedelta(hours=2),
            )
        )  # fmt: skip
        db.flush()
        with pytest.raises(Refused):
            pick(db, row, time.at, 1)


@both
@pytest.mark.parametrize(
    "changes",
    [
        {"times": ()},
        {"times": (FIRST, FIRST)},
        {"times": (FIRST, FIRST + timedelta(minutes=10))},
        {"times": (datetime(2026, 11, 1, tzinfo=UTC),)},
        {"times": (datetime(2027, 3, 1, tzinfo=UTC),)},
        {"interviewer_id": 1},  # Ana, who decides on nothing
    ],
)
def test_what_cannot_be_offered(database, cast, time, cy, applied, changes):
    with database.writing() as db, pytest.raises(Refused):
        offer(db, applied, cy, time.at, **changes)


@both
def test_nothing_is_offered_before_the_review(database, cast, time, cy):
    with database.writing() as db:
        new = build.application(db, "Ola Fir", cast.driver, time.at)
        with pytest.raises(Refused):
            offer(db, new.id, cy, time.at)


@both
def test_an_interview_is_moved_and_canceled(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        with pytest.raises(Refused):
            interviews.move(Act(db, cy, time.at), row, SECOND)
        pick(db, row, time.at)
        other = offer_to_another(db, cast, time, cy)
        with pytest.raises(Refused):
            interviews.move(Act(db, cy, time.at), row, SECOND + timedelta(days=5))
        interviews.cancel(Act(db, cy, time.at), other)
        interviews.move(Act(db, cy, time.at), row, FIRST + timedelta(minutes=10))
        assert {one[2] for one in engaged(db)} == {FIRST + timedelta(minutes=10)}
        before = row.sequence
        interviews.cancel(Act(db, applicant(row), time.at), row)
        assert row.sequence == before + 1
        assert engaged(db) == set()
        for gone in (
            lambda act: interviews.cancel(act, row),
            lambda act: interviews.none_fits(act, row),
            lambda act: interviews.move(act, row, SECOND),
        ):
            with pytest.raises(Refused):
                gone(Act(db, cy, time.at))


def offer_to_another(db, cast, time, cy) -> Interview:
    other = build.application(db, "Ola Fir", cast.driver, time.at)
    review.start_review(Act(db, cy, time.at), other, None, build.SETTINGS)
    return offer(db, other.id, cy, time.at, SECOND + timedelta(days=5))


@both
def test_a_time_that_is_over_cannot_be_picked(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        times = interviews.times_of(db, row.id, time.at)
        with pytest.raises(Refused):
            interviews.pick(Act(db, applicant(row), FIRST), row, times[0].id)
        with pytest.raises(Refused):
            interviews.pick(Act(db, applicant(row), time.at), row, times[1].id + 999)
        interviews.pick(Act(db, applicant(row), FIRST), row, times[1].id)


@both
def test_of_two_who_pick_the_same_hour_of_an_interviewer_each_has_their_own(
    database, cast, time, cy, applied
):
    """Two presses of one applicant book once."""
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        number, times = row.id, [one.id for one in interviews.times_of(db, row.id, time.at)]

    def press(time_id):
        def pressed():
            with database.writing() as db:
                row = db.get_one(Interview, number)
                interviews.pick(Act(db, applicant(row), time.at), row, time_id)

        return pressed

    answers = at_once(*(press(one) for one in times))
    assert sum(isinstance(one, Refused) for one in answers) == 1
    with database.reading() as db:
        assert len(engaged(db)) == 2


@both
def test_whoever_leaves_has_and_gives_none(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        pick(db, row, time.at)
        number = row.id
        assert [
            one.program_id for one in leaving.engaged(db, leaver_now(cast.cy, time.at), time.at)
        ] == [cast.rides]
    with database.writing() as db:
        role = select(Membership.id).where(Membership.person_id == cast.cy)
        memberships.end(Act(db, build.OFFICE, time.at), db.scalars(role).one())
    round_of_work(database, Settings(), time.at)
    with database.reading() as db:
        assert db.get_one(Interview, number).state == InterviewState.CANCELED
        assert engaged(db) == set()


@both
def test_an_applicant_who_leaves_or_withdraws_has_none(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        pick(db, row, time.at)
        number = row.id
        review.decline(
            Act(db, cy, time.at), db.get_one(Application, applied), DeclineReason.TIMES, ""
        )
    round_of_work(database, Settings(), time.at)
    with database.writing() as db:
        assert db.get_one(Interview, number).state == InterviewState.CANCELED
        other = offer_to_another(db, cast, time, cy)
        number, person = other.id, other.application.person
        authority.set_status(Act(db, build.OFFICE, time.at), person, Status.ENDED)
    round_of_work(database, Settings(), time.at)
    with database.reading() as db:
        assert db.get_one(Interview, number).state == InterviewState.CANCELED
        assert engaged(db) == set()


@both
def test_both_have_it_in_their_calendars_without_a_name_and_are_reminded(
    database, cast, time, cy, applied
):
    settings = Settings(base_url="https://volunteers.example.gov")
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        pick(db, row, time.at)
        person = row.application.person_id
        interview_events.remind(db, time.at)
    with database.reading() as db:
        for who in (person, cast.cy):
            (event,) = interview_events.feed_of(db, who, settings, "en", time.at)
            assert (event.starts_at, event.summary) == (FIRST, "Volunteer interview")
            said = f"{event.summary} {event.location} {event.description} {event.url}"
            for private in ("Nia", "Rides", "Room 4"):
                assert private not in said
        assert interview_events.feed_of(db, cast.bo, settings, "en", time.at) == []
    for hours, sent in ((25, 0), (24, 1), (23, 1)):
        at = FIRST - timedelta(hours=hours)
        with database.writing() as db:
            for number in db.scalars(interview_events.to_remind(at)).all():
                interview_events.remind_applicant(Act(db, COMMAND_LINE, at), number)
                interview_events.remind_applicant(Act(db, COMMAND_LINE, at), number)
            assert len([one for one in told(db) if one[0] == "interview.reminder"]) == sent
    at = time.at
    while at < FIRST:
        at += timedelta(hours=6)
        with database.writing() as db:
            interview_events.remind(db, at)
    with database.reading() as db:
        found = set(told(db))
    assert ("interview.staff_reminder", cast.cy) in found


@both
def test_notes_are_erased_with_the_application(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        pick(db, row, time.at)
        interview_outcomes.decide(
            Act(db, cy, SECOND), row, True, "Zebedee was calm.", build.SETTINGS
        )
        application = db.get_one(Application, applied)
        review.decline(Act(db, cy, SECOND), application, DeclineReason.TIMES, "")
    time.move(days=4 * 366)
    with database.writing() as db:
        recruitment_erasing.erase(Act(db, COMMAND_LINE, time.at), applied, build.SETTINGS)
        db.flush()
        assert db.scalars(erasing.of_erased()).all() == [applied]
        erasing.erase(Act(db, COMMAND_LINE, time.at), applied)
        db.expire_all()
        assert db.scalars(erasing.of_erased()).all() == []
        mail = select(Message.address).where(Message.subject_kind == "interview")
        assert set(db.scalars(mail)) == {""}
        gone = db.scalars(select(Interview)).one()
        assert (gone.notes, gone.place) == ("", "")


TIMES = {
    "day_1": "2026-12-08", "time_1": "10:00", "day_2": "2026-12-09", "time_2": "10:00",
    "how": "phone", "place": "We call you", "minutes": "30",
}  # fmt: skip


def test_from_offering_to_its_outcome(database, cast, time, public, as_, applied, office):
    cy = as_(cast.cy)
    page = f"/applications/{applied}"
    cy.get(page)
    cy.press(f"{page}/interviews", **TIMES | {"time_2": ""})
    assert "Enter a date and a time, or neither." in cy.text
    assert cy.form(f"{page}/interviews")["place"] == "We call you", "what was typed is not lost"
    cy.press(f"{page}/interviews", **TIMES)
    assert "You offered times for an interview." in cy.text
    office.send()
    mail = next(one for one in office.box.mails if one["To"] == "nia@example.com")
    assert "Cy" not in mail.get_body(("plain",)).get_content()
    with database.reading() as db:
        path = links.application_path(build.SETTINGS, db.get_one(Application, applied).link_id)
        number = db.scalars(select(Interview.id)).one()
        (first, _) = interviews.times_of(db, number, time.at)
    public.get(path)
    assert "Cy Ortega would like to meet you for 30 minutes." in public.text
    assert public.press(f"{path}/interview").status_code == 422
    public.press(f"{path}/interview", time=str(first.id))
    assert "The interview is booked." in public.text
    assert "We call you" in public.text
    office.send()
    booked = [one for one in office.box.mails if "Interview:" in one["Subject"]]
    assert len(booked) == 2
    assert all(one.get_body(("calendar",)) or "text/calendar" in one.as_string() for one in booked)
    mine = cy.get("/interviews").text
    assert "Nia Park" in mine
    assert as_(cast.mara).get(f"/interviews/{number}").status_code == 404
    assert as_(cast.ana).get("/interviews").status_code == 404
    for what in ("move", "cancellation", "outcome", "missed"):
        assert as_(cast.mara).post(f"/interviews/{number}/{what}").status_code == 404
    cy.get(f"/interviews/{number}")
    cy.press(f"/interviews/{number}/move", day="2026-12-10", starts="11:00")
    assert "The interview was moved." in cy.text
    time.move(days=10)
    cy = as_(cast.cy)
    assert "Interview outcomes to record" in cy.get("/me").text
    cy.get(f"/interviews/{number}")
    cy.press(f"/interviews/{number}/outcome", good="yes", notes="Kind and calm.")
    assert "The interview was saved." in cy.text
    assert "Kind and calm." in cy.get(f"/interviews/{number}").text
    assert "Kind and calm." not in public.get(path).text


def test_an_applicant_says_no_time_fits_or_cancels(database, cast, time, public, as_, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        path = links.application_path(build.SETTINGS, row.application.link_id)
    public.get(path)
    public.press(f"{path}/interview/refusal", words="x" * 301)
    assert public.response.status_code == 422
    public.press(f"{path}/interview/refusal", words="Mondays after 5")
    assert "look for other times" in public.text
    history = as_(cast.cy).get(f"/applications/{applied}").text
    assert "Other interview times asked for" in history
    assert "Mondays after 5" in history
    assert public.post(f"{path}/interview/refusal").status_code == 404
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        pick(db, row, time.at)
    public.get(path)
    public.press(f"{path}/interview/refusal")
    assert "The interview was canceled." in public.text
    sol = as_(cast.sol)
    for what in ("", "/refusal"):
        assert sol.post(f"/me/applications/{applied}/interview{what}", time="1").status_code == 404


def test_nobody_else_takes_part_by_the_portal(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        interviews.pick(
            Act(db, NOBODY, time.at), row, interviews.times_of(db, row.id, time.at)[0].id
        )
        assert row.state == InterviewState.BOOKED


@both
def test_one_that_began_is_not_canceled_by_anyone(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        pick(db, row, time.at)
        for by in (cy, applicant(row)):
            with pytest.raises(Refused):
                interviews.cancel(Act(db, by, FIRST), row)
        number = row.id
        review.decline(Act(db, cy, FIRST), row.application, DeclineReason.TIMES, "")
    with database.reading() as db:
        assert db.scalars(leaving.without_application(FIRST)).all() == [], "the worker rests"
        assert db.scalars(leaving.without_application(FIRST - timedelta(hours=1))).all() == [number]
    round_of_work(database, Settings(), FIRST)
    with database.writing() as db:
        assert leaving.release(db, leaver_now(cast.cy, time.at), FIRST) == []
        row = db.get_one(Interview, number)
        assert row.state == InterviewState.BOOKED
        interview_outcomes.decide(Act(db, cy, FIRST), row, True, "Calm.", build.SETTINGS)
        assert db.scalars(select(Credential)).all() == [], "the application ended"


@both
def test_nothing_is_booked_for_an_application_that_ended(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        review.decline(Act(db, cy, time.at), row.application, DeclineReason.TIMES, "")
        with pytest.raises(Refused):
            pick(db, row, time.at)


@both
def test_times_that_are_over_make_room_for_others(database, cast, time, cy, applied):
    with database.writing() as db:
        number = offer(db, applied, cy, time.at).id
    round_of_work(database, Settings(), FIRST)
    with database.reading() as db:
        assert db.get_one(Interview, number).state == InterviewState.OFFERED
    round_of_work(database, Settings(), SECOND)
    with database.writing() as db:
        assert db.get_one(Interview, number).state == InterviewState.CANCELED
        assert ("interview.none_fits", cast.cy) in told(db)
        assert engaged(db) == set()
        offer(db, applied, cy, SECOND, SECOND + timedelta(days=1))


@both
def test_whoever_is_on_leave_gives_none(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        pick(db, row, time.at)
        number = row.id
        person = db.get_one(Person, cast.cy)
        authority.set_status(Act(db, build.OFFICE, time.at), person, Status.ON_LEAVE)
    round_of_work(database, Settings(), time.at)
    with database.writing() as db:
        assert db.get_one(Interview, number).state == InterviewState.CANCELED
        with pytest.raises(Refused):
            offer(db, applied, cy, time.at)


@both
def test_whoever_moves_or_cancels_has_it_in_their_calendar_too(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        pick(db, row, time.at)
        interviews.move(Act(db, cy, time.at), row, SECOND)
        interviews.cancel(Act(db, cy, time.at), row)
        for kind in ("interview.moved", "interview.canceled"):
            assert (kind, cast.cy) in told(db)


@both
def test_only_screeners_prove_what_screeners_review(database, cast, time, cy, applied):
    with database.writing() as db:
        proof = build.requirement(
            db,
            time.at,
            kind="interview",
            name="Deep interview",
            validity="none",
            verifier="screener",
        )
        build.rule(db, time.at, proof, position_id=cast.desk)
        other = build.application(db, "Ola Fir", cast.desk, time.at)
        review.start_review(Act(db, cy, time.at), other, None, build.SETTINGS)
        row = offer(db, other.id, cy, time.at)
        pick(db, row, time.at)
        interview_outcomes.decide(Act(db, cy, SECOND), row, True, "", build.SETTINGS)
        assert db.scalars(select(Credential)).all() == []


@both
def test_no_one_reads_what_was_found_in_their_own_interview(database, cast, time, cy, applied):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        own = build.viewer(row.application.person_id, (Role.COORDINATOR, cast.rides))
        assert db.scalars(interviews.visible_interviews(cy)).all() == [row]
        assert db.scalars(interviews.visible_interviews(own)).all() == []


@both
def test_what_is_asked_for_since_counts(database, cast, time, cy):
    with database.writing() as db:
        other = build.application(db, "Ola Fir", cast.desk, time.at)
        review.start_review(Act(db, cy, time.at), other, None, build.SETTINGS)
        row = offer(db, other.id, cy, time.at)
        pick(db, row, time.at)
        proof = build.requirement(db, time.at, kind="interview", name="Meeting", validity="none")
        build.rule(db, time.at, proof, position_id=cast.desk)
        interview_outcomes.decide(Act(db, cy, SECOND), row, True, "", build.SETTINGS)
        assert db.scalars(select(Credential)).one().requirement_id == proof.id


def test_where_it_is_must_be_said(database, cast, time, cy, applied):
    with database.writing() as db:
        for how in (How.IN_PERSON, How.ONLINE):
            with pytest.raises(Refused):
                offer(db, applied, cy, time.at, how=how, place="")
        offer(db, applied, cy, time.at, how=How.PHONE, place="")


def test_an_old_page_does_not_cancel_what_was_booked_since(
    database, cast, time, public, cy, applied
):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        path, number = links.application_path(build.SETTINGS, row.application.link_id), row.id
    public.get(path)
    with database.writing() as db:
        pick(db, db.get_one(Interview, number), time.at)
    public.press(f"{path}/interview/refusal")
    assert "This interview was changed." in public.text
    with database.reading() as db:
        assert db.get_one(Interview, number).state == InterviewState.BOOKED


def test_notes_that_were_typed_are_not_lost_and_a_caller_is_booked(
    database, cast, time, as_, cy, applied
):
    with database.writing() as db:
        row = offer(db, applied, cy, time.at)
        number, first = row.id, interviews.times_of(db, row.id, time.at)[0].id
    browser, path = as_(cast.cy), f"/interviews/{number}"
    browser.get(path)
    browser.press(f"{path}/booking", time=str(first))
    assert "The interview is booked." in browser.text
    time.at = FIRST
    browser = as_(cast.cy)
    browser.get(path)
    browser.press(f"{path}/outcome", notes="He shouted")
    assert browser.form(f"{path}/outcome")["notes"] == "He shouted", "what came of it was not said"
    with database.writing() as db:
        interview_outcomes.missed(Act(db, cy, FIRST), db.get_one(Interview, number))
    browser.press(f"{path}/outcome", good="no")
    assert browser.form(f"{path}/outcome")["notes"] == "He shouted"
