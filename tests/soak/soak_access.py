"""Every page with axe, at both widths and in both themes; `make test` does that with a twelfth of them."""

import pytest

from tests.journeys.conftest import as_role, demo, demo_file, ids  # noqa: F401 - fixtures
from tests.journeys.test_access import EVERY, LOOKED_AT, axe_finds_nothing


@pytest.mark.parametrize(("role", "number", "path"), LOOKED_AT)
def soak_axe_finds_nothing(as_role, ids, role, number, path):  # noqa: F811
    axe_finds_nothing(as_role(role), path.format(**ids), EVERY)
