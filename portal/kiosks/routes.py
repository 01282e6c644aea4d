"""Addresses of kiosks."""

from portal.kiosks import views
from portal.kiosks.forms import AtKioskForm, CodeForm, KioskForm
from portal.permissions import Permission
from portal.web.page import Post, get

MANAGE, SIGNED_IN, PUBLIC = Permission.SHIFTS_MANAGE, Permission.SIGNED_IN, Permission.PUBLIC
index = get("/kiosks", views.index, MANAGE)
device = get("/kiosk/{token}", views.show, PUBLIC, idle=True)
by_code = get("/check-in", views.enter_code, SIGNED_IN)
pages = [
    index,
    Post("/kiosks", views.add, MANAGE, form=KioskForm, again=index),
    Post("/kiosks/{kiosk_id:id}/ending", views.end, MANAGE, again=index),
    device,
    Post(
        "/kiosk/{token}",
        views.check,
        PUBLIC,
        form=AtKioskForm,
        again=device,
        prepare=views.count_try,
    ),
    by_code,
    Post(
        "/check-in",
        views.check_by_code,
        SIGNED_IN,
        form=CodeForm,
        again=by_code,
        prepare=views.count_code,
    ),
]
