"""Credentials, exceptions, agreements, things to read and background checks: the verbs and their rules."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.act import Act
from portal.audit.models import AuditEntry
from portal.messages.models import Message
from portal.permissions import Role
from portal.programs.models import Placement, Position, Program
from portal.requirements import (
    acknowledgements,
    checks,
    credentials,
    decisions,
    kinds,
    trials,
    waivers,
)
from portal.requirements.check_models import BackgroundCheck, CheckState, TextKind
from portal.requirements.credentials import Paper, expiry_of, months_after
from portal.requirements.evidence_models import Credential, Outcome, Waiver
from portal.requirements.models import Requirement, Trial
from portal.requirements.records import clearance_of
from portal.web.errors import Refused
from tests import build
from tests.shifts.test_races import at_once

pytestmark = pytest.mark.both_databases
ZONE = "America/New_York"


@pytest.fixture
def license_id(database, cast, time):
    with database.writing() as db:
        made = build.requirement(db, time.at)
        build.rule(db, time.at, made, position_id=cast.driver)
        return made.id


def cleared(db, person_id, position_id, day) -> bool:
    return clearance_of(db, person_id, position_id, day).clear


def outcomes(database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(Credential.outcome).order_by(Credential.id)))


@pytest.mark.parametrize(
    ("rule", "issued", "expected"),
    [
        ({"validity": "none"}, date(2027, 1, 31), None),
        ({"validity": "months", "months": 1}, date(2027, 1, 31), date(2027, 2, 28)),
        ({"validity": "months", "months": 24}, date(2028, 2, 29), date(2030, 2, 28)),
        ({"validity": "yearly", "yearly": "06-30"}, date(2027, 6, 29), date(2027, 6, 30)),
        ({"validity": "yearly", "yearly": "06-30"}, date(2027, 6, 30), date(2028, 6, 30)),
        ({"validity": "yearly", "yearly": "02-29"}, date(2027, 1, 1), date(2027, 2, 28)),
    ],
)
def test_how_long_proof_counts(rule, issued, expected):
    assert expiry_of(Requirement(**rule), Paper(issued)) == expected


def test_a_paper_with_a_date_needs_it():
    with pytest.raises(Refused) as refused:
        expiry_of(Requirement(validity="dated"), Paper(date(2027, 1, 1)))
    assert "expires_on" in refused.value.fields
    assert months_after(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_what_is_handed_in_counts_when_it_is_accepted_and_no_sooner(
    database, cast, time, license_id
):
    day = time.at.date()
    with database.writing() as db:
        what = db.get_one(Requirement, license_id)
        ana = build.viewer(cast.ana)
        paper = Paper(day, day + timedelta(days=400))
        handed = credentials.hand_in(Act(db, ana, time.at), cast.ana, what, paper)
        assert not cleared(db, cast.ana, cast.driver, day)
        with pytest.raises(Refused, match="your own"):
            decisions.accept(Act(db, ana, time.at), handed, paper)
        decisions.accept(Act(db, build.viewer(cast.cy), time.at), handed, paper)
        assert cleared(db, cast.ana, cast.driver, day)
        assert not cleared(db, cast.ana, cast.driver, day + timedelta(days=401))
    assert outcomes(database) == ["submitted", "accepted"]


def test_what_is_sent_back_tells_its_person_and_says_nothing_of_it_by_mail(
    database, cast, time, license_id
):
    with database.writing() as db:
        what = db.get_one(Requirement, license_id)
        paper = Paper(time.at.date(), time.at.date() + timedelta(days=9))
        handed = credentials.hand_in(
            Act(db, build.viewer(cast.ana), time.at), cast.ana, what, paper
        )
        decisions.send_back(Act(db, build.viewer(cast.cy), time.at), handed, "The date is cut off.")
    with database.reading() as db:
        told = db.scalars(select(Message).where(Message.kind == "paper.returned")).one()
        assert (told.person_id, told.told, told.program_id) == (cast.ana, "", cast.rides)
    assert outcomes(database) == ["submitted", "returned"]


def test_of_two_reviewers_one_wins(database, cast, time, license_id):
    with database.writing() as db:
        what = db.get_one(Requirement, license_id)
        paper = Paper(time.at.date(), time.at.date() + timedelta(days=9))
        handed = credentials.hand_in(
            Act(db, build.viewer(cast.ana), time.at), cast.ana, what, paper
        ).id

    def decide(verb, *given):
        def work():
            with database.writing() as db:
                row = db.get_one(Credential, handed)
                verb(Act(db, build.viewer(cast.cy), time.at), row, *given)
            return "won"

        return work

    results = at_once(
        decide(decisions.accept, paper), decide(decisions.send_back, "No."),
        decide(decisions.accept, paper),
    )  # fmt: skip
    assert results.count("won") == 1
    assert all(one == "won" or isinstance(one, Refused) for one in results), results
    assert len(outcomes(database)) == 2


def test_a_revoked_one_counts_until_the_day_before(database, cast, time, license_id):
    day = time.at.date()
    with database.writing() as db:
        what = db.get_one(Requirement, license_id)
        row = build.has(db, cast.ana, what, day, day + timedelta(days=99), time.at)
        on = day + timedelta(days=10)
        decisions.revoke(Act(db, build.viewer(cast.cy), time.at), row, on, "Taken away")
        assert cleared(db, cast.ana, cast.driver, on - clock.ONE_DAY)
        assert not cleared(db, cast.ana, cast.driver, on)


def test_an_exception_is_not_for_oneself_nor_for_ever_nor_from_a_check(
    database, cast, time, license_id
):
    day = time.at.date()
    with database.writing() as db:
        what = db.get_one(Requirement, license_id)
        check = build.requirement(
            db, time.at, kind="background_check", name="Background check", validity="none",
            check_path="company",
        )  # fmt: skip
        terms = waivers.Terms(day, day + timedelta(days=5), "New one is on its way", cast.driver)
        cy = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
        for person, proof, given, why in (
            (cast.cy, what, terms, "for yourself"),
            (cast.ana, check, terms, "for background checks"),
        ):
            with pytest.raises(Refused, match=why):
                waivers.give(Act(db, cy, time.at), person, proof, given)
        with pytest.raises(Refused) as refused:
            long = waivers.Terms(day, day + timedelta(days=400), "Why", cast.driver)
            waivers.give(Act(db, cy, time.at), cast.ana, what, long)
        assert "last_day" in refused.value.fields
        everywhere = waivers.Terms(day, day, "Why")
        for by, given in (
            (cy, everywhere),
            (build.viewer(cast.mara, (Role.COORDINATOR, cast.shelter)), terms),
        ):
            with pytest.raises(Refused) as refused:
                waivers.give(Act(db, by, time.at), cast.ana, what, given)
            assert "position" in refused.value.fields
        made = waivers.give(Act(db, cy, time.at), cast.ana, what, terms)
        assert cleared(db, cast.ana, cast.driver, day + timedelta(days=5))
        waivers.end(Act(db, cy, time.at), made, day + timedelta(days=3))
        assert cleared(db, cast.ana, cast.driver, day + timedelta(days=2))
        assert not cleared(db, cast.ana, cast.driver, day + timedelta(days=3))
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Waiver)) == 1


def test_an_agreement_is_signed_in_the_version_that_was_shown(database, cast, time):
    day = time.at.date()
    with database.writing() as db:
        what = build.requirement(db, time.at, kind="agreement", name="Quiet", validity="none")
        build.rule(db, time.at, what, position_id=cast.driver)
        first = kinds.add_text(Act(db, build.OFFICE, time.at), what, TextKind.AGREEMENT, "Old", {})
        kinds.approve_text(Act(db, build.OFFICE, time.at), first, "Counsel", day)
        second = kinds.add_text(Act(db, build.OFFICE, time.at), what, TextKind.AGREEMENT, "New", {})
        ana = build.viewer(cast.ana)
        with pytest.raises(Refused):  # no one approved it
            credentials.sign(Act(db, ana, time.at), cast.ana, what, second, "Ana Reyes", day)
        kinds.approve_text(Act(db, build.OFFICE, time.at), second, "Counsel", day)
        with pytest.raises(Refused, match="changed"):
            credentials.sign(Act(db, ana, time.at), cast.ana, what, first, "Ana Reyes", day)
        made = credentials.sign(Act(db, ana, time.at), cast.ana, what, second, "Ana Reyes", day)
        assert (made.text_id, made.signed_name) == (second.id, "Ana Reyes")
        assert cleared(db, cast.ana, cast.driver, day)


@pytest.fixture
def check_of_ana(database, cast, time):
    """A check that Ana is asked for, and who handles it."""
    with database.writing() as db:
        gil = build.person(db, "Gil Moreau", time.at)
        what = build.requirement(
            db, time.at, kind="background_check", name="Company report", validity="months",
            months=24, check_path="company",
        )  # fmt: skip
        build.rule(db, time.at, what, position_id=cast.driver)
        with pytest.raises(Refused, match="approves its documents"):
            checks.ask(Act(db, build.viewer(gil.id), time.at), cast.ana, what)
        build.check_texts(db, what, time.at)
        made = checks.ask(Act(db, build.viewer(gil.id), time.at), cast.ana, what)
        assert checks.ask(Act(db, build.viewer(gil.id), time.at), cast.ana, what) is made
        return made.id, build.viewer(gil.id)


def step(database, number, verb, by, *given):
    """Take a step of a check: by whom, with what, and when."""
    *more, at = given
    with database.writing() as db:
        return verb(Act(db, by, at), db.get_one(BackgroundCheck, number), *more)


def shown(database, number) -> checks.Wordings:
    with database.reading() as db:
        found = checks.wordings_of(db, db.get_one(BackgroundCheck, number))
        return checks.Wordings(
            found[TextKind.DISCLOSURE].id, found[TextKind.AUTHORIZATION].id,
            found[TextKind.RIGHTS].id,
        )  # fmt: skip


def test_P7_no_step_of_a_check_is_skipped(database, cast, time, check_of_ana):
    number, gil = check_of_ana
    ana, today = build.viewer(cast.ana), time.at.date()
    texts = shown(database, number)
    for verb, given in (
        (checks.order, (gil, today, "UTC", time.at)),
        (checks.came_back, (gil, today, today, time.at)),
        (checks.clear, (gil, Paper(today), time.at)),
        (checks.send_first_notice, (gil, ZONE, time.at)),
        (checks.turn_down, (gil, today, time.at)),
        (checks.authorize, (ana, texts, "Ana Reyes", time.at)),
    ):
        with pytest.raises(Refused):
            step(database, number, verb, *given)
    step(database, number, checks.see_disclosure, ana, texts.disclosure_id, time.at)
    step(database, number, checks.authorize, ana, texts, "Ana Reyes", time.at)
    with pytest.raises(Refused) as refused:
        step(database, number, checks.order, gil, today - clock.ONE_DAY, "UTC", time.at)
    assert "day" in refused.value.fields
    step(database, number, checks.order, gil, today, "UTC", time.at)
    step(database, number, checks.came_back, gil, today, today, time.at)
    with pytest.raises(Refused):
        step(database, number, checks.turn_down, gil, today, time.at)
    with pytest.raises(Refused):  # once the answer is there, it has to be decided
        step(database, number, checks.stop, gil, time.at)
    step(database, number, checks.send_first_notice, gil, ZONE, time.at)
    with database.reading() as db:
        from_day = db.get_one(BackgroundCheck, number).decide_from
    assert from_day == clock.business_day_after(clock.local_day(time.at, ZONE), 6)
    with pytest.raises(Refused, match="still has time"):
        step(database, number, checks.turn_down, gil, from_day - clock.ONE_DAY, time.at)
    step(database, number, checks.turn_down, gil, from_day, time.at)
    with database.reading() as db:
        check = db.get_one(BackgroundCheck, number)
        assert check.state == CheckState.TURNED_DOWN
        assert check.first_notice_id
        assert check.second_notice_id
        assert db.scalars(select(Credential.outcome)).all() == [Outcome.NOT_MET]
        kinds_told = db.scalars(select(Message.kind).order_by(Message.id)).all()
        assert kinds_told.count("check.letter") == 2
        assert not cleared(db, cast.ana, cast.driver, from_day)
        said = set(db.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "check")))
        assert said == {
            "check.asked", "check.disclosed", "check.authorized", "check.ordered",
            "check.returned", "check.noticed", "check.turned_down",
        }  # fmt: skip


def test_P7_a_check_clears_for_as_long_as_its_kind_says(database, cast, time, check_of_ana):
    number, gil = check_of_ana
    ana, today = build.viewer(cast.ana), time.at.date()
    texts = shown(database, number)
    step(database, number, checks.see_disclosure, ana, texts.disclosure_id, time.at)
    with pytest.raises(Refused, match="changed"):
        other = checks.Wordings(texts.disclosure_id, texts.disclosure_id, texts.rights_id)
        step(database, number, checks.authorize, ana, other, "Ana Reyes", time.at)
    step(database, number, checks.authorize, ana, texts, "Ana Reyes", time.at)
    step(database, number, checks.order, gil, today, "UTC", time.at)
    step(database, number, checks.came_back, gil, today, today, time.at)
    with pytest.raises(Refused, match="your own"):
        step(database, number, checks.clear, ana, Paper(today), time.at)
    step(database, number, checks.clear, gil, Paper(today), time.at)
    with database.reading() as db:
        assert cleared(db, cast.ana, cast.driver, months_after(today, 24))
        held = db.scalars(select(Credential)).one()
    with database.writing() as db, pytest.raises(Refused, match="its own steps"):
        row = db.get_one(Credential, held.id)
        decisions.revoke(Act(db, gil, time.at), row, today, "Contents")
    with database.reading() as db:
        assert not cleared(db, cast.ana, cast.driver, months_after(today, 24) + clock.ONE_DAY)


def test_P7_signing_on_paper_takes_both_texts_as_they_are(database, cast, time, check_of_ana):
    number, gil = check_of_ana
    step(database, number, checks.authorize_on_paper, gil, "Ana Reyes", time.at)
    with database.reading() as db:
        check = db.get_one(BackgroundCheck, number)
        assert (check.state, check.on_paper) == (CheckState.AUTHORIZED, True)
        assert check.disclosure_id
        assert check.authorization_id


def test_of_two_who_decide_on_a_check_one_wins(database, cast, time, check_of_ana):
    number, gil = check_of_ana
    today = time.at.date()
    step(database, number, checks.authorize_on_paper, gil, "Ana Reyes", time.at)
    step(database, number, checks.order, gil, today, "UTC", time.at)
    step(database, number, checks.came_back, gil, today, today, time.at)

    def attempt(verb, *given):
        def work():
            step(database, number, verb, gil, *given, time.at)
            return "won"

        return work

    results = at_once(attempt(checks.clear, Paper(today)), attempt(checks.send_first_notice, ZONE))
    with database.reading() as db:
        state = db.get_one(BackgroundCheck, number).state
        accepted = db.scalar(select(func.count()).select_from(Credential))
    assert results.count("won") == 1 or (results.count("won") == 2 and state == "cleared")
    assert (state == "cleared") == (accepted == 1)


def test_what_is_unread_after_its_day_is_in_the_way(database, cast, time):
    today = clock.local_day(time.at, ZONE)
    due = today + timedelta(days=10)
    with database.writing() as db:
        page = acknowledgements.Page("New hours", "We open at nine.", due, cast.rides, cast.driver)
        reading = acknowledgements.send(Act(db, build.OFFICE, time.at), page, today)
        assert {one.id for one in db.scalars(acknowledgements.holders(reading.id))} == {
            cast.ana,
            cast.bo,
        }
        assert cleared(db, cast.ana, cast.driver, due)
        assert not cleared(db, cast.ana, cast.driver, due + clock.ONE_DAY)
        assert cleared(db, cast.ana, cast.desk, due + clock.ONE_DAY)
        acknowledgements.have_read(Act(db, build.viewer(cast.ana), time.at), cast.ana, reading)
        acknowledgements.have_read(Act(db, build.viewer(cast.ana), time.at), cast.ana, reading)
        assert cleared(db, cast.ana, cast.driver, due + clock.ONE_DAY)
        found = acknowledgements.counts(db, [reading.id])[reading.id]
        assert (found.number, found.done) == (2, 1)
        acknowledgements.end(Act(db, build.OFFICE, time.at), reading)
        assert cleared(db, cast.bo, cast.driver, due + clock.ONE_DAY)


def test_a_trial_period_passes_goes_on_or_ends_the_role(database, cast, time):
    today = time.at.date()
    with database.writing() as db:
        position = db.get_one(Position, cast.driver)
        trials.configure(Act(db, build.OFFICE, time.at), position, 12, 3)
        found = {one.row.person_id: one for one in trials.on_trial(db, trials.ON_TRIAL)}
        assert {one.due for one in found.values()} == {date(2027, 1, 1)}
        ana, bo = (db.get_one(Placement, found[one].row.id) for one in (cast.ana, cast.bo))
        cy = build.viewer(cast.cy)
        with pytest.raises(Refused) as refused:
            trials.review(
                Act(db, cy, time.at), bo, trials.Review("extend", "", date(2027, 6, 1)), today
            )
        assert "reason" in refused.value.fields
        until = date(2027, 6, 1)
        trials.review(Act(db, cy, time.at), bo, trials.Review("extend", "Late twice", until), today)
        trials.review(Act(db, cy, time.at), ana, trials.Review("pass"), today)
        left = trials.on_trial(db, trials.ON_TRIAL)
        assert [(one.row.person_id, one.due) for one in left] == [(cast.bo, until)]
        longest = build.position(db, db.get_one(Program, cast.rides), "R" * 120, time.at)
        longest.translations = {"es": {"name": "Rol"}}
        trials.configure(Act(db, build.OFFICE, time.at), longest, 1, 0)
        named = db.get_one(Trial, longest.id).requirement
        assert len(named.name) == 120
        assert named.translations["es"]["name"] == "Período de prueba: Rol"
        trials.review(Act(db, cy, time.at), bo, trials.Review("end", "It does not fit"), today)
        assert trials.on_trial(db, trials.ON_TRIAL) == []
        assert bo.ends_on == today
        with pytest.raises(Refused, match="already ended"):
            trials.review(Act(db, cy, time.at), bo, trials.Review("pass"), today)
