"""Tables of groups: an organization, a couple or a family that takes spots under one contact."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import IDS_ONCE, Base, Code, partial_index
from portal.people.models import Person
from portal.programs.models import Program
from portal.shifts.models import Shift, Slot


class Keep(StrEnum):
    """How the members of a group are scheduled: each alone, all on one shift, or never at the same time."""

    ALONE = "alone"
    TOGETHER = "together"
    APART = "apart"


class Group(Base):
    """People who volunteer for one program under one contact. Its members have records of their own; whoever
    has none is one of its spots, with a name or without."""

    __tablename__ = "volunteer_group"
    __table_args__ = (Index("ix_volunteer_group_program", "program_id", "name"),)
    noun = "group"

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str] = mapped_column(String(120))
    contact_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    keep: Mapped[Keep] = mapped_column(Code(Keep, 8), default=Keep.ALONE)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    contact: Mapped[Person] = relationship()
    members: Mapped[list["GroupMember"]] = relationship(
        order_by="GroupMember.id", cascade="all, delete-orphan"
    )


class GroupMember(Base):
    """Someone with a record of their own who belongs to a group."""

    __tablename__ = "group_member"
    __table_args__ = (UniqueConstraint("person_id", "group_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("volunteer_group.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship()


class GroupSpots(Base):
    """How many spots of a slot a group has; the slot counts them as filled.

    A member takes one of them by a signup, which makes it one less. Whoever is `without_records` may come only
    where staff said so. `reminded_at` is when its contact was told that names are missing, `settled_at` when
    the cut-off was looked at. `came` is how many were there.
    """

    __tablename__ = "group_spots"
    __table_args__ = (
        CheckConstraint("spots >= 0", name="spots"),
        partial_index(
            "uq_group_spots_current", "slot_id", "group_id", where="ended_at IS NULL", unique=True
        ),
        Index("ix_group_spots_shift", "shift_id"),
        Index("ix_group_spots_group", "group_id"),
        partial_index(
            "ix_group_spots_open", "shift_id", where="ended_at IS NULL AND settled_at IS NULL"
        ),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("volunteer_group.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    spots: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    without_records: Mapped[bool] = mapped_column(default=False)
    came: Mapped[int | None] = mapped_column(SmallInteger)

    group: Mapped[Group] = relationship()
    slot: Mapped[Slot] = relationship()
    shift: Mapped[Shift] = relationship()
    names: Mapped[list["GroupName"]] = relationship(
        order_by="GroupName.id", cascade="all, delete-orphan"
    )

    @property
    def program_id(self) -> int:
        return self.shift.program_id


class GroupName(Base):
    """Someone without a record who comes with a group; erased some time after the shift."""

    __tablename__ = "group_name"
    __table_args__ = (IDS_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_spots_id: Mapped[int] = mapped_column(ForeignKey("group_spots.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
