"""Publishing a draft: its proposals run as the verbs they stand for, all of them or none."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.images import watch
from portal.people.models import Person
from portal.programs.models import Program
from portal.programs.scopes import managed_programs, one, visible_people
from portal.shifts import shifts, signups
from portal.shifts.draft_lines import DraftLine, Told, lines_of, told_by
from portal.shifts.draft_models import Draft, DraftAct, Proposal
from portal.shifts.drafts import DRAFTS, acts_of, hold, remove, slots_of, values_of
from portal.shifts.models import Shift, Slot
from portal.shifts.viewer_scope import managed_shifts, managed_signup, managed_slot
from portal.shifts.weighing import weighed_together
from portal.web.errors import NotFound, Preview, Refused, refuse_for, unless_seen
from portal.words import Words, text

GONE = text("It isn't there anymore. Remove this from the draft.")


def publish(act: Act, draft: Draft, language: str, seen: str) -> int:
    """Do all that a draft proposes; gives how much that was. Raises Preview unless exactly its lines, and the
    people who are told, were `seen` in a language; Refused with a reason for each line that cannot be."""
    hold(act.db, draft.id)
    watch(act, DRAFTS, [draft.id])
    acts = acts_of(act.db, draft.id)
    if not acts:
        raise Refused(text("This draft proposes nothing yet."))
    lines = lines_of(act.db, act.by, acts, language, act.at.year)
    unless_seen([*map(_seen, lines), *told_by(act.db, act.by, acts)], seen)
    made: dict[int, Shift] = {}
    problems: list[Any] = []
    said = {line.id: line.words for line in lines}
    with weighed_together(act.db):
        for proposal in acts:
            try:
                _run(act, proposal, made)
            except NotFound:
                problems.append(_problem(said[proposal.id], GONE))
            except Refused as refusal:
                reasons = [*refusal.reasons, *refusal.fields.values()]
                problems += [_problem(said[proposal.id], reason) for reason in reasons or [GONE]]
        refuse_for(*problems)
    number = len(acts)
    remove(act.db, draft.id)
    record(act, "draft.published", draft)
    return number


def _seen(line: DraftLine) -> tuple[Any, ...]:
    return line.id, line.kind, line.words.source, sorted(line.words.values.items()), line.reason


def _problem(line: Words, reason: Any) -> Words:
    return text("%(line)s. %(why)s", line=line, why=getattr(reason, "words", reason))


def _run(act: Act, proposal: DraftAct, made: dict[int, Shift]) -> None:
    """One proposal as its verb, in the viewer's own scope."""
    db, by, values = act.db, act.by, values_of(proposal)
    asked = act.but(asked=values.get("asked") or None)
    match proposal.kind:
        case Proposal.REMOVE:
            signups.remove(asked, managed_signup(db, by, proposal.signup_id or 0), values["reason"])
        case Proposal.CANCEL:
            shifts.cancel(act, _shift(act, proposal), values["reason"])
        case Proposal.MOVE:
            shifts.move_shift(act, _shift(act, proposal), values["day"], values["starts"])
        case Proposal.SHIFT:
            program = one(db, managed_programs(by), Program.id == proposal.program_id)
            slots = slots_of(proposal)
            del values["slots"]
            made[proposal.id] = shifts.add_shift(act, program, values, slots)
        case Proposal.ADD:
            slot = _slot(act, proposal, made)
            person = one(db, visible_people(by), Person.id == proposal.person_id)
            signups.sign_up(
                asked,
                person.id,
                slot.shift_id,
                slot_id=slot.id,
                staff=True,
                beside=_added(db, proposal),
            )


def _added(db: Session, proposal: DraftAct) -> Sequence[int]:
    """Everyone whom the draft of an act adds: those kept together are added one after the other."""
    added = select(DraftAct.person_id).where(
        DraftAct.draft_id == proposal.draft_id, DraftAct.kind == Proposal.ADD
    )
    return [one for one in db.scalars(added) if one]


def _shift(act: Act, proposal: DraftAct) -> Shift:
    return one(act.db, managed_shifts(act.by), Shift.id == proposal.shift_id)


def _slot(act: Act, proposal: DraftAct, made: dict[int, Shift]) -> Slot:
    if not proposal.onto_id:
        return managed_slot(act.db, act.by, proposal.slot_id or 0)
    if proposal.onto_id not in made:
        raise NotFound
    theirs = (Slot.shift_id == made[proposal.onto_id].id) & (
        Slot.position_id == proposal.position_id
    )
    return one(act.db, select(Slot), theirs)


def mark_of(lines: Sequence[DraftLine], told: Sequence[Told]) -> str:
    """The mark of what a page of a draft shows, with which it is published."""
    return Preview([*map(_seen, lines), *told]).seen
