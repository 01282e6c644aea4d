"""What the outbox offers: messages as people see them, letters, calls."""

from sqlalchemy import func

from portal.domain import Domain, Queue
from portal.messages.models import Message
from portal.outbox import routes
from portal.outbox.notices import NOTICES
from portal.permissions import Permission
from portal.programs.scopes import call_list
from portal.words import text

DOMAIN = Domain(
    "outbox",
    pages=routes.pages,
    notices=NOTICES,
    queues=(
        Queue(
            "calls",
            text("People to call"),
            "/calls",
            "telephone",
            170,
            lambda viewer, now: call_list(viewer),
            oldest=func.min(Message.created_at),
            may=Permission.CALLS_MAKE,
        ),
    ),
)
