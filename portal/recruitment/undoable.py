"""What staff decide about applications and can undo."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.images import RowChange, Undoable, watch
from portal.people.models import Person, Status
from portal.programs.application_models import Application, ApplicationEvent
from portal.programs.scopes import visible_applications
from portal.recruitment.applications import lock_application
from portal.requirements.check_models import BackgroundCheck
from portal.web.errors import Refused
from portal.words import text


def _applicants(ids: Sequence[int]) -> Select[int | None]:
    return select(Application.person_id).where(Application.id.in_(ids))


def _hold(db: Session, ids: Sequence[int]) -> None:
    for application in db.scalars(
        select(Application).where(Application.id.in_(ids)).order_by(Application.id)
    ):
        lock_application(db, application)


def _recheck(act: Act, changes: Sequence[RowChange], since: datetime) -> None:
    """Refuse for an applicant who left since."""
    ids = [one.id for one in changes if one.table == Application.__tablename__]
    ended = Person.id.in_(_applicants(ids)), Person.status == Status.ENDED
    if name := act.db.scalar(select(Person.name).where(*ended).limit(1)):
        raise Refused(text("%(name)s left since, so this can't be undone.", name=name))


APPLICATIONS = Undoable(
    "application",
    Application.noun,
    {
        Application: Application.id.in_,
        ApplicationEvent: ApplicationEvent.application_id.in_,
        Person: lambda ids: Person.id.in_(_applicants(ids)),
        BackgroundCheck: lambda ids: BackgroundCheck.person_id.in_(_applicants(ids)),
    },
    lambda viewer: visible_applications(viewer).with_only_columns(
        Application.id, Application.program_id
    ),
    _hold,
    recheck=_recheck,
)
"""An application: its state and history, the status of its applicant, the checks they were asked for."""


def decide_on(act: Act, application: Application) -> None:
    """Lock an application for a decision of staff, which can be undone for a while."""
    lock_application(act.db, application)
    watch(act, APPLICATIONS, [application.id])
