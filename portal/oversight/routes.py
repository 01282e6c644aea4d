"""Addresses of overseeing."""

from portal.oversight import views
from portal.permissions import Permission
from portal.web.page import get

pages = [get("/audit", views.show, Permission.AUDIT_READ)]
