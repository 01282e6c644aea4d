"""Whether read models are what their annotations say, for every query that the tests run."""

import types
import typing
from collections import abc
from functools import cache
from typing import Any

from portal import reads


@cache
def allowed(model: type) -> dict[str, tuple[type, ...]]:
    """The classes that each field of a read model may hold."""
    return {name: classes(hint) for name, hint in typing.get_type_hints(model).items()}


def classes(hint: Any) -> tuple[type, ...]:
    if hint is Any:
        return (object,)
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        return tuple(one for part in typing.get_args(hint) for one in classes(part))
    if isinstance(hint, typing.TypeVar):
        return (object,)
    return (typing.get_origin(hint) or hint,)


def untrue(row: Any) -> list[str]:
    """The fields of a read model that hold something else than they say."""
    hints = allowed(type(row))
    return [
        f"{type(row).__name__}.{name}: {value!r}"
        for name, value in row._asdict().items()
        if not isinstance(value, (*hints[name], bool if int in hints[name] else type(row)))
        and not (bool in hints[name] and value in (0, 1))
        and not (float in hints[name] and isinstance(value, int))
        and not (abc.Mapping in hints[name] and isinstance(value, abc.Mapping))
    ]


def check() -> None:
    """From now on a read model that is not what it says raises AssertionError."""
    made = reads.made

    def checked(model: Any, found: Any) -> Any:
        rows = made(model, found)
        wrong = [one for row in rows[:20] for one in untrue(row)]
        assert not wrong, wrong
        return rows

    reads.made = checked
