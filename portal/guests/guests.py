"""Guests of open events: coming, not coming after all, being marked, and becoming people when they come
again."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.act import Act
from portal.audit.log import record
from portal.db import lock_row
from portal.guests import message_kinds
from portal.guests.events import coming
from portal.guests.models import Guest, GuestState, OpenEvent
from portal.messages.envelopes import token_hash, token_of
from portal.messages.kinds import Kind
from portal.messages.outside import Outsider, tell_outsider
from portal.people.models import Person, Status
from portal.people.people import add_unproved
from portal.permissions import Permission, Viewer
from portal.programs.scopes import in_viewers_programs
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from portal.web.fields import phone_digits
from portal.words import text


def guest_token(settings: Settings, link_id: str) -> str:
    """The token of a guest's own page."""
    return token_of(settings, f"guest {link_id}")


def guest_path(settings: Settings, link_id: str) -> str:
    """The address of that page, from the root."""
    return f"/guest/{guest_token(settings, link_id)}"


def by_token(db: Session, token: str, at: datetime) -> Guest:
    """The guest of a link, until the event is over. Raises NotFound otherwise."""
    found = db.scalar(
        select(Guest)
        .options(joinedload(Guest.event).joinedload(OpenEvent.shift))
        .where(Guest.link_hash == token_hash(token))
    )
    if found is None or not found.name or found.event.shift.ends_at <= at:
        raise NotFound
    return found


def make_anew(db: Session, settings: Settings) -> None:
    """Make every link for a new secret."""
    for row in db.scalars(select(Guest)):
        row.link_hash = token_hash(guest_token(settings, row.link_id))


def lock_event(db: Session, row: OpenEvent) -> None:
    """Lock an event until the transaction ends, and read it anew: two guests may want its last place."""
    lock_row(db, row)


def come(
    act: Act,
    event: OpenEvent,
    values: Mapping[str, Any],
    settings: Settings,
    *,
    text_id: int | None,
    how: str = "online",
    source: str = "",
) -> tuple[Guest, bool]:
    """Take a guest in, with the version of the agreement they agreed to; also gives whether they are new.
    Coming twice is coming once, and their link is mailed anew. Staff may take in one more than there are
    places, since they stand there."""
    lock_event(act.db, event)
    email, digits = (values.get("email") or "").lower(), phone_digits(values.get("phone") or "")
    for row in _same(act.db, email, digits, Guest.event_id == event.id):
        if not _named(row, values["name"]):
            continue  # two of one household
        if row.state != GuestState.COMING:
            _check_places(act, event, how)
            row.state, row.text_id, row.agreed_at, row.how = (
                GuestState.COMING, text_id, act.at, how,
            )  # fmt: skip
            record(act, "guest.came_back", row)
        if how == "online":
            tell(act, row, message_kinds.COMING)
        return row, False
    _check_places(act, event, how)
    row = _made(act, event, values, settings, digits)
    row.text_id, row.how, row.source = text_id, how, source
    act.db.add(row)
    act.db.flush()
    record(act, "guest.signed_up", row)
    if how == "online":
        tell(act, row, message_kinds.COMING)
    return row, True


def _named(row: Guest, name: str) -> bool:
    return row.name.casefold() == name.casefold()


def _made(
    act: Act, event: OpenEvent, values: Mapping[str, Any], settings: Settings, digits: str
) -> Guest:
    link_id = secrets.token_hex(16)
    return Guest(
        event_id=event.id,
        event=event,
        program_id=event.program_id,
        state=GuestState.COMING,
        name=values["name"],
        email=values.get("email") or "",
        phone=values.get("phone") or "",
        digits=digits[-10:],
        language=values["language"],
        agreed_at=act.at,
        told_start=event.shift.starts_at,
        link_id=link_id,
        link_hash=token_hash(guest_token(settings, link_id)),
    )


def _check_places(act: Act, event: OpenEvent, how: str) -> None:
    shift = event.shift
    if shift.canceled_at is not None or shift.ends_at <= act.at:
        raise Refused(text("This event takes no more guests."))
    if how != "online":
        return
    if event.closed_at is not None or shift.starts_at <= act.at:
        raise Refused(text("This event takes no more guests."))
    if coming(act.db, event.id) >= event.places:
        raise Refused(text("All places are taken."))


def _same(db: Session, email: str, digits: str, *more: ColumnElement[bool]) -> list[Guest]:
    """The guests with an address or a phone."""
    how = []
    if email:
        how.append(func.lower(Guest.email) == email)
    if len(digits) >= 7:
        how.append(Guest.digits == digits[-10:])
    if not how:
        return []
    return list(db.scalars(select(Guest).where(or_(*how), *more).order_by(Guest.id)))


def tell(act: Act, row: Guest, kind: Kind) -> None:
    """Tell a guest by mail; what matters is told by phone to those without."""
    whom = Outsider("", row.language, row.email, row.phone)
    tell_outsider(
        act, kind, ("guest", row.id), whom, program_id=row.program_id,
        starts_at=row.event.shift.starts_at,
    )  # fmt: skip


def cancel(act: Act, row: Guest) -> None:
    """A guest is not coming after all. Doing it twice is once."""
    lock_event(act.db, row.event)
    if row.state == GuestState.COMING and row.came is None:
        row.state = GuestState.CANCELED
        record(act, "guest.canceled", row)


def mark(act: Act, event: OpenEvent, came: Collection[int]) -> int:
    """Note who came, by id, of those who wanted to; gives how many. Whoever came before is asked about then:
    staff may give them a record."""
    lock_event(act.db, event)
    if event.shift.canceled_at is not None:
        raise Refused(text("This was canceled."))
    if event.shift.starts_at > act.at:
        raise Refused(text("This hasn't started yet."))
    rows = act.db.scalars(
        select(Guest).where(
            Guest.event_id == event.id, Guest.state == GuestState.COMING, Guest.name != ""
        )
    ).all()
    for row in rows:
        row.came, row.marked_at = row.id in came, act.at
    act.db.flush()
    known = _met_before(act.db, event)
    for row in (one for one in rows if one.came):
        before = [one for one in known[row.id] if _named(one, row.name)]
        row.again = any(one.came for one in before)
        row.person_id = next((one.person_id for one in before if one.person_id), row.person_id)
        row.passed_at = next((one.passed_at for one in before if one.passed_at), row.passed_at)
    record(act, "event.marked", event)
    return sum(bool(row.came) for row in rows)


def _met_before(db: Session, event: OpenEvent) -> dict[int, list[Guest]]:
    """For each guest who came to an event, by id: the other entries with their address or phone."""
    other = aliased(Guest)
    alike = or_(
        and_(Guest.email != "", func.lower(other.email) == func.lower(Guest.email)),
        and_(func.length(Guest.digits) >= 7, other.digits == Guest.digits),
    )
    pairs = (
        select(Guest.id, other)
        .join(other, and_(other.id != Guest.id, alike))
        .where(Guest.event_id == event.id, Guest.came.is_(True))
        .order_by(Guest.id, other.id)
    )
    found: dict[int, list[Guest]] = defaultdict(list)
    for guest_id, one in db.execute(pairs):
        found[guest_id].append(one)
    return found


def visible_guests(viewer: Viewer) -> Select[Guest]:
    """Guests who came again, in the programs whose people a viewer manages."""
    return select(Guest).where(
        Guest.again,
        Guest.name != "",
        in_viewers_programs(Guest.program_id, viewer, Permission.PEOPLE_MANAGE),
    )


def came_again(viewer: Viewer) -> Select[Guest]:
    """Those of them about whom no one decided yet."""
    return visible_guests(viewer).where(Guest.person_id.is_(None), Guest.passed_at.is_(None))


def times_came(db: Session, row: Guest) -> int:
    """How often someone of this name with this address or phone came."""
    same = _same(db, row.email.lower(), row.digits)
    return sum(bool(one.came) and _named(one, row.name) for one in same)


def become(act: Act, row: Guest, person: Person | None) -> Person:
    """Give a guest a record: the `person` they were recognized as, or a new one. A new one gets no address
    before they proved that they read it (SECURITY A10)."""
    act.db.flush()
    same = _same(act.db, row.email.lower(), row.digits)
    act.db.execute(  # in order, since another of them may be decided about at the same time
        select(Guest.id)
        .where(Guest.id.in_([one.id for one in same]))
        .order_by(Guest.id)
        .with_for_update(key_share=True)
    )
    act.db.refresh(row)
    if row.person_id is not None or row.passed_at is not None:
        raise Refused(text("Someone else already decided about this guest."))
    if person is None:
        person = add_unproved(act, row.name, row.phone, row.language, Status.PROSPECT)
    for one in same:
        if one.person_id is None and _named(one, row.name):
            one.person_id = person.id
    record(act, "guest.became_person", row)
    return person


def pass_by(act: Act, row: Guest) -> None:
    """Make no record of a guest who came again."""
    lock_row(act.db, row)
    if row.person_id is None and row.passed_at is None:
        row.passed_at = act.at
        record(act, "guest.passed", row)
