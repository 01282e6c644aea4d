"""Addresses of meetings."""

from portal.meetings import views
from portal.meetings.forms import (
    AnswerForm,
    CancelMeetingForm,
    InviteForm,
    MeetingForm,
    NewMeetingForm,
    TheirAnswerForm,
)
from portal.meetings.scopes import MANAGE
from portal.permissions import Permission
from portal.web.page import Page, Post, get

MEETING = "/meetings/{meeting_id:id}"
INVITEE = MEETING + "/people/{person_id:id}"
SIGNED_IN = Permission.SIGNED_IN

index = get("/meetings", views.index, MANAGE)
new = get("/meetings/new", views.new, MANAGE)
show = get(MEETING, views.show, SIGNED_IN)
edit = get(f"{MEETING}/edit", views.edit, MANAGE)
cancel = get(f"{MEETING}/cancellation", views.ask_to_cancel, MANAGE)
pages: list[Page] = [
    index,
    new,
    Post("/meetings", views.create, MANAGE, form=NewMeetingForm, again=new),
    show,
    edit,
    Post(MEETING, views.update, MANAGE, form=MeetingForm, again=edit),
    cancel,
    Post(f"{MEETING}/cancellation", views.cancel, MANAGE, form=CancelMeetingForm, again=cancel),
    Post(f"{MEETING}/people", views.invite, MANAGE, form=InviteForm, again=show),
    Post(f"{MEETING}/answer", views.answer, SIGNED_IN, form=AnswerForm, again=show),
    Post(f"{INVITEE}/answer", views.answer_for, MANAGE, form=TheirAnswerForm, again=show),
    Post(f"{INVITEE}/removal", views.remove, MANAGE, again=show),
    get(f"{MEETING}/event.ics", views.download_meeting, SIGNED_IN),
]
