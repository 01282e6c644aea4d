"""What operating offers: the audit is sealed."""

from portal.audit import seals
from portal.domain import Chore, Domain, once

DOMAIN = Domain(
    "operating",
    chores=(
        Chore(
            "seals",
            80,
            once(lambda db, now: bool(seals.unsealed(db, 1))),
            lambda act, _, now: seals.seal(act.db),
            counts=False,
        ),
    ),
)
