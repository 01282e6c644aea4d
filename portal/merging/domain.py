"""What merging records offers the rest of the portal."""

from portal.domain import Chore, Domain, ids
from portal.merging import routes, undoing, views
from portal.merging.notices import NOTICES

DOMAIN = Domain(
    "merging",
    pages=routes.pages,
    notices=NOTICES,
    person=views.person,
    chores=(
        Chore(
            "old merges",
            151,
            ids(lambda now: undoing.over(now.at)),
            lambda act, merge, now: undoing.forget(act.db, merge),
        ),
    ),
)
