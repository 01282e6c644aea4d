"""What was imported from files before."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class ImportedRow(Base):
    """A line of an imported file: what it said last time, and the id of what it became.

    The same line again changes nothing, even where people have changed the record since.
    """

    __tablename__ = "imported_row"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    result_id: Mapped[int]
