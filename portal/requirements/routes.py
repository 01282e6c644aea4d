"""Addresses of paperwork."""

from portal.permissions import Permission
from portal.reading.pictures import LARGEST
from portal.requirements.forms import (
    ApproveTextForm,
    AskCheckForm,
    DayForm,
    HandInForm,
    PaperForm,
    PaperSignForm,
    ReadForm,
    ReadingForm,
    RequirementForm,
    ReturnForm,
    RevokeForm,
    RuleForm,
    ShownForm,
    SignForm,
    TextForm,
    TrialForm,
    WaiverForm,
    WriteDownForm,
)
from portal.requirements.views import admin, checks, own, own_checks, readings, rules, staff
from portal.web.page import Page, Post, get
from portal.web.turns import READING

SIGNED_IN, MANAGE = Permission.SIGNED_IN, Permission.REQUIREMENTS_MANAGE
SEE, VERIFY = Permission.CREDENTIALS_SEE, Permission.CREDENTIALS_VERIFY
SCREEN, WAIVE = Permission.SCREENING_HANDLE, Permission.WAIVERS_GRANT
UPLOAD = 3 * LARGEST  # so that a file that is too large is refused beside its field
"""A file and the fields beside it."""

mine = get("/me/paperwork", own.show, SIGNED_IN)
one = get("/me/paperwork/{requirement_id:id}", own.show_requirement, SIGNED_IN)
reading = get("/me/readings/{reading_id:id}", own.show_reading, SIGNED_IN)
disclosure = get("/me/checks/{check_id:id}", own_checks.show_disclosure, SIGNED_IN)
signing = get("/me/checks/{check_id:id}/authorization", own_checks.show_authorization, SIGNED_IN)
person = get("/people/{person_id:id}/paperwork", staff.show, SEE)
upload = get("/people/{person_id:id}/paperwork/{requirement_id:id}", staff.show_upload, SEE)
credential = get("/credentials/{credential_id:id}", staff.show_credential, VERIFY)
waiver = get("/waivers/{waiver_id:id}", staff.show_waiver, SEE)
review = get("/reviews/{credential_id:id}", staff.show_review, VERIFY)
check = get("/checks/{check_id:id}", checks.show, SCREEN)
index = get("/requirements", admin.index, MANAGE)
new = get("/requirements/new", admin.new_requirement, MANAGE)
requirement = get("/requirements/{requirement_id:id}", admin.show_requirement, MANAGE)
edit = get("/requirements/{requirement_id:id}/edit", admin.edit_requirement, MANAGE)
rule_new = get("/rules/new", rules.new_rule, MANAGE)
rule = get("/rules/{rule_id:id}", rules.edit_rule, MANAGE)
reading_new = get("/readings/new", readings.new_reading, MANAGE)
trial = get("/positions/{position_id:id}/trial", admin.edit_trial, MANAGE)

_OWN = "/me/paperwork/{requirement_id:id}"
_CHECK = "/checks/{check_id:id}"
_KIND = "/requirements/{requirement_id:id}"

pages: list[Page] = [
    mine,
    one,
    Post(
        _OWN, own.hand_in, SIGNED_IN, form=HandInForm, again=one, prepare=own.read_file, turn=READING,
        largest=UPLOAD,
    ),
    Post(f"{_OWN}/signature", own.sign, SIGNED_IN, form=SignForm, again=one),
    reading,
    Post("/me/readings/{reading_id:id}/done", own.have_read, SIGNED_IN, again=reading),
    get("/evidence/{evidence_id:id}", own.download, SIGNED_IN),
    disclosure,
    Post(
        "/me/checks/{check_id:id}/disclosure", own_checks.see_disclosure, SIGNED_IN,
        form=ShownForm, again=disclosure,
    ),
    signing,
    Post(
        "/me/checks/{check_id:id}/authorization", own_checks.authorize, SIGNED_IN, form=SignForm,
        again=signing,
    ),
    get("/me/checks/{check_id:id}/letters/{letter}", own_checks.show_letter, SIGNED_IN),
    person,
    Post("/people/{person_id:id}/credentials", staff.write_down, VERIFY, form=WriteDownForm, again=person),
    upload,
    Post(
        "/people/{person_id:id}/paperwork/{requirement_id:id}", staff.hand_in_for, SEE,
        form=HandInForm, again=upload, prepare=own.read_file, turn=READING, largest=UPLOAD,
    ),
    Post("/people/{person_id:id}/waivers", staff.waive, WAIVE, form=WaiverForm, again=person),
    Post("/people/{person_id:id}/checks", staff.ask_check, SEE, form=AskCheckForm, again=person),
    Post(
        "/people/{person_id:id}/readings/{reading_id:id}", staff.read_for, SEE, form=ReadForm,
        again=person,
    ),
    credential,
    Post(
        "/credentials/{credential_id:id}/revocation", staff.revoke, VERIFY, form=RevokeForm,
        again=credential,
    ),
    waiver,
    Post("/waivers/{waiver_id:id}/end", staff.end_waiver, WAIVE, again=waiver),
    get("/reviews", staff.list_reviews, VERIFY),
    review,
    Post(
        "/reviews/{credential_id:id}/acceptance", staff.accept, VERIFY, form=PaperForm, again=review
    ),
    Post(
        "/reviews/{credential_id:id}/return", staff.send_back, VERIFY, form=ReturnForm, again=review
    ),
    get("/paperwork/ending", staff.list_ending, SEE),
    get("/checks", checks.index, SCREEN),
    check,
    Post(f"{_CHECK}/authorization", checks.authorize_on_paper, SCREEN, form=PaperSignForm, again=check),
    Post(f"{_CHECK}/order", checks.order, SCREEN, form=DayForm, again=check),
    Post(f"{_CHECK}/answer", checks.came_back, SCREEN, form=DayForm, again=check),
    Post(f"{_CHECK}/clearing", checks.clear, SCREEN, form=PaperForm, again=check),
    Post(f"{_CHECK}/first-notice", checks.send_first_notice, SCREEN, again=check),
    Post(f"{_CHECK}/second-notice", checks.turn_down, SCREEN, again=check),
    Post(f"{_CHECK}/stop", checks.stop, SCREEN, again=check),
    get(f"{_CHECK}/texts/{{text_id:id}}", checks.print_text, SCREEN),
    index,
    new,
    Post("/requirements", admin.create_requirement, MANAGE, form=RequirementForm, again=new),
    requirement,
    edit,
    Post(_KIND, admin.update_requirement, MANAGE, form=RequirementForm, again=edit),
    Post(f"{_KIND}/closing", admin.close_requirement, MANAGE, again=requirement),
    Post(f"{_KIND}/reopening", admin.reopen_requirement, MANAGE, again=requirement),
    Post(f"{_KIND}/texts", admin.add_text, MANAGE, form=TextForm, again=requirement),
    Post(
        f"{_KIND}/texts/{{text_id:id}}/approval", admin.approve_text, MANAGE, form=ApproveTextForm,
        again=requirement,
    ),
    rule_new,
    Post("/rules", rules.create_rule, MANAGE, form=RuleForm, again=rule_new),
    rule,
    Post("/rules/{rule_id:id}", rules.update_rule, MANAGE, form=RuleForm, again=rule),
    reading_new,
    Post("/readings", readings.send_reading, MANAGE, form=ReadingForm, again=reading_new),
    Post("/readings/{reading_id:id}/end", readings.end_reading, MANAGE, again=index),
    trial,
    Post("/positions/{position_id:id}/trial", admin.save_trial, MANAGE, form=TrialForm, again=trial),
]  # fmt: skip
