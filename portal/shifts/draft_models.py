"""Tables of drafts: what a coordinator proposes for a week before anyone is told."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import IDS_ONCE, Base, Code


class Draft(Base):
    """A draft of a coordinator, named by the first day of the week it was begun for. It is removed once it is
    published or discarded, and by the worker when its week is long over."""

    __tablename__ = "draft"
    __table_args__ = (
        Index("uq_draft_by", "by_id", "first_day", unique=True),
        Index("ix_draft_first_day", "first_day"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    since: Mapped[datetime]


class Proposal(StrEnum):
    """What a draft may propose, in the order in which it is published: what frees people comes first."""

    REMOVE = "remove"
    CANCEL = "cancel"
    MOVE = "move"
    SHIFT = "shift"
    ADD = "add"


class DraftAct(Base):
    """One thing that a draft proposes: the arguments of the verb that publishing runs.

    REMOVE has a signup, CANCEL and MOVE a shift, SHIFT a program, ADD a person and a slot or, onto a shift that
    the draft itself adds (`onto_id`), a position. `values` are what its form sets. What is gone meanwhile is
    None.
    """

    __tablename__ = "draft_act"
    __table_args__ = (
        Index("ix_draft_act_draft", "draft_id", "id"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    kind: Mapped[Proposal] = mapped_column(Code(Proposal, 8))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    shift_id: Mapped[int | None] = mapped_column(
        ForeignKey("shift.id", ondelete="SET NULL"), index=True
    )
    slot_id: Mapped[int | None] = mapped_column(
        ForeignKey("slot.id", ondelete="SET NULL"), index=True
    )
    signup_id: Mapped[int | None] = mapped_column(
        ForeignKey("signup.id", ondelete="SET NULL"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"), index=True)
    onto_id: Mapped[int | None] = mapped_column(
        ForeignKey("draft_act.id", ondelete="CASCADE"), index=True
    )
    values: Mapped[str] = mapped_column(Text, default="{}")
    at: Mapped[datetime]

    draft: Mapped[Draft] = relationship()
