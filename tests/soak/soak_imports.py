"""Every month of the real calendar; `make test` compares a ninth of them."""

from tests.imports.test_calendars import agrees_in_months, bring_in, needs_the_real_file  # noqa: F401


@needs_the_real_file
def soak_the_real_calendar_agrees_in_every_month(bring_in, database, time):  # noqa: F811
    agrees_in_months(bring_in, database, time, every=1)
