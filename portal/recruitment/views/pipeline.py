"""The pipeline: applications by stage, one of them, and what staff do with them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.people.models import Person
from portal.permissions import Permission
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationState,
    DeclineReason,
    Hold,
)
from portal.programs.applications import HOLD_WORDS
from portal.programs.models import Position, Program
from portal.programs.scopes import (
    in_viewers_programs,
    one,
    placeable_people,
    visible_applications,
)
from portal.recruitment import applications, pipeline, review, steps
from portal.recruitment.forms import (
    AcceptForm,
    DeclineForm,
    EnterForm,
    HoldForm,
    ManyForm,
    NoteForm,
    OwnerForm,
    ReviewForm,
)
from portal.recruitment.lookalikes import lookalikes
from portal.recruitment.views.public import today_of
from portal.requirements.explain import about_them
from portal.requirements.records import clearance_of
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import form_of
from portal.web.request import Request
from portal.words import count_text, text

DECIDE = Permission.PLACEMENTS_DECIDE
KEPT_FOR = timedelta(days=180)
"""How long an application is kept for an opening, unless staff say otherwise."""


def list_applications(request: Request, form: ManyForm | None = None) -> Screen:
    """The applications to one's programs, the longest wait first."""
    asked = pipeline.filter_of(request)
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
        roles=_positions(request),
        form=form or ManyForm(),
        open=OPEN_APPLICATIONS,
    )


def _positions(request: Request) -> list[tuple[int, str]]:
    """The roles one decides on, for choosing from."""
    rows = request.db.execute(
        select(Position.id, Position.name, Position.translations, Program.name.label("program"))
        .join(Program, Program.id == Position.program_id)
        .where(
            in_viewers_programs(Position.program_id, request.viewer, DECIDE),
            Position.closed_at.is_(None),
            Program.closed_at.is_(None),
        )
        .order_by(Program.name, Position.name)
        .limit(500)
    )
    return [
        (row.id, f"{request.written(row.name, row.translations)} · {row.program}") for row in rows
    ]


def application_of(request: Request, application_id: int) -> Application:
    """An application to a program one decides for, or NotFound."""
    scope = visible_applications(request.viewer)
    return one(request.db, scope, Application.id == application_id)


def show_application(request: Request, application_id: int, form: Any = None) -> Screen:
    """One application: who, what they wrote, what is missing, what happened, and what comes next."""
    row, today = application_of(request, application_id), today_of(request)
    db, viewer = request.db, request.viewer
    missing, likely = [], []
    if row.person is not None:
        found = clearance_of(db, row.person.id, row.position_id, today)
        missing = about_them(found, row.person.id, row.person.name)
    elif row.state == ApplicationState.SUBMITTED:
        likely = lookalikes(db, viewer, row)
    owners = review.owners_of(db, row.program_id)
    return screen(
        "recruitment/application.html",
        row=row,
        state=pipeline.STATE_WORDS[row.state],
        hold_words=HOLD_WORDS,
        heard=pipeline.HEARD_WORDS,
        decline_words=pipeline.DECLINE_WORDS,
        missing=missing,
        likely=likely,
        history=pipeline.history(db, row.id),
        step_words=pipeline.STEP_WORDS,
        step_note=pipeline.step_note,
        others=pipeline.others_of(db, viewer, row),
        states=pipeline.STATE_WORDS,
        owners=list(owners.items()),
        open=row.state in OPEN_APPLICATIONS,
        today=today,
        form=form,
        reviewing=form_of(form, ReviewForm),
        holding=form_of(form, HoldForm, {"until": today + KEPT_FOR}),
        accepting=form_of(form, AcceptForm, {"starts_on": today}),
        declining=form_of(form, DeclineForm),
        owning=form_of(form, OwnerForm, {"owner": row.owner_id}),
        noting=form_of(form, NoteForm),
        checking=row.person_id is not None and review.has_open_check(db, row.person_id),
    )


def enter(request: Request, form: EnterForm | None = None) -> Screen:
    """Write an application down for someone who calls or comes in."""
    return screen("recruitment/enter.html", form=form or EnterForm(), roles=_positions(request))


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
    values = form.values | {"language": request.language}
    made = applications.submit(act, position, values, request.settings)
    return See(f"/applications/{made.id}", text("The application was added."))


def start_review(request: Request, form: ReviewForm, application_id: int) -> See:
    """Begin the review of an application."""
    row = application_of(request, application_id)
    person = None
    if form.person.data and row.person_id is None:
        person = one(request.db, placeable_people(request.viewer), Person.id == form.person.data)
        if person.id not in {one_.id for one_ in lookalikes(request.db, request.viewer, row)}:
            raise NotFound
    review.start_review(request.act, row, person, request.settings.timezone)
    return _back(row, text("You started the review. The applicant was told."))


def _back(row: Application, said: Any) -> See:
    return See(f"/applications/{row.id}", said)


def hold(request: Request, form: HoldForm, application_id: int) -> See:
    """Put an application on hold."""
    row = application_of(request, application_id)
    review.hold(request.act, row, Hold(form.why.data), form.until.data)
    return _back(row, text("The application is on hold."))


def resume(request: Request, form: Any, application_id: int) -> See:
    """End a hold."""
    row = application_of(request, application_id)
    review.resume(request.act, row)
    return _back(row, text("The hold ended. The review goes on."))


def accept(request: Request, form: AcceptForm, application_id: int) -> See:
    """Offer the role."""
    row = application_of(request, application_id)
    review.accept(request.act, row, form.starts_on.data)
    return _back(row, text("You offered the role. The applicant was asked to accept it."))


def take_back(request: Request, form: Any, application_id: int) -> See:
    """Take an offer back that was not answered."""
    row = application_of(request, application_id)
    review.take_offer_back(request.act, row)
    return _back(row, text("The offer was withdrawn. The application is in review again."))


def said_yes(request: Request, form: Any, application_id: int) -> See:
    """The applicant accepted by phone."""
    row = application_of(request, application_id)
    act = request.act.but(asked="phone")
    applications.accept_role(act, row, request.settings.timezone)
    return _back(row, text("%(name)s now has this role.", name=row.called))


def decline(request: Request, form: DeclineForm, application_id: int) -> See:
    """Say no to an applicant."""
    row = application_of(request, application_id)
    review.decline(request.act, row, DeclineReason(form.reason.data), form.words.data)
    return _back(row, text("The application was declined."))


def withdraw(request: Request, form: Any, application_id: int) -> See:
    """The applicant withdrew by phone."""
    row = application_of(request, application_id)
    applications.withdraw(request.act.but(asked="phone"), row)
    return _back(row, text("The application was withdrawn."))


def assign(request: Request, form: OwnerForm, application_id: int) -> See:
    """Have someone look after an application."""
    row = application_of(request, application_id)
    review.assign(request.act, row, form.owner.data)
    return _back(row, text("The owner was saved."))


def note(request: Request, form: NoteForm, application_id: int) -> See:
    """Write a note."""
    row = application_of(request, application_id)
    review.note(request.act, row, form.words.data)
    return _back(row, text("The note was saved."))


def act_on_many(request: Request, form: ManyForm) -> See:
    """Do one thing with several applications; those for which it can't be done stay, and are counted."""
    if not form.ids.data:
        raise Refused(fields={"ids": text("Select at least one.")})
    found = request.db.scalars(
        visible_applications(request.viewer)
        .where(Application.id.in_(form.ids.data[:200]))
        .order_by(Application.id)
    ).all()
    done = 0
    for row in found:
        try:
            _one_of_many(request, row, form.action.data)
            done += 1
        except Refused:
            continue
    left = len(set(form.ids.data)) - done
    said = count_text("%(n)s application was changed.", "%(n)s applications were changed.", done)
    if left:
        said = count_text(
            "%(said)s %(n)s stays as it is. Open it to see why.",
            "%(said)s %(n)s stay as they are. Open them to see why.",
            left,
            said=request.said(said),
        )
    query = f"?{request.url.query}" if request.url.query else ""
    return See(f"/applications{query}", said)


def _one_of_many(request: Request, row: Application, action: str) -> None:
    act = request.act
    if action == "mine":
        review.assign(act, row, request.viewer.person_id)
    elif action == "review":
        if row.person_id is None and lookalikes(request.db, request.viewer, row):
            raise Refused(text("Look at who this may be first."))
        review.start_review(act, row, None, request.settings.timezone)
    elif action == "hold":
        review.hold(act, row, Hold.NO_OPENING, today_of(request) + KEPT_FOR)
    else:
        review.decline(act, row, DeclineReason.NO_OPENING, "")
