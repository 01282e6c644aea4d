"""What staff do with an application: reviewing it, holding it, saying yes or no, and who looks after it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.people.models import Person, Status
from portal.people.notify import notify
from portal.people.people import add_unproved
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationState,
    DeclineReason,
    Hold,
)
from portal.programs.applications import (
    ANSWERED,
    move,
    note_step,
    open_application,
    settle_status,
)
from portal.programs.placements import check_can_serve, has_role, note_applicant
from portal.recruitment import message_kinds
from portal.recruitment.applications import (
    give_address,
    lock_application,
    owners_of,
    staff_of,
    stop_asking,
    tell_applicant,
)
from portal.recruitment.links import new_link
from portal.recruitment.models import ApplicationDraft
from portal.recruitment.questions import keep_answers
from portal.recruitment.said import note_said
from portal.recruitment.undoable import decide_on
from portal.requirements import checks
from portal.requirements.check_models import OPEN_CHECKS, BackgroundCheck, CheckState
from portal.requirements.clearance import State
from portal.requirements.kinds import missing_texts
from portal.requirements.models import Kind, Requirement
from portal.requirements.records import clearance_of
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import text


def start_review(
    act: Act, application: Application, person: Person | None, settings: Settings
) -> None:
    """Begin the review: the first answer. Whoever applied without a record becomes the `person` they were
    recognized as, or a new one; what the role asks is then asked of them.

    Whoever reviews becomes the owner, if there is none. Raises Refused for a person who applied already.
    """
    lock_application(act.db, application)
    if application.state != ApplicationState.SUBMITTED:
        raise Refused(ANSWERED)
    if application.person_id is None:
        _recognize(act, application, person, settings)
    assert application.person is not None
    note_said(act, application.person, application, clock.local_day(act.at, settings.timezone))
    if application.owner_id is None:
        application.owner_id = act.by.person_id
    move(act, application, ApplicationState.IN_REVIEW, "reviewed")
    ask_for_checks(act, application, clock.local_day(act.at, settings.timezone))
    tell_applicant(act, message_kinds.REVIEW, application)


def _recognize(
    act: Act, application: Application, person: Person | None, settings: Settings
) -> None:
    """Join an application to someone's record, or to a new one made of what they typed.

    A new one gets no address before they proved that they read it: it would change whom that admits (SECURITY
    A10). Joined to a record that was there before, the application has a new link, which only that record's
    address is told: whoever sent it is not yet known to be that person (SECURITY A9).
    """
    today = clock.local_day(act.at, settings.timezone)
    if person is None:
        person = add_unproved(
            act, application.name, application.phone, application.language, Status.APPLICANT
        )
    else:
        check_can_serve(act.db, person, application.position)
        if open_application(act.db, person.id, application.position_id):
            raise Refused(text("%(name)s already applied for this role.", name=person.name))
        if person.id == act.by.person_id:
            raise Refused(text("Someone else must review your own application."))
        if has_role(act.db, person.id, application.position_id, today):
            raise Refused(text("%(name)s already has this role.", name=person.name))
        for name, value in new_link(settings).items():
            setattr(application, name, value)
        application.email, application.email_proved_at = "", None
        act.db.execute(  # its link would lead to the new one
            update(ApplicationDraft)
            .where(ApplicationDraft.application_id == application.id)
            .values(ends_at=act.at)
        )
    application.person = person
    act.db.flush()
    give_address(act, application)
    note_applicant(act.db, person, act.at)
    note_step(act, application, "recognized")


def ask_for_checks(act: Act, application: Application, today: date) -> None:
    """Ask for the background checks that the role wants and the applicant lacks, so that they are on the
    screeners' list although no one thought of them. Skips a check whose disclosure texts are not approved
    yet."""
    assert application.person_id is not None
    application.checked_at = act.at
    found = clearance_of(act.db, application.person_id, application.position_id, today)
    wanted = [
        one.id
        for item in found.missing
        if item.state in (State.MISSING, State.LAPSES)
        for one in item.options[:1]
        if one.kind == Kind.BACKGROUND_CHECK
    ]
    for requirement_id in wanted:
        requirement = act.db.get_one(Requirement, requirement_id)
        if requirement.closed_at or missing_texts(act.db, requirement):
            continue
        if checks.may_be_asked(act.db, application.person_id, requirement, today):
            checks.ask(act, application.person_id, requirement)


def hold(act: Act, application: Application, why: Hold, until: date | None) -> None:
    """Put an application on hold for a named reason. Tells the applicant when it waits for them or for an
    opening; the latter is kept until a day."""
    decide_on(act, application)
    if why == Hold.NO_OPENING and until is None:
        raise Refused(fields={"until": text("Select how long to keep this application.")})
    move(
        act,
        application,
        ApplicationState.ON_HOLD,
        "held",
        why,
        hold=why,
        hold_until=until if why == Hold.NO_OPENING else None,
    )
    if why in (Hold.APPLICANT, Hold.NO_OPENING):
        tell_applicant(act, message_kinds.HELD, application)


def resume(act: Act, application: Application) -> None:
    """End a hold: the review goes on."""
    decide_on(act, application)
    if application.state != ApplicationState.ON_HOLD:
        raise Refused(ANSWERED)
    move(act, application, ApplicationState.IN_REVIEW, "resumed")


def accept(act: Act, application: Application, starts_on: date) -> None:
    """Offer the role: the applicant is asked to accept it by one press."""
    decide_on(act, application)
    if application.person_id is not None:
        found = clearance_of(act.db, application.person_id, application.position_id, starts_on)
        if any(one.options and one.options[0].kind == Kind.LISTS for one in found.missing):
            raise Refused(text("The screening review isn't finished yet."))
    move(act, application, ApplicationState.ACCEPTED, "accepted", starts_on=starts_on)
    tell_applicant(act, message_kinds.ACCEPTED, application)


def take_offer_back(act: Act, application: Application) -> None:
    """Take an offer back that was not answered: the application is in review again."""
    decide_on(act, application)
    if application.state != ApplicationState.ACCEPTED:
        raise Refused(ANSWERED)
    move(act, application, ApplicationState.IN_REVIEW, "taken_back", starts_on=None)


def decline(act: Act, application: Application, reason: DeclineReason, words: str) -> None:
    """Say no. Staff's reason stays with them; the letter says the same for each, with `words` if there are any.

    Raises Refused while a background check that they authorized is open: that ends by its own steps and letters
    (15 U.S.C. 1681b). One they were only asked for is stopped, if no other application needs it.
    """
    decide_on(act, application)
    if application.person_id is not None and has_open_check(act.db, application.person_id):
        raise Refused(text("This can't be declined yet. Call the screener first."))
    move(
        act,
        application,
        ApplicationState.DECLINED,
        "declined",
        reason,
        decline_reason=reason,
        reason=words,
    )
    if application.person is not None:
        settle_status(act.db, application.person)
        stop_asking(act, application.person.id)
    if reason not in SILENT:
        tell_applicant(act, message_kinds.DECLINED, application)


SILENT = (DeclineReason.DUPLICATE, DeclineReason.NOT_REAL)
"""Reasons after which no letter goes out."""


UNDERWAY = tuple(one for one in OPEN_CHECKS if one is not CheckState.ASKED)


def has_open_check(db: Session, person_id: int) -> bool:
    """Whether a background check is open that a person authorized."""
    found = exists().where(
        BackgroundCheck.person_id == person_id, BackgroundCheck.state.in_(UNDERWAY)
    )
    return bool(db.scalar(select(found)))


def assign(act: Act, application: Application, owner_id: int | None) -> None:
    """Have someone of the program's staff look after an application, or no one in particular."""
    decide_on(act, application)
    if application.state not in OPEN_APPLICATIONS:
        raise Refused(ANSWERED)
    may = owners_of(act.db, application.program_id)
    if owner_id is not None and (owner_id not in may or owner_id == application.person_id):
        raise Refused(fields={"owner": text("Select someone from the list.")})
    if owner_id == application.owner_id:
        return
    application.owner_id = owner_id
    note_step(act, application, "assigned")
    if owner_id is not None:
        notify(act, message_kinds.NEWS, application, [owner_id], told={"what": "assigned"})


def note(act: Act, application: Application, words: str) -> None:
    """Write a note into the history of an application."""
    note_step(act, application, "noted", words)


def write_answers(act: Act, application: Application, values: Mapping[str, Any]) -> None:
    """Write down what an applicant said to the questions of the role that they did not answer yet."""
    decide_on(act, application)
    if application.state not in OPEN_APPLICATIONS:
        raise Refused(ANSWERED)
    if not keep_answers(act, application, values):
        raise Refused(text("Enter at least one answer."))
    note_step(act, application, "answered")


AT_MOST = 50
"""Of how many the worker warns in one round."""


def answers_due(at: datetime, zone: str) -> Select[int]:
    """The applications whose promised day is the next business day or has come, and of which no one was warned
    yet."""
    day = clock.business_day_after(clock.local_day(at, zone), 1)
    return (
        select(Application.id)
        .where(
            Application.answered_at.is_(None),
            Application.answer_by <= day,
            Application.state == ApplicationState.SUBMITTED,
            Application.warned_at.is_(None),
        )
        .order_by(Application.answer_by, Application.id)
    )


def warn(act: Act, application_id: int, zone: str) -> None:
    """Warn whoever looks after an application, once, that its promised first answer is nearly due."""
    if act.db.scalar(answers_due(act.at, zone).where(Application.id == application_id)) is None:
        return
    application = act.db.get_one(Application, application_id)
    application.warned_at = act.at
    notify(act, message_kinds.DUE, application, staff_of(act.db, application))
