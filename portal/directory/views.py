"""The pages about people, for staff. They look across domains, so they stand above them."""

from typing import Any

from sqlalchemy import select

from portal.directory import notes, roles, supervision
from portal.directory.exit_forms import REASON_WORDS, RETURN_WORDS
from portal.domain import in_order
from portal.people import addresses, memberships
from portal.people.forms import (
    ROLE_WORDS,
    STATUS_WORDS,
    AskedByVoiceForm,
    MembershipForm,
    NewPersonForm,
    PersonForm,
)
from portal.people.models import Membership, Person, Status
from portal.people.people import add_person, person_values
from portal.people.views.skills import traits
from portal.permissions import Permission, Role
from portal.programs import authority, exits
from portal.programs.lookalikes import Description, Likeness, alike, lookalikes
from portal.programs.models import Program
from portal.programs.scopes import (
    is_managed,
    managed_people,
    one,
    visible_people,
)
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Preview, Refused, unless_seen
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import text

USE_CHECKLIST = text("Use “They're leaving” on their page. It shows what ends.")


def new(request: Request, form: NewPersonForm | None = None) -> Screen:
    """Add a new person; of one who was refused since others look alike, those."""
    likely = _likely(request, form) if form and isinstance(form.refusal, Preview) else []
    form = form or NewPersonForm(data={"status": Status.ACTIVE.value, "language": "en"})
    return screen(
        "directory/edit.html",
        form=form,
        person=None,
        statuses=_statuses(form, None),
        likely=likely,
        seen=Preview(likely).seen if likely else "",
    )


def _likely(request: Request, form: NewPersonForm) -> list[Likeness]:
    """People who may be the new one, as far as the viewer may assign roles to them."""
    phones = [one["number"] for one in form.values.get("phones", ()) if one["number"]]
    typed = Description(form.name.data, form.email.data, phones[0] if phones else "")
    found = lookalikes(request.db, request.viewer, typed)
    if form.same_household.data:  # whoever shares the address was asked about already
        found = [one for one in found if alike(one.name, typed.name)]
    return found


def _statuses(form: PersonForm, person: Person | None) -> list[Any]:
    """The statuses to choose from: becoming inactive has a checklist of its own, which shows what it ends."""
    ended = person is not None and person.status == Status.ENDED
    return [one for one in STATUS_WORDS.items() if ended or one[0] != Status.ENDED]


def create(request: Request, form: NewPersonForm) -> See:
    """Add a person. Raises Preview if someone looks alike who was not shown yet."""
    email, shared = form.email.data, bool(form.same_household.data)
    if not shared and authority.shared_with(request.db, request.viewer, email):
        raise Refused(fields={"email": authority.SAME_HOUSEHOLD})
    if likely := _likely(request, form):
        unless_seen(likely, form.seen.data)
    values = {name: value for name, value in form.values.items() if name != "seen"}
    person = add_person(request.act.but(asked=form.asked.data), values)
    return See(f"/people/{person.id}", text("%(name)s was added.", name=person.name))


def person_of(request: Request, person_id: int) -> Person:
    """A person one may see, or NotFound."""
    return one(request.db, visible_people(request.viewer), Person.id == person_id)


def managed(request: Request, person_id: int) -> Person:
    """A person one may change, or NotFound."""
    return one(request.db, managed_people(request.viewer), Person.id == person_id)


def show(
    request: Request, person_id: int, form: Any = None, supervision_id: int | None = None
) -> Screen:
    """A person: how to reach them, what they can and may do, when they are here, who looks after them."""
    person = person_of(request, person_id)
    given = [one.person(request, person_id) for one in request.portal.domains if one.person]
    return screen(
        "directory/show.html",
        person=person,
        form=form,
        panels=in_order(panel for panels in given for panel in panels),
        status_words=STATUS_WORDS,
        **roles.card(request, person, form),
        **_signing_in(request, person, form),
        **_staff_roles(request, person_id, form),
        **traits(request, person_id),
        **supervision.card(request, person, form, supervision_id),
        **notes.card(request, person_id, form),
        left=exits.last_exit(request.db, request.viewer, person_id),
        reasons=REASON_WORDS,
        returns=RETURN_WORDS,
    )


def _signing_in(request: Request, person: Person, form: Any) -> dict[str, Any]:
    """How a person gets in, and what the viewer may do about it."""
    return {
        "has_account": addresses.has_account(request.db, person.id),
        "proved": addresses.is_proved(request.db, person.id, person.email),
        "proposal": addresses.proposed(request.db, person.id),
        "managed": is_managed(request.db, request.viewer, person.id),
        "vouching": form_of(form, AskedByVoiceForm),
    }


def _staff_roles(request: Request, person_id: int, form: Any) -> dict[str, Any]:
    """A person's staff roles, for those who give them."""
    agency_wide = request.viewer.everywhere(Permission.AGENCY_MANAGE)
    return {
        "agency_wide": agency_wide,
        "memberships": _memberships(request, person_id) if agency_wide else [],
        "granting": form_of(form, MembershipForm),
        "program_options": _programs(request) if agency_wide else [],
        "role_words": ROLE_WORDS,
    }


def _memberships(request: Request, person_id: int) -> Any:
    return request.db.execute(
        select(Membership.id, Membership.role, Membership.since, Program.name.label("program"))
        .outerjoin(Program, Program.id == Membership.program_id)
        .where(Membership.person_id == person_id, Membership.until.is_(None))
        .order_by(Membership.id)
    ).all()


def _programs(request: Request) -> Any:
    return request.db.execute(
        select(Program.id, Program.name).where(Program.closed_at.is_(None)).order_by(Program.name)
    ).all()


def edit(request: Request, person_id: int, form: PersonForm | None = None) -> Screen:
    """Change a person's details."""
    person = managed(request, person_id)
    form = form or PersonForm(data=person_values(person))
    return screen(
        "directory/edit.html",
        form=form,
        person=person,
        statuses=_statuses(form, person),
        likely=[],
    )


def update(request: Request, form: PersonForm, person_id: int) -> See:
    """Save a person's details."""
    person = managed(request, person_id)
    was = person.status
    if form.status.data == Status.ENDED != was:
        raise Refused(fields={"status": USE_CHECKLIST})
    proposed = authority.save_person(
        request.act.but(asked=form.asked.data),
        person,
        form.values,
        form.version.data,
        bool(form.same_household.data),
    )
    said = text(
        "The profile was saved. We'll use the new email address once %(name)s signs in and confirms it.",
        name=person.goes_by or person.name,
    )
    gone = text("Status saved. In a moment, we'll remove them from everything upcoming.")
    saved = (
        gone
        if form.status.data in authority.GONE and form.status.data != was
        else text("The profile was saved.")
    )
    return See(f"/people/{person_id}", said if proposed else saved)


def invite(request: Request, form: Any, person_id: int) -> See:
    """Email a person a link with which they set a password."""
    person = managed(request, person_id)
    authority.invite(request.act, person, request.settings)
    return See(f"/people/{person_id}", text("We emailed %(email)s a link.", email=person.email))


def give_code(request: Request, form: AskedByVoiceForm, person_id: int) -> Screen:
    """Make a code to read out to a person; it is shown once, here."""
    person = managed(request, person_id)
    code = authority.give_code(request.act, person, request.settings, form.sure.data)
    path = f"{request.settings.base_url.rstrip('/')}/session/office"
    return screen(
        "directory/office_code.html",
        name=person.name,
        email=person.email,
        person_id=person.id,
        code=f"{code[:4]} {code[4:]}",
        path=path,
    )


def grant(request: Request, form: MembershipForm, person_id: int) -> See:
    """Give a person a staff role."""
    person = person_of(request, person_id)
    memberships.grant(request.act, person.id, Role(form.role.data), form.program.data)
    return See(
        f"/people/{person_id}", text("Staff role assigned. They need to sign in again to use it.")
    )


def end_membership(request: Request, form: Any, person_id: int, membership_id: int) -> See:
    """Take a staff role back."""
    membership = request.db.get(Membership, membership_id)
    if membership is None or membership.person_id != person_id:
        raise NotFound
    memberships.end(request.act, membership_id, request.settings.timezone)
    return See(f"/people/{person_id}", text("The staff role ended."))
