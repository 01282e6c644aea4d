"""What came of a presentation: who applied by its poster, who was placed, and the hours they gave."""

from typing import NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from portal.hours.models import HoursEntry, HoursState
from portal.programs.application_models import Application, ApplicationState
from portal.recruitment.models import Inquiry
from portal.recruitment.posters import talk_source


class CameOf(NamedTuple):
    """What came of a presentation; `minutes` are those approved since each applied, in the program they applied
    to."""

    questions: int
    applications: int
    placed: int
    minutes: int


def came_of(db: Session, talk_id: int) -> CameOf:
    """What came of a presentation so far: one statement over the rows that carry its mark."""
    source = talk_source(talk_id)
    marked = Application.source == source
    since = exists().where(
        marked,
        Application.person_id == HoursEntry.person_id,
        Application.program_id == HoursEntry.program_id,
        func.date(Application.received_at) <= HoursEntry.day,
    )
    minutes = select(func.coalesce(func.sum(HoursEntry.minutes), 0)).where(
        HoursEntry.person_id.in_(select(Application.person_id).where(marked)),
        HoursEntry.state == HoursState.APPROVED,
        since,
    )
    placed = marked, Application.state == ApplicationState.PLACED
    sums = (
        select(func.count(Inquiry.id)).where(Inquiry.source == source),
        select(func.count(Application.id)).where(marked),
        select(func.count(Application.id)).where(*placed),
        minutes,
    )
    return CameOf(*db.execute(select(*(one.scalar_subquery() for one in sums))).one())
