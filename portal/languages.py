"""The languages the portal speaks: English, and one for each file in portal/locale.

A language's own name, plural rule, months, weekdays and direction come from CLDR, by Babel.
"""

from functools import lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

SOURCE = "en"
FOLDER = Path(__file__).parent / "locale"


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """What CLDR knows of a language, as it is written in the United States where that differs; English where
    it knows none."""
    for parts in ((language, "US"), (language,)):
        try:
            return Locale(*parts)
        except UnknownLocaleError:
            continue
    return Locale(SOURCE, "US")


def _own_name(language: str) -> str:
    name = locale_of(language).get_language_name(language) or language
    return name[0].upper() + name[1:]


def name_in(language: str, reader: str) -> str:
    """What a language is called in the words of another one: "Spanish"."""
    return locale_of(language).get_language_name(locale_of(reader)) or language


LANGUAGES = {
    code: _own_name(code) for code in (SOURCE, *sorted(path.stem for path in FOLDER.glob("*.po")))
}
"""The languages people can choose, by code, each in its own words."""

OTHERS = tuple(code for code in LANGUAGES if code != SOURCE)
"""The languages an agency may translate its own texts into."""


def direction(language: str) -> str:
    """How a language is written: "ltr" or "rtl"."""
    return locale_of(language).text_direction
