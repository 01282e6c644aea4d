"""What open events offer the rest of the portal."""

from collections.abc import Iterator

from sqlalchemy import func

from portal.domain import Chore, Domain, Panel, Queue, ids
from portal.guests import chores, events, guests, notices, routes, walk_ins
from portal.guests.models import Guest
from portal.guests.views import public
from portal.occasions.walk_ins import WalkIns
from portal.permissions import Permission
from portal.web.request import Request
from portal.words import text


def _on_shift(request: Request, shift_id: int) -> Iterator[Panel]:
    """For staff on the page of a shift: its guests, or that it can be opened."""
    row = events.event_of(request.db, shift_id)
    count = events.coming(request.db, row.id) if row else 0
    yield Panel(10, "guests/_on_shift.html", {"row": row, "count": count, "shift_id": shift_id})


def _at_the_door(request: Request) -> Iterator[Panel]:
    """On the list of ways to help: what anyone may come to once."""
    rows = public.coming_events(request, 3)
    if rows:
        yield Panel(10, "guests/_at_the_door.html", {"rows": rows})


DOMAIN = Domain(
    "guests",
    pages=routes.pages,
    notices=notices.NOTICES,
    shift=_on_shift,
    door=_at_the_door,
    gives={WalkIns: walk_ins},
    queues=(
        Queue(
            "guests",
            text("Guests who came again"),
            "/guests",
            "person-plus",
            209,
            lambda viewer, now: guests.came_again(viewer),
            oldest=func.min(Guest.marked_at),
            may=Permission.PEOPLE_MANAGE,
        ),
    ),
    chores=(
        Chore(
            "events at another time",
            169,
            ids(lambda now: chores.to_follow(), 50),
            lambda act, one, now: chores.follow(act, one),
        ),
        Chore(
            "guests to tell",
            170,
            ids(lambda now: chores.to_tell(now.at), 50),
            lambda act, one, now: chores.tell_change(act, one),
        ),
        Chore(
            "guests to remind",
            171,
            ids(lambda now: chores.to_remind(now.at), 50),
            lambda act, one, now: chores.remind(act, one),
        ),
        Chore(
            "guests of a year ago",
            172,
            ids(lambda now: chores.to_erase(now.at), 50),
            lambda act, one, now: chores.erase(act, one),
        ),
    ),
)
