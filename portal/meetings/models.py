"""Tables of meetings: what is planned, and who is invited."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import Base, Code, Versioned, Word
from portal.occasions.columns import Occurs
from portal.people.models import Person
from portal.programs.models import Program


class MeetingKind(StrEnum):
    """What people come for."""

    MEETING = "meeting"
    SOCIAL = "social"


class Meeting(Occurs, Versioned, Base):
    """A meeting or a social of a program, at a location or online. Canceled, it stays and says why."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_meeting_program", "program_id", "starts_at"),
        Index("ix_meeting_site", "site_id"),
        Index("ix_meeting_starts", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    kind: Mapped[MeetingKind] = mapped_column(Code(MeetingKind, 10))
    title: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text, default="")
    online_link: Mapped[str] = mapped_column(String(500), default="")
    since: Mapped[datetime]
    canceled_at: Mapped[datetime | None]
    canceled_reason: Mapped[str] = mapped_column(String(300), default="")

    program: Mapped[Program] = relationship()


class Answer(StrEnum):
    """What someone said to an invitation. ASKED said nothing yet, REMOVED is no longer invited."""

    ASKED = "asked"
    YES = "yes"
    NO = "no"
    REMOVED = "removed"


class Invitee(Base):
    """Someone who is invited. `asked` says how they told staff, `since` is when they last answered, and
    `ended_before` how often a yes was taken back, which calendars follow."""

    __tablename__ = "invitee"
    __table_args__ = (
        Index("uq_invitee", "meeting_id", "person_id", unique=True),
        Index("ix_invitee_person", "person_id", "answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[Answer] = mapped_column(Code(Answer, 10))
    asked: Mapped[str | None] = mapped_column(Word(10))
    since: Mapped[datetime]
    ended_before: Mapped[int] = mapped_column(default=0)

    meeting: Mapped[Meeting] = relationship()
    person: Mapped[Person] = relationship()

    @property
    def program_id(self) -> int:
        return self.meeting.program_id
