"""What people are told when records are merged."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.act import Act
from portal.merging.models import PersonMerge
from portal.messages.kinds import Envelope, Kind, Notice, Notices, Saying, Urgency
from portal.messages.outside import Outsider, tell_outsider
from portal.settings import Settings
from portal.words import text

MERGED = Kind("people.merged", Urgency.CAN_WAIT, calls=True)
OLD_ADDRESS = Kind("people.merged_away", Urgency.NOW)


def tell_old(act: Act, row: PersonMerge, address: str, language: str) -> None:
    """Tell the address of the record that ended, without anyone's name: it may be someone else's by now
    (SECURITY A9, F6)."""
    subject = (row.noun, row.id)
    tell_outsider(act, OLD_ADDRESS, subject, Outsider("", language, address))


def _merged(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    return Saying(link=(text("Your details"), "/me/details"))


def _merged_away(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
    row = db.get(PersonMerge, to.subject_id)
    return None if row is None or row.undone_at else Saying()


NOTICES: Notices = {
    MERGED.name: Notice(
        MERGED,
        text("Two records of you were merged"),
        text("We merged two records of you at {agency}"),
        text(
            "Hello {name},\n\nWe had two records of you and made them one. Your shifts and hours are "
            "together now. If something looks wrong, call us: {phone}."
        ),
        _merged,
    ),
    OLD_ADDRESS.name: Notice(
        OLD_ADDRESS,
        text("A record with your email was merged"),
        text("Your email address at {agency}"),
        text(
            "Hello,\n\nA record at {agency} with this email address was merged into another record. "
            "This address doesn't sign in there anymore. If you didn't expect this, call us: {phone}."
        ),
        _merged_away,
    ),
}
