"""Reading the hours ledger: what waits for a coordinator, one person's month, one entry's story."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, select, true
from sqlalchemy.orm import Session, aliased

from portal.hours.models import WAITING, HoursEntry, HoursQuestion, HoursState, Source
from portal.people.models import Person
from portal.people.search import matches
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, Position, Program
from portal.programs.placements import from_day
from portal.programs.scopes import held
from portal.reads import read
from portal.web.paging import Listing, PageOf

SIZE = 100
SHEET_ROWS = 100


@dataclass(frozen=True)
class Which:
    """Which entries: of a program, a name, a person, up to a day."""

    program_id: int | None = None
    query: str = ""
    last: date | None = None
    person_id: int | None = None


def approvable(viewer: Viewer) -> Select[HoursEntry]:
    """The entries of a coordinator's programs. Drafts are nobody's but their writer's."""
    return select(HoursEntry).where(
        held(HoursEntry.program_id, viewer, Permission.HOURS_APPROVE),
        HoursEntry.state != HoursState.DRAFT,
    )


def answerable(viewer: Viewer) -> Select[HoursQuestion]:
    """The questions about those entries that others ask; one's own somebody else answers."""
    return (
        select(HoursQuestion)
        .join(HoursEntry, HoursEntry.id == HoursQuestion.entry_id)
        .where(
            held(HoursEntry.program_id, viewer, Permission.HOURS_APPROVE),
            HoursEntry.person_id.is_distinct_from(viewer.person_id),
        )
    )


def own(viewer: Viewer) -> Select[HoursEntry]:
    """A person's own entries."""
    return select(HoursEntry).where(HoursEntry.person_id == viewer.person_id)


def waiting(viewer: Viewer, which: Which) -> Select[HoursEntry]:
    """What can be approved now: handed in, and not one's own."""
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


_approver, _recorder = aliased(Person), aliased(Person)
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


def _lines(entries: Select[Any]) -> Select[Any]:
    return (
        entries.with_only_columns(*_LINE, Person.name)
        .join(Person, Person.id == HoursEntry.person_id)
        .join(Position, Position.id == HoursEntry.position_id)
        .join(Program, Program.id == HoursEntry.program_id)
    )


class QueueLine(NamedTuple):
    """An entry that waits for approval; `clashes` when another says the same time."""

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
    clashes: bool


QUEUE = Listing(QueueLine, (HoursEntry.day, HoursEntry.id), size=SIZE)


def queue(db: Session, viewer: Viewer, which: Which, after: str) -> PageOf[QueueLine]:
    """A page of what waits for approval, the oldest day first."""
    rows = _lines(waiting(viewer, which)).add_columns(CLASHES.label("clashes"))
    return QUEUE.page(db, rows, after)


class EntryLine(NamedTuple):
    """An entry of the ledger as lists print it."""

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


PAST = Listing(EntryLine, (HoursEntry.day, HoursEntry.id), newest_first=True, size=SIZE)


def past(db: Session, viewer: Viewer, which: Which, after: str) -> PageOf[EntryLine]:
    """A page of what stands, of whatever state, the newest day first."""
    rows = _lines(_narrowed(approvable(viewer).where(HoursEntry.state != HoursState.VOID), which))
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
    """The ids of what waits, without what came in after it was looked at, and without what says the same
    time as another entry: that takes a look at each."""
    found = waiting(viewer, which).where(HoursEntry.id <= upto, ~CLASHES)
    return db.scalars(found.with_only_columns(HoursEntry.id).order_by(HoursEntry.id)).all()


class QuestionLine(NamedTuple):
    """An entry about which somebody asked something."""

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
    """What people ask about their hours and nobody answered yet, the oldest first."""
    open_ones = answerable(viewer).where(HoursQuestion.answered_at.is_(None))
    return read(
        db,
        QuestionLine,
        _lines(open_ones)
        .add_columns(
            HoursQuestion.id.label("question_id"), HoursQuestion.words, HoursQuestion.asked_at
        )
        .order_by(HoursQuestion.asked_at, HoursQuestion.id)
        .limit(200),
    )


def month_of(db: Session, viewer: Viewer, first: date, last: date) -> Sequence[EntryLine]:
    """A person's own entries from a day to another, without those that were taken back."""
    standing = own(viewer).where(
        HoursEntry.day >= first, HoursEntry.day <= last, HoursEntry.state != HoursState.VOID
    )
    return read(db, EntryLine, _lines(standing).order_by(HoursEntry.day, HoursEntry.id).limit(500))


def own_sum(db: Session, viewer: Viewer, first: date, last: date) -> tuple[int, int]:
    """A person's own minutes from a day to another: approved, and waiting."""
    approved = HoursEntry.state == HoursState.APPROVED
    row = db.execute(
        own(viewer)
        .where(HoursEntry.day >= first, HoursEntry.day <= last)
        .with_only_columns(
            func.coalesce(func.sum(HoursEntry.minutes).filter(approved), 0),
            func.coalesce(func.sum(HoursEntry.minutes).filter(HoursEntry.state.in_(WAITING)), 0),
        )
    ).one()
    return int(row[0]), int(row[1])


def questions_of(db: Session, entry_ids: Sequence[int]) -> dict[int, list[HoursQuestion]]:
    """What was asked and answered about entries, by entry."""
    found: dict[int, list[HoursQuestion]] = {}
    rows = db.scalars(
        select(HoursQuestion)
        .where(HoursQuestion.entry_id.in_(entry_ids))
        .order_by(HoursQuestion.id)
    )
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


class Corrected(NamedTuple):
    """An entry that was corrected, and by which."""

    id: int
    minutes: int
    reason: str
    by_entry: int
    changed_by: str | None


def before_of(db: Session, viewer: Viewer, first: date, last: date) -> dict[int, list[Corrected]]:
    """What a person's own entries were before they were corrected, by the entry that stands now, the
    oldest first: minutes, why, and who changed it."""
    changer = aliased(HoursEntry)
    rows = read(
        db,
        Corrected,
        select(
            HoursEntry.id,
            HoursEntry.minutes,
            HoursEntry.reason,
            changer.id.label("by_entry"),
            _recorder.name.label("changed_by"),
        )
        .join(changer, changer.corrects_id == HoursEntry.id)
        .outerjoin(_recorder, _recorder.id == changer.recorded_by_id)
        .where(
            HoursEntry.person_id == viewer.person_id,
            HoursEntry.day >= first,
            HoursEntry.day <= last,
        )
        .order_by(HoursEntry.id)
        .limit(1000),
    )
    following = {row.id: row.by_entry for row in rows}
    found: dict[int, list[Corrected]] = {}
    for row in rows:
        standing = row.id
        while standing in following:
            standing = following[standing]
        found.setdefault(standing, []).append(row)
    return found


class Told(NamedTuple):
    """One entry of a story: who recorded and who approved it, when."""

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
    recorded_at: datetime
    approved_at: datetime | None
    voided_at: datetime | None
    recorded_by: str | None
    approved_by: str | None


def story(db: Session, viewer: Viewer, entry: HoursEntry) -> list[Told]:
    """An entry with those it corrects and those that correct it, the oldest first: who recorded and who
    approved each, when. Those of programs that are not the viewer's, and drafts, are left out."""
    before = select(HoursEntry.id, HoursEntry.corrects_id).where(HoursEntry.id == entry.id)
    up = before.cte("up", recursive=True)
    up = up.union(
        select(HoursEntry.id, HoursEntry.corrects_id).join(up, HoursEntry.id == up.c.corrects_id)
    )
    down = select(up.c.id).cte("down", recursive=True)
    down = down.union(select(HoursEntry.id).join(down, HoursEntry.corrects_id == down.c.id))
    return list(
        read(
            db,
            Told,
            _lines(approvable(viewer))
            .add_columns(
                HoursEntry.recorded_at,
                HoursEntry.approved_at,
                HoursEntry.voided_at,
                _recorder.name.label("recorded_by"),
                _approver.name.label("approved_by"),
            )
            .outerjoin(_recorder, _recorder.id == HoursEntry.recorded_by_id)
            .outerjoin(_approver, _approver.id == HoursEntry.approved_by_id)
            .where(HoursEntry.id.in_(select(down.c.id)))
            .order_by(HoursEntry.id)
            .limit(200),
        )
    )


class PlaceLine(NamedTuple):
    """A position somebody can report hours for."""

    id: int
    name: str
    translations: Mapping[str, Any]
    program_id: int
    program: str
    program_translations: Mapping[str, Any]
    counts_travel: bool


def places_of(db: Session, person_id: int | None, since: date) -> Sequence[PlaceLine]:
    """The roles somebody may report hours for: those they have, or had since a day."""
    return read(
        db,
        PlaceLine,
        select(
            Position.id,
            Position.name,
            Position.translations,
            Position.program_id,
            Program.name.label("program"),
            Program.translations.label("program_translations"),
            Program.counts_travel,
        )
        .join(Placement, Placement.position_id == Position.id)
        .join(Program, Program.id == Position.program_id)
        .where(Placement.person_id == person_id, from_day(since))
        .distinct()
        .order_by(Program.name, Position.name),
    )


class SheetPerson(NamedTuple):
    """Somebody whose hours a sheet asks for."""

    id: int
    name: str


def people_with(
    db: Session, position_id: int, first: date, last: date, query: str = ""
) -> Sequence[SheetPerson]:
    """Who had a role at any time from a day to another, by name: the rows of a sheet."""
    wanted = matches(query)
    return read(
        db,
        SheetPerson,
        select(Person.id, Person.name)
        .join(Placement, Placement.person_id == Person.id)
        .where(
            Placement.position_id == position_id,
            from_day(first),
            Placement.starts_on <= last,
            true() if wanted is None else wanted,
        )
        .distinct()
        .order_by(Person.name, Person.id)
        .limit(SHEET_ROWS),
    )


def on_sheet(
    db: Session, position_id: int, people: Sequence[int], first: date, last: date
) -> dict[tuple[int, date], int]:
    """The minutes that stand already, by person and day, of whatever source."""
    rows = db.execute(
        select(HoursEntry.person_id, HoursEntry.day, func.sum(HoursEntry.minutes))
        .where(
            HoursEntry.position_id == position_id,
            HoursEntry.person_id.in_(people),
            HoursEntry.day >= first,
            HoursEntry.day <= last,
            HoursEntry.state.not_in((HoursState.VOID, HoursState.DRAFT)),
        )
        .group_by(HoursEntry.person_id, HoursEntry.day)
    )
    return {(row[0], row[1]): int(row[2]) for row in rows}
