"""Overseeing, as a part of the portal."""

from portal.domain import Domain
from portal.oversight import routes
from portal.permissions import Permission
from portal.web.shared import Entry
from portal.words import text

DOMAIN = Domain(
    "oversight",
    pages=routes.pages,
    navigation=(Entry(text("Audit"), "/audit", "eye", Permission.AUDIT_READ, rank=95),),
)
