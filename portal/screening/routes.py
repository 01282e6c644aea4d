"""Addresses of screening."""

from portal.permissions import Permission
from portal.recruitment import routes as recruitment
from portal.screening import forms, guardian_forms, room_forms
from portal.screening.views import (
    employees,
    entries,
    guardians,
    interviews,
    naming,
    reading,
    referee,
    room,
)
from portal.web.page import Post, get

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN
DECIDE, SCREEN = Permission.PLACEMENTS_DECIDE, Permission.SCREENING_HANDLE
APPLIED = "/applied/{token}/references"
MINE = recruitment.MINE + "/references"
REFERENCE = "/references/{reference_id:id}"
LINK = "/reference/{token}"

INTERVIEW = "/interviews/{interview_id:id}"

GUARDIAN = "/guardian/{token}"
OWN_GUARDIAN = "/me/guardian"
THEIR_GUARDIAN = "/people/{person_id:id}/guardian"

ENTRY = "/do-not-place/{entry_no:id}"
MATCH = "/screening/matches/{match_id:id}"
review_room = get("/screening", room.show, SCREEN)
match = get(MATCH, room.show_match, SCREEN)
new_entry = get("/do-not-place/new", entries.new, SCREEN)
entry = get(ENTRY, entries.show_one, SCREEN)
own_job = get("/me/job", employees.show_own, SIGNED_IN)
work_checks = get("/work-checks", employees.show, SCREEN)
link = get(LINK, referee.show, PUBLIC)
guardian = get(GUARDIAN, guardians.show, PUBLIC)
own_guardian = get(OWN_GUARDIAN, guardians.show_own, SIGNED_IN)
their_guardian = get(THEIR_GUARDIAN, guardians.show_person, DECIDE)
reference = get(REFERENCE, reading.show, SCREEN)
interview = get(INTERVIEW, interviews.show, DECIDE)

pages = [
    link,
    Post(LINK, referee.answer, PUBLIC, form=forms.AnswerForm, again=link),
    Post(LINK + "/refusal", referee.cannot, PUBLIC, again=link),
    Post(
        APPLIED, naming.add, PUBLIC, form=forms.NameForm, again=recruitment.applied,
        prepare=naming.guard,
    ),
    Post(APPLIED + "/{reference_id:id}/end", naming.end, PUBLIC, again=recruitment.applied),
    Post(
        MINE, naming.add_own, SIGNED_IN, form=forms.NameForm, again=recruitment.mine,
        prepare=naming.guard,
    ),
    Post(MINE + "/{reference_id:id}/end", naming.end_own, SIGNED_IN, again=recruitment.mine),
    Post(
        recruitment.APPLICATION + "/references", naming.add_for_them, DECIDE, form=forms.NameForm,
        again=recruitment.application,
    ),
    Post(
        "/applied/{token}/interview", interviews.pick, PUBLIC, form=forms.PickForm,
        again=recruitment.applied,
    ),
    Post("/applied/{token}/interview/refusal", interviews.refuse, PUBLIC, form=forms.RefuseForm,
        again=recruitment.applied),
    Post(
        recruitment.MINE + "/interview", interviews.pick_own, SIGNED_IN, form=forms.PickForm,
        again=recruitment.mine,
    ),
    Post(
        recruitment.MINE + "/interview/refusal", interviews.refuse_own, SIGNED_IN, form=forms.RefuseForm,
        again=recruitment.mine,
    ),
    Post(
        recruitment.APPLICATION + "/interviews", interviews.offer, DECIDE, form=forms.OfferForm,
        again=recruitment.application,
    ),
    get("/interviews", interviews.list_interviews, DECIDE),
    interview,
    Post(INTERVIEW + "/booking", interviews.book, DECIDE, form=forms.PickForm, again=interview),
    Post(INTERVIEW + "/move", interviews.move, DECIDE, form=forms.MoveForm, again=interview),
    Post(INTERVIEW + "/cancellation", interviews.cancel, DECIDE, again=interview),
    Post(INTERVIEW + "/outcome", interviews.decide, DECIDE, form=forms.OutcomeForm, again=interview),
    Post(INTERVIEW + "/missed", interviews.missed, DECIDE, again=interview),
    review_room,
    Post("/screening/applications/{application_id:id}", room.pass_review, SCREEN, again=review_room),
    Post("/screening/volunteers/{placement_id:id}", room.note_safe, SCREEN, again=review_room),
    match,
    Post(MATCH, room.compare, SCREEN, form=room_forms.CompareForm, again=match),
    Post(MATCH + "/applications/{application_id:id}/decline", room.decline, SCREEN, again=match),
    get("/do-not-place", entries.show, SCREEN),
    new_entry,
    Post("/do-not-place", entries.create, SCREEN, form=room_forms.EntryForm, again=new_entry),
    entry,
    Post(ENTRY + "/confirmation", entries.confirm, SCREEN, again=entry),
    Post(ENTRY + "/keeping", entries.keep, SCREEN, again=entry),
    Post(ENTRY + "/end", entries.end, SCREEN, again=entry),
    own_job,
    Post("/me/job", employees.say_own, SIGNED_IN, form=employees.JobForm, again=own_job),
    work_checks,
    Post(
        "/work-checks/{employee_id:id}/{role_id:id}", employees.decide, SCREEN,
        form=employees.DecideForm, again=work_checks,
    ),
    guardian,
    Post(GUARDIAN, guardians.sign, PUBLIC, form=guardian_forms.SignForm, again=guardian),
    Post(GUARDIAN + "/refusal", guardians.refuse, PUBLIC, again=guardian),
    Post(
        "/applied/{token}/guardian", guardians.add, PUBLIC, form=guardian_forms.GuardianForm,
        again=recruitment.applied, prepare=guardians.guard,
    ),
    Post("/applied/{token}/guardian/{consent_id:id}/end", guardians.end, PUBLIC,
        again=recruitment.applied),
    own_guardian,
    Post(
        OWN_GUARDIAN + "/{program_id:id}", guardians.add_own, SIGNED_IN,
        form=guardian_forms.GuardianForm, again=own_guardian, prepare=guardians.guard,
    ),
    Post(
        OWN_GUARDIAN + "/{program_id:id}/{consent_id:id}/end", guardians.end_own, SIGNED_IN,
        again=own_guardian,
    ),
    their_guardian,
    Post(
        THEIR_GUARDIAN + "/{program_id:id}", guardians.add_for_them, DECIDE,
        form=guardian_forms.GuardianForm, again=their_guardian,
    ),
    Post(
        THEIR_GUARDIAN + "/{consent_id:id}/paper", guardians.write, DECIDE,
        form=guardian_forms.PaperForm, again=their_guardian,
    ),
    Post(
        THEIR_GUARDIAN + "/{consent_id:id}/refusal", guardians.refuse_for_them, DECIDE,
        again=their_guardian,
    ),
    get("/guardians", guardians.list_to_call, DECIDE),
    get("/references", reading.list_references, SCREEN),
    reference,
    Post(REFERENCE + "/answer", reading.write, SCREEN, form=forms.WriteForm, again=reference),
    Post(REFERENCE + "/acceptance", reading.accept, SCREEN, again=reference),
    Post(REFERENCE + "/dismissal", reading.dismiss, SCREEN, again=reference),
]  # fmt: skip
