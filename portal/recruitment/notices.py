"""What applicants and staff are told about applications: the words, and when each is true."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationState,
)
from portal.recruitment import steps
from portal.recruitment.links import application_path, draft_path, mailed_path
from portal.recruitment.listing import public_opportunity
from portal.recruitment.message_kinds import (
    ACCEPTED,
    ANSWERED,
    CLOSED,
    DECLINED,
    DRAFT,
    DUE,
    HELD,
    INVITED,
    NEWS,
    RECEIVED,
    REVIEW,
    WELCOME,
)
from portal.recruitment.models import ApplicationDraft, Inquiry, Opportunity
from portal.settings import Settings
from portal.words import CATALOGS, Words, in_language, text

YOUR_APPLICATION = text("See your application")
A_ROLE = text("a volunteer role")
NEWS_WORDS: dict[str, Words] = {
    "withdrawn": text("The applicant withdrew."),
    "said_yes": text("The applicant accepted the role."),
    "assigned": text("An application was assigned to you."),
    "references_in": text("All references are in."),
    "reference_missing": text("Another reference is needed. The applicant has to name someone."),
}


def what_of(db: Session, application: Application, language: str) -> str:
    """What someone applied for, as mail may name it: nothing tells of a sensitive program (SECURITY P2)."""
    if application.position.program.sensitive:
        return CATALOGS[language].say(A_ROLE)
    opportunity = (
        db.get(Opportunity, application.opportunity_id) if application.opportunity_id else None
    )
    if opportunity is not None:
        return in_language(language, opportunity.title, opportunity.translations, "title")
    position = application.position
    return in_language(language, position.name, position.translations, "name")


def _draft(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    draft = db.get(ApplicationDraft, to.subject_id)
    if draft is None or draft.application_id is not None or draft.ends_at <= at:
        return None
    today = clock.local_day(at, settings.timezone)
    public = public_opportunity(today).where(Opportunity.id == draft.opportunity_id)
    if (opportunity := db.scalar(public)) is None:
        return None
    what = in_language(to.language, opportunity.title, opportunity.translations, "title")
    link = (text("Continue your application"), draft_path(settings, draft.link_id))
    return Saying({"what": what}, link=link)


def _invited(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    said = _draft(db, to, settings, at)
    return said and replace(said, link=(text("Apply"), said.link[1] if said.link else ""))


def _about(
    still: Callable[[Application], bool],
    db: Session,
    to: Envelope,
    settings: Settings,
    at: datetime,
) -> Saying | None:
    """What an applicant is told, while it is so."""
    application = db.get(Application, to.subject_id)
    if application is None or not still(application):
        return None
    if to.person_id is None and not application.email:
        return None  # it was joined to a record since; that one is told
    say = CATALOGS[to.language].say
    program = application.position.program
    values = {
        "what": what_of(db, application, to.language),
        "day": _day(application, to.language, at),
        "reason": application.reason,
        "why": say(steps.says(application)),
        "contact": "" if program.sensitive else program.contact_name,
        "contact_phone": "" if program.sensitive else program.contact_phone,
    }
    path = mailed_path if to.person_id is None else application_path
    link = (YOUR_APPLICATION, path(settings, application.link_id))
    lines = _next_steps(db, application, to, settings, at) if to.kind == REVIEW.name else ()
    return Saying(values, link=link, lines=lines)


def _next_steps(
    db: Session, application: Application, to: Envelope, settings: Settings, at: datetime
) -> tuple[str, ...]:
    """What the role asks for, by name, as the public page says it; nothing for a sensitive program."""
    if application.position.program.sensitive:
        return ()
    way = steps.own_steps(db, application, at, settings.timezone, signed_in=False)
    return tuple(
        in_language(to.language, step.proof.name, step.proof.translations, "name")
        for step in way
        if step.proof
    )


def _day(application: Application, language: str, at: datetime) -> str:
    if application.answer_by is None:
        return ""
    return clock.day_text(application.answer_by, language, at.year)


def _in(*states: ApplicationState) -> Any:
    return partial(_about, lambda application: application.state in states)


def _news(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    application = db.get(Application, to.subject_id)
    words = NEWS_WORDS.get(str(to.told.get("what", "")))
    if application is None or words is None:
        return None
    say = CATALOGS[to.language].say
    link = (text("See the application"), f"/applications/{application.id}")
    return Saying({"news": say(words)}, link=link)


def _answered(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(Inquiry, to.subject_id)
    if row is None or row.answered_at is None:
        return None
    link = (text("See ways to help"), "/opportunities")
    return Saying({"reply": row.reply}, link=link)


def _due(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    application = db.get(Application, to.subject_id)
    if application is None or application.answered_at or application.state not in OPEN_APPLICATIONS:
        return None
    link = (text("See the application"), f"/applications/{application.id}")
    return Saying({"day": _day(application, to.language, at)}, link=link)


_LETTER = text(
    "Hello {name},\n\nThank you for your interest. We can't offer you this role: {what}.\n\n{reason}\n\n"
    "You may ask us to review this. Call or write to {agency}, {phone}. We can also help you "
    "find another way to volunteer."
)


def _notice(kind: Kind, title: Words, subject: Words, body: Words, say: Any) -> Notice:
    return Notice(kind, title, subject, body, say, ("what", "day", "reason"))


_NOTICES = (
    Notice(
        DRAFT,
        text("Link to continue an application (applicants)"),
        text("Continue your application"),
        text(
            "Hello {name},\n\nSomeone used this email address to start an application: {what}. If it "
            "was you, open the link to continue. It works for 14 days. If it wasn't you, you can "
            "ignore this email."
        ),
        _draft,
        ("what",),
    ),
    Notice(
        INVITED,
        text("Link to apply along with someone (people applicants named)"),
        text("Would you like to volunteer, too?"),
        text(
            "Hello {name},\n\nSomeone who is applying to volunteer told us that you may want to come along: "
            "{what}. If so, open the link to apply. Each of you applies separately. The link works for 14 "
            "days; if you don't use it, we delete it."
        ),
        _invited,
        ("what",),
    ),
    _notice(
        RECEIVED,
        text("Application received (applicants)"),
        text("We got your application"),
        text(
            "Hello {name},\n\nThank you for applying: {what}. You'll hear from us by {day}. Open the "
            "link to see what comes next."
        ),
        _in(
            ApplicationState.SUBMITTED,
            ApplicationState.IN_REVIEW,
            ApplicationState.ON_HOLD,
            ApplicationState.ACCEPTED,
        ),
    ),
    _notice(
        REVIEW,
        text("Application in review (applicants)"),
        text("Your application: what comes next"),
        text(
            "Hello {name},\n\nWe read your application, and we'd like to move forward: {what}. "
            "These are your next steps. Questions? Call {contact}, {contact_phone}."
        ),
        _in(ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD),
    ),
    _notice(
        HELD,
        text("Application on hold (applicants)"),
        text("Your application is on hold"),
        text(
            "Hello {name},\n\n{why} It's about: {what}. Questions? Call {contact}, {contact_phone}."
        ),
        _in(ApplicationState.ON_HOLD),
    ),
    _notice(
        ACCEPTED,
        text("Role offered (applicants)"),
        text("We'd like to have you as a volunteer"),
        text(
            "Hello {name},\n\nGood news! We'd like you to join us: {what}. Open the link and "
            "select “Accept role”."
        ),
        _in(ApplicationState.ACCEPTED),
    ),
    _notice(
        DECLINED,
        text("Not selected (applicants)"),
        text("Your application"),
        _LETTER,
        _in(ApplicationState.DECLINED),
    ),
    _notice(
        CLOSED,
        text("Not selected (applicants without a record)"),
        text("Your application"),
        _LETTER,
        _in(ApplicationState.DECLINED),
    ),
    _notice(
        WELCOME,
        text("Welcome (new volunteers)"),
        text("Welcome! What comes next"),
        text(
            "Hello {name},\n\nWelcome! You now have this role: {what}. Open the link to see what's "
            "left to do before your first shift. Questions? Call {contact}, {contact_phone}."
        ),
        _in(ApplicationState.PLACED),
    ),
    Notice(
        NEWS,
        text("News about an application (staff)"),
        text("News about an application"),
        text("Hello {name},\n\n{news}"),
        _news,
        ("news",),
    ),
    Notice(
        ANSWERED,
        text("Question answered (public)"),
        text("Our answer to your question"),
        text("Hello {name},\n\nThank you for writing to us.\n\n{reply}"),
        _answered,
        ("reply",),
    ),
    Notice(
        DUE,
        text("First answer due (staff)"),
        text("An applicant is waiting for a first answer"),
        text(
            "Hello {name},\n\nWe promised an applicant a first answer by {day}. No one has "
            "answered yet."
        ),
        _due,
        ("day",),
    ),
)

NOTICES: Notices = {one.kind.name: one for one in _NOTICES}
