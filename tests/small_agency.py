"""A small agency with everything in it, made once in a run for whoever needs a copy."""

from collections.abc import Callable
from pathlib import Path

import pytest

from portal import clock, migrating
from portal.db import Database
from portal.demo.agency import fill
from tests.conftest import NOW
from tests.once import made_once

TEMPLATE = "agency_template"


@pytest.fixture(scope="session")
def small_agency(tmp_path_factory, postgres) -> Callable[[str], str]:
    """A small agency made once in a run for each kind of database, to copy: the file's path, or the name."""

    def make(url: str) -> None:
        before = clock.use_source(lambda: NOW)
        database = Database(url)
        migrating.migrate(database)
        with database.writing() as db:
            fill(db, NOW, people=20)
        clock.use_source(before)
        database.dispose()

    def on_postgresql(mark: Path) -> None:
        postgres.run(f"CREATE DATABASE {TEMPLATE}")
        make(postgres.url(TEMPLATE))
        mark.touch()

    def made(dialect: str) -> str:
        if dialect == "postgresql":
            made_once(tmp_path_factory, "agency.made", on_postgresql)
            return TEMPLATE
        path = made_once(tmp_path_factory, "agency.db", lambda path: make(f"sqlite:///{path}"))
        return str(path)

    return made
