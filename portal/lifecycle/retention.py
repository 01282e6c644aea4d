"""Asking whether people stay: switched on by a program, after a look at whom it touches; 50 a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.act import Act
from portal.agency.settings import Setting
from portal.audit.log import record
from portal.lifecycle import activity
from portal.lifecycle.message_kinds import STAY
from portal.lifecycle.retention_models import Retention, RetentionState
from portal.lifecycle.switched import switched_on
from portal.messages.marks import held, is_new_day
from portal.messages.models import Channel, Mark, Message, State
from portal.people.models import Person, Status
from portal.people.notify import To, tell_all
from portal.people.people import BEST_PHONE, lock_people
from portal.permissions import Permission, Viewer
from portal.programs.authority import set_status
from portal.programs.models import Placement, PlacementState
from portal.programs.person_models import Equipment, ExitReason, MayReturn, PersonExit
from portal.programs.placements import a_program_of
from portal.programs.scopes import managed_people, visible_people
from portal.reads import read
from portal.web.errors import Refused
from portal.words import text

RETENTION = Setting(
    "retention",
    text("Ask people without activity for 11 months if they stay"),
    False,
    may=Permission.PEOPLE_MANAGE,
    per_program=True,
    path="/people/staying",
)
MARK = "retention"
MOST_A_DAY = 50
DAYS_TO_ANSWER = 30
SHOWN_ONLY = "shown"
"""Why a mail counts as sent where there is no mail server: it reached no one."""


def would_be_asked(db: Session, programs: Sequence[int], at: datetime, zone: str) -> Select[Person]:
    """Whom some programs would ask now, who were not asked already."""
    waits = exists().where(
        Retention.person_id == Person.id, Retention.state == RetentionState.ASKED
    )
    return activity.inactive(db, programs, at, zone).where(~waits)


def touched_by(db: Session, program_id: int, at: datetime, zone: str) -> Select[Person]:
    """Whom a program would ask if it were turned on now: its own people, not those of the others that ask."""
    programs = sorted({*switched_on(db, RETENTION), program_id})
    serves = exists().where(
        Placement.person_id == Person.id,
        Placement.state == PlacementState.ACTIVE,
        Placement.program_id == program_id,
    )
    return would_be_asked(db, programs, at, zone).where(serves)


def each_day(act: Act, zone: str) -> int:
    """Once on each local day: ask up to 50 people whether they stay; gives how many. Whom no mail reaches is on
    the call list."""
    db, at = act.db, act.at
    mark = held(db, MARK)
    if mark is not None and not is_new_day(db, MARK, zone, at):
        return 0
    if mark is None:
        mark = Mark(name=MARK, at=at)
        db.add(mark)
    mark.at = at
    if not (programs := switched_on(db, RETENTION)):
        return 0
    today = clock.local_day(at, zone)
    people = would_be_asked(db, programs, at, zone).order_by(Person.id).limit(MOST_A_DAY)
    rows = [
        Retention(
            person_id=one.id,
            state=RetentionState.ASKED,
            asked_on=today,
            archive_on=today + timedelta(days=DAYS_TO_ANSWER),
        )
        for one in db.scalars(people).all()
    ]
    db.add_all(rows)
    db.flush()
    for row in rows:
        record(act, "retention.asked", row)
    tell_all(
        act,
        STAY,
        "retention",
        [To(row.person_id, row.id, a_program_of(db, row.person_id)) for row in rows],
    )
    return len(rows)


def _decide(act: Act, row: Retention, state: RetentionState) -> None:
    row.state, row.decided_at = state, act.at
    row.decided_by_id, row.asked = act.by.person_id, act.asked
    record(act, f"retention.{state}", row)


def _held(act: Act, retention_id: int) -> Retention | None:
    """A question, held with whom it is asked; a person is always locked before what hangs on them."""
    whose = select(Retention.person_id).where(Retention.id == retention_id)
    if (person_id := act.db.scalar(whose)) is None:
        return None
    lock_people(act.db, [person_id])
    return act.db.scalar(
        select(Retention)
        .where(Retention.id == retention_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def answer(act: Act, retention_id: int, said: str) -> None:
    """They stay ("yes"), which begins their time anew, or wish to leave ("no"), which waits for a coordinator
    with the checklist. Raises Refused if it was answered already."""
    row = _held(act, retention_id)
    if row is None or row.state != RetentionState.ASKED:
        raise Refused(text("This question is no longer open."))
    if said == "yes":
        person = act.db.get_one(Person, row.person_id)
        person.counted_from = act.by.today or act.at.date()
        _decide(act, row, RetentionState.KEPT)
    else:
        _decide(act, row, RetentionState.LEFT)


def _told() -> Select[int]:
    """The messages that asked a question."""
    return select(Message.id).where(
        Message.kind == STAY.name,
        Message.subject_kind == "retention",
        Message.subject_id == Retention.id,
    )


def due(today: date, at: datetime) -> Select[int]:
    """The questions whose day has come and that reached their reader 30 days ago, by a mail that a server
    took and did not refuse since, or by a call. Whoever waits on the call list is not made inactive before."""
    reached = _told().where(
        Message.state == State.SENT,
        Message.why != SHOWN_ONLY,
        Message.sent_at <= at - timedelta(days=DAYS_TO_ANSWER),
        or_(Message.channel == Channel.CALL, Person.mail_refused_at.is_(None)),
    )
    return (
        select(Retention.id)
        .join(Person, Person.id == Retention.person_id)
        .where(
            Retention.state == RetentionState.ASKED,
            Retention.archive_on <= today,
            reached.exists(),
            ~_told().where(Message.state == State.QUEUED).exists(),
        )
    )


def settle(act: Act, retention_id: int, zone: str) -> None:
    """Make someone inactive who did not answer, unless they were active since they were asked, are on leave, or
    their program asks no more. Doing it twice is once."""
    today = clock.local_day(act.at, zone)
    row = _held(act, retention_id)
    if row is None or row.state != RetentionState.ASKED or row.archive_on > today:
        return
    still = activity.inactive(act.db, switched_on(act.db, RETENTION), act.at, zone)
    person = act.db.scalar(
        still.where(Person.id == row.person_id).execution_options(populate_existing=True)
    )
    if person is None:
        _decide(act, row, RetentionState.CLOSED)
        return
    _decide(act, row, RetentionState.ARCHIVED)
    left = PersonExit(
        person_id=person.id,
        left_on=today,
        reason=ExitReason.INACTIVE,
        may_return=MayReturn.YES,
        equipment=Equipment.NONE,
        recorded_at=act.at,
    )
    act.db.add(left)
    set_status(act, person, Status.ENDED)
    record(act, "person.left", left)


class AskedLine(NamedTuple):
    """Someone who was asked, as the list prints them."""

    id: int
    person_id: int
    name: str
    phone: str | None
    state: RetentionState
    asked_on: date
    archive_on: date
    decided_at: datetime | None
    to_call: bool


_asked = aliased(Person)


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a question is to someone whom a viewer manages, never to themselves."""
    mine = managed_people(viewer).where(Person.id == Retention.person_id).correlate(Retention)
    return and_(mine.exists(), Retention.person_id.is_distinct_from(viewer.person_id))


def visible_questions(viewer: Viewer) -> Select[Retention]:
    """The open questions to people whom a viewer manages."""
    return select(Retention).where(_seen(viewer), Retention.state == RetentionState.ASKED)


def wishes_to_leave(viewer: Viewer) -> Select[Retention]:
    """Those who said that they wish to leave, and are still active: for the checklist."""
    still = exists().where(_asked.id == Retention.person_id, _asked.status != Status.ENDED)
    return select(Retention).where(_seen(viewer), Retention.state == RetentionState.LEFT, still)


def list_asked(db: Session, found: Select[Retention]) -> list[AskedLine]:
    """The questions of a scope, the newest first."""
    query: Any = (
        found.join(Person, Person.id == Retention.person_id)
        .with_only_columns(
            Retention.id,
            Retention.person_id,
            Person.name,
            BEST_PHONE.label("phone"),
            Retention.state,
            Retention.asked_on,
            Retention.archive_on,
            Retention.decided_at,
            (~_told().where(Message.state == State.SENT).exists()).label("to_call"),
        )
        .order_by(Retention.asked_on.desc(), Retention.id.desc())
        .limit(200)
    )
    return read(db, AskedLine, query)


def past_questions(viewer: Viewer) -> Select[Retention]:
    """How it ended for people whom a viewer sees."""
    seen = visible_people(viewer).with_only_columns(Person.id)
    ended = (RetentionState.KEPT, RetentionState.CLOSED, RetentionState.ARCHIVED)
    return select(Retention).where(Retention.person_id.in_(seen), Retention.state.in_(ended))


def count_of(db: Session, found: Select[Person]) -> int:
    """How many people a scope has."""
    return db.scalar(found.with_only_columns(func.count()).order_by(None)) or 0
