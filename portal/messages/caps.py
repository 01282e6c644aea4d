"""How many mails an address gets in a day (SECURITY F6)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.messages.kinds import Notice, Recipient, Urgency
from portal.messages.models import Message
from portal.messages.posting import Post
from portal.reads import AnyRow


def over_the_cap(
    db: Session, post: Post, notice: Notice, row: AnyRow, to: Recipient, at: datetime
) -> bool:
    """Whether an address had its mails of a day, over all kinds. Where a person with a record is told, that
    holds back only what can wait. What a stranger's typing sends is held back whosever the address (SECURITY
    F6), but never a code to a proved address: else a stranger could lock its owner out."""
    safety = notice.kind.secret and not notice.kind.code
    ours = row.person_id is not None or (notice.kind.code and post.readers.proved(db, to.address))
    if safety or (ours and row.urgency != Urgency.CAN_WAIT):
        return False
    return _sent_today(db, to.address, at) >= post.settings.mail_per_person_day


def normal(address: str) -> str:
    """An address as mails to it are counted."""
    return address.strip().lower()


def _sent_today(db: Session, address: str, at: datetime) -> int:
    """How many mails went to an address within a day."""
    recent = select(func.count()).where(
        Message.address == normal(address), Message.sent_at > at - timedelta(days=1)
    )
    return db.scalar(recent) or 0
