"""The demo agency can be made on any day, at any hour."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal.db import Database
from portal.demo import agency
from portal.people.models import Person
from portal.programs.models import Placement, Position, Program, Site
from portal.shifts.models import Shift, Signup, Slot
from portal.shifts.pattern_models import Pattern, Regular
from portal.shifts.waiting_models import Waiting
from tests.demo.test_agency import THURSDAY, made  # noqa: F401

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


def soak_demo_is_the_same_each_time(made, tmp_path, time):  # noqa: F811
    time.at = THURSDAY
    again = tmp_path / "again.db"
    agency.prepare(str(again), fresh=False)
    database = Database(f"sqlite:///{again}")
    with made.reading() as one, database.reading() as other:
        for table in (
            Person,
            Program,
            Site,
            Position,
            Placement,
            Pattern,
            Shift,
            Slot,
            Signup,
            Regular,
            Waiting,
        ):
            everything = select(table.__table__).order_by(table.id)
            assert one.execute(everything).all() == other.execute(everything).all()
    database.dispose()
