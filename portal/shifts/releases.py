"""Letting people go who said that they can't make it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import Asked
from portal.shifts.models import CANT_COME, Signup
from portal.shifts.signups import remove
from portal.web.errors import NotFound


def cant_come(db: Session, slot_id: int, person_id: int | None = None) -> Signup | None:
    """The signup on a slot of whoever said first that they can't make it, or of one person who did."""
    said = select(Signup).where(Signup.slot_id == slot_id, CANT_COME, Signup.trainee.is_(False))
    if person_id is not None:
        said = said.where(Signup.person_id == person_id)
    return db.scalars(said.order_by(Signup.cant_at, Signup.id)).first()


def release(act: Act, slot_id: int, person_id: int) -> Signup:
    """Take someone off a slot who said that they can't make it; NotFound for anyone else."""
    signup = cant_come(act.db, slot_id, person_id)
    if signup is None:
        raise NotFound
    remove(act.but(asked=act.asked or Asked.PHONE), signup, "")
    return signup
