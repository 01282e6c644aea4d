"""Addresses of calendars."""

from portal.calendars import views
from portal.permissions import Permission
from portal.web.page import Page, Post, get

own = get("/me/calendar", views.show_feeds, Permission.SIGNED_IN)

pages: list[Page] = [
    get("/calendar/{token}.ics", views.show_feed, Permission.PUBLIC),
    own,
    Post("/me/calendar", views.add_feed, Permission.SIGNED_IN, again=own),
    Post("/me/calendar/{feed_id:id}/end", views.end_feed, Permission.SIGNED_IN, again=own),
]
