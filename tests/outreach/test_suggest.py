"""Suggestions: equal to a slow second computation written from the rule alone, and what is loaded for them."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from portal.act import Act
from portal.outreach import speaker_candidates, speaker_offers
from portal.outreach.speaker_offers import OfferTerms
from portal.outreach.suggest import Engagement, Facts, Why, ranked, ranked_all
from portal.outreach.talk_models import Presentation
from portal.people import availability
from portal.people.availability import Span
from portal.people.models import Person
from portal.people.traits import Absence
from portal.permissions import NOBODY
from portal.shifts import signups
from tests import build

FIRST = date(2026, 12, 1)
both = pytest.mark.both_databases


def moment(day, minute):
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)


def some_speakers(chance, number):
    levels = ("basic", "conversational", "fluent", "native", "")
    found = []
    for one in range(number):
        busy = []
        for _ in range(chance.randrange(12)):
            starts = moment(
                FIRST + timedelta(days=chance.randrange(60)), chance.randrange(0, 1200, 15)
            )
            busy.append((starts, starts + timedelta(minutes=chance.randrange(15, 300, 15))))
        days = [
            (FIRST + timedelta(days=chance.randrange(-300, 60)), chance.choice((None, 1, 2, 3)))
            for _ in range(chance.randrange(9))
        ]
        first = FIRST - timedelta(days=chance.randrange(400))
        placed = [(first, first + timedelta(days=chance.randrange(800)))]
        cleared = [(placed[0][0], placed[0][1] - timedelta(days=chance.choice((0, 0, 200, 500))))]
        found.append(
            Facts(
                one, f"Speaker {chance.randrange(50):02}",
                frozenset(chance.sample(range(1, 9), chance.randrange(1, 5))),
                {number: chance.choice(levels) for number in chance.sample(range(1, 5), chance.randrange(4))},
                frozenset(chance.sample(range(1, 5), chance.randrange(3))), chance.randrange(4),
                chance.randrange(5), chance.random() < 0.1,
                {7: placed} if chance.random() < 0.8 else {}, {7: cleared} if chance.random() < 0.8 else {},
                speaker_candidates.merged(busy),
                [(FIRST + timedelta(days=5), FIRST + timedelta(days=chance.randrange(5, 20)))]
                if chance.random() < 0.3 else [],
                {day: [Span(540, 1020)] for day in chance.sample(range(7), chance.randrange(6))},
                {FIRST + timedelta(days=9): []} if chance.random() < 0.3 else {},
                sorted(days, key=lambda pair: pair[0]),
            )
        )  # fmt: skip
    return found


def some_engagements(chance, number):
    found = []
    for one in range(number):
        day, starts = FIRST + timedelta(days=chance.randrange(60)), chance.randrange(480, 1200, 15)
        ends = starts + chance.randrange(30, 180, 15)
        found.append(
            Engagement(
                one, moment(day, starts), moment(day, ends), day, starts, ends, chance.choice((None, *range(1, 9))),
                chance.choice((None, 7, 7)), frozenset(chance.sample(range(1, 5), chance.randrange(3))),
                chance.choice((None, 1, 2)), chance.choice((None, 1, 2, 3)),
            )
        )  # fmt: skip
    return found


def slowly(engagement, speakers):
    """The order, once more and in plain steps: nothing is looked up, everything is counted."""
    day = engagement.day

    def within(spans):
        return any(first <= day <= last for first, last in spans)

    rows = []
    for one in speakers:
        if engagement.topic_id is not None and engagement.topic_id not in one.topics:
            continue
        position = engagement.position_id
        if position is not None and not one.staff and not within(one.placed.get(position, ())):
            continue
        clear = position is None or one.staff or within(one.cleared.get(position, ()))
        busy = within(one.away)
        for starts, ends in one.busy:
            if starts < engagement.ends_at and ends > engagement.starts_at:
                busy = True
        said = bool(one.week or one.days)
        spans = one.days[day] if day in one.days else one.week.get(day.weekday(), ())
        fits = [
            span
            for span in spans
            if span.starts <= engagement.starts and span.ends >= engagement.ends
        ]
        month = [d for d, _ in one.talks if (d.year, d.month) == (day.year, day.month)]
        speaks = {
            n
            for n, level in one.languages.items()
            if level in ("conversational", "fluent", "native")
        }
        gaps = [abs((d - day).days) for d, _ in one.talks]
        before = [(day - d).days for d, _ in one.talks if d <= day]
        lately = [d for d, _ in one.talks if day - timedelta(days=180) <= d <= day]
        visits = [where for _, where in one.talks if where == engagement.organization_id]
        rows.append((
            not clear, busy, said and not fits, len(month) >= one.per_month,
            len([n for n in engagement.languages if n not in speaks]),
            bool(gaps) and min(gaps) <= one.rest_days,
            engagement.district_id is not None and engagement.district_id not in one.districts,
            len(lately), -min(before, default=100_000),
            len(visits) if engagement.organization_id else 0, one.name, one.id,
        ))  # fmt: skip
    return [row[-1] for row in sorted(rows)]


@pytest.mark.parametrize("seed", range(8))
def test_it_agrees_with_a_slow_second_computation(seed):
    chance = random.Random(seed)
    speakers, engagements = some_speakers(chance, 60), some_engagements(chance, 40)
    at_once = ranked_all(engagements, speakers, most=100)
    several = 0
    for one in engagements:
        wanted = slowly(one, speakers)
        assert [row.person_id for row in ranked(one, speakers, most=100)] == wanted
        assert [row.person_id for row in at_once[one.id]] == wanted
        several += len(wanted) > 3
    assert several > 5  # it had something to put in order


@both
def test_each_reason_is_what_the_database_says(database, stage, cast, settings, time):
    with database.writing() as db:
        before = build.talk(
            db, time.at, settings, topics=[stage.topic], starts=build.TALK_AT - timedelta(days=10)
        )
        yes = OfferTerms(mode="yes", asked="phone")
        speaker_offers.ask(Act(db, stage.clerk, time.at), before, db.get_one(Person, cast.ana), yes)
        build.can(db, cast.ana, {stage.spanish: "fluent"}, [stage.north], time.at)
        availability.set_week(
            Act(db, NOBODY, time.at), cast.bo, {0: [Span(540, 720)]}, availability.week_mark({})
        )
        shift = build.shift(db, cast.driver, starts=build.TALK_AT).id
        signups.sign_up(Act(db, build.viewer(cast.bo), time.at), cast.bo, shift)
        talk = build.talk(
            db, time.at, settings, topics=[stage.topic], languages=[stage.spanish],
            district_id=stage.north, words="again",
        )  # fmt: skip
        number = talk.id
    with database.reading() as db:
        wanted = speaker_candidates.engagement_of_talk(db, db.get_one(Presentation, number))
        found = ranked(wanted, speaker_candidates.speakers_for(db, [wanted]))
    ana, bo = found
    assert (ana.person_id, ana.clear, ana.free) == (cast.ana, True, True)
    assert (bo.person_id, bo.free) == (cast.bo, False)
    assert [one.why for one in ana.reasons] == [
        Why.TOPIC, Why.LANGUAGES, Why.FREE, Why.THIS_MONTH, Why.DISTRICT, Why.LAST_TALK, Why.BEEN_THERE,
    ]  # fmt: skip
    assert {one.why for one in bo.reasons if not one.good} == {
        Why.NO_LANGUAGE,
        Why.BUSY,
        Why.NOT_THEN,
    }


@both
def test_who_is_away_or_not_cleared_stands_last(database, stage, cast, settings, time):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        db.add(
            Absence(
                person_id=cast.ana,
                first_day=date(2026, 12, 29),
                last_day=date(2026, 12, 31),
                since=time.at,
            )
        )
        wanted = speaker_candidates.engagement_of_talk(db, talk)
        found = ranked(wanted, speaker_candidates.speakers_for(db, [wanted]))
        assert [(one.person_id, one.free) for one in found] == [(cast.bo, True), (cast.ana, False)]
        assert Why.AWAY in {one.why for one in found[1].reasons}
        paper = build.requirement(db, time.at)
        build.rule(db, time.at, paper, position_id=cast.driver)
        build.has(db, cast.ana, paper, date(2026, 1, 1), date(2027, 6, 1), time.at)
        found = ranked(wanted, speaker_candidates.speakers_for(db, [wanted]))
        assert [(one.person_id, one.clear) for one in found] == [(cast.ana, True), (cast.bo, False)]


@both
def test_on_a_closed_day_everybody_wants_a_reason(database, stage, settings, time):
    with database.writing() as db:
        talk = build.talk(db, time.at, settings, topics=[stage.topic])
        build.closure(db, build.TALK_AT.date(), build.TALK_AT.date(), "Holiday")
        wanted = speaker_candidates.engagement_of_talk(db, talk)
        found = ranked(wanted, speaker_candidates.speakers_for(db, [wanted]))
    assert wanted.closed == ("Holiday",)
    assert [one.free for one in found] == [False, False]
    assert all({Why.FREE, Why.CLOSED} <= {one.why for one in each.reasons} for each in found)


def test_loading_takes_as_many_statements_for_one_talk_as_for_many(database, stage, settings, time):
    with database.writing() as db:
        talks = [
            build.talk(db, time.at, settings, topics=[stage.topic], words=str(one),
                       starts=build.TALK_AT + timedelta(days=one))
            for one in range(6)
        ]  # fmt: skip
        wanted = [speaker_candidates.engagement_of_talk(db, one) for one in talks]
        counts = []
        for some in (wanted[:1], wanted):
            statements = []
            listener = lambda *given, kept=statements: kept.append(given[2])  # noqa: E731
            event.listen(db.get_bind(), "before_cursor_execute", listener)
            speaker_candidates.speakers_for(db, some)
            event.remove(db.get_bind(), "before_cursor_execute", listener)
            counts.append(len(statements))
    assert counts[0] == counts[1] <= 12
