"""Every hostile value in every form and query; `make test` sends a tenth of them to each form."""

import pytest

from tests.security.test_input import (
    HOSTILE,
    MARKS,
    NAMES,
    PATHS,
    POSTS,
    ask_hostile,
    send_hostile,
)


@pytest.mark.populated
@pytest.mark.parametrize("path", POSTS)
def soak_I1_hostile_fields_never_break_a_form(path, cast, ids, as_):
    send_hostile(path, HOSTILE, cast, ids, as_)


@pytest.mark.parametrize("path", PATHS)
def soak_I1_hostile_queries_never_break_a_page(path, cast, as_):
    for name in NAMES:
        ask_hostile(path, name, [*HOSTILE, *MARKS], cast, as_)
