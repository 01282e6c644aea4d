"""A person's paperwork for staff, and the queues of what waits for review and what ends soon."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, literal, or_, select

from portal.people.models import Person
from portal.permissions import Permission, Viewer
from portal.programs.models import Position
from portal.programs.scopes import in_viewers_programs, one, openable
from portal.requirements import (
    acknowledgements,
    checks,
    credentials,
    decisions,
    explain,
    paperwork,
    waivers,
)
from portal.requirements.check_models import OPEN_CHECKS, BackgroundCheck
from portal.requirements.evidence_models import Credential, Evidence, Waiver
from portal.requirements.forms import (
    OUTCOME_WORDS,
    AskCheckForm,
    HandInForm,
    PaperForm,
    ReadForm,
    ReturnForm,
    RevokeForm,
    WaiverForm,
    WriteDownForm,
    kinds_by_hand,
)
from portal.requirements.kinds import usable_requirements
from portal.requirements.models import UPLOADED, Kind, Reading, Requirement
from portal.requirements.scopes import (
    checks_seen,
    decided_papers,
    decides_on,
    ended_by,
    papers,
    people_with_papers,
    waiting_papers,
    waivers_seen,
)
from portal.requirements.views.own import keep_and_hand_in
from portal.web.answers import Screen, See, screen
from portal.web.errors import NotFound
from portal.web.forms import form_of
from portal.web.request import Request, today_of
from portal.words import text


def person_of(request: Request, person_id: int) -> Person:
    """A person whose paperwork one sees, or NotFound."""
    return one(request.db, people_with_papers(request.viewer), Person.id == person_id)


def show(request: Request, person_id: int, form: Any = None) -> Screen:
    """How a person stands, what they submitted, and doing things for them."""
    db, viewer = request.db, request.viewer
    person, today = person_of(request, person_id), today_of(request)
    usable = _usable(request, person_id)
    open_checks = checks_seen(viewer).where(
        BackgroundCheck.person_id == person_id, BackgroundCheck.state.in_(OPEN_CHECKS)
    )
    return screen(
        "requirements/person.html",
        person=person,
        standings=paperwork.standings_of(db, person_id, today, viewer),
        reasons=lambda found: explain.about_them(found, person.id, person.name),
        papers=paperwork.papers_of(db, papers(viewer), person_id),
        waivers=paperwork.waivers_of(db, waivers_seen(viewer), person_id),
        checks=db.scalars(open_checks.order_by(BackgroundCheck.id)).all(),
        handles=viewer.may(Permission.SCREENING_HANDLE),
        unread=acknowledgements.unread(db, person_id, _readings_seen(viewer)),
        mine={row.id for row in usable if row.mine},
        states=OUTCOME_WORDS,
        today=today,
        own=person_id == viewer.person_id,
        may_waive=viewer.may(Permission.WAIVERS_GRANT),
        openable=openable(db, viewer, [person_id]),
        form=form,
        writable=_names(request, [row for row in usable if row.mine and kinds_by_hand(row.kind)]),
        uploads=_names(request, [row for row in usable if row.kind in UPLOADED]),
        waivable=_names(request, [row for row in usable if row.kind != Kind.BACKGROUND_CHECK]),
        checkable=_names(request, [row for row in usable if row.kind == Kind.BACKGROUND_CHECK]),
        positions=_positions(request),
        reading=ReadForm(),
        **_forms(form, today),
    )


def _usable(request: Request, person_id: int) -> Sequence[Any]:
    """The open requirements of the viewer's programs, and whether they decide on them for a person."""
    return request.db.execute(
        usable_requirements(request.viewer)
        .where(Requirement.closed_at.is_(None))
        .with_only_columns(
            Requirement.id,
            Requirement.name,
            Requirement.kind,
            Requirement.translations,
            decides_on(request.viewer, literal(person_id)).label("mine"),
        )
        .order_by(Requirement.name)
    ).all()


def _forms(form: Any, today: date) -> dict[str, Any]:
    """The forms of the page; the one that was refused as it was sent."""
    return {
        "writing": _or(form, WriteDownForm, {"issued_on": today}),
        "handing": _or(form, HandInForm, {"issued_on": today}),
        "revoking": _or(form, RevokeForm, {"on": today}),
        "waiving": _or(form, WaiverForm, {"first_day": today}),
        "asking": _or(form, AskCheckForm, {}),
    }


def _readings_seen(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that something to read is everyone's or one of the viewer's programs'."""
    mine = in_viewers_programs(Reading.program_id, viewer, Permission.CREDENTIALS_SEE)
    return or_(Reading.program_id.is_(None), mine)


def _or(form: Any, kind: Any, data: dict[str, Any]) -> Any:
    return form if type(form) is kind else kind(data=data)


def _names(request: Request, rows: Any) -> list[tuple[int, str]]:
    return [(row.id, request.written(row.name, row.translations)) for row in rows]


def _positions(request: Request) -> list[tuple[int, str]]:
    rows = request.db.execute(
        select(Position.id, Position.name, Position.translations)
        .where(
            in_viewers_programs(Position.program_id, request.viewer, Permission.WAIVERS_GRANT),
            Position.closed_at.is_(None),
        )
        .order_by(Position.name)
        .limit(500)
    ).all()
    return _names(request, rows)


def _requirement(request: Request, requirement_id: int | None) -> Requirement:
    return one(request.db, usable_requirements(request.viewer), Requirement.id == requirement_id)


def write_down(request: Request, form: WriteDownForm, person_id: int) -> See:
    """Write down what staff saw themselves."""
    person = person_of(request, person_id)
    mine = usable_requirements(request.viewer).where(decides_on(request.viewer, literal(person.id)))
    requirement = one(request.db, mine, Requirement.id == form.requirement.data)
    if not kinds_by_hand(requirement.kind):
        raise NotFound
    paper = credentials.Paper(form.issued_on.data, form.expires_on.data)
    credentials.write_down(request.act.but(asked=form.asked.data), person.id, requirement, paper)
    return See(f"/people/{person_id}/paperwork", text("The requirement was recorded."))


def show_upload(request: Request, person_id: int, requirement_id: int, form: Any = None) -> Screen:
    """Hand a file in for someone who brought a paper."""
    requirement = _requirement(request, requirement_id)
    if requirement.kind not in UPLOADED:
        raise NotFound
    return screen(
        "requirements/upload.html",
        person=person_of(request, person_id),
        requirement=requirement,
        form=form,
        handing=form or HandInForm(data={"issued_on": today_of(request), "asked": "paper"}),
    )


def hand_in_for(request: Request, form: HandInForm, person_id: int, requirement_id: int) -> See:
    """Save it; it waits for review as if they had done it."""
    person = person_of(request, person_id)
    requirement = _requirement(request, requirement_id)
    keep_and_hand_in(request, form, person.id, requirement, form.asked.data or "paper")
    return See(f"/people/{person_id}/paperwork", text("The file was submitted. It needs review."))


def revoke(request: Request, form: RevokeForm, credential_id: int) -> See:
    """End a credential from a day on."""
    credential = one(request.db, decided_papers(request.viewer), Credential.id == credential_id)
    decisions.revoke(request.act, credential, form.on.data, form.reason.data)
    return See(
        f"/people/{credential.person_id}/paperwork",
        text(
            "The document is no longer valid. If upcoming shifts are affected, they're on "
            "your home page."
        ),
    )


def show_credential(request: Request, credential_id: int, form: Any = None) -> Screen:
    """A credential is shown on the page of its person."""
    credential = one(request.db, decided_papers(request.viewer), Credential.id == credential_id)
    return show(request, credential.person_id, form)


def waive(request: Request, form: WaiverForm, person_id: int) -> See:
    """Approve an exception."""
    db, viewer = request.db, request.viewer
    person = person_of(request, person_id)
    requirement = _requirement(request, form.requirement.data)
    position_id = form.position.data
    if position_id is not None:
        mine = select(Position).where(
            in_viewers_programs(Position.program_id, viewer, Permission.WAIVERS_GRANT)
        )
        one(db, mine, Position.id == position_id)
    terms = waivers.Terms(form.first_day.data, form.last_day.data, form.reason.data, position_id)
    waivers.give(request.act, person.id, requirement, terms)
    return See(f"/people/{person_id}/paperwork", text("The exception was saved."))


def end_waiver(request: Request, form: Any, waiver_id: int) -> See:
    """End an exception today."""
    waiver = one(request.db, ended_by(request.viewer), Waiver.id == waiver_id)
    waivers.end(request.act, waiver, today_of(request))
    return See(f"/people/{waiver.person_id}/paperwork", text("The exception ended."))


def show_waiver(request: Request, waiver_id: int, form: Any = None) -> Screen:
    """An exception is shown on the page of its person."""
    waiver = one(request.db, waivers_seen(request.viewer), Waiver.id == waiver_id)
    return show(request, waiver.person_id, form)


def ask_check(request: Request, form: AskCheckForm, person_id: int) -> See:
    """Ask someone to authorize a background check."""
    person = person_of(request, person_id)
    requirement = _requirement(request, form.requirement.data)
    checks.ask(request.act.but(asked=form.asked.data), person.id, requirement)
    return See(f"/people/{person_id}/paperwork", text("We asked them to read and sign."))


def read_for(request: Request, form: ReadForm, person_id: int, reading_id: int) -> See:
    """Note that someone told staff that they have read something."""
    person = person_of(request, person_id)
    theirs = acknowledgements.own_readings(person.id).where(_readings_seen(request.viewer))
    reading = one(request.db, theirs, Reading.id == reading_id)
    acknowledgements.have_read(request.act.but(asked=form.asked.data), person.id, reading)
    return See(f"/people/{person_id}/paperwork", text("The reading was recorded."))


def list_reviews(request: Request) -> Screen:
    """What waits for review."""
    page = paperwork.review_queue(request.db, request.viewer, request.asked("after"))
    return screen("requirements/reviews.html", page=page)


def _waiting(request: Request, credential_id: int) -> Credential:
    return one(request.db, waiting_papers(request.viewer), Credential.id == credential_id)


def show_review(request: Request, credential_id: int, form: Any = None) -> Screen:
    """One paper with its file, to accept or to send back."""
    credential = _waiting(request, credential_id)
    given = {"issued_on": credential.issued_on, "expires_on": credential.expires_on}
    return screen(
        "requirements/review.html",
        credential=credential,
        media_type=request.db.scalar(
            select(Evidence.media_type).where(Evidence.id == credential.evidence_id)
        ),
        form=form,
        accepting=form if type(form) is PaperForm else PaperForm(data=given),
        returning=form_of(form, ReturnForm),
        dated=credential.requirement.validity == "dated",
    )


def accept(request: Request, form: PaperForm, credential_id: int) -> See:
    """Accept it with the dates as read."""
    credential = _waiting(request, credential_id)
    paper = credentials.Paper(form.issued_on.data, form.expires_on.data)
    decisions.accept(request.act, credential, paper)
    return See("/reviews", text("The document was accepted."))


def send_back(request: Request, form: ReturnForm, credential_id: int) -> See:
    """Send it back with a reason."""
    credential = _waiting(request, credential_id)
    decisions.send_back(request.act, credential, form.reason.data)
    return See("/reviews", text("We asked the person for changes."))


def list_ending(request: Request) -> Screen:
    """What ends within 60 days."""
    page = paperwork.ending_soon(
        request.db, request.viewer, today_of(request), request.asked("after")
    )
    return screen("requirements/ending.html", page=page)
