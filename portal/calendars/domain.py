"""Calendars that programs of people ask for, as a part of the portal."""

from portal.calendars import routes
from portal.domain import Domain

DOMAIN = Domain("calendars", pages=routes.pages)
