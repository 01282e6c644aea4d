"""What proposals offer the rest of the portal."""

from portal.autofill import fills, routes, running
from portal.domain import Chore, Domain, LongChore, ids

DOMAIN = Domain(
    "autofill",
    pages=routes.pages,
    chores=(
        LongChore("proposals", 136, running.due, running.work, counts=False),
        Chore(
            "old proposals",
            137,
            ids(lambda now: fills.over(now.at)),
            lambda act, one, now: fills.forget(act, one),
            counts=False,
        ),
    ),
)
