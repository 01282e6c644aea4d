"""Tables of scheduled work: a shift, its slots, and the people signed up for them."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import IDS_ONCE, Base, Code, Versioned, partial_index
from portal.occasions.columns import Occurs
from portal.people.models import Person
from portal.programs.models import Position, Program

LONGEST = timedelta(hours=36)
"""No shift is longer, so what still runs began since then."""

CANT_SINCE = timedelta(days=365)
"""How long ago someone can have said that they can't make a shift that is still ahead."""


class Shift(Occurs, Versioned, Base):
    """One occurrence of work at a place and time. Canceled, it stays and says why.

    `opens_at` is when sign-up starts (None: at once), `closes_at` when it ends, and
    `withdraw_until` until when people may take themselves off. A shift that a pattern wrote
    keeps the local day it was written for; `apart` means that it was changed by itself since,
    so that the pattern leaves it alone. `sequence` rises with every change of time, place or state,
    and `revised_at` is the last change of any kind: calendars follow them (CALENDARS 4). Of those on it,
    so many have to be `adults` who don't live together; with enough of them there, it was `started_at`.
    """

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="order"),
        Index("ix_shift_starts", "starts_at", "id"),
        Index("ix_shift_program", "program_id", "starts_at", "id"),
        Index("ix_shift_site", "site_id", "starts_at"),
        UniqueConstraint("pattern_id", "pattern_day"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    title: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime]
    withdraw_until: Mapped[datetime]
    canceled_at: Mapped[datetime | None]
    canceled_reason: Mapped[str] = mapped_column(String(300), default="")
    pattern_id: Mapped[int | None] = mapped_column(ForeignKey("pattern.id"))
    pattern_day: Mapped[date | None]
    apart: Mapped[bool] = mapped_column(default=False)
    adults: Mapped[int] = mapped_column(SmallInteger, default=0)
    started_at: Mapped[datetime | None]

    program: Mapped[Program] = relationship()
    slots: Mapped[list["Slot"]] = relationship(
        order_by="Slot.id", cascade="all, delete-orphan", back_populates="shift"
    )

    @property
    def wanted_slots(self) -> list["Slot"]:
        """The slots that people are wanted for."""
        return [slot for slot in self.slots if slot.maximum]

    def answer_by(self, longest: timedelta, at: datetime) -> datetime:
        """Until when an offer made now may be answered: the agency's time, or a third of what is left if
        that is shorter, so that three people can be asked before sign-up closes."""
        return at + min(longest, (self.closes_at - at) / 3)

    @property
    def heading(self) -> str:
        """Its title or, where no one wrote one, its roles."""
        return self.title or ", ".join(slot.position.name for slot in self.wanted_slots)


class Slot(Base):
    """Spots for one position on a shift. `filled` counts its signups, `held` the free spots that are
    kept for people in line; the database keeps both in bounds. Beside them `trainees` may come along to
    learn, of whom there are `learning`.

    A slot that is not wanted any more has a maximum of 0; people's history still hangs on it.
    """

    __tablename__ = "slot"
    __table_args__ = (
        CheckConstraint("0 <= minimum AND minimum <= maximum", name="bounds"),
        CheckConstraint("0 <= filled AND 0 <= held AND filled + held <= maximum", name="filled"),
        CheckConstraint("0 <= learning AND learning <= trainees", name="learning"),
        UniqueConstraint("shift_id", "position_id"),
        partial_index("ix_slot_held", "held", where="held > 0"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"), index=True)
    minimum: Mapped[int]
    maximum: Mapped[int]
    filled: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    trainees: Mapped[int] = mapped_column(default=0)
    learning: Mapped[int] = mapped_column(default=0)

    shift: Mapped[Shift] = relationship(back_populates="slots")
    position: Mapped[Position] = relationship()


class SignupState(StrEnum):
    """Only SIGNED_UP counts; the others are how it ended."""

    SIGNED_UP = "signed_up"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    CANCELED = "called_off"


class Attendance(StrEnum):
    """Whether someone who was signed up came. How long is in the hours ledger."""

    ATTENDED = "attended"
    LEFT_EARLY = "left_early"
    NO_SHOW = "no_show"
    EXCUSED = "excused"


CAME = (Attendance.ATTENDED, Attendance.LEFT_EARLY)


class Signup(Base):
    """One person on one slot, since when; ended by a named transition, never deleted.

    `cant_at` is when they said, after the cut-off, that they can't make it: they stay responsible
    until someone else is found or a coordinator releases them. `coming_asked_at` is when they were asked
    whether they still come, `coming_at` when they said so. `attendance` is written down after the shift. A
    `trainee` comes along to learn, beside those who fill the spots. `over_limit` is why a coordinator added
    them against a limit or their group's wish. A `lead` has rights on the day. `in_at` and `out_at` are when
    they were checked in and out; `out_assumed` if no one checked them out.
    """

    __tablename__ = "signup"
    __table_args__ = (
        partial_index(
            "uq_signup_current", "shift_id", "person_id", where="state = 'signed_up'", unique=True
        ),
        Index("ix_signup_slot", "slot_id", "state"),
        Index("ix_signup_person", "person_id", "state"),
        partial_index("ix_signup_cant", "cant_at", where="cant_at IS NOT NULL"),
        partial_index("ix_signup_in", "shift_id", where="in_at IS NOT NULL AND out_at IS NULL"),
        partial_index("ix_signup_lead", "person_id", where="lead"),
        partial_index(
            "ix_signup_unconfirmed",
            "shift_id",
            where="coming_asked_at IS NOT NULL AND coming_at IS NULL",
        ),
        partial_index(
            "ix_signup_unmarked", "shift_id", where="state = 'signed_up' AND attendance IS NULL"
        ),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[SignupState] = mapped_column(Code(SignupState, 12))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    regular_id: Mapped[int | None] = mapped_column(ForeignKey("regular.id"), index=True)
    cant_at: Mapped[datetime | None]
    cant_reason: Mapped[str] = mapped_column(String(300), default="")
    attendance: Mapped[Attendance | None] = mapped_column(Code(Attendance, 12))
    marked_at: Mapped[datetime | None]
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    coming_asked_at: Mapped[datetime | None]
    coming_at: Mapped[datetime | None]
    trainee: Mapped[bool] = mapped_column(default=False)
    over_limit: Mapped[str] = mapped_column(String(300), default="")
    lead: Mapped[bool] = mapped_column(default=False)
    in_at: Mapped[datetime | None]
    out_at: Mapped[datetime | None]
    out_assumed: Mapped[bool] = mapped_column(default=False)
    checked_how: Mapped[str] = mapped_column(String(8), default="")

    slot: Mapped[Slot] = relationship()
    shift: Mapped[Shift] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)

    @property
    def program_id(self) -> int:
        return self.shift.program_id


CANT_COME = and_(Signup.state == SignupState.SIGNED_UP, Signup.cant_at.is_not(None))
"""The condition of a signup whose person said that they can't make it."""
