"""Learning time: how long people learned about each topic in a year, against what is asked of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.permissions import Viewer
from portal.programs.models import Placement, PlacementState, Position, Program
from portal.programs.scopes import in_viewers_programs
from portal.reads import AnySelect, read
from portal.training.models import Course, Enrolment
from portal.training.proposal_models import LearningTarget
from portal.training.scopes import MANAGE
from portal.web.errors import Refused
from portal.words import text


@dataclass(frozen=True)
class Learned:
    """Minutes learned about a topic in a year, and how many are asked for (0 for none)."""

    topic: str
    minutes: int
    target: int

    @property
    def met(self) -> bool:
        return self.minutes >= self.target


def learned_by(db: Session, person_id: int, year: int) -> list[Learned]:
    """A person's learning time by topic in a calendar year, with the targets that hold for them. Of two
    for the same topic, the higher one counts."""
    found: dict[str, Learned] = {}
    for row in db.execute(union_all(_sums(person_id, year), _targets(person_id))):
        so_far = found.get(row.topic, Learned(row.topic, 0, 0))
        found[row.topic] = Learned(
            row.topic, so_far.minutes + row.learned, max(so_far.target, row.target)
        )
    return sorted(found.values(), key=lambda one: one.topic)


def _sums(person_id: int, year: int) -> AnySelect:
    return (
        select(
            Course.topic.label("topic"),
            func.sum(Enrolment.minutes).label("learned"),
            literal(0).label("target"),
        )
        .join(Course, Course.id == Enrolment.course_id)
        .where(
            Enrolment.person_id == person_id,
            Enrolment.day >= date(year, 1, 1),
            Enrolment.day <= date(year, 12, 31),
            Enrolment.minutes > 0,
        )
        .group_by(Course.topic)
    )


def _targets(person_id: int) -> AnySelect:
    placed = select(Placement.id).where(
        Placement.person_id == person_id,
        Placement.state == PlacementState.ACTIVE,
        Placement.program_id == LearningTarget.program_id,
        or_(
            LearningTarget.position_id.is_(None),
            LearningTarget.position_id == Placement.position_id,
        ),
    )
    return select(LearningTarget.topic, literal(0), LearningTarget.minutes).where(
        or_(LearningTarget.program_id.is_(None), placed.exists())
    )


class Target(NamedTuple):
    """What a course can give: a requirement or a position."""

    id: int
    topic: str
    minutes: int
    program_id: int | None
    program: str | None
    translations: Mapping[str, Any]
    position: str | None
    position_translations: Mapping[str, Any]


def targets(db: Session, viewer: Viewer) -> Sequence[Target]:
    """The targets of the agency and of one's programs."""
    return read(
        db,
        Target,
        select(
            LearningTarget.id,
            LearningTarget.topic,
            LearningTarget.minutes,
            LearningTarget.program_id,
            Program.name.label("program"),
            Program.translations,
            Position.name.label("position"),
            Position.translations.label("position_translations"),
        )
        .outerjoin(Program, Program.id == LearningTarget.program_id)
        .outerjoin(Position, Position.id == LearningTarget.position_id)
        .where(
            or_(
                LearningTarget.program_id.is_(None),
                in_viewers_programs(LearningTarget.program_id, viewer, MANAGE),
            )
        )
        .order_by(LearningTarget.topic, LearningTarget.id)
        .limit(500),
    )


def add_target(
    act: Act, topic: str, minutes: int, program_id: int | None, position_id: int | None
) -> LearningTarget:
    """Ask people to learn so long about a topic each year: everyone, a program's, or a position's."""
    position = act.db.get(Position, position_id) if position_id else None
    if position_id and (position is None or program_id not in (None, position.program_id)):
        raise Refused(fields={"position_id": text("Select a role of this program.")})
    program_id = position.program_id if position else program_id
    if not act.by.may_in(MANAGE, program_id):
        raise Refused(fields={"program_id": text("Select one of your programs.")})
    same = select(LearningTarget.id).where(
        LearningTarget.topic == topic,
        LearningTarget.program_id.is_not_distinct_from(program_id),
        LearningTarget.position_id.is_not_distinct_from(position_id),
    )
    if act.db.scalar(same):
        raise Refused(fields={"topic": text("There is already a target for this.")})
    target = LearningTarget(
        topic=topic, minutes=minutes, program_id=program_id, position_id=position_id
    )
    act.db.add(target)
    act.db.flush()
    record(act, "target.added", target)
    return target


def drop_target(act: Act, target: LearningTarget) -> None:
    """Remove a learning target."""
    record(act, "target.removed", target)
    act.db.delete(target)
