"""What an agency decides about reports of incidents."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from portal.agency.settings import Setting, value_of
from portal.incidents.models import IncidentKind
from portal.settings import Settings
from portal.words import text

SETUP = "/incidents/setup"
CHILD_HOTLINE = Setting("child_hotline", text("State child abuse hotline"), "", most=40, path=SETUP)
ADULT_HOTLINE = Setting(
    "adult_hotline", text("Adult protective services hotline"), "", most=40, path=SETUP
)


def _within(kind: IncidentKind, hours: int) -> Setting[int]:
    words = text("Hours until someone reads a report")
    return Setting(f"{kind}_hours", words, hours, least=1, most=168, path=SETUP)


WITHIN: Mapping[IncidentKind, Setting[int]] = {
    IncidentKind.INJURY: _within(IncidentKind.INJURY, 24),
    IncidentKind.ACCIDENT: _within(IncidentKind.ACCIDENT, 72),
    IncidentKind.THREAT: _within(IncidentKind.THREAT, 4),
    IncidentKind.LOSS: _within(IncidentKind.LOSS, 72),
    IncidentKind.WORRY: _within(IncidentKind.WORRY, 24),
    IncidentKind.COMPLAINT: _within(IncidentKind.COMPLAINT, 72),
}
"""Within how many hours a receiver reads a report of each kind."""


def hotlines(db: Session, settings: Settings) -> tuple[str, str]:
    """The numbers to call about a child and about an adult; "" where none is set."""
    return value_of(db, CHILD_HOTLINE, settings), value_of(db, ADULT_HOTLINE, settings)
