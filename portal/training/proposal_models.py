"""What a pass proposes, and how much learning is asked for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, partial_index
from portal.programs.models import Position
from portal.requirements.models import Requirement
from portal.training.models import Enrolment


class ProposalKind(StrEnum):
    CREDENTIAL = "credential"
    PLACEMENT = "placement"


class ProposalState(StrEnum):
    NEEDS_CONFIRMATION = "needs_confirmation"
    EXECUTED = "executed"
    FAILED = "failed"
    DENIED = "denied"


OPEN_PROPOSALS = (ProposalState.NEEDS_CONFIRMATION, ProposalState.FAILED)


_OPEN = "state IN ('needs_confirmation', 'failed')"


class Proposal(Base):
    """What a pass asks for: a credential or a placement, once for each pass."""

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "kind"),
        partial_index("ix_proposal_open", "made_at", "id", where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[ProposalKind] = mapped_column(Code(ProposalKind, 10))
    requirement_id: Mapped[int | None] = mapped_column(ForeignKey("requirement.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    state: Mapped[ProposalState] = mapped_column(Code(ProposalState, 18))
    reason: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    enrolment: Mapped[Enrolment] = relationship()
    requirement: Mapped[Requirement | None] = relationship()
    position: Mapped[Position | None] = relationship()

    @property
    def program_id(self) -> int | None:
        return self.enrolment.course.program_id

    @property
    def person_id(self) -> int:
        return self.enrolment.person_id


class LearningTarget(Base):
    """How long people learn about a topic in a year: everyone, a program's people, or a position's."""

    __tablename__ = "learning_target"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("position_id IS NULL OR program_id IS NOT NULL", name="scope"),
        Index(
            "uq_learning_target_scope",
            "topic",
            sql("coalesce(program_id, 0)"),
            sql("coalesce(position_id, 0)"),
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(60))
    minutes: Mapped[int]
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
