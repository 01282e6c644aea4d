"""What the directory offers: pages about people across domains."""

from portal.directory import routes
from portal.domain import Domain
from portal.permissions import Permission
from portal.web.request import Entry
from portal.web.words import text

DOMAIN = Domain(
    "directory",
    pages=routes.pages,
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
