"""Background checks one after the other: the next is asked for once the one before it is clear."""

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.act import Act
from portal.programs.application_models import Application, ApplicationState
from portal.recruitment import review
from portal.recruitment.applications import lock_application
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.requirements.models import Requirement
from portal.settings import Settings

UNDER_REVIEW = (ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD)


def next_checks() -> Select[int]:
    """The applications under review whose applicant cleared a check, for which another one waits, since it was
    last looked what comes next."""
    waits = aliased(Requirement)
    cleared = exists().where(
        BackgroundCheck.person_id == Application.person_id,
        BackgroundCheck.state == CheckState.CLEARED,
        BackgroundCheck.decided_at >= Application.checked_at,
        waits.after_id == BackgroundCheck.requirement_id,
        waits.closed_at.is_(None),
    )
    return (
        select(Application.id)
        .where(Application.state.in_(UNDER_REVIEW), Application.checked_at.is_not(None), cleared)
        .order_by(Application.id)
    )


def ask_next_checks(act: Act, application_id: int, settings: Settings) -> None:
    """Ask for the checks whose turn has come, and note that it was looked. Doing it twice is once."""
    application = act.db.get_one(Application, application_id)
    lock_application(act.db, application)
    if application.state in UNDER_REVIEW:
        review.ask_for_checks(act, application, clock.local_day(act.at, settings.timezone))
