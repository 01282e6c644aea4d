"""The demo agency can be made on any day, at any hour."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal.db import Database
from portal.demo import agency
from portal.people.models import Person
from portal.shifts.pattern_models import Regular

FIRST = datetime(2026, 11, 26, 3, 30, tzinfo=UTC)
TIMES, APART = 60, timedelta(hours=151)
"""A year in steps of six days and seven hours, which meet every weekday and every hour."""


def soak_demo_is_made_on_any_day(tmp_path, time):
    for number in range(TIMES):
        time.at = FIRST + number * APART
        path = tmp_path / "demo.db"
        agency.prepare(str(path), fresh=True)
        database = Database(f"sqlite:///{path}")
        with database.reading() as db:
            own = select(Regular.id).join(Person, Person.id == Regular.person_id)
            assert db.scalars(own.where(Person.email == "volunteer@demo.example")).first(), time.at
        database.dispose()
