"""What tests of operating share: places for databases, PostgreSQL's programs, and a database's content."""

import hashlib
import os
from collections.abc import Callable

import pytest

from portal import schema
from portal.db import Base, Database
from portal.demo.agency import fill
from tests.postgres import INSTALL


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    """pg_dump and the others, of the version of the tests' server."""
    monkeypatch.setenv("PATH", f"{INSTALL / 'bin'}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def place(dialect, tmp_path, postgres, worker_id) -> Callable[[str], Database]:
    """Makes an empty database by a name, of the kind that is tested."""
    made = []

    def make(name: str) -> Database:
        if dialect == "sqlite":
            made.append(Database(f"sqlite:///{tmp_path}/{name}.db"))
        else:
            full = f"{name}_{worker_id}"
            postgres.run(f"DROP DATABASE IF EXISTS {full} WITH (FORCE)")
            postgres.run(f"CREATE DATABASE {full}")
            made.append(Database(postgres.url(full)))
        return made[-1]

    yield make
    for one in made:
        one.dispose()


@pytest.fixture
def agency(place, time) -> Database:
    """A database with a small agency in it."""
    database = place("agency")
    schema.migrate(database)
    with database.writing() as db:
        fill(db, time.at, people=20)
    return database


def fingerprints(database: Database) -> dict[str, tuple[int, str]]:
    """Rows and a hash of each table's content."""
    found = {}
    with database.reading() as db:
        for table in Base.metadata.sorted_tables:
            if table.name == "mark":
                continue  # says when the last backup was made
            rows = db.execute(table.select().order_by(*table.primary_key)).all()
            found[table.name] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found
