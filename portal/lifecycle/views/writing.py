"""Writing letters: to one person, or to each of a list."""

from typing import Any, NamedTuple, TypeVar

from portal.languages import LANGUAGES
from portal.lifecycle import letter_words, letters
from portal.lifecycle.forms import LetterForm, ManyLettersForm
from portal.lifecycle.letter_words import KIND_WORDS, Span
from portal.lifecycle.models import LetterKind
from portal.people.finding import wish_of
from portal.people.models import Person
from portal.people_lists import people_conditions
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import (
    listed_people,
    managed_programs,
    one,
    visible_people,
)
from portal.programs.views.choices import program_options
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Preview, Refused, unless_seen
from portal.web.forms import Form
from portal.web.request import Request
from portal.words import count_text, text

PEOPLE = Permission.PEOPLE_MANAGE
F = TypeVar("F", bound=Form)


def _program(request: Request, program_id: int | None) -> Program | None:
    """The program of a form. Raises Refused beside the field for none of the viewer's."""
    if program_id is None:
        if not request.viewer.everywhere(PEOPLE):
            raise Refused(fields={"program": text("Select one of your programs.")})
        return None
    row = request.db.scalar(managed_programs(request.viewer).where(Program.id == program_id))
    if row is None:
        raise Refused(fields={"program": text("Select one of your programs.")})
    return row


def _known_kind(kind: str | None) -> LetterKind:
    return LetterKind(kind) if kind in set(LetterKind) else LetterKind.THANKS


def _signer(request: Request) -> str:
    return request.viewer.name


def choosing(request: Request, form: F) -> F:
    """A form whose program must be chosen by whoever has no say for the whole agency."""
    flags: Any = form["program"].flags
    flags.required = not request.viewer.everywhere(PEOPLE)
    return form


def _id(program: Program | None) -> int | None:
    return program.id if program else None


def facts_of(request: Request) -> dict[str, Any]:
    """What every page that writes letters needs."""
    return {
        "programs": program_options(request, PEOPLE, closed=True),
        "whole": request.viewer.everywhere(PEOPLE),
        "kinds": KIND_WORDS,
    }


class _Draft(NamedTuple):
    """A letter before it is written: its words, and why it can't be filled in."""

    body: str
    missing: bool


def _draft(
    request: Request,
    person: Person,
    kind: LetterKind,
    program: Program | None,
    span: Span,
    language: str,
) -> _Draft:
    found = letter_words.facts(request.db, [person.id], program, span, request.settings, language)
    body = letter_words.wording(request.db, kind, _id(program), language)
    values = found.get(person.id)
    if values is None:
        return _Draft("", missing=True)
    return _Draft(letter_words.written(body, person.name, values), missing=False)


def new(request: Request, person_id: int, form: LetterForm | None = None) -> Screen:
    """Write someone a letter: choose which, then read and change it."""
    person = one(request.db, visible_people(request.viewer), Person.id == person_id)
    kind = _known_kind(request.asked("kind"))
    language = request.asked("language") if request.asked("language") in LANGUAGES else ""
    language = language or (person.language if person.language in LANGUAGES else "en")
    first, last = request.asked_day("first"), request.asked_day("last")
    programs = program_options(request, PEOPLE, closed=True)
    number = request.asked_id("program")
    if number is None and not (request.asked("kind") and request.viewer.everywhere(PEOPLE)):
        number = letter_words.usual_program(request.db, person.id, [it for it, _ in programs])
    draft = None
    if form is None and request.asked("kind"):
        program = None
        if number is not None:
            program = one(request.db, managed_programs(request.viewer), Program.id == number)
        elif not request.viewer.everywhere(PEOPLE):
            raise NotFound
        draft = _draft(request, person, kind, program, Span(first, last), language)
    data = {
        "kind": kind.value, "program": number, "language": language, "first": first, "last": last,
        "body": draft.body if draft else "", "signer": _signer(request),
    }  # fmt: skip
    return screen(
        "lifecycle/letter.html",
        person=person,
        form=form,
        writing=choosing(request, form or LetterForm(data=data)),
        draft=draft,
        **facts_of(request),
    )


def write(request: Request, form: LetterForm, person_id: int) -> See:
    """Write it as it reads now."""
    person = one(request.db, visible_people(request.viewer), Person.id == person_id)
    if not form.body.data:
        raise Refused(fields={"body": text("Write the letter, or press “Fill in letter” first.")})
    program, kind = _program(request, form.program.data), LetterKind(form.kind.data)
    made = letters.write(
        request.act,
        kind,
        _id(program),
        [letters.Written(person, form.body.data, form.language.data)],
        form.signer.data or "",
        request.settings,
    )
    return See(
        f"/people/letters/{made[0].id}",
        text("The letter was written. We emailed them.")
        if person.mailable
        else text("The letter was written. Print it and send it by post."),
    )


def _listed(request: Request) -> list[Person]:
    """The people of the list that the address names, one more than are written to at once."""
    found = listed_people(request.viewer, request.asked("q"), request.asked("which"))
    query = found.where(
        *wish_of(request).conditions(),
        *people_conditions(request),
        Person.id != request.viewer.person_id,
    )
    rows = request.db.scalars(
        query.order_by(Person.name, Person.id).limit(letters.MOST_AT_ONCE + 1)
    )
    return list(rows)


def many(request: Request, form: ManyLettersForm | None = None) -> Screen:
    """A letter to each of a list."""
    found = _listed(request)
    preview = form.refusal if form and isinstance(form.refusal, Preview) else None
    programs = program_options(request, PEOPLE, closed=True)
    data = {
        "kind": "thanks",
        "signer": _signer(request),
        "program": request.asked_id("program") or (programs[0][0] if len(programs) == 1 else None),
    }
    return screen(
        "lifecycle/many.html",
        form=form,
        writing=choosing(request, form or ManyLettersForm(data=data)),
        number=len(found),
        most=letters.MOST_AT_ONCE,
        preview=preview,
        address=request.url.query,
        **facts_of(request),
    )


def write_many(request: Request, form: ManyLettersForm) -> See:
    """Write them, once it was seen to whom. Who gave no hours in these days gets none."""
    found = _listed(request)
    if len(found) > letters.MOST_AT_ONCE:
        raise Refused(
            text("Filter the list to at most %(most)s people.", most=letters.MOST_AT_ONCE)
        )
    program = _program(request, form.program.data)
    kind, span = LetterKind(form.kind.data), Span(form.first.data, form.last.data)
    written = _written(request, found, kind, program, span)
    if not written:
        raise Refused(text("No one on this list has approved hours in these days."))
    told = [(row.person.name, bool(row.person.mailable)) for row in written]
    said_by = (form.signer.data, *(row.body for row in written))  # hours may change meanwhile
    unless_seen([kind, form.program.data, span, said_by, *told], form.seen.data)
    made = letters.write(
        request.act, kind, _id(program), written, form.signer.data or "", request.settings
    )
    mails = sum(mail for _, mail in told)
    said = count_text("%(n)s letter was written.", "%(n)s letters were written.", len(made))
    said = text(
        "%(said)s We emailed %(mails)s people. Print %(print)s.",
        said=request.said(said),
        mails=mails,
        print=len(made) - mails,
    )
    path = (
        f"/people/letters?batch={made[0].batch}"
        if made[0].batch
        else f"/people/letters/{made[0].id}"
    )
    return See(path, said)


def _written(
    request: Request, found: list[Person], kind: LetterKind, program: Program | None, span: Span
) -> list[letters.Written]:
    """What each would read, in their own language."""
    rows = []
    for language in LANGUAGES:
        own = [
            one.id
            for one in found
            if (one.language if one.language in LANGUAGES else "en") == language
        ]
        if not own:
            continue
        values = letter_words.facts(request.db, own, program, span, request.settings, language)
        body = letter_words.wording(request.db, kind, _id(program), language)
        rows += [
            letters.Written(one, letter_words.written(body, one.name, values[one.id]), language)
            for one in found
            if one.id in values
        ]
    return sorted(rows, key=lambda row: (row.person.name, row.person.id))
