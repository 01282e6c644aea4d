"""What sending needs: settings, words, readers, and the way out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from portal.messages.kinds import Notices, Recipient
from portal.messages.smtp import Mailer
from portal.settings import Settings
from portal.web.render import Renderer


class Readers(Protocol):
    """Who reads messages, and whose address a mail server refuses."""

    def of(self, db: Session, person_id: int) -> Recipient | None: ...

    def refused(self, db: Session, person_id: int, at: datetime) -> None: ...

    def proved(self, db: Session, address: str) -> bool: ...


@dataclass(frozen=True)
class Post:
    """What sending needs: the settings, the words, who reads, and the way out (None: no mail server)."""

    settings: Settings
    notices: Notices
    readers: Readers
    renderer: Renderer
    mailer: Mailer | None
