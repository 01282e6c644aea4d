"""Pages of drafts: what one proposes for a week, and publishing it."""

from typing import Any

from portal.shifts import drafts, publishing
from portal.shifts.candidates import placed_named
from portal.shifts.draft_forms import DraftForm, PublishForm, RoleForm
from portal.shifts.draft_lines import lines_of, told_by
from portal.shifts.views.in_draft import IN_DRAFT, week_of
from portal.shifts.views.lists import first_of_week
from portal.web.answers import Screen, See, screen
from portal.web.errors import Refused
from portal.web.forms import Form
from portal.web.request import Request, today_of
from portal.words import count_text, text


def begin(request: Request, form: DraftForm) -> See:
    """Begin a draft of a week, or go on with the one there is."""
    day = first_of_week(request, form.week.data or today_of(request))
    return See(week_of(drafts.begin(request.act, day)))


def show(
    request: Request, draft_id: int, draft_act_id: int | None = None, form: Form | None = None
) -> Screen:
    """What a draft would change, and whom it would be told to."""
    draft = drafts.own_draft(request.db, request.viewer, draft_id)
    if draft_act_id is not None:
        drafts.own_act(request.db, draft, draft_act_id)
    acts = drafts.acts_of(request.db, draft_id)
    lines = lines_of(request.db, request.viewer, acts, request.language, request.at.year)
    told = told_by(request.db, request.viewer, acts)
    return screen(
        "shifts/draft.html",
        draft=draft,
        lines=lines,
        told=told,
        seen=publishing.mark_of(lines, told),
        back=week_of(draft),
        form=form,
        refused=draft_act_id,
    )


def publish(request: Request, form: PublishForm, draft_id: int) -> See:
    """Publish a draft as a whole."""
    draft = drafts.own_draft(request.db, request.viewer, draft_id)
    week = draft.first_day.isoformat()
    number = publishing.publish(request.act, draft, request.language, form.seen.data or "")
    said = count_text("%(n)s change was published.", "%(n)s changes were published.", number)
    return See(f"/schedule?week={week}", said)


def discard(request: Request, form: Any, draft_id: int) -> See:
    """Throw a draft away."""
    draft = drafts.own_draft(request.db, request.viewer, draft_id)
    week = draft.first_day.isoformat()
    drafts.discard(request.act, draft)
    return See(f"/schedule?week={week}", text("The draft was deleted."))


def drop(request: Request, form: Any, draft_id: int, draft_act_id: int) -> See:
    """Take one line out of a draft."""
    draft = drafts.own_draft(request.db, request.viewer, draft_id)
    drafts.drop(request.act, draft, draft_act_id)
    return See(f"/drafts/{draft_id}", text("Removed from the draft."))


def add_person(request: Request, form: RoleForm, draft_id: int, draft_act_id: int) -> See:
    """Propose a person for a shift that the draft adds."""
    draft = drafts.own_draft(request.db, request.viewer, draft_id)
    one = drafts.own_act(request.db, draft, draft_act_id)
    position_id = int(form.position.data or 0)
    found = placed_named(request.db, request.viewer, position_id, form.who.data or "")
    if len(found) != 1:
        said = text("Enter the full name of one person with this role.")
        raise Refused(fields={"who": said})
    drafts.add_person_onto(request.act, one, position_id, found[0])
    return See(f"/drafts/{draft_id}", IN_DRAFT)
