"""What kinds of messages there are, as far as sending needs to know; their words are the domains'."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy.orm import Session

from portal.settings import Settings
from portal.words import Words, text


class Topic(StrEnum):
    """What people may switch off. Everything else about them is told always."""

    CONFIRMATIONS = "confirmations"
    REMINDERS = "reminders"
    ASKS = "asks"
    NEWS = "news"
    DIGEST = "digest"


TOPIC_WORDS: Mapping[Topic, Words] = {
    Topic.CONFIRMATIONS: text("When I sign up or cancel my spot, with a calendar entry"),
    Topic.REMINDERS: text("Reminders before my shifts"),
    Topic.ASKS: text("When a shift needs help"),
    Topic.NEWS: text("News from the coordinators"),
    Topic.DIGEST: text("Unfilled shifts, each morning (coordinators)"),
}


class Urgency(StrEnum):
    """When a kind of message goes out. NOW: codes and safety, held back by nothing. SOON: something is
    canceled, moved, asked or offered; never behind a cap. WAIT: confirmations, news and summaries."""

    NOW = "now"
    SOON = "soon"
    CAN_WAIT = "wait"


TOLD = "told"
"""Under this name a session's `info` holds the mail ids of the messages that were written in it."""

NEAR = timedelta(hours=12)
"""What concerns something that starts within this time is urgent, whatever kind it is."""


@dataclass(frozen=True)
class Kind:
    """A kind of message, and when it goes out.

    `topic` is what switches it off. `calls`: whom no mail reaches is called instead. `to_actor`: it is
    told also to the person who did it (a confirmation). `secret`: it carries a link that signs in, so
    it is never kept in readable form where mail is sent. `code`: it carries a code that can be typed.
    `private`: the list of messages does not show it. `joins`: several of one act to one person are told
    together.
    """

    name: str
    urgency: Urgency
    topic: Topic | None = None
    calls: bool = False
    to_actor: bool = False
    secret: bool = False
    code: bool = False
    private: bool = False
    joins: bool = False


def timing(kind: Kind, starts_at: datetime | None, at: datetime) -> dict[str, Any]:
    """How urgent a message is and when it goes out, as the columns of its row. `starts_at` is when what it is
    about begins, if it is about something that does. What can be undone is held for a while: `undo.keeping`."""
    near = starts_at is not None and at <= starts_at <= at + NEAR
    urgency = Urgency.NOW if near else kind.urgency
    return {"urgency": urgency, "send_at": at, "next_at": at}


@dataclass(frozen=True)
class Recipient:
    """Who reads a message: how to write to them, in which language, and what they switched off."""

    person_id: int | None
    name: str
    address: str
    language: str
    off: frozenset[str] = frozenset()
    phone: str = ""


@dataclass(frozen=True)
class Envelope:
    """One message as its notice sees it when it is about to be sent. `token` opens its page, `code`
    can be typed instead."""

    id: int
    kind: str
    person_id: int | None
    subject_id: int
    told: Mapping[str, Any] = field(default_factory=dict)
    token: str = ""
    code: str = ""
    language: str = "en"
    mail_id: str = ""


@dataclass(frozen=True)
class Invitation:
    """The calendar part of a mail: an iCalendar text and its METHOD."""

    method: str
    text: str


@dataclass(frozen=True)
class Saying:
    """What a message says now: values for its words, facts in a table, where it leads, and what makes
    the invitation for the (name, address) it is mailed to.

    `answers` are what can be pressed on the page that its link opens. `invites` are those of several events.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[tuple[Words | str, str], ...] = ()
    link: tuple[Words, str] | None = None
    invite: Callable[[str, str], Invitation] | None = None
    invites: tuple[Callable[[str, str], Invitation], ...] = ()
    answers: tuple[tuple[str, Words], ...] = ()
    lines: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""


@dataclass(frozen=True)
class Notice:
    """A kind of message with its words: a subject and a body with {names} to be filled in, and what
    finds the values. `say` gives None when the message has become untrue."""

    kind: Kind
    title: Words
    subject: Words
    body: Words
    say: Callable[[Session, Envelope, Settings, datetime], Saying | None]
    names: tuple[str, ...] = ()


class RecipientOf(Protocol):
    """Find the reader of a message."""

    def __call__(self, db: Session, person_id: int) -> Recipient | None: ...


Notices = Mapping[str, Notice]
