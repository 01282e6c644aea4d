"""Shifts, as the search over everything finds them."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from portal import clock
from portal.people.search import MOST_WORDS
from portal.permissions import Permission
from portal.programs.models import Position, Program, Site
from portal.programs.scopes import in_viewers_programs
from portal.searching import MOST_HITS, Hit, Search
from portal.shifts.models import Shift, Slot
from portal.shifts.pattern_models import Pattern, PatternSlot
from portal.shifts.recurrence import rule_words
from portal.web.request import Request
from portal.words import CATALOGS, text

AHEAD = timedelta(days=60)
"""How far ahead shifts are looked for."""


def find_shifts(request: Request, query: str) -> Sequence[Hit]:
    """The next shifts of the viewer's programs whose title, role, program or location has every word."""
    columns = (Shift.title, Position.name, Program.name, Site.name)
    has_all = and_(
        *(
            or_(*(one.icontains(word, autoescape=True) for one in columns))
            for word in query.split()[:MOST_WORDS]
        )
    )
    rows = request.db.execute(
        select(
            Shift.id, Shift.title, Shift.starts_at, Shift.ends_at, Shift.zone,
            Position.name, Position.translations, Program.name.label("program"),
        )
        .join(Slot, Slot.shift_id == Shift.id)
        .join(Position, Position.id == Slot.position_id)
        .join(Program, Program.id == Shift.program_id)
        .outerjoin(Site, Site.id == Shift.site_id)
        .where(
            in_viewers_programs(Shift.program_id, request.viewer, Permission.SHIFTS_MANAGE),
            Shift.ends_at > request.at,
            Shift.starts_at < request.at + AHEAD,
            Shift.canceled_at.is_(None),
            Slot.maximum > 0,
            has_all,
        )
        .order_by(Shift.starts_at, Shift.id, Slot.id)
        .limit(2 * MOST_HITS)
    )  # fmt: skip
    found: dict[int, Hit] = {}
    for row in rows:
        say = partial(clock.span_text, row.starts_at, row.ends_at, row.zone)
        when = say(request.language, request.at.year)
        what = row.title or request.written(row.name, row.translations)
        found.setdefault(row.id, Hit(what, f"{when} · {row.program}", f"/shifts/{row.id}/roster"))
    return [*found.values()][:MOST_HITS]


def _named(query: str) -> ColumnElement[bool]:
    """The condition that every word is in a pattern's title, program or one of its roles."""
    roles = exists().where(
        PatternSlot.pattern_id == Pattern.id, Position.id == PatternSlot.position_id
    )
    return and_(
        *(
            or_(
                Pattern.title.icontains(word, autoescape=True),
                Program.name.icontains(word, autoescape=True),
                roles.where(Position.name.icontains(word, autoescape=True)),
            )
            for word in query.split()[:MOST_WORDS]
        )
    )


def find_patterns(request: Request, query: str) -> Sequence[Hit]:
    """The recurring shifts of the viewer's programs that are not over, to be changed."""
    role = (
        select(func.min(Position.name))
        .join(PatternSlot, PatternSlot.position_id == Position.id)
        .where(PatternSlot.pattern_id == Pattern.id)
        .correlate(Pattern)
        .scalar_subquery()
    )
    today = clock.local_day(request.at, request.settings.timezone)
    rows = request.db.execute(
        select(Pattern.id, Pattern.title, Pattern.rule, role.label("role"), Program.name)
        .join(Program, Program.id == Pattern.program_id)
        .where(
            in_viewers_programs(Pattern.program_id, request.viewer, Permission.SHIFTS_MANAGE),
            or_(Pattern.last_day.is_(None), Pattern.last_day >= today),
            _named(query),
        )
        .order_by(Pattern.title, Pattern.id)
        .limit(MOST_HITS)
    )
    say = CATALOGS[request.language].say
    return [
        Hit(
            row.title or row.role or "",
            f"{say(rule_words(row.rule))} · {row.name}",
            f"/patterns/{row.id}/edit#from_day",
        )
        for row in rows
    ]


PATTERNS_FOUND = Search(
    text("Change a recurring shift"), "repeat", 25, Permission.SHIFTS_MANAGE, find_patterns
)
SHIFTS_FOUND = Search(text("Shifts"), "calendar-week", 20, Permission.SHIFTS_MANAGE, find_shifts)
