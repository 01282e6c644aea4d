"""Pages on which an administrator makes two records of one person one, and undoes it."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import wtforms
from sqlalchemy import or_, select, true
from sqlalchemy.orm import aliased

from portal.domain import Panel
from portal.merging import merging, undoing
from portal.merging.models import PersonMerge
from portal.people.forms import STATUS_WORDS
from portal.people.models import Person
from portal.people.people import BEST_PHONE
from portal.people.search import matches
from portal.permissions import Permission
from portal.programs.lookalikes import Description, Likeness, alike, lookalikes
from portal.programs.scopes import visible_people
from portal.reads import read
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Preview
from portal.web.fields import phone_digits
from portal.web.forms import Form
from portal.web.request import Request
from portal.words import text

MOST = 20
SHOWN = 500


class MergeForm(Form):
    """The plan that was looked at."""

    seen = wtforms.HiddenField()


class Found(NamedTuple):
    """Someone whose record may be another of the same person."""

    id: int
    name: str
    email: str
    status: str
    phone: str | None


def _person(request: Request, person_id: int) -> Person:
    found = request.db.get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def choose(request: Request, person_id: int) -> Screen:
    """Find the other record: who looks alike, or is searched for."""
    person, query = _person(request, person_id), request.asked("q")
    number = person.phones[0].number if person.phones else ""
    likely: list[Likeness] = lookalikes(
        request.db,
        request.viewer,
        Description(person.name, person.email, number),
        but=person.id,
    )
    return screen(
        "merging/choose.html",
        person=person,
        likely=likely,
        found=_found(request, query, person.id) if query else [],
        query=query,
        status_words=STATUS_WORDS,
    )


def _found(request: Request, query: str, but: int) -> Any:
    """Whom a search finds, also among those who are inactive."""
    wanted = matches(query)
    return read(
        request.db,
        Found,
        visible_people(request.viewer)
        .where(Person.id != but, true() if wanted is None else wanted)
        .with_only_columns(
            Person.id, Person.name, Person.email, Person.status, BEST_PHONE.label("phone")
        )
        .order_by(Person.name, Person.id)
        .limit(MOST),
    )


def show(request: Request, person_id: int, other_id: int, form: MergeForm | None = None) -> Screen:
    """What merging two records would do."""
    kept, gone = _person(request, person_id), _person(request, other_id)
    if kept is gone:
        raise NotFound
    plan = merging.plan(request.db, kept, gone, request.at)
    return screen(
        "merging/merge.html",
        kept=kept,
        gone=gone,
        plan=plan,
        form=form,
        seen=Preview([plan]).seen,
        changed=form is not None and isinstance(form.refusal, Preview),
        status_words=STATUS_WORDS,
        fill_words=FILL_WORDS,
        different=not _similar(kept, gone),
        own=request.viewer.person_id in (kept.id, gone.id),
    )


FILL_WORDS = {
    "goes_by": text("Goes by"),
    "emergency_name": text("Emergency contact"),
    "mailing_address": text("Mailing address"),
    "drives": text("Driving"),
}
"""What the fields are called that a merge fills; those that come with another have no name of their own."""


def _similar(one: Person, other: Person) -> bool:
    """Whether a name, an email or a phone speaks for one person."""
    phones = {phone_digits(phone.number)[-10:] for phone in one.phones}
    return (
        alike(one.name, other.name)
        or (bool(one.email) and one.email.lower() == other.email.lower())
        or any(phone_digits(phone.number)[-10:] in phones for phone in other.phones)
    )


def merge(request: Request, form: MergeForm, person_id: int, other_id: int) -> See:
    """Make them one."""
    for one in (person_id, other_id):
        _person(request, one)
    merging.merge(request.act, person_id, other_id, form.seen.data)
    return See(
        f"/people/{person_id}", text("The records were merged. You can undo it for 30 days.")
    )


_kept, _gone, _by = aliased(Person), aliased(Person), aliased(Person)


class MergeLine(NamedTuple):
    """A merge as the list prints it."""

    id: int
    kept_id: int
    kept: str
    gone_id: int
    gone: str
    by: str | None
    email: str
    merged_at: Any
    undone_at: Any


def _lines(request: Request, where: Any = None) -> Any:
    found = (
        select(
            PersonMerge.id,
            PersonMerge.kept_id,
            _kept.name.label("kept"),
            PersonMerge.gone_id,
            _gone.name.label("gone"),
            _by.name.label("by"),
            _gone.email,
            PersonMerge.merged_at,
            PersonMerge.undone_at,
        )
        .join(_kept, _kept.id == PersonMerge.kept_id)
        .join(_gone, _gone.id == PersonMerge.gone_id)
        .outerjoin(_by, _by.id == PersonMerge.merged_by_id)
        .order_by(PersonMerge.merged_at.desc(), PersonMerge.id.desc())
        .limit(SHOWN)
    )
    return read(request.db, MergeLine, found if where is None else found.where(where))


def list_merges(request: Request) -> Screen:
    """What was merged, the newest first."""
    return screen(
        "merging/list.html",
        rows=_lines(request),
        since=request.at - undoing.UNDO,
        undo_for=undoing.UNDO,
    )


def undo(request: Request, form: Any, merge_id: int) -> See:
    """Make two records of one again."""
    row = undoing.undo(request.act, merge_id)
    return See(f"/people/{row.gone_id}", text("The merge was undone. There are two records again."))


def person(request: Request, person_id: int) -> Iterator[Panel]:
    """For an administrator: the way to merge, and what was merged."""
    if request.viewer.everywhere(Permission.AGENCY_MANAGE):
        theirs = or_(PersonMerge.kept_id == person_id, PersonMerge.gone_id == person_id)
        rows = _lines(request, theirs & PersonMerge.undone_at.is_(None))
        yield Panel(90, "merging/person/_merges.html", {"rows": rows, "person_id": person_id})
