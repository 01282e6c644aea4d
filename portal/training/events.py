"""Sessions as calendar events, as neutral as their programs ask for (CALENDARS 6, SECURITY P2, P10)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from portal.ical import Happening
from portal.occasions.outside import (
    CANCELED_SINCE,
    ONLINE,
    calendar_of,
    happening,
    shown,
    site_of,
    title_of,
)
from portal.programs.models import Program, Site
from portal.reads import rows
from portal.settings import Settings
from portal.training.models import (
    Course,
    CourseSession,
    Enrolment,
    EnrolmentState,
    SessionTrainer,
)
from portal.words import CATALOGS, in_language, text

TRAINING = text("Training")

_earlier = aliased(Enrolment)
_OVER = (
    EnrolmentState.WITHDRAWN, EnrolmentState.REMOVED, EnrolmentState.CANCELED,
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
    CourseSession.zone, CourseSession.canceled_at, CourseSession.canceled_reason,
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
        Enrolment.id,
        Enrolment.state,
        Enrolment.person_id,
        Enrolment.since,
        Enrolment.answer_by,
        Enrolment.reason,
        Enrolment.result,
        *_SESSION,
        _ended_before.label("ended_before"),
        _last_ended.label("last_ended"),
    ).select_from(Course)
).join(Enrolment, Enrolment.session_id == CourseSession.id)
"""An enrolment with its session, as messages and calendars need it."""

OF_TRAINER = _with_place(
    select(
        SessionTrainer.id,
        SessionTrainer.person_id,
        SessionTrainer.ended_at,
        *_SESSION,
        literal("").label("reason"),
        CourseSession.revised_at.label("since"),
        _gave_before.label("ended_before"),
        _last_gave.label("last_ended"),
    ).select_from(Course)
).join(SessionTrainer, SessionTrainer.session_id == CourseSession.id)
"""Someone who gives a session, with it."""

_WINDOW = shown(CourseSession.starts_at, CourseSession.ends_at)
_CANCELED = CourseSession.canceled_at > CANCELED_SINCE
_FEED = (
    ABOUT.where(
        Enrolment.person_id == bindparam("person_id"),
        *_WINDOW,
        or_(
            and_(Enrolment.state == EnrolmentState.ENROLLED, CourseSession.canceled_at.is_(None)),
            and_(Enrolment.state == EnrolmentState.CANCELED, _CANCELED),
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
        or_(CourseSession.canceled_at.is_(None), _CANCELED),
    )
    .order_by(CourseSession.starts_at, SessionTrainer.id)
    .limit(1000)
)


def what_of(row: Any, language: str) -> str:
    """What a course is called outside the portal: its name; the label of a sensitive program."""
    own = in_language(language, row.course, row.course_translations, "name")
    return title_of(row, language, TRAINING, own)


def place_of(row: Any, language: str) -> str:
    """Where a session is, where that may leave the portal; else nothing."""
    return CATALOGS[language].say(ONLINE) if row.online and not row.site else site_of(row)


def happening_of(
    row: Any, settings: Settings, language: str, *, canceled: bool = False
) -> Happening:
    """A session as a calendar event."""
    name, path = f"session-{row.session_id}", f"/training/sessions/{row.session_id}"
    title, place = what_of(row, language), place_of(row, language)
    return happening(row, settings, name, title, place, path, canceled=canceled)


def feed_of(
    db: Session, person_id: int, settings: Settings, language: str, at: datetime
) -> Sequence[Happening]:
    """The sessions a person takes or gives as events, and for a while those that were canceled."""
    found: dict[int, Happening] = {}
    for statement in (_FEED, _GIVEN):
        for row in rows(db, statement, calendar_of(person_id, at)):
            found[row.session_id] = happening_of(row, settings, language)
    return list(found.values())
