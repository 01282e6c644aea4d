"""A presentation from its request to the report, on the other screens than in `make test`."""

import pytest

from tests.journeys.conftest import demo, demo_file, visit  # noqa: F401 - fixtures
from tests.journeys.test_talks import office, request_to_count

__all__ = ["office"]


@pytest.mark.usefixtures("time")
def soak_a_request_becomes_a_talk_and_is_counted(visit, office):  # noqa: F811
    request_to_count(visit, office, 1280, 390, 1280)
