"""Proposals: asking for one, stopping it, and asking the people in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.autofill.models import UNDER_WAY, Fill, FillLine, FillState
from portal.autofill.problem import Solution
from portal.autofill.snapshot import cleared
from portal.permissions import Viewer
from portal.programs.scopes import one
from portal.shifts import asks, gaps
from portal.shifts.asks import NO_ONE_LEFT, Wanted
from portal.shifts.gaps import Which
from portal.shifts.helper_facts import load
from portal.shifts.models import Slot
from portal.web.errors import Refused, unless_seen
from portal.words import text

KEPT = timedelta(days=14)
"""How long a proposal stays."""


def own_fills(viewer: Viewer) -> Select[Fill]:
    """The proposals that someone asked for."""
    return select(Fill).where(Fill.by_id == viewer.person_id)


def own_fill(db: Session, viewer: Viewer, fill_id: int) -> Fill:
    """One of them, or NotFound."""
    return one(db, own_fills(viewer), Fill.id == fill_id)


def propose(act: Act, which: Which, problem: str) -> Fill:
    """Ask for a proposal of a packed problem; the worker has it made. Raises Refused while another of one's own
    is being made."""
    assert act.by.person_id
    making = own_fills(act.by).where(Fill.state.in_(UNDER_WAY))
    if act.db.scalar(making.limit(1)) is not None:
        raise Refused(text("Your last proposal is still being made."))
    row = Fill(
        by_id=act.by.person_id,
        program_id=which.program_id,
        last_day=which.last,
        since=act.at,
        state=FillState.WAITING,
        problem=problem,
    )
    act.db.add(row)
    act.db.flush()
    record(act, "fill.asked_for", row)
    return row


def stop(act: Act, row: Fill) -> None:
    """Stop a proposal that is being made; the worker ends what solves it."""
    act.db.refresh(row, with_for_update=True)
    if row.state in UNDER_WAY:
        row.state, row.problem = FillState.STOPPED, ""
        record(act, "fill.stopped", row)


def keep_solution(db: Session, row: Fill, solution: Solution) -> None:
    """Write what was proposed."""
    row.state, row.problem = FillState.DONE, ""
    row.solver, row.gap = solution.solver, solution.gap
    ids = {slot_id for slot_id, _ in solution.pairs}
    there = set(db.scalars(select(Slot.id).where(Slot.id.in_(ids))))  # some are gone since
    pairs = [pair for pair in solution.pairs if pair[0] in there]
    row.progress = len(pairs)
    db.add_all(
        FillLine(fill_id=row.id, slot_id=slot_id, person_id=person_id)
        for slot_id, person_id in pairs
    )


def which_of(row: Fill, at: datetime, zone: str) -> Which:
    """The gaps of a proposal that are still ahead."""
    return Which(at, row.last_day, zone, row.program_id)


def lines_of(db: Session, row: Fill) -> Sequence[FillLine]:
    """The people of a proposal."""
    return db.scalars(
        select(FillLine).where(FillLine.fill_id == row.id).order_by(FillLine.id)
    ).all()


def wanted_of(
    db: Session, viewer: Viewer, row: Fill, lines: Sequence[FillLine], at: datetime, zone: str
) -> list[Wanted]:
    """Who of some lines would be asked about what: those who still fit a gap that is still open, whom an email
    reaches. What changed since the proposal is looked at anew."""
    slots = sorted({one.slot_id for one in lines if not one.asked})
    found = [gap for gap in gaps.some(db, viewer, which_of(row, at, zone), slots) if gap.open]
    facts = load(db, viewer, found, at, zone)
    could = cleared(db, facts, found, at)
    mailable = {gap_id: {who.id for who in some if who.mailable} for gap_id, some in could.items()}
    wanted = []
    for gap in found:
        people = [one.person_id for one in lines if one.slot_id == gap.id and not one.asked]
        still = tuple(who for who in dict.fromkeys(people) if who in mailable[gap.id])
        if still:
            wanted.append(Wanted(gap.id, gap.shift_id, gap.program_id, still))
    return wanted


def accept(act: Act, row: Fill, line_ids: Sequence[int], zone: str, seen: str) -> int:
    """Ask the people of some lines, each by one message; gives how many people. No one is signed up: whoever
    says yes is, under the ordinary rules. Raises Preview unless exactly they were `seen`."""
    lines = [one for one in lines_of(act.db, row) if one.id in set(line_ids)]
    if not lines:
        raise Refused(fields={"lines": text("Select at least one person.")})
    wanted = wanted_of(act.db, act.by, row, lines, act.at, zone)
    if not wanted:
        raise Refused(NO_ONE_LEFT)
    unless_seen(wanted, seen)
    asked = {(one.slot_id, who) for one in wanted for who in one.people}
    ids = [one.id for one in lines if (one.slot_id, one.person_id) in asked]
    act.db.execute(update(FillLine).where(FillLine.id.in_(ids)).values(asked=True))
    record(act, "fill.accepted", row, str(len(ids)))
    return asks.ask_all(act, wanted)


def over(at: datetime) -> Select[int]:
    """The proposals that are forgotten."""
    return select(Fill.id).where(Fill.since < at - KEPT).order_by(Fill.id)


def forget(act: Act, fill_id: int) -> None:
    """Forget a proposal; who was asked stays asked."""
    act.db.execute(delete(FillLine).where(FillLine.fill_id == fill_id))
    act.db.execute(delete(Fill).where(Fill.id == fill_id))


def ahead(at: datetime, zone: str, days: int) -> Which:
    """The gaps of the next days, today included."""
    return Which(at, clock.local_day(at, zone) + (days - 1) * clock.ONE_DAY, zone)
