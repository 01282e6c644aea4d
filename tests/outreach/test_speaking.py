"""Finding a speaker: offers, holds, confirmations and their races; lapsing; clearance on the day; replacing."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.commitments.commitments import clashes
from portal.commitments.models import Commitment
from portal.outreach import booking, hosting, moving_talks, offer_line, rescheduling, speaker_offers
from portal.outreach.clashing import ENGAGED
from portal.outreach.models import TalkRequest
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.talk_models import (
    BusyTime,
    OfferState,
    Presentation,
    SpeakerOffer,
    TalkState,
)
from portal.people import memberships
from portal.people.models import Person
from portal.permissions import NOBODY, Role
from portal.shifts import blocks, signups
from portal.web.errors import Refused
from tests import build

both = pytest.mark.both_databases
ASK, HOLD, YES = OfferTerms(), OfferTerms(mode="hold"), OfferTerms(mode="yes", asked="phone")


def ask(database, by, talk_id, person_id, at, how=ASK):
    with database.writing() as db:
        talk, person = db.get_one(Presentation, talk_id), db.get_one(Person, person_id)
        return speaker_offers.ask(Act(db, by, at), talk, person, how).id


def answer(database, offer_id, at, *, yes=True, asked=None):
    with database.writing() as db:
        offer = db.get_one(SpeakerOffer, offer_id)
        by = build.viewer(offer.person_id)
        (speaker_offers.accept if yes else speaker_offers.decline)(Act(db, by, at, asked), offer)


def state(database, offer_id):
    with database.reading() as db:
        return db.get_one(SpeakerOffer, offer_id).state


def engaged(database, person_id):
    with database.reading() as db:
        found = clashes(db, person_id, build.TALK_AT, build.TALK_AT + timedelta(minutes=5))
        return [(row.kind, row.held_until is not None) for row in found]


@both
def test_an_offer_holds_the_time_and_yes_confirms_the_talk(database, stage, cast, talk, time, told):
    offer = ask(database, stage.clerk, talk, cast.ana, time.at)
    assert (state(database, offer), engaged(database, cast.ana)) == ("asked", [(ENGAGED, True)])
    answer(database, offer, time.at)
    answer(database, offer, time.at)  # a second press is harmless
    assert engaged(database, cast.ana) == [(ENGAGED, False)]
    with database.reading() as db:
        assert db.get_one(Presentation, talk).state == TalkState.CONFIRMED
    kinds = [kind for kind, _, _ in told()]
    for kind in ("outreach.speaking", "outreach.confirmed"):
        assert kinds.count(kind) == 1


@both
def test_an_offer_lapses_to_the_next_when_the_clock_moves(database, stage, cast, talk, time, told):
    first = ask(database, stage.clerk, talk, cast.ana, time.at)
    second = ask(database, stage.clerk, talk, cast.bo, time.at)
    assert [state(database, one) for one in (first, second)] == ["asked", "waits"]
    time.move(hours=71)
    with database.writing() as db:
        assert list(db.scalars(offer_line.due(time.at))) == []
    time.move(hours=2)
    with pytest.raises(Refused, match="over"):
        answer(database, first, time.at)
    with database.writing() as db:
        for one in db.scalars(offer_line.due(time.at)).all():
            offer_line.lapse(db, one, time.at)
            offer_line.lapse(db, one, time.at)
    assert [state(database, one) for one in (first, second)] == ["lapsed", "asked"]
    assert engaged(database, cast.ana) == []
    answer(database, second, time.at, yes=False)
    assert state(database, second) == "declined"
    kinds = [(kind, person) for kind, _, person in told()]
    assert ("outreach.lapsed", cast.ana) in kinds
    assert kinds.count(("outreach.offered", cast.bo)) == 1


@both
def test_a_hold_blocks_the_time_and_ends_by_itself_even_without_a_worker(
    database, stage, cast, talk, settings, time
):
    hold = ask(database, stage.clerk, talk, cast.ana, time.at, HOLD)
    assert engaged(database, cast.ana) == [(ENGAGED, True)]
    time.move(hours=73)
    assert engaged(database, cast.ana) == []
    with database.writing() as db:
        offer_line.lapse(db, hold, time.at)
    assert state(database, hold) == "lapsed"


@both
def test_a_hold_can_become_a_question(database, stage, cast, talk, time, told):
    hold = ask(database, stage.clerk, talk, cast.ana, time.at, HOLD)
    assert "outreach.offered" not in [kind for kind, _, _ in told()]
    with database.writing() as db:
        offer_line.ask_held(Act(db, stage.clerk, time.at), db.get_one(SpeakerOffer, hold))
    assert (state(database, hold), engaged(database, cast.ana)) == ("asked", [(ENGAGED, True)])
    answer(database, hold, time.at)
    assert engaged(database, cast.ana) == [(ENGAGED, False)]


@both
def test_a_clash_warns_and_wants_a_reason(database, stage, cast, talk, time):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=build.TALK_AT).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        db.add(
            BusyTime(
                person_id=cast.bo, starts_at=build.TALK_AT,
                ends_at=build.TALK_AT + timedelta(hours=1),
            )
        )  # fmt: skip
    for person in (cast.ana, cast.bo):
        with pytest.raises(Refused) as refused:
            ask(database, stage.clerk, talk, person, time.at)
        assert set(refused.value.fields) == {"clash_reason"}
    why = OfferTerms(clash_reason="The shift is two doors away")
    offer = ask(database, stage.clerk, talk, cast.ana, time.at, why)
    answer(database, offer, time.at)
    assert state(database, offer) == "accepted"


@both
def test_what_came_in_meanwhile_is_found_at_the_yes(database, stage, cast, talk, settings, time):
    offer = ask(database, stage.clerk, talk, cast.ana, time.at)
    with database.writing() as db:
        other = build.talk(db, time.at, settings, topics=[stage.topic])
        why = OfferTerms(mode="yes", asked="phone", clash_reason="She said so")
        speaker_offers.ask(Act(db, stage.clerk, time.at), other, db.get_one(Person, cast.ana), why)
    with pytest.raises(Refused, match="something else at that time"):
        answer(database, offer, time.at)


@both
def test_only_who_is_placed_and_cleared_on_the_day_may_speak(
    database, stage, cast, talk, settings, time
):
    with database.writing() as db:
        build.speaker(db, cast.sol, [stage.topic], time.at)
        paper = build.requirement(db, time.at)
        build.rule(db, time.at, paper, position_id=cast.driver)
        build.has(db, cast.ana, paper, date(2026, 1, 1), date(2026, 12, 15), time.at)
        build.has(db, cast.bo, paper, date(2026, 1, 1), date(2027, 12, 15), time.at)
    for person, words in (
        (cast.sol, "role"),
        (cast.ana, "cleared"),
        (cast.wes, "a speaker right now"),
    ):
        with pytest.raises(Refused, match=words):
            ask(database, stage.clerk, talk, person, time.at)
    offer = ask(database, stage.clerk, talk, cast.bo, time.at)
    with database.writing() as db:  # it lapses between the question and the answer
        build.rule(
            db, time.at, build.requirement(db, time.at, name="Badge"), position_id=cast.driver
        )
    with pytest.raises(Refused, match="cleared"):
        answer(database, offer, time.at)


@both
def test_every_reason_why_not_is_named_at_once(database, stage, cast, talk, time):
    ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    with database.writing() as db:
        build.speaker(db, cast.sol, [stage.topic], time.at)
        build.absence(db, cast.sol, build.TALK_AT.date(), time.at)
        found = db.get_one(Presentation, talk)
        found.state = TalkState.CANCELED
    time.at = build.TALK_AT - timedelta(minutes=30)
    with pytest.raises(Refused) as refused:
        ask(database, stage.clerk, talk, cast.sol, time.at)
    said = [str(reason) for reason in refused.value.reasons]
    assert [words in line for words, line in zip(
        ("canceled", "too close", "has a speaker", "role for this topic"), said, strict=True
    )] == [True] * 4  # fmt: skip
    assert "Away on that day" in str(refused.value.fields["clash_reason"])


@both
def test_every_reason_against_a_yes_is_named_at_once(database, stage, cast, talk, time):
    offer = ask(database, stage.clerk, talk, cast.bo, time.at)
    with database.writing() as db:
        build.rule(db, time.at, build.requirement(db, time.at), position_id=cast.driver)
        db.get_one(Presentation, talk).state = TalkState.CANCELED
    time.at = build.TALK_AT + timedelta(minutes=1)
    with pytest.raises(Refused) as refused:
        answer(database, offer, time.at)
    said = " ".join(str(reason) for reason in refused.value.reasons)
    for words in ("time to reply is over", "canceled", "already began", "cleared for that day"):
        assert words in said


@both
def test_staff_who_present_need_no_role(database, stage, cast, talk, time):
    with database.writing() as db:
        build.speaker(db, cast.sol, [stage.topic], time.at)
        memberships.grant(Act(db, NOBODY, time.at), cast.sol, Role.PRESENTER, None)
    assert ask(database, stage.clerk, talk, cast.sol, time.at, YES)


@both
def test_a_co_presenter_and_a_learner_come_beside_the_speaker(database, stage, cast, talk, time):
    ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    with pytest.raises(Refused, match="has a speaker"):
        ask(database, stage.clerk, talk, cast.bo, time.at)
    offer = ask(database, stage.clerk, talk, cast.bo, time.at, OfferTerms(role="co"))
    answer(database, offer, time.at)
    with database.reading() as db:
        offers = booking.offers_of(db, talk)
        assert [(one.role, one.state) for one in offers] == [
            ("speaker", "accepted"), ("co", "accepted"),
        ]  # fmt: skip


@both
def test_replacing_keeps_the_uid_tells_the_host_and_raises_the_sequence(
    database, stage, cast, talk, time, told
):
    first = ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    with database.writing() as db:
        before = db.get_one(Presentation, talk).sequence
        speaker_offers.drop(Act(db, stage.clerk, time.at), db.get_one(SpeakerOffer, first))
    ask(database, stage.clerk, talk, cast.bo, time.at, YES)
    with database.reading() as db:
        found = db.get_one(Presentation, talk)
        assert (found.state, found.sequence > before) == (TalkState.CONFIRMED, True)
    kinds = [(kind, person) for kind, _, person in told()]
    assert ("outreach.speaking_ended", cast.ana) in kinds
    assert ("outreach.other_speaker", None) in kinds
    assert [kind for kind, _ in kinds].count("outreach.confirmed") == 1


@both
def test_who_cannot_make_it_is_free_and_the_clerk_knows(database, stage, cast, talk, time, told):
    offer = ask(database, stage.clerk, talk, cast.ana, time.at)
    answer(database, offer, time.at)
    answer(database, offer, time.at, yes=False)
    assert (state(database, offer), engaged(database, cast.ana)) == ("released", [])
    assert ("outreach.news", "mail", stage.dee) in told()


@both
def test_moving_a_talk_moves_everyone_or_names_who_is_busy(
    database, stage, cast, talk, settings, time, told
):
    ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    later = build.TALK_AT + timedelta(days=1)
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=later).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
    with pytest.raises(Refused) as refused, database.writing() as db:
        moving_talks.move_by(
            Act(db, stage.clerk, time.at), db.get_one(Presentation, talk), 1, "", blocks
        )
    assert "Ana Reyes" in str(refused.value.fields["clash_reason"])
    with database.writing() as db:
        moving_talks.move_by(
            Act(db, stage.clerk, time.at), db.get_one(Presentation, talk), 2, "", blocks
        )
        found = db.get_one(Presentation, talk)
        assert found.starts_at == build.TALK_AT + timedelta(days=2)
    kinds = [kind for kind, _, _ in told()]
    assert "outreach.speaking_changed" in kinds
    assert "outreach.changed" in kinds


@both
def test_a_hold_ends_before_the_talk_that_moved_nearer(database, stage, cast, talk, time):
    ask(database, stage.clerk, talk, cast.ana, time.at, OfferTerms(hours=240))
    with database.writing() as db:
        found = db.get_one(Presentation, talk)
        days = (time.at.date() - found.starts_at.date()).days + 1
        moving_talks.move_by(Act(db, stage.clerk, time.at), found, days, "", blocks)
    with database.reading() as db:
        starts_at = db.get_one(Presentation, talk).starts_at
        offer = db.scalars(select(SpeakerOffer)).one()
        held = db.scalars(select(Commitment).filter_by(source_id=offer.id, kind="talk")).one()
        assert offer.answer_by == held.held_until == starts_at - timedelta(hours=1)
        assert held.starts_at == starts_at
    time.at = starts_at - timedelta(hours=2)
    with pytest.raises(Refused, match="have time to reply"), database.writing() as db:
        found = db.get_one(Presentation, talk)
        nearer = rescheduling.talk_values(found) | {"starts_at": time.at + timedelta(minutes=30)}
        rescheduling.edit_talk(
            Act(db, stage.clerk, time.at), found, nearer, found.version, "", blocks
        )


@both
def test_canceling_frees_and_tells_everyone_once(database, stage, cast, talk, time, told):
    ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    with database.writing() as db:
        found = db.get_one(Presentation, talk)
        assert booking.cancel(Act(db, stage.clerk, time.at), found, "Snow", blocks)
        assert not booking.cancel(Act(db, stage.clerk, time.at), found, "Snow", blocks)
    assert engaged(database, cast.ana) == []
    kinds = [kind for kind, _, _ in told()]
    assert kinds.count("outreach.speaking_off") == kinds.count("outreach.cancelled") == 1
    with database.reading() as db:
        assert db.get_one(TalkRequest, db.get_one(Presentation, talk).request_id).state == "open"


@both
def test_the_host_changes_by_link_until_the_cut_off(database, stage, cast, talk, time):
    ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    other = build.TALK_AT + timedelta(days=3)
    with database.writing() as db:
        hosting.ask_to_move(Act(db, NOBODY, time.at), db.get_one(Presentation, talk), other)
        assert db.get_one(Presentation, talk).wants_at == other
    time.at = build.TALK_AT - timedelta(hours=47)
    with pytest.raises(Refused, match="too close"), database.writing() as db:
        hosting.ask_to_move(Act(db, NOBODY, time.at), db.get_one(Presentation, talk), other)
    with pytest.raises(Refused, match="too close"), database.writing() as db:
        hosting.cancel_by_host(Act(db, NOBODY, time.at), db.get_one(Presentation, talk), "", blocks)
    time.at = build.TALK_AT - timedelta(hours=49)
    with database.writing() as db:
        hosting.cancel_by_host(Act(db, NOBODY, time.at), db.get_one(Presentation, talk), "", blocks)
        assert db.get_one(Presentation, talk).host_canceled


def race(database, *runs):
    """Run some things at once, each in its own transaction; gives what each said."""
    start, said = threading.Barrier(len(runs)), [None] * len(runs)

    def one(index, run):
        start.wait()
        try:
            with database.writing() as db:
                run(db)
            said[index] = "done"
        except Exception as error:
            said[index] = type(error).__name__

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@both
def test_C1_of_two_yeses_for_one_talk_one_wins(database, stage, cast, talk, time):
    for _ in range(3):
        one = ask(database, stage.clerk, talk, cast.ana, time.at)
        two = ask(database, stage.clerk, talk, cast.bo, time.at)

        def yes(offer_id):
            def run(db):
                offer = db.get_one(SpeakerOffer, offer_id)
                speaker_offers.accept(Act(db, stage.clerk, time.at, "phone"), offer)

            return run

        said = race(database, yes(one), yes(two))
        assert said.count("done") == 1, said
        states = [state(database, offer) for offer in (one, two)]
        assert states.count("accepted") == 1, states
        with database.writing() as db:
            winner = next(
                row for row in booking.offers_of(db, talk) if row.state == OfferState.ACCEPTED
            )
            speaker_offers.drop(Act(db, stage.clerk, time.at), winner)


@both
def test_C1_of_two_confirmations_of_one_speakers_time_one_wins(
    database, stage, cast, settings, time
):
    for _ in range(3):
        with database.writing() as db:
            talks = [build.talk(db, time.at, settings, topics=[stage.topic]).id for _ in range(2)]

        def confirm(talk_id):
            def run(db):
                person = db.get_one(Person, cast.ana)
                speaker_offers.ask(
                    Act(db, stage.clerk, time.at), db.get_one(Presentation, talk_id), person, YES
                )

            return run

        said = race(database, *map(confirm, talks))
        assert said.count("done") == 1, said
        assert engaged(database, cast.ana) == [(ENGAGED, False)]
        with database.writing() as db:
            for one in talks:
                booking.cancel(
                    Act(db, stage.clerk, time.at), db.get_one(Presentation, one), "", blocks
                )


@both
def test_C1_of_two_holds_of_one_speakers_time_one_wins(database, stage, cast, settings, time):
    for _ in range(3):
        with database.writing() as db:
            talks = [build.talk(db, time.at, settings, topics=[stage.topic]).id for _ in range(2)]

        def hold(talk_id):
            def run(db):
                talk, person = db.get_one(Presentation, talk_id), db.get_one(Person, cast.ana)
                speaker_offers.ask(Act(db, stage.clerk, time.at), talk, person, HOLD)

            return run

        said = race(database, *map(hold, talks))
        assert sorted(said) == ["Refused", "done"]
        assert engaged(database, cast.ana) == [(ENGAGED, True)]
        with database.writing() as db:
            for one in talks:
                booking.cancel(
                    Act(db, stage.clerk, time.at), db.get_one(Presentation, one), "", blocks
                )


@both
def test_C1_a_yes_and_a_lapse_cross(database, stage, cast, talk, time):
    for _ in range(3):
        offer = ask(database, stage.clerk, talk, cast.ana, time.at)
        time.move(hours=72)

        def yes(db, offer=offer):
            speaker_offers.accept(
                Act(db, stage.clerk, time.at, "phone"), db.get_one(SpeakerOffer, offer)
            )

        def lapse(db, offer=offer):
            offer_line.lapse(db, offer, time.at)

        race(database, yes, lapse)
        found = state(database, offer)
        assert found in ("accepted", "lapsed")
        assert engaged(database, cast.ana) == ([(ENGAGED, False)] if found == "accepted" else [])
        with database.writing() as db:
            for row in booking.offers_of(db, talk):
                speaker_offers.drop(Act(db, stage.clerk, time.at), row)


@both
def test_no_two_open_offers_to_one_person_for_one_talk(database, stage, cast, talk, time):
    def run(db):
        talk_row, person = db.get_one(Presentation, talk), db.get_one(Person, cast.ana)
        speaker_offers.ask(Act(db, stage.clerk, time.at), talk_row, person, ASK)

    assert sorted(race(database, run, run, run)).count("done") == 1
    with database.reading() as db:
        found = select(SpeakerOffer.id).where(SpeakerOffer.presentation_id == talk)
        assert len(db.scalars(found).all()) == 1
