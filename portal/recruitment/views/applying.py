"""Pages of an applicant without an account: starting, filling in, sending, and how it stands."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from portal.people.models import Person
from portal.people.views.strangers import Guard
from portal.permissions import NOBODY, Viewer
from portal.programs.application_models import Application, ApplicationState
from portal.recruitment import (
    applications,
    buddies,
    drafts,
    families,
    links,
    question_files,
    questions,
    steps,
)
from portal.recruitment.models import ApplicationDraft
from portal.recruitment.notices import what_of
from portal.recruitment.posters import known_source
from portal.recruitment.public_forms import (
    ApplicationForm,
    DraftForm,
    InquiryForm,
    OwnApplicationForm,
    StartForm,
)
from portal.recruitment.question_forms import while_typing, with_questions
from portal.recruitment.question_models import ApplicationQuestion
from portal.recruitment.views.panels import drawn
from portal.recruitment.views.public import opportunity_of
from portal.requirements.built_in import ADULT
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound, Refused
from portal.web.forms import Form
from portal.web.request import Request, today_of
from portal.words import text

GUARD = Guard("apply", per_address=4, per_network=20, in_all=400, least_seconds=2)
"""For applications and questions together."""

SENT = text("Thank you! We got your application.")


def start(request: Request, opportunity_id: int, form: StartForm | None = None) -> Screen:
    """The first page: who one is, and how to be reached."""
    row = opportunity_of(request, opportunity_id)
    return screen(
        "recruitment/start.html",
        row=row,
        form=form or StartForm(data={"source": request.asked("from")}),
        together=families.may_bring(row),
        opened=GUARD.stamp(request),
    )


def guard(request: Request, form: StartForm | InquiryForm, **ids: Any) -> None:
    """Hold floods and bots off."""
    GUARD.check(request, form.opened.data)
    GUARD.spend(request, form.email.data)


def guard_send(request: Request, form: ApplicationForm, token: str) -> None:
    """Count sending as well where the address is another one than the draft began with."""
    with request.portal.database.reading() as db:
        draft = links.draft_of(db, token, request.at)
        began_with = draft.email
    if form.email.data and form.email.data.lower() != began_with.lower():
        GUARD.spend(request, form.email.data)


def begin(request: Request, form: StartForm, opportunity_id: int) -> See:
    """Begin an application; for a machine that filled in everything it looks the same."""
    row = opportunity_of(request, opportunity_id)
    if form.website.data:
        return See(f"/opportunities/{opportunity_id}")
    values = {name: form[name].data for name in ("name", "email", "phone")}
    act = request.act.but(by=NOBODY)
    source = known_source(form.source.data)
    draft = drafts.start_draft(act, row, values, request.settings, request.language, source)
    path = links.draft_path(request.settings, draft.link_id)
    if not form.companions:
        return See(path)
    families.bring_along(act, draft, form.companions, request.settings)
    return See(
        path, text("Whoever you named gets a link of their own, or a call. This one is yours.")
    )


def begin_own(request: Request, form: Any, opportunity_id: int) -> See:
    """Begin an application as someone signed in."""
    row = opportunity_of(request, opportunity_id)
    person = request.db.get_one(Person, request.viewer.person_id)
    source = known_source(request.asked("from"))
    draft = drafts.own_draft(request.act, row, person, request.settings, source)
    return See(links.draft_path(request.settings, draft.link_id))


def draft_of(request: Request, token: str) -> ApplicationDraft:
    """The draft of a link; one that someone began signed in is theirs alone."""
    draft = links.draft_of(request.db, token, request.at)
    if draft.person_id is not None and draft.person_id != request.viewer.person_id:
        raise NotFound
    if draft.application_id is None:  # what is not before the public any more takes no one
        opportunity_of(request, draft.opportunity_id)
    return draft


def show_draft(request: Request, token: str, form: Any = None) -> Screen | See:
    """The application as it is typed so far; one that was sent leads to how it stands."""
    draft = draft_of(request, token)
    request.read_by(draft.language)
    if draft.application is not None:
        return See(links.application_path(request.settings, draft.application.link_id))
    kind = OwnApplicationForm if draft.person_id else ApplicationForm
    asked = _asked(request, draft)
    if not isinstance(form, ApplicationForm) or not isinstance(form, kind):
        refusal = form.refusal if isinstance(form, DraftForm) else None
        shape = _shape(request, kind, draft, asked)
        form = shape(data=_so_far(request, draft, asked))
        if refusal:
            form.refuse(refusal)
    return screen(
        "recruitment/apply.html",
        row=draft.opportunity,
        asked=[form[name] for one in asked if (name := questions.name_of(one.id)) in form],
        draft=draft,
        form=form,
        token=token,
        saved=bool(draft.email),
        files=question_files.files_of(request.db, draft),
    )


def _shape(
    request: Request,
    kind: type[Form],
    draft: ApplicationDraft,
    asked: Sequence[ApplicationQuestion],
) -> type[Form]:
    """A form with the questions of a program; only a role that takes minors asks for a day."""
    found = with_questions(kind, asked, request.written)
    if draft.opportunity.position.youngest >= ADULT and hasattr(found, "adult_on"):
        found.adult_on = None
    return found


def _asked(request: Request, draft: ApplicationDraft) -> Sequence[ApplicationQuestion]:
    """What the program asks whoever applies by a draft."""
    return questions.asked_for(request.db, draft.opportunity.position)


def _so_far(
    request: Request, draft: ApplicationDraft, asked: Sequence[ApplicationQuestion]
) -> dict[str, Any]:
    """What was typed so far, and what someone signed in answered to the same questions before."""
    if draft.person_id is None or draft.saved_at > draft.created_at:
        return drafts.typed_in(draft)
    return questions.earlier_answers(request.db, draft.person_id, asked)


def form_with_questions(request: Request, form: type[Form], token: str) -> type[Form]:
    """The form of an application with the questions of its program."""
    draft = draft_of(request, token)
    request.read_by(draft.language)
    return _shape(request, form, draft, _asked(request, draft))


def draft_with_questions(request: Request, form: type[Form], token: str) -> type[Form]:
    """The form of what was typed so far, with the questions."""
    return while_typing(form, _asked(request, draft_of(request, token)))


def save(request: Request, form: DraftForm, token: str) -> Response | See:
    """Keep what was typed so far. The page sends it by itself while one types, and when it is left."""
    values = form.values
    quiet = values.pop("quiet")
    drafts.save_draft(request.db, draft_of(request, token), values, request.at)
    if quiet:
        return Response(status_code=204)
    return See(f"/applying/{token}", text("Saved. Not sent yet."))


def _is_chosen(data: Any) -> bool:
    """Whether a file was chosen in a form, which comes with it or, from an old browser, with its name."""
    return bool(data if isinstance(data, str) else getattr(data, "filename", ""))


def send(request: Request, form: ApplicationForm, token: str) -> See:
    """Send the application. A file that was chosen and not added is asked for first: it came with no one."""
    draft = draft_of(request, token)
    chosen = [one for one in form if one.type == "FileField" and _is_chosen(one.data)]
    if chosen:
        words = text("Press “Add file” next to it first.")
        raise Refused(fields={one.name: words for one in chosen})
    values = form.values | {"language": draft.language}
    by = request.viewer if draft.person_id else NOBODY
    application = applications.send_draft(request.act.but(by=by), draft, values, request.settings)
    return See(links.application_path(request.settings, application.link_id), SENT)


def send_own(request: Request, form: OwnApplicationForm, token: str) -> See:
    """Send the application of someone signed in."""
    if draft_of(request, token).person_id is None:
        raise NotFound
    return send(request, form, token)


def applied_of(request: Request, token: str) -> Application:
    """The application of a link, in the language of whoever sent it."""
    found = links.application_of(request.db, token, request.at)
    request.read_by(found.language)
    return found


def show_applied(request: Request, token: str, form: Any = None, proof: str = "") -> Screen:
    """How an application stands, for whoever has its link: nothing but what they typed, and the steps. By the
    link that was mailed it also asks whether the address is theirs."""
    found = applied_of(request, token)
    if proof and not links.is_mailed(request.settings, found.link_id, proof):
        raise NotFound
    person = found.person
    return screen(
        "recruitment/applied.html",
        **standing(request, found, form, f"/applied/{token}", signed_in=False)
        | {
            "proof": proof if proof and found.email and found.email_proved_at is None else "",
            "may_sign_in": person is not None and bool(person.email),
        },
        form=form,
    )


def confirm_email(request: Request, form: Any, token: str, proof: str) -> See:
    """Yes, this is my address: it goes on the record, and lets its owner sign in."""
    found = applied_of(request, token)
    if not links.is_mailed(request.settings, found.link_id, proof):
        raise NotFound
    applications.prove_email(as_applicant(request, found), found)
    return See(f"/applied/{token}", text("Your email address was confirmed."))


def standing(
    request: Request, found: Application, form: Any, base: str, *, signed_in: bool
) -> dict[str, Any]:
    """What the page of one's own application is given."""
    db, at, zone = request.db, request.at, request.settings.timezone
    program = found.position.program
    return {
        "proof": "",
        "may_sign_in": False,
        "row": found,
        "what": what_of(db, found, request.language),
        "says": steps.says(found),
        "steps": []
        if found.state in (ApplicationState.DECLINED, ApplicationState.WITHDRAWN)
        else steps.own_steps(db, found, at, zone, signed_in=signed_in),
        "expected": steps.expected(db, found, at, zone),
        "today": today_of(request),
        "contact": None if program.sensitive else program,
        "signed_in": signed_in,
        "base": base,
        "panels": drawn(request, found, form, base, staff=False),
        "buddy": buddies.buddy_name(db, found) if signed_in else "",
    }


def withdraw(request: Request, form: Any, token: str) -> See:
    """Take one's application back."""
    found = applied_of(request, token)
    applications.withdraw(as_applicant(request, found), found)
    return See(f"/applied/{token}", text("You withdrew your application."))


def accept(request: Request, form: Any, token: str) -> See:
    """Say yes to the role that was offered."""
    found = applied_of(request, token)
    applications.accept_role(as_applicant(request, found), found, request.settings.timezone)
    return See(f"/applied/{token}", text("Welcome! You have this role now."))


def as_applicant(request: Request, found: Application) -> Any:
    """The act of whoever applied: their link says who they are, whoever is signed in on this browser."""
    return request.act.but(by=Viewer(person_id=found.person_id) if found.person_id else NOBODY)
