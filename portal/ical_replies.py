"""What a calendar answers to an invitation (RFC 5546)."""

from dataclasses import dataclass
from typing import Any

import icalendar


@dataclass(frozen=True)
class Reply:
    """What someone's calendar answered to an invitation (RFC 5546, 3.2.3)."""

    uid: str
    attendee: str
    said: str
    sequence: int
    stamp: str = ""


def read_reply(data: bytes) -> Reply | None:
    """The answer in a calendar text; None for one that is no single answer."""
    if len(data) > 100_000:
        return None
    try:
        calendar = icalendar.Calendar.from_ical(data)
        events = list(calendar.walk("VEVENT"))
        attendees = events[0].get("ATTENDEE") if len(events) == 1 else None
        attendees = attendees if isinstance(attendees, list) else [attendees]
        if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(attendees) != 1:
            return None
        attendee, event = attendees[0], events[0]
        sequence = int(event.get("SEQUENCE", 0))
        if not 0 <= sequence < 2**31:
            return None
        stamp = str(event.decoded("DTSTAMP", ""))
        return Reply(
            _visible(event["UID"])[:200],
            _visible(attendee).lower().removeprefix("mailto:").strip()[:254],
            _visible(attendee.params.get("PARTSTAT", "")).upper()[:16],
            sequence,
            stamp,
        )
    except Exception:
        return None  # whatever is wrong with it, it is no answer that we can read


def _visible(value: Any) -> str:
    """A text without what no database keeps."""
    return "".join(one for one in str(value) if one.isprintable())
