"""What tests of operating share: places for databases, PostgreSQL's programs, and a database's content."""

import hashlib
import os
import shutil
from collections.abc import Callable

import pytest

from portal.columns import Base
from portal.db import Database
from tests.postgres import INSTALL
from tests.small_agency import small_agency

__all__ = ["small_agency"]


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
def agency(place, small_agency, dialect, tmp_path, postgres, worker_id) -> Database:
    """A database with a small agency in it."""
    template = small_agency(dialect)
    if dialect == "sqlite":
        shutil.copy(template, tmp_path / "agency.db")
        (tmp_path / "agency.db").chmod(0o600)
        return place("agency")
    database = place("agency")
    database.dispose()
    postgres.run(f"DROP DATABASE agency_{worker_id}")
    postgres.run(f"CREATE DATABASE agency_{worker_id} TEMPLATE {template}")
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
