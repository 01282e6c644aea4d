"""Tables of the request wrapper: forms already handled once, and forms caught by a sign-out."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class OnceValue(Base):
    """A creating form that was handled: sending it again leads to the same place."""

    __tablename__ = "once_value"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), primary_key=True
    )
    value: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(500))


class KeptForm(Base):
    """What a person had typed when their session ended; one per person, for an hour (S4)."""

    __tablename__ = "kept_form"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(String(500))
    data: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
