"""Addresses of hours."""

from portal.hours.forms import (
    ApprovalForm,
    CorrectionForm,
    HoursAnswerForm,
    QuestionForm,
    RateForm,
    ReportForm,
    SheetForm,
    TakeBackForm,
)
from portal.hours.views import own as mine
from portal.hours.views import rates as rating
from portal.hours.views import sheet as sheets
from portal.hours.views import staff
from portal.permissions import Permission
from portal.web.page import Page, Post, get

SIGNED_IN, APPROVE = Permission.SIGNED_IN, Permission.HOURS_APPROVE

own = get("/me/hours", mine.show_own, SIGNED_IN)
new = get("/me/hours/new", mine.new_report, SIGNED_IN)
edit = get("/me/hours/{entry_id:id}", mine.edit_report, SIGNED_IN)
new_for = get("/people/{person_id:id}/hours", staff.report_for, APPROVE)
queue = get("/hours", staff.list_waiting, APPROVE)
entry = get("/hours/{entry_id:id}", staff.show_entry, APPROVE)
question = get("/hours/questions/{question_id:id}", staff.show_question, APPROVE)
sheet = get("/hours/sheet", sheets.show_sheet, APPROVE)

rates = get("/hours/rates", rating.show, Permission.REPORTS_READ)
rate = get("/hours/rates/{rate_id:id}", rating.show_one, Permission.AGENCY_MANAGE)

pages: list[Page] = [
    rates,
    Post("/hours/rates", rating.set_rate, Permission.AGENCY_MANAGE, form=RateForm, again=rates),
    rate,
    Post("/hours/rates/{rate_id:id}/removal", rating.remove, Permission.AGENCY_MANAGE, again=rate),
    own,
    new,
    Post("/me/hours", mine.create_report, SIGNED_IN, form=ReportForm, again=new),
    edit,
    Post("/me/hours/{entry_id:id}", mine.update_report, SIGNED_IN, form=ReportForm, again=edit),
    Post("/me/hours/{entry_id:id}/withdrawal", mine.take_own_back, SIGNED_IN, again=own),
    Post("/me/hours/{entry_id:id}/question", mine.ask, SIGNED_IN, form=QuestionForm, again=own),
    new_for,
    Post(
        "/people/{person_id:id}/hours",
        staff.create_report_for,
        APPROVE,
        form=ReportForm,
        again=new_for,
    ),
    queue,
    Post("/hours/approval", staff.approve, APPROVE, form=ApprovalForm, again=queue),
    sheet,
    Post("/hours/sheet", sheets.create_sheet, APPROVE, form=SheetForm, again=sheet),
    question,
    Post(
        "/hours/questions/{question_id:id}/answer",
        staff.answer,
        APPROVE,
        form=HoursAnswerForm,
        again=question,
    ),
    entry,
    Post(
        "/hours/{entry_id:id}/correction",
        staff.correct,
        APPROVE,
        form=CorrectionForm,
        again=entry,
    ),
    Post("/hours/{entry_id:id}/removal", staff.take_back, APPROVE, form=TakeBackForm, again=entry),
]
