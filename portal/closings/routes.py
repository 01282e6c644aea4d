"""Addresses of closures."""

from portal.closings import views
from portal.closings.forms import ClosingForm
from portal.permissions import Permission
from portal.web.page import Post, get

MANAGE = Permission.SHIFTS_MANAGE
closure_list = get("/closures", views.list_closures, MANAGE)
closure_new = get("/closures/new", views.new_closing, MANAGE)
pages = [
    closure_list,
    closure_new,
    Post(
        "/closures", views.create_closing, MANAGE, form=ClosingForm, again=closure_new, fields=4100
    ),
    Post("/closures/{closure_id:id}/lifting", views.lift_closure, MANAGE, again=closure_list),
]
