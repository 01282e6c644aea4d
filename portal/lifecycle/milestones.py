"""Hours and years that people reach: found once a day in the programs that wish it, and celebrated by staff.

A milestone counts from the day on which a program turns it on: what was reached before is not listed.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.act import Act
from portal.agency.settings import Setting
from portal.audit.log import record
from portal.db import lock_row
from portal.hours.models import HoursEntry, HoursState
from portal.languages import LANGUAGES
from portal.lifecycle import letter_words, letters
from portal.lifecycle.milestone_models import Milestone, MilestoneKind, MilestoneState
from portal.lifecycle.models import LetterKind
from portal.lifecycle.switched import switched_on
from portal.messages.marks import held, is_new_day
from portal.messages.models import Mark
from portal.people.models import Person, Status
from portal.permissions import Permission, Viewer
from portal.programs.models import Placement, PlacementState, Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import read
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from portal.words import CATALOGS, Words, count_text, text

MILESTONES = Setting(
    "milestones",
    text("List people who reach a number of hours or years"),
    False,
    may=Permission.PEOPLE_MANAGE,
    per_program=True,
    path="/people/milestones",
)
HOURS = (10, 25, 50, 100, 250, 500, 1000, 2000, 5000)
YEARS = (1, 5, 10, 15, 20, 25, 30, 40)
MOST_BACK = timedelta(days=60)
"""How far back anniversaries are looked for after the worker was away."""
OVERLAP = timedelta(minutes=10)
"""What was approved just before the last look may have been committed after it; nothing is kept twice."""
MARK = "milestones"
SHOWN = 200


class Reached(NamedTuple):
    """A milestone that someone reached."""

    person_id: int
    program_id: int
    kind: MilestoneKind
    number: int
    on: date


def each_day(act: Act, zone: str) -> int:
    """Once on each local day: keep what was reached since the day before; gives how many. The first time only
    begins to count."""
    db = act.db
    mark = held(db, MARK)
    if mark is None:
        db.add(Mark(name=MARK, at=act.at))
        return 0
    if not is_new_day(db, MARK, zone, act.at):
        return 0
    since, mark.at = mark.at - OVERLAP, act.at
    programs = switched_on(db, MILESTONES)
    if not programs:
        return 0
    today = clock.local_day(act.at, zone)
    found = [
        *_hours(db, programs, since, today),
        *_years(db, programs, clock.local_day(since, zone), today),
    ]
    return sum(_keep(act, one) for one in found)


def _hours(db: Session, programs: Sequence[int], since: datetime, today: date) -> Iterator[Reached]:
    """Who passed a number of hours by what was approved since a moment: the highest number of each."""
    lately = select(HoursEntry.person_id).where(
        HoursEntry.program_id.in_(programs), HoursEntry.approved_at >= since
    )
    stood = and_(
        HoursEntry.state == HoursState.VOID,  # corrected since: what it said counted before
        HoursEntry.voided_at >= since,
    )
    counts = HoursEntry.state == HoursState.APPROVED
    before = case((HoursEntry.approved_at < since, HoursEntry.minutes), else_=0)
    rows = db.execute(
        select(
            HoursEntry.person_id,
            HoursEntry.program_id,
            func.sum(case((counts, HoursEntry.minutes), else_=0)).label("now"),
            func.sum(before).label("before"),
        )
        .join(Person, Person.id == HoursEntry.person_id)
        .where(
            or_(counts, stood),
            HoursEntry.program_id.in_(programs),
            Person.status != Status.ENDED,
            HoursEntry.person_id.in_(lately),
        )
        .group_by(HoursEntry.person_id, HoursEntry.program_id)
        .order_by(HoursEntry.person_id, HoursEntry.program_id)
    )
    for row in rows:
        passed = [one for one in HOURS if row.before < one * 60 <= row.now]
        if passed:
            yield Reached(row.person_id, row.program_id, MilestoneKind.HOURS, passed[-1], today)


def _years(db: Session, programs: Sequence[int], since: date, today: date) -> Iterator[Reached]:
    """Whose first role in a program began a round number of years ago, on a day since another."""
    days = [
        today - timedelta(days=back) for back in range(min((today - since).days, MOST_BACK.days))
    ]
    begun = {one: (years, day) for day in days for years in YEARS for one in _began(day, years)}
    first = func.min(Placement.starts_on)
    rows = db.execute(
        select(Placement.person_id, Placement.program_id, first.label("first"))
        .join(Person, Person.id == Placement.person_id)
        .where(
            Placement.program_id.in_(programs),
            Person.status != Status.ENDED,
            Placement.person_id.in_(
                select(Placement.person_id).where(
                    Placement.program_id.in_(programs), Placement.starts_on.in_(sorted(begun))
                )
            ),
        )
        .group_by(Placement.person_id, Placement.program_id)
        .having(first.in_(sorted(begun)))
        .having(func.max(case((Placement.state == PlacementState.ACTIVE, 1), else_=0)) == 1)
        .order_by(Placement.person_id, Placement.program_id)
    )
    for row in rows:
        years, day = begun[row.first]
        yield Reached(row.person_id, row.program_id, MilestoneKind.YEARS, years, day)


def _began(day: date, years: int) -> list[date]:
    """The days whose anniversary is on a day: on February 28 of most years also February 29."""
    begun = day - relativedelta(years=years)
    found = [begun]
    leap = begun + clock.ONE_DAY
    if (day.month, day.day, leap.month, leap.day) == (2, 28, 2, 29):
        next_day = day + clock.ONE_DAY
        found += [leap] if (next_day.month, next_day.day) != (2, 29) else []
    return found


def _keep(act: Act, one: Reached) -> bool:
    """Keep a milestone, unless it was kept before."""
    there = select(Milestone.id).where(
        Milestone.person_id == one.person_id,
        Milestone.program_id == one.program_id,
        Milestone.kind == one.kind,
        Milestone.number == one.number,
    )
    if act.db.scalar(there) is not None:
        return False
    row = Milestone(
        person_id=one.person_id,
        program_id=one.program_id,
        kind=one.kind,
        number=one.number,
        reached_on=one.on,
        state=MilestoneState.DUE,
    )
    act.db.add(row)
    act.db.flush()
    record(act, "milestone.reached", row)
    return True


_whose = aliased(Person)


def due(viewer: Viewer) -> Select[Milestone]:
    """The milestones to celebrate in the programs whose people a viewer manages, never their own."""
    here = exists().where(_whose.id == Milestone.person_id, _whose.status != Status.ENDED)
    return select(Milestone).where(
        in_viewers_programs(Milestone.program_id, viewer, Permission.PEOPLE_MANAGE),
        Milestone.state == MilestoneState.DUE,
        Milestone.person_id.is_distinct_from(viewer.person_id),
        here,
    )


def done(viewer: Viewer) -> Select[Milestone]:
    """Those that were celebrated or skipped."""
    return select(Milestone).where(
        in_viewers_programs(Milestone.program_id, viewer, Permission.PEOPLE_MANAGE),
        Milestone.state != MilestoneState.DUE,
    )


class MilestoneLine(NamedTuple):
    """A milestone as the list prints it."""

    id: int
    person_id: int
    name: str
    program: str
    translations: Mapping[str, Any] | None
    kind: MilestoneKind
    number: int
    reached_on: date
    state: MilestoneState
    letter_id: int | None


def lines(db: Session, found: Select[Milestone]) -> Sequence[MilestoneLine]:
    """The milestones of a scope, the latest first."""
    query: Any = (
        found.join(Person, Person.id == Milestone.person_id)
        .join(Program, Program.id == Milestone.program_id)
        .with_only_columns(
            Milestone.id,
            Milestone.person_id,
            Person.name,
            Program.name.label("program"),
            Program.translations,
            Milestone.kind,
            Milestone.number,
            Milestone.reached_on,
            Milestone.state,
            Milestone.letter_id,
        )
        .order_by(Milestone.reached_on.desc(), Milestone.id.desc())
        .limit(SHOWN)
    )
    return read(db, MilestoneLine, query)


def words_for(kind: MilestoneKind, number: int) -> Words:
    """A milestone in words: "100 hours", "5 years"."""
    if kind is MilestoneKind.HOURS:
        return count_text("%(n)s hour", "%(n)s hours", number)
    return count_text("%(n)s year", "%(n)s years", number)


def _decide(act: Act, row: Milestone, state: MilestoneState) -> None:
    may = act.by.may_in(Permission.PEOPLE_MANAGE, row.program_id)
    if not may or row.person_id == act.by.person_id:
        raise NotFound
    lock_row(act.db, row)
    if row.state != MilestoneState.DUE:
        raise Refused(text("Someone has done this already."))
    row.state, row.decided_by_id, row.decided_at = state, act.by.person_id, act.at
    record(act, f"milestone.{state}", row)


def celebrate(act: Act, row: Milestone, signer: str, settings: Settings) -> Milestone:
    """Write the person a certificate in their language; they are told that it waits in the portal."""
    _decide(act, row, MilestoneState.WRITTEN)
    person = act.db.get_one(Person, row.person_id)
    language = person.language if person.language in LANGUAGES else "en"
    values = {
        "program": letter_words.outside_name(row.program, settings, language),
        "agency": settings.agency_name,
        "milestone": CATALOGS[language].say(words_for(row.kind, row.number)),
    }
    span = letter_words.Span()
    known = letter_words.facts(act.db, [person.id], row.program, span, settings, language)
    body = letter_words.wording(act.db, LetterKind.MILESTONE, row.program_id, language)
    filled = letter_words.written(body, person.name, {**known.get(person.id, {}), **values})
    made = letters.write(
        act,
        LetterKind.MILESTONE,
        row.program_id,
        [letters.Written(person, filled, language)],
        signer,
        settings,
    )
    row.letter_id = made[0].id
    return row


def skip(act: Act, row: Milestone) -> None:
    """Take a milestone off the list without a certificate."""
    _decide(act, row, MilestoneState.SKIPPED)
