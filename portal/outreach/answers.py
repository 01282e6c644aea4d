"""Reading what calendar programs answered, from the agency's mailbox, again and again."""

import hashlib
import imaplib
import logging
from datetime import UTC, datetime, timedelta

from portal.act import Act
from portal.db import Database
from portal.imports import tries
from portal.outreach import replies
from portal.permissions import COMMAND_LINE
from portal.reading import reader
from portal.settings import Settings
from portal.weather import Busy, is_weather

log = logging.getLogger(__name__)

READ_EVERY = timedelta(minutes=2)


class Answers:
    """Reading what calendar programs answered, from the agency's mailbox; one that is not there is tried again
    later."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.mailbox = replies.Mailbox(settings.imap_url) if settings.imap_url else None
        self.not_before = datetime.min.replace(tzinfo=UTC)

    def round(self, at: datetime) -> int:
        """Note every new answer; gives how many mails were read."""
        if self.mailbox is None or at < self.not_before:
            return 0
        self.not_before, number = at + READ_EVERY, 0
        try:
            for raw in self.mailbox.unread():
                self._take(raw, at)
                number += 1
        except (OSError, imaplib.IMAP4.error, Busy) as error:
            log.warning("no mailbox", extra={"why": type(error).__name__})
        return number

    def _take(self, raw: bytes, at: datetime) -> None:
        """One mail that breaks its reader, or our own code, must not keep the others from being read."""
        key = f"mail {hashlib.sha256(raw).hexdigest()}"
        if not tries.begin(self.database, key, at):
            return
        try:
            found = reader.mail(raw)
            with self.database.writing() as db:
                replies.take(Act(db, COMMAND_LINE, at), found, self.settings)
                tries.succeed(db, key)
        except reader.Unreadable as error:
            tries.fail(self.database, key, str(error), at)
        except Exception as error:
            if is_weather(error):
                tries.give_back(self.database, key)  # a busy database is not the mail's fault
                raise
            log.exception("a mail could not be read")
