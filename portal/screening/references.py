"""References: an applicant names people, each answers by a link of their own, and screeners alone read it."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import value_of
from portal.audit.log import record
from portal.db import lock_row
from portal.messages.envelopes import token_hash
from portal.messages.outside import Outsider, tell_outsider
from portal.permissions import Permission, Viewer
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationState,
    Hold,
)
from portal.programs.applications import ANSWERED
from portal.programs.scopes import in_viewers_programs
from portal.recruitment import review
from portal.recruitment.applications import lock_application, tell_applicant, tell_staff
from portal.requirements import credentials
from portal.requirements.models import Kind, Requirement, Validity
from portal.screening import message_kinds
from portal.screening.models import Reference, ReferenceState
from portal.screening.reference_links import reference_token
from portal.screening.settings import REFERENCES
from portal.screening.wanted import requirement_lacking
from portal.settings import Settings
from portal.web.errors import Refused
from portal.web.fields import phone_digits
from portal.words import text

LASTS = timedelta(days=30)
"""How long someone has to answer."""
REMINDED_AFTER = timedelta(days=7)
"""When someone who did not answer is reminded the first time."""
MOST = 6
"""How many people one application may name, those counted who did not answer."""


def visible_references(viewer: Viewer) -> Select[Reference]:
    """The references about applicants to the programs a screener screens for, never those about the viewer."""
    return (
        select(Reference)
        .join(Application, Application.id == Reference.application_id)
        .where(
            in_viewers_programs(Reference.program_id, viewer, Permission.SCREENING_HANDLE),
            Application.person_id.is_distinct_from(viewer.person_id),
            Application.erased_at.is_(None),
        )
    )


def to_read(viewer: Viewer) -> Select[Reference]:
    """The answers that no screener read yet."""
    return visible_references(viewer).where(
        Reference.state == ReferenceState.ANSWERED,
        Reference.accepted.is_(None),
        Application.state.in_(OPEN_APPLICATIONS),
    )


def to_call(viewer: Viewer, at: datetime) -> Select[Reference]:
    """Who has to be called for a reference: they gave no email, or did not answer in time."""
    return visible_references(viewer).where(
        Reference.state == ReferenceState.ASKED,
        or_(Reference.email == "", Reference.ends_at <= at),
        Application.state.in_(OPEN_APPLICATIONS),
    )


def wanted(db: Session, application: Application, today: date) -> Requirement | None:
    """The requirement for which the applicant has to name references now, if there is one: their role asks for
    it, they lack it, and the review began."""
    if application.state not in (ApplicationState.IN_REVIEW, ApplicationState.ON_HOLD):
        return None
    lacking = requirement_lacking(db, application, Kind.REFERENCE, today)
    return db.get_one(Requirement, lacking) if lacking is not None else None


def needed(db: Session, application: Application, settings: Settings) -> int:
    """How many references the program of an application wants."""
    return value_of(db, REFERENCES, settings, application.program_id)


def of_application(db: Session, application_id: int) -> Sequence[Reference]:
    """Whom an applicant named, the first one first, without those they took back."""
    return db.scalars(
        select(Reference)
        .where(Reference.application_id == application_id, Reference.state != ReferenceState.ENDED)
        .order_by(Reference.id)
    ).all()


def name_reference(
    act: Act, application: Application, values: Mapping[str, Any], settings: Settings
) -> Reference:
    """Name someone to be asked about an applicant. Whoever has an email is sent the form; that mail says
    nothing of what was typed (SECURITY F6)."""
    lock_application(act.db, application)
    requirement = wanted(act.db, application, clock.local_day(act.at, settings.timezone))
    if requirement is None:
        raise Refused(ANSWERED)
    _check(act.db, application, values)
    link_id = secrets.token_hex(16)
    row = Reference(
        application_id=application.id,
        program_id=application.program_id,
        requirement_id=requirement.id,
        state=ReferenceState.ASKED,
        **{name: values.get(name) or "" for name in ("name", "email", "phone", "knows")},
        language=application.language,
        asked_at=act.at,
        remind_at=act.at + REMINDED_AFTER if values.get("email") else None,
        ends_at=act.at + LASTS,
        link_id=link_id,
        link_hash=token_hash(reference_token(settings, link_id)),
    )
    act.db.add(row)
    act.db.flush()
    record(act, "reference.asked", row)
    tell(act, row, message_kinds.REFERENCE)
    return row


def may_name(db: Session, application: Application, today: date) -> bool:
    """Whether the applicant may name another one: their role wants some, and not too many were named, those
    counted that they took back."""
    there = select(func.count()).where(Reference.application_id == application.id)
    return wanted(db, application, today) is not None and (db.scalar(there) or 0) < MOST


def _check(db: Session, application: Application, values: Mapping[str, Any]) -> None:
    rows = db.scalars(select(Reference).where(Reference.application_id == application.id)).all()
    if len(rows) >= MOST:
        raise Refused(text("You named enough people. Call us if none of them can help."))
    email = (values.get("email") or "").lower()
    person = application.person
    own = {application.email.lower(), person.email.lower() if person else ""} - {""}
    if email in own:
        raise Refused(fields={"email": text("Name someone else, not yourself.")})
    there = [one for one in rows if one.state != ReferenceState.ENDED]
    again = text("You already named this person.")
    if email and email in {one.email.lower() for one in there}:
        raise Refused(fields={"email": again})
    digits = phone_digits(values.get("phone") or "")
    if digits and digits in {phone_digits(one.phone) for one in there}:
        raise Refused(fields={"phone": again})


def tell(act: Act, row: Reference, kind: Any) -> None:
    """Mail whoever was named, if they have an address."""
    if row.email:
        whom = Outsider("", row.language, row.email)
        tell_outsider(act, kind, ("reference", row.id), whom, program_id=row.program_id)


def take_back(act: Act, row: Reference) -> None:
    """The applicant takes a name back that did not answer yet; its link ends."""
    lock_row(act.db, row)
    if row.state == ReferenceState.ANSWERED:
        raise Refused(text("They already answered."))
    if row.state != ReferenceState.ENDED:
        row.state, row.remind_at = ReferenceState.ENDED, None
        record(act, "reference.ended", row)


SAID = ("known_since", "strengths", "concerns", "recommends")


def answer(act: Act, row: Reference, values: Mapping[str, Any], how: str) -> None:
    """Keep what someone says of the applicant: by their link, or as staff wrote it down. The first answer
    stays."""
    lock_row(act.db, row)
    if row.state not in (ReferenceState.ASKED, ReferenceState.CANNOT):
        raise Refused(text("This reference was already given."))
    for name in SAID:
        setattr(row, name, values[name])
    row.state, row.answered_at, row.how, row.remind_at = (
        ReferenceState.ANSWERED, act.at, how, None,
    )  # fmt: skip
    row.entered_by_id = act.by.person_id
    record(act, "reference.answered", row)


def cannot(act: Act, row: Reference, settings: Settings) -> None:
    """Someone says that they can't give a reference; staff and the applicant see it, and no reason. Where one
    is missing now, both are told."""
    lock_row(act.db, row)
    if row.state == ReferenceState.CANNOT:
        return
    if row.state != ReferenceState.ASKED:
        raise Refused(text("This reference was already given."))
    row.state, row.answered_at, row.remind_at = ReferenceState.CANNOT, act.at, None
    record(act, "reference.refused", row)
    act.db.flush()
    today = clock.local_day(act.at, settings.timezone)
    if lacks_one(act.db, row.application, settings, today):
        _tell_more(act, row.application)


def decide(act: Act, row: Reference, accepted: bool, settings: Settings) -> None:
    """A screener finds that a reference counts, or does not. With as many as the program wants, the requirement
    is met, a hold for references ends, and whoever looks after the application is told."""
    credentials.not_own(act.by, row.application.person_id or 0)
    lock_application(act.db, row.application)
    lock_row(act.db, row)
    if row.state != ReferenceState.ANSWERED or row.accepted is not None:
        raise Refused(text("Someone else already read this reference."))
    today = clock.local_day(act.at, settings.timezone)
    row.accepted, row.read_on, row.read_by_id = accepted, today, act.by.person_id
    record(act, "reference.read", row)
    application = row.application
    if application.state not in OPEN_APPLICATIONS:
        return
    there = of_application(act.db, application.id)
    if sum(one.accepted is True for one in there) >= needed(act.db, application, settings):
        prove(act, application, today)
    elif lacks_one(act.db, application, settings, today):
        _tell_more(act, application)


def lacks_one(db: Session, application: Application, settings: Settings, today: date) -> bool:
    """Whether the applicant has to name one more: fewer count, or still may, than are wanted."""
    if wanted(db, application, today) is None:
        return False
    return len(counting(of_application(db, application.id))) < needed(db, application, settings)


def counting(rows: Sequence[Reference]) -> list[Reference]:
    """The references that count or still may: asked, or answered and not left out."""
    gone = (ReferenceState.CANNOT, ReferenceState.ENDED)
    return [one for one in rows if one.state not in gone and one.accepted is not False]


def prove(act: Act, application: Application, today: date) -> None:
    """Enough references count: what the role asks for now is met, and a hold for them ends."""
    assert application.person_id is not None
    lacking = requirement_lacking(act.db, application, Kind.REFERENCE, today)
    if lacking is not None:
        requirement = act.db.get_one(Requirement, lacking)
        if requirement.validity != Validity.DATED:
            paper = credentials.Paper(today)
            credentials.write_down(act, application.person_id, requirement, paper)
    if application.hold == Hold.REFERENCES:
        review.resume(act, application)
    tell_staff(act, application, "references_in")


def _tell_more(act: Act, application: Application) -> None:
    """Ask the applicant for another name; staff learns that one is missing."""
    tell_applicant(act, message_kinds.MORE, application)
    tell_staff(act, application, "reference_missing")
