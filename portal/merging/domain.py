"""What merging records offers the rest of the portal."""

from portal.domain import Domain
from portal.merging import routes, views
from portal.merging.notices import NOTICES

DOMAIN = Domain("merging", pages=routes.pages, notices=NOTICES, person=views.person)
