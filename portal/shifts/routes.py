"""Addresses of shifts, signing up and rosters."""

from portal.permissions import Permission
from portal.shifts.forms import CallOffForm, RemovalForm, RosterForm, ShiftForm, SignupForm
from portal.shifts.views import lists, shifts, signups
from portal.web.page import Post, get

PUBLIC, SIGNED_IN, MANAGE = Permission.PUBLIC, Permission.SIGNED_IN, Permission.SHIFTS_MANAGE

show = get("/shifts/{shift_id:id}", shifts.show_shift, PUBLIC, fragments=("signup_panel",))
new = get("/shifts/new", shifts.new_shift, MANAGE)
edit = get("/shifts/{shift_id:id}/edit", shifts.edit_shift, MANAGE)
calling_off = get("/shifts/{shift_id:id}/cancellation", shifts.ask_to_call_off, MANAGE)
roster = get(
    "/shifts/{shift_id:id}/roster", signups.show_roster, MANAGE, fragments=("candidates", "roster")
)

pages = [
    get("/shifts", lists.list_shifts, PUBLIC, fragments=("shift_list", "narrowing")),
    get("/schedule", lists.show_schedule, MANAGE, fragments=("shift_list",)),
    new,
    Post("/shifts", shifts.create_shift, MANAGE, form=ShiftForm, again=new),
    show,
    edit,
    Post("/shifts/{shift_id:id}", shifts.update_shift, MANAGE, form=ShiftForm, again=edit),
    calling_off,
    Post(
        "/shifts/{shift_id:id}/cancellation",
        shifts.call_off,
        MANAGE,
        form=CallOffForm,
        again=calling_off,
    ),
    get("/shifts/{shift_id:id}/signup", signups.to_the_shift, PUBLIC),
    Post(
        "/shifts/{shift_id:id}/signup",
        signups.create_signup,
        SIGNED_IN,
        form=SignupForm,
        again=show,
    ),
    get("/shifts/{shift_id:id}/withdrawal", signups.to_the_shift, PUBLIC),
    Post("/shifts/{shift_id:id}/withdrawal", signups.create_withdrawal, SIGNED_IN, again=show),
    get("/signups/{signup_id:id}", signups.show_signup, SIGNED_IN),
    roster,
    Post(
        "/shifts/{shift_id:id}/roster", signups.add_to_roster, MANAGE, form=RosterForm, again=roster
    ),
    Post(
        "/shifts/{shift_id:id}/signups/{signup_id:id}/removal",
        signups.remove_from_roster,
        MANAGE,
        form=RemovalForm,
        again=roster,
    ),
    get("/shifts/{shift_id:id}/roster.csv", signups.download_roster, MANAGE),
]
