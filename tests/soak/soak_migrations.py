"""All the way back to nothing and up again; `make test` goes back by ten revisions."""

import pytest

from portal import migrating
from portal.columns import Base
from tests.small_agency import small_agency
from tests.test_migrations import empty_database, filled, tables

__all__ = ["empty_database", "filled", "small_agency"]


@pytest.mark.both_databases
def soak_M1_down_to_nothing_and_up_again(filled):
    migrating.go_back(filled, "base")
    assert tables(filled) == set()
    migrating.migrate(filled)
    assert tables(filled) == {table.name for table in Base.metadata.sorted_tables}
