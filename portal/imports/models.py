"""What was imported from files before, and files that the worker brings in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import Base, Code, Word


class ImportedRow(Base):
    """A line of an imported file: what it said last time, and the id of what it became.

    The same line again changes nothing, even where people have changed the record since.
    """

    __tablename__ = "imported_row"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    result_id: Mapped[int]


class ReadingTry(Base):
    """How often something from outside was begun to be read, by a key of what it is. Counted before the work
    begins, so that what kills its reader is put aside after the third time (SECURITY I7)."""

    __tablename__ = "reading_try"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    tries: Mapped[int]
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200), default="")
    put_aside_at: Mapped[datetime | None] = mapped_column(index=True)


class JobState(StrEnum):
    """TRIAL waits for a look without writing, READY for the person's yes, QUEUED for the worker."""

    TRIAL = "trial"
    READY = "ready"
    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class ImportJob(Base):
    """A file that someone brought, and how far the worker has come with it.

    `asked` says how to read it, `report` what became of each line; both are JSON. The file itself is
    forgotten when it is done.
    """

    __tablename__ = "import_job"
    noun = "import"
    __table_args__ = (
        Index("ix_import_job_by_id", "by_id", "id"),
        Index("ix_import_job_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Word(10))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    program_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    name: Mapped[str] = mapped_column(String(200))
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    asked: Mapped[str] = mapped_column(Text, default="{}")
    state: Mapped[JobState] = mapped_column(Code(JobState, 10), default=JobState.TRIAL)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    report: Mapped[str] = mapped_column(Text, default="{}")
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
