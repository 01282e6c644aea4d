"""What the directory offers: pages about people across domains."""

from collections.abc import Collection, Iterator

from portal.directory import routes
from portal.domain import Domain, Panel
from portal.permissions import Permission, Role
from portal.web.request import Request
from portal.web.shared import Entry
from portal.web.words import text


def _home(request: Request, queues: Collection[str]) -> Iterator[Panel]:
    if Role.SUPERVISOR in request.viewer.roles:
        yield Panel(78, "directory/home/_supervised.html", {})


DOMAIN = Domain(
    "directory",
    pages=routes.pages,
    home=_home,
    navigation=(
        Entry(
            text("People"),
            "/people",
            "people",
            Permission.PEOPLE_MANAGE,
            also=("/letters", "/supervision", "/trials"),
            rank=40,
        ),
    ),
)
