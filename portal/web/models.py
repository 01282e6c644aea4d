"""Tables of the request wrapper: forms already handled once, and forms caught by a sign-out."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base


class OnceValue(Base):
    """A creating form that was handled: sending it again leads to the same place."""

    __tablename__ = "once_value"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("session.id", ondelete="CASCADE"), primary_key=True
    )
    value: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(500))


class KeptFile(Base):
    """Files that came with a form which was refused for another reason, so that no one chooses them again.
    `sizes` are the lengths of the files in `data`; found by the hash of a random token, for an hour."""

    __tablename__ = "kept_file"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    names: Mapped[str] = mapped_column(String(1000))
    sizes: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]


class KeptForm(Base):
    """What a person had typed when their session ended; one per person, for an hour (S4)."""

    __tablename__ = "kept_form"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(String(500))
    data: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
