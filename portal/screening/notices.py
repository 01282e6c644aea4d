"""What people are told while an applicant is screened: the words, and when each is true."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import Envelope, Notice, Notices, Saying
from portal.programs.application_models import OPEN_APPLICATIONS, Application
from portal.recruitment.links import application_path
from portal.screening.message_kinds import MORE, REFERENCE, REMINDER
from portal.screening.models import Reference, ReferenceState
from portal.screening.reference_links import reference_path
from portal.screening.references import lacks_one
from portal.settings import Settings
from portal.words import text


def _asked(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(Reference, to.subject_id)
    if row is None or row.state != ReferenceState.ASKED or row.ends_at <= at or not row.email:
        return None
    if row.application.state not in OPEN_APPLICATIONS:
        return None
    last = clock.local_day(row.ends_at, settings.timezone)
    link = (text("Give a reference"), reference_path(settings, row.link_id))
    return Saying({"day": clock.day_text(last, to.language, at.year)}, link=link)


def _more(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    application = db.get(Application, to.subject_id)
    if application is None:
        return None
    if not lacks_one(db, application, settings, clock.local_day(at, settings.timezone)):
        return None
    path = application_path(settings, application.link_id)
    return Saying(link=(text("Name someone"), path))


NOTICES: Notices = {
    REFERENCE.name: Notice(
        REFERENCE,
        text("Reference asked (people an applicant named)"),
        text("Could you give a reference?"),
        text(
            "Hello {name},\n\nSomeone who wants to volunteer with {agency} gave us your name. Open "
            "the link to see who it is. It takes about five minutes, and we won't show them your "
            "answer. The link works until {day}. If you don't know anything about this, you can "
            "ignore this email."
        ),
        _asked,
        ("day",),
    ),
    MORE.name: Notice(
        MORE,
        text("One more reference needed (applicants)"),
        text("Your application: please name one more person"),
        text(
            "Hello {name},\n\nWe need one more reference. Open the link and name someone who knows "
            "you, but isn't family. Questions? Call {phone}."
        ),
        _more,
    ),
    REMINDER.name: Notice(
        REMINDER,
        text("Reference reminder (people an applicant named)"),
        text("Could you give a reference? A reminder"),
        text(
            "Hello {name},\n\nSomeone who wants to volunteer with {agency} is still waiting for your "
            "reference. It takes about five minutes. The link works until {day}."
        ),
        _asked,
        ("day",),
    ),
}
