"""What is asked before someone gets a position."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from portal.people.models import Person
from portal.requirements.clearance import Clearance
from portal.requirements.explain import Reason, about_them
from portal.requirements.models import Stage
from portal.requirements.records import clearance_of


def before_placing(
    db: Session, person: Person, position_id: int, starts_on: date
) -> Sequence[Reason]:
    """What of that is missing for a person who would start on a day, in words for staff."""
    found = clearance_of(db, person.id, position_id, starts_on)
    asked = tuple(item for item in found.missing if item.stage == Stage.APPLY)
    return about_them(Clearance(starts_on, asked), person.id, person.name)
