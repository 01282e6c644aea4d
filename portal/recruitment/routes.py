"""Addresses of recruitment."""

from portal.permissions import Permission
from portal.recruitment import (
    forms,
    opportunity_forms,
    public_forms,
    question_files,
    question_forms,
)
from portal.recruitment.views import application as application_views
from portal.recruitment.views import (
    applying,
    board,
    buddies,
    erasing,
    files,
    inquiries,
    own,
    pipeline,
    postings,
    public,
    questions,
    report,
)
from portal.web.embedded import Embedded
from portal.web.page import Post, get
from portal.web.turns import READING

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN
MANAGE, DECIDE = Permission.PROGRAMS_MANAGE, Permission.PLACEMENTS_DECIDE
AGENCY = Permission.AGENCY_MANAGE
FILES = 2 * question_files.LARGEST
OPPORTUNITY = "/opportunities/{opportunity_id:id}"
APPLICATION = "/applications/{application_id:id}"
MINE = "/me/applications/{application_id:id}"
POSTING = "/postings/{posting_id:id}"
QUESTION = "/applications/questions/{asking_id:id}"

opportunity = get(OPPORTUNITY, public.show_opportunity, PUBLIC)
start = get(OPPORTUNITY + "/apply", applying.start, PUBLIC)
offer = get("/opportunities/offers", inquiries.offer, PUBLIC)
question = get(OPPORTUNITY + "/question", inquiries.ask, PUBLIC)
inquiry = get("/inquiries/{inquiry_id:id}", inquiries.show, DECIDE)
draft = get("/applying/{token}", applying.show_draft, PUBLIC)
applied = get("/applied/{token}", applying.show_applied, PUBLIC)
mailed = get("/applied/{token}/mail/{proof}", applying.show_applied, PUBLIC)
mine = get(MINE, own.show_own, SIGNED_IN)
pipeline_list = get("/applications", pipeline.list_applications, DECIDE)
enter = get("/applications/new", pipeline.enter, DECIDE)
application = get(APPLICATION, application_views.show_application, DECIDE)
erasing_page = get("/applications/erasing", erasing.show, AGENCY)
posting_list = get("/postings", postings.list_postings, MANAGE)
posting_new = get("/postings/new", postings.new, MANAGE)
posting = get(POSTING, postings.edit, MANAGE)
question_list = get("/applications/questions", questions.list_questions, MANAGE)
question_new = get("/applications/questions/new", questions.new, MANAGE)
own_question = get(QUESTION, questions.edit, MANAGE)

pages = [
    get("/opportunities", public.list_opportunities, PUBLIC),
    get("/opportunities.json", public.list_as_json, PUBLIC),
    get("/opportunities.ics", public.list_as_calendar, PUBLIC),
    Embedded("/opportunities/embedded", public.show_embedded, PUBLIC),
    get("/o/{opportunity_id:id}/{source}", public.follow_short_link, PUBLIC),
    offer,
    Post(
        "/opportunities/offers", inquiries.send_offer, PUBLIC, form=public_forms.InterestForm, again=offer,
        prepare=applying.guard,
    ),
    question,
    Post(
        OPPORTUNITY + "/question", inquiries.send_question, PUBLIC, form=public_forms.InquiryForm,
        again=question, prepare=applying.guard,
    ),
    get("/applications/board", board.show, DECIDE),
    get("/me/buddies", buddies.list_own, SIGNED_IN),
    Post(APPLICATION + "/buddy", buddies.choose, DECIDE, form=forms.BuddyForm, again=application),
    get("/inquiries", inquiries.list_inquiries, DECIDE),
    inquiry,
    Post("/inquiries/{inquiry_id:id}/owner", inquiries.own, DECIDE, again=inquiry),
    Post(
        "/inquiries/{inquiry_id:id}/record", inquiries.become_prospect, DECIDE, form=forms.ReviewForm,
        again=inquiry,
    ),
    Post(
        "/inquiries/{inquiry_id:id}/answer", inquiries.answer, DECIDE, form=forms.ReplyForm,
        again=inquiry,
    ),
    get("/postings/{posting_id:id}/poster/{language}", public.download_poster, MANAGE),
    get("/applications/report", report.show_report, DECIDE),
    get("/applications/report.csv", report.download_report, DECIDE),
    opportunity,
    start,
    Post(
        OPPORTUNITY + "/apply", applying.begin, PUBLIC, form=public_forms.StartForm, again=start,
        prepare=applying.guard,
    ),
    Post(OPPORTUNITY + "/application", applying.begin_own, SIGNED_IN, again=opportunity),
    draft,
    Post(
        "/applying/{token}", applying.send, PUBLIC, form=public_forms.ApplicationForm, again=draft,
        prepare=applying.guard_send, shape=applying.form_with_questions, largest=FILES,
    ),
    Post(
        "/applying/{token}/own", applying.send_own, SIGNED_IN, form=public_forms.OwnApplicationForm,
        again=draft, shape=applying.form_with_questions, largest=FILES,
    ),
    Post(
        "/applying/{token}/draft", applying.save, PUBLIC, form=public_forms.DraftForm, again=draft,
        shape=applying.draft_with_questions,
    ),
    Post(
        "/applying/{token}/files/{asked_id:id}", files.add_file, PUBLIC,
        form=public_forms.DraftForm, again=draft, shape=files.file_with_questions,
        prepare=files.read_file, turn=READING, largest=FILES,
    ),
    get(APPLICATION + "/files/{asked_id:id}", application_views.open_file, DECIDE),
    applied,
    mailed,
    Post("/applied/{token}/mail/{proof}", applying.confirm_email, PUBLIC, again=mailed),
    Post("/applied/{token}/withdrawal", applying.withdraw, PUBLIC, again=applied),
    Post("/applied/{token}/acceptance", applying.accept, PUBLIC, again=applied),
    get("/me/applications", own.list_own, SIGNED_IN),
    mine,
    Post(MINE + "/withdrawal", own.withdraw_own, SIGNED_IN, again=mine),
    Post(MINE + "/acceptance", own.accept_own, SIGNED_IN, again=mine),
    pipeline_list,
    Post(
        "/applications/many", pipeline.act_on_many, DECIDE, form=forms.ManyForm,
        again=pipeline_list,
    ),
    enter,
    Post("/applications", pipeline.create, DECIDE, form=forms.EnterForm, again=enter),
    application,
    Post(
        APPLICATION + "/review", application_views.start_review, DECIDE, form=forms.ReviewForm,
        again=application,
    ),
    Post(APPLICATION + "/hold", application_views.hold, DECIDE, form=forms.HoldForm, again=application),
    Post(APPLICATION + "/hold/end", application_views.resume, DECIDE, again=application),
    Post(
        APPLICATION + "/offer", application_views.accept, DECIDE, form=forms.AcceptForm, again=application
    ),
    Post(APPLICATION + "/offer/end", application_views.take_back, DECIDE, again=application),
    Post(APPLICATION + "/acceptance", application_views.accept_by_phone, DECIDE, again=application),
    Post(
        APPLICATION + "/refusal", application_views.decline, DECIDE, form=forms.DeclineForm,
        again=application,
    ),
    Post(APPLICATION + "/withdrawal", application_views.withdraw, DECIDE, again=application),
    Post(APPLICATION + "/owner", application_views.assign, DECIDE, form=forms.OwnerForm, again=application),
    Post(APPLICATION + "/notes", application_views.note, DECIDE, form=forms.NoteForm, again=application),
    posting_list,
    posting_new,
    Post("/postings", postings.create, MANAGE, form=opportunity_forms.OpportunityForm, again=posting_new),
    posting,
    Post(POSTING, postings.update, MANAGE, form=opportunity_forms.OpportunityForm, again=posting),
    Post(POSTING + "/publication", postings.publish, MANAGE, again=posting),
    Post(POSTING + "/closing", postings.close, MANAGE, again=posting),
    question_list,
    question_new,
    Post(
        "/applications/questions", questions.create, MANAGE, form=question_forms.NewQuestionForm,
        again=question_new,
    ),
    own_question,
    Post(QUESTION, questions.update, MANAGE, form=question_forms.QuestionForm, again=own_question),
    Post(QUESTION + "/closing", questions.close, MANAGE, again=own_question),
    Post(QUESTION + "/reopening", questions.reopen, MANAGE, again=own_question),
    Post(
        QUESTION + "/approval", questions.approve, AGENCY, form=question_forms.ApproveForm,
        again=own_question,
    ),
    Post(
        APPLICATION + "/answers", application_views.write_answers, DECIDE, form=forms.AnswersForm,
        again=application, shape=application_views.form_with_questions,
    ),
    get("/applications.csv", pipeline.download_list, DECIDE),
    erasing_page,
    Post("/applications/erasing", erasing.switch, AGENCY, form=erasing.EraseForm, again=erasing_page),
    Post(
        APPLICATION + "/keeping", erasing.keep, DECIDE, form=forms.KeepForm, again=application
    ),
    Post(APPLICATION + "/keeping/end", erasing.end_keeping, DECIDE, again=application),
]  # fmt: skip
