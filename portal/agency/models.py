"""Tables of what an agency decides for itself."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, Versioned, partial_index


class AgencySetting(Versioned, Base):
    """A setting's value as text, for the agency or for one program; what no one changed has no row."""

    __tablename__ = "agency_setting"
    __table_args__ = (
        partial_index("uq_agency_setting_agency", "name", where="program_id IS NULL", unique=True),
        partial_index(
            "uq_agency_setting_program",
            "name",
            "program_id",
            where="program_id IS NOT NULL",
            unique=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id", ondelete="CASCADE"))
    value: Mapped[str] = mapped_column(String(500))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
