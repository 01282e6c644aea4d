"""Writing the audit. Verbs call `record`; the entry is written last and commits with its change."""

from enum import StrEnum
from typing import Any

from sqlalchemy import insert

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.db import write_last

_INSERT = insert(AuditEntry)


class Asked(StrEnum):
    """How a person asked staff to do something for them."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    PAPER = "paper"


def record(
    act: Act,
    action: str,
    subject: tuple[str, int | None],
    *,
    person_id: int | None = None,
    program_id: int | None = None,
    detail: str | None = None,
) -> None:
    """Note who did what to which record. `detail` is a code of ours, never a person's words."""
    row: dict[str, Any] = {
        "at": act.at,
        "actor_id": act.by.person_id,
        "action": action,
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "person_id": person_id,
        "program_id": program_id,
        "asked": act.asked or None,
        "detail": detail,
    }
    write_last(act.db, _INSERT, row)
