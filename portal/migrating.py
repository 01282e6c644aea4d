"""Bringing the database's shape up to date, and back. Servers never do, so they start without alembic."""

from alembic import command
from alembic.config import Config

from portal.db import Database
from portal.schema import MIGRATIONS


def migrate(database: Database, to: str = "head") -> None:
    """Bring a database to a version. One migrator runs at a time; a failing one changes nothing."""
    command.upgrade(_config(database), to)


def go_back(database: Database, to: str) -> None:
    """Undo migrations, down to a version ("base" for all)."""
    command.downgrade(_config(database), to)


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database"] = database
    return config
