"""The screening review: looking who is alike, a screener's pass, safety checks, and clearing whom nothing
holds."""

from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, exists, select, update

from portal import clock
from portal.act import Act
from portal.agency.settings import value_of
from portal.audit.log import record
from portal.people.models import Person
from portal.people.people import lock_people
from portal.programs.application_models import Application
from portal.requirements.change_models import Cause
from portal.requirements.credentials import not_own, note_change
from portal.requirements.review_models import ScreeningReview
from portal.requirements.review_settings import SAFETY_MONTHS
from portal.screening import lists
from portal.screening.holds import hold_now
from portal.screening.list_models import SafetyCheck
from portal.screening.room_scopes import (
    holding_match,
    to_clear,
    to_reopen,
    unreviewed,
    wrongly_held,
)
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import text


def to_look() -> Select[int]:
    """The applications about which it was not looked yet who is like them."""
    looked = exists().where(ScreeningReview.application_id == Application.id)
    return unreviewed().where(~looked).with_only_columns(Application.id).order_by(Application.id)


def look(act: Act, application_id: int, zone: str) -> None:
    """Look which entries of the list an applicant is like. Doing it twice is once."""
    application = act.db.get_one(Application, application_id)
    if application.person_id is None:
        return
    lock_people(act.db, [application.person_id])
    review_of(act, application, clock.local_day(act.at, zone))


def review_of(act: Act, application: Application, today: date) -> ScreeningReview:
    """The review of an application; with its first, it is looked who is like the applicant."""
    found = act.db.scalar(
        select(ScreeningReview)
        .where(ScreeningReview.application_id == application.id)
        .execution_options(populate_existing=True)
    )
    if found is not None:
        return found
    assert application.person is not None
    reached = lists.reached_by(act.db, application)
    lists.find_matches(act, application.person, application.program_id, today, reached)
    made = ScreeningReview(
        application_id=application.id,
        person_id=application.person_id,
        program_id=application.program_id,
        looked_at=act.at,
    )
    act.db.add(made)
    act.db.flush()
    return made


def pass_review(
    act: Act, application: Application, today: date, settings: Settings, *, safe: bool
) -> None:
    """A screener looked someone up, and nothing stands in the way; `safe` says that it was in the program's
    own system, of which only that, by whom and on which day is kept. Raises Refused while a likeness has to
    be compared."""
    assert application.person_id is not None
    not_own(act.by, application.person_id)
    lock_people(act.db, [application.person_id])
    row = review_of(act, application, today)
    waits = select(Application.id).where(
        Application.id == application.id,
        holding_match(Application.person_id, Application.program_id, today),
    )
    if act.db.scalar(waits) is not None:
        raise Refused(text("Compare them with the do-not-place list first."))
    if row.passed_at is None:
        row.passed_at, row.passed_by_id = act.at, act.by.person_id
        record(act, "review.passed", application)
    if safe:
        note_safe(act, application.person_id, application.program_id, today, settings)


def due(at: datetime, zone: str) -> Select[int]:
    """The applications whose review nothing holds any more."""
    found = to_clear(at, clock.local_day(at, zone))
    return found.with_only_columns(Application.id).order_by(Application.id)


def clear(act: Act, application_id: int, zone: str) -> None:
    """End the review of an application. Doing it twice is once."""
    _set(act, application_id, due(act.at, zone), act.at)


def due_to_reopen(at: datetime, zone: str) -> Select[int]:
    """The applications that were cleared before something was found."""
    found = to_reopen(clock.local_day(at, zone))
    return found.with_only_columns(Application.id).order_by(Application.id)


def reopen(act: Act, application_id: int, zone: str) -> None:
    """Take back that a review is done. Doing it twice is once."""
    _set(act, application_id, due_to_reopen(act.at, zone), None)


def _set(act: Act, application_id: int, still: Select[int], cleared_at: datetime | None) -> None:
    application = act.db.get_one(Application, application_id)
    assert application.person_id is not None
    lock_people(act.db, [application.person_id])
    if act.db.scalar(still.where(Application.id == application_id)) is None:
        return
    rows = update(ScreeningReview).where(ScreeningReview.application_id == application_id)
    act.db.execute(rows.values(cleared_at=cleared_at))
    note_change(act.db, [application.person_id], Cause.RULE, act.at)


def to_set_right(at: datetime, zone: str) -> Select[int]:
    """The people whose hold has to be set or lifted."""
    found = wrongly_held(clock.local_day(at, zone))
    return found.with_only_columns(Person.id).order_by(Person.id)


def set_right(act: Act, person_id: int, zone: str) -> None:
    """Hold someone who is on the list, or no longer. Doing it twice is once."""
    lock_people(act.db, [person_id])
    if act.db.scalar(to_set_right(act.at, zone).where(Person.id == person_id)) is None:
        return
    hold_now(act, person_id, clock.local_day(act.at, zone))


def note_safe(act: Act, person_id: int, program_id: int, today: date, settings: Settings) -> None:
    """Keep that someone was looked up in a program's own system, by whom, and on which day; nothing else."""
    not_own(act.by, person_id)
    months = value_of(act.db, SAFETY_MONTHS, settings)
    lock_people(act.db, [person_id])
    row = act.db.scalar(
        select(SafetyCheck).where(
            SafetyCheck.person_id == person_id, SafetyCheck.program_id == program_id
        )
    )
    if row is None:
        row = SafetyCheck(person_id=person_id, program_id=program_id)
        act.db.add(row)
    row.checked_on, row.checked_by_id = today, act.by.person_id
    row.repeat_on = today + relativedelta(months=months)
    act.db.flush()
    record(act, "safety.checked", row)
