"""Tables of early sign-up: lists of people who may sign up some time before everyone else."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base
from portal.people.models import Person
from portal.programs.models import Program


class EarlyList(Base):
    """People who may sign up for shifts of a program so many `hours` before sign-up opens for all."""

    __tablename__ = "early_list"
    __table_args__ = (
        CheckConstraint("hours > 0", name="hours"),
        Index("ix_early_list_program", "program_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str] = mapped_column(String(120))
    hours: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    people: Mapped[list["EarlyPerson"]] = relationship(
        order_by="EarlyPerson.id", cascade="all, delete-orphan"
    )


class EarlyPerson(Base):
    """Someone on such a list."""

    __tablename__ = "early_person"
    __table_args__ = (UniqueConstraint("person_id", "list_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("early_list.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship()
