"""Setting up a kiosk, its code, and who may check in there."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.kiosks.models import Kiosk
from portal.people.models import Person
from portal.people.people import short_name
from portal.people.search import folded
from portal.people.tokens import hashed, new_token
from portal.permissions import Permission, Viewer
from portal.programs.models import Program, Site, Visibility
from portal.programs.scopes import in_viewers_programs, one, usable_sites
from portal.reads import read
from portal.shifts import check_in
from portal.shifts.check_in import How
from portal.shifts.leads import is_led_now
from portal.shifts.models import LONGEST, Shift, Signup, SignupState
from portal.web.errors import NotFound, Refused
from portal.words import text

MINUTE = timedelta(minutes=1)
AHEAD = 60
"""How many days ahead a kiosk can be set up."""

NIGHT = timedelta(hours=6)
"""How long after midnight a kiosk goes on: shifts end late, and further west the day is not over."""

TRIES = 2
"""How often a code, or a name, may be wrong until the next code."""


def managed_kiosks(viewer: Viewer) -> Select[Kiosk]:
    """The kiosks that a viewer may end: for a program of theirs, or, for all, whoever schedules everywhere."""
    return select(Kiosk).where(
        in_viewers_programs(Kiosk.program_id, viewer, Permission.SHIFTS_MANAGE)
    )


class KioskLine(NamedTuple):
    """A kiosk in the list; without a `program` it is for all."""

    id: int
    day: date
    site: str
    program: str | None
    translations: Mapping[str, Any] | None


def coming_kiosks(db: Session, viewer: Viewer, today: date) -> Sequence[KioskLine]:
    """Those of today and later."""
    found = (
        managed_kiosks(viewer)
        .with_only_columns(
            Kiosk.id,
            Kiosk.day,
            Site.name.label("site"),
            Program.name.label("program"),
            Program.translations,
        )
        .join(Site, Site.id == Kiosk.site_id)
        .outerjoin(Program, Program.id == Kiosk.program_id)
        .where(Kiosk.day >= today, Kiosk.ended_at.is_(None))
        .order_by(Kiosk.day, Kiosk.id)
        .limit(200)
    )
    return read(db, KioskLine, found)


def add_kiosk(
    act: Act, site_id: int | None, program_id: int | None, day: date, today: date
) -> tuple[Kiosk, str]:
    """Set up a kiosk; gives it with the token of its link, which is kept nowhere. Raises Refused at a
    confidential location, for a sensitive program, and for a day that is over or far ahead."""
    site = act.db.scalar(usable_sites(act.by).where(Site.id == site_id))
    if site is None or site.closed_at:
        raise Refused(fields={"site": text("Select an open location.")})
    if site.confidential:
        raise Refused(fields={"site": text("At a confidential location there is no kiosk.")})
    if program_id is None and not act.by.everywhere(Permission.SHIFTS_MANAGE):
        raise Refused(fields={"program": text("Select a program.")})
    if program_id is not None:
        mine = in_viewers_programs(Program.id, act.by, Permission.SHIFTS_MANAGE)
        if one(act.db, select(Program).where(mine), Program.id == program_id).sensitive:
            raise Refused(fields={"program": text("A sensitive program has no kiosk.")})
    if not today <= day <= today + AHEAD * clock.ONE_DAY:
        raise Refused(fields={"day": text("Select a day from today to %(n)s days ahead.", n=AHEAD)})
    token, token_hash = new_token()
    row = Kiosk(
        site_id=site.id,
        program_id=program_id,
        day=day,
        token_hash=token_hash,
        since=act.at,
        by_id=act.by.person_id,
    )
    act.db.add(row)
    act.db.flush()
    record(act, "kiosk.added", row)
    return row, token


def end_kiosk(act: Act, row: Kiosk) -> None:
    """End a kiosk at once; its link shows nothing any more. A second press is harmless."""
    if row.ended_at is None:
        row.ended_at = act.at
        record(act, "kiosk.ended", row)


def kiosk_of(db: Session, token: str, at: datetime, zone: str) -> Kiosk:
    """The kiosk of a link on its day and the night after, or NotFound."""
    row = db.scalar(_active(at, zone).where(Kiosk.token_hash == hashed(token)))
    if row is None:
        raise NotFound
    return row


def _active(at: datetime, zone: str) -> Select[Kiosk]:
    """The kiosks of a day and the night after it, as long as their place and program may have one."""
    days = {clock.local_day(at, zone), clock.local_day(at - NIGHT, zone)}
    return (
        select(Kiosk)
        .join(Site, Site.id == Kiosk.site_id)
        .outerjoin(Program, Program.id == Kiosk.program_id)
        .where(
            Kiosk.day.in_(days),
            Kiosk.ended_at.is_(None),
            Site.confidential.is_(False),
            Site.closed_at.is_(None),
            or_(Kiosk.program_id.is_(None), Program.visibility == Visibility.PUBLIC),
        )
    )


def code_of(secret: str, row: Kiosk, at: datetime) -> str:
    """The six digits that a kiosk shows in the minute of a moment."""
    minute = int(at.timestamp()) // 60
    found = hmac.new(secret.encode(), f"kiosk:{row.id}:{minute}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(found[:8], 'big') % 10**6:06}"


def kiosk_with_code(db: Session, secret: str, code: str, at: datetime, zone: str) -> Kiosk | None:
    """The kiosk that shows a code now, or showed it a minute ago."""
    for row in db.scalars(_active(at, zone).order_by(Kiosk.id)):
        shown = (code_of(secret, row, at), code_of(secret, row, at - MINUTE))
        if any(hmac.compare_digest(one.encode(), code.encode()) for one in shown):
            return row
    return None


def _on_it(row: Kiosk, at: datetime) -> Select[Signup]:
    """Who is on a shift at a kiosk's location about now, the soonest first; never of a sensitive program."""
    own_program = [Shift.program_id == row.program_id] if row.program_id else []
    return (
        select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .join(Program, Program.id == Shift.program_id)
        .where(
            Shift.site_id == row.site_id,
            Shift.starts_at > at - LONGEST,
            Shift.starts_at < at + clock.ONE_DAY,
            Shift.canceled_at.is_(None),
            Program.visibility == Visibility.PUBLIC,
            *own_program,
            Signup.state == SignupState.SIGNED_UP,
        )
        .order_by(Shift.starts_at, Signup.id)
        .options(joinedload(Signup.shift), joinedload(Signup.person).selectinload(Person.phones))
    )


def own_signups(db: Session, row: Kiosk, person_id: int, at: datetime) -> list[Signup]:
    """Someone's signups for shifts of today at a kiosk's location."""
    found = db.scalars(_on_it(row, at).where(Signup.person_id == person_id))
    return [one for one in found if is_led_now(one.shift, at)]


def own_today(db: Session, person_id: int, at: datetime) -> list[Signup]:
    """Someone's signups for shifts of today, wherever they are."""
    found = db.scalars(
        select(Signup)
        .join(Shift, Shift.id == Signup.shift_id)
        .where(
            Signup.person_id == person_id,
            Signup.state == SignupState.SIGNED_UP,
            Shift.starts_at > at - LONGEST,
            Shift.starts_at < at + clock.ONE_DAY,
            Shift.canceled_at.is_(None),
        )
        .order_by(Shift.starts_at)
        .limit(5)
    )
    return [one for one in found if is_led_now(one.shift, at)]


def who_is(db: Session, row: Kiosk, name: str, digits: str, at: datetime) -> int | None:
    """Who of those on a shift there goes by a name, with a phone that ends in four digits; None if not one."""
    typed = folded(name).strip()
    if not typed:  # such as an accent alone
        return None
    people = {
        one.person_id: one.person
        for one in db.scalars(_on_it(row, at))
        if is_led_now(one.shift, at)
    }
    fits = [
        person.id
        for person in people.values()
        if _is_called(person, typed) and any(_ends(phone.number, digits) for phone in person.phones)
    ]
    return fits[0] if len(fits) == 1 else None


def _is_called(person: Person, typed: str) -> bool:
    """Whether a typed name is someone's first names, or all of it, or what they go by."""
    whole = folded(person.name)
    return whole == typed or whole.startswith(f"{typed} ") or typed == folded(person.goes_by)


def _ends(number: str, digits: str) -> bool:
    """Whether a phone number ends so; behind its first ten digits may stand an extension."""
    all_of = "".join(one for one in number if one.isdigit())
    return all_of.endswith(digits) or (len(all_of) > TEN and all_of[:TEN].endswith(digits))


TEN = 10
"""Digits of a phone number here."""


def check(act: Act, row: Kiosk, person_id: int, how: How, *, leaves: bool) -> str:
    """Check someone in, or out, at a kiosk; gives first name and initial. Raises Refused with the reason."""
    found = own_signups(act.db, row, person_id, act.at)
    inside = [one for one in found if one.in_at is not None and one.out_at is None]
    still = [one for one in inside if act.at < one.shift.ends_at]
    waiting = [one for one in found if one.in_at is None and act.at < one.shift.ends_at]
    if leaves and not inside:
        raise Refused(text("You aren't checked in here."))
    if not leaves and not (still or waiting):
        raise Refused(text("You have no shift here now. Ask the lead."))
    signup = (inside if leaves else still or waiting)[0]
    verb = check_in.check_out if leaves else check_in.check_in
    verb(act, signup.shift, signup.id, how)
    return short_name(signup.person.name, signup.person.goes_by)
