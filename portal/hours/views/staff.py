"""Pages of hours for coordinators: what waits for approval, corrections, answers."""

from typing import Any

from sqlalchemy import select

from portal import clock
from portal.hours import decisions, entries, ledger, own_hours, questions, reporting, story
from portal.hours.forms import (
    STATE_WORDS,
    ApprovalForm,
    CorrectionForm,
    HoursAnswerForm,
    ReportForm,
    TakeBackForm,
)
from portal.hours.models import HoursEntry, HoursQuestion
from portal.hours.views.own import places_for, work_for
from portal.people.models import Person
from portal.people.saved_views import views_of
from portal.permissions import Permission
from portal.programs.models import Program
from portal.programs.scopes import in_viewers_programs, one, visible_people
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import count_text, text


def report_for(request: Request, person_id: int, form: ReportForm | None = None) -> Screen:
    """Write down hours for a person who told staff."""
    person = one(request.db, visible_people(request.viewer), Person.id == person_id)
    today = clock.local_day(request.at, request.settings.timezone)
    places = _managed_places(request, person_id)
    return screen(
        "hours/report.html",
        form=form or ReportForm(data={"day": today, "asked": "phone"}),
        places=places,
        travel=any(row.counts_travel for row in places),
        entry=None,
        action=f"/people/{person_id}/hours",
        person=person,
        back=f"/people/{person_id}",
    )


def _managed_places(request: Request, person_id: int) -> Any:
    may = request.viewer.may_in
    return [
        row
        for row in places_for(request, person_id)
        if may(Permission.HOURS_APPROVE, row.program_id)
    ]


def create_report_for(request: Request, form: ReportForm, person_id: int) -> See:
    """Save that."""
    person = one(request.db, visible_people(request.viewer), Person.id == person_id)
    work = work_for(request, form, person.id, _managed_places(request, person_id))
    reporting.report(request.act.but(asked=form.asked.data), work, zone=request.settings.timezone)
    return See(f"/people/{person_id}", text("The hours were logged."))


def _which(request: Request) -> ledger.Which:
    return ledger.Which(
        request.asked_id("program"), request.asked("q"), person_id=request.asked_id("person")
    )


def list_waiting(request: Request, form: ApprovalForm | None = None) -> Screen:
    """What waits for approval, and what people ask."""
    which, past = _which(request), request.asked("show") == "all"
    programs = request.db.execute(
        select(Program.id, Program.name, Program.translations)
        .where(in_viewers_programs(Program.id, request.viewer, Permission.HOURS_APPROVE))
        .order_by(Program.name)
    ).all()
    return screen(
        "hours/queue.html",
        page=(ledger.past if past else ledger.queue)(
            request.db, request.viewer, which, request.asked("after")
        ),
        saved=views_of(request.db, request.viewer, "hours", request.url.query),
        past=past,
        checked=request.asked("checked") != "no",
        states=STATE_WORDS,
        total=ledger.waiting_sum(request.db, request.viewer, which),
        questions=ledger.questions(request.db, request.viewer),
        programs=programs,
        which=which,
        form=form,
    )


MOST_AT_ONCE = 1000
"""How many entries one press approves: more would keep everyone else's changes waiting (SECURITY V5)."""


def approve(request: Request, form: ApprovalForm) -> See:
    """Approve what is checked, or all that was listed: the first of them, where that is a great many."""
    which = _which(request)
    if form.everything.data:
        ids = ledger.waiting_ids(request.db, request.viewer, which, form.upto.data or 0)
    else:
        mine = ledger.approvable(request.viewer).where(HoursEntry.id.in_(form.entries.data))
        ids = request.db.scalars(mine.with_only_columns(HoursEntry.id)).all()
    if not ids:
        raise Refused(text("Select at least one entry."))
    number = decisions.approve(request.act, ids[:MOST_AT_ONCE])
    said = count_text("%(n)s time entry was approved.", "%(n)s time entries were approved.", number)
    if len(ids) > MOST_AT_ONCE:
        said = text(
            "%(approved)s %(n)s more are pending. Press the button again to approve them.",
            approved=request.said(said),
            n=len(ids) - MOST_AT_ONCE,
        )
    query = request.query_without("checked")
    if not form.everything.data and len(form.entries.data) < (form.listed.data or 0):
        query += "checked=no"  # whoever selects some does not mean the others by the next press
    return See(f"/hours?{query}", said)


def _entry(request: Request, entry_id: int) -> HoursEntry:
    return one(request.db, ledger.approvable(request.viewer), HoursEntry.id == entry_id)


def show_entry(request: Request, entry_id: int, form: Any = None) -> Screen:
    """One entry: what became of it, who did what, and mending it."""
    entry = _entry(request, entry_id)
    rows = story.story(request.db, request.viewer, entry)
    return screen(
        "hours/entry.html",
        entry=entry,
        rows=rows,
        asked=own_hours.questions_of(request.db, [row.id for row in rows]),
        states=STATE_WORDS,
        own=entry.person_id == request.viewer.person_id,
        form=form,
        correcting=form_of(form, CorrectionForm, {"minutes": entry.minutes}),
        taking=form_of(form, TakeBackForm),
        answering=form_of(form, HoursAnswerForm),
    )


def correct(request: Request, form: CorrectionForm, entry_id: int) -> See:
    """Correct an entry."""
    entry = _entry(request, entry_id)
    minutes, reason = int(form.minutes.data or 0), form.reason.data
    made = entries.correct(request.act, entry, minutes, reason)
    return See(f"/hours/{made.id}", text("The time entry was corrected."))


def take_back(request: Request, form: TakeBackForm, entry_id: int) -> See:
    """Take an entry out of the sums."""
    entry = _entry(request, entry_id)
    entries.take_back(request.act, entry, form.reason.data)
    return See(f"/hours/{entry_id}", text("The time entry was removed from the totals."))


def answer(request: Request, form: HoursAnswerForm, question_id: int) -> See:
    """Answer a question."""
    mine = ledger.answerable(request.viewer)
    question = one(request.db, mine, HoursQuestion.id == question_id)
    questions.answer(request.act, question, form.answer.data, form.minutes.data)
    return See("/hours", text("Your answer was sent."))


def show_question(request: Request, question_id: int, form: Any = None) -> Screen:
    """A question is shown on the page of its entry."""
    mine = ledger.answerable(request.viewer)
    question = one(request.db, mine, HoursQuestion.id == question_id)
    return show_entry(request, question.entry_id, form)
