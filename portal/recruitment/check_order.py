"""Background checks one after the other: the next is asked for once the one before it is clear."""

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.act import Act
from portal.programs.application_models import Application, ApplicationState
from portal.recruitment import review
from portal.recruitment.applications import lock_application
from portal.requirements.check_models import BackgroundCheck
from portal.requirements.evidence_models import Credential, Outcome
from portal.requirements.models import Requirement, Rule, RuleOption, RuleVersion
from portal.settings import Settings


def next_checks() -> Select[int]:
    """The applications in review whose applicant cleared a check, while another one that a rule asks for waited
    for it and was never asked."""
    cleared, waited = aliased(Credential), aliased(Requirement)
    asks = exists().where(
        Rule.id == RuleVersion.rule_id,
        RuleOption.rule_version_id == RuleVersion.id,
        RuleOption.requirement_id == waited.id,
        or_(Rule.position_id.is_(None), Rule.position_id == Application.position_id),
        or_(Rule.program_id.is_(None), Rule.program_id == Application.program_id),
    )
    asked = exists().where(
        BackgroundCheck.person_id == Application.person_id,
        BackgroundCheck.requirement_id == waited.id,
    )
    return (
        select(Application.id)
        .join(cleared, cleared.person_id == Application.person_id)
        .join(waited, waited.after_id == cleared.requirement_id)
        .where(
            Application.state.in_((ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD)),
            cleared.outcome == Outcome.ACCEPTED,
            waited.closed_at.is_(None),
            asks,
            ~asked,
        )
        .distinct()
        .order_by(Application.id)
    )


def ask_next_checks(act: Act, application_id: int, settings: Settings) -> None:
    """Ask for the checks whose turn has come. Doing it twice is once."""
    application = act.db.get_one(Application, application_id)
    lock_application(act.db, application)
    if application.state in (ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD):
        review.ask_for_checks(act, application, clock.local_day(act.at, settings.timezone))
