"""A mail server, and a post office that hands mail to it."""

import dataclasses
from collections.abc import Iterator

import pytest

from portal.messages.smtp import Smtp
from portal.worker import Mail
from tests.mailbox import Mailbox, serving


class Office:
    """What waits is sent by `send`; what arrived is in `box`."""

    def __init__(self, database, settings, renderer, box: Mailbox, url: str, time) -> None:
        self.database, self.box, self.time = database, box, time
        self.settings = dataclasses.replace(
            settings, smtp_url=url, mail_from="volunteers@agency.example"
        )
        self.mail = Mail(database, self.settings, Smtp(url))

    def send(self) -> list[str]:
        """Send what is due; gives the subjects that arrived because of it."""
        before = len(self.box.mails)
        self.mail.round(self.time.at)
        return self.box.subjects[before:]


@pytest.fixture
def office(database, settings, renderer, time) -> Iterator[Office]:
    with serving() as (box, url):
        office = Office(database, settings, renderer, box, url, time)
        yield office
        office.mail.post.mailer.close()
