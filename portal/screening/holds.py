"""Holding whoever is on the do-not-place list, for clearance: it says nothing of why."""

from datetime import date

from sqlalchemy import delete, select

from portal.act import Act
from portal.people.models import Person
from portal.requirements.change_models import Cause
from portal.requirements.credentials import note_change
from portal.requirements.review_models import ScreeningHold
from portal.screening.room_scopes import same_person


def hold_now(act: Act, person_id: int, today: date) -> None:
    """Set or lift the hold of someone, whom the caller locked, as it has to be on a day."""
    act.db.flush()
    found = act.db.scalar(select(ScreeningHold).where(ScreeningHold.person_id == person_id))
    wanted = act.db.scalar(select(Person.id).where(Person.id == person_id, same_person(today)))
    if (found is not None) == (wanted is not None):
        return
    if wanted is not None:
        act.db.add(ScreeningHold(person_id=person_id, since=act.at))
    else:
        act.db.execute(delete(ScreeningHold).where(ScreeningHold.person_id == person_id))
    note_change(act.db, [person_id], Cause.RULE, act.at)
