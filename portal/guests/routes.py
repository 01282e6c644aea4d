"""Addresses of open events."""

from portal.guests import forms
from portal.guests.views import public, staff
from portal.permissions import Permission
from portal.web.page import Post, get

PUBLIC, SHIFTS = Permission.PUBLIC, Permission.SHIFTS_MANAGE
PEOPLE = Permission.PEOPLE_MANAGE
EVENT = "/events/{event_id:id}"
GUEST = "/guest/{token}"
GUESTS = "/shifts/{shift_id:id}/guests"

event = get(EVENT, public.show, PUBLIC)
own = get(GUEST, public.show_guest, PUBLIC)
of_shift = get(GUESTS, staff.show, SHIFTS)
again = get("/guests", staff.list_again, PEOPLE)

pages = [
    get("/events", public.list_events, PUBLIC),
    event,
    Post(EVENT, public.come, PUBLIC, form=forms.ComeForm, again=event, prepare=public.guard),
    get("/e/{event_id:id}/{source}", public.follow_short_link, PUBLIC),
    own,
    Post(GUEST, public.cancel, PUBLIC, again=own),
    of_shift,
    Post(GUESTS, staff.open_event, SHIFTS, form=forms.OpenForm, again=of_shift),
    Post(GUESTS + "/closing", staff.close_event, SHIFTS, again=of_shift),
    Post(GUESTS + "/walk-in", staff.add, SHIFTS, form=forms.WalkInForm, again=of_shift),
    Post(GUESTS + "/came", staff.mark, SHIFTS, form=forms.CameForm, again=of_shift),
    get(GUESTS + "/poster/{language}", staff.download_poster, SHIFTS),
    again,
    Post("/guests/{guest_id:id}/record", staff.become, PEOPLE, form=forms.AgainForm, again=again),
    Post("/guests/{guest_id:id}/passing", staff.pass_by, PEOPLE, again=again),
]
