"""Shifts from a file: reading its lines without the database, then writing each by the verbs.

Which shift a line means is decided by its `key` if it has one, else by what it says; so the
same file twice changes nothing. Lines that agree in all but the role become one shift.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.imports.models import ImportedRow
from portal.imports.report import BadLine, Outcome, Report
from portal.programs import programs
from portal.programs.models import Position, Program, Site
from portal.shifts import shifts
from portal.shifts.import_rows import Reading, ShiftRow
from portal.shifts.models import Shift, Slot
from portal.shifts.shift_slots import SlotWish, wishes_of
from portal.words import At, Words, count_text, text


def write_row(
    reading: Reading, at: datetime, db: Session, row: ShiftRow, report: Report
) -> tuple[Outcome, Words | str]:
    """Make or change the shift of one line; see `report.run`."""
    program = db.scalar(select(Program).where(Program.name == row.program))
    if program is None:
        raise BadLine(text("There is no program “%(name)s”.", name=row.program))
    known = db.get(ImportedRow, row.key)
    if known and known.digest == row.digest:
        return Outcome.UNCHANGED, _said(row, reading)
    site = place_named(db, program, row.site, reading, at, report)
    position = _position(db, program, row.position, reading, at, report)
    shift = _shift_of(db, row, known)
    if shift is None:
        shift = shifts.add_shift(
            Act(db, reading.by, at),
            program,
            _columns(row, site, program, reading),
            [_wish(row, position)],
        )
        db.add(ImportedRow(key=row.group, digest="", result_id=shift.id))
    else:
        _change(db, shift, row, site, position, reading, at)
    if known:
        known.digest = row.digest
    else:
        slot = db.scalars(
            select(Slot.id).where(Slot.shift_id == shift.id, Slot.position_id == position.id)
        ).one()
        db.add(ImportedRow(key=row.key, digest=row.digest, result_id=slot))
    db.flush()
    return (Outcome.CHANGED if known else Outcome.MADE), _said(row, reading)


def _shift_of(db: Session, row: ShiftRow, known: ImportedRow | None) -> Shift | None:
    if known:
        return db.get_one(Slot, known.result_id).shift
    group = db.get(ImportedRow, row.group)
    return db.get_one(Shift, group.result_id) if group else None


def _change(
    db: Session,
    shift: Shift,
    row: ShiftRow,
    site: Site | None,
    position: Position,
    reading: Reading,
    at: datetime,
) -> None:
    wishes = [wish for wish in wishes_of(shift.slots) if wish.position_id != position.id]
    shifts.edit_shift(
        Act(db, reading.by, at),
        shift,
        _columns(row, site, shift.program, reading),
        [*wishes, _wish(row, position)],
        shift.version,
    )


def _columns(
    row: ShiftRow, site: Site | None, program: Program, reading: Reading
) -> dict[str, Any]:
    return {
        "title": row.title,
        "site_id": site.id if site else None,
        "note": row.note,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "zone": reading.zone,
        "opens_at": None,
        "closes_at": row.starts_at,
        "withdraw_until": row.starts_at - timedelta(hours=program.withdrawal_hours),
    }


def _wish(row: ShiftRow, position: Position) -> SlotWish:
    return SlotWish(position.id, row.minimum, row.maximum)


def place_named(
    db: Session, program: Program, name: str, reading: Reading, at: datetime, report: Report
) -> Site | None:
    """A place by its name, made if it is not there and may be."""
    if not name:
        return None
    act = Act(db, reading.by, at)
    return programs.site_named(act, program, name, report.made if reading.create else None)


def _position(
    db: Session, program: Program, name: str, reading: Reading, at: datetime, report: Report
) -> Position:
    return programs.position_named(db, program, name, at, report.made if reading.create else None)


def _said(row: ShiftRow, reading: Reading) -> Words:
    return count_text(
        "%(title)s, %(when)s, %(n)s spot",
        "%(title)s, %(when)s, %(n)s spots",
        row.maximum,
        title=row.title or row.position,
        when=At(row.starts_at.isoformat(), reading.zone),
    )
