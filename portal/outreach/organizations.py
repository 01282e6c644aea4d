"""Organizations: finding them again, what is worth remembering, and the talks we offered them."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.act import Act, Ref
from portal.audit.log import record
from portal.outreach.models import TalkRequest
from portal.outreach.organization_models import Approach, Organization, OrganizationContact, Said
from portal.reads import read
from portal.web.errors import NotFound, Refused, unless_stale
from portal.words import text

ORGANIZATION = "organization"
COLUMNS = ("name", "kind", "address", "town", "district_id", "parking", "access", "notes")


def name_key(name: str) -> str:
    """A name as it is compared: "St. Brigid's" and "st brigids" are one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(one for one in plain if one.isalnum())[:200]


def known(db: Session, name: str) -> Organization | None:
    """The organization of that name, however it is written."""
    key = name_key(name)
    return db.scalar(select(Organization).where(Organization.name_key == key)) if key else None


ALMOST = 0.85
"""From this likeness on, one name may be the other, misspelled."""


class Similar(NamedTuple):
    """An organization that looks like the one in a request."""

    id: int
    name: str
    town: str


def similar(db: Session, request: TalkRequest) -> Sequence[Similar]:
    """Organizations that a request may come from: the same mail address, or the beginning of the name."""
    key = name_key(request.organization_name)
    by_mail = select(OrganizationContact.organization_id).where(
        OrganizationContact.email != "",
        func.lower(OrganizationContact.email) == request.contact_email.lower(),
    )
    like: list[Any] = [Organization.id.in_(by_mail)] if request.contact_email else []
    if len(key) >= 6:
        like.append(Organization.name_key.startswith(key[:6], autoescape=True))
    if not like:
        return []
    return read(
        db,
        Similar,
        select(Organization.id, Organization.name, Organization.town)
        .where(
            or_(*like),
            Organization.id.is_distinct_from(request.organization_id),
            Organization.closed_at.is_(None),
        )
        .order_by(Organization.name)
        .limit(5),
    )


def misspelled(db: Session, request: TalkRequest) -> bool:
    """Whether a request names an organization that there is but for some letters."""
    key = name_key(request.organization_name)
    if known(db, request.organization_name):
        return False
    return any(
        SequenceMatcher(None, key, name_key(row.name)).ratio() >= ALMOST
        for row in similar(db, request)
    )


def add_organization(act: Act, values: Mapping[str, Any]) -> Organization:
    """Write an organization down; one of that name must not be there."""
    _check_name(act.db, values["name"], None)
    row = Organization(
        **{name: values[name] for name in COLUMNS if name in values},
        name_key=name_key(values["name"]),
        created_at=act.at,
    )
    act.db.add(row)
    act.db.flush()
    record(act, "organization.added", row)
    return row


def _check_name(db: Session, name: str, own_id: int | None) -> None:
    there = known(db, name)
    if not name_key(name):
        raise Refused(fields={"name": text("Enter a name with letters or digits.")})
    if there and there.id != own_id:
        raise Refused(fields={"name": text("An organization with this name already exists.")})


def edit_organization(
    act: Act, row: Organization, values: Mapping[str, Any], version: int | None
) -> None:
    """Change what is known of an organization. Raises Stale if someone saved meanwhile."""
    unless_stale(organization_values(row), version)
    _check_name(act.db, values["name"], row.id)
    for name in COLUMNS:
        setattr(row, name, values[name])
    row.name_key = name_key(row.name)
    record(act, "organization.edited", row)


def organization_values(row: Organization) -> dict[str, Any]:
    """An organization as its form holds it."""
    return {name: getattr(row, name) for name in (*COLUMNS, "version")}


def close_organization(act: Act, row: Organization, *, closed: bool) -> None:
    """An organization no longer exists, or is there again. What was is kept; its name is proposed no longer.
    Twice is once."""
    if (row.closed_at is not None) == closed:
        return
    row.closed_at = act.at if closed else None
    done = "organization.closed" if closed else "organization.reopened"
    record(act, done, row)


def asker_values(db: Session, row: Organization) -> dict[str, Any]:
    """What a request of an organization begins with: where it is, and who spoke for it last."""
    contact = db.scalar(
        select(OrganizationContact)
        .outerjoin(
            TalkRequest,
            (TalkRequest.organization_id == OrganizationContact.organization_id)
            & (func.lower(TalkRequest.contact_name) == func.lower(OrganizationContact.name)),
        )
        .where(
            OrganizationContact.organization_id == row.id, OrganizationContact.ended_at.is_(None)
        )
        .order_by(TalkRequest.id.desc().nulls_last(), OrganizationContact.id.desc())
        .limit(1)
    )
    values: dict[str, Any] = {
        "organization_name": row.name,
        "organization_kind": row.kind,
        "address": row.address,
        "town": row.town,
        "district_id": row.district_id,
        "parking": row.parking[:300],
    }
    if contact:
        values |= {
            "contact_name": contact.name,
            "contact_email": contact.email,
            "contact_phone": contact.phone,
            "language": contact.language,
        }
    return values


def ensure(act: Act, request: TalkRequest) -> Organization | None:
    """The organization of a request, written down with its contact when it is new; None for a person who asks
    for themselves."""
    if request.organization_id is None and request.organization_name:
        row = known(act.db, request.organization_name) or add_organization(
            act,
            {
                "name": request.organization_name,
                "kind": request.organization_kind,
                "address": request.address,
                "town": request.town,
                "district_id": request.district_id,
                "parking": request.parking,
            },
        )
        request.organization_id = row.id
        act.db.flush()
        act.db.refresh(request, ["organization"])
    if request.organization_id:
        _keep_contact(act.db, request, act.at)
    return request.organization


def _keep_contact(db: Session, request: TalkRequest, at: datetime) -> None:
    """Whoever speaks for an organization is remembered, once."""
    there = db.scalars(
        select(OrganizationContact).where(
            OrganizationContact.organization_id == request.organization_id,
            OrganizationContact.ended_at.is_(None),
        )
    ).all()
    own = (request.contact_name.casefold(), request.contact_email.casefold())
    for one in there:
        if (one.name.casefold(), one.email.casefold()) == own:
            one.phone = request.contact_phone or one.phone
            return
    db.add(
        OrganizationContact(
            organization_id=request.organization_id,
            name=request.contact_name,
            email=request.contact_email,
            phone=request.contact_phone,
            language=request.language,
            added_at=at,
        )
    )


def end_contact(act: Act, organization_id: int, contact_id: int) -> None:
    """Someone no longer speaks for an organization."""
    row = act.db.scalar(
        select(OrganizationContact).where(
            OrganizationContact.id == contact_id,
            OrganizationContact.organization_id == organization_id,
        )
    )
    if row is None:
        raise NotFound
    if row.ended_at is None:
        row.ended_at = act.at
        record(act, "organization.contact_ended", Ref(ORGANIZATION, organization_id))


def offer_talk(act: Act, organization_id: int, values: Mapping[str, Any]) -> Approach:
    """Log a talk that we offered."""
    row = Approach(organization_id=organization_id, asked_by_id=act.by.person_id, **values)
    act.db.add(row)
    act.db.flush()
    record(act, "approach.made", Ref(ORGANIZATION, organization_id))
    return row


def note_answer(act: Act, row: Approach, said: str, note: str, today: date) -> None:
    """Write down what they said to it."""
    row.said, row.note = Said(said), note or row.note
    row.said_on = None if said == Said.NOTHING else today
    record(act, "approach.answered", Ref(ORGANIZATION, row.organization_id), said)
