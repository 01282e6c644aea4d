"""Erasing applications that were declined or withdrawn years ago, and questions that were answered then.

An agency turns it on after a look at whom it touches. What counts stays: which role, when, how far, how they
heard of us. A hold with a reason stops it for one application.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, delete, func, literal_column, select, update
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import Setting, value_of
from portal.audit.log import record
from portal.messages.models import Message
from portal.people.models import Person
from portal.permissions import Permission
from portal.programs.application_models import Application, ApplicationEvent, ApplicationState
from portal.reads import read
from portal.recruitment.models import Inquiry
from portal.recruitment.question_models import ApplicationAnswer, ApplicationFile
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import text

ERASE = Setting(
    "erase_applications",
    text("Erase applications that were declined or withdrawn"),
    False,
    may=Permission.AGENCY_MANAGE,
    path="/applications/erasing",
)
YEARS = Setting(
    "keep_applications_years",
    text("Years until such an application is erased"),
    3,
    least=1,
    most=20,
    may=Permission.AGENCY_MANAGE,
    path="/applications/erasing",
)
ENDED = (ApplicationState.DECLINED, ApplicationState.WITHDRAWN)
SHOWN = 100


def old(years: int, at: datetime, zone: str) -> Select[Application]:
    """The applications that ended so many years ago, are not kept, and were not erased yet."""
    return select(Application).where(
        Application.state.in_(ENDED),
        Application.state_since < _limit(years, at, zone),
        Application.erased_at.is_(None),
        Application.kept_at.is_(None),
    )


def _limit(years: int, at: datetime, zone: str) -> datetime:
    day: date = clock.local_day(at, zone) - relativedelta(years=years)
    return clock.start_of_day(day, zone)


def old_questions(years: int, at: datetime, zone: str) -> Select[Inquiry]:
    """The questions that were answered so many years ago and still say who asked."""
    return select(Inquiry).where(
        Inquiry.answered_at < _limit(years, at, zone), Inquiry.name != literal_column("''")
    )


def due(db: Session, settings: Settings, at: datetime) -> Sequence[int]:
    """The applications to erase now, if the agency turned it on."""
    if not value_of(db, ERASE, settings):
        return ()
    years = value_of(db, YEARS, settings)
    found = old(years, at, settings.timezone).with_only_columns(Application.id)
    return db.scalars(found.order_by(Application.id).limit(SHOWN)).all()


def due_questions(db: Session, settings: Settings, at: datetime) -> Sequence[int]:
    """The questions to erase now, if the agency turned it on."""
    if not value_of(db, ERASE, settings):
        return ()
    years = value_of(db, YEARS, settings)
    found = old_questions(years, at, settings.timezone).with_only_columns(Inquiry.id)
    return db.scalars(found.order_by(Inquiry.id).limit(SHOWN)).all()


def erase(act: Act, application_id: int, settings: Settings) -> None:
    """Erase who applied and what they wrote, with the notes of its steps and where mail about it went. Looks
    again under the lock: one that is kept meanwhile stays. Doing it twice is once."""
    years = value_of(act.db, YEARS, settings)
    found = old(years, act.at, settings.timezone).where(Application.id == application_id)
    row = act.db.scalar(
        found.with_for_update(of=Application).execution_options(populate_existing=True)
    )
    if row is None:
        return
    row.person_id = row.owner_id = None
    for name in (
        "name",
        "email",
        "phone",
        "why",
        "times",
        "heard_note",
        "reason",
        "agency_job",
        "together",
    ):
        setattr(row, name, "")
    row.adult_on = None
    row.link_id, row.link_hash = secrets.token_hex(16), secrets.token_hex(32)
    row.erased_at = act.at
    act.db.execute(
        update(ApplicationEvent)
        .where(ApplicationEvent.application_id == row.id)
        .values(note="", by_id=None)
    )
    for table in (ApplicationAnswer, ApplicationFile):
        act.db.execute(delete(table).where(table.application_id == row.id))
    about = (Message.subject_kind == "application", Message.subject_id == row.id)
    act.db.execute(update(Message).where(*about).values(address="", told="", shown=""))
    record(act, "application.erased", row)


def erase_question(act: Act, inquiry_id: int, settings: Settings) -> None:
    """Erase who asked, what, and what they were told. Doing it twice is once."""
    years = value_of(act.db, YEARS, settings)
    found = old_questions(years, act.at, settings.timezone).where(Inquiry.id == inquiry_id)
    row = act.db.scalar(found.with_for_update(of=Inquiry))
    if row is None:
        return
    for name in ("name", "email", "phone", "words", "reply", "together"):
        setattr(row, name, "")
    about = (Message.subject_kind == "inquiry", Message.subject_id == row.id)
    act.db.execute(update(Message).where(*about).values(address="", told="", shown=""))
    record(act, "inquiry.erased", row)


def keep(act: Act, row: Application, reason: str) -> None:
    """Keep an application from being erased, with a reason."""
    if row.state not in ENDED:
        raise Refused(text("You can only keep one that was declined or withdrawn."))
    row.kept_at, row.kept_reason = act.at, reason
    record(act, "application.kept", row)


def end_keeping(act: Act, row: Application) -> None:
    """Let an application be erased again when its time comes."""
    if row.kept_at is not None:
        row.kept_at, row.kept_reason = None, ""
        record(act, "application.kept_no_more", row)


class OldLine(NamedTuple):
    """An application that would be erased."""

    id: int
    name: str
    state: ApplicationState
    state_since: datetime


def lines(db: Session, found: Select[Application]) -> Sequence[OldLine]:
    """The oldest of a scope."""
    called = func.coalesce(func.nullif(Person.name, ""), Application.name)
    query: Any = found.outerjoin(Person, Person.id == Application.person_id).with_only_columns(
        Application.id, called.label("name"), Application.state, Application.state_since
    )
    return read(db, OldLine, query.order_by(Application.state_since, Application.id).limit(SHOWN))


def count(db: Session, found: Any) -> int:
    """How many a scope has."""
    return db.scalar(found.with_only_columns(func.count()).order_by(None)) or 0
