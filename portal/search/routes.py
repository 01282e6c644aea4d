"""Addresses of the search."""

from portal.permissions import Permission
from portal.search import views
from portal.web.page import get

pages = [get("/search", views.search, Permission.SIGNED_IN, fragments=("found",))]
