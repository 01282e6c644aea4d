"""Clearance in words: what is in the way, and what to do about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from portal import clock
from portal.requirements.clearance import Clearance, Item, State
from portal.requirements.models import Kind
from portal.requirements.terms import RequirementRef
from portal.words import Words, in_language, text


@dataclass(frozen=True)
class Reason:
    """One thing in the way: a sentence, and pages that help, each with its words."""

    words: Words
    ways: tuple[tuple[Words, str], ...] = ()


def name_of(proof: RequirementRef) -> Callable[[str], str]:
    """A requirement's name, in the language it is asked for in."""
    return partial(_named, proof.name, proof.translations, "name")


def _named(source: str, translations: Mapping[str, Any], name: str, language: str) -> str:
    return in_language(language, source, translations, name)


def _all_names(options: Sequence[RequirementRef], language: str) -> str:
    return ", ".join(name_of(one)(language) for one in options)


def _day(day: date, on: date) -> Any:
    return partial(clock.day_text, day, this_year=on.year)


_MISSING = {
    Kind.AGREEMENT: text("You haven't signed this yet: %(name)s."),
    Kind.COURSE: text("You haven't completed this training yet: %(name)s."),
    Kind.BACKGROUND_CHECK: text("This check is not finished yet: %(name)s."),
    Kind.REFERENCE: text("This isn't done yet, and we're working on it: %(name)s."),
    Kind.INTERVIEW: text("This isn't done yet, and we're working on it: %(name)s."),
    Kind.GUARDIAN: text("A parent or guardian has to agree first."),
    Kind.AGE: text("You're too young for this on that day: %(name)s."),
    Kind.LISTS: text("We're still reviewing your application."),
    Kind.SAME_WORK: text("We have to ask HR first, since you work for us."),
}
_OTHER = text("We don't have this from you yet: %(name)s.")
_MEND = {
    Kind.AGREEMENT: text("Read and sign it"),
    Kind.COURSE: text("Find a session"),
    Kind.BACKGROUND_CHECK: text("Check its status"),
    Kind.REFERENCE: text("Check its status"),
    Kind.INTERVIEW: text("Check its status"),
    Kind.GUARDIAN: text("Ask for their consent"),
}
PAPERWORK = text("See all my requirements")


def to_you(found: Clearance) -> list[Reason]:
    """What is in the way, said to the person."""
    return [_to_you(item, found.on) for item in found.missing]


def _to_you(item: Item, on: date) -> Reason:
    everything = (PAPERWORK, "/me/paperwork")
    if item.notice:
        title = partial(_named, item.notice.title, item.notice.translations, "title")
        words = text("Read this first: %(title)s.", title=title)
        return Reason(words, ((text("Read it"), f"/me/readings/{item.notice.id}"), everything))
    if item.proof is None:
        names = partial(_all_names, item.options)
        return Reason(text("You need one of these: %(names)s.", names=names), (everything,))
    name, kind = name_of(item.proof), Kind(item.proof.kind)
    path = mending(item.proof)
    own = ((_MEND.get(kind, text("Submit it")), path),) if path else ()
    if item.state == State.WAITING:
        return Reason(text("We're still reviewing this: %(name)s.", name=name), (everything,))
    if item.state == State.LAPSES and item.until:
        words = text(
            "Your %(name)s is valid only until %(day)s.", name=name, day=_day(item.until, on)
        )
        return Reason(words, (*own, everything))
    words = _MISSING.get(kind, _OTHER)
    return Reason(text(words.source, name=name), (*own, everything))


def mending(proof: RequirementRef) -> str:
    """Where a person mends what is missing; "" where only the agency can, or time."""
    if proof.kind in (Kind.AGE, Kind.SAME_WORK, Kind.LISTS):
        return ""
    if proof.kind == Kind.GUARDIAN:
        return "/me/guardian"
    return "/training" if proof.kind == Kind.COURSE else f"/me/paperwork/{proof.id}"


def about_them(found: Clearance, person_id: int, person: str) -> list[Reason]:
    """The same for staff, about a person."""
    return [_about_them(item, found.on, person_id, person) for item in found.missing]


def _about_them(item: Item, on: date, person_id: int, person: str) -> Reason:
    way = (text("Open their requirements"), f"/people/{person_id}/paperwork")
    if item.proof is not None and item.proof.kind == Kind.LISTS:  # it is made of applications
        way = (text("Enter an application"), "/applications/new")
    if item.notice:
        title = partial(_named, item.notice.title, item.notice.translations, "title")
        words = text("%(person)s hasn't read this yet: %(title)s.", person=person, title=title)
    elif item.proof is None:
        names = partial(_all_names, item.options)
        words = text("%(person)s needs one of these: %(names)s.", person=person, names=names)
    elif item.state == State.WAITING:
        words = text(
            "Needs review for %(person)s: %(name)s.", name=name_of(item.proof), person=person
        )
    elif item.state == State.LAPSES and item.until:
        words = text(
            "Not valid after %(day)s for %(person)s: %(name)s.",
            name=name_of(item.proof),
            person=person,
            day=_day(item.until, on),
        )
    else:
        words = text("Missing for %(person)s: %(name)s.", person=person, name=name_of(item.proof))
    return Reason(words, (way,))
