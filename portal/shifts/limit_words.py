"""Limits in words: to whoever is at one, and about them."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from portal.shifts.limits import Broken, Limit
from portal.web.durations import duration_text
from portal.words import Words, text


def to_you(broken: Broken) -> Words:
    """Why a limit is in one's own way, with numbers: all that counts is one's own."""
    words = {
        Limit.DAY: text("That would be %(would)s on one day. The most is %(most)s."),
        Limit.WEEK: text("That would be %(would)s in one week. The most is %(most)s."),
        Limit.REST: text(
            "That would leave you %(would)s of rest between two days. You need %(most)s."
        ),
        Limit.ROW: text("That would be %(would)s days in a row. The most is %(most)s."),
    }[broken.limit]
    return Words(words.source, _values(broken))


def about_them(
    broken: Broken, name: str, may_know: Callable[[Collection[int | None]], bool]
) -> Words:
    """The same for staff. Where something counts that they may not know of, it says only that there is a limit
    (SECURITY Z5)."""
    if not may_know(broken.counted):
        return text("%(name)s is at a limit.", name=name)
    words = {
        Limit.DAY: text("%(name)s would do %(would)s that day. The most is %(most)s."),
        Limit.WEEK: text("%(name)s would do %(would)s that week. The most is %(most)s."),
        Limit.REST: text(
            "%(name)s would have %(would)s of rest between two days. The least is %(most)s."
        ),
        Limit.ROW: text("%(name)s would come %(would)s days in a row. The most is %(most)s."),
    }[broken.limit]
    return Words(words.source, {"name": name} | _values(broken))


def _values(broken: Broken) -> dict[str, Any]:
    if broken.limit == Limit.ROW:
        return {"most": broken.most, "would": round(broken.would)}
    hours = {"most": broken.most, "would": broken.would}
    return {name: partial(duration_text, round(number * 60)) for name, number in hours.items()}
