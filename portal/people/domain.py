"""What people offer the rest of the portal."""

from portal.act import Act
from portal.domain import Chore, Domain, Round, ids
from portal.people import departures, routes, supervision
from portal.people.notices import NOTICES
from portal.permissions import Permission
from portal.web.request import Entry
from portal.web.words import text


def _depart(act: Act, departure_id: int, now: Round) -> None:
    """Take somebody who leaves off everything that is coming, in every domain."""
    releases = [one.release for one in now.domains if one.release]
    departures.depart(act.db, departure_id, releases, now.zone, act.at)


DOMAIN = Domain(
    "people",
    pages=routes.pages,
    navigation=(
        Entry(
            text("Supervision"),
            "/supervision",
            "people",
            Permission.SUPERVISION_SEE,
            also=("/trials",),
            unless=Permission.PEOPLE_MANAGE,
            rank=90,
        ),
        Entry(text("You"), "/me/details", "person", Permission.SIGNED_IN, on_phone=True, rank=130),
    ),
    notices=NOTICES,
    chores=(Chore("departures", 100, ids(lambda now: departures.due()), _depart),),
    release=supervision.release,
)
