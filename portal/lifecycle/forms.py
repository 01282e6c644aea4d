"""The forms about letters."""

from typing import Any

import wtforms

from portal.languages import LANGUAGES
from portal.lifecycle.letter_words import NAMES, WRITTEN_KINDS
from portal.web.choices import choice_field, chosen_field
from portal.web.fields import Required, day_field, hidden_number, long_text_field, text_field
from portal.web.forms import Form
from portal.words import text

NAMES_HELP = text("You can use: %(names)s.", names=", ".join(f"{{{name}}}" for name in NAMES))


def _signer() -> wtforms.StringField:
    return text_field(text("Signed by"), most=200, help=text("Name and title"))


class LetterStartForm(Form):
    """Which letter, for which days."""

    kind = choice_field(text("Letter"), WRITTEN_KINDS)
    program = chosen_field(text("Program"), required=False)
    first = day_field(text("Hours from"), required=False)
    last = day_field(text("Hours until"), required=False)


class LetterForm(LetterStartForm):
    """One person's letter, as it will read."""

    language = choice_field(
        text("Language"), {code: text(name) for code, name in LANGUAGES.items()}
    )
    body = long_text_field(text("Letter"), most=4000, rows=10)
    signer = _signer()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flags: Any = self.body.flags
        flags.either = True  # the verb says that it is missing


class ManyLettersForm(LetterStartForm):
    """A letter to each of many; `seen` marks to whom."""

    signer = _signer()
    seen = wtforms.HiddenField()


class LetterWordingForm(Form):
    """How a kind of letter is worded; empty goes back to our words."""

    body = long_text_field(text("Letter"), most=4000, help=NAMES_HELP, rows=10)
    version = hidden_number()


class CheckForm(Form):
    """The code of a letter."""

    code = wtforms.StringField(
        text("Code on the letter"),
        [Required(text("Enter the code on the letter."))],
        render_kw={"maxlength": 60, "autocomplete": "off", "autocapitalize": "characters"},
    )
