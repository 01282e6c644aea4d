"""Whom a typed name, phone number or address means."""

from sqlalchemy import Select

from portal.people.models import Person, Status
from portal.people.search import matches
from portal.programs.scopes import visible_people
from portal.web.errors import Refused
from portal.web.request import Request
from portal.words import text

MOST_NAMED = 50


def the_one(request: Request, typed: str) -> Person:
    """The only person one can see whom a name, a phone number or an address means. Refuses beside `who`."""
    named = matches(typed)
    if named is None:
        raise Refused(fields={"who": text("Enter a name.")})
    people: Select[Person] = visible_people(request.viewer).where(
        named, Person.status != Status.ENDED
    )
    found = request.db.scalars(people.order_by(Person.name, Person.id).limit(MOST_NAMED)).all()
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(fields={"who": text("No one you can see has this name.")})
    exact = [one for one in found if one.name.casefold() == typed.casefold()]
    if len(exact) == 1:
        return exact[0]
    names = ", ".join(one.name for one in found[:5])
    words = text("This fits several people: %(names)s. Enter the phone or email.", names=names)
    raise Refused(fields={"who": words})
