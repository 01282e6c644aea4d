"""Closing the agency, a location or a program for some time, and what becomes of all that falls into it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.closing import Closable, Decision, Do, Item, Span
from portal.closings.undoable import CLOSURES
from portal.images import never_undo, watch
from portal.people.people import lock_people
from portal.permissions import Permission, Viewer
from portal.programs.models import Closure, Program, Site
from portal.programs.scopes import managed_sites, usable_sites
from portal.web.errors import Refused, refuse_for, unless_seen
from portal.web.fields import is_link
from portal.words import Words, text

LONGEST_DAYS = 366
MANAGE = Permission.SHIFTS_MANAGE


@dataclass(frozen=True)
class Closing:
    """What someone wants to close: the agency, or one location, or some `programs` (None: whichever), there or
    everywhere; from a day and hour to a day and hour (None: the whole day), and why."""

    first_day: date
    last_day: date
    reason: str
    site_id: int | None = None
    programs: tuple[int, ...] | None = None
    starts: time | None = None
    ends: time | None = None

    def span(self, zone: str) -> Span:
        """The same as moments, in a zone."""
        begins = clock.from_local(self.first_day, self.starts or time(), zone)
        ends = clock.start_of_day(self.last_day + clock.ONE_DAY, zone)
        if self.ends is not None:
            ends = clock.from_local(self.last_day, self.ends, zone)
        programs = None if self.programs is None else frozenset(self.programs)
        return Span(begins, ends, self.site_id, programs)


def found(
    db: Session, viewer: Viewer, span: Span, closables: Sequence[Closable], at: datetime
) -> list[Item]:
    """Everything that falls into a span and that a viewer may settle, the soonest first. What goes along with
    something else is left out."""
    items = list(chain(*(one.found(db, viewer, span, at) for one in closables)))
    along = set(chain(*(item.takes for item in items)))
    return sorted(
        (item for item in items if item.key not in along),
        key=lambda item: (item.starts_at, item.key),
    )


def close(
    act: Act,
    closing: Closing,
    decisions: Mapping[tuple[str, int], Decision],
    otherwise: Decision,
    closables: Sequence[Closable],
    zone: str,
    gives: Mapping[type, Any],
    seen: str,
) -> Counter[Do]:
    """Close, and do with each item what was decided, or `otherwise`; gives how many became what.

    All of it happens, or nothing: what is in the way of any item refuses the whole closing, by name. Raises
    Preview unless exactly these items, and what happens to all of them, were `seen`.
    """
    span = closing.span(zone)
    _check(act.db, act.by, closing, span, act.at)
    items = found(act.db, act.by, span, closables, act.at)
    _lock(act.db, items, closables)
    items = found(act.db, act.by, span, closables, act.at)
    unless_seen([otherwise, *items], seen)
    wanted = {item: _decision(item, decisions, otherwise) for item in items}
    for program_id in closing.programs or (None,):
        _add(act, closing, program_id)
    _check_links(wanted)
    changed = {item: one for item, one in wanted.items() if one.do != Do.KEEP}
    by_letter = {one.letter: one for one in closables}
    with ExitStack() as together:
        for one in closables:
            together.enter_context(one.together(act.db))
        _settle(act, changed, closing.reason, by_letter, gives)
    if not all(by_letter[item.letter].undoable for item in changed):
        never_undo(act.db)  # half of it would be worse than nothing
    return Counter(one.do for one in wanted.values())


def _check_links(wanted: Mapping[Item, Decision]) -> None:
    """Refuse by name what is online without a link."""
    online = (item for item, one in wanted.items() if one.do == Do.ONLINE and not is_link(one.link))
    refuse_for(
        *(
            text("%(what)s: enter a link that begins with https://", what=item.title)
            for item in online
        )
    )


def _decision(
    item: Item, decisions: Mapping[tuple[str, int], Decision], otherwise: Decision
) -> Decision:
    """What was decided about an item; what it can't do keeps it."""
    wanted = decisions.get(item.key, otherwise)
    return wanted if wanted.do in item.can else Decision(Do.KEEP)


def _lock(db: Session, items: Sequence[Item], closables: Sequence[Closable]) -> None:
    """Hold everyone on any of the items, before the verbs hold what is theirs."""
    people: set[int] = set()
    for one in closables:
        people |= set(one.people(db, [item.id for item in items if item.letter == one.letter]))
    lock_people(db, sorted(people))


def _settle(
    act: Act,
    decided: Mapping[Item, Decision],
    reason: str,
    by_letter: Mapping[str, Closable],
    gives: Mapping[type, Any],
) -> None:
    """Do what was decided; the last first where things move on, so that none is in another's way."""
    wrong: list[Words] = []
    for item, decision in sorted(decided.items(), key=lambda one: _turn(*one)):
        try:
            by_letter[item.letter].settle(act, item.id, decision, reason, gives)
        except Refused as refused:
            when = partial(
                clock.span_text, item.starts_at, item.ends_at, item.zone, this_year=act.at.year
            )
            wrong += [
                text(
                    "%(what)s, %(when)s: %(why)s",
                    what=item.title,
                    when=when,
                    why=getattr(why, "words", why),
                )
                for why in (*refused.reasons, *refused.fields.values())
            ]
    if wrong:
        raise Refused(*wrong)


def _turn(item: Item, decision: Decision) -> timedelta:
    since = item.starts_at - clock.END_OF_TIME
    return -since if decision.do == Do.MOVE and decision.days > 0 else since


def _add(act: Act, closing: Closing, program_id: int | None) -> None:
    closure = Closure(
        site_id=closing.site_id,
        program_id=program_id,
        first_day=closing.first_day,
        last_day=closing.last_day,
        starts=closing.starts,
        ends=closing.ends,
        reason=closing.reason,
    )
    act.db.add(closure)
    act.db.flush()
    watch(act, CLOSURES, [closure.id], new=True)
    record(act, "closure.added", closure)


def lift(act: Act, closure: Closure) -> None:
    """Take a closure back. What was canceled stays so; patterns write new shifts again."""
    if closure.lifted_at is None:
        watch(act, CLOSURES, [closure.id])
        closure.lifted_at = act.at
        record(act, "closure.lifted", closure)


def _check(db: Session, by: Viewer, closing: Closing, span: Span, at: datetime) -> None:
    first, last = closing.first_day, closing.last_day
    if not first <= last <= first + timedelta(days=LONGEST_DAYS):
        raise Refused(
            fields={"last_day": text("Enter a last day on or after the first, within one year.")}
        )
    if span.ends_at <= at:
        raise Refused(fields={"first_day": text("This time is over.")})
    if span.ends_at <= span.starts_at:
        raise Refused(fields={"ends": text("Enter an end time later than the start.")})
    if not _may_close(db, by, closing.site_id, closing.programs):
        raise Refused(
            fields={"where": text("You can close your programs, and the locations they use.")}
        )


def _may_close(
    db: Session, by: Viewer, site_id: int | None, programs: Collection[int] | None
) -> bool:
    """The agency, and a place with everything in it, take whoever manages them; programs their coordinators."""
    if programs is not None:
        own = programs and all(by.may_in(MANAGE, program_id) for program_id in programs)
        there = site_id is None or db.scalar(usable_sites(by).where(Site.id == site_id))
        return bool(own and there)
    if site_id is None:
        return by.everywhere(Permission.SITES_MANAGE)
    return db.scalar(managed_sites(by).where(Site.id == site_id)) is not None


def open_closures(by: Viewer, today: date) -> Any:
    """The closures that are on or ahead: of the agency, of places one may use and of one's programs."""
    usable = usable_sites(by).with_only_columns(Site.id)
    programs = select(Program.id)
    if not by.everywhere(MANAGE):
        programs = programs.where(Program.id.in_(by.programs_with(MANAGE)))
    return (
        select(Closure)
        .where(
            Closure.last_day >= today,
            Closure.lifted_at.is_(None),
            or_(Closure.site_id.is_(None), Closure.site_id.in_(usable)),
            or_(Closure.program_id.is_(None), Closure.program_id.in_(programs)),
        )
        .order_by(Closure.first_day, Closure.id)
        .limit(500)
    )
