"""What an agency wrote itself and did not translate yet, for whoever can change it."""

from typing import Any, NamedTuple

from portal.domain import Texts
from portal.languages import LANGUAGES, OTHERS
from portal.web.answers import Screen, screen
from portal.web.errors import NotFound
from portal.web.request import Request
from portal.words import Words, translation_of

MOST = 500
"""How many rows of one kind are looked at."""


class Untranslated(NamedTuple):
    """A row of which some texts are missing in a language, and the page on which they are written."""

    path: str
    title: str | Words
    language: str


def untranslated(request: Request, texts: Texts) -> list[Untranslated]:
    """The rows of a kind that miss something in a language, as far as the viewer may change them."""
    rows: Any = request.db.scalars(texts.rows(request.viewer).limit(MOST)).all()
    return [
        Untranslated(texts.path(row), texts.title(row), language)
        for row in rows
        for language in OTHERS
        if any(
            getattr(row, name) and translation_of(language, row.translations, name) is None
            for name in texts.names
        )
    ]


def show(request: Request) -> Screen:
    """Every text that readers of another language find in English."""
    if not request.viewer.staff:
        raise NotFound
    found = {
        texts: missing
        for domain in request.portal.domains
        for texts in domain.texts
        if (missing := untranslated(request, texts))
    }
    return screen("home/texts.html", found=found, languages=LANGUAGES)
