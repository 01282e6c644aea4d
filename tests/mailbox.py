"""A real mail server for tests, which can also be a bad one, and a worker that hands mail to it."""

import asyncio
import dataclasses
import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from portal.messages.smtp import Smtp
from tests.worker import Mail


class Mailbox:
    """What arrived, and how to behave: `refuse`, `later` and `stall` are addresses, `drop` counts down."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.refuse: set[str] = set()
        self.later: set[str] = set()
        self.drop_after_data = 0
        self.data_code = ""
        self.stall: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # type: ignore[no-untyped-def]
        if address in self.refuse:
            return "550 no such mailbox"
        if address in self.later:
            return "451 try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # type: ignore[no-untyped-def]
        if self.stall & set(envelope.rcpt_tos):
            await asyncio.Event().wait()  # never answers
        if self.data_code:
            return self.data_code
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if self.drop_after_data:
            self.drop_after_data -= 1
            server.transport.abort()
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["To"].addresses[0].addr_spec == address]

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


@contextmanager
def serving(port: int = 0) -> Iterator[tuple[Mailbox, str]]:
    """A mail server on this machine, and its address."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=port or _free_port(), ready_timeout=20)
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def _free_port() -> int:

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def parts(mail: EmailMessage) -> dict[str, Any]:
    """The parts of a mail by their type."""
    return {part.get_content_type(): part for part in mail.walk() if not part.is_multipart()}


class Office:
    """What waits is sent by `send`; what arrived is in `box`."""

    def __init__(self, database, settings, box: Mailbox, url: str, time) -> None:
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
