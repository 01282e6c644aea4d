"""Handing mail to the agency's mail server."""

import smtplib
import ssl
from email.message import EmailMessage
from functools import cache
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT_SECONDS = 20
SCHEMES = ("smtp", "smtps")


@cache
def _safe() -> ssl.SSLContext:
    """What a server's certificate is checked against; reading it anew takes longer than sending a mail."""
    return ssl.create_default_context()


class Unreachable(Exception):
    """The mail server does not answer as one; nothing can be sent for now."""


class Dropped(Exception):
    """The connection was lost while a mail was handed over; it may have been taken or not."""


class NotNow(Exception):
    """The mail server puts this one mail off."""


class NotThisAddress(Exception):
    """The mail server will never take mail for this address."""


class NotThisMail(Exception):
    """The mail server will never take this mail."""


class Mailer(Protocol):
    """Takes mails; raises one of the five above."""

    def send(self, message: EmailMessage, address: str) -> None: ...

    def close(self) -> None: ...


class Smtp:
    """A mail server, by its address: smtp://user:password@host:587?starttls=yes, or smtps://host.

    The connection is opened when the first mail goes out, and kept until `close`. A server that says
    nothing for so many `seconds` counts as lost.
    """

    def __init__(self, url: str, seconds: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        self._seconds = seconds
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._port = parts.port or (465 if parts.scheme == "smtps" else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._starttls = parse_qs(parts.query).get("starttls") == ["yes"]
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, address: str) -> None:
        """Hand one mail over. Returning means that the server took it."""
        try:
            server = self._server = self._server or self._connected()
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(type(error).__name__) from None
        try:
            server.send_message(message, to_addrs=[address])
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            self._reset()
            raise (NotNow if code < 500 else NotThisAddress)(str(code)) from None
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            self._reset()
            raise (NotNow if error.smtp_code < 500 else NotThisMail)(str(error.smtp_code)) from None
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Dropped(type(error).__name__) from None

    def greet(self) -> None:
        """Say hello and goodbye, to see whether it answers. Raises Unreachable."""
        try:
            self._server = self._connected()
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(type(error).__name__) from None
        self.close()

    def close(self) -> None:
        """Say goodbye."""
        server, self._server = self._server, None
        if server:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _connected(self) -> smtplib.SMTP:
        safe = _safe()
        if self._scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._seconds, context=safe
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._seconds)
        if self._starttls:
            server.starttls(context=safe)
        if self._user:
            server.login(self._user, self._password)
        return server

    def _reset(self) -> None:
        try:
            if self._server:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self.close()
