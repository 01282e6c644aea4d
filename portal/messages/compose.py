"""From what a message says to a mail: the agency's words or ours, plain text and HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.messages.kinds import Envelope, Notice, Recipient, Saying
from portal.settings import Settings
from portal.web.forms import clean
from portal.web.render import Renderer
from portal.words import CATALOGS, best_language, text, without_second_period

NAME = re.compile(r"\{(\w{1,30})\}")
NAME_AND_PERIOD = re.compile(r"\{(\w{1,30})\}\.(?=\s|$)")
NO_NAME = re.compile(r",? \{name\}(?=[,:])")
"""The name in a greeting, with what stands before it: "Hello {name},", "Hola, {name}:"."""
ADDRESS = re.compile(
    r"[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>(),;:\\\"\[\]\x00-\x1f\x7f]{1,185}"
)
"""One mailbox and nothing else (SECURITY F5); what it refuses could be read as several."""

COMMON_NAMES = ("name", "agency", "phone")
"""What every wording may use."""


@dataclass(frozen=True)
class Mail:
    """A message in words: subject, text and HTML."""

    subject: str
    text: str
    html: str


def filled(template: str, values: Mapping[str, str]) -> str:
    """A wording with its {names} filled in; a name that is not known stays as it is."""
    template = without_second_period(template, values, NAME_AND_PERIOD)
    if not values.get("name"):
        template = NO_NAME.sub("", template)
    return NAME.sub(lambda found: values.get(found[1], found[0]), template)


def words_of(
    notice: Notice,
    saying: Saying,
    to: Recipient,
    envelope: Envelope,
    wording: tuple[str, str] | None,
    settings: Settings,
) -> dict[str, Any]:
    """A message in its reader's language, part by part: subject, paragraphs, facts, lines, where it leads."""
    catalog = CATALOGS[best_language([to.language])]
    values = {
        "name": to.name,
        "agency": settings.agency_name,
        "phone": settings.agency_phone,
        **saying.values,
    }
    office = {"contact": settings.agency_name, "contact_phone": settings.agency_phone}
    values |= {name: known for name, known in office.items() if not values.get(name)}
    subject, body = wording or (
        saying.subject or catalog.gettext(notice.subject.source),
        saying.body or catalog.gettext(notice.body.source),
    )
    base = settings.base_url.rstrip("/")
    return {
        "subject": clean(filled(subject, values)).replace("\n", " "),
        "paragraphs": [part for part in re.split(r"\n\s*\n", filled(body, values)) if part.strip()],
        "facts": [(catalog.say(label), value) for label, value in saying.facts if value],
        "lines": saying.lines,
        "link": saying.link and (catalog.say(saying.link[0]), base + saying.link[1]),
        "page": f"{base}/mail/{envelope.token}"
        if envelope.token and envelope.person_id and not notice.kind.secret
        else "",
        "answers": [catalog.say(words) for _, words in saying.answers],
        "code": envelope.code if notice.kind.code else "",
        "language": catalog.language,
    }


def compose(words: dict[str, Any], renderer: Renderer, settings: Settings) -> Mail:
    """Those words as plain text and as HTML."""
    html = renderer.render("messages/mail.html", words, words["language"])
    say = CATALOGS[words["language"]].say
    return Mail(words["subject"], _text(words, say, settings), html)


def _text(context: Mapping[str, Any], say: Any, settings: Settings) -> str:
    parts = [*context["paragraphs"]]
    if context["facts"]:
        parts.append("\n".join(f"{label}: {value}" for label, value in context["facts"]))
    if context["lines"]:
        parts.append("\n".join(f"- {line}" for line in context["lines"]))
    if context["code"]:
        parts.append(context["code"])
    if context["answers"]:
        parts.append(f"{say(ANSWER)}\n{context['page']}")
    if context["link"]:
        parts.append(f"{context['link'][0]}:\n{context['link'][1]}")
    parts.append("-- \n" + "\n".join(filter(None, (settings.agency_name, settings.agency_phone))))
    if context["page"]:
        parts.append(f"{say(CHANGE)}\n{context['page']}")
    return "\n\n".join(parts) + "\n"


ANSWER = text("To reply, open this page and press a button:")
CHANGE = text("To change what we send you:")
