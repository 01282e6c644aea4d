"""Reading one's own hours: a month, what was asked about it, what it was before."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from portal.hours.ledger import EntryLine, lines, own, recorder
from portal.hours.models import WAITING, HoursEntry, HoursQuestion, HoursState
from portal.permissions import Viewer
from portal.programs.models import Placement, Position, Program
from portal.programs.placements import from_day
from portal.reads import read


def month_of(db: Session, viewer: Viewer, first: date, last: date) -> Sequence[EntryLine]:
    """A person's own entries from a day to another, without those that were taken back."""
    standing = own(viewer).where(
        HoursEntry.day >= first, HoursEntry.day <= last, HoursEntry.state != HoursState.VOID
    )
    return read(db, EntryLine, lines(standing).order_by(HoursEntry.day, HoursEntry.id).limit(500))


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
            recorder.name.label("changed_by"),
        )
        .join(changer, changer.corrects_id == HoursEntry.id)
        .outerjoin(recorder, recorder.id == changer.recorded_by_id)
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


class PlaceLine(NamedTuple):
    """A position someone can report hours for."""

    id: int
    name: str
    translations: Mapping[str, Any]
    program_id: int
    program: str
    program_translations: Mapping[str, Any]
    counts_travel: bool


def places_of(db: Session, person_id: int | None, since: date) -> Sequence[PlaceLine]:
    """The roles someone may report hours for: those they have, or had since a day."""
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
