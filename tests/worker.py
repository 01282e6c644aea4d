"""The worker as it runs: with every domain of the portal."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal import worker
from portal.app import DOMAINS
from portal.db import Database
from portal.messages.smtp import Mailer
from portal.outbox.notices import notices_of
from portal.settings import Settings

EVERY_NOTICE = notices_of(DOMAINS)


def round_of_work(
    database: Database,
    settings: Settings,
    at: datetime,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """One round of every chore that is due."""
    return worker.round_of_work(database, settings, at, DOMAINS, stopped)


def Mail(database: Database, settings: Settings, mailer: Mailer | None = None) -> worker.Mail:
    """The sender of mail of every kind."""
    return worker.Mail(database, settings, DOMAINS, mailer)


def one_round(
    database: Database, settings: Settings, mail: worker.Mail, reader: Any, stopped: Any
) -> int:
    """One round of everything: chores, what is read, mail."""
    return worker.one_round(database, settings, DOMAINS, mail, [reader], stopped)
