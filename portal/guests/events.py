"""Opening a shift to everyone: only where no one can be met who must not be."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.act import Act
from portal.audit.log import record
from portal.db import lock_row
from portal.guests.models import Guest, GuestState, OpenEvent
from portal.permissions import Permission, Viewer
from portal.programs.models import Position, Program, Site, Visibility
from portal.programs.scopes import in_viewers_programs
from portal.requirements.check_models import RequirementText, TextKind
from portal.requirements.credentials import current_text
from portal.requirements.models import Kind, Requirement
from portal.shifts.models import Shift, Slot
from portal.web.errors import Refused
from portal.words import in_language, text

_where = aliased(Site)


def known_events(at: datetime) -> Select[OpenEvent]:
    """The open events that anyone may read of, also when they take no more guests: to come, not canceled, of a
    program that everyone may know of, and at no confidential location, also if that changed since."""
    return (
        select(OpenEvent)
        .join(Shift, Shift.id == OpenEvent.shift_id)
        .join(Program, Program.id == Shift.program_id)
        .where(
            OpenEvent.starts_at > at,
            Shift.canceled_at.is_(None),
            Shift.starts_at > at,
            Program.visibility == Visibility.PUBLIC,
            Program.closed_at.is_(None),
            ~exists().where(_where.id == Shift.site_id, _where.confidential),
        )
    )


def public_events(at: datetime) -> Select[OpenEvent]:
    """Those of them that take guests."""
    return known_events(at).where(OpenEvent.closed_at.is_(None))


def titles(db: Session, shift_ids: Sequence[int], language: str) -> dict[int, str]:
    """What some shifts are called: their title or, where no one wrote one, their roles in a language."""
    found: dict[int, str] = {}
    rows = db.execute(
        select(Shift.id, Shift.title, Position.name, Position.translations)
        .join(Slot, Slot.shift_id == Shift.id)
        .join(Position, Position.id == Slot.position_id)
        .where(Shift.id.in_(shift_ids))
        .order_by(Slot.id)
    )
    for row in rows:
        role = in_language(language, row.name, row.translations, "name")
        if row.title:
            found[row.id] = row.title
        else:
            found[row.id] = f"{found[row.id]}, {role}" if row.id in found else role
    return found


def title_of(db: Session, row: OpenEvent, language: str) -> str:
    """What the shift of an event is called."""
    return titles(db, [row.shift_id], language).get(row.shift_id, row.shift.title)


def managed_events(viewer: Viewer) -> Select[OpenEvent]:
    """The open events of the programs whose shifts a viewer manages."""
    return select(OpenEvent).where(
        in_viewers_programs(OpenEvent.program_id, viewer, Permission.SHIFTS_MANAGE)
    )


def event_of(db: Session, shift_id: int) -> OpenEvent | None:
    """The open event of a shift, if it ever was opened."""
    return db.scalar(
        select(OpenEvent)
        .options(joinedload(OpenEvent.shift), joinedload(OpenEvent.agreement))
        .where(OpenEvent.shift_id == shift_id)
    )


def agreements(program_id: int) -> Select[Requirement]:
    """The agreements of a program or the agency that have an approved text: what guests may agree to."""
    approved = exists().where(
        RequirementText.requirement_id == Requirement.id,
        RequirementText.kind == TextKind.AGREEMENT,
        RequirementText.approved_on.is_not(None),
    )
    return select(Requirement).where(
        Requirement.kind == Kind.AGREEMENT,
        Requirement.closed_at.is_(None),
        (Requirement.program_id.is_(None)) | (Requirement.program_id == program_id),
        approved,
    )


def open_event(
    act: Act, shift: Shift, agreement_id: int, places: int, *, no_clients: bool
) -> OpenEvent:
    """Open a shift to everyone, or again, with so many places. Raises Refused in a sensitive program, at a
    confidential location, with clients or children present, and once it began."""
    lock_row(act.db, shift)
    _check_place(act.db, shift)
    if shift.canceled_at is not None or shift.starts_at <= act.at:
        raise Refused(text("This shift was canceled or has begun."))
    if not no_clients:
        words = text("Check this box. Where clients or children are, people need a role first.")
        raise Refused(fields={"no_clients": words})
    found = agreements(shift.program_id).where(Requirement.id == agreement_id)
    if act.db.scalar(found) is None:
        raise Refused(fields={"agreement": text("Select one of these.")})
    row = event_of(act.db, shift.id)
    if row is None:
        row = OpenEvent(shift_id=shift.id, program_id=shift.program_id)
        act.db.add(row)
    row.agreement_id, row.places, row.closed_at = agreement_id, places, None
    row.starts_at = shift.starts_at
    row.opened_at, row.opened_by_id = act.at, act.by.person_id
    act.db.flush()
    record(act, "event.opened", row)
    return row


def _check_place(db: Session, shift: Shift) -> None:
    if shift.program.sensitive:
        raise Refused(text("A sensitive program has no open events."))
    site = db.get(Site, shift.site_id) if shift.site_id else None
    if site is not None and site.confidential:
        raise Refused(text("At a confidential location there are no open events."))


def close_event(act: Act, row: OpenEvent) -> None:
    """Take no more guests; whoever is coming still comes."""
    if row.closed_at is None:
        row.closed_at = act.at
        record(act, "event.closed", row)


def coming(db: Session, event_id: int) -> int:
    """How many guests are coming."""
    found = select(func.count()).where(Guest.event_id == event_id, Guest.state == GuestState.COMING)
    return db.scalar(found) or 0


def wording(db: Session, row: OpenEvent) -> RequirementText | None:
    """What guests agree to now."""
    return current_text(db, row.agreement_id, TextKind.AGREEMENT)
