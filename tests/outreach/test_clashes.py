"""Who is busy or away, and days on which we are closed: what warns, and what a reason covers."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from portal.act import Act
from portal.outreach import (
    desk,
    moving_talks,
    offer_line,
    rescheduling,
    speaker_candidates,
    speaker_offers,
)
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.speaker_problems import hindered
from portal.outreach.suggest import ranked
from portal.outreach.talk_models import OfferState, Presentation, SpeakerOffer, Speaks
from portal.people.models import Person
from portal.shifts import blocks, signups
from portal.web.errors import Refused
from tests import build
from tests.outreach.test_speaking import HOLD, YES, answer, ask, both, state

DAY = build.TALK_AT.date()


def move(database, by, talk_id, days, why, at):
    with database.writing() as db:
        found = db.get_one(Presentation, talk_id)
        moving_talks.move_by(Act(db, by, at), found, days, why, blocks)


@both
def test_being_away_or_closed_warns_and_wants_a_reason(database, stage, cast, talk, time):
    day = build.TALK_AT.date()
    with database.writing() as db:
        build.absence(db, cast.ana, day, time.at)
    with pytest.raises(Refused) as refused:
        ask(database, stage.clerk, talk, cast.ana, time.at)
    assert "Away on that day: Ana Reyes." in str(refused.value.fields["clash_reason"])
    with database.writing() as db:
        build.closure(db, day, day, "County holiday")
    with pytest.raises(Refused) as refused:
        ask(database, stage.clerk, talk, cast.bo, time.at)
    assert "County holiday" in str(refused.value.fields["clash_reason"])
    why = OfferTerms(clash_reason="They open for the fair")
    assert state(database, ask(database, stage.clerk, talk, cast.bo, time.at, why)) == "asked"


@both
def test_a_place_of_ours_that_is_closed_concerns_what_is_there_alone(
    database, stage, cast, talk, time
):
    day = build.TALK_AT.date()
    with database.writing() as db:
        build.closure(db, day, day, "No heating", site_id=cast.office)
    ask(database, stage.clerk, talk, cast.ana, time.at)
    with pytest.raises(Refused) as refused, database.writing() as db:
        found = db.get_one(Presentation, talk)
        values = rescheduling.talk_values(found) | {"site_id": cast.office}
        rescheduling.edit_talk(
            Act(db, stage.clerk, time.at), found, values, found.version, "", blocks
        )
    assert "No heating" in str(refused.value.fields["clash_reason"])


@both
def test_who_waits_and_went_away_meanwhile_is_passed_over(database, stage, cast, talk, time):
    with database.writing() as db:
        build.speaker(db, cast.sol, [stage.topic], time.at)
        build.place(db, cast.sol, cast.driver, time.at)
    first, second, third = (
        ask(database, stage.clerk, talk, person, time.at)
        for person in (cast.ana, cast.bo, cast.sol)
    )
    with database.writing() as db:
        day = build.TALK_AT.date()
        build.absence(db, cast.bo, day, time.at)
    answer(database, first, time.at, yes=False)
    assert [state(database, one) for one in (second, third)] == ["withdrawn", "asked"]


@both
def test_moving_to_a_day_away_or_closed_says_all_at_once_and_wants_a_reason(
    database, stage, cast, talk, time
):
    ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    day = DAY + timedelta(days=1)
    with database.writing() as db:
        build.absence(db, cast.ana, day, time.at)
        build.closure(db, day, day, "Inventory")
    with pytest.raises(Refused) as refused:
        move(database, stage.clerk, talk, 1, "", time.at)
    said = str(refused.value.fields["clash_reason"])
    assert "Closed on that day: Inventory." in said
    assert "Away on that day: Ana Reyes." in said
    move(database, stage.clerk, talk, 1, "She comes all the same", time.at)
    with database.reading() as db:
        assert db.get_one(Presentation, talk).starts_at == build.TALK_AT + timedelta(days=1)
        assert hindered(db, stage.clerk, time.at) == []


@both
def test_a_reason_covers_what_was_known_then_and_the_time_it_was_for(
    database, stage, cast, talk, time
):
    with database.writing() as db:
        build.closure(db, DAY, DAY, "Holiday")
    why = OfferTerms(mode="yes", asked="phone", clash_reason="They open for us")
    offer = ask(database, stage.clerk, talk, cast.ana, time.at, why)
    time.move(hours=1)
    with database.writing() as db:
        build.absence(db, cast.ana, DAY, time.at)
    with database.reading() as db:
        assert [why for _, why in hindered(db, stage.clerk, time.at)] == ["away"]
    with database.writing() as db:
        found = db.get_one(SpeakerOffer, offer)
        offer_line.all_the_same(Act(db, stage.clerk, time.at), found, "She comes back for it")
    with database.reading() as db:
        assert hindered(db, stage.clerk, time.at) == []
    move(database, stage.clerk, talk, 5, "", time.at)
    with database.writing() as db:
        assert db.get_one(SpeakerOffer, offer).clash_reason == ""
        build.absence(db, cast.ana, DAY + timedelta(days=5), time.at)
    with database.reading() as db:
        assert [why for _, why in hindered(db, stage.clerk, time.at)] == ["away"]


@both
def test_who_is_held_and_goes_away_is_asked_with_a_reason_only(
    database, stage, cast, talk, time, as_
):
    hold = ask(database, stage.clerk, talk, cast.ana, time.at, HOLD)
    time.move(minutes=1)

    def question():
        with database.writing() as db:
            offer_line.ask_held(Act(db, stage.clerk, time.at), db.get_one(SpeakerOffer, hold))

    with database.writing() as db:
        build.absence(db, cast.ana, DAY, time.at)
    with pytest.raises(Refused) as refused:
        question()
    assert "Ana Reyes" in str(refused.value.fields["clash_reason"])
    assert state(database, hold) == "held"
    path = f"/outreach/talks/{talk}/offers/{hold}/question"
    page = as_(stage.dee).post(path)  # a button has no field for it, so it is said on top
    assert page.status_code == 422
    assert "Away on that day: Ana Reyes." in page.text
    with database.writing() as db:
        found = db.get_one(SpeakerOffer, hold)
        offer_line.all_the_same(Act(db, stage.clerk, time.at), found, "She is back by noon")
    question()
    assert state(database, hold) == "asked"


@both
def test_the_queue_takes_nobody_who_is_away_without_a_reason(database, stage, cast, talk, time):
    ask(database, stage.clerk, talk, cast.ana, time.at)
    with database.writing() as db:
        build.absence(db, cast.bo, DAY, time.at)
    with pytest.raises(Refused):
        ask(database, stage.clerk, talk, cast.bo, time.at)
    why = OfferTerms(clash_reason="He is back that evening")
    waits = ask(database, stage.clerk, talk, cast.bo, time.at, why)
    assert state(database, waits) == "waits"


def test_a_talk_past_midnight_belongs_to_the_day_on_which_it_begins(
    database, stage, cast, settings, time
):
    with database.writing() as db:
        starts = build.TALK_AT.replace(hour=3)  # ten in the evening before, in New York
        talk = build.talk(db, time.at, settings, topics=[stage.topic], starts=starts, minutes=150)
        build.absence(db, cast.ana, DAY, time.at)
        wanted = speaker_candidates.engagement_of_talk(db, talk)
        free = {
            one.person_id
            for one in ranked(wanted, speaker_candidates.speakers_for(db, [wanted]))
            if one.free
        }
        assert cast.ana in free
        speaker_offers.ask(
            Act(db, stage.clerk, time.at), talk, db.get_one(Person, cast.ana), OfferTerms()
        )


def test_a_snow_day_names_who_is_away_and_keeps_the_hosts_reason_apart(
    database, stage, cast, talk, time, as_
):
    ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    with database.writing() as db:
        build.absence(db, cast.ana, DAY + timedelta(days=7), time.at)
    clerk, path = as_(stage.dee), f"/outreach/closings?first={DAY}&last={DAY}"
    fields = {"what": "move", "days": "7", "reason": "Snow", "talks": str(talk)}
    clerk.get(path)
    assert (
        clerk.post(path, **fields | {"what": ""}).status_code == 422
    )  # nothing is chosen for them
    refused = clerk.post(path, **fields)
    assert refused.status_code == 422
    assert "Away on that day: Ana Reyes." in refused.text
    assert 'value="Snow"' in refused.text
    assert clerk.post(path, clash_reason="She comes for it", **fields).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(SpeakerOffer.clash_reason)).one() == "She comes for it"


def test_a_clerk_writes_down_on_the_talks_page_that_they_come_all_the_same(
    database, stage, cast, talk, time, as_
):
    offer = ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    time.move(minutes=1)
    with database.writing() as db:
        build.absence(db, cast.ana, DAY, time.at)
    clerk, path = as_(stage.dee), f"/outreach/talks/{talk}"
    assert "away that day" in clerk.get("/outreach").text
    assert "Confirm anyway" in clerk.get(path).text
    refused = clerk.post(f"{path}/offers/{offer}/reason", clash_reason="")
    assert refused.status_code == 422
    assert f'href="#clash_reason-{offer}"' in refused.text
    assert f'id="clash_reason-{offer}"' in refused.text
    to = f"{path}/offers/{offer}/reason"
    assert clerk.post(to, clash_reason="She comes back for it").status_code == 303
    assert "away that day" not in clerk.get("/outreach").text
    page = clerk.get(path).text
    assert "She comes back for it" in page
    assert "away that day" not in page


@both
def test_busy_and_away_are_both_said_and_a_reason_covers_only_what_it_was_for(
    database, stage, cast, talk, time
):
    with database.writing() as db:
        shift = build.shift(db, cast.driver, starts=build.TALK_AT).id
        signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        build.absence(db, cast.ana, DAY, time.at)
        build.closure(db, DAY, DAY, "Holiday")
    with pytest.raises(Refused) as refused:
        ask(database, stage.clerk, talk, cast.ana, time.at, HOLD)
    said = str(refused.value.fields["clash_reason"])
    assert "Busy at that time: Ana Reyes." in said
    assert "Away on that day: Ana Reyes." in said
    assert "Holiday" in said
    # Bo's reason is for the closed day alone; a shift that he takes later is in the queue's way
    ask(database, stage.clerk, talk, cast.ana, time.at, OfferTerms(clash_reason="She will choose"))
    waits = ask(database, stage.clerk, talk, cast.bo, time.at, OfferTerms(clash_reason="We open"))
    with database.writing() as db:
        other = build.shift(db, cast.driver, starts=build.TALK_AT).id
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, other)
        first = db.scalars(select(SpeakerOffer.id).filter_by(person_id=cast.ana)).one()
    answer(database, first, time.at, yes=False)
    assert state(database, waits) == "withdrawn"


@both
def test_who_waits_is_named_and_excused_when_the_talk_moves(database, stage, cast, talk, time):
    first = ask(database, stage.clerk, talk, cast.ana, time.at)
    with database.writing() as db:
        build.absence(db, cast.bo, DAY, time.at)
    why = OfferTerms(clash_reason="He is back that evening")
    waits = ask(database, stage.clerk, talk, cast.bo, time.at, why)

    def longer(reason):
        with database.writing() as db:
            found = db.get_one(Presentation, talk)
            values = rescheduling.talk_values(found)
            values["ends_at"] += timedelta(minutes=15)
            rescheduling.edit_talk(
                Act(db, stage.clerk, time.at), found, values, found.version, reason, blocks
            )

    with pytest.raises(Refused) as refused:
        longer("")
    assert "Bo Tanaka" in str(refused.value.fields["clash_reason"])
    longer("He is still back by then")
    answer(database, first, time.at, yes=False)
    assert state(database, waits) == "asked"


@both
def test_a_reason_for_a_closed_day_is_kept_and_asked_for_once(database, stage, cast, talk, time):
    hold = ask(database, stage.clerk, talk, cast.ana, time.at, HOLD)
    with database.writing() as db:
        build.closure(db, DAY + timedelta(days=1), DAY + timedelta(days=1), "Inventory")
    move(database, stage.clerk, talk, 1, "They open for us", time.at)
    with database.writing() as db:
        offer_line.ask_held(Act(db, stage.clerk, time.at), db.get_one(SpeakerOffer, hold))
        found = db.get_one(Presentation, talk)
        assert [row.words for row in desk.history(db, found.request_id) if row.done == "moved"] == [
            "They open for us"
        ]
        values = rescheduling.talk_values(found) | {"site_id": cast.office}
        rescheduling.edit_talk(
            Act(db, stage.clerk, time.at), found, values, found.version, "", blocks
        )


@both
def test_a_snow_day_says_what_is_in_the_way_of_every_talk_at_once(
    database, stage, cast, talk, settings, time
):
    ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    with database.writing() as db:
        other = build.talk(db, time.at, settings, topics=[stage.topic], words="another").id
        for person in (cast.ana, cast.bo):
            build.absence(db, person, DAY + timedelta(days=7), time.at)
    ask(database, stage.clerk, other, cast.bo, time.at, YES)

    def snow(reason):
        with database.writing() as db:
            talks = [db.get_one(Presentation, one) for one in (talk, other)]
            moving_talks.move_all(Act(db, stage.clerk, time.at), talks, 7, reason, blocks)

    with pytest.raises(Refused) as refused:
        snow("")
    said = str(refused.value.fields["clash_reason"])
    assert "Ana Reyes" in said
    assert "Bo Tanaka" in said
    assert "Dec 30" in said
    snow("Both come for it")
    with database.reading() as db:
        assert {one.starts_at for one in db.query(Presentation)} == {
            build.TALK_AT + timedelta(days=7)
        }


@both
def test_a_snow_days_reason_reaches_everybody_and_a_host_hears_of_a_date_not_confirmed_yet(
    database, stage, cast, talk, office, settings, time
):
    ask(database, stage.clerk, talk, cast.ana, time.at, YES)
    with database.writing() as db:
        week = build.TALK_AT + timedelta(days=7)
        other = build.talk(
            db, time.at, settings, topics=[stage.topic], starts=week, words="not confirmed",
            contact_email="pat@club.example",
        ).id  # fmt: skip
    office.send()
    before = len(office.box.mails)
    with database.writing() as db:
        talks = [db.get_one(Presentation, one) for one in (talk, other)]
        moving_talks.move_all(
            Act(db, stage.clerk, time.at), talks, 2, "", blocks, why="Two feet of snow"
        )
    office.send()
    mails = {
        mail["to"]: mail.get_body(("plain",)).get_content() for mail in office.box.mails[before:]
    }
    for address in ("ana@example.org", "rosa@parish.example", "pat@club.example"):
        assert "Two feet of snow" in mails[address]
    assert "looking for a speaker" in mails["pat@club.example"]
    assert "open the link below" in mails["rosa@parish.example"]


def test_who_goes_away_does_not_learn_of_time_that_is_only_held(
    database, stage, cast, talk, time, as_
):
    words = "You&#39;re still signed up on these days."
    hold = ask(database, stage.clerk, talk, cast.ana, time.at, OfferTerms(mode="hold", hours=720))
    with database.writing() as db:
        build.absence(db, cast.ana, DAY, time.at)
        for index in range(22):
            starts = build.NOON + timedelta(days=index + 1, hours=4)
            shift = build.shift(db, cast.driver, starts=starts).id
            signups.sign_up(Act(db, build.viewer(cast.ana), time.at), cast.ana, shift)
        build.absence(db, cast.ana, build.NOON.date(), time.at)
    assert words not in as_(cast.ana).get("/me/away").text
    with database.writing() as db:
        offer = db.get_one(SpeakerOffer, hold)
        offer_line.all_the_same(Act(db, stage.clerk, time.at), offer, "Asked by phone")
        speaker_offers.accept(Act(db, stage.clerk, time.at, "phone"), offer)
    assert words in as_(cast.ana).get("/me/away").text


def test_somebody_away_is_named_however_many_speak_before_them(database, stage, cast, talk, time):
    """The list is read whole: 500 who come all the same stand before the one who does not."""
    with database.writing() as db:
        people = [build.person(db, f"Helper {number}", time.at).id for number in range(501)]
        db.execute(
            insert(SpeakerOffer),
            [
                {
                    "presentation_id": talk, "person_id": person, "role": Speaks.CO,
                    "state": OfferState.ACCEPTED, "hours": 72, "made_at": time.at,
                }
                for person in people
            ],
        )  # fmt: skip
        build.absence(db, people[-1], DAY, time.at)
    with database.reading() as db:
        found = hindered(db, stage.clerk, time.at)
    assert [(row.person_id, why) for row, why in found] == [(people[-1], "away")]
