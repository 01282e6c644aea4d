"""Columns and tables: what every model is made of."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar

from sqlalchemy import (
    DateTime,
    Dialect,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    event,
    literal_column,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses naive values, and gives aware ones back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Lists read hundreds of moments, so SQLite's text is read in one step."""
        return _from_text if dialect.name == "sqlite" else None


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value + "+00:00")


class Word(TypeDecorator[str]):
    """A short word of ours: an action, a reason.

    Compared with a member of a StrEnum, the word stands in the statement itself. As a parameter it could
    decide whether a partial index applies, so SQLite would plan the statement anew each time it
    is bound (the shift page's took ten times as long). Stored, it is handed over as a plain
    string, since binding a subclass of one is slow.
    """

    impl = String
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[str]):
        """Compares with members by their word."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            return super().operate(op, *map(_spelled_out, other), **kwargs)

    comparator_factory = Comparator

    def bind_processor(self, dialect: Dialect) -> Any:
        return lambda value: None if value is None else str(value)


class Code(Word):
    """A state, a role, a kind: stored as its word, read as the member of its StrEnum.

    Raises LookupError for a word that the enum does not know, when it is read and when it is given to a row.
    """

    cache_ok = True

    def __init__(self, words: type[StrEnum], length: int) -> None:
        super().__init__(length)
        self.words = words
        self._members: dict[str | None, StrEnum | None] = {None: None} | {
            one.value: one for one in words
        }

    def member(self, word: str | None) -> StrEnum | None:
        """The member that a word stands for."""
        try:
            return self._members[word]
        except KeyError:
            raise LookupError(f"{word!r} is no {self.words.__name__}") from None

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        return self.member


def _spelled_out(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return literal_column(f"'{value}'")
    return [*map(_spelled_out, value)] if isinstance(value, tuple) else value


class Translations(TypeDecorator[Mapping[str, Any]]):
    """What an agency wrote in other languages: {"es": {"name": "Conductor"}}. Not to be changed in place.

    Kept as text and read through a cache, since every row of a list carries some.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str:
        return json.dumps(value or {}, ensure_ascii=False, sort_keys=True)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        return _read_translations


@lru_cache(maxsize=4096)
def _read_translations(value: str | None) -> Mapping[str, Any]:
    return MappingProxyType(json.loads(value) if value else {})


class Ids(TypeDecorator[Sequence[int]]):
    """Some ids as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        return json.dumps if dialect.name == "sqlite" else list


class Base(DeclarativeBase):
    """What every table derives from."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime()}
    noun: ClassVar[str] = ""
    """What the audit and messages call a row of this table; its name, where nothing else is said."""

    def __init_subclass__(cls, **options: Any) -> None:
        cls.noun = cls.__dict__.get("noun", cls.__tablename__)
        super().__init_subclass__(**options)


IDS_ONCE = {"sqlite_autoincrement": True}
"""Of a table whose rows can be taken away by undoing: SQLite would give the last id a second time."""


LOWER = "portal_lower"
"""Small letters of any alphabet, on SQLite, whose own lower() knows those of English alone."""


class Versioned:
    """A row that tells who saves an older copy of it: `version` rises with every change."""

    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Translated:
    """A row with what the agency wrote in other languages: {"es": {"name": "Conductor"}}."""

    translations: Mapped[Mapping[str, Any]] = mapped_column(Translations, default=dict)


def partial_index(name: str, *columns: Any, where: str, unique: bool = False) -> Index:
    """An index over the rows for which a condition holds, on both databases."""
    condition = sql(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _give_members(table: type[Base], key: str, attribute: Any) -> None:
    """A row holds members of its enums from when they are given to it, and not only once it is read again."""
    column = getattr(attribute.property, "columns", [None])[0]
    if column is not None and isinstance(column.type, Code):
        member = column.type.member
        event.listen(attribute, "set", lambda row, value, *_: member(value), retval=True)
