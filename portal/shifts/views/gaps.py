"""The list of unfilled shifts: whom to call or ask about each, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from portal import clock
from portal.languages import LANGUAGES, name_in
from portal.people.forms import ASKED_WORDS
from portal.people.models import Person
from portal.people.saved_views import views_of
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.shifts import asks, gaps, suggestions
from portal.shifts.candidates import Candidate, people_named
from portal.shifts.gap_forms import AddForm, AskManyForm
from portal.shifts.gap_models import CallOutcome
from portal.shifts.gaps import CantCome, Gap, Which
from portal.shifts.shift_calls import managed_call
from portal.shifts.still_coming import Unconfirmed, who_did_not_answer
from portal.shifts.suggestions import Suggestions
from portal.shifts.viewer_scope import managed_slot
from portal.web.answers import Screen, screen
from portal.web.errors import Preview
from portal.web.forms import form_of
from portal.web.ids import as_id
from portal.web.request import Request, today_of
from portal.words import Words, text

MANAGE = Permission.SHIFTS_MANAGE
FRIDAY = 4
CALL_WORDS: Mapping[CallOutcome, Words] = {
    CallOutcome.LEFT_MESSAGE: text("Left message"),
    CallOutcome.NO_ANSWER: text("No answer"),
    CallOutcome.SAID_NO: text("Said no"),
}


@dataclass(frozen=True)
class Line:
    """A gap as the page shows it. `found` are the people whom a typed name fits, where it fits several."""

    gap: Gap
    people: Suggestions
    cant: Sequence[CantCome]
    unconfirmed: Sequence[Unconfirmed] = ()
    found: Sequence[Candidate] = ()


def list_gaps(
    request: Request,
    form: Any = None,
    slot_id: int | None = None,
    shift_call_id: int | None = None,
) -> Screen:
    """Unfilled shifts by day, each with the people to try next. `slot_id` is the line whose form was refused,
    `shift_call_id` the call."""
    if slot_id is not None:
        managed_slot(request.db, request.viewer, slot_id)
    if shift_call_id is not None:
        managed_call(request.db, request.viewer, shift_call_id)
    which = which_of(request)
    db, viewer = request.db, request.viewer
    page = gaps.page(db, viewer, which, request.asked("after"))
    lines = _lines(request, page.rows, which, slot_id, _found(request, form, slot_id))
    return screen(
        "shifts/gaps.html",
        saved=views_of(request.db, request.viewer, "gaps", request.url.query),
        page=page,
        lines=lines,
        days=[(day, list(group)) for day, group in groupby(lines, key=lambda line: line.gap.day)],
        count=gaps.number(db, viewer, which),
        form=form,
        slot_id=slot_id,
        in_line=any(gap.id == slot_id for gap in page.rows),
        **_choices(request, which),
        **_asking(request, form_of(form, AskManyForm), which),
    )


def _lines(
    request: Request,
    rows: Sequence[Gap],
    which: Which,
    slot_id: int | None,
    found: Sequence[Candidate],
) -> list[Line]:
    """Gaps with everything that stands on their lines; `found` belongs to the one of `slot_id`."""
    db = request.db
    people = suggestions.suggest(db, request.viewer, rows, request.at, which.zone)
    cant = gaps.who_cant(db, rows)
    silent = who_did_not_answer(db, [gap.id for gap in rows if gap.unconfirmed], request.at)
    return [
        Line(
            gap,
            people[gap.id],
            cant.get(gap.id, ()),
            silent.get(gap.id, ()),
            found if gap.id == slot_id else (),
        )
        for gap in rows
    ]


def _choices(request: Request, which: Which) -> dict[str, Any]:
    """How the list is narrowed, and the words of its lines."""
    today = today_of(request)
    return {
        "which": which,
        "today": today,
        "tomorrow": today + clock.ONE_DAY,
        "spans": _spans(today),
        "programs": _programs(request),
        "query": query_of(request),
        "asked": _asked_by(request),
        "asked_words": ASKED_WORDS,
        "call_words": CALL_WORDS,
        "languages": {code: name_in(code, request.language) for code in LANGUAGES},
    }


def which_of(request: Request) -> Which:
    """The gaps that the address asks for; nonsense asks for two weeks of all programs."""
    zone = request.settings.timezone
    last = gaps.last_day(request.asked_day("until"), request.at, zone)
    return Which(request.at, last, zone, request.asked_id("program"))


def query_of(request: Request) -> str:
    """How the list is narrowed, to be put behind its address: "?until=2026-12-11", or nothing."""
    kept = {name: request.asked(name) for name in ("until", "program", "asked", "after")}
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"?{query}" if query else ""


def _spans(today: date) -> list[tuple[date, Words]]:
    """Last days that one asks for often."""
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    return [
        (today, text("Today")),
        (friday, text("Through Friday")),
        (today + timedelta(days=gaps.AHEAD - 1), text("Two weeks")),
        (today + timedelta(days=27), text("Four weeks")),
    ]


def _programs(request: Request) -> list[tuple[int, str]]:
    """The viewer's programs, where there are several."""
    mine = in_viewers_programs(Program.id, request.viewer, MANAGE)
    rows = request.db.execute(
        select(Program.id, Program.name, Program.translations)
        .where(mine, Program.closed_at.is_(None))
        .order_by(Program.name)
    ).all()
    return [(row.id, request.written(row.name, row.translations)) for row in rows]


def _asked_by(request: Request) -> str:
    """How those who are added say yes: by phone, unless the page was told otherwise."""
    asked = request.asked("asked")
    return asked if asked in ASKED_WORDS else "phone"


def _found(request: Request, form: Any, slot_id: int | None) -> Sequence[Candidate]:
    """Whom a name that was typed into a line may mean."""
    if not isinstance(form, AddForm) or slot_id is None or not form.who.data:
        return ()
    slot = managed_slot(request.db, request.viewer, slot_id)
    return people_named(request.db, request.viewer, slot, form.who.data)[:MOST_NAMED]


MOST_NAMED = 8
"""People of a name from whom one is chosen on a line."""


@dataclass(frozen=True)
class AskedPerson:
    """Someone who would be asked, and about how many shifts."""

    name: str
    shifts: int


def _asking(request: Request, form: AskManyForm, which: Which) -> dict[str, Any]:
    """Who would be asked about the selected gaps, to be looked at before it is sent."""
    slots = form.chosen or [
        number
        for value in request.query_params.getlist("slots")[: gaps.AT_ONCE]
        if (number := as_id(value)) is not None
    ]
    if not slots:
        return {"selected": (), "wanted": None}
    wanted = asks.wanted_for(request.db, request.viewer, which, slots)
    about: dict[int, int] = {}
    for line in wanted:
        for person in line.people:
            about[person] = about.get(person, 0) + 1
    names = dict(
        request.db.execute(select(Person.id, Person.name).where(Person.id.in_(about))).all()
    )
    people = [AskedPerson(names[person], number) for person, number in about.items()]
    seen = Preview(wanted).seen if wanted else ""
    return {"selected": slots, "wanted": {"people": people, "seen": seen}}
