"""Which requirement an interview or references would meet."""

from datetime import date

from sqlalchemy.orm import Session

from portal.programs.application_models import Application
from portal.requirements.models import Kind
from portal.requirements.records import clearance_of


def requirement_lacking(
    db: Session, application: Application, kind: Kind, today: date
) -> int | None:
    """The requirement of a kind that the role asks for and the applicant lacks, by id."""
    if application.person_id is None:
        return None
    found = clearance_of(db, application.person_id, application.position_id, today)
    for item in found.missing:
        for one in item.options:
            if one.kind == kind:
                return int(one.id)
    return None
