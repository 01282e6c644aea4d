"""Addresses of groups and their spots."""

from portal.permissions import Permission
from portal.shifts.group_forms import (
    CameForm,
    GroupForm,
    MemberForm,
    NameForm,
    NewGroupForm,
    SpotsForm,
    WhoForm,
)
from portal.shifts.views import groups
from portal.web.page import Post, get

MANAGE, SIGNED_IN = Permission.SHIFTS_MANAGE, Permission.SIGNED_IN
GROUP, SPOTS = "/groups/{group_id:id}", "/group-spots/{spots_id:id}"
MEMBER = GROUP + "/members/{person_id:id}"

new = get("/groups/new", groups.new, MANAGE)
group = get(GROUP, groups.show, SIGNED_IN)
spots = get("/shifts/{shift_id:id}/groups", groups.show_spots, SIGNED_IN)
of_row = get(SPOTS, groups.show_row, SIGNED_IN)
came = get(SPOTS + "/came", groups.show_came, SIGNED_IN)
of_slot = get("/slots/{slot_id:id}/groups", groups.show_slot_spots, SIGNED_IN)

pages = [
    get("/groups", groups.index, MANAGE),
    new,
    Post("/groups", groups.create, MANAGE, form=NewGroupForm, again=new),
    group,
    Post(GROUP, groups.save, MANAGE, form=GroupForm, again=group),
    Post(GROUP + "/members", groups.add_member, MANAGE, form=WhoForm, again=group),
    Post(MEMBER + "/removal", groups.take_member_off, MANAGE, again=group),
    Post(MEMBER + "/contact", groups.set_contact, MANAGE, again=group),
    Post(GROUP + "/ending", groups.end, MANAGE, again=group),
    spots,
    of_row,
    came,
    of_slot,
    Post(
        "/shifts/{shift_id:id}/groups",
        groups.take,
        SIGNED_IN,
        form=SpotsForm,
        again=spots,
        staff_undo=MANAGE,
    ),
    Post(
        SPOTS + "/names", groups.add_name, SIGNED_IN, form=NameForm, again=of_row, staff_undo=MANAGE
    ),
    Post(
        SPOTS + "/names/{name_id:id}/removal",
        groups.take_name_off,
        SIGNED_IN,
        again=of_row,
        staff_undo=MANAGE,
    ),
    Post(
        SPOTS + "/members",
        groups.sign_up_member,
        SIGNED_IN,
        form=MemberForm,
        again=of_row,
        staff_undo=MANAGE,
    ),
    Post(
        "/slots/{slot_id:id}/groups/{group_id:id}/signup",
        groups.sign_up_together,
        SIGNED_IN,
        again=of_slot,
        staff_undo=MANAGE,
    ),
    Post(
        SPOTS + "/came",
        groups.note_came,
        SIGNED_IN,
        form=CameForm,
        again=came,
        staff_undo=MANAGE,
    ),
]
