"""What parents, guardians, minors and staff are told about a consent: the words, and when each is true."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying
from portal.people.models import Status
from portal.programs.application_models import Application
from portal.recruitment.links import application_path
from portal.screening.guardian_links import guardian_path
from portal.screening.guardian_models import GuardianRequest, GuardianState
from portal.screening.guardian_needs import is_minor
from portal.screening.guardians import applications_of
from portal.screening.message_kinds import GUARDIAN, GUARDIAN_REMINDER, NOT_SIGNED, SIGNED
from portal.settings import Settings
from portal.words import Words, text


def _asked(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(GuardianRequest, to.subject_id)
    if row is None or row.state != GuardianState.ASKED or row.ends_at <= at or not row.email:
        return None
    today = clock.local_day(at, settings.timezone)
    if row.person.status == Status.ENDED or not is_minor(row.person, today):
        return None
    last = clock.local_day(row.ends_at, settings.timezone)
    link = (text("Read and sign"), guardian_path(settings, row.link_id))
    return Saying({"day": clock.day_text(last, to.language, at.year)}, link=link)


def _answered(state: GuardianState, db: Session, to: Envelope, settings: Settings) -> Saying | None:
    row = db.get(GuardianRequest, to.subject_id)
    if row is None or row.state != state:
        return None
    path = f"/people/{row.person_id}/guardian"
    if to.person_id == row.person_id:
        path = "/me/guardian"
    elif to.person_id is None:
        applied = db.scalar(applications_of(row).order_by(Application.id).limit(1))
        if applied is None:
            return None
        path = application_path(settings, applied.link_id)
    return Saying(link=(text("See the consent"), path))


def _notice(kind: Kind, words: Words, subject: Words, body: Words, state: GuardianState) -> Notice:
    return Notice(
        kind, words, subject, body, lambda db, to, settings, at: _answered(state, db, to, settings)
    )


NOTICES: Notices = {
    GUARDIAN.name: Notice(
        GUARDIAN,
        text("Consent asked (parents and guardians)"),
        text("Please read and sign: volunteering"),
        text(
            "Hello {name},\n\nSomeone under 18 would like to volunteer with {agency} and told us "
            "that you're their parent or guardian. Open the link to see who it is, and whether you "
            "agree. The link works until {day}. If you don't know anything about this, you can "
            "ignore this email."
        ),
        _asked,
        ("day",),
    ),
    GUARDIAN_REMINDER.name: Notice(
        GUARDIAN_REMINDER,
        text("Consent reminder (parents and guardians)"),
        text("Please read and sign: volunteering. A reminder"),
        text(
            "Hello {name},\n\nSomeone under 18 would like to volunteer with {agency} and is waiting "
            "for your consent. The link works until {day}."
        ),
        _asked,
        ("day",),
    ),
    SIGNED.name: _notice(
        SIGNED,
        text("Consent signed (minors and coordinators)"),
        text("A parent or guardian signed"),
        text("Hello {name},\n\nA parent or guardian signed the consent they were asked for."),
        GuardianState.SIGNED,
    ),
    NOT_SIGNED.name: _notice(
        NOT_SIGNED,
        text("Consent not given (minors and coordinators)"),
        text("A parent or guardian doesn't agree"),
        text(
            "Hello {name},\n\nA parent or guardian told us that they don't agree. Shifts aren't "
            "possible without their consent. Questions? Call {phone}."
        ),
        GuardianState.REFUSED,
    ),
}
