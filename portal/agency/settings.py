"""Settings that an agency changes while the portal runs.

Each is declared once, in its domain, with its type, default and bounds. Secrets, addresses and what a
process needs to start stay in the environment (`portal.settings`); where it sets one of these, too, it wins.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.act import Act
from portal.agency.models import AgencySetting
from portal.audit.log import record
from portal.permissions import Permission, Viewer
from portal.settings import Settings
from portal.web.errors import NotFound, Refused
from portal.words import Words, text

Value = TypeVar("Value", int, str, bool)


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """A setting of an agency: its type is that of its `default`.

    A number is from `least` to `most`; of a text, `most` are its letters. `per_program` lets a program have a
    value of its own. Whoever holds `may`, in the program or everywhere, changes it: on the page of all
    settings, or where `path` leads if that has to show more.
    """

    name: str
    words: Words
    default: Value
    least: int = 0
    most: int = 500
    may: Permission = Permission.AGENCY_MANAGE
    per_program: bool = False
    path: str = ""

    def read(self, stored: str) -> Value:
        """The value of a stored text."""
        kind = type(self.default)
        return kind(int(stored)) if kind is not str else kind(stored)

    def written(self, value: Value) -> str:
        """The text in which a value is stored."""
        return str(int(value)) if not isinstance(value, str) else value

    def check(self, value: Value) -> None:
        """Raise Refused for a value of another type, or outside the bounds."""
        if type(value) is not type(self.default):
            raise Refused(fields={"value": text("This value doesn't fit this setting.")})
        if isinstance(value, bool):
            return
        size = value if isinstance(value, int) else len(value)
        if not self.least <= size <= self.most:
            raise Refused(
                fields={
                    "value": text(
                        "Enter a number from %(least)s to %(most)s.",
                        least=self.least,
                        most=self.most,
                    )
                }
            )


class Source(StrEnum):
    """Where a value comes from; the first that has one wins."""

    ENVIRONMENT = "environment"
    PROGRAM = "program"
    AGENCY = "agency"
    DEFAULT = "default"


@dataclass(frozen=True)
class Found(Generic[Value]):
    """The value of a setting, and where it comes from."""

    value: Value
    source: Source


def find(
    db: Session, setting: Setting[Value], environment: Settings, program_id: int | None = None
) -> Found[Value]:
    """The value of a setting now, for the agency or one of its programs: one statement, none where the
    environment has it."""
    if environment.is_given(setting.name):
        return Found(getattr(environment, setting.name), Source.ENVIRONMENT)
    here: ColumnElement[bool] = AgencySetting.program_id.is_(None)
    if setting.per_program and program_id is not None:
        here = or_(here, AgencySetting.program_id == program_id)
    rows = db.execute(
        select(AgencySetting.program_id, AgencySetting.value).where(
            AgencySetting.name == setting.name, here
        )
    )
    stored: Mapping[int | None, str] = {row.program_id: row.value for row in rows}
    if program_id is not None and program_id in stored:
        return Found(setting.read(stored[program_id]), Source.PROGRAM)
    if None in stored:
        return Found(setting.read(stored[None]), Source.AGENCY)
    return Found(setting.default, Source.DEFAULT)


def value_of(
    db: Session, setting: Setting[Value], environment: Settings, program_id: int | None = None
) -> Value:
    """The value of a setting now, wherever it comes from."""
    return find(db, setting, environment, program_id).value


def stored(
    db: Session, settings: Collection[Setting[Value]], programs: Collection[int]
) -> dict[int, dict[str, Value]]:
    """The values of settings that no environment has, by program and name: its own, the agency's, or the
    default. One statement."""
    rows = db.execute(
        select(AgencySetting.program_id, AgencySetting.name, AgencySetting.value).where(
            AgencySetting.name.in_([one.name for one in settings]),
            or_(AgencySetting.program_id.is_(None), AgencySetting.program_id.in_(programs)),
        )
    )
    found = {(row.program_id, row.name): row.value for row in rows}

    def value(setting: Setting[Value], program_id: int) -> Value:
        own = found.get((program_id, setting.name), found.get((None, setting.name)))
        return setting.default if own is None else setting.read(own)

    return {one: {its.name: value(its, one) for its in settings} for one in programs}


def change(
    act: Act,
    setting: Setting[Value],
    value: Value,
    environment: Settings,
    program_id: int | None = None,
) -> None:
    """Change a setting. Raises NotFound for whoever may not, Refused outside its bounds or where the
    environment sets it."""
    _may_change(act, setting, environment, program_id)
    setting.check(value)
    row = _row(act.db, setting, program_id)
    before = row.value if row else ""
    if row is None:
        row = AgencySetting(name=setting.name, program_id=program_id)
        act.db.add(row)
    row.value = setting.written(value)
    row.changed_at, row.changed_by_id = act.at, act.by.person_id
    record(act, "setting.changed", row, _noted(setting, before, row.value))


def save_typed(
    act: Act,
    setting: Setting[Any],
    value: Any,
    shown: str,
    environment: Settings,
    program_id: int | None = None,
) -> None:
    """Change a setting, or reset one that was left blank, as a form has it. What is as it was `shown` stays, so
    that no one undoes what a colleague changed since."""
    typed = "" if value in (None, "") else setting.written(value)
    if typed == shown:
        return
    if typed:
        change(act, setting, value, environment, program_id)
    else:
        reset(act, setting, environment, program_id)


def reset(
    act: Act, setting: Setting[Value], environment: Settings, program_id: int | None = None
) -> None:
    """Go back to what counts without a value of one's own: the agency's for a program, else the default.
    Raises NotFound for whoever may not, Refused where the environment sets it."""
    _may_change(act, setting, environment, program_id)
    row = _row(act.db, setting, program_id)
    if row is not None:
        record(act, "setting.changed", row, _noted(setting, row.value, ""))
        act.db.delete(row)


def may_set(viewer: Viewer, setting: Setting[Any], program_id: int | None) -> bool:
    """Whether a viewer may change a setting, for the agency or for a program."""
    if program_id is None:
        return viewer.everywhere(setting.may)
    return setting.per_program and viewer.may_in(setting.may, program_id)


def _may_change(
    act: Act, setting: Setting[Any], environment: Settings, program_id: int | None
) -> None:
    if not may_set(act.by, setting, program_id):
        raise NotFound
    if environment.is_given(setting.name):
        raise Refused(text("The server sets this value. It can't be changed here."))


def _row(db: Session, setting: Setting[Any], program_id: int | None) -> AgencySetting | None:
    return db.scalar(
        select(AgencySetting).where(
            AgencySetting.name == setting.name,
            AgencySetting.program_id.is_not_distinct_from(program_id),
        )
    )


def _noted(setting: Setting[Any], before: str, after: str) -> str:
    """What the audit says of a change: a number before and after, of a text only that it changed (SECURITY
    U1)."""
    if isinstance(setting.default, str):
        return setting.name
    return f"{setting.name}: {before or '-'} > {after or '-'}"
