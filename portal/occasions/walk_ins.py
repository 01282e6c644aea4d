"""Events that anyone may come to, as a kiosk shows them; guests, which stand beside kiosks, know them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from portal.web.request import Request


class WalkIns(Protocol):
    """Events that take people who have no account."""

    def open_at(
        self, db: Session, site_id: int, first: datetime, last: datetime, language: str
    ) -> Sequence[tuple[str, str]]:
        """Those at a location that start between two moments: what each is called, and its address."""
        ...


def walk_ins_of(request: Request) -> WalkIns:
    """What guests do for kiosks."""
    return request.portal.gives[WalkIns]  # type: ignore[no-any-return]
