"""Every hostile value for every form; `make test` sends a third of them."""

import pytest

from tests.security.test_input import HOSTILE, POSTS, send_hostile


@pytest.mark.populated
@pytest.mark.parametrize("path", POSTS)
def soak_I1_hostile_fields_never_break_a_form(path, cast, ids, as_):
    send_hostile(path, HOSTILE, cast, ids, as_)
