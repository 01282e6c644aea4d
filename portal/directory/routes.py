"""Addresses of the pages about people."""

from portal.directory import entering, views
from portal.people.forms import (
    CodeForm,
    MailSignInForm,
    MembershipForm,
    PersonForm,
    RegisterForm,
    WhoForm,
)
from portal.permissions import Permission
from portal.programs.forms import PlacementForm
from portal.web.page import Post, get

PEOPLE, AGENCY = Permission.PEOPLE_MANAGE, Permission.AGENCY_MANAGE
DECIDE = Permission.PLACEMENTS_DECIDE

new = get("/people/new", views.new, PEOPLE)
show = get("/people/{person_id:id}", views.show, PEOPLE)
edit = get("/people/{person_id:id}/edit", views.edit, PEOPLE)

PUBLIC = Permission.PUBLIC
by_mail = get("/session/mail", entering.ask_for_mail, PUBLIC)
code = get("/session/code", entering.type_code, PUBLIC)
link = get("/session/link/{token}", entering.show_link, PUBLIC)
who = get("/session/who", entering.ask_who, PUBLIC)
register = get("/register", entering.register, PUBLIC)

pages = [
    by_mail,
    Post(
        "/session/mail",
        entering.send_code,
        PUBLIC,
        form=MailSignInForm,
        again=by_mail,
        prepare=entering.may_ask,
    ),
    register,
    Post(
        "/register",
        entering.send_registration_code,
        PUBLIC,
        form=RegisterForm,
        again=register,
        prepare=entering.may_ask,
    ),
    code,
    Post(
        "/session/code",
        entering.check_code,
        PUBLIC,
        form=CodeForm,
        again=code,
        prepare=entering.spend_try,
    ),
    link,
    Post("/session/link/{token}", entering.use_link, PUBLIC, again=link),
    who,
    Post("/session/who", entering.enter_as, PUBLIC, form=WhoForm, again=who),
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
