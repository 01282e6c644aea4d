"""What a draft would change, in words, and whom it would be told to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.people.models import Person
from portal.people.people import MAILABLE
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.shifts.draft_models import DraftAct, Proposal
from portal.shifts.drafts import slots_of, values_of
from portal.shifts.models import Shift, Signup, SignupState
from portal.shifts.shifts import moved_to
from portal.shifts.viewer_scope import managed_shifts
from portal.words import Words, in_language, text


@dataclass(frozen=True)
class DraftLine:
    """A proposal in words. Of a new shift, `roles` are those that people can be proposed for."""

    id: int
    kind: Proposal
    words: Words
    reason: str = ""
    roles: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """Someone whom publishing tells, and whether by a call, since no email reaches them."""

    id: int
    name: str
    call: bool


def lines_of(
    db: Session, viewer: Viewer, acts: Sequence[DraftAct], language: str, this_year: int
) -> list[DraftLine]:
    """What a draft proposes, line by line. Of what is gone, or is the viewer's no more, nothing is said."""
    facts = _Facts(db, viewer, acts, language, this_year)
    return [facts.line(one) for one in acts]


def told_by(db: Session, viewer: Viewer, acts: Sequence[DraftAct]) -> list[Told]:
    """Who would be told, by name: those added or removed, and who is on a shift that moves or is canceled."""
    acts = [one for one in acts if viewer.may_in(Permission.SHIFTS_MANAGE, one.program_id)]
    people = {one.person_id for one in acts if one.person_id}
    shifts = [one.shift_id for one in acts if one.kind in (Proposal.CANCEL, Proposal.MOVE)]
    on_them = select(Signup.person_id).where(
        Signup.shift_id.in_(shifts), Signup.state == SignupState.SIGNED_UP
    )
    people |= set(db.scalars(on_them))
    found = db.execute(
        select(Person.id, Person.name, MAILABLE.label("mailable"))
        .where(Person.id.in_(people - {viewer.person_id}))
        .order_by(Person.name, Person.id)
    )
    return [Told(row.id, row.name, not row.mailable) for row in found]


class _Facts:
    """The names and times that the lines of a draft speak of: read at once."""

    def __init__(
        self,
        db: Session,
        viewer: Viewer,
        acts: Sequence[DraftAct],
        language: str,
        this_year: int,
    ) -> None:
        self.language, self.this_year = language, this_year
        self.acts = {
            one.id: one for one in acts if viewer.may_in(Permission.SHIFTS_MANAGE, one.program_id)
        }
        acts = [*self.acts.values()]
        ids = {one.shift_id for one in acts if one.shift_id}
        mine = managed_shifts(viewer).where(Shift.id.in_(ids))
        self.shifts = {row.id: row for row in db.scalars(mine)}
        people = {one.person_id for one in acts if one.person_id}
        self.names = {
            row.id: row.name
            for row in db.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
        }
        wanted = {
            wish.position_id for one in acts if one.kind == Proposal.SHIFT for wish in slots_of(one)
        }
        rows = db.execute(
            select(Position.id, Position.name, Position.translations).where(Position.id.in_(wanted))
        )
        self.roles = {
            row.id: in_language(language, row.name, row.translations, "name") for row in rows
        }

    def line(self, one: DraftAct) -> DraftLine:
        """A proposal in words."""
        values = values_of(one)
        if self._is_gone(one):
            return DraftLine(one.id, one.kind, GONE)
        if one.kind == Proposal.SHIFT:
            return DraftLine(one.id, one.kind, self._new(one, values), roles=self._roles(one))
        shift = self.shifts.get(one.shift_id or 0)
        if shift is None:
            onto = self.acts[one.onto_id or 0]
            what, when = self.roles.get(one.position_id or 0, ""), self._span(values_of(onto))
        else:
            what, when = (
                self._heading(shift),
                self._when(shift.starts_at, shift.ends_at, shift.zone),
            )
        said: dict[str, Any] = {"what": what, "when": when}
        if one.person_id:
            said["name"] = self.names[one.person_id]
        if one.kind == Proposal.MOVE and shift:
            starts_at, ends_at = moved_to(shift, values["day"], values["starts"])
            said["to"] = self._when(starts_at, ends_at, shift.zone)
        return DraftLine(one.id, one.kind, text(WORDS[one.kind], **said), values.get("reason", ""))

    def _is_gone(self, one: DraftAct) -> bool:
        if one.id not in self.acts:
            return True
        if one.kind == Proposal.SHIFT:
            return not any(name for _, name in self._roles(one))
        return one.shift_id not in self.shifts and one.onto_id not in self.acts

    def _heading(self, shift: Shift) -> str:
        roles = (
            in_language(self.language, slot.position.name, slot.position.translations, "name")
            for slot in shift.wanted_slots
        )
        return shift.title or ", ".join(roles)

    def _new(self, one: DraftAct, values: dict[str, Any]) -> Words:
        what = values["title"] or ", ".join(name for _, name in self._roles(one))
        return text("New shift: %(what)s, %(when)s", what=what, when=self._span(values))

    def _roles(self, one: DraftAct) -> tuple[tuple[int, str], ...]:
        wanted = [wish.position_id for wish in slots_of(one)]
        return tuple((number, self.roles[number]) for number in wanted if number in self.roles)

    def _span(self, values: dict[str, Any]) -> str:
        return self._when(values["starts_at"], values["ends_at"], values["zone"])

    def _when(self, starts_at: datetime, ends_at: datetime, zone: str) -> str:
        say = partial(clock.span_text, starts_at, ends_at, zone)
        return say(self.language, self.this_year)


GONE = text("A change of something that isn't there anymore")
ADD_WORDS = text("Add %(name)s: %(what)s, %(when)s")
REMOVE_WORDS = text("Remove %(name)s: %(what)s, %(when)s")
CANCEL_WORDS = text("Cancel %(what)s, %(when)s")
MOVE_WORDS = text("Move %(what)s, %(when)s, to %(to)s")
WORDS = {
    Proposal.ADD: ADD_WORDS.source,
    Proposal.REMOVE: REMOVE_WORDS.source,
    Proposal.CANCEL: CANCEL_WORDS.source,
    Proposal.MOVE: MOVE_WORDS.source,
}
