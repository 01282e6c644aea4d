"""Tables of swaps: a shift that someone offers, and another that someone offers for it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.columns import IDS_ONCE, Base, Code, partial_index
from portal.programs.models import Program
from portal.shifts.models import Signup


class SwapOffer(Base):
    """Someone would swap a shift they are on. It is open until `ended_at`, and as long as the signup counts and
    the shift is ahead."""

    __tablename__ = "swap_offer"
    __table_args__ = (
        partial_index("uq_swap_offer_open", "signup_id", where="ended_at IS NULL", unique=True),
        partial_index("ix_swap_offer_program", "program_id", where="ended_at IS NULL"),
        Index("ix_swap_offer_person", "person_id", "ended_at"),
        Index("ix_swap_offer_signup", "signup_id"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    signup: Mapped[Signup] = relationship()
    program: Mapped[Program] = relationship()


class SwapState(StrEnum):
    """PROPOSED waits for the one who offered, AGREED for a coordinator; the others are how it ended."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DONE = "done"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    REFUSED = "refused"
    LAPSED = "lapsed"


OPEN = (SwapState.PROPOSED, SwapState.AGREED)
_OPEN = "state IN ('proposed', 'agreed')"


class Swap(Base):
    """A shift that someone offers for the one on the board. Both keep their spot until it is `DONE`."""

    __tablename__ = "swap"
    __table_args__ = (
        partial_index("uq_swap_open", "offer_id", "signup_id", where=_OPEN, unique=True),
        partial_index("ix_swap_open", "signup_id", where=_OPEN),
        partial_index("ix_swap_agreed", "program_id", where="state = 'agreed'"),
        Index("ix_swap_person", "person_id", "state"),
        Index("ix_swap_signup", "signup_id"),
        IDS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("swap_offer.id"), index=True)
    signup_id: Mapped[int] = mapped_column(ForeignKey("signup.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    state: Mapped[SwapState] = mapped_column(Code(SwapState, 12))
    since: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    offer: Mapped[SwapOffer] = relationship()
    signup: Mapped[Signup] = relationship()
