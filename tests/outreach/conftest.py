"""What tests of outreach share: a clerk, a topic of Rides with its role, and Ana and Bo who speak about it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.messages.models import Message
from portal.people import memberships
from portal.people.traits import SkillKind
from portal.permissions import NOBODY, Role
from tests import build


@dataclass
class Stage:
    """Ids: who books, what about, and the languages and districts there are."""

    dee: int = 0
    topic: int = 0
    other: int = 0
    spanish: int = 0
    north: int = 0
    ana: int = 0

    @property
    def clerk(self):  # type: ignore[no-untyped-def]
        return build.viewer(self.dee, (Role.OUTREACH_CLERK, None))


@pytest.fixture
def stage(database, cast, time):
    """Dee books talks; Ana and Bo speak about "Safe at home", for which they are placed as drivers."""
    stage = Stage()
    with database.writing() as db:
        stage.dee = build.person(db, "Dee Walker", time.at).id
        memberships.grant(Act(db, NOBODY, time.at), stage.dee, Role.OUTREACH_CLERK, None)
        stage.topic = build.topic(db, time.at, position_id=cast.driver, program_id=cast.rides).id
        stage.other = build.topic(db, time.at, "Getting around").id
        stage.spanish = build.skill(db, SkillKind.LANGUAGE, "Spanish", time.at).id
        stage.north = build.skill(db, SkillKind.DISTRICT, "North", time.at).id
        for person in (cast.ana, cast.bo):
            build.speaker(db, person, [stage.topic, stage.other], time.at)
    return stage


@pytest.fixture
def talk(database, stage, settings, time):
    """A talk about Safe at home that no one gives yet."""
    with database.writing() as db:
        return build.talk(db, time.at, settings, topics=[stage.topic], by=stage.clerk).id


@pytest.fixture
def told(database):
    """The kinds of messages that wait, with their channel, in order."""

    def kinds(**where):  # type: ignore[no-untyped-def]
        with database.reading() as db:
            found = select(Message.kind, Message.channel, Message.person_id).filter_by(**where)
            return [tuple(row) for row in db.execute(found.order_by(Message.id))]

    return kinds
