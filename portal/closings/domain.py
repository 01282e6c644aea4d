"""What closings offer the rest of the portal."""

from portal.closings import routes
from portal.closings.searches import CLOSINGS_FOUND
from portal.closings.undoable import CLOSURES
from portal.domain import Domain

DOMAIN = Domain("closings", pages=routes.pages, undoables=(CLOSURES,), searches=(CLOSINGS_FOUND,))
