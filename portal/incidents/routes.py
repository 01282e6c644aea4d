"""Addresses of incidents."""

from portal.incidents import forms, views
from portal.permissions import Permission
from portal.web.page import Post, get

SIGNED_IN, RECEIVE = Permission.SIGNED_IN, Permission.INCIDENTS_RECEIVE
AGENCY = Permission.AGENCY_MANAGE
INCIDENT = "/incidents/{incident_id:id}"

new = get("/incidents/new", views.new, SIGNED_IN)
incident = get(INCIDENT, views.show, RECEIVE)
setup = get("/incidents/setup", views.setup, AGENCY)

pages = [
    new,
    Post("/incidents", views.send, SIGNED_IN, form=forms.IncidentForm, again=new),
    get("/incidents/own", views.list_own, SIGNED_IN),
    get("/incidents", views.index, RECEIVE),
    setup,
    Post("/incidents/setup", views.save_setup, AGENCY, form=forms.SetupForm, again=setup),
    incident,
    Post(INCIDENT + "/acknowledgment", views.acknowledge, RECEIVE, again=incident),
    Post(INCIDENT + "/entries", views.add_entry, RECEIVE, form=forms.EntryForm, again=incident),
    Post(INCIDENT + "/parties", views.hide, RECEIVE, form=forms.HideForm, again=incident),
    Post(INCIDENT + "/owner", views.assign, RECEIVE, form=forms.OwnerForm, again=incident),
    Post(INCIDENT + "/closing", views.close, RECEIVE, form=forms.CloseForm, again=incident),
    Post(INCIDENT + "/reopening", views.reopen, RECEIVE, again=incident),
]
