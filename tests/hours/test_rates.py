"""What volunteer time is worth: minutes times the rate of their year and role, in every grouping."""

from datetime import date

import pytest
from sqlalchemy import select

from portal.act import Act
from portal.audit.models import AuditEntry
from portal.hours import rates
from portal.hours.figures import hours
from portal.hours.forms import RateForm
from portal.hours.models import HourRate, HoursEntry
from portal.periods import Asked, By, Per
from portal.permissions import Role
from portal.web.errors import Refused
from tests import build
from tests.build import NOON, OFFICE

both = pytest.mark.both_databases


def add(db, cast, position, day, minutes, state="approved"):
    db.add(
        HoursEntry(
            person_id=cast.ana, program_id=cast.rides, position_id=position, source="own", day=day,
            minutes=minutes, state=state, recorded_at=NOON,
        )
    )  # fmt: skip


def dollars(database, cast, by=By.POSITION) -> dict[str, str]:
    """What the report says that Rides' time is worth, by line."""
    viewer = build.viewer(cast.cy, (Role.COORDINATOR, cast.rides))
    asked = Asked(date(2025, 1, 1), date(2026, 12, 31), Per.YEAR, by, 1, "en")
    with database.reading() as db:
        lines = hours(db, viewer, asked)
        return {
            f"{'' if one.period is None else one.period}{one.name if not one.total else 'total'}":
            one.numbers.dollars for one in lines
        }  # fmt: skip


@both
def test_each_year_and_role_has_its_rate_and_the_rest_that_of_all(database, cast, time):
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        rates.set_rate(act, 2025, None, 3349, "Sector 2025")
        rates.set_rate(act, 2026, None, 3479, "Sector 2026")
        rates.set_rate(act, 2026, cast.desk, 2000, "County payroll")
        add(db, cast, cast.driver, date(2025, 12, 31), 60)
        add(db, cast, cast.driver, date(2026, 1, 1), 90)
        add(db, cast, cast.desk, date(2026, 1, 2), 30)
        add(db, cast, cast.desk, date(2025, 6, 1), 20)
        add(db, cast, cast.desk, date(2026, 1, 3), 600, "submitted")
    found = dollars(database, cast)
    assert found["0Rides: Driver"] == "33.49"
    assert found["1Rides: Driver"] == "52.19"  # 52.185
    assert found["1Rides: Desk greeter"] == "10.00"
    assert found["0Rides: Desk greeter"] == "11.16"  # 11.163
    assert found["total"] == "106.84"  # the sum of what is not rounded: 106.838
    assert dollars(database, cast, By.PROGRAM)["1Rides"] == "62.19"


def test_without_a_rate_nothing_is_said_and_some_years_count_alone(database, cast, time):
    with database.writing() as db:
        add(db, cast, cast.driver, date(2025, 5, 1), 60)
        add(db, cast, cast.driver, date(2026, 5, 1), 60)
    assert set(dollars(database, cast).values()) == {""}
    with database.writing() as db:
        rates.set_rate(Act(db, OFFICE, time.at), 2026, None, 3000, "Sector")
    assert dollars(database, cast)["total"] == "30.00"


@both
def test_a_rate_is_replaced_and_removed_and_noted(database, cast, time):
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        one = rates.set_rate(act, 2026, None, 3000, "Sector").id
        assert rates.set_rate(act, 2026, None, 3479, "Sector, April").id == one
        assert rates.set_rate(act, 2026, cast.desk, 2000, "Payroll").id != one
        assert [
            (row.cents, row.source)
            for row in rates.rates(db, build.viewer(cast.cy, (Role.COORDINATOR, cast.rides)))
        ] == [
            (3479, "Sector, April"),
            (2000, "Payroll"),
        ]
        rates.remove_rate(act, db.get_one(HourRate, one))
        with pytest.raises(Refused):
            rates.set_rate(act, 2026, 999_999, 100, "Nobody")
    with database.reading() as db:
        actions = [one for one in db.scalars(select(AuditEntry.action)) if "hour_rate" in one]
        assert actions == ["hour_rate.set"] * 3 + ["hour_rate.removed"]


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("34.79", 3479),
        ("$34.79", 3479),
        ("34", 3400),
        ("7.5", 750),
        ("$ 0.01", 1),
        ("999.99", 99_999),
    ],
)
def test_dollars_as_people_write_them(typed, cents):
    assert RateForm(data={"dollars": typed}).cents == cents


@pytest.mark.parametrize(
    "typed", ["0", "0.00", "1000", "34,79", "-1", "ten", "34.791", "٣٤", "1e3"]
)
def test_what_is_no_amount_is_refused_beside_the_field(typed):
    with pytest.raises(Refused) as caught:
        _ = RateForm(data={"dollars": typed}).cents
    assert caught.value.fields.keys() == {"dollars"}


def test_rates_of_programs_one_does_not_report_on_are_not_read(database, cast, time, as_):
    with database.writing() as db:
        act = Act(db, OFFICE, time.at)
        rates.set_rate(act, 2026, cast.host, 4000, "Shelter payroll")
        rates.set_rate(act, 2026, None, 3479, "Sector")
    page = as_(cast.cy).get("/hours/rates").text
    assert "Sector" in page
    for secret in ("Safe Haven", "Night host", "Shelter payroll"):
        assert secret not in page
    assert "Shelter payroll" in as_(cast.mara).get("/hours/rates").text
