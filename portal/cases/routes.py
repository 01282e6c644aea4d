"""Addresses of cases. They hold an id, never a reference or a word about a client."""

from portal.cases.forms import (
    CaseForm,
    CloseCaseForm,
    DistrictForm,
    FindForm,
    FunctionForm,
    NewCaseForm,
    RequestForm,
    UnmetForm,
)
from portal.cases.match_forms import (
    AnswerForm,
    ClientForm,
    EndForm,
    HandOffForm,
    MeetForm,
    ProposeForm,
)
from portal.cases.views import asking, cases, matching, setup
from portal.permissions import Permission
from portal.web.page import Page, Post, get

READ, ASK = Permission.CASES_READ, Permission.CASES_REQUEST
CASE, REQUEST = "/cases/{case_id:id}", "/help-requests/{help_request_id:id}"
FUNCTIONS = "/programs/{program_id:id}/help-functions"
MANAGE, AGENCY = Permission.PROGRAMS_MANAGE, Permission.AGENCY_MANAGE

index = get("/cases", cases.index, ASK)
new = get("/cases/new", cases.new, ASK)
show = get(CASE, cases.show, READ)
edit = get(f"{CASE}/edit", cases.edit, READ)
ask_again = get(f"{CASE}/requests/new", cases.ask_again, ASK)
asked = get(REQUEST, asking.show, ASK)
functions = get(FUNCTIONS, setup.show_functions, MANAGE)
districts = get("/districts", setup.show_districts, AGENCY)
VOLUNTEERS = f"{REQUEST}/volunteers"
MATCH = VOLUNTEERS + "/{case_match_id:id}"
OWN = "/me/matches/{case_match_id:id}"
SIGNED_IN = Permission.SIGNED_IN
volunteers = get(VOLUNTEERS, matching.show, ASK)
own_match = get(OWN, matching.show_own, SIGNED_IN)
pages: list[Page] = [
    index,
    Post("/cases/search", cases.find, ASK, form=FindForm, again=index),
    new,
    Post("/cases", cases.create, ASK, form=NewCaseForm, again=new),
    show,
    edit,
    Post(CASE, cases.update, READ, form=CaseForm, again=edit),
    Post(f"{CASE}/closing", cases.close, READ, form=CloseCaseForm, again=show),
    ask_again,
    Post(f"{CASE}/requests", cases.ask, ASK, form=RequestForm, again=ask_again),
    get("/help-requests", asking.index, ASK),
    get("/help-requests/waiting", matching.waiting, READ),
    asked,
    Post(f"{REQUEST}/withdrawal", asking.withdraw, ASK, again=asked),
    Post(f"{REQUEST}/unmet", asking.give_up, ASK, form=UnmetForm, again=asked),
    functions,
    Post(FUNCTIONS, setup.add_function, MANAGE, form=FunctionForm, again=functions),
    Post(f"{FUNCTIONS}/{{function_id:id}}/closing", setup.close_function, MANAGE, again=functions),
    districts,
    Post("/districts", setup.set_residents, AGENCY, form=DistrictForm, again=districts),
    volunteers,
    Post(VOLUNTEERS, matching.propose, ASK, form=ProposeForm, again=volunteers),
    Post(f"{MATCH}/answer", matching.answer_for, ASK, form=AnswerForm, again=volunteers),
    Post(f"{MATCH}/withdrawal", matching.withdraw, ASK, again=volunteers),
    Post(f"{MATCH}/consent", matching.client_said, READ, form=ClientForm, again=volunteers),
    Post(f"{MATCH}/handoff", matching.hand_off, READ, form=HandOffForm, again=volunteers),
    Post(f"{MATCH}/meeting", matching.meet, READ, form=MeetForm, again=volunteers),
    Post(f"{MATCH}/end", matching.end, READ, form=EndForm, again=volunteers),
    get("/me/matches", matching.own, SIGNED_IN),
    own_match,
    Post(f"{OWN}/answer", matching.answer, SIGNED_IN, form=AnswerForm, again=own_match),
    Post(f"{OWN}/end", matching.stop, SIGNED_IN, again=own_match),
]
