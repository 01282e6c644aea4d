"""Closing in tests: all that the portal's domains have fall into it, for the agency or one place."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from portal.act import Act
from portal.app import DOMAINS
from portal.closing import Decision, Do
from portal.closings import closing
from portal.closings.closing import Closing

CLOSABLES = [one for domain in DOMAINS for one in domain.closables]
GIVES = {kind: given for domain in DOMAINS for kind, given in domain.gives.items()}
ZONE = "America/New_York"


def close(
    act: Act,
    first: date,
    last: date,
    what: Do,
    seen: str,
    days: int = 0,
    decisions: Mapping[tuple[str, int], Decision] | None = None,
    **where: object,
) -> int:
    """Close some days, as if their preview had been looked at; gives how many items changed."""
    wanted = Closing(first, last, "Snow", **where)  # type: ignore[arg-type]
    otherwise = Decision(what, days)
    done = closing.close(act, wanted, decisions or {}, otherwise, CLOSABLES, ZONE, GIVES, seen)
    return done.total() - done[Do.KEEP]


def find(db: Session, act: Act, first: date, last: date, **where: object) -> list:
    """What falls into it."""
    wanted = Closing(first, last, "Snow", **where)  # type: ignore[arg-type]
    return closing.found(db, act.by, wanted.span(ZONE), CLOSABLES, act.at)
