"""What outreach adds up to: talks, people and literature by month, program, topic, town or kind of group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import clock
from portal.outreach.intake_models import Topic
from portal.outreach.organization_models import Organization
from portal.outreach.outcome_models import Handout, Held, Material, TalkOutcome
from portal.outreach.scopes import visible_talks
from portal.outreach.talk_models import Presentation
from portal.permissions import Viewer
from portal.programs.models import Program
from portal.words import Words, text

BY: Mapping[str, Words] = {
    "month": text("Month"),
    "program": text("Program"),
    "topic": text("Topic"),
    "town": text("Town"),
    "kind": text("Kind of organization"),
}
"""What the sums can be told apart by."""


@dataclass(frozen=True)
class Sum:
    """One line: what it is for, how many talks took place, how many did not, people (of these, in how many
    talks they were counted), copies given, and referrals."""

    name: str
    talks: int = 0
    not_held: int = 0
    people: int = 0
    counted: int = 0
    copies: int = 0
    referrals: int = 0


def sums(db: Session, viewer: Viewer, first: date, last: date, by: str, zone: str) -> list[Sum]:
    """The sums of the talks between two local days, both included, of which someone wrote how they went."""
    copies = (
        select(func.sum(Handout.number))
        .where(Handout.presentation_id == Presentation.id)
        .scalar_subquery()
    )
    rows = db.execute(
        _between(visible_talks(viewer), first, last, zone)
        .join(TalkOutcome, TalkOutcome.presentation_id == Presentation.id)
        .outerjoin(Organization, Organization.id == Presentation.organization_id)
        .outerjoin(Topic, Topic.id == Presentation.topic_id)
        .outerjoin(Program, Program.id == Presentation.program_id)
        .with_only_columns(
            Presentation.starts_at,
            Presentation.zone,
            Presentation.town,
            Organization.kind,
            Topic.name.label("topic"),
            Program.name.label("program"),
            TalkOutcome.held,
            TalkOutcome.people,
            TalkOutcome.counted,
            TalkOutcome.referrals,
            copies.label("copies"),
        )
        .execution_options(yield_per=1000)  # every one of them, without holding them all
    )
    found: dict[str, Sum] = {}
    for row in rows:
        name = _name(row, by)
        found[name] = _with(found.get(name, Sum(name)), row)
    return [found[name] for name in sorted(found)]


def _between(scope: Any, first: date, last: date, zone: str) -> Any:
    return scope.where(
        Presentation.starts_at >= clock.start_of_day(first, zone),
        Presentation.starts_at < clock.start_of_day(last + clock.ONE_DAY, zone),
    )


def _name(row: Any, by: str) -> str:
    if by == "month":
        return f"{clock.local_day(row.starts_at, row.zone):%Y-%m}"
    names = {"program": row.program, "topic": row.topic, "town": row.town, "kind": row.kind}
    return names[by] or ""


def _with(line: Sum, row: Any) -> Sum:
    """A line with one more talk in it; what did not take place adds only to that, and its copies."""
    copies = line.copies + (row.copies or 0)
    if row.held != Held.HELD:
        return replace(line, not_held=line.not_held + 1, copies=copies)
    return replace(
        line,
        talks=line.talks + 1,
        people=line.people + row.people,
        counted=line.counted + bool(row.counted),
        copies=copies,
        referrals=line.referrals + row.referrals,
    )


def total(rows: Sequence[Sum]) -> Sum:
    """All lines in one."""
    return Sum(
        "",
        *(
            sum(getattr(row, name) for row in rows)
            for name in ("talks", "not_held", "people", "counted", "copies", "referrals")
        ),
    )


def literature(db: Session, viewer: Viewer, first: date, last: date, zone: str) -> Sequence[Any]:
    """What was given out between two days: title, language, edition, and how many copies."""
    talks = _between(visible_talks(viewer), first, last, zone).with_only_columns(Presentation.id)
    return db.execute(
        select(
            Material.title,
            Material.language,
            Material.edition,
            func.sum(Handout.number).label("number"),
        )
        .join(Handout, Handout.material_id == Material.id)
        .where(Handout.presentation_id.in_(talks))
        .group_by(Material.id, Material.title, Material.language, Material.edition)
        .order_by(Material.title, Material.language, Material.edition)
    ).all()
