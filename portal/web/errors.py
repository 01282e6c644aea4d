"""How a view or a verb says no. Each is an outcome the wrapper knows how to answer."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from portal.words import Words


class NotFound(Exception):
    """Nothing here for this viewer: it does not exist, or is not theirs to see. Always 404."""


class Again(Exception):
    """What a verb decided on has changed meanwhile; roll back and run it once more."""


class Refused(Exception):
    """A verb's no. Rolls back; the form comes back with the reasons and everything typed.

    `fields` holds a reason for a named field, `reasons` those for the whole form; a reason
    is Words, or anything with a `words` (an obstacle, which also carries its remedies).
    """

    status = 422

    def __init__(self, *reasons: Any, fields: Mapping[str, Words] | None = None) -> None:
        super().__init__(*reasons)
        self.reasons: Sequence[Any] = reasons
        self.fields = fields or {}


def refuse_for(*reasons: Any, fields: Mapping[str, Words] | None = None) -> None:
    """Raise Refused with every reason there is; do nothing when there is none."""
    if reasons or fields:
        raise Refused(*reasons, fields=fields)


class Stale(Refused):
    """Someone saved this record since the form was opened; `current` is what stands there now."""

    status = 409

    def __init__(self, current: Mapping[str, Any]) -> None:
        super().__init__()
        self.current = current


class Preview(Refused):
    """Not a no: what would happen, to be looked at before it is pressed again. Nothing is written.

    `changes` are what the page lists; the form then carries `seen`, a mark of exactly these.
    """

    status = 200

    def __init__(self, changes: Sequence[Any]) -> None:
        super().__init__()
        self.changes = changes
        self.seen = hashlib.sha256(repr(changes).encode()).hexdigest()[:32]


def unless_seen(changes: Sequence[Any], seen: str | None) -> None:
    """Raise Preview unless these very changes were looked at."""
    preview = Preview(changes)
    if seen != preview.seen:
        raise preview


def unless_stale(current: Mapping[str, Any], version: int | None) -> None:
    """Raise Stale if a record was saved since the version a form was opened with (SECURITY C3)."""
    if version != current["version"]:
        raise Stale(current)
