"""Pages of what clearance does to coming work: affected signups, and trial periods."""

from datetime import date
from typing import Any

import wtforms

from portal import clock
from portal.programs.models import Placement
from portal.programs.scopes import one
from portal.reads import AnySelect
from portal.requirements import explain, trials
from portal.shifts import affected_signups, supervised
from portal.web.answers import Screen, See, screen
from portal.web.choices import choice_field, ids_field
from portal.web.errors import Refused
from portal.web.fields import day_field, text_field
from portal.web.forms import Form, form_of
from portal.web.request import Request
from portal.words import count_text, text

CAUSE_WORDS = {
    "credential": text("a document or check changed"),
    "waiver": text("an exception changed"),
    "rule": text("a rule changed"),
    "reading": text("a required reading is due"),
    "lapse": text("a document expired, or the shift moved"),
}


class DecisionForm(Form):
    """What happens to the signups checked, and why. With `until`, the exception goes on after the shift."""

    chosen = ids_field()
    what = wtforms.HiddenField()
    reason = text_field(text("Reason"), most=300, required=True)
    until = day_field(text("Exception ends"), required=False)


class ReviewForm(Form):
    outcome = choice_field(
        text("How did the trial go?"),
        {
            "pass": text("Completed"),
            "extend": text("Extend the trial until the day below"),
            "end": text("End the trial and the role"),
        },
    )
    until = day_field(text("Until"), required=False)
    reason = text_field(text("Reason"), most=300)


def list_affected(request: Request, form: DecisionForm | None = None) -> Screen:
    """Coming signups of people who are not cleared for them any more."""
    lines = affected_signups.list_affected(request.db, request.viewer, request.at)
    return screen(
        "shifts/affected.html",
        lines=lines,
        reasons=lambda line: explain.about_them(line.clearance, line.row.person_id, line.row.name),
        causes=CAUSE_WORDS,
        form=form,
        deciding=form or DecisionForm(),
        most=affected_signups.MOST,
    )


def decide(request: Request, form: DecisionForm) -> See:
    """Keep, or remove, those that are checked."""
    ids, reason = form.chosen.data, form.reason.data
    if form.what.data == "remove":
        number = affected_signups.remove(request.act, ids, reason)
        said = count_text(
            "%(n)s person was removed and told.", "%(n)s people were removed and told.", number
        )
    elif form.what.data == "keep":
        number = affected_signups.keep(request.act, ids, reason, form.until.data)
        said = count_text(
            "%(n)s person was kept, with an exception.",
            "%(n)s people were kept, with exceptions.",
            number,
        )
    else:
        raise Refused(text("Select what to do."))
    return See("/affected", said)


def list_trials(request: Request, placement_id: int | None = None, form: Any = None) -> Screen:
    """Who is on trial, until when, and how many shifts they did beside a supervisor."""
    today = clock.local_day(request.at, request.settings.timezone)
    found = trials.on_trial(request.db, _trials(request, today, placement_id))
    return screen(
        "shifts/trials.html",
        found=found,
        counts=supervised.counts_of(request.db, found, today),
        today=today,
        form=form,
        placement_id=placement_id,
        reviewing=form_of(form, ReviewForm),
    )


def _trials(request: Request, today: date, placement_id: int | None) -> AnySelect:
    """The trials one sees, with one that must be among them, or NotFound."""
    scope = supervised.trials_seen(request.db, request.viewer, today)
    if placement_id is not None:
        one(request.db, scope, Placement.id == placement_id)
    return scope


def review(request: Request, form: ReviewForm, placement_id: int) -> See:
    """Decide how a trial period went."""
    today = clock.local_day(request.at, request.settings.timezone)
    _trials(request, today, placement_id)
    placement = request.db.get_one(Placement, placement_id)
    judged = trials.Review(form.outcome.data, form.reason.data, form.until.data)
    trials.review(request.act, placement, judged, today)
    return See("/trials", text("The trial result was saved."))
