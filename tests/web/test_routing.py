"""Routes by the first part of an address find what trying all of them in their order finds."""

import pytest
from starlette.routing import Match, Mount, Route

from portal.app import create_app
from portal.web.routing import FOUND, ByFirstPart
from tests.conftest import SETTINGS

METHODS = ("GET", "POST")


async def answer(*given: object) -> None:
    """Never called: routes are only looked for."""


def one_by_one(routes, scope):
    partly = (Match.NONE, None)
    for route in routes:
        match, _ = route.matches(scope)
        if match is Match.FULL:
            return match, route
        if match is Match.PARTIAL and partly[0] is Match.NONE:
            partly = match, route
    return partly


@pytest.mark.parametrize("method", METHODS)
def test_every_address_leads_where_it_did(method):
    (everything,) = create_app(SETTINGS).app.routes
    paths = {
        part
        for route in everything.routes
        for part in (route.path, route.path.replace("{", "").replace("}", ""))
    }
    filled = {"".join("7" if "{" in bit else bit for bit in _bits(path)) for path in paths}
    for path in [
        *paths,
        *filled,
        "/",
        "",
        "//",
        "/static/css/portal.css",
        "/nothing/here",
        "/7",
        "/cases//7",
    ]:
        scope = {"type": "http", "method": method, "path": path, "headers": []}
        match, found = everything.matches(scope)
        expected, route = one_by_one(everything.routes, scope)
        assert match is expected, path
        assert found.get(FOUND) is route, path


def _bits(path):
    rest = path
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, _, rest = after.partition("}")
        yield from (before, "{" + name + "}")
    yield rest


def test_a_route_that_begins_with_anything_keeps_its_place():
    first, anything, late = (
        Route("/a", answer, methods=["GET"]),
        Route("/{word}", answer, methods=["GET"]),
        Route("/b", answer, methods=["GET"]),
    )
    static = Mount("/static", answer)
    routes = ByFirstPart([first, anything, late, static])
    for path, wanted in (("/a", first), ("/b", anything), ("/c", anything), ("/static/x", static)):
        found = routes.matches({"type": "http", "method": "GET", "path": path})[1]
        assert found[FOUND] is wanted
