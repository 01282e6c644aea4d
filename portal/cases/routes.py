"""Addresses of cases. They hold an id, never a reference or a word about a client."""

from portal.cases.forms import (
    CaseForm,
    CloseCaseForm,
    DistrictForm,
    FunctionForm,
    NewCaseForm,
    RequestForm,
    UnmetForm,
)
from portal.cases.views import asking, cases, setup
from portal.permissions import Permission
from portal.web.page import Page, Post, get

READ, ASK = Permission.CASES_READ, Permission.CASES_REQUEST
CASE, REQUEST = "/cases/{case_id:id}", "/help-requests/{help_request_id:id}"
FUNCTIONS = "/programs/{program_id:id}/help-functions"
MANAGE, AGENCY = Permission.PROGRAMS_MANAGE, Permission.AGENCY_MANAGE

new = get("/cases/new", cases.new, ASK)
show = get(CASE, cases.show, READ)
edit = get(f"{CASE}/edit", cases.edit, READ)
ask_again = get(f"{CASE}/requests/new", cases.ask_again, ASK)
asked = get(REQUEST, asking.show, ASK)
functions = get(FUNCTIONS, setup.show_functions, MANAGE)
districts = get("/districts", setup.show_districts, AGENCY)
pages: list[Page] = [
    get("/cases", cases.index, ASK),
    new,
    Post("/cases", cases.create, ASK, form=NewCaseForm, again=new),
    show,
    edit,
    Post(CASE, cases.update, READ, form=CaseForm, again=edit),
    Post(f"{CASE}/closing", cases.close, READ, form=CloseCaseForm, again=show),
    ask_again,
    Post(f"{CASE}/requests", cases.ask, ASK, form=RequestForm, again=ask_again),
    get("/help-requests", asking.index, ASK),
    asked,
    Post(f"{REQUEST}/withdrawal", asking.withdraw, ASK, again=asked),
    Post(f"{REQUEST}/unmet", asking.give_up, ASK, form=UnmetForm, again=asked),
    functions,
    Post(FUNCTIONS, setup.add_function, MANAGE, form=FunctionForm, again=functions),
    Post(f"{FUNCTIONS}/{{function_id:id}}/closing", setup.close_function, MANAGE, again=functions),
    districts,
    Post("/districts", setup.set_residents, AGENCY, form=DistrictForm, again=districts),
]
