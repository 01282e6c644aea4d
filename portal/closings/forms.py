"""The form of a closing."""

import re
from typing import Any

import wtforms

from portal.closing import Decision, Do
from portal.web.choices import Choice, choice_field
from portal.web.fields import Required, day_field, number_field, text_field, time_field
from portal.web.ids import as_id
from portal.web.rows import RowsForm
from portal.words import Words, text

AGENCY, SITE, MINE, PROGRAM = "agency", "site", "mine", "program"
"""What one can close: all of the agency, a location, a location for one's own programs, a program."""

WORDS: dict[str, Words] = {
    Do.CANCEL: text("Cancel"),
    Do.MOVE: text("Move by some days"),
    Do.ONLINE: text("Have it online"),
    Do.KEEP: text("Keep"),
}


class ClosingForm(RowsForm):
    """What is closed, from when to when, and what becomes of each item; `what` counts for those left alone."""

    where = Choice(
        text("What is closed?"), [Required(text("Select one."))], choices=[], validate_choice=False
    )
    first_day = day_field(text("First day closed"))
    starts = time_field(text("From"), required=False)
    last_day = day_field(
        text("Last day closed"), required=False, help=text("Leave blank for one day.")
    )
    ends = time_field(text("To"), required=False)
    reason = text_field(
        text("Reason"), most=300, required=True, help=text("The people concerned read this.")
    )
    what = choice_field(
        text("What happens to what is planned"),
        {one: WORDS[one] for one in (Do.CANCEL, Do.MOVE, Do.KEEP)},
    )
    days = number_field(
        text("Number of days"),
        least=-60,
        most=60,
        required=False,
        default=7,
        help=text("7 means the same weekday a week later."),
    )
    seen = wtforms.HiddenField()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Check the fields; moving takes a number of days."""
        good: bool = super().validate(*args, **kwargs)
        decided = (self.otherwise, *self.decisions.values())
        if any(one.do == Do.MOVE for one in decided) and not self.days.data:
            self.days.errors = (text("Enter a number of days other than 0."),)
            return False
        return good

    @property
    def place(self) -> tuple[str, int | None]:
        """What is closed, with its id; nonsense is the agency, which takes an administrator."""
        kind, _, number = (self.where.data or "").partition("-")
        return (kind, as_id(number)) if kind in (SITE, MINE, PROGRAM) else (AGENCY, None)

    @property
    def otherwise(self) -> Decision:
        """What becomes of everything else."""
        wanted = self.what.data if self.what.data in set(Do) else Do.KEEP
        return Decision(Do(wanted), self.days.data or 0)

    @property
    def decisions(self) -> dict[tuple[str, int], Decision]:
        """What was decided about single items; their links are under the capital letter."""
        found = {}
        for name, value in self.typed.items():
            one = re.fullmatch(r"([a-z])-(\d{1,12})", name)
            if one and value in set(Do):
                link = self.typed.get(f"{one[1].upper()}-{one[2]}", "")
                found[one[1], int(one[2])] = Decision(Do(value), self.days.data or 0, link)
        return found
