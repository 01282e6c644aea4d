"""What every page costs in a small world and in a large one, measured anew; writes tests/growth.json."""

import json

import pytest

from tests.growth import grow
from tests.test_growth import COPIES, FILE, crawl, measured


@pytest.mark.populated
def soak_V4_pages_that_grow_become_fewer(database, cast, ids, as_, public):
    if database.dialect != "sqlite":
        pytest.skip("steps are counted on SQLite")
    before = json.loads(FILE.read_text()) if FILE.exists() else {"fits": {}, "too_dear": {}}
    small = crawl(database, as_, public, cast, ids)
    grow(database, COPIES)
    found = measured(small, crawl(database, as_, public, cast, ids))
    grew = {page for page in found["too_dear"] if page in before["fits"]}
    assert not grew
    lines = json.dumps(found).replace('], "', '],\n "').replace(', "/', ',\n "/')
    FILE.write_text(lines.replace('{"/', '{\n "/') + "\n")
    print(f"{len(found['fits'])} pages cost the same, {len(found['too_dear'])} are too dear")
