"""The pipeline: applications by stage, several at once, and those that staff writes down."""

from typing import NamedTuple

from sqlalchemy import select

from portal.db import savepoint
from portal.permissions import Permission
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    DeclineReason,
    Hold,
)
from portal.programs.lookalikes import lookalikes
from portal.programs.models import Position
from portal.programs.scopes import (
    in_viewers_programs,
    visible_applications,
)
from portal.programs.views.choices import role_options
from portal.recruitment import applications, pipeline, review, steps
from portal.recruitment.forms import EnterForm, ManyForm
from portal.recruitment.pipeline import HOLD_WORDS
from portal.recruitment.views.application import KEPT_FOR, has_email
from portal.recruitment.views.public import today_of
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview, Refused, unless_seen
from portal.web.request import Request
from portal.words import count_text, text

DECIDE = Permission.PLACEMENTS_DECIDE
MOST_AT_ONCE = 25
"""More would keep the other writers waiting (SECURITY V5)."""


def list_applications(request: Request, form: ManyForm | None = None) -> Screen:
    """The applications to one's programs, the longest wait first."""
    asked = pipeline.filter_of(request, today_of(request))
    page = pipeline.lines(request.db, request.viewer, asked, request.asked("after"))
    today = today_of(request)
    return screen(
        "recruitment/applications.html",
        page=page,
        asked=asked,
        counts=pipeline.counts(request.db, request.viewer, asked),
        missing=steps.missing_for_staff(request.db, page.rows, today),
        today=today,
        states=pipeline.STATE_WORDS,
        holds=HOLD_WORDS,
        roles=role_options(request, DECIDE),
        form=form or ManyForm(),
        preview=form.refusal if form and isinstance(form.refusal, Preview) else None,
        open=OPEN_APPLICATIONS,
    )


def enter(request: Request, form: EnterForm | None = None) -> Screen:
    """Write an application down for someone who calls or comes in."""
    return screen(
        "recruitment/enter.html", form=form or EnterForm(), roles=role_options(request, DECIDE)
    )


def create(request: Request, form: EnterForm) -> See:
    """Take in an application that staff wrote down."""
    position = request.db.scalar(
        select(Position).where(
            Position.id == form.position.data,
            in_viewers_programs(Position.program_id, request.viewer, DECIDE),
        )
    )
    if position is None:
        raise Refused(fields={"position": text("Select one of your roles or programs.")})
    act = request.act.but(asked=form.asked.data or "phone")
    made = applications.submit(act, position, form.values, request.settings)
    return See(f"/applications/{made.id}", text("The application was added."))


class Chosen(NamedTuple):
    """An application that is about to be changed with others, and by which way its applicant is told."""

    id: int
    name: str
    email: bool


def act_on_many(request: Request, form: ManyForm) -> See:
    """Do one thing with several applications; those for which it can't be done stay, and are named.

    Raises Preview, unless it is only about who owns them: the applicants are told.
    """
    if not form.ids.data:
        raise Refused(fields={"ids": text("Select at least one.")})
    if len(form.ids.data) > MOST_AT_ONCE:
        raise Refused(fields={"ids": text("Select at most %(most)s.", most=MOST_AT_ONCE)})
    found = request.db.scalars(
        visible_applications(request.viewer)
        .where(Application.id.in_(form.ids.data))
        .order_by(Application.id)
    ).all()
    action = form.action.data
    if action != "mine":
        unless_seen(
            [action, *(Chosen(row.id, row.called, has_email(row)) for row in found)],
            form.seen.data,
        )
    left = [row.called for row in found if not _is_done(request, row, action)]
    done = len(found) - len(left)
    said = count_text("%(n)s application was changed.", "%(n)s applications were changed.", done)
    if left:
        said = text(
            "%(said)s These stay as they are: %(names)s. Open them to see why.",
            said=request.said(said),
            names=", ".join(left[:5]),
        )
    query = f"?{request.url.query}" if request.url.query else ""
    return See(f"/applications{query}", said)


def _is_done(request: Request, row: Application, action: str) -> bool:
    """Do it with one of them; whether it could be done."""
    try:
        with savepoint(request.db):
            _one_of_many(request, row, action)
    except Refused:
        return False
    return True


def _one_of_many(request: Request, row: Application, action: str) -> None:
    act = request.act
    if action == "mine":
        review.assign(act, row, request.viewer.person_id)
    elif action == "review":
        if row.person_id is None and lookalikes(request.db, request.viewer, row):
            raise Refused(text("Look at who this may be first."))
        review.start_review(act, row, None, request.settings)
    elif action == "hold":
        review.hold(act, row, Hold.NO_OPENING, today_of(request) + KEPT_FOR)
    else:
        review.decline(act, row, DeclineReason.NO_OPENING, "")
