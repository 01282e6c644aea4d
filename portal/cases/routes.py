"""Addresses of cases. They hold an id, never a reference or a word about a client."""

from portal.cases.contact_forms import (
    ContactForm,
    DraftForm,
    FollowUpForm,
    LetterForm,
    ReviewForm,
)
from portal.cases.emergency_forms import EmergencyForm, VerdictForm
from portal.cases.forms import (
    AdjournForm,
    CaseForm,
    CloseCaseForm,
    DistrictForm,
    FindForm,
    FunctionForm,
    LookAgainForm,
    NewCaseForm,
    RequestForm,
    UnmetForm,
)
from portal.cases.match_forms import (
    AnswerForm,
    CaseworkerForm,
    ClientForm,
    ConflictForm,
    EndForm,
    HandOffForm,
    LiftForm,
    MeetForm,
    ProposeForm,
)
from portal.cases.views import (
    asking,
    cases,
    emergency,
    following,
    helping,
    matching,
    reporting,
    setup,
)
from portal.permissions import Permission
from portal.web.page import Page, Post, get

READ, ASK, FOLLOW = Permission.CASES_READ, Permission.CASES_REQUEST, Permission.CASES_FOLLOW
CASE, REQUEST = "/cases/{case_id:id}", "/help-requests/{help_request_id:id}"
CONFLICT = CASE + "/conflicts/{conflict_id:id}"
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
EMERGENCY, OVERSEE = Permission.CASES_EMERGENCY, Permission.CASES_OVERSEE
ACCESS = "/emergency-access/{emergency_access_id:id}"
emergency_form = get("/emergency-access/new", emergency.ask, EMERGENCY)
emergencies = get("/emergency-access", emergency.index, OVERSEE)
emergency_case = get(ACCESS, emergency.show, EMERGENCY)
volunteers = get(VOLUNTEERS, matching.show, ASK)
own_match = get(OWN, helping.show_own, SIGNED_IN)
own_contact = get(f"{OWN}/contacts/new", helping.new_contact, SIGNED_IN)
own_review = get(f"{OWN}/review", helping.show_review, SIGNED_IN)
FOLLOWED = "/matches/{case_match_id:id}"
CONTACT, FOLLOW_UP = "/contacts/{visit_id:id}", "/follow-ups/{to_do_id:id}"
followed = get(FOLLOWED, following.show, FOLLOW)
contact = get(f"{FOLLOWED}/contacts/new", following.new_contact, FOLLOW)
pages: list[Page] = [
    index,
    Post("/cases/search", cases.find, ASK, form=FindForm, again=index),
    new,
    Post("/cases", cases.create, ASK, form=NewCaseForm, again=new),
    show,
    edit,
    Post(CASE, cases.update, READ, form=CaseForm, again=edit),
    Post(f"{CASE}/closing", cases.close, READ, form=CloseCaseForm, again=show),
    Post(f"{CASE}/caseworker", cases.hand_over, READ, form=CaseworkerForm, again=show),
    Post(f"{CASE}/conflicts", cases.declare_conflict, READ, form=ConflictForm, again=show),
    Post(f"{CONFLICT}/reason", cases.ask_to_lift, READ, form=LiftForm, again=show),
    Post(f"{CONFLICT}/end", cases.lift, READ, again=show),
    ask_again,
    Post(f"{CASE}/requests", cases.ask, ASK, form=RequestForm, again=ask_again),
    get("/help-requests", asking.index, ASK),
    get("/help-requests/waiting", matching.waiting, READ),
    asked,
    Post(f"{REQUEST}/withdrawal", asking.withdraw, ASK, again=asked),
    Post(f"{REQUEST}/unmet", asking.give_up, ASK, form=UnmetForm, again=asked),
    Post(f"{REQUEST}/date", asking.adjourn, ASK, form=AdjournForm, again=asked),
    Post(f"{REQUEST}/review", asking.look_again, ASK, form=LookAgainForm, again=asked),
    Post(f"{REQUEST}/done", asking.finish, ASK, again=asked),
    functions,
    Post(FUNCTIONS, setup.add_function, MANAGE, form=FunctionForm, again=functions),
    Post(f"{FUNCTIONS}/{{function_id:id}}/closing", setup.close_function, MANAGE, again=functions),
    districts,
    Post("/districts", setup.set_residents, AGENCY, form=DistrictForm, again=districts),
    volunteers,
    Post(VOLUNTEERS, matching.propose, ASK, form=ProposeForm, again=volunteers),
    Post(f"{REQUEST}/conflicts", matching.declare, ASK, form=ConflictForm, again=volunteers),
    Post(f"{MATCH}/answer", matching.answer_for, ASK, form=AnswerForm, again=volunteers),
    Post(f"{MATCH}/withdrawal", matching.withdraw, ASK, again=volunteers),
    Post(f"{MATCH}/consent", matching.client_said, READ, form=ClientForm, again=volunteers),
    Post(f"{MATCH}/handoff", matching.hand_off, READ, form=HandOffForm, again=volunteers),
    Post(f"{MATCH}/meeting", matching.meet, READ, form=MeetForm, again=volunteers),
    Post(f"{MATCH}/end", matching.end, READ, form=EndForm, again=volunteers),
    get("/me/matches", helping.own, SIGNED_IN),
    own_match,
    Post(f"{OWN}/answer", helping.answer, SIGNED_IN, form=AnswerForm, again=own_match),
    Post(f"{OWN}/conflict", helping.own_conflict, SIGNED_IN, again=own_match),
    Post(f"{OWN}/end", helping.stop, SIGNED_IN, again=own_match),
    emergency_form,
    Post(
        "/emergency-access",
        emergency.open_access,
        EMERGENCY,
        form=EmergencyForm,
        again=emergency_form,
    ),
    emergencies,
    emergency_case,
    Post(f"{ACCESS}/end", emergency.end, EMERGENCY, again=emergency_case),
    Post(f"{ACCESS}/review", emergency.review, OVERSEE, form=VerdictForm, again=emergencies),
    get("/help-requests/report", reporting.show, ASK),
    get("/help-requests/report.csv", reporting.download, ASK),
    get("/me/contacts", helping.own_contacts, SIGNED_IN),
    own_contact,
    Post(f"{OWN}/contacts", helping.enter_contact, SIGNED_IN, form=ContactForm, again=own_contact),
    Post(f"{OWN}/draft", helping.keep_draft, SIGNED_IN, form=DraftForm, again=own_contact),
    Post(f"{OWN}{CONTACT}/removal", helping.strike_contact, SIGNED_IN, again=own_match),
    Post(f"{OWN}{FOLLOW_UP}/done", helping.finish_follow_up, SIGNED_IN, again=own_match),
    Post(f"{OWN}/letters", helping.write_letter, SIGNED_IN, form=LetterForm, again=own_match),
    own_review,
    Post(f"{OWN}/review", helping.review, SIGNED_IN, form=ReviewForm, again=own_review),
    get("/matches", following.index, FOLLOW),
    followed,
    contact,
    Post(f"{FOLLOWED}/contacts", following.enter_contact, FOLLOW, form=ContactForm, again=contact),
    Post(f"{FOLLOWED}/draft", following.keep_draft, FOLLOW, form=DraftForm, again=contact),
    Post(f"{FOLLOWED}{CONTACT}/seen", following.note_contact_seen, FOLLOW, again=followed),
    Post(f"{FOLLOWED}{CONTACT}/removal", following.strike_contact, FOLLOW, again=followed),
    Post(
        f"{FOLLOWED}/follow-ups", following.add_follow_up, FOLLOW, form=FollowUpForm, again=followed
    ),
    Post(f"{FOLLOWED}{FOLLOW_UP}/done", following.finish_follow_up, FOLLOW, again=followed),
    Post(f"{FOLLOWED}/letters", following.write_letter, FOLLOW, form=LetterForm, again=followed),
    Post(f"{FOLLOWED}/review", following.review, FOLLOW, form=ReviewForm, again=followed),
]
