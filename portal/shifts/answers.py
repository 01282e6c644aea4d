"""What people say to an offer, or to being asked: on a page, from a mail, or by phone."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.permissions import Viewer
from portal.shifts import cover, signups, waiting
from portal.shifts.models import Ask, Waiting
from portal.web.errors import NotFound

SUBJECTS = {"waiting": Waiting, "ask": Ask}
"""What can be answered, by the word that a message has for it."""


def answered(db: Session, kind: str, subject_id: int) -> Waiting | Ask:
    """The offer or the ask that is answered."""
    row = db.get(SUBJECTS[kind], subject_id) if kind in SUBJECTS else None
    if not isinstance(row, Waiting | Ask):
        raise NotFound
    return row


def give_answer(
    db: Session,
    by: Viewer,
    row: Waiting | Ask,
    answer: str,
    at: datetime,
    *,
    asked: str | None = None,
    staff: bool = False,
) -> None:
    """Do what somebody said: "yes" signs up under the ordinary rules, "pass" stays in line without this
    spot, "leave" leaves the line, and "no" is the answer to an ask."""
    who = (db, by, row.person_id)
    if answer == "yes":
        signups.sign_up(*who, row.shift_id, at, slot_id=row.slot_id, asked=asked, staff=staff)
    elif isinstance(row, Ask):
        cover.decline(*who, row.id, at)
    elif answer == "pass":
        waiting.pass_on(*who, row.slot_id, at, asked)
    else:
        waiting.leave(*who, row.slot_id, at, asked)


def reached(db: Session, kind: str, subject_id: int, longest: timedelta, at: datetime) -> None:
    """Somebody was told by phone: the time to answer an offer begins."""
    if kind == "waiting":
        waiting.reached(db, subject_id, longest, at)
