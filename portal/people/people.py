"""People: adding them, mending their details, and ending their time here."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.audit.log import record
from portal.people import search
from portal.people.models import Person, Phone, Status
from portal.web.errors import unless_stale

OWN_FIELDS = (
    "name",
    "goes_by",
    "language",
    "emergency_name",
    "emergency_relation",
    "emergency_phone",
    "mailing_address",
)
"""What people change about themselves, and whoever manages them. Email and status are not among them:
they identify or admit a person, and `programs.authority` says who changes those."""

IDENTIFYING = ("email", "status")
STAFF_FIELDS = ("adult_on", "agency_job")
"""What staff change besides: both ask more of a person, and no one says of themselves that they are older."""

BEST_PHONE = (
    select(Phone.number)
    .where(Phone.person_id == Person.id)
    .order_by(Phone.id)
    .limit(1)
    .scalar_subquery()
)
"""The phone to call someone first, for a list of people."""

MAILABLE = and_(Person.email != "", Person.mail_refused_at.is_(None))
"""Inside a query: whether mail reaches someone, as far as we know."""


def add_person(act: Act, values: Mapping[str, Any]) -> Person:
    """Add a person to the agency's records."""
    person = Person(
        **_columns(values, *OWN_FIELDS, *IDENTIFYING, *STAFF_FIELDS),
        created_at=act.at,
        added_by_id=act.by.person_id,
    )
    person.phones = _phones(values.get("phones", ()))
    act.db.add(person)
    act.db.flush()
    search.index(act.db, [person])
    record(act, "person.added", person)
    return person


def add_unproved(act: Act, name: str, phone: str, language: str, status: Status) -> Person:
    """Add someone by what they typed, without the address: that would change whom it admits before they
    proved that they read it (SECURITY A10)."""
    phones = [{"number": phone}] if phone else []
    values = {"name": name, "language": language, "phones": phones, "status": status}
    return add_person(act, values)


def edit_person(act: Act, person: Person, values: Mapping[str, Any], version: int | None) -> None:
    """Change a person's details, but not what identifies or admits them. Raises Stale if someone saved
    since `version` was shown."""
    unless_stale(person_values(person), version)
    own = act.by.person_id == person.id
    for name, value in _columns(values, *OWN_FIELDS, *(() if own else STAFF_FIELDS)).items():
        setattr(person, name, value)
    phones = [(phone.number, phone.label) for phone in person.phones]
    wanted = _phones(values.get("phones", ()))
    if phones != [(phone.number, phone.label) for phone in wanted]:
        person.phones = wanted
    act.db.flush()
    search.reindex(act.db, person)
    record(act, "person.edited", person)


def choose_language(act: Act, language: str) -> None:
    """Use a language for everything the signed-in person reads."""
    person = act.db.get_one(Person, act.by.person_id)
    person.language = language
    record(act, "person.edited", person)


def choose_mail(act: Act, off: str, remind_hours: str) -> None:
    """What a person gets by mail: topics that are off, and how many hours before a shift they are
    reminded, each as a list with commas."""
    person = act.db.get_one(Person, act.by.person_id)
    person.mail_off, person.remind_hours = off, remind_hours
    record(act, "person.edited", person)


def person_values(person: Person) -> dict[str, Any]:
    """A person's details as the form holds them."""
    phones = [{"number": phone.number, "label": phone.label} for phone in person.phones]
    names = (*OWN_FIELDS, *IDENTIFYING, *STAFF_FIELDS, "version")
    return {name: getattr(person, name) for name in names} | {"phones": phones}


def lock_people(db: Session, person_ids: Collection[int]) -> None:
    """Hold people's time still until the transaction ends, in order of id.

    On SQLite the one writer holds everything already. On PostgreSQL the lock is
    FOR NO KEY UPDATE, which lets other rows go on referring to these people.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(
            select(Person.id)
            .where(Person.id.in_(person_ids))
            .order_by(Person.id)
            .with_for_update(key_share=True)
        ).all()


def short_name(name: str, goes_by: str = "") -> str:
    """What fellow volunteers see: the first name and an initial, "Ana R."."""
    words = name.split()
    first = goes_by or (words[0] if words else "")
    return f"{first} {words[-1][0]}." if len(words) > 1 else first


def _columns(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _phones(values: Sequence[Mapping[str, str]]) -> list[Phone]:
    return [
        Phone(number=row["number"], label=row.get("label", "")) for row in values if row["number"]
    ]
