"""Forms: the shape of what people may send, and fields that keep hostile text out.

A form checks shape only; rules that need other rows live in the verb, which refuses with
reasons that land beside the fields. Every message is Words, said when the page is rendered.
"""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar

import wtforms
from wtforms.validators import ValidationError

from portal.web.errors import Refused, Stale
from portal.words import Words

INVISIBLE = {"Cc", "Cs", "Cf", "Co"}
"""Unicode categories no name or note needs: controls, lone surrogates, bidi and other format marks."""

KEPT = {"\u200c", "\u200d"}
"""Joiners that several scripts and emoji need to be written right."""


def clean(value: str | None, *, lines: bool = False) -> str:
    """Text as typed, without what cannot be seen: controls, bidi marks, lone surrogates."""
    if not value:
        return ""
    value = value.replace("\r\n", "\n").replace("\r", "\n") if lines else value
    kept = (
        character
        for character in value
        if character in KEPT
        or (lines and character == "\n")
        or unicodedata.category(character) not in INVISIBLE
    )
    return "".join(kept).strip()


class Form(wtforms.Form):
    """What every form derives from. One that is not `kept` is lost when a session ends while it is open, since
    what it says may be read nowhere else."""

    kept = True
    shape_of: type["Form"] | None = None

    def __init__(self, formdata: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(formdata, *args, **kwargs)
        if formdata and "seen" in self and formdata.get("look"):
            self[
                "seen"
            ].data = ""  # pressed to look again, which does nothing that was looked at before
        self.reasons: list[Any] = []
        self.refusal: Refused | None = None
        self.current: Mapping[str, Any] = {}

    def refuse(self, refusal: Refused) -> None:
        """Put a verb's reasons beside the fields they are about; the rest stand on top, also what is about a
        field that this form does not have."""
        self.refusal = refusal
        self.reasons = list(refusal.reasons)
        for name, words in refusal.fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, words]
            else:
                self.reasons.append(words)
        if isinstance(refusal, Stale):
            self.current = {
                name: value
                for name, value in refusal.current.items()
                if name in self and self[name].data != value
            }
            self["version"].data = refusal.current["version"]

    def apart(self, end: object) -> Self:
        """The form with ids of its own, for a page that has several with the same fields."""
        for one in self:
            one.id = f"{one.name}-{end}"
        return self

    @property
    def refused(self) -> bool:
        """Whether something stands in the way, so the page can say so on top."""
        return bool(self.errors or self.reasons or self.current)

    @property
    def values(self) -> dict[str, Any]:
        """What was sent, by field, without the version."""
        return {name: value for name, value in self.data.items() if name != "version"}


F = TypeVar("F", bound=Form)


def form_of(form: Any, kind: type[F], data: Mapping[str, Any] | None = None) -> F:
    """One of a page's forms: the one that was refused, with what was typed in it, or a fresh one with some
    data."""
    return form if isinstance(form, kind.shape_of or kind) else kind(data=data)  # type: ignore[return-value]


def shaped(base: type[F], fields: Mapping[str, Any]) -> type[F]:
    """A form with more fields than its class, for what it asks of only one thing. Made anew for each request,
    so it is known by the class that it is the shape of."""
    return type(base.__name__, (base,), {**fields, "shape_of": base})


class NoForm(Form):
    """A button: nothing is sent but the press itself."""


class Checked:
    """A validator made from a question and what to say when the answer is no."""

    def __init__(self, good: Callable[[Any], bool], words: Words) -> None:
        self.good, self.words = good, words

    def __call__(self, form: Form, field: wtforms.Field) -> None:
        if field.data not in (None, "") and not self.good(field.data):
            raise ValidationError(self.words)
