"""What kiosks offer the rest of the portal."""

from portal.domain import Domain
from portal.kiosks import routes

DOMAIN = Domain("kiosks", pages=routes.pages)
