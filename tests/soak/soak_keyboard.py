"""Every page by keyboard; `make test` walks a twentieth of them."""

import pytest

from tests.journeys.conftest import as_role, demo, demo_file, ids  # noqa: F401 - fixtures
from tests.journeys.test_reach import LOOKED_AT, focus_is_seen


@pytest.mark.parametrize(("role", "path"), LOOKED_AT)
def soak_focus_is_seen_on_every_control(as_role, ids, role, path):  # noqa: F811
    focus_is_seen(as_role, ids, role, path)
