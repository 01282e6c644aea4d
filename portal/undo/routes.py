"""Addresses of undoing."""

from portal.permissions import Permission
from portal.undo import views
from portal.undo.forms import UndoForm
from portal.web.page import Post, get

undos = get("/undo", views.list_undos, Permission.SIGNED_IN)

pages = [
    undos,
    Post("/undo/{undo_id:id}", views.undo, Permission.SIGNED_IN, form=UndoForm, again=undos),
]
