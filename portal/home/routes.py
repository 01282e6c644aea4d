"""Addresses of the front page and of one's home."""

from portal.home import texts, views
from portal.permissions import Permission
from portal.web.page import get

pages = [
    get("/", views.front, Permission.PUBLIC),
    get("/me", views.me, Permission.SIGNED_IN),
    get("/translations", texts.show, Permission.SIGNED_IN),
]
