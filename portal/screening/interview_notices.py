"""What people are told about interviews: the words, when each is true, and the calendar entry."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.ical import Happening
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying, Topic, Urgency
from portal.occasions.telling import invitation
from portal.people.notify import notify
from portal.programs.application_models import OPEN_APPLICATIONS
from portal.recruitment import applications
from portal.recruitment.links import application_path
from portal.screening.interview_models import How, Interview, InterviewState
from portal.settings import Settings
from portal.words import CATALOGS, Words, text

OFFERED = Kind("interview.offered", Urgency.SOON, calls=True)
BOOKED = Kind("interview.booked", Urgency.SOON, calls=True, to_actor=True)
MOVED = Kind("interview.moved", Urgency.SOON, calls=True, to_actor=True)
CANCELED = Kind("interview.canceled", Urgency.SOON, calls=True, to_actor=True)
NONE_FITS = Kind("interview.none_fits", Urgency.SOON)
REMINDER = Kind("interview.reminder", Urgency.SOON, Topic.REMINDERS)
STAFF_REMINDER = Kind("interview.staff_reminder", Urgency.SOON, Topic.REMINDERS)

TITLE = text("Volunteer interview")
HOW_WORDS = {
    How.IN_PERSON: text("In person"),
    How.PHONE: text("By phone"),
    How.ONLINE: text("Online"),
}


def tell_applicant(act: Act, kind: Kind, row: Interview) -> None:
    """Tell the applicant."""
    applications.tell_applicant(act, kind, row.application, row, starts_at=row.starts_at)


def tell_interviewer(act: Act, kind: Kind, row: Interview) -> None:
    """Tell whoever asks the questions."""
    notify(act, kind, row, [row.interviewer_id], starts_at=row.starts_at)


def tell_both(act: Act, kind: Kind, row: Interview) -> None:
    """Tell the applicant and the interviewer."""
    act.db.flush()
    tell_applicant(act, kind, row)
    tell_interviewer(act, kind, row)


def happening(row: Any, settings: Settings, language: str, *, staff: bool) -> Happening:
    """An interview as a calendar event, which says neither who nor for which program."""
    path = f"/interviews/{row.id}" if staff else f"/me/applications/{row.application_id}"
    say = CATALOGS[language].say
    return Happening(
        uid=f"interview-{row.id}@{settings.host}",
        sequence=row.sequence,
        revised_at=row.revised_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=say(TITLE),
        location=say(HOW_WORDS[row.how]),
        url=settings.base_url.rstrip("/") + path,
        canceled=row.state == InterviewState.CANCELED,
    )


def _saying(row: Interview, to: Envelope, settings: Settings, at: datetime, method: str) -> Saying:
    staff = to.person_id == row.interviewer_id
    path = application_path(settings, row.application.link_id)
    link = (text("See the interview"), f"/interviews/{row.id}" if staff else path)
    values: dict[str, str] = {}
    facts: tuple[tuple[Words | str, str], ...] = ()
    invite = None
    if row.starts_at is not None:
        zone = settings.timezone
        values["when"] = clock.moment_text(row.starts_at, zone, to.language, at.year)
        facts = ((text("How"), CATALOGS[to.language].say(HOW_WORDS[row.how])),)
        if method:
            event = happening(row, settings, to.language, staff=staff)
            if not staff:  # whoever has no account opens it by their link
                event = replace(event, url=settings.base_url.rstrip("/") + path)
            invite = invitation(event, settings, method)
    return Saying(values, facts=facts, link=link, invite=invite)


def _while(*states: InterviewState, method: str = "", open: bool = True) -> Any:
    def say(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
        row = db.get(Interview, to.subject_id)
        if row is None or row.state not in states:
            return None
        if open and row.application.state not in OPEN_APPLICATIONS:
            return None
        if row.ends_at is not None and row.ends_at <= at:
            return None
        return _saying(row, to, settings, at, method)

    return say


def _notice(kind: Kind, title: Words, subject: Words, body: Words, say: Any, *names: str) -> Notice:
    return Notice(kind, title, subject, body, say, names)


_ALL = (
    _notice(
        OFFERED,
        text("Times for an interview (applicants)"),
        text("When can we meet you?"),
        text(
            "Hello {name},\n\nWe'd like to meet you before you start. Open the link and pick "
            "a time that suits you. Questions? Call {phone}."
        ),
        _while(InterviewState.OFFERED),
    ),
    _notice(
        BOOKED,
        text("Interview booked"),
        text("Interview: {when}"),
        text(
            "Hello {name},\n\nThe interview is on {when}. Open the link to see where, or to cancel it."
        ),
        _while(InterviewState.BOOKED, method="REQUEST"),
        "when",
    ),
    _notice(
        MOVED,
        text("Interview moved"),
        text("New time for the interview: {when}"),
        text(
            "Hello {name},\n\nThe interview has a new time: {when}. Open the link to see where, or to "
            "cancel it."
        ),
        _while(InterviewState.BOOKED, method="REQUEST"),
        "when",
    ),
    _notice(
        CANCELED,
        text("Interview canceled"),
        text("The interview was canceled"),
        text("Hello {name},\n\nThe interview was canceled. Questions? Call {phone}."),
        _while(InterviewState.CANCELED, method="CANCEL", open=False),
    ),
    _notice(
        NONE_FITS,
        text("No time fits (interviewers)"),
        text("An applicant picked none of your times"),
        text(
            "Hello {name},\n\nAn applicant picked none of the times you offered. Open the link to offer "
            "others."
        ),
        _while(InterviewState.CANCELED),
    ),
    _notice(
        REMINDER,
        text("Interview reminder"),
        text("Reminder: interview, {when}"),
        text("Hello {name},\n\nThis is a reminder of the interview on {when}."),
        _while(InterviewState.BOOKED),
        "when",
    ),
    _notice(
        STAFF_REMINDER,
        text("Interview reminder (interviewers)"),
        text("Reminder: interview, {when}"),
        text("Hello {name},\n\nThis is a reminder of the interview on {when}."),
        _while(InterviewState.BOOKED),
        "when",
    ),
)

NOTICES: Notices = {one.kind.name: one for one in _ALL}
