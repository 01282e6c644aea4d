"""Suggestions for many talks among many speakers, and the desk and the page of one talk in a full year."""

import random
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from portal import clock
from portal.commitments.models import Commitment
from portal.db import Database
from portal.outreach import booking, speaker_candidates
from portal.outreach.intake_models import Topic
from portal.outreach.models import TalkRequest
from portal.outreach.suggest import ranked_all
from portal.outreach.talk_models import (
    BusyTime,
    OfferState,
    Presentation,
    Speaker,
    SpeakerOffer,
    SpeakerTopic,
    TalkState,
)
from portal.people.models import Person
from portal.people.traits import Availability, PersonSkill, Skill
from portal.programs.models import Placement, Position
from portal.serving import settle_memory
from tests.bench import world

SPEAKERS, ENGAGEMENTS, TOPICS = 500, 200, 12
ZONE = "America/New_York"


def measure(folder: Path, say: Callable[..., None]) -> dict[str, Any]:
    """Seconds for 200 talks and 500 speakers: loading what matters, and putting them in order."""
    database, _ = world.fresh(f"sqlite:///{folder}/speaking.db", 2000)
    talks = _fill(database)
    settle_memory()  # as the server does before it serves
    spent = []
    for _ in range(3):
        with database.reading() as db:
            start = time.perf_counter()
            rows = db.scalars(select(Presentation).where(Presentation.id.in_(talks))).all()
            wanted = [
                speaker_candidates.engagement_of(
                    row.id, booking.when_of(row), topic_id=row.topic_id,
                    position_id=1, district_id=row.district_id, organization_id=None,
                )
                for row in rows
            ]  # fmt: skip
            speakers = speaker_candidates.speakers_for(db, wanted)
            loaded = time.perf_counter()
            found = ranked_all(wanted, speakers)
            done = time.perf_counter()
        assert len(speakers) == SPEAKERS
        assert sum(len(one) >= 10 for one in found.values()) > ENGAGEMENTS * 0.9
        spent.append((loaded - start, done - loaded))
    load, order = min(spent, key=sum)
    result = {"load": round(load, 3), "order": round(order, 3), "together": round(load + order, 3)}
    say(f"  {SPEAKERS} speakers x {ENGAGEMENTS} talks: {result}")
    database.dispose()
    return result


def _fill(database: Database) -> list[int]:
    """A year of an agency that speaks a lot: talks given and to come, shifts, calendars, times, languages."""
    chance, at = random.Random(5), clock.now()
    with database.writing() as db:
        people = list(db.scalars(select(Person.id).order_by(Person.id).limit(SPEAKERS)))
        position = db.get_one(Position, 1)
        skills = [
            Skill(kind=kind, name=f"{kind} {n}", translations={})
            for kind in ("language", "district")
            for n in range(5)
        ]
        topics = [Topic(name=f"Topic {n}", position_id=1, translations={}) for n in range(TOPICS)]
        db.add_all([*skills, *topics])
        db.flush()
        there = set(
            db.scalars(
                select(Placement.person_id).where(
                    Placement.position_id == 1, Placement.state == "active"
                )
            )
        )
        db.add_all(
            Placement(
                person_id=one, position_id=1, program_id=position.program_id, state="active",
                starts_on=at.date() - timedelta(days=500),
            )
            for one in people
            if one not in there
        )  # fmt: skip
        db.add_all(Speaker(person_id=one, since=at, per_month=4) for one in people)
        db.flush()
        db.execute(
            insert(SpeakerTopic),
            [
                {"person_id": one, "topic_id": topic.id}
                for one in people
                for topic in chance.sample(topics, 3)
            ],
        )
        db.execute(
            insert(PersonSkill),
            [
                {"person_id": one, "skill_id": skill.id, "since": at,
                 "level": "fluent" if skill.kind == "language" else None}
                for one in people
                for skill in chance.sample(skills, 3)
            ],
        )  # fmt: skip
        db.execute(
            insert(Availability),
            [
                {"person_id": one, "weekday": day, "available": True, "starts": 540, "ends": 1080}
                for one in people
                for day in chance.sample(range(7), 4)
            ],
        )
        _engage(db, chance, people, at)
        request = TalkRequest(
            reference="R-1", kind="presentation", source="phone", state="booked", contact_name="x",
            zone=ZONE, received_at=at, received_on=at.date(), due_on=at.date(), link_id="x",
            status_hash="x", proof_hash="y",
        )  # fmt: skip
        db.add(request)
        db.flush()
        return _talks(db, chance, people, topics, request.id, at)


def _engage(db: Any, chance: random.Random, people: list[int], at: Any) -> None:
    for table, each in ((Commitment, 30), (BusyTime, 60)):
        rows = []
        for one in people:
            for number in range(each):
                starts = at + timedelta(hours=chance.randrange(24 * 90))
                row = {
                    "person_id": one,
                    "starts_at": starts,
                    "ends_at": starts + timedelta(hours=2),
                }
                if table is Commitment:
                    row |= {"kind": "bench", "source_id": one * 1000 + number}
                rows.append(row)
        db.execute(insert(table), rows)


def _talks(
    db: Any, chance: random.Random, people: list[int], topics: list[Topic], request_id: int, at: Any
) -> list[int]:
    """Two thousand talks of the year before, each given by someone, and the two hundred to come."""
    made = []
    for number in range(2000 + ENGAGEMENTS):
        past = number < 2000
        day = -chance.randrange(1, 360) if past else chance.randrange(7, 80)
        starts = (at + timedelta(days=day)).replace(hour=chance.randrange(14, 22), minute=0)
        made.append(
            Presentation(
                request_id=request_id, topic_id=chance.choice(topics).id, zone=ZONE,
                state=TalkState.CONFIRMED, starts_at=starts, ends_at=starts + timedelta(hours=1),
                made_at=at, revised_at=at,
            )
        )  # fmt: skip
    db.add_all(made)
    db.flush()
    db.execute(
        insert(SpeakerOffer),
        [
            {
                "presentation_id": talk.id, "person_id": chance.choice(people), "hours": 1,
                "state": OfferState.ACCEPTED, "made_at": at, "role": "speaker", "clash_reason": "",
                "reply": "",
            }
            for talk in made[:2000]
        ],
    )  # fmt: skip
    return [talk.id for talk in made[2000:]]
