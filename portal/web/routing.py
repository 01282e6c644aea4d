"""Finding the page of an address by its first part: of hundreds of routes only a few are tried."""

from collections.abc import Sequence
from typing import Any

from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Receive, Scope, Send

FOUND = "portal.found"


def first_part(path: str) -> str:
    """The first part of an address: "cases" of /cases/7/edit."""
    return path.lstrip("/").partition("/")[0]


class ByFirstPart(BaseRoute):
    """Many routes as one. Each is tried in its order, but only where an address begins as the route does."""

    def __init__(self, routes: Sequence[Route | Mount]) -> None:
        self.routes = routes
        begins = [first_part(route.path) for route in routes]
        anywhere = {begin for begin in begins if "{" in begin}
        self._elsewhere = self._those(begins, anywhere)
        self._by_begin = {
            begin: self._those(begins, {begin, *anywhere}) for begin in {*begins} - anywhere
        }

    def _those(self, begins: Sequence[str], wanted: set[str]) -> list[Route | Mount]:
        return [route for route, begin in zip(self.routes, begins, strict=True) if begin in wanted]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The route that fits best, under FOUND, with what its address says."""
        partly: tuple[Match, Scope] = (Match.NONE, {})
        for route in self._by_begin.get(first_part(scope["path"]), self._elsewhere):
            match, found = route.matches(scope)
            if match is Match.FULL:
                return match, {**found, FOUND: route}
            if match is Match.PARTIAL and partly[0] is Match.NONE:
                partly = match, {**found, FOUND: route}
        return partly

    def url_path_for(self, name: str, /, **path_params: Any) -> Any:
        """No address is made from a name here."""
        raise NotImplementedError

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the route that was found answer."""
        await scope[FOUND].handle(scope, receive, send)
