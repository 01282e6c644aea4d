"""V4: what a page costs someone does not grow with what others have.

Each page is asked for by each of some roles in a world that is a hundred times larger than the scene, and must
take no more statements than in the scene, and about as many steps of SQLite's virtual machine, which no clock
disturbs. The limits stand in growth.json, as `make soak` measured them in the small world: a page without one
fails. What is too dear today is named there with its steps, and may only become cheaper.
"""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.growth import counted, grow
from tests.test_routes import ROLES, rows

FILE = Path(__file__).with_name("growth.json")
COPIES = 100
SAME = 1.25
"""How much dearer a page may be: indexes are deeper, and nothing else."""
SLACK = 1700
"""Steps below which a difference says nothing."""
MARGIN = 1.15
"""What was visited before changes a little what waits on Home, and the order of some plans with it."""
CRAWLERS = ("public", "ana", "cy", "ada", "gil", "tess", "vic", "dee", "pia")
HERE = ("public", "ana", "cy")
"""Who crawls in `make test`; `make soak` sends all of them."""


def crawl(database, as_, public, cast, ids, roles=CRAWLERS) -> dict[str, tuple[int, int]]:
    """The statements and steps of every page for each of the crawlers who may open it."""
    found, paths = {}, vars(cast) | asdict(ids)
    for role in roles:
        browser = public if role == "public" else as_(paths[role])
        for method, path, expected in rows():
            if method != "GET" or expected[list(ROLES).index(role)] != "in":
                continue
            with counted(database) as cost:
                browser.client.get(path.format(**paths), follow_redirects=False)
            found[f"{path} as {role}"] = (cost.statements, cost.steps)
    return found


@pytest.mark.populated
def test_V4_a_page_costs_the_same_in_a_world_a_hundred_times_as_large(
    database, cast, ids, as_, public
):
    assert grow(database, COPIES) > 40_000
    found = crawl(database, as_, public, cast, ids, HERE)
    limits = json.loads(FILE.read_text())
    fits, dear = limits["fits"], limits["too_dear"]
    unknown = found.keys() - fits.keys() - dear.keys()
    assert not unknown, "no limit in growth.json: make soak writes it"
    over = {
        page: (statements, steps)
        for page, (statements, steps) in found.items()
        if (page in fits and (statements > fits[page][0] or steps > fits[page][1]))
        or (page in dear and steps > dear[page] * MARGIN)
    }
    assert not over


def measured(small, large) -> dict[str, dict]:
    """The limits that two crawls give."""
    fits, dear = {}, {}
    for page, (statements, steps) in sorted(large.items()):
        most = [small[page][0], round(small[page][1] * SAME) + SLACK]
        if statements <= most[0] and steps <= most[1]:
            fits[page] = most
        else:
            dear[page] = steps
    return {"fits": fits, "too_dear": dear}
