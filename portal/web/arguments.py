"""Which of what an address and a form hold a page's view cares to know."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any


@cache
def parameters(view: Callable[..., Any]) -> frozenset[str]:
    """The names of a view's arguments."""
    return frozenset(inspect.signature(view).parameters)


def accepted(view: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are arguments of a page's view."""
    return {name: value for name, value in values.items() if name in parameters(view)}
