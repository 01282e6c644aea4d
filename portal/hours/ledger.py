"""Reading the hours ledger: what waits for a coordinator, one person's month, one entry's story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from portal.hours.models import HoursEntry, HoursQuestion, HoursState, Source
from portal.people.models import Person
from portal.people.search import matches
from portal.permissions import Permission, Viewer
from portal.programs.models import Position, Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.web.paging import Listing, PageOf

SIZE = 100
_asked_about = aliased(HoursEntry)


@dataclass(frozen=True)
class Which:
    """Which entries: of a program, a name, a person, up to a day."""

    program_id: int | None = None
    query: str = ""
    last: date | None = None
    person_id: int | None = None


def approvable(viewer: Viewer) -> Select[HoursEntry]:
    """The entries of a coordinator's programs. Drafts are no one's but their writer's."""
    return select(HoursEntry).where(
        in_viewers_programs(HoursEntry.program_id, viewer, Permission.HOURS_APPROVE),
        HoursEntry.state != HoursState.DRAFT,
    )


def answerable(viewer: Viewer) -> Select[HoursQuestion]:
    """The questions about those entries that others ask; one's own someone else answers."""
    # The entry is looked up from the question: joined by its program, SQLite would walk years of entries.
    theirs = exists().where(
        _asked_about.id == HoursQuestion.entry_id,
        in_viewers_programs(_asked_about.program_id, viewer, Permission.HOURS_APPROVE),
        _asked_about.person_id.is_distinct_from(viewer.person_id),
    )
    return (
        select(HoursQuestion)
        .join(HoursEntry, HoursEntry.id == HoursQuestion.entry_id)
        .where(theirs)
    )


def own(viewer: Viewer) -> Select[HoursEntry]:
    """A person's own entries."""
    return select(HoursEntry).where(HoursEntry.person_id == viewer.person_id)


def waiting(viewer: Viewer, which: Which) -> Select[HoursEntry]:
    """What can be approved now: submitted, and not one's own."""
    return _narrowed(
        approvable(viewer).where(
            HoursEntry.state == HoursState.SUBMITTED,
            HoursEntry.person_id.is_distinct_from(viewer.person_id),
        ),
        which,
    )


def _narrowed(found: Select[HoursEntry], which: Which) -> Select[HoursEntry]:
    if which.person_id:
        found = found.where(HoursEntry.person_id == which.person_id)
    if which.program_id:
        found = found.where(HoursEntry.program_id == which.program_id)
    if which.last:
        found = found.where(HoursEntry.day <= which.last)
    wanted = matches(which.query)
    if wanted is not None:
        found = found.where(HoursEntry.person_id.in_(select(Person.id).where(wanted)))
    return found


approver, recorder = aliased(Person), aliased(Person)
_other = aliased(HoursEntry)
CLASHES = exists().where(
    _other.person_id == HoursEntry.person_id,
    _other.id != HoursEntry.id,
    _other.state.in_((HoursState.SUBMITTED, HoursState.APPROVED, HoursState.DISPUTED)),
    _other.day == HoursEntry.day,
    _other.starts_at < HoursEntry.ends_at,
    _other.ends_at > HoursEntry.starts_at,
)
"""Another entry of the same person says the same time: a roster and an own report, for example."""

_LINE = (
    HoursEntry.id, HoursEntry.person_id, HoursEntry.day, HoursEntry.minutes, HoursEntry.travel_minutes,
    HoursEntry.note, HoursEntry.state, HoursEntry.source, HoursEntry.source_id, HoursEntry.starts_at,
    HoursEntry.ends_at, HoursEntry.asked, HoursEntry.corrects_id, HoursEntry.reason,
    Position.name.label("position"), Position.translations, Program.name.label("program"),
    Program.translations.label("program_translations"),
)  # fmt: skip


def lines(entries: Select[Any]) -> Select[Any]:
    return (
        entries.with_only_columns(*_LINE, Person.name)
        .join(Person, Person.id == HoursEntry.person_id)
        .join(Position, Position.id == HoursEntry.position_id)
        .join(Program, Program.id == HoursEntry.program_id)
    )


class EntryLine(NamedTuple):
    """An entry of the ledger as lists print it; in the queue, `clashes` when another says the same time."""

    id: int
    person_id: int
    day: date
    minutes: int
    travel_minutes: int
    note: str
    state: HoursState
    source: Source
    source_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    asked: str | None
    corrects_id: int | None
    reason: str
    position: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]
    name: str
    clashes: bool = False


QUEUE = Listing(EntryLine, (HoursEntry.day, HoursEntry.id), size=SIZE)


def queue(db: Session, viewer: Viewer, which: Which, after: str) -> PageOf[EntryLine]:
    """A page of what waits for approval, the oldest day first."""
    rows = lines(waiting(viewer, which)).add_columns(CLASHES.label("clashes"))
    return QUEUE.page(db, rows, after)


PAST = Listing(EntryLine, (HoursEntry.day, HoursEntry.id), newest_first=True, size=SIZE)


def past(db: Session, viewer: Viewer, which: Which, after: str) -> PageOf[EntryLine]:
    """A page of what stands, of whatever state, the newest day first."""
    rows = lines(_narrowed(approvable(viewer).where(HoursEntry.state != HoursState.VOID), which))
    return PAST.page(db, rows, after)


class WaitingSum(NamedTuple):
    """What waits, added up; `upto` is the newest entry's id."""

    clashing: int
    number: int
    minutes: int
    upto: int


def waiting_sum(db: Session, viewer: Viewer, which: Which) -> WaitingSum:
    """Of what waits: how many, how many minutes, how many say the same time as another, and the newest's
    id."""
    columns = (
        func.count().filter(CLASHES).label("clashing"),
        func.count().label("number"),
        func.coalesce(func.sum(HoursEntry.minutes), 0).label("minutes"),
        func.coalesce(func.max(HoursEntry.id), 0).label("upto"),
    )
    return read(db, WaitingSum, waiting(viewer, which).with_only_columns(*columns))[0]


def waiting_ids(db: Session, viewer: Viewer, which: Which, upto: int) -> Sequence[int]:
    """Entries safe to approve in bulk: submitted before the page loaded (`upto`), without overlaps."""
    found = waiting(viewer, which).where(HoursEntry.id <= upto, ~CLASHES)
    return db.scalars(found.with_only_columns(HoursEntry.id).order_by(HoursEntry.id)).all()


class QuestionLine(NamedTuple):
    """An entry about which someone asked something."""

    id: int
    person_id: int
    day: date
    minutes: int
    travel_minutes: int
    note: str
    state: HoursState
    source: Source
    source_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    asked: str | None
    corrects_id: int | None
    reason: str
    position: str
    translations: Mapping[str, Any]
    program: str
    program_translations: Mapping[str, Any]
    name: str
    question_id: int
    words: str
    asked_at: datetime


def questions(db: Session, viewer: Viewer) -> Sequence[QuestionLine]:
    """What people ask about their hours and no one answered yet, the oldest first."""
    open_ones = answerable(viewer).where(HoursQuestion.answered_at.is_(None))
    return read(
        db,
        QuestionLine,
        lines(open_ones)
        .add_columns(
            HoursQuestion.id.label("question_id"), HoursQuestion.words, HoursQuestion.asked_at
        )
        .order_by(HoursQuestion.asked_at, HoursQuestion.id)
        .limit(200),
    )
