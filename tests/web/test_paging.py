"""Lists in pages: every row once, in order, whatever its name is, and nonsense begins at the start."""

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.people.models import Person
from portal.web.paging import Listing, mark, read_mark
from portal.web.request import LONGEST_WORD

both = pytest.mark.both_databases


class Named(NamedTuple):
    """A person of the list."""

    id: int
    name: str


@both
@pytest.mark.parametrize("newest_first", [False, True])
def test_every_row_comes_once_and_in_order(database, time, newest_first):
    names = ["Ana", "Ana", "B~3", "B~3~4", "Zoë", "~"] * 2
    with database.writing() as db:
        db.add_all([Person(name=name, created_at=time.at) for name in names])
    listing = Listing(Named, (Person.name, Person.id), newest_first=newest_first, size=5)
    found, after = [], ""
    with database.reading() as db:
        for _ in range(10):
            page = listing.page(db, select(Person.id, Person.name), after)
            found += page.rows
            after = page.next
            if not after:
                break
        order = [one.desc() for one in listing.order] if newest_first else listing.order
        whole = db.execute(select(Person.id, Person.name).order_by(*order)).all()
    assert found == [tuple(row) for row in whole]


@given(st.text(), st.integers(min_value=0, max_value=2**31 - 1))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mark_is_read_as_it_was_written(name, number):
    assert read_mark(mark(name, number), str, int) == (name, number)


def test_marks_of_days_and_moments_and_nonsense():
    at = datetime(2026, 12, 1, 18, tzinfo=UTC)
    assert read_mark(mark(date(2026, 12, 1), 7), date, int) == (date(2026, 12, 1), 7)
    assert read_mark(mark(2, at, 7), int, datetime, int) == (2, at, 7)
    long = mark("A" * 200, 2**31 - 1)
    assert len(long) <= LONGEST_WORD
    late = datetime(2041, 12, 1, 18, tzinfo=UTC)
    assert read_mark(mark(late, 7), datetime, int) == (late, 7)
    for nonsense in ("", "7", "2026-13-01~7", "2026-12-01~x", "2026-12-01~", "~~", "9" * 30 + "~1"):
        assert read_mark(nonsense, date, int) is None
    assert read_mark("9" * 17 + "~1", datetime, int) is None
    soon = datetime(2026, 12, 1, 18, 0, 0, 700_001, tzinfo=UTC)  # rounded, it would skip a second
    assert read_mark(mark(soon, 7), datetime, int) == (soon, 7)
