"""Addresses of calendars."""

from portal.calendars import views
from portal.permissions import Permission
from portal.web.page import Page, Post, get

own = get("/me/calendar", views.show_feeds, Permission.SIGNED_IN)

pages: list[Page] = [
    get("/calendar/{token}.ics", views.show_feed, Permission.PUBLIC),
    get("/talks.ics", views.public_feed, Permission.PUBLIC),
    get("/talks/{talk_id:id}/event.ics", views.download_talk, Permission.PUBLIC),
    get("/me/talks/{offer_id:id}/event.ics", views.download_own_talk, Permission.SIGNED_IN),
    get(
        "/requests/{token}/talks/{talk_id:id}/event.ics",
        views.download_host_talk,
        Permission.PUBLIC,
    ),
    own,
    Post("/me/calendar", views.add_feed, Permission.SIGNED_IN, again=own),
    Post("/me/calendar/{feed_id:id}/end", views.end_feed, Permission.SIGNED_IN, again=own),
    get("/shifts/{shift_id:id}/event.ics", views.download_shift, Permission.SIGNED_IN),
    get("/patterns/{pattern_id:id}/calendar.ics", views.download_pattern, Permission.SHIFTS_MANAGE),
]
