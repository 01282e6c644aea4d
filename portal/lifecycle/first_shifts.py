"""Asking new volunteers how their first shift was, in programs that turned it on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from portal.act import Act
from portal.agency.settings import Setting
from portal.audit.log import record
from portal.lifecycle.first_shift_models import Again, FirstShift
from portal.lifecycle.message_kinds import FIRST_SHIFT
from portal.lifecycle.switched import switched_on
from portal.messages.marks import held, is_new_day
from portal.messages.models import Mark
from portal.people.models import Person, Status
from portal.people.notify import To, tell_all
from portal.people.traits import Supervision
from portal.permissions import Permission, Viewer
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs, one
from portal.reads import AnySelect, read
from portal.shifts.models import CAME, Shift, Signup, Slot
from portal.web.errors import Refused
from portal.words import Words, text

ASKING = Setting(
    "first_shift_question",
    text("Ask new volunteers how their first shift was"),
    False,
    may=Permission.PEOPLE_MANAGE,
    per_program=True,
    path="/first-shifts",
)
MARK = "first_shifts"
MOST_A_DAY = 50
OVERLAP = timedelta(hours=1)
"""What was marked in the minutes around the daily look is looked at twice, so that none is missed."""
MARKED_WITHIN = timedelta(days=60)
"""Of shifts that are longer ago no one is asked, whenever it was marked that they came."""
SHOWN = 200
AGAIN_WORDS: Mapping[Again, Words] = {
    Again.YES: text("Yes, I'd come again"),
    Again.MAYBE: text("I'm not sure"),
    Again.NO: text("No"),
}


def each_day(act: Act, zone: str) -> int:
    """Once on each local day: ask up to 50 people whose first shift was marked since the day before; gives how
    many. The first time only begins to count."""
    db = act.db
    mark = held(db, MARK)
    if mark is None:
        db.add(Mark(name=MARK, at=act.at))
        return 0
    if not is_new_day(db, MARK, zone, act.at):
        return 0
    since, mark.at = mark.at - OVERLAP, act.at
    found = _first(switched_on(db, ASKING), since).limit(MOST_A_DAY)
    rows = [
        FirstShift(
            person_id=row.person_id,
            program_id=row.program_id,
            shift_id=row.shift_id,
            asked_at=act.at,
        )
        for row in db.execute(found)
    ]
    db.add_all(rows)
    db.flush()
    told = [To(row.person_id, row.id, row.program_id) for row in rows]
    tell_all(act, FIRST_SHIFT, "first_shift", told)
    return len(rows)


def _first(programs: Sequence[int], since: datetime) -> AnySelect:
    """Whose first shift in one of some programs was marked since a moment: they came, and never had before."""
    earlier, before = aliased(Signup), aliased(Shift)
    came_before = exists().where(
        earlier.person_id == Signup.person_id,
        earlier.attendance.in_(CAME),
        before.id == earlier.shift_id,
        before.program_id == Shift.program_id,
        or_(
            before.starts_at < Shift.starts_at,
            and_(before.starts_at == Shift.starts_at, before.id < Shift.id),
        ),
    )
    asked = exists().where(
        FirstShift.person_id == Signup.person_id, FirstShift.program_id == Shift.program_id
    )
    return (
        select(Signup.person_id, Shift.program_id, Shift.id.label("shift_id"))
        .join(Slot, Slot.id == Signup.slot_id)
        .join(Shift, Shift.id == Slot.shift_id)
        .join(Person, Person.id == Signup.person_id)
        .where(
            Shift.program_id.in_(programs),
            Shift.starts_at >= since - MARKED_WITHIN,
            Signup.attendance.in_(CAME),
            Signup.marked_at >= since,
            Person.status != Status.ENDED,
            ~came_before,
            ~asked,
        )
        .order_by(Signup.marked_at, Signup.id)
    )


def own_questions(viewer: Viewer) -> Select[FirstShift]:
    """The questions that someone did not answer yet."""
    return select(FirstShift).where(
        FirstShift.person_id == viewer.person_id, FirstShift.answered_at.is_(None)
    )


def answer(act: Act, first_shift_id: int, said: str, words: str = "") -> None:
    """They say whether they would come again. The first answer stays."""
    row = act.db.scalar(
        select(FirstShift)
        .where(FirstShift.id == first_shift_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if row is None or row.answered_at is not None:
        raise Refused(text("This question is no longer open."))
    row.again, row.words, row.answered_at = Again(said), words, act.at
    record(act, "first_shift.answered", row)


def answer_own(act: Act, first_shift_id: int, said: str, words: str) -> None:
    """The same for someone signed in: only their own. Raises NotFound for another's."""
    mine = select(FirstShift).where(FirstShift.person_id == act.by.person_id)
    one(act.db, mine, FirstShift.id == first_shift_id)
    answer(act, first_shift_id, said, words)


def visible_answers(viewer: Viewer, today: date) -> Select[FirstShift]:
    """What was answered, for those who manage the program's people and for the supervisor of whoever answered;
    never one's own."""
    supervises = exists().where(
        Supervision.person_id == FirstShift.person_id,
        Supervision.program_id == FirstShift.program_id,
        Supervision.supervisor_id == viewer.person_id,
        Supervision.first_day <= today,
        or_(Supervision.last_day.is_(None), Supervision.last_day >= today),
    )
    supervised = and_(
        in_viewers_programs(FirstShift.program_id, viewer, Permission.SUPERVISION_SEE), supervises
    )
    return select(FirstShift).where(
        FirstShift.answered_at.is_not(None),
        FirstShift.person_id.is_distinct_from(viewer.person_id),
        or_(
            in_viewers_programs(FirstShift.program_id, viewer, Permission.PEOPLE_MANAGE),
            supervised,
        ),
    )


def unseen(viewer: Viewer, today: date) -> Select[FirstShift]:
    """The answers that no one took note of yet."""
    return visible_answers(viewer, today).where(FirstShift.seen_at.is_(None))


def mark_seen(act: Act, row: FirstShift) -> None:
    """Take note of an answer."""
    if row.seen_at is None:
        row.seen_at = act.at
        record(act, "first_shift.seen", row)


class Line(NamedTuple):
    """An answer as the list prints it."""

    id: int
    person_id: int
    name: str
    program: str
    translations: Mapping[str, Any]
    again: Again
    words: str
    answered_at: datetime
    starts_at: datetime
    zone: str


def lines(db: Session, found: Select[FirstShift]) -> Sequence[Line]:
    """The newest of a scope; who would not come again stands first."""
    query: Any = (
        found.join(Person, Person.id == FirstShift.person_id)
        .join(Program, Program.id == FirstShift.program_id)
        .join(Shift, Shift.id == FirstShift.shift_id)
        .with_only_columns(
            FirstShift.id,
            FirstShift.person_id,
            Person.name,
            Program.name.label("program"),
            Program.translations,
            FirstShift.again,
            FirstShift.words,
            FirstShift.answered_at,
            Shift.starts_at,
            Shift.zone,
        )
        .order_by(FirstShift.again == Again.YES, FirstShift.answered_at.desc(), FirstShift.id)
    )
    return read(db, Line, query.limit(SHOWN))
