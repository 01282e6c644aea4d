"""What undoing offers the rest of the portal."""

from sqlalchemy import delete

from portal.domain import Chore, Domain, ids
from portal.undo import keeping, routes
from portal.undo.models import Undo
from portal.undo.settings import HOLD_MINUTES
from portal.web.shared import Undos

DOMAIN = Domain(
    "undo",
    pages=routes.pages,
    settings=(HOLD_MINUTES,),
    chores=(
        Chore(
            "undos",
            85,
            ids(lambda now: keeping.over(now.at)),
            lambda act, one, _: act.db.execute(delete(Undo).where(Undo.id == one)),
            counts=False,
        ),
    ),
    gives={Undos: keeping},
)
