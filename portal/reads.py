"""Reading columns, without making objects of rows."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    Boolean,
    Executable,
    Result,
    Row,
    Select,
    String,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from portal.columns import LOWER, Ids

AnyRow = Row[*tuple[Any, ...]]
"""A row of some columns."""


AnySelect = Select[*tuple[Any, ...]]
"""A query for some columns."""


class among(FunctionElement[bool]):  # noqa: N801 - it reads like the functions of SQLAlchemy
    """Whether a column is one of the ids in a parameter: among(Shift.program_id, "inside").

    `column.in_(...)` writes the statement anew for every number of ids; this one stays the same,
    so it is compiled once (it was a quarter of what a list cost).
    """

    inherit_cache = True
    type = Boolean()
    name = "among"
    _is_implicitly_boolean = True

    def __init__(self, column: Any, parameter: str) -> None:
        super().__init__(column, bindparam(parameter, type_=Ids()))


@compiles(among, "sqlite")
def _among_on_sqlite(element: among, compiler: Any, **kwargs: Any) -> str:
    column, ids = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - compiled parts


@compiles(among, "postgresql")
def _among_on_postgresql(element: among, compiler: Any, **kwargs: Any) -> str:
    column, ids = (compiler.process(part, **kwargs) for part in element.clauses)
    return f"{column} = ANY(CAST({ids} AS bigint[]))"


class lowered(FunctionElement[str]):  # noqa: N801 - it reads like the functions of SQLAlchemy
    """A text that is not null in small letters, of any alphabet on both databases."""

    inherit_cache = True
    type = String()
    name = "lowered"


@compiles(lowered, "sqlite")
def _lowered_on_sqlite(element: lowered, compiler: Any, **kwargs: Any) -> str:
    return f"{LOWER}({compiler.process(element.clauses, **kwargs)})"


@compiles(lowered, "postgresql")
def _lowered_on_postgresql(element: lowered, compiler: Any, **kwargs: Any) -> str:
    return f"lower({compiler.process(element.clauses, **kwargs)})"


Model = TypeVar("Model")


def read(
    session: Session,
    model: type[Model],
    statement: Executable,
    parameters: Mapping[str, Any] | None = None,
) -> list[Model]:
    """The rows of a query as a read model."""
    return made(model, session.execute(statement, parameters))


def read_past(
    session: Session, model: type[Model], statement: AnySelect, parameters: Mapping[str, Any]
) -> list[Model]:
    """The same past the ORM's loading, which lists of columns do not need; what is not flushed is not seen."""
    return made(model, session.connection().execute(statement, parameters))


def made(model: type[Model], found: Result[Any]) -> list[Model]:
    """A result as a read model. Raises TypeError when its columns are not the model's fields."""
    names = tuple(found.keys())
    if names != model._fields[: len(names)]:  # type: ignore[attr-defined]
        raise TypeError(f"{model.__name__} has other fields than its query: {names}")
    return [model(*row) for row in found]  # type: ignore[call-arg]


def by_key(found: Iterable[Any]) -> dict[Any, tuple[Any, ...]]:
    """Rows of a key and a value: the values of each key, in the order of the rows."""
    gathered: dict[Any, tuple[Any, ...]] = {}
    for key, value in found:
        gathered[key] = (*gathered.get(key, ()), value)
    return gathered


def rows(session: Session, statement: AnySelect, parameters: Mapping[str, Any]) -> Sequence[AnyRow]:
    """Rows of columns, past the ORM's loading, which lists of columns do not need."""
    return session.connection().execute(statement, parameters).all()
