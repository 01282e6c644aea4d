"""The calendar answers in a mail, or in a calendar text by itself (CALENDARS 19)."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage

from portal.ical_replies import Reply, read_reply

MOST_BYTES = 1024 * 1024
MOST_PARTS = 200


def answers_in(raw: bytes) -> list[Reply]:
    """The calendar answers in a mail, each once. Raises ValueError for a mail with too many parts."""
    if raw.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        parts = [raw.strip()]
    else:
        message = email.message_from_bytes(raw[:MOST_BYTES], policy=email.policy.default)
        parts = [_content(part) for part in _parts(message) if _is_calendar(part)]
    found = [reply for part in parts if (reply := read_reply(part))]
    return list(dict.fromkeys(found))


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            raise ValueError("too many parts")
        yield part


def _is_calendar(part: EmailMessage) -> bool:
    return part.get_content_type() in ("text/calendar", "application/ics")


def _content(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
