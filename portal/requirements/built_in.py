"""What the portal asks for by itself, whatever an agency's rules say: of minors, and of the agency's employees.

A volunteer of a public agency may not do the same type of work as they are paid for there (29 U.S.C.
203(e)(4)(A)(ii)); who decides on that is HR.
"""

from collections.abc import Iterator
from datetime import date

from portal.clock import ONE_DAY
from portal.requirements.models import Kind
from portal.requirements.terms import Asking, Record, RequirementRef
from portal.words import CATALOGS, Words, text

ADULT = 18
CONSENT_NAME = text("Parent or guardian’s consent")


def built_in(kind: Kind, name: Words) -> RequirementRef:
    """A requirement that has no row of its own: its id is 0."""
    said = {code: {"name": one.say(name)} for code, one in CATALOGS.items()}
    return RequirementRef(0, kind, CATALOGS["en"].say(name), strict=True, translations=said)


SAME_WORK = text("HR: not the same type of work")
REVIEW = text("Screening review")


def of_age(years: int) -> RequirementRef:
    """That someone is old enough."""
    return built_in(Kind.AGE, text("Age %(age)s or older", age=years))


def turns(adult_on: date, years: int) -> date:
    """The day on which someone is so many years old, up to 18, who turns 18 on a day."""
    year = adult_on.year - (ADULT - years)
    if (adult_on.month, adult_on.day) == (2, 29):
        return date(year, 2, 28) + ONE_DAY
    return adult_on.replace(year=year)


def asked_of(record: Record, asking: Asking, on: date) -> Iterator[RequirementRef]:
    """What a person needs on a day for a position, as a minor, as a newcomer or as an employee."""
    if record.adult_on is not None and on < record.adult_on:
        if on < turns(record.adult_on, asking.youngest):
            yield of_age(asking.youngest)
        else:
            yield asking.consent or built_in(Kind.GUARDIAN, CONSENT_NAME)
    if record.held or (asking.review and not _is_reviewed(record, asking, on)):
        yield built_in(Kind.LISTS, REVIEW)
    if record.employee:
        yield built_in(Kind.SAME_WORK, SAME_WORK)


def _is_reviewed(record: Record, asking: Asking, on: date) -> bool:
    """Whether someone was looked up for the program, or has a role in it: then they were when they came."""
    return asking.program_id in record.reviewed or any(
        one.program_id == asking.program_id and one.covers(on) for one in record.services
    )


def days_of(record: Record, asking: Asking) -> Iterator[date]:
    """The days on which that changes."""
    if record.adult_on is not None:
        yield turns(record.adult_on, asking.youngest)
        yield record.adult_on
