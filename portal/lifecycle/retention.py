"""Asking whether people stay: switched on by a program, after a look at whom it touches; 50 a day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.models import AgencySetting
from portal.agency.settings import Setting
from portal.audit.log import record
from portal.lifecycle import activity
from portal.lifecycle.message_kinds import STAY
from portal.lifecycle.retention_models import Retention, RetentionState
from portal.messages.models import Mark, Message, State
from portal.people.models import Person, Status
from portal.people.notify import To, tell_all
from portal.people.people import BEST_PHONE, lock_people
from portal.permissions import COMMAND_LINE, Permission, Viewer
from portal.programs.authority import set_status
from portal.programs.models import Program
from portal.programs.person_models import Equipment, ExitReason, MayReturn, PersonExit
from portal.programs.placements import a_program_of
from portal.programs.scopes import visible_people
from portal.reads import read
from portal.web.errors import Refused
from portal.words import text

RETENTION = Setting(
    "retention",
    text("Ask people without activity for 11 months if they stay"),
    False,
    may=Permission.PEOPLE_MANAGE,
    per_program=True,
)
MOST_A_DAY = 50
DAYS_TO_ANSWER = 30


def switched_on(db: Session) -> list[int]:
    """The open programs that ask."""
    stored = select(AgencySetting.program_id).where(
        AgencySetting.name == RETENTION.name,
        AgencySetting.value == RETENTION.written(True),
        AgencySetting.program_id.is_not(None),
    )
    found = select(Program.id).where(Program.id.in_(stored), Program.closed_at.is_(None))
    return list(db.scalars(found.order_by(Program.id)))


def would_be_asked(db: Session, programs: Sequence[int], at: datetime, zone: str) -> Select[Person]:
    """Whom some programs would ask now, who were not asked already."""
    waits = exists().where(
        Retention.person_id == Person.id, Retention.state == RetentionState.ASKED
    )
    return activity.inactive(db, programs, at, zone).where(~waits)


def is_new_day(db: Session, zone: str, at: datetime) -> bool:
    """Whether the day's questions are still to be asked."""
    mark = db.get(Mark, "retention")
    return mark is None or clock.local_day(mark.at, zone) < clock.local_day(at, zone)


def each_day(act: Act, zone: str) -> int:
    """Once on each local day: ask up to 50 people whether they stay; gives how many. Whom no mail reaches is on
    the call list."""
    db, at = act.db, act.at
    mark = db.scalar(select(Mark).where(Mark.name == "retention").with_for_update())
    if mark is not None and not is_new_day(db, zone, at):
        return 0
    if mark is None:
        mark = Mark(name="retention", at=at)
        db.add(mark)
    mark.at = at
    if not (programs := switched_on(db)):
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


def answer(act: Act, retention_id: int, said: str) -> None:
    """They stay ("yes"), or leave ("no"), as they said by mail, in the portal or by phone. Staying begins
    their time anew. Leaving is for their coordinator, who has the checklist."""
    row = act.db.get(Retention, retention_id, with_for_update={"key_share": True})
    if row is None or row.state != RetentionState.ASKED:
        raise Refused(text("This question is no longer open."))
    if said == "yes":
        person = act.db.get_one(Person, row.person_id)
        person.counted_from = act.by.today or act.at.date()
        _decide(act, row, RetentionState.KEPT)
    else:
        row.archive_on = min(row.archive_on, act.at.date())
        _decide(act, row, RetentionState.LEFT)
        _archive(act, row)


def due(today: date) -> Select[int]:
    """The questions whose day has come, and that reached their reader by a mail that was sent or a call that
    was made. Whoever waits on the call list is not made inactive without a call."""
    told = select(Message.id).where(
        Message.kind == STAY.name,
        Message.subject_kind == "retention",
        Message.subject_id == Retention.id,
    )
    return select(Retention.id).where(
        Retention.state == RetentionState.ASKED,
        Retention.archive_on <= today,
        told.where(Message.state == State.SENT).exists(),
        ~told.where(Message.state == State.QUEUED).exists(),
    )


def settle(act: Act, retention_id: int, zone: str) -> None:
    """Make someone inactive who did not answer, unless they were active since they were asked, are on leave, or
    their program asks no more. Doing it twice is once."""
    row = act.db.get(Retention, retention_id, with_for_update={"key_share": True})
    today = clock.local_day(act.at, zone)
    if row is None or row.state != RetentionState.ASKED or row.archive_on > today:
        return
    lock_people(act.db, [row.person_id])
    still = activity.inactive(act.db, switched_on(act.db), act.at, zone)
    if act.db.scalar(still.where(Person.id == row.person_id)) is None:
        _decide(act, row, RetentionState.ACTIVE)
        return
    _decide(act, row, RetentionState.ARCHIVED)
    _archive(act, row)


def _archive(act: Act, row: Retention) -> None:
    """Make someone inactive, with how they left; they may return."""
    lock_people(act.db, [row.person_id])
    person = act.db.get_one(Person, row.person_id)
    act.db.refresh(person, ["status", "version"])
    if person.status == Status.ENDED:
        return
    office = act.but(by=COMMAND_LINE)
    left = PersonExit(
        person_id=person.id,
        left_on=clock.local_day(act.at, "UTC"),
        reason=ExitReason.INACTIVE,
        may_return=MayReturn.YES,
        equipment=Equipment.NONE,
        recorded_at=act.at,
    )
    act.db.add(left)
    set_status(office, person, Status.ENDED)
    record(office, "person.left", left)


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


def list_asked(db: Session, viewer: Viewer, *, open_ones: bool) -> list[AskedLine]:
    """Those a viewer sees who were asked and have not answered, or how it ended for the others this year."""
    seen = visible_people(viewer).with_only_columns(Person.id)
    to_call = exists().where(
        Message.kind == STAY.name,
        Message.subject_kind == "retention",
        Message.subject_id == Retention.id,
        Message.state == State.QUEUED,
    )
    waits = Retention.state == RetentionState.ASKED
    found: Any = (
        select(
            Retention.id,
            Retention.person_id,
            Person.name,
            BEST_PHONE.label("phone"),
            Retention.state,
            Retention.asked_on,
            Retention.archive_on,
            Retention.decided_at,
            to_call.label("to_call"),
        )
        .join(Person, Person.id == Retention.person_id)
        .where(Retention.person_id.in_(seen), waits if open_ones else ~waits)
        .order_by(Retention.asked_on.desc(), Retention.id.desc())
        .limit(200)
    )
    return read(db, AskedLine, found)


def visible_questions(viewer: Viewer) -> Select[Retention]:
    """The open questions to people whom a viewer sees."""
    seen = visible_people(viewer).with_only_columns(Person.id)
    return select(Retention).where(
        Retention.person_id.in_(seen),
        Retention.person_id.is_distinct_from(viewer.person_id),
        Retention.state == RetentionState.ASKED,
    )


def count_of(db: Session, found: Select[Person]) -> int:
    """How many people a scope has."""
    return db.scalar(found.with_only_columns(func.count()).order_by(None)) or 0
