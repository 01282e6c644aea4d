"""When something that the worker does once a day was done last."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.messages.models import Mark


def is_new_day(db: Session, name: str, zone: str, at: datetime) -> bool:
    """Whether a day's work is still to be done: never was, or on an earlier local day."""
    mark = db.get(Mark, name)
    return mark is None or clock.local_day(mark.at, zone) < clock.local_day(at, zone)


def held(db: Session, name: str) -> Mark | None:
    """The mark of a day's work, locked until the transaction ends; None if it never was done."""
    return db.scalar(
        select(Mark)
        .where(Mark.name == name)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
