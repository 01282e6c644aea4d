"""What the search offers by itself: pages and actions."""

from portal.domain import Domain
from portal.permissions import Permission
from portal.search import routes
from portal.search.places import find_places
from portal.searching import Search
from portal.words import text

DOMAIN = Domain(
    "search",
    pages=routes.pages,
    searches=(
        Search(text("Pages and actions"), "signpost-2", 50, Permission.SIGNED_IN, find_places),
    ),
)
