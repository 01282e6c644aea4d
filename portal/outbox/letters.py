"""Letters: a message that a coordinator writes to many, each of whom gets their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.messages.kinds import Topic
from portal.messages.models import Letter
from portal.outbox.notices import LETTER
from portal.people.finding import ANYONE, Wish
from portal.people.models import Person, Status
from portal.people.notify import notify
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, PlacementState
from portal.programs.scopes import in_viewers_programs, listed_people
from portal.web.errors import Refused, unless_seen
from portal.words import text

MOST = 5000
MOST_CHECKED = 150
"""Lists longer than this are written to as a whole."""


@dataclass(frozen=True)
class Readers:
    """Which list a letter goes to: an audience's `people`, those with a role, or a search for people.

    `more` is what else they meet. A search reaches people of several programs, so no program's others may
    read who got it.
    """

    audience: str = ""
    about_id: int | None = None
    people: Select[int] | None = None
    starts_at: datetime | None = None
    program_id: int | None = None
    position_id: int | None = None
    query: str = ""
    which: str = ""
    wish: Wish = ANYONE
    more: Sequence[ColumnElement[bool]] = ()


@dataclass(frozen=True)
class Reader:
    """Someone on the list: how it reaches them, or that they switched such mail off."""

    id: int
    name: str
    how: str


def readers_of(db: Session, by: Viewer, which: Readers) -> Sequence[Reader]:
    """Who is on a list, of those the viewer may see. Excludes people whose status is Ended."""
    people = listed_people(by, which.query, which.which).with_only_columns(
        Person.id, Person.name, Person.email, Person.mail_refused_at, Person.mail_off
    )
    found = db.execute(
        people.where(Person.status != Status.ENDED, *_conditions(by, which))
        .order_by(Person.name, Person.id)
        .limit(MOST)
    )
    return [Reader(row.id, row.name, _how(row)) for row in found]


def _conditions(by: Viewer, which: Readers) -> list[Any]:
    conditions: list[Any] = [*which.wish.conditions(), *which.more]
    if which.people is not None:
        conditions.append(Person.id.in_(which.people))
    if which.position_id:
        conditions.append(
            Person.id.in_(
                select(Placement.person_id).where(
                    Placement.position_id == which.position_id,
                    Placement.state == PlacementState.ACTIVE,
                    in_viewers_programs(Placement.program_id, by, Permission.PEOPLE_MANAGE),
                )
            )
        )
    return conditions


def _how(row: Any) -> str:
    if Topic.NEWS in row.mail_off.split(","):
        return "off"
    return "mail" if row.email and not row.mail_refused_at else "call"


def send_letter(
    act: Act, which: Readers, subject: str, body: str, people: Sequence[int] | None, seen: str
) -> int:
    """Write a letter to those people of a list who are checked (None: to all); gives how many.

    Raises Preview unless exactly this was `seen`. Whoever no mail reaches is on the call list; who
    switched news off is left out.
    """
    to = [
        one
        for one in readers_of(act.db, act.by, which)
        if one.how != "off" and (people is None or one.id in people)
    ]
    if not to:
        raise Refused(text("No one you selected can get this message."))
    unless_seen([subject, body, *to], seen)
    assert act.by.person_id
    letter = Letter(
        by_id=act.by.person_id,
        program_id=which.program_id,
        shift_id=which.about_id if which.audience == "shift" else None,
        subject=subject,
        body=body,
        written_at=act.at,
    )
    act.db.add(letter)
    notify(act, LETTER, letter, [one.id for one in to], starts_at=which.starts_at)
    record(act, "letter.sent", letter)
    return len(to)
