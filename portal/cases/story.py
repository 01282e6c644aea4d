"""Reading what happened inside matches: visits, follow-ups and messages."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.cases.contact_models import (
    Contact,
    ContactDraft,
    ContactMatch,
    FollowUp,
    Letter,
    LetterRead,
)
from portal.cases.models import KNOWN, Case, HelpFunction, HelpRequest, Match, MatchState
from portal.cases.scopes import followed_matches, own_matches, without_conflict
from portal.people.models import Person
from portal.permissions import Viewer
from portal.reads import read

MOST = 100


class ContactLine(NamedTuple):
    """A visit or call as pages print it; `cases` is how many clients it was for."""

    id: int
    day: date
    kind: str
    made: bool
    medium: str
    minutes: int
    tenths: int
    topics: str
    note: str
    asked: str | None
    seen_at: datetime | None
    cases: int

    @property
    def miles(self) -> str:
        """Miles as people write them."""
        return f"{self.tenths / 10:g}"

    @property
    def about(self) -> list[str]:
        """What it was about, as words of Topic."""
        return self.topics.split()


_ALL_OF_IT = (
    select(func.count())
    .where(ContactMatch.contact_id == Contact.id)
    .correlate(Contact)
    .scalar_subquery()
)
_COLUMNS = (
    Contact.id, Contact.day, Contact.kind, Contact.made, Contact.medium, Contact.minutes, Contact.tenths,
    Contact.topics, Contact.note, Contact.asked, Contact.seen_at, _ALL_OF_IT.label("cases"),
)  # fmt: skip


def contacts_of(db: Session, viewer: Viewer, match: Match) -> Sequence[ContactLine]:
    """The visits and calls of a match, the latest first. A note that is about another client, too, is left out
    for whoever may not read of that one."""
    scope = own_matches if match.person_id == viewer.person_id else followed_matches
    other = aliased(ContactMatch)
    unknown = exists().where(
        other.contact_id == Contact.id,
        other.match_id.not_in(scope(viewer).with_only_columns(Match.id).correlate(None)),
    )
    match_id = match.id
    columns = [
        case((unknown, ""), else_=one).label(one.key) if one.key in ("note", "topics") else one
        for one in _COLUMNS
    ]
    found = (
        select(*columns)
        .join(ContactMatch, ContactMatch.contact_id == Contact.id)
        .where(ContactMatch.match_id == match_id, Contact.struck_at.is_(None))
        .order_by(Contact.day.desc(), Contact.id.desc())
        .limit(MOST)
    )
    return read(db, ContactLine, found)


def follow_ups_of(db: Session, match_id: int) -> Sequence[FollowUp]:
    """What is still to be done, the soonest first."""
    return db.scalars(
        select(FollowUp)
        .where(FollowUp.match_id == match_id, FollowUp.done_at.is_(None))
        .order_by(FollowUp.due_on, FollowUp.id)
        .limit(MOST)
    ).all()


class LetterLine(NamedTuple):
    """A message as pages print it."""

    id: int
    at: datetime
    name: str
    words: str


def letters_of(db: Session, match_id: int) -> Sequence[LetterLine]:
    """The messages of a match, the latest first."""
    found = (
        select(Letter.id, Letter.at, Person.name, Letter.words)
        .join(Person, Person.id == Letter.person_id)
        .where(Letter.match_id == match_id)
        .order_by(Letter.id.desc())
        .limit(MOST)
    )
    return read(db, LetterLine, found)


def unread(viewer: Viewer) -> ColumnElement[bool]:
    """Inside a query over matches: whether someone else wrote what a viewer hasn't read."""
    upto = (
        select(func.coalesce(func.max(LetterRead.letter_id), 0))
        .where(LetterRead.match_id == Match.id, LetterRead.person_id == viewer.person_id)
        .correlate(Match)
        .scalar_subquery()
    )
    return exists().where(
        Letter.match_id == Match.id,
        Letter.person_id.is_distinct_from(viewer.person_id),
        Letter.id > upto,
    )


def unseen() -> ColumnElement[bool]:
    """Inside a query over matches: whether a visit or call was not noted as read yet."""
    return exists().where(
        ContactMatch.match_id == Match.id,
        Contact.id == ContactMatch.contact_id,
        Contact.seen_at.is_(None),
        Contact.struck_at.is_(None),
    )


def to_do(today: date) -> ColumnElement[bool]:
    """Inside a query over matches: whether something is to be done by now."""
    return exists().where(
        FollowUp.match_id == Match.id, FollowUp.done_at.is_(None), FollowUp.due_on <= today
    )


def which_of(viewer: Viewer, which: str, today: date) -> Select[Match]:
    """The matches that a viewer follows: all that are going on, or those that want something now."""
    going_on = followed_matches(viewer).where(Match.state.in_(KNOWN))
    if which == "overdue":
        return going_on.where(Match.next_due_on < today)
    if which == "messages":
        return going_on.where(unread(viewer))
    if which == "visits":
        return going_on.where(unseen())
    if which == "to-do":
        return going_on.where(to_do(today))
    return going_on


class MatchLine(NamedTuple):
    """A match in the list of those who follow it: a reference, a name, and when the next visit is due."""

    id: int
    reference: str
    function: str
    translations: Mapping[str, Any]
    name: str
    state: MatchState
    next_due_on: date | None
    unread: bool
    unseen: bool
    to_do: bool


def matches(db: Session, viewer: Viewer, which: str, today: date) -> Sequence[MatchLine]:
    """The matches that a viewer follows, overdue ones first."""
    found = (
        which_of(viewer, which, today)
        .with_only_columns(
            Match.id,
            Case.reference,
            HelpFunction.name.label("function"),
            HelpFunction.translations,
            Person.name,
            Match.state,
            Match.next_due_on,
            unread(viewer).label("unread"),
            unseen().label("unseen"),
            to_do(today).label("to_do"),
        )
        .join(Case, Case.id == Match.case_id)
        .join(HelpRequest, HelpRequest.id == Match.request_id)
        .join(HelpFunction, HelpFunction.id == HelpRequest.function_id)
        .join(Person, Person.id == Match.person_id)
        .order_by(func.coalesce(Match.next_due_on, date(2100, 1, 1)), Match.id)
        .limit(MOST)
    )
    return read(db, MatchLine, found)


def draft_of(db: Session, match_id: int, person_id: int | None) -> dict[str, str]:
    """What someone typed about a contact and didn't save yet."""
    typed = db.scalar(
        select(ContactDraft.typed).where(
            ContactDraft.match_id == match_id, ContactDraft.person_id == person_id
        )
    )
    return dict(json.loads(typed)) if typed else {}


def own_contacts(viewer: Viewer, stay: Sequence[int]) -> Select[Any]:
    """A volunteer's own visits and calls: of matches that go on, and of all in programs where they `stay`."""
    return (
        select(*_COLUMNS)
        .where(
            Contact.person_id == viewer.person_id,
            Contact.struck_at.is_(None),
            exists().where(
                and_(
                    ContactMatch.contact_id == Contact.id,
                    Match.id == ContactMatch.match_id,
                    or_(Match.state.in_(KNOWN), Match.program_id.in_(stay)),
                    without_conflict(Match.case_id, viewer),
                )
            ),
        )
        .order_by(Contact.day.desc(), Contact.id.desc())
        .limit(MOST)
    )
