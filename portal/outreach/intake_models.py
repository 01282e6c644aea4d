"""What can be asked for, and on which terms."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Translated, Versioned
from portal.programs.models import Position, Program


class Topic(Translated, Versioned, Base):
    """Something we talk about. `position_id` is the role whose people give it; staff who present may, too.

    Requests that name it go to its program. A topic without a program is the agency's.
    """

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes"),
        Index("uq_topic_name", "name", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int] = mapped_column(default=45)
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    closed_at: Mapped[datetime | None]

    program: Mapped[Program | None] = relationship()
    position: Mapped[Position | None] = relationship()


class RequestKind(StrEnum):
    """What is asked for."""

    PRESENTATION = "presentation"
    TABLE = "table"
    TOUR = "tour"
    MEDIA = "media"
    LITERATURE = "literature"
    QUESTION = "question"


BOOKED_KINDS = (RequestKind.PRESENTATION, RequestKind.TABLE, RequestKind.TOUR)
"""What takes place on a date."""


class KindTerms(Base):
    """The agency's terms for one kind of request: how many days ahead at least and at most, and until how
    many hours before a talk the host may move or cancel it by link."""

    __tablename__ = "kind_terms"
    __table_args__ = (
        CheckConstraint("0 <= least_days AND least_days < most_days", name="days"),
        CheckConstraint("0 <= cutoff_hours AND cutoff_hours <= 720", name="cutoff"),
    )

    kind: Mapped[RequestKind] = mapped_column(Code(RequestKind, 12), primary_key=True)
    least_days: Mapped[int]
    most_days: Mapped[int]
    cutoff_hours: Mapped[int]
    open: Mapped[bool] = mapped_column(default=True)


class DistrictRoute(Base):
    """Which program gets the requests from a part of the county that name no topic of a program."""

    __tablename__ = "district_route"

    district_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
