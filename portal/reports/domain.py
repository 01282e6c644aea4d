"""Reports of hours and attendance, as a part of the portal."""

from portal.domain import Domain
from portal.reports import routes

DOMAIN = Domain("reports", pages=routes.pages)
