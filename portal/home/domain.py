"""What home offers: the front page and everyone's own."""

from portal.domain import Domain
from portal.home import routes
from portal.permissions import Permission
from portal.web.shared import Entry
from portal.words import text

DOMAIN = Domain(
    "home",
    pages=routes.pages,
    navigation=(Entry(text("Home"), "/me", "house", Permission.SIGNED_IN, rank=10),),
)
