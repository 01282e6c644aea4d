"""How Alembic reaches the database: in one transaction, alone, with SQLite's foreign keys off.

SQLite changes a table by copying it; with foreign keys on, dropping the old copy would empty
the tables that refer to it. They are turned off before the transaction begins (inside one the
pragma is silently ignored), and checked before it commits (SECURITY M2).
"""

from alembic import context
from sqlalchemy import text

import portal.app  # noqa: F401 - every table is known once the application is
from portal.columns import Base
from portal.db import Database
from portal.settings import Settings

database = context.config.attributes.get("database")
if database is None:  # run as `alembic ...` by a developer
    import os

    database = Database(Settings.read(os.environ).database_url)

with database.migrating() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    context.run_migrations()
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"foreign keys point nowhere: {broken[:5]}")
