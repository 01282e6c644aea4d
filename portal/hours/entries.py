"""The hours ledger: proposing, reporting, approving, correcting.

An entry that was submitted is never rewritten. A correction is a new entry that points back, and the
old one becomes void; sums count approved entries only. No one approves their own (SECURITY Z8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.hours.models import HoursEntry, HoursState, Source
from portal.hours.undoable import ENTRIES
from portal.images import watch
from portal.people.people import lock_people
from portal.permissions import Viewer
from portal.programs.placements import has_role
from portal.web.errors import Refused
from portal.words import text

DAY_MINUTES = 24 * 60
AT_ONCE = 500
REPORT_SINCE = timedelta(days=366)
OWN = text("You can't approve your own hours. Ask another coordinator.")


@dataclass(frozen=True)
class Work:
    """What an entry says someone did: who, for what, on which local day, and how many minutes.

    `starts_at` and `ends_at` are known where clock times were given; then minutes are real elapsed
    time (SECURITY C5).
    """

    person_id: int
    program_id: int
    position_id: int
    day: date
    minutes: int
    travel_minutes: int = 0
    site_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    note: str = ""


def propose(act: Act, source: Source, work: Mapping[int, Work | None]) -> set[int]:
    """Put what came out of something into the ledger, by the id of its source row; it waits for approval.

    The same again changes nothing, something else corrects the entry, and None takes it back. Gives the
    source rows whose entry changed.
    """
    current = {
        entry.source_id: entry
        for entry in act.db.scalars(
            select(HoursEntry)
            .where(
                HoursEntry.source == source,
                HoursEntry.source_id.in_(work),
                HoursEntry.state != HoursState.VOID,
            )
            .with_for_update()
        )
    }
    stands = {source_id: work_of(entry) for source_id, entry in current.items() if source_id}
    changed = {source_id for source_id, done in work.items() if stands.get(source_id) != done}
    for source_id in changed & stands.keys():
        _void(act, current[source_id], "")
    act.db.flush()  # one entry counts for a source row, so the old ones go first
    made = [
        _entry(
            act.by,
            done,
            HoursState.SUBMITTED,
            act.at,
            source=source,
            source_id=source_id,
            corrects=current.get(source_id),
        )
        for source_id, done in work.items()
        if done and source_id in changed
    ]
    act.db.add_all(made)
    act.db.flush()
    for entry in made:
        _note_new(act, entry)
    return changed


def work_of(entry: HoursEntry) -> Work:
    """What an entry says was done."""
    return Work(
        entry.person_id,
        entry.program_id,
        entry.position_id,
        entry.day,
        entry.minutes,
        entry.travel_minutes,
        entry.site_id,
        entry.starts_at,
        entry.ends_at,
        entry.note,
    )


def change(
    act: Act, entry: HoursEntry, work: Work, *, zone: str, draft: bool = False
) -> HoursEntry:
    """Change hours one reported oneself, until they are approved. A draft is written over; what was
    submitted is replaced by a new entry."""
    lock_people(act.db, [entry.person_id])
    _still_own(act.db, entry)
    check(act.db, work, entry.id, act.at, zone)
    if entry.state == HoursState.DRAFT:
        for name in Work.__dataclass_fields__:
            setattr(entry, name, getattr(work, name))
        entry.state, entry.recorded_at = HoursState.DRAFT if draft else HoursState.SUBMITTED, act.at
        note(act, entry, "edited")
        return entry
    if not draft and work == work_of(entry):
        return entry
    _void(act, entry, "")
    state = HoursState.DRAFT if draft else HoursState.SUBMITTED
    return add_entry(act, work, state, source=Source.OWN, corrects=entry)


def correct(act: Act, entry: HoursEntry, minutes: int, reason: str) -> HoursEntry:
    """Replace an entry by one with other minutes, for a coordinator; it is approved with that."""
    not_own(act.by, entry)
    act.db.refresh(entry, with_for_update=True)
    if entry.state in (HoursState.VOID, HoursState.DRAFT):
        raise Refused(
            text("Someone else changed this time entry since you opened this page. Check it again.")
        )
    watch(act, ENTRIES, [entry.id])
    old = work_of(entry)
    _void(act, entry, reason)
    act.db.flush()
    new = Work(
        old.person_id,
        old.program_id,
        old.position_id,
        old.day,
        minutes,
        min(old.travel_minutes, minutes),
        old.site_id,
        old.starts_at,
        old.ends_at,
        old.note,
    )
    made = add_entry(
        act,
        new,
        HoursState.APPROVED,
        source=Source(entry.source),
        source_id=entry.source_id,
        corrects=entry,
    )
    made.approved_by_id, made.approved_at = act.by.person_id, act.at
    watch(act, ENTRIES, [made.id], new=True)
    return made


def take_own_back(act: Act, entry: HoursEntry) -> None:
    """Take one's own report back, until it is approved. A draft was no one else's, and is forgotten."""
    _still_own(act.db, entry)
    if entry.state == HoursState.DRAFT:
        note(act, entry, "voided")
        act.db.delete(entry)
    else:
        _void(act, entry, "")


def take_back(act: Act, entry: HoursEntry, reason: str) -> None:
    """Take an entry out of the sums, for a coordinator with a reason. It stays to be read."""
    act.db.refresh(entry, with_for_update=True)
    if entry.state == HoursState.VOID:
        return
    watch(act, ENTRIES, [entry.id])
    _void(act, entry, reason)


def _still_own(db: Session, entry: HoursEntry) -> None:
    """Refuse a change by its person once an entry is approved, looked at under its lock."""
    db.refresh(entry, with_for_update=True)
    if entry.source != Source.OWN or entry.state not in (HoursState.DRAFT, HoursState.SUBMITTED):
        raise Refused(
            text("This time entry can't be changed here anymore. Report a mistake instead.")
        )


def not_own(by: Viewer, entry: HoursEntry) -> None:
    """Raise Refused when someone decides on their own hours (SECURITY Z8)."""
    if entry.person_id == by.person_id:
        raise Refused(OWN)


def check(db: Session, work: Work, own_id: int | None, at: datetime, zone: str) -> None:
    """What a report may not say, beside the fields it is about."""
    if not 0 < work.minutes <= DAY_MINUTES:
        raise Refused(fields={"minutes": text("Enter how long it took, up to 24 hours.")})
    if (work.ends_at and work.ends_at > at) or work.day > clock.local_day(at, zone):
        raise Refused(fields={"day": text("Enter a time in the past.")})
    if work.day < clock.local_day(at, zone) - REPORT_SINCE:
        raise Refused(fields={"day": text("Enter a time within the past year, or call us.")})
    if not has_role(db, work.person_id, work.position_id, work.day):
        raise Refused(
            fields={
                "day": text("You didn't have this role on that day. Select another role or date.")
            }
        )
    _check_others(db, work, own_id)


def _check_others(db: Session, work: Work, own_id: int | None) -> None:
    """Refuse what the person's other entries say already, or more hours than a day has."""
    others = select(HoursEntry).where(
        HoursEntry.person_id == work.person_id,
        HoursEntry.state != HoursState.VOID,
        HoursEntry.id != (own_id or 0),
    )
    if work.starts_at and work.ends_at:
        overlapping = db.scalar(
            others.where(
                HoursEntry.starts_at < work.ends_at, HoursEntry.ends_at > work.starts_at
            ).limit(1)
        )
        if overlapping:
            raise Refused(fields={"starts": text("There's already a time entry at that time.")})
    elif db.scalar(
        others.where(
            HoursEntry.day == work.day,
            HoursEntry.position_id == work.position_id,
            HoursEntry.minutes == work.minutes,
            HoursEntry.note == work.note,
        ).limit(1)
    ):
        raise Refused(fields={"minutes": text("The same time entry already exists for that day.")})
    same_day = others.where(HoursEntry.day == work.day).with_only_columns(
        func.coalesce(func.sum(HoursEntry.minutes), 0)
    )
    if (db.scalar(same_day) or 0) + work.minutes > DAY_MINUTES:
        raise Refused(fields={"minutes": text("That makes more than 24 hours in one day.")})


def add_entry(act: Act, work: Work, state: HoursState, **more: Any) -> HoursEntry:
    """Add an entry to the ledger."""
    entry = _entry(act.by, work, state, act.at, **more)
    act.db.add(entry)
    act.db.flush()
    _note_new(act, entry)
    return entry


def _entry(
    by: Viewer,
    work: Work,
    state: HoursState,
    at: datetime,
    *,
    source: Source,
    source_id: int | None = None,
    asked: str | None = None,
    corrects: HoursEntry | None = None,
) -> HoursEntry:
    return HoursEntry(
        **{name: getattr(work, name) for name in Work.__dataclass_fields__},
        source=source,
        source_id=source_id,
        state=state,
        asked=asked or None,
        recorded_by_id=by.person_id,
        recorded_at=at,
        corrects_id=corrects.id if corrects else None,
    )


def _note_new(act: Act, entry: HoursEntry) -> None:
    note(act.but(asked=entry.asked), entry, "corrected" if entry.corrects_id else "recorded")


def _void(act: Act, entry: HoursEntry, reason: str) -> None:
    entry.state, entry.voided_at, entry.reason = HoursState.VOID, act.at, reason
    note(act, entry, "voided")


def note(act: Act, entry: HoursEntry, done: str) -> None:
    """Note in the audit what was done to an entry."""
    record(act, f"hours.{done}", entry)
