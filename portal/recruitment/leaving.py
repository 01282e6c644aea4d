"""What happens to applications when someone leaves, as the one who looks after them or as an applicant."""

from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from portal.act import Act
from portal.people.departures import Engagement, Leaver
from portal.people.models import Leaving
from portal.permissions import COMMAND_LINE
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.recruitment import review
from portal.recruitment.applications import owners_of, stop_asking
from portal.recruitment.models import Inquiry
from portal.words import text


def release(db: Session, leaver: Leaver, at: datetime) -> list[int | None]:
    """Leave what a leaver looked after to the program, which has it in a queue, and stop the checks they were
    asked for; gives no program, since no spot is free."""
    act = Act(db, COMMAND_LINE, at)
    if leaver.cause == Leaving.ENDED:
        stop_asking(act, leaver.person_id)
    if leaver.cause == Leaving.ROLE:
        return []
    if leaver.program_id is None:
        db.execute(
            update(Inquiry)
            .where(Inquiry.owner_id == leaver.person_id, Inquiry.answered_at.is_(None))
            .values(owner_id=None)
        )
    owned = _owned(leaver)
    if leaver.program_id is not None:
        owned = owned.where(Application.program_id == leaver.program_id)
    for application in db.scalars(owned.order_by(Application.id)).all():
        still = owners_of(db, application.program_id)  # by another role that they keep
        if leaver.cause != Leaving.STAFF_ROLE or leaver.person_id not in still:
            review.assign(act, application, None)
    return []


def engaged(db: Session, leaver: Leaver, at: datetime) -> list[Engagement]:
    """The open applications of a leaver, and those they look after."""
    own = select(Application).where(
        Application.person_id == leaver.person_id, Application.state.in_(OPEN_APPLICATIONS)
    )
    return [
        Engagement(kind, one.position.name, one.program_id)
        for kind, found in (
            (text("Application"), own),
            (text("Application assigned to them"), _owned(leaver)),
        )
        for one in db.scalars(
            found.options(joinedload(Application.position)).order_by(Application.id)
        )
    ]


def _owned(leaver: Leaver) -> Select[Application]:
    return select(Application).where(
        Application.owner_id == leaver.person_id, Application.state.in_(OPEN_APPLICATIONS)
    )
