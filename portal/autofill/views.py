"""Pages of proposals: asking for one, watching it, and asking the people in it."""

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal import clock
from portal.autofill import fills
from portal.autofill.forms import AcceptForm, FillForm
from portal.autofill.models import UNDER_WAY, Fill, FillLine
from portal.autofill.problem import packed
from portal.autofill.snapshot import MOST, cleared, snapshot, why_open
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs
from portal.shifts import gaps, helper_order
from portal.shifts.gaps import MOST_AHEAD, Gap, Which
from portal.shifts.helper_facts import HelperFacts, load
from portal.shifts.helper_queries import Helper
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview, Refused
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import Words, count_text, text

AHEAD = 14
SHOWN = 10


@dataclass(frozen=True)
class Proposed:
    """Someone who is proposed for a gap: whether they still fit it, and what speaks for them."""

    line: FillLine
    name: str
    phone: str | None
    fits: bool
    call_only: bool
    reasons: list[Words]


@dataclass(frozen=True)
class GapLine:
    """A gap with the people proposed for it. `left` more are needed; `why` says what became of the others who
    have the role."""

    gap: Gap
    people: list[Proposed]
    left: int
    why: list[Words]


def index(request: Request, form: FillForm | None = None) -> Screen:
    """Choose days and a program; and the proposals one asked for before."""
    mine = in_viewers_programs(Program.id, request.viewer, Permission.SHIFTS_MANAGE)
    programs = request.db.query(Program).where(mine, Program.closed_at.is_(None))
    last = today_of(request) + (AHEAD - 1) * clock.ONE_DAY
    given = {"until": request.asked_day("until") or last, "program": request.asked_id("program")}
    own = fills.own_fills(request.viewer).order_by(Fill.id.desc()).limit(SHOWN)
    return screen(
        "autofill/list.html",
        form=form_of(form, FillForm, given),
        refused=form,
        programs=[
            (row.id, request.written(row.name, row.translations))
            for row in programs.order_by(Program.name).limit(200)
        ],
        fills=request.db.scalars(own).all(),
        under_way=UNDER_WAY,
    )


def look(request: Request, form: FillForm) -> tuple[Which, str]:
    """Read who could take what, before anything is written. Raises Refused where no one could."""
    today, zone = today_of(request), request.settings.timezone
    last = form.until.data
    if not today <= last <= today + timedelta(days=MOST_AHEAD):
        raise Refused(fields={"until": text("Select a day from today to a year ahead.")})
    program_id = form.program.data
    mine = request.viewer.may_in(Permission.SHIFTS_MANAGE, program_id)
    with request.portal.database.reading() as db:
        known = program_id is None or db.get(Program, program_id) is not None
        if program_id and not (known and mine):
            raise Refused(fields={"program": text("Select a program.")})
    which = Which(request.at, last, zone, program_id)
    with request.portal.database.reading() as db:
        problem = snapshot(db, request.viewer, which, request.at)
    if not problem.helpers:
        raise Refused(text("No one who is free and cleared is left for these shifts."))
    return which, packed(problem)


def propose(request: Request, form: FillForm) -> See:
    """Ask for a proposal."""
    which, problem = request.prepared
    row = fills.propose(request.act, which, problem)
    return See(f"/fills/{row.id}", text("Looking for people. This takes up to half a minute."))


def show(request: Request, fill_id: int, form: AcceptForm | None = None) -> Screen:
    """How far a proposal is; then who could fill what, and why the rest stays open."""
    row = fills.own_fill(request.db, request.viewer, fill_id)
    preview = form.refusal if form and isinstance(form.refusal, Preview) else None
    form = form_of(form, AcceptForm)
    form.seen.data = preview.seen if preview else ""
    lines = [] if row.state in UNDER_WAY else _lines(request, row)
    return screen(
        "autofill/fill.html",
        fill=row,
        lines=lines,
        form=form,
        preview=_named(lines, preview) if preview else None,
        making=row.state in UNDER_WAY,
        checked=set(form.lines.data or ()),
    )


def _named(lines: Sequence[GapLine], preview: Preview) -> list[tuple[str, int]]:
    """Who would get an email, and about how many shifts."""
    names = {one.line.person_id: one.name for line in lines for one in line.people}
    found = Counter(who for wanted in preview.changes for who in wanted.people)
    return sorted((names[who], number) for who, number in found.items() if who in names)


def _lines(request: Request, row: Fill) -> list[GapLine]:
    db, zone = request.db, request.settings.timezone
    which = fills.which_of(row, request.at, zone)
    theirs: dict[int, list[FillLine]] = defaultdict(list)
    for line in fills.lines_of(db, row):
        theirs[line.slot_id].append(line)
    found = gaps.page(db, request.viewer, which, size=MOST).rows
    facts = load(db, request.viewer, found, request.at, zone)
    could = cleared(db, facts, found, request.at)
    busy = {line.person_id for some in theirs.values() for line in some}
    return [_line(facts, gap, theirs[gap.id], could[gap.id], busy) for gap in found if gap.needed]


def _line(
    facts: HelperFacts,
    gap: Gap,
    lines: Sequence[FillLine],
    could: Sequence[Helper],
    proposed: Set[int],
) -> GapLine:
    fits = {one.id: one for one in could}
    known = {one.id: one for one in facts.helpers.get(gap.position_id, ())}
    people = [
        Proposed(
            line,
            known[line.person_id].name,
            known[line.person_id].phone,
            line.person_id in fits,
            not known[line.person_id].mailable,
            list(helper_order.reasons(facts, gap, known[line.person_id])),
        )
        for line in lines
        if line.person_id in known
    ]
    still = sum(one.fits or one.line.asked for one in people)
    left = max(0, min(gap.needed, gap.left) - still)
    own = {one.line.person_id for one in people}
    elsewhere = sum(one.id in proposed and one.id not in own for one in could)
    free = len(could) - elsewhere - sum(one.id in own for one in could)
    return GapLine(gap, people, left, _why(why_open(facts, gap, len(could)), elsewhere, free))


def _why(found: Counter[str], elsewhere: int, free: int) -> list[Words]:
    """What became of the others with the role, and so what would close the gap."""
    busy, away = found["busy"], found["away"]
    unclear, asked = found["cleared"], found["asked"]
    said = (
        (free, count_text("%(n)s could take it", "%(n)s could take it", free)),
        (
            elsewhere,
            count_text(
                "%(n)s is proposed for another shift",
                "%(n)s are proposed for other shifts",
                elsewhere,
            ),
        ),
        (busy, count_text("%(n)s is busy or at a limit", "%(n)s are busy or at a limit", busy)),
        (away, count_text("%(n)s is away", "%(n)s are away", away)),
        (unclear, count_text("%(n)s isn't cleared", "%(n)s aren't cleared", unclear)),
        (asked, count_text("%(n)s was asked or said no", "%(n)s were asked or said no", asked)),
    )
    given = [words for number, words in said if number > 0]
    return given or [text("no one else has this role")]


def accept(request: Request, form: AcceptForm, fill_id: int) -> See:
    """Ask the people of a proposal."""
    row = fills.own_fill(request.db, request.viewer, fill_id)
    ids = form.lines.data or []
    if form.all.data:
        ids = [one.id for one in fills.lines_of(request.db, row)]
    zone = request.settings.timezone
    number = fills.accept(request.act, row, ids, zone, form.seen.data or "")
    said = count_text("We asked %(n)s person by email.", "We asked %(n)s people by email.", number)
    return See(f"/fills/{fill_id}", said)


def stop(request: Request, form: Any, fill_id: int) -> See:
    """Stop one that is being made."""
    fills.stop(request.act, fills.own_fill(request.db, request.viewer, fill_id))
    return See("/fills", text("The search was stopped."))
