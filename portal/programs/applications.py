"""The steps of an application: which state may follow which, and who is known to have applied."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Subquery, exists, false, select, true, union_all
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.people.models import Person, Status
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationEvent,
    ApplicationState,
)
from portal.programs.models import Placement, PlacementState
from portal.web.errors import Refused
from portal.words import text

NEXT: Mapping[ApplicationState, tuple[ApplicationState, ...]] = {
    ApplicationState.SUBMITTED: (
        ApplicationState.IN_REVIEW,
        ApplicationState.DECLINED,
        ApplicationState.WITHDRAWN,
    ),
    ApplicationState.IN_REVIEW: (
        ApplicationState.ON_HOLD,
        ApplicationState.ACCEPTED,
        ApplicationState.PLACED,
        ApplicationState.DECLINED,
        ApplicationState.WITHDRAWN,
    ),
    ApplicationState.ON_HOLD: (
        ApplicationState.IN_REVIEW,
        ApplicationState.DECLINED,
        ApplicationState.WITHDRAWN,
    ),
    ApplicationState.ACCEPTED: (
        ApplicationState.IN_REVIEW,
        ApplicationState.PLACED,
        ApplicationState.DECLINED,
        ApplicationState.WITHDRAWN,
    ),
}
"""What may follow each state; nothing follows the last three. No hold leads to a role but through review."""

ANSWERED = text("This application moved to another step. Check it again.")


def is_open(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Inside a query: whether an application is open for which some conditions hold."""
    return exists().where(Application.state.in_(OPEN_APPLICATIONS), *conditions)


def engagements() -> Subquery:
    """The roles that people have, and those they applied for (`applied`): person, position and program ids."""
    has = select(
        Placement.person_id, Placement.position_id, Placement.program_id, false().label("applied")
    ).where(Placement.state == PlacementState.ACTIVE)
    asks = select(
        Application.person_id, Application.position_id, Application.program_id, true()
    ).where(Application.state.in_(OPEN_APPLICATIONS), Application.person_id.is_not(None))
    return union_all(has, asks).subquery("engagement")


def open_application(db: Session, person_id: int, position_id: int) -> Application | None:
    """The open application of a person for a position; there is one at most."""
    return db.scalar(
        select(Application).where(
            Application.person_id == person_id,
            Application.position_id == position_id,
            Application.state.in_(OPEN_APPLICATIONS),
        )
    )


def move(
    act: Act,
    application: Application,
    to: ApplicationState,
    done: str,
    note: str = "",
    **values: Any,
) -> None:
    """Take an application to another state, with its step in the history and the audit.

    Raises Refused for a state that may not follow. `values` are columns that change with it.
    """
    if to not in NEXT.get(application.state, ()):
        raise Refused(ANSWERED)
    application.state, application.state_since = to, act.at
    application.hold = application.hold_until = None
    for name, value in values.items():
        setattr(application, name, value)
    by_them = to == ApplicationState.WITHDRAWN or act.by.person_id == application.person_id
    if application.answered_at is None and not by_them:
        application.answered_at = act.at
    if to not in OPEN_APPLICATIONS:
        application.decided_by_id, application.decided_at = act.by.person_id, act.at
    note_step(act, application, done, note)


def note_step(act: Act, application: Application, done: str, note: str = "") -> None:
    """Write a step of an application into its history and the audit."""
    act.db.flush()
    act.db.add(
        ApplicationEvent(
            application_id=application.id,
            at=act.at,
            by_id=act.by.person_id,
            done=done,
            state=application.state,
            note=note[:500],
        )
    )
    record(act, f"application.{done}", application)


def place_applicant(act: Act, placement: Placement) -> None:
    """Close the application that a placement answers. Raises Refused where it is on hold or not reviewed: no
    role is assigned around that."""
    application = open_application(act.db, placement.person_id, placement.position_id)
    if application is None:
        return
    if application.state == ApplicationState.SUBMITTED:
        raise Refused(
            text("Their application for this role hasn't been reviewed. Start the review first.")
        )
    if application.state == ApplicationState.ON_HOLD:
        raise Refused(text("Their application for this role is on hold. End the hold first."))
    move(act, application, ApplicationState.PLACED, "placed", placement_id=placement.id)


def withdraw_all_of(act: Act, person_id: int) -> None:
    """Close every open application of someone who has ended."""
    found = select(Application).where(
        Application.person_id == person_id, Application.state.in_(OPEN_APPLICATIONS)
    )
    for application in act.db.scalars(found.order_by(Application.id)).all():
        move(act, application, ApplicationState.WITHDRAWN, "closed")


def settle_status(db: Session, person: Person) -> None:
    """An applicant without an open application or a role is a prospect again."""
    if person.status != Status.APPLICANT:
        return
    db.flush()
    waits = is_open(Application.person_id == person.id)
    serves = exists().where(
        Placement.person_id == person.id, Placement.state == PlacementState.ACTIVE
    )
    if not db.scalar(select(waits | serves)):
        person.status = Status.PROSPECT
