"""Writing the audit. Verbs call `record`; the entry is written last and commits with its change."""

from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import insert

from portal.act import Act, Ref
from portal.audit.models import AuditEntry
from portal.columns import Base
from portal.db import write_last

_INSERT = insert(AuditEntry)
Subject = Ref | Base
"""What something is done to: a row, which says whose it is and of which program by `person_id` and
`program_id` if it has them, or a `Ref`."""


class Asked(StrEnum):
    """How a person asked staff to do something for them."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    PAPER = "paper"


def record(act: Act, action: str, about: Subject, detail: str | None = None) -> None:
    """Note who did what to which record; ids are read when the transaction ends, so a row that was only just
    added has one. `detail` is a code of ours, never a person's words."""
    write_last(act.db, _INSERT, partial(_row, act, action, about, detail))


def _row(act: Act, action: str, about: Subject, detail: str | None) -> dict[str, Any]:
    return {
        "at": act.at,
        "actor_id": act.by.person_id,
        "action": action,
        "subject_kind": about.noun,
        "subject_id": getattr(about, "id", None),
        "person_id": getattr(about, "person_id", None),
        "program_id": getattr(about, "program_id", None),
        "asked": act.asked or None,
        "detail": detail,
    }
