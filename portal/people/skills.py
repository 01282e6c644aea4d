"""What people can do: the agency's words for it, what a person says, and what staff have seen."""

import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.attributes import set_committed_value

from portal.act import Act
from portal.audit.log import record
from portal.people.models import Person
from portal.people.people import lock_people
from portal.people.traits import Level, PersonSkill, Skill, SkillKind
from portal.reads import read
from portal.web.errors import NotFound, Refused, unless_stale
from portal.words import text

MOST = 500
"""More words than this no list of an agency has."""


def add_skill(act: Act, values: Mapping[str, Any]) -> Skill:
    """Add a word to the agency's list."""
    _unless_taken(act.db, values["kind"], values["name"], None)
    skill = Skill(**values)
    act.db.add(skill)
    act.db.flush()
    record(act, "skill.added", skill)
    return skill


def edit_skill(act: Act, skill: Skill, values: Mapping[str, Any], version: int | None) -> None:
    """Word it differently. Its kind stays, since people have said things by it."""
    unless_stale(skill_values(skill), version)
    _unless_taken(act.db, skill.kind, values["name"], skill.id)
    skill.name, skill.translations = values["name"], values["translations"]
    record(act, "skill.edited", skill)


def close_skill(act: Act, skill: Skill) -> None:
    """Offer it to no one new; those who have it keep it."""
    if skill.closed_at is None:
        skill.closed_at = act.at
        record(act, "skill.closed", skill)


def reopen_skill(act: Act, skill: Skill) -> None:
    """Offer it again."""
    if skill.closed_at is not None:
        skill.closed_at = None
        record(act, "skill.reopened", skill)


def skill_values(skill: Skill) -> dict[str, Any]:
    """A word of the list as its form holds it."""
    return {name: getattr(skill, name) for name in ("kind", "name", "translations", "version")}


class WordLine(NamedTuple):
    """A word for what people can do."""

    id: int
    kind: SkillKind
    name: str
    translations: Mapping[str, Any]
    closed_at: datetime | None


def vocabulary(db: Session, *, of: int | None = None, closed: bool = False) -> Sequence[WordLine]:
    """The agency's words by kind and name: those on offer, what a person has besides, or (`closed`) all."""
    offered: Any = Skill.closed_at.is_(None)
    if of is not None:
        own = select(PersonSkill.skill_id).where(PersonSkill.person_id == of)
        offered = or_(offered, Skill.id.in_(own))
    query = select(Skill.id, Skill.kind, Skill.name, Skill.translations, Skill.closed_at)
    if not closed:
        query = query.where(offered)
    return read(db, WordLine, query.order_by(Skill.kind, Skill.name).limit(MOST))


_seen_by = aliased(Person)
_SKILLS = (
    select(
        PersonSkill.person_id,
        PersonSkill.skill_id,
        PersonSkill.level,
        PersonSkill.verified_at,
        PersonSkill.since,
        PersonSkill.declared_by_id,
        Skill.kind,
        Skill.name,
        Skill.translations,
        _seen_by.name.label("verified_by"),
    )
    .join(Skill, Skill.id == PersonSkill.skill_id)
    .outerjoin(_seen_by, _seen_by.id == PersonSkill.verified_by_id)
    .order_by(Skill.kind, Skill.name)
)


class SkillLine(NamedTuple):
    """What a person can do, and who saw it."""

    person_id: int
    skill_id: int
    level: Level | None
    verified_at: datetime | None
    since: datetime
    declared_by_id: int | None
    kind: SkillKind
    name: str
    translations: Mapping[str, Any]
    verified_by: str | None


def skills_of(db: Session, person_id: int) -> Sequence[SkillLine]:
    """What a person says they can do, by kind and name; and who has seen it, and when."""
    return read(db, SkillLine, _SKILLS.where(PersonSkill.person_id == person_id).limit(MOST))


def can_values(db: Session, person: Person) -> dict[str, Any]:
    """What a person can do as the form holds it. Its version is a mark of just these values, so that
    a change of the address in between is no conflict."""
    rows = db.execute(
        select(PersonSkill.skill_id, PersonSkill.level, Skill.kind)
        .join(Skill, Skill.id == PersonSkill.skill_id)
        .where(PersonSkill.person_id == person.id)
        .order_by(PersonSkill.skill_id)
    ).all()
    values: dict[str, Any] = {
        "levels": {row.skill_id: row.level for row in rows if row.kind == SkillKind.LANGUAGE},
        "skills": [row.skill_id for row in rows if row.kind != SkillKind.LANGUAGE],
        "drives": person.drives,
        "vehicle_seats": person.vehicle_seats,
        "vehicle_note": person.vehicle_note,
    }
    return values | {"version": mark_of(values)}


def mark_of(values: Any) -> int:
    """A number that changes with some values."""
    return zlib.crc32(repr(values).encode()) % 2**31


def declare(act: Act, person: Person, values: Mapping[str, Any], version: int | None) -> None:
    """Write down what a person says they can do. A language at another level has been seen by no one."""
    lock_people(act.db, [person.id])
    _read_again(act.db, person)
    unless_stale(can_values(act.db, person), version)
    kinds = {row.id: row.kind for row in vocabulary(act.db, of=person.id)}
    wanted = {
        number: level
        for number, level in values["levels"].items()
        if kinds.get(number) == SkillKind.LANGUAGE
    } | {
        number: None
        for number in values["skills"]
        if kinds.get(number) in (SkillKind.SKILL, SkillKind.DISTRICT)
    }
    _write_skills(act, person.id, wanted)
    person.drives = values["drives"]
    person.vehicle_seats = values["vehicle_seats"] if person.drives else None
    person.vehicle_note = values["vehicle_note"] if person.drives else ""
    record(act, "person.skills", person)


def _read_again(db: Session, person: Person) -> None:
    """What stands there now that no one else can write it (it was loaded before the lock)."""
    now = db.execute(
        select(Person.drives, Person.vehicle_seats, Person.vehicle_note).where(
            Person.id == person.id
        )
    ).one()
    for name, value in now._mapping.items():
        set_committed_value(person, name, value)


def _write_skills(act: Act, person_id: int, wanted: Mapping[int, str | None]) -> None:
    there = {
        row.skill_id: row
        for row in act.db.scalars(select(PersonSkill).where(PersonSkill.person_id == person_id))
    }
    for number in set(there) - set(wanted):
        act.db.delete(there[number])
    for number, level in sorted(wanted.items()):
        row = there.get(number)
        if row is None:
            row = PersonSkill(person_id=person_id, skill_id=number)
            act.db.add(row)
        elif row.level == level:
            continue
        row.level = Level(level) if level else None
        row.since, row.declared_by_id = act.at, act.by.person_id
        row.verified_by_id = row.verified_at = None


def verify(act: Act, person_id: int, skill_id: int, level: str) -> None:
    """Note that one has seen it: the certificate, or the language spoken at the `level` that stood there
    ("" for none). Never one's own (SECURITY Z8)."""
    lock_people(act.db, [person_id])
    row = _own(act.db, person_id, skill_id)
    if act.by.person_id == person_id:
        raise Refused(text("Someone else has to confirm this for you."))
    if (row.level or "") != level:
        raise Refused(text("They changed this since you opened this page. Check it again."))
    if row.verified_at is None:
        row.verified_by_id, row.verified_at = act.by.person_id, act.at
        record(act, "skill.verified", row)


def unverify(act: Act, person_id: int, skill_id: int) -> None:
    """Take that back."""
    row = _own(act.db, person_id, skill_id)
    if row.verified_at is not None:
        row.verified_by_id = row.verified_at = None
        record(act, "skill.unverified", row)


def _own(db: Session, person_id: int, skill_id: int) -> PersonSkill:
    row = db.scalar(
        select(PersonSkill)
        .where(PersonSkill.person_id == person_id, PersonSkill.skill_id == skill_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def _unless_taken(db: Session, kind: str, name: str, own_id: int | None) -> None:
    same = select(Skill.id).where(Skill.kind == str(kind), Skill.name == name)
    if db.scalar(same) not in (None, own_id):
        taken = text("This name is already in use. Choose another.")
        raise Refused(fields={"name": taken})
