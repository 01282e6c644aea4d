"""Sessions as calendar events, as neutral as their programs ask for (CALENDARS 6, SECURITY P2, P10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from portal.db import rows
from portal.ical import Happening
from portal.programs.models import Program, Site, Visibility
from portal.settings import Settings
from portal.training.models import (
    Course,
    CourseSession,
    Enrolment,
    EnrolmentState,
    SessionTrainer,
)
from portal.web.words import CATALOGS, in_language, text

BACK, AHEAD, SHOWN_CANCELLED = timedelta(days=60), timedelta(days=365), timedelta(days=30)
TRAINING = text("Training")
ONLINE = text("Online, the link is in the portal")

_earlier = aliased(Enrolment)
_OVER = (
    EnrolmentState.WITHDRAWN, EnrolmentState.REMOVED, EnrolmentState.CALLED_OFF,
)  # fmt: skip
_before = (
    _earlier.session_id == CourseSession.id,
    _earlier.person_id == Enrolment.person_id,
    _earlier.state.in_(_OVER),
)
_ended_before = select(func.count()).where(*_before).scalar_subquery()
_last_ended = select(func.max(_earlier.ended_at)).where(*_before).scalar_subquery()
_once = aliased(SessionTrainer)
_gave = (
    _once.session_id == CourseSession.id,
    _once.person_id == SessionTrainer.person_id,
    _once.ended_at.is_not(None),
)
_gave_before = select(func.count()).where(*_gave).scalar_subquery()
_last_gave = select(func.max(_once.ended_at)).where(*_gave).scalar_subquery()
_SESSION = (
    CourseSession.id.label("session_id"), CourseSession.starts_at, CourseSession.ends_at,
    CourseSession.zone, CourseSession.called_off_at, CourseSession.called_off_reason,
    CourseSession.sequence, CourseSession.revised_at,
    (CourseSession.online_link != "").label("online"), Course.id.label("course_id"),
    Course.name.label("course"), Course.translations.label("course_translations"),
    Course.program_id, Program.name.label("program"), Program.public_label, Program.visibility,
    Program.translations.label("program_translations"), Program.contact_name,
    Program.contact_phone, Site.name.label("site"), Site.address, Site.confidential,
)  # fmt: skip


def _with_place(statement: Any) -> Any:
    return (
        statement.join(CourseSession, CourseSession.course_id == Course.id)
        .outerjoin(Program, Program.id == Course.program_id)
        .outerjoin(Site, Site.id == CourseSession.site_id)
    )


ABOUT = _with_place(
    select(
        Enrolment.id, Enrolment.state, Enrolment.person_id, Enrolment.since, Enrolment.answer_by,
        Enrolment.reason, Enrolment.result, *_SESSION, _ended_before.label("ended_before"),
        _last_ended.label("last_ended"),
    ).select_from(Course)
).join(Enrolment, Enrolment.session_id == CourseSession.id)  # fmt: skip
"""An enrolment with its session, as messages and calendars need it."""

OF_TRAINER = _with_place(
    select(
        SessionTrainer.id, SessionTrainer.person_id, SessionTrainer.ended_at, *_SESSION,
        literal("").label("reason"), CourseSession.revised_at.label("since"),
        _gave_before.label("ended_before"), _last_gave.label("last_ended"),
    ).select_from(Course)
).join(SessionTrainer, SessionTrainer.session_id == CourseSession.id)  # fmt: skip
"""Somebody who gives a session, with it."""

_WINDOW = (
    CourseSession.ends_at > bindparam("first"),
    CourseSession.starts_at < bindparam("last"),
)
_CANCELLED = CourseSession.called_off_at > bindparam("cancelled_since")
_FEED = (
    ABOUT.where(
        Enrolment.person_id == bindparam("person_id"),
        *_WINDOW,
        or_(
            and_(Enrolment.state == EnrolmentState.ENROLLED, CourseSession.called_off_at.is_(None)),
            and_(Enrolment.state == EnrolmentState.CALLED_OFF, _CANCELLED),
        ),
    )
    .order_by(CourseSession.starts_at, Enrolment.id)
    .limit(1000)
)
_GIVEN = (
    OF_TRAINER.where(
        SessionTrainer.person_id == bindparam("person_id"),
        SessionTrainer.ended_at.is_(None),
        *_WINDOW,
        or_(CourseSession.called_off_at.is_(None), _CANCELLED),
    )
    .order_by(CourseSession.starts_at, SessionTrainer.id)
    .limit(1000)
)


def is_private(row: Any) -> bool:
    """Whether the program of a course goes by its label outside the portal."""
    return row.visibility is not None and row.visibility != Visibility.PUBLIC


def what_of(row: Any, language: str) -> str:
    """What a course is called outside the portal: its name; the label of a sensitive program."""
    if is_private(row):
        label = in_language(language, row.public_label, row.program_translations, "public_label")
        return f"{CATALOGS[language].say(TRAINING)}, {label}"
    return in_language(language, row.course, row.course_translations, "name")


def place_of(row: Any, language: str) -> str:
    """Where a session is, where that may leave the portal; else nothing."""
    if row.online and not row.site:
        return CATALOGS[language].say(ONLINE)
    if row.confidential or is_private(row) or not row.site:
        return ""
    return ", ".join(filter(None, (row.site, row.address)))


def happening_of(
    row: Any, settings: Settings, language: str, *, cancelled: bool = False
) -> Happening:
    """A session as a calendar event. Whoever enrols again has a later one than was withdrawn."""
    private = row.confidential or is_private(row)
    moments = (row.revised_at, row.since, row.last_ended)
    contact = (row.program, row.contact_name, row.contact_phone)
    return Happening(
        uid=f"session-{row.session_id}@{settings.host}",
        sequence=row.sequence + row.ended_before,
        revised_at=max(one for one in moments if one),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=what_of(row, language),
        location=place_of(row, language),
        description="" if private else " · ".join(filter(None, contact)),
        url=f"{settings.base_url.rstrip('/')}/training/sessions/{row.session_id}",
        cancelled=cancelled or row.called_off_at is not None,
    )


def feed_of(
    db: Session, person_id: int, settings: Settings, language: str, at: datetime
) -> Sequence[Happening]:
    """The sessions a person takes or gives as events: 60 days back and 365 ahead, and for 30 days those
    that were called off (CALENDARS 7, 8)."""
    parameters: Mapping[str, Any] = {
        "person_id": person_id,
        "first": at - BACK,
        "last": at + AHEAD,
        "cancelled_since": at - SHOWN_CANCELLED,
    }
    found: dict[int, Happening] = {}
    for statement in (_FEED, _GIVEN):
        for row in rows(db, statement, parameters):
            found[row.session_id] = happening_of(row, settings, language)
    return list(found.values())
