"""One application: its page, and what staff does with it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from portal.act import Ref
from portal.audit.log import record
from portal.people.models import Person
from portal.programs.application_models import (
    OPEN_APPLICATIONS,
    Application,
    ApplicationState,
    DeclineReason,
    Hold,
)
from portal.programs.lookalikes import lookalikes, twins_of
from portal.programs.scopes import (
    one,
    visible_applications,
)
from portal.recruitment import (
    applications,
    buddies,
    families,
    pipeline,
    question_files,
    questions,
    review,
)
from portal.recruitment.forms import (
    AcceptForm,
    AnswersForm,
    BuddyForm,
    DeclineForm,
    HoldForm,
    KeepForm,
    NoteForm,
    OwnerForm,
    ReviewForm,
)
from portal.recruitment.pipeline import HOLD_WORDS
from portal.recruitment.question_forms import answer_words, with_questions
from portal.recruitment.question_models import ApplicationQuestion, QuestionKind
from portal.recruitment.views.panels import drawn
from portal.requirements import evidence
from portal.requirements.records import clearance_of
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import Form, form_of
from portal.web.request import Request, today_of
from portal.words import text

NEW = "new"
"""Someone without a record."""
KEPT_FOR = timedelta(days=180)
"""How long an application is kept for an opening, unless staff say otherwise."""


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
        missing = [
            request.written(one_.name, one_.translations)
            for item in found.missing
            for one_ in item.options[:1]
        ]
    elif row.state == ApplicationState.SUBMITTED:
        likely = lookalikes(db, viewer, row)
    owners = applications.owners_of(db, row.program_id)
    return screen(
        "recruitment/application.html",
        row=row,
        form=form,
        missing=missing,
        likely=likely,
        twins=twins_of(db, viewer, row),
        together=families.along_with(db, viewer, row.together, but=row.id),
        to_call=families.to_call_with(db, viewer, row.together),
        history=pipeline.history(db, row.id),
        others=pipeline.others_of(db, viewer, row),
        owners=list(owners.items()),
        open=row.state in OPEN_APPLICATIONS,
        today=today,
        checking=row.person_id is not None and review.has_open_check(db, row.person_id),
        **_answers(request, row, form),
        panels=drawn(request, row, form, f"/applications/{row.id}", staff=True),
        buddies=buddies.candidates(db, row) if row.state == ApplicationState.PLACED else [],
        **WORDS,
        **_forms(form, row, today),
    )


def _answers(request: Request, row: Application, form: Any) -> dict[str, Any]:
    """What was answered to the questions of the role, and the form for what was not."""
    answers = questions.answers_of(request.db, [row.id]).get(row.id, [])
    asked = _unanswered(request, row, {it.question_id for it in answers})
    return {
        "answers": answers,
        "to_answer": [questions.name_of(it.id) for it in asked],
        "answering": form_of(
            form, with_questions(AnswersForm, asked, request.written, all_optional=True)
        ),
    }


def _unanswered(
    request: Request, row: Application, known: set[int]
) -> Sequence[ApplicationQuestion]:
    """What the role asks and the applicant did not answer; they may still leave it so."""
    if row.state not in OPEN_APPLICATIONS:
        return []
    asked = questions.asked_for(request.db, row.position)
    found = [one for one in asked if one.kind != QuestionKind.FILE]  # the applicant's own to add
    return [it for it in found if it.id not in known]


def form_with_questions(request: Request, form: type[Form], application_id: int) -> type[Form]:
    """The form of the answers that are missing."""
    row = application_of(request, application_id)
    asked = _unanswered(request, row, questions.answered(request.db, row.id))
    return with_questions(form, asked, request.written, all_optional=True)


def write_answers(request: Request, form: AnswersForm, application_id: int) -> See:
    """Write down what an applicant said."""
    row = application_of(request, application_id)
    review.write_answers(request.act, row, form.values)
    return _back(row, text("The answers were saved."))


WORDS = {
    "states": pipeline.STATE_WORDS,
    "hold_words": HOLD_WORDS,
    "heard": pipeline.HEARD_WORDS,
    "decline_words": pipeline.DECLINE_WORDS,
    "step_words": pipeline.STEP_WORDS,
    "step_note": pipeline.step_note,
    "answer_words": answer_words,
}
"""What the page calls things."""


def _forms(form: Any, row: Application, today: date) -> dict[str, Any]:
    """The forms of the page, each with what was typed into it."""
    return {
        "reviewing": form_of(form, ReviewForm),
        "holding": form_of(form, HoldForm, {"until": today + KEPT_FOR}),
        "accepting": form_of(form, AcceptForm, {"starts_on": today}),
        "declining": form_of(form, DeclineForm).apart("refusal"),
        "owning": form_of(form, OwnerForm, {"owner": row.owner_id}),
        "noting": form_of(form, NoteForm).apart("note"),
        "keeping": form_of(form, KeepForm),
        "buddying": form_of(
            form, BuddyForm, {"buddy": row.placement.buddy_id if row.placement else None}
        ),
    }


def start_review(request: Request, form: ReviewForm, application_id: int) -> See:
    """Begin the review of an application. Where someone with a record looks alike, it is said who it is."""
    row = application_of(request, application_id)
    person = None
    if row.person_id is None:
        likely = {str(it.id): it.id for it in lookalikes(request.db, request.viewer, row)}
        chosen = form.person.data
        if likely and chosen not in (NEW, *likely):
            raise Refused(fields={"person": text("Select who this is.")})
        if chosen and chosen != NEW:
            if chosen not in likely:  # found among those the viewer may place
                raise NotFound
            person = request.db.get_one(Person, likely[chosen])
    review.start_review(request.act, row, person, request.settings)
    return _back(row, text("You started the review."))


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
    return _back(row, text("The hold ended. The application is in review."))


def accept(request: Request, form: AcceptForm, application_id: int) -> See:
    """Offer the role."""
    row = application_of(request, application_id)
    review.accept(request.act, row, form.starts_on.data)
    return _back(row, text("You offered the role. It's theirs once they accept it."))


def take_back(request: Request, form: Any, application_id: int) -> See:
    """Take an offer back that was not answered."""
    row = application_of(request, application_id)
    review.take_offer_back(request.act, row)
    return _back(row, text("The offer was withdrawn. The application is in review again."))


def accept_by_phone(request: Request, form: Any, application_id: int) -> See:
    """The applicant accepted by phone."""
    row = application_of(request, application_id)
    act = request.act.but(asked="phone")
    applications.accept_role(act, row, request.settings.timezone, staff=True)
    return _back(row, text("%(name)s now has this role.", name=row.called))


def decline(request: Request, form: DeclineForm, application_id: int) -> See:
    """Say no to an applicant."""
    row = application_of(request, application_id)
    review.decline(request.act, row, DeclineReason(form.reason.data), form.words.data)
    said = text("The application was declined.")
    if not has_email(row) and row.person_id is None and row.decline_reason not in review.SILENT:
        said = text(
            "The application was declined. No letter went out: call %(phone)s.", phone=row.phone
        )
    return _back(row, said)


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


def has_email(row: Application) -> bool:
    """Whether mail reaches the applicant."""
    return bool(row.email or (row.person and row.person.mailable))


def open_file(request: Request, application_id: int, asked_id: int) -> Response:
    """The file with which an applicant answered a question, for those who decide on the application."""
    row = application_of(request, application_id)
    found = question_files.file_of(request.db, row, asked_id)
    request.trail(
        lambda db: record(
            request.act.but(db=db), "application.file_opened", Ref("application", row.id)
        ),
        must=True,
    )
    return evidence.answer(found)
