"""Certificates: that someone passed a course, as a page and as a tagged PDF with the same words."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal import clock, pdf
from portal.requirements.credentials import From, given_by, what_ended
from portal.settings import Settings
from portal.training.events import TRAINING
from portal.training.models import Enrolment
from portal.web.durations import duration_words
from portal.words import CATALOGS, in_language, text

TITLE = text("Certificate")


@dataclass(frozen=True)
class Certificate:
    """What a certificate says, word for word, in one language."""

    title: str
    agency: str
    says: str
    name: str
    passed: str
    course: str
    lines: tuple[str, ...]
    number: str
    language: str


def certificate_of(
    db: Session, enrolment: Enrolment, settings: Settings, language: str
) -> Certificate:
    """The certificate of a pass. It leaves the portal, so a sensitive program's course goes by its label."""
    say = CATALOGS[language].say
    course = enrolment.course
    when = _day(enrolment.day, language)
    lines = [say(text("on %(day)s", day=when))]
    if course.minutes:
        hours = duration_words(course.minutes)
        lines.append(say(text("This counts as %(hours)s of learning time.", hours=hours)))
    if until := good_until(db, enrolment):
        lines.append(say(text("Valid until %(day)s.", day=_day(until, language))))
    return Certificate(
        title=say(TITLE),
        agency=settings.agency_name,
        says=say(text("We certify that")),
        name=enrolment.person.name,
        passed=say(text("completed the training")),
        course=course_name(enrolment, language),
        lines=tuple(lines),
        number=say(text("Certificate number %(number)s", number=enrolment.id)),
        language=language,
    )


def _day(day: date, language: str) -> str:
    """A day with its year, since a certificate is kept."""
    return clock.day_text(day, language, 0)


def course_name(enrolment: Enrolment, language: str) -> str:
    """What a course is called on paper that leaves the portal."""
    course, program = enrolment.course, enrolment.course.program
    if program is not None and program.sensitive:
        label = in_language(language, program.public_label, program.translations, "public_label")
        return f"{CATALOGS[language].say(TRAINING)}, {label}"
    return in_language(language, course.name, course.translations, "name")


def good_until(db: Session, enrolment: Enrolment) -> date | None:
    """Until when what this pass gave is good, or was until it was revoked; None where it does not end, or
    gave nothing yet."""
    given = given_by(db, From("enrolment", enrolment.id))
    if given is None:
        return None
    ended = what_ended(db, given)
    return ended.effective_on - clock.ONE_DAY if ended else given.expires_on


def as_pdf(certificate: Certificate, at: datetime) -> bytes:
    """A certificate as tagged PDF (PDF/UA-1)."""
    return pdf.render("training/certificate.typ", vars(certificate), at)
