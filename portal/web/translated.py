"""Forms about what an agency writes itself, in each language of the portal."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Self

import wtforms

from portal.languages import OTHERS, name_in
from portal.web.fields import long_text_field, text_field
from portal.web.forms import Form
from portal.words import text


def _in(language: str, field: Any) -> Any:
    """The field for the same text in another language, which may stay blank."""
    make = long_text_field if field.field_class is wtforms.TextAreaField else text_field
    label = text(
        "%(label)s (%(language)s)", label=field.args[0], language=partial(name_in, language)
    )
    return make(label, most=field.kwargs["render_kw"]["maxlength"])


class TranslatedForm(Form):
    """A form that asks for some of its texts in every language: beside `name` it has `name_es`.

    A subclass names these fields in `translated`; the fields for the other languages are made from them.
    """

    translated: tuple[str, ...] = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in cls.__dict__.get("translated", ()):
            for language in OTHERS:
                setattr(cls, f"{name}_{language}", _in(language, getattr(cls, name)))

    @classmethod
    def showing(cls, row: Mapping[str, Any]) -> Self:
        """The form filled from a row's values."""
        return cls(data=cls.flat(row))

    @classmethod
    def flat(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row's values with one for each field, translations too."""
        return {
            **row,
            **{
                f"{name}_{language}": words.get(name, "")
                for language, words in row["translations"].items()
                for name in cls.translated
            },
        }

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        """What was written in other languages, by language and field."""
        found = {
            language: {
                name: words
                for name in self.translated
                if (words := self[f"{name}_{language}"].data)
            }
            for language in OTHERS
        }
        return {language: words for language, words in found.items() if words}

    @property
    def values(self) -> dict[str, Any]:
        flat = super().values
        for language in OTHERS:
            for name in self.translated:
                flat.pop(f"{name}_{language}")
        return flat | {"translations": self.translations}

    def with_languages(self, *names: str) -> list[wtforms.Field]:
        """Some fields in this order, each followed by those for the same text in the other languages."""
        return [
            self[one]
            for name in names
            for one in (
                name,
                *(f"{name}_{language}" for language in OTHERS if name in self.translated),
            )
        ]
