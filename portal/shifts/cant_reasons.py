"""Why someone can't make it: one of five words or none, never details, kept for 90 days."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from portal.shifts.models import Signup
from portal.words import Words, text

KEPT = timedelta(days=90)


class CantReason(StrEnum):
    """What people may say. SICK releases them at once."""

    SICK = "sick"
    WORK = "work"
    FAMILY = "family"
    RIDE = "ride"
    OTHER = "other"


WORDS: Mapping[str, Words] = {
    CantReason.SICK: text("Sick, or an emergency"),
    CantReason.WORK: text("Work or school"),
    CantReason.FAMILY: text("Family"),
    CantReason.RIDE: text("No ride"),
    CantReason.OTHER: text("Another reason"),
}


def said(reason: str) -> Words | str:
    """What a coordinator reads; what was written in words before there were five stays until it is erased."""
    return WORDS.get(reason, reason)


def over(at: datetime) -> Select[int]:
    """The signups whose reason is erased."""
    return (
        select(Signup.id)
        .where(Signup.cant_at.is_not(None), Signup.cant_at < at - KEPT, Signup.cant_reason != "")
        .order_by(Signup.id)
    )


def erase(db: Session, signup_id: int) -> None:
    """Forget why someone could not make it."""
    db.execute(update(Signup).where(Signup.id == signup_id).values(cant_reason=""))
