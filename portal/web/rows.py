"""Forms with fields for each row of a list."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

import wtforms

from portal.web.forms import Form, clean
from portal.web.ids import as_id


class RowsForm(Form):
    """A form with fields for each row of a list, named by a letter and the row's id, like `o-7`.

    `typed` is what was sent, by name; each at most `longest` letters.
    """

    longest: ClassVar[int] = 300

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        sent = formdata.items() if formdata else ()
        self.typed = {
            name: clean(str(value))[: self.longest] for name, value in sent if name[1:2] == "-"
        }

    def row_values(self, letter: str) -> dict[int, str]:
        """What was sent for each row under one letter."""
        found = {as_id(name[2:]): value for name, value in self.typed.items() if name[0] == letter}
        return {number: value for number, value in found.items() if number is not None}


class NumberedRows(wtforms.FieldList):
    """Several of the same in a form, each by its number; what is no number of up to three digits is left
    out."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        for name in formdata:
            if name.startswith(f"{prefix}-"):
                number = name[len(prefix) + 1 :].partition("-")[0]
                if number.isascii() and number.isdigit() and len(number) <= 3:
                    yield int(number)
