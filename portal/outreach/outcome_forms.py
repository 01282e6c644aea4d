"""How a talk went, as its speaker or a clerk writes it down."""

from collections.abc import Mapping
from typing import Any

from portal.outreach.outcome_models import Held
from portal.outreach.request_forms import radio_field
from portal.web.fields import day_field, hidden_number, long_text_field, number_field, text_field
from portal.web.ids import as_id
from portal.web.rows import RowsForm
from portal.words import Words, text

HELD_WORDS: Mapping[str, Words] = {
    Held.HELD: text("It took place"),
    Held.NOBODY_CAME: text("No one attended"),
    Held.HOST_CANCELED: text("The host canceled"),
    Held.WE_CANCELED: text("We canceled"),
}


class OutcomeForm(RowsForm):
    """How it went. Numbers of copies are rows like `m-7`, minutes of speakers like `s-3`."""

    longest = 10

    held = radio_field(text("Did it take place?"), HELD_WORDS, default=Held.HELD)
    people = number_field(
        text("Number of people"),
        least=0,
        most=100_000,
        required=False,
        help=text("Needed if it took place. An estimate is fine."),
    )
    counted = radio_field(
        text("How do you know?"),
        {"counted": text("I counted"), "estimated": text("I estimated")},
        default="estimated",
    )
    languages = text_field(text("Languages"))
    referrals = number_field(
        text("People referred to our services"),
        least=0,
        most=10_000,
        required=False,
        help=text("A number only, no names."),
    )
    went_well = long_text_field(text("What went well, and what would you change?"), most=2000)
    follow_up = text_field(text("Did you promise anything?"), most=300)
    follow_up_on = day_field(text("Due date"), required=False)
    version = hidden_number()

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.wrong: set[str] = set()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        good = super().validate(*args, **kwargs)
        if self.held.data == Held.HELD and self.people.data is None and not self.people.errors:
            self.people.errors = (text("Enter a number. An estimate is fine."),)
            good = False
        if bool(self.follow_up.data) != bool(self.follow_up_on.data):
            empty = self.follow_up_on if self.follow_up.data else self.follow_up
            empty.errors = (text("Enter what you promised and a due date."),)
            good = False
        self.wrong = {
            name
            for name, value in self.typed.items()
            if value and ((number := as_id(value)) is None or number > _MOST.get(name[0], 0))
        }
        if self.wrong:
            self.reasons = [text("Enter whole numbers where marked.")]
        return good and not self.wrong

    def rows(self, letter: str) -> dict[int, int]:
        """The numbers that were typed under one letter, by id."""
        found = {number: as_id(value) for number, value in self.row_values(letter).items()}
        return {number: value for number, value in found.items() if value is not None}


_MOST = {"m": 100_000, "s": 960}
