"""Addresses of proposals."""

from portal.autofill import views
from portal.autofill.forms import AcceptForm, FillForm
from portal.permissions import Permission
from portal.web.page import Post, get

MANAGE = Permission.SHIFTS_MANAGE
index = get("/fills", views.index, MANAGE)
fill = get("/fills/{fill_id:id}", views.show, MANAGE, fragments=("fill",))
pages = [
    index,
    Post("/fills", views.propose, MANAGE, form=FillForm, again=index, prepare=views.look),
    fill,
    Post("/fills/{fill_id:id}/asks", views.accept, MANAGE, form=AcceptForm, again=fill),
    Post("/fills/{fill_id:id}/stop", views.stop, MANAGE, again=fill),
]
