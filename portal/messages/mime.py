"""A message as a mail on its way out."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from portal.messages.compose import Mail
from portal.messages.kinds import Envelope, Notice, Recipient, Saying
from portal.settings import Settings


def mail_message(
    mail: Mail,
    notice: Notice,
    saying: Saying,
    to: Recipient,
    envelope: Envelope,
    settings: Settings,
    at: datetime,
) -> EmailMessage:
    """The mail as it goes out: to one recipient, from the agency, with its invitation if it has one.

    The address goes through Address(addr_spec=), which refuses anything that is not one address
    (SECURITY F5).
    """
    message = EmailMessage(policy=SMTP.clone(max_line_length=200))
    message["From"] = Address(settings.agency_name, addr_spec=settings.mail_from)
    message["To"] = Address(addr_spec=to.address)
    message["Subject"] = mail.subject[:200]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{envelope.mail_id}@{settings.host}>"
    message["Auto-Submitted"] = "auto-generated"
    if notice.kind.topic and envelope.token:
        base = settings.base_url.rstrip("/")
        message["List-Unsubscribe"] = f"<{base}/mail/{envelope.token}>"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    _add_invitations(message, saying, to)
    return message


def _add_invitations(message: EmailMessage, saying: Saying, to: Recipient) -> None:
    """The invitation, or a file for each of several: a calendar part has one event (RFC 5546, 3.2)."""
    if saying.invite:
        invitation = saying.invite(to.name, to.address)
        _add_invitation(message, invitation.method, invitation.text)
    for number, invite in enumerate(saying.invites, 1):
        invitation = invite(to.name, to.address)
        message.add_attachment(
            invitation.text.encode(),
            maintype="text",
            subtype="calendar",
            params={"method": invitation.method, "charset": "UTF-8"},
            filename=f"event-{number}.ics",
        )


def _add_invitation(message: EmailMessage, method: str, text: str) -> None:
    """The calendar part where clients look for it, and the same as a file (CALENDARS 16)."""
    message.add_alternative(
        text.encode(),
        maintype="text",
        subtype="calendar",
        params={"method": method, "charset": "UTF-8"},
    )
    message.add_attachment(
        text.encode(), maintype="application", subtype="ics", filename="event.ics"
    )
