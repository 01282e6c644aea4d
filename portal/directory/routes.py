"""Addresses of the pages about people."""

from portal.directory import views
from portal.people.forms import MembershipForm, PersonForm
from portal.permissions import Permission
from portal.programs.forms import PlacementForm
from portal.web.page import Post, get

PEOPLE, AGENCY = Permission.PEOPLE_MANAGE, Permission.AGENCY_MANAGE
DECIDE = Permission.PLACEMENTS_DECIDE

new = get("/people/new", views.new, PEOPLE)
show = get("/people/{person_id:id}", views.show, PEOPLE)
edit = get("/people/{person_id:id}/edit", views.edit, PEOPLE)

pages = [
    get("/people", views.index, PEOPLE, fragments=("people_list",)),
    new,
    Post("/people", views.create, PEOPLE, form=PersonForm, again=new),
    show,
    edit,
    Post("/people/{person_id:id}", views.update, PEOPLE, form=PersonForm, again=edit),
    Post("/people/{person_id:id}/placements", views.place, DECIDE, form=PlacementForm, again=show),
    Post("/people/{person_id:id}/invitation", views.invite, PEOPLE, again=show),
    Post(
        "/people/{person_id:id}/memberships", views.grant, AGENCY, form=MembershipForm, again=show
    ),
    Post(
        "/people/{person_id:id}/memberships/{membership_id:id}/end",
        views.end_membership,
        AGENCY,
        again=show,
    ),
]
