"""Every page for every role; `make test` leaves out half of those that keep staff out."""

import pytest

from tests.test_routes import ROLES, role_gets_what_the_table_says


@pytest.mark.populated
@pytest.mark.parametrize("role", ROLES)
def soak_Z1_Z2_a_role_gets_what_the_table_says(role, cast, ids, as_, public):
    role_gets_what_the_table_says(role, cast, ids, as_, public)
