"""Statements and pages of long lists on PostgreSQL; `make test` counts them on SQLite."""

import pytest

from tests.test_query_counts import (
    test_V4_every_list_is_paged as every_list_is_paged,
)
from tests.test_query_counts import (
    test_V4_ten_rows_and_a_thousand_take_the_same_statements as ten_rows_and_a_thousand,
)

pytestmark = pytest.mark.both_databases


def soak_V4_ten_rows_and_a_thousand_take_the_same_statements(database, cast, time, as_):
    ten_rows_and_a_thousand(database, cast, time, as_)


def soak_V4_every_list_is_paged(database, cast, time, as_):
    every_list_is_paged(database, cast, time, as_)
