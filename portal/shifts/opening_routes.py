"""Addresses of when sign-up opens."""

from portal.permissions import Permission
from portal.shifts.group_forms import WhoForm
from portal.shifts.opening_forms import EarlyListForm, OpeningForm
from portal.shifts.views import opening
from portal.web.page import Post, get

MANAGE = Permission.SHIFTS_MANAGE
index = get("/opening", opening.index, MANAGE)
shown = get("/early-lists/{early_list_id:id}", opening.show_list, MANAGE)
pages = [
    index,
    Post("/opening", opening.set_opening, MANAGE, form=OpeningForm, again=index),
    Post("/early-lists", opening.add_list, MANAGE, form=EarlyListForm, again=index),
    shown,
    Post(
        "/early-lists/{early_list_id:id}/people",
        opening.add_person,
        MANAGE,
        form=WhoForm,
        again=shown,
    ),
    Post(
        "/early-lists/{early_list_id:id}/people/{person_id:id}/removal",
        opening.take_off,
        MANAGE,
        again=shown,
    ),
    Post("/early-lists/{early_list_id:id}/ending", opening.end_list, MANAGE, again=shown),
]
