"""Questions from the public: the forms, and the list from which staff answers."""

from typing import Any

from portal.permissions import NOBODY
from portal.programs.lookalikes import lookalikes, recognized
from portal.programs.scopes import one
from portal.recruitment import families, inquiries
from portal.recruitment.forms import ReplyForm, ReviewForm
from portal.recruitment.models import Inquiry
from portal.recruitment.pipeline import HEARD_WORDS
from portal.recruitment.posters import known_source
from portal.recruitment.public_forms import InquiryForm, InterestForm
from portal.recruitment.views.applying import GUARD
from portal.recruitment.views.public import opportunity_of
from portal.web.answers import Screen, See, screen
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import text

SENT = text("Thank you! We got your message, and we'll get back to you.")


def ask(request: Request, opportunity_id: int, form: InquiryForm | None = None) -> Screen:
    """Ask about an opportunity."""
    row = opportunity_of(request, opportunity_id)
    return screen(
        "recruitment/ask.html", row=row, form=form or InquiryForm(), opened=GUARD.stamp(request)
    )


def offer(request: Request, form: InterestForm | None = None) -> Screen:
    """Offer help, where nothing fits."""
    return screen(
        "recruitment/ask.html", row=None, form=form or InterestForm(), opened=GUARD.stamp(request)
    )


def send_question(request: Request, form: InquiryForm, opportunity_id: int) -> See:
    """Take a question about an opportunity in."""
    row = opportunity_of(request, opportunity_id)
    if not form.website.data:
        _take_in(request, form, row)
    return See(f"/opportunities/{opportunity_id}", SENT)


def send_offer(request: Request, form: InterestForm) -> See:
    """Take an offer of help in."""
    if not form.website.data:
        _take_in(request, form, None)
    return See("/opportunities", SENT)


def _take_in(request: Request, form: InquiryForm, row: Any) -> None:
    values = {name: form[name].data for name in ("words", "name", "email", "phone")}
    source = request.asked("from")
    values |= {
        "heard": form.heard.data or None,
        "language": request.language,
        "source": known_source(source),
    }
    inquiries.take_in(request.act.but(by=NOBODY), values, row, request.settings)


def list_inquiries(request: Request) -> Screen:
    """The questions that wait, or those that were answered."""
    answered = request.asked("which") == "answered"
    rows = inquiries.lines(request.db, request.viewer, answered=answered)
    return screen(
        "recruitment/inquiries.html", rows=rows, answered=answered, today=today_of(request)
    )


def _visible(request: Request, inquiry_id: int) -> Inquiry:
    return one(request.db, inquiries.visible_inquiries(request.viewer), Inquiry.id == inquiry_id)


def show(request: Request, inquiry_id: int, form: Any = None) -> Screen:
    """One question, and the reply."""
    row = _visible(request, inquiry_id)
    return screen(
        "recruitment/inquiry.html",
        row=row,
        form=form,
        replying=form_of(form, ReplyForm, {"version": row.version}),
        heard=HEARD_WORDS,
        today=today_of(request),
        likely=_likely(request, row) if row.prospect_id is None and row.name else [],
        mine=row.owner_id == request.viewer.person_id,
        together=families.along_with(request.db, request.viewer, row.together),
    )


def _likely(request: Request, row: Inquiry) -> Any:
    """Who the asker may be already."""
    return lookalikes(request.db, request.viewer, row)


def own(request: Request, form: Any, inquiry_id: int) -> See:
    """Look after a question."""
    inquiries.own(request.act, _visible(request, inquiry_id))
    return See(f"/inquiries/{inquiry_id}", text("This is assigned to you now."))


def become_prospect(request: Request, form: ReviewForm, inquiry_id: int) -> See:
    """Give whoever asked a record. Where someone with a record looks alike, it is said who it is."""
    row = _visible(request, inquiry_id)
    known = recognized(request, form, _likely(request, row))
    inquiries.become_prospect(request.act, row, known)
    return See(f"/inquiries/{inquiry_id}", text("They have a record now."))


def answer(request: Request, form: ReplyForm, inquiry_id: int) -> See:
    """Answer a question."""
    row = _visible(request, inquiry_id)
    inquiries.answer(request.act, row, form.reply.data, form.version.data)
    said = (
        text("Your answer was sent.")
        if row.email
        else text(
            "Your answer was saved. Call %(name)s, %(phone)s.", name=row.name, phone=row.phone
        )
    )
    return See("/inquiries", said)
