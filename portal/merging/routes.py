"""Addresses of merging."""

from portal.merging import views
from portal.permissions import Permission
from portal.web.page import Post, get

AGENCY = Permission.AGENCY_MANAGE

merge = get("/people/{person_id:id}/merge/{other_id:id}", views.show, AGENCY)
merges = get("/people/merges", views.list_merges, AGENCY)

pages = [
    get("/people/{person_id:id}/merge", views.choose, AGENCY),
    merge,
    Post(
        "/people/{person_id:id}/merge/{other_id:id}",
        views.merge,
        AGENCY,
        form=views.MergeForm,
        again=merge,
    ),
    merges,
    Post("/people/merges/{merge_id:id}/undoing", views.undo, AGENCY, again=merges),
]
