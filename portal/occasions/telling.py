"""Messages about occasions: what they say, with an invitation, for as long as it is so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import clock, ical
from portal.ical import Happening
from portal.messages.kinds import Envelope, Invitation, Saying
from portal.occasions.outside import IN_PORTAL, is_private
from portal.settings import Settings
from portal.words import CATALOGS, Words, text

WHAT, WHEN, WHERE, WHY = text("What"), text("When"), text("Where"), text("Why")
PREVIOUSLY = text("Previously")
NAMES = ("what", "when", "where", "program", "contact", "contact_phone", "reason")
"""What the words of such a message may name."""

Read = Callable[[Session, int], Any]
Still = Callable[[Any, datetime], bool]
Say = Callable[[Session, Envelope, Settings, datetime], Saying | None]


def when(row: Any, language: str, at: datetime) -> str:
    """When something is, in its own zone."""
    return clock.span_text(row.starts_at, row.ends_at, row.zone, language, at.year)


def before(row: Any, to: Envelope, at: datetime) -> str:
    """When it was before it moved, as the message keeps it; nothing if it did not."""
    if "starts_at" not in to.told:
        return ""
    starts, ends = (datetime.fromisoformat(to.told[name]) for name in ("starts_at", "ends_at"))
    return clock.span_text(starts, ends, row.zone, to.language, at.year)


def previously(values: Mapping[str, str]) -> tuple[Words, str]:
    """The fact of when something was before it moved; empty if its time is the same."""
    was = values.get("before", "")
    return PREVIOUSLY, "" if was == values["when"] else was


def moved(row: Any, to: Envelope) -> bool:
    """Whether it begins at another time than the message was written for."""
    return bool(row.starts_at.isoformat() != to.told["starts_at"])


def invitation(event: Happening, settings: Settings, method: str) -> Any:
    """Makes the calendar part for the one it is mailed to, and no one else."""

    def invite(name: str, address: str) -> Invitation:
        organizer = (settings.agency_name, settings.mail_from)
        return Invitation(method, ical.invitation(event, method, organizer, (name, address)))

    return invite


@dataclass(frozen=True)
class Teller:
    """How a domain tells of someone's part in its occasions.

    `read` gives the row of a part, `title` and `place` what outsiders may read of it in a language, `event`
    its calendar event, `link` the page behind it, and `reason` why it is as it is.
    """

    read: Read
    title: Callable[[Any, str], str]
    place: Callable[[Any, str], str]
    event: Callable[..., Happening]
    link: Callable[[Any], tuple[Words, str]]
    reason: Callable[[Any], str]

    def say(self, row: Any, to: Envelope, at: datetime, reason: str = "", **more: Any) -> Saying:
        """What a message says; nothing of a sensitive program but its label and time."""
        private = is_private(row)
        where = self.place(row, to.language)
        if not where and row.site:
            where = CATALOGS[to.language].say(IN_PORTAL)
        values = {
            "what": self.title(row, to.language),
            "when": when(row, to.language, at),
            "where": where,
            "program": (row.public_label if private else row.program) or "",
            "contact": row.contact_name or "",
            "contact_phone": row.contact_phone or "",
            "reason": "" if private else reason,
        } | more.pop("values", {})
        facts = (
            (WHAT, values["what"]),
            (WHEN, values["when"]),
            previously(values),
            (WHERE, values["where"]),
            (WHY, values["reason"]),
        )
        return Saying(values, facts, more.pop("link", self.link(row)), **more)

    def invite(self, row: Any, to: Envelope, settings: Settings, method: str) -> Any:
        """The calendar part of a message about a part."""
        event = self.event(row, settings, to.language, canceled=method == "CANCEL")
        return invitation(event, settings, method)

    def while_(self, method: str, still: Still, read: Read | None = None) -> Say:
        """A notice with an invitation, for as long as something is so."""

        def say(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
            row = (read or self.read)(db, to.subject_id)
            if row is None or not still(row, at):
                return None
            invite = self.invite(row, to, settings, method)
            return self.say(row, to, at, self.reason(row), invite=invite)

        return say

    def changed(self, still: Still) -> Say:
        """The notice that something is at another time or place now, and when it was before. A place that only
        one part of it has now goes by `told`."""

        def say(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
            row = self.read(db, to.subject_id)
            if row is None or not still(row, at):
                return None
            values = {"before": before(row, to, at)}
            if "place" in to.told and not is_private(row):
                values["where"] = to.told["place"]
            invite = self.invite(row, to, settings, "REQUEST")
            return self.say(row, to, at, values=values, invite=invite)

        return say

    def reminder(self, still: Still, read: Read | None = None) -> Say:
        """The notice before something begins, unless it moved since."""

        def say(db: Session, to: Envelope, settings: Settings, at: datetime) -> Saying | None:
            row = (read or self.read)(db, to.subject_id)
            if row is None or not still(row, at) or row.starts_at <= at or moved(row, to):
                return None
            return self.say(row, to, at)

        return say
