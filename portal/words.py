"""Words for people: every sentence is written once in US English and said in the reader's language.

Code that does not know its reader yet (a verb that refuses, a form's label) makes a `Words`
with `text()` or `count_text()`. A `Catalog` says it. Catalogs are gettext .po files in
portal/locale, read when first needed.
"""

import gettext
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from babel.messages.pofile import read_po
from markupsafe import Markup

from portal import clock
from portal.languages import FOLDER, LANGUAGES, SOURCE


@dataclass(frozen=True)
class Words:
    """A sentence to be said later. A value may be Words too, or a function of the language."""

    source: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)
    many: str = ""

    def __str__(self) -> str:
        return CATALOGS[SOURCE].say(self)


def text(source: str, **values: Any) -> Words:
    """A sentence with named values: text("Call %(name)s.", name=...)."""
    return Words(source, values)


def together(*said: "Words | str") -> "Words | str":
    """Several sentences as one, a space between them."""
    found: Words | str = said[0] if said else ""
    for one in said[1:]:
        found = Words("%(one)s %(other)s", {"one": found, "other": one})
    return found


def count_text(one: str, many: str, n: int, **values: Any) -> Words:
    """A sentence that depends on a number: count_text("%(n)s spot", "%(n)s spots", n)."""
    return Words(one, {"n": n, **values}, many)


def _one_or_many(n: int) -> int:
    return int(n != 1)


class Catalog:
    """The sentences of one language, by their English source."""

    def __init__(
        self,
        language: str,
        messages: dict[str, str],
        plurals: dict[str, tuple[str, ...]],
        rule: Callable[[int], int] = _one_or_many,
    ) -> None:
        self.language = language
        self._messages = messages
        self._plurals = plurals
        self._rule = rule

    def gettext(self, source: str) -> str:
        """The sentence in this language; the source itself where none is known."""
        return self._messages.get(source, source)

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The sentence for n things, by the language's plural rule; by that of English where none is known."""
        if forms := self._plurals.get(one):
            return forms[self._rule(n)]
        return (one, many)[_one_or_many(n)]

    def say(self, words: "Words | str") -> str:
        """A whole sentence with its values filled in. A plain string is someone's own words and stays."""
        if isinstance(words, str):
            return words
        source = (
            self.ngettext(words.source, words.many, words.values["n"])
            if words.many
            else self.gettext(words.source)
        )
        if not words.values:
            return source.replace("%%", "%")
        values = self._said(words.values)
        return without_second_period(source, values) % values

    def _said(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Words):
            return self.say(value)
        return value(self.language) if isinstance(value, Callable) else value  # type: ignore[arg-type]


_NAME_AND_PERIOD = re.compile(r"%\((\w+)\)s\.(?=\s|$)")


def without_second_period(
    sentence: str, values: Mapping[str, Any], names: re.Pattern[str] = _NAME_AND_PERIOD
) -> str:
    """A sentence without the period after a value that ends in one itself, like "7:00 p. m." or "Acme Inc."."""

    if "." not in sentence:
        return sentence

    def once(found: re.Match[str]) -> str:
        value = values.get(found[1], "")
        said = value.striptags() if isinstance(value, Markup) else str(value)
        return found[0][:-1] if said.endswith(".") else found[0]

    return names.sub(once, sentence)


@dataclass(frozen=True)
class At:
    """A moment in a zone, said in the reader's language as a value of a sentence."""

    moment: str
    zone: str

    def __call__(self, language: str) -> str:
        at = datetime.fromisoformat(self.moment)
        return clock.moment_text(at, self.zone, language, 0)


@dataclass(frozen=True)
class On:
    """A day, said in the reader's language as a value of a sentence."""

    day: str

    def __call__(self, language: str) -> str:
        return clock.day_text(date.fromisoformat(self.day), language, 0)


def kept(said: Any) -> Any:
    """A sentence as JSON keeps it, to be said later in another process or language (`said_again`)."""
    if isinstance(said, Words):
        values = {name: kept(value) for name, value in said.values.items()}
        return {"words": said.source, "many": said.many, "values": values}
    if isinstance(said, At):
        return {"at": said.moment, "zone": said.zone}
    return {"on": said.day} if isinstance(said, On) else said


def said_again(found: Any) -> Any:
    """The sentence that `kept` kept."""
    if not isinstance(found, dict):
        return found
    if "words" in found:
        values = {name: said_again(value) for name, value in found["values"].items()}
        return Words(found["words"], values, found["many"])
    return At(found["at"], found["zone"]) if "at" in found else On(found["on"])


def fill(sentence: str, **values: Any) -> Markup:
    """Put values into a sentence of ours; the values are escaped, the sentence is trusted."""
    sentence = without_second_period(sentence, values)
    return Markup(sentence) % values  # noqa: S704 - sentences come from our own catalog


def _load(language: str) -> Catalog:
    messages: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    with (FOLDER / f"{language}.po").open("rb") as file:
        known = read_po(file, locale=language)
    for message in known:
        if message.fuzzy or not message.id or not message.string:
            continue
        if isinstance(message.id, tuple):
            if all(message.string):
                plurals[message.id[0]] = tuple(message.string)
        else:
            messages[str(message.id)] = str(message.string)
    return Catalog(language, messages, plurals, gettext.c2py(known.plural_expr))


class _Catalogs(dict[str, Catalog]):
    """Reads a language's sentences when someone first needs them: half of the commands never do."""

    def __missing__(self, language: str) -> Catalog:
        if language not in LANGUAGES:
            raise KeyError(language)
        return self.setdefault(language, _load(language))


CATALOGS = _Catalogs({SOURCE: Catalog(SOURCE, {}, {})})
"""What is said in each language."""


def best_language(wanted: Iterable[str]) -> str:
    """The first language code that we speak ("es-MX" counts as "es"), or English."""
    for code in wanted:
        language = code.split("-")[0].strip().lower()
        if language in LANGUAGES:
            return language
    return SOURCE


def translation_of(
    language: str, translations: Mapping[str, Any] | None, name: str = "name"
) -> str | None:
    """What an agency wrote of a field in a language, if it did."""
    return ((translations or {}).get(language) or {}).get(name) or None


def in_language(
    language: str, source: str, translations: Mapping[str, Any] | None, name: str
) -> str:
    """What an agency wrote, in a language: the translated field, or the English where it is missing."""
    if language == SOURCE:
        return source
    return translation_of(language, translations, name) or source
