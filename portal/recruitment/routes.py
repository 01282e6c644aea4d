"""Addresses of recruitment."""

from portal.permissions import Permission
from portal.recruitment import forms
from portal.recruitment.views import applying, own, pipeline, postings, public
from portal.web.page import Post, get

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN
MANAGE, DECIDE = Permission.PROGRAMS_MANAGE, Permission.PLACEMENTS_DECIDE
OPPORTUNITY = "/opportunities/{opportunity_id:id}"
APPLICATION = "/applications/{application_id:id}"
MINE = "/me/applications/{application_id:id}"
POSTING = "/postings/{posting_id:id}"

opportunity = get(OPPORTUNITY, public.show_opportunity, PUBLIC)
start = get(OPPORTUNITY + "/apply", applying.start, PUBLIC)
draft = get("/applying/{token}", applying.show_draft, PUBLIC)
applied = get("/applied/{token}", applying.show_applied, PUBLIC)
mine = get(MINE, own.show_own, SIGNED_IN)
pipeline_list = get("/applications", pipeline.list_applications, DECIDE)
enter = get("/applications/new", pipeline.enter, DECIDE)
application = get(APPLICATION, pipeline.show_application, DECIDE)
posting_list = get("/postings", postings.list_postings, MANAGE)
posting_new = get("/postings/new", postings.new, MANAGE)
posting = get(POSTING, postings.edit, MANAGE)

pages = [
    get("/opportunities", public.list_opportunities, PUBLIC),
    get("/opportunities.json", public.list_as_json, PUBLIC),
    opportunity,
    start,
    Post(
        OPPORTUNITY + "/apply", applying.begin, PUBLIC, form=forms.StartForm, again=start,
        prepare=applying.guard,
    ),
    Post(OPPORTUNITY + "/application", applying.begin_own, SIGNED_IN, again=opportunity),
    draft,
    Post("/applying/{token}", applying.send, PUBLIC, form=forms.ApplicationForm, again=draft),
    Post(
        "/applying/{token}/own", applying.send_own, SIGNED_IN, form=forms.OwnApplicationForm,
        again=draft,
    ),
    Post("/applying/{token}/draft", applying.save, PUBLIC, form=forms.DraftForm, again=draft),
    applied,
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
        APPLICATION + "/review", pipeline.start_review, DECIDE, form=forms.ReviewForm,
        again=application,
    ),
    Post(APPLICATION + "/hold", pipeline.hold, DECIDE, form=forms.HoldForm, again=application),
    Post(APPLICATION + "/hold/end", pipeline.resume, DECIDE, again=application),
    Post(
        APPLICATION + "/offer", pipeline.accept, DECIDE, form=forms.AcceptForm, again=application
    ),
    Post(APPLICATION + "/offer/end", pipeline.take_back, DECIDE, again=application),
    Post(APPLICATION + "/acceptance", pipeline.said_yes, DECIDE, again=application),
    Post(
        APPLICATION + "/refusal", pipeline.decline, DECIDE, form=forms.DeclineForm,
        again=application,
    ),
    Post(APPLICATION + "/withdrawal", pipeline.withdraw, DECIDE, again=application),
    Post(APPLICATION + "/owner", pipeline.assign, DECIDE, form=forms.OwnerForm, again=application),
    Post(APPLICATION + "/notes", pipeline.note, DECIDE, form=forms.NoteForm, again=application),
    posting_list,
    posting_new,
    Post("/postings", postings.create, MANAGE, form=forms.OpportunityForm, again=posting_new),
    posting,
    Post(POSTING, postings.update, MANAGE, form=forms.OpportunityForm, again=posting),
    Post(POSTING + "/publication", postings.publish, MANAGE, again=posting),
    Post(POSTING + "/closing", postings.close, MANAGE, again=posting),
]  # fmt: skip
