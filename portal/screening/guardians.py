"""Parents and guardians: whom a minor names, and the consent that they sign for one program until a day.

The consent is a credential, so everything that asks for clearance judges it on the day of the work.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal import clock
from portal.act import Act
from portal.audit.log import record
from portal.db import lock_row
from portal.messages.envelopes import token_hash
from portal.messages.outside import Outsider, tell_outsider
from portal.people.memberships import coordinators_of
from portal.people.models import Person, Status
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.permissions import Permission, Viewer
from portal.programs.application_models import OPEN_APPLICATIONS, Application, Hold
from portal.programs.models import Placement, PlacementState, Position, Program
from portal.programs.scopes import in_viewers_programs
from portal.recruitment import review
from portal.recruitment.applications import lock_application, tell_applicant
from portal.requirements import credentials, decisions
from portal.requirements.built_in import CONSENT_NAME
from portal.requirements.models import Kind, Requirement, Validity, Verifier
from portal.screening import message_kinds
from portal.screening.guardian_links import guardian_token
from portal.screening.guardian_models import GuardianRequest, GuardianState
from portal.screening.guardian_needs import consent_of, is_minor, wanted_in
from portal.settings import Settings
from portal.web.errors import Refused
from portal.words import CATALOGS, text

LASTS = timedelta(days=30)
"""How long someone has to sign."""
CONSENT_LASTS = timedelta(days=365)
REMINDED_AFTER = timedelta(days=7)
MOST = 4
"""How many people a minor may name for one program, those counted whose name was taken back."""
SOURCE = "guardian_request"


def visible_requests(viewer: Viewer) -> Select[GuardianRequest]:
    """Whom minors named for the programs whose roles a viewer decides on."""
    return select(GuardianRequest).where(
        in_viewers_programs(GuardianRequest.program_id, viewer, Permission.PLACEMENTS_DECIDE)
    )


def to_call(viewer: Viewer, at: datetime) -> Select[GuardianRequest]:
    """Whom to call, since they gave no email or did not sign in time."""
    minor = aliased(Person)
    return visible_requests(viewer).where(
        GuardianRequest.state == GuardianState.ASKED,
        exists().where(
            minor.id == GuardianRequest.person_id,
            minor.status != Status.ENDED,
            minor.adult_on > at.date(),
        ),
        or_(GuardianRequest.email == "", GuardianRequest.ends_at <= at),
    )


def name_guardian(
    act: Act, person: Person, program_id: int, values: Mapping[str, Any], settings: Settings
) -> GuardianRequest:
    """Ask a parent or guardian to sign. Whoever has an email is sent the link; that mail says nothing of what
    was typed (SECURITY F6)."""
    lock_people(act.db, [person.id])
    act.db.refresh(person)
    wanted = wanted_in(act.db, person, program_id, clock.local_day(act.at, settings.timezone))
    if wanted is None or not wanted.asks:
        raise Refused(text("No consent is needed right now."))
    _check(act.db, person, program_id, values)
    link_id = secrets.token_hex(16)
    row = GuardianRequest(
        person_id=person.id,
        program_id=program_id,
        state=GuardianState.ASKED,
        **{name: values.get(name) or "" for name in ("name", "relation", "email", "phone")},
        language=person.language,
        asked_at=act.at,
        remind_at=act.at + REMINDED_AFTER if values.get("email") else None,
        ends_at=act.at + LASTS,
        link_id=link_id,
        link_hash=token_hash(guardian_token(settings, link_id)),
    )
    act.db.add(row)
    act.db.flush()
    record(act, "guardian.asked", row)
    tell(act, row, message_kinds.GUARDIAN)
    return row


def _check(db: Session, person: Person, program_id: int, values: Mapping[str, Any]) -> None:
    there = select(func.count()).where(
        GuardianRequest.person_id == person.id, GuardianRequest.program_id == program_id,
        GuardianRequest.state != GuardianState.SIGNED,
    )  # fmt: skip
    if (db.scalar(there) or 0) >= MOST:
        raise Refused(text("You named enough people. Call us if none of them can sign."))
    email = (values.get("email") or "").lower()
    typed = select(Application.id).where(
        Application.person_id == person.id, func.lower(Application.email) == email
    )
    if email and (email == person.email.lower() or db.scalar(typed.limit(1)) is not None):
        words = text("This is your own address. Enter theirs, or their phone number.")
        raise Refused(fields={"email": words})


def tell(act: Act, row: GuardianRequest, kind: Any) -> None:
    """Mail whoever was named, if they have an address."""
    if row.email:
        whom = Outsider("", row.language, row.email)
        tell_outsider(act, kind, (SOURCE, row.id), whom, program_id=row.program_id)


def take_back(act: Act, row: GuardianRequest) -> None:
    """Take a name back that did not sign yet; its link ends."""
    _lock(act.db, row)
    if row.state == GuardianState.SIGNED:
        raise Refused(text("They already signed."))
    if row.state != GuardianState.ENDED:
        row.state, row.remind_at = GuardianState.ENDED, None
        record(act, "guardian.ended", row)


def _lock(db: Session, row: GuardianRequest) -> None:
    """Lock the minor and what was asked about them until the transaction ends, and read it anew."""
    lock_people(db, [row.person_id])
    lock_row(db, row)


def last_day(person: Person, signed_on: date) -> date:
    """Until when a consent is good: for a year, but not past the day before the minor turns 18."""
    assert person.adult_on is not None
    return min(signed_on + CONSENT_LASTS, person.adult_on - clock.ONE_DAY)


def sign(
    act: Act,
    row: GuardianRequest,
    values: Mapping[str, Any],
    settings: Settings,
    *,
    signed_on: date | None = None,
) -> None:
    """Keep a consent: signed by link or, with the day it was `signed_on`, on paper. It counts from then on,
    ends a hold that waits for it, and gives the minor an emergency contact if they have none."""
    _lock(act.db, row)
    person, today = row.person, clock.local_day(act.at, settings.timezone)
    _check_may_sign(row, today, signed_on, settings)
    row.signed_on = signed_on or today
    row.until = last_day(person, row.signed_on)
    row.signed_name, row.phone = values["signed_name"], values["phone"]
    row.relation = values.get("relation") or row.relation
    row.how = "paper" if signed_on else "online"
    row.state, row.answered_at, row.remind_at = GuardianState.SIGNED, act.at, None
    row.entered_by_id = act.by.person_id
    row.ends_at = max(row.ends_at, clock.start_of_day(row.until + clock.ONE_DAY, settings.timezone))
    if not person.emergency_phone:
        person.emergency_name, person.emergency_phone = row.signed_name, row.phone
        person.emergency_relation = row.relation
    requirement = consent_requirement(act, row.program_id)
    paper = credentials.Paper(row.signed_on, row.until)
    credentials.write_down(
        act, person.id, requirement, paper, source=credentials.From(SOURCE, row.id)
    )
    record(act, "guardian.signed", row)
    _end_others(act.db, row)
    for application in act.db.scalars(applications_of(row)).all():
        lock_application(act.db, application)
        if application.hold == Hold.GUARDIAN:
            review.resume(act, application)
    _tell_all(act, row, message_kinds.SIGNED)


def _end_others(db: Session, row: GuardianRequest) -> None:
    """Wait no more for whoever else was named: one signature is enough."""
    same = (
        GuardianRequest.person_id == row.person_id,
        GuardianRequest.program_id == row.program_id,
    )
    waiting = GuardianRequest.state == GuardianState.ASKED
    db.execute(
        update(GuardianRequest)
        .where(*same, waiting)
        .values(state=GuardianState.ENDED, remind_at=None)
    )


def _check_may_sign(
    row: GuardianRequest, today: date, signed_on: date | None, settings: Settings
) -> None:
    if row.state not in (GuardianState.ASKED, GuardianState.REFUSED):
        raise Refused(text("This was already signed."))
    if not is_minor(row.person, today):
        raise Refused(text("They're 18 or older, so no consent is needed."))
    if signed_on is not None and not today - LASTS <= signed_on <= today:
        raise Refused(fields={"signed_on": text("Enter a date within the last 30 days.")})
    refused = row.answered_at if row.state == GuardianState.REFUSED else None
    if signed_on and refused and signed_on < clock.local_day(refused, settings.timezone):
        words = text("They told us after this day that they don't agree. Ask them again.")
        raise Refused(fields={"signed_on": words})


def refuse(act: Act, row: GuardianRequest, settings: Settings) -> None:
    """They don't agree, or not any more: what they signed ends today. Staff and the minor are told, and no
    reason."""
    _lock(act.db, row)
    if row.state == GuardianState.REFUSED:
        return
    if row.state not in (GuardianState.ASKED, GuardianState.SIGNED):
        raise Refused(text("This was already answered."))
    given = credentials.given_by(act.db, credentials.From(SOURCE, row.id))
    if given is not None and credentials.what_ended(act.db, given) is None:
        today = clock.local_day(act.at, settings.timezone)
        decisions.revoke(act, given, max(today, given.effective_on), "")
    row.state, row.answered_at, row.remind_at = GuardianState.REFUSED, act.at, None
    row.until = None
    record(act, "guardian.refused", row)
    _tell_all(act, row, message_kinds.NOT_SIGNED)


def applications_of(row: GuardianRequest) -> Select[Application]:
    """The open applications of the minor to the program."""
    return select(Application).where(
        Application.person_id == row.person_id,
        Application.program_id == row.program_id,
        Application.state.in_(OPEN_APPLICATIONS),
    )


def _tell_all(act: Act, row: GuardianRequest, kind: Any) -> None:
    """Tell the minor, where their application has the address, and the program's coordinators."""
    act.db.flush()
    applied = act.db.scalar(applications_of(row).order_by(Application.id).limit(1))
    if applied is not None:
        tell_applicant(act, kind, applied, row)
    else:
        notify(act, kind, row, [row.person_id])
    notify(act, kind, row, coordinators_of(act.db, row.program_id))


def consent_requirement(act: Act, program_id: int) -> Requirement:
    """The same, made when it is needed first."""
    act.db.scalar(
        select(Program.id).where(Program.id == program_id).with_for_update(key_share=True)
    )
    found = act.db.scalar(consent_of(program_id))
    if found is not None:
        found.closed_at = None
        return found
    made = Requirement(
        program_id=program_id,
        kind=Kind.GUARDIAN,
        name=CATALOGS["en"].say(CONSENT_NAME),
        translations={"es": {"name": CATALOGS["es"].say(CONSENT_NAME)}},
        validity=Validity.DATED,
        strict=True,
        verifier=Verifier.COORDINATOR,
    )
    act.db.add(made)
    act.db.flush()
    record(act, "requirement.added", made)
    return made


def roles_of(db: Session, row: GuardianRequest) -> Sequence[Position]:
    """The roles of the program in which the minor serves or wants to."""
    placed = select(Placement.position_id).where(
        Placement.person_id == row.person_id,
        Placement.program_id == row.program_id,
        Placement.state == PlacementState.ACTIVE,
    )
    applied = applications_of(row).with_only_columns(Application.position_id)
    ids = {*db.scalars(placed), *db.scalars(applied)}
    return db.scalars(select(Position).where(Position.id.in_(ids)).order_by(Position.name)).all()
