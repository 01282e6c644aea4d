"""The pipeline: applications by stage, several at once, and those that staff writes down."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from starlette.responses import Response

from portal import clock
from portal.act import Ref
from portal.audit.exports import note_export
from portal.people.saved_views import views_of
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
from portal.recruitment import applications, downloading, pipeline, questions, review, steps
from portal.recruitment.forms import EnterForm, ManyForm
from portal.recruitment.pipeline import HOLD_WORDS
from portal.recruitment.question_forms import YES_NO_WORDS, answer_words
from portal.recruitment.question_models import ApplicationQuestion, QuestionKind
from portal.recruitment.views.application import KEPT_FOR, has_email
from portal.savepoints import savepoint
from portal.web.answers import Screen, See, screen
from portal.web.errors import Preview, Refused, unless_seen
from portal.web.request import Request, today_of
from portal.web.table_files import table_file
from portal.words import Words, count_text, text

DECIDE = Permission.PLACEMENTS_DECIDE


def list_applications(request: Request, form: ManyForm | None = None) -> Screen:
    """The applications to one's programs, the longest wait first."""
    asked = pipeline.filter_of(request, today_of(request))
    page = pipeline.lines(request.db, request.viewer, asked, request.asked("after"))
    today = today_of(request)
    return screen(
        "recruitment/applications.html",
        saved=views_of(request.db, request.viewer, "applications", request.url.query),
        page=page,
        asked=asked,
        counts=pipeline.counts(request.db, request.viewer, asked),
        missing=steps.missing_for_staff(request.db, page.rows, today),
        today=today,
        states=pipeline.STATE_WORDS,
        holds=HOLD_WORDS,
        roles=role_options(request, DECIDE),
        answers=_answer_options(request),
        form=form or ManyForm(),
        preview=form.refusal if form and isinstance(form.refusal, Preview) else None,
        open=OPEN_APPLICATIONS,
    )


def _answer_options(request: Request) -> list[tuple[str, list[tuple[str, Words | str]]]]:
    """The answers by which the list can be filtered, by question."""
    return [
        (
            request.written(one.label, one.translations, "label"),
            [(f"{one.id}.{value}", words) for value, words in _choices(request, one)],
        )
        for one in questions.to_filter_by(request.db, request.viewer)
    ]


def _choices(request: Request, one: ApplicationQuestion) -> list[tuple[str, Words | str]]:
    if one.kind == QuestionKind.YES_NO:
        return list(YES_NO_WORDS.items())
    said = request.written(one.options, one.translations, "options")
    return list(zip(questions.lines_of(one.options), questions.lines_of(said), strict=False))


HEAD = (
    text("Name"),
    text("Role"),
    text("Program"),
    text("Stage"),
    text("Applied"),
    text("Email"),
    text("Phone"),
    text("When they can help"),
    text("Why"),
    text("Owner"),
)


def download_list(request: Request) -> Response | See:
    """What the list shows as a table, with a column for each question."""
    asked = pipeline.filter_of(request, today_of(request))
    found = downloading.lines(request.db, request.viewer, asked)
    if found is None:
        return See(
            f"/applications?{request.url.query}",
            text("Only %(most)s fit in one file. Filter the list first.", most=downloading.MOST),
        )
    labels, given = downloading.answers(request.db, found)
    note_export(request, "applications.exported", Ref("applications", None), "csv")
    head: list[Words | str] = [*HEAD, *labels.values()]
    rows = [
        [*_cells(request, row), *(_answered(request, given, row.id, one) for one in labels)]
        for row in found
    ]
    return table_file(request, "applications", head, rows)


def _cells(request: Request, row: downloading.Line) -> list[Any]:
    return [
        row.name,
        request.written(row.position, row.translations),
        request.written(row.program, row.program_translations),
        request.said(pipeline.STATE_WORDS[row.state]),
        clock.local_day(row.received_at, request.settings.timezone).isoformat(),
        row.email,
        row.phone,
        row.times,
        row.why,
        row.owner or "",
    ]


def _answered(
    request: Request, given: Mapping[int, Any], application_id: int, question_id: int
) -> str:
    rows = given.get(application_id, {}).get(question_id, ())
    said = (answer_words(row, date.isoformat) for row in rows)
    return "; ".join(request.said(one) for one in said)


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
    if len(form.ids.data) > pipeline.AT_ONCE:
        raise Refused(fields={"ids": text("Select at most %(most)s.", most=pipeline.AT_ONCE)})
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
