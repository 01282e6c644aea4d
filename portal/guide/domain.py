"""The guides, as a part of the portal."""

from portal.domain import Domain
from portal.guide import pages

DOMAIN = Domain("guide", pages=pages.pages)
