"""What an applicant does: sending an application, taking it back, and saying yes to a role."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import clock
from portal.act import Act
from portal.agency.settings import value_of
from portal.messages.kinds import Kind
from portal.messages.outside import Outsider, tell_outsider
from portal.people import addresses
from portal.people.identity_models import ProvedHow
from portal.people.memberships import coordinators_of
from portal.people.models import Membership, Person, Status
from portal.people.notify import notify
from portal.people.people import lock_people
from portal.permissions import GRANTS, NOBODY, Permission
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationState,
)
from portal.programs.applications import (
    ANSWERED,
    engagements,
    move,
    note_step,
    open_application,
    settle_status,
)
from portal.programs.models import Position
from portal.programs.placements import check_can_serve, has_role, note_applicant, place
from portal.recruitment import message_kinds, waits
from portal.recruitment.drafts import lock_draft
from portal.recruitment.links import new_link
from portal.recruitment.listing import public_opportunity
from portal.recruitment.models import ApplicationDraft, Opportunity
from portal.recruitment.question_files import keep_all
from portal.recruitment.said import check_age
from portal.recruitment.settings import FIRST_ANSWER_DAYS
from portal.requirements import checks
from portal.requirements.applying import before_placing
from portal.requirements.check_models import BackgroundCheck, CheckState
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from portal.words import text

TYPED = ("name", "email", "phone", "why", "times", "heard_note", "agency_job")
"""The texts of a form that an application keeps."""


def send_draft(
    act: Act, draft: ApplicationDraft, values: Mapping[str, Any], settings: Settings
) -> Application:
    """Send a draft: what was typed becomes an application. Sending it twice is sending it once."""
    lock_draft(act.db, draft)
    if draft.application is not None:
        return draft.application
    today = clock.local_day(act.at, settings.timezone)
    public = public_opportunity(today).where(Opportunity.id == draft.opportunity_id)
    if act.db.scalar(public) is None:
        raise Refused(text("This role isn't open to new volunteers."))
    person = act.db.get_one(Person, draft.person_id) if draft.person_id else None
    opportunity = act.db.get_one(Opportunity, draft.opportunity_id)
    application = submit(
        act, opportunity.position, values, settings, person=person, opportunity=opportunity
    )
    application.source, application.together = draft.source, draft.together
    keep_all(act, draft, application, values)
    draft.application_id, draft.data, draft.email = application.id, "{}", ""
    return application


def submit(
    act: Act,
    position: Position,
    values: Mapping[str, Any],
    settings: Settings,
    *,
    person: Person | None = None,
    opportunity: Opportunity | None = None,
) -> Application:
    """Take an application in, from its applicant or (`act.asked` set) as staff wrote it down.

    Promises a first answer, keeps when we said they would start, and confirms it to them. Raises Refused for
    someone who has the role, or applied already.
    """
    today = clock.local_day(act.at, settings.timezone)
    _check_may_apply(act.db, position, person, today)
    adult_on = person.adult_on if person else values.get("adult_on")
    check_age(position, adult_on, today)
    application = Application(
        adult_on=adult_on,
        **{name: values.get(name) or "" for name in TYPED},
        heard=values.get("heard") or None,
        language=person.language if person else values["language"],
        person_id=person and person.id,
        position_id=position.id,
        program_id=position.program_id,
        opportunity_id=opportunity and opportunity.id,
        state=ApplicationState.SUBMITTED,
        state_since=act.at,
        received_at=act.at,
        asked=act.asked,
        **_promises(act, position, today, settings),
        **new_link(settings),
    )
    act.db.add(application)
    if person is not None:
        note_applicant(act.db, person, act.at)
    note_step(act, application, "submitted")
    tell_applicant(act, message_kinds.RECEIVED, application)
    return application


def _check_may_apply(db: Session, position: Position, person: Person | None, today: date) -> None:
    if person is None:
        if position.closed_at or position.program.closed_at:
            raise Refused(text("This role isn't open to new volunteers."))
        return
    check_can_serve(db, person, position)
    if has_role(db, person.id, position.id, today):
        raise Refused(text("%(name)s already has this role.", name=person.name))
    if open_application(db, person.id, position.id):
        raise Refused(text("You already applied for this role."))


def _promises(act: Act, position: Position, today: date, settings: Settings) -> dict[str, Any]:
    """By when we answer, and between which days most people start: what the applicant is told."""
    days = value_of(act.db, FIRST_ANSWER_DAYS, settings, position.program_id)
    expected = waits.estimate(waits.of_position(act.db, position.id, act.at).whole, today, today)
    return {
        "answer_by": clock.business_day_after(today, days),
        "expected_from": expected and expected.first,
        "expected_to": expected and (expected.last or expected.half),
    }


def tell_applicant(
    act: Act,
    kind: Kind,
    application: Application,
    about: Any = None,
    *,
    starts_at: datetime | None = None,
) -> None:
    """Tell an applicant about their application, or something `about` it: as everyone with a record is told
    or, while that has no address, by mail to the one they gave, which says nothing that they typed (SECURITY
    F6)."""
    person, about = application.person, about or application
    if person is not None and (person.email or not application.email):
        notify(act, kind, about, [person.id], starts_at=starts_at)
        return
    if not application.email:
        return
    act.db.flush()
    whom = Outsider("", application.language, application.email)
    kind = message_kinds.CLOSED if kind is message_kinds.DECLINED else kind
    tell_outsider(
        act, kind, (about.noun, about.id), whom,
        program_id=application.program_id, starts_at=starts_at,
    )  # fmt: skip


def prove_email(act: Act, application: Application) -> None:
    """Note that the applicant reads the address they gave. Where they have a record without any, it is theirs
    from now on, and admits them (SECURITY A10)."""
    lock_application(act.db, application)
    if not application.email:
        raise NotFound
    if application.email_proved_at is None:
        application.email_proved_at = act.at
        note_step(act, application, "confirmed")
    give_address(act, application)


def give_address(act: Act, application: Application) -> None:
    """Put a proved address on the record of its applicant, unless that has one."""
    person = application.person
    if person is None or application.email_proved_at is None or person.email:
        return
    addresses.set_address(act.db, person, application.email)
    addresses.prove_address(act, person.id, application.email, ProvedHow.INVITATION)


def lock_application(db: Session, application: Application, *others: int) -> None:
    """Lock an application until the transaction ends, and read it anew. Its applicant is locked before it, as
    wherever someone ends, and so are `others` whom it is about."""
    people = {*others, *([application.person_id] if application.person_id is not None else [])}
    if people:
        lock_people(db, sorted(people))
    db.flush()
    found = db.get(
        Application,
        application.id,
        populate_existing=True,
        with_for_update={"of": Application, "key_share": True},
    )
    if found is None:
        raise NotFound


def withdraw(act: Act, application: Application) -> None:
    """The applicant takes an application back; its owner, or the coordinators, are told."""
    lock_application(act.db, application)
    if application.state not in OPEN_APPLICATIONS:
        raise Refused(ANSWERED)
    move(act, application, ApplicationState.WITHDRAWN, "withdrawn")
    if application.person is not None:
        settle_status(act.db, application.person)
        stop_asking(act, application.person.id)
    tell_staff(act, application, "withdrawn")


NOT_YET = text("Something is missing before you can have this role. Sign in to see it, or call us.")


def accept_role(act: Act, application: Application, zone: str, *, staff: bool = False) -> None:
    """The applicant says yes to the role that was offered: they have it from the day staff chose, or today.

    Raises Refused where something is missing that the role asks for before it begins: with the words for
    `staff`, or one sentence that says nothing of the record to whoever has the link.
    """
    lock_application(act.db, application)
    if application.state != ApplicationState.ACCEPTED or application.person is None:
        raise Refused(ANSWERED)
    today = clock.local_day(act.at, zone)
    starts_on = max(application.starts_on or today, today)
    person, position = application.person, application.position
    missing: Sequence[Any] = before_placing(act.db, person, position.id, starts_on)
    if missing and not staff:
        missing = (NOT_YET,)
    place(act, person, position, starts_on, missing=missing)
    tell_applicant(act, message_kinds.WELCOME, application)
    tell_staff(act, application, "said_yes")


def tell_staff(act: Act, application: Application, what: str) -> None:
    """Tell the owner of an application, or where it has none its program's coordinators, what happened."""
    people = staff_of(act.db, application)
    notify(act, message_kinds.NEWS, application, people, told={"what": what})


def stop_asking(act: Act, person_id: int) -> None:
    """Stop the checks that someone was asked for and did not authorize, if they have no role and no other open
    application."""
    engaged = engagements()
    if act.db.scalar(select(engaged.c.person_id).where(engaged.c.person_id == person_id).limit(1)):
        return
    asked = select(BackgroundCheck).where(
        BackgroundCheck.person_id == person_id, BackgroundCheck.state == CheckState.ASKED
    )
    portal = act.but(by=NOBODY)  # whoever withdraws decides nothing about their own documents
    for check in act.db.scalars(asked.order_by(BackgroundCheck.id)).all():
        checks.stop(portal, check)


def staff_of(db: Session, application: Application) -> list[int]:
    """Who is told about an application: its owner while they may decide on it, else the coordinators."""
    owner = application.owner_id
    if owner is not None and owner in owners_of(db, application.program_id):
        return [owner]
    return coordinators_of(db, application.program_id)


def owners_of(db: Session, program_id: int) -> dict[int, str]:
    """Who may look after applications to a program, by id: its staff and the agency's who decide on roles, and
    are not away."""
    roles = [role for role, grants in GRANTS.items() if Permission.PLACEMENTS_DECIDE in grants]
    staff = select(Membership.person_id).where(
        Membership.until.is_(None),
        Membership.role.in_(roles),
        Membership.program_id.is_(None) | (Membership.program_id == program_id),
    )
    rows: Any = db.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(staff), Person.status.not_in((Status.ENDED, Status.ON_LEAVE)))
        .order_by(Person.name)
        .limit(200)
    )
    return {row.id: row.name for row in rows}
