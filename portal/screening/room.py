"""The screening review: looking who is alike, safety checks, and clearing those whom nothing holds."""

from datetime import date, datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.people.models import Phone
from portal.people.people import lock_people
from portal.programs.application_models import Application
from portal.requirements.change_models import Cause
from portal.requirements.credentials import not_own, note_change
from portal.requirements.review_models import ScreeningReview
from portal.screening import lists
from portal.screening.list_models import SafetyCheck
from portal.screening.room_scopes import to_clear, unreviewed


def to_look() -> Select[int]:
    """The applications about which it was not looked yet who is like them."""
    looked = exists().where(
        ScreeningReview.person_id == Application.person_id,
        ScreeningReview.program_id == Application.program_id,
    )
    return unreviewed().where(~looked).with_only_columns(Application.id).order_by(Application.id)


def look(act: Act, application_id: int, zone: str) -> None:
    """Look which entries of the list an applicant is like. Doing it twice is once."""
    application = act.db.get_one(Application, application_id)
    person = application.person
    if person is None:
        return
    lock_people(act.db, [person.id])
    if _review_of(act.db, person.id, application.program_id) is not None:
        return
    phones = act.db.scalars(select(Phone.number).where(Phone.person_id == person.id)).all()
    today = clock.local_day(act.at, zone)
    lists.find_matches(act, person, today, [*phones, application.phone], application.email)
    act.db.add(
        ScreeningReview(person_id=person.id, program_id=application.program_id, looked_at=act.at)
    )


def _review_of(db: Session, person_id: int, program_id: int) -> ScreeningReview | None:
    return db.scalar(
        select(ScreeningReview).where(
            ScreeningReview.person_id == person_id, ScreeningReview.program_id == program_id
        )
    )


def due(at: datetime, zone: str) -> Select[int]:
    """The applications whose review nothing holds any more."""
    today = clock.local_day(at, zone)
    found = to_clear(at, today)
    return found.with_only_columns(Application.id).order_by(Application.id)


def clear(act: Act, application_id: int, zone: str) -> None:
    """End the review of an application. Doing it twice is once."""
    application = act.db.get_one(Application, application_id)
    assert application.person_id is not None
    lock_people(act.db, [application.person_id])
    still = due(act.at, zone).where(Application.id == application_id)
    row = _review_of(act.db, application.person_id, application.program_id)
    if row is None or act.db.scalar(still) is None:
        return
    row.cleared_at, row.cleared_by_id = act.at, act.by.person_id
    note_change(act.db, [application.person_id], Cause.RULE, act.at)


def note_safe(act: Act, person_id: int, program_id: int, today: date) -> None:
    """Keep that someone was looked up in a program's own system, by whom, and on which day; nothing else."""
    not_own(act.by, person_id)
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
    act.db.flush()
    record(act, "safety.checked", row)
