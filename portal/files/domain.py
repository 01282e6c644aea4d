"""What files offer: bringing tables and calendars in."""

from portal.domain import Domain, LongChore, ids
from portal.files import pages, work

DOMAIN = Domain(
    "files",
    pages=pages.pages,
    chores=(
        LongChore(
            "files",
            90,
            ids(lambda now: work.due(now.at)),
            lambda database, job, now: work.work_on(database, now.settings, job, now.at),
        ),
    ),
)
