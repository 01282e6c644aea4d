"""Addresses of outreach."""

from portal.outreach import action_forms, forms, outcome_forms, public_forms, request_forms
from portal.outreach.views import (
    calendar,
    calendar_files,
    desk,
    entering,
    intake,
    letters,
    memory,
    own,
    public,
    report,
    request_actions,
    setup,
    talk_speakers,
    talks,
)
from portal.outreach.views import outcome as outcomes
from portal.permissions import Permission
from portal.web.page import Page, Post, get
from portal.web.turns import READING

PUBLIC, SIGNED_IN = Permission.PUBLIC, Permission.SIGNED_IN
MANAGE = Permission.OUTREACH_MANAGE
REQUEST = "/outreach/requests/{request_id:id}"
TALK = "/outreach/talks/{talk_id:id}"
OFFER = TALK + "/offers/{offer_id:id}"
GROUP = "/outreach/organizations/{organization_id:id}"
STATUS = "/requests/{token}"
MINE = "/me/talks/{offer_id:id}"

ask = get("/talks/request", intake.new_request, PUBLIC)
proof = get("/requests/proof/{token}", public.show_proof, PUBLIC)
status = get(STATUS, public.show_status, PUBLIC)
board = get("/outreach", desk.show_desk, MANAGE)
enter = get("/outreach/requests/new", entering.new_request, MANAGE)
show = get(REQUEST, desk.show_request, MANAGE)
change = get(f"{REQUEST}/edit", entering.edit_request, MANAGE)
talk = get(TALK, talks.show_talk, MANAGE)
talk_edit = get(f"{TALK}/edit", talks.edit_talk, MANAGE)
talk_cancel = get(f"{TALK}/cancellation", talks.ask_to_cancel, MANAGE)
outcome = get(f"{TALK}/outcome", outcomes.show_outcome, MANAGE)
snow = get("/outreach/closings", calendar.show_snow, MANAGE)
groups = get("/outreach/organizations", memory.list_organizations, MANAGE)
group_new = get("/outreach/organizations/new", memory.new_organization, MANAGE)
group = get(GROUP, memory.show_organization, MANAGE)
group_edit = get(f"{GROUP}/edit", memory.edit_organization, MANAGE)
topics = get("/outreach/topics", setup.list_topics, MANAGE)
topic_new = get("/outreach/topics/new", setup.new_topic, MANAGE)
topic = get("/outreach/topics/{topic_id:id}", setup.edit_topic, MANAGE)
materials = get("/outreach/materials", setup.list_materials, MANAGE)
speakers = get("/outreach/speakers", setup.list_speakers, MANAGE)
speaker = get("/outreach/speakers/{person_id:id}", setup.show_speaker, MANAGE)
terms = get("/outreach/terms", setup.show_terms, MANAGE)
letter = get("/outreach/letters/{message_id:id}", letters.show_letter, MANAGE)
answers = get("/outreach/replies", letters.list_replies, MANAGE)
mine = get("/me/talks", own.list_own, SIGNED_IN)
my_talk = get(MINE, own.show_own, SIGNED_IN)
my_outcome = get(f"{MINE}/outcome", own.own_outcome, SIGNED_IN)

pages: list[Page] = [
    get("/talks", public.list_talks, PUBLIC),
    ask,
    Post(
        "/talks/request", intake.send_request, PUBLIC, form=public_forms.PublicRequestForm, again=ask,
        prepare=intake.guard,
    ),
    get("/talks/request/sent", intake.sent, PUBLIC),
    proof,
    Post("/requests/proof/{token}", public.prove, PUBLIC, again=proof),
    status,
    Post(STATUS, public.amend, PUBLIC, form=public_forms.AmendForm, again=status),
    Post(f"{STATUS}/withdrawal", public.withdraw, PUBLIC, form=action_forms.OwnReasonForm, again=status),
    Post(f"{STATUS}/answer", public.answer, PUBLIC, form=action_forms.CounterAnswerForm, again=status),
    Post(
        STATUS + "/talks/{talk_id:id}/move", public.ask_to_move, PUBLIC, form=action_forms.MoveAskForm,
        again=status,
    ),
    Post(
        STATUS + "/talks/{talk_id:id}/cancellation", public.cancel, PUBLIC,
        form=action_forms.OwnReasonForm, again=status,
    ),
    board,
    enter,
    Post(
        "/outreach/requests", entering.create_request, MANAGE, form=request_forms.StaffRequestForm,
        again=enter,
    ),
    show,
    change,
    Post(REQUEST, entering.update_request, MANAGE, form=request_forms.StaffRequestForm, again=change),
    Post(f"{REQUEST}/talks", request_actions.book, MANAGE, form=forms.BookForm, again=show),
    Post(f"{REQUEST}/owner", request_actions.take, MANAGE, form=action_forms.OwnerForm, again=show),
    Post(f"{REQUEST}/program", request_actions.route, MANAGE, form=action_forms.RouteForm, again=show),
    Post(f"{REQUEST}/organization", request_actions.link, MANAGE, form=action_forms.LinkForm, again=show),
    Post(f"{REQUEST}/notes", request_actions.add_note, MANAGE, form=action_forms.NoteForm, again=show),
    Post(f"{REQUEST}/conversation", request_actions.spoke, MANAGE, again=show),
    Post(f"{REQUEST}/refusal", request_actions.decline, MANAGE, form=action_forms.ReasonForm, again=show),
    Post(f"{REQUEST}/answer", request_actions.answer, MANAGE, form=action_forms.AnswerRequestForm, again=show),
    Post(f"{REQUEST}/proposal", request_actions.counter, MANAGE, form=action_forms.CounterForm, again=show),
    Post(
        f"{REQUEST}/proposal/answer", request_actions.answer_counter, MANAGE,
        form=action_forms.CounterAnswerForm, again=show,
    ),
    Post(
        f"{REQUEST}/withdrawal", request_actions.withdraw, MANAGE, form=action_forms.EndReasonForm,
        again=show,
    ),
    get("/outreach/calendar", calendar.show_calendar, MANAGE),
    talk,
    talk_edit,
    get("/o/talk/{talk_id:id}", talks.follow_talk_link, PUBLIC),
    get(f"{TALK}/poster/{{language}}", talks.download_poster, MANAGE),
    Post(TALK, talks.update_talk, MANAGE, form=forms.TalkForm, again=talk_edit),
    talk_cancel,
    Post(
        f"{TALK}/cancellation", talks.cancel_talk, MANAGE, form=action_forms.EndReasonForm,
        again=talk_cancel,
    ),
    Post(f"{TALK}/offers", talk_speakers.ask_speaker, MANAGE, form=forms.AskSpeakerForm, again=talk),
    Post(f"{OFFER}/answer", talk_speakers.answer_offer, MANAGE, form=forms.OfferAnswerForm, again=talk),
    Post(f"{OFFER}/question", talk_speakers.ask_held, MANAGE, again=talk),
    Post(f"{OFFER}/reason", talk_speakers.all_the_same, MANAGE, form=forms.AllTheSameForm, again=talk),
    Post(f"{OFFER}/removal", talk_speakers.drop_offer, MANAGE, again=talk),
    Post(f"{TALK}/blocks", talk_speakers.add_blocks, MANAGE, form=forms.BlocksForm, again=talk),
    Post(f"{TALK}/kept-date", talk_speakers.keep_date, MANAGE, again=talk),
    outcome,
    Post(f"{TALK}/outcome", outcomes.save_outcome, MANAGE, form=outcome_forms.OutcomeForm, again=outcome),
    Post(TALK + "/promises/{promise_id:id}/end", outcomes.finish_promise, MANAGE, again=talk),
    Post(f"{TALK}/again", memory.again, MANAGE, again=talk),
    snow,
    Post("/outreach/closings", calendar.settle_snow, MANAGE, form=forms.SnowForm, again=snow),
    groups,
    group_new,
    Post(
        "/outreach/organizations", memory.create_organization, MANAGE,
        form=forms.OrganizationForm, again=group_new,
    ),
    group,
    group_edit,
    Post(GROUP, memory.update_organization, MANAGE, form=forms.OrganizationForm, again=group_edit),
    Post(f"{GROUP}/closing", memory.close_organization, MANAGE, again=group),
    Post(f"{GROUP}/reopening", memory.reopen_organization, MANAGE, again=group),
    Post(GROUP + "/contacts/{contact_id:id}/end", memory.end_contact, MANAGE, again=group),
    Post(f"{GROUP}/approaches", memory.offer_talk, MANAGE, form=forms.ApproachForm, again=group),
    Post(
        GROUP + "/approaches/{approach_id:id}/answer", memory.note_answer, MANAGE,
        form=forms.SaidForm, again=group,
    ),
    topics,
    topic_new,
    Post("/outreach/topics", setup.create_topic, MANAGE, form=forms.TopicForm, again=topic_new),
    topic,
    Post(
        "/outreach/topics/{topic_id:id}", setup.update_topic, MANAGE, form=forms.TopicForm,
        again=topic,
    ),
    Post("/outreach/topics/{topic_id:id}/closing", setup.close_topic, MANAGE, again=topics),
    Post("/outreach/topics/{topic_id:id}/reopening", setup.reopen_topic, MANAGE, again=topics),
    materials,
    Post("/outreach/materials", setup.add_material, MANAGE, form=forms.MaterialForm, again=materials),
    Post(
        "/outreach/materials/{material_id:id}/replacement", setup.supersede_material, MANAGE,
        again=materials,
    ),
    speakers,
    speaker,
    Post(
        "/outreach/speakers/{person_id:id}", setup.save_speaker, MANAGE,
        form=forms.SpeakerForForm, again=speaker,
    ),
    Post("/outreach/speakers/{person_id:id}/end", setup.end_speaker, MANAGE, again=speaker),
    terms,
    Post("/outreach/terms", setup.save_terms, MANAGE, form=forms.TermsForm, again=terms),
    Post("/outreach/terms/pledge", setup.save_pledge, MANAGE, form=forms.PledgeForm, again=terms),
    Post("/outreach/terms/routes", setup.save_routes, MANAGE, form=forms.RoutesForm, again=terms),
    get("/outreach/letters", letters.list_letters, MANAGE),
    letter,
    Post("/outreach/letters/{message_id:id}/told", letters.note_told, MANAGE, again=letter),
    answers,
    Post(
        "/outreach/replies", letters.paste_reply, MANAGE, form=forms.PasteForm, again=answers,
        prepare=letters.read_pasted, turn=READING,
    ),
    Post("/outreach/replies/{reply_id:id}/seen", letters.see_reply, MANAGE, again=answers),
    get("/outreach/report", report.show_report, MANAGE),
    get("/outreach/report.csv", report.download_report, MANAGE),
    mine,
    Post("/me/talks/speaking", own.save_profile, SIGNED_IN, form=forms.SpeakerForm, again=mine),
    Post("/me/talks/calendar", own.save_calendar, SIGNED_IN, form=forms.CalendarForm, again=mine),
    my_talk,
    Post(f"{MINE}/answer", own.answer_own, SIGNED_IN, form=forms.OwnAnswerForm, again=my_talk),
    my_outcome,
    Post(f"{MINE}/outcome", own.save_own_outcome, SIGNED_IN, form=outcome_forms.OutcomeForm, again=my_outcome),
    get("/talks.ics", calendar_files.public_feed, PUBLIC),
    get("/talks/{talk_id:id}/event.ics", calendar_files.download_talk, PUBLIC),
    get(f"{MINE}/event.ics", calendar_files.download_own_talk, SIGNED_IN),
    get(f"{STATUS}/talks/{{talk_id:id}}/event.ics", calendar_files.download_host_talk, PUBLIC),
]  # fmt: skip
