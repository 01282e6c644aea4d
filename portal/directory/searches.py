"""People, as the search over everything finds them."""

from collections.abc import Sequence

from sqlalchemy import true

from portal.people.models import Person, Status
from portal.people.people import BEST_PHONE
from portal.people.search import matches
from portal.permissions import Permission
from portal.programs.scopes import visible_people
from portal.searching import MOST_HITS, Hit, Search
from portal.web.request import Request
from portal.words import text


def find_people(request: Request, query: str) -> Sequence[Hit]:
    """Who has every word of a query in a name, phone or email, of those the viewer may see."""
    named = matches(query)
    rows = request.db.execute(
        visible_people(request.viewer)
        .with_only_columns(Person.id, Person.name, BEST_PHONE.label("phone"))
        .where(true() if named is None else named, Person.status != Status.ENDED)
        .order_by(Person.name, Person.id)
        .limit(MOST_HITS)
    )
    return [Hit(row.name, row.phone or "", f"/people/{row.id}") for row in rows]


PEOPLE = Search(text("People"), "people", 10, Permission.PEOPLE_MANAGE, find_people)
