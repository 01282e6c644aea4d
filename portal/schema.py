"""The version of the database's shape, and refusing one that is not this program's."""

import re
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy import text as sql
from sqlalchemy.engine import Connection

from portal.db import Database, Unfit

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def newest() -> str:
    """The version this program was written for: the number of its last migration."""
    numbers = [re.match(r"(\d{4})_", path.name) for path in (MIGRATIONS / "versions").glob("*.py")]
    return max(found[1] for found in numbers if found)


def version_of(connection: Connection) -> str | None:
    """The version a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sql("SELECT version_num FROM alembic_version")).scalar()


def tables(connection: Connection) -> set[str]:
    """The names of the tables that are there."""
    return set(inspect(connection).get_table_names())


def check(database: Database) -> None:
    """Refuse a database that is older or newer than this program (SECURITY M4)."""
    with database.reading() as db:
        found = version_of(db.connection())
    if found is None:
        raise Unfit("The database is empty. Run: portal migrate")
    if found < newest():
        raise Unfit(
            f"The database is at version {found}, older than this program. Run: portal migrate"
        )
    if found > newest():
        raise Unfit(
            f"The database is at version {found}, newer than this program. Update the program."
        )
