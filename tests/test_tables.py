"""Tables that a spreadsheet cannot be tricked by."""

import pytest

from portal.outreach.external_calendars import is_public
from portal.tables import safe_cell


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\u00a0=1", "\u2007=1", "\ufeff=1", "\u200b=1",
        "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20x", "\u3000\uff1d1",
    ],
)  # fmt: skip
def test_F1_a_cell_that_looks_like_a_formula_is_made_text(cell):
    assert safe_cell(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["Ana", "a=1", "1-2", "", None, 5, "¿Qué?", "\u00a0Ana"])
def test_F1_other_cells_stay_as_they_are(cell):
    assert safe_cell(cell) == cell


@pytest.mark.parametrize(
    "address",
    ["192.88.99.1", "3fff::1", "5f00::1", "100::1", "2001:20::1", "240.0.0.1", "192.175.48.1"],
)
def test_CAL_20_reserved_ranges_are_not_public(address):
    assert not is_public(address)
